//! 院区: the places of a hospital that one office buys for, and the departments at each.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    CAMPUSES = "SELECT id, name, place FROM campus";
    /// Every department of an order by its number in the tallies, whether it belongs to a campus or not.
    ORDERING = "SELECT name, key FROM tally_name WHERE kind = 3 AND name <> '' ORDER BY name";
    DEPARTMENTS = "SELECT department, campus_id FROM campus_department ORDER BY department";
    OF_DEPARTMENT = "SELECT name FROM campus_department JOIN campus ON campus.id = campus_id WHERE department = ?1";
}

/// A campus.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Campus {
    pub id: String,
    pub name: String,
    /// As orders name them (申领科室).
    pub departments: Vec<String>,
}

/// The campuses, in the order of the list.
pub fn list(conn: &Connection) -> StoreResult<Vec<Campus>> {
    let mut placed: Vec<(i64, Campus)> = conn
        .prepare_cached(CAMPUSES)?
        .query_map([], |row| {
            Ok((row.get(2)?, Campus { id: row.get(0)?, name: row.get(1)?, departments: Vec::new() }))
        })?
        .collect::<Result<_, _>>()?;
    placed.sort_by_key(|(place, _)| *place);
    let mut campuses: Vec<Campus> = placed.into_iter().map(|(_, campus)| campus).collect();
    let mut statement = conn.prepare_cached(DEPARTMENTS)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for row in rows {
        let (department, of) = row?;
        if let Some(campus) = campuses.iter_mut().find(|campus| campus.id == of) {
            campus.departments.push(department);
        }
    }
    Ok(campuses)
}

/// Replaces the list.
pub fn put(tx: &Transaction<'_>, campuses: &[Campus]) -> StoreResult<()> {
    tx.execute("DELETE FROM campus_department", [])?;
    tx.execute("DELETE FROM campus", [])?;
    for (place, campus) in (0_i64..).zip(campuses) {
        tx.prepare_cached("INSERT INTO campus VALUES (?1, ?2, ?3)")?.execute(params![
            campus.id,
            campus.name,
            place
        ])?;
        let mut add = tx.prepare_cached("INSERT INTO campus_department VALUES (?1, ?2)")?;
        for department in &campus.departments {
            add.execute([department, &campus.id])?;
        }
    }
    Ok(())
}

/// The departments that ever ordered, with their numbers in the tallies.
pub fn department_keys(conn: &Connection) -> StoreResult<BTreeMap<String, i64>> {
    let mut statement = conn.prepare_cached(ORDERING)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The name of the campus that a department belongs to.
pub fn of_department(conn: &Connection, department: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(OF_DEPARTMENT)?.query_row([department], |row| row.get(0)).optional()?)
}
