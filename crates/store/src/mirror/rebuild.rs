//! Rebuilding the mirror beside the old one: the records stay until their successors arrive, and what has not
//! arrived by the end is taken away.

use rusqlite::{Connection, Transaction};

use super::apply::{Applied, Record, apply};
use super::rows::DeleteRow;
use super::sync_state;
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    MISSING = "SELECT resource, id, ver FROM stale LIMIT ?1";
}

/// Remembers every record of the mirror and of the quarantine as not arrived yet.
pub fn begin(tx: &Transaction<'_>) -> StoreResult<()> {
    tx.execute_batch("DELETE FROM stale; DELETE FROM staging;")?;
    for (table, resource) in super::digest::TABLES {
        tx.execute(&format!("INSERT INTO stale SELECT ?1, id, ver FROM {table} WHERE ver > 0"), [resource])?;
    }
    tx.execute("INSERT INTO stale SELECT resource, id, ver FROM document", [])?;
    tx.execute("INSERT OR IGNORE INTO stale SELECT resource, id, ver FROM quarantine", [])?;
    Ok(())
}

/// The platform still has this record, or has just told us of its end.
pub fn arrived(tx: &Transaction<'_>, resource: &str, id: &str) -> StoreResult<()> {
    tx.prepare_cached("DELETE FROM stale WHERE resource = ?1 AND id = ?2")?.execute([resource, id])?;
    Ok(())
}

/// Takes away at most `limit` of the records that have not arrived; nothing is left when it took away none.
pub fn sweep(tx: &Transaction<'_>, limit: u32) -> StoreResult<Applied> {
    let missing = missing(tx, limit)?;
    for row in &missing {
        arrived(tx, &row.resource, &row.id)?;
        sync_state::release(tx, &row.resource, &row.id, i64::MAX)?;
    }
    let records: Vec<_> = missing.into_iter().map(Record::Delete).collect();
    apply(tx, &records)
}

/// Takes records away as if they had never come, so that they may come again in whatever version.
pub fn forget(tx: &Transaction<'_>, rows: &[DeleteRow]) -> StoreResult<()> {
    let records: Vec<_> = rows.iter().cloned().map(Record::Delete).collect();
    apply(tx, &records)?;
    let mut forget = tx.prepare_cached("DELETE FROM tombstone WHERE resource = ?1 AND id = ?2")?;
    for row in rows {
        forget.execute([&row.resource, &row.id])?;
    }
    Ok(())
}

fn missing(conn: &Connection, limit: u32) -> StoreResult<Vec<DeleteRow>> {
    let mut statement = conn.prepare_cached(MISSING)?;
    let rows = statement.query_map([limit], |row| {
        Ok(DeleteRow { resource: row.get(0)?, id: row.get(1)?, ver: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
