//! 对账单: signed statements. The database itself refuses to change or to delete one.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    GET = "SELECT period, body, digest, note, signed_at, signed_by, signed_name FROM statement WHERE period = ?1";
    HEADS = "SELECT period, digest, signed_at, signed_by, signed_name FROM statement ORDER BY period";
    LINES = "SELECT line, is_paired, content FROM statement_line INDEXED BY statement_line_period WHERE period = ?1";
    PERIODS_OF_LINE = "SELECT period, is_paired FROM statement_line WHERE line = ?1";
}

/// 对账单, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Statement {
    /// `yyyy-MM`.
    pub period: String,
    /// JSON, byte for byte as it was signed.
    pub body: String,
    /// SHA-256 of the body in lower-case hexadecimal.
    pub digest: String,
    pub note: String,
    pub signed_at: Seconds,
    pub signed_by: String,
    pub signed_name: String,
}

impl Statement {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            period: row.get(0)?,
            body: row.get(1)?,
            digest: row.get(2)?,
            note: row.get(3)?,
            signed_at: row.get(4)?,
            signed_by: row.get(5)?,
            signed_name: row.get(6)?,
        })
    }
}

/// A line as it was when its month was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedLine {
    /// The platform's document, or the ledger's fingerprint and ordinal.
    pub line: String,
    /// It was in a pair.
    pub is_paired: bool,
    /// Fingerprint of what it stated.
    pub content: [u8; 16],
}

/// Who signed a month, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Signature {
    pub period: String,
    pub digest: String,
    pub signed_at: Seconds,
    pub signed_by: String,
    pub signed_name: String,
}

/// A month's statement.
pub fn get(conn: &Connection, period: &str) -> StoreResult<Option<Statement>> {
    Ok(conn.prepare_cached(GET)?.query_row([period], Statement::read).optional()?)
}

/// The signed months, the oldest first.
pub fn signatures(conn: &Connection) -> StoreResult<Vec<Signature>> {
    let mut statement = conn.prepare_cached(HEADS)?;
    let rows = statement.query_map([], |row| {
        Ok(Signature {
            period: row.get(0)?,
            digest: row.get(1)?,
            signed_at: row.get(2)?,
            signed_by: row.get(3)?,
            signed_name: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The lines of a signed month.
pub fn lines(conn: &Connection, period: &str) -> StoreResult<Vec<SignedLine>> {
    let mut statement = conn.prepare_cached(LINES)?;
    let rows = statement.query_map([period], |row| {
        Ok(SignedLine { line: row.get(0)?, is_paired: row.get(1)?, content: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The signed months that hold a line, and whether it was in a pair there.
pub fn periods_of_line(conn: &Connection, line: &str) -> StoreResult<Vec<(String, bool)>> {
    let mut statement = conn.prepare_cached(PERIODS_OF_LINE)?;
    let rows = statement.query_map([line], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a statement for good; `false` where the month is signed already.
pub fn sign(tx: &Transaction<'_>, statement: &Statement, lines: &[SignedLine]) -> StoreResult<bool> {
    let signed = tx
        .prepare_cached("INSERT INTO statement VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING")?
        .execute(params![
            statement.period,
            statement.body,
            statement.digest,
            statement.note,
            statement.signed_at,
            statement.signed_by,
            statement.signed_name
        ])?;
    if signed == 0 {
        return Ok(false);
    }
    let mut insert = tx.prepare_cached("INSERT INTO statement_line VALUES (?1, ?2, ?3, ?4)")?;
    for line in lines {
        insert.execute(params![line.line, statement.period, line.is_paired, line.content])?;
    }
    Ok(true)
}
