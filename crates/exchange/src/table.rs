//! 导出表格: plain rows as a workbook or as delimited text.
//!
//! A text that begins with `=`, `+`, `-` or `@` stays text: in a workbook by its type, in delimited text behind an
//! apostrophe, as spreadsheets write it themselves.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use sunbench_domain::{Amount, SCALE};

/// A spreadsheet has no more rows.
const MOST_ROWS: u32 = 1_048_576;
/// And a cell no more characters; a longer text is cut, and ends in `…`.
const LONGEST_TEXT: usize = 32_000;
/// It keeps 15 significant digits.
const EXACT_BELOW: u64 = 1_000_000_000_000_000;

/// Why no table was written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file cannot be written.
    #[error("the table cannot be written: {0}")]
    Write(#[from] io::Error),
    /// More rows than a workbook holds: delimited text takes them.
    #[error("more than {MOST_ROWS} rows")]
    TooManyRows,
}

impl From<XlsxError> for TableError {
    fn from(error: XlsxError) -> Self {
        Self::Write(disk_error(error))
    }
}

impl From<TableError> for io::Error {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Write(error) => error,
            TableError::TooManyRows => Self::other(error),
        }
    }
}

/// What the disk said, where that is why a workbook was not written.
pub(crate) fn disk_error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
        XlsxError::ZipError(error) => error.into(),
        other => io::Error::other(other),
    }
}

impl From<csv::Error> for TableError {
    fn from(error: csv::Error) -> Self {
        Self::Write(error.into())
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Text, whatever it begins with.
    Text(String),
    /// A decimal in units of 1/10,000.
    Decimal(i64),
    /// A whole number.
    Whole(i64),
    /// A date.
    Day(NaiveDate),
    /// A wall clock in Shanghai.
    Time(NaiveDateTime),
}

/// Writes row after row.
///
/// ```
/// # use sunbench_exchange::table::{TableWriter, Value};
/// let file = tempfile::NamedTempFile::new().unwrap();
/// let mut table = TableWriter::delimited(file.path(), &["名称", "数量"]).unwrap();
/// table.row(&[Value::Text("=1+1".to_owned()), Value::Decimal(-15_000)]).unwrap();
/// table.finish().unwrap();
/// let text = std::fs::read_to_string(file.path()).unwrap();
/// assert_eq!(text, "\u{feff}名称,数量\r\n'=1+1,-1.50\r\n");
/// ```
pub struct TableWriter(Kind);

enum Kind {
    Workbook { sheet: Box<Worksheet>, path: PathBuf, row: u32, formats: Box<Formats> },
    Delimited(Box<csv::Writer<BufWriter<File>>>),
}

struct Formats {
    text: Format,
    whole: Format,
    decimal: Format,
    day: Format,
    time: Format,
}

impl TableWriter {
    /// A workbook with one sheet.
    ///
    /// # Errors
    ///
    /// The sheet's name is none.
    pub fn workbook(path: &Path, sheet_name: &str, headings: &[&str]) -> Result<Self, TableError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(sheet_name)?;
        let heading =
            Format::new().set_bold().set_align(FormatAlign::Center).set_background_color(0x00E8_EEF4);
        for (column, name) in headings.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, *name, &heading)?;
            sheet.set_column_width(column as u16, 16.0)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let formats = Formats {
            // As text, so that a spreadsheet leaves a code of twenty digits alone.
            text: Format::new().set_num_format("@"),
            whole: Format::new().set_num_format("0"),
            decimal: Format::new().set_num_format("#,##0.00##"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        Ok(Self(Kind::Workbook {
            sheet: Box::new(sheet),
            path: path.to_owned(),
            row: 1,
            formats: Box::new(formats),
        }))
    }

    /// UTF-8 text with commas, marked so that spreadsheets read it as such.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn delimited(path: &Path, headings: &[&str]) -> Result<Self, TableError> {
        let mut out = BufWriter::new(File::create(path)?);
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(headings)?;
        Ok(Self(Kind::Delimited(Box::new(writer))))
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// The file cannot be written, or the workbook is full.
    pub fn row(&mut self, values: &[Value]) -> Result<(), TableError> {
        match &mut self.0 {
            Kind::Workbook { sheet, row, formats, .. } => {
                if *row >= MOST_ROWS {
                    return Err(TableError::TooManyRows);
                }
                for (column, value) in values.iter().enumerate() {
                    cell(sheet, *row, column as u16, value, formats)?;
                }
                *row += 1;
            }
            Kind::Delimited(writer) => {
                writer.write_record(values.iter().map(plain).map(Cow::into_owned))?;
            }
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn finish(self) -> Result<(), TableError> {
        match self.0 {
            Kind::Workbook { sheet, path, .. } => {
                let mut book = Workbook::new();
                book.push_worksheet(*sheet);
                book.save(path)?;
            }
            Kind::Delimited(mut writer) => writer.flush()?,
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "fifteen digits are exact, and more are written as text")]
fn cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match value {
        Value::Empty => return Ok(()),
        Value::Text(text) => {
            let text = if text.chars().count() > LONGEST_TEXT {
                Cow::Owned(text.chars().take(LONGEST_TEXT).chain("…".chars()).collect())
            } else {
                Cow::Borrowed(text.as_str())
            };
            sheet.write_string_with_format(row, column, text, &formats.text)?
        }
        Value::Decimal(units) if units.unsigned_abs() < EXACT_BELOW => {
            sheet.write_number_with_format(row, column, *units as f64 / SCALE as f64, &formats.decimal)?
        }
        Value::Whole(number) if number.unsigned_abs() < EXACT_BELOW => {
            sheet.write_number_with_format(row, column, *number as f64, &formats.whole)?
        }
        Value::Decimal(_) | Value::Whole(_) => {
            sheet.write_string_with_format(row, column, plain(value), &formats.text)?
        }
        Value::Day(day) => sheet.write_date_with_format(row, column, day, &formats.day)?,
        Value::Time(time) => sheet.write_datetime_with_format(row, column, time, &formats.time)?,
    };
    Ok(())
}

fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            Cow::Owned(format!("'{text}"))
        }
        Value::Text(text) => Cow::Borrowed(text),
        Value::Decimal(units) => Cow::Owned(Amount::from_units(*units).to_string()),
        Value::Whole(number) => Cow::Owned(number.to_string()),
        Value::Day(day) => Cow::Owned(day.to_string()),
        Value::Time(time) => Cow::Owned(time.format("%Y-%m-%d %H:%M:%S").to_string()),
    }
}
