//! 提交: what every submission of a document has in common: into the outbox and the audit log in one transaction.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::{SubmissionKind, canonical_json};
use sunbench_store::local::{attachment, draft, outbox};
use sunbench_store::{StoreError, Transaction, audit};

use crate::context::Context;
use crate::duty::area_of;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{Attachment, OutboxItem};

/// How a payload goes out.
pub(crate) struct Sending<'a> {
    pub(crate) kind: SubmissionKind,
    /// The outbox's group, within which order is kept.
    pub(crate) document: &'a str,
    /// The version of the record that the person saw.
    pub(crate) base_ver: Option<i64>,
    /// For the audit log.
    pub(crate) action: &'a str,
    pub(crate) attachments: &'a [Attachment],
    /// The draft that it was made from; it has done its duty.
    pub(crate) draft: Option<&'a str>,
}

impl Context<'_> {
    /// Queues a payload in a person's name. It is on disk when this returns.
    pub(crate) fn submit<T: Serialize>(
        &self,
        actor: &str,
        sending: &Sending<'_>,
        payload: &T,
    ) -> ApiResult<OutboxItem> {
        for file in sending.attachments {
            if self.store.read(|conn| attachment::size(conn, &file.sha256))?.is_none() {
                return Err(ApiError::field(ErrorCode::AttachmentUnreadable, &file.name));
            }
        }
        let body = canonical_json(payload).map_err(|error| ApiError::internal(&error))?;
        let key = uuid::Uuid::now_v7().to_string();
        let files: Vec<String> = sending.attachments.iter().map(|file| file.sha256.clone()).collect();
        let kind = sending.kind.name();
        let item = outbox::NewItem {
            key: &key,
            kind,
            document: sending.document,
            body: &body,
            base_ver: sending.base_ver,
            attachments: &files,
            actor,
            at: self.now.unix(),
        };
        self.store.write_local(|tx| {
            self.enqueue(tx, &item, sending.action)?;
            if let Some(document) = sending.draft {
                draft::remove(tx, document, actor)?;
            }
            Ok::<_, StoreError>(())
        })?;
        let item = self.store.read(|conn| outbox::get(conn, &key))?.ok_or(ErrorCode::NotFound)?;
        self.outbox_item(&item)
    }

    /// Puts a submission into the outbox and says so in the log, in the transaction of the person's act: with the
    /// absent colleague in whose area it is, and in the place of what a second person had returned.
    pub(crate) fn enqueue(
        &self,
        tx: &Transaction<'_>,
        item: &outbox::NewItem<'_>,
        action: &str,
    ) -> Result<(), StoreError> {
        let superseded = outbox::supersede(tx, item)?;
        outbox::add(tx, item)?;
        let mut detail = serde_json::json!({
            "key": item.key, "kind": item.kind, "body": hex(&Sha256::digest(item.body.as_bytes())),
        });
        if !item.attachments.is_empty() {
            detail["attachments"] = item.attachments.into();
        }
        if let Some(returned) = superseded.last() {
            detail["instead_of"] = returned.as_str().into();
        }
        if let Some(absent) = self.stands_in_for(tx, area_of(item.kind), item.actor)? {
            outbox::set_on_behalf_of(tx, item.key, &absent)?;
            detail["on_behalf_of"] = absent.into();
        }
        audit::append(tx, &self.entry(item.actor, action, item.document, detail))?;
        Ok(())
    }
}
