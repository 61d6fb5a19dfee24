//! Every transition of every document's table, and nothing else.

use serde_json::{Value, json};
use sunbench_contract::Resource;
use sunbench_domain::state::{
    AgreementState, ContractState, DeliveryState, DemandReportState, EvaluationState, FilingState,
    InvoiceState, NegotiationState, ReceiptState, ReturnState, SettlementState, State, SupplyIssueState,
};

use crate::client::{Client, key};
use crate::stage::{self, agreement, current, raw};
use crate::world::{H1, World};

/// A document in a state.
type Build = fn(id: &str, state: &str) -> Value;
/// A submission that wants to move the document there.
type Move = (&'static str, fn(id: &str) -> Value);

/// For every state of a document: each submission is accepted exactly where the table allows its target, and an outsider's
/// step leads only where the table does.
async fn check<S: State>(
    world: &World,
    client: &Client,
    (resource, build): (Resource, Build),
    moves: &[(S, Move)],
) {
    let name = resource.name();
    for (number, from) in S::ALL.iter().enumerate() {
        for (place, (to, (kind, payload))) in moves.iter().enumerate() {
            let id = format!("90{number}{place}{name}");
            world.platform.publish(&[raw(Some(H1), resource, &id, &build(&id, from.raw()))]).unwrap();
            let (status, answer) = client.submit(&key(), kind, payload(&id), None).await;
            let after = current(client, name, &id).await;
            let state = after["data"]["state"].as_str().unwrap().to_owned();
            let told = format!("{name}: {from:?} by {kind} to {to:?}: {answer}");
            if from.may_become(*to) {
                assert_eq!((status, state.as_str()), (200, to.raw()), "{told}");
                assert_eq!(after["data"]["stateText"], to.text_zh(), "{told}");
            } else {
                assert_eq!(state, from.raw(), "{told}");
                let already = status == 200 && answer["problem"]["code"] == "alreadyDone" && from == to;
                let refused = status == 422 && answer["code"] == "wrongState";
                assert!(already || refused, "{told}");
            }
        }
        let id = format!("91{number}{name}");
        world.platform.publish(&[raw(Some(H1), resource, &id, &build(&id, from.raw()))]).unwrap();
        let mut at = *from;
        for _ in 0..=S::ALL.len() {
            let moved = world.platform.advance_document(resource, &id).unwrap();
            let after = current(client, name, &id).await;
            let state = S::from_raw(after["data"]["state"].as_str().unwrap()).unwrap();
            assert!(state == at || at.may_become(state), "{name}: {at:?} became {state:?}");
            if !moved {
                assert_eq!(state, at);
                break;
            }
            at = state;
        }
        assert!(!world.platform.advance_document(resource, &id).unwrap(), "{name}: {from:?} comes to rest");
    }
}

fn filing(id: &str, state: &str) -> Value {
    json!({"filingId": id, "filingCode": id, "goodsName": "导尿管", "goodsSpec": "F16", "unit": "支",
           "companyName": "公司", "count": "2", "price": "5", "amount": "10", "purchaseDate": "2026-11-01",
           "reason": "急诊", "responsible": "王芳", "state": state, "stateText": "", "returnReason": ""})
}

fn filing_again(id: &str) -> Value {
    json!({"filingId": id, "goodsName": "导尿管", "unit": "支", "companyName": "公司", "count": "2", "price": "5",
           "amount": "10", "purchaseDate": "2026-11-01", "reason": "急诊", "responsible": "王芳"})
}

fn negotiation(id: &str, state: &str) -> Value {
    json!({"negotiationId": id, "procurecatalogId": "L1", "companyIdTb": "M1", "price": "12.5", "targetPrice": "10",
           "inviteTime": "2026-11-19T09:00:00+08:00", "answerDueDate": "2026-11-26", "remarks": "", "state": state,
           "stateText": ""})
}

fn settlement(id: &str, state: &str) -> Value {
    json!({"settlementId": id, "settlementCode": id, "kind": "hospital", "companyIdPs": "D1", "period": "2026-10",
           "state": state, "stateText": "", "amount": "10", "dueDate": "2026-12-01", "invoiceIds": [],
           "createTime": "2026-11-19T09:00:00+08:00"})
}

fn invoice(id: &str, state: &str) -> Value {
    json!({"invoiceId": id, "invoiceNo": id, "kind": "blue", "companyIdPs": "D1", "invoiceDate": "2026-11-01",
           "amount": "0", "taxAmount": "0", "state": state, "stateText": "", "lines": []})
}

fn report(id: &str, state: &str) -> Value {
    json!({"demandReportId": id, "batchName": "第二批", "varietyName": "导尿管", "companyIdTb": "M1",
           "procurecatalogId": "L1", "unit": "支", "lastYearCount": "100", "demandCount": "0", "explanation": "",
           "departments": [], "reportDeadline": "2026-12-31", "state": state, "stateText": "", "returnReason": ""})
}

fn issue(id: &str, state: &str) -> Value {
    json!({"issueId": id, "issueCode": id, "kind": "short", "procurecatalogId": "L1", "companyIdTb": "M1",
           "companyIdPs": "D1", "description": "缺货", "reportTime": "2026-11-19T09:00:00+08:00",
           "replyDueDate": "2026-11-23", "reply": "", "orderDetailIds": [], "state": state, "stateText": ""})
}

fn evaluation(id: &str, state: &str) -> Value {
    json!({"evaluationId": id, "period": "2026Q3", "targetType": "distributor", "companyId": "D1",
           "dueDate": "2026-11-30", "scores": [], "remarks": "", "state": state, "stateText": ""})
}

fn contract(id: &str, state: &str) -> Value {
    json!({"contractId": id, "contractCode": id, "kind": "clean", "companyIdPs": "D1", "startDate": "2026-01-01",
           "endDate": "2026-12-31", "state": state, "stateText": ""})
}

fn receipt(id: &str, state: &str) -> Value {
    json!({"receiptId": id, "receiptCode": id, "distributeId": "nowhere", "companyIdPs": "D1", "state": state,
           "stateText": "", "receiveTime": "2026-11-19T09:00:00+08:00", "operator": "王芳", "lines": []})
}

fn goods_return(id: &str, state: &str) -> Value {
    json!({"returnId": id, "returnCode": id, "kind": "goods", "companyIdPs": "D1", "state": state, "stateText": "",
           "returnTime": "2026-11-19T09:00:00+08:00", "lines": []})
}

fn delivery(id: &str, state: &str) -> Value {
    json!({"distributeId": id, "distributeCode": id, "companyIdPs": "D1", "state": state, "stateText": "",
           "distributeTime": "2026-11-19T09:00:00+08:00",
           "lines": [{"distributeDetailId": format!("{id}-1"), "procurecatalogId": "L1", "distributeCount": "5"}]})
}

fn receive(id: &str, count: &str) -> Value {
    json!({"distributeId": id, "lines": [{"distributeDetailId": format!("{id}-1"), "receivedCount": count}]})
}

fn scores() -> Value {
    json!([{"item": "配送及时", "score": 5}, {"item": "供应保障", "score": 4}, {"item": "售后服务", "score": 3}])
}

#[tokio::test]
async fn documents_move_as_the_tables_say_and_no_other_way() {
    let world = World::start().await;
    stage::set(&world);
    let client = Client::first(&world).await;
    let (w, c) = (&world, &client);
    check(w, c, (Resource::Filing, filing), &[(FilingState::Submitted, ("filing.create", filing_again))])
        .await;
    check(
        w,
        c,
        (Resource::Negotiation, negotiation),
        &[
            (
                NegotiationState::Agreed,
                ("negotiation.decide", |id| json!({"negotiationId": id, "agreed": true})),
            ),
            (
                NegotiationState::Failed,
                ("negotiation.decide", |id| json!({"negotiationId": id, "agreed": false, "reason": "价高"})),
            ),
        ],
    )
    .await;
    check(
        w,
        c,
        (Resource::Settlement, settlement),
        &[
            (
                SettlementState::Approved,
                ("settlement.confirm", |id| json!({"settlementId": id, "accepted": true})),
            ),
            (
                SettlementState::Disputed,
                (
                    "settlement.confirm",
                    |id| json!({"settlementId": id, "accepted": false, "reason": "金额不符"}),
                ),
            ),
        ],
    )
    .await;
    check(
        w,
        c,
        (Resource::Invoice, invoice),
        &[
            (InvoiceState::Verified, ("invoice.verify", |id| json!({"invoiceId": id, "accepted": true}))),
            (
                InvoiceState::Refused,
                ("invoice.verify", |id| json!({"invoiceId": id, "accepted": false, "reason": "抬头错误"})),
            ),
        ],
    )
    .await;
    check(
        w,
        c,
        (Resource::DemandReport, report),
        &[(
            DemandReportState::Submitted,
            ("demandReport.submit", |id| json!({"demandReportId": id, "demandCount": "90"})),
        )],
    )
    .await;
    check(
        w,
        c,
        (Resource::Agreement, |id, state| agreement(id, state, "2026-01-01", "2026-12-31", "M1")),
        &[
            (AgreementState::Signed, ("agreement.sign", |id| json!({"agreementId": id, "accepted": true}))),
            (
                AgreementState::Disputed,
                ("agreement.sign", |id| json!({"agreementId": id, "accepted": false, "reason": "量过大"})),
            ),
        ],
    )
    .await;
    check(
        w,
        c,
        (Resource::Contract, contract),
        &[(ContractState::Signed, ("agreement.sign", |id| json!({"contractId": id, "accepted": true})))],
    )
    .await;
    check(
        w,
        c,
        (Resource::SupplyIssue, issue),
        &[(SupplyIssueState::Resolved, ("supplyIssue.close", |id| json!({"issueId": id})))],
    )
    .await;
    check(
        w,
        c,
        (Resource::Evaluation, evaluation),
        &[(
            EvaluationState::Made,
            ("evaluation.create", |id| json!({"evaluationId": id, "scores": scores()})),
        )],
    )
    .await;
    check(
        w,
        c,
        (Resource::Receipt, receipt),
        &[
            (ReceiptState::Accepted, ("receipt.confirm", |id| json!({"receiptId": id, "accepted": true}))),
            (
                ReceiptState::Rejected,
                ("receipt.confirm", |id| json!({"receiptId": id, "accepted": false, "reason": "破损"})),
            ),
        ],
    )
    .await;
    check::<ReturnState>(w, c, (Resource::Return, goods_return), &[]).await;
    check::<DeliveryState>(w, c, (Resource::Delivery, delivery), &[]).await;
}

#[tokio::test]
async fn goods_are_received_of_a_delivery_that_has_come_and_is_not_stored() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    for (number, from) in DeliveryState::ALL.iter().enumerate() {
        for (count, to) in [("5", DeliveryState::Stored), ("2", DeliveryState::Accepting)] {
            let id = format!("92{number}{count}");
            let record = raw(Some(H1), Resource::Delivery, &id, &delivery(&id, from.raw()));
            world.platform.publish(&[record]).unwrap();
            let (status, answer) = client.submit(&key(), "receipt.create", receive(&id, count), None).await;
            let state = current(&client, "delivery", &id).await["data"]["state"].clone();
            // A part of a delivery that is being received leaves it so.
            if matches!(from, DeliveryState::Confirmed | DeliveryState::Accepting) {
                assert_eq!((status, state), (200, json!(to.raw())), "{from:?} {count}: {answer}");
            } else {
                assert_eq!((status, &answer["code"]), (422, &json!("wrongState")), "{from:?} {count}");
                assert_eq!(state, from.raw());
            }
        }
    }
}
