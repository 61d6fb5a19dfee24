//! Submissions: judged once, in the transaction of their effects, and answered the same ever after.

mod agreement;
mod check_in;
mod evaluation;
mod filing;
mod goods_return;
mod money;
mod negotiation;
mod notice;
mod order;
mod order_cancel;
mod receipt;
mod supply;

use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::time::Instant;
use sunbench_contract::{
    AttachmentRef, Change, LineResult, Op, Outcome, Problem, Resource, Submission, SubmissionKind,
    SubmissionResult, canonical_json, codes,
};

use crate::account;
use crate::attachment::{Attachments, is_sha256};
use crate::error::{Error, Refusal};
use crate::object::{Publisher, Stored};
use crate::shared::Shared;
use crate::token::random_hex;

/// Attachments of one submission.
const ATTACHMENTS: usize = 20;

/// Who submits, and what the judgement may use.
struct Context<'a, 'p> {
    connection: &'a Connection,
    publisher: &'a mut Publisher<'p>,
    attachments: &'a Attachments,
    institution: &'a str,
    user: &'a str,
    /// 姓名, as documents show it.
    name: &'a str,
    key: &'a str,
    now: Instant,
    base_ver: Option<u64>,
}

/// What a submission made or changed.
struct Done {
    resource: Resource,
    id: String,
    ver: u64,
    /// The version of the document, where that is another record.
    base_ver: Option<u64>,
    lines: Vec<LineResult>,
    /// It had been done before: nothing changed. For people.
    already: Option<&'static str>,
}

impl Done {
    fn new(resource: Resource, id: impl Into<String>, ver: u64) -> Self {
        Self { resource, id: id.into(), ver, base_ver: None, lines: Vec::new(), already: None }
    }
}

/// A submission's answer: the HTTP status, and the result whose problem is the body unless that is 200.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) result: SubmissionResult,
}

/// Judges a submission, or repeats the first judgement of its key.
///
/// A refusal that can't turn out otherwise is kept like a success; one that may (an attachment is missing, the
/// platform failed) leaves the key free.
pub(crate) fn submit(
    shared: &Shared,
    institution: &str,
    user: &str,
    key: &str,
    submission: &Submission,
) -> Result<Answer, Refusal> {
    let key = canonical_key(key)?;
    // Before the key is taken, so that it stays free for a later version that serves the kind.
    let kind = SubmissionKind::from_name(&submission.kind).ok_or_else(not_served)?;
    let hash = hex(&Sha256::digest(canonical_json(submission)?.as_bytes()));
    let now = shared.now();
    let trace_id = random_hex::<8>()?;
    shared.publish::<_, Refusal>(|connection, publisher| {
        if let Some((kept, answer)) = kept(connection, institution, &key, now)? {
            if kept == hash {
                return Ok(answer);
            }
            let msg = "该提交键已用于另一份内容，请重新提交";
            return Err(Refusal::new(StatusCode::CONFLICT, codes::KEY_REUSED, msg));
        }
        let Some((operator, _)) = account::operator(connection, institution, user)? else {
            return Err(Refusal::new(StatusCode::FORBIDDEN, codes::FORBIDDEN, "操作员已停用"));
        };
        connection.execute_batch("SAVEPOINT effects")?;
        let before = publisher.mark();
        let mut context = Context {
            connection,
            publisher,
            attachments: &shared.attachments,
            institution,
            user,
            name: &operator.name,
            key: &key,
            now,
            base_ver: submission.base_ver,
        };
        let judged = judge(&mut context, kind, &submission.payload);
        let answer = match judged {
            Ok(done) => Answer { status: 200, result: accepted(&key, done, now, trace_id) },
            Err(refusal) => {
                connection.execute_batch("ROLLBACK TO effects")?;
                publisher.rewind(before);
                if refusal.retryable {
                    return Err(refusal);
                }
                let status = refusal.status.as_u16();
                Answer { status, result: refused(&key, refusal, now, trace_id) }
            }
        };
        connection.execute_batch("RELEASE effects")?;
        connection.prepare_cached("INSERT INTO submission VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
            institution,
            key,
            hash,
            answer.status,
            serde_json::to_string(&answer.result)?
        ])?;
        Ok(answer)
    })
}

/// What became of a submission.
pub(crate) fn status(shared: &Shared, institution: &str, key: &str) -> Result<SubmissionResult, Refusal> {
    let key = canonical_key(key)?;
    let now = shared.now();
    let found = shared.database.read::<_, Refusal>(|c| kept(c, institution, &key, now))?;
    found.map(|(_, answer)| answer.result).ok_or_else(|| Refusal::not_found("平台没有收到过这次提交"))
}

/// A refusal as an element of a batch's answer.
pub(crate) fn refused_in_batch(key: &str, refusal: Refusal, now: Instant) -> Result<SubmissionResult, Error> {
    Ok(refused(key, refusal, now, random_hex::<8>()?))
}

fn judge(
    context: &mut Context<'_, '_>,
    kind: SubmissionKind,
    payload: &serde_json::Value,
) -> Result<Done, Refusal> {
    use SubmissionKind as K;
    match kind {
        K::CheckIn => check_in::check_in(context, &read(payload)?),
        K::OrderSubmit => order::submit(context, &read(payload)?),
        K::OrderCancel => order_cancel::cancel(context, &read(payload)?),
        K::ReceiptCreate => receipt::create(context, &read(payload)?),
        K::ReceiptConfirm => receipt::confirm(context, &read(payload)?),
        K::ReturnCreate => goods_return::create(context, &read(payload)?),
        K::FilingCreate => filing::create(context, read(payload)?),
        K::DemandReportSubmit => agreement::report(context, read(payload)?),
        K::AgreementSign => agreement::sign(context, &read(payload)?),
        K::SupplyIssueCreate => supply::create(context, read(payload)?),
        K::SupplyIssueClose => supply::close(context, &read(payload)?),
        K::EvaluationCreate => evaluation::create(context, read(payload)?),
        K::NoticeSign => notice::sign(context, &read(payload)?),
        K::NoticeReply => notice::reply(context, read(payload)?),
        K::NegotiationInvite => negotiation::invite(context, &read(payload)?),
        K::NegotiationDecide => negotiation::decide(context, &read(payload)?),
        K::InvoiceVerify => money::verify(context, &read(payload)?),
        K::SettlementCreate => money::settle(context, &read(payload)?),
        K::SettlementConfirm => money::confirm(context, &read(payload)?),
    }
}

fn not_served() -> Refusal {
    Refusal::invalid("kind", "本平台版本尚未开放此类提交")
}

/// The payload of a kind; the message says which field can't be read.
fn read<T: DeserializeOwned>(payload: &serde_json::Value) -> Result<T, Refusal> {
    T::deserialize(payload).map_err(|error| Refusal::invalid("payload", format!("提交内容无法读取：{error}")))
}

/// UUIDs are compared in their usual form.
fn canonical_key(key: &str) -> Result<String, Refusal> {
    let uuid =
        uuid::Uuid::try_parse(key).map_err(|_| Refusal::bad_request("提交键不是 UUID").field("clientKey"))?;
    Ok(uuid.hyphenated().to_string())
}

fn kept(
    connection: &Connection,
    institution: &str,
    key: &str,
    now: Instant,
) -> Result<Option<(String, Answer)>, Refusal> {
    let mut statement = connection
        .prepare_cached("SELECT hash, status, result FROM submission WHERE institution = ?1 AND key = ?2")?;
    let row = statement
        .query_row([institution, key], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))
        .optional()?;
    let Some((hash, status, result)) = row else { return Ok(None) };
    let mut result: SubmissionResult = serde_json::from_str(&result)?;
    // The clock is the answer's own, not the first answer's: clients measure theirs by it.
    result.server_time = now;
    if let Some(problem) = &mut result.problem {
        problem.server_time = now;
    }
    Ok(Some((hash, Answer { status, result })))
}

fn accepted(key: &str, done: Done, now: Instant, trace_id: String) -> SubmissionResult {
    let some_refused = done.lines.iter().any(|line| !line.ok);
    let problem: Option<Problem> = done
        .already
        .map(|msg| Refusal::new(StatusCode::OK, codes::ALREADY_DONE, msg).into_problem(trace_id, now));
    SubmissionResult {
        client_key: key.to_owned(),
        outcome: if some_refused { Outcome::Partial } else { Outcome::Accepted },
        resource: Some(done.resource.name().to_owned()),
        id: Some(done.id),
        ver: Some(done.ver),
        base_ver: done.base_ver,
        accepted_at: now,
        lines: done.lines,
        problem,
        server_time: now,
    }
}

fn refused(key: &str, refusal: Refusal, now: Instant, trace_id: String) -> SubmissionResult {
    let problem = refusal.into_problem(trace_id, now);
    SubmissionResult {
        client_key: key.to_owned(),
        outcome: Outcome::Refused,
        resource: None,
        id: None,
        ver: None,
        base_ver: None,
        accepted_at: now,
        lines: problem.lines.clone(),
        problem: Some(problem),
        server_time: now,
    }
}

/// 412 when the record has a later version than the one the user saw.
fn check_version<T: serde::Serialize>(
    context: &Context<'_, '_>,
    resource: Resource,
    id: &str,
    found: &Stored<T>,
) -> Result<(), Refusal> {
    if context.base_ver.is_none_or(|base| base == found.ver) {
        return Ok(());
    }
    let change = Change {
        seq: found.seq,
        resource: resource.name().to_owned(),
        op: Op::Upsert,
        id: id.to_owned(),
        ver: found.ver,
        upd_time: Instant::parse(&found.upd_time).unwrap_or(context.now),
        more: false,
        data: Some(serde_json::value::RawValue::from_string(canonical_json(&found.data)?)?),
        hash: None,
    };
    let msg = "内容已被更新，请先查看最新内容再提交";
    let mut refusal =
        Refusal::new(StatusCode::PRECONDITION_FAILED, codes::VERSION_PASSED, msg).field("baseVer");
    refusal.current = Some(serde_json::to_value(&change)?);
    Err(refusal)
}

/// A text that must say something.
fn check_text(field: &str, name: &str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::invalid(field, format!("{name}不能为空")));
    }
    if text.chars().count() > most {
        return Err(Refusal::invalid(field, format!("{name}不能超过 {most} 字")));
    }
    Ok(())
}

/// Every attachment that a payload names has been uploaded whole.
fn check_attachments(context: &Context<'_, '_>, attachments: &[AttachmentRef]) -> Result<(), Refusal> {
    if attachments.len() > ATTACHMENTS {
        return Err(Refusal::invalid("attachments", format!("附件不能超过 {ATTACHMENTS} 个")));
    }
    for (index, attachment) in attachments.iter().enumerate() {
        let field = format!("attachments[{index}]");
        check_text(&field, "附件名称", &attachment.name, 255)?;
        if !is_sha256(&attachment.sha256) {
            return Err(Refusal::invalid(field, "附件校验值格式不对"));
        }
        match context.attachments.held(context.institution, &attachment.sha256) {
            Some(held) if held.complete && held.received == attachment.size => {}
            Some(held) if held.complete => {
                return Err(Refusal::invalid(field, format!("附件“{}”的大小与上传的不符", attachment.name)));
            }
            _ => {
                let msg = format!("附件“{}”尚未上传完成", attachment.name);
                return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, codes::ATTACHMENT_MISSING, msg)
                    .field(field)
                    .retryable());
            }
        }
    }
    Ok(())
}

fn line_ok(index: usize) -> LineResult {
    LineResult { line: index as u32 + 1, ok: true, code: None, msg: None }
}

fn line_refused(index: usize, code: &str, msg: impl Into<String>) -> LineResult {
    LineResult { line: index as u32 + 1, ok: false, code: Some(code.to_owned()), msg: Some(msg.into()) }
}

/// Refuses the whole when no line is left.
fn check_lines(lines: &[LineResult]) -> Result<(), Refusal> {
    if lines.iter().any(|line| line.ok) {
        return Ok(());
    }
    let mut refusal = match lines.first() {
        Some(line) => Refusal::invalid("lines", line.msg.clone().unwrap_or_default()),
        None => Refusal::invalid("lines", "没有明细"),
    };
    if lines.iter().all(|line| line.code.as_deref() == Some(codes::WRONG_STATE)) && !lines.is_empty() {
        refusal.code = codes::WRONG_STATE;
    }
    refusal.lines = lines.to_vec();
    Err(refusal)
}
