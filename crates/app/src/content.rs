//! What a submission says, field by field, with the names of what its numbers stand for: for the second person who
//! reviews it.

use serde_json::Value;
use sunbench_store::local::outbox::OutboxItem;
use sunbench_store::mirror::{line, purchase, receiving};
use sunbench_store::{Connection, StoreResult};

use crate::subject;
use crate::wire::{ContentField, ContentPart};

/// The content of a submission: its own fields first, then each row of each list.
pub(crate) fn content(conn: &Connection, item: &OutboxItem) -> StoreResult<Vec<ContentPart>> {
    let payload: Value = serde_json::from_str(&item.body).unwrap_or_default();
    let Value::Object(fields) = payload else { return Ok(Vec::new()) };
    let mut own = ContentPart { list: String::new(), row: 0, fields: Vec::new() };
    let mut lists = Vec::new();
    for (name, value) in &fields {
        match value {
            Value::Array(rows) => {
                for (row, value) in (1..).zip(rows) {
                    let fields = match value {
                        Value::Object(fields) => {
                            let field = |(name, value): (&String, &Value)| field(conn, item, name, value);
                            fields.iter().map(field).collect::<StoreResult<Vec<_>>>()?
                        }
                        value => vec![field(conn, item, name, value)?],
                    };
                    lists.push(ContentPart { list: name.clone(), row, fields });
                }
            }
            value => own.fields.push(field(conn, item, name, value)?),
        }
    }
    let mut parts = vec![own];
    parts.extend(lists);
    Ok(parts)
}

fn field(conn: &Connection, item: &OutboxItem, name: &str, value: &Value) -> StoreResult<ContentField> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Ok(ContentField { meaning: meaning(conn, item, name, &text)?, field: name.to_owned(), value: text })
}

/// What an id stands for, in words; `None` for what says itself.
fn meaning(conn: &Connection, item: &OutboxItem, name: &str, id: &str) -> StoreResult<Option<String>> {
    let record = |kind: &str| subject::named(conn, &format!("{kind}:{id}"), "");
    let found = match name {
        "procurecatalogId" => record("negotiationOf")?,
        "companyIdPs" | "companyId" | "officeId" => purchase::org_name(conn, id)?,
        "noticeId" => record("notice")?,
        "orderId" => record("purchaseOrder")?,
        "receiptId" => record("receipt")?,
        "distributeId" => record("delivery")?,
        "invoiceId" | "invoiceIds" => record("invoice")?,
        "settlementId" => record("settlement")?,
        "agreementId" => record("agreement")?,
        "contractId" => record("contract")?,
        "issueId" => record("supplyIssue")?,
        "negotiationId" => record("negotiation")?,
        "evaluationId" => record("evaluation")?,
        "demandReportId" => record("demandReport")?,
        "filingId" => record("filing")?,
        "orderDetailId" | "orderDetailIds" => {
            line::get(conn, id)?.map(|line| format!("{} {}", line.product, line.spec).trim().to_owned())
        }
        "distributeDetailId" => delivered(conn, item, id)?,
        _ => None,
    };
    Ok(found.filter(|words| !words.is_empty()))
}

/// What a line of the delivery is, that a receipt is about.
fn delivered(conn: &Connection, item: &OutboxItem, id: &str) -> StoreResult<Option<String>> {
    let Some(delivery) = item.document.strip_prefix("delivery:") else { return Ok(None) };
    let Some(delivery) = receiving::get(conn, delivery)? else { return Ok(None) };
    let lines = receiving::lines(conn, delivery.key)?;
    let of = lines.into_iter().find(|line| line.id == id);
    Ok(of.map(|line| format!("{} {}", line.product, line.spec).trim().to_owned()))
}
