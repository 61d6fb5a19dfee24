//! 摆渡包: what left for the platform by hand, and what came back.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use zeroize::Zeroizing;

use super::outbox::{self, OutboxState};
use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;
use crate::setting;

queries! {
    KEY = "SELECT key FROM exchange_key WHERE id = 1";
    LAST_EXPORT = "SELECT seq, id, made_at, submissions FROM bundle_export ORDER BY seq DESC LIMIT 1";
    LAST_IMPORT = "SELECT seq, relay, taken_at, submissions, changes FROM bundle_import INDEXED BY bundle_import_taken
        ORDER BY taken_at DESC LIMIT 1";
    EXPORTED_AT = "SELECT max(made_at) FROM bundle_item JOIN bundle_export USING (seq) WHERE key = ?1";
    WAS_QUEUED = "SELECT key FROM bundle_item WHERE seq = ?1 AND was_queued";
    IMPORTED = "SELECT EXISTS (SELECT 1 FROM bundle_import WHERE relay = ?1)";
    COUNT_EXPORTED = "SELECT count(*) FROM outbox INDEXED BY outbox_waiting
        WHERE state IN ('queued', 'sending') AND state = 'sending'
          AND coalesce(sent_at, 0) <= (SELECT max(made_at) FROM bundle_item JOIN bundle_export USING (seq)
            WHERE bundle_item.key = outbox.key)";
}

/// The setting that names this profile in its bundles.
const PROFILE: &str = "bundle.profile";

/// The key that the institution's computers share, where the platform has given one. Wiped when dropped.
pub fn exchange_key(conn: &Connection) -> StoreResult<Option<Zeroizing<[u8; 32]>>> {
    Ok(conn.prepare_cached(KEY)?.query_row([], |row| row.get(0)).optional()?.map(Zeroizing::new))
}

/// Keeps the shared key; `false` where it was this one already.
pub fn keep_exchange_key(tx: &Transaction<'_>, key: &[u8; 32]) -> StoreResult<bool> {
    let changed = tx
        .prepare_cached(
            "INSERT INTO exchange_key VALUES (1, ?1) ON CONFLICT DO UPDATE SET key = excluded.key
             WHERE key <> excluded.key",
        )?
        .execute([key])?;
    Ok(changed > 0)
}

/// The name of this profile in its bundles; `fresh` becomes it when there is none yet.
pub fn profile_name(tx: &Transaction<'_>, fresh: &str) -> StoreResult<String> {
    if let Some(name) = profile(tx)? {
        return Ok(name);
    }
    setting::set(tx, PROFILE, fresh)?;
    Ok(fresh.to_owned())
}

/// The name of this profile in its bundles; none before the first one.
pub fn profile(conn: &Connection) -> StoreResult<Option<String>> {
    setting::get(conn, PROFILE)
}

/// A bundle that left this profile.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Exported {
    pub seq: i64,
    pub id: String,
    pub made_at: Seconds,
    pub submissions: u32,
}

/// What a new bundle is.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewExport<'a> {
    pub id: &'a str,
    pub made_at: Seconds,
    pub made_by: &'a str,
    pub cursor: Option<&'a str>,
}

/// The last bundle that left.
pub fn last_export(conn: &Connection) -> StoreResult<Option<Exported>> {
    Ok(conn
        .prepare_cached(LAST_EXPORT)?
        .query_row([], |row| {
            Ok(Exported { seq: row.get(0)?, id: row.get(1)?, made_at: row.get(2)?, submissions: row.get(3)? })
        })
        .optional()?)
}

/// Records a bundle with the submissions that it carries. From now on these may have arrived: each is *sending*, so
/// that the platform is asked before it is sent directly, and it cannot be withdrawn.
pub fn export(tx: &Transaction<'_>, new: &NewExport<'_>, keys: &[String]) -> StoreResult<Exported> {
    let predecessor = last_export(tx)?.map(|last| last.id);
    tx.prepare_cached(
        "INSERT INTO bundle_export (id, predecessor, made_at, made_by, submissions, cursor) VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![new.id, predecessor, new.made_at, new.made_by, keys.len() as i64, new.cursor])?;
    let seq = tx.last_insert_rowid();
    let mut add = tx.prepare_cached("INSERT INTO bundle_item VALUES (?1, ?2, ?3)")?;
    let mut mark =
        tx.prepare_cached("UPDATE outbox SET state = 'sending' WHERE key = ?1 AND state = 'queued'")?;
    for key in keys {
        let was_queued = mark.execute([key])? > 0;
        add.execute(params![key, seq, was_queued])?;
    }
    Ok(Exported { seq, id: new.id.to_owned(), made_at: new.made_at, submissions: keys.len() as u32 })
}

/// Forgets a bundle whose file could not be written: nothing has left.
pub fn forget_export(tx: &Transaction<'_>, seq: i64) -> StoreResult<()> {
    let made_at: Option<Seconds> = tx
        .prepare_cached("SELECT made_at FROM bundle_export WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    let keys: Vec<String> =
        tx.prepare_cached(WAS_QUEUED)?.query_map([seq], |row| row.get(0))?.collect::<Result<_, _>>()?;
    tx.prepare_cached("DELETE FROM bundle_item WHERE seq = ?1")?.execute([seq])?;
    tx.prepare_cached("DELETE FROM bundle_export WHERE seq = ?1")?.execute([seq])?;
    let mut back = tx.prepare_cached(
        "UPDATE outbox SET state = 'queued'
         WHERE key = ?1 AND state = 'sending' AND coalesce(sent_at, 0) <= ?2",
    )?;
    for key in keys {
        back.execute(params![key, made_at])?;
    }
    Ok(())
}

/// When a submission left in a bundle for the last time.
pub fn exported_at(conn: &Connection, key: &str) -> StoreResult<Option<Seconds>> {
    Ok(conn.prepare_cached(EXPORTED_AT)?.query_row([key], |row| row.get(0))?)
}

/// Whether an item is out in a bundle, and has not been sent directly since.
pub fn is_out(conn: &Connection, item: &outbox::OutboxItem) -> StoreResult<bool> {
    Ok(item.state == OutboxState::Sending
        && exported_at(conn, &item.key)?.is_some_and(|at| item.sent_at.is_none_or(|sent| sent <= at)))
}

/// Whether a submission has ever left in a bundle: then it may arrive at any time, and cannot be withdrawn.
pub fn has_left(conn: &Connection, key: &str) -> StoreResult<bool> {
    Ok(exported_at(conn, key)?.is_some())
}

/// Notes that a relay has sent an item that still waits; `false` where it does not wait any more.
pub fn carried(tx: &Transaction<'_>, key: &str, at: Seconds) -> StoreResult<bool> {
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1, sent_at = coalesce(sent_at, ?2)
             WHERE key = ?1 AND state IN ('queued', 'sending')",
        )?
        .execute(params![key, at])?;
    Ok(changed > 0)
}

/// How many submissions are out in bundles.
pub fn count_out(conn: &Connection) -> StoreResult<u64> {
    Ok(conn.prepare_cached(COUNT_EXPORTED)?.query_row([], |row| row.get(0))?)
}

/// Answers that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Imported {
    /// The export's number.
    pub seq: i64,
    pub relay: String,
    pub taken_at: Seconds,
    pub submissions: u32,
    pub changes: u32,
}

/// The last answers that came back.
pub fn last_import(conn: &Connection) -> StoreResult<Option<Imported>> {
    Ok(conn
        .prepare_cached(LAST_IMPORT)?
        .query_row([], |row| {
            Ok(Imported {
                seq: row.get(0)?,
                relay: row.get(1)?,
                taken_at: row.get(2)?,
                submissions: row.get(3)?,
                changes: row.get(4)?,
            })
        })
        .optional()?)
}

/// Whether a relay's answers have been taken in whole.
pub fn imported(conn: &Connection, relay: &str) -> StoreResult<bool> {
    Ok(conn.prepare_cached(IMPORTED)?.query_row([relay], |row| row.get(0))?)
}

/// Records answers that were taken in; the first time counts.
pub fn import(tx: &Transaction<'_>, taken: &Imported, relayed_at: Seconds) -> StoreResult<()> {
    tx.prepare_cached("INSERT INTO bundle_import VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![
            taken.relay,
            taken.seq,
            relayed_at,
            taken.taken_at,
            taken.submissions,
            taken.changes
        ])?;
    Ok(())
}
