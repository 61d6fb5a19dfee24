use serde_json::{Value, json};
use sunbench_domain::Amount;

use super::*;

/// An item with this record.
fn item(resource: &str, id: &str, data: &Value) -> Change {
    serde_json::from_value(json!({
        "seq": 1, "resource": resource, "op": "upsert", "id": id, "ver": 3,
        "updTime": "2026-11-22T08:00:00+08:00", "data": data
    }))
    .unwrap()
}

fn line() -> Value {
    json!({
        "orderDetailId": "9007199254740993001", "orderId": "o1", "orderCode": "DD-1", "lineNo": 2,
        "procurecatalogId": "p1", "companyIdTb": "m1", "companyIdPs": "s1", "unit": "个",
        "purchaseCount": "10", "purchasePrice": "12.3456", "purchaseAmount": "123.46", "orderType": "普通",
        "orderDetailState": "2", "stateText": "待配送", "submitTime": "2026-11-20 09:30:00",
        "distributeCount": "0", "receivedCount": "0", "returnCount": "0.5"
    })
}

/// The record with one field set, or taken away where `value` is null.
fn with(mut record: Value, field: &str, value: Value) -> Value {
    let fields = record.as_object_mut().unwrap();
    if value.is_null() {
        fields.remove(field);
    } else {
        fields.insert(field.to_owned(), value);
    }
    record
}

const LINE_ID: &str = "9007199254740993001";

#[test]
fn an_order_line_becomes_a_row() {
    let change = item("orderLine", LINE_ID, &line());
    let data = change.data.as_ref().unwrap().get().to_owned();
    let Translated::Record(Record::OrderLine(row)) = translate(change) else { panic!("not an order line") };
    assert_eq!(row.head.id, LINE_ID);
    assert_eq!(row.head.ver, 3);
    assert_eq!(row.head.hash, item_hash(LINE_ID, 3, &data).to_be_bytes());
    assert_eq!(row.head.extra, None);
    assert_eq!(row.amount, "123.46".parse::<Amount>().unwrap());
    assert_eq!((row.price.units(), row.returned.units()), (123_456, 5_000));
    assert_eq!(row.submit_at, 1_795_138_200, "2026-11-20 09:30:00 in Shanghai");
    assert_eq!((row.state, row.late, row.raw_state.as_str()), ("ACCEPTED", false, "2"));
}

fn filing() -> Value {
    json!({
        "filingId": "f1", "filingCode": "BA-1", "goodsName": "导尿管", "goodsSpec": "F16", "unit": "支",
        "companyName": "某公司", "count": "3", "price": "10", "amount": "30", "purchaseDate": "2026-11-18",
        "reason": "急诊", "responsible": "王芳", "state": "1", "stateText": "已提交", "returnReason": "",
        "aFieldOfTomorrow": 7
    })
}

#[test]
fn a_record_without_a_table_is_read_and_kept_whole() {
    let change = item("filing", "f1", &filing());
    let data = change.data.as_ref().unwrap().get().to_owned();
    let Translated::Record(Record::Document(row)) = translate(change) else { panic!("not a filing") };
    assert_eq!((row.resource.as_str(), row.id.as_str(), row.data), ("filing", "f1", data));
    for (record, id, field, reason) in [
        (with(filing(), "amount", json!("much")), "f1", "amount", Reason::BadValue),
        (with(filing(), "reason", Value::Null), "f1", "reason", Reason::MissingField),
        (filing(), "f2", "filingId", Reason::IdDiffers),
    ] {
        let Translated::Quarantined(bad) = translate(item("filing", id, &record)) else { panic!("{record}") };
        assert_eq!((bad.field.as_str(), bad.reason), (field, reason));
    }
}

#[test]
fn states_known_and_unknown() {
    for (raw, state, late) in [
        ("1", "SUBMITTED", false),
        ("6", "ACCEPTED", true),
        ("9", "CANCELLED", false),
        ("77", "", false),
        ("", "", false),
    ] {
        let record = with(with(line(), "orderDetailState", json!(raw)), "stateText", json!("平台新状态"));
        let Translated::Record(Record::OrderLine(row)) = translate(item("orderLine", LINE_ID, &record))
        else {
            panic!("{raw}")
        };
        assert_eq!((row.state, row.late), (state, late), "{raw}");
        assert_eq!(
            (row.raw_state.as_str(), row.state_text.as_str()),
            (raw, "平台新状态"),
            "kept as the platform has it"
        );
    }
}

#[test]
fn fields_of_tomorrow_are_kept() {
    let delivery = json!({
        "distributeId": "d1", "distributeCode": "PS-1", "companyIdPs": "s1", "state": "1", "stateText": "",
        "distributeTime": "2026-11-20T09:30:00+08:00", "coldChain": {"min": 2, "max": 8},
        "lines": [{
            "distributeDetailId": "l1", "procurecatalogId": "p1", "distributeCount": "1", "a.b": [1], "boxNo": "箱1"
        }]
    });
    let Translated::Record(Record::Delivery(row, lines)) = translate(item("delivery", "d1", &delivery))
    else {
        panic!("not a delivery")
    };
    assert_eq!(lines.len(), 1);
    let extra: Value = serde_json::from_str(row.head.extra.as_deref().unwrap()).unwrap();
    assert_eq!(extra["coldChain"], json!({"min": 2, "max": 8}));
    assert_eq!(extra["lines.0.boxNo"], json!("箱1"));
    assert_eq!(extra["lines"][0]["a.b"], json!([1]), "a name that is no path keeps its whole branch");
}

#[test]
fn bad_records_say_where_and_why() {
    let receipt = |count: Value| {
        json!({
            "receiptId": "r1", "receiptCode": "", "distributeId": "d1", "companyIdPs": "s1", "state": "1",
            "stateText": "", "receiveTime": "2026-11-20T09:30:00+08:00", "operator": "",
            "lines": [
                {"receiptDetailId": "a", "distributeDetailId": "b", "receivedCount": "1", "rejectedCount": "0"},
                {"receiptDetailId": "c", "distributeDetailId": "d", "receivedCount": count, "rejectedCount": "0"}
            ]
        })
    };
    let hosp_item = json!({
        "hospItemId": "h1", "itemCode": "", "itemName": "", "procurecatalogId": "p1", "unit": "",
        "factorNum": 1, "factorDen": 0
    });
    for (resource, id, record, field, reason) in [
        ("orderLine", LINE_ID, with(line(), "unit", Value::Null), "unit", Reason::MissingField),
        (
            "orderLine",
            LINE_ID,
            with(line(), "purchasePrice", json!("1e3")),
            "purchasePrice",
            Reason::BadValue,
        ),
        ("orderLine", LINE_ID, with(line(), "purchasePrice", json!(12.5)), "purchasePrice", Reason::BadValue),
        (
            "orderLine",
            LINE_ID,
            with(line(), "purchasePrice", json!("0.00001")),
            "purchasePrice",
            Reason::BadValue,
        ),
        (
            "orderLine",
            LINE_ID,
            with(line(), "submitTime", json!("yesterday")),
            "submitTime",
            Reason::BadValue,
        ),
        ("orderLine", LINE_ID, with(line(), "lineNo", json!(-1)), "lineNo", Reason::BadValue),
        (
            "orderLine",
            LINE_ID,
            with(line(), "purchaseAmount", json!("900000000000")),
            "purchaseAmount",
            Reason::BadValue,
        ),
        ("orderLine", "another", line(), "orderDetailId", Reason::IdDiffers),
        ("orderLine", LINE_ID, json!("text"), "", Reason::BadValue),
        ("receipt", "r1", receipt(json!("x")), "lines[1].receivedCount", Reason::BadValue),
        ("receipt", "r1", receipt(json!({})), "lines[1].receivedCount", Reason::BadValue),
        ("hospItem", "h1", hosp_item, "factorDen", Reason::BadValue),
        ("org", "", json!({}), "id", Reason::BadValue),
    ] {
        let change = item(resource, id, &record);
        let whole = serde_json::to_string(&change).unwrap();
        let Translated::Quarantined(bad) = translate(change) else { panic!("{resource}: {record} passed") };
        assert_eq!((bad.field.as_str(), bad.reason), (field, reason), "{resource}: {record}");
        assert_eq!((bad.resource.as_str(), bad.id.as_str(), bad.ver), (resource, id, 3));
        assert_eq!(bad.item, whole, "nothing of it is lost");
        assert!(serde_json::from_str::<Change>(&bad.item).is_ok(), "it can be tried again");
    }
}

#[test]
fn unknown_resources_are_documents() {
    let Translated::Record(Record::Document(row)) = translate(item("hologram", "x", &json!({"a": 1}))) else {
        panic!("not a document")
    };
    assert_eq!((row.resource.as_str(), row.data.as_str()), ("hologram", r#"{"a":1}"#));
}

#[test]
fn a_document_that_no_reader_could_read_is_set_aside() {
    for data in [r#"{"text":"\ud800"}"#.to_owned(), format!("{}{}", "[".repeat(200), "]".repeat(200))] {
        let text = format!(
            r#"{{"seq":1,"resource":"rule","op":"upsert","id":"1","ver":1,"updTime":"2026-11-22T08:00:00+08:00","data":{data}}}"#
        );
        let change: Change = serde_json::from_str(&text).unwrap();
        let Translated::Quarantined(bad) = translate(change) else { panic!("{data} passed") };
        assert_eq!((bad.field.as_str(), bad.reason, bad.item), ("", Reason::BadValue, text));
    }
}

#[test]
fn deletions_and_empty_items() {
    let mut change = item("orderLine", LINE_ID, &line());
    (change.op, change.data) = (Op::Delete, None);
    assert!(matches!(translate(change.clone()), Translated::Record(Record::Delete(row)) if row.ver == 3));
    change.op = Op::Upsert;
    assert!(
        matches!(translate(change.clone()), Translated::Quarantined(bad) if bad.reason == Reason::NoData)
    );
    change.ver = u64::MAX;
    assert!(matches!(translate(change.clone()), Translated::Quarantined(bad) if bad.field == "ver"));
    change.ver = 0;
    assert!(matches!(translate(change), Translated::Quarantined(bad) if bad.field == "ver"));
}

#[test]
fn what_is_no_item_keeps_what_can_be_read_of_it() {
    for (raw, resource, id) in [
        (r#"{"seq":1,"resource":"org","id":"7","op":"explode"}"#, "org", Some("7")),
        (r#"{"id":7}"#, "", None),
        ("nonsense", "", None),
    ] {
        let bad = unreadable(BadItem { raw: raw.to_owned(), reason: String::new() });
        assert_eq!(bad.resource, resource);
        assert_eq!(bad.id.len(), id.map_or(64, str::len), "{raw}");
        assert_eq!((bad.item.as_str(), bad.reason), (raw, Reason::Envelope));
    }
    let ids: std::collections::HashSet<_> = ["a", "b"]
        .map(|raw| unreadable(BadItem { raw: raw.to_owned(), reason: String::new() }).id)
        .into_iter()
        .collect();
    assert_eq!(ids.len(), 2, "two of them do not overwrite each other");
}

proptest::proptest! {
    #[test]
    fn no_data_panics(data in ".{0,40}", resource in 0..Resource::ALL.len()) {
        let text = serde_json::to_string(&data).unwrap();
        for data in [text, format!(r#"{{"{}":1}}"#, data.replace(['"', '\\'], ""))] {
            let Ok(raw) = RawValue::from_string(data) else { continue };
            let mut change = item(Resource::ALL[resource].name(), "1", &Value::Null);
            change.data = Some(raw);
            let _ = translate(change);
        }
    }
}
