//! 调价: price lists with the instant from which they hold, and how the stock bought at the old price is used up.

use chrono::{Days, NaiveDate};
use sunbench_contract::PriceList;
use sunbench_domain::Quantity;
use sunbench_domain::purchase::continuity::{Supply, USAGE_DAYS};
use sunbench_store::mirror::purchase;

use super::continuity::{Goods, counted, sheet_row, used};
use super::order::Rules;
use crate::clocked::day_start;
use crate::context::Context;
use crate::error::{ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    DraftSaved, PriceListReq, PriceListRow, PriceListState, PriceLists, PriceTransition,
    PriceTransitionSaveReq,
};

/// Whoever bought a product within these days may hold stock of it.
const HELD_DAYS: i64 = 365;
const DAY: i64 = 86_400;

fn group(list: &str) -> String {
    format!("priceList:{list}")
}

impl Context<'_> {
    /// Every price list, the latest first.
    pub fn price_lists(&self) -> ApiResult<PriceLists> {
        let mut lists = self.store.read(Rules::read)?.prices;
        lists.sort_by_key(|list| std::cmp::Reverse((list.effective_time.unix(), list.price_list_id.clone())));
        Ok(PriceLists { rows: lists.iter().map(|list| self.list_row(list)).collect() })
    }

    fn list_row(&self, list: &PriceList) -> PriceListRow {
        let state = if list.effective_time.unix() > self.now.unix() {
            PriceListState::Announced
        } else if self.today() <= list.transition_end {
            PriceListState::Transition
        } else {
            PriceListState::Closed
        };
        PriceListRow {
            id: list.price_list_id.clone(),
            name: list.list_name.clone(),
            kind: list.kind.clone(),
            batch: list.batch_name.clone(),
            effective_at: list.effective_time.to_string(),
            transition_ends_on: list.transition_end.to_string(),
            state,
            products: small(list.items.len() as u64),
        }
    }

    /// 调价过渡测算: what the hospital bought within a year of the list's products, with the stock as it was counted last.
    /// The stock bought at the old price may be used until the transition ends; what is left then loses the difference.
    pub fn price_transition(&self, req: &PriceListReq) -> ApiResult<PriceTransition> {
        let today = self.today();
        let from = day_start(today.checked_sub_days(Days::new(USAGE_DAYS.unsigned_abs())).unwrap_or(today));
        let now = self.now.unix();
        let lists = self.store.read(Rules::read)?.prices;
        let list =
            lists.into_iter().find(|list| list.price_list_id == req.list).ok_or(ErrorCode::NotFound)?;
        // The first day on which the old stock is none of the transition's.
        let starts: NaiveDate = list.transition_end.succ_opt().unwrap_or(list.transition_end);
        let mut rows = self.store.read(|conn| {
            let counted = counted(conn, &group(&req.list))?;
            let mut rows = Vec::new();
            for item in &list.items {
                let stock = counted.get(&item.procurecatalog_id);
                let held = used(conn, &item.procurecatalog_id, now - HELD_DAYS * DAY, now)?;
                if held <= Quantity::ZERO && stock.is_none() {
                    continue;
                }
                let Some(product) = purchase::product(conn, &item.procurecatalog_id)? else { continue };
                let supply = Supply {
                    used: used(conn, &product.id, from, now)?,
                    stock: Quantity::ZERO,
                    today,
                    starts,
                    price: item.old_price,
                    price_then: item.price,
                };
                let maker = purchase::org_name(conn, &product.maker)?.unwrap_or_default();
                let goods = Goods {
                    product: product.id,
                    variety: product.category,
                    name: product.name,
                    spec: product.spec,
                    maker,
                    unit: product.unit,
                };
                rows.push(sheet_row(goods, supply, stock));
            }
            Ok(rows)
        })?;
        rows.sort_by(|a, b| (&a.variety, &a.name, &a.product).cmp(&(&b.variety, &b.name, &b.product)));
        let usage_days = u32::try_from(USAGE_DAYS).unwrap_or_default();
        Ok(PriceTransition { list: self.list_row(&list), usage_days, rows })
    }

    /// Saves what was counted before the transition ends.
    pub fn price_transition_save(&self, req: &PriceTransitionSaveReq) -> ApiResult<DraftSaved> {
        self.save_counts(&group(&req.list), &req.stocks)
    }
}
