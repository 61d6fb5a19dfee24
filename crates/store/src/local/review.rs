//! 双人复核: which submission kinds a second person looks at before they go out.

use rusqlite::{Connection, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    RULES = "SELECT kind, required_since, required_by FROM review_rule ORDER BY kind";
}

/// A submission kind that a second person reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Rule {
    /// As on the wire, such as `notice.reply`.
    pub kind: String,
    pub since: Seconds,
    pub by: String,
}

/// The kinds that are reviewed.
pub fn rules(conn: &Connection) -> StoreResult<Vec<Rule>> {
    let mut statement = conn.prepare_cached(RULES)?;
    let rows =
        statement.query_map([], |row| Ok(Rule { kind: row.get(0)?, since: row.get(1)?, by: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// From now on submissions of a kind await a second person; `false` where they did already.
pub fn require(tx: &Transaction<'_>, kind: &str, by: &str, at: Seconds) -> StoreResult<bool> {
    let sql = "INSERT INTO review_rule VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    Ok(tx.prepare_cached(sql)?.execute(params![kind, at, by])? > 0)
}

/// From now on submissions of a kind go out at once; `false` where they did already. What waits goes on waiting.
pub fn release(tx: &Transaction<'_>, kind: &str) -> StoreResult<bool> {
    Ok(tx.prepare_cached("DELETE FROM review_rule WHERE kind = ?1")?.execute([kind])? > 0)
}
