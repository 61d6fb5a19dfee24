//! The answer that is being written to one round of a notice.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::{DateText, Seconds};
use crate::plan::queries;

queries! {
    GET = "SELECT cause, measures, finish_by_on, responsible, attachments, edited_at, edited_by
        FROM reply_draft WHERE notice_id = ?1 AND round = ?2 AND edited_by = ?3";
    OTHERS = "SELECT edited_by FROM reply_draft
        WHERE notice_id = ?1 AND round = ?2 AND edited_by <> ?3 AND (cause <> '' OR measures <> '') ORDER BY edited_by";
}

/// A draft (草稿): everybody has his own. Kept until its submission is accepted, and afterwards as the record of what was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct ReplyDraft {
    pub cause: String,
    pub measures: String,
    pub finish_by_on: Option<DateText>,
    pub responsible: String,
    /// JSON array of `{sha256, name, size}`.
    pub attachments: String,
    pub edited_at: Seconds,
    pub edited_by: String,
}

/// One person's draft of a round.
pub fn get(conn: &Connection, notice: &str, round: u32, user: &str) -> StoreResult<Option<ReplyDraft>> {
    Ok(conn
        .prepare_cached(GET)?
        .query_row(params![notice, round, user], |row| {
            Ok(ReplyDraft {
                cause: row.get(0)?,
                measures: row.get(1)?,
                finish_by_on: row.get(2)?,
                responsible: row.get(3)?,
                attachments: row.get(4)?,
                edited_at: row.get(5)?,
                edited_by: row.get(6)?,
            })
        })
        .optional()?)
}

/// The others who have begun an answer in this round.
pub fn others(conn: &Connection, notice: &str, round: u32, user: &str) -> StoreResult<Vec<String>> {
    let mut statement = conn.prepare_cached(OTHERS)?;
    let rows = statement.query_map(params![notice, round, user], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Saves a person's draft of a round.
pub fn put(tx: &Transaction<'_>, notice: &str, round: u32, draft: &ReplyDraft) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO reply_draft
         (notice_id, round, cause, measures, finish_by_on, responsible, attachments, edited_at, edited_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        notice,
        round,
        draft.cause,
        draft.measures,
        draft.finish_by_on,
        draft.responsible,
        draft.attachments,
        draft.edited_at,
        draft.edited_by
    ])?;
    Ok(())
}
