//! The published records: what is written, and how one is found.

use chrono::{Datelike, Days, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sunbench_contract::time::Instant;
use sunbench_contract::{Filing, Invoice, OrderLine, Part, Resource, Return, Settlement, canonical_json};
use sunbench_domain::Amount;

use crate::error::Error;

/// Documents of so many days before today belong to [`Part::Recent`].
const RECENT_DAYS: u64 = 90;

/// The `part` column: documents are kept together and told apart by their day when they are asked for.
const RULES: i64 = 0;
const NOTICES: i64 = 1;
const DOCUMENTS: i64 = 2;

pub(crate) const fn part_of(resource: Resource) -> i64 {
    use Resource as R;
    match resource {
        R::Org
        | R::Product
        | R::HospItem
        | R::PriceList
        | R::Agreement
        | R::Contract
        | R::DistributionRelation
        | R::Rule
        | R::Calendar
        | R::CodeChange => RULES,
        R::Notice | R::NoticeReply | R::CheckIn | R::Announcement | R::Indicator | R::Ranking => NOTICES,
        R::DemandReport
        | R::Order
        | R::OrderLine
        | R::Delivery
        | R::Receipt
        | R::Return
        | R::Invoice
        | R::Settlement
        | R::Negotiation
        | R::Filing
        | R::SupplyIssue
        | R::Evaluation => DOCUMENTS,
    }
}

/// The `age` column of a business day.
pub(crate) fn age_of(day: NaiveDate) -> i64 {
    -i64::from(day.num_days_from_ce())
}

/// The business day of an `age`.
pub(crate) fn day_of(age: i64) -> NaiveDate {
    let day = i32::try_from(-age).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
    day.unwrap_or(NaiveDate::MIN)
}

/// The rows of one part: the `part` column, and the least and greatest `age`.
pub(crate) fn range_of(part: Part, today: NaiveDate, before: Option<NaiveDate>) -> (i64, i64, i64) {
    // The oldest recent day; the day before it is the newest of the history.
    let edge = age_of(today.checked_sub_days(Days::new(RECENT_DAYS)).unwrap_or(NaiveDate::MIN));
    match part {
        Part::Rules => (RULES, i64::MIN, i64::MAX),
        Part::Notices => (NOTICES, i64::MIN, i64::MAX),
        Part::Recent => (DOCUMENTS, i64::MIN, edge),
        Part::History => {
            let least = before.map_or(edge + 1, |before| (age_of(before) + 1).max(edge + 1));
            (DOCUMENTS, least, i64::MAX)
        }
    }
}

/// One record with where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Stored<T> {
    pub(crate) institution: String,
    pub(crate) seq: u64,
    pub(crate) ver: u64,
    pub(crate) upd_time: String,
    pub(crate) age: i64,
    pub(crate) doc: String,
    pub(crate) data: T,
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored<String>> {
    Ok(Stored {
        institution: row.get(0)?,
        seq: row.get(1)?,
        ver: row.get(2)?,
        upd_time: row.get(3)?,
        age: row.get(4)?,
        doc: row.get(5)?,
        data: row.get(6)?,
    })
}

fn parsed<T: DeserializeOwned>(raw: Stored<String>) -> Result<Stored<T>, Error> {
    let Stored { institution, seq, ver, upd_time, age, doc, data } = raw;
    Ok(Stored { institution, seq, ver, upd_time, age, doc, data: serde_json::from_str(&data)? })
}

const FIND: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = ?1 AND id = ?2 AND op = 1";
const OF_DOC: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE institution = ?1 AND part = ?2 AND age = ?3 AND doc = ?4 AND op = 1 AND resource = ?5 ORDER BY place";
const OF_DAY: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE institution = ?1 AND part = ?2 AND age = ?3 AND op = 1 AND resource = ?4";
const OF_RESOURCE: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = ?1 AND op = 1";
const RECEIPTS_OF: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = 'receipt' AND op = 1 AND json_extract(data, '$.distributeId') = ?1";

const FILINGS_BY_OWN_KEY: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = 'filing' AND op = 1 AND json_extract(data, '$.filingCustomInfo') = ?1";
const LINES_BY_OWN_KEY: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = 'orderLine' AND op = 1 AND json_extract(data, '$.orderCustomInfo') = ?1";
const RETURNS_OF: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = 'return' AND op = 1 AND institution = ?1 AND json_extract(data, '$.companyIdPs') = ?2";
const INVOICES_OF: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = 'invoice' AND op = 1 AND institution = ?1 AND json_extract(data, '$.companyIdPs') = ?2";
const SETTLEMENTS_OF: &str = "SELECT institution, seq, ver, upd_time, age, doc, data FROM object
 WHERE resource = 'settlement' AND op = 1 AND institution = ?1 AND json_extract(data, '$.companyIdPs') = ?2";

#[cfg(test)]
pub(crate) const QUERIES: [&str; 11] = [
    FIND,
    OF_DOC,
    OF_DAY,
    OF_RESOURCE,
    RECEIPTS_OF,
    FILINGS_BY_OWN_KEY,
    LINES_BY_OWN_KEY,
    RETURNS_OF,
    INVOICES_OF,
    SETTLEMENTS_OF,
    crate::api::DIGEST,
];

/// A record by its id, whoever sees it.
pub(crate) fn find<T: DeserializeOwned>(
    connection: &Connection,
    resource: Resource,
    id: &str,
) -> Result<Option<Stored<T>>, Error> {
    connection
        .prepare_cached(FIND)?
        .query_row(params![resource.name(), id], stored)
        .optional()?
        .map(parsed)
        .transpose()
}

/// A record by its id, if this hospital sees it as its own.
pub(crate) fn find_own<T: DeserializeOwned>(
    connection: &Connection,
    institution: &str,
    resource: Resource,
    id: &str,
) -> Result<Option<Stored<T>>, Error> {
    Ok(find(connection, resource, id)?.filter(|found| found.institution == institution))
}

fn list<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Stored<T>>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(values, stored)?;
    rows.map(|row| parsed(row?)).collect()
}

/// The records of one kind in a document, in their order.
pub(crate) fn of_doc<T: DeserializeOwned, H>(
    connection: &Connection,
    resource: Resource,
    header: &Stored<H>,
) -> Result<Vec<Stored<T>>, Error> {
    let (institution, age, doc) = (&header.institution, header.age, &header.doc);
    list(connection, OF_DOC, params![institution, part_of(resource), age, doc, resource.name()])
}

/// A hospital's records of one kind and business day.
pub(crate) fn of_day<T: DeserializeOwned>(
    connection: &Connection,
    institution: &str,
    resource: Resource,
    day: NaiveDate,
) -> Result<Vec<Stored<T>>, Error> {
    list(connection, OF_DAY, params![institution, part_of(resource), age_of(day), resource.name()])
}

/// Every record of one kind, of every hospital; for the small kinds only.
pub(crate) fn of_resource<T: DeserializeOwned>(
    connection: &Connection,
    resource: Resource,
) -> Result<Vec<Stored<T>>, Error> {
    list(connection, OF_RESOURCE, params![resource.name()])
}

/// The receipts of one delivery.
pub(crate) fn receipts_of<T: DeserializeOwned>(
    connection: &Connection,
    distribute_id: &str,
) -> Result<Vec<Stored<T>>, Error> {
    list(connection, RECEIPTS_OF, params![distribute_id])
}

/// The filings with a hospital's own key of a purchase, of every hospital.
pub(crate) fn filings_by_own_key(
    connection: &Connection,
    own_key: &str,
) -> Result<Vec<Stored<Filing>>, Error> {
    list(connection, FILINGS_BY_OWN_KEY, params![own_key])
}

/// The order lines with a hospital's own key, of every hospital.
pub(crate) fn lines_by_own_key(
    connection: &Connection,
    own_key: &str,
) -> Result<Vec<Stored<OrderLine>>, Error> {
    list(connection, LINES_BY_OWN_KEY, params![own_key])
}

/// A hospital's returns to one distributor.
pub(crate) fn returns_of(
    connection: &Connection,
    institution: &str,
    distributor: &str,
) -> Result<Vec<Stored<Return>>, Error> {
    list(connection, RETURNS_OF, params![institution, distributor])
}

/// One distributor's invoices to a hospital.
pub(crate) fn invoices_of(
    connection: &Connection,
    institution: &str,
    distributor: &str,
) -> Result<Vec<Stored<Invoice>>, Error> {
    list(connection, INVOICES_OF, params![institution, distributor])
}

/// A hospital's settlements with one distributor.
pub(crate) fn settlements_of(
    connection: &Connection,
    institution: &str,
    distributor: &str,
) -> Result<Vec<Stored<Settlement>>, Error> {
    list(connection, SETTLEMENTS_OF, params![institution, distributor])
}

/// The last `seq` given.
pub(crate) fn head(connection: &Connection) -> Result<u64, Error> {
    Ok(connection.query_row("SELECT coalesce(max(seq), 0) FROM object", [], |row| row.get(0))?)
}

/// Where a record belongs; what [`Publisher::put`] needs beside the record itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot<'a> {
    /// `None` is public.
    pub(crate) institution: Option<&'a str>,
    pub(crate) resource: Resource,
    pub(crate) id: &'a str,
    pub(crate) day: NaiveDate,
    pub(crate) doc: &'a str,
    /// 0 is the header.
    pub(crate) place: i64,
    pub(crate) amount: Amount,
}

/// Writes the changes of one transaction: they get consecutive numbers and become visible together.
pub(crate) struct Publisher<'a> {
    connection: &'a Connection,
    now: Instant,
    txn: u64,
    next: u64,
    ids: u16,
}

impl<'a> Publisher<'a> {
    pub(crate) fn new(connection: &'a Connection, now: Instant) -> Result<Self, Error> {
        let next = head(connection)? + 1;
        Ok(Self { connection, now, txn: next, next, ids: 0 })
    }

    /// The last `seq` given.
    pub(crate) fn last(&self) -> u64 {
        self.next - 1
    }

    /// For [`Publisher::rewind`].
    pub(crate) fn mark(&self) -> u64 {
        self.next
    }

    /// Forgets what was written since the mark; the caller has rolled it back.
    pub(crate) fn rewind(&mut self, mark: u64) {
        self.next = mark;
    }

    /// A new id of nineteen digits: the second, the transaction, and which one of the transaction it is.
    pub(crate) fn new_id(&mut self) -> String {
        self.ids += 1;
        format!("{:010}{:06}{:03}", self.now.unix().max(0), self.txn % 1_000_000, self.ids)
    }

    /// Makes or changes a record; gives its version.
    pub(crate) fn put(&mut self, place: &Slot<'_>, record: &impl Serialize) -> Result<u64, Error> {
        self.put_text(place, self.now, &canonical_json(record)?)
    }

    /// As [`Publisher::put`], for a record that is already canonical JSON.
    pub(crate) fn put_text(&mut self, place: &Slot<'_>, upd_time: Instant, data: &str) -> Result<u64, Error> {
        let seq = self.next;
        self.next += 1;
        let resource = place.resource.name();
        let institution = place.institution.unwrap_or_default();
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE object SET seq = ?1, txn = ?2, institution = ?3, ver = ver + 1, upd_time = ?4, age = ?5,
                 doc = ?6, amount = ?7, op = 1, data = ?8 WHERE resource = ?9 AND id = ?10 RETURNING ver",
            )?
            .query_row(
                params![
                    seq,
                    self.txn,
                    institution,
                    upd_time.to_string(),
                    age_of(place.day),
                    place.doc,
                    place.amount.units(),
                    data,
                    resource,
                    place.id
                ],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(ver) = changed {
            return Ok(ver);
        }
        self.connection
            .prepare_cached(
                "INSERT INTO object (seq, txn, institution, resource, id, ver, upd_time, age, doc, place, part,
                 amount, op, data) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12)",
            )?
            .execute(params![
                seq,
                self.txn,
                institution,
                resource,
                place.id,
                upd_time.to_string(),
                age_of(place.day),
                place.doc,
                place.place,
                part_of(place.resource),
                place.amount.units(),
                data
            ])?;
        Ok(1)
    }

    /// Changes a record that stands where `old` stood.
    pub(crate) fn replace<T: Serialize>(
        &mut self,
        resource: Resource,
        id: &str,
        old: &Stored<T>,
    ) -> Result<u64, Error> {
        let seq = self.next;
        self.next += 1;
        let mut statement = self.connection.prepare_cached(
            "UPDATE object SET seq = ?1, txn = ?2, ver = ver + 1, upd_time = ?3, data = ?4
             WHERE resource = ?5 AND id = ?6 RETURNING ver",
        )?;
        let data = canonical_json(&old.data)?;
        Ok(statement
            .query_row(params![seq, self.txn, self.now.to_string(), data, resource.name(), id], |row| {
                row.get(0)
            })?)
    }

    /// Takes a record back; whether there was one.
    pub(crate) fn delete(&mut self, resource: Resource, id: &str) -> Result<bool, Error> {
        let changed = self.connection.execute(
            "UPDATE object SET seq = ?1, txn = ?2, ver = ver + 1, upd_time = ?3, op = 0, data = NULL
             WHERE resource = ?4 AND id = ?5 AND op = 1",
            params![self.next, self.txn, self.now.to_string(), resource.name(), id],
        )?;
        self.next += changed as u64;
        Ok(changed > 0)
    }
}
