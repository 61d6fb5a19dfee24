//! 应急保供报备: quantities far from usual, with the figures behind them, for the letter to the office (泉州 2024-05-30 四).

use std::cmp::Reverse;

use sunbench_contract::OrderSubmitPayload;
use sunbench_domain::Quantity;
use sunbench_domain::purchase::order::{is_surge, usual};
use sunbench_store::local::{draft, outbox};
use sunbench_store::mirror::{line, purchase};

use super::decimal;
use super::order::group;
use crate::clocked::date;
use crate::context::Context;
use crate::error::{ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{OrderDraft, SurgeReport, SurgeReq, SurgeRow};

const DAY: i64 = 86_400;
/// Days of history that a quantity is compared with.
const YEAR_DAYS: i64 = 365;
const MONTH_DAYS: i64 = 30;

/// A product, how many of it, and up to when its history counts.
type Wanted = (String, Quantity, i64);

impl Context<'_> {
    /// What of an order departs from what is usual.
    pub fn surge_report(&self, req: &SurgeReq) -> ApiResult<SurgeReport> {
        let mut rows = Vec::new();
        for wanted in self.wanted(&req.order)? {
            rows.extend(self.surge_row(&wanted)?);
        }
        rows.sort_by_key(|row: &SurgeRow| (Reverse(row.percent), row.product.clone()));
        let offices = self.store.read(|conn| purchase::orgs_of_kind(conn, "office"))?;
        Ok(SurgeReport { rows, offices: offices.into_iter().map(|(_, name)| name).collect() })
    }

    /// What an order asks for: one that is being written, one that waits, or one that the platform has.
    fn wanted(&self, order: &str) -> ApiResult<Vec<Wanted>> {
        let me = self.actor()?;
        let document = group(order);
        let (kept, items, sent) = self.store.read(|conn| {
            let kept = draft::get(conn, &document, &me)?;
            Ok((kept, outbox::of_document(conn, &document)?, line::of_order(conn, order)?))
        })?;
        if !sent.is_empty() {
            let of = sent.into_iter();
            return Ok(of.map(|line| (line.product_id, line.quantity, line.submit_at - 1)).collect());
        }
        if let Some(kept) = kept {
            let order: OrderDraft = serde_json::from_str(&kept.body).map_err(|_| ErrorCode::NotFound)?;
            let of = |line: &crate::wire::OrderDraftLine| {
                let quantity = decimal(&line.quantity, "quantity").ok()?;
                Some((line.product.clone(), quantity, self.now.unix()))
            };
            return Ok(order.lines.iter().filter_map(of).collect());
        }
        let item = items.last().ok_or(ErrorCode::NotFound)?;
        let payload: OrderSubmitPayload =
            serde_json::from_str(&item.body).map_err(|_| ErrorCode::NotFound)?;
        let of = payload.lines.into_iter();
        Ok(of.map(|line| (line.procurecatalog_id, line.purchase_count, item.created_at - 1)).collect())
    }

    /// The figures of one product; none where the quantity is not far from usual.
    fn surge_row(&self, (product, quantity, until): &Wanted) -> ApiResult<Option<SurgeRow>> {
        let (found, lines) = self.store.read(|conn| {
            let lines = purchase::ordered_of(conn, product, until - DAY * YEAR_DAYS, *until)?;
            Ok((purchase::product(conn, product)?, lines))
        })?;
        let earlier: Vec<_> =
            lines.iter().filter_map(|line| Some((date(line.submit_at)?, line.quantity))).collect();
        let Some(usual) = usual(&earlier).filter(|usual| is_surge(*quantity, *usual)) else {
            return Ok(None);
        };
        let Some(found) = found else { return Ok(None) };
        let sum = |since: i64| -> Quantity {
            lines.iter().filter(|line| line.submit_at > since).map(|line| line.quantity).sum()
        };
        let percent = i128::from(quantity.units()) * 100 / i128::from(usual.units().max(1));
        Ok(Some(SurgeRow {
            product: product.clone(),
            name: found.name,
            spec: found.spec,
            unit: found.unit,
            quantity: quantity.to_string(),
            usual: usual.to_string(),
            most: earlier.iter().map(|(_, count)| *count).max().unwrap_or_default().to_string(),
            lines: small(lines.len() as u64),
            year: sum(until - DAY * YEAR_DAYS).to_string(),
            month: sum(until - DAY * MONTH_DAYS).to_string(),
            percent: u32::try_from(percent).unwrap_or(u32::MAX),
        }))
    }
}
