//! Workbooks, by the library `calamine`.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};

use super::error::{MOST_COLUMNS, SheetError, cannot_read};
use super::number::{write_date, write_number};
use super::row::CellKind;
use super::{Flow, Format, Row, SheetName, compound, unpacked};

type Input = BufReader<File>;

pub(super) enum Workbook {
    Xlsx(Box<Xlsx<Input>>),
    // These are read as a whole: they are small (65,536 rows) or rare.
    Xls(Box<Xls<Input>>),
    Xlsb(Box<Xlsb<Input>>),
    Ods(Box<Ods<Input>>),
}

/// The library takes some of what it reads on trust: where that breaks it off, the file is damaged.
fn guarded<T>(read: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged(0, "contradicts itself")))
}

pub(super) fn open(path: &Path, is_packed: bool) -> Result<(Format, Vec<SheetName>, Workbook), SheetError> {
    guarded(|| open_trusting(path, is_packed))
}

fn open_trusting(path: &Path, is_packed: bool) -> Result<(Format, Vec<SheetName>, Workbook), SheetError> {
    let input = || File::open(path).map(BufReader::new).map_err(|e| cannot_read(&e));
    if is_packed {
        unpacked::check(path)?;
        match Xlsx::new(input()?) {
            Ok(book) => {
                let sheets = names(book.sheets_metadata());
                return listed(Format::Xlsx, sheets, Workbook::Xlsx(Box::new(book)));
            }
            Err(calamine::XlsxError::Password) => return Err(SheetError::Password),
            // Another kind of packed workbook, or none: what the others say decides.
            Err(error) => {
                if let Ok(book) = Xlsb::new(input()?) {
                    let sheets = names(book.sheets_metadata());
                    return listed(Format::Xlsb, sheets, Workbook::Xlsb(Box::new(book)));
                }
                match Ods::new(input()?) {
                    Ok(book) => {
                        let sheets = names(book.sheets_metadata());
                        return listed(Format::Ods, sheets, Workbook::Ods(Box::new(book)));
                    }
                    Err(calamine::OdsError::Password) => return Err(SheetError::Password),
                    Err(_) => return Err(damaged(0, error)),
                }
            }
        }
    }
    compound::check(path)?;
    // A workbook with a password is an encrypted package in the old format's container.
    if matches!(Xlsx::new(input()?), Err(calamine::XlsxError::Password)) {
        return Err(SheetError::Password);
    }
    match Xls::new(input()?) {
        Ok(book) => {
            let sheets = names(book.sheets_metadata());
            listed(Format::Xls, sheets, Workbook::Xls(Box::new(book)))
        }
        Err(calamine::XlsError::Password) => Err(SheetError::Password),
        Err(error) => Err(damaged(0, error)),
    }
}

fn listed(
    format: Format,
    sheets: Vec<SheetName>,
    workbook: Workbook,
) -> Result<(Format, Vec<SheetName>, Workbook), SheetError> {
    if sheets.is_empty() { Err(SheetError::Empty) } else { Ok((format, sheets, workbook)) }
}

fn names(sheets: &[calamine::Sheet]) -> Vec<SheetName> {
    sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| SheetName {
            name: sheet.name.clone(),
            is_hidden: sheet.visible != SheetVisible::Visible,
        })
        .collect()
}

impl Workbook {
    pub(super) fn each_row(
        &mut self,
        sheet: &str,
        each: &mut dyn FnMut(&Row) -> Flow,
    ) -> Result<(), SheetError> {
        let range = match self {
            Self::Xlsx(book) => return stream(book, sheet, each),
            Self::Xls(book) => guarded(|| book.worksheet_range(sheet).map_err(|e| damaged(0, e))),
            Self::Xlsb(book) => guarded(|| book.worksheet_range(sheet).map_err(|e| damaged(0, e))),
            Self::Ods(book) => guarded(|| book.worksheet_range(sheet).map_err(|e| damaged(0, e))),
        }?;
        whole(&range, each)
    }
}

/// Rows that a sheet has room for.
const MOST_ROWS: u32 = 1 << 20;

/// Cells come in the order in which the file has them: by row, then by column.
fn stream(book: &mut Xlsx<Input>, sheet: &str, each: &mut dyn FnMut(&Row) -> Flow) -> Result<(), SheetError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|e| damaged(0, e))?;
    let mut row = Row::default();
    let (mut given, mut rows) = (0, 0);
    let mut scratch = String::new();
    loop {
        let next = cells.next_cell_with_formula_metadata().map_err(|e| damaged(given, e))?;
        let (at, column) = match &next {
            Some(cell) => (cell.pos.0 + 1, cell.pos.1 as usize),
            None => (0, 0),
        };
        if at != row.number() {
            if row.number() > 0 && !row.is_empty() {
                given = row.number();
                if each(&row).is_break() {
                    return Ok(());
                }
            }
            row.begin(at);
            rows += 1;
        }
        // Also where the rows of a file that was made to be endless all bear the same few numbers.
        if at > MOST_ROWS || rows > MOST_ROWS {
            return Err(SheetError::TooLarge);
        }
        let Some(cell) = next else { return Ok(()) };
        let kind = match &cell.value {
            DataRef::Empty if cell.formula.is_some() => value(CellKind::Error, "", &mut scratch),
            DataRef::Empty => continue,
            DataRef::Int(number) => value(CellKind::Number, &number.to_string(), &mut scratch),
            DataRef::Float(number) => float(*number, &mut scratch),
            DataRef::String(text) | DataRef::DurationIso(text) => value(CellKind::Text, text, &mut scratch),
            DataRef::SharedString(text) => value(CellKind::Text, text, &mut scratch),
            DataRef::Bool(is) => value(CellKind::Text, if *is { "TRUE" } else { "FALSE" }, &mut scratch),
            DataRef::DateTime(at) => date(*at, &mut scratch),
            DataRef::DateTimeIso(text) => value(CellKind::Date, text, &mut scratch),
            DataRef::Error(error) => value(CellKind::Error, &error.to_string(), &mut scratch),
        };
        place(&mut row, column, kind, &scratch)?;
    }
}

fn whole(range: &Range<Data>, each: &mut dyn FnMut(&Row) -> Flow) -> Result<(), SheetError> {
    let Some((first_row, first_column)) = range.start() else { return Ok(()) };
    let mut row = Row::default();
    let mut scratch = String::new();
    for (index, cells) in range.rows().enumerate() {
        row.begin(first_row + 1 + index as u32);
        for (index, cell) in cells.iter().enumerate() {
            let kind = match cell {
                Data::Empty => continue,
                Data::Int(number) => value(CellKind::Number, &number.to_string(), &mut scratch),
                Data::Float(number) => float(*number, &mut scratch),
                Data::String(text) | Data::DurationIso(text) => value(CellKind::Text, text, &mut scratch),
                Data::Bool(is) => value(CellKind::Text, if *is { "TRUE" } else { "FALSE" }, &mut scratch),
                Data::DateTime(at) => date(*at, &mut scratch),
                Data::DateTimeIso(text) => value(CellKind::Date, text, &mut scratch),
                Data::Error(error) => value(CellKind::Error, &error.to_string(), &mut scratch),
            };
            place(&mut row, first_column as usize + index, kind, &scratch)?;
        }
        if !row.is_empty() && each(&row).is_break() {
            break;
        }
    }
    Ok(())
}

fn place(row: &mut Row, column: usize, kind: CellKind, text: &str) -> Result<(), SheetError> {
    if column >= MOST_COLUMNS {
        return Err(SheetError::TooWide { row: row.number() });
    }
    row.skip_to(column);
    row.push(kind, text);
    Ok(())
}

fn value(kind: CellKind, text: &str, scratch: &mut String) -> CellKind {
    scratch.clear();
    scratch.push_str(text);
    kind
}

fn float(number: f64, scratch: &mut String) -> CellKind {
    write_number(number, scratch);
    if scratch.is_empty() { CellKind::Error } else { CellKind::Number }
}

/// A cell that is formatted as a date but holds no day of the calendar is a number after all.
fn date(at: ExcelDateTime, scratch: &mut String) -> CellKind {
    match at.as_datetime() {
        Some(day) if !at.is_duration() && at.as_f64() >= 1.0 => {
            // The serial is a fraction of a day: its last digits are not a time that anybody entered.
            let day =
                chrono::DurationRound::duration_round(day, chrono::TimeDelta::seconds(1)).unwrap_or(day);
            write_date(day, scratch);
            CellKind::Date
        }
        _ => float(at.as_f64(), scratch),
    }
}

fn damaged(after_row: u32, error: impl std::fmt::Display) -> SheetError {
    SheetError::Damaged { after_row, reason: error.to_string() }
}
