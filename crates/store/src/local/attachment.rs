//! Files that people attached, by content; copied in at once, so that a later change of the file does no harm.

use rusqlite::blob::Blob;
use rusqlite::{Connection, MAIN_DB, OptionalExtension, Transaction, params};

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    FIND = "SELECT id, size FROM attachment WHERE sha256 = ?1";
}

/// Keeps a file's content; the same content is kept once. `sha256` in lower-case hex.
pub fn add(tx: &Transaction<'_>, sha256: &str, content: &[u8], at: Seconds) -> StoreResult<()> {
    tx.prepare_cached("INSERT INTO attachment (sha256, size, content, added_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?
        .execute(params![sha256, content.len() as i64, content, at])?;
    Ok(())
}

/// The size of a kept file.
pub fn size(conn: &Connection, sha256: &str) -> StoreResult<Option<u64>> {
    Ok(conn.prepare_cached(FIND)?.query_row([sha256], |row| row.get(1)).optional()?)
}

/// Part of a kept file, from `offset`, at most `length` bytes; `None` where it is not kept.
pub fn read(conn: &Connection, sha256: &str, offset: u64, length: usize) -> StoreResult<Option<Vec<u8>>> {
    let found = conn
        .prepare_cached(FIND)?
        .query_row([sha256], |row| Ok((row.get(0)?, row.get::<_, u64>(1)?)))
        .optional()?;
    let Some((id, size)) = found else { return Ok(None) };
    let blob: Blob<'_> = conn.blob_open(MAIN_DB, "attachment", "content", id, true)?;
    let start = offset.min(size) as usize;
    let mut part = vec![0; length.min(size as usize - start)];
    blob.read_at_exact(&mut part, start)?;
    Ok(Some(part))
}
