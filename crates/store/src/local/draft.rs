//! Documents that are being written: receipts, orders, returns.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    GET = "SELECT body, edited_at, edited_by FROM draft WHERE document = ?1 AND edited_by = ?2";
    OTHERS = "SELECT edited_by FROM draft WHERE document = ?1 AND edited_by <> ?2 ORDER BY edited_by";
    /// The documents whose name begins as asked, such as `order:`.
    LIST = "SELECT document, body, edited_at, edited_by FROM draft
        WHERE document >= ?1 AND document < ?1 || char(1114111) AND edited_by = ?2";
    /// The same of everybody.
    OF_EVERYBODY = "SELECT document, body, edited_at, edited_by FROM draft
        WHERE document >= ?1 AND document < ?1 || char(1114111)";
}

/// 草稿: one person's, of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Draft {
    /// JSON.
    pub body: String,
    pub edited_at: Seconds,
    pub edited_by: String,
}

/// One person's draft.
pub fn get(conn: &Connection, document: &str, user: &str) -> StoreResult<Option<Draft>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Draft { body: row.get(0)?, edited_at: row.get(1)?, edited_by: row.get(2)? })
    };
    Ok(conn.prepare_cached(GET)?.query_row([document, user], read).optional()?)
}

/// The others who are writing the same document.
pub fn others(conn: &Connection, document: &str, user: &str) -> StoreResult<Vec<String>> {
    let mut statement = conn.prepare_cached(OTHERS)?;
    let rows = statement.query_map([document, user], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One person's drafts of a kind, by document.
pub fn list(conn: &Connection, prefix: &str, user: &str) -> StoreResult<Vec<(String, Draft)>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let rows = statement.query_map([prefix, user], |row| {
        Ok((row.get(0)?, Draft { body: row.get(1)?, edited_at: row.get(2)?, edited_by: row.get(3)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everybody's drafts of a kind, by document.
pub fn of_everybody(conn: &Connection, prefix: &str) -> StoreResult<Vec<(String, Draft)>> {
    let mut statement = conn.prepare_cached(OF_EVERYBODY)?;
    let rows = statement.query_map([prefix], |row| {
        Ok((row.get(0)?, Draft { body: row.get(1)?, edited_at: row.get(2)?, edited_by: row.get(3)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Saves a person's draft.
pub fn put(tx: &Transaction<'_>, document: &str, draft: &Draft) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO draft (document, edited_by, body, edited_at) VALUES (?, ?, ?, ?)",
    )?
    .execute(params![document, draft.edited_by, draft.body, draft.edited_at])?;
    Ok(())
}

/// Takes a person's draft away; whether there was one.
pub fn remove(tx: &Transaction<'_>, document: &str, user: &str) -> StoreResult<bool> {
    let sql = "DELETE FROM draft WHERE document = ?1 AND edited_by = ?2";
    Ok(tx.prepare_cached(sql)?.execute([document, user])? > 0)
}
