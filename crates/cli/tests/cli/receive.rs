//! Receiving by script: whole, from a file, by label; queued at once, sent by the next sync.

use serde_json::{Value, json};
use sunbench_contract::{Resource, canonical_json};
use sunbench_platform::record::Record;

use crate::world::{World, keys, now, set};

/// A delivery of 10 and 5 pieces that has come to the hospital's door.
fn deliver(world: &World, id: &str) {
    let line = |number: u32, count: &str, lot: &str| {
        json!({"distributeDetailId": format!("{id}-{number}"), "procurecatalogId": "P-receive",
               "distributeCount": count, "lotNo": lot, "expiryDate": "2028-02-29",
               "udi": format!("(01)06901234567892(17)280229(10){lot}")})
    };
    let data = json!({
        "distributeId": id, "distributeCode": format!("PS{id}"), "companyIdPs": "D-receive", "state": "1",
        "stateText": "已确认未验收", "distributeTime": "2026-11-20T08:00:00+08:00",
        "arriveTime": "2026-11-20T09:00:00+08:00", "lines": [line(1, "10", "A1"), line(2, "5", "B2")]
    });
    let record = Record {
        institution: Some(world.access.institution.clone()),
        resource: Resource::Delivery,
        id: id.to_owned(),
        upd_time: now(),
        day: now().at().date_naive(),
        doc: id.to_owned(),
        amount: sunbench_domain::Amount::ZERO,
        data: canonical_json(&data).unwrap(),
    };
    world.platform.publish(&[record]).unwrap();
}

#[test]
fn a_delivery_is_received_whole_or_by_a_file() {
    let world = World::start();
    deliver(&world, "990001");
    deliver(&world, "990002");
    let seat = world.synced_seat();

    let unknown = seat.run(&["receive", "--delivery", "PS1", "--all"]);
    assert_eq!(unknown.failure(), "notFound");
    assert!(unknown.stderr.contains("“PS1”"), "{unknown:?}");
    // By its code, as every list names it, or by its id.
    let whole = seat.json(&["receive", "--delivery", "PS990001", "--all"]);
    assert_eq!(keys(&whole), set("submission state"));
    assert_eq!(whole["state"], "queued");
    assert_eq!(seat.json(&["status"])["waiting"], 1, "queued, and no connection was made");
    let again = seat.run(&["receive", "--delivery", "990001", "--all"]);
    assert_eq!((again.code, again.failure()), (1, "wrongState"), "nothing is left: {again:?}");

    // In parts: from JSON, then by label from a table.
    let first = seat.file(
        "一.json",
        json!({"lines": [{"line": "990002-1", "received": 6, "rejected": 1, "rejectReason": "外包装破损"}]})
            .to_string()
            .as_bytes(),
    );
    let second = seat.file(
        "二.csv",
        "UDI,收货数量\n(01)06901234567892(17)280229(10)A1,3\n(01)06901234567892(17)280229(10)B2,5\n"
            .as_bytes(),
    );
    let one = seat.json(&["receive", "--delivery", "990002", "--file", &first]);
    let two = seat.json(&["receive", "--delivery", "990002", "--file", &second]);
    assert_ne!(one["submission"], two["submission"]);

    let file = |name: &str, content: &str| seat.file(name, content.as_bytes());
    for (delivery, file, code) in [
        ("990002", file("a.csv", "配送明细,收货数量\n990002-1,1\n"), "moreThanLeft"),
        ("990002", file("b.csv", "配送明细,收货数量\n990002-9,1\n"), "fieldInvalid"),
        ("990002", file("c.csv", "UDI,收货数量\n(01)06901234567908,1\n"), "fieldInvalid"),
        ("990002", file("d.csv", "名称,数量\n导管,1\n"), "receiptFile"),
        ("990002", file("e.json", "[{]"), "receiptFile"),
        ("990002", file("f.json", "[]"), "fieldRequired"),
        ("nowhere", file("g.csv", "配送明细,收货数量\n990002-1,1\n"), "notFound"),
    ] {
        let answer = seat.run(&["receive", "--delivery", delivery, "--file", &file]);
        assert_eq!((answer.code, answer.failure()), (1, code), "{file} {answer:?}");
    }
    assert_eq!(seat.run(&["receive", "--delivery", "990002"]).code, 2);
    assert_eq!(seat.run(&["receive", "--delivery", "990002", "--all", "--file", &first]).code, 2);

    assert_eq!(seat.json(&["sync"])["waiting"], 0);
    let states: Vec<Value> = seat.states("receipt.create").into_iter().map(Value::from).collect();
    assert_eq!(states, vec![json!("accepted"); 3]);
    // Both are in the store room now, here and there.
    assert_eq!(seat.run(&["receive", "--delivery", "990002", "--all"]).failure(), "wrongState");
    assert_eq!(seat.json(&["sync"])["refused"], 0);
}
