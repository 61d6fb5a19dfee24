//! A damaged database: its files are moved aside, and what people made is copied into a new one.
//!
//! What the platform says is pulled again; unsent work exists nowhere else. The key file says that a salvage is under
//! way before anything moves, so a crash in the middle is resumed by calling it again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, Statement, params_from_iter, types::Value};

use crate::{
    connection::{self, Role},
    durable,
    error::{StoreError, StoreResult},
    local::outbox,
    mirror,
    profile::{DATABASE, Layout, Store, stage_database, with_suffix},
    vault::{DatabaseKey, KeyRing, KeySource, OsKeyRing, Vault},
};

/// How often a table is opened again behind a damaged place. Each damaged page costs about ten.
const ATTEMPTS: u32 = 400;

/// What a salvage brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvageReport {
    /// Where the damaged files are; they are kept.
    pub moved_to: PathBuf,
    /// The tables asked for, in that order.
    pub tables: Vec<SalvagedTable>,
}

/// What was saved of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvagedTable {
    /// Its name.
    pub name: String,
    /// How many rows were copied.
    pub copied: u64,
    /// Whether every row could be read.
    pub complete: bool,
}

impl Store {
    /// Moves the damaged database in `root` aside, makes a new one with the same keys, and copies what can be read of
    /// people's work into it. Afterwards [`Store::open`] works, and a sync brings the mirror back. What waited to be
    /// sent may have gone out after what could be read, so the platform is asked about it first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Locked`] and the keyring's errors; [`StoreError::DiskFull`], after
    /// which it can be called again.
    pub fn salvage(
        root: &Path,
        source: &KeySource,
        now: DateTime<FixedOffset>,
    ) -> StoreResult<SalvageReport> {
        Self::salvage_with(root, source, &OsKeyRing, now, None)
    }

    /// [`Self::salvage`] with another keyring, and of `tables` only, where they are given.
    pub fn salvage_with(
        root: &Path,
        source: &KeySource,
        ring: &dyn KeyRing,
        now: DateTime<FixedOffset>,
        tables: Option<&[&str]>,
    ) -> StoreResult<SalvageReport> {
        let layout = Layout::new(root);
        let (mut vault, _lock) = Self::unlock(&layout, source, ring)?;
        let aside = move_aside(&layout, &mut vault, now)?;
        let key = vault.database_key();
        let damaged = Damaged { path: aside.join(DATABASE), key: &key };
        let mut saved = Vec::new();
        stage_database(&layout, &key, |conn| {
            let tx = conn.transaction()?;
            let tables = match tables {
                Some(tables) => tables.iter().map(|&table| table.to_owned()).collect(),
                None => peoples_tables(&tx)?,
            };
            for name in &tables {
                saved.push(damaged.copy(name, &tx)?);
            }
            outbox::ask_first(&tx)?;
            Ok(tx.commit()?)
        })?;
        vault.update(&layout.db_dir, |keys| keys.salvaging = None)?;
        Ok(SalvageReport { moved_to: aside, tables: saved })
    }
}

/// The tables that are not the platform's.
fn peoples_tables(conn: &Connection) -> StoreResult<Vec<String>> {
    let mut statement = conn.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY name",
    )?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let is_mirror =
        |name: &String| mirror::TABLES.contains(&name.as_str()) || name.starts_with(mirror::NAME_INDEX);
    Ok(names.into_iter().filter(|name| !is_mirror(name)).collect())
}

/// Moves the files into a folder named in the key file. The database itself goes last: once it is in the folder,
/// whatever lies in its old place is new.
fn move_aside(layout: &Layout, vault: &mut Vault, now: DateTime<FixedOffset>) -> StoreResult<PathBuf> {
    let folder = if let Some(folder) = &vault.body().salvaging {
        folder.clone()
    } else {
        // The generation counts up with every salvage, so the name is new even within one second.
        let folder = format!("damaged-{}-{}", now.format("%Y%m%dT%H%M%S"), vault.body().generation);
        vault.update(&layout.db_dir, |keys| keys.salvaging = Some(folder.clone()))?;
        folder
    };
    let aside = layout.db_dir.join(folder);
    durable::private_dir(&aside)?;
    if !aside.join(DATABASE).exists() {
        for suffix in ["-shm", "-wal", ""] {
            let from = with_suffix(&layout.database, suffix);
            if from.exists() {
                let to = with_suffix(&aside.join(DATABASE), suffix);
                fs::rename(&from, &to).map_err(|e| StoreError::io(&from, e))?;
                durable::sync_dir(&aside)?;
            }
        }
        durable::sync_dir(&layout.db_dir)?;
    }
    Ok(aside)
}

/// The damaged database, opened anew after each error: a connection that met a page which does not decrypt fails for
/// good.
struct Damaged<'a> {
    path: PathBuf,
    key: &'a DatabaseKey,
}

/// A range of row numbers, both ends included.
#[derive(Debug, Clone, Copy)]
struct Range {
    first: i64,
    last: i64,
}

impl Range {
    fn width(self) -> u64 {
        self.last.abs_diff(self.first)
    }
}

impl Damaged<'_> {
    fn open(&self) -> StoreResult<Connection> {
        connection::open(&self.path, self.key, Role::Damaged)
    }

    /// Copies every row of `name` that can be read.
    ///
    /// # Errors
    /// Only those of the new database; what cannot be read is told in the result.
    fn copy(&self, name: &str, into: &Connection) -> StoreResult<SalvagedTable> {
        let mut saved = SalvagedTable { name: name.to_owned(), copied: 0, complete: false };
        let wanted = columns(into, name)?;
        let Ok(there) = self.open().and_then(|conn| columns(&conn, name)) else { return Ok(saved) };
        let shared: Vec<&str> = wanted
            .iter()
            .filter(|column| there.contains(column))
            .map(|column| column.name.as_str())
            .collect();
        if shared.is_empty() {
            return Ok(saved);
        }
        let (table, list, places) = (quoted(name), shared.join(", "), vec!["?"; shared.len()].join(", "));
        let mut insert =
            into.prepare(&format!("INSERT OR REPLACE INTO {table} ({list}) VALUES ({places})"))?;
        saved.complete = true;
        if into.prepare(&format!("SELECT rowid FROM {table}")).is_ok() {
            let select = |order| {
                format!(
                    "SELECT rowid, {list} FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid {order}"
                )
            };
            self.copy_ranges(&select("ASC"), &select("DESC"), &mut insert, &mut saved)?;
        } else {
            // Without row numbers there is no way behind a damaged place but from the other end.
            let select = |order: &str| {
                let key: Vec<_> =
                    wanted.iter().filter(|c| c.in_key).map(|c| format!("{} {order}", c.name)).collect();
                format!("SELECT {list} FROM {table} ORDER BY {}", key.join(", "))
            };
            if !self.copy_some(&select("ASC"), None, &mut insert, &mut saved)?.whole {
                saved.complete = false;
                self.copy_some(&select("DESC"), None, &mut insert, &mut saved)?;
            }
        }
        Ok(saved)
    }

    /// From the front until it fails, from the back until it fails, and then the same in both halves between.
    fn copy_ranges(
        &self,
        forwards: &str,
        backwards: &str,
        insert: &mut Statement<'_>,
        saved: &mut SalvagedTable,
    ) -> StoreResult<()> {
        saved.complete = true;
        let mut open = vec![Range { first: i64::MIN, last: i64::MAX }];
        for _ in 0..ATTEMPTS {
            // The widest gap first: it hides the most rows.
            let Some(at) = (0..open.len()).max_by_key(|&i| open[i].width()) else { return Ok(()) };
            let mut range = open.swap_remove(at);
            let front = self.copy_some(forwards, Some(range), insert, saved)?;
            if front.whole {
                continue;
            }
            saved.complete = false;
            range.first = front.reached.map_or(range.first, |row| row.saturating_add(1));
            let back = self.copy_some(backwards, Some(range), insert, saved)?;
            if back.whole {
                continue;
            }
            range.last = back.reached.map_or(range.last, |row| row.saturating_sub(1));
            if range.first < range.last {
                let middle = range.first.wrapping_add((range.width() / 2) as i64);
                open.push(Range { first: range.first, last: middle });
                open.push(Range { first: middle + 1, last: range.last });
            }
        }
        Ok(())
    }

    fn copy_some(
        &self,
        select: &str,
        range: Option<Range>,
        insert: &mut Statement<'_>,
        saved: &mut SalvagedTable,
    ) -> StoreResult<Copied> {
        let mut copied = Copied { reached: None, whole: false };
        let Ok(conn) = self.open() else { return Ok(copied) };
        let Ok(mut statement) = conn.prepare(select) else { return Ok(copied) };
        let Ok(mut rows) = statement.query(params_from_iter(range.iter().flat_map(|r| [r.first, r.last])))
        else {
            return Ok(copied);
        };
        let first_value = usize::from(range.is_some());
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let width = row.as_ref().column_count();
                    let Ok(values) =
                        (first_value..width).map(|i| row.get::<_, Value>(i)).collect::<Result<Vec<_>, _>>()
                    else {
                        return Ok(copied);
                    };
                    if range.is_some() {
                        copied.reached = row.get(0).ok();
                    }
                    match insert.execute(params_from_iter(values)) {
                        Ok(rows) => saved.copied += rows as u64,
                        // A row that the schema refuses is damage too.
                        Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
                            saved.complete = false;
                        }
                        Err(e) => return Err(e.into()),
                    }
                }
                Ok(None) => {
                    copied.whole = true;
                    return Ok(copied);
                }
                Err(_) => return Ok(copied),
            }
        }
    }
}

/// How far a copy came.
struct Copied {
    /// The last row number that was read.
    reached: Option<i64>,
    whole: bool,
}

#[derive(PartialEq)]
struct Column {
    /// Quoted.
    name: String,
    in_key: bool,
}

fn columns(conn: &Connection, table: &str) -> StoreResult<Vec<Column>> {
    let mut statement = conn.prepare("SELECT name, pk > 0 FROM pragma_table_info(?1)")?;
    let rows = statement.query_map([table], |row| {
        Ok(Column { name: quoted(&row.get::<_, String>(0)?), in_key: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn every_table_is_the_platforms_or_peoples() {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn, schema::MIGRATIONS).unwrap();
        let peoples = peoples_tables(&conn).unwrap();
        for table in
            ["account", "attachment", "audit_log", "check_in_act", "outbox", "reply_draft", "setting"]
        {
            assert!(peoples.iter().any(|name| name == table), "{table} is not salvaged: {peoples:?}");
        }
        for table in mirror::TABLES {
            assert!(!columns(&conn, table).unwrap().is_empty(), "{table} is not in the schema");
        }
        assert!(
            !peoples.iter().any(|name| name.contains("name_index") || name.starts_with("sqlite_")),
            "{peoples:?}"
        );
    }
}
