//! 豁免: what the hospital leaves out of an indicator, with its reason and evidence.

use rusqlite::{Connection, Transaction, params};
use sunbench_domain::Quantity;

use crate::error::StoreResult;
use crate::mirror::{DateText, Seconds};
use crate::plan::queries;

queries! {
    STANDING = "SELECT exemption, kind, agreement_id, product_id, maker_id, variety, relief, from_on, through_on, reason,
          evidence, recorded_at, recorded_by FROM exemption WHERE undone_at IS NULL ORDER BY exemption";
}

/// 豁免记录.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Exemption {
    pub exemption: i64,
    pub kind: String,
    pub agreement_id: Option<String>,
    pub product_id: Option<String>,
    pub maker_id: Option<String>,
    pub variety: Option<String>,
    pub relief: Quantity,
    pub from_on: DateText,
    pub through_on: DateText,
    pub reason: String,
    pub evidence: String,
    pub recorded_at: Seconds,
    pub recorded_by: String,
}

/// The exemptions that stand.
pub fn standing(conn: &Connection) -> StoreResult<Vec<Exemption>> {
    let mut statement = conn.prepare_cached(STANDING)?;
    let rows = statement.query_map([], |row| {
        Ok(Exemption {
            exemption: row.get(0)?,
            kind: row.get(1)?,
            agreement_id: row.get(2)?,
            product_id: row.get(3)?,
            maker_id: row.get(4)?,
            variety: row.get(5)?,
            relief: Quantity::from_units(row.get(6)?),
            from_on: row.get(7)?,
            through_on: row.get(8)?,
            reason: row.get(9)?,
            evidence: row.get(10)?,
            recorded_at: row.get(11)?,
            recorded_by: row.get(12)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records an exemption; its number. The number in `exemption` does not matter.
pub fn add(tx: &Transaction<'_>, new: &Exemption) -> StoreResult<i64> {
    tx.prepare_cached(
        "INSERT INTO exemption (kind, agreement_id, product_id, maker_id, variety, relief, from_on, through_on, reason,
           evidence, recorded_at, recorded_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        new.kind,
        new.agreement_id,
        new.product_id,
        new.maker_id,
        new.variety,
        new.relief.units(),
        new.from_on,
        new.through_on,
        new.reason,
        new.evidence,
        new.recorded_at,
        new.recorded_by
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Takes an exemption back; `false` where it was before.
pub fn undo(tx: &Transaction<'_>, exemption: i64, by: &str, at: Seconds) -> StoreResult<bool> {
    let marked = tx
        .prepare_cached(
            "UPDATE exemption SET undone_at = ?2, undone_by = ?3 WHERE exemption = ?1 AND undone_at IS NULL",
        )?
        .execute(params![exemption, at, by])?;
    Ok(marked == 1)
}
