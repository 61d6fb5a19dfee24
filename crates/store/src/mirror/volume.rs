//! 带量采购协议 with their names; registrations that end.

use rusqlite::Connection;
use sunbench_domain::Quantity;

use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    AGREEMENTS = "SELECT a.id, a.batch, a.variety, p.id, p.name, p.spec, m.name, s.name, a.unit, a.agreed, a.starts_on,
          a.ends_on, a.sign_by_on, a.raw_state, a.state_text, a.signed_at, a.dispute_reason
        FROM agreement a JOIN product p ON p.key = a.product_key JOIN org m ON m.key = a.maker_key
          JOIN org s ON s.key = a.supplier_key";
    /// Of products that the hospital ever ordered.
    REGISTRATIONS = "SELECT p.id, p.name, p.spec, p.reg_no, p.reg_expires_on FROM product p
        WHERE p.reg_expires_on BETWEEN ?1 AND ?2 AND p.raw_state = '1'
          AND EXISTS (SELECT 1 FROM tally_product t WHERE t.product_key = p.key AND t.n > 0)";
}

/// 带量采购协议.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Agreement {
    pub id: String,
    pub batch: String,
    pub variety: String,
    pub product_id: String,
    pub product: String,
    pub spec: String,
    pub maker: String,
    pub supplier: String,
    pub unit: String,
    pub agreed: Quantity,
    pub starts_on: DateText,
    pub ends_on: DateText,
    pub sign_by_on: DateText,
    pub raw_state: String,
    pub state_text: String,
    pub signed_at: Option<Seconds>,
    pub dispute_reason: String,
}

/// 注册证 of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Registration {
    pub id: String,
    pub name: String,
    pub spec: String,
    pub number: String,
    pub ends_on: DateText,
}

/// Every agreement, without order.
pub fn agreements(conn: &Connection) -> StoreResult<Vec<Agreement>> {
    let mut statement = conn.prepare_cached(AGREEMENTS)?;
    let rows = statement.query_map([], |row| {
        Ok(Agreement {
            id: row.get(0)?,
            batch: row.get(1)?,
            variety: row.get(2)?,
            product_id: row.get(3)?,
            product: row.get(4)?,
            spec: row.get(5)?,
            maker: row.get(6)?,
            supplier: row.get(7)?,
            unit: row.get(8)?,
            agreed: Quantity::from_units(row.get(9)?),
            starts_on: row.get(10)?,
            ends_on: row.get(11)?,
            sign_by_on: row.get(12)?,
            raw_state: row.get(13)?,
            state_text: row.get(14)?,
            signed_at: row.get(15)?,
            dispute_reason: row.get(16)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Registrations that end between two days (yyyy-MM-dd), of listed products that the hospital ordered.
pub fn registrations(conn: &Connection, from: &str, to: &str) -> StoreResult<Vec<Registration>> {
    let mut statement = conn.prepare_cached(REGISTRATIONS)?;
    let rows = statement.query_map([from, to], |row| {
        Ok(Registration {
            id: row.get(0)?,
            name: row.get(1)?,
            spec: row.get(2)?,
            number: row.get(3)?,
            ends_on: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
