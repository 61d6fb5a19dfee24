//! Keeps the tallies of indicators (指标) while records change.
//!
//! What a line or a delivery contributes follows from several records, which come in any order. So before anything that it
//! depends on changes, its contribution as it stands is taken off, once in a batch; at the end of the batch what stands
//! then is added. [`super::recount`] does the same for everything there is, and as long as it is under way only what it has come to
//! is kept.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate};
use rusqlite::{OptionalExtension, Transaction, params};
use serde::Deserialize;
use sunbench_domain::policy::{
    Arrival, Contribution, Grain, LineFacts, Moved, Shipment, delivery_contributions, is_national_code,
    variety_of,
};
use sunbench_domain::state::{OrderLineState, State as _};
use sunbench_domain::{Amount, Price, Quantity};

use crate::error::StoreResult;

/// Rises when a contribution is counted in another way: the tallies are then counted anew.
pub(crate) const EDITION: i64 = 3;

/// The resource whose documents are kept as [`PRICE_LIST`] steps too.
pub(crate) const PRICE_LIST: &str = "priceList";

const LINE: &str = "SELECT l.product_key, l.supplier_key, l.maker_key, l.state, l.urgent, l.unit, l.quantity, l.price, l.amount,
      l.delivered, l.submit_at, l.response_at, l.delivery_due_at, coalesce(o.dept, ''), l.key
    FROM order_line l LEFT JOIN purchase_order o ON o.key = l.order_key WHERE l.id = ?1";
const PRODUCT: &str = "SELECT id, mcs_code, name, category, selected, unit FROM product WHERE key = ?1";
const ITEM_UNITS: &str =
    "SELECT unit, factor_num, factor_den FROM hosp_item WHERE product_key = ?1 ORDER BY key";
const SHIPMENTS: &str = "SELECT d.shipped_at, d.arrived_at, n.quantity
    FROM delivery_line n INDEXED BY delivery_line_order JOIN delivery d ON d.key = n.delivery_key
    WHERE n.order_line_id = ?1 AND n.order_line_id IS NOT NULL AND d.state <> 'VOID'";
const RECEIPTS: &str = "SELECT r.received_at, n.received
    FROM receipt_line n INDEXED BY receipt_line_order JOIN receipt r ON r.key = n.receipt_key
    WHERE n.order_line_id = ?1 AND n.order_line_id IS NOT NULL AND r.state = 'ACCEPTED'";
const RETURNS: &str = "SELECT r.returned_at, n.quantity, n.amount, r.kind
    FROM return_line n INDEXED BY return_line_order JOIN goods_return r ON r.key = n.return_key
    WHERE n.order_line_id = ?1 AND r.state = 'CONFIRMED'";
const STEPS: &str = "SELECT effective_at, is_volume, old_price, price FROM price_step WHERE product_id = ?1
    ORDER BY effective_at, list_id";
/// Accepted lines of a product and unit before an instant, the latest first.
const ACCEPTED_BEFORE: &str = "SELECT submit_at, price FROM order_line INDEXED BY order_line_product
    WHERE product_key = ?1 AND submit_at < ?2 AND unit = ?3 AND received > 0 ORDER BY submit_at DESC";
/// Lines of a product and unit after an instant, the earliest first.
const AFTER: &str = "SELECT id, submit_at, price, received > 0 FROM order_line INDEXED BY order_line_product
    WHERE product_key = ?1 AND submit_at > ?2 AND unit = ?3 ORDER BY submit_at";
const PRICED: &str =
    "SELECT product_key, unit, submit_at, price, received > 0, ver FROM order_line WHERE id = ?1";
const DELIVERY: &str = "SELECT supplier_key, arrived_at, state, key FROM delivery WHERE id = ?1";
const ACCEPTED_AT: &str = "SELECT max(received_at) FROM receipt INDEXED BY receipt_delivery
    WHERE delivery_id = ?1 AND state IN ('ACCEPTED', 'REJECTED')";

const LINES_OF_PRODUCT: &str = "SELECT id FROM order_line WHERE product_key = ?1";
const OTHER_UNITS_OF_PRODUCT: &str = "SELECT l.id FROM order_line l JOIN product p ON p.key = l.product_key
    WHERE l.product_key = ?1 AND l.unit <> p.unit";
const LINES_OF_ORDER: &str = "SELECT id FROM order_line WHERE order_key = ?1";
const LINES_OF_DELIVERY: &str =
    "SELECT n.order_line_id FROM delivery d JOIN delivery_line n ON n.delivery_key = d.key
    WHERE d.id = ?1 AND n.order_line_id IS NOT NULL";
const LINES_OF_RECEIPT: &str =
    "SELECT n.order_line_id FROM receipt r JOIN receipt_line n ON n.receipt_key = r.key
    WHERE r.id = ?1 AND n.order_line_id IS NOT NULL";
const DELIVERY_OF_RECEIPT: &str = "SELECT delivery_id FROM receipt WHERE id = ?1";
const LINES_OF_RETURN: &str =
    "SELECT n.order_line_id FROM goods_return r JOIN return_line n ON n.return_key = r.key
    WHERE r.id = ?1";
const PRODUCTS_OF_LIST: &str =
    "SELECT p.key FROM price_step s JOIN product p ON p.id = s.product_id WHERE s.list_id = ?1";

/// What the line queries look for, for the plan test.
pub(crate) const QUERIES: &[crate::plan::Query] = &[
    crate::plan::Query { name: "counting::LINE", sql: LINE },
    crate::plan::Query { name: "counting::SHIPMENTS", sql: SHIPMENTS },
    crate::plan::Query { name: "counting::RECEIPTS", sql: RECEIPTS },
    crate::plan::Query { name: "counting::RETURNS", sql: RETURNS },
    crate::plan::Query { name: "counting::STEPS", sql: STEPS },
    crate::plan::Query { name: "counting::ACCEPTED_BEFORE", sql: ACCEPTED_BEFORE },
    crate::plan::Query { name: "counting::AFTER", sql: AFTER },
    crate::plan::Query { name: "counting::PRICED", sql: PRICED },
    crate::plan::Query { name: "counting::ACCEPTED_AT", sql: ACCEPTED_AT },
    crate::plan::Query { name: "counting::LINES_OF_PRODUCT", sql: LINES_OF_PRODUCT },
    crate::plan::Query { name: "counting::OTHER_UNITS_OF_PRODUCT", sql: OTHER_UNITS_OF_PRODUCT },
    crate::plan::Query { name: "counting::LINES_OF_ORDER", sql: LINES_OF_ORDER },
    crate::plan::Query { name: "counting::LINES_OF_DELIVERY", sql: LINES_OF_DELIVERY },
    crate::plan::Query { name: "counting::LINES_OF_RECEIPT", sql: LINES_OF_RECEIPT },
    crate::plan::Query { name: "counting::LINES_OF_RETURN", sql: LINES_OF_RETURN },
    crate::plan::Query { name: "counting::PRODUCTS_OF_LIST", sql: PRODUCTS_OF_LIST },
];

/// What a tally's names are of.
#[derive(Clone, Copy)]
pub(crate) enum NameKind {
    Variety = 1,
    Category = 2,
    Department = 3,
}

/// A row of the tallies: measure, scope with two keys, day, lag.
type Place = (i64, (i64, i64, i64), i64, i64);
/// The same by month, whatever the lag.
type MonthPlace = (i64, (i64, i64, i64), i64);

/// What lines of one product have in common.
#[derive(Clone)]
struct ProductFacts {
    variety: i64,
    category: i64,
    is_coded: bool,
    is_selected: bool,
    unit: String,
    /// Unit, numerator, denominator.
    item_units: Vec<(String, u32, u32)>,
    /// From when, whether by a batch of volume purchase, the price before and since.
    steps: Vec<(i64, bool, Price, Price)>,
}

/// A line as far as later ones are compared with its price.
#[derive(PartialEq, Eq)]
pub(crate) struct Priced {
    pub(crate) product: i64,
    pub(crate) unit: String,
    pub(crate) submit_at: i64,
    pub(crate) price: i64,
    pub(crate) is_accepted: bool,
}

/// How far a recount has come: what has a higher key is counted when it gets there.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) line: i64,
    pub(crate) delivery: i64,
}

/// The sums of one batch.
#[derive(Default)]
pub(crate) struct Counting {
    /// While everything is counted anew.
    mark: Option<Mark>,
    lines: HashSet<String>,
    deliveries: HashSet<String>,
    days: HashMap<Place, (i64, i64)>,
    months: HashMap<MonthPlace, (i64, i64)>,
    names: HashMap<(i64, String), i64>,
    products: HashMap<i64, ProductFacts>,
    parts: Vec<Contribution>,
}

impl Counting {
    /// With the mark of the recount that is under way, if there is one.
    pub(crate) fn marked(mark: Option<Mark>) -> Self {
        Self { mark, ..Self::default() }
    }

    /// Whether nothing has been counted yet, and so nothing is to be kept.
    fn is_put_off(&self) -> bool {
        self.mark.is_some_and(|mark| mark.line == 0 && mark.delivery == 0)
    }

    /// This line is about to change, or something that it depends on.
    pub(crate) fn line(&mut self, tx: &Transaction<'_>, id: &str) -> StoreResult<()> {
        if self.is_put_off() || self.lines.contains(id) {
            return Ok(());
        }
        self.lines.insert(id.to_owned());
        self.add_line(tx, id, -1)
    }

    /// This delivery is about to change, or its receipts.
    pub(crate) fn delivery(&mut self, tx: &Transaction<'_>, id: &str) -> StoreResult<()> {
        if self.is_put_off() || self.deliveries.contains(id) {
            return Ok(());
        }
        self.deliveries.insert(id.to_owned());
        self.add_delivery(tx, id, -1)
    }

    fn found(&mut self, tx: &Transaction<'_>, sql: &str, value: &dyn rusqlite::ToSql) -> StoreResult<()> {
        if self.is_put_off() {
            return Ok(());
        }
        let ids: Vec<String> = {
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map([value], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        ids.iter().try_for_each(|id| self.line(tx, id))
    }

    /// The lines and the delivery of the delivery with this id, as it stands.
    pub(crate) fn whole_delivery(&mut self, tx: &Transaction<'_>, id: &str) -> StoreResult<()> {
        self.delivery(tx, id)?;
        self.found(tx, LINES_OF_DELIVERY, &id)
    }

    /// The lines and the delivery of the receipt with this id, as it stands.
    pub(crate) fn whole_receipt(&mut self, tx: &Transaction<'_>, id: &str) -> StoreResult<()> {
        let of: Option<String> =
            tx.prepare_cached(DELIVERY_OF_RECEIPT)?.query_row([id], |row| row.get(0)).optional()?;
        if let Some(delivery) = of {
            self.delivery(tx, &delivery)?;
        }
        self.found(tx, LINES_OF_RECEIPT, &id)
    }

    /// The lines of the return with this id, as it stands.
    pub(crate) fn whole_return(&mut self, tx: &Transaction<'_>, id: &str) -> StoreResult<()> {
        self.found(tx, LINES_OF_RETURN, &id)
    }

    /// The lines that are compared with the price of this one, which is about to become `new` at version `ver` or to go: those after
    /// it, through the next accepted one. Where the comparison comes to nothing before and after, a line is left as it is.
    pub(crate) fn prices_after(
        &mut self,
        tx: &Transaction<'_>,
        id: &str,
        ver: i64,
        new: Option<Priced>,
    ) -> StoreResult<()> {
        if self.is_put_off() {
            return Ok(());
        }
        let found = tx.prepare_cached(PRICED)?.query_row([id], |row| {
            let (product, unit, submit_at) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let priced = Priced { product, unit, submit_at, price: row.get(3)?, is_accepted: row.get(4)? };
            Ok((priced, row.get::<_, i64>(5)?))
        });
        let (old, known) = found.optional()?.map_or((None, i64::MIN), |(old, known)| (Some(old), known));
        if known > ver || old == new {
            return Ok(());
        }
        let is_new = old.as_ref().is_none_or(|old| !old.is_accepted);
        for place in [old, new].into_iter().flatten().filter(|place| place.is_accepted) {
            for (after, submit_at, price) in followers(tx, &place)? {
                if after == id || self.lines.contains(&after) {
                    continue;
                }
                let last = last_price(tx, place.product, &place.unit, submit_at)?;
                let is_compared = match last {
                    Some(last) => last > 0,
                    None => !self.product_facts(tx, place.product)?.steps.is_empty(),
                };
                let is_cheap = price <= place.price && last.is_none_or(|last| price <= last);
                let comes_to_nothing =
                    last == Some(place.price) || place.price > 0 && is_compared && is_cheap;
                if !is_new || !comes_to_nothing {
                    self.line(tx, &after)?;
                }
            }
        }
        Ok(())
    }

    /// The lines of an order whose header is about to change.
    pub(crate) fn order(&mut self, tx: &Transaction<'_>, key: i64) -> StoreResult<()> {
        self.found(tx, LINES_OF_ORDER, &key)
    }

    /// The lines of a product that is about to change.
    pub(crate) fn product(&mut self, tx: &Transaction<'_>, key: i64) -> StoreResult<()> {
        self.found(tx, LINES_OF_PRODUCT, &key)?;
        self.products.remove(&key);
        Ok(())
    }

    /// The lines in another unit than the product's, whose relation is about to change.
    pub(crate) fn item(&mut self, tx: &Transaction<'_>, product: i64) -> StoreResult<()> {
        self.found(tx, OTHER_UNITS_OF_PRODUCT, &product)?;
        self.products.remove(&product);
        Ok(())
    }

    /// A price list: takes its old steps away and writes the new ones; `None` takes the list away.
    pub(crate) fn price_list(
        &mut self,
        tx: &Transaction<'_>,
        id: &str,
        data: Option<&str>,
    ) -> StoreResult<()> {
        let list = data.and_then(|data| serde_json::from_str::<PriceList>(data).ok());
        let mut keys: HashSet<i64> = {
            let mut statement = tx.prepare_cached(PRODUCTS_OF_LIST)?;
            let rows = statement.query_map([id], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for item in list.iter().flat_map(|list| &list.items) {
            let key: Option<i64> = tx
                .prepare_cached("SELECT key FROM product WHERE id = ?1")?
                .query_row([&item.procurecatalog_id], |row| row.get(0))
                .optional()?;
            keys.extend(key);
        }
        for key in keys {
            self.product(tx, key)?;
        }
        tx.prepare_cached("DELETE FROM price_step WHERE list_id = ?1")?.execute([id])?;
        list.map_or(Ok(()), |list| list.write(tx, id))
    }

    pub(crate) fn add_line(&mut self, tx: &Transaction<'_>, id: &str, sign: i64) -> StoreResult<()> {
        let Some(facts) = self.line_facts(tx, id)? else { return Ok(()) };
        self.parts.clear();
        facts.contributions(&mut self.parts);
        self.sum_up(sign);
        Ok(())
    }

    pub(crate) fn add_delivery(&mut self, tx: &Transaction<'_>, id: &str, sign: i64) -> StoreResult<()> {
        let row: Option<(i64, Option<i64>, String, i64)> = tx
            .prepare_cached(DELIVERY)?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let is_counted = |key: i64| self.mark.is_none_or(|mark| key <= mark.delivery);
        let row = row.filter(|(.., state, key)| state != "VOID" && is_counted(*key));
        let Some((supplier, Some(arrived_at), state, _)) = row else { return Ok(()) };
        let accepted_at = if state == "STORED" {
            tx.prepare_cached(ACCEPTED_AT)?.query_row([id], |row| row.get(0))?
        } else {
            None
        };
        self.parts.clear();
        delivery_contributions(&Arrival { supplier, arrived_at, accepted_at }, &mut self.parts);
        self.sum_up(sign);
        Ok(())
    }

    fn sum_up(&mut self, sign: i64) {
        for part in &self.parts {
            let (measure, scope) = (part.measure.code(), part.scope.columns());
            let add = |entry: &mut (i64, i64)| {
                entry.0 += sign * part.n;
                entry.1 = entry.1.saturating_add(sign * part.sum);
            };
            if part.measure.grain() == Grain::Day {
                add(self.days.entry((measure, scope, part.day, part.lag)).or_default());
            }
            add(self.months.entry((measure, scope, month_of(part.day))).or_default());
        }
    }

    fn line_facts(&mut self, tx: &Transaction<'_>, id: &str) -> StoreResult<Option<LineFacts>> {
        let mut statement = tx.prepare_cached(LINE)?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let key: i64 = row.get(14)?;
        if self.mark.is_some_and(|mark| key > mark.line) {
            return Ok(None);
        }
        let product_key: i64 = row.get(0)?;
        let department: String = row.get(13)?;
        let (state, unit): (String, String) = (row.get(3)?, row.get(5)?);
        let submit_at: i64 = row.get(10)?;
        let product = self.product_facts(tx, product_key)?;
        let factor = if unit == product.unit {
            Some((1, 1))
        } else {
            let known = product.item_units.iter().find(|(of, ..)| *of == unit);
            known.map(|(_, num, den)| (*num, *den))
        };
        let listed = match product.steps.iter().rfind(|(from, ..)| *from <= submit_at) {
            Some((.., price)) => Some(*price),
            None => product.steps.first().map(|(_, _, old, _)| *old),
        };
        let last = last_price(tx, product_key, &unit, submit_at)?;
        let baseline = product.steps.iter().find(|(from, is_volume, ..)| *is_volume && *from <= submit_at);
        Ok(Some(LineFacts {
            product: product_key,
            supplier: row.get(1)?,
            maker: row.get(2)?,
            variety: product.variety,
            category: product.category,
            department: self.name(tx, NameKind::Department, &department)?,
            is_selected: product.is_selected,
            is_coded: product.is_coded,
            state: OrderLineState::from_code(&state),
            urgent: row.get(4)?,
            factor,
            quantity: Quantity::from_units(row.get(6)?),
            price: Price::from_units(row.get(7)?),
            amount: Amount::from_units(row.get(8)?),
            delivered: Quantity::from_units(row.get(9)?),
            submit_at,
            response_at: row.get(11)?,
            due_at: row.get(12)?,
            shipments: shipments(tx, id)?,
            receipts: receipts(tx, id)?,
            returns: returns(tx, id)?,
            listed_price: listed,
            last_price: last.map(Price::from_units),
            baseline_price: baseline.map(|(_, _, old, _)| *old),
        }))
    }

    fn product_facts(&mut self, tx: &Transaction<'_>, key: i64) -> StoreResult<ProductFacts> {
        if let Some(known) = self.products.get(&key) {
            return Ok(known.clone());
        }
        let (id, code, name, category, is_selected, unit) =
            tx.prepare_cached(PRODUCT)?.query_row([key], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, Option<String>>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, String>(3)?,
                    row.get::<_, bool>(4)?,
                    row.get::<_, String>(5)?,
                ))
            })?;
        let item_units = {
            let mut statement = tx.prepare_cached(ITEM_UNITS)?;
            let rows = statement.query_map([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let steps = {
            let mut statement = tx.prepare_cached(STEPS)?;
            let rows = statement.query_map([&id], |row| {
                let price = |place| row.get(place).map(Price::from_units);
                Ok((row.get(0)?, row.get(1)?, price(2)?, price(3)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let facts = ProductFacts {
            variety: self.name(tx, NameKind::Variety, &variety_of(code.as_deref(), &name))?,
            category: self.name(tx, NameKind::Category, &category)?,
            is_coded: is_national_code(code.as_deref()),
            is_selected,
            unit,
            item_units,
            steps,
        };
        self.products.insert(key, facts.clone());
        Ok(facts)
    }

    fn name(&mut self, tx: &Transaction<'_>, kind: NameKind, name: &str) -> StoreResult<i64> {
        let kind = kind as i64;
        if let Some(key) = self.names.get(&(kind, name.to_owned())) {
            return Ok(*key);
        }
        let found: Option<i64> = tx
            .prepare_cached("SELECT key FROM tally_name WHERE kind = ?1 AND name = ?2")?
            .query_row(params![kind, name], |row| row.get(0))
            .optional()?;
        let key = if let Some(key) = found {
            key
        } else {
            tx.prepare_cached("INSERT INTO tally_name (kind, name) VALUES (?1, ?2)")?
                .execute(params![kind, name])?;
            tx.last_insert_rowid()
        };
        self.names.insert((kind, name.to_owned()), key);
        Ok(key)
    }

    /// Adds everything that changed as it stands now, and writes the sums.
    pub(crate) fn write(mut self, tx: &Transaction<'_>) -> StoreResult<()> {
        for id in std::mem::take(&mut self.lines) {
            self.add_line(tx, &id, 1)?;
        }
        for id in std::mem::take(&mut self.deliveries) {
            self.add_delivery(tx, &id, 1)?;
        }
        self.flush(tx)
    }

    pub(crate) fn flush(&mut self, tx: &Transaction<'_>) -> StoreResult<()> {
        let mut day = tx.prepare_cached(
            "INSERT INTO tally_day VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET n = n + excluded.n, sum = sum + excluded.sum",
        )?;
        for ((measure, (scope, a, b), on, lag), (n, sum)) in self.days.drain() {
            if (n, sum) != (0, 0) {
                day.execute(params![measure, scope, a, b, on, lag, n, sum])?;
            }
        }
        let mut month = tx.prepare_cached(
            "INSERT INTO tally_month VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET n = n + excluded.n, sum = sum + excluded.sum",
        )?;
        for ((measure, (scope, a, b), on), (n, sum)) in self.months.drain() {
            if (n, sum) != (0, 0) {
                month.execute(params![measure, scope, a, b, on, n, sum])?;
            }
        }
        Ok(())
    }
}

/// The price of the latest accepted line before an instant; of several at once the highest.
fn last_price(tx: &Transaction<'_>, product: i64, unit: &str, before: i64) -> StoreResult<Option<i64>> {
    let mut statement = tx.prepare_cached(ACCEPTED_BEFORE)?;
    let mut rows = statement.query(params![product, before, unit])?;
    let mut found: Option<(i64, i64)> = None;
    while let Some(row) = rows.next()? {
        let (at, price): (i64, i64) = (row.get(0)?, row.get(1)?);
        match found {
            Some((latest, _)) if at < latest => break,
            Some((_, highest)) => found = Some((at, price.max(highest))),
            None => found = Some((at, price)),
        }
    }
    Ok(found.map(|(_, price)| price))
}

/// Id, instant and price of the lines that come after a place, through the next accepted ones.
fn followers(tx: &Transaction<'_>, place: &Priced) -> StoreResult<Vec<(String, i64, i64)>> {
    let mut statement = tx.prepare_cached(AFTER)?;
    let mut rows = statement.query(params![place.product, place.submit_at, place.unit])?;
    let mut found = Vec::new();
    let mut through = i64::MAX;
    while let Some(row) = rows.next()? {
        let at: i64 = row.get(1)?;
        if at > through {
            break;
        }
        if row.get(3)? {
            through = at;
        }
        found.push((row.get(0)?, at, row.get(2)?));
    }
    Ok(found)
}

fn shipments(tx: &Transaction<'_>, line: &str) -> StoreResult<Vec<Shipment>> {
    let mut statement = tx.prepare_cached(SHIPMENTS)?;
    let rows = statement.query_map([line], |row| {
        let quantity = Quantity::from_units(row.get(2)?);
        Ok(Shipment { shipped_at: row.get(0)?, arrived_at: row.get(1)?, quantity })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn receipts(tx: &Transaction<'_>, line: &str) -> StoreResult<Vec<Moved>> {
    let mut statement = tx.prepare_cached(RECEIPTS)?;
    let rows = statement.query_map([line], |row| {
        Ok(Moved { at: row.get(0)?, quantity: Quantity::from_units(row.get(1)?), amount: None })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn returns(tx: &Transaction<'_>, line: &str) -> StoreResult<Vec<Moved>> {
    let mut statement = tx.prepare_cached(RETURNS)?;
    let rows = statement.query_map([line], |row| {
        // A price difference gives money back, no goods.
        let is_goods = row.get_ref(3)?.as_str()? == "goods";
        let quantity = if is_goods { Quantity::from_units(row.get(1)?) } else { Quantity::ZERO };
        Ok(Moved { at: row.get(0)?, quantity, amount: Some(Amount::from_units(row.get(2)?)) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// As much of a price list as its steps need.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PriceList {
    kind: String,
    effective_time: DateTime<chrono::FixedOffset>,
    items: Vec<PriceItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PriceItem {
    procurecatalog_id: String,
    old_price: Price,
    price: Price,
}

impl PriceList {
    pub(super) fn write(&self, tx: &Transaction<'_>, id: &str) -> StoreResult<()> {
        let mut insert =
            tx.prepare_cached("INSERT OR REPLACE INTO price_step VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for item in &self.items {
            insert.execute(params![
                item.procurecatalog_id,
                self.effective_time.timestamp(),
                id,
                self.kind == "volume",
                item.old_price.units(),
                item.price.units()
            ])?;
        }
        Ok(())
    }
}

/// The month of a day since 1970: year * 12 + month, January being 0.
pub(crate) fn month_of(day: i64) -> i64 {
    let days = chrono::TimeDelta::try_days(day).unwrap_or_default();
    let date = NaiveDate::default().checked_add_signed(days).unwrap_or_default();
    i64::from(date.year()) * 12 + i64::from(date.month0())
}
