//! What a packed workbook is before a reader trusts it.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::MOST_BYTES;
use super::error::{SheetError, cannot_read};

/// What a packed workbook may unpack to, in bytes.
#[derive(Clone, Copy)]
struct Limits {
    /// A table, and all parts together: they are read piece by piece.
    tables: u64,
    /// Any other part: it stands in memory as a whole.
    others: u64,
    parts: usize,
}

const LIMITS: Limits = Limits { tables: MOST_BYTES, others: 512 << 20, parts: 10_000 };

/// A table's XML packs to a tenth or a thirtieth of its size. What packs to less than this part is made to fill the
/// memory, or to keep us busy.
const MOST_TIMES: u64 = 300;

/// Whatever the file's size.
const ALWAYS: u64 = 64 << 20;

/// Measures what a packed workbook unpacks to, without keeping it. What the archive says of itself is not believed.
pub(super) fn check(path: &Path) -> Result<(), SheetError> {
    let file = File::open(path).map_err(|e| cannot_read(&e))?;
    let size = file.metadata().map_err(|e| cannot_read(&e))?.len();
    let tables = LIMITS.tables.min(size.saturating_mul(MOST_TIMES).max(ALWAYS));
    check_within(Limits { tables, ..LIMITS }, BufReader::new(file))
}

fn check_within(limits: Limits, file: impl Read + Seek) -> Result<(), SheetError> {
    let mut archive = zip::ZipArchive::new(file).map_err(damaged)?;
    if archive.len() > limits.parts {
        return Err(SheetError::TooLarge);
    }
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let is_table = part.name().map_err(damaged)?.contains("worksheets/");
        let limit = if is_table { limits.tables } else { limits.others };
        let size = measure(part.take(limit + 1))?;
        total += size;
        if size > limit || total > limits.tables {
            return Err(SheetError::TooLarge);
        }
    }
    Ok(())
}

fn measure(mut part: impl Read) -> Result<u64, SheetError> {
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

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    fn archive(parts: &[(&str, usize)]) -> Cursor<Vec<u8>> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, size) in parts {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(&vec![b' '; *size]).unwrap();
        }
        archive.finish().unwrap()
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let limits = Limits { tables: 50_000, others: 10_000, parts: 3 };
        for (parts, expected) in [
            (&[("xl/worksheets/sheet1.xml", 40_000), ("xl/styles.xml", 10_000)][..], Ok(())),
            (&[("xl/sharedStrings.xml", 10_001)], Err(SheetError::TooLarge)),
            (&[("xl/worksheets/sheet1.xml", 50_001)], Err(SheetError::TooLarge)),
            (
                &[("xl/worksheets/sheet1.xml", 30_000), ("xl/worksheets/sheet2.xml", 30_000)],
                Err(SheetError::TooLarge),
            ),
            (&[("a", 1), ("b", 1), ("c", 1), ("d", 1)], Err(SheetError::TooLarge)),
        ] {
            let file = archive(parts);
            assert!(file.get_ref().len() < 2_000);
            assert_eq!(check_within(limits, file), expected, "{parts:?}");
        }
    }

    /// The archive says that a part is small.
    #[test]
    fn what_an_archive_says_of_itself_is_not_believed() {
        let mut file = archive(&[("xl/sharedStrings.xml", 20_000)]).into_inner();
        for index in 0..file.len() - 4 {
            if file[index..index + 4] == 20_000_u32.to_le_bytes() {
                file[index..index + 4].copy_from_slice(&100_u32.to_le_bytes());
            }
        }
        let limits = Limits { tables: 50_000, others: 10_000, parts: 3 };
        assert!(check_within(limits, Cursor::new(file)).is_err());
    }
}
