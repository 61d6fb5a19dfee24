//! 衔接测算: before a batch begins, each product's usage against the stock that the office counted.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sunbench_domain::Quantity;
use sunbench_domain::purchase::continuity::{Supply, USAGE_DAYS, outlook};
use sunbench_store::local::draft;
use sunbench_store::mirror::{purchase, volume};
use sunbench_store::{Connection, StoreResult};

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

/// What was counted last under a name: stock by product, as it was typed.
pub(super) fn counted(conn: &Connection, group: &str) -> StoreResult<BTreeMap<String, String>> {
    let kept = draft::get(conn, group, COUNTED_BY)?;
    let counts: Vec<StockCount> =
        kept.and_then(|kept| serde_json::from_str(&kept.body).ok()).unwrap_or_default();
    Ok(counts.into_iter().map(|count| (count.product, count.stock)).collect())
}

/// Received of a product less returned, between two instants.
pub(super) fn used(conn: &Connection, product: &str, from: i64, to: i64) -> StoreResult<Quantity> {
    let by_department = purchase::kept_by_department(conn, product, from, to)?;
    Ok(by_department.into_iter().map(|(_, quantity)| quantity).sum())
}

/// The names of one line.
pub(super) struct Goods {
    pub(super) product: String,
    pub(super) variety: String,
    pub(super) name: String,
    pub(super) spec: String,
    pub(super) maker: String,
    pub(super) unit: String,
}

/// One line of a worksheet; `supply` without its stock, which is what was typed.
pub(super) fn sheet_row(goods: Goods, supply: Supply, stock: Option<&String>) -> ContinuityRow {
    let typed = stock.and_then(|text| decimal(text, "stock").ok()).unwrap_or_default();
    let supply = Supply { stock: typed, ..supply };
    let ahead = outlook(&supply);
    let known = stock.map(|_| ahead);
    ContinuityRow {
        product: goods.product,
        variety: goods.variety,
        name: goods.name,
        spec: goods.spec,
        maker: goods.maker,
        unit: goods.unit,
        starts_on: supply.starts.to_string(),
        used: supply.used.to_string(),
        stock: stock.cloned(),
        needed: ahead.needed.to_string(),
        gap: known.map(|ahead| ahead.gap.to_string()),
        left_over: known.map(|ahead| ahead.left_over.to_string()),
        lasts_until: known.and_then(|ahead| ahead.lasts_until).map(|day| day.to_string()),
        price: supply.price.to_string(),
        price_then: supply.price_then.to_string(),
        loss: known.and_then(|ahead| ahead.loss).map(|loss| loss.to_string()),
    }
}

impl Context<'_> {
    /// The worksheet of a batch, with the stock as it was counted last.
    pub fn continuity(&self, req: &ContinuityReq) -> ApiResult<Continuity> {
        let today = self.today();
        let from = today.checked_sub_days(Days::new(USAGE_DAYS.unsigned_abs())).unwrap_or(today);
        let (agreements, rules, counted) = self.store.read(|conn| {
            Ok((volume::agreements(conn)?, Rules::read(conn)?, counted(conn, &group(&req.batch))?))
        })?;
        let mut rows = Vec::new();
        for agreement in agreements.into_iter().filter(|agreement| agreement.batch == req.batch) {
            let Ok(starts) = agreement.starts_on.parse::<NaiveDate>() else { continue };
            let (product, used) = self.store.read(|conn| {
                let used = used(conn, &agreement.product_id, day_start(from), self.now.unix())?;
                Ok((purchase::product(conn, &agreement.product_id)?, used))
            })?;
            let Some(product) = product else { continue };
            let supply = Supply {
                used,
                stock: Quantity::ZERO,
                today,
                starts,
                price: rules.price(&product, self.now.unix()),
                price_then: rules.price(&product, day_start(starts)),
            };
            let stock = counted.get(&agreement.product_id);
            let goods = Goods {
                product: agreement.product_id.clone(),
                variety: agreement.variety,
                name: agreement.product,
                spec: agreement.spec,
                maker: agreement.maker,
                unit: agreement.unit,
            };
            rows.push(sheet_row(goods, supply, stock));
        }
        rows.sort_by(|a, b| (&a.variety, &a.product).cmp(&(&b.variety, &b.product)));
        let usage_days = u32::try_from(USAGE_DAYS).unwrap_or_default();
        Ok(Continuity { batch: req.batch.clone(), usage_days, rows })
    }

    /// Saves what was counted. Blank is not counted yet; a nought is an answer.
    pub fn continuity_save(&self, req: &ContinuitySaveReq) -> ApiResult<DraftSaved> {
        self.save_counts(&group(&req.batch), &req.stocks)
    }

    /// The whole count under a name.
    pub(super) fn save_counts(&self, group: &str, stocks: &[StockCount]) -> ApiResult<DraftSaved> {
        self.acting(Act::Purchase)?;
        for (index, count) in stocks.iter().enumerate() {
            let field = format!("stocks[{index}].stock");
            let stock: Quantity = decimal(&count.stock, &field)?;
            if stock.is_negative() {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field));
            }
        }
        let body = serde_json::to_string(stocks).map_err(|error| ApiError::internal(&error))?;
        let kept = draft::Draft { body, edited_at: self.now.unix(), edited_by: COUNTED_BY.to_owned() };
        self.store.write_local(|tx| draft::put(tx, group, &kept))?;
        Ok(DraftSaved { edited_at: self.now.to_string() })
    }
}
