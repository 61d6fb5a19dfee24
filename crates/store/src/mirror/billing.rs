//! 退货、发票、结算 as documents: pages of lists, and what each holds.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sunbench_domain::{Amount, Price, Quantity};

use super::search::{self, HitKind};
use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

macro_rules! invoice {
    ($rest:literal) => {
        concat!(
            "SELECT i.key, i.id, i.ver, i.number, i.kind, s.id, s.name, i.invoiced_on, i.amount, i.tax, i.state, \
             i.state_text, i.red_of, i.upstream_number, i.refuse_reason FROM invoice i ",
            $rest
        )
    };
}
macro_rules! settlement {
    ($rest:literal) => {
        concat!(
            "SELECT t.key, t.id, t.ver, t.code, t.kind, s.id, s.name, t.period, t.amount, t.state, t.state_text, \
             t.due_on, t.paid_at, t.created_at, t.dispute_reason,
             (SELECT count(*) FROM settlement_invoice n WHERE n.settlement_key = t.key) FROM settlement t ",
            $rest
        )
    };
}
macro_rules! goods_return {
    ($rest:literal) => {
        concat!(
            "SELECT r.key, r.id, r.ver, r.code, r.kind, s.id, s.name, r.returned_at, r.amount, r.state, r.state_text, \
             r.reason, r.refuse_reason,
             (SELECT count(*) FROM return_line n WHERE n.return_key = r.key) FROM goods_return r ",
            $rest
        )
    };
}
/// What each line of a document says of its order line.
macro_rules! ordered {
    () => {
        "n.order_line_id, coalesce(o.code, ''), coalesce(l.line_no, 0), coalesce(p.name, ''), coalesce(p.spec, ''), \
         coalesce(l.unit, ''), l.price, coalesce(l.received, 0), coalesce(l.returned, 0)"
    };
}
macro_rules! of_order {
    () => {
        " LEFT JOIN order_line l ON l.id = n.order_line_id LEFT JOIN purchase_order o ON o.key = l.order_key
          LEFT JOIN product p ON p.key = l.product_key "
    };
}

queries! {
    INVOICES = invoice!("INDEXED BY invoice_on JOIN org s ON s.key = i.supplier_key
        WHERE (i.invoiced_on, i.key) < (?1, ?2)
          AND (?3 = '' OR instr(i.number, ?3) OR i.supplier_key IN (SELECT value FROM json_each(?4)))
        ORDER BY i.invoiced_on DESC, i.key DESC LIMIT ?5");
    INVOICES_IN = invoice!("INDEXED BY invoice_state JOIN org s ON s.key = i.supplier_key
        WHERE i.state = ?6 AND (i.invoiced_on, i.key) < (?1, ?2)
          AND (?3 = '' OR instr(i.number, ?3) OR i.supplier_key IN (SELECT value FROM json_each(?4)))
        ORDER BY i.invoiced_on DESC, i.key DESC LIMIT ?5");
    INVOICE = invoice!("JOIN org s ON s.key = i.supplier_key WHERE i.id = ?1");
    INVOICES_NUMBERED = invoice!("INDEXED BY invoice_number JOIN org s ON s.key = i.supplier_key WHERE i.number = ?1");
    RED_LETTERS = invoice!("INDEXED BY invoice_red_of JOIN org s ON s.key = i.supplier_key
        WHERE i.red_of = ?1 AND i.red_of IS NOT NULL");
    /// Verified, and in no settlement.
    UNSETTLED = invoice!("INDEXED BY invoice_state JOIN org s ON s.key = i.supplier_key
        WHERE i.state = 'VERIFIED' AND NOT EXISTS (SELECT 1 FROM settlement_invoice n WHERE n.invoice_id = i.id)
        ORDER BY i.invoiced_on LIMIT ?1");
    OF_SETTLEMENT = invoice!("JOIN org s ON s.key = i.supplier_key
        WHERE i.id IN (SELECT n.invoice_id FROM settlement_invoice n JOIN settlement t ON t.key = n.settlement_key
          WHERE t.id = ?1)");
    INVOICE_STATES = "SELECT state, count(*) FROM invoice INDEXED BY invoice_state GROUP BY state";
    INVOICE_LINES = concat!("SELECT ", ordered!(), ", n.quantity, n.amount, '',
          (SELECT coalesce(sum(x.quantity), 0) FROM invoice_line x JOIN invoice y ON y.key = x.invoice_key
            WHERE x.order_line_id = n.order_line_id AND y.key <> n.invoice_key AND y.state IN ('VERIFIED', 'PAID'))
        FROM invoice_line n", of_order!(), "WHERE n.invoice_key = ?1 ORDER BY n.pos");
    /// The first acceptance of what an invoice bills.
    ACCEPTED_AT = "SELECT min(r.received_at) FROM invoice_line n JOIN receipt_line t ON t.order_line_id = n.order_line_id
          JOIN receipt r ON r.key = t.receipt_key WHERE n.invoice_key = ?1 AND r.state = 'ACCEPTED'";
    SETTLEMENT_OF = "SELECT t.code FROM settlement_invoice n JOIN settlement t ON t.key = n.settlement_key
        WHERE n.invoice_id = ?1 LIMIT 1";

    SETTLEMENTS = settlement!("INDEXED BY settlement_created JOIN org s ON s.key = t.supplier_key
        WHERE (t.created_at, t.key) < (?1, ?2)
          AND (?3 = '' OR instr(t.code, ?3) OR t.supplier_key IN (SELECT value FROM json_each(?4)))
        ORDER BY t.created_at DESC, t.key DESC LIMIT ?5");
    SETTLEMENTS_IN = settlement!("INDEXED BY settlement_state JOIN org s ON s.key = t.supplier_key
        WHERE t.state = ?6 AND (t.created_at, t.key) < (?1, ?2)
          AND (?3 = '' OR instr(t.code, ?3) OR t.supplier_key IN (SELECT value FROM json_each(?4)))
        ORDER BY t.created_at DESC, t.key DESC LIMIT ?5");
    SETTLEMENT = settlement!("JOIN org s ON s.key = t.supplier_key WHERE t.id = ?1");
    UNPAID = settlement!("INDEXED BY settlement_open JOIN org s ON s.key = t.supplier_key
        WHERE t.state <> 'PAID' AND t.due_on <= ?1 ORDER BY t.due_on LIMIT ?2");
    SETTLEMENT_STATES = "SELECT state, count(*) FROM settlement INDEXED BY settlement_state GROUP BY state";

    RETURNS = goods_return!("INDEXED BY goods_return_at JOIN org s ON s.key = r.supplier_key
        WHERE (r.returned_at, r.key) < (?1, ?2)
          AND (?3 = '' OR instr(r.code, ?3) OR r.supplier_key IN (SELECT value FROM json_each(?4)))
        ORDER BY r.returned_at DESC, r.key DESC LIMIT ?5");
    RETURNS_IN = goods_return!("INDEXED BY goods_return_state JOIN org s ON s.key = r.supplier_key
        WHERE r.state = ?6 AND (r.returned_at, r.key) < (?1, ?2)
          AND (?3 = '' OR instr(r.code, ?3) OR r.supplier_key IN (SELECT value FROM json_each(?4)))
        ORDER BY r.returned_at DESC, r.key DESC LIMIT ?5");
    RETURN = goods_return!("JOIN org s ON s.key = r.supplier_key WHERE r.id = ?1");
    RETURN_STATES = "SELECT state, count(*) FROM goods_return INDEXED BY goods_return_state GROUP BY state";
    RETURN_LINES = concat!("SELECT ", ordered!(), ", n.quantity, n.amount, n.lot, 0 FROM return_line n", of_order!(),
        "WHERE n.return_key = ?1 ORDER BY n.pos");
    LOTS = "SELECT n.lot, sum(n.received) FROM receipt_line n JOIN receipt r ON r.key = n.receipt_key
        WHERE n.order_line_id = ?1 AND r.state = 'ACCEPTED' AND n.received > 0 GROUP BY n.lot";
}

/// 发票, without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Invoice {
    pub key: i64,
    pub id: String,
    pub ver: i64,
    pub number: String,
    pub kind: String,
    pub supplier_id: String,
    pub supplier: String,
    pub invoiced_on: DateText,
    pub amount: Amount,
    pub tax: Amount,
    pub state: String,
    pub state_text: String,
    pub red_of: Option<String>,
    pub upstream_number: String,
    pub refuse_reason: String,
}

/// 结算单, without its invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Settlement {
    pub key: i64,
    pub id: String,
    pub ver: i64,
    pub code: String,
    pub kind: String,
    pub supplier_id: String,
    pub supplier: String,
    pub period: String,
    pub amount: Amount,
    pub state: String,
    pub state_text: String,
    pub due_on: DateText,
    pub paid_at: Option<Seconds>,
    pub created_at: Seconds,
    pub dispute_reason: String,
    /// How many it settles.
    pub invoices: u32,
}

/// 退货单, without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Return {
    pub key: i64,
    pub id: String,
    pub ver: i64,
    pub code: String,
    pub kind: String,
    pub supplier_id: String,
    pub supplier: String,
    pub returned_at: Seconds,
    pub amount: Amount,
    pub state: String,
    pub state_text: String,
    pub reason: String,
    pub refuse_reason: String,
    /// How many lines it has.
    pub lines: u32,
}

/// A line of an invoice or of a return, with its order line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct BilledLine {
    pub order_line: String,
    /// What follows is blank where the order line is not here.
    pub order_code: String,
    pub line_no: u32,
    pub product: String,
    pub spec: String,
    pub unit: String,
    pub price: Option<Price>,
    pub received: Quantity,
    pub returned: Quantity,
    /// The document's own.
    pub quantity: Quantity,
    pub amount: Amount,
    pub lot: String,
    /// Billed of the order line by other verified and paid invoices, red letters taken off.
    pub billed: Quantity,
}

impl Invoice {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            ver: row.get(2)?,
            number: row.get(3)?,
            kind: row.get(4)?,
            supplier_id: row.get(5)?,
            supplier: row.get(6)?,
            invoiced_on: row.get(7)?,
            amount: Amount::from_units(row.get(8)?),
            tax: Amount::from_units(row.get(9)?),
            state: row.get(10)?,
            state_text: row.get(11)?,
            red_of: row.get(12)?,
            upstream_number: row.get(13)?,
            refuse_reason: row.get(14)?,
        })
    }
}

impl Settlement {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            ver: row.get(2)?,
            code: row.get(3)?,
            kind: row.get(4)?,
            supplier_id: row.get(5)?,
            supplier: row.get(6)?,
            period: row.get(7)?,
            amount: Amount::from_units(row.get(8)?),
            state: row.get(9)?,
            state_text: row.get(10)?,
            due_on: row.get(11)?,
            paid_at: row.get(12)?,
            created_at: row.get(13)?,
            dispute_reason: row.get(14)?,
            invoices: row.get(15)?,
        })
    }
}

impl Return {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            ver: row.get(2)?,
            code: row.get(3)?,
            kind: row.get(4)?,
            supplier_id: row.get(5)?,
            supplier: row.get(6)?,
            returned_at: row.get(7)?,
            amount: Amount::from_units(row.get(8)?),
            state: row.get(9)?,
            state_text: row.get(10)?,
            reason: row.get(11)?,
            refuse_reason: row.get(12)?,
            lines: row.get(13)?,
        })
    }
}

/// Which documents, and from where on: the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// In the number, or a supplier's name, pinyin or code; blank is all.
    pub text: String,
    /// One canonical state; `None` is all.
    pub state: Option<String>,
    /// The place of the last row before it: its time as text, and its key.
    pub after: Option<(String, i64)>,
    /// At most so many.
    pub limit: u32,
}

impl Page {
    /// The suppliers that the text means, as a JSON array of their keys.
    fn suppliers(&self, conn: &Connection) -> StoreResult<String> {
        let mut keys = Vec::new();
        for word in search::words(&self.text) {
            let hits = search::hits(conn, &word, 1_000)?;
            keys.extend(hits.into_iter().filter(|(kind, _)| *kind == HitKind::Org).map(|(_, key)| key));
        }
        Ok(format!("[{}]", keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")))
    }

    fn rows<T>(
        &self,
        conn: &Connection,
        (all, of_state): (&str, &str),
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
        place: impl Fn(&str) -> rusqlite::types::Value,
    ) -> StoreResult<Vec<T>> {
        let suppliers = self.suppliers(conn)?;
        let text = sunbench_domain::text::half_width(&self.text).trim().to_owned();
        let (at, key) = match &self.after {
            Some((at, key)) => (place(at), *key),
            None => (place("~"), i64::MAX),
        };
        let rows = match &self.state {
            None => conn
                .prepare_cached(all)?
                .query_map(params![at, key, text, suppliers, self.limit], read)?
                .collect::<Result<_, _>>()?,
            Some(state) => conn
                .prepare_cached(of_state)?
                .query_map(params![at, key, text, suppliers, self.limit, state], read)?
                .collect::<Result<_, _>>()?,
        };
        Ok(rows)
    }
}

/// A place among instants; past the last one where it is none.
fn instant(at: &str) -> rusqlite::types::Value {
    at.parse::<i64>().unwrap_or(i64::MAX).into()
}

/// A place among dates.
fn date(at: &str) -> rusqlite::types::Value {
    at.to_owned().into()
}

/// A page of invoices.
pub fn invoices(conn: &Connection, page: &Page) -> StoreResult<Vec<Invoice>> {
    page.rows(conn, (INVOICES, INVOICES_IN), Invoice::read, date)
}

/// A page of settlements.
pub fn settlements(conn: &Connection, page: &Page) -> StoreResult<Vec<Settlement>> {
    page.rows(conn, (SETTLEMENTS, SETTLEMENTS_IN), Settlement::read, instant)
}

/// A page of returns.
pub fn returns(conn: &Connection, page: &Page) -> StoreResult<Vec<Return>> {
    page.rows(conn, (RETURNS, RETURNS_IN), Return::read, instant)
}

fn states(conn: &Connection, sql: &str) -> StoreResult<Vec<(String, u64)>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many invoices are in each state.
pub fn invoice_states(conn: &Connection) -> StoreResult<Vec<(String, u64)>> {
    states(conn, INVOICE_STATES)
}

/// How many settlements are in each state.
pub fn settlement_states(conn: &Connection) -> StoreResult<Vec<(String, u64)>> {
    states(conn, SETTLEMENT_STATES)
}

/// How many returns are in each state.
pub fn return_states(conn: &Connection) -> StoreResult<Vec<(String, u64)>> {
    states(conn, RETURN_STATES)
}

fn list<T>(
    conn: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> StoreResult<Vec<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One invoice.
pub fn invoice(conn: &Connection, id: &str) -> StoreResult<Option<Invoice>> {
    Ok(conn.prepare_cached(INVOICE)?.query_row([id], Invoice::read).optional()?)
}

/// The invoices of a number; there should be one.
pub fn invoices_numbered(conn: &Connection, number: &str) -> StoreResult<Vec<Invoice>> {
    list(conn, INVOICES_NUMBERED, [number], Invoice::read)
}

/// The red letters (红字发票) that offset an invoice.
pub fn red_letters(conn: &Connection, number: &str) -> StoreResult<Vec<Invoice>> {
    list(conn, RED_LETTERS, [number], Invoice::read)
}

/// Verified invoices that are in no settlement, oldest first.
pub fn unsettled(conn: &Connection, limit: u32) -> StoreResult<Vec<Invoice>> {
    list(conn, UNSETTLED, [limit], Invoice::read)
}

/// The invoices of a settlement.
pub fn of_settlement(conn: &Connection, settlement: &str) -> StoreResult<Vec<Invoice>> {
    list(conn, OF_SETTLEMENT, [settlement], Invoice::read)
}

/// When the first of what an invoice bills was accepted.
pub fn accepted_at(conn: &Connection, invoice: i64) -> StoreResult<Option<Seconds>> {
    Ok(conn.prepare_cached(ACCEPTED_AT)?.query_row([invoice], |row| row.get(0))?)
}

/// The number of the settlement that an invoice is in.
pub fn settlement_of(conn: &Connection, invoice: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(SETTLEMENT_OF)?.query_row([invoice], |row| row.get(0)).optional()?)
}

/// One settlement.
pub fn settlement(conn: &Connection, id: &str) -> StoreResult<Option<Settlement>> {
    Ok(conn.prepare_cached(SETTLEMENT)?.query_row([id], Settlement::read).optional()?)
}

/// Settlements that are to be paid by a day (yyyy-MM-dd), the most overdue first.
pub fn unpaid(conn: &Connection, by: &str, limit: u32) -> StoreResult<Vec<Settlement>> {
    list(conn, UNPAID, params![by, limit], Settlement::read)
}

/// One return.
pub fn goods_return(conn: &Connection, id: &str) -> StoreResult<Option<Return>> {
    Ok(conn.prepare_cached(RETURN)?.query_row([id], Return::read).optional()?)
}

fn lines(conn: &Connection, sql: &str, key: i64) -> StoreResult<Vec<BilledLine>> {
    list(conn, sql, [key], |row| {
        Ok(BilledLine {
            order_line: row.get(0)?,
            order_code: row.get(1)?,
            line_no: row.get(2)?,
            product: row.get(3)?,
            spec: row.get(4)?,
            unit: row.get(5)?,
            price: row.get::<_, Option<i64>>(6)?.map(Price::from_units),
            received: Quantity::from_units(row.get(7)?),
            returned: Quantity::from_units(row.get(8)?),
            quantity: Quantity::from_units(row.get(9)?),
            amount: Amount::from_units(row.get(10)?),
            lot: row.get(11)?,
            billed: Quantity::from_units(row.get(12)?),
        })
    })
}

/// The lines of an invoice by its key.
pub fn invoice_lines(conn: &Connection, invoice: i64) -> StoreResult<Vec<BilledLine>> {
    lines(conn, INVOICE_LINES, invoice)
}

/// The lines of a return by its key.
pub fn return_lines(conn: &Connection, goods_return: i64) -> StoreResult<Vec<BilledLine>> {
    lines(conn, RETURN_LINES, goods_return)
}

/// What was accepted of an order line, by lot.
pub fn lots(conn: &Connection, order_line: &str) -> StoreResult<Vec<(String, Quantity)>> {
    list(conn, LOTS, [order_line], |row| Ok((row.get(0)?, Quantity::from_units(row.get(1)?))))
}
