//! The purchase cycle from end to end: every kind of submission begun without a network, queued, sent when the platform
//! is back, taken there, and its document's life lived through by companies and bureau.

use std::collections::BTreeMap;

use sunbench_app::wire::{
    AgreementSignReq, BillsReq, DeliveriesReq, DemandReportReq, EvaluationReq, FilingDraft, FilingDraftReq,
    FilingReq, FilingsReq, InvoiceReq, InvoiceVerifyReq, NegotiationDecideReq, NegotiationInviteReq,
    NegotiationReq, NegotiationsReq, Nothing, OrderCancelReq, OrderDraftReq, OrderLineReq, OutboxItem,
    OutboxState, ProductReq, ReceiptConfirmReq, ReceiptDraftLine, ReceiptDraftReq, ReceiptReq,
    ReturnDetailReq, ReturnReq, ReturnReqLine, SettlementConfirmReq, SettlementCreateReq, SettlementReq,
    SupplyIssueCloseReq, SupplyIssueDetailReq, SupplyIssueReq, SupplyIssuesReq, TaskKind,
};
use sunbench_contract::time::Instant;
use sunbench_contract::{Resource, SubmissionKind, SubmissionResult};
use sunbench_domain::state::{
    AgreementState, DemandReportState, FilingState, InvoiceState, NegotiationState, OrderLineState,
    ReturnState, SettlementState, State, SupplyIssueState,
};
use sunbench_store::local::outbox;

use crate::world::{Seat, World};

/// Steps after which no document of the demo goes on by itself.
const LONGEST_LIFE: usize = 12;

pub(crate) fn bills(state: &str) -> BillsReq {
    BillsReq { text: String::new(), state: Some(state.to_owned()), after: None }
}

pub(crate) fn filing_draft(id: &str) -> FilingDraft {
    FilingDraft {
        id: id.to_owned(),
        filing: None,
        product: None,
        goods_name: "一次性使用钬激光光纤".to_owned(),
        goods_spec: "272μm".to_owned(),
        unit: "根".to_owned(),
        company: "某医疗器械有限公司".to_owned(),
        mcs_code: String::new(),
        quantity: "２".to_owned(),
        price: "1888.8825".to_owned(),
        purchase_date: "2026-11-19".to_owned(),
        reason: "急诊手术，挂网产品无此规格".to_owned(),
        responsible: "王敏".to_owned(),
        attachments: Vec::new(),
        own_key: None,
    }
}

impl Seat {
    /// What the platform answered to a submission.
    fn answered(&self, item: &OutboxItem) -> SubmissionResult {
        let store = self.app.store().unwrap();
        let kept = store.read(|conn| outbox::get(conn, &item.key)).unwrap().unwrap();
        serde_json::from_str(&kept.answer.unwrap()).unwrap()
    }

    /// A product that may be negotiated about, and a price below its own.
    async fn invitation(&self) -> NegotiationInviteReq {
        for row in self.app.catalogue(catalogue_of("导管")).await.unwrap().rows {
            let detail = self.app.product(ProductReq { product: row.id.clone() }).await.unwrap();
            if detail.negotiable {
                return NegotiationInviteReq {
                    product: row.id,
                    target_price: "0.01".to_owned(),
                    remarks: "参考周边地区价格".to_owned(),
                };
            }
        }
        panic!("the demo lists catheters that were not selected");
    }

    /// Where a document stands, as the lists say.
    async fn state_of(&self, resource: Resource, id: &str) -> String {
        let id = id.to_owned();
        match resource {
            Resource::OrderLine => self.app.order_line(OrderLineReq { id }).await.unwrap().row.state,
            Resource::Return => self.app.return_detail(ReturnDetailReq { id }).await.unwrap().row.state,
            Resource::Filing => self.app.filing(FilingReq { filing: id }).await.unwrap().row.state,
            Resource::Negotiation => {
                self.app.negotiation(NegotiationReq { negotiation: id }).await.unwrap().row.state
            }
            Resource::SupplyIssue => {
                self.app.supply_issue(SupplyIssueDetailReq { issue: id }).await.unwrap().row.state
            }
            Resource::Settlement => self.app.settlement(SettlementReq { id }).await.unwrap().row.state,
            Resource::Invoice => self.app.invoice(InvoiceReq { id }).await.unwrap().row.state,
            Resource::DemandReport => {
                let rows = self.app.demand_reports(Nothing {}).await.unwrap().rows;
                rows.into_iter().find(|row| row.id == id).unwrap().state
            }
            Resource::Agreement => {
                let batches = self.app.agreements(Nothing {}).await.unwrap().batches;
                batches.into_iter().flat_map(|batch| batch.rows).find(|row| row.id == id).unwrap().state
            }
            other => panic!("{other:?} has no list here"),
        }
    }
}

pub(crate) fn catalogue_of(text: &str) -> sunbench_app::wire::CatalogueReq {
    sunbench_app::wire::CatalogueReq {
        text: text.to_owned(),
        scope: sunbench_app::wire::CatalogueScope::All,
        after: None,
    }
}

/// Everything that an office may do in a day, done while the platform is away: one submission of each kind.
async fn a_day_offline(seat: &Seat, notice: &str) -> BTreeMap<&'static str, OutboxItem> {
    let app = &seat.app;
    let mut done: Vec<OutboxItem> = Vec::new();

    app.check_in(Nothing {}).await.unwrap();
    done.push(seat.answer(notice, 1, "院内耗材目录未更新").await);

    let order = seat.order("0190f0b0-0000-7000-8000-00000000000a").await;
    app.order_draft_save(order.clone()).await.unwrap();
    done.push(app.order_submit(OrderDraftReq { id: order.id }).await.unwrap());
    let line = seat.lines("", "SUBMITTED").await.remove(0);
    let cancel = OrderCancelReq { lines: vec![line.id], whole: false, reason: "申领有误".to_owned() };
    done.push(app.order_cancel(cancel).await.unwrap());

    let here = app.deliveries(DeliveriesReq { text: String::new(), campus: None }).await.unwrap().rows;
    let delivery = here.into_iter().find(|row| row.receivable).unwrap().id;
    let detail = app.delivery(sunbench_app::wire::DeliveryReq { id: delivery.clone() }).await.unwrap();
    let lines = detail.lines.into_iter().filter(|line| line.left != "0").map(|line| ReceiptDraftLine {
        line: line.id,
        received: line.left,
        rejected: "0".to_owned(),
        reject_reason: String::new(),
        lot: String::new(),
        expires_on: None,
        udi: String::new(),
    });
    let draft =
        ReceiptDraftReq { delivery: delivery.clone(), lines: lines.collect(), attachments: Vec::new() };
    app.receipt_draft_save(draft).await.unwrap();
    done.push(app.receipt_submit(ReceiptReq { delivery }).await.unwrap());
    let waiting = seat.today().await.groups.into_iter().find(|group| group.kind == TaskKind::Receipt);
    let receipt = waiting.unwrap().tasks.remove(0).id;
    let confirm = ReceiptConfirmReq { receipt, accepted: true, reason: String::new() };
    done.push(app.receipt_confirm(confirm).await.unwrap());

    let received = seat.lines("", "RECEIVED").await;
    let line = received.iter().find(|row| row.received == row.quantity && row.returned == "0").unwrap();
    let back = ReturnReqLine {
        order_line: line.id.clone(),
        quantity: "1".to_owned(),
        amount: None,
        lot: String::new(),
    };
    let back = ReturnReq { kind: "goods".to_owned(), reason: "未拆封".to_owned(), lines: vec![back] };
    done.push(app.return_submit(back).await.unwrap());

    let mut filing = filing_draft("0190f0b0-0000-7000-8000-00000000000b");
    filing.attachments = vec![seat.attach("议价记录.pdf", b"%PDF-1.4 minutes").await.unwrap()];
    app.filing_draft_save(filing.clone()).await.unwrap();
    done.push(app.filing_submit(FilingDraftReq { id: filing.id }).await.unwrap());

    let report = app.demand_reports(Nothing {}).await.unwrap().rows.remove(0);
    let answer = DemandReportReq {
        report: report.id,
        demand: report.last_year,
        explanation: String::new(),
        departments: Vec::new(),
    };
    done.push(app.demand_report_submit(answer).await.unwrap());
    let batches = app.agreements(Nothing {}).await.unwrap().batches;
    let agreement = batches.into_iter().flat_map(|batch| batch.rows).find(|row| row.sign_clock.is_some());
    let sign = AgreementSignReq { agreements: vec![agreement.unwrap().id] };
    done.extend(app.agreement_sign(sign).await.unwrap().items);

    let late = seat.lines("", "ACCEPTED").await.remove(0);
    let issue = SupplyIssueReq {
        kind: "late".to_owned(),
        description: "超过配送时限未到货".to_owned(),
        order_lines: vec![late.id],
        office: None,
        attachments: Vec::new(),
    };
    done.push(app.supply_issue_submit(issue).await.unwrap());
    let issues = app.supply_issues(SupplyIssuesReq { text: String::new(), open: true }).await.unwrap();
    assert_eq!(issues.pending.len(), 1, "what is told here is seen at once");
    let closable = issues.rows.into_iter().find(|row| row.closable).unwrap();
    done.push(app.supply_issue_close(SupplyIssueCloseReq { issue: closable.id }).await.unwrap());

    let due = app.evaluations(Nothing {}).await.unwrap().rows.into_iter().find(|row| !row.made).unwrap();
    let evaluation = EvaluationReq { evaluation: due.id, scores: vec![5, 4, 5], remarks: String::new() };
    done.push(app.evaluation_submit(evaluation).await.unwrap());

    done.push(app.negotiation_invite(seat.invitation().await).await.unwrap());
    let open = NegotiationsReq { text: String::new(), open: true };
    let ours = app.negotiations(open).await.unwrap().rows.into_iter().find(|row| row.ours).unwrap();
    let decision = NegotiationDecideReq { negotiation: ours.id, agreed: true, reason: String::new() };
    done.push(app.negotiation_decide(decision).await.unwrap());

    let mut verified = None;
    for row in app.invoices(bills("WAITING")).await.unwrap().rows {
        if app.invoice(InvoiceReq { id: row.id.clone() }).await.unwrap().acceptable {
            let verify = InvoiceVerifyReq { invoice: row.id, accepted: true, reason: String::new() };
            verified = Some(app.invoice_verify(verify).await.unwrap());
            break;
        }
    }
    done.push(verified.expect("an invoice of the demo agrees with what was received"));
    let candidates = app.settlement_candidates(Nothing {}).await.unwrap().groups;
    let group = candidates.into_iter().find(|group| !group.amount.starts_with('-')).unwrap();
    let settle = SettlementCreateReq {
        settlement: None,
        kind: "hospital".to_owned(),
        period: group.period,
        invoices: group.invoices.into_iter().map(|invoice| invoice.id).collect(),
    };
    done.push(app.settlement_create(settle.clone()).await.unwrap());
    let twice = app.settlement_create(settle).await.unwrap_err();
    assert_eq!(twice.field.as_deref(), Some("invoices[0]"), "no invoice is settled twice");
    let open = app.settlements(bills("RECONCILING")).await.unwrap().rows.remove(0);
    let confirm = SettlementConfirmReq { settlement: open.id, accepted: true, reason: String::new() };
    done.push(app.settlement_confirm(confirm).await.unwrap());

    // A check-in and a signature are in the outbox without having been handed back.
    done.extend(seat.outbox().await.into_iter().filter(|item| {
        ["checkIn", "notice.sign"].contains(&item.kind.as_str()) && item.state == OutboxState::Queued
    }));
    let kind = |item: OutboxItem| (SubmissionKind::from_name(&item.kind).unwrap().name(), item);
    done.into_iter().map(kind).collect()
}

/// Lets companies and bureau work on a document until nobody is awaited; each step is one of the table's.
async fn lived_through<S: State>(world: &World, seat: &Seat, resource: Resource, id: &str) -> Vec<S> {
    let state =
        |code: String| S::from_code(&code).unwrap_or_else(|| panic!("{resource:?} in state {code:?}"));
    let mut life = vec![state(seat.state_of(resource, id).await)];
    for _ in 0..LONGEST_LIFE {
        if !world.platform.advance_document(resource, id).unwrap() {
            return life;
        }
        world.caught_up(seat).await;
        let now = state(seat.state_of(resource, id).await);
        let before = life[life.len() - 1];
        // A late line is told so before it moves on.
        assert!(now == before || before.may_become(now), "{resource:?} {before:?} → {now:?}");
        life.push(now);
    }
    panic!("{resource:?} {id} goes on and on: {life:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_submission_goes_from_a_desk_without_a_network_to_the_end_of_its_document() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let notice = world.issue_notice("中选产品进度滞后", "请说明原因");
    seat.up_to_date().await;
    seat.arrival(&notice).await;
    // The next working day: nobody has checked in on it.
    world.clock.set(Instant::parse("2026-11-23 08:40:00").unwrap());
    world.go_down().await;
    let done = a_day_offline(&seat, &notice).await;
    let kinds: Vec<&str> = SubmissionKind::ALL.iter().map(|kind| kind.name()).collect();
    let missing: Vec<&&str> = kinds.iter().filter(|kind| !done.contains_key(*kind)).collect();
    assert!(missing.is_empty(), "no journey for {missing:?}");
    for (kind, item) in &done {
        let waits = matches!(seat.item(&item.key).await.state, OutboxState::Queued | OutboxState::Sending);
        assert!(waits, "{kind} was not kept for later");
    }

    world.come_back().await;
    seat.up_to_date().await;
    for item in done.values() {
        seat.settled(&item.key, OutboxState::Accepted).await;
    }
    world.caught_up(&seat).await;
    let made = |kind: SubmissionKind| seat.answered(&done[kind.name()]).id.unwrap();

    let order = made(SubmissionKind::OrderSubmit);
    let line = seat.lines("", "SUBMITTED").await.into_iter().find(|row| row.price == "0.01").unwrap();
    let life: Vec<OrderLineState> = lived_through(&world, &seat, Resource::OrderLine, &line.id).await;
    assert!(life.len() > 1, "the company has answered {order}: {life:?}");
    let back = made(SubmissionKind::ReturnCreate);
    let life: Vec<ReturnState> = lived_through(&world, &seat, Resource::Return, &back).await;
    assert!(life[life.len() - 1].is_final());
    let filing = made(SubmissionKind::FilingCreate);
    let life: Vec<FilingState> = lived_through(&world, &seat, Resource::Filing, &filing).await;
    assert!(matches!(life[life.len() - 1], FilingState::Approved | FilingState::Returned), "{life:?}");
    let report = made(SubmissionKind::DemandReportSubmit);
    let life: Vec<DemandReportState> = lived_through(&world, &seat, Resource::DemandReport, &report).await;
    assert!(life.len() > 1, "the bureau has judged it: {life:?}");
    let agreement = made(SubmissionKind::AgreementSign);
    let life: Vec<AgreementState> = lived_through(&world, &seat, Resource::Agreement, &agreement).await;
    assert!(matches!(life[0], AgreementState::Signed | AgreementState::Running), "{life:?}");
    let issue = made(SubmissionKind::SupplyIssueCreate);
    let life: Vec<SupplyIssueState> = lived_through(&world, &seat, Resource::SupplyIssue, &issue).await;
    assert!(life.contains(&SupplyIssueState::Answered) && life.len() > 2, "{life:?}");
    let invited = made(SubmissionKind::NegotiationInvite);
    let life: Vec<NegotiationState> = lived_through(&world, &seat, Resource::Negotiation, &invited).await;
    assert!(life.len() == 2, "the company has answered: {life:?}");
    let invoice = made(SubmissionKind::InvoiceVerify);
    assert_eq!(seat.state_of(Resource::Invoice, &invoice).await, InvoiceState::Verified.code());
    let settlement = made(SubmissionKind::SettlementCreate);
    let life: Vec<SettlementState> = lived_through(&world, &seat, Resource::Settlement, &settlement).await;
    assert_eq!(life, [SettlementState::Submitted, SettlementState::Reconciling]);
    let confirm = SettlementConfirmReq {
        settlement: settlement.clone(),
        accepted: false,
        reason: "金额有误".to_owned(),
    };
    let disputed = seat.app.settlement_confirm(confirm.clone()).await.unwrap();
    seat.up_to_date().await;
    seat.settled(&disputed.key, OutboxState::Accepted).await;
    world.caught_up(&seat).await;
    assert_eq!(seat.state_of(Resource::Settlement, &settlement).await, SettlementState::Disputed.code());
    let life: Vec<SettlementState> = lived_through(&world, &seat, Resource::Settlement, &settlement).await;
    assert_eq!(life, [SettlementState::Disputed, SettlementState::Reconciling]);
    let agreed = SettlementConfirmReq { accepted: true, reason: String::new(), ..confirm };
    let agreed = seat.app.settlement_confirm(agreed).await.unwrap();
    seat.up_to_date().await;
    seat.settled(&agreed.key, OutboxState::Accepted).await;
    world.caught_up(&seat).await;
    let life: Vec<SettlementState> = lived_through(&world, &seat, Resource::Settlement, &settlement).await;
    assert_eq!(life, [SettlementState::Approved, SettlementState::Paid]);
    let paid = seat.app.settlement(SettlementReq { id: settlement }).await.unwrap();
    assert!(paid.row.paid_at.is_some() && paid.row.due_clock.is_none());
    assert!(paid.invoices.iter().all(|invoice| invoice.state == "PAID"), "its invoices are paid with it");
    let listed =
        seat.app.filings(FilingsReq { text: "钬激光".to_owned(), states: Vec::new() }).await.unwrap();
    assert_eq!(listed.rows[0].amount, "3777.77", "half up to the fen, once");
    assert!(listed.rows[0].unlisted && listed.pending.is_empty() && listed.drafts.is_empty());
}
