//! Writing: each submission reaches the platform exactly once, or visibly waits, or was visibly refused.
//!
//! An item is marked as sending in a transaction of its own before it goes out. An item that is found so marked
//! may have arrived, and the platform is asked before it is sent again, with the same key and the same bytes.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::time::Instant;
use sunbench_contract::{Class, Outcome, Problem, SubmissionKind, SubmissionResult, codes};
use sunbench_store::local::attachment;
use sunbench_store::local::outbox::{self, OutboxItem, OutboxState};
use sunbench_store::{Connection, StoreResult, audit};

use crate::client::ClientError;
use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::plan::{Purpose, may_spend, rank};
use crate::pull::blocking;
use crate::report::{Failure, Phase};
use crate::upload::{Source, Upload};

/// Items looked at in one go.
const AT_ONCE: u32 = 1_000;
/// How often one item is sent within one run; the connection itself may fail more often.
const TRIES: u32 = 3;
/// How long an item rests after a fault that the platform gives no time for.
const REST: Duration = Duration::from_secs(15);
/// How long it rests at most, whatever an answer asks for: one that was damaged may ask for years.
const LONGEST_REST: Duration = Duration::from_hours(1);

/// What an answer means for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Done, now or earlier.
    Accepted,
    /// The platform said no for good. The draft is kept.
    Refused(Why),
    /// A colleague was faster, or only some lines went through: a person decides.
    NeedsDecision(Why),
    /// Not now. It has had no effect.
    Later(Why, Option<Duration>),
    /// An attachment is not there (any more): upload it and send again.
    Upload(Why),
    /// Nobody knows whether it has had an effect: ask.
    Unknown(Why),
}

impl Verdict {
    /// Whether another answer says the same.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Refused(a), Self::Refused(b)) | (Self::NeedsDecision(a), Self::NeedsDecision(b)) => {
                a.code == b.code
            }
            _ => false,
        }
    }
}

/// A code for the program and a text for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The platform's code, or one of the program's own.
    pub code: String,
    /// In the platform's words, or technical.
    pub text: String,
}

impl Why {
    pub(crate) fn of(problem: &Problem) -> Self {
        Self { code: problem.code.clone(), text: problem.msg.clone() }
    }
}

/// Judges an answer to a submission of this kind.
#[must_use]
pub fn judge(kind: Option<SubmissionKind>, answer: &Result<SubmissionResult, ClientError>) -> Verdict {
    match (judge_any(answer), kind) {
        // The notice has been answered or closed meanwhile: nobody's text is simply dropped.
        (Verdict::Refused(why), Some(SubmissionKind::NoticeReply)) if why.code == codes::WRONG_STATE => {
            Verdict::NeedsDecision(why)
        }
        (verdict, _) => verdict,
    }
}

fn judge_any(answer: &Result<SubmissionResult, ClientError>) -> Verdict {
    match answer {
        Ok(result) => match (&result.outcome, &result.problem) {
            (Outcome::Accepted, _) => Verdict::Accepted,
            (Outcome::Partial, problem) => Verdict::NeedsDecision(
                problem
                    .as_ref()
                    .map_or_else(|| Why { code: "partial".to_owned(), text: String::new() }, Why::of),
            ),
            (Outcome::Refused, Some(problem)) => judge_problem(422, problem),
            (Outcome::Refused, None) => {
                Verdict::Refused(Why { code: codes::INVALID.to_owned(), text: String::new() })
            }
        },
        Err(ClientError::Refused { status, problem: Some(problem), .. }) => judge_problem(*status, problem),
        Err(error) => {
            let why = Why { code: String::new(), text: error.to_string() };
            if error.may_have_arrived() { Verdict::Unknown(why) } else { Verdict::Later(why, None) }
        }
    }
}

fn judge_problem(status: u16, problem: &Problem) -> Verdict {
    let why = Why::of(problem);
    let later =
        || Verdict::Later(why.clone(), problem.retry_after_s.map(|s| Duration::from_secs(u64::from(s))));
    if problem.class == Class::Notice {
        return Verdict::Accepted;
    }
    match (problem.code.as_str(), status) {
        (codes::ATTACHMENT_MISSING | codes::DIGEST_MISMATCH, _) => Verdict::Upload(why),
        // The network brought the request twice, and this answers the second one; or brought it to a wrong place.
        (codes::NONCE_REUSED | codes::NOT_FOUND, _) => Verdict::Unknown(why),
        (codes::VERSION_PASSED, _) | (_, 412) => Verdict::NeedsDecision(why),
        (codes::MAINTENANCE | codes::RATE_LIMITED, _) | (_, 401 | 408 | 425 | 429) => later(),
        (_, 500..) => Verdict::Unknown(why),
        _ if problem.retryable => later(),
        _ if problem.current.is_some() => Verdict::NeedsDecision(why),
        _ => Verdict::Refused(why),
    }
}

/// The bytes that go out: the same for every attempt, because payload and base version are kept.
fn body(item: &OutboxItem) -> Result<Bytes, serde_json::Error> {
    body_of(&item.kind, &item.body, item.base_ver)
}

/// The body of a submission of this kind with this payload.
pub(crate) fn body_of(kind: &str, payload: &str, base_ver: Option<i64>) -> Result<Bytes, serde_json::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        kind: &'a str,
        payload: &'a RawValue,
        #[serde(skip_serializing_if = "Option::is_none")]
        base_ver: Option<i64>,
    }
    let payload = serde_json::from_str(payload)?;
    serde_json::to_vec(&Body { kind, payload, base_ver }).map(Bytes::from)
}

/// The base version of a first attempt: what the user saw, or what a predecessor's acceptance has made of it.
pub(crate) fn base_version(item: &OutboxItem, of_document: &[OutboxItem]) -> Option<i64> {
    if item.attempts > 0 {
        return item.base_ver;
    }
    let seen = item.base_ver?;
    let returned = of_document
        .iter()
        .filter(|earlier| earlier.seq < item.seq && earlier.state == OutboxState::Accepted)
        .filter_map(|earlier| {
            serde_json::from_str::<SubmissionResult>(earlier.answer.as_deref()?).ok()?.next_base()
        })
        .filter_map(|ver| i64::try_from(ver).ok())
        .max();
    Some(returned.map_or(seen, |returned| returned.max(seen)))
}

/// Whether an item is not to be tried yet. A time further off than any rest was set by a clock that was wrong.
fn rests(item: &OutboxItem, now: i64) -> bool {
    item.not_before > now && item.not_before - now <= LONGEST_REST.as_secs() as i64
}

/// What may go out now in this person's name: in the order of its document, check-in first, notices and receipts before
/// the rest.
fn sendable(waiting: Vec<OutboxItem>, attention: &[OutboxItem], now: i64, actor: &str) -> Vec<OutboxItem> {
    let undecided: HashSet<&str> = attention
        .iter()
        .filter(|item| item.state == OutboxState::NeedsDecision)
        .map(|item| item.document.as_str())
        .collect();
    let mut blocked: HashSet<String> = HashSet::new();
    let mut ready = Vec::new();
    for item in waiting {
        // What may have arrived is asked about, whatever its document waits for.
        let held = item.state != OutboxState::Sending && undecided.contains(item.document.as_str());
        if held || blocked.contains(&item.document) {
            continue;
        }
        // A colleague's submission goes out in his own name, or by the sign-in of the second person who approved it; what
        // builds upon it waits for that. Check-ins are each person's own.
        if !item.goes_out_by(actor) {
            if item.kind != SubmissionKind::CheckIn.name() {
                blocked.insert(item.document.clone());
            }
            continue;
        }
        if rests(&item, now) {
            blocked.insert(item.document.clone());
            continue;
        }
        ready.push(item);
    }
    // A document goes out with the rank of its first item, so that its own order holds.
    let mut ranks: HashMap<String, u8> = HashMap::new();
    for item in &ready {
        ranks.entry(item.document.clone()).or_insert_with(|| rank(SubmissionKind::from_name(&item.kind)));
    }
    ready.sort_by_key(|item| (ranks.get(&item.document).copied(), item.seq));
    ready
}

/// What waits, without what stands behind a submission of its document that awaits review. What may have arrived is
/// asked about all the same.
fn released(conn: &Connection) -> StoreResult<Vec<OutboxItem>> {
    let mut items = outbox::waiting(conn, AT_ONCE)?;
    let mut held = Vec::new();
    for item in &items {
        if item.state != OutboxState::Sending && outbox::is_held(conn, item)? {
            held.push(item.seq);
        }
    }
    items.retain(|item| !held.contains(&item.seq));
    Ok(items)
}

/// What came of trying to send one item.
enum Sent {
    Accepted,
    Settled,
    Waits,
}

impl SyncEngine {
    /// Sends everything that waits and may go out.
    pub(crate) async fn push(&self, run: &mut Run) -> Result<(), SyncError> {
        self.ask_about_restored(run).await?;
        let mut tried: HashSet<String> = HashSet::new();
        let mut blocked: HashSet<String> = HashSet::new();
        // Again, because people go on working meanwhile.
        loop {
            // Who asks for a sync wants what waits to be tried: only a rest that the platform asked for holds it back.
            let own_rest = if run.retry.is_strict() { REST.as_secs() as i64 } else { 0 };
            let now = self.clock.now().unix().saturating_add(own_rest);
            let (waiting, attention) = blocking(&self.store, |store| {
                store.read(|conn| Ok((released(conn)?, outbox::attention(conn, AT_ONCE)?)))
            })
            .await?;
            if let Some(item) = waiting.iter().find(|item| rests(item, now) && item.goes_out_by(&run.actor)) {
                let (code, words) = (item.error_code.as_deref(), item.error_text.as_deref());
                run.unsent.get_or_insert_with(|| {
                    Failure::of_submission(code.unwrap_or_default(), words.unwrap_or_default())
                });
            }
            let ready: Vec<_> = sendable(waiting, &attention, now, &run.actor)
                .into_iter()
                .filter(|item| tried.insert(item.key.clone()))
                .collect();
            if ready.is_empty() {
                return Ok(());
            }
            let total = ready.len() as u64;
            for (done, item) in (0..).zip(ready) {
                self.tell(Phase::Sending, done, Some(total));
                if blocked.contains(&item.document) {
                    continue;
                }
                if !may_spend(Purpose::Submit, self.quota_left(run)) {
                    return Err(SyncError::Quota);
                }
                let document = item.document.clone();
                match self.send(run, item).await? {
                    Sent::Accepted => run.pushed += 1,
                    Sent::Settled => {}
                    Sent::Waits => {
                        blocked.insert(document);
                    }
                }
            }
        }
    }

    /// After a restore, a submission that awaits review may have been approved and sent since the backup. The platform
    /// knows; what it has on record is settled by that, the rest awaits review as before.
    async fn ask_about_restored(&self, run: &mut Run) -> Result<(), SyncError> {
        let items =
            blocking(&self.store, |store| store.read(|conn| outbox::in_review(conn, AT_ONCE))).await?;
        for item in items.into_iter().filter(|item| item.may_have_left) {
            let found = match run.retry.run(|| self.client.submission_status(&item.key)).await {
                Ok(found) => found,
                Err(SyncError::Client(error)) if !error.is_connection() && !error.is_passing() => continue,
                Err(error) => return Err(error),
            };
            let key = item.key.clone();
            let (now, is_there) = (self.clock.now(), found.is_some());
            blocking(&self.store, move |store| {
                store.write_local(|tx| {
                    let change = outbox::Change { at: now.unix(), ..outbox::Change::default() };
                    if is_there {
                        outbox::advance(tx, &key, OutboxState::Sending, &change).map(drop)
                    } else {
                        outbox::has_not_left(tx, &key)
                    }
                })
            })
            .await?;
            let answer = found.map(Ok);
            let Some(answer) = answer else { continue };
            let text = answer_text(&answer);
            match judge(SubmissionKind::from_name(&item.kind), &answer) {
                Verdict::Accepted => self.settle(&item, OutboxState::Accepted, None, text).await?,
                Verdict::Refused(why) => self.settle(&item, OutboxState::Refused, Some(&why), text).await?,
                Verdict::NeedsDecision(why) => {
                    self.settle(&item, OutboxState::NeedsDecision, Some(&why), text).await?
                }
                // It is sending now, and asked about as whatever may have arrived.
                Verdict::Later(..) | Verdict::Upload(_) | Verdict::Unknown(_) => Sent::Waits,
            };
        }
        Ok(())
    }

    /// Sends one item until the platform has decided it, or it has to wait.
    ///
    /// A refusal is believed when the platform has it on record or says it twice: the request may have been damaged
    /// on the way, or something on the way may have answered.
    async fn send(&self, run: &mut Run, mut item: OutboxItem) -> Result<Sent, SyncError> {
        let mut sent = 0;
        let mut refused: Option<(Verdict, Option<String>)> = None;
        for round in 1.. {
            run.retry.check()?;
            let answer = if item.state == OutboxState::Sending {
                match run.retry.run(|| self.client.submission_status(&item.key)).await {
                    Ok(Some(result)) => Ok(result),
                    Ok(None) => {
                        item = self.back_to_queue(&item, None, 0).await?;
                        continue;
                    }
                    // The platform will not say: what it said before counts, and the item holds nobody else up.
                    Err(SyncError::Client(error)) if !error.is_connection() && !error.is_passing() => {
                        let Some(problem) = error.problem() else { return Err(error.into()) };
                        if refused.is_none() {
                            return self.rest(run, &item, &Why::of(problem), None).await;
                        }
                        item = self.back_to_queue(&item, None, 0).await?;
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            } else {
                if let Some(why) = self.upload_attachments(run, &item).await? {
                    return self.rest(run, &item, &why, None).await;
                }
                item = match self.mark_sending(&item, &run.actor).await? {
                    Some(item) => item,
                    // Withdrawn a moment ago, or its predecessor awaits review.
                    None => return Ok(Sent::Settled),
                };
                let Ok(bytes) = body(&item) else {
                    let why = Why { code: "payload".to_owned(), text: String::new() };
                    return self.settle(&item, OutboxState::Refused, Some(&why), None).await;
                };
                sent += 1;
                run.retry.once(self.client.submit(&item.key, bytes)).await?
            };
            let mut text = answer_text(&answer);
            let verdict = judge(SubmissionKind::from_name(&item.kind), &answer);
            match verdict {
                Verdict::Accepted => return self.settle(&item, OutboxState::Accepted, None, text).await,
                Verdict::Refused(ref why) | Verdict::NeedsDecision(ref why) => {
                    let said = refused.take_if(|(said, _)| said.is_like(&verdict));
                    if answer.is_err() && said.is_none() {
                        // The record of a key that was used for another content would speak of that content.
                        if why.code == codes::KEY_REUSED {
                            item = self.back_to_queue(&item, None, 0).await?;
                        }
                        refused = Some((verdict, text));
                        continue;
                    }
                    // The first answer says more than the record.
                    if let Some((_, Some(first))) = said {
                        text = Some(first);
                    }
                    let to = match verdict {
                        Verdict::Refused(_) => OutboxState::Refused,
                        _ => OutboxState::NeedsDecision,
                    };
                    return self.settle(&item, to, Some(why), text).await;
                }
                Verdict::Upload(why) => {
                    if sent >= TRIES {
                        return self.settle(&item, OutboxState::Refused, Some(&why), text).await;
                    }
                    item = self.back_to_queue(&item, Some(&why), 0).await?;
                }
                Verdict::Later(why, after) => {
                    item = self.back_to_queue(&item, Some(&why), 0).await?;
                    // Without a stated time a short wait may do.
                    let soon = after.is_none() && sent < TRIES;
                    match answer.err().filter(|e| e.is_connection() || (soon && e.is_passing())) {
                        Some(error) => run.retry.wait(error).await?,
                        None => return self.rest(run, &item, &why, after).await,
                    }
                }
                Verdict::Unknown(why) => {
                    let connection = answer.as_ref().err().is_some_and(ClientError::is_connection);
                    if (sent >= TRIES || round > 3 * TRIES) && !connection {
                        return self.rest(run, &item, &why, None).await;
                    }
                    self.note(&item, &why, 0).await?;
                    if let Err(error) = answer {
                        // A fault of the platform is worth another attempt whatever it says of itself.
                        run.retry.wait(error.into_passing()).await?;
                    }
                }
            }
        }
        Ok(Sent::Waits)
    }

    /// Commits that the item is about to go out, with the version that it builds upon. `None` when it has been
    /// withdrawn meanwhile, or when its predecessor awaits review.
    async fn mark_sending(&self, item: &OutboxItem, sender: &str) -> Result<Option<OutboxItem>, SyncError> {
        let (key, now) = (item.key.clone(), self.clock.now());
        let other = (item.actor != sender).then(|| sender.to_owned());
        blocking(&self.store, move |store| {
            store.write_local(|tx| {
                let Some(item) = outbox::get(tx, &key)? else { return Ok(None) };
                if outbox::is_held(tx, &item)? {
                    return Ok(None);
                }
                let base_ver = base_version(&item, &outbox::of_document(tx, &item.document)?);
                let change = outbox::Change { base_ver, at: now.unix(), ..outbox::Change::default() };
                if !outbox::advance(tx, &key, OutboxState::Sending, &change)? {
                    return Ok(None);
                }
                if item.attempts == 0 {
                    audit::append(tx, &entry(&item, now, "submission.sent", json!({ "sent_by": other })))?;
                }
                outbox::get(tx, &key)
            })
        })
        .await
    }

    async fn back_to_queue(
        &self,
        item: &OutboxItem,
        why: Option<&Why>,
        not_before: i64,
    ) -> Result<OutboxItem, SyncError> {
        let change = outbox::Change {
            error: why.map(|why| (why.code.clone(), why.text.clone())),
            not_before: Some(not_before),
            at: self.clock.now().unix(),
            ..outbox::Change::default()
        };
        let kept = item.clone();
        blocking(&self.store, move |store| {
            store.write_local(|tx| {
                outbox::advance(tx, &kept.key, OutboxState::Queued, &change)?;
                Ok(outbox::get(tx, &kept.key)?.unwrap_or(kept))
            })
        })
        .await
    }

    async fn note(&self, item: &OutboxItem, why: &Why, not_before: i64) -> Result<(), SyncError> {
        let (key, why) = (item.key.clone(), why.clone());
        blocking(&self.store, move |store| {
            store.write_local(|tx| outbox::put_off(tx, &key, (&why.code, &why.text), not_before))
        })
        .await
    }

    /// The item waits for a later run; what comes after it in its document waits as well.
    async fn rest(
        &self,
        run: &mut Run,
        item: &OutboxItem,
        why: &Why,
        after: Option<Duration>,
    ) -> Result<Sent, SyncError> {
        run.unsent.get_or_insert_with(|| Failure::of_submission(&why.code, &why.text));
        let rest = after.unwrap_or(REST).min(LONGEST_REST).as_secs();
        let until = self.clock.now().unix().saturating_add(i64::try_from(rest).unwrap_or(i64::MAX));
        self.note(item, why, until).await?;
        Ok(Sent::Waits)
    }

    async fn settle(
        &self,
        item: &OutboxItem,
        to: OutboxState,
        why: Option<&Why>,
        answer: Option<String>,
    ) -> Result<Sent, SyncError> {
        let now = self.clock.now();
        let change = outbox::Change {
            error: why.map(|why| (why.code.clone(), why.text.clone())),
            answer,
            at: now.unix(),
            ..outbox::Change::default()
        };
        let item = item.clone();
        let detail = settled(&change, item.attempts);
        blocking(&self.store, move |store| {
            store.write_local(|tx| {
                outbox::advance(tx, &item.key, to, &change)?;
                let action = match to {
                    OutboxState::Accepted => "submission.accepted",
                    OutboxState::NeedsDecision => "submission.needsDecision",
                    _ => "submission.refused",
                };
                audit::append(tx, &entry(&item, now, action, detail))?;
                Ok(())
            })
        })
        .await?;
        Ok(match to {
            OutboxState::Accepted => Sent::Accepted,
            // What builds upon it waits for the decision.
            OutboxState::NeedsDecision => Sent::Waits,
            _ => Sent::Settled,
        })
    }

    /// Brings the platform every attachment that the item names. `Some` when one cannot be brought now.
    async fn upload_attachments(&self, run: &mut Run, item: &OutboxItem) -> Result<Option<Why>, SyncError> {
        let key = item.key.clone();
        let named =
            blocking(&self.store, move |store| store.read(|conn| outbox::attachments(conn, &key))).await?;
        for sha256 in named {
            let digest = sha256.clone();
            let size = blocking(&self.store, move |store| store.read(|conn| attachment::size(conn, &digest)))
                .await?;
            let Some(size) = size else {
                return Ok(Some(Why { code: "attachmentLost".to_owned(), text: sha256 }));
            };
            match self.upload(run, &sha256, size, Source::Profile).await? {
                Upload::Failed(why) => return Ok(Some(why)),
                Upload::There => {}
                Upload::Sent => {
                    let (item, now) = (item.clone(), self.clock.now());
                    let detail = json!({ "sha256": sha256, "size": size });
                    blocking(&self.store, move |store| {
                        store.write_local(|tx| {
                            audit::append(tx, &entry(&item, now, "attachment.sent", detail))
                        })
                    })
                    .await?;
                }
            }
        }
        Ok(None)
    }
}

/// The platform's answer, whole, for the person who decides.
pub(crate) fn answer_text(answer: &Result<SubmissionResult, ClientError>) -> Option<String> {
    match answer {
        Ok(result) => serde_json::to_string(result).ok(),
        Err(error) => error.problem().and_then(|problem| serde_json::to_string(problem).ok()),
    }
}

/// What the audit log keeps of the platform's answer: its digest, the receipt number, the reason. The answer itself
/// stays in the outbox, and fits this digest or was changed.
pub(crate) fn settled(change: &outbox::Change, attempts: u32) -> Value {
    let answer: Option<SubmissionResult> =
        change.answer.as_deref().and_then(|text| serde_json::from_str(text).ok());
    json!({
        "attempts": attempts,
        "answer": change.answer.as_ref().map(|text| hex(&Sha256::digest(text))),
        "receipt": answer.as_ref().and_then(|answer| answer.id.as_deref()),
        "version": answer.as_ref().and_then(|answer| answer.ver),
        "accepted_at": answer.as_ref().map(|answer| answer.accepted_at.to_string()),
        "code": change.error.as_ref().map(|(code, _)| code),
    })
}

pub(crate) fn entry<'a>(item: &'a OutboxItem, at: Instant, action: &'a str, more: Value) -> audit::Entry<'a> {
    let mut detail = json!({ "key": item.key, "kind": item.kind, "body": hex(&item.body_sha256) });
    if let (Some(detail), Value::Object(more)) = (detail.as_object_mut(), more) {
        detail.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    }
    audit::Entry { at: at.at(), actor: &item.actor, action, subject: &item.document, detail }
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
