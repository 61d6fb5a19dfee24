//! Records that have no table of their own, whole: filings, supply problems, evaluations, demand reports and the like.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    ONE = "SELECT id, ver, data FROM document WHERE resource = ?1 AND id = ?2";
    ALL = "SELECT id, ver, data FROM document WHERE resource = ?1 ORDER BY id DESC LIMIT ?2";
}

/// A record as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Document {
    pub id: String,
    pub ver: i64,
    /// JSON.
    pub data: String,
}

fn document(row: &rusqlite::Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document { id: row.get(0)?, ver: row.get(1)?, data: row.get(2)? })
}

/// One record.
pub fn get(conn: &Connection, resource: &str, id: &str) -> StoreResult<Option<Document>> {
    Ok(conn.prepare_cached(ONE)?.query_row([resource, id], document).optional()?)
}

/// The records of a resource, the newest ids first, at most `limit`.
pub fn list(conn: &Connection, resource: &str, limit: u32) -> StoreResult<Vec<Document>> {
    let mut statement = conn.prepare_cached(ALL)?;
    let rows = statement.query_map(params![resource, limit], document)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
