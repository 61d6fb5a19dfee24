//! 导入方案: what the headings of a hospital's files mean, by name.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    ALL = "SELECT name, body, edited_at, edited_by FROM import_profile ORDER BY name";
    GET = "SELECT name, body, edited_at, edited_by FROM import_profile WHERE name = ?1";
}

/// 导入方案.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ImportProfile {
    pub name: String,
    /// JSON.
    pub body: String,
    pub edited_at: Seconds,
    pub edited_by: String,
}

impl ImportProfile {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { name: row.get(0)?, body: row.get(1)?, edited_at: row.get(2)?, edited_by: row.get(3)? })
    }
}

/// All of them, by name.
pub fn all(conn: &Connection) -> StoreResult<Vec<ImportProfile>> {
    let mut statement = conn.prepare_cached(ALL)?;
    let rows = statement.query_map([], ImportProfile::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One of them.
pub fn get(conn: &Connection, name: &str) -> StoreResult<Option<ImportProfile>> {
    Ok(conn.prepare_cached(GET)?.query_row([name], ImportProfile::read).optional()?)
}

/// Keeps one; one of the same name is replaced.
pub fn put(tx: &Transaction<'_>, profile: &ImportProfile) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT INTO import_profile VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE
         SET body = excluded.body, edited_at = excluded.edited_at, edited_by = excluded.edited_by",
    )?
    .execute(params![profile.name, profile.body, profile.edited_at, profile.edited_by])?;
    Ok(())
}

/// Forgets one; `false` where there was none.
pub fn remove(tx: &Transaction<'_>, name: &str) -> StoreResult<bool> {
    Ok(tx.prepare_cached("DELETE FROM import_profile WHERE name = ?1")?.execute([name])? == 1)
}
