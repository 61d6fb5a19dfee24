//! 采购: ordered and cancelled, returned, supply problems told and closed, evaluated, reported.

use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    DemandReportReq, DepartmentDemand, EvaluationReq, Nothing, OrderCancelReq, OrderDraft, OrderDraftLine,
    OrderDraftReq, OrderLineReq, OrderRow, OrdersReq, OutboxItem, OutboxKeyReq, OutboxState, ReturnReq,
    ReturnReqLine, SearchReq, SupplyIssueCloseReq, SupplyIssueReq,
};
use sunbench_contract::{DistributionRelation, Resource, SupplyIssue};
use sunbench_store::mirror::document;

use crate::world::{Seat, World, until};

fn orders(text: &str, state: &str) -> OrdersReq {
    OrdersReq { text: text.to_owned(), states: vec![state.to_owned()], from: None, to: None, campus: None }
}

impl Seat {
    pub(crate) async fn lines(&self, text: &str, state: &str) -> Vec<OrderRow> {
        self.app.orders_open(orders(text, state)).await.unwrap().first
    }

    pub(crate) fn documents<T: serde::de::DeserializeOwned>(&self, resource: Resource) -> Vec<T> {
        let store = self.app.store().unwrap();
        let found = store.read(|conn| document::list(conn, resource.name(), 10_000)).unwrap();
        found.iter().map(|record| serde_json::from_str(&record.data).unwrap()).collect()
    }

    pub(crate) async fn accepted(&self, item: &OutboxItem) {
        self.up_to_date().await;
        self.settled(&item.key, OutboxState::Accepted).await;
    }

    /// An order of one line that the platform takes: a product that is searched for, and who may deliver it.
    pub(crate) async fn order(&self, id: &str) -> OrderDraft {
        let relations: Vec<DistributionRelation> = self.documents(Resource::DistributionRelation);
        let suppliers: std::collections::BTreeSet<String> =
            relations.into_iter().map(|relation| relation.company_id_ps).collect();
        for hit in self.app.search(SearchReq { text: "导管".to_owned() }).await.unwrap().hits {
            for supplier in &suppliers {
                let line = OrderDraftLine {
                    product: hit.id.clone(),
                    supplier: supplier.clone(),
                    quantity: "2".to_owned(),
                    price: "0.01".to_owned(),
                    agreement: None,
                    filing: None,
                    own_key: None,
                    requests: Vec::new(),
                };
                let draft = OrderDraft {
                    id: id.to_owned(),
                    kind: "普通".to_owned(),
                    dept: "泌尿外科".to_owned(),
                    remarks: String::new(),
                    lines: vec![line],
                };
                if self.app.order_check(draft.clone()).await.unwrap().sendable {
                    return draft;
                }
            }
        }
        panic!("the demo sells catheters");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_written_checked_sent_and_cancelled() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let id = "0190f0b0-0000-7000-8000-000000000001";
    let good = seat.order(id).await;

    // Each obstacle has its reason, and its clause where a notice asks for it.
    let with = |change: fn(&mut OrderDraftLine)| {
        let mut draft = good.clone();
        change(&mut draft.lines[0]);
        draft
    };
    for (draft, code) in [
        (with(|line| line.product = "nowhere".to_owned()), "notListed"),
        (with(|line| line.supplier = "nowhere".to_owned()), "notAuthorised"),
        (with(|line| line.price = "99999999".to_owned()), "priceAbove"),
        (with(|line| line.agreement = Some("nowhere".to_owned())), "agreementOther"),
        (with(|line| line.quantity = "0".to_owned()), "quantity"),
        (with(|line| line.price = "一".to_owned()), "price"),
    ] {
        let check = seat.app.order_check(draft.clone()).await.unwrap();
        let found = check.lines[0].obstacles.iter().find(|obstacle| obstacle.code == code);
        let found = found.unwrap_or_else(|| panic!("{code}: {check:?}"));
        assert!(found.refusal && !check.sendable && !found.text.is_empty());
        assert_eq!(found.clause.is_empty(), ["quantity", "price"].contains(&code));
        seat.app.order_draft_save(draft).await.unwrap();
        let error = seat.app.order_submit(OrderDraftReq { id: id.to_owned() }).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::FieldInvalid, "what the platform would refuse is not sent");
    }

    world.go_down().await;
    seat.app.order_draft_save(good.clone()).await.unwrap();
    assert_eq!(seat.app.order_drafts(Nothing {}).await.unwrap().drafts, std::slice::from_ref(&good));
    let queued = seat.app.order_submit(OrderDraftReq { id: id.to_owned() }).await.unwrap();
    let again = seat.app.order_submit(OrderDraftReq { id: id.to_owned() }).await.unwrap();
    assert_eq!((&again.key, queued.kind.as_str()), (&queued.key, "order.submit"), "twice queues once");
    assert!(seat.app.order_drafts(Nothing {}).await.unwrap().drafts.is_empty());
    world.come_back().await;
    seat.accepted(&queued).await;
    let own = |row: &&OrderRow| row.dept == "泌尿外科" && row.price == "0.01";
    let line = seat.lines("", "SUBMITTED").await.iter().find(own).expect("it is among the orders").clone();
    assert_eq!((line.quantity.as_str(), line.amount.as_str()), ("2", "0.02"));

    let cancel = |reason: &str| OrderCancelReq {
        lines: vec![line.id.clone()],
        whole: true,
        reason: reason.to_owned(),
    };
    let error = seat.app.order_cancel(cancel(" ")).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::FieldRequired, Some("reason")));
    let cancelled = seat.app.order_cancel(cancel("申领有误")).await.unwrap();
    seat.accepted(&cancelled).await;
    let detail = seat.app.order_line(OrderLineReq { id: line.id.clone() }).await.unwrap();
    assert_eq!(detail.row.state, "CANCELLED");
    // A second time there is nothing to cancel: the platform says so, and nothing is lost.
    let again = seat.app.order_cancel(cancel("再撤一次")).await.unwrap();
    seat.up_to_date().await;
    seat.settled(&again.key, OutboxState::Refused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_from_the_platform_refused_is_there_to_be_corrected() {
    let world = World::start().await;
    let seat = world.seat().await;
    let id = "0190f0b0-0000-7000-8000-000000000002";
    let draft = seat.order(id).await;
    // The platform suspends the product before the seat hears of it.
    seat.app.order_draft_save(draft.clone()).await.unwrap();
    let product = &draft.lines[0].product;
    assert!(world.platform.take_back(Resource::Product, product).unwrap());
    let queued = seat.app.order_submit(OrderDraftReq { id: id.to_owned() }).await.unwrap();
    seat.up_to_date().await;
    let refused = seat.settled(&queued.key, OutboxState::Refused).await;
    assert!(refused.error_text.is_some_and(|text| !text.is_empty()));
    assert_eq!(seat.app.order_drafts(Nothing {}).await.unwrap().drafts, [draft]);
    seat.app.outbox_withdraw(OutboxKeyReq { key: queued.key }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_go_back_and_never_more_than_came() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let lines = seat.lines("", "RECEIVED").await;
    let line = lines.iter().find(|row| row.received == row.quantity && row.returned == "0").unwrap();
    let back = |quantity: &str, kind: &str, amount: Option<&str>| ReturnReq {
        kind: kind.to_owned(),
        reason: "未拆封退货".to_owned(),
        lines: vec![ReturnReqLine {
            order_line: line.id.clone(),
            quantity: quantity.to_owned(),
            amount: amount.map(str::to_owned),
            lot: String::new(),
        }],
    };
    for (req, code) in [
        (back("999999", "goods", None), ErrorCode::MoreThanLeft),
        (back("0", "goods", None), ErrorCode::FieldInvalid),
        (back("", "goods", None), ErrorCode::FieldRequired),
        (back("1", "barter", None), ErrorCode::FieldInvalid),
        (back("1", "price", None), ErrorCode::FieldRequired),
        (back("1", "price", Some("99999999")), ErrorCode::FieldInvalid),
        (ReturnReq { lines: Vec::new(), ..back("1", "goods", None) }, ErrorCode::FieldRequired),
    ] {
        assert_eq!(seat.app.return_submit(req.clone()).await.unwrap_err().code, code, "{req:?}");
    }
    world.go_down().await;
    let first = seat.app.return_submit(back(&line.received, "goods", None)).await.unwrap();
    let error = seat.app.return_submit(back("1", "goods", None)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::MoreThanLeft, "what waits counts");
    world.come_back().await;
    seat.accepted(&first).await;
    let error = seat.app.return_submit(back("1", "goods", None)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::MoreThanLeft, "what waits at the company counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supply_problem_is_told_answered_and_closed() {
    let world = World::start().await;
    let seat = world.seat().await;
    let line = seat.lines("", "ACCEPTED").await.remove(0);
    let req = SupplyIssueReq {
        kind: "late".to_owned(),
        description: "超过配送时限未到货".to_owned(),
        order_lines: vec![line.id.clone()],
        office: None,
        attachments: Vec::new(),
    };
    for (req, field) in [
        (SupplyIssueReq { kind: "lost".to_owned(), ..req.clone() }, "kind"),
        (SupplyIssueReq { description: " ".to_owned(), ..req.clone() }, "description"),
        (SupplyIssueReq { order_lines: Vec::new(), ..req.clone() }, "orderLines"),
        (SupplyIssueReq { order_lines: vec!["nowhere".to_owned()], ..req.clone() }, "orderLines[0]"),
    ] {
        let error = seat.app.supply_issue_submit(req).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field));
    }
    let told = seat.app.supply_issue_submit(req).await.unwrap();
    seat.accepted(&told).await;
    let find = || {
        let issues: Vec<SupplyIssue> = seat.documents(Resource::SupplyIssue);
        issues
            .into_iter()
            .find(|issue| issue.order_detail_ids == [line.id.clone()] && !issue.operator.is_empty())
    };
    let issue = find().expect("it came back with the feed");
    // Two working days from a Friday.
    assert_eq!((issue.state.as_str(), issue.reply_due_date.to_string().as_str()), ("0", "2026-11-24"));
    let close = SupplyIssueCloseReq { issue: issue.issue_id.clone() };
    let error = seat.app.supply_issue_close(close.clone()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState, "nobody has answered yet");
    assert!(world.platform.advance_document(Resource::SupplyIssue, &issue.issue_id).unwrap());
    let answered = || async { find().filter(|issue| issue.state == "1").ok_or("no answer yet") };
    until("the company's answer", answered).await;
    let closed = seat.app.supply_issue_close(close).await.unwrap();
    seat.accepted(&closed).await;
    let resolved = || async { find().filter(|issue| issue.state == "4").ok_or("not resolved yet") };
    until("the end of it", resolved).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn evaluations_and_demand_reports_go_out_whole() {
    let world = World::start().await;
    let seat = world.seat().await;
    let due = seat.app.evaluations(Nothing {}).await.unwrap().rows.into_iter().find(|row| !row.made).unwrap();
    let evaluate = |scores: &[u32], remarks: &str| EvaluationReq {
        evaluation: due.id.clone(),
        scores: scores.to_vec(),
        remarks: remarks.to_owned(),
    };
    for (req, field) in [
        (evaluate(&[5, 5], ""), "scores"),
        (evaluate(&[5, 6, 5], ""), "scores[1]"),
        (evaluate(&[5, 2, 5], " "), "remarks"),
    ] {
        assert_eq!(seat.app.evaluation_submit(req).await.unwrap_err().field.as_deref(), Some(field));
    }
    let sent = seat.app.evaluation_submit(evaluate(&[5, 2, 4], "多次延误")).await.unwrap();
    seat.accepted(&sent).await;
    let rows = seat.app.evaluations(Nothing {}).await.unwrap().rows;
    let made = rows.iter().find(|row| row.id == due.id).unwrap();
    assert!(made.made && made.scores == [5, 2, 4]);
    let error = seat.app.evaluation_submit(evaluate(&[5, 5, 5], "")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);

    let report = seat.app.demand_reports(Nothing {}).await.unwrap().rows.remove(0);
    assert!(["DRAFT", "RETURNED"].contains(&report.state.as_str()), "the hospital's turn comes first");
    let answer = |demand: &str, explanation: &str, departments: &[(&str, &str)]| DemandReportReq {
        report: report.id.clone(),
        demand: demand.to_owned(),
        explanation: explanation.to_owned(),
        departments: departments
            .iter()
            .map(|(dept, count)| DepartmentDemand { dept: (*dept).to_owned(), count: (*count).to_owned() })
            .collect(),
    };
    for (req, field) in [
        (answer("", "", &[]), "demand"),
        (answer("-1", "", &[]), "demand"),
        (answer("0", " ", &[]), "explanation"),
        (answer("5", "停用", &[("外科", "4")]), "departments"),
        (answer("5", "停用", &[("外科", "")]), "departments[0].count"),
        (answer("5", "停用", &[(" ", "5")]), "departments[0].dept"),
    ] {
        let error = seat.app.demand_report_submit(req.clone()).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "{req:?}");
    }
    let sent = seat.app.demand_report_submit(answer("0", "该术式已停止开展", &[])).await.unwrap();
    seat.accepted(&sent).await;
    let rows = seat.app.demand_reports(Nothing {}).await.unwrap().rows;
    let after = rows.iter().find(|row| row.id == report.id).unwrap();
    assert_eq!((after.state.as_str(), after.demand.as_str()), ("SUBMITTED", "0"));
}
