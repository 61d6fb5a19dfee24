//! 医院台账: lines of the hospital's own ledger, by the imports that brought them.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sunbench_domain::{Amount, Price, Quantity};

use crate::error::StoreResult;
use crate::mirror::{DateText, Seconds};
use crate::plan::queries;

macro_rules! line_columns {
    () => {
        "key, fingerprint, ordinal, month, kind, dated_on, order_code, order_line, delivery, delivery_line, invoice, \
         code, udi, item, name, spec, manufacturer, supplier, lot, serial, expires_on, quantity, unit, price, amount"
    };
}
macro_rules! batch_columns {
    () => {
        "batch, file_name, file_sha256, profile, line_count, accepted, added, refused, from_on, to_on, imported_at, \
         imported_by, undone_at, undone_by"
    };
}

queries! {
    LINES = concat!("SELECT ", line_columns!(), " FROM ledger_line WHERE month BETWEEN ?1 AND ?2");
    LINE_KEY = "SELECT key FROM ledger_line WHERE fingerprint = ?1 AND ordinal = ?2";
    MONTHS = "SELECT month, count(*) FROM ledger_line INDEXED BY ledger_line_month GROUP BY month";
    SOURCE = "SELECT b.file_name, s.sheet_row FROM ledger_source s JOIN ledger_batch b ON b.batch = s.batch
        WHERE s.line_key = ?1 AND b.undone_at IS NULL";
    BATCHES = concat!("SELECT ", batch_columns!(), " FROM ledger_batch ORDER BY batch DESC LIMIT ?1");
    BATCH = concat!("SELECT ", batch_columns!(), " FROM ledger_batch WHERE batch = ?1");
    PROBLEMS = "SELECT problems FROM ledger_batch WHERE batch = ?1";
    OF_FILE = "SELECT batch FROM ledger_batch INDEXED BY ledger_batch_file
        WHERE file_sha256 = ?1 AND undone_at IS NULL";
    ONLY_OF_BATCH = "SELECT line_key FROM ledger_source s WHERE s.batch = ?1
        AND NOT EXISTS (SELECT 1 FROM ledger_source o WHERE o.line_key = s.line_key AND o.batch <> s.batch)";
    ID = "SELECT fingerprint, ordinal FROM ledger_line WHERE key = ?1";
}

/// 台账行: what tells a line from others, whatever file it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerLineId {
    /// Of everything that the line states.
    pub fingerprint: [u8; 16],
    /// 1, 2, 3 among equal lines of one file.
    pub ordinal: u32,
}

/// 台账行.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct LedgerRow {
    /// Where it stands in this profile; 0 for a new one.
    pub key: i64,
    pub id: LedgerLineId,
    /// Such as 202610.
    pub month: u32,
    pub is_return: bool,
    pub dated_on: Option<DateText>,
    pub order: String,
    pub order_line: String,
    pub delivery: String,
    pub delivery_line: String,
    pub invoice: String,
    pub code: String,
    pub udi: String,
    pub item: String,
    pub name: String,
    pub spec: String,
    pub manufacturer: String,
    pub supplier: String,
    pub lot: String,
    pub serial: String,
    pub expires_on: Option<DateText>,
    pub quantity: Quantity,
    pub unit: String,
    pub price: Option<Price>,
    pub amount: Option<Amount>,
}

impl LedgerRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: LedgerLineId { fingerprint: row.get(1)?, ordinal: row.get(2)? },
            month: row.get(3)?,
            is_return: row.get_ref(4)?.as_str()? == "return",
            dated_on: row.get(5)?,
            order: row.get(6)?,
            order_line: row.get(7)?,
            delivery: row.get(8)?,
            delivery_line: row.get(9)?,
            invoice: row.get(10)?,
            code: row.get(11)?,
            udi: row.get(12)?,
            item: row.get(13)?,
            name: row.get(14)?,
            spec: row.get(15)?,
            manufacturer: row.get(16)?,
            supplier: row.get(17)?,
            lot: row.get(18)?,
            serial: row.get(19)?,
            expires_on: row.get(20)?,
            quantity: Quantity::from_units(row.get(21)?),
            unit: row.get(22)?,
            price: row.get::<_, Option<i64>>(23)?.map(Price::from_units),
            amount: row.get::<_, Option<i64>>(24)?.map(Amount::from_units),
        })
    }
}

/// What an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Batch {
    pub batch: i64,
    pub file_name: String,
    pub file_sha256: String,
    /// Name of the import profile; empty without one.
    pub profile: String,
    /// Lines of the file.
    pub line_count: u32,
    pub accepted: u32,
    pub added: u32,
    pub refused: u32,
    pub from_on: Option<DateText>,
    pub to_on: Option<DateText>,
    pub imported_at: Seconds,
    pub imported_by: String,
    pub undone_at: Option<Seconds>,
    pub undone_by: Option<String>,
}

impl Batch {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            batch: row.get(0)?,
            file_name: row.get(1)?,
            file_sha256: row.get(2)?,
            profile: row.get(3)?,
            line_count: row.get(4)?,
            accepted: row.get(5)?,
            added: row.get(6)?,
            refused: row.get(7)?,
            from_on: row.get(8)?,
            to_on: row.get(9)?,
            imported_at: row.get(10)?,
            imported_by: row.get(11)?,
            undone_at: row.get(12)?,
            undone_by: row.get(13)?,
        })
    }
}

/// The lines of the months `from` to `to`, both included, such as 202609.
pub fn lines(conn: &Connection, from: u32, to: u32) -> StoreResult<Vec<LedgerRow>> {
    let mut statement = conn.prepare_cached(LINES)?;
    let rows = statement.query_map([from, to], LedgerRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a line is here.
pub fn is_known(conn: &Connection, id: &LedgerLineId) -> StoreResult<bool> {
    Ok(find(conn, id)?.is_some())
}

fn find(conn: &Connection, id: &LedgerLineId) -> StoreResult<Option<i64>> {
    let key = conn.prepare_cached(LINE_KEY)?.query_row(params![id.fingerprint, id.ordinal], |row| row.get(0));
    Ok(key.optional()?)
}

/// Months with lines, and how many.
pub fn months(conn: &Connection) -> StoreResult<Vec<(u32, u32)>> {
    let mut statement = conn.prepare_cached(MONTHS)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The files and rows that a line came from.
pub fn sources(conn: &Connection, key: i64) -> StoreResult<Vec<(String, u32)>> {
    let mut statement = conn.prepare_cached(SOURCE)?;
    let rows = statement.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The latest imports, undone ones among them.
pub fn batches(conn: &Connection, limit: u32) -> StoreResult<Vec<Batch>> {
    let mut statement = conn.prepare_cached(BATCHES)?;
    let rows = statement.query_map([limit], Batch::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One import.
pub fn batch(conn: &Connection, batch: i64) -> StoreResult<Option<Batch>> {
    Ok(conn.prepare_cached(BATCH)?.query_row([batch], Batch::read).optional()?)
}

/// What an import could not read, as JSON.
pub fn problems(conn: &Connection, batch: i64) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(PROBLEMS)?.query_row([batch], |row| row.get(0)).optional()?)
}

/// The import that brought a file with this digest, unless it was undone.
pub fn batch_of_file(conn: &Connection, sha256: &str) -> StoreResult<Option<i64>> {
    Ok(conn.prepare_cached(OF_FILE)?.query_row([sha256], |row| row.get(0)).optional()?)
}

/// An import under way, in its transaction.
pub struct Import<'t> {
    tx: &'t Transaction<'t>,
    batch: i64,
    added: u32,
}

impl<'t> Import<'t> {
    /// Begins an import; `batch`'s number and `added` are not read.
    pub fn begin(tx: &'t Transaction<'t>, batch: &Batch, problems: &str) -> StoreResult<Self> {
        tx.prepare_cached(
            "INSERT INTO ledger_batch (file_name, file_sha256, profile, line_count, accepted, added, refused, from_on,
               to_on, problems, imported_at, imported_by)
             VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            batch.file_name,
            batch.file_sha256,
            batch.profile,
            batch.line_count,
            batch.accepted,
            batch.refused,
            batch.from_on,
            batch.to_on,
            problems,
            batch.imported_at,
            batch.imported_by
        ])?;
        Ok(Self { tx, batch: tx.last_insert_rowid(), added: 0 })
    }

    /// Takes a line in; `true` where it is new.
    pub fn line(&mut self, line: &LedgerRow, sheet_row: u32) -> StoreResult<bool> {
        let known = find(self.tx, &line.id)?;
        let key = if let Some(key) = known {
            key
        } else {
            self.tx
                .prepare_cached(
                    "INSERT INTO ledger_line (fingerprint, ordinal, month, kind, dated_on, order_code, order_line,
                       delivery, delivery_line, invoice, code, udi, item, name, spec, manufacturer, supplier, lot,
                       serial, expires_on, quantity, unit, price, amount)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    line.id.fingerprint,
                    line.id.ordinal,
                    line.month,
                    if line.is_return { "return" } else { "receipt" },
                    line.dated_on,
                    line.order,
                    line.order_line,
                    line.delivery,
                    line.delivery_line,
                    line.invoice,
                    line.code,
                    line.udi,
                    line.item,
                    line.name,
                    line.spec,
                    line.manufacturer,
                    line.supplier,
                    line.lot,
                    line.serial,
                    line.expires_on,
                    line.quantity.units(),
                    line.unit,
                    line.price.map(Price::units),
                    line.amount.map(Amount::units)
                ])?;
            self.added += 1;
            self.tx.last_insert_rowid()
        };
        self.tx
            .prepare_cached("INSERT INTO ledger_source VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
            .execute(params![key, self.batch, sheet_row])?;
        Ok(known.is_none())
    }

    /// Ends it: the batch's number and how many lines were new.
    pub fn finish(self) -> StoreResult<(i64, u32)> {
        self.tx
            .prepare_cached("UPDATE ledger_batch SET added = ?2 WHERE batch = ?1")?
            .execute(params![self.batch, self.added])?;
        Ok((self.batch, self.added))
    }
}

/// The lines that only this import brought: they go with it.
pub fn only_of_batch(conn: &Connection, batch: i64) -> StoreResult<Vec<LedgerLineId>> {
    let mut statement = conn.prepare_cached(ONLY_OF_BATCH)?;
    let keys = statement.query_map([batch], |row| row.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()?;
    let mut id = conn.prepare_cached(ID)?;
    keys.into_iter()
        .map(|key| {
            Ok(id.query_row([key], |row| {
                Ok(LedgerLineId { fingerprint: row.get(0)?, ordinal: row.get(1)? })
            })?)
        })
        .collect()
}

/// Undoes an import: the lines that no other import holds go. `false` where it was undone before, or there is none.
pub fn undo(tx: &Transaction<'_>, batch: i64, by: &str, at: Seconds) -> StoreResult<bool> {
    let marked = tx
        .prepare_cached(
            "UPDATE ledger_batch SET undone_at = ?2, undone_by = ?3 WHERE batch = ?1 AND undone_at IS NULL",
        )?
        .execute(params![batch, at, by])?;
    if marked == 0 {
        return Ok(false);
    }
    tx.prepare_cached(concat!(
        "DELETE FROM ledger_line WHERE key IN (SELECT line_key FROM ledger_source s WHERE s.batch = ?1 AND NOT EXISTS ",
        "(SELECT 1 FROM ledger_source o WHERE o.line_key = s.line_key AND o.batch <> s.batch))"
    ))?
    .execute([batch])?;
    tx.prepare_cached("DELETE FROM ledger_source WHERE batch = ?1")?.execute([batch])?;
    Ok(true)
}
