//! Integer keys of what lines refer to: organisations, products, orders.
//!
//! A record may arrive before what it refers to; then a stub (version 0) holds the place.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Transaction};

use crate::error::StoreResult;

/// Looks keys up within one transaction.
pub(crate) struct Dims<'t> {
    tx: &'t Transaction<'t>,
    orgs: HashMap<String, i64>,
    products: HashMap<String, i64>,
    last_order: Option<(String, i64)>,
}

impl<'t> Dims<'t> {
    pub(crate) fn new(tx: &'t Transaction<'t>) -> Self {
        Self { tx, orgs: HashMap::new(), products: HashMap::new(), last_order: None }
    }

    pub(crate) fn tx(&self) -> &'t Transaction<'t> {
        self.tx
    }

    pub(crate) fn org(&mut self, id: &str) -> StoreResult<i64> {
        if let Some(key) = self.orgs.get(id) {
            return Ok(*key);
        }
        let key = find_or_stub(
            self.tx,
            id,
            "SELECT key FROM org WHERE id = ?1",
            "INSERT INTO org (id) VALUES (?1)",
        )?;
        self.orgs.insert(id.to_owned(), key);
        Ok(key)
    }

    pub(crate) fn product(&mut self, id: &str) -> StoreResult<i64> {
        if let Some(key) = self.products.get(id) {
            return Ok(*key);
        }
        let key = find_or_stub(
            self.tx,
            id,
            "SELECT key FROM product WHERE id = ?1",
            "INSERT INTO product (id) VALUES (?1)",
        )?;
        self.products.insert(id.to_owned(), key);
        Ok(key)
    }

    /// Lines come order by order, so the last one is all that is worth remembering.
    pub(crate) fn order(&mut self, id: &str) -> StoreResult<i64> {
        if let Some((last, key)) = &self.last_order
            && last == id
        {
            return Ok(*key);
        }
        let key = find_or_stub(
            self.tx,
            id,
            "SELECT key FROM purchase_order WHERE id = ?1",
            "INSERT INTO purchase_order (id) VALUES (?1)",
        )?;
        self.last_order = Some((id.to_owned(), key));
        Ok(key)
    }
}

fn find_or_stub(tx: &Transaction<'_>, id: &str, find: &str, stub: &str) -> StoreResult<i64> {
    if let Some(key) = tx.prepare_cached(find)?.query_row([id], |row| row.get(0)).optional()? {
        return Ok(key);
    }
    tx.prepare_cached(stub)?.execute([id])?;
    Ok(tx.last_insert_rowid())
}
