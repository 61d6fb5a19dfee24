//! Deliveries as the store room sees them: what came, what of it is settled, what is still to be checked.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sunbench_domain::Quantity;

use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

/// What is told of the order lines that a delivery's lines came from.
macro_rules! of_order_lines {
    ($told:literal) => {
        concat!(
            "(SELECT ",
            $told,
            " FROM delivery_line n JOIN order_line l ON l.id = n.order_line_id WHERE n.delivery_key = d.key)"
        )
    };
}

macro_rules! head {
    () => {
        concat!(
            "SELECT d.key, d.id, d.ver, d.code, s.name, d.state, d.state_text, d.shipped_at, d.arrived_at, d.carrier, \
         d.express_no, coalesce(o.code, ''), coalesce(o.dept, ''),
             (SELECT count(*) FROM delivery_line n WHERE n.delivery_key = d.key), ",
            of_order_lines!("min(l.submit_at)"),
            ", ",
            of_order_lines!("min(l.delivery_due_at)"),
            ", ",
            of_order_lines!("max(l.urgent)")
        )
    };
}

queries! {
    OPEN = concat!(head!(), "
        FROM delivery d INDEXED BY delivery_open JOIN org s ON s.key = d.supplier_key
          LEFT JOIN purchase_order o ON o.id = d.order_id
        WHERE d.state IN ('WAITING', 'CONFIRMED', 'ACCEPTING') ORDER BY d.shipped_at LIMIT ?1");
    ONE = concat!(head!(), "
        FROM delivery d JOIN org s ON s.key = d.supplier_key LEFT JOIN purchase_order o ON o.id = d.order_id
        WHERE d.id = ?1");
    LINES = "SELECT n.id, n.order_line_id, p.id, p.name, p.spec, p.model, p.unit, p.mcs_code, p.udi_di, n.quantity, n.lot,
          n.made_on, n.expires_on, n.udi, l.line_no
        FROM delivery_line n JOIN product p ON p.key = n.product_key LEFT JOIN order_line l ON l.id = n.order_line_id
        WHERE n.delivery_key = ?1 ORDER BY n.pos";
    SETTLED = "SELECT r.id, r.code, r.state, r.state_text, r.operator, r.received_at, n.delivery_line_id, n.received,
          n.rejected, r.attachments
        FROM receipt r INDEXED BY receipt_delivery JOIN receipt_line n ON n.receipt_key = r.key WHERE r.delivery_id = ?1";
    RECEIPT = "SELECT id, ver, code, delivery_id, state FROM receipt WHERE id = ?1";
}

/// 配送单 with its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Delivery {
    pub key: i64,
    pub id: String,
    pub ver: i64,
    pub code: String,
    pub supplier: String,
    pub state: String,
    pub state_text: String,
    pub shipped_at: Seconds,
    pub arrived_at: Option<Seconds>,
    pub carrier: String,
    pub express_no: String,
    pub order_code: String,
    pub dept: String,
    pub lines: u32,
    /// When the earliest of its order lines was submitted, and when the first of them falls due.
    pub ordered_at: Option<Seconds>,
    pub due_at: Option<Seconds>,
    pub urgent: bool,
}

impl Delivery {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            ver: row.get(2)?,
            code: row.get(3)?,
            supplier: row.get(4)?,
            state: row.get(5)?,
            state_text: row.get(6)?,
            shipped_at: row.get(7)?,
            arrived_at: row.get(8)?,
            carrier: row.get(9)?,
            express_no: row.get(10)?,
            order_code: row.get(11)?,
            dept: row.get(12)?,
            lines: row.get(13)?,
            ordered_at: row.get(14)?,
            due_at: row.get(15)?,
            urgent: row.get::<_, Option<bool>>(16)?.unwrap_or(false),
        })
    }
}

/// 配送明细.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DeliveryLine {
    pub id: String,
    pub order_line: Option<String>,
    pub product_id: String,
    pub product: String,
    pub spec: String,
    pub model: String,
    pub unit: String,
    pub mcs_code: Option<String>,
    pub udi_di: Option<String>,
    pub quantity: Quantity,
    pub lot: String,
    pub made_on: Option<DateText>,
    pub expires_on: Option<DateText>,
    pub udi: String,
    pub line_no: Option<u32>,
}

/// What a receipt settled of one delivery line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Settled {
    pub receipt: String,
    pub code: String,
    pub state: String,
    pub state_text: String,
    pub operator: String,
    pub received_at: Seconds,
    pub line: String,
    pub received: Quantity,
    pub rejected: Quantity,
    /// Of the receipt: JSON array of `{sha256, name, size}`.
    pub attachments: String,
}

/// 收货单, as far as a confirmation needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Receipt {
    pub id: String,
    pub ver: i64,
    pub code: String,
    pub delivery: String,
    pub state: String,
}

/// The deliveries that are not yet in the store room, oldest first.
pub fn open(conn: &Connection, limit: u32) -> StoreResult<Vec<Delivery>> {
    let mut statement = conn.prepare_cached(OPEN)?;
    let rows = statement.query_map([limit], Delivery::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One delivery.
pub fn get(conn: &Connection, id: &str) -> StoreResult<Option<Delivery>> {
    Ok(conn.prepare_cached(ONE)?.query_row([id], Delivery::read).optional()?)
}

/// The lines of a delivery by its key, in their order.
pub fn lines(conn: &Connection, key: i64) -> StoreResult<Vec<DeliveryLine>> {
    let mut statement = conn.prepare_cached(LINES)?;
    let rows = statement.query_map([key], |row| {
        Ok(DeliveryLine {
            id: row.get(0)?,
            order_line: row.get(1)?,
            product_id: row.get(2)?,
            product: row.get(3)?,
            spec: row.get(4)?,
            model: row.get(5)?,
            unit: row.get(6)?,
            mcs_code: row.get(7)?,
            udi_di: row.get(8)?,
            quantity: Quantity::from_units(row.get(9)?),
            lot: row.get(10)?,
            made_on: row.get(11)?,
            expires_on: row.get(12)?,
            udi: row.get(13)?,
            line_no: row.get(14)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the platform's receipts settled of a delivery.
pub fn settled(conn: &Connection, delivery: &str) -> StoreResult<Vec<Settled>> {
    let mut statement = conn.prepare_cached(SETTLED)?;
    let rows = statement.query_map(params![delivery], |row| {
        Ok(Settled {
            receipt: row.get(0)?,
            code: row.get(1)?,
            state: row.get(2)?,
            state_text: row.get(3)?,
            operator: row.get(4)?,
            received_at: row.get(5)?,
            line: row.get(6)?,
            received: Quantity::from_units(row.get(7)?),
            rejected: Quantity::from_units(row.get(8)?),
            attachments: row.get(9)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One receipt.
pub fn receipt(conn: &Connection, id: &str) -> StoreResult<Option<Receipt>> {
    let read = |row: &Row<'_>| {
        Ok(Receipt {
            id: row.get(0)?,
            ver: row.get(1)?,
            code: row.get(2)?,
            delivery: row.get(3)?,
            state: row.get(4)?,
        })
    };
    Ok(conn.prepare_cached(RECEIPT)?.query_row([id], read).optional()?)
}
