//! What a submission is about: its title for people, and the version of its record now.

use serde_json::Value;
use sunbench_contract::{OrderSubmitPayload, Resource};
use sunbench_store::local::outbox::OutboxItem;
use sunbench_store::mirror::{billing, document, notice, purchase, receiving};
use sunbench_store::{Connection, StoreResult};

/// The kinds of records that are kept whole, by the outbox's groups.
const KEPT: [(&str, Resource); 7] = [
    ("supplyIssue", Resource::SupplyIssue),
    ("negotiation", Resource::Negotiation),
    ("filing", Resource::Filing),
    ("contract", Resource::Contract),
    ("evaluation", Resource::Evaluation),
    ("demandReport", Resource::DemandReport),
    ("distributionRelation", Resource::DistributionRelation),
];

fn kept(conn: &Connection, kind: &str, id: &str) -> StoreResult<Option<document::Document>> {
    match KEPT.iter().find(|(name, _)| *name == kind) {
        Some((_, resource)) => document::get(conn, resource.name(), id),
        None => Ok(None),
    }
}

/// Whether [`version`] knows records of this kind.
pub(crate) fn is_known(kind: &str) -> bool {
    ["agreement", "invoice", "settlement", "return"].contains(&kind)
        || KEPT.iter().any(|(name, _)| *name == kind)
}

/// The version that a record has now; `None` where there is no record yet.
pub(crate) fn version(conn: &Connection, group: &str) -> StoreResult<Option<i64>> {
    let Some((kind, id)) = group.split_once(':') else { return Ok(None) };
    Ok(match kind {
        "notice" => notice::get(conn, id)?.map(|found| found.ver),
        "delivery" => receiving::get(conn, id)?.map(|found| found.ver),
        "receipt" => receiving::receipt(conn, id)?.map(|found| found.ver),
        "purchaseOrder" => purchase::order(conn, id)?.map(|found| found.ver),
        "agreement" => purchase::agreement(conn, id)?.map(|found| found.ver),
        "invoice" => billing::invoice(conn, id)?.map(|found| found.ver),
        "settlement" => billing::settlement(conn, id)?.map(|found| found.ver),
        "return" => billing::goods_return(conn, id)?.map(|found| found.ver),
        kind => kept(conn, kind, id)?.map(|found| found.ver),
    })
}

/// What a submission is about, for people: empty where its record is not here.
pub(crate) fn title(conn: &Connection, item: &OutboxItem) -> StoreResult<String> {
    Ok(named(conn, &item.document, &item.body)?.unwrap_or_default())
}

/// What a record is called, by its outbox group; from `body` where the platform has none yet.
pub(crate) fn named(conn: &Connection, document: &str, body: &str) -> StoreResult<Option<String>> {
    let Some((kind, id)) = document.split_once(':') else { return Ok(None) };
    let joined = |a: String, b: String| format!("{a} {b}").trim().to_owned();
    let found = match kind {
        "notice" => notice::get(conn, id)?.map(|found| found.title),
        "delivery" => receiving::get(conn, id)?.map(|found| joined(found.supplier, found.code)),
        "receipt" => receiving::receipt(conn, id)?.map(|found| found.code),
        "purchaseOrder" => purchase::order(conn, id)?.map(|found| found.code),
        "return" | "settlementOf" => purchase::org_name(conn, id)?,
        "invoice" => billing::invoice(conn, id)?.map(|found| joined(found.supplier, found.number)),
        "settlement" => billing::settlement(conn, id)?.map(|found| joined(found.supplier, found.code)),
        "negotiationOf" => product(conn, id)?,
        "order" => order(body),
        "agreement" => match purchase::agreement(conn, id)? {
            Some(found) => purchase::org_name(conn, &found.maker)?,
            None => None,
        },
        kind => of_record(conn, kind, id, body)?,
    };
    Ok(found)
}

fn product(conn: &Connection, id: &str) -> StoreResult<Option<String>> {
    Ok(purchase::product(conn, id)?.map(|found| format!("{} {}", found.name, found.spec).trim().to_owned()))
}

/// What an order asks for that the platform has not made yet.
fn order(body: &str) -> Option<String> {
    let order: OrderSubmitPayload = serde_json::from_str(body).ok()?;
    Some(format!("{} {} {} 项", order.hospital_dept, order.order_type, order.lines.len()).trim().to_owned())
}

/// From the record, or from what was written where the platform has none yet.
fn of_record(conn: &Connection, kind: &str, id: &str, body: &str) -> StoreResult<Option<String>> {
    let data = kept(conn, kind, id)?.map_or_else(|| body.to_owned(), |found| found.data);
    let record: Value = serde_json::from_str(&data).unwrap_or_default();
    let text = |field: &str| record.get(field).and_then(Value::as_str);
    if let Some(name) = text("goodsName").or_else(|| text("varietyName")).or_else(|| text("contractCode")) {
        return Ok(Some(name.to_owned()));
    }
    if let Some(id) = text("procurecatalogId") {
        return product(conn, id);
    }
    match text("companyId") {
        Some(id) => purchase::org_name(conn, id),
        None => Ok(None),
    }
}
