//! Where sync stands: named JSON values, the staged tail of a page, and the quarantine.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::table::Seconds;
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    GET = "SELECT value FROM sync_state WHERE key = ?1";
    STAGED = "SELECT item FROM staging ORDER BY seq";
    QUARANTINED = "SELECT resource, id, ver, field, reason, item, seen_at FROM quarantine ORDER BY resource, id LIMIT ?1";
    QUARANTINE_COUNT = "SELECT count(*) FROM quarantine";
}

/// A value by key.
pub fn get(conn: &Connection, key: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(GET)?.query_row([key], |row| row.get(0)).optional()?)
}

/// Sets a value, in the transaction that it belongs to.
pub fn put(tx: &Transaction<'_>, key: &str, value: &str) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT INTO sync_state VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
    )?
    .execute([key, value])?;
    Ok(())
}

/// The key of [`changes`].
const CHANGES: &str = "changes";

/// How often the mirror has changed: what was computed from it stands as long as this does.
pub fn changes(conn: &Connection) -> StoreResult<u64> {
    Ok(get(conn, CHANGES)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Notes a change of the mirror, in its transaction.
pub(crate) fn count_change(tx: &Transaction<'_>) -> StoreResult<()> {
    put(tx, CHANGES, &(changes(tx)? + 1).to_string())
}

/// Takes a value away.
pub fn remove(tx: &Transaction<'_>, key: &str) -> StoreResult<()> {
    tx.prepare_cached("DELETE FROM sync_state WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// Keeps the tail of a page that ends inside a document.
pub fn stage<'i>(tx: &Transaction<'_>, items: impl IntoIterator<Item = (u64, &'i str)>) -> StoreResult<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO staging VALUES (?1, ?2) ON CONFLICT DO UPDATE SET item = excluded.item",
    )?;
    for (seq, item) in items {
        insert.execute(params![seq as i64, item])?;
    }
    Ok(())
}

/// The staged items, in the feed's order.
pub fn staged(conn: &Connection) -> StoreResult<Vec<String>> {
    let mut statement = conn.prepare_cached(STAGED)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Empties the staging.
pub fn clear_staged(tx: &Transaction<'_>) -> StoreResult<()> {
    tx.prepare_cached("DELETE FROM staging")?.execute([])?;
    Ok(())
}

/// A record that could not be read, whole, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The resource's name on the wire.
    pub resource: String,
    /// The record.
    pub id: String,
    /// Its version.
    pub ver: i64,
    /// The field that is wrong.
    pub field: String,
    /// A reason in a fixed vocabulary of sync.
    pub reason: String,
    /// The change, as it came.
    pub item: String,
    /// When it came.
    pub seen_at: Seconds,
}

/// Sets a bad record aside; a later version replaces an earlier one.
pub fn quarantine(tx: &Transaction<'_>, bad: &Quarantined) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT INTO quarantine VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET ver = excluded.ver, field = excluded.field, reason = excluded.reason,
           item = excluded.item, seen_at = excluded.seen_at WHERE excluded.ver >= quarantine.ver",
    )?
    .execute(params![bad.resource, bad.id, bad.ver, bad.field, bad.reason, bad.item, bad.seen_at])?;
    Ok(())
}

/// A good version of the record came: the bad one is no longer needed.
pub fn release(tx: &Transaction<'_>, resource: &str, id: &str, ver: i64) -> StoreResult<()> {
    tx.prepare_cached("DELETE FROM quarantine WHERE resource = ?1 AND id = ?2 AND ver <= ?3")?
        .execute(params![resource, id, ver])?;
    Ok(())
}

/// How many records are set aside.
pub fn quarantine_count(conn: &Connection) -> StoreResult<u64> {
    Ok(conn.prepare_cached(QUARANTINE_COUNT)?.query_row([], |row| row.get(0))?)
}

/// The records that are set aside, at most `limit`.
pub fn quarantined(conn: &Connection, limit: u32) -> StoreResult<Vec<Quarantined>> {
    let mut statement = conn.prepare_cached(QUARANTINED)?;
    let rows = statement.query_map([limit], |row| {
        Ok(Quarantined {
            resource: row.get(0)?,
            id: row.get(1)?,
            ver: row.get(2)?,
            field: row.get(3)?,
            reason: row.get(4)?,
            item: row.get(5)?,
            seen_at: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes the whole mirror away, for a rebuild after an expired cursor. The local plane stays.
pub fn clear_mirror(tx: &Transaction<'_>) -> StoreResult<()> {
    let before = changes(tx)?;
    for table in super::TABLES {
        tx.execute(&format!("DELETE FROM {table}"), [])?;
    }
    tx.execute("INSERT INTO name_index (name_index) VALUES ('delete-all')", [])?;
    put(tx, CHANGES, &(before + 1).to_string())
}
