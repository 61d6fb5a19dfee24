//! Settings (设置): small values by key, kept in the encrypted file.

use rusqlite::{Connection, OptionalExtension as _};

use crate::error::StoreResult;

const GET: &str = "SELECT value FROM setting WHERE key = ?1";
const WITH_PREFIX: &str = "SELECT key, value FROM setting WHERE key >= ?1 AND key < ?2 ORDER BY key";
const SET: &str =
    "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
const REMOVE: &str = "DELETE FROM setting WHERE key = ?1";

/// The value of `key`, if it was ever set.
pub fn get(conn: &Connection, key: &str) -> StoreResult<Option<String>> {
    Ok(conn.prepare_cached(GET)?.query_row([key], |row| row.get(0)).optional()?)
}

/// Every setting whose key begins with `prefix`, by key.
pub fn with_prefix(conn: &Connection, prefix: &str) -> StoreResult<Vec<(String, String)>> {
    let mut statement = conn.prepare_cached(WITH_PREFIX)?;
    let rows = statement
        .query_map([prefix, &format!("{prefix}\u{10ffff}")], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets `key`, replacing what was there.
pub fn set(conn: &Connection, key: &str, value: &str) -> StoreResult<()> {
    conn.prepare_cached(SET)?.execute([key, value])?;
    Ok(())
}

/// Forgets `key`; nothing happens when it was not set.
pub fn remove(conn: &Connection, key: &str) -> StoreResult<()> {
    conn.prepare_cached(REMOVE)?.execute([key])?;
    Ok(())
}
