//! "What did we send on that day, who did it, and what did the platform answer?"

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sunbench_contract::AttachmentRef;
use sunbench_contract::sign::hex;
use sunbench_store::audit::{self, Record};
use sunbench_store::local::outbox::OutboxItem;
use sunbench_store::local::{account, attachment, bundle, outbox};
use sunbench_store::mirror::notice;
use sunbench_store::{Connection, StoreResult};
use sunbench_workdays::SHANGHAI;

use super::words;
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::state_of;
use crate::wire::{
    AccountAnswer, AccountEntry, AccountFile, AccountStep, AuditAccount, AuditExplainReq, OutboxState,
};

/// Days that are looked at where none are named: a year and the month in which somebody asks.
const DAYS: u64 = 400;
/// Entries of the log that one account is made from.
const ENTRIES: u32 = 5_000;

/// What stands in the log about one submission, or one other entry.
struct Story {
    key: Option<String>,
    steps: Vec<Record>,
}

impl Context<'_> {
    /// What was sent in these days and about this: by whom, with which content, and what the platform answered.
    pub fn audit_explain(&self, req: &AuditExplainReq) -> ApiResult<AuditAccount> {
        let (from, to) = self.days(req)?;
        let about = req.about.as_deref().map(str::trim).filter(|about| !about.is_empty());
        let names = self.names()?;
        let (stories, cut) = self.store.read(|conn| {
            let found = match about {
                Some(about) => entries_about(conn, about)?,
                None => audit::between(conn, &midnight(from), &midnight(after(to)), ENTRIES)?,
            };
            let cut = found.len() >= ENTRIES as usize;
            let within = |record: &Record| day(record).is_some_and(|day| (from..=to).contains(&day));
            stories(conn, found.into_iter().filter(within).collect()).map(|stories| (stories, cut))
        })?;
        let entries = self.store.read(|conn| {
            stories.into_iter().map(|story| entry(conn, story, &names)).collect::<StoreResult<Vec<_>>>()
        })?;
        Ok(AuditAccount {
            from: from.to_string(),
            to: to.to_string(),
            entries,
            cut,
            chain: self.audit_verify()?,
        })
    }

    fn days(&self, req: &AuditExplainReq) -> ApiResult<(NaiveDate, NaiveDate)> {
        let date = |field: &str, text: &Option<String>| match text {
            Some(text) => text
                .trim()
                .parse::<NaiveDate>()
                .map(Some)
                .map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field)),
            None => Ok(None),
        };
        let (from, to) = match (date("from", &req.from)?, date("to", &req.to)?) {
            (Some(from), to) => (from, to.unwrap_or(from)),
            (None, to) => {
                let to = to.unwrap_or_else(|| self.today());
                (to.checked_sub_days(Days::new(DAYS)).unwrap_or(to), to)
            }
        };
        if to < from {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "to"));
        }
        Ok((from, to))
    }

    /// People's names by their sign-in names, as far as this profile knows them.
    fn names(&self) -> ApiResult<BTreeMap<String, String>> {
        let people = self.store.read(account::people)?;
        Ok(people.into_iter().map(|person| (person.user, person.name)).collect())
    }
}

fn midnight(date: NaiveDate) -> DateTime<FixedOffset> {
    date.and_time(NaiveTime::MIN).and_local_timezone(SHANGHAI).single().unwrap_or_default()
}

fn after(date: NaiveDate) -> NaiveDate {
    date.succ_opt().unwrap_or(date)
}

/// The Shanghai date of an entry; its time is written in China Standard Time.
fn day(record: &Record) -> Option<NaiveDate> {
    record.at.get(..10)?.parse().ok()
}

fn detail(record: &Record) -> Value {
    serde_json::from_str(&record.detail).unwrap_or_default()
}

fn key_of(detail: &Value) -> Option<&str> {
    detail.get("key").and_then(Value::as_str)
}

/// The entries about a record that is named by its subject, its bare id, or a submission's key.
fn entries_about(conn: &Connection, about: &str) -> StoreResult<Vec<Record>> {
    let mut subjects: Vec<String> = Vec::new();
    if let Some(item) = outbox::get(conn, about)? {
        subjects.push(item.document);
    } else if about.contains(':') {
        subjects.push(about.to_owned());
    } else {
        for kind in ["notice", "order", "delivery", "receipt", "checkIn", "settlement", "filing", "return"] {
            subjects.push(format!("{kind}:{about}"));
        }
        subjects.push(about.to_owned());
    }
    let mut found = Vec::new();
    for subject in subjects {
        found.extend(audit::about(conn, &subject, ENTRIES)?);
    }
    found.sort_by_key(|record| record.seq);
    Ok(found)
}

/// Puts together what belongs to one submission, with what happened to it outside of the days asked for.
fn stories(conn: &Connection, found: Vec<Record>) -> StoreResult<Vec<Story>> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut stories = Vec::new();
    for record in found {
        let detail = detail(&record);
        let Some(key) = key_of(&detail) else {
            stories.push(Story { key: None, steps: vec![record] });
            continue;
        };
        if !seen.insert(key.to_owned()) {
            continue;
        }
        let key = key.to_owned();
        let mut steps = audit::about(conn, &record.subject, ENTRIES)?;
        steps.retain(|step| {
            let detail = self::detail(step);
            key_of(&detail) == Some(&key) || detail.get("instead_of").and_then(Value::as_str) == Some(&key)
        });
        stories.push(Story { key: Some(key), steps });
    }
    Ok(stories)
}

fn entry(conn: &Connection, story: Story, names: &BTreeMap<String, String>) -> StoreResult<AccountEntry> {
    let first = &story.steps[0];
    let item = match &story.key {
        Some(key) => outbox::get(conn, key)?,
        None => None,
    };
    let title = match first.subject.strip_prefix("notice:") {
        Some(id) => notice::get(conn, id)?.map(|notice| notice.title).unwrap_or_default(),
        None => String::new(),
    };
    let actor = item.as_ref().map_or(&first.actor, |item| &item.actor).clone();
    let logged = Logged::of(&story.steps);
    let kind = item.as_ref().map(|item| item.kind.clone()).or_else(|| logged.kind.clone());
    let digest = logged.body.clone().or_else(|| item.as_ref().map(|item| hex(&item.body_sha256)));
    let body = item.as_ref().map(|item| item.body.clone());
    let body_fits = body.as_ref().is_none_or(|body| Some(hex(&Sha256::digest(body))) == digest);
    let answer_fits = match (&logged.answer, item.as_ref().and_then(|item| item.answer.as_ref())) {
        (Some(logged), Some(kept)) => hex(&Sha256::digest(kept)) == *logged,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let files = files(conn, item.as_ref(), &logged)?;
    let named = |user: &String| names.get(user).unwrap_or(user).clone();
    let mut entry = AccountEntry {
        at: first.at.clone(),
        actor_name: names.get(&actor).cloned().unwrap_or_default(),
        actor,
        on_behalf_of: logged.on_behalf_of.as_ref().map(named),
        approved_by: logged.approved_by.as_ref().map(named),
        approved_at: logged.approved_at.clone(),
        what: kind.as_deref().map_or_else(
            || words::action(&first.action).to_owned(),
            |kind| words::kind_name(kind).to_owned(),
        ),
        kind,
        document: first.subject.clone(),
        document_title: title,
        state: item
            .as_ref()
            .map(|item| StoreResult::Ok(state_of(item.state, bundle::is_out(conn, item)?)))
            .transpose()?,
        attempts: item.as_ref().map_or(0, |item| item.attempts),
        sent_at: logged.sent_at.clone(),
        body_digest: digest,
        body: body.filter(|_| body_fits),
        altered: !body_fits || !answer_fits,
        attachments: files,
        answer: item.as_ref().filter(|_| answer_fits).and_then(|item| answer(item, &logged)),
        steps: story.steps.iter().map(step).collect(),
        key: story.key,
        text: String::new(),
    };
    entry.text = paragraph(&entry);
    Ok(entry)
}

/// What the log itself says of a submission.
#[derive(Default)]
struct Logged {
    kind: Option<String>,
    body: Option<String>,
    answer: Option<String>,
    answered_at: Option<String>,
    sent_at: Option<String>,
    files: BTreeMap<String, Option<String>>,
    on_behalf_of: Option<String>,
    approved_by: Option<String>,
    approved_at: Option<String>,
}

impl Logged {
    fn of(steps: &[Record]) -> Self {
        let mut logged = Self::default();
        for step in steps {
            let detail = detail(step);
            let text = |name: &str| detail.get(name).and_then(Value::as_str).map(str::to_owned);
            logged.kind = logged.kind.or_else(|| text("kind"));
            logged.body = logged
                .body
                .or_else(|| text("body"))
                .or_else(|| text("sha256").filter(|_| step.action.ends_with(".queued")));
            logged.on_behalf_of = logged.on_behalf_of.or_else(|| text("on_behalf_of"));
            match step.action.as_str() {
                "review.approved" => {
                    logged.approved_by = Some(step.actor.clone());
                    logged.approved_at = Some(step.at.clone());
                }
                "submission.sent" => logged.sent_at = logged.sent_at.or_else(|| Some(step.at.clone())),
                "submission.accepted" | "submission.refused" | "submission.needsDecision" => {
                    logged.answered_at = Some(step.at.clone());
                    logged.answer = text("answer").or(logged.answer);
                }
                "attachment.sent" => {
                    if let Some(sha256) = text("sha256") {
                        logged.files.insert(sha256, Some(step.at.clone()));
                    }
                }
                _ => {}
            }
            for file in detail.get("attachments").and_then(Value::as_array).into_iter().flatten() {
                if let Some(sha256) = file.as_str() {
                    logged.files.entry(sha256.to_owned()).or_default();
                }
            }
        }
        logged
    }
}

fn files(conn: &Connection, item: Option<&OutboxItem>, logged: &Logged) -> StoreResult<Vec<AccountFile>> {
    let payload: Value = item.and_then(|item| serde_json::from_str(&item.body).ok()).unwrap_or_default();
    let named: Vec<AttachmentRef> = payload
        .get("attachments")
        .and_then(|files| serde_json::from_value(files.clone()).ok())
        .unwrap_or_default();
    let mut digests: Vec<&String> = named.iter().map(|file| &file.sha256).collect();
    digests.extend(logged.files.keys().filter(|sha256| named.iter().all(|file| file.sha256 != **sha256)));
    digests
        .into_iter()
        .map(|sha256| {
            let size = attachment::size(conn, sha256)?;
            Ok(AccountFile {
                sha256: sha256.clone(),
                name: named.iter().find(|f| f.sha256 == *sha256).map(|f| f.name.clone()).unwrap_or_default(),
                size: size.and_then(|size| u32::try_from(size).ok()),
                sent_at: logged.files.get(sha256).cloned().flatten(),
                kept: size.is_some(),
            })
        })
        .collect()
}

fn answer(item: &OutboxItem, logged: &Logged) -> Option<AccountAnswer> {
    let whole = item.answer.as_deref();
    let answer: Value = whole.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let problem = answer.get("problem").unwrap_or(&answer);
    let of = |value: &Value, name: &str| match value.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let state = state_of(item.state, false);
    let answered = logged.answered_at.clone().or_else(|| item.settled_at.map(text))?;
    whole.is_some().then(|| AccountAnswer {
        at: answered,
        outcome: words::outcome(state).to_owned(),
        receipt: of(&answer, "id"),
        version: of(&answer, "ver"),
        accepted_at: of(&answer, "acceptedAt").filter(|_| state == OutboxState::Accepted),
        code: item.error_code.clone().filter(|code| !code.is_empty()).or_else(|| of(problem, "code")),
        message: item.error_text.clone().filter(|text| !text.is_empty()).or_else(|| of(problem, "msg")),
        digest: whole.map(|text| hex(&Sha256::digest(text))),
    })
}

fn step(record: &Record) -> AccountStep {
    AccountStep {
        seq: u32::try_from(record.seq).unwrap_or(u32::MAX),
        at: record.at.clone(),
        actor: record.actor.clone(),
        action: record.action.clone(),
        what: words::action(&record.action).to_owned(),
    }
}

/// `2026-03-12 09:30:01` of an instant as text.
fn time(at: &str) -> String {
    at.get(..19).unwrap_or(at).replace('T', " ")
}

/// The account in words, for printing.
fn paragraph(entry: &AccountEntry) -> String {
    let mut out = time(&entry.at);
    let person = match (entry.actor_name.as_str(), entry.actor.as_str()) {
        ("", "") => "本程序".to_owned(),
        ("", user) => user.to_owned(),
        (name, user) => format!("{name}（{user}）"),
    };
    let absent = entry.on_behalf_of.as_ref().map(|name| format!("（代{name}）")).unwrap_or_default();
    let _ = write!(out, "，{person}{absent}：{}", entry.what);
    let id = entry.document.split_once(':').map_or(entry.document.as_str(), |(_, id)| id);
    if entry.kind.is_some() {
        let title = if entry.document_title.is_empty() {
            String::new()
        } else {
            format!("《{}》", entry.document_title)
        };
        let _ = write!(out, "，{} {id}{title}", words::document(&entry.document));
    }
    let Some(key) = &entry.key else { return out + "。" };
    let _ = write!(out, "。提交号 {key}");
    if let Some(digest) = &entry.body_digest {
        let _ = write!(out, "，内容摘要 SHA-256 {digest}");
    }
    if let (Some(reviewer), Some(at)) = (&entry.approved_by, &entry.approved_at) {
        let _ = write!(out, "。{} {reviewer}复核通过", time(at));
    }
    if let Some(sent) = &entry.sent_at {
        let _ = write!(out, "。{} 开始发送", time(sent));
        if entry.attempts > 1 {
            let _ = write!(out, "，共 {} 次", entry.attempts);
        }
    } else {
        let _ = write!(out, "。没有发送");
    }
    match (&entry.answer, entry.state) {
        (Some(answer), _) => {
            let _ = write!(out, "。{} 平台答复：{}", time(&answer.at), answer.outcome);
            if let Some(receipt) = &answer.receipt {
                let _ = write!(out, "，回执号 {receipt}");
            }
            if let Some(version) = &answer.version {
                let _ = write!(out, "（版本 {version}）");
            }
            if let Some(at) = &answer.accepted_at {
                let _ = write!(out, "，平台受理时间 {}", time(at));
            }
            if let Some(message) = &answer.message {
                let _ = write!(out, "，“{message}”");
            }
            if let Some(digest) = &answer.digest {
                let _ = write!(out, "，答复摘要 SHA-256 {digest}");
            }
        }
        (None, Some(state)) => {
            let _ = write!(out, "。现状：{}", words::outcome(state));
        }
        (None, None) => {}
    }
    for file in &entry.attachments {
        let name = if file.name.is_empty() { "附件" } else { &file.name };
        let _ = write!(out, "。附件 {name}，摘要 SHA-256 {}", file.sha256);
        if let Some(sent) = &file.sent_at {
            let _ = write!(out, "，{} 送达", time(sent));
        }
        if !file.kept {
            let _ = write!(out, "，内容已不在本机");
        }
    }
    if entry.altered {
        let _ = write!(out, "。注意：本机保存的内容与审计日志不符");
    }
    out + "。"
}
