//! 院间调剂: goods lent or given between hospitals (泉州 2024-05-30 四). A record of the office, counted nowhere as a purchase.

use chrono::NaiveDate;
use sunbench_contract::{AttachmentRef, canonical_json};
use sunbench_domain::Quantity;
use sunbench_store::local::{attachment, transfer};
use sunbench_store::mirror::purchase;
use sunbench_store::{StoreError, audit};

use super::{decimal, mentions, required};
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::notices::{attachment_refs, attachments};
use crate::wire::{Act, Transfer, TransferReq, TransferSaveReq, Transfers, TransfersReq};

/// Days that a transfer may be recorded ahead: goods are on their way.
const AHEAD_DAYS: i64 = 7;
/// Every day that a record may have.
const ALL: (&str, &str) = ("0000-01-01", "9999-12-31");

fn row(kept: transfer::Transfer) -> Transfer {
    let files: Vec<AttachmentRef> = serde_json::from_str(&kept.attachments).unwrap_or_default();
    Transfer {
        id: kept.id,
        incoming: kept.incoming,
        other: kept.other,
        product: kept.product,
        name: kept.name,
        spec: kept.spec,
        unit: kept.unit,
        quantity: kept.quantity.to_string(),
        lot: kept.lot,
        expires_on: kept.expires_on,
        reason: kept.reason,
        moved_on: kept.moved_on,
        handled_by: kept.handled_by,
        attachments: attachments(&files),
        recorded_at: text(kept.recorded_at),
        recorded_by: kept.recorded_by,
    }
}

fn day(text: &str, field: &str) -> ApiResult<NaiveDate> {
    required(text, field)?.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field))
}

impl Context<'_> {
    /// The transfers, the newest first.
    pub fn transfers(&self, req: &TransfersReq) -> ApiResult<Transfers> {
        let kept = self.store.read(|conn| transfer::list(conn, ALL.0, ALL.1))?;
        let mut hospitals: Vec<String> = kept.iter().map(|transfer| transfer.other.clone()).collect();
        hospitals.sort();
        hospitals.dedup();
        let told = |kept: &transfer::Transfer| {
            mentions(&req.text, &[&kept.name, &kept.spec, &kept.other, &kept.lot, &kept.reason])
        };
        Ok(Transfers { rows: kept.into_iter().filter(told).map(row).collect(), hospitals })
    }

    /// One transfer.
    pub(crate) fn transfer(&self, id: &str) -> ApiResult<Transfer> {
        let found = self.store.read(|conn| transfer::get(conn, id))?;
        Ok(row(found.ok_or(ErrorCode::NotFound)?))
    }

    /// Records a transfer, or corrects one.
    pub fn transfer_save(&self, req: &TransferSaveReq) -> ApiResult<Transfer> {
        let account = self.acting(Act::Purchase)?;
        let other = required(&req.other, "other")?;
        let name = required(&req.name, "name")?;
        let unit = required(&req.unit, "unit")?;
        let quantity: Quantity = decimal(&req.quantity, "quantity")?;
        if quantity <= Quantity::ZERO {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "quantity"));
        }
        let lot = required(&req.lot, "lot")?;
        let expires_on = match req.expires_on.as_deref().filter(|day| !day.trim().is_empty()) {
            Some(text) => Some(day(text, "expiresOn")?.to_string()),
            None => None,
        };
        let reason = required(&req.reason, "reason")?;
        let moved_on = day(&req.moved_on, "movedOn")?;
        if (moved_on - self.today()).num_days() > AHEAD_DAYS {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "movedOn"));
        }
        let handled_by = required(&req.handled_by, "handledBy")?;
        let known = self.store.read(|conn| {
            let product = match &req.product {
                Some(id) => purchase::product(conn, id)?.is_some(),
                None => true,
            };
            let before = match &req.id {
                Some(id) => transfer::get(conn, id)?.is_some(),
                None => true,
            };
            Ok((product, before))
        })?;
        match known {
            (_, false) => return Err(ErrorCode::NotFound.into()),
            (false, _) => return Err(ApiError::field(ErrorCode::NotFound, "product")),
            (true, true) => {}
        }
        for file in &req.attachments {
            if self.store.read(|conn| attachment::size(conn, &file.sha256))?.is_none() {
                return Err(ApiError::field(ErrorCode::AttachmentUnreadable, &file.name));
            }
        }
        let files = canonical_json(&attachment_refs(&req.attachments));
        let kept = transfer::Transfer {
            id: req.id.clone().unwrap_or_else(|| uuid::Uuid::now_v7().to_string()),
            incoming: req.incoming,
            other,
            product: req.product.clone(),
            name,
            spec: req.spec.trim().to_owned(),
            unit,
            quantity,
            lot,
            expires_on,
            reason,
            moved_on: moved_on.to_string(),
            handled_by,
            attachments: files.map_err(|error| ApiError::internal(&error))?,
            recorded_at: self.now.unix(),
            recorded_by: account.user.clone(),
        };
        let subject = format!("transfer:{}", kept.id);
        let detail = serde_json::json!({ "corrected": req.id.is_some(), "incoming": kept.incoming });
        self.store.write_local(|tx| {
            transfer::put(tx, &kept)?;
            audit::append(tx, &self.entry(&account.user, "transfer.recorded", &subject, detail))?;
            Ok::<_, StoreError>(())
        })?;
        Ok(row(kept))
    }

    /// Takes a record back that was made by mistake.
    pub fn transfer_remove(&self, req: &TransferReq) -> ApiResult<Transfers> {
        let account = self.acting(Act::Purchase)?;
        let subject = format!("transfer:{}", req.id);
        let removed = self.store.write_local(|tx| {
            let removed = transfer::remove(tx, &req.id)?;
            if removed {
                let detail = serde_json::json!({});
                audit::append(tx, &self.entry(&account.user, "transfer.removed", &subject, detail))?;
            }
            Ok::<_, StoreError>(removed)
        })?;
        if !removed {
            return Err(ErrorCode::NotFound.into());
        }
        self.transfers(&TransfersReq { text: String::new() })
    }
}
