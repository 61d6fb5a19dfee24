//! 挂网目录: found by any word, with prices over time and what became of the codes.

use chrono::NaiveDate;
use sunbench_contract::Negotiation;
use sunbench_contract::{CodeChange, Resource};
use sunbench_domain::state::{NegotiationState, State as _};
use sunbench_store::mirror::catalogue::{self as mirror, Place, Product};
use sunbench_store::mirror::{purchase, volume};

use super::all;
use super::order::Rules;
use crate::clocked::{day_clock, text};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    CatalogueList, CatalogueReq, CatalogueRow, CatalogueScope, CodeMark, CodeStep, ListPrice,
    ProductAgreement, ProductDetail, ProductItem, ProductOrder, ProductPart, ProductReq, ProductSupplier,
};

const PAGE: usize = 100;
const LAST_ORDERS: u32 = 20;

impl Context<'_> {
    /// A page of the catalogue.
    pub fn catalogue(&self, req: &CatalogueReq) -> ApiResult<CatalogueList> {
        let from: usize = match &req.after {
            Some(after) => after.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "after"))?,
            None => 0,
        };
        let today = self.today();
        let (mut places, rules) =
            self.store.read(|conn| Ok((mirror::places(conn, &req.text)?, Rules::read(conn)?)))?;
        places.retain(|place| fits(place, req.scope, &rules.changes, today));
        let page = places.iter().skip(from).take(PAGE);
        let products = self.store.read(|conn| {
            let found = page.map(|place| mirror::at(conn, place.key));
            found.collect::<Result<Vec<_>, _>>()
        })?;
        let end = from.saturating_add(PAGE);
        Ok(CatalogueList {
            rows: products.into_iter().flatten().map(|product| self.product_row(product, &rules)).collect(),
            total: small(places.len() as u64),
            next: (end < places.len()).then(|| end.to_string()),
        })
    }

    fn product_row(&self, product: Product, rules: &Rules) -> CatalogueRow {
        let price = rules.price_of(&product.id, product.price, self.now.unix());
        CatalogueRow {
            code_mark: code_mark(product.mcs_code.as_deref(), &rules.changes, self.today()),
            id: product.id,
            name: product.name,
            spec: product.spec,
            model: product.model,
            mcs_code: product.mcs_code,
            unit: product.unit,
            category: product.category,
            maker: product.maker,
            purchase_type: product.purchase_type,
            selected: product.selected,
            price: price.to_string(),
            listed: product.raw_state == "1",
            registration: product.registration,
            registration_ends_on: product.registration_ends_on,
            ordered_lines: product.ordered_lines,
            items: product.items,
        }
    }

    /// One product with all that belongs to it.
    pub fn product(&self, req: &ProductReq) -> ApiResult<ProductDetail> {
        let now = self.now.unix();
        let found = self.store.read(|conn| {
            let Some(product) = mirror::get(conn, &req.product)? else { return Ok(None) };
            Ok(Some((
                mirror::items(conn, product.key)?,
                mirror::last_orders(conn, product.key, LAST_ORDERS)?,
                Rules::read(conn)?,
                volume::agreements(conn)?,
                all::<Negotiation>(conn, Resource::Negotiation)?,
                product,
            )))
        })?;
        let (items, orders, rules, agreements, negotiations, product) = found.ok_or(ErrorCode::NotFound)?;
        let in_force = rules
            .prices
            .iter()
            .filter(|list| list.effective_time.unix() <= now)
            .filter(|list| list.items.iter().any(|item| item.procurecatalog_id == product.id))
            .max_by_key(|list| list.effective_time.unix())
            .map(|list| list.price_list_id.clone());
        let mut prices: Vec<ListPrice> = Vec::new();
        for list in &rules.prices {
            let of = list.items.iter().find(|item| item.procurecatalog_id == product.id);
            prices.extend(of.map(|item| ListPrice {
                list: list.list_name.clone(),
                kind: list.kind.clone(),
                effective_at: list.effective_time.to_string(),
                transition_ends_on: list.transition_end.to_string(),
                old_price: item.old_price.to_string(),
                price: item.price.to_string(),
                in_force: in_force.as_ref() == Some(&list.price_list_id),
            }));
        }
        prices.sort_by(|a, b| b.effective_at.cmp(&a.effective_at));
        let mut codes: Vec<CodeStep> = rules
            .changes
            .iter()
            .filter(|change| change.procurecatalog_id == product.id)
            .map(code_step)
            .collect();
        codes.sort_by(|a, b| b.effective_on.cmp(&a.effective_on));
        let open = negotiations.iter().any(|kept| {
            kept.record.procurecatalog_id == product.id
                && NegotiationState::from_raw(&kept.record.state).is_none_or(|state| !state.is_final())
        });
        let parts = self.parts_of(&product.id, &rules)?;
        let price_cap = self.store.read(|conn| purchase::product(conn, &product.id))?;
        Ok(ProductDetail {
            price_cap: price_cap.and_then(|found| found.price_cap).map(|cap| cap.to_string()),
            parts,
            udi_di: product.udi_di.clone(),
            prices,
            codes,
            suppliers: self.suppliers_of(&product.maker_id, &rules)?,
            agreements: self.agreements_of(&product.id, agreements)?,
            items: items
                .into_iter()
                .map(|item| ProductItem {
                    code: item.code,
                    name: item.name,
                    unit: item.unit,
                    factor_num: item.factor_num,
                    factor_den: item.factor_den,
                })
                .collect(),
            orders: orders
                .into_iter()
                .map(|order| ProductOrder {
                    order_line: order.line,
                    order_code: order.order_code,
                    submitted_at: text(order.submit_at),
                    quantity: order.quantity.to_string(),
                    price: order.price.to_string(),
                    supplier: order.supplier,
                    state_text: order.state_text,
                })
                .collect(),
            negotiable: product.raw_state == "1" && !product.selected && !open,
            row: self.product_row(product, &rules),
        })
    }

    /// Who may deliver a manufacturer's goods today.
    /// 组套: what a product is assembled from.
    fn parts_of(&self, product: &str, rules: &Rules) -> ApiResult<Vec<ProductPart>> {
        Ok(self.store.read(|conn| {
            let found = purchase::product(conn, product)?;
            let mut parts = Vec::new();
            for id in found.map(|found| found.assembled_from).unwrap_or_default() {
                let Some(part) = purchase::product(conn, &id)? else { continue };
                let price = rules.price(&part, self.now.unix()).to_string();
                let purchase::Product { id, name, spec, unit, .. } = part;
                parts.push(ProductPart { id, name, spec, unit, price });
            }
            Ok(parts)
        })?)
    }

    fn suppliers_of(&self, maker: &str, rules: &Rules) -> ApiResult<Vec<ProductSupplier>> {
        let today = self.today();
        let mut suppliers: Vec<ProductSupplier> = Vec::new();
        for relation in &rules.relations {
            let holds = relation.company_id_tb == maker
                && relation.state == "1"
                && (relation.start_date..=relation.end_date).contains(&today);
            if !holds || suppliers.iter().any(|other| other.id == relation.company_id_ps) {
                continue;
            }
            let name = self.store.read(|conn| purchase::org_name(conn, &relation.company_id_ps))?;
            suppliers.push(ProductSupplier {
                id: relation.company_id_ps.clone(),
                name: name.unwrap_or_default(),
                ends: day_clock(self.calendar, relation.end_date, self.now),
            });
        }
        suppliers.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(suppliers)
    }

    fn agreements_of(
        &self,
        product: &str,
        agreements: Vec<volume::Agreement>,
    ) -> ApiResult<Vec<ProductAgreement>> {
        let mut found = Vec::new();
        for agreement in agreements.into_iter().filter(|agreement| agreement.product_id == product) {
            let ordered = self.store.read(|conn| purchase::ordered_under(conn, &agreement.id))?;
            found.push(ProductAgreement {
                id: agreement.id,
                batch: agreement.batch,
                supplier: agreement.supplier,
                agreed: agreement.agreed.to_string(),
                ordered: ordered.to_string(),
                starts_on: agreement.starts_on,
                ends_on: agreement.ends_on,
                state_text: agreement.state_text,
            });
        }
        found.sort_by(|a, b| b.starts_on.cmp(&a.starts_on));
        Ok(found)
    }
}

fn fits(place: &Place, scope: CatalogueScope, changes: &[CodeChange], today: NaiveDate) -> bool {
    match scope {
        CatalogueScope::All => true,
        CatalogueScope::Ours => place.ours,
        CatalogueScope::Suspended => place.raw_state != "1",
        CatalogueScope::CodeChanged => code_mark(place.mcs_code.as_deref(), changes, today) != CodeMark::Good,
        CatalogueScope::Selected => place.selected,
    }
}

/// What became of a code by a day (湘医保发〔2023〕43号 (四)(十)).
fn code_mark(code: Option<&str>, changes: &[CodeChange], today: NaiveDate) -> CodeMark {
    let Some(code) = code else { return CodeMark::Missing };
    let change = changes.iter().find(|change| change.old_code == code && change.effective_date <= today);
    match change.map(|change| change.kind.as_str()) {
        None => CodeMark::Good,
        Some("recode") => CodeMark::Replaced,
        Some(_) => CodeMark::Disabled,
    }
}

fn code_step(change: &CodeChange) -> CodeStep {
    CodeStep {
        kind: change.kind.clone(),
        old_code: change.old_code.clone(),
        new_code: change.new_code.clone(),
        effective_on: change.effective_date.to_string(),
        reason: change.reason.clone(),
    }
}
