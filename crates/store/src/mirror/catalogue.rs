//! 挂网目录: products found by text, and what belongs to one.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use sunbench_domain::{Price, Quantity};

use super::search::{self, HitKind};
use super::table::{DateText, Seconds};
use crate::error::StoreResult;
use crate::plan::queries;

macro_rules! product {
    ($where:literal) => {
        concat!(
            "SELECT p.key, p.id, p.name, p.spec, p.model, p.mcs_code, p.udi_di, p.unit, p.category, coalesce(m.name, ''), \
             coalesce(m.id, ''), p.reg_no, p.reg_expires_on, p.purchase_type, p.selected, p.price, p.raw_state,
             coalesce((SELECT t.n FROM tally_product t WHERE t.product_key = p.key), 0),
             (SELECT json_group_array(h.code) FROM hosp_item h WHERE h.product_key = p.key)
             FROM product p LEFT JOIN org m ON m.key = p.maker_key WHERE p.ver > 0 ",
            $where
        )
    };
}

queries! {
    KEYS = "SELECT key, name, spec, raw_state, selected, mcs_code,
          EXISTS (SELECT 1 FROM tally_product t WHERE t.product_key = product.key AND t.n > 0)
            OR EXISTS (SELECT 1 FROM hosp_item h WHERE h.product_key = product.key)
        FROM product WHERE ver > 0";
    AT = product!("AND p.key = ?1");
    BY_ID = product!("AND p.id = ?1");
    ALL = product!("");
    OF_ITEM = "SELECT product_key FROM hosp_item WHERE key = ?1";
    ITEMS = "SELECT h.code, h.name, h.unit, h.factor_num, h.factor_den FROM hosp_item h WHERE h.product_key = ?1";
    LAST = "SELECT l.id, o.code, l.submit_at, l.quantity, l.price, s.name, l.state_text
        FROM order_line l INDEXED BY order_line_product JOIN purchase_order o ON o.key = l.order_key
          JOIN org s ON s.key = l.supplier_key
        WHERE l.product_key = ?1 ORDER BY l.submit_at DESC LIMIT ?2";
}

/// 挂网产品 with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Product {
    pub key: i64,
    pub id: String,
    pub name: String,
    pub spec: String,
    pub model: String,
    pub mcs_code: Option<String>,
    pub udi_di: Option<String>,
    pub unit: String,
    pub category: String,
    pub maker: String,
    pub maker_id: String,
    pub registration: String,
    pub registration_ends_on: Option<DateText>,
    pub purchase_type: String,
    pub selected: bool,
    pub price: Price,
    /// `1` listed.
    pub raw_state: String,
    pub ordered_lines: u32,
    /// 院内编码.
    pub items: Vec<String>,
}

/// A product as the list chooses and sorts it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Place {
    pub key: i64,
    pub name: String,
    pub spec: String,
    /// `1` listed.
    pub raw_state: String,
    pub selected: bool,
    pub mcs_code: Option<String>,
    /// Ordered before, or one of the hospital's items.
    pub ours: bool,
}

/// 院内耗材 of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Item {
    pub code: String,
    pub name: String,
    pub unit: String,
    pub factor_num: u32,
    pub factor_den: u32,
}

/// An order line of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Ordered {
    pub line: String,
    pub order_code: String,
    pub submit_at: Seconds,
    pub quantity: Quantity,
    pub price: Price,
    pub supplier: String,
    pub state_text: String,
}

impl Product {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let items: String = row.get(18)?;
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            name: row.get(2)?,
            spec: row.get(3)?,
            model: row.get(4)?,
            mcs_code: row.get(5)?,
            udi_di: row.get(6)?,
            unit: row.get(7)?,
            category: row.get(8)?,
            maker: row.get(9)?,
            maker_id: row.get(10)?,
            registration: row.get(11)?,
            registration_ends_on: row.get(12)?,
            purchase_type: row.get(13)?,
            selected: row.get(14)?,
            price: Price::from_units(row.get(15)?),
            raw_state: row.get(16)?,
            ordered_lines: row.get(17)?,
            items: serde_json::from_str(&items).unwrap_or_default(),
        })
    }
}

/// The products that every word of a text means, by name; a blank text means all of them.
pub fn places(conn: &Connection, text: &str) -> StoreResult<Vec<Place>> {
    let mut wanted: Option<BTreeSet<i64>> = None;
    for word in search::words(text) {
        let found = of_word(conn, &word)?;
        wanted = Some(match wanted {
            Some(before) => before.intersection(&found).copied().collect(),
            None => found,
        });
    }
    let mut statement = conn.prepare_cached(KEYS)?;
    let rows = statement.query_map([], |row| {
        Ok(Place {
            key: row.get(0)?,
            name: row.get(1)?,
            spec: row.get(2)?,
            raw_state: row.get(3)?,
            selected: row.get(4)?,
            mcs_code: row.get(5)?,
            ours: row.get(6)?,
        })
    })?;
    let mut places: Vec<Place> = rows
        .filter(|row| {
            row.as_ref().map_or(true, |row| wanted.as_ref().is_none_or(|keys| keys.contains(&row.key)))
        })
        .collect::<Result<_, _>>()?;
    places.sort_by(|a, b| (&a.name, &a.spec, a.key).cmp(&(&b.name, &b.spec, b.key)));
    Ok(places)
}

fn of_word(conn: &Connection, word: &str) -> StoreResult<BTreeSet<i64>> {
    let mut products = BTreeSet::new();
    for (kind, key) in search::hits(conn, word, u32::MAX)? {
        match kind {
            HitKind::Product => {
                products.insert(key);
            }
            HitKind::Org => products.extend(search::made_by(conn, key)?),
            HitKind::HospItem => {
                products.extend(
                    conn.prepare_cached(OF_ITEM)?.query_row([key], |row| row.get::<_, i64>(0)).optional()?,
                );
            }
        }
    }
    Ok(products)
}

/// Every product, without order: for a comparison with all of them.
pub fn all(conn: &Connection) -> StoreResult<Vec<Product>> {
    let mut statement = conn.prepare_cached(ALL)?;
    let rows = statement.query_map([], Product::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The product at a key.
pub fn at(conn: &Connection, key: i64) -> StoreResult<Option<Product>> {
    Ok(conn.prepare_cached(AT)?.query_row([key], Product::read).optional()?)
}

/// One product.
pub fn get(conn: &Connection, id: &str) -> StoreResult<Option<Product>> {
    Ok(conn.prepare_cached(BY_ID)?.query_row([id], Product::read).optional()?)
}

/// The hospital's items of a product.
pub fn items(conn: &Connection, product: i64) -> StoreResult<Vec<Item>> {
    let mut statement = conn.prepare_cached(ITEMS)?;
    let rows = statement.query_map([product], |row| {
        Ok(Item {
            code: row.get(0)?,
            name: row.get(1)?,
            unit: row.get(2)?,
            factor_num: row.get(3)?,
            factor_den: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The last order lines of a product, the newest first.
pub fn last_orders(conn: &Connection, product: i64, limit: u32) -> StoreResult<Vec<Ordered>> {
    let mut statement = conn.prepare_cached(LAST)?;
    let rows = statement.query_map(params![product, limit], |row| {
        Ok(Ordered {
            line: row.get(0)?,
            order_code: row.get(1)?,
            submit_at: row.get(2)?,
            quantity: Quantity::from_units(row.get(3)?),
            price: Price::from_units(row.get(4)?),
            supplier: row.get(5)?,
            state_text: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
