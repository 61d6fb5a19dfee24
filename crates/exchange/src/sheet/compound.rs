//! What an old workbook's container (MS-CFB) is before a reader trusts it: `calamine` follows its chains of sectors for
//! as long as they go on.

use std::fs;
use std::path::Path;

use super::error::{SheetError, cannot_read};

/// An old workbook has 65,536 rows a sheet; it stands in memory as a whole.
const MOST_BYTES: u64 = 512 << 20;

/// From here on a number is no sector but a mark, such as the end of a chain.
const MARKS: u32 = 0xffff_fffa;

/// Refuses a container whose chains run in circles, or that names more sectors than it has.
pub(super) fn check(path: &Path) -> Result<(), SheetError> {
    if fs::metadata(path).map_err(|e| cannot_read(&e))?.len() > MOST_BYTES {
        return Err(SheetError::TooLarge);
    }
    let bytes = fs::read(path).map_err(|e| cannot_read(&e))?;
    if is_finite(&bytes).unwrap_or(true) {
        return Ok(());
    }
    Err(SheetError::Damaged { after_row: 0, reason: "its sectors contradict each other".to_owned() })
}

/// Whether every chain ends; `None` for what is no container, which the reader says better.
fn is_finite(bytes: &[u8]) -> Option<bool> {
    let size = match bytes.get(30..32)? {
        [9, 0] => 512,
        [12, 0] => 4_096,
        _ => return None,
    };
    let most = bytes.len() / size;
    // The first sector begins after the header, which fills one.
    let sector = |id: u32| {
        let start = (id as usize + 1).saturating_mul(size).min(bytes.len());
        numbers(&bytes[start..(start + size).min(bytes.len())])
    };
    let header = numbers(bytes.get(..512)?);
    let (mini_start, mini_sectors, mut next) = (header[15], header[16], header[17]);
    let mut table_ids = header[19..].to_vec();
    let mut steps = 0;
    while next < MARKS {
        steps += 1;
        table_ids.extend(sector(next));
        next = table_ids.pop()?;
        if steps > most || table_ids.len() > 2 * most + header.len() {
            return Some(false);
        }
    }
    table_ids.retain(|id| *id < MARKS);
    if table_ids.len() > most {
        return Some(false);
    }
    let table: Vec<u32> = table_ids.into_iter().flat_map(sector).collect();
    if has_circle(&table) {
        return Some(false);
    }
    let mut mini_table = Vec::new();
    let mut id = mini_start;
    while mini_sectors > 0 && id < MARKS {
        mini_table.extend(sector(id));
        id = table.get(id as usize).copied().unwrap_or(MARKS);
    }
    Some(!has_circle(&mini_table))
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

/// Whether following the numbers from anywhere never ends.
fn has_circle(table: &[u32]) -> bool {
    // In which walk a place was reached first; a walk that meets itself runs in a circle.
    let mut walk_of = vec![0_u32; table.len()];
    for start in 0..table.len() {
        let walk = start as u32 + 1;
        let mut at = start;
        while let Some(reached) = walk_of.get_mut(at).filter(|reached| **reached == 0) {
            *reached = walk;
            at = table[at] as usize;
        }
        if walk_of.get(at) == Some(&walk) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found() {
        const END: u32 = 0xffff_fffe;
        for (table, expected) in [
            (vec![], false),
            (vec![END], false),
            (vec![0], true),
            (vec![1, 2, END], false),
            (vec![2, 2, END], false), // two chains with one end
            (vec![1, 2, 0], true),
            (vec![END, 2, 3, 2], true),
            (vec![7, 100, END], false), // past the end
        ] {
            assert_eq!(has_circle(&table), expected, "{table:?}");
        }
    }

    #[test]
    fn sound_workbooks_pass_and_a_circle_is_refused() {
        for name in ["libreoffice.xls", "xlwt.xls"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
            let mut bytes = fs::read(&path).unwrap();
            assert_eq!(is_finite(&bytes), Some(true), "{name}");
            // The first sector of the table says where the chain goes on: at itself.
            let first = numbers(&bytes[76..80])[0] as usize;
            let place = (first + 1) * 512;
            bytes[place..place + 4].copy_from_slice(&0_u32.to_le_bytes());
            assert_eq!(is_finite(&bytes), Some(false), "{name}");
        }
        assert_eq!(is_finite(b"no container"), None);
    }
}
