//! A purchase from order to payment, and what each step refuses.

use serde_json::{Value, json};

use crate::client::{Client, key};
use crate::stage::{self, current, line, order};
use crate::world::World;

fn with(field: &str, value: Value) -> Value {
    let mut line = line("", "1");
    line.as_object_mut().unwrap().remove("orderCustomInfo");
    line[field] = value;
    line
}

#[tokio::test]
async fn a_line_that_breaks_a_rule_is_refused_by_itself() {
    let world = World::start().await;
    stage::set(&world);
    let client = Client::first(&world).await;
    let (status, first) =
        client.submit(&key(), "order.submit", order("普通", &[line("k1", "1")]), None).await;
    assert_eq!((status, &first["outcome"]), (200, &json!("accepted")), "{first}");
    for (kind, bad, code) in [
        ("普通", with("procurecatalogId", json!("nowhere")), "notListed"),
        ("普通", with("procurecatalogId", json!("L2")), "notListed"),
        ("普通", with("procurecatalogId", json!("L3")), "codeNotLive"),
        ("普通", with("purchasePrice", json!("11.0001")), "priceAbove"),
        ("普通", with("purchasePrice", json!("-1")), "invalid"),
        ("普通", with("purchaseCount", json!("0")), "invalid"),
        ("普通", with("purchaseCount", json!("900000000000000")), "invalid"),
        ("普通", with("companyIdPs", json!("D2")), "notAuthorised"),
        ("普通", with("companyIdPs", json!("D3")), "notAuthorised"),
        ("普通", with("agreementId", json!("nowhere")), "agreementNotOpen"),
        ("普通", with("agreementId", json!("A2")), "agreementNotOpen"),
        ("普通", with("agreementId", json!("A3")), "agreementNotOpen"),
        ("普通", with("agreementId", json!("A4")), "agreementNotOpen"),
        ("带量", with("remarks", json!("no agreement")), "agreementNotOpen"),
        ("普通", with("orderCustomInfo", json!("k1")), "duplicate"),
        ("普通", with("filingId", json!("nowhere")), "invalid"),
        ("补录", with("remarks", json!("no filing")), "invalid"),
        ("备案", with("filingId", json!("nowhere")), "invalid"),
    ] {
        let good = match kind {
            "普通" => line(&key(), "2"),
            // Alone: the whole is refused.
            _ => json!(null),
        };
        let lines: Vec<Value> = [bad.clone(), good].into_iter().filter(|line| !line.is_null()).collect();
        let (status, answer) = client.submit(&key(), "order.submit", order(kind, &lines), None).await;
        assert_eq!(
            (&answer["lines"][0]["ok"], &answer["lines"][0]["code"]),
            (&json!(false), &json!(code)),
            "{bad} {answer}"
        );
        assert!(answer["lines"][0]["msg"].as_str().is_some_and(|msg| !msg.is_empty()));
        if lines.len() == 2 {
            assert_eq!((status, &answer["outcome"]), (200, &json!("partial")), "{answer}");
            let header = current(&client, "order", answer["id"].as_str().unwrap()).await;
            assert_eq!(
                (&header["data"]["lineCount"], &header["data"]["orderAmount"]),
                (&json!(1), &json!("22.00"))
            );
        } else {
            assert_eq!(status, 422, "{answer}");
        }
    }
    for (payload, field) in [
        (order("团购", &[line("k2", "1")]), "orderType"),
        (order("普通", &[]), "lines"),
        (json!({"orderType": "普通", "remarks": "注".repeat(501), "lines": [line("k2", "1")]}), "remarks"),
    ] {
        let (status, answer) = client.submit(&key(), "order.submit", payload, None).await;
        assert_eq!((status, &answer["field"]), (422, &json!(field)), "{answer}");
    }
}

#[tokio::test]
async fn the_kind_of_a_line_and_its_clock_follow_from_the_order() {
    let world = World::start().await;
    stage::set(&world);
    let client = Client::first(&world).await;
    let under_agreement = with("agreementId", json!("A1"));
    for (kind, given, told, due) in [
        ("普通", line("a", "1"), "普通", "2026-11-21T09:30:00+08:00"),
        ("普通", under_agreement.clone(), "带量", "2026-11-21T09:30:00+08:00"),
        ("带量", under_agreement, "带量", "2026-11-21T09:30:00+08:00"),
        ("应急", line("b", "1"), "应急", "2026-11-20T13:30:00+08:00"),
    ] {
        let (_, answer) = client.submit(&key(), "order.submit", order(kind, &[given]), None).await;
        let id = format!("{}001", answer["id"].as_str().unwrap());
        let made = current(&client, "orderLine", &id).await;
        let (data, urgent) = (&made["data"], json!(told == "应急"));
        assert_eq!(
            (&data["orderType"], &data["deliveryDueTime"], &data["urgent"]),
            (&json!(told), &json!(due), &urgent)
        );
        assert_eq!((&data["orderDetailState"], &data["unit"]), (&json!("1"), &json!("支")));
    }
}

#[tokio::test]
async fn an_approved_filing_is_linked_by_a_line_that_agrees_with_it() {
    let world = World::start().await;
    stage::set(&world);
    let client = Client::first(&world).await;
    let filing = json!({"goodsName": "导尿管", "unit": "支", "companyName": "公司", "procurecatalogId": "L1", "count": "3",
        "price": "10", "amount": "30", "purchaseDate": "2026-11-18", "reason": "急诊", "responsible": "王芳"});
    let (_, made) = client.submit(&key(), "filing.create", filing, None).await;
    let id = made["id"].as_str().unwrap();
    let linking = |count: &str| {
        let line = json!({"procurecatalogId": "L1", "companyIdPs": "D1", "purchaseCount": count, "purchasePrice": "10",
                          "filingId": id});
        order("补录", &[line])
    };
    let (status, early) = client.submit(&key(), "order.submit", linking("3"), None).await;
    assert_eq!((status, &early["code"]), (422, &json!("wrongState")), "{early}");
    world.platform.approve_filing(id).unwrap();
    let (status, other) = client.submit(&key(), "order.submit", linking("2"), None).await;
    assert_eq!((status, &other["code"]), (422, &json!("invalid")), "{other}");
    let (status, linked) = client.submit(&key(), "order.submit", linking("3"), None).await;
    assert_eq!(status, 200, "{linked}");
    let record = current(&client, "filing", id).await;
    let line = format!("{}001", linked["id"].as_str().unwrap());
    assert_eq!((&record["data"]["state"], &record["data"]["orderDetailId"]), (&json!("4"), &json!(line)));
    let (status, again) = client.submit(&key(), "order.submit", linking("3"), None).await;
    assert_eq!((status, &again["code"]), (422, &json!("wrongState")), "{again}");
}

/// The last word of the feed on every record of a kind.
async fn all(client: &Client, resource: &str) -> Vec<Value> {
    let (changes, _) = client.changes("").await;
    changes.into_iter().filter(|c| c["resource"] == resource).map(|c| c["data"].clone()).collect()
}

#[tokio::test]
async fn a_purchase_lives_from_order_to_payment() {
    let world = World::start().await;
    stage::set(&world);
    let client = Client::first(&world).await;
    let submit = async |kind: &str, payload: Value| {
        let (status, answer) = client.submit(&key(), kind, payload, None).await;
        assert_eq!((status, &answer["outcome"]), (200, &json!("accepted")), "{kind} {answer}");
        answer["id"].as_str().unwrap().to_owned()
    };
    let run = || while world.platform.advance().unwrap() {};
    // Enough lines that some are delivered, whatever becomes of the others.
    let lines: Vec<Value> = (0..30).map(|n| line(&format!("own-{n}"), "10")).collect();
    let ordered = submit("order.submit", order("普通", &lines)).await;
    run();
    let mine = |delivery: &&Value| delivery["orderId"] == json!(ordered);
    for delivery in all(&client, "delivery").await.iter().filter(mine) {
        let line = &delivery["lines"][0];
        let payload = json!({"distributeId": delivery["distributeId"], "lines": [{
            "distributeDetailId": line["distributeDetailId"], "receivedCount": line["distributeCount"]}]});
        submit("receipt.create", payload).await;
    }
    run();
    let own = |line: &&Value| line["orderId"] == json!(ordered);
    let lines = all(&client, "orderLine").await;
    let states: std::collections::BTreeSet<&str> =
        lines.iter().filter(own).map(|line| line["orderDetailState"].as_str().unwrap()).collect();
    assert!(states.contains("8"), "something was received: {states:?}");
    // What came in parts has its second part now.
    for delivery in all(&client, "delivery").await.iter().filter(mine).filter(|d| d["state"] == "1") {
        let line = &delivery["lines"][0];
        let payload = json!({"distributeId": delivery["distributeId"], "lines": [{
            "distributeDetailId": line["distributeDetailId"], "receivedCount": line["distributeCount"]}]});
        submit("receipt.create", payload).await;
    }
    run();
    let billed: Vec<Value> =
        all(&client, "invoice").await.into_iter().filter(|i| i["companyIdPs"] == "D1").collect();
    assert!(billed.len() > 3 && billed.iter().all(|invoice| invoice["state"] == "1"), "{billed:?}");

    // Something goes back after it was billed: a red letter follows where the company takes it.
    let received: Vec<Value> = all(&client, "orderLine")
        .await
        .into_iter()
        .filter(|l| own(&l) && l["orderDetailState"] == "8")
        .collect();
    for line in received.iter().take(3) {
        let back = json!({"kind": "goods", "companyIdPs": "D1", "reason": "未拆封退货", "lines": [{
            "orderDetailId": line["orderDetailId"], "returnCount": "4", "returnAmount": "44"}]});
        submit("return.create", back.clone()).await;
        let mut too_much = back;
        too_much["lines"][0]["returnCount"] = json!("7");
        too_much["lines"][0]["returnAmount"] = json!("77");
        let (status, answer) = client.submit(&key(), "return.create", too_much, None).await;
        assert_eq!((status, &answer["code"]), (422, &json!("exceeds")), "{answer}");
    }
    run();
    let invoices: Vec<Value> =
        all(&client, "invoice").await.into_iter().filter(|i| i["companyIdPs"] == "D1").collect();
    assert!(invoices.iter().any(|invoice| invoice["kind"] == "red"), "a red letter");

    // One goes back to the company, which bills anew; the others are verified, settled, disputed once, and paid.
    let (refused, kept) = invoices.split_first().unwrap();
    let payload = json!({"invoiceId": refused["invoiceId"], "accepted": false, "reason": "抬头错误"});
    submit("invoice.verify", payload).await;
    let ids: Vec<&Value> = kept.iter().map(|invoice| &invoice["invoiceId"]).collect();
    let settle = json!({"kind": "hospital", "companyIdPs": "D1", "period": "2026-11", "invoiceIds": ids});
    let (status, early) = client.submit(&key(), "settlement.create", settle.clone(), None).await;
    assert_eq!((status, &early["code"]), (422, &json!("wrongState")), "{early}");
    for id in &ids {
        submit("invoice.verify", json!({"invoiceId": id, "accepted": true})).await;
    }
    let id = submit("settlement.create", settle.clone()).await;
    let (status, twice) = client.submit(&key(), "settlement.create", settle, None).await;
    assert_eq!((status, &twice["code"]), (422, &json!("duplicate")), "{twice}");
    run();
    submit("settlement.confirm", json!({"settlementId": id, "accepted": false, "reason": "少一张"})).await;
    run();
    submit("settlement.confirm", json!({"settlementId": id, "accepted": true})).await;
    run();
    let settlement = current(&client, "settlement", &id).await["data"].clone();
    assert_eq!((&settlement["state"], settlement["paidTime"].is_string()), (&json!("5"), true));
    let sum: sunbench_domain::Amount =
        kept.iter().map(|i| i["amount"].as_str().unwrap().parse::<sunbench_domain::Amount>().unwrap()).sum();
    assert_eq!(settlement["amount"], json!(sum.to_string()));
    let invoices = all(&client, "invoice").await;
    for id in ids {
        let paid = invoices.iter().find(|invoice| invoice["invoiceId"] == *id).unwrap();
        assert_eq!(paid["state"], "4");
    }
    let anew =
        invoices.iter().filter(|i| i["lines"][0]["orderDetailId"] == refused["lines"][0]["orderDetailId"]);
    assert!(anew.filter(|i| i["state"] == "1").count() >= 1, "billed anew");
}
