//! 院间调剂: goods lent or given from one hospital to another. No purchase: counted nowhere.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sunbench_domain::Quantity;

use crate::error::StoreResult;
use crate::mirror::{DateText, Seconds};
use crate::plan::queries;

queries! {
    /// From a day to another, both included.
    LIST = "SELECT id, incoming, other, product_id, name, spec, unit, quantity, lot, expires_on, reason, moved_on, handled_by,
          attachments, recorded_at, recorded_by
        FROM transfer INDEXED BY transfer_moved WHERE moved_on BETWEEN ?1 AND ?2 ORDER BY moved_on DESC, id DESC";
    GET = "SELECT id, incoming, other, product_id, name, spec, unit, quantity, lot, expires_on, reason, moved_on, handled_by,
          attachments, recorded_at, recorded_by
        FROM transfer WHERE id = ?1";
}

/// 院间调剂.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Transfer {
    pub id: String,
    /// To this hospital; else from it.
    pub incoming: bool,
    /// The other hospital.
    pub other: String,
    pub product: Option<String>,
    pub name: String,
    pub spec: String,
    pub unit: String,
    pub quantity: Quantity,
    pub lot: String,
    pub expires_on: Option<DateText>,
    pub reason: String,
    pub moved_on: DateText,
    pub handled_by: String,
    /// JSON array of `{sha256, name, size}`.
    pub attachments: String,
    pub recorded_at: Seconds,
    pub recorded_by: String,
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Transfer> {
    Ok(Transfer {
        id: row.get(0)?,
        incoming: row.get(1)?,
        other: row.get(2)?,
        product: row.get(3)?,
        name: row.get(4)?,
        spec: row.get(5)?,
        unit: row.get(6)?,
        quantity: Quantity::from_units(row.get(7)?),
        lot: row.get(8)?,
        expires_on: row.get(9)?,
        reason: row.get(10)?,
        moved_on: row.get(11)?,
        handled_by: row.get(12)?,
        attachments: row.get(13)?,
        recorded_at: row.get(14)?,
        recorded_by: row.get(15)?,
    })
}

/// The transfers from a day (yyyy-MM-dd) to another, both included, the newest first.
pub fn list(conn: &Connection, from: &str, to: &str) -> StoreResult<Vec<Transfer>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let rows = statement.query_map([from, to], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One transfer.
pub fn get(conn: &Connection, id: &str) -> StoreResult<Option<Transfer>> {
    Ok(conn.prepare_cached(GET)?.query_row([id], read).optional()?)
}

/// Records a transfer, instead of what has this id.
pub fn put(tx: &Transaction<'_>, transfer: &Transfer) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO transfer (id, incoming, other, product_id, name, spec, unit, quantity, lot, expires_on,
           reason, moved_on, handled_by, attachments, recorded_at, recorded_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        transfer.id,
        transfer.incoming,
        transfer.other,
        transfer.product,
        transfer.name,
        transfer.spec,
        transfer.unit,
        transfer.quantity.units(),
        transfer.lot,
        transfer.expires_on,
        transfer.reason,
        transfer.moved_on,
        transfer.handled_by,
        transfer.attachments,
        transfer.recorded_at,
        transfer.recorded_by
    ])?;
    Ok(())
}

/// Takes a record back; whether there was one.
pub fn remove(tx: &Transaction<'_>, id: &str) -> StoreResult<bool> {
    Ok(tx.prepare_cached("DELETE FROM transfer WHERE id = ?1")?.execute([id])? > 0)
}
