//! The schema's versions, and the way from one to the next.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{StoreError, StoreResult};

/// "SNBN" in the file's header: what `file(1)` and we recognise a profile by.
pub const APPLICATION_ID: i32 = 0x534E_424E;

/// One step of the schema. Released steps never change; a change is a new step.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// 1, 2, 3 and so on, without gaps.
    pub version: u32,
    /// What it brings, in a few words.
    pub name: &'static str,
    /// Run in one transaction together with the new version number.
    pub sql: &'static str,
}

/// Every step, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "initial",
        sql: concat!(
            include_str!("001_initial.sql"),
            include_str!("001_mirror.sql"),
            include_str!("001_local.sql")
        ),
    },
    Migration {
        version: 2,
        name: "safety",
        sql: concat!(
            include_str!("002_audit.sql"),
            include_str!("002_bundle.sql"),
            include_str!("002_people.sql")
        ),
    },
    Migration {
        version: 3,
        name: "reconciliation",
        sql: concat!(
            include_str!("003_reconcile.sql"),
            include_str!("003_seat.sql"),
            include_str!("003_purchase.sql")
        ),
    },
    Migration {
        version: 4,
        name: "the whole cycle",
        sql: concat!(
            include_str!("004_indicators.sql"),
            include_str!("004_purchase.sql"),
            include_str!("004_items.sql")
        ),
    },
    Migration {
        version: 5,
        name: "the office",
        sql: concat!(
            include_str!("005_office.sql"),
            include_str!("005_purchase.sql"),
            include_str!("005_indicators.sql")
        ),
    },
];

/// The version that this program writes.
pub const VERSION: u32 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// The version of the open file; 0 is a new one.
pub fn version(conn: &Connection) -> StoreResult<u32> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Brings the file up to the last of `steps`, one transaction each: a crash leaves a whole earlier version.
/// Returns the versions applied.
///
/// # Errors
/// [`StoreError::TooNew`] when the file is ahead of `steps`; the file is then unchanged.
pub fn migrate(conn: &mut Connection, steps: &[Migration]) -> StoreResult<Vec<u32>> {
    let found = version(conn)?;
    let known = steps.last().map_or(0, |step| step.version);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    let mut applied = Vec::new();
    for step in steps.iter().filter(|step| step.version > found) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(step.sql)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", step.version)?;
        tx.commit()?;
        applied.push(step.version);
    }
    Ok(applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &[Migration] = &[
        Migration { version: 1, name: "a", sql: "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)" },
        Migration { version: 2, name: "b", sql: "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'kept'" },
        Migration {
            version: 3,
            name: "c",
            sql: "CREATE TABLE c AS SELECT x + 1 AS x, y FROM a; DROP TABLE a",
        },
    ];

    fn plain() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn versions_count_up_without_gaps() {
        for (i, step) in MIGRATIONS.iter().enumerate() {
            assert_eq!(step.version as usize, i + 1, "{}", step.name);
        }
    }

    #[test]
    fn every_starting_version_reaches_the_same_end() {
        for start in 0..=STEPS.len() {
            let mut conn = plain();
            assert_eq!(migrate(&mut conn, &STEPS[..start]).unwrap().len(), start);
            assert_eq!(migrate(&mut conn, STEPS).unwrap().len(), STEPS.len() - start);
            let row: (i64, String) =
                conn.query_row("SELECT x, y FROM c", [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
            assert_eq!(row, (2, "kept".to_owned()), "from version {start}");
            assert_eq!(version(&conn).unwrap(), 3);
            assert_eq!(migrate(&mut conn, STEPS).unwrap(), [0; 0], "a second run has nothing to do");
        }
    }

    #[test]
    fn a_newer_file_is_refused_unchanged() {
        let mut conn = plain();
        migrate(&mut conn, STEPS).unwrap();
        let refused = migrate(&mut conn, &STEPS[..2]);
        assert!(matches!(refused, Err(StoreError::TooNew { found: 3, known: 2 })), "{refused:?}");
        assert_eq!(version(&conn).unwrap(), 3);
    }

    #[test]
    fn a_failing_step_leaves_the_version_before_it_whole() {
        let mut conn = plain();
        let broken = [
            STEPS[0],
            Migration {
                version: 2,
                name: "broken",
                sql: "CREATE TABLE half (x); DELETE FROM a; SELECT * FROM nowhere",
            },
        ];
        migrate(&mut conn, &broken).unwrap_err();
        assert_eq!(version(&conn).unwrap(), 1);
        assert_eq!(conn.query_row("SELECT count(*) FROM a", [], |r| r.get::<_, i64>(0)).unwrap(), 1);
        conn.prepare("SELECT * FROM half").unwrap_err();
    }
}
