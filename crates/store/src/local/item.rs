//! 院内耗材对照 made here: items of the ledger, and the products that a person linked them to.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    OF_LEDGER = "SELECT item, name, spec, unit, manufacturer, code, count(*) FROM ledger_line INDEXED BY ledger_line_item
        GROUP BY item, name, spec, unit, manufacturer, code";
    OF_PLATFORM = "SELECT h.code, h.name, h.unit, h.factor_num, h.factor_den, p.id FROM hosp_item h
          JOIN product p ON p.key = h.product_key";
    LINKS = "SELECT item, product_id, factor_num, factor_den, linked_at, linked_by FROM item_link";
    LINK = "SELECT item, product_id, factor_num, factor_den, linked_at, linked_by FROM item_link WHERE item = ?1";
}

/// An item as the ledger writes it; the same one may be written in several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Written {
    /// 院内编码; may be empty.
    pub code: String,
    pub name: String,
    pub spec: String,
    pub unit: String,
    pub maker: String,
    pub mcs_code: String,
    /// Ledger lines that write it so.
    pub lines: u32,
}

/// An item that the platform has linked (院内耗材对照).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Listed {
    pub code: String,
    pub name: String,
    pub unit: String,
    pub factor_num: u32,
    pub factor_den: u32,
    pub product: String,
}

/// A link that a person made: one unit of the item is `factor_num / factor_den` of the product's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Link {
    pub item: String,
    pub product: String,
    pub factor_num: u32,
    pub factor_den: u32,
    pub linked_at: Seconds,
    pub linked_by: String,
}

fn link(row: &rusqlite::Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        item: row.get(0)?,
        product: row.get(1)?,
        factor_num: row.get(2)?,
        factor_den: row.get(3)?,
        linked_at: row.get(4)?,
        linked_by: row.get(5)?,
    })
}

/// The items of the imported ledgers, each way of writing one by itself.
pub fn of_ledger(conn: &Connection) -> StoreResult<Vec<Written>> {
    let mut statement = conn.prepare_cached(OF_LEDGER)?;
    let rows = statement.query_map([], |row| {
        Ok(Written {
            code: row.get(0)?,
            name: row.get(1)?,
            spec: row.get(2)?,
            unit: row.get(3)?,
            maker: row.get(4)?,
            mcs_code: row.get(5)?,
            lines: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The items that the platform has linked.
pub fn of_platform(conn: &Connection) -> StoreResult<Vec<Listed>> {
    let mut statement = conn.prepare_cached(OF_PLATFORM)?;
    let rows = statement.query_map([], |row| {
        Ok(Listed {
            code: row.get(0)?,
            name: row.get(1)?,
            unit: row.get(2)?,
            factor_num: row.get(3)?,
            factor_den: row.get(4)?,
            product: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every link made here.
pub fn links(conn: &Connection) -> StoreResult<Vec<Link>> {
    let mut statement = conn.prepare_cached(LINKS)?;
    let rows = statement.query_map([], link)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The link of an item.
pub fn get(conn: &Connection, item: &str) -> StoreResult<Option<Link>> {
    Ok(conn.prepare_cached(LINK)?.query_row([item], link).optional()?)
}

/// Links an item to a product, instead of to another one where it was.
pub fn put(tx: &Transaction<'_>, link: &Link) -> StoreResult<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO item_link VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(
        params![link.item, link.product, link.factor_num, link.factor_den, link.linked_at, link.linked_by],
    )?;
    Ok(())
}

/// Takes a link away; whether there was one.
pub fn remove(tx: &Transaction<'_>, item: &str) -> StoreResult<bool> {
    Ok(tx.prepare_cached("DELETE FROM item_link WHERE item = ?1")?.execute([item])? > 0)
}
