//! 待发箱: what people submitted, and what became of it. Written in the transaction of the user's action; never deleted.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

macro_rules! columns {
    () => {
        "seq, key, kind, document, body, body_sha256, base_ver, state, attempts, not_before, error_code, error_text, \
         answer, actor, created_at, sent_at, settled_at"
    };
}

queries! {
    GET = concat!("SELECT ", columns!(), " FROM outbox WHERE key = ?1");
    WAITING = concat!("SELECT ", columns!(), " FROM outbox INDEXED BY outbox_waiting
        WHERE state IN ('queued', 'sending') ORDER BY seq LIMIT ?1");
    ATTENTION = concat!("SELECT ", columns!(), " FROM outbox INDEXED BY outbox_attention
        WHERE state IN ('refused', 'needs-decision') ORDER BY seq LIMIT ?1");
    LATEST = concat!("SELECT ", columns!(), " FROM outbox WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2");
    OF_DOCUMENT = concat!("SELECT ", columns!(), " FROM outbox WHERE document = ?1 ORDER BY seq");
    COUNT_WAITING = "SELECT count(*) FROM outbox INDEXED BY outbox_waiting WHERE state IN ('queued', 'sending')";
    COUNT_ATTENTION = "SELECT count(*) FROM outbox INDEXED BY outbox_attention WHERE state IN ('refused', 'needs-decision')";
    WAITING_BY_ACTOR = "SELECT actor, count(*) FROM outbox INDEXED BY outbox_waiting
        WHERE state IN ('queued', 'sending') GROUP BY actor";
    ATTACHMENTS = "SELECT sha256 FROM outbox_attachment WHERE key = ?1 ORDER BY sha256";
}

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxState {
    /// 待发送.
    Queued,
    /// 发送中: it may have arrived; ask before sending again.
    Sending,
    /// 已送达.
    Accepted,
    /// 被退回: the platform refused it; the draft is kept.
    Refused,
    /// 待裁定: a colleague was faster; a person decides.
    NeedsDecision,
    /// 已撤回: taken back by a person before it was sent, or after a refusal.
    Withdrawn,
}

impl OutboxState {
    /// The name in the database and in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::NeedsDecision => "needs-decision",
            Self::Withdrawn => "withdrawn",
        }
    }
    fn from_name(name: &str) -> Option<Self> {
        [Self::Queued, Self::Sending, Self::Accepted, Self::Refused, Self::NeedsDecision, Self::Withdrawn]
            .into_iter()
            .find(|state| state.name() == name)
    }
    /// The states that may follow.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Queued => &[Self::Sending, Self::Withdrawn, Self::NeedsDecision],
            Self::Sending => &[Self::Queued, Self::Accepted, Self::Refused, Self::NeedsDecision],
            Self::Refused | Self::NeedsDecision => &[Self::Withdrawn, Self::Queued],
            Self::Accepted | Self::Withdrawn => &[],
        }
    }
}

/// One submission.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OutboxItem {
    pub seq: i64,
    pub key: String,
    pub kind: String,
    /// Order is kept within one document, such as `notice:123`.
    pub document: String,
    /// The payload as JSON, byte for byte the same at each attempt.
    pub body: String,
    pub body_sha256: [u8; 32],
    pub base_ver: Option<i64>,
    pub state: OutboxState,
    pub attempts: u32,
    /// Not to be tried before this instant.
    pub not_before: Seconds,
    pub error_code: Option<String>,
    pub error_text: Option<String>,
    /// The platform's last answer, whole.
    pub answer: Option<String>,
    pub actor: String,
    pub created_at: Seconds,
    pub sent_at: Option<Seconds>,
    pub settled_at: Option<Seconds>,
}

impl OutboxItem {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let state: String = row.get(7)?;
        Ok(Self {
            seq: row.get(0)?,
            key: row.get(1)?,
            kind: row.get(2)?,
            document: row.get(3)?,
            body: row.get(4)?,
            body_sha256: row.get(5)?,
            base_ver: row.get(6)?,
            state: OutboxState::from_name(&state).ok_or_else(|| {
                rusqlite::Error::FromSqlConversionFailure(7, rusqlite::types::Type::Text, state.into())
            })?,
            attempts: row.get(8)?,
            not_before: row.get(9)?,
            error_code: row.get(10)?,
            error_text: row.get(11)?,
            answer: row.get(12)?,
            actor: row.get(13)?,
            created_at: row.get(14)?,
            sent_at: row.get(15)?,
            settled_at: row.get(16)?,
        })
    }
}

/// What a user's action puts into the outbox.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewItem<'a> {
    pub key: &'a str,
    pub kind: &'a str,
    pub document: &'a str,
    pub body: &'a str,
    pub base_ver: Option<i64>,
    /// Digests of the attachments that must be uploaded first, in lower-case hex.
    pub attachments: &'a [String],
    pub actor: &'a str,
    pub at: Seconds,
}

/// Puts a submission into the outbox.
pub fn add(tx: &Transaction<'_>, item: &NewItem<'_>) -> StoreResult<()> {
    use sha2::{Digest, Sha256};
    let hash: [u8; 32] = Sha256::digest(item.body.as_bytes()).into();
    tx.prepare_cached(
        "INSERT INTO outbox (key, kind, document, body, body_sha256, base_ver, state, actor, created_at)
         VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?)",
    )?
    .execute(params![
        item.key,
        item.kind,
        item.document,
        item.body,
        hash,
        item.base_ver,
        item.actor,
        item.at
    ])?;
    let mut attach =
        tx.prepare_cached("INSERT INTO outbox_attachment VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    for sha256 in item.attachments {
        attach.execute([item.key, sha256])?;
    }
    Ok(())
}

/// What changes when an item takes a new state; `None` keeps what is there, except the error, which is replaced.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Change {
    pub error: Option<(String, String)>,
    pub answer: Option<String>,
    pub not_before: Option<Seconds>,
    pub base_ver: Option<i64>,
    /// The instant of the change: `sent_at` for sending, `settled_at` for a final answer.
    pub at: Seconds,
}

/// Moves an item on. `false` where its state does not allow it (another hand was faster); nothing is changed then.
pub fn advance(tx: &Transaction<'_>, key: &str, to: OutboxState, change: &Change) -> StoreResult<bool> {
    let Some(item) = get(tx, key)? else { return Ok(false) };
    if !item.state.next().contains(&to) {
        return Ok(false);
    }
    let sending = to == OutboxState::Sending;
    let settled = matches!(
        to,
        OutboxState::Accepted | OutboxState::Refused | OutboxState::NeedsDecision | OutboxState::Withdrawn
    );
    let (code, text) = change.error.as_ref().map_or((None, None), |(code, text)| (Some(code), Some(text)));
    tx.prepare_cached(
        "UPDATE outbox SET state = ?2, attempts = attempts + ?3, error_code = ?4, error_text = ?5,
           answer = coalesce(?6, answer), not_before = coalesce(?7, not_before), base_ver = coalesce(?8, base_ver),
           sent_at = CASE WHEN ?3 THEN ?9 ELSE sent_at END,
           settled_at = CASE WHEN ?10 THEN ?9 ELSE settled_at END
         WHERE key = ?1",
    )?
    .execute(params![key, to.name(), sending, code, text, change.answer, change.not_before, change.base_ver, change.at, settled])?;
    Ok(true)
}

/// Marks everything that waits as possibly sent, so that the platform is asked before it goes out; how many that are.
/// For a profile that may be older than what it sent: a restored or a salvaged one.
pub fn ask_first(tx: &Transaction<'_>) -> StoreResult<u64> {
    tx.execute("UPDATE outbox SET state = 'sending', not_before = 0 WHERE state IN ('queued', 'sending')", [])
        .map(|n| n as u64)
        .map_err(Into::into)
}

/// Notes why an item still waits and from when on it may be tried again; its state stays.
pub fn put_off(tx: &Transaction<'_>, key: &str, error: (&str, &str), not_before: Seconds) -> StoreResult<()> {
    tx.prepare_cached(
        "UPDATE outbox SET error_code = ?2, error_text = ?3, not_before = ?4
         WHERE key = ?1 AND state IN ('queued', 'sending')",
    )?
    .execute(params![key, error.0, error.1, not_before])?;
    Ok(())
}

/// One item.
pub fn get(conn: &Connection, key: &str) -> StoreResult<Option<OutboxItem>> {
    Ok(conn.prepare_cached(GET)?.query_row([key], OutboxItem::read).optional()?)
}

fn list(conn: &Connection, sql: &str, parameters: impl rusqlite::Params) -> StoreResult<Vec<OutboxItem>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, OutboxItem::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Queued and sending items, oldest first.
pub fn waiting(conn: &Connection, limit: u32) -> StoreResult<Vec<OutboxItem>> {
    list(conn, WAITING, [limit])
}

/// Refused items and those that need a decision, oldest first.
pub fn attention(conn: &Connection, limit: u32) -> StoreResult<Vec<OutboxItem>> {
    list(conn, ATTENTION, [limit])
}

/// The newest items in whatever state, before the item `before`, at most `limit`.
pub fn latest(conn: &Connection, before: Option<i64>, limit: u32) -> StoreResult<Vec<OutboxItem>> {
    list(conn, LATEST, params![before.unwrap_or(i64::MAX), limit])
}

/// All items of one document, oldest first.
pub fn of_document(conn: &Connection, document: &str) -> StoreResult<Vec<OutboxItem>> {
    list(conn, OF_DOCUMENT, [document])
}

/// How many wait to be sent, and how many need a person.
pub fn counts(conn: &Connection) -> StoreResult<(u64, u64)> {
    let waiting = conn.prepare_cached(COUNT_WAITING)?.query_row([], |row| row.get(0))?;
    let attention = conn.prepare_cached(COUNT_ATTENTION)?.query_row([], |row| row.get(0))?;
    Ok((waiting, attention))
}

/// How many wait to be sent, by the person in whose name they go out.
pub fn waiting_by_actor(conn: &Connection) -> StoreResult<std::collections::BTreeMap<String, u64>> {
    let mut statement = conn.prepare_cached(WAITING_BY_ACTOR)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The digests of an item's attachments.
pub fn attachments(conn: &Connection, key: &str) -> StoreResult<Vec<String>> {
    let mut statement = conn.prepare_cached(ATTACHMENTS)?;
    let rows = statement.query_map([key], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
