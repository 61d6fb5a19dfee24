//! 院内耗材对照工作台: items of the ledger, suggestions by likeness, links made by a person. Links of the platform stand.

use std::collections::BTreeMap;

use sunbench_domain::purchase::item::{Candidate, Item, Reason, likeness};
use sunbench_store::local::item::{self, Link};
use sunbench_store::mirror::{catalogue, purchase};
use sunbench_store::{Connection, StoreError, StoreResult, audit};

use super::mentions;
use super::order::Rules;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    Act, HospitalItemList, HospitalItemReq, HospitalItemRow, HospitalItemScope, HospitalItemSource,
    HospitalItemsReq, ItemLinkReq, ItemSuggestion, ItemSuggestions,
};

const PAGE: usize = 100;
const SUGGESTED: usize = 10;

/// Every item by its name, without the names of products.
fn rows(conn: &Connection) -> StoreResult<BTreeMap<String, HospitalItemRow>> {
    let mut rows: BTreeMap<String, HospitalItemRow> = BTreeMap::new();
    for written in item::of_ledger(conn)? {
        let name = match written.code.as_str() {
            "" => format!("{} {}", written.name, written.spec).trim().to_owned(),
            code => code.to_owned(),
        };
        if name.is_empty() {
            continue;
        }
        let row = rows.entry(name.clone()).or_insert_with(|| HospitalItemRow {
            item: name,
            code: written.code,
            name: written.name,
            spec: written.spec,
            unit: written.unit,
            maker: written.maker,
            mcs_code: written.mcs_code.clone(),
            lines: 0,
            source: HospitalItemSource::Nobody,
            product: None,
            product_name: None,
            factor_num: 1,
            factor_den: 1,
        });
        row.lines = row.lines.saturating_add(written.lines);
        if row.mcs_code.is_empty() {
            row.mcs_code = written.mcs_code;
        }
    }
    for link in item::links(conn)? {
        if let Some(row) = rows.get_mut(&link.item) {
            row.source = HospitalItemSource::Person;
            row.product = Some(link.product);
            (row.factor_num, row.factor_den) = (link.factor_num, link.factor_den);
        }
    }
    for listed in item::of_platform(conn)? {
        let row = rows.entry(listed.code.clone()).or_insert_with(|| HospitalItemRow {
            item: listed.code.clone(),
            code: listed.code,
            name: listed.name,
            spec: String::new(),
            unit: listed.unit,
            maker: String::new(),
            mcs_code: String::new(),
            lines: 0,
            source: HospitalItemSource::Platform,
            product: None,
            product_name: None,
            factor_num: 1,
            factor_den: 1,
        });
        row.source = HospitalItemSource::Platform;
        row.product = Some(listed.product);
        (row.factor_num, row.factor_den) = (listed.factor_num, listed.factor_den);
    }
    Ok(rows)
}

fn with_name(conn: &Connection, mut row: HospitalItemRow) -> StoreResult<HospitalItemRow> {
    if let Some(id) = &row.product {
        let product = purchase::product(conn, id)?;
        row.product_name = product.map(|found| format!("{} {}", found.name, found.spec).trim().to_owned());
    }
    Ok(row)
}

impl Context<'_> {
    /// A page of the hospital's items.
    pub fn items(&self, req: &HospitalItemsReq) -> ApiResult<HospitalItemList> {
        let from: usize = match &req.after {
            Some(after) => after.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "after"))?,
            None => 0,
        };
        let found = self.store.read(rows)?;
        let unlinked = found.values().filter(|row| row.product.is_none()).count();
        let mut fitting: Vec<HospitalItemRow> = found
            .into_values()
            .filter(|row| match req.scope {
                HospitalItemScope::All => true,
                HospitalItemScope::Unlinked => row.product.is_none(),
                HospitalItemScope::Linked => row.product.is_some(),
            })
            .filter(|row| {
                let said = [&row.code, &row.name, &row.spec, &row.maker, &row.mcs_code];
                mentions(&req.text, &said.map(String::as_str))
            })
            .collect();
        fitting.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.item.cmp(&b.item)));
        let total = fitting.len();
        let page: Vec<HospitalItemRow> = fitting.into_iter().skip(from).take(PAGE).collect();
        let end = from.saturating_add(page.len());
        Ok(HospitalItemList {
            rows: self
                .store
                .read(|conn| page.into_iter().map(|row| with_name(conn, row)).collect::<StoreResult<_>>())?,
            next: (end < total).then(|| end.to_string()),
            total: small(total as u64),
            unlinked: small(unlinked as u64),
        })
    }

    fn item_row(&self, name: &str) -> ApiResult<HospitalItemRow> {
        let found =
            self.store.read(|conn| rows(conn)?.remove(name).map(|row| with_name(conn, row)).transpose())?;
        Ok(found.ok_or(ErrorCode::NotFound)?)
    }

    /// The listed products that an item may be, the likeliest first.
    pub fn item_suggestions(&self, req: &HospitalItemReq) -> ApiResult<ItemSuggestions> {
        let row = self.item_row(&req.item)?;
        let (products, rules) = self.store.read(|conn| Ok((catalogue::all(conn)?, Rules::read(conn)?)))?;
        let ours = Item {
            mcs_code: &row.mcs_code,
            name: &row.name,
            spec: &row.spec,
            maker: &row.maker,
            unit: &row.unit,
        };
        let mut found: Vec<ItemSuggestion> = products
            .into_iter()
            .filter_map(|product| {
                let theirs = Candidate {
                    mcs_code: product.mcs_code.as_deref().unwrap_or_default(),
                    name: &product.name,
                    spec: &product.spec,
                    model: &product.model,
                    maker: &product.maker,
                    unit: &product.unit,
                };
                let like = likeness(&ours, &theirs)?;
                Some(ItemSuggestion {
                    price: rules.price_of(&product.id, product.price, self.now.unix()).to_string(),
                    listed: product.raw_state == "1",
                    score: like.score,
                    reasons: like.reasons.into_iter().map(Reason::text_zh).collect(),
                    product: product.id,
                    name: product.name,
                    spec: product.spec,
                    model: product.model,
                    mcs_code: product.mcs_code,
                    maker: product.maker,
                    unit: product.unit,
                })
            })
            .collect();
        found.sort_by(|a, b| {
            let key = |one: &ItemSuggestion| (std::cmp::Reverse(one.score), !one.listed);
            key(a).cmp(&key(b)).then_with(|| a.product.cmp(&b.product))
        });
        found.truncate(SUGGESTED);
        Ok(ItemSuggestions { row, products: found })
    }

    /// A person links an item. What the platform has linked stays as it is.
    pub fn item_link(&self, req: &ItemLinkReq) -> ApiResult<HospitalItemRow> {
        let account = self.acting(Act::Purchase)?;
        let row = self.item_row(&req.item)?;
        if row.source == HospitalItemSource::Platform {
            return Err(ErrorCode::WrongState.into());
        }
        if self.store.read(|conn| purchase::product(conn, &req.product))?.is_none() {
            return Err(ApiError::field(ErrorCode::NotFound, "product"));
        }
        for (field, factor) in [("factorNum", req.factor_num), ("factorDen", req.factor_den)] {
            if factor == 0 {
                return Err(ApiError::field(ErrorCode::FieldInvalid, field));
            }
        }
        let link = Link {
            item: req.item.clone(),
            product: req.product.clone(),
            factor_num: req.factor_num,
            factor_den: req.factor_den,
            linked_at: self.now.unix(),
            linked_by: account.user.clone(),
        };
        let subject = format!("item:{}", req.item);
        let detail = serde_json::json!({
            "product": req.product, "before": row.product, "factor": [req.factor_num, req.factor_den],
        });
        self.store.write_local(|tx| {
            item::put(tx, &link)?;
            audit::append(tx, &self.entry(&account.user, "item.linked", &subject, detail))?;
            Ok::<_, StoreError>(())
        })?;
        self.item_row(&req.item)
    }

    /// Takes a person's link back.
    pub fn item_unlink(&self, req: &HospitalItemReq) -> ApiResult<HospitalItemRow> {
        let account = self.acting(Act::Purchase)?;
        let subject = format!("item:{}", req.item);
        let removed = self.store.write_local(|tx| {
            let removed = item::remove(tx, &req.item)?;
            if removed {
                let detail = serde_json::json!({});
                audit::append(tx, &self.entry(&account.user, "item.unlinked", &subject, detail))?;
            }
            Ok::<_, StoreError>(removed)
        })?;
        if removed { self.item_row(&req.item) } else { Err(ErrorCode::WrongState.into()) }
    }
}
