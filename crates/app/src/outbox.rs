//! 待发箱: what waits, what was sent, what needs a person.

use serde_json::Value;
use sunbench_contract::sign::hex;
use sunbench_contract::{AttachmentRef, NoticeReplyPayload, ReceiptCreatePayload, SubmissionResult};
use sunbench_store::local::outbox::{self, Change, OutboxState as Stored};
use sunbench_store::local::{account, bundle, check_in};
use sunbench_store::mirror::{notice, receiving};
use sunbench_store::{StoreError, Transaction, audit};

use crate::clocked::text;
use crate::context::Context;
use crate::duty::area_of;
use crate::error::{ApiResult, ErrorCode};
use crate::notices::attachments;
use crate::purchase::{is_partial, refused};
use crate::subject;
use crate::wire::{
    Act, Attachment, OtherVersion, OutboxItem, OutboxKeyReq, OutboxList, OutboxReq, OutboxState,
};

const PAGE: u32 = 50;

impl Context<'_> {
    /// The submissions, the newest first.
    pub fn outbox_list(&self, req: &OutboxReq) -> ApiResult<OutboxList> {
        let (items, (waiting, attention), review) = self.store.read(|conn| {
            let items = outbox::latest(conn, req.before.map(i64::from), PAGE)?;
            Ok((items, outbox::counts(conn)?, crate::review::counts(conn)?))
        })?;
        let before = (items.len() == PAGE as usize)
            .then(|| items.last().and_then(|item| u32::try_from(item.seq).ok()))
            .flatten();
        Ok(OutboxList {
            items: items.iter().map(|item| self.outbox_item(item)).collect::<ApiResult<_>>()?,
            waiting: small(waiting),
            attention: small(attention),
            review,
            before,
        })
    }

    /// Takes back a submission that has not been sent, or that came back. The draft stays.
    pub fn outbox_withdraw(&self, req: &OutboxKeyReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Submissions)?;
        let taken = self.store.write_local(|tx| self.take_back(tx, &account.user, &req.key))?;
        self.after(taken, &req.key)
    }

    /// Sends a refused or returned submission once more: for a refusal whose cause has passed. The platform keeps its answer to a
    /// key, so the same content goes out under a new one, and the refused one is withdrawn.
    pub fn outbox_resend(&self, req: &OutboxKeyReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Submissions)?;
        let key = uuid::Uuid::now_v7().to_string();
        let done = self.store.write_local(|tx| {
            let Some(item) = outbox::get(tx, &req.key)? else { return Ok(None) };
            let withdrawn = Change { at: self.now.unix(), ..Change::default() };
            let answered = item.state.came_back() || item.state == Stored::NeedsDecision;
            if !answered || !outbox::advance(tx, &req.key, Stored::Withdrawn, &withdrawn)? {
                return Ok(Some(false));
            }
            // It builds upon what the user sees now.
            let base_ver = match item.base_ver {
                Some(seen) => subject::version(tx, &item.document)?.or(Some(seen)),
                None => None,
            };
            let again = outbox::NewItem {
                key: &key,
                kind: &item.kind,
                document: &item.document,
                body: &item.body,
                base_ver,
                attachments: &outbox::attachments(tx, &req.key)?,
                actor: &account.user,
                at: self.now.unix(),
            };
            outbox::add(tx, &again)?;
            check_in::resubmitted(tx, &req.key, &key)?;
            let mut detail = serde_json::json!({
                "key": key, "instead_of": req.key, "kind": item.kind, "body": hex(&item.body_sha256),
            });
            if let Some(absent) = self.stands_in_for(tx, area_of(&item.kind), &account.user)? {
                outbox::set_on_behalf_of(tx, &key, &absent)?;
                detail["on_behalf_of"] = absent.into();
            }
            audit::append(tx, &self.entry(&account.user, "outbox.requeued", &item.document, detail))?;
            Ok::<_, StoreError>(Some(true))
        })?;
        self.after(done, &key)
    }

    /// Withdraws what cannot have left; `None` when there is none, `false` when its state does not allow it.
    pub(crate) fn take_back(
        &self,
        tx: &Transaction<'_>,
        actor: &str,
        key: &str,
    ) -> Result<Option<bool>, StoreError> {
        let Some(item) = outbox::get(tx, key)? else { return Ok(None) };
        // What may have arrived, now or once a bundle turns up, is asked after, never taken back.
        let may_arrive =
            item.state == Stored::Sending || (item.state == Stored::Queued && bundle::has_left(tx, key)?);
        let change = Change { at: self.now.unix(), not_before: Some(0), ..Change::default() };
        if may_arrive || item.may_have_left || !outbox::advance(tx, key, Stored::Withdrawn, &change)? {
            return Ok(Some(false));
        }
        let detail = serde_json::json!({
            "key": key, "from": item.state.name(), "kind": item.kind, "body": hex(&item.body_sha256),
        });
        audit::append(tx, &self.entry(actor, "outbox.withdrawn", &item.document, detail))?;
        Ok(Some(true))
    }

    /// The item after it was moved; `None` when there is none, `false` when its state did not allow it.
    fn after(&self, moved: Option<bool>, key: &str) -> ApiResult<OutboxItem> {
        match moved {
            None => Err(ErrorCode::NotFound.into()),
            Some(false) => Err(ErrorCode::WrongState.into()),
            Some(true) => {
                let item = self.store.read(|conn| outbox::get(conn, key))?.ok_or(ErrorCode::NotFound)?;
                self.outbox_item(&item)
            }
        }
    }

    pub(crate) fn outbox_item(&self, item: &outbox::OutboxItem) -> ApiResult<OutboxItem> {
        let subject = item.document.split_once(':').map_or(item.document.as_str(), |(_, id)| id);
        let (subject_title, people, at_work) = self
            .store
            .read(|conn| Ok((subject::title(conn, item)?, account::people(conn)?, account::get(conn)?)))?;
        let name = |user: &str| {
            let person = people.iter().find(|person| person.user == user);
            person.map_or_else(|| user.to_owned(), |person| person.name.clone())
        };
        let answer: Value =
            item.answer.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Ok(OutboxItem {
            key: item.key.clone(),
            kind: item.kind.clone(),
            subject: subject.to_owned(),
            subject_title,
            state: state_of(item.state, self.store.read(|conn| bundle::is_out(conn, item))?),
            attempts: item.attempts,
            error_code: item.error_code.clone(),
            error_text: item.error_text.clone(),
            created_at: text(item.created_at),
            sent_at: item.sent_at.map(text),
            settled_at: item.settled_at.map(text),
            accepted_at: (item.state == Stored::Accepted)
                .then(|| answer.get("acceptedAt").and_then(Value::as_str).map(str::to_owned))
                .flatten(),
            digest: hex(&item.body_sha256),
            actor_name: name(&item.actor),
            on_behalf_of: item.on_behalf_of.as_deref().map(name),
            reviewer: item.reviewer.as_deref().map(name),
            reviewed_at: item.reviewed_at.map(text),
            review_reason: item.review_reason.clone(),
            own: at_work.is_some_and(|account| account.user == item.actor),
            actor: item.actor.clone(),
            refused: self.store.read(|conn| refused(conn, item))?,
            is_partial: is_partial(item),
            files: files(&item.body),
            other: if item.state == Stored::NeedsDecision && !is_partial(item) {
                self.other(item)?
            } else {
                None
            },
        })
    }

    /// What a faster colleague did: the answer in the same round, the receipt of the same delivery. The platform's refusal
    /// does not show it; it comes with the sync, and until then there is none to show.
    fn other(&self, item: &outbox::OutboxItem) -> ApiResult<Option<OtherVersion>> {
        if let Ok(ours) = serde_json::from_str::<ReceiptCreatePayload>(&item.body) {
            return self.other_receipt(item, &ours);
        }
        let Ok(ours) = serde_json::from_str::<NoticeReplyPayload>(&item.body) else { return Ok(None) };
        let replies = self.store.read(|conn| notice::replies(conn, &ours.notice_id))?;
        let theirs = replies.into_iter().find(|r| r.round == ours.round && r.client_key != item.key);
        Ok(theirs.map(|reply| OtherVersion {
            operator: reply.operator,
            at: text(reply.submitted_at),
            text: [reply.cause, reply.measures].join("\n"),
        }))
    }
}

impl Context<'_> {
    /// The last receipt of the delivery that was made since ours was written.
    fn other_receipt(
        &self,
        item: &outbox::OutboxItem,
        ours: &ReceiptCreatePayload,
    ) -> ApiResult<Option<OtherVersion>> {
        let settled = self.store.read(|conn| receiving::settled(conn, &ours.distribute_id))?;
        let own: Vec<String> = self
            .store
            .read(|conn| outbox::of_document(conn, &item.document))?
            .iter()
            .filter_map(|item| serde_json::from_str::<SubmissionResult>(item.answer.as_deref()?).ok()?.id)
            .collect();
        let theirs = settled.iter().filter(|receipt| !own.contains(&receipt.receipt));
        let Some(last) = theirs.max_by_key(|receipt| receipt.received_at) else { return Ok(None) };
        let of_delivery = self.store.read(|conn| match receiving::get(conn, &ours.distribute_id)? {
            Some(delivery) => receiving::lines(conn, delivery.key),
            None => Ok(Vec::new()),
        })?;
        let lines: Vec<String> = settled
            .iter()
            .filter(|line| line.receipt == last.receipt)
            .map(|line| {
                let of = of_delivery.iter().find(|of| of.id == line.line);
                let name = of.map_or(line.line.clone(), |of| format!("{} {}", of.product, of.spec));
                format!("{name}：收 {}，拒收 {}", line.received, line.rejected)
            })
            .collect();
        Ok(Some(OtherVersion {
            operator: last.operator.clone(),
            at: text(last.received_at),
            text: lines.join("\n"),
        }))
    }
}

/// The files that a submission names.
fn files(body: &str) -> Vec<Attachment> {
    #[derive(serde::Deserialize)]
    struct Files {
        #[serde(default)]
        attachments: Vec<AttachmentRef>,
    }
    let files: Option<Files> = serde_json::from_str(body).ok();
    files.map(|files| attachments(&files.attachments)).unwrap_or_default()
}

/// A submission's state for the window; `out` where it is under way in a bundle.
pub(crate) fn state_of(state: Stored, out: bool) -> OutboxState {
    match state {
        Stored::Queued => OutboxState::Queued,
        Stored::Sending if out => OutboxState::Exported,
        Stored::Sending => OutboxState::Sending,
        Stored::Accepted => OutboxState::Accepted,
        Stored::Refused => OutboxState::Refused,
        Stored::NeedsDecision => OutboxState::NeedsDecision,
        Stored::Withdrawn => OutboxState::Withdrawn,
        Stored::AwaitingReview => OutboxState::AwaitingReview,
        Stored::Returned => OutboxState::Returned,
    }
}

/// A counter for the window.
pub(crate) fn small(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
