//! 退货 as it stands: the list, one return, and what may still go back.

use std::collections::HashSet;

use sunbench_contract::time::Instant;
use sunbench_contract::{ReturnCreatePayload, SubmissionKind};
use sunbench_domain::Quantity;
use sunbench_domain::state::ReturnState;
use sunbench_store::mirror::billing::{self, Return};
use sunbench_store::mirror::{line, purchase};

use super::Unsent;
use super::bills::{counts, next, page};
use super::supply::step;
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiResult, ErrorCode};
use crate::wire::{
    BillsReq, ReturnDetail, ReturnDetailReq, ReturnLineRow, ReturnList, ReturnRow, Returnable,
    ReturnableLine, ReturnableLot, ReturnableReq, StepKind,
};

impl Context<'_> {
    /// A page of returns, the newest first.
    pub fn returns(&self, req: &BillsReq) -> ApiResult<ReturnList> {
        let page = page::<ReturnState>(req)?;
        let (rows, states, unsent) = self.store.read(|conn| {
            Ok((billing::returns(conn, &page)?, billing::return_states(conn)?, Unsent::read(conn)?))
        })?;
        let pending = match &req.after {
            None => unsent.of_kind(self, SubmissionKind::ReturnCreate)?,
            Some(_) => Vec::new(),
        };
        Ok(ReturnList {
            next: next(&rows, |row| (row.returned_at.to_string(), row.key)),
            rows: rows.into_iter().map(row).collect(),
            states: counts::<ReturnState>(states),
            pending,
        })
    }

    /// One return with its lines.
    pub fn return_detail(&self, req: &ReturnDetailReq) -> ApiResult<ReturnDetail> {
        let found = self.store.read(|conn| {
            let Some(found) = billing::goods_return(conn, &req.id)? else { return Ok(None) };
            let lines = billing::return_lines(conn, found.key)?;
            Ok(Some((found, lines)))
        })?;
        let (found, lines) = found.ok_or(ErrorCode::NotFound)?;
        let returned = Instant::from_unix(found.returned_at);
        Ok(ReturnDetail {
            steps: returned.map(|at| step(StepKind::Submitted, at, "", &found.reason)).into_iter().collect(),
            row: row(found),
            lines: lines.into_iter().map(of_line).collect(),
        })
    }

    /// What of some order lines may go back: received less what went, counting what waits here and at the company.
    pub fn returnable(&self, req: &ReturnableReq) -> ApiResult<Returnable> {
        let unsent = self.store.read(Unsent::read)?;
        let queued: Vec<ReturnCreatePayload> = unsent
            .on_their_way(SubmissionKind::ReturnCreate)
            .filter_map(|item| serde_json::from_str(&item.body).ok())
            .collect();
        let mut rows = Vec::new();
        let mut suppliers = HashSet::new();
        for id in &req.order_lines {
            let found = self.store.read(|conn| {
                let (Some(bought), Some(line)) = (purchase::line(conn, id)?, line::get(conn, id)?) else {
                    return Ok(None);
                };
                Ok(Some((bought, line, purchase::returned(conn, id)?, billing::lots(conn, id)?)))
            })?;
            let Some((bought, line, gone, lots)) = found else { continue };
            let waiting: Quantity = queued
                .iter()
                .filter(|queued| queued.kind == "goods")
                .flat_map(|queued| &queued.lines)
                .filter(|queued| queued.order_detail_id == *id)
                .map(|queued| queued.return_count)
                .sum();
            let returned = gone.checked_add(waiting).unwrap_or(gone);
            let left = Quantity::from_units((bought.received.units() - returned.units()).max(0));
            suppliers.insert(bought.supplier);
            rows.push(ReturnableLine {
                order_line: id.clone(),
                product: line.product,
                spec: line.spec,
                unit: line.unit,
                supplier: line.supplier,
                price: bought.price.to_string(),
                received: bought.received.to_string(),
                returned: returned.to_string(),
                left: left.to_string(),
                lots: lots
                    .into_iter()
                    .map(|(lot, received)| ReturnableLot { lot, received: received.to_string() })
                    .collect(),
            });
        }
        Ok(Returnable { rows, one_supplier: suppliers.len() == 1 })
    }
}

fn row(found: Return) -> ReturnRow {
    ReturnRow {
        id: found.id,
        code: found.code,
        kind: found.kind,
        supplier_id: found.supplier_id,
        supplier: found.supplier,
        returned_at: text(found.returned_at),
        reason: found.reason,
        refuse_reason: found.refuse_reason,
        amount: found.amount.to_string(),
        lines: found.lines,
        state: found.state,
        state_text: found.state_text,
    }
}

fn of_line(line: billing::BilledLine) -> ReturnLineRow {
    ReturnLineRow {
        order_line: line.order_line,
        order_code: line.order_code,
        line_no: line.line_no,
        product: line.product,
        spec: line.spec,
        unit: line.unit,
        quantity: line.quantity.to_string(),
        amount: line.amount.to_string(),
        lot: line.lot,
    }
}
