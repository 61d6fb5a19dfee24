//! Counts the tallies of indicators anew after an update of the program that counts otherwise, and once after a first sync: step by
//! step, each in a transaction of its own, so that others write in between and a kill costs one step.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::counting::{Counting, EDITION, Mark, PRICE_LIST, PriceList};
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    IS_CURRENT = "SELECT EXISTS (SELECT 1 FROM tally_edition WHERE edition = ?1)";
    MARK = "SELECT line_key, delivery_key, done FROM tally_recount WHERE edition = ?1";
    LINES = "SELECT key, id FROM order_line WHERE key > ?1 ORDER BY key LIMIT ?2";
    DELIVERIES = "SELECT key, id FROM delivery WHERE key > ?1 ORDER BY key LIMIT ?2";
    TOTAL = "SELECT coalesce(sum(n), 0) FROM tally_resource WHERE resource IN ('orderLine', 'delivery')";
}

/// How far a recount has come, in order lines and deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recount {
    /// Counted so far.
    pub done: u64,
    /// To be counted in all.
    pub total: u64,
    /// The tallies are those of this edition of the program.
    pub is_finished: bool,
}

/// Whether the tallies are of this edition.
pub(crate) fn is_current(conn: &Connection) -> StoreResult<bool> {
    Ok(conn.prepare_cached(IS_CURRENT)?.query_row([EDITION], |row| row.get(0))?)
}

fn mark(conn: &Connection) -> StoreResult<Option<(Mark, u64)>> {
    let row = conn
        .prepare_cached(MARK)?
        .query_row([EDITION], |row| Ok((Mark { line: row.get(0)?, delivery: row.get(1)? }, row.get(2)?)));
    Ok(row.optional()?)
}

/// What a batch of records is counted with. Where the tallies are another edition's, a recount begins with it.
pub(crate) fn counting(tx: &Transaction<'_>) -> StoreResult<Counting> {
    if is_current(tx)? {
        return Ok(Counting::default());
    }
    Ok(Counting::marked(Some(begun(tx)?.0)))
}

/// The mark of the recount, which begins where there is none; that of an empty mirror ends at once.
fn begun(tx: &Transaction<'_>) -> StoreResult<(Mark, u64)> {
    if let Some(found) = mark(tx)? {
        return Ok(found);
    }
    tx.execute_batch(
        "DELETE FROM tally_day; DELETE FROM tally_month; DELETE FROM price_step; DELETE FROM tally_edition;
         DELETE FROM tally_recount;",
    )?;
    let lists: Vec<(String, String)> = {
        let mut statement = tx.prepare("SELECT id, data FROM document WHERE resource = ?1")?;
        let rows = statement.query_map([PRICE_LIST], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (id, data) in &lists {
        if let Ok(list) = serde_json::from_str::<PriceList>(data) {
            list.write(tx, id)?;
        }
    }
    if is_empty(tx)? {
        finish(tx)?;
        return Ok((Mark { line: i64::MAX, delivery: i64::MAX }, 0));
    }
    begin(tx)?;
    Ok((Mark { line: 0, delivery: 0 }, 0))
}

/// Puts counting off where there is nothing to count yet: while a first sync fills the mirror, a line's deliveries and receipts come
/// after it, and each would have it counted again. Ends as every recount does, with [`step`].
pub fn put_off(tx: &Transaction<'_>) -> StoreResult<()> {
    if is_empty(tx)? {
        tx.execute_batch("DELETE FROM tally_edition; DELETE FROM tally_recount;")?;
        begin(tx)?;
    }
    Ok(())
}

fn is_empty(tx: &Transaction<'_>) -> StoreResult<bool> {
    Ok(tx.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM order_line) AND NOT EXISTS (SELECT 1 FROM delivery)",
        [],
        |row| row.get(0),
    )?)
}

fn begin(tx: &Transaction<'_>) -> StoreResult<()> {
    tx.execute("INSERT INTO tally_recount VALUES (?1, 0, 0, 0)", [EDITION])?;
    Ok(())
}

fn finish(tx: &Transaction<'_>) -> StoreResult<()> {
    tx.execute("DELETE FROM tally_recount", [])?;
    tx.execute("INSERT OR IGNORE INTO tally_edition VALUES (?1)", [EDITION])?;
    Ok(())
}

fn next(tx: &Transaction<'_>, sql: &str, after: i64, most: u32) -> StoreResult<Vec<(i64, String)>> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Counts the next lines and deliveries, at most so many, and moves the mark with them.
pub fn step(tx: &Transaction<'_>, most: u32) -> StoreResult<Recount> {
    let total: u64 = tx.prepare_cached(TOTAL)?.query_row([], |row| row.get(0))?;
    if is_current(tx)? {
        return Ok(Recount { done: total, total, is_finished: true });
    }
    let (mut mark, mut done) = begun(tx)?;
    let mut counting = Counting::default();
    let lines = next(tx, LINES, mark.line, most)?;
    for (key, id) in &lines {
        counting.add_line(tx, id, 1)?;
        mark.line = *key;
    }
    let left = most.saturating_sub(u32::try_from(lines.len()).unwrap_or(most));
    let deliveries = next(tx, DELIVERIES, mark.delivery, left)?;
    for (key, id) in &deliveries {
        counting.add_delivery(tx, id, 1)?;
        mark.delivery = *key;
    }
    counting.flush(tx)?;
    done += (lines.len() + deliveries.len()) as u64;
    let is_finished = lines.len() + deliveries.len() < most as usize;
    if is_finished {
        finish(tx)?;
    } else {
        tx.prepare_cached("UPDATE tally_recount SET line_key = ?1, delivery_key = ?2, done = ?3")?
            .execute(params![mark.line, mark.delivery, i64::try_from(done).unwrap_or(i64::MAX)])?;
    }
    Ok(Recount { done: done.min(total), total, is_finished })
}
