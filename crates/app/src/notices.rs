//! 督办: list, detail, draft, attachments, answer.

use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::{
    AttachmentRef, Evidence, NoticeReplyPayload, NoticeSignPayload, SubmissionKind, canonical_json,
};
use sunbench_domain::state::{NoticeState, State as _};
use sunbench_exchange::open_regular;
use sunbench_store::local::outbox::OutboxState as Stored;
use sunbench_store::local::reply_draft::{self, ReplyDraft};
use sunbench_store::local::{account, attachment, outbox};
use sunbench_store::mirror::notice::{self, Notice};

use crate::attachments::file_name;
use crate::clocked::{self, text};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{
    Act, AttachReq, Attachment, AttachmentContent, AttachmentReq, Draft, DraftSaveReq, DraftSaved, DutyArea,
    EvidenceLine, NoticeDetail, NoticeList, NoticeReq, NoticeRow, NoticeScope, NoticesReq, OutboxItem, Reply,
    ReplyReq, TimelineEntry, TimelineKind,
};

/// The window lists the newest; older ones are found by search.
const LISTED: u32 = 500;
/// Where the platform states no limit.
const ATTACHMENT_BYTES: u64 = 20 * 1024 * 1024;

/// The outbox's group of a notice: signing for it and answering it keep their order.
pub(crate) fn document(id: &str) -> String {
    format!("notice:{id}")
}

/// Whether the hospital owes an answer; a state that this version does not know counts as open.
fn is_open(notice: &Notice) -> bool {
    NoticeState::from_code(&notice.state).is_none_or(NoticeState::is_open)
}

impl Context<'_> {
    /// The notices, the nearest deadline first when only open ones are wanted, else the newest first.
    pub fn notices_list(&self, req: &NoticesReq) -> ApiResult<NoticeList> {
        let notices = self.store.read(|conn| match req.scope {
            NoticeScope::Open => notice::open(conn),
            NoticeScope::All => notice::latest(conn, LISTED),
        })?;
        let mut rows = notices.iter().map(|n| self.notice_row(n)).collect::<ApiResult<Vec<_>>>()?;
        if req.scope == NoticeScope::Open {
            rows.sort_by(|a, b| (&a.deadline.due_at, &a.id).cmp(&(&b.deadline.due_at, &b.id)));
        }
        Ok(NoticeList { rows, duty: self.area_duty(DutyArea::Notices)? })
    }

    fn notice_row(&self, notice: &Notice) -> ApiResult<NoticeRow> {
        let (items, draft) = self.store.read(|conn| {
            let me = account::get(conn)?.map(|account| account.user).unwrap_or_default();
            Ok((
                outbox::of_document(conn, &document(&notice.id))?,
                reply_draft::get(conn, &notice.id, notice.round, &me)?,
            ))
        })?;
        Ok(NoticeRow {
            id: notice.id.clone(),
            code: notice.code.clone(),
            title: notice.title.clone(),
            issuer: notice.issuer.clone(),
            level: notice.level.clone(),
            issued_at: text(notice.issued_at),
            deadline: clocked::notice_deadline(self.calendar, notice, self.now),
            state: notice.state.clone(),
            state_text: notice.state_text.clone(),
            open: is_open(notice),
            round: notice.round,
            reply_waiting: items
                .iter()
                .any(|item| item.kind == SubmissionKind::NoticeReply.name() && item.state.is_on_its_way()),
            reply_in_review: items.iter().any(|item| {
                item.kind == SubmissionKind::NoticeReply.name() && item.state == Stored::AwaitingReview
            }),
            has_draft: draft.is_some_and(|d| !d.cause.is_empty() || !d.measures.is_empty()),
        })
    }

    /// One notice with everything that happened to it.
    pub fn notice_detail(&self, req: &NoticeReq) -> ApiResult<NoticeDetail> {
        let me = self.actor()?;
        let (found, replies, draft, others, items) = self.store.read(|conn| {
            let found = notice::get(conn, &req.id)?;
            let round = found.as_ref().map_or(1, |n| n.round);
            Ok((
                found,
                notice::replies(conn, &req.id)?,
                reply_draft::get(conn, &req.id, round, &me)?,
                reply_draft::others(conn, &req.id, round, &me)?,
                outbox::of_document(conn, &document(&req.id))?,
            ))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        let evidence: Vec<Evidence> = serde_json::from_str(&found.evidence).unwrap_or_default();
        Ok(NoticeDetail {
            row: self.notice_row(&found)?,
            body: found.body.clone(),
            rule_name: found.rule_name.clone(),
            clause: found.clause.clone(),
            indicator_id: found.indicator_id.clone(),
            return_reason: found.return_reason.clone(),
            evidence: evidence
                .into_iter()
                .map(|line| EvidenceLine {
                    label: line.label,
                    value: line.value,
                    order_line: line.order_detail_id,
                })
                .collect(),
            timeline: timeline(&found, &replies),
            replies: replies.iter().map(reply).collect(),
            draft: draft.map(|draft| wire_draft(found.round, draft)),
            also_drafting: others,
            submissions: items.iter().map(|item| self.outbox_item(item)).collect::<ApiResult<_>>()?,
        })
    }

    /// Saves the answer that is being written. Called as the clerk types; nothing is sent.
    pub fn notice_draft_save(&self, req: &DraftSaveReq) -> ApiResult<DraftSaved> {
        let account = self.acting(Act::Draft)?;
        if let Some(date) = &req.finish_by {
            date.parse::<NaiveDate>().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "finishBy"))?;
        }
        let draft = ReplyDraft {
            cause: req.cause.clone(),
            measures: req.measures.clone(),
            finish_by_on: req.finish_by.clone(),
            responsible: req.responsible.clone(),
            attachments: json(&attachment_refs(&req.attachments)),
            edited_at: self.now.unix(),
            edited_by: account.user.clone(),
        };
        self.store.write_local(|tx| reply_draft::put(tx, &req.notice, req.round, &draft))?;
        Ok(DraftSaved { edited_at: self.now.to_string() })
    }

    /// Copies a file into the profile, so that a later change or removal of the file does no harm.
    pub fn notice_attach(&self, req: &AttachReq) -> ApiResult<Attachment> {
        let unreadable = || ApiError::field(ErrorCode::AttachmentUnreadable, &req.name);
        let content = match (&req.content_base64, &req.path) {
            (Some(content), _) => BASE64.decode(content).map_err(|_| unreadable())?,
            (None, Some(path)) => {
                // One byte more than may be: what grows while it is read has an end too.
                let most = self.attachment_limit()? + 1;
                let mut content = Vec::new();
                open_regular(Path::new(path))
                    .and_then(|file| file.take(most).read_to_end(&mut content))
                    .map_err(|_| unreadable())?;
                content
            }
            (None, None) => return Err(unreadable()),
        };
        self.attach(&req.name, &content)
    }

    /// [`Context::notice_attach`] for bytes.
    pub fn attach(&self, name: &str, content: &[u8]) -> ApiResult<Attachment> {
        let name = file_name(name);
        let limit = self.attachment_limit()?;
        if content.len() as u64 > limit {
            return Err(ApiError::field(ErrorCode::AttachmentTooLarge, &name));
        }
        if content.is_empty() {
            return Err(ApiError::field(ErrorCode::AttachmentUnreadable, &name));
        }
        let sha256 = hex(&Sha256::digest(content));
        self.store.write_local(|tx| attachment::add(tx, &sha256, content, self.now.unix()))?;
        let size = u32::try_from(content.len()).map_err(|_| ErrorCode::AttachmentTooLarge)?;
        Ok(Attachment { sha256, name, size })
    }

    fn attachment_limit(&self) -> ApiResult<u64> {
        // A receiver attaches photos of goods.
        let account = self.acting(Act::Draft).or_else(|_| self.acting(Act::Receive))?;
        let capabilities: Option<sunbench_contract::Capabilities> =
            serde_json::from_str(&account.capabilities).ok();
        Ok(capabilities.map_or(ATTACHMENT_BYTES, |c| c.limits.attachment_bytes))
    }

    /// The content of a file that was attached here.
    pub fn notice_attachment(&self, req: &AttachmentReq) -> ApiResult<AttachmentContent> {
        let content = self
            .store
            .read(|conn| attachment::read(conn, &req.sha256, 0, usize::MAX))?
            .ok_or(ErrorCode::NotFound)?;
        Ok(AttachmentContent { content_base64: BASE64.encode(content) })
    }

    /// Queues the draft of a round as the answer, signing for the notice first where that is needed. The answer
    /// is on disk when this returns; it is sent when there is a network. Doing it twice queues once; an answer that says
    /// something else takes the place of the person's own one that has not left.
    ///
    /// # Errors
    /// [`ErrorCode::WrongState`] about `reply` where the round has an answer that cannot be replaced: the draft stays.
    pub fn notice_reply(&self, req: &ReplyReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Reply)?;
        let (found, draft, items) = self.store.read(|conn| {
            Ok((
                notice::get(conn, &req.notice)?,
                reply_draft::get(conn, &req.notice, req.round, &account.user)?,
                outbox::of_document(conn, &document(&req.notice))?,
            ))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        let reply_name = SubmissionKind::NoticeReply.name();
        let same_round = |item: &&outbox::OutboxItem| {
            item.kind == reply_name
                && serde_json::from_str::<NoticeReplyPayload>(&item.body).is_ok_and(|p| p.round == req.round)
        };
        let payload = draft.as_ref().map(|draft| payload(req, draft));
        let mut replaced = None;
        if let Some(item) = items.iter().filter(same_round).find(|item| {
            item.state.is_on_its_way() || matches!(item.state, Stored::Accepted | Stored::NeedsDecision)
        }) {
            match payload {
                Some(Ok(ref new)) if json(new) != item.body => replaced = Some(item),
                Some(Err(error)) => return Err(error),
                _ => return self.outbox_item(item),
            }
        }
        if replaced.is_some_and(|item| item.actor != account.user || !item.state.is_on_its_way()) {
            return Err(has_reply());
        }
        if !is_open(&found) || found.round != req.round {
            return Err(ErrorCode::WrongState.into());
        }
        let payload = payload.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "cause"))??;
        for file in &payload.attachments {
            if self.store.read(|conn| attachment::size(conn, &file.sha256))?.is_none() {
                return Err(ApiError::field(ErrorCode::AttachmentUnreadable, &file.name));
            }
        }
        let signs = NoticeState::from_code(&found.state) == Some(NoticeState::Issued)
            && !items.iter().any(|item| {
                item.kind == SubmissionKind::NoticeSign.name()
                    && (item.state.is_on_its_way() || item.state == Stored::Accepted)
            });
        let group = document(&req.notice);
        let key = uuid::Uuid::now_v7().to_string();
        let body = json(&payload);
        let files: Vec<String> = payload.attachments.iter().map(|file| file.sha256.clone()).collect();
        let template = outbox::NewItem {
            key: &key,
            kind: reply_name,
            document: &group,
            body: &body,
            base_ver: Some(found.ver),
            attachments: &files,
            actor: &account.user,
            at: self.now.unix(),
        };
        self.store.try_write_local(|tx| {
            if let Some(earlier) = replaced
                && self.take_back(tx, &account.user, &earlier.key)? != Some(true)
            {
                return Err(has_reply());
            }
            if signs {
                let key = uuid::Uuid::now_v7().to_string();
                let body = json(&NoticeSignPayload { notice_id: req.notice.clone() });
                let kind = SubmissionKind::NoticeSign.name();
                let signing =
                    outbox::NewItem { key: &key, kind, body: &body, attachments: &[], ..template.clone() };
                self.enqueue(tx, &signing, "notice.sign.queued")?;
            }
            self.enqueue(tx, &template, "notice.reply.queued")?;
            Ok(())
        })?;
        let item = self.store.read(|conn| outbox::get(conn, &key))?.ok_or(ErrorCode::NotFound)?;
        self.outbox_item(&item)
    }
}

/// The round has an answer that is under way, was sent, or is a colleague's.
fn has_reply() -> ApiError {
    ApiError::field(ErrorCode::WrongState, "reply")
}

/// The payload of an answer, or the field that is missing.
fn payload(req: &ReplyReq, draft: &ReplyDraft) -> ApiResult<NoticeReplyPayload> {
    for (field, value) in
        [("cause", &draft.cause), ("measures", &draft.measures), ("responsible", &draft.responsible)]
    {
        if value.trim().is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, field));
        }
    }
    let finish_by = match &draft.finish_by_on {
        Some(date) => Some(date.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "finishBy"))?),
        None => None,
    };
    Ok(NoticeReplyPayload {
        notice_id: req.notice.clone(),
        round: req.round,
        cause: draft.cause.trim().to_owned(),
        measures: draft.measures.trim().to_owned(),
        finish_by,
        responsible: draft.responsible.trim().to_owned(),
        attachments: serde_json::from_str(&draft.attachments).unwrap_or_default(),
    })
}

fn json<T: serde::Serialize>(value: &T) -> String {
    canonical_json(value).expect("a wire type has a JSON form")
}

pub(crate) fn attachment_refs(files: &[Attachment]) -> Vec<AttachmentRef> {
    files
        .iter()
        .map(|file| AttachmentRef {
            sha256: file.sha256.clone(),
            name: file_name(&file.name),
            size: u64::from(file.size),
        })
        .collect()
}

/// The files that a document of the platform names.
pub(crate) fn attachments(files: &[AttachmentRef]) -> Vec<Attachment> {
    let file = |file: &AttachmentRef| Attachment {
        sha256: file.sha256.clone(),
        name: file.name.clone(),
        size: u32::try_from(file.size).unwrap_or(u32::MAX),
    };
    files.iter().map(file).collect()
}

fn wire_attachments(text: &str) -> Vec<Attachment> {
    #[derive(Deserialize)]
    struct File {
        sha256: String,
        name: String,
        size: u64,
    }
    let files: Vec<File> = serde_json::from_str(text).unwrap_or_default();
    files
        .into_iter()
        .map(|f| Attachment {
            sha256: f.sha256,
            name: file_name(&f.name),
            size: u32::try_from(f.size).unwrap_or(u32::MAX),
        })
        .collect()
}

fn wire_draft(round: u32, draft: ReplyDraft) -> Draft {
    Draft {
        round,
        cause: draft.cause,
        measures: draft.measures,
        finish_by: draft.finish_by_on,
        responsible: draft.responsible,
        attachments: wire_attachments(&draft.attachments),
        edited_at: text(draft.edited_at),
        edited_by: draft.edited_by,
    }
}

fn reply(reply: &notice::Reply) -> Reply {
    Reply {
        round: reply.round,
        cause: reply.cause.clone(),
        measures: reply.measures.clone(),
        finish_by: reply.finish_by_on.clone(),
        responsible: reply.responsible.clone(),
        attachments: wire_attachments(&reply.attachments),
        operator: reply.operator.clone(),
        submitted_at: text(reply.submitted_at),
        client_key: reply.client_key.clone(),
    }
}

fn timeline(notice: &Notice, replies: &[notice::Reply]) -> Vec<TimelineEntry> {
    let mut entries = vec![(
        notice.issued_at,
        TimelineEntry {
            kind: TimelineKind::Issued,
            at: text(notice.issued_at),
            by: Some(notice.issuer.clone()),
            round: 1,
            text: None,
        },
    )];
    let mut add = |kind, at: Option<i64>, by: Option<&String>, round, words: Option<&String>| {
        if let Some(at) = at {
            let entry = TimelineEntry { kind, at: text(at), by: by.cloned(), round, text: words.cloned() };
            entries.push((at, entry));
        }
    };
    add(TimelineKind::Signed, notice.signed_at, notice.signed_by.as_ref(), 1, None);
    for reply in replies {
        add(
            TimelineKind::Replied,
            Some(reply.submitted_at),
            Some(&reply.operator),
            reply.round,
            Some(&reply.measures),
        );
    }
    let reason = Some(&notice.return_reason).filter(|reason| !reason.is_empty());
    add(TimelineKind::Returned, notice.returned_at, Some(&notice.issuer), notice.round, reason);
    add(TimelineKind::Closed, notice.closed_at, Some(&notice.issuer), notice.round, None);
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, entry)| entry).collect()
}
