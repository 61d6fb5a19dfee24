//! 待发箱: what people submitted, and what became of it. Written in the transaction of the user's action; never deleted.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

macro_rules! columns {
    () => {
        "seq, key, kind, document, body, body_sha256, base_ver, state, attempts, not_before, error_code, error_text, \
         answer, actor, created_at, sent_at, settled_at, on_behalf_of, reviewer, reviewed_at, review_reason, \
         may_have_left, also_by"
    };
}

queries! {
    GET = concat!("SELECT ", columns!(), " FROM outbox WHERE key = ?1");
    WAITING = concat!("SELECT ", columns!(), " FROM outbox INDEXED BY outbox_waiting
        WHERE state IN ('queued', 'sending') ORDER BY seq LIMIT ?1");
    ATTENTION = concat!("SELECT ", columns!(), " FROM outbox INDEXED BY outbox_attention
        WHERE state IN ('refused', 'needs-decision') ORDER BY seq LIMIT ?1");
    IN_REVIEW = concat!("SELECT ", columns!(), " FROM outbox INDEXED BY outbox_review
        WHERE state IN ('awaiting-review', 'returned') ORDER BY seq LIMIT ?1");
    COUNT_IN_REVIEW = "SELECT state, actor, kind, count(*) FROM outbox INDEXED BY outbox_review
        WHERE state IN ('awaiting-review', 'returned') GROUP BY state, actor, kind";
    IS_HELD = "SELECT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_document
        WHERE document = ?1 AND seq < ?2 AND state = 'awaiting-review')";
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
    /// 待复核: a second person has to look at it before it goes out.
    AwaitingReview,
    /// 复核退回: the second person gave it back, with a reason.
    Returned,
}

impl OutboxState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Queued,
        Self::Sending,
        Self::Accepted,
        Self::Refused,
        Self::NeedsDecision,
        Self::Withdrawn,
        Self::AwaitingReview,
        Self::Returned,
    ];

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
            Self::AwaitingReview => "awaiting-review",
            Self::Returned => "returned",
        }
    }
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.name() == name)
    }
    /// Whether it is on its way, before a second person or behind him: it may still reach the platform, and what is
    /// asked for again is not queued twice.
    #[must_use]
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::AwaitingReview)
    }
    /// Whether it came back for good: what was written is to be corrected and submitted anew.
    #[must_use]
    pub const fn came_back(self) -> bool {
        matches!(self, Self::Refused | Self::Returned)
    }
    /// The states that may follow.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Queued => &[Self::Sending, Self::Withdrawn, Self::NeedsDecision],
            Self::Sending => &[Self::Queued, Self::Accepted, Self::Refused, Self::NeedsDecision],
            Self::Refused => &[Self::Withdrawn, Self::Queued],
            // Accepted once a person has seen that the platform took only some of the lines.
            Self::NeedsDecision => &[Self::Withdrawn, Self::Queued, Self::Accepted],
            // Sending only after a restore, where the platform is asked first.
            Self::AwaitingReview => &[Self::Queued, Self::Sending, Self::Returned, Self::Withdrawn],
            Self::Returned => &[Self::Withdrawn],
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
    /// 代: the colleague who was away, in whose area it was written.
    pub on_behalf_of: Option<String>,
    /// The second person, once he has decided.
    pub reviewer: Option<String>,
    pub reviewed_at: Option<Seconds>,
    /// Why the second person returned it.
    pub review_reason: Option<String>,
    /// Awaits review in a profile that may be older than what it sent.
    pub may_have_left: bool,
    /// Who may send it besides its maker: the second person, where his own role allows the kind.
    pub also_by: Option<String>,
}

impl OutboxItem {
    /// Whether it may go out by this person's sign-in.
    #[must_use]
    pub fn goes_out_by(&self, user: &str) -> bool {
        self.actor == user || self.also_by.as_deref() == Some(user)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            key: row.get(1)?,
            kind: row.get(2)?,
            document: row.get(3)?,
            body: row.get(4)?,
            body_sha256: row.get(5)?,
            base_ver: row.get(6)?,
            state: state_at(row, 7)?,
            attempts: row.get(8)?,
            not_before: row.get(9)?,
            error_code: row.get(10)?,
            error_text: row.get(11)?,
            answer: row.get(12)?,
            actor: row.get(13)?,
            created_at: row.get(14)?,
            sent_at: row.get(15)?,
            settled_at: row.get(16)?,
            on_behalf_of: row.get(17)?,
            reviewer: row.get(18)?,
            reviewed_at: row.get(19)?,
            review_reason: row.get(20)?,
            may_have_left: row.get(21)?,
            also_by: row.get(22)?,
        })
    }
}

fn state_at(row: &Row<'_>, column: usize) -> rusqlite::Result<OutboxState> {
    let state: String = row.get(column)?;
    OutboxState::from_name(&state).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, state.into())
    })
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

/// Puts a submission into the outbox. It waits for a second person where its kind is reviewed today.
pub fn add(tx: &Transaction<'_>, item: &NewItem<'_>) -> StoreResult<()> {
    use sha2::{Digest, Sha256};
    let hash: [u8; 32] = Sha256::digest(item.body.as_bytes()).into();
    tx.prepare_cached(
        "INSERT INTO outbox (key, kind, document, body, body_sha256, base_ver, state, actor, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6,
           CASE WHEN EXISTS (SELECT 1 FROM review_rule WHERE kind = ?2) THEN 'awaiting-review' ELSE 'queued' END, ?7, ?8)",
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

/// Takes the same person's returned submissions of a kind about a document back, because he submits anew: their keys.
pub fn supersede(tx: &Transaction<'_>, item: &NewItem<'_>) -> StoreResult<Vec<String>> {
    let returned: Vec<String> = of_document(tx, item.document)?
        .into_iter()
        .filter(|old| old.state == OutboxState::Returned && old.kind == item.kind && old.actor == item.actor)
        .map(|old| old.key)
        .collect();
    for key in &returned {
        advance(tx, key, OutboxState::Withdrawn, &Change { at: item.at, ..Change::default() })?;
    }
    Ok(returned)
}

/// Notes for which absent colleague a submission was made.
pub fn set_on_behalf_of(tx: &Transaction<'_>, key: &str, user: &str) -> StoreResult<()> {
    tx.prepare_cached("UPDATE outbox SET on_behalf_of = ?2 WHERE key = ?1")?.execute([key, user])?;
    Ok(())
}

/// What a second person says of a submission.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Review<'a> {
    pub reviewer: &'a str,
    pub at: Seconds,
    /// Why it goes back; `None` approves.
    pub returned: Option<&'a str>,
    /// His own role allows the kind: it goes out by his sign-in too, if he is at work first.
    pub may_send: bool,
}

/// Takes in a second person's decision. An approved submission goes out as it was written; `false` where it awaits none.
pub fn review(tx: &Transaction<'_>, key: &str, review: &Review<'_>) -> StoreResult<bool> {
    let Some(item) = get(tx, key)? else { return Ok(false) };
    let to = match review.returned {
        Some(_) => OutboxState::Returned,
        None if item.may_have_left => OutboxState::Sending,
        None => OutboxState::Queued,
    };
    if item.state != OutboxState::AwaitingReview {
        return Ok(false);
    }
    tx.prepare_cached(
        "UPDATE outbox SET state = ?2, reviewer = ?3, reviewed_at = ?4, review_reason = ?5, may_have_left = 0,
           also_by = CASE WHEN ?6 THEN ?3 END
         WHERE key = ?1",
    )?
    .execute(params![
        key,
        to.name(),
        review.reviewer,
        review.at,
        review.returned,
        review.may_send && review.returned.is_none()
    ])?;
    Ok(true)
}

/// Notes that the platform has never seen a submission which awaits review.
pub fn has_not_left(tx: &Transaction<'_>, key: &str) -> StoreResult<()> {
    tx.prepare_cached("UPDATE outbox SET may_have_left = 0 WHERE key = ?1 AND state = 'awaiting-review'")?
        .execute([key])?;
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
    tx.execute("UPDATE outbox SET may_have_left = 1 WHERE state = 'awaiting-review'", [])?;
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

/// What awaits a second person, and what he returned, oldest first.
pub fn in_review(conn: &Connection, limit: u32) -> StoreResult<Vec<OutboxItem>> {
    list(conn, IN_REVIEW, [limit])
}

/// How many submissions of one person and kind await a second person or came back from him.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct InReview {
    pub state: OutboxState,
    pub actor: String,
    pub kind: String,
    pub count: u64,
}

/// What awaits a second person, and what he returned, counted by maker and kind.
pub fn count_in_review(conn: &Connection) -> StoreResult<Vec<InReview>> {
    let mut statement = conn.prepare_cached(COUNT_IN_REVIEW)?;
    let rows = statement.query_map([], |row| {
        Ok(InReview { state: state_at(row, 0)?, actor: row.get(1)?, kind: row.get(2)?, count: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether an earlier submission of the same document awaits review: then nothing behind it goes out.
pub fn is_held(conn: &Connection, item: &OutboxItem) -> StoreResult<bool> {
    Ok(conn.prepare_cached(IS_HELD)?.query_row(params![item.document, item.seq], |row| row.get(0))?)
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

#[cfg(test)]
mod tests {
    use super::OutboxState::{
        Accepted, AwaitingReview, NeedsDecision, Queued, Refused, Returned, Sending, Withdrawn,
    };
    use super::*;
    use crate::Store;

    fn new(key: &str) -> NewItem<'_> {
        NewItem {
            key,
            kind: "notice.reply",
            document: "notice:1",
            body: "{}",
            base_ver: None,
            attachments: &[],
            actor: "li",
            at: 1,
        }
    }

    /// Every state with every other: what the table allows happens, and nothing else.
    #[test]
    fn every_transition() {
        let allowed = [
            (Queued, vec![Sending, Withdrawn, NeedsDecision]),
            (Sending, vec![Queued, Accepted, Refused, NeedsDecision]),
            (Accepted, vec![]),
            (Refused, vec![Withdrawn, Queued]),
            (NeedsDecision, vec![Withdrawn, Queued, Accepted]),
            (Withdrawn, vec![]),
            (AwaitingReview, vec![Queued, Sending, Returned, Withdrawn]),
            (Returned, vec![Withdrawn]),
        ];
        assert_eq!(allowed.iter().map(|(from, _)| *from).collect::<Vec<_>>(), OutboxState::ALL);
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create_for_tests(dir.path());
        for (from, to_which) in allowed {
            for to in OutboxState::ALL {
                let key = format!("{}-{}", from.name(), to.name());
                let moved = store
                    .write_local(|tx| {
                        add(tx, &new(&key))?;
                        tx.execute("UPDATE outbox SET state = ?2 WHERE key = ?1", [&key, from.name()])?;
                        advance(tx, &key, *to, &Change { at: 2, ..Change::default() })
                    })
                    .unwrap();
                let now = store.read(|conn| get(conn, &key)).unwrap().unwrap().state;
                assert_eq!(
                    (moved, now),
                    if to_which.contains(to) { (true, *to) } else { (false, from) },
                    "{key}"
                );
                assert_eq!(OutboxState::from_name(to.name()), Some(*to));
            }
        }
    }

    #[test]
    fn a_reviewed_kind_waits_and_holds_back_what_follows_in_its_document() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create_for_tests(dir.path());
        let item = |key: &str| store.read(|conn| get(conn, key)).unwrap().unwrap();
        let sign = NewItem { kind: "notice.sign", ..new("before") };
        store
            .write_local(|tx| {
                crate::local::review::require(tx, "notice.reply", "wang", 0)?;
                add(tx, &sign)?;
                add(tx, &new("reply"))?;
                crate::local::review::release(tx, "notice.reply")?;
                add(tx, &NewItem { key: "after", ..sign })?;
                add(tx, &NewItem { key: "elsewhere", document: "notice:2", ..sign })
            })
            .unwrap();
        let waiting = || store.read(|conn| waiting(conn, 9)).unwrap().into_iter().map(|item| item.key);
        assert_eq!(waiting().collect::<Vec<_>>(), ["before", "after", "elsewhere"]);
        let held = |key: &str| store.read(|conn| is_held(conn, &item(key))).unwrap();
        assert_eq!(["before", "reply", "after", "elsewhere"].map(held), [false, false, true, false]);
        assert_eq!(item("reply").state, AwaitingReview, "a change of the rule does not touch what waits");
        let count = |state| InReview { state, actor: "li".into(), kind: "notice.reply".into(), count: 1 };
        assert_eq!(store.read(count_in_review).unwrap(), [count(AwaitingReview)]);

        let approve = Review { reviewer: "wang", at: 7, returned: None, may_send: true };
        assert!(!store.write_local(|tx| review(tx, "after", &approve)).unwrap(), "it awaits nobody");
        assert!(store.write_local(|tx| review(tx, "reply", &approve)).unwrap());
        assert!(!store.write_local(|tx| review(tx, "reply", &approve)).unwrap(), "once");
        let approved = item("reply");
        assert_eq!(
            (approved.state, approved.reviewer.as_deref(), approved.reviewed_at, approved.body.as_str()),
            (Queued, Some("wang"), Some(7), "{}")
        );
        assert!(approved.goes_out_by("li") && approved.goes_out_by("wang") && !approved.goes_out_by("liu"));
        assert!(!held("after"));
    }

    #[test]
    fn after_a_restore_an_approval_asks_the_platform_first() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create_for_tests(dir.path());
        let (asked, told) = store
            .write_local(|tx| {
                crate::local::review::require(tx, "notice.reply", "wang", 0)?;
                add(tx, &new("asked"))?;
                add(tx, &new("told"))?;
                ask_first(tx)?;
                has_not_left(tx, "told")?;
                let approve = Review { reviewer: "wang", at: 7, returned: None, may_send: true };
                review(tx, "asked", &approve)?;
                review(tx, "told", &approve)?;
                Ok((get(tx, "asked")?, get(tx, "told")?))
            })
            .unwrap();
        assert_eq!((asked.unwrap().state, told.unwrap().state), (Sending, Queued));
    }
}
