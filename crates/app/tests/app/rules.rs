//! The purchase cycle's rules at the desk: what is refused before it is sent, what runs out, what comes back.

use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    AgreementDisputeReq, AgreementSignReq, BillsReq, CatalogueReq, CatalogueScope, ContinuityReq,
    ContinuityRow, ContinuitySaveReq, ContractSignReq, DemandBatchReq, DemandPrefillReq, DemandReportReq,
    DemandSource, Escalation, FilingDraft, FilingDraftReq, FilingReq, FilingsReq, InvoiceReq,
    InvoiceVerifyReq, NegotiationDecideReq, NegotiationInviteReq, NegotiationsReq, Nothing, OutboxState,
    PriceListReq, PriceListState, PriceTransitionSaveReq, ProductReq, ReturnReq, ReturnReqLine,
    ReturnableReq, SettlementConfirmReq, SettlementCreateReq, StockCount, SupplyIssueDetailReq,
    SupplyIssueReq, SupplyIssuesReq, TaskKind, Urgency,
};
use sunbench_contract::time::Instant;
use sunbench_contract::{Filing, Resource, SupplyIssue};

use crate::cycle::{bills, catalogue_of, filing_draft};
use crate::world::{World, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_supply_problem_runs_against_its_two_clocks() {
    let world = World::start().await;
    let seat = world.seat().await;
    let line = seat.lines("", "ACCEPTED").await.remove(0);
    let offices = seat.app.supply_issues(SupplyIssuesReq { text: String::new(), open: true }).await.unwrap();
    let office = offices.offices.first().expect("there is an office to tell").clone();
    let req = SupplyIssueReq {
        kind: "short".to_owned(),
        description: "企业称暂无库存".to_owned(),
        order_lines: vec![line.id.clone()],
        office: Some(office.id.clone()),
        attachments: Vec::new(),
    };
    let told = seat.app.supply_issue_submit(req).await.unwrap();
    seat.accepted(&told).await;
    world.caught_up(&seat).await;
    let issues: Vec<SupplyIssue> = seat.documents(Resource::SupplyIssue);
    let id = issues.into_iter().find(|issue| issue.order_detail_ids == [line.id.clone()]).unwrap().issue_id;
    let detail =
        || async { seat.app.supply_issue(SupplyIssueDetailReq { issue: id.clone() }).await.unwrap() };
    let first = detail().await;
    assert_eq!(first.row.office.as_deref(), Some(office.name.as_str()));
    assert_eq!((first.row.escalation, first.row.closable), (None, false));
    let clock = first.row.reply_clock.clone().unwrap();
    // Two working days from a Friday.
    assert_eq!((clock.due_date.as_str(), clock.remaining_working_days), ("2026-11-24", 2));
    assert_eq!(first.evidence[0].order_line, line.id);
    assert!(first.row.promise_clock.is_none() && first.steps.len() == 1);

    // Nobody answers: on the third working day it is to be taken further, and Today says so.
    world.clock.set(Instant::parse("2026-11-25 09:00:00").unwrap());
    let silent = detail().await.row;
    assert_eq!(silent.escalation, Some(Escalation::NoReply));
    assert_eq!(silent.reply_clock.unwrap().urgency, Urgency::Overdue);
    let groups = seat.today().await.groups;
    let group = groups.iter().find(|group| group.kind == TaskKind::SupplyIssue).expect("Today shows it");
    assert!(group.tasks.iter().any(|task| task.id == id && task.urgency == Urgency::Overdue));

    // The company answers and promises five working days; they pass.
    assert!(world.platform.advance_document(Resource::SupplyIssue, &id).unwrap());
    world.caught_up(&seat).await;
    let promised = detail().await;
    assert_eq!(promised.row.escalation, None);
    assert_eq!(promised.row.promise_clock.unwrap().due_date, "2026-12-02");
    assert!(promised.row.closable && !promised.reply.is_empty());
    world.clock.set(Instant::parse("2026-12-03 09:00:00").unwrap());
    assert_eq!(detail().await.row.escalation, Some(Escalation::PromiseBroken));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_negotiation_is_refused_at_the_desk_where_the_platform_would() {
    let world = World::start().await;
    let seat = world.seat().await;
    let products = seat.app.catalogue(catalogue_of("")).await.unwrap();
    assert!(products.total > 1_000 && products.next.is_some(), "the whole catalogue, by pages");
    let selected = CatalogueReq { scope: CatalogueScope::Selected, ..catalogue_of("") };
    let selected = seat.app.catalogue(selected).await.unwrap().rows.remove(0);
    let suspended = CatalogueReq { scope: CatalogueScope::Suspended, ..catalogue_of("") };
    let suspended = seat.app.catalogue(suspended).await.unwrap().rows.remove(0);
    let mut free = None;
    for row in seat.app.catalogue(catalogue_of("导管")).await.unwrap().rows {
        let detail = seat.app.product(ProductReq { product: row.id.clone() }).await.unwrap();
        assert_eq!(detail.row, row, "the detail shows what the list shows");
        if detail.negotiable {
            free = Some(row);
            break;
        }
    }
    let free = free.unwrap();
    let invite = |product: &str, target_price: &str| NegotiationInviteReq {
        product: product.to_owned(),
        target_price: target_price.to_owned(),
        remarks: String::new(),
    };
    for (req, code, field) in [
        (invite("nowhere", "1"), ErrorCode::NotFound, "product"),
        (invite(&selected.id, "0.01"), ErrorCode::WrongState, "product"),
        (invite(&suspended.id, "0.01"), ErrorCode::WrongState, "product"),
        (invite(&free.id, ""), ErrorCode::FieldRequired, "targetPrice"),
        (invite(&free.id, "0"), ErrorCode::FieldInvalid, "targetPrice"),
        (invite(&free.id, &free.price), ErrorCode::FieldInvalid, "targetPrice"),
    ] {
        let error = seat.app.negotiation_invite(req.clone()).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, Some(field)), "{req:?}");
    }
    let sent = seat.app.negotiation_invite(invite(&free.id, "0.01")).await.unwrap();
    seat.accepted(&sent).await;
    world.caught_up(&seat).await;
    let again = seat.app.negotiation_invite(invite(&free.id, "0.01")).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::WrongState, "one at a time");
    let all = NegotiationsReq { text: String::new(), open: true };
    let rows = seat.app.negotiations(all).await.unwrap().rows;
    let mine = rows.iter().find(|row| row.product_id == free.id).unwrap();
    // Five working days from a Friday.
    assert_eq!(mine.clock.as_ref().unwrap().due_date, "2026-11-27");
    let ours = rows.iter().find(|row| row.ours).expect("the demo has an answered one");
    let decide = |negotiation: &str, reason: &str| NegotiationDecideReq {
        negotiation: negotiation.to_owned(),
        agreed: false,
        reason: reason.to_owned(),
    };
    let error = seat.app.negotiation_decide(decide(&ours.id, " ")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("reason"));
    let error = seat.app.negotiation_decide(decide(&mine.id, "降幅不足")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState, "nobody has answered yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filing_is_checked_sent_returned_and_corrected() {
    let world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let id = "0190f0b0-0000-7000-8000-00000000000c";
    let proof = seat.attach("随货同行单.pdf", b"%PDF-1.4 paper").await.unwrap();
    let good = FilingDraft { attachments: vec![proof], ..filing_draft(id) };
    let check = app.filing_check(good.clone()).await.unwrap();
    assert_eq!((check.amount.as_str(), check.faults.len()), ("3777.77", 0));
    for (draft, field, code) in [
        (FilingDraft { goods_name: " ".into(), ..good.clone() }, "goodsName", ErrorCode::FieldRequired),
        (FilingDraft { unit: "很".repeat(21), ..good.clone() }, "unit", ErrorCode::FieldInvalid),
        (FilingDraft { quantity: "0".into(), ..good.clone() }, "quantity", ErrorCode::FieldInvalid),
        (FilingDraft { price: "-1".into(), ..good.clone() }, "price", ErrorCode::FieldInvalid),
        (
            FilingDraft { purchase_date: "2026-11-21".into(), ..good.clone() },
            "purchaseDate",
            ErrorCode::FieldInvalid,
        ),
        (FilingDraft { mcs_code: "C123".into(), ..good.clone() }, "mcsCode", ErrorCode::FieldInvalid),
        (FilingDraft { product: Some("nowhere".into()), ..good.clone() }, "product", ErrorCode::NotFound),
        (FilingDraft { attachments: vec![], ..good.clone() }, "attachments", ErrorCode::FieldRequired),
        (FilingDraft { responsible: String::new(), ..good.clone() }, "responsible", ErrorCode::FieldRequired),
    ] {
        let faults = app.filing_check(draft.clone()).await.unwrap().faults;
        assert_eq!((faults[0].field.as_str(), faults[0].code, faults.len()), (field, code, 1));
        app.filing_draft_save(draft).await.unwrap();
        let error = app.filing_submit(FilingDraftReq { id: id.to_owned() }).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "what the platform would refuse is not sent");
    }
    app.filing_draft_save(good.clone()).await.unwrap();
    assert_eq!(app.filing_drafts(Nothing {}).await.unwrap().drafts, std::slice::from_ref(&good));
    let sent = app.filing_submit(FilingDraftReq { id: id.to_owned() }).await.unwrap();
    let again = app.filing_submit(FilingDraftReq { id: id.to_owned() }).await.unwrap();
    assert_eq!(sent.key, again.key, "twice files once");
    seat.accepted(&sent).await;
    world.caught_up(&seat).await;
    let find = |rows: Vec<sunbench_app::wire::FilingRow>| {
        rows.into_iter().find(|row| row.goods_name == good.goods_name && row.price == "1888.8825").unwrap()
    };
    let all = FilingsReq { text: String::new(), states: Vec::new() };
    let filed = find(app.filings(all.clone()).await.unwrap().rows);
    let detail = |filing: String| async move { app.filing(FilingReq { filing }).await.unwrap() };
    assert!(!filed.ours && detail(filed.id.clone()).await.correction.is_none());

    world.platform.return_filing(&filed.id, "请补充急诊说明").unwrap();
    world.caught_up(&seat).await;
    let returned = detail(filed.id.clone()).await;
    assert_eq!(
        (returned.row.state.as_str(), returned.row.return_reason.as_str()),
        ("RETURNED", "请补充急诊说明")
    );
    let groups = seat.today().await.groups;
    let group = groups.iter().find(|group| group.kind == TaskKind::Filing).unwrap();
    assert!(group.tasks.iter().any(|task| task.id == filed.id));
    let mut corrected = returned.correction.expect("it is the hospital's turn");
    assert_eq!(corrected.attachments, good.attachments, "nothing has to be entered again");
    corrected.reason = "夜间急诊取石，择期不可".to_owned();
    app.filing_draft_save(corrected.clone()).await.unwrap();
    assert_eq!(detail(filed.id.clone()).await.correction.as_ref(), Some(&corrected));
    let sent = app.filing_submit(FilingDraftReq { id: corrected.id }).await.unwrap();
    seat.accepted(&sent).await;
    world.caught_up(&seat).await;
    let filings: Vec<Filing> = seat.documents(Resource::Filing);
    let now = filings.iter().find(|filing| filing.filing_id == filed.id).unwrap();
    assert_eq!((now.state.as_str(), now.reason.as_str()), ("1", "夜间急诊取石，择期不可"));
    assert_eq!(now.filing_custom_info.as_deref(), Some(id), "the hospital's own key stays");
    let list = app.filings(FilingsReq { states: vec!["SUBMITTED".into()], ..all }).await.unwrap();
    assert!(list.drafts.is_empty() && find(list.rows).id == filed.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn agreements_are_signed_together_or_disputed_and_contracts_signed() {
    let world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let batch = app.agreements(Nothing {}).await.unwrap().batches.remove(0);
    assert!(batch.to_sign >= 3 && batch.sign_clock.is_some(), "what is to be signed comes first");
    let to_sign: Vec<String> =
        batch.rows.iter().filter(|row| row.signable).map(|row| row.id.clone()).collect();
    let some = AgreementSignReq { agreements: vec![to_sign[0].clone(), "nowhere".to_owned()] };
    let error = app.agreement_sign(some).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::NotFound, Some("agreements[1]")));
    assert!(seat.outbox().await.iter().all(|item| item.kind != "agreement.sign"), "all or none");
    let signed =
        app.agreement_sign(AgreementSignReq { agreements: to_sign[..2].to_vec() }).await.unwrap().items;
    assert_eq!(signed.len(), 2);
    let dispute =
        |reason: &str| AgreementDisputeReq { agreement: to_sign[2].clone(), reason: reason.to_owned() };
    let error = app.agreement_dispute(dispute("")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("reason"));
    let disputed = app.agreement_dispute(dispute("约定量高于实际需求")).await.unwrap();
    for item in signed.iter().chain([&disputed]) {
        seat.accepted(item).await;
        world.caught_up(&seat).await;
    }
    let rows = app.agreements(Nothing {}).await.unwrap().batches.into_iter().flat_map(|batch| batch.rows);
    let rows: Vec<_> = rows.filter(|row| to_sign[..3].contains(&row.id)).collect();
    let of = |id: &String| rows.iter().find(|row| row.id == *id).unwrap();
    assert!(of(&to_sign[0]).signed_at.is_some() && !of(&to_sign[0]).signable);
    assert_eq!(of(&to_sign[2]).dispute_reason, "约定量高于实际需求");
    assert!(of(&to_sign[2]).signable && !of(&to_sign[2]).disputable, "it may still be signed");
    let error =
        app.agreement_sign(AgreementSignReq { agreements: vec![to_sign[0].clone()] }).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);

    let contracts = app.contracts(Nothing {}).await.unwrap().rows;
    if let Some(open) = contracts.iter().find(|row| row.signable) {
        let sent = app.contract_sign(ContractSignReq { contract: open.id.clone() }).await.unwrap();
        seat.accepted(&sent).await;
        world.caught_up(&seat).await;
    }
    let over = contracts.iter().find(|row| !row.signable).unwrap();
    let error = app.contract_sign(ContractSignReq { contract: over.id.clone() }).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);
}

#[tokio::test(flavor = "multi_thread")]
async fn bills_are_found_held_against_the_goods_and_settled_once() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let list = app.invoices(BillsReq { text: String::new(), state: None, after: None }).await.unwrap();
    let total: u32 = list.states.iter().map(|state| state.count).sum();
    let mut seen: Vec<String> = list.rows.iter().map(|row| row.id.clone()).collect();
    let mut after = list.next;
    while let Some(place) = after {
        let req = BillsReq { text: String::new(), state: None, after: Some(place) };
        let page = app.invoices(req).await.unwrap();
        seen.extend(page.rows.into_iter().map(|row| row.id));
        after = page.next;
    }
    assert_eq!(seen.len(), total as usize, "the pages hold every invoice");
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count, "and each once");

    let waiting = app.invoices(bills("WAITING")).await.unwrap().rows;
    let supplier = &waiting[0].supplier;
    let named = BillsReq { text: supplier.clone(), ..bills("WAITING") };
    let found = app.invoices(named).await.unwrap().rows;
    assert!(!found.is_empty() && found.iter().all(|row| row.supplier == *supplier));
    let numbered = BillsReq { text: waiting[0].number[4..].to_owned(), state: None, after: None };
    assert!(app.invoices(numbered).await.unwrap().rows.iter().any(|row| row.id == waiting[0].id));
    let detail = app.invoice(InvoiceReq { id: waiting[0].id.clone() }).await.unwrap();
    assert!(!detail.lines.is_empty() && detail.row == waiting[0]);
    let verify = |invoice: &str, accepted, reason: &str| InvoiceVerifyReq {
        invoice: invoice.to_owned(),
        accepted,
        reason: reason.to_owned(),
    };
    let error = app.invoice_verify(verify(&waiting[0].id, false, " ")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("reason"));
    let sent = app.invoice_verify(verify(&waiting[0].id, false, "与实收数量不符")).await.unwrap();
    seat.accepted(&sent).await;
    world.caught_up(&seat).await;
    let back = app.invoice(InvoiceReq { id: waiting[0].id.clone() }).await.unwrap();
    assert_eq!((back.row.state.as_str(), back.refuse_reason.as_str()), ("REFUSED", "与实收数量不符"));
    let error = app.invoice_verify(verify(&waiting[0].id, true, "")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);

    world.go_down().await;
    let group = app.settlement_candidates(Nothing {}).await.unwrap().groups.remove(0);
    assert!(group.payment_days > 0 && !group.invoices.is_empty() && !group.waiting);
    let ids: Vec<String> = group.invoices.iter().map(|invoice| invoice.id.clone()).collect();
    let create = SettlementCreateReq {
        settlement: None,
        kind: "fund".to_owned(),
        period: group.period.clone(),
        invoices: ids.clone(),
    };
    for (req, field) in [
        (SettlementCreateReq { kind: "cash".into(), ..create.clone() }, "kind"),
        (SettlementCreateReq { period: "2026-13".into(), ..create.clone() }, "period"),
        (SettlementCreateReq { period: "2026-1".into(), ..create.clone() }, "period"),
        (SettlementCreateReq { invoices: vec![], ..create.clone() }, "invoices"),
        (SettlementCreateReq { invoices: vec!["nowhere".into()], ..create.clone() }, "invoices[0]"),
        (
            SettlementCreateReq { invoices: vec![ids[0].clone(), ids[0].clone()], ..create.clone() },
            "invoices[1]",
        ),
        (SettlementCreateReq { settlement: Some("nowhere".into()), ..create.clone() }, "settlement"),
    ] {
        let error = app.settlement_create(req.clone()).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "{req:?}");
    }
    let sent = app.settlement_create(create.clone()).await.unwrap();
    let groups = app.settlement_candidates(Nothing {}).await.unwrap().groups;
    assert!(groups.iter().any(|other| other.waiting && other.supplier_id == group.supplier_id));
    assert_eq!(app.settlement_create(create).await.unwrap_err().field.as_deref(), Some("invoices[0]"));
    world.come_back().await;
    seat.accepted(&sent).await;
    world.caught_up(&seat).await;
    let groups = app.settlement_candidates(Nothing {}).await.unwrap().groups;
    let left = groups.iter().flat_map(|group| &group.invoices).any(|invoice| ids.contains(&invoice.id));
    assert!(!left, "a settled invoice is no candidate");
    let made = app.settlements(bills("SUBMITTED")).await.unwrap().rows;
    assert!(made.iter().any(|row| row.kind == "fund" && row.supplier_id == group.supplier_id));
    let error =
        SettlementConfirmReq { settlement: made[0].id.clone(), accepted: true, reason: String::new() };
    let error = app.settlement_confirm(error).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState, "the distributor has not reconciled it");

    let payments = app.payments(Nothing {}).await.unwrap();
    assert_eq!(payments.rows.len(), (payments.overdue + payments.soon) as usize);
    assert!(payments.overdue > 0, "the demo leaves some past their day");
    assert_eq!(payments.rows[0].due_clock.as_ref().unwrap().urgency, Urgency::Overdue);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_go_back_counts_what_waits() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let received = seat.lines("", "RECEIVED").await;
    let line = received.iter().find(|row| row.received == row.quantity && row.returned == "0").unwrap();
    let ask = || ReturnableReq { order_lines: vec![line.id.clone(), "nowhere".to_owned()] };
    let before = app.returnable(ask()).await.unwrap();
    assert!(before.one_supplier && before.rows.len() == 1);
    assert_eq!((&before.rows[0].left, before.rows[0].returned.as_str()), (&line.received, "0"));
    assert!(!before.rows[0].lots.is_empty());
    world.go_down().await;
    let back = ReturnReqLine {
        order_line: line.id.clone(),
        quantity: line.received.clone(),
        amount: None,
        lot: before.rows[0].lots[0].lot.clone(),
    };
    let req = ReturnReq { kind: "goods".to_owned(), reason: "近效期".to_owned(), lines: vec![back] };
    let sent = app.return_submit(req).await.unwrap();
    assert_eq!(app.returnable(ask()).await.unwrap().rows[0].left, "0");
    let first = app.returns(BillsReq { text: String::new(), state: None, after: None }).await.unwrap();
    assert_eq!(first.pending.len(), 1, "what waits here is seen beside the platform's");
    world.come_back().await;
    seat.accepted(&sent).await;
    world.caught_up(&seat).await;
    let waiting = app.returns(bills("WAITING")).await.unwrap();
    assert!(waiting.pending.is_empty() && waiting.rows.iter().any(|row| row.reason == "近效期"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_demand_goes_out_whole_or_not_at_all() {
    let world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let mine = app.demand_reports(Nothing {}).await.unwrap().rows;
    let batch = mine.iter().find(|row| row.state == "DRAFT").unwrap().batch.clone();
    let rows: Vec<_> = mine
        .iter()
        .filter(|row| row.batch == batch && ["DRAFT", "RETURNED"].contains(&row.state.as_str()))
        .collect();
    let prefill = app.demand_prefill(DemandPrefillReq { batch: batch.clone() }).await.unwrap().rows;
    assert_eq!(prefill.len(), rows.len());
    for suggestion in &prefill {
        assert_eq!(suggestion.demand.is_none(), suggestion.source == DemandSource::Nothing, "{suggestion:?}");
        let sum: u64 = suggestion.departments.iter().map(|share| share.count.parse::<u64>().unwrap()).sum();
        let adds_up = suggestion.departments.is_empty() || suggestion.demand == Some(sum.to_string());
        assert!(adds_up, "{suggestion:?}");
    }
    let answer = |report: &str, demand: &str, explanation: &str| DemandReportReq {
        report: report.to_owned(),
        demand: demand.to_owned(),
        explanation: explanation.to_owned(),
        departments: Vec::new(),
    };
    let mut answers: Vec<DemandReportReq> =
        rows.iter().map(|row| answer(&row.id, &row.last_year, "")).collect();
    let with = |rows: &[DemandReportReq]| DemandBatchReq { batch: batch.clone(), rows: rows.to_vec() };
    // A row is left out, a row is blank, a row is cut without a word.
    let left_out = app.demand_batch_check(with(&answers[1..])).await.unwrap();
    assert!(!left_out.sendable && left_out.blank == 1);
    let error = app.demand_batch_submit(with(&answers[1..])).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::FieldRequired);
    answers[0].demand = " ".to_owned();
    let error = app.demand_batch_submit(with(&answers)).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::FieldRequired, Some("rows[0].demand")));
    answers[0].demand = "0".to_owned();
    let check = app.demand_batch_check(with(&answers)).await.unwrap();
    let cut = check.rows.iter().find(|row| row.report == answers[0].report).unwrap();
    assert!(cut.cut && cut.change_percent == Some(-100) && check.cuts == 1 && check.blank == 0);
    assert!(seat.outbox().await.iter().all(|item| item.kind != "demandReport.submit"), "nothing went out");
    answers[0].explanation = "该术式已停止开展".to_owned();
    let sent = app.demand_batch_submit(with(&answers)).await.unwrap().items;
    assert_eq!(sent.len(), rows.len());
    for item in &sent {
        seat.accepted(item).await;
        world.caught_up(&seat).await;
    }
    let submitted = app.demand_reports(Nothing {}).await.unwrap().rows;
    let done = |id: &str| submitted.iter().any(|row| row.id == id && row.state == "SUBMITTED");
    assert!(answers.iter().all(|answer| done(&answer.report)));
    let error = app.demand_batch_submit(with(&answers)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState, "there is nothing left to answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_filing_is_given_back_and_a_colleague_sees_what_was_sent() {
    let world = World::start().await;
    let seat = world.seat().await;
    let proof = seat.attach("议价记录.pdf", b"%PDF-1.4 minutes").await.unwrap();
    let first = FilingDraft {
        attachments: vec![proof],
        own_key: Some("台账-1".to_owned()),
        ..filing_draft("0190f0b0-0000-7000-8000-00000000000d")
    };
    seat.app.filing_draft_save(first.clone()).await.unwrap();
    let sent = seat.app.filing_submit(FilingDraftReq { id: first.id.clone() }).await.unwrap();
    seat.accepted(&sent).await;
    world.caught_up(&seat).await;
    // The same purchase of the ledger once more: the platform keeps one filing of it.
    let second = FilingDraft { id: "0190f0b0-0000-7000-8000-00000000000e".to_owned(), ..first };
    seat.app.filing_draft_save(second.clone()).await.unwrap();
    let refused = seat.app.filing_submit(FilingDraftReq { id: second.id.clone() }).await.unwrap();
    seat.up_to_date().await;
    seat.settled(&refused.key, OutboxState::Refused).await;
    let all = || FilingsReq { text: String::new(), states: Vec::new() };
    let list = seat.app.filings(all()).await.unwrap();
    let mut expected = second;
    expected.quantity = "2".to_owned();
    assert_eq!(list.drafts, [expected], "what was written is there to be corrected");
    assert_eq!(list.pending.len(), 1);

    let colleague = world.seat().await;
    let there = || async {
        let rows = colleague.app.filings(all()).await.unwrap().rows;
        rows.into_iter().find(|row| row.price == "1888.8825").ok_or("not yet")
    };
    until("the colleague's list", there).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_is_set_against_the_stock_that_was_counted() {
    let world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let batch = app.agreements(Nothing {}).await.unwrap().batches.remove(0).batch;
    let req = || ContinuityReq { batch: batch.clone() };
    let fresh = app.continuity(req()).await.unwrap();
    assert!(fresh.rows.iter().all(|row| row.stock.is_none() && row.gap.is_none()), "nothing is counted yet");
    let row = fresh.rows.first().expect("the batch has agreements");
    let count = |stock: &str| ContinuitySaveReq {
        batch: batch.clone(),
        stocks: vec![StockCount { product: row.product.clone(), stock: stock.to_owned() }],
    };
    for stock in ["", "-1", "很多"] {
        let error = app.continuity_save(count(stock)).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("stocks[0].stock"), "{stock}");
    }
    app.continuity_save(count("0")).await.unwrap();
    let counted = app.continuity(req()).await.unwrap();
    let of = |rows: &[ContinuityRow]| rows.iter().find(|other| other.product == row.product).unwrap().clone();
    let none = of(&counted.rows);
    assert_eq!((none.gap.as_ref(), none.left_over.as_deref()), (Some(&row.needed), Some("0")));
    assert_eq!(none.stock.as_deref(), Some("0"), "a nought is an answer");
    assert_eq!(none.lasts_until.is_none(), row.used == "0");
    app.continuity_save(count("99999")).await.unwrap();
    let plenty = of(&app.continuity(req()).await.unwrap().rows);
    assert_eq!((plenty.gap.as_deref(), plenty.stock.as_deref()), (Some("0"), Some("99999")));
    assert!(plenty.loss.is_some() && plenty.left_over.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_bought_at_an_old_price_is_set_against_the_transition() {
    let world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let lists = app.price_lists(Nothing {}).await.unwrap().rows;
    assert!(lists.windows(2).all(|pair| pair[0].effective_at >= pair[1].effective_at), "{lists:?}");
    assert!(lists.iter().any(|list| list.state == PriceListState::Closed), "{lists:?}");
    let gone = app.price_transition(PriceListReq { list: "nowhere".to_owned() }).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);

    let mut found = None;
    for list in &lists {
        let sheet = app.price_transition(PriceListReq { list: list.id.clone() }).await.unwrap();
        assert_eq!(&sheet.list, list);
        let falls = |row: &&ContinuityRow| {
            let price = |text: &str| text.parse::<sunbench_domain::Price>().unwrap();
            price(&row.price) > price(&row.price_then)
        };
        if let Some(row) = sheet.rows.iter().find(falls) {
            found = Some((list.id.clone(), row.clone()));
            break;
        }
    }
    let (list, row) = found.expect("the hospital bought something whose price fell");
    let count = |stock: &str| PriceTransitionSaveReq {
        list: list.clone(),
        stocks: vec![StockCount { product: row.product.clone(), stock: stock.to_owned() }],
    };
    let error = app.price_transition_save(count("很多")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("stocks[0].stock"));
    app.price_transition_save(count("1000000")).await.unwrap();
    let counted = app.price_transition(PriceListReq { list: list.clone() }).await.unwrap();
    let of = counted.rows.iter().find(|other| other.product == row.product).unwrap();
    assert_eq!((of.stock.as_deref(), of.gap.as_deref()), (Some("1000000"), Some("0")));
    let left: sunbench_domain::Quantity = of.left_over.as_ref().unwrap().parse().unwrap();
    let price = |text: &str| text.parse::<sunbench_domain::Price>().unwrap().units();
    let fall = sunbench_domain::Price::from_units(price(&of.price) - price(&of.price_then));
    assert_eq!(of.loss, sunbench_domain::Amount::of(fall, left).map(|amount| amount.to_string()));
    // The count is the list's own: a batch with the same product has none of it.
    for batch in app.agreements(Nothing {}).await.unwrap().batches {
        let sheet = app.continuity(ContinuityReq { batch: batch.batch }).await.unwrap();
        assert!(sheet.rows.iter().all(|row| row.stock.is_none()));
    }
}
