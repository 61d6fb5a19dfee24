//! Translators: what the platform sends becomes rows of the mirror, one translator for each resource.
//!
//! A record that cannot be read goes to quarantine with its field and reason, and costs nothing but itself. An
//! unknown resource, an unknown field and an unknown state code are no failures: they are kept.

mod dimensions;
mod goods;
mod money;
mod notices;
mod orders;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sunbench_contract::{Change, Op, Resource, item_hash, sign};
use sunbench_domain::state::State;
use sunbench_domain::{Amount, SCALE};
use sunbench_store::mirror::{DeleteRow, DocumentRow, Head, Record};

use crate::client::BadItem;

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly every item is a record")]
pub enum Translated {
    /// A row.
    Record(Record),
    /// A bad record, kept whole.
    Quarantined(Quarantined),
}

/// 隔离记录: a record that cannot be read, with what is needed to tell a person and to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The resource's name on the wire; empty where even that cannot be read.
    pub resource: String,
    /// The record's id; the item's SHA-256 where there is none.
    pub id: String,
    /// The record's version.
    pub ver: i64,
    /// The field, as a path such as `lines[0].distributeCount`.
    pub field: String,
    /// Why.
    pub reason: Reason,
    /// The whole item as it came.
    pub item: String,
}

/// Why a record is in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The item cannot even be told what it is.
    Envelope,
    /// A record without data.
    NoData,
    /// A field that has to be there is not.
    MissingField,
    /// A field's value is of the wrong kind, or out of range.
    BadValue,
    /// The record names another id than the item that carries it.
    IdDiffers,
}

impl Reason {
    /// The code that is stored, and that the texts for people hang on.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Envelope => "envelope",
            Self::NoData => "noData",
            Self::MissingField => "missingField",
            Self::BadValue => "badValue",
            Self::IdDiffers => "idDiffers",
        }
    }
}

/// What is wrong with a record, and where.
#[derive(Debug)]
struct Flaw {
    field: String,
    reason: Reason,
}

impl Flaw {
    fn bad(field: &str) -> Self {
        Self { field: field.to_owned(), reason: Reason::BadValue }
    }
}

/// A wire type that becomes a row.
trait Translator: DeserializeOwned {
    /// The name of the field with the record's own id.
    const ID_FIELD: &'static str;
    /// The record's own id.
    fn own_id(&self) -> &str;
    /// The row.
    fn record(self, head: Head) -> Result<Record, Flaw>;
}

/// A wire type that is kept whole.
trait Whole: DeserializeOwned {
    /// The name of the field with the record's own id.
    const ID_FIELD: &'static str;
    /// The record's own id.
    fn own_id(&self) -> &str;
}

macro_rules! kept_whole {
    ($($kind:ident: $id:ident $name:literal,)*) => {$(
        impl Whole for sunbench_contract::$kind {
            const ID_FIELD: &'static str = $name;
            fn own_id(&self) -> &str {
                &self.$id
            }
        }
    )*};
}

kept_whole! {
    PriceList: price_list_id "priceListId",
    Contract: contract_id "contractId",
    DistributionRelation: relation_id "relationId",
    DemandReport: demand_report_id "demandReportId",
    Negotiation: negotiation_id "negotiationId",
    Filing: filing_id "filingId",
    SupplyIssue: issue_id "issueId",
    Evaluation: evaluation_id "evaluationId",
    CodeChange: code_change_id "codeChangeId",
}

/// Translates one item.
///
/// ```
/// use sunbench_sync::translate::{Translated, translate};
/// let change = serde_json::from_str(
///     r#"{"seq":1,"resource":"org","op":"upsert","id":"7","ver":1,"updTime":"2026-11-22T08:00:00+08:00",
///        "data":{"orgId":"7","orgName":"某医院","orgType":"hospital"}}"#,
/// ).unwrap();
/// assert!(matches!(translate(change), Translated::Record(_)));
/// ```
#[must_use]
pub fn translate(change: Change) -> Translated {
    match record(&change) {
        Ok(record) => Translated::Record(record),
        Err(flaw) => Translated::Quarantined(Quarantined {
            item: serde_json::to_string(&change).unwrap_or_default(),
            resource: change.resource,
            id: change.id,
            ver: i64::try_from(change.ver).unwrap_or(i64::MAX),
            field: flaw.field,
            reason: flaw.reason,
        }),
    }
}

/// An item that is not even an item.
#[must_use]
pub fn unreadable(bad: BadItem) -> Quarantined {
    // What can be read of it makes the entry easier to recognise, and a later good version clears it.
    let loose: Value = serde_json::from_str(&bad.raw).unwrap_or_default();
    let text = |name: &str| loose.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = match text("id") {
        id if id.is_empty() => sign::hex(&Sha256::digest(bad.raw.as_bytes())),
        id => id,
    };
    Quarantined {
        resource: text("resource"),
        id,
        ver: loose.get("ver").and_then(Value::as_i64).unwrap_or(0),
        field: String::new(),
        reason: Reason::Envelope,
        item: bad.raw,
    }
}

fn record(change: &Change) -> Result<Record, Flaw> {
    if change.id.is_empty() {
        return Err(Flaw::bad("id"));
    }
    let ver = i64::try_from(change.ver).map_err(|_| Flaw::bad("ver"))?;
    if ver == 0 {
        // The mirror keeps version 0 for records that are only referred to.
        return Err(Flaw::bad("ver"));
    }
    if change.op == Op::Delete {
        return Ok(Record::Delete(DeleteRow {
            resource: change.resource.clone(),
            id: change.id.clone(),
            ver,
        }));
    }
    let data = change.data.as_deref().ok_or(Flaw { field: String::new(), reason: Reason::NoData })?;
    match Resource::from_name(&change.resource) {
        Some(Resource::Org) => typed::<sunbench_contract::Org>(change, ver, data),
        Some(Resource::Product) => typed::<sunbench_contract::Product>(change, ver, data),
        Some(Resource::HospItem) => typed::<sunbench_contract::HospItem>(change, ver, data),
        Some(Resource::Agreement) => typed::<sunbench_contract::Agreement>(change, ver, data),
        Some(Resource::Order) => typed::<sunbench_contract::Order>(change, ver, data),
        Some(Resource::OrderLine) => typed::<sunbench_contract::OrderLine>(change, ver, data),
        Some(Resource::Delivery) => typed::<sunbench_contract::Delivery>(change, ver, data),
        Some(Resource::Receipt) => typed::<sunbench_contract::Receipt>(change, ver, data),
        Some(Resource::Return) => typed::<sunbench_contract::Return>(change, ver, data),
        Some(Resource::Invoice) => typed::<sunbench_contract::Invoice>(change, ver, data),
        Some(Resource::Settlement) => typed::<sunbench_contract::Settlement>(change, ver, data),
        Some(Resource::Notice) => typed::<sunbench_contract::Notice>(change, ver, data),
        Some(Resource::NoticeReply) => typed::<sunbench_contract::NoticeReply>(change, ver, data),
        Some(Resource::CheckIn) => typed::<sunbench_contract::CheckIn>(change, ver, data),
        Some(Resource::PriceList) => whole::<sunbench_contract::PriceList>(change, ver, data),
        Some(Resource::Contract) => whole::<sunbench_contract::Contract>(change, ver, data),
        Some(Resource::DistributionRelation) => {
            whole::<sunbench_contract::DistributionRelation>(change, ver, data)
        }
        Some(Resource::DemandReport) => whole::<sunbench_contract::DemandReport>(change, ver, data),
        Some(Resource::Negotiation) => whole::<sunbench_contract::Negotiation>(change, ver, data),
        Some(Resource::Filing) => whole::<sunbench_contract::Filing>(change, ver, data),
        Some(Resource::SupplyIssue) => whole::<sunbench_contract::SupplyIssue>(change, ver, data),
        Some(Resource::Evaluation) => whole::<sunbench_contract::Evaluation>(change, ver, data),
        Some(Resource::CodeChange) => whole::<sunbench_contract::CodeChange>(change, ver, data),
        Some(
            Resource::Indicator
            | Resource::Ranking
            | Resource::Rule
            | Resource::Calendar
            | Resource::Announcement,
        )
        | None => untyped(change, ver, data),
    }
}

/// A record that is kept as it came. Raw JSON may still hold half a character, or be too deep for any reader.
fn untyped(change: &Change, ver: i64, data: &RawValue) -> Result<Record, Flaw> {
    serde_json::from_str::<Value>(data.get()).map_err(|_| Flaw::bad(""))?;
    Ok(Record::Document(DocumentRow {
        resource: change.resource.clone(),
        id: change.id.clone(),
        ver,
        hash: item_hash(&change.id, change.ver, data.get()).to_be_bytes(),
        updated_at: change.upd_time.unix(),
        data: data.get().to_owned(),
    }))
}

/// A record that is kept whole, once it has been read as what it is: screens read it the same way.
fn whole<T: Whole>(change: &Change, ver: i64, data: &RawValue) -> Result<Record, Flaw> {
    let read: T = serde_json::from_str(data.get()).map_err(|_| explain::<T>(data))?;
    if read.own_id() != change.id {
        return Err(Flaw { field: T::ID_FIELD.to_owned(), reason: Reason::IdDiffers });
    }
    untyped(change, ver, data)
}

fn typed<T: Translator>(change: &Change, ver: i64, data: &RawValue) -> Result<Record, Flaw> {
    let mut unknown = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(data.get());
    let wire: T = serde_ignored::deserialize(&mut reader, |path| unknown.push(path.to_string()))
        .map_err(|_| explain::<T>(data))?;
    if wire.own_id() != change.id {
        return Err(Flaw { field: T::ID_FIELD.to_owned(), reason: Reason::IdDiffers });
    }
    wire.record(Head {
        id: change.id.clone(),
        ver,
        hash: item_hash(&change.id, change.ver, data.get()).to_be_bytes(),
        extra: if unknown.is_empty() { None } else { extra(data, unknown) },
    })
}

/// Reads a bad record once more, now minding where it goes wrong.
fn explain<T: DeserializeOwned>(data: &RawValue) -> Flaw {
    let mut reader = serde_json::Deserializer::from_str(data.get());
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut reader) else { return Flaw::bad("") };
    let path = match error.path().to_string() {
        path if path == "." => String::new(),
        path => path,
    };
    let message = error.inner().to_string();
    match message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
        Some((name, _)) if path.is_empty() => Flaw { field: name.to_owned(), reason: Reason::MissingField },
        Some((name, _)) => Flaw { field: format!("{path}.{name}"), reason: Reason::MissingField },
        None => Flaw { field: path, reason: Reason::BadValue },
    }
}

/// The fields that this version does not know, by their path.
fn extra(data: &RawValue, unknown: Vec<String>) -> Option<String> {
    let whole: Value = serde_json::from_str(data.get()).ok()?;
    let kept: Map<String, Value> = unknown
        .into_iter()
        .filter_map(|path| {
            let pointer = format!("/{}", path.replace('.', "/"));
            // A name with a dot or a slash in it has no such pointer; its whole branch is kept instead.
            if let Some(value) = whole.pointer(&pointer) {
                return Some((path, value.clone()));
            }
            let top = path.split('.').next().unwrap_or_default();
            whole.get(top).map(|value| (top.to_owned(), value.clone()))
        })
        .collect();
    serde_json::to_string(&kept).ok()
}

/// Money past this is a mistake of somebody's, and would overflow where amounts are added up: in yuan.
const MOST_YUAN: i64 = 100_000_000_000;

/// Refuses an amount that cannot be meant.
fn plausible(amount: Amount, field: &str) -> Result<Amount, Flaw> {
    if amount.units().unsigned_abs() > (MOST_YUAN * SCALE).unsigned_abs() {
        Err(Flaw::bad(field))
    } else {
        Ok(amount)
    }
}

/// The canonical state of a platform's raw code; empty where this version does not know it.
fn state_code<S: State>(raw: &str) -> &'static str {
    S::from_raw(raw).map_or("", State::code)
}

#[cfg(test)]
mod tests;
