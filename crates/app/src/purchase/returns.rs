//! 退货、退价差.

use sunbench_contract::{ReturnCreateLine, ReturnCreatePayload, SubmissionKind};
use sunbench_domain::{Amount, Quantity};
use sunbench_store::mirror::purchase;

use super::{Unsent, decimal, required};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{Act, OutboxItem, ReturnReq};

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
            .read(Unsent::read)?
            .on_their_way(SubmissionKind::ReturnCreate)
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
}
