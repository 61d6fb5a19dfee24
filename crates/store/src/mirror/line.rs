//! 订单明细 for the grid and for scripts: filters, keyset pages, and the life of one line.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};
use sunbench_domain::{Amount, Price, Quantity};

use super::search::{self, HitKind};
use super::table::{DateText, Seconds};
use super::tally;
use crate::error::StoreResult;
use crate::plan::queries;

macro_rules! select_line {
    ($where:literal) => {
        concat!(
            "SELECT l.key, l.id, o.code, l.line_no, p.name, p.spec, p.model, p.mcs_code, m.name, s.name, l.unit,
               l.quantity, l.price, l.amount, l.kind, l.raw_state, l.state_text, l.state, l.late, l.submit_at,
               l.response_at, l.delivery_due_at, l.delivered, l.received, l.returned, l.urgent, o.dept, o.id,
               p.id, s.id
             FROM order_line l JOIN purchase_order o ON o.key = l.order_key JOIN product p ON p.key = l.product_key
               JOIN org m ON m.key = l.maker_key JOIN org s ON s.key = l.supplier_key ",
            $where
        )
    };
}

queries! {
    BY_KEY = select_line!("WHERE l.key = ?1");
    BY_ID = select_line!("WHERE l.id = ?1");
    OF_ORDER = select_line!("WHERE l.order_key = (SELECT key FROM purchase_order WHERE id = ?1)");
    KEYS = "SELECT submit_at, key FROM order_line WHERE submit_at BETWEEN ?1 AND ?2 ORDER BY submit_at DESC, key DESC LIMIT ?3";
    KEYS_AFTER = "SELECT submit_at, key FROM order_line WHERE submit_at >= ?1 AND (submit_at, key) < (?2, ?3)
        ORDER BY submit_at DESC, key DESC LIMIT ?4";
    STATE_KEYS = "SELECT submit_at, key FROM order_line WHERE state = ?4 AND submit_at BETWEEN ?1 AND ?2
        ORDER BY submit_at DESC, key DESC LIMIT ?3";
    STATE_KEYS_AFTER = "SELECT submit_at, key FROM order_line WHERE state = ?5 AND submit_at >= ?1 AND (submit_at, key) < (?2, ?3)
        ORDER BY submit_at DESC, key DESC LIMIT ?4";
    PRODUCT_KEYS = "SELECT submit_at, key FROM order_line WHERE product_key = ?1 AND submit_at BETWEEN ?2 AND ?3";
    SUPPLIER_KEYS = "SELECT submit_at, key FROM order_line WHERE supplier_key = ?1 AND submit_at BETWEEN ?2 AND ?3";
    ORDER_KEYS = "SELECT submit_at, key FROM order_line WHERE order_key = ?1 AND submit_at BETWEEN ?2 AND ?3";
    DEPARTMENT_ORDERS = "SELECT key FROM purchase_order INDEXED BY purchase_order_dept WHERE dept = ?1";
    REFERENCES = "SELECT state, product_key, supplier_key, order_key FROM order_line WHERE key = ?1";
    SUMMARY = "SELECT state, amount FROM order_line WHERE key = ?1";
    ORDERS_BY_CODE = "SELECT key FROM purchase_order WHERE code >= ?1 AND code < ?2 LIMIT ?3";
    CODES = "SELECT code FROM purchase_order WHERE code >= ?1 AND code < ?2 ORDER BY code LIMIT ?3";
    DELIVERIES = "SELECT d.id, d.code, d.state, d.state_text, d.shipped_at, d.arrived_at, d.carrier, d.express_no,
          n.quantity, n.lot, n.expires_on
        FROM delivery_line n JOIN delivery d ON d.key = n.delivery_key WHERE n.order_line_id = ?1";
    RECEIPTS = "SELECT r.id, r.code, r.state, r.state_text, r.received_at, r.operator, n.received, n.rejected,
          n.reject_reason, n.lot, n.expires_on
        FROM receipt_line n JOIN receipt r ON r.key = n.receipt_key WHERE n.order_line_id = ?1";
    RETURNS = "SELECT r.id, r.code, r.kind, r.state, r.state_text, r.returned_at, n.quantity, n.amount, r.reason
        FROM return_line n JOIN goods_return r ON r.key = n.return_key WHERE n.order_line_id = ?1";
    INVOICES = "SELECT i.id, i.number, i.kind, i.state, i.state_text, i.invoiced_on, n.quantity, n.amount
        FROM invoice_line n JOIN invoice i ON i.key = n.invoice_key WHERE n.order_line_id = ?1";
    SETTLEMENTS = "SELECT s.id, s.code, s.kind, s.state, s.state_text, s.created_at, s.due_on, s.paid_at, s.amount
        FROM settlement_invoice n JOIN settlement s ON s.key = n.settlement_key WHERE n.invoice_id = ?1";
}

/// One order line with the names of what it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Line {
    /// Where it stands in this profile; not the platform's id.
    pub key: i64,
    pub id: String,
    pub order_code: String,
    pub line_no: u32,
    pub product: String,
    pub spec: String,
    pub model: String,
    pub mcs_code: Option<String>,
    pub maker: String,
    pub supplier: String,
    pub unit: String,
    pub quantity: Quantity,
    pub price: Price,
    pub amount: Amount,
    pub kind: String,
    pub raw_state: String,
    pub state_text: String,
    pub state: String,
    pub late: bool,
    pub submit_at: Seconds,
    pub response_at: Option<Seconds>,
    pub delivery_due_at: Option<Seconds>,
    pub delivered: Quantity,
    pub received: Quantity,
    pub returned: Quantity,
    pub urgent: bool,
    pub dept: String,
    pub order_id: String,
    pub product_id: String,
    pub supplier_id: String,
}

impl Line {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            order_code: row.get(2)?,
            line_no: row.get(3)?,
            product: row.get(4)?,
            spec: row.get(5)?,
            model: row.get(6)?,
            mcs_code: row.get(7)?,
            maker: row.get(8)?,
            supplier: row.get(9)?,
            unit: row.get(10)?,
            quantity: Quantity::from_units(row.get(11)?),
            price: Price::from_units(row.get(12)?),
            amount: Amount::from_units(row.get(13)?),
            kind: row.get(14)?,
            raw_state: row.get(15)?,
            state_text: row.get(16)?,
            state: row.get(17)?,
            late: row.get(18)?,
            submit_at: row.get(19)?,
            response_at: row.get(20)?,
            delivery_due_at: row.get(21)?,
            delivered: Quantity::from_units(row.get(22)?),
            received: Quantity::from_units(row.get(23)?),
            returned: Quantity::from_units(row.get(24)?),
            urgent: row.get(25)?,
            dept: row.get(26)?,
            order_id: row.get(27)?,
            product_id: row.get(28)?,
            supplier_id: row.get(29)?,
        })
    }
}

/// Which lines are wanted; the newest come first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words of which each must match the product, its maker or code, the supplier, or the order's number.
    pub text: String,
    /// Canonical states; none means all.
    pub states: Vec<String>,
    /// Only orders of these departments (申领科室); `None` is all.
    pub departments: Option<Vec<String>>,
    /// First Shanghai day, in days since 1970.
    pub from_day: Option<i64>,
    /// Last Shanghai day.
    pub to_day: Option<i64>,
}

/// Place of a line in the order of the list: when it was submitted, and its key.
pub type Place = (Seconds, i64);

/// A word may match so many dimensions; more are no search but a browse.
const MOST_HITS: u32 = 20_000;

impl Filter {
    fn span(&self) -> (i64, i64) {
        (
            self.from_day.map_or(i64::MIN, tally::day_start),
            self.to_day.map_or(i64::MAX, |day| tally::day_start(day + 1) - 1),
        )
    }

    /// The number of lines and their amount, from the tallies; `None` where a text is searched for.
    pub fn count(&self, conn: &Connection) -> StoreResult<Option<(u64, Amount)>> {
        if !search::words(&self.text).is_empty() || self.departments.is_some() {
            return Ok(None);
        }
        let (from, to) = (self.from_day.unwrap_or(-1_000_000), self.to_day.unwrap_or(1_000_000));
        let mut total = (0, Amount::ZERO);
        for (state, n, amount) in tally::lines_by_state(conn, from, to)? {
            if self.states.is_empty() || self.states.contains(&state) {
                total = (total.0 + n, total.1 + amount);
            }
        }
        Ok(Some(total))
    }

    /// The places of the lines after `after`, newest first, at most `limit`.
    pub fn places(&self, conn: &Connection, after: Option<Place>, limit: u32) -> StoreResult<Vec<Place>> {
        let words = search::words(&self.text);
        if !words.is_empty() || self.departments.is_some() {
            let all = self.matching(conn, &words)?;
            let start = after.map_or(0, |place| all.partition_point(|at| *at >= place));
            return Ok(all.into_iter().skip(start).take(limit as usize).collect());
        }
        let span = self.span();
        if self.states.is_empty() {
            return walk(conn, None, span, after, limit);
        }
        let mut found = Vec::new();
        for state in &self.states {
            found.extend(walk(conn, Some(state), span, after, limit)?);
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.dedup(); // a state named twice is one
        found.truncate(limit as usize);
        Ok(found)
    }

    /// All places of a text search, newest first.
    fn matching(&self, conn: &Connection, words: &[String]) -> StoreResult<Vec<Place>> {
        let mut matches =
            words.iter().map(|word| WordMatch::find(conn, word)).collect::<StoreResult<Vec<_>>>()?;
        if let Some(departments) = &self.departments {
            matches.push(WordMatch::of_departments(conn, departments)?);
        }
        // The rarest word gathers, the others only check.
        let mut sizes = Vec::new();
        for word in &matches {
            sizes.push(word.size(conn)?);
        }
        let rarest = (0..sizes.len()).min_by_key(|i| sizes[*i]).unwrap_or(0);
        let gatherer = matches.swap_remove(rarest);
        let mut places = gatherer.gather(conn, self.span())?;
        if !matches.is_empty() || !self.states.is_empty() {
            let mut statement = conn.prepare_cached(REFERENCES)?;
            let mut kept = Vec::with_capacity(places.len());
            for place in places {
                let (state, product, supplier, order): (String, i64, i64, i64) = statement
                    .query_row([place.1], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
                let fits = (self.states.is_empty() || self.states.contains(&state))
                    && matches.iter().all(|word| word.fits(product, supplier, order));
                if fits {
                    kept.push(place);
                }
            }
            places = kept;
        }
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.dedup();
        Ok(places)
    }
}

/// Places in time, newest first, of one state or of all: a keyset page.
fn walk(
    conn: &Connection,
    state: Option<&str>,
    (from, to): (Seconds, Seconds),
    after: Option<Place>,
    limit: u32,
) -> StoreResult<Vec<Place>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let places = |sql, parameters: &[&dyn rusqlite::ToSql]| -> StoreResult<Vec<Place>> {
        Ok(conn.prepare_cached(sql)?.query_map(parameters, read)?.collect::<Result<_, _>>()?)
    };
    match (after, state) {
        (None, None) => places(KEYS, &[&from, &to, &limit]),
        (None, Some(state)) => places(STATE_KEYS, &[&from, &to, &limit, &state]),
        (Some((at, key)), None) => places(KEYS_AFTER, &[&from, &at, &key, &limit]),
        (Some((at, key)), Some(state)) => places(STATE_KEYS_AFTER, &[&from, &at, &key, &limit, &state]),
    }
}

/// What one word of a search stands for.
struct WordMatch {
    products: HashSet<i64>,
    suppliers: HashSet<i64>,
    orders: HashSet<i64>,
}

impl WordMatch {
    fn find(conn: &Connection, word: &str) -> StoreResult<Self> {
        let mut found = Self { products: HashSet::new(), suppliers: HashSet::new(), orders: HashSet::new() };
        for (kind, key) in search::hits(conn, word, MOST_HITS)? {
            match kind {
                HitKind::Product => {
                    found.products.insert(key);
                }
                HitKind::Org => {
                    found.suppliers.insert(key);
                    found.products.extend(search::made_by(conn, key)?);
                }
                HitKind::HospItem => {
                    let product: Option<i64> = conn
                        .prepare_cached("SELECT product_key FROM hosp_item WHERE key = ?1")?
                        .query_row([key], |row| row.get(0))
                        .optional()?;
                    found.products.extend(product);
                }
            }
        }
        let prefix = word.to_uppercase();
        let mut statement = conn.prepare_cached(ORDERS_BY_CODE)?;
        let rows = statement
            .query_map(params![prefix, search::after_prefix(&prefix), MOST_HITS], |row| row.get(0))?;
        found.orders = rows.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// The orders of departments, as if a word stood for them.
    fn of_departments(conn: &Connection, departments: &[String]) -> StoreResult<Self> {
        let mut found = Self { products: HashSet::new(), suppliers: HashSet::new(), orders: HashSet::new() };
        let mut statement = conn.prepare_cached(DEPARTMENT_ORDERS)?;
        for department in departments {
            for key in statement.query_map([department], |row| row.get(0))? {
                found.orders.insert(key?);
            }
        }
        Ok(found)
    }

    /// About how many lines it stands for.
    fn size(&self, conn: &Connection) -> StoreResult<u64> {
        let mut size = self.orders.len() as u64 * 5;
        for key in &self.products {
            size += tally::lines_of_product(conn, *key)?;
        }
        for key in &self.suppliers {
            size += tally::lines_of_supplier(conn, *key)?;
        }
        Ok(size)
    }

    fn fits(&self, product: i64, supplier: i64, order: i64) -> bool {
        self.products.contains(&product) || self.suppliers.contains(&supplier) || self.orders.contains(&order)
    }

    fn gather(&self, conn: &Connection, (from, to): (i64, i64)) -> StoreResult<Vec<Place>> {
        let mut places = Vec::new();
        for (sql, keys) in
            [(PRODUCT_KEYS, &self.products), (SUPPLIER_KEYS, &self.suppliers), (ORDER_KEYS, &self.orders)]
        {
            let mut statement = conn.prepare_cached(sql)?;
            for key in keys {
                let rows = statement.query_map([*key, from, to], |row| Ok((row.get(0)?, row.get(1)?)))?;
                for place in rows {
                    places.push(place?);
                }
            }
        }
        Ok(places)
    }
}

/// State and amount of the lines at these places, in their order.
pub fn summaries(conn: &Connection, places: &[Place]) -> StoreResult<Vec<(String, Amount)>> {
    let mut statement = conn.prepare_cached(SUMMARY)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, Amount::from_units(row.get(1)?)));
    places.iter().map(|place| Ok(statement.query_row([place.1], read)?)).collect()
}

/// The lines at these places, in their order; one that has gone meanwhile is left out.
pub fn at(conn: &Connection, keys: impl IntoIterator<Item = i64>) -> StoreResult<Vec<Line>> {
    let mut statement = conn.prepare_cached(BY_KEY)?;
    let mut lines = Vec::new();
    for key in keys {
        lines.extend(statement.query_row([key], Line::read).optional()?);
    }
    Ok(lines)
}

/// One line by the platform's id.
pub fn get(conn: &Connection, id: &str) -> StoreResult<Option<Line>> {
    Ok(conn.prepare_cached(BY_ID)?.query_row([id], Line::read).optional()?)
}

/// The lines of one order, by line number.
pub fn of_order(conn: &Connection, order_id: &str) -> StoreResult<Vec<Line>> {
    let mut statement = conn.prepare_cached(OF_ORDER)?;
    let mut lines = statement.query_map([order_id], Line::read)?.collect::<Result<Vec<_>, _>>()?;
    lines.sort_by_key(|line| line.line_no);
    Ok(lines)
}

/// The numbers of orders that begin with a text.
pub fn orders_by_code(conn: &Connection, prefix: &str, limit: u32) -> StoreResult<Vec<String>> {
    let mut statement = conn.prepare_cached(CODES)?;
    let rows = statement.query_map(params![prefix, search::after_prefix(prefix), limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What happened to one line, from order to payment, in time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Event {
    Delivery {
        id: String,
        code: String,
        state: String,
        state_text: String,
        shipped_at: Seconds,
        arrived_at: Option<Seconds>,
        carrier: String,
        express_no: String,
        quantity: Quantity,
        lot: String,
        expires_on: Option<DateText>,
    },
    Receipt {
        id: String,
        code: String,
        state: String,
        state_text: String,
        received_at: Seconds,
        operator: String,
        received: Quantity,
        rejected: Quantity,
        reject_reason: String,
        lot: String,
        expires_on: Option<DateText>,
    },
    Return {
        id: String,
        code: String,
        kind: String,
        state: String,
        state_text: String,
        returned_at: Seconds,
        quantity: Quantity,
        amount: Amount,
        reason: String,
    },
    Invoice {
        id: String,
        number: String,
        kind: String,
        state: String,
        state_text: String,
        invoiced_on: DateText,
        quantity: Quantity,
        amount: Amount,
    },
    Settlement {
        id: String,
        code: String,
        kind: String,
        state: String,
        state_text: String,
        created_at: Seconds,
        due_on: DateText,
        paid_at: Option<Seconds>,
        amount: Amount,
    },
}

/// The events of one line, kind by kind.
pub fn life(conn: &Connection, line_id: &str) -> StoreResult<Vec<Event>> {
    let mut events = Vec::new();
    let mut statement = conn.prepare_cached(DELIVERIES)?;
    for event in statement.query_map([line_id], |row| {
        Ok(Event::Delivery {
            id: row.get(0)?,
            code: row.get(1)?,
            state: row.get(2)?,
            state_text: row.get(3)?,
            shipped_at: row.get(4)?,
            arrived_at: row.get(5)?,
            carrier: row.get(6)?,
            express_no: row.get(7)?,
            quantity: Quantity::from_units(row.get(8)?),
            lot: row.get(9)?,
            expires_on: row.get(10)?,
        })
    })? {
        events.push(event?);
    }
    let mut statement = conn.prepare_cached(RECEIPTS)?;
    for event in statement.query_map([line_id], |row| {
        Ok(Event::Receipt {
            id: row.get(0)?,
            code: row.get(1)?,
            state: row.get(2)?,
            state_text: row.get(3)?,
            received_at: row.get(4)?,
            operator: row.get(5)?,
            received: Quantity::from_units(row.get(6)?),
            rejected: Quantity::from_units(row.get(7)?),
            reject_reason: row.get(8)?,
            lot: row.get(9)?,
            expires_on: row.get(10)?,
        })
    })? {
        events.push(event?);
    }
    let mut statement = conn.prepare_cached(RETURNS)?;
    for event in statement.query_map([line_id], |row| {
        Ok(Event::Return {
            id: row.get(0)?,
            code: row.get(1)?,
            kind: row.get(2)?,
            state: row.get(3)?,
            state_text: row.get(4)?,
            returned_at: row.get(5)?,
            quantity: Quantity::from_units(row.get(6)?),
            amount: Amount::from_units(row.get(7)?),
            reason: row.get(8)?,
        })
    })? {
        events.push(event?);
    }
    // A settlement pays several of the line's invoices at once, and is told once.
    let mut settlements = BTreeMap::new();
    let mut statement = conn.prepare_cached(INVOICES)?;
    let mut settled = conn.prepare_cached(SETTLEMENTS)?;
    for event in statement.query_map([line_id], |row| {
        Ok(Event::Invoice {
            id: row.get(0)?,
            number: row.get(1)?,
            kind: row.get(2)?,
            state: row.get(3)?,
            state_text: row.get(4)?,
            invoiced_on: row.get(5)?,
            quantity: Quantity::from_units(row.get(6)?),
            amount: Amount::from_units(row.get(7)?),
        })
    })? {
        let event = event?;
        if let Event::Invoice { id, .. } = &event {
            for settlement in settled.query_map([id], |row| {
                let id: String = row.get(0)?;
                Ok((
                    id.clone(),
                    Event::Settlement {
                        id,
                        code: row.get(1)?,
                        kind: row.get(2)?,
                        state: row.get(3)?,
                        state_text: row.get(4)?,
                        created_at: row.get(5)?,
                        due_on: row.get(6)?,
                        paid_at: row.get(7)?,
                        amount: Amount::from_units(row.get(8)?),
                    },
                ))
            })? {
                let (id, settlement) = settlement?;
                settlements.insert(id, settlement);
            }
        }
        events.push(event);
    }
    events.extend(settlements.into_values());
    Ok(events)
}
