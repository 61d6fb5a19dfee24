//! 打卡: a person's own act of signing in or unlocking, once a day; its submission is in the outbox.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    ACT = "SELECT acted_at, key FROM check_in_act WHERE acted_on = ?1 AND user = ?2";
}

/// When the user acted on a day, and the submission's key.
pub fn act(conn: &Connection, date: &str, user: &str) -> StoreResult<Option<(Seconds, String)>> {
    Ok(conn.prepare_cached(ACT)?.query_row([date, user], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Records the day's first act; `false` where there was one.
pub fn record(tx: &Transaction<'_>, date: &str, user: &str, at: Seconds, key: &str) -> StoreResult<bool> {
    let new = tx
        .prepare_cached("INSERT INTO check_in_act VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?
        .execute(params![date, user, at, key])?;
    Ok(new == 1)
}

/// The act's submission was refused: the day may be recorded anew.
pub fn forget(tx: &Transaction<'_>, date: &str, user: &str) -> StoreResult<()> {
    tx.prepare_cached("DELETE FROM check_in_act WHERE acted_on = ?1 AND user = ?2")?.execute([date, user])?;
    Ok(())
}

/// The act's submission goes out under another key.
pub fn resubmitted(tx: &Transaction<'_>, old: &str, new: &str) -> StoreResult<()> {
    tx.prepare_cached("UPDATE check_in_act SET key = ?2 WHERE key = ?1")?.execute([old, new])?;
    Ok(())
}
