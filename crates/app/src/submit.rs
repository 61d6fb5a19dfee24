//! 提交: what every submission of a document has in common: into the outbox and the audit log in one transaction.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::{SubmissionKind, canonical_json};
use sunbench_store::local::{attachment, draft, outbox};
use sunbench_store::{StoreError, audit};

use crate::context::Context;
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
            outbox::add(tx, &item)?;
            if let Some(document) = sending.draft {
                draft::remove(tx, document, actor)?;
            }
            let detail = serde_json::json!({
                "key": key, "kind": kind, "body": hex(&Sha256::digest(body.as_bytes())), "attachments": files,
            });
            audit::append(tx, &self.entry(actor, sending.action, sending.document, detail))?;
            Ok::<_, StoreError>(())
        })?;
        let item = self.store.read(|conn| outbox::get(conn, &key))?.ok_or(ErrorCode::NotFound)?;
        self.outbox_item(&item)
    }
}
