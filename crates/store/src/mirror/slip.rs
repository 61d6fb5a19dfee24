//! 验收单: a receipt with all that stands on its slip.

use rusqlite::{Connection, OptionalExtension};
use sunbench_domain::{Price, Quantity};

use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    RECEIPT = "SELECT r.key, r.code, r.received_at, r.state_text, s.name, coalesce(d.code, ''), coalesce(o.code, ''),
          coalesce(o.dept, ''), r.attachments
        FROM receipt r JOIN org s ON s.key = r.supplier_key LEFT JOIN delivery d ON d.id = r.delivery_id
          LEFT JOIN purchase_order o ON o.id = d.order_id WHERE r.id = ?1";
    LINES = "SELECT n.received, n.rejected, n.reject_reason, n.lot, n.expires_on, coalesce(p.name, ''), coalesce(p.spec, ''),
          coalesce(p.model, ''), coalesce(p.unit, ''), coalesce(p.mcs_code, ''), coalesce(p.reg_no, ''),
          coalesce(m.name, ''), e.quantity, l.price
        FROM receipt_line n JOIN receipt r ON r.key = n.receipt_key LEFT JOIN delivery d ON d.id = r.delivery_id
          LEFT JOIN delivery_line e ON e.delivery_key = d.key AND e.id = n.delivery_line_id
          LEFT JOIN order_line l ON l.id = coalesce(n.order_line_id, e.order_line_id)
          LEFT JOIN product p ON p.key = coalesce(l.product_key, e.product_key)
          LEFT JOIN org m ON m.key = p.maker_key
        WHERE n.receipt_key = ?1 ORDER BY n.pos";
}

/// 收货单 with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Receipt {
    pub code: String,
    pub received_at: Seconds,
    pub state_text: String,
    pub supplier: String,
    pub delivery_code: String,
    pub order_code: String,
    pub dept: String,
    /// JSON array of `{sha256, name, size}`.
    pub attachments: String,
    pub lines: Vec<Line>,
}

/// 收货明细 with its product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Line {
    pub received: Quantity,
    pub rejected: Quantity,
    pub reject_reason: String,
    pub lot: String,
    pub expires_on: Option<DateText>,
    pub product: String,
    pub spec: String,
    pub model: String,
    pub unit: String,
    pub mcs_code: String,
    pub registration: String,
    pub maker: String,
    pub delivered: Option<Quantity>,
    pub price: Option<Price>,
}

/// One receipt.
pub fn receipt(conn: &Connection, id: &str) -> StoreResult<Option<Receipt>> {
    let read = |row: &rusqlite::Row<'_>| {
        let receipt = Receipt {
            code: row.get(1)?,
            received_at: row.get(2)?,
            state_text: row.get(3)?,
            supplier: row.get(4)?,
            delivery_code: row.get(5)?,
            order_code: row.get(6)?,
            dept: row.get(7)?,
            attachments: row.get(8)?,
            lines: Vec::new(),
        };
        Ok((row.get::<_, i64>(0)?, receipt))
    };
    let Some((key, mut receipt)) = conn.prepare_cached(RECEIPT)?.query_row([id], read).optional()? else {
        return Ok(None);
    };
    let mut statement = conn.prepare_cached(LINES)?;
    let lines = statement.query_map([key], |row| {
        Ok(Line {
            received: Quantity::from_units(row.get(0)?),
            rejected: Quantity::from_units(row.get(1)?),
            reject_reason: row.get(2)?,
            lot: row.get(3)?,
            expires_on: row.get(4)?,
            product: row.get(5)?,
            spec: row.get(6)?,
            model: row.get(7)?,
            unit: row.get(8)?,
            mcs_code: row.get(9)?,
            registration: row.get(10)?,
            maker: row.get(11)?,
            delivered: row.get::<_, Option<i64>>(12)?.map(Quantity::from_units),
            price: row.get::<_, Option<i64>>(13)?.map(Price::from_units),
        })
    })?;
    receipt.lines = lines.collect::<Result<_, _>>()?;
    Ok(Some(receipt))
}
