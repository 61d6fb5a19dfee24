//! 衔接测算: before a batch begins, each product's usage against the stock that the office counted.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sunbench_domain::Quantity;
use sunbench_domain::purchase::continuity::{Supply, USAGE_DAYS, outlook};
use sunbench_store::local::draft;
use sunbench_store::mirror::{purchase, volume};

use super::decimal;
use super::order::Rules;
use crate::clocked::day_start;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{Act, Continuity, ContinuityReq, ContinuityRow, ContinuitySaveReq, DraftSaved, StockCount};

/// One count for the office: whoever counted last.
const COUNTED_BY: &str = "";

fn group(batch: &str) -> String {
    format!("continuity:{batch}")
}

impl Context<'_> {
    /// The worksheet of a batch, with the stock as it was counted last.
    pub fn continuity(&self, req: &ContinuityReq) -> ApiResult<Continuity> {
        let today = self.today();
        let from = today.checked_sub_days(Days::new(USAGE_DAYS.unsigned_abs())).unwrap_or(today);
        let (agreements, rules, kept) = self.store.read(|conn| {
            let kept = draft::get(conn, &group(&req.batch), COUNTED_BY)?;
            Ok((volume::agreements(conn)?, Rules::read(conn)?, kept))
        })?;
        let counted: Vec<StockCount> =
            kept.and_then(|kept| serde_json::from_str(&kept.body).ok()).unwrap_or_default();
        let counted: BTreeMap<String, String> =
            counted.into_iter().map(|count| (count.product, count.stock)).collect();
        let mut rows = Vec::new();
        for agreement in agreements.into_iter().filter(|agreement| agreement.batch == req.batch) {
            let Ok(starts) = agreement.starts_on.parse::<NaiveDate>() else { continue };
            let (product, used) = self.store.read(|conn| {
                let used = purchase::kept_by_department(
                    conn,
                    &agreement.product_id,
                    day_start(from),
                    self.now.unix(),
                )?;
                Ok((purchase::product(conn, &agreement.product_id)?, used))
            })?;
            let Some(product) = product else { continue };
            let used: Quantity = used.into_iter().map(|(_, quantity)| quantity).sum();
            let stock = counted.get(&agreement.product_id);
            let supply = Supply {
                used,
                stock: stock.and_then(|text| decimal(text, "stock").ok()).unwrap_or_default(),
                today,
                starts,
                price: rules.price(&product, self.now.unix()),
                price_then: rules.price(&product, day_start(starts)),
            };
            let ahead = stock.map(|_| outlook(&supply));
            rows.push(ContinuityRow {
                product: agreement.product_id,
                variety: agreement.variety,
                name: agreement.product,
                spec: agreement.spec,
                maker: agreement.maker,
                unit: agreement.unit,
                starts_on: agreement.starts_on,
                used: used.to_string(),
                stock: stock.cloned(),
                needed: outlook(&supply).needed.to_string(),
                gap: ahead.map(|ahead| ahead.gap.to_string()),
                left_over: ahead.map(|ahead| ahead.left_over.to_string()),
                lasts_until: ahead.and_then(|ahead| ahead.lasts_until).map(|day| day.to_string()),
                price: supply.price.to_string(),
                price_then: supply.price_then.to_string(),
                loss: ahead.and_then(|ahead| ahead.loss).map(|loss| loss.to_string()),
            });
        }
        rows.sort_by(|a, b| (&a.variety, &a.product).cmp(&(&b.variety, &b.product)));
        let usage_days = u32::try_from(USAGE_DAYS).unwrap_or_default();
        Ok(Continuity { batch: req.batch.clone(), usage_days, rows })
    }

    /// Saves what was counted. Blank is not counted yet; a nought is an answer.
    pub fn continuity_save(&self, req: &ContinuitySaveReq) -> ApiResult<DraftSaved> {
        self.acting(Act::Purchase)?;
        for (index, count) in req.stocks.iter().enumerate() {
            let field = format!("stocks[{index}].stock");
            let stock: Quantity = decimal(&count.stock, &field)?;
            if stock.is_negative() {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field));
            }
        }
        let body = serde_json::to_string(&req.stocks).map_err(|error| ApiError::internal(&error))?;
        let kept = draft::Draft { body, edited_at: self.now.unix(), edited_by: COUNTED_BY.to_owned() };
        self.store.write_local(|tx| draft::put(tx, &group(&req.batch), &kept))?;
        Ok(DraftSaved { edited_at: self.now.to_string() })
    }
}
