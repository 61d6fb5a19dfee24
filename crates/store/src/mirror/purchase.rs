//! What an order is checked against: the product, the agreement, and what was ordered before.

use rusqlite::{Connection, OptionalExtension, params};
use sunbench_domain::{Price, Quantity};

use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    PRODUCT = "SELECT p.id, p.name, p.spec, p.unit, p.category, p.mcs_code, p.price, p.selected, p.raw_state,
          coalesce(m.id, ''), p.price_cap, p.assembled_from
        FROM product p LEFT JOIN org m ON m.key = p.maker_key WHERE p.id = ?1 AND p.ver > 0";
    AGREEMENT = "SELECT a.id, a.ver, a.agreed, a.starts_on, a.ends_on, a.raw_state, m.id
        FROM agreement a JOIN org m ON m.key = a.maker_key WHERE a.id = ?1";
    ORDERED_UNDER = "SELECT coalesce(sum(quantity), 0) FROM order_line INDEXED BY order_line_agreement
        WHERE agreement_id = ?1 AND agreement_id IS NOT NULL AND state NOT IN ('REFUSED', 'SHIP_REFUSED', 'CANCELLED')";
    ORDERED_OF = "SELECT l.quantity, l.submit_at, o.code FROM order_line l INDEXED BY order_line_product
          JOIN purchase_order o ON o.key = l.order_key
        WHERE l.product_key = (SELECT key FROM product WHERE id = ?1) AND l.submit_at BETWEEN ?2 AND ?3
          AND l.state NOT IN ('REFUSED', 'SHIP_REFUSED', 'CANCELLED') ORDER BY l.submit_at";
    /// Received less returned, by the department that ordered.
    KEPT_BY_DEPARTMENT = "SELECT o.dept, sum(l.received - l.returned) FROM order_line l INDEXED BY order_line_product
          JOIN purchase_order o ON o.key = l.order_key
        WHERE l.product_key = (SELECT key FROM product WHERE id = ?1) AND l.submit_at BETWEEN ?2 AND ?3 GROUP BY o.dept";
    LINE = "SELECT l.id, l.price, l.received, s.id, p.id FROM order_line l JOIN org s ON s.key = l.supplier_key
          JOIN product p ON p.key = l.product_key WHERE l.id = ?1";
    RETURNED = "SELECT coalesce(sum(n.quantity), 0) FROM return_line n INDEXED BY return_line_order
          JOIN goods_return r ON r.key = n.return_key
        WHERE n.order_line_id = ?1 AND r.kind = 'goods' AND r.state <> 'REFUSED'";
    OWN_KEY = "SELECT own_key FROM order_line WHERE id = ?1";
    ORG_NAME = "SELECT name FROM org WHERE id = ?1";
    ORGS_OF_KIND = "SELECT id, name FROM org WHERE kind = ?1";
    ORDER = "SELECT id, ver, code FROM purchase_order WHERE id = ?1 AND ver > 0";
}

/// 挂网产品, as far as an order is checked against it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Product {
    pub id: String,
    pub name: String,
    pub spec: String,
    pub unit: String,
    pub category: String,
    pub mcs_code: Option<String>,
    pub price: Price,
    pub selected: bool,
    /// `1` listed.
    pub raw_state: String,
    pub maker: String,
    /// 非中选产品限价.
    pub price_cap: Option<Price>,
    /// 组套: the products that it is assembled from.
    pub assembled_from: Vec<String>,
}

/// 带量协议, as far as an order is checked against it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Agreement {
    pub id: String,
    pub ver: i64,
    pub agreed: Quantity,
    pub starts_on: DateText,
    pub ends_on: DateText,
    pub raw_state: String,
    pub maker: String,
}

/// An earlier order line of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Ordered {
    pub quantity: Quantity,
    pub submit_at: Seconds,
    pub order_code: String,
}

/// 订单明细, as far as a return or a supply problem needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct BoughtLine {
    pub id: String,
    pub price: Price,
    pub received: Quantity,
    pub supplier: String,
    pub product: String,
}

/// 订单, as far as a cancellation needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Order {
    pub id: String,
    pub ver: i64,
    pub code: String,
}

/// One product.
pub fn product(conn: &Connection, id: &str) -> StoreResult<Option<Product>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Product {
            id: row.get(0)?,
            name: row.get(1)?,
            spec: row.get(2)?,
            unit: row.get(3)?,
            category: row.get(4)?,
            mcs_code: row.get(5)?,
            price: Price::from_units(row.get(6)?),
            selected: row.get(7)?,
            raw_state: row.get(8)?,
            maker: row.get(9)?,
            price_cap: row.get::<_, Option<i64>>(10)?.map(Price::from_units),
            assembled_from: serde_json::from_str(&row.get::<_, String>(11)?).unwrap_or_default(),
        })
    };
    Ok(conn.prepare_cached(PRODUCT)?.query_row([id], read).optional()?)
}

/// One agreement.
pub fn agreement(conn: &Connection, id: &str) -> StoreResult<Option<Agreement>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Agreement {
            id: row.get(0)?,
            ver: row.get(1)?,
            agreed: Quantity::from_units(row.get(2)?),
            starts_on: row.get(3)?,
            ends_on: row.get(4)?,
            raw_state: row.get(5)?,
            maker: row.get(6)?,
        })
    };
    Ok(conn.prepare_cached(AGREEMENT)?.query_row([id], read).optional()?)
}

/// What was ordered under an agreement, without what came to nothing.
pub fn ordered_under(conn: &Connection, agreement: &str) -> StoreResult<Quantity> {
    let units = conn.prepare_cached(ORDERED_UNDER)?.query_row([agreement], |row| row.get(0))?;
    Ok(Quantity::from_units(units))
}

/// What was ordered of a product between two instants, oldest first, without what came to nothing.
pub fn ordered_of(conn: &Connection, product: &str, from: Seconds, to: Seconds) -> StoreResult<Vec<Ordered>> {
    let mut statement = conn.prepare_cached(ORDERED_OF)?;
    let rows = statement.query_map(params![product, from, to], |row| {
        Ok(Ordered {
            quantity: Quantity::from_units(row.get(0)?),
            submit_at: row.get(1)?,
            order_code: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was received of a product and stayed, by the department that ordered it between two instants.
pub fn kept_by_department(
    conn: &Connection,
    product: &str,
    from: Seconds,
    to: Seconds,
) -> StoreResult<Vec<(String, Quantity)>> {
    let mut statement = conn.prepare_cached(KEPT_BY_DEPARTMENT)?;
    let rows = statement
        .query_map(params![product, from, to], |row| Ok((row.get(0)?, Quantity::from_units(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One order line.
pub fn line(conn: &Connection, id: &str) -> StoreResult<Option<BoughtLine>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(BoughtLine {
            id: row.get(0)?,
            price: Price::from_units(row.get(1)?),
            received: Quantity::from_units(row.get(2)?),
            supplier: row.get(3)?,
            product: row.get(4)?,
        })
    };
    Ok(conn.prepare_cached(LINE)?.query_row([id], read).optional()?)
}

/// What goes back of an order line, or went: refused returns left out.
pub fn returned(conn: &Connection, line: &str) -> StoreResult<Quantity> {
    let units = conn.prepare_cached(RETURNED)?.query_row([line], |row| row.get(0))?;
    Ok(Quantity::from_units(units))
}

/// The name of an organisation.
pub fn org_name(conn: &Connection, id: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(ORG_NAME)?.query_row([id], |row| row.get(0)).optional()?)
}

/// Every organisation of a kind (`office`, `distributor`, …): id and name.
pub fn orgs_of_kind(conn: &Connection, kind: &str) -> StoreResult<Vec<(String, String)>> {
    let mut statement = conn.prepare_cached(ORGS_OF_KIND)?;
    let rows = statement.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// 医院自定义信息 of an order line: the hospital's own key of it, where it was ordered with one.
pub fn own_key(conn: &Connection, line: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(OWN_KEY)?.query_row([line], |row| row.get(0)).optional()?.flatten())
}

/// One order's header.
pub fn order(conn: &Connection, id: &str) -> StoreResult<Option<Order>> {
    let read = |row: &rusqlite::Row<'_>| Ok(Order { id: row.get(0)?, ver: row.get(1)?, code: row.get(2)? });
    Ok(conn.prepare_cached(ORDER)?.query_row([id], read).optional()?)
}
