//! A file as lines of the ledger, each with a fingerprint by which it is known again.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::path::Path;

use chrono::{Datelike as _, NaiveDate};
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_domain::matching::{LedgerLine, LineKind};
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_exchange::ledger::{self, LedgerError, LedgerFile, Profile, Strictness};
use sunbench_exchange::open_regular;
use sunbench_exchange::sheet::{SheetError, SheetFile};
use sunbench_store::local::ledger::{LedgerLineId, LedgerRow};

use super::Work;
use crate::error::{ApiError, ApiResult, ErrorCode};

/// A ledger that was read.
pub(super) struct ReadLedger {
    pub(super) file: LedgerFile,
    /// The accepted lines with their rows as a spreadsheet numbers them.
    pub(super) lines: Vec<(u32, LedgerRow)>,
}

/// 202610 of a day in October 2026.
fn month_of(day: NaiveDate) -> u32 {
    day.year().unsigned_abs() * 100 + day.month()
}

/// `2026-10` of 202610.
pub(crate) fn period_text(month: u32) -> String {
    format!("{:04}-{:02}", month / 100, month % 100)
}

/// 202610 of `2026-10`.
pub(crate) fn period_month(period: &str) -> Option<u32> {
    let (year, month) = period.split_once('-')?;
    let is_plain =
        year.len() == 4 && month.len() == 2 && period.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
    (is_plain && (1..=12).contains(&month) && year > 0).then_some(year * 100 + month)
}

/// SHA-256 of a file's bytes, in lower-case hexadecimal.
pub(crate) fn file_digest(path: &Path) -> ApiResult<String> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => ApiError::from(ErrorCode::NotFound),
        _ => ApiError::from(ErrorCode::FileUnreadable),
    };
    let mut file = open_regular(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece).map_err(unreadable)? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&piece[..n]),
        }
    }
}

/// Reads a file. Lines without a date belong to the month `undated`; where none is named, to month 0.
///
/// # Errors
///
/// [`ErrorCode::Cancelled`], or what is wrong with the file.
pub(super) fn read(path: &Path, profile: &Profile, undated: u32, work: &Work) -> ApiResult<ReadLedger> {
    let mut lines = Vec::new();
    let mut equal: HashMap<[u8; 16], u32> = HashMap::new();
    let mut cancelled = false;
    let file = ledger::read(path, profile, Strictness::Whole, &mut |line| {
        if work.is_cancelled() {
            cancelled = true;
            return ControlFlow::Break(());
        }
        work.step();
        let mut row = kept(line, undated);
        let ordinal = equal.entry(row.id.fingerprint).or_default();
        *ordinal += 1;
        row.id.ordinal = *ordinal;
        lines.push((line.row, row));
        ControlFlow::Continue(())
    })
    .map_err(|error| refused(&error))?;
    if cancelled {
        return Err(ErrorCode::Cancelled.into());
    }
    for (row, _) in &mut lines {
        *row += file.columns.heading_row();
    }
    Ok(ReadLedger { file, lines })
}

/// The headings of a file, as far as its first line. `None` where this profile finds none.
pub(super) fn headings(path: &Path, profile: &Profile) -> Result<Vec<String>, LedgerError> {
    let file = ledger::read(path, profile, Strictness::Usable, &mut |_| ControlFlow::Break(()))?;
    Ok(file.columns.all().iter().map(|column| column.heading.clone()).filter(|h| !h.is_empty()).collect())
}

/// The first values below the headings, by column.
pub(super) fn samples(path: &Path, file: &LedgerFile) -> ApiResult<BTreeMap<usize, Vec<String>>> {
    const EACH: usize = 3;
    const ROWS: u32 = 20;
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut source = SheetFile::open(path).map_err(|error| refused(&error.into()))?;
    let sheet = source.sheets().iter().position(|sheet| sheet.name == file.sheet).unwrap_or_default();
    let heading = file.columns.heading_row();
    source
        .each_row(sheet, &mut |row| {
            if row.number() > heading + ROWS {
                return ControlFlow::Break(());
            }
            if row.number() > heading {
                for (column, cell) in row.cells().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
                    let values = found.entry(column).or_default();
                    let value: String = cell.text.chars().take(40).collect();
                    if values.len() < EACH && !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
            ControlFlow::Continue(())
        })
        .map_err(|error| refused(&error.into()))?;
    Ok(found)
}

fn kept(line: &LedgerLine<'_>, undated: u32) -> LedgerRow {
    let is_return = line.kind == LineKind::Return || line.quantity.is_some_and(Quantity::is_negative);
    let text = |text: &str| text.trim().to_owned();
    let mut row = LedgerRow {
        key: 0,
        id: LedgerLineId { fingerprint: [0; 16], ordinal: 0 },
        month: line.date.map_or(undated, month_of),
        is_return,
        dated_on: line.date.map(|day| day.to_string()),
        order: text(line.order),
        order_line: text(line.order_line),
        delivery: text(line.delivery),
        delivery_line: text(line.delivery_line),
        invoice: text(line.invoice),
        code: text(line.code),
        udi: text(line.udi),
        item: text(line.item),
        name: text(line.name),
        spec: text(line.spec),
        manufacturer: text(line.manufacturer),
        supplier: text(line.supplier),
        lot: text(line.lot),
        serial: text(line.serial),
        expires_on: line.expiry.map(|day| day.to_string()),
        quantity: line.quantity.unwrap_or_default(),
        unit: text(line.unit),
        price: line.price,
        amount: line.amount,
    };
    row.id.fingerprint = fingerprint(&row);
    row
}

/// Of everything that a line states. One without a date is another one in each month.
fn fingerprint(row: &LedgerRow) -> [u8; 16] {
    let number = |units: Option<i64>| units.map(|units| units.to_string()).unwrap_or_default();
    let month = if row.dated_on.is_some() { String::new() } else { row.month.to_string() };
    let quantity = row.quantity.to_string();
    let (price, amount) = (number(row.price.map(Price::units)), number(row.amount.map(Amount::units)));
    let fields = [
        if row.is_return { "return" } else { "receipt" },
        &month,
        row.dated_on.as_deref().unwrap_or_default(),
        &row.order,
        &row.order_line,
        &row.delivery,
        &row.delivery_line,
        &row.invoice,
        &row.code,
        &row.udi,
        &row.item,
        &row.name,
        &row.spec,
        &row.manufacturer,
        &row.supplier,
        &row.lot,
        &row.serial,
        row.expires_on.as_deref().unwrap_or_default(),
        &quantity,
        &row.unit,
        &price,
        &amount,
    ];
    let mut hash = Sha256::new();
    for field in fields {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    let digest = hash.finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    first
}

/// What is wrong with a file, by the row that it is about.
pub(super) fn refused(error: &LedgerError) -> ApiError {
    let at = |code: ErrorCode, row: u32| ApiError::field(code, &row.to_string());
    match error {
        LedgerError::Sheet(error) => match error {
            SheetError::Unreadable(_) => ErrorCode::FileUnreadable.into(),
            SheetError::Empty => ErrorCode::LedgerEmpty.into(),
            SheetError::NotATable => ErrorCode::LedgerNotATable.into(),
            SheetError::Password => ErrorCode::LedgerPassword.into(),
            SheetError::Damaged { after_row, .. } => at(ErrorCode::LedgerDamaged, *after_row),
            SheetError::TooLarge => ErrorCode::LedgerTooLarge.into(),
            SheetError::TooWide { row } => at(ErrorCode::LedgerTooLarge, *row),
            SheetError::Encoding { row } => at(ErrorCode::LedgerEncoding, *row),
            SheetError::OpenQuote { row } => at(ErrorCode::LedgerQuote, *row),
        },
        LedgerError::NoHeadings { .. } => ErrorCode::LedgerNoHeadings.into(),
        LedgerError::MissingColumn { .. } => ErrorCode::LedgerNoQuantity.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_periods() {
        for (text, month) in [
            ("2026-10", Some(202_610)),
            ("2026-1", None),
            ("2026-13", None),
            ("2026-00", None),
            ("+026-10", None),
            ("202610", None),
            ("", None),
        ] {
            assert_eq!(period_month(text), month, "{text}");
            if let Some(month) = month {
                assert_eq!(period_text(month), text);
            }
        }
    }
}
