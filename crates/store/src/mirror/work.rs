//! What waits for the hospital, for Today: small lists over partial indexes.

use rusqlite::{Connection, params};
use sunbench_domain::Amount;

use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    DELIVERIES = "SELECT d.id, d.code, s.name, d.state, d.state_text, d.shipped_at, d.arrived_at,
          (SELECT count(*) FROM delivery_line n WHERE n.delivery_key = d.key)
        FROM delivery d INDEXED BY delivery_open JOIN org s ON s.key = d.supplier_key
        WHERE d.state IN ('WAITING', 'CONFIRMED', 'ACCEPTING') ORDER BY d.shipped_at LIMIT ?1";
    DELIVERY_COUNT = "SELECT count(*) FROM delivery INDEXED BY delivery_open WHERE state IN ('WAITING', 'CONFIRMED', 'ACCEPTING')";
    CLOCKS = "SELECT l.id, o.code, p.name, p.spec, s.name, l.delivery_due_at, l.urgent
        FROM order_line l INDEXED BY order_line_clock JOIN purchase_order o ON o.key = l.order_key
          JOIN product p ON p.key = l.product_key JOIN org s ON s.key = l.supplier_key
        WHERE l.delivery_due_at IS NOT NULL AND l.state IN ('SUBMITTED', 'ACCEPTED')
          AND l.delivery_due_at BETWEEN ?1 AND ?2 ORDER BY l.delivery_due_at LIMIT ?3";
    CLOCK_COUNT = "SELECT count(*) FROM order_line INDEXED BY order_line_clock
        WHERE delivery_due_at IS NOT NULL AND state IN ('SUBMITTED', 'ACCEPTED') AND delivery_due_at BETWEEN ?1 AND ?2";
    RECEIPTS = "SELECT r.id, r.code, s.name, r.received_at, r.delivery_id FROM receipt r INDEXED BY receipt_open
          JOIN org s ON s.key = r.supplier_key WHERE r.state = 'PRE_ACCEPTED' ORDER BY r.received_at LIMIT ?1";
    RECEIPT_COUNT = "SELECT count(*) FROM receipt INDEXED BY receipt_open WHERE state = 'PRE_ACCEPTED'";
    PAYMENTS = "SELECT t.id, t.code, s.name, t.due_on, t.amount, t.state_text FROM settlement t INDEXED BY settlement_open
          JOIN org s ON s.key = t.supplier_key WHERE t.state <> 'PAID' AND t.due_on <= ?1 ORDER BY t.due_on LIMIT ?2";
    PAYMENT_COUNT = "SELECT count(*) FROM settlement INDEXED BY settlement_open WHERE state <> 'PAID' AND due_on <= ?1";
    CHECKED_IN = "SELECT checked_at FROM check_in WHERE checked_on = ?1 AND operator = ?2";
    CHECK_INS = "SELECT checked_on FROM check_in WHERE checked_on BETWEEN ?1 AND ?2 AND operator = ?3";
}

/// A delivery that is not yet in the store room.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OpenDelivery {
    pub id: String,
    pub code: String,
    pub supplier: String,
    pub state: String,
    pub state_text: String,
    pub shipped_at: Seconds,
    pub arrived_at: Option<Seconds>,
    pub lines: u32,
}

/// A line whose delivery clock runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RunningClock {
    pub line_id: String,
    pub order_code: String,
    pub product: String,
    pub spec: String,
    pub supplier: String,
    pub due_at: Seconds,
    pub urgent: bool,
}

/// A pre-acceptance that waits to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OpenReceipt {
    pub id: String,
    pub code: String,
    pub supplier: String,
    pub received_at: Seconds,
    pub delivery: String,
}

/// A payment that falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DuePayment {
    pub id: String,
    pub code: String,
    pub supplier: String,
    pub due_on: DateText,
    pub amount: Amount,
    pub state_text: String,
}

fn count(conn: &Connection, sql: &str, parameters: impl rusqlite::Params) -> StoreResult<u64> {
    Ok(conn.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?)
}

/// Open deliveries, oldest first, at most `limit`, and how many there are.
pub fn open_deliveries(conn: &Connection, limit: u32) -> StoreResult<(Vec<OpenDelivery>, u64)> {
    let mut statement = conn.prepare_cached(DELIVERIES)?;
    let rows = statement.query_map([limit], |row| {
        Ok(OpenDelivery {
            id: row.get(0)?,
            code: row.get(1)?,
            supplier: row.get(2)?,
            state: row.get(3)?,
            state_text: row.get(4)?,
            shipped_at: row.get(5)?,
            arrived_at: row.get(6)?,
            lines: row.get(7)?,
        })
    })?;
    Ok((rows.collect::<Result<_, _>>()?, count(conn, DELIVERY_COUNT, [])?))
}

/// Lines whose delivery falls due between two instants and that have not been shipped.
pub fn running_clocks(
    conn: &Connection,
    from: Seconds,
    to: Seconds,
    limit: u32,
) -> StoreResult<(Vec<RunningClock>, u64)> {
    let mut statement = conn.prepare_cached(CLOCKS)?;
    let rows = statement.query_map(params![from, to, limit], |row| {
        Ok(RunningClock {
            line_id: row.get(0)?,
            order_code: row.get(1)?,
            product: row.get(2)?,
            spec: row.get(3)?,
            supplier: row.get(4)?,
            due_at: row.get(5)?,
            urgent: row.get(6)?,
        })
    })?;
    Ok((rows.collect::<Result<_, _>>()?, count(conn, CLOCK_COUNT, [from, to])?))
}

/// Pre-acceptances to confirm, oldest first.
pub fn open_receipts(conn: &Connection, limit: u32) -> StoreResult<(Vec<OpenReceipt>, u64)> {
    let mut statement = conn.prepare_cached(RECEIPTS)?;
    let rows = statement.query_map([limit], |row| {
        Ok(OpenReceipt {
            id: row.get(0)?,
            code: row.get(1)?,
            supplier: row.get(2)?,
            received_at: row.get(3)?,
            delivery: row.get(4)?,
        })
    })?;
    Ok((rows.collect::<Result<_, _>>()?, count(conn, RECEIPT_COUNT, [])?))
}

/// Payments due by `by` (yyyy-MM-dd), the most overdue first.
pub fn due_payments(conn: &Connection, by: &str, limit: u32) -> StoreResult<(Vec<DuePayment>, u64)> {
    let mut statement = conn.prepare_cached(PAYMENTS)?;
    let rows = statement.query_map(params![by, limit], |row| {
        Ok(DuePayment {
            id: row.get(0)?,
            code: row.get(1)?,
            supplier: row.get(2)?,
            due_on: row.get(3)?,
            amount: Amount::from_units(row.get(4)?),
            state_text: row.get(5)?,
        })
    })?;
    Ok((rows.collect::<Result<_, _>>()?, count(conn, PAYMENT_COUNT, [by])?))
}

/// When the platform recorded an operator's check-in of a day.
pub fn checked_in(conn: &Connection, date: &str, operator: &str) -> StoreResult<Option<Seconds>> {
    use rusqlite::OptionalExtension;
    Ok(conn.prepare_cached(CHECKED_IN)?.query_row([date, operator], |row| row.get(0)).optional()?)
}

/// The days with a recorded check-in.
pub fn check_ins(conn: &Connection, from: &str, to: &str, operator: &str) -> StoreResult<Vec<DateText>> {
    let mut statement = conn.prepare_cached(CHECK_INS)?;
    let rows = statement.query_map([from, to, operator], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the file is whole. Reads all of it: for `verify`, never for a screen.
pub fn integrity(conn: &Connection) -> StoreResult<bool> {
    let first: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(first == "ok")
}

/// Records whose document is not there: lines without an order, children without a head. Reads all of the mirror:
/// for `verify`, never for a screen.
pub fn orphans(conn: &Connection) -> StoreResult<u64> {
    const ORPHANS: &[&str] = &[
        "SELECT count(*) FROM order_line l WHERE NOT EXISTS
           (SELECT 1 FROM purchase_order o WHERE o.key = l.order_key AND o.ver > 0)",
        "SELECT count(*) FROM delivery_line WHERE delivery_key NOT IN (SELECT key FROM delivery)",
        "SELECT count(*) FROM receipt_line WHERE receipt_key NOT IN (SELECT key FROM receipt)",
        "SELECT count(*) FROM return_line WHERE return_key NOT IN (SELECT key FROM goods_return)",
        "SELECT count(*) FROM invoice_line WHERE invoice_key NOT IN (SELECT key FROM invoice)",
        "SELECT count(*) FROM settlement_invoice WHERE settlement_key NOT IN (SELECT key FROM settlement)",
        "SELECT count(*) FROM notice_reply WHERE notice_id NOT IN (SELECT id FROM notice)",
        "SELECT count(*) FROM outbox_attachment WHERE key NOT IN (SELECT key FROM outbox)
           OR sha256 NOT IN (SELECT sha256 FROM attachment)",
    ];
    ORPHANS.iter().map(|sql| Ok(conn.query_row(sql, [], |row| row.get::<_, u64>(0))?)).sum()
}
