//! 科室申请: what departments ask for, until it is ordered.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sunbench_domain::Quantity;

use crate::error::StoreResult;
use crate::mirror::{DateText, Seconds};
use crate::plan::queries;

queries! {
    LIST = "SELECT id, dept, item, product_id, quantity, unit, needed_by_on, note, entered_at, entered_by, order_id, own_key
        FROM department_request";
    GET = "SELECT id, dept, item, product_id, quantity, unit, needed_by_on, note, entered_at, entered_by, order_id, own_key
        FROM department_request WHERE id = ?1";
    OF_KEY = "SELECT id, dept, item, product_id, quantity, unit, needed_by_on, note, entered_at, entered_by, order_id, own_key
        FROM department_request INDEXED BY department_request_own_key WHERE own_key = ?1 AND own_key IS NOT NULL";
}

/// 科室申请.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Request {
    pub id: String,
    pub dept: String,
    /// What is asked for, as it was written.
    pub item: String,
    /// The listed product that it is.
    pub product: Option<String>,
    pub quantity: Quantity,
    pub unit: String,
    pub needed_by_on: Option<DateText>,
    pub note: String,
    pub entered_at: Seconds,
    pub entered_by: String,
    /// The order that was sent for it, by its draft's name.
    pub order: Option<String>,
    /// The hospital's own key of that order's line.
    pub own_key: Option<String>,
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Request> {
    Ok(Request {
        id: row.get(0)?,
        dept: row.get(1)?,
        item: row.get(2)?,
        product: row.get(3)?,
        quantity: Quantity::from_units(row.get(4)?),
        unit: row.get(5)?,
        needed_by_on: row.get(6)?,
        note: row.get(7)?,
        entered_at: row.get(8)?,
        entered_by: row.get(9)?,
        order: row.get(10)?,
        own_key: row.get(11)?,
    })
}

/// Every request, in no order.
pub fn list(conn: &Connection) -> StoreResult<Vec<Request>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One request.
pub fn get(conn: &Connection, id: &str) -> StoreResult<Option<Request>> {
    Ok(conn.prepare_cached(GET)?.query_row([id], read).optional()?)
}

/// The requests that an order line was sent for, by the hospital's own key of the line.
pub fn of_key(conn: &Connection, own_key: &str) -> StoreResult<Vec<Request>> {
    let mut statement = conn.prepare_cached(OF_KEY)?;
    let rows = statement.query_map([own_key], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Saves what a department asks for, instead of what has this id; the order that was sent for it stays.
pub fn put(tx: &Transaction<'_>, request: &Request) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT INTO department_request
           (id, dept, item, product_id, quantity, unit, needed_by_on, note, entered_at, entered_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET dept = ?2, item = ?3, product_id = ?4, quantity = ?5, unit = ?6,
           needed_by_on = ?7, note = ?8, entered_at = ?9, entered_by = ?10",
    )?
    .execute(params![
        request.id,
        request.dept,
        request.item,
        request.product,
        request.quantity.units(),
        request.unit,
        request.needed_by_on,
        request.note,
        request.entered_at,
        request.entered_by
    ])?;
    Ok(())
}

/// Notes the order that was sent for a request, and the own key of its line; none takes the note back.
pub fn ordered(tx: &Transaction<'_>, id: &str, line: Option<(&str, &str)>) -> StoreResult<()> {
    let (order, own_key) = line.unzip();
    tx.prepare_cached("UPDATE department_request SET order_id = ?2, own_key = ?3 WHERE id = ?1")?
        .execute(params![id, order, own_key])?;
    Ok(())
}

/// Takes a request away; whether there was one.
pub fn remove(tx: &Transaction<'_>, id: &str) -> StoreResult<bool> {
    Ok(tx.prepare_cached("DELETE FROM department_request WHERE id = ?1")?.execute([id])? > 0)
}
