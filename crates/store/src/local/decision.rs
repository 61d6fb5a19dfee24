//! 对账决定: what people decided about a month's differences, and what they confirmed for all months.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    OF_PERIODS = "SELECT seq, period, body, decided_at, decided_by, undone_at, undone_by
        FROM reconcile_decision WHERE period BETWEEN ?1 AND ?2 ORDER BY period, seq";
    LAST = "SELECT seq, period, body, decided_at, decided_by, undone_at, undone_by FROM reconcile_decision
        WHERE period = ?1 AND undone_at IS NULL ORDER BY seq DESC LIMIT 1";
    ALIASES = "SELECT kind, platform, ledger FROM known_alias ORDER BY kind, ledger, platform";
    FACTORS = "SELECT code, unit, of_unit, per FROM known_factor ORDER BY code, unit, of_unit";
    SUMMARIES = "SELECT period, digest, body, computed_at FROM reconcile_summary ORDER BY period";
    SUMMARY_DIGEST = "SELECT digest FROM reconcile_summary WHERE period = ?1";
}

/// 决定: one action of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Decision {
    pub seq: i64,
    /// `yyyy-MM`.
    pub period: String,
    /// JSON.
    pub body: String,
    pub decided_at: Seconds,
    pub decided_by: String,
    pub undone_at: Option<Seconds>,
    pub undone_by: Option<String>,
}

impl Decision {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            period: row.get(1)?,
            body: row.get(2)?,
            decided_at: row.get(3)?,
            decided_by: row.get(4)?,
            undone_at: row.get(5)?,
            undone_by: row.get(6)?,
        })
    }
}

/// The decisions of the months `from` to `to`, those taken back among them, in their order.
pub fn of_periods(conn: &Connection, from: &str, to: &str) -> StoreResult<Vec<Decision>> {
    let mut statement = conn.prepare_cached(OF_PERIODS)?;
    let rows = statement.query_map([from, to], Decision::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The last decision of a month that stands.
pub fn last(conn: &Connection, period: &str) -> StoreResult<Option<Decision>> {
    Ok(conn.prepare_cached(LAST)?.query_row([period], Decision::read).optional()?)
}

/// Records a decision; its number.
pub fn add(tx: &Transaction<'_>, period: &str, body: &str, by: &str, at: Seconds) -> StoreResult<i64> {
    tx.prepare_cached(
        "INSERT INTO reconcile_decision (period, body, decided_at, decided_by) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![period, body, at, by])?;
    Ok(tx.last_insert_rowid())
}

/// Takes a decision back; `false` where it was before.
pub fn undo(tx: &Transaction<'_>, seq: i64, by: &str, at: Seconds) -> StoreResult<bool> {
    let marked = tx
        .prepare_cached(
            "UPDATE reconcile_decision SET undone_at = ?2, undone_by = ?3 WHERE seq = ?1 AND undone_at IS NULL",
        )?
        .execute(params![seq, at, by])?;
    Ok(marked == 1)
}

/// 别名: what the platform and the ledger call one company or product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownAlias {
    /// Of a supplier, else of a product.
    pub is_supplier: bool,
    /// As the platform writes it.
    pub platform: String,
    /// As the ledger writes it.
    pub ledger: String,
}

/// 换算系数: one `unit` is `per` of `of`; an empty code holds for every product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub struct KnownFactor {
    pub code: String,
    pub unit: String,
    pub of: String,
    pub per: u32,
}

/// The confirmed aliases.
pub fn aliases(conn: &Connection) -> StoreResult<Vec<KnownAlias>> {
    let mut statement = conn.prepare_cached(ALIASES)?;
    let rows = statement.query_map([], |row| {
        Ok(KnownAlias {
            is_supplier: row.get_ref(0)?.as_str()? == "supplier",
            platform: row.get(1)?,
            ledger: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The confirmed factors.
pub fn factors(conn: &Connection) -> StoreResult<Vec<KnownFactor>> {
    let mut statement = conn.prepare_cached(FACTORS)?;
    let rows = statement.query_map([], |row| {
        Ok(KnownFactor { code: row.get(0)?, unit: row.get(1)?, of: row.get(2)?, per: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Confirms an alias; `false` where it was before.
pub fn add_alias(tx: &Transaction<'_>, alias: &KnownAlias, by: &str, at: Seconds) -> StoreResult<bool> {
    let added = tx
        .prepare_cached("INSERT INTO known_alias VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")?
        .execute(params![kind(alias), alias.platform, alias.ledger, at, by])?;
    Ok(added == 1)
}

/// Forgets an alias; `false` where there was none.
pub fn remove_alias(tx: &Transaction<'_>, alias: &KnownAlias) -> StoreResult<bool> {
    let removed = tx
        .prepare_cached("DELETE FROM known_alias WHERE kind = ?1 AND platform = ?2 AND ledger = ?3")?
        .execute(params![kind(alias), alias.platform, alias.ledger])?;
    Ok(removed == 1)
}

const fn kind(alias: &KnownAlias) -> &'static str {
    if alias.is_supplier { "supplier" } else { "product" }
}

/// Confirms a factor; another one for the same units is replaced.
pub fn put_factor(tx: &Transaction<'_>, factor: &KnownFactor, by: &str, at: Seconds) -> StoreResult<bool> {
    let put = tx
        .prepare_cached(
            "INSERT INTO known_factor VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE
             SET per = excluded.per, added_at = excluded.added_at, added_by = excluded.added_by
             WHERE per <> excluded.per",
        )?
        .execute(params![factor.code, factor.unit, factor.of, factor.per, at, by])?;
    Ok(put == 1)
}

/// Forgets a factor; `false` where there was none.
pub fn remove_factor(tx: &Transaction<'_>, factor: &KnownFactor) -> StoreResult<bool> {
    let removed = tx
        .prepare_cached("DELETE FROM known_factor WHERE code = ?1 AND unit = ?2 AND of_unit = ?3")?
        .execute(params![factor.code, factor.unit, factor.of])?;
    Ok(removed == 1)
}

/// A month as it was computed last.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Summary {
    /// `yyyy-MM`.
    pub period: String,
    /// Of what it was computed from and of what was found.
    pub digest: String,
    /// JSON.
    pub body: String,
    pub computed_at: Seconds,
}

/// Every month's last summary.
pub fn summaries(conn: &Connection) -> StoreResult<Vec<Summary>> {
    let mut statement = conn.prepare_cached(SUMMARIES)?;
    let rows = statement.query_map([], |row| {
        Ok(Summary { period: row.get(0)?, digest: row.get(1)?, body: row.get(2)?, computed_at: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The digest of a month's last summary.
pub fn summary_digest(conn: &Connection, period: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(SUMMARY_DIGEST)?.query_row([period], |row| row.get(0)).optional()?)
}

/// Keeps a month's summary.
pub fn put_summary(tx: &Transaction<'_>, summary: &Summary) -> StoreResult<()> {
    tx.prepare_cached(
        "INSERT INTO reconcile_summary VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE
         SET digest = excluded.digest, body = excluded.body, computed_at = excluded.computed_at",
    )?
    .execute(params![summary.period, summary.digest, summary.body, summary.computed_at])?;
    Ok(())
}
