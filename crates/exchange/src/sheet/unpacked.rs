//! What a packed workbook is before a reader trusts it.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use super::MOST_BYTES;
use super::error::{SheetError, cannot_read};

/// What of a workbook stands in memory as a whole: everything but the tables themselves.
const MOST_IN_MEMORY: u64 = 512 << 20;

/// More parts than a workbook has.
const MOST_PARTS: usize = 10_000;

/// Measures what a packed workbook unpacks to, without keeping it. What the archive says of itself is not believed.
pub(super) fn check(path: &Path) -> Result<(), SheetError> {
    let file = BufReader::new(File::open(path).map_err(|e| cannot_read(&e))?);
    let mut archive = zip::ZipArchive::new(file).map_err(damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(SheetError::TooLarge);
    }
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let is_table = part.name().map_err(damaged)?.contains("worksheets/");
        let limit = if is_table { MOST_BYTES } else { MOST_IN_MEMORY };
        let size = measure(part.take(limit + 1))?;
        total += size;
        if size > limit || total > MOST_BYTES {
            return Err(SheetError::TooLarge);
        }
    }
    Ok(())
}

fn measure(mut part: impl std::io::Read) -> Result<u64, SheetError> {
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0;
    loop {
        match part.read(&mut buffer) {
            Ok(0) => return Ok(size),
            Ok(n) => size += n as u64,
            Err(error) => return Err(damaged(error)),
        }
    }
}

fn damaged(error: impl std::fmt::Display) -> SheetError {
    SheetError::Damaged { after_row: 0, reason: error.to_string() }
}
