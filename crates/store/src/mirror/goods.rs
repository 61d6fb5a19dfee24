//! 收货、退货、发票、结算明细 of a span of time, for reconciliation: each with its order line and product.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sunbench_domain::{Amount, Price, Quantity};

use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

/// What every kind of line has of its order line, product and companies.
macro_rules! common {
    () => {
        "coalesce(o.code, ''), coalesce(l.id, ''), coalesce(l.line_no, 0), coalesce(l.own_key, ''), l.price,
           coalesce(l.unit, p.unit, ''), coalesce(p.name, ''), coalesce(p.spec, ''), coalesce(p.model, ''),
           coalesce(p.mcs_code, ''), coalesce(m.name, ''), coalesce(s.name, ''),
           (SELECT min(h.code) FROM hosp_item h WHERE h.product_key = p.key)"
    };
}
macro_rules! receipts {
    ($from:literal) => {
        concat!(
            "SELECT 0, r.id, n.id, r.code, r.received_at, NULL, n.received, NULL, n.lot, n.expires_on, n.udi,
               coalesce(d.code, ''), n.delivery_line_id, ",
            common!(),
            " FROM ",
            $from,
            " LEFT JOIN delivery d ON d.id = r.delivery_id
              LEFT JOIN delivery_line e ON e.delivery_key = d.key AND e.id = n.delivery_line_id
              LEFT JOIN order_line l ON l.id = coalesce(n.order_line_id, e.order_line_id)
              LEFT JOIN purchase_order o ON o.key = l.order_key
              LEFT JOIN product p ON p.key = coalesce(l.product_key, e.product_key)
              LEFT JOIN org m ON m.key = coalesce(l.maker_key, p.maker_key)
              LEFT JOIN org s ON s.key = r.supplier_key WHERE n.received <> 0"
        )
    };
}
macro_rules! of_order_line {
    ($select:literal, $from:literal, $where:literal) => {
        concat!(
            $select,
            common!(),
            " FROM ",
            $from,
            " LEFT JOIN order_line l ON l.id = n.order_line_id
              LEFT JOIN purchase_order o ON o.key = l.order_key LEFT JOIN product p ON p.key = l.product_key
              LEFT JOIN org m ON m.key = l.maker_key LEFT JOIN org s ON s.key = x.supplier_key ",
            $where
        )
    };
}
macro_rules! returns {
    ($from:literal) => {
        of_order_line!(
            "SELECT 1, x.id, n.id, x.code, x.returned_at, NULL, n.quantity, n.amount, n.lot, NULL, '', '', '', ",
            $from,
            "WHERE n.quantity <> 0 AND x.state = 'CONFIRMED'"
        )
    };
}
macro_rules! invoices {
    ($from:literal) => {
        of_order_line!(
            "SELECT 2, x.id, n.id, x.number, 0, x.invoiced_on, n.quantity, n.amount, '', NULL, '', '', '', ",
            $from,
            "WHERE x.state IN ('WAITING', 'VERIFIED', 'PAID')"
        )
    };
}
macro_rules! settlements {
    ($from:literal) => {
        of_order_line!(
            "SELECT 3, x.id, n.id, x.code, x.created_at, NULL, n.quantity, n.amount, '', NULL, '', '', '', ",
            $from,
            "WHERE x.state <> 'DRAFT'"
        )
    };
}
/// The order lines of which something was received, returned, invoiced or settled in a span: ?1 to ?2 in seconds, ?3 to
/// ?4 in days.
macro_rules! touched {
    ($rest:expr) => {
        concat!(
            "WITH touched(id) AS MATERIALIZED (SELECT DISTINCT order_line_id FROM (
               SELECT n.order_line_id FROM receipt r JOIN receipt_line n ON n.receipt_key = r.key
                 WHERE r.received_at BETWEEN ?1 AND ?2 AND n.order_line_id IS NOT NULL
               UNION ALL SELECT n.order_line_id FROM goods_return r JOIN return_line n ON n.return_key = r.key
                 WHERE r.returned_at BETWEEN ?1 AND ?2
               UNION ALL SELECT n.order_line_id FROM invoice r JOIN invoice_line n ON n.invoice_key = r.key
                 WHERE r.invoiced_on BETWEEN ?3 AND ?4
               UNION ALL SELECT n.order_line_id FROM settlement r JOIN settlement_invoice i ON i.settlement_key = r.key
                 JOIN invoice v ON v.id = i.invoice_id JOIN invoice_line n ON n.invoice_key = v.key
                 WHERE r.created_at BETWEEN ?1 AND ?2
             )) ",
            $rest
        )
    };
}

queries! {
    RECEIPTS = receipts!("(SELECT * FROM receipt WHERE received_at BETWEEN ?1 AND ?2) r
        JOIN receipt_line n ON n.receipt_key = r.key");
    RETURNS = returns!("(SELECT * FROM goods_return WHERE returned_at BETWEEN ?1 AND ?2) x
        JOIN return_line n ON n.return_key = x.key");
    CHAIN_RECEIPTS = touched!(receipts!("touched t JOIN receipt_line n ON n.order_line_id = t.id
        JOIN receipt r ON r.key = n.receipt_key"));
    CHAIN_RETURNS = touched!(returns!("touched t JOIN return_line n ON n.order_line_id = t.id
        JOIN goods_return x ON x.key = n.return_key"));
    CHAIN_INVOICES = touched!(invoices!("touched t JOIN invoice_line n ON n.order_line_id = t.id
        JOIN invoice x ON x.key = n.invoice_key"));
    CHAIN_SETTLEMENTS = touched!(settlements!("touched t JOIN invoice_line n ON n.order_line_id = t.id
        JOIN invoice v ON v.key = n.invoice_key JOIN settlement_invoice i ON i.invoice_id = v.id
        JOIN settlement x ON x.key = i.settlement_key"));
    AWAITED = "SELECT l.quantity - l.received, l.state_text
        FROM purchase_order o JOIN order_line l ON l.order_key = o.key JOIN product p ON p.key = l.product_key
        WHERE o.code = ?1 AND l.received < l.quantity AND l.state IN ('SUBMITTED', 'ACCEPTED', 'SHIPPED', 'RECEIVING')
          AND (?2 = '' OR p.mcs_code = ?2) LIMIT 1";
    FACTORS = "SELECT h.unit, h.factor_num, h.factor_den, p.unit, coalesce(p.mcs_code, ''), h.code
        FROM hosp_item h JOIN product p ON p.key = h.product_key WHERE h.factor_num <> h.factor_den";
}

/// What a line records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GoodsKind {
    /// 收货.
    Receipt,
    /// 退货.
    Return,
    /// 发票.
    Invoice,
    /// 结算.
    Settlement,
}

/// 平台明细: a line of what was received, returned, invoiced or settled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct GoodsLine {
    pub kind: GoodsKind,
    /// The platform's id of the document.
    pub document: String,
    /// The platform's id of the line.
    pub line: String,
    /// The document's number for people.
    pub number: String,
    /// When; of an invoice the date is all there is.
    pub at: Seconds,
    pub dated_on: Option<DateText>,
    pub quantity: Quantity,
    /// As the document states it; a receipt states none.
    pub amount: Option<Amount>,
    pub lot: String,
    pub expires_on: Option<DateText>,
    pub udi: String,
    pub delivery: String,
    pub delivery_line: String,
    pub order: String,
    pub order_line: String,
    pub line_no: u32,
    /// 透传键.
    pub own_key: String,
    pub price: Option<Price>,
    pub unit: String,
    pub name: String,
    pub spec: String,
    pub model: String,
    pub mcs_code: String,
    pub maker: String,
    pub supplier: String,
    /// 院内编码, where the hospital has one for the product.
    pub item: String,
}

impl GoodsLine {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            kind: match row.get::<_, u8>(0)? {
                0 => GoodsKind::Receipt,
                1 => GoodsKind::Return,
                2 => GoodsKind::Invoice,
                _ => GoodsKind::Settlement,
            },
            document: row.get(1)?,
            line: row.get(2)?,
            number: row.get(3)?,
            at: row.get(4)?,
            dated_on: row.get(5)?,
            quantity: Quantity::from_units(row.get(6)?),
            amount: row.get::<_, Option<i64>>(7)?.map(Amount::from_units),
            lot: row.get(8)?,
            expires_on: row.get(9)?,
            udi: row.get(10)?,
            delivery: row.get(11)?,
            delivery_line: row.get(12)?,
            order: row.get(13)?,
            order_line: row.get(14)?,
            line_no: row.get(15)?,
            own_key: row.get(16)?,
            price: row.get::<_, Option<i64>>(17)?.map(Price::from_units),
            unit: row.get(18)?,
            name: row.get(19)?,
            spec: row.get(20)?,
            model: row.get(21)?,
            mcs_code: row.get(22)?,
            maker: row.get(23)?,
            supplier: row.get(24)?,
            item: row.get::<_, Option<String>>(25)?.unwrap_or_default(),
        })
    }
}

/// A span of Shanghai days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Days since 1970.
    pub first: i64,
    /// Days since 1970.
    pub last: i64,
}

impl Span {
    fn seconds(self) -> (Seconds, Seconds) {
        (super::tally::day_start(self.first), super::tally::day_start(self.last + 1) - 1)
    }
}

fn list(conn: &Connection, sql: &str, parameters: impl rusqlite::Params) -> StoreResult<Vec<GoodsLine>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, GoodsLine::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was received and returned in a span; refused receipts and returns that nobody confirmed are none.
pub fn received(conn: &Connection, span: Span) -> StoreResult<Vec<GoodsLine>> {
    let (from, to) = span.seconds();
    let mut lines = list(conn, RECEIPTS, params![from, to])?;
    lines.extend(list(conn, RETURNS, params![from, to])?);
    Ok(lines)
}

/// Everything that was ever received, returned, invoiced and settled of the order lines that a span touches.
pub fn chains(conn: &Connection, span: Span, from_on: &str, to_on: &str) -> StoreResult<Vec<GoodsLine>> {
    let (from, to) = span.seconds();
    let mut lines = Vec::new();
    for sql in [CHAIN_RECEIPTS, CHAIN_RETURNS, CHAIN_INVOICES, CHAIN_SETTLEMENTS] {
        lines.extend(list(conn, sql, params![from, to, from_on, to_on])?);
    }
    Ok(lines)
}

/// 换算 of the hospital's catalogue: one `unit` of the hospital is `num`/`den` of the product's `of`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ItemFactor {
    pub unit: String,
    pub num: u32,
    pub den: u32,
    pub of: String,
    pub mcs_code: String,
    /// 院内编码.
    pub item: String,
}

/// The catalogue's factors that are not one to one.
pub fn factors(conn: &Connection) -> StoreResult<Vec<ItemFactor>> {
    let mut statement = conn.prepare_cached(FACTORS)?;
    let rows = statement.query_map([], |row| {
        Ok(ItemFactor {
            unit: row.get(0)?,
            num: row.get(1)?,
            den: row.get(2)?,
            of: row.get(3)?,
            mcs_code: row.get(4)?,
            item: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What an order of the platform still awaits of a product, and how its line stands: goods that the ledger has and the
/// platform has not accepted yet. Without a code any product of the order will do.
pub fn awaited(conn: &Connection, order: &str, mcs_code: &str) -> StoreResult<Option<(Quantity, String)>> {
    if order.is_empty() {
        return Ok(None);
    }
    let found = conn
        .prepare_cached(AWAITED)?
        .query_row([order, mcs_code], |row| Ok((Quantity::from_units(row.get(0)?), row.get(1)?)));
    Ok(found.optional()?)
}
