//! What a purchase needs: products, companies, prices, an agreement.

use serde_json::{Value, json};
use sunbench_contract::{Resource, canonical_json};
use sunbench_platform::record::Record;

use crate::client::Client;
use crate::world::{H1, World, now, today};

/// A record from its JSON.
pub(crate) fn raw(institution: Option<&str>, resource: Resource, id: &str, data: &Value) -> Record {
    Record {
        institution: institution.map(str::to_owned),
        resource,
        id: id.to_owned(),
        upd_time: now(),
        day: today(),
        doc: id.to_owned(),
        amount: data["amount"].as_str().map_or_else(Default::default, |text| text.parse().unwrap()),
        data: canonical_json(data).unwrap(),
    }
}

fn product(id: &str, state: &str, code: &str) -> Value {
    json!({
        "procurecatalogId": id, "goodsName": "导尿管", "goodsSpec": "F16", "goodsModel": "A", "mcsCode": code,
        "udiDi": "06901234567892", "unit": "支", "category": "管路", "companyIdTb": "M1", "regNo": "国械注准1",
        "purchaseType": "阳光", "selected": false, "price": "12.5", "state": state
    })
}

fn org(id: &str, kind: &str) -> Value {
    json!({"orgId": id, "orgType": kind, "orgName": format!("{kind} {id}")})
}

pub(crate) fn agreement(id: &str, state: &str, start: &str, end: &str, maker: &str) -> Value {
    json!({
        "agreementId": id, "batchName": "第一批", "varietyName": "导尿管", "procurecatalogId": "L1",
        "companyIdTb": maker, "companyIdPs": "D1", "unit": "支", "agreedCount": "100", "startDate": start,
        "endDate": end, "signDeadline": "2026-11-30", "state": state, "stateText": ""
    })
}

/// Sets the stage: product L1 at 12.5 (11 from today), D1 may deliver it, and much that is not in order.
pub(crate) fn set(world: &World) {
    let relation = |id: &str, ps: &str, end: &str, state: &str| {
        json!({"relationId": id, "companyIdTb": "M1", "companyIdPs": ps, "startDate": "2026-01-01", "endDate": end,
               "state": state, "stateText": ""})
    };
    let prices = |id: &str, from: &str, price: &str| {
        json!({"priceListId": id, "listName": id, "kind": "linkage", "effectiveTime": from,
               "transitionEnd": "2026-12-31", "items": [{"procurecatalogId": "L1", "oldPrice": "12.5", "price": price}]})
    };
    let change = json!({"codeChangeId": "K1", "kind": "disable", "procurecatalogId": "L3", "goodsName": "导尿管",
        "oldCode": "C14010112200000999990000017", "effectiveDate": "2026-11-20", "reason": "停用"});
    let whole_year = ("2026-01-01", "2026-12-31");
    let records = [
        raw(None, Resource::Org, "M1", &org("M1", "manufacturer")),
        raw(None, Resource::Org, "D1", &org("D1", "distributor")),
        raw(None, Resource::Org, "O1", &org("O1", "office")),
        raw(None, Resource::Product, "L1", &product("L1", "1", "C14010112200000123450000017")),
        raw(None, Resource::Product, "L2", &product("L2", "0", "C14010112200000123450000018")),
        raw(None, Resource::Product, "L3", &product("L3", "1", "C14010112200000999990000017")),
        raw(None, Resource::DistributionRelation, "R1", &relation("R1", "D1", "2026-12-31", "1")),
        raw(None, Resource::DistributionRelation, "R2", &relation("R2", "D2", "2026-11-19", "1")),
        raw(None, Resource::DistributionRelation, "R3", &relation("R3", "D3", "2026-12-31", "0")),
        raw(None, Resource::PriceList, "Q1", &prices("Q1", "2026-11-20T00:00:00+08:00", "11")),
        raw(None, Resource::PriceList, "Q2", &prices("Q2", "2026-12-01T00:00:00+08:00", "9")),
        raw(None, Resource::CodeChange, "K1", &change),
        raw(Some(H1), Resource::Agreement, "A1", &agreement("A1", "2", whole_year.0, whole_year.1, "M1")),
        raw(Some(H1), Resource::Agreement, "A2", &agreement("A2", "0", whole_year.0, whole_year.1, "M1")),
        raw(Some(H1), Resource::Agreement, "A3", &agreement("A3", "2", whole_year.0, "2026-11-19", "M1")),
        raw(Some(H1), Resource::Agreement, "A4", &agreement("A4", "2", whole_year.0, whole_year.1, "M2")),
    ];
    world.platform.publish(&records).unwrap();
}

/// The feed's last word on one record.
pub(crate) async fn current(client: &Client, resource: &str, id: &str) -> Value {
    let (changes, _) = client.changes("").await;
    let found = changes.into_iter().rfind(|c| c["resource"] == resource && c["id"] == id);
    found.unwrap_or_else(|| panic!("no {resource} {id}"))
}

/// One line of an order.
pub(crate) fn line(own_key: &str, count: &str) -> Value {
    json!({"procurecatalogId": "L1", "companyIdPs": "D1", "purchaseCount": count, "purchasePrice": "11",
           "orderCustomInfo": own_key})
}

pub(crate) fn order(kind: &str, lines: &[Value]) -> Value {
    json!({"orderType": kind, "hospitalDept": "泌尿外科", "lines": lines})
}
