//! 督办通知 and their answers, as the platform holds them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

macro_rules! columns {
    () => {
        "id, ver, code, title, body, level, indicator_id, rule_name, clause, issuer, issued_at, reply_working_days, \
         stated_due_at, raw_state, state_text, state, round, signed_at, signed_by, returned_at, return_reason, \
         closed_at, evidence"
    };
}

queries! {
    OPEN = concat!(
        "SELECT ", columns!(), " FROM notice INDEXED BY notice_open
         WHERE state IN ('ISSUED', 'SIGNED', 'RECTIFYING', 'RETURNED', '') ORDER BY issued_at, key"
    );
    LATEST = concat!("SELECT ", columns!(), " FROM notice ORDER BY issued_at DESC, key DESC LIMIT ?1");
    ONE = concat!("SELECT ", columns!(), " FROM notice WHERE id = ?1");
    REPLIES = "SELECT id, ver, round, cause, measures, finish_by_on, responsible, attachments, operator, submitted_at,
        client_key FROM notice_reply WHERE notice_id = ?1 ORDER BY round";
}

/// A supervision notice as it stands in the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Notice {
    pub id: String,
    pub ver: i64,
    pub code: String,
    pub title: String,
    pub body: String,
    pub level: String,
    pub indicator_id: Option<String>,
    pub rule_name: String,
    pub clause: String,
    pub issuer: String,
    pub issued_at: Seconds,
    pub reply_working_days: u32,
    pub stated_due_at: Option<Seconds>,
    pub raw_state: String,
    pub state_text: String,
    /// Canonical code; empty where the raw one is not known.
    pub state: String,
    pub round: u32,
    pub signed_at: Option<Seconds>,
    pub signed_by: Option<String>,
    pub returned_at: Option<Seconds>,
    pub return_reason: String,
    pub closed_at: Option<Seconds>,
    /// JSON array of `{label, value, orderDetailId?}`.
    pub evidence: String,
}

impl Notice {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            ver: row.get(1)?,
            code: row.get(2)?,
            title: row.get(3)?,
            body: row.get(4)?,
            level: row.get(5)?,
            indicator_id: row.get(6)?,
            rule_name: row.get(7)?,
            clause: row.get(8)?,
            issuer: row.get(9)?,
            issued_at: row.get(10)?,
            reply_working_days: row.get(11)?,
            stated_due_at: row.get(12)?,
            raw_state: row.get(13)?,
            state_text: row.get(14)?,
            state: row.get(15)?,
            round: row.get(16)?,
            signed_at: row.get(17)?,
            signed_by: row.get(18)?,
            returned_at: row.get(19)?,
            return_reason: row.get(20)?,
            closed_at: row.get(21)?,
            evidence: row.get(22)?,
        })
    }
}

/// An answer as the platform holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Reply {
    pub id: String,
    pub ver: i64,
    pub round: u32,
    pub cause: String,
    pub measures: String,
    pub finish_by_on: Option<DateText>,
    pub responsible: String,
    /// JSON array of `{sha256, name, size}`.
    pub attachments: String,
    pub operator: String,
    pub submitted_at: Seconds,
    pub client_key: String,
}

/// The notices that the hospital still has to answer, oldest first; one whose state is unknown counts as open.
pub fn open(conn: &Connection) -> StoreResult<Vec<Notice>> {
    let mut statement = conn.prepare_cached(OPEN)?;
    let rows = statement.query_map([], Notice::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest notices in whatever state, at most `limit`.
pub fn latest(conn: &Connection, limit: u32) -> StoreResult<Vec<Notice>> {
    let mut statement = conn.prepare_cached(LATEST)?;
    let rows = statement.query_map(params![limit], Notice::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One notice.
pub fn get(conn: &Connection, id: &str) -> StoreResult<Option<Notice>> {
    Ok(conn.prepare_cached(ONE)?.query_row([id], Notice::read).optional()?)
}

/// The answers to one notice, by round.
pub fn replies(conn: &Connection, notice: &str) -> StoreResult<Vec<Reply>> {
    let mut statement = conn.prepare_cached(REPLIES)?;
    let rows = statement.query_map([notice], |row| {
        Ok(Reply {
            id: row.get(0)?,
            ver: row.get(1)?,
            round: row.get(2)?,
            cause: row.get(3)?,
            measures: row.get(4)?,
            finish_by_on: row.get(5)?,
            responsible: row.get(6)?,
            attachments: row.get(7)?,
            operator: row.get(8)?,
            submitted_at: row.get(9)?,
            client_key: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
