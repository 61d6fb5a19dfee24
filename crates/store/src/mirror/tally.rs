//! Counts and sums that rooms read, kept in the transaction that brings the records.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Transaction, params};
use sunbench_domain::Amount;

use super::rows::OrderLineRow;
use crate::error::StoreResult;
use crate::plan::queries;

/// Seconds of a Shanghai day's offset from UTC.
const EAST: i64 = 8 * 3600;

/// The Shanghai day of an instant, in days since 1970.
#[must_use]
pub fn shanghai_day(at: i64) -> i64 {
    (at + EAST).div_euclid(86_400)
}

/// The first second of a Shanghai day.
#[must_use]
pub fn day_start(day: i64) -> i64 {
    day * 86_400 - EAST
}

queries! {
    COUNTS = "SELECT resource, n FROM tally_resource WHERE n <> 0";
    LINES_BY_STATE = "SELECT state, sum(n), sum(amount) FROM tally_line WHERE day BETWEEN ?1 AND ?2 GROUP BY state";
    LINES_OF_PRODUCT = "SELECT n FROM tally_product WHERE product_key = ?1";
    LINES_OF_SUPPLIER = "SELECT n FROM tally_supplier WHERE supplier_key = ?1";
    LINE_BEFORE = "SELECT submit_at, state, amount, product_key, supplier_key FROM order_line WHERE key = ?1";
}

/// What one order line adds to the tallies.
pub(crate) struct LineCount {
    day: i64,
    state: String,
    amount: i64,
    product: i64,
    supplier: i64,
}

impl LineCount {
    pub(crate) fn of(row: &OrderLineRow, product: i64, supplier: i64) -> Self {
        Self {
            day: shanghai_day(row.submit_at),
            state: row.state.to_owned(),
            amount: row.amount.units(),
            product,
            supplier,
        }
    }

    pub(crate) fn read(tx: &Transaction<'_>, key: i64) -> StoreResult<Self> {
        Ok(tx.prepare_cached(LINE_BEFORE)?.query_row([key], |row| {
            Ok(Self {
                day: shanghai_day(row.get(0)?),
                state: row.get(1)?,
                amount: row.get(2)?,
                product: row.get(3)?,
                supplier: row.get(4)?,
            })
        })?)
    }
}

/// Sums of one batch, in memory.
#[derive(Default)]
pub(crate) struct Tally {
    resources: BTreeMap<String, i64>,
    lines: BTreeMap<(i64, String), (i64, i64)>,
    products: HashMap<i64, i64>,
    suppliers: HashMap<i64, i64>,
}

impl Tally {
    pub(crate) fn resource(&mut self, name: &str, n: i64) {
        if let Some(count) = self.resources.get_mut(name) {
            *count += n;
        } else {
            self.resources.insert(name.to_owned(), n);
        }
    }

    pub(crate) fn line(&mut self, line: &LineCount, sign: i64) {
        let entry = self.lines.entry((line.day, line.state.clone())).or_default();
        entry.0 += sign;
        entry.1 += sign * line.amount;
        *self.products.entry(line.product).or_default() += sign;
        *self.suppliers.entry(line.supplier).or_default() += sign;
    }

    pub(crate) fn write(self, tx: &Transaction<'_>) -> StoreResult<()> {
        let mut resource = tx.prepare_cached(
            "INSERT INTO tally_resource VALUES (?1, ?2) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        )?;
        for (name, n) in self.resources {
            resource.execute(params![name, n])?;
        }
        let mut line = tx.prepare_cached(
            "INSERT INTO tally_line VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET n = n + excluded.n, amount = amount + excluded.amount",
        )?;
        for ((day, state), (n, amount)) in self.lines {
            line.execute(params![day, state, n, amount])?;
        }
        let mut product = tx.prepare_cached(
            "INSERT INTO tally_product VALUES (?1, ?2) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        )?;
        for (key, n) in self.products {
            product.execute(params![key, n])?;
        }
        let mut supplier = tx.prepare_cached(
            "INSERT INTO tally_supplier VALUES (?1, ?2) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        )?;
        for (key, n) in self.suppliers {
            supplier.execute(params![key, n])?;
        }
        Ok(())
    }
}

/// How many records of each resource the mirror holds.
pub fn counts(conn: &Connection) -> StoreResult<BTreeMap<String, u64>> {
    let mut statement = conn.prepare_cached(COUNTS)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Order lines of the Shanghai days `from` to `to` (both included; days since 1970): per state, how many
/// and their amount.
pub fn lines_by_state(conn: &Connection, from: i64, to: i64) -> StoreResult<Vec<(String, u64, Amount)>> {
    let mut statement = conn.prepare_cached(LINES_BY_STATE)?;
    let rows = statement
        .query_map([from, to], |row| Ok((row.get(0)?, row.get(1)?, Amount::from_units(row.get(2)?))))?;
    Ok(rows.filter(|row| !matches!(row, Ok((_, 0, _)))).collect::<Result<_, _>>()?)
}

/// How many order lines a product has.
pub fn lines_of_product(conn: &Connection, key: i64) -> StoreResult<u64> {
    one(conn, LINES_OF_PRODUCT, key)
}

/// How many order lines a supplier has.
pub fn lines_of_supplier(conn: &Connection, key: i64) -> StoreResult<u64> {
    one(conn, LINES_OF_SUPPLIER, key)
}

fn one(conn: &Connection, sql: &str, key: i64) -> StoreResult<u64> {
    use rusqlite::OptionalExtension;
    Ok(conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()?.unwrap_or(0))
}
