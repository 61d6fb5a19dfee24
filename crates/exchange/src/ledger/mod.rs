//! Ledgers (台账) in foreign tables: which row is the heading, which column holds what, and the lines below.

mod columns;
mod field;
mod value;

use std::path::Path;

use serde::{Deserialize, Serialize};
use sunbench_domain::matching::{Ledger, LedgerLine, LineKind};
use sunbench_domain::{Amount, Price, Quantity};

pub use columns::{Column, Columns};
pub use field::{Field, field_of};
pub use value::{ValueError, date, decimal};

use crate::sheet::{CellKind, Flow, Format, Row, SheetError, SheetFile};
use columns::Finder;

/// Problems are counted past this number, and no longer kept one by one.
const MOST_PROBLEMS: usize = 10_000;

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
    let mut reader = Reader {
        columns: &columns,
        strictness,
        ledger: Ledger::with_capacity(file.most_rows()),
        problems: Vec::new(),
        problem_count: 0,
        refused_rows: Vec::new(),
        skipped: Vec::new(),
        spec: String::new(),
    };
    file.each_row(sheet, &mut |row| {
        if row.number() <= columns.heading_row() { Flow::Continue(()) } else { reader.row(row, each) }
    })?;
    let Reader { ledger, problems, problem_count, refused_rows, skipped, .. } = reader;
    Ok(LedgerFile {
        format: file.format(),
        sheet: name,
        other_sheets,
        columns,
        ledger,
        problems,
        problem_count,
        refused_rows,
        skipped,
    })
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

struct Reader<'a> {
    columns: &'a Columns,
    strictness: Strictness,
    ledger: Ledger,
    problems: Vec<Problem>,
    problem_count: u32,
    refused_rows: Vec<u32>,
    skipped: Vec<Skipped>,
    spec: String,
}

/// How what stands before a total ends: 合计, 本月合计, 某公司小计.
const TOTALS: [&str; 5] = ["合计", "总计", "小计", "累计", "共计"];

impl Reader<'_> {
    fn row(&mut self, row: &Row, each: &mut dyn FnMut(&LedgerLine<'_>) -> Flow) -> Flow {
        let number = row.number() - self.columns.heading_row();
        if let Some(what) = self.no_line(row) {
            self.skipped.push(Skipped { row: number, sheet_row: row.number(), what });
            return Flow::Continue(());
        }
        let problems_before = self.problem_count;
        let quantity = self.number(row, Field::Quantity);
        let mut is_refused = quantity.is_none();
        if is_refused && self.problem_count == problems_before {
            self.problem(row, Field::Quantity, "", ProblemReason::Missing);
        }
        let price = self.number(row, Field::Price);
        let amount = self.number(row, Field::Amount);
        let date = self.date(row, Field::Date);
        is_refused |= self.strictness == Strictness::Whole && self.problem_count > problems_before;
        // Text such as 长期 is no date and nobody's mistake.
        let expiry = self.columns.text(row, Field::Expiry);
        let expiry = if expiry.is_empty() { None } else { value::date(expiry).ok() };
        if is_refused {
            self.refused_rows.push(number);
            for problem in self.problems.iter_mut().rev().take_while(|problem| problem.row == number) {
                problem.is_refused = true;
            }
            return Flow::Continue(());
        }
        let mut spec = std::mem::take(&mut self.spec);
        let text = |field| self.columns.text(row, field);
        let model = text(Field::Model);
        let spec_text = if model.is_empty() || model == text(Field::Spec) {
            text(Field::Spec)
        } else {
            spec.clear();
            spec.push_str(text(Field::Spec));
            spec.push(' ');
            spec.push_str(model);
            spec.trim()
        };
        let line = LedgerLine {
            row: number,
            kind: if text(Field::Kind).contains('退') { LineKind::Return } else { self.columns.kind() },
            key: "",
            order: text(Field::Order),
            order_line: text(Field::OrderLine),
            delivery: text(Field::Delivery),
            delivery_line: text(Field::DeliveryLine),
            invoice: text(Field::Invoice),
            code: text(Field::NationalCode),
            udi: text(Field::Udi),
            item: text(Field::ItemCode),
            name: text(Field::Name),
            spec: spec_text,
            manufacturer: text(Field::Manufacturer),
            supplier: text(Field::Supplier),
            lot: text(Field::Lot),
            serial: text(Field::Serial),
            expiry,
            date,
            quantity: quantity.map(Quantity::from_units),
            unit: text(Field::Unit),
            price: price.map(Price::from_units),
            amount: amount.map(Amount::from_units),
            tax_percent: None,
        };
        self.ledger.push(&line);
        let flow = each(&line);
        self.spec = spec;
        flow
    }

    /// What a row is, if it is no line.
    fn no_line(&self, row: &Row) -> Option<SkippedWhat> {
        let text = |field| self.columns.text(row, field);
        let filled = || row.cells().filter(|cell| cell.kind != CellKind::Empty);
        let is_total = || filled().take(2).any(|cell| is_total_word(cell.text));
        if text(Field::Quantity).is_empty() && filled().take(3).count() < 3 && !is_total() {
            return Some(SkippedWhat::Note);
        }
        let has_goods = [
            Field::NationalCode,
            Field::Udi,
            Field::ItemCode,
            Field::Order,
            Field::OrderLine,
            Field::DeliveryLine,
        ]
        .into_iter()
        .any(|field| !text(field).is_empty() && !is_total_word(text(field)));
        if has_goods && text(Field::Quantity) != self.columns.heading(Field::Quantity) {
            return None;
        }
        if is_total() {
            return Some(SkippedWhat::Total);
        }
        if text(Field::Quantity) == self.columns.heading(Field::Quantity) {
            return Some(SkippedWhat::Heading);
        }
        if text(Field::Name).is_empty() && text(Field::Quantity).is_empty() {
            Some(SkippedWhat::Note)
        } else {
            None
        }
    }

    /// A number in units of 1/10,000.
    fn number(&mut self, row: &Row, field: Field) -> Option<i64> {
        let cell = self.columns.cell(row, field)?;
        match cell.kind {
            CellKind::Empty => None,
            CellKind::Error => {
                self.problem(row, field, cell.text, ProblemReason::NoResult);
                None
            }
            _ => match value::decimal(cell.text) {
                Ok(units) => Some(units),
                Err(error) => {
                    let reason = match error {
                        ValueError::OutOfRange => ProblemReason::OutOfRange,
                        _ => ProblemReason::NotANumber,
                    };
                    self.problem(row, field, cell.text, reason);
                    None
                }
            },
        }
    }

    fn date(&mut self, row: &Row, field: Field) -> Option<chrono::NaiveDate> {
        let cell = self.columns.cell(row, field)?;
        if cell.kind == CellKind::Empty {
            return None;
        }
        let day = value::date(cell.text);
        if day.is_err() {
            let reason =
                if cell.kind == CellKind::Error { ProblemReason::NoResult } else { ProblemReason::NotADate };
            self.problem(row, field, cell.text, reason);
        }
        day.ok()
    }

    fn problem(&mut self, row: &Row, field: Field, value: &str, reason: ProblemReason) {
        self.problem_count += 1;
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem {
                row: row.number() - self.columns.heading_row(),
                sheet_row: row.number(),
                column: self.columns.heading(field).to_owned(),
                value: value.chars().take(40).collect(),
                reason,
                is_refused: false,
            });
        }
    }
}

fn is_total_word(text: &str) -> bool {
    /// Longer is a sentence about a total.
    const LONGEST: usize = 30;
    if text.is_ascii() {
        return false;
    }
    let word: String = text.chars().filter(|c| !c.is_whitespace()).take(LONGEST + 1).collect();
    let mut word = word.trim_end_matches([':', '：']);
    // A unit or a remark may follow in brackets.
    if word.ends_with([')', '）']) {
        word = word.rfind(['(', '（']).map_or(word, |bracket| &word[..bracket]);
    }
    word.chars().count() <= LONGEST && TOTALS.iter().any(|total| word.ends_with(total))
}
