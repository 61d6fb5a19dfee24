//! The answer that is being written to one round of a notice.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::{DateText, Seconds};
use crate::plan::queries;

queries! {
    GET = "SELECT cause, measures, finish_by_on, responsible, attachments, edited_at, edited_by
        FROM reply_draft WHERE notice_id = ?1 AND round = ?2";
}

/// A draft (草稿). Kept until its submission is accepted, and afterwards as the record of what was written.
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

/// The draft of a round.
pub fn get(conn: &Connection, notice: &str, round: u32) -> StoreResult<Option<ReplyDraft>> {
    Ok(conn
        .prepare_cached(GET)?
        .query_row(params![notice, round], |row| {
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

/// Saves the draft of a round.
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
