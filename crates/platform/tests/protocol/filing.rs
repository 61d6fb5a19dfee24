//! 备案补录: submitted, returned, submitted again, approved.

use serde_json::{Value, json};

use crate::client::{Client, key};
use crate::world::World;

fn filing(own_key: &str) -> Value {
    json!({
        "goodsName": "一次性使用无菌导尿管", "goodsSpec": "F16", "unit": "支", "companyName": "外省配送公司",
        "mcsCode": "C14010112200000123450000017", "count": "3", "price": "3.3333", "amount": "10",
        "purchaseDate": "2026-11-18", "reason": "急诊临时采购", "responsible": "王芳", "filingCustomInfo": own_key
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut payload = filing("L-other");
    payload[field] = value;
    payload
}

/// What the feed holds of a filing now.
async fn current(client: &Client, id: &str) -> Value {
    let (changes, _) = client.changes("").await;
    changes.into_iter().rfind(|c| c["resource"] == "filing" && c["id"] == id).unwrap()
}

#[tokio::test]
async fn a_filing_lives_through_its_states() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let (status, made) = client.submit(&key(), "filing.create", filing("L-1"), None).await;
    assert_eq!((status, &made["outcome"], &made["resource"]), (200, &json!("accepted"), &json!("filing")));
    let id = made["id"].as_str().unwrap().to_owned();
    let record = current(&client, &id).await;
    assert_eq!((&record["ver"], &record["data"]["state"]), (&made["ver"], &json!("1")));
    for (field, value) in [
        ("filingId", json!(id)),
        ("amount", json!("10.00")),
        ("operator", json!("王芳")),
        ("filingCustomInfo", json!("L-1")),
        ("stateText", json!("已提交")),
    ] {
        assert_eq!(record["data"][field], value, "{field}");
    }

    // The same purchase is not filed twice, from whatever seat.
    let colleague = Client::of(&world, crate::world::H1, "second", crate::world::PASSWORD).await;
    let (status, twice) = colleague.submit(&key(), "filing.create", filing("L-1"), None).await;
    assert_eq!((status, twice["code"].as_str()), (422, Some("duplicate")), "{twice}");
    // Another hospital's key is its own.
    let other = Client::other_hospital(&world).await;
    assert_eq!(other.submit(&key(), "filing.create", filing("L-1"), None).await.0, 200);

    // Neither returned nor approved yet: it cannot be submitted again.
    let mut again = filing("L-1");
    again["filingId"] = json!(id);
    again["count"] = json!("2");
    again["amount"] = json!("6.67");
    let (status, early) = client.submit(&key(), "filing.create", again.clone(), None).await;
    assert_eq!((status, early["code"].as_str()), (422, Some("wrongState")));

    world.platform.return_filing(&id, "  ").unwrap_err();
    world.platform.return_filing(&id, "请补充随货同行单").unwrap();
    let returned = current(&client, &id).await;
    assert_eq!(
        (&returned["data"]["state"], &returned["data"]["returnReason"]),
        (&json!("3"), &json!("请补充随货同行单"))
    );
    world.platform.approve_filing(&id).unwrap_err();
    let (status, passed) = client.submit(&key(), "filing.create", again.clone(), Some(1)).await;
    assert_eq!((status, passed["code"].as_str()), (412, Some("versionPassed")));
    let (status, result) = client.submit(&key(), "filing.create", again, returned["ver"].as_u64()).await;
    assert_eq!((status, &result["id"]), (200, &json!(id)), "{result}");
    let record = current(&client, &id).await;
    assert_eq!((&record["data"]["state"], &record["data"]["returnReason"]), (&json!("1"), &json!("")));
    assert_eq!(record["data"]["filingCode"], returned["data"]["filingCode"]);
    assert_eq!(record["data"]["count"], "2");

    world.platform.approve_filing(&id).unwrap();
    assert_eq!(current(&client, &id).await["data"]["state"], "2");
    world.platform.approve_filing(&id).unwrap_err();
}

#[tokio::test]
async fn what_is_wrong_with_a_filing_is_said() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    for (payload, field) in [
        (with("goodsName", json!("  ")), "goodsName"),
        (with("unit", json!("")), "unit"),
        (with("companyName", json!("司".repeat(201))), "companyName"),
        (with("reason", json!("")), "reason"),
        (with("responsible", json!("")), "responsible"),
        (with("count", json!("0")), "count"),
        (with("count", json!("-1")), "count"),
        (with("price", json!("-0.01")), "price"),
        (with("amount", json!("9.99")), "amount"),
        (with("count", json!("900000000000")), "amount"),
        (with("purchaseDate", json!("2026-11-21")), "purchaseDate"),
        (with("mcsCode", json!("C1401")), "mcsCode"),
        (with("procurecatalogId", json!("nowhere")), "procurecatalogId"),
        (with("filingId", json!("nowhere")), "filingId"),
        (with("attachments", json!([{"sha256": "x", "name": "单.pdf", "size": 1}])), "attachments[0]"),
        (with("count", json!("1.23456")), "payload"),
    ] {
        let (status, answer) = client.submit(&key(), "filing.create", payload.clone(), None).await;
        assert_eq!((status, answer["field"].as_str()), (422, Some(field)), "{payload} {answer}");
        assert!(!answer["msg"].as_str().unwrap().is_empty());
    }
    let (changes, _) = client.changes("").await;
    assert!(!changes.iter().any(|c| c["resource"] == "filing"), "nothing was filed");
}
