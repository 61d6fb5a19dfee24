//! Ledgers (台账) in foreign tables: which row is the heading, which column holds what, and the lines below.

mod columns;
mod field;
mod reader;
mod value;

use std::path::Path;

use serde::{Deserialize, Serialize};
use sunbench_domain::matching::{Ledger, LedgerLine};

pub use columns::{Column, Columns};
pub use field::{Field, field_of};
pub use value::{ValueError, date, decimal};

use crate::sheet::{Flow, Format, Plain, SheetError, SheetFile};
use columns::Finder;
use reader::Reader;

/// Why no ledger can be made of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The file itself.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// No row of any sheet looks like headings of a ledger.
    #[error("no row with headings; the first row holds: {seen}")]
    NoHeadings {
        /// The cells of the first row.
        seen: String,
    },
    /// The headings lack what every line must have.
    #[error("no column for {missing:?} among the headings: {seen}")]
    MissingColumn {
        /// What is missing.
        missing: Field,
        /// The headings.
        seen: String,
    },
}

/// 导入方案: which heading means what, confirmed once and remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The sheet's name; empty for the first one with headings.
    pub sheet: String,
    /// Headings and what they hold. `None` leaves a column out; headings that are not named are told by themselves.
    pub headings: Vec<(String, Option<Field>)>,
}

/// Which lines of a table are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Every value of a line must be readable: what is kept for good.
    Whole,
    /// A line without a quantity is refused; another value that is unreadable counts as absent.
    Usable,
}

/// 问题单元格: a value that could not be read, and what came of its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Data row, from 1; the heading is not counted.
    pub row: u32,
    /// Row as a spreadsheet shows it, from 1.
    pub sheet_row: u32,
    /// The column's heading.
    pub column: String,
    /// What stood there, cut after 40 characters.
    pub value: String,
    /// Why it cannot be read.
    pub reason: ProblemReason,
    /// Whether the line was left out.
    pub is_refused: bool,
}

/// Why a value cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemReason {
    /// Nothing stands there.
    Missing,
    /// No number.
    NotANumber,
    /// A number past what any purchase is worth.
    OutOfRange,
    /// No date, or one that could be read in two ways.
    NotADate,
    /// An error of the spreadsheet, or a formula without a stored result.
    NoResult,
}

/// A row that is no line: a total, a heading repeated, a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Data row, from 1.
    pub row: u32,
    /// Row as a spreadsheet shows it, from 1.
    pub sheet_row: u32,
    /// What it is.
    pub what: SkippedWhat,
}

/// What a row is that is no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkippedWhat {
    /// 合计、小计.
    Total,
    /// The headings again, as on every printed page.
    Heading,
    /// A signature, a remark.
    Note,
}

/// A ledger that was read.
#[derive(Debug)]
pub struct LedgerFile {
    /// How the file was written.
    pub format: Format,
    /// The sheet that was read; a text file's is empty.
    pub sheet: String,
    /// Other sheets that a person could have meant.
    pub other_sheets: Vec<String>,
    /// The columns.
    pub columns: Columns,
    /// The lines; their row is the data row.
    pub ledger: Ledger,
    /// Values that could not be read, by row.
    pub problems: Vec<Problem>,
    /// How many there are: more than are kept.
    pub problem_count: u32,
    /// Lines left out for a problem.
    pub refused_rows: Vec<u32>,
    /// Rows that are no lines.
    pub skipped: Vec<Skipped>,
}

/// Reads a ledger. `each` gets every line beside, as it stands; it may break off.
///
/// # Errors
///
/// The file is none, or has no headings of a ledger. A single bad row is no error: see [`LedgerFile::problems`].
pub fn read(
    path: &Path,
    profile: &Profile,
    strictness: Strictness,
    each: &mut dyn FnMut(&LedgerLine<'_>) -> Flow,
) -> Result<LedgerFile, LedgerError> {
    let mut file = SheetFile::open(path)?;
    let (sheet, columns) = find(&mut file, profile)?;
    let name = file.sheets()[sheet].name.clone();
    let others =
        file.sheets().iter().enumerate().filter(|(index, other)| *index != sheet && !other.is_hidden);
    let other_sheets = others.map(|(_, other)| other.name.clone()).collect();
    let mut reader = Reader::new(columns, strictness, file.most_rows());
    file.each_row(sheet, &mut |row| reader.row(row, &mut *each))?;
    Ok(LedgerFile { sheet: name, other_sheets, ..reader.finish(file.format()) })
}

/// Reads a ledger as [`read`] does, for its lines together: plain text then needs neither the memory for the file nor half
/// of the time.
///
/// # Errors
///
/// As [`read`].
pub fn load(path: &Path, profile: &Profile, strictness: Strictness) -> Result<LedgerFile, LedgerError> {
    match load_plain(path, profile, strictness) {
        Some(file) => Ok(file),
        None => read(path, profile, strictness, &mut |_| Flow::Continue(())),
    }
}

/// The ledger of plain text; `None` where it is none, or something is wrong with it.
fn load_plain(path: &Path, profile: &Profile, strictness: Strictness) -> Option<LedgerFile> {
    let plain = Plain::open(path)?;
    let mut finder = Finder::new(profile);
    plain.each_row(|row| finder.row(row))?;
    let mut reader = Reader::new(finder.finish().ok()?, strictness, plain.most_rows());
    plain.each_row(|row| reader.row(row, &mut |_| Flow::Continue(())))?;
    Some(reader.finish(plain.format()))
}

/// The first sheet with headings, visible ones before hidden ones; or the one that the profile names.
fn find(file: &mut SheetFile, profile: &Profile) -> Result<(usize, Columns), LedgerError> {
    let mut order: Vec<usize> =
        (0..file.sheets().len()).filter(|index| !file.sheets()[*index].is_hidden).collect();
    order.extend((0..file.sheets().len()).filter(|index| file.sheets()[*index].is_hidden));
    if let Some(named) =
        file.sheets().iter().position(|sheet| sheet.name == profile.sheet && !profile.sheet.is_empty())
    {
        order = vec![named];
    }
    let mut first_error = None;
    for sheet in order {
        let mut finder = Finder::new(profile);
        file.each_row(sheet, &mut |row| finder.row(row))?;
        match finder.finish() {
            Ok(columns) => return Ok((sheet, columns)),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    Err(first_error.unwrap_or(LedgerError::Sheet(SheetError::Empty)))
}
