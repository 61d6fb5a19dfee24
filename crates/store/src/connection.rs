//! How a connection to the database is opened and tuned. Every one of them opens with the raw key.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use zeroize::Zeroizing;

use crate::{
    durable,
    error::{LockReason, StoreError, StoreResult},
    vault::DatabaseKey,
};

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// People's work: each commit is on disk before it is confirmed.
    Local,
    /// Sync: a lost commit is pulled again, a torn one cannot happen, so commits need no flush.
    Mirror,
    /// Screens.
    Reader,
    /// A damaged file, opened to save what can be read; leaves the file as it is.
    Damaged,
    /// A new file that a database is copied into; it is flushed when it is whole, and thrown away otherwise.
    Copy,
}

/// Opens an existing database file.
///
/// # Errors
/// [`StoreError::Corrupt`] when the first page does not decrypt although the key is this database's, and
/// [`LockReason::OtherDatabase`] when the file begins like another database.
pub(crate) fn open(path: &Path, key: &DatabaseKey, role: Role) -> StoreResult<Connection> {
    // SQLite takes an empty file for a new database; what was in this one is gone, and that is to be told.
    if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        return Err(StoreError::Corrupt { moved_to: None });
    }
    open_with(path, key, role, OpenFlags::empty())
}

/// Creates the file if need be; only for a name that no opening looks at yet.
pub(crate) fn create(path: &Path, key: &DatabaseKey) -> StoreResult<Connection> {
    open_with(path, key, Role::Local, OpenFlags::SQLITE_OPEN_CREATE)
}

/// Creates a file to copy a database into.
pub(crate) fn create_copy(path: &Path, key: &DatabaseKey) -> StoreResult<Connection> {
    open_with(path, key, Role::Copy, OpenFlags::SQLITE_OPEN_CREATE)
}

/// Closes the only connection to a database that is about to be moved or renamed: all of it is in the one file then, and
/// on disk. SQLite itself closes without a word when it could not fold the write-ahead log in.
pub(crate) fn finish(conn: Connection, path: &Path) -> StoreResult<()> {
    let busy: bool = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        return Err(StoreError::InUse);
    }
    conn.close().map_err(|(_, e)| e)?;
    durable::sync_file(path)
}

fn open_with(path: &Path, key: &DatabaseKey, role: Role, extra: OpenFlags) -> StoreResult<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra;
    let conn = Connection::open_with_flags(path, flags)?;
    // SQLite would go on reading, and leave a log and an index with the same lack of rights beside the file: they would
    // still be in the way when the file's own rights are mended.
    if role != Role::Damaged && conn.is_readonly("main")? {
        return Err(StoreError::ReadOnly);
    }
    // SQLCipher writes its own errors to stderr, where scripts expect ours only.
    conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let pragma: Zeroizing<String> = key.pragma();
    conn.execute_batch(&pragma)?;
    // A build without SQLCipher ignores the key and would write plain text.
    conn.query_row("PRAGMA cipher_version", [], |row| row.get::<_, String>(0))?;
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => {}
        Err(e) => {
            return Err(match StoreError::from(e) {
                StoreError::Corrupt { .. } if !key.fits(path)? => {
                    StoreError::Locked(LockReason::OtherDatabase)
                }
                other => other,
            });
        }
    }
    tune(&conn, role)?;
    Ok(conn)
}

fn tune(conn: &Connection, role: Role) -> StoreResult<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    if role == Role::Damaged {
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        conn.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0")?;
        return Ok(());
    }
    if role == Role::Copy {
        conn.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
        conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0")?;
        return Ok(());
    }
    let (cache_kib, synchronous, checkpoint_pages, query_only) = match role {
        // The clerk's commit should not pay for sync's checkpoint: sync reaches its own limit first.
        Role::Local => (16 * 1024, "FULL", 16_000, "OFF"),
        Role::Mirror => (64 * 1024, "NORMAL", 4_000, "OFF"),
        Role::Reader | Role::Damaged | Role::Copy => (16 * 1024, "NORMAL", 16_000, "ON"),
    };
    // journal_mode answers with a row, so it goes by itself.
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    debug_assert_eq!(mode, "wal");
    conn.execute_batch(&format!(
        "PRAGMA synchronous = {synchronous};
         PRAGMA cache_size = -{cache_kib};
         PRAGMA wal_autocheckpoint = {checkpoint_pages};
         PRAGMA journal_size_limit = 67108864;
         PRAGMA busy_timeout = 10000;
         -- Nothing in plain text outside the encrypted file: no temporary files, no mapping.
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA trusted_schema = OFF;
         -- The platform owns the mirror and its documents arrive in any order; local rows outlive a rebuilt mirror.
         -- Orphans are counted by `verify` instead of refused here.
         PRAGMA foreign_keys = OFF;
         PRAGMA query_only = {query_only};"
    ))?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}
