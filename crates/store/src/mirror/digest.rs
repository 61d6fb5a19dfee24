//! Fingerprints of the mirror, to compare two seats, or a seat with the platform (对数).

use std::collections::BTreeMap;

use rusqlite::Connection;
use sha2::{Digest, Sha256};
use sunbench_domain::Amount;

use super::tally::day_start;
use crate::error::StoreResult;
use crate::plan::queries;

/// Table and resource.
pub(crate) const TABLES: &[(&str, &str)] = &[
    ("org", "org"),
    ("product", "product"),
    ("hosp_item", "hospItem"),
    ("agreement", "agreement"),
    ("purchase_order", "order"),
    ("order_line", "orderLine"),
    ("delivery", "delivery"),
    ("receipt", "receipt"),
    ("goods_return", "return"),
    ("invoice", "invoice"),
    ("settlement", "settlement"),
    ("notice", "notice"),
    ("notice_reply", "noticeReply"),
    ("check_in", "checkIn"),
];

/// Per resource, SHA-256 over its records in the order of their ids: id, version and the fingerprint of
/// the canonical data. Reads the whole mirror: for `status` and for tests, never for a screen.
pub fn content(conn: &Connection) -> StoreResult<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    for (table, resource) in TABLES {
        let mut statement = conn.prepare(&format!("SELECT id, ver, hash FROM {table} WHERE ver > 0"))?;
        if let Some(digest) = sorted_digest(&mut statement, [])? {
            digests.insert((*resource).to_owned(), digest);
        }
    }
    let mut resources = conn.prepare("SELECT resource FROM tally_resource WHERE n > 0")?;
    let names = resources.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let mut statement = conn.prepare("SELECT id, ver, hash FROM document WHERE resource = ?1")?;
    for name in names {
        if let Some(digest) = sorted_digest(&mut statement, [&name])? {
            digests.insert(name, digest);
        }
    }
    Ok(digests)
}

fn sorted_digest(
    statement: &mut rusqlite::Statement<'_>,
    parameters: impl rusqlite::Params,
) -> StoreResult<Option<String>> {
    let mut rows = statement.query(parameters)?;
    let mut records: Vec<(String, i64, Vec<u8>)> = Vec::new();
    while let Some(row) = rows.next()? {
        records.push((row.get(0)?, row.get(1)?, row.get(2)?));
    }
    if records.is_empty() {
        return Ok(None);
    }
    records.sort_unstable();
    let mut hash = Sha256::new();
    for (id, ver, fingerprint) in &records {
        hash.update((id.len() as u64).to_be_bytes());
        hash.update(id.as_bytes());
        hash.update(ver.to_be_bytes());
        hash.update(fingerprint);
    }
    Ok(Some(hex(&hash.finalize())))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// What the mirror holds of one resource and one business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// How many records.
    pub count: u64,
    /// The sum of their amounts, where they have one.
    pub sum: Amount,
    /// The wrapping sum of their fingerprints.
    pub hash: u128,
}

queries! {
    ORDERS_OF = "SELECT hash, amount, id, ver FROM purchase_order
        WHERE submit_at >= ?1 AND submit_at < ?2 AND ver > 0";
    LINES_OF = "SELECT hash, amount, id, ver FROM order_line WHERE submit_at >= ?1 AND submit_at < ?2";
    DELIVERIES_OF = "SELECT hash, 0, id, ver FROM delivery WHERE shipped_at >= ?1 AND shipped_at < ?2";
    RECEIPTS_OF = "SELECT hash, 0, id, ver FROM receipt WHERE received_at >= ?1 AND received_at < ?2";
    RETURNS_OF = "SELECT hash, amount, id, ver FROM goods_return
        WHERE returned_at >= ?1 AND returned_at < ?2";
    INVOICES_OF = "SELECT hash, amount, id, ver FROM invoice WHERE invoiced_on >= ?1 AND invoiced_on < ?2";
    SETTLEMENTS_OF = "SELECT hash, amount, id, ver FROM settlement
        WHERE created_at >= ?1 AND created_at < ?2";
}

/// How a resource's day is found, and whether its ends are dates rather than seconds.
fn day_query(resource: &str) -> Option<(&'static str, bool)> {
    Some(match resource {
        "order" => (ORDERS_OF, false),
        "orderLine" => (LINES_OF, false),
        "delivery" => (DELIVERIES_OF, false),
        "receipt" => (RECEIPTS_OF, false),
        "return" => (RETURNS_OF, false),
        "invoice" => (INVOICES_OF, true),
        "settlement" => (SETTLEMENTS_OF, false),
        _ => return None,
    })
}

/// The resources that [`day`] can compare.
pub const BY_DAY: &[&str] = &["order", "orderLine", "delivery", "receipt", "return", "invoice", "settlement"];

/// The digest of one business day; `None` for a resource that has no day. `day` in days since 1970 (Shanghai).
pub fn day(conn: &Connection, resource: &str, day: i64) -> StoreResult<Option<Day>> {
    let mut found = Day { count: 0, sum: Amount::ZERO, hash: 0 };
    let known = each_of_day(conn, resource, day, |row| {
        let hash: [u8; 16] = row.get(0)?;
        found.count += 1;
        found.sum += Amount::from_units(row.get(1)?);
        found.hash = found.hash.wrapping_add(u128::from_be_bytes(hash));
        Ok(())
    })?;
    Ok(known.then_some(found))
}

/// Id, version and fingerprint of one business day's records, for healing a difference.
pub fn records_of(conn: &Connection, resource: &str, day: i64) -> StoreResult<Vec<(String, i64, [u8; 16])>> {
    let mut records = Vec::new();
    each_of_day(conn, resource, day, |row| {
        records.push((row.get(2)?, row.get(3)?, row.get(0)?));
        Ok(())
    })?;
    Ok(records)
}

/// Whether the resource has a day.
fn each_of_day(
    conn: &Connection,
    resource: &str,
    day: i64,
    mut each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> StoreResult<bool> {
    let Some((sql, by_date)) = day_query(resource) else { return Ok(false) };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = if by_date {
        statement.query([date_text(day), date_text(day + 1)])?
    } else {
        statement.query([day_start(day), day_start(day + 1)])?
    };
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(true)
}

/// `yyyy-MM-dd` of a number of days since 1970.
#[must_use]
pub fn date_text(day: i64) -> String {
    chrono::DateTime::from_timestamp(day * 86_400, 0)
        .map(|at| at.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}
