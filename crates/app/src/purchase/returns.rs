//! 退货、退价差, 供应问题.

use sunbench_contract::{
    ReturnCreateLine, ReturnCreatePayload, SubmissionKind, SupplyIssue, SupplyIssueClosePayload,
    SupplyIssueCreatePayload,
};
use sunbench_domain::state::{State as _, SupplyIssueState};
use sunbench_domain::{Amount, Quantity};
use sunbench_store::local::outbox;
use sunbench_store::mirror::{document, purchase};

use super::{decimal, is_waiting, required};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::notices::attachment_refs;
use crate::submit::Sending;
use crate::wire::{Act, OutboxItem, ReturnReq, SupplyIssueCloseReq, SupplyIssueReq};

/// Submissions that wait, looked through for other returns of a line.
const WAITING: u32 = 1_000;

impl Context<'_> {
    /// Queues a return. Returned never exceeds received, counting what waits here and at the company.
    pub fn return_submit(&self, req: &ReturnReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        if !["goods", "price"].contains(&req.kind.as_str()) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "kind"));
        }
        let reason = required(&req.reason, "reason")?;
        let queued: Vec<ReturnCreatePayload> = self
            .store
            .read(|conn| outbox::waiting(conn, WAITING))?
            .iter()
            .filter(|item| item.kind == SubmissionKind::ReturnCreate.name())
            .filter_map(|item| serde_json::from_str(&item.body).ok())
            .collect();
        let mut supplier: Option<String> = None;
        let mut lines: Vec<ReturnCreateLine> = Vec::new();
        for (index, line) in req.lines.iter().enumerate() {
            let field = |name: &str| format!("lines[{index}].{name}");
            let (of, returned) = self.store.read(|conn| {
                Ok((purchase::line(conn, &line.order_line)?, purchase::returned(conn, &line.order_line)?))
            })?;
            let of = of.ok_or_else(|| ApiError::field(ErrorCode::NotFound, &field("orderLine")))?;
            // One parcel to one distributor.
            if supplier.get_or_insert_with(|| of.supplier.clone()) != &of.supplier
                || lines.iter().any(|other| other.order_detail_id == of.id)
            {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field("orderLine")));
            }
            let count: Quantity = decimal(&line.quantity, &field("quantity"))?;
            if count <= Quantity::ZERO {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field("quantity")));
            }
            let waiting: Quantity = queued
                .iter()
                .filter(|queued| queued.kind == "goods")
                .flat_map(|queued| &queued.lines)
                .filter(|queued| queued.order_detail_id == of.id)
                .map(|queued| queued.return_count)
                .sum();
            if count > of.received - returned - waiting {
                return Err(ApiError::field(ErrorCode::MoreThanLeft, &field("quantity")));
            }
            let paid = Amount::of(of.price, count)
                .ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, &field("quantity")))?;
            let amount = match (&line.amount, req.kind.as_str()) {
                (_, "goods") => paid,
                (Some(amount), _) => decimal(amount, &field("amount"))?,
                (None, _) => return Err(ApiError::field(ErrorCode::FieldRequired, &field("amount"))),
            };
            if amount <= Amount::ZERO || amount > paid {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field("amount")));
            }
            lines.push(ReturnCreateLine {
                order_detail_id: of.id,
                return_count: count,
                return_amount: amount,
                lot_no: line.lot.trim().to_owned(),
            });
        }
        let supplier = supplier.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "lines"))?;
        let payload =
            ReturnCreatePayload { kind: req.kind.clone(), company_id_ps: supplier.clone(), reason, lines };
        // Returns to one distributor keep their order, so that none is counted against a later one.
        let group = format!("return:{supplier}");
        let sending = Sending {
            kind: SubmissionKind::ReturnCreate,
            document: &group,
            base_ver: None,
            action: "return.create.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// 反馈供应问题 with its evidence (泉州 2024 五; 豫医保办〔2025〕42号 二(八)).
    pub fn supply_issue_submit(&self, req: &SupplyIssueReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        if !["short", "refusal", "late", "price"].contains(&req.kind.as_str()) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "kind"));
        }
        let description = required(&req.description, "description")?;
        let mut of: Option<(String, String)> = None;
        for (index, id) in req.order_lines.iter().enumerate() {
            let field = format!("orderLines[{index}]");
            let line = self.store.read(|conn| purchase::line(conn, id))?;
            let line = line.ok_or_else(|| ApiError::field(ErrorCode::NotFound, &field))?;
            let these = (line.product, line.supplier);
            if of.get_or_insert_with(|| these.clone()) != &these {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field));
            }
        }
        let (product, supplier) =
            of.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "orderLines"))?;
        let group = format!("supplyIssue:{product}:{supplier}");
        let payload = SupplyIssueCreatePayload {
            kind: req.kind.clone(),
            procurecatalog_id: product,
            company_id_ps: supplier,
            description,
            order_detail_ids: req.order_lines.clone(),
            office_id: req.office.clone(),
            attachments: attachment_refs(&req.attachments),
        };
        let sending = Sending {
            kind: SubmissionKind::SupplyIssueCreate,
            document: &group,
            base_ver: None,
            action: "supplyIssue.create.queued",
            attachments: &req.attachments,
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// The goods have come: a supply problem is closed. Doing it twice queues once.
    pub fn supply_issue_close(&self, req: &SupplyIssueCloseReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let group = format!("supplyIssue:{}", req.issue);
        let (found, items) = self.store.read(|conn| {
            let resource = sunbench_contract::Resource::SupplyIssue.name();
            Ok((document::get(conn, resource, &req.issue)?, outbox::of_document(conn, &group)?))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if is_waiting(&items)
            && let Some(item) = items.last()
        {
            return self.outbox_item(item);
        }
        let issue: SupplyIssue =
            serde_json::from_str(&found.data).map_err(|error| ApiError::internal(&error))?;
        let state = SupplyIssueState::from_raw(&issue.state);
        if state.is_some_and(|state| !state.may_become(SupplyIssueState::Resolved)) {
            return Err(ErrorCode::WrongState.into());
        }
        let sending = Sending {
            kind: SubmissionKind::SupplyIssueClose,
            document: &group,
            base_ver: Some(found.ver),
            action: "supplyIssue.close.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &SupplyIssueClosePayload { issue_id: req.issue.clone() })
    }
}
