//! 订单模板: orders that are written again and again, shared by everybody at this computer.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    LIST = "SELECT id, name, body, saved_at, saved_by FROM order_template";
    GET = "SELECT id, name, body, saved_at, saved_by FROM order_template WHERE id = ?1";
    OF_NAME = "SELECT id FROM order_template WHERE name = ?1";
}

/// 订单模板.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Template {
    pub id: String,
    pub name: String,
    /// JSON, as an order that is being written.
    pub body: String,
    pub saved_at: Seconds,
    pub saved_by: String,
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Template> {
    Ok(Template {
        id: row.get(0)?,
        name: row.get(1)?,
        body: row.get(2)?,
        saved_at: row.get(3)?,
        saved_by: row.get(4)?,
    })
}

/// Every template, in no order.
pub fn list(conn: &Connection) -> StoreResult<Vec<Template>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One template.
pub fn get(conn: &Connection, id: &str) -> StoreResult<Option<Template>> {
    Ok(conn.prepare_cached(GET)?.query_row([id], read).optional()?)
}

/// The template that has a name.
pub fn of_name(conn: &Connection, name: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(OF_NAME)?.query_row([name], |row| row.get(0)).optional()?)
}

/// Saves a template, instead of the one with this id. Its name is no other's.
pub fn put(tx: &Transaction<'_>, template: &Template) -> StoreResult<()> {
    let Template { id, name, body, saved_at, saved_by } = template;
    tx.prepare_cached(
        "INSERT INTO order_template (id, name, body, saved_at, saved_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET name = ?2, body = ?3, saved_at = ?4, saved_by = ?5",
    )?
    .execute(params![id, name, body, saved_at, saved_by])?;
    Ok(())
}

/// Takes a template away; whether there was one.
pub fn remove(tx: &Transaction<'_>, id: &str) -> StoreResult<bool> {
    Ok(tx.prepare_cached("DELETE FROM order_template WHERE id = ?1")?.execute([id])? > 0)
}
