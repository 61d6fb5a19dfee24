//! Preferences, audit log, verification, code check.

use std::str::FromStr;

use sunbench_domain::codes::{self, CodeKind};
use sunbench_store::mirror::{sync_state, work};
use sunbench_store::{StoreError, StoreResult, audit, setting};

use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    AuditEntry, AuditPage, AuditReq, CodeCheckAnswer, CodeCheckReq, CodePart, PreferenceSetReq, Preferences,
    QuarantineList, QuarantinedRecord, Verification,
};

const PREFIX: &str = "pref.";
const LONGEST_VALUE: usize = 64 * 1024;
const AUDIT_PAGE: u32 = 50;

impl Context<'_> {
    /// The window's preferences.
    pub fn preferences(&self) -> ApiResult<Preferences> {
        let values = self.store.read(|conn| setting::with_prefix(conn, PREFIX))?;
        Ok(Preferences {
            values: values
                .into_iter()
                .filter_map(|(key, value)| Some((key.strip_prefix(PREFIX)?.to_owned(), value)))
                .collect(),
        })
    }

    /// Sets one preference.
    pub fn preference_set(&self, req: &PreferenceSetReq) -> ApiResult<Preferences> {
        let named = !req.key.is_empty()
            && req.key.len() <= 80
            && req.key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if !named {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "key"));
        }
        if req.value.as_ref().is_some_and(|value| value.len() > LONGEST_VALUE) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "value"));
        }
        let key = format!("{PREFIX}{}", req.key);
        self.store.write_local(|tx| match &req.value {
            Some(value) => setting::set(tx, &key, value),
            None => setting::remove(tx, &key),
        })?;
        self.preferences()
    }

    /// The audit log, the newest first.
    pub fn audit_page(&self, req: &AuditReq) -> ApiResult<AuditPage> {
        let records = self.store.read(|conn| audit::page(conn, req.before.map(i64::from), AUDIT_PAGE))?;
        let before = (records.len() == AUDIT_PAGE as usize)
            .then(|| records.last().and_then(|r| u32::try_from(r.seq).ok()))
            .flatten();
        let entries = records
            .into_iter()
            .map(|record| AuditEntry {
                seq: u32::try_from(record.seq).unwrap_or(u32::MAX),
                hash: record.hash(),
                at: record.at,
                actor: record.actor,
                action: record.action,
                subject: record.subject,
                detail: record.detail,
            })
            .collect();
        Ok(AuditPage { entries, before })
    }

    /// Whether the file and the audit log are whole.
    pub fn verify(&self) -> ApiResult<Verification> {
        // What a damaged page keeps from being read is not whole; the rest is still told.
        let integrity = readable(self.store.read(work::integrity))?.unwrap_or(false);
        let orphans = readable(self.store.read(work::orphans))?;
        let chain = readable(self.store.verify_audit())?;
        let position = readable(self.store.read(sunbench_sync::state::position))?;
        Ok(Verification {
            integrity: integrity && orphans.is_some() && position.is_some(),
            audit_chain: chain.as_ref().is_some_and(|chain| chain.ok),
            audit_entries: small(chain.map_or(0, |chain| chain.entries)),
            cursor: position.and_then(|position| position.cursor),
            orphans: small(orphans.unwrap_or(0)),
        })
    }

    /// The records that were set aside.
    pub fn quarantine_list(&self) -> ApiResult<QuarantineList> {
        let records = self.store.read(|conn| sync_state::quarantined(conn, 500))?;
        Ok(QuarantineList {
            records: records
                .into_iter()
                .map(|bad| QuarantinedRecord {
                    resource: bad.resource,
                    id: bad.id,
                    field: bad.field,
                    reason: bad.reason,
                    seen_at: text(bad.seen_at),
                })
                .collect(),
        })
    }
}

/// `None` where damage keeps it from being read.
fn readable<T>(read: StoreResult<T>) -> ApiResult<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Judges a code; needs no profile.
pub(crate) fn code_check(req: &CodeCheckReq) -> ApiResult<CodeCheckAnswer> {
    let kind = CodeKind::from_str(&req.kind).map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "kind"))?;
    let check = codes::check(kind, &req.value);
    Ok(CodeCheckAnswer {
        kind: req.kind.clone(),
        valid: check.valid,
        normalized: check.normalized,
        parts: check.parts.into_iter().map(|(name, value)| CodePart { name, value }).collect(),
        reason: check.reason,
    })
}
