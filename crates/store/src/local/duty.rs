//! 岗位分工 (AB岗): who answers for an area, who stands in for him, and who is away.

use rusqlite::{Connection, Transaction, params};

use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    DUTIES = "SELECT area, a_user, b_user FROM duty ORDER BY area";
    ABSENCES = "SELECT id, user, from_on, through_on, note FROM absence WHERE through_on >= ?1";
}

/// An area's two persons.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Duty {
    pub area: String,
    /// A岗: who answers for it.
    pub a: Option<String>,
    /// B岗: who does while the first is away.
    pub b: Option<String>,
}

/// 外出: a person's absence, both dates included.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Absence {
    pub id: i64,
    pub user: String,
    /// yyyy-MM-dd, as the next one.
    pub from_on: String,
    pub through_on: String,
    pub note: String,
}

/// The areas that somebody answers for.
pub fn duties(conn: &Connection) -> StoreResult<Vec<Duty>> {
    let mut statement = conn.prepare_cached(DUTIES)?;
    let rows =
        statement.query_map([], |row| Ok(Duty { area: row.get(0)?, a: row.get(1)?, b: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets an area's persons; without any it is everybody's.
pub fn set(tx: &Transaction<'_>, duty: &Duty) -> StoreResult<()> {
    if duty.a.is_none() && duty.b.is_none() {
        tx.prepare_cached("DELETE FROM duty WHERE area = ?1")?.execute([&duty.area])?;
        return Ok(());
    }
    tx.prepare_cached("INSERT OR REPLACE INTO duty VALUES (?1, ?2, ?3)")?
        .execute(params![duty.area, duty.a, duty.b])?;
    Ok(())
}

/// The absences that end on this date (yyyy-MM-dd) or later, the earliest first.
pub fn absences(conn: &Connection, ending_from: &str) -> StoreResult<Vec<Absence>> {
    let mut statement = conn.prepare_cached(ABSENCES)?;
    let rows = statement.query_map([ending_from], |row| {
        Ok(Absence {
            id: row.get(0)?,
            user: row.get(1)?,
            from_on: row.get(2)?,
            through_on: row.get(3)?,
            note: row.get(4)?,
        })
    })?;
    let mut absences: Vec<Absence> = rows.collect::<Result<_, _>>()?;
    absences.sort_by(|a, b| (&a.from_on, &a.user, a.id).cmp(&(&b.from_on, &b.user, b.id)));
    Ok(absences)
}

/// Notes an absence; its number.
pub fn add_absence(
    tx: &Transaction<'_>,
    user: &str,
    (from_on, through_on): (&str, &str),
    note: &str,
) -> StoreResult<i64> {
    tx.prepare_cached("INSERT INTO absence (user, from_on, through_on, note) VALUES (?1, ?2, ?3, ?4)")?
        .execute([user, from_on, through_on, note])?;
    Ok(tx.last_insert_rowid())
}

/// Takes an absence away; whose it was.
pub fn remove_absence(tx: &Transaction<'_>, id: i64) -> StoreResult<Option<String>> {
    use rusqlite::OptionalExtension as _;
    Ok(tx
        .prepare_cached("DELETE FROM absence WHERE id = ?1 RETURNING user")?
        .query_row([id], |row| row.get(0))
        .optional()?)
}
