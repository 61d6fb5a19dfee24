//! The platform's own SQLite file: one writer, several readers.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::error::Error;

const VERSION: i64 = 1;

/// `age` is minus the number of the business day, so that one ascending index gives the newest first.
/// `txn` is the `seq` of the first change of its transaction. `place` is the place in the document.
const SCHEMA: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE hospital (institution TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE operator (
  institution TEXT NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL, roles TEXT NOT NULL,
  PRIMARY KEY (institution, user)
) WITHOUT ROWID;
CREATE TABLE supervisor (user TEXT PRIMARY KEY, password TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seat (
  app_key TEXT PRIMARY KEY, secret TEXT NOT NULL, renewal TEXT NOT NULL,
  institution TEXT NOT NULL, user TEXT NOT NULL,
  made_at INTEGER NOT NULL -- or renewed last
) WITHOUT ROWID;
CREATE TABLE submission (
  institution TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL, status INTEGER NOT NULL, result TEXT NOT NULL,
  PRIMARY KEY (institution, key)
) WITHOUT ROWID;
CREATE TABLE object (
  seq INTEGER PRIMARY KEY, txn INTEGER NOT NULL, institution TEXT NOT NULL, resource TEXT NOT NULL, id TEXT NOT NULL,
  ver INTEGER NOT NULL, upd_time TEXT NOT NULL, age INTEGER NOT NULL, doc TEXT NOT NULL, place INTEGER NOT NULL,
  part INTEGER NOT NULL, amount INTEGER NOT NULL, op INTEGER NOT NULL, data TEXT
);
";

/// Made after a bulk load. `object_feed` ends with the row's `seq`, as every index of SQLite does.
pub(crate) const INDEXES: &str = "
CREATE UNIQUE INDEX IF NOT EXISTS object_id ON object (resource, id);
CREATE INDEX IF NOT EXISTS object_feed ON object (institution);
CREATE INDEX IF NOT EXISTS object_page ON object (institution, part, age, doc, place) WHERE op = 1;
CREATE INDEX IF NOT EXISTS object_receipt ON object (json_extract(data, '$.distributeId'))
  WHERE resource = 'receipt' AND op = 1;
CREATE INDEX IF NOT EXISTS object_filing ON object (json_extract(data, '$.filingCustomInfo'))
  WHERE resource = 'filing' AND op = 1;
CREATE INDEX IF NOT EXISTS object_line ON object (json_extract(data, '$.orderCustomInfo'))
  WHERE resource = 'orderLine' AND op = 1;
CREATE INDEX IF NOT EXISTS object_return ON object (institution, json_extract(data, '$.companyIdPs'))
  WHERE resource = 'return' AND op = 1;
CREATE INDEX IF NOT EXISTS object_invoice ON object (institution, json_extract(data, '$.companyIdPs'))
  WHERE resource = 'invoice' AND op = 1;
CREATE INDEX IF NOT EXISTS object_settlement ON object (institution, json_extract(data, '$.companyIdPs'))
  WHERE resource = 'settlement' AND op = 1;
";

pub(crate) const DROP_INDEXES: &str = "
DROP INDEX IF EXISTS object_id;
DROP INDEX IF EXISTS object_feed;
DROP INDEX IF EXISTS object_page;
DROP INDEX IF EXISTS object_receipt;
DROP INDEX IF EXISTS object_filing;
DROP INDEX IF EXISTS object_line;
DROP INDEX IF EXISTS object_return;
DROP INDEX IF EXISTS object_invoice;
DROP INDEX IF EXISTS object_settlement;
";

/// One file with its connections. Every call blocks: never call it on an async worker.
pub(crate) struct Database {
    file: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Database {
    pub(crate) fn open(file: &Path) -> Result<Self, Error> {
        let mut writer = connect(file)?;
        let version: i64 = writer.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            0 => {
                let tx = writer.transaction()?;
                tx.execute_batch(SCHEMA)?;
                tx.execute_batch(INDEXES)?;
                tx.pragma_update(None, "user_version", VERSION)?;
                tx.commit()?;
            }
            // A folder of an earlier release may lack an index.
            VERSION => writer.execute_batch(INDEXES)?,
            later => return Err(Error::TooNew(later)),
        }
        Ok(Self { file: file.to_owned(), writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Runs `f` on a reading connection.
    pub(crate) fn read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let kept = lock(&self.readers).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => connect(&self.file)?,
        };
        let result = f(&connection);
        lock(&self.readers).push(connection);
        result
    }

    /// Runs `f` in one transaction, which is rolled back when it fails.
    pub(crate) fn write<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        let mut tx = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
        let result = f(&mut tx)?;
        tx.commit().map_err(Error::from)?;
        Ok(result)
    }

    /// The writing connection itself, for a bulk load.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.writer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in a request leaves the connection usable: its transaction was rolled back.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(file: &Path) -> Result<Connection, Error> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A setting of the data folder.
pub(crate) fn meta(connection: &Connection, name: &str) -> Result<Option<String>, Error> {
    Ok(connection.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()?)
}

/// Sets a setting of the data folder; `None` removes it.
pub(crate) fn set_meta(connection: &Connection, name: &str, value: Option<&str>) -> Result<(), Error> {
    match value {
        Some(value) => {
            connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", [name, value])?
        }
        None => connection.execute("DELETE FROM meta WHERE name = ?1", [name])?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is asked for each request reads an index in its order, and neither scans nor sorts.
    #[test]
    fn no_query_scans_or_sorts() {
        let dir = tempfile::TempDir::new().unwrap();
        let database = Database::open(&dir.path().join("platform.sqlite3")).unwrap();
        let connection = database.writer();
        let queries = [
            &crate::object::QUERIES[..],
            &[crate::feed::PAGE, crate::snapshot::ROWS, crate::snapshot::TOTAL],
        ];
        for query in queries.concat() {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
            let given = vec![rusqlite::types::Null; plan.parameter_count()];
            let steps: Vec<String> = plan
                .query_map(rusqlite::params_from_iter(given), |row| row.get(3))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            let text = steps.join("\n");
            assert!(!text.contains("SCAN object") && !text.contains("TEMP B-TREE"), "{query}\n{text}");
            assert!(
                text.contains("object USING INDEX") || text.contains("USING COVERING INDEX"),
                "{query}\n{text}"
            );
        }
    }
}
