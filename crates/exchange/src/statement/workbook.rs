//! A statement as a workbook.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind};
use std::path::Path;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use sunbench_domain::Amount;
use sunbench_domain::matching::{DifferenceKind, Reason, Rows};

use super::{Side, Statement, StatementLine};
use crate::table::disk_error;

/// Why a workbook was not written.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// The file cannot be written.
    #[error("the workbook cannot be written: {0}")]
    Write(io::Error),
}

impl From<XlsxError> for StatementError {
    fn from(error: XlsxError) -> Self {
        Self::Write(disk_error(error))
    }
}

impl From<StatementError> for io::Error {
    fn from(StatementError::Write(error): StatementError) -> Self {
        error
    }
}

/// Whether a panic is the workbook library's way of saying that the disk did not take a row, which [`write_workbook`]
/// returns as an error: nobody else has to tell of it.
#[must_use]
pub fn is_disk_fault(panic: &PanicHookInfo<'_>) -> bool {
    panic.location().is_some_and(|place| place.file().contains("rust_xlsxwriter"))
        && told_by(panic.payload()).is_some()
}

/// The disk's fault that the library put into its panic: it expects every row to reach its temporary file.
fn told_by(payload: &(dyn Any + Send)) -> Option<io::Error> {
    let text = payload.downcast_ref::<String>()?;
    let kinds = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::FileTooLarge];
    let kind = kinds.into_iter().find(|kind| text.contains(&format!("kind: {kind:?}")));
    kind.map(io::Error::from).or_else(|| text.contains("Os { code: ").then(|| io::Error::other(text.clone())))
}

/// Runs what may end in such a panic; any other goes on.
fn told(write: impl FnOnce() -> Result<(), StatementError>) -> Result<(), StatementError> {
    // What was half-made goes away with the panic: nothing of it is looked at again.
    catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|panic| match told_by(panic.as_ref()) {
        Some(error) => Err(StatementError::Write(error)),
        None => resume_unwind(panic),
    })
}

/// The columns of a line, with their widths.
const LINE: [(&str, f64); 12] = [
    ("订单编号", 18.0),
    ("订单明细编号", 20.0),
    ("医保编码", 24.0),
    ("产品名称", 24.0),
    ("规格型号", 16.0),
    ("批号", 12.0),
    ("日期", 11.0),
    ("数量", 10.0),
    ("单位", 6.0),
    ("单价", 11.0),
    ("金额", 13.0),
    ("配送企业", 24.0),
];

/// Writes a statement: a summary, the differences, what a person has to decide, what agrees, what is left.
///
/// What is longer than a sheet goes on in the next: 勾对, 勾对 2. Rows are written as they come, by way of the system's
/// folder of temporary files, so that a million of them are never in memory together.
///
/// Every text is written as text: one that begins with `=` is no formula. A number that a spreadsheet would round is
/// written as text too.
///
/// # Errors
///
/// The file cannot be written.
pub fn write_workbook(statement: &Statement, path: &Path) -> Result<(), StatementError> {
    told(|| write(statement, path))
}

fn write(statement: &Statement, path: &Path) -> Result<(), StatementError> {
    let found = &statement.found;
    let styles = Styles::new();
    let mut book = Workbook::new();
    summary(&mut book, statement, &styles)?;

    for (name, part) in sheets("差异", found.differences.iter().map(|d| d.left.len() + d.right.len())) {
        let mut sheet = Table::new(&mut book, &name, &styles)?;
        sheet.heading(&[
            ("种类", 14.0),
            ("金额（元）", 13.0),
            ("责任方", 12.0),
            ("处理", 30.0),
            ("状态", 8.0),
            ("备注", 24.0),
            ("一方", 8.0),
            ("行", 7.0),
        ])?;
        for index in part {
            let (difference, mark) = (&found.differences[index], statement.mark(index));
            for (side, row) in rows(statement, &difference.left, &difference.right) {
                sheet.text(difference.kind.text_zh())?;
                sheet.amount(Some(difference.amount.units()))?;
                sheet.text(mark.owner.unwrap_or(difference.owner).text_zh())?;
                sheet.text(difference.action.text_zh())?;
                sheet.text(mark.handling.text_zh())?;
                sheet.text(&mark.note)?;
                sheet.line(side, row)?;
            }
        }
    }

    // Few reasons explain many pairs.
    let mut reasons: HashMap<Reason, String> = HashMap::new();
    for (name, list) in [("待确认", false), ("勾对", true)] {
        let groups: Vec<_> = if list {
            found.pairs.iter().map(|pair| (&pair.left, &pair.right, pair.pass, &pair.reason)).collect()
        } else {
            found.proposals.iter().map(|one| (&one.left, &one.right, one.pass, &one.reason)).collect()
        };
        for (name, part) in sheets(name, groups.iter().map(|(left, right, ..)| left.len() + right.len())) {
            let mut sheet = Table::new(&mut book, &name, &styles)?;
            sheet.heading(&[("组", 6.0), ("方式", 6.0), ("依据", 40.0), ("一方", 8.0), ("行", 7.0)])?;
            for group in part {
                let (left, right, pass, reason) = groups[group];
                let reason = reasons.entry(*reason).or_insert_with(|| reason.text_zh());
                for (side, row) in rows(statement, left, right) {
                    sheet.number(group as i64 + 1)?;
                    sheet.number(pass.number().into())?;
                    sheet.text(reason)?;
                    sheet.line(side, row)?;
                }
            }
        }
    }

    let left = found.unmatched_left.iter().map(|row| (&statement.left, *row));
    let unmatched: Vec<(&Side, u32)> =
        left.chain(found.unmatched_right.iter().map(|row| (&statement.right, *row))).collect();
    for (name, part) in sheets("未勾对", unmatched.iter().map(|_| 1)) {
        let mut sheet = Table::new(&mut book, &name, &styles)?;
        sheet.heading(&[("一方", 8.0), ("行", 7.0)])?;
        for (side, row) in &unmatched[part] {
            sheet.line(side, *row)?;
        }
    }
    if !statement.adjustments.is_empty() {
        let mut sheet = Table::new(&mut book, "调整", &styles)?;
        sheet.heading(&[("调整", 8.0), ("影响金额（元）", 13.0), ("一方", 8.0)])?;
        for adjustment in &statement.adjustments {
            sheet.text(adjustment.kind.text_zh())?;
            sheet.amount(Some(adjustment.amount.units()))?;
            sheet.text(&adjustment.side)?;
            sheet.fields(&adjustment.line)?;
            sheet.next();
        }
    }
    book.save(path)?;
    Ok(())
}

/// Rows that a sheet has below its headings.
const MOST_ROWS: usize = 1_048_575;

/// The sheets that entries of so many rows each take, by name, and which of the entries each holds: one sheet at least.
fn sheets(name: &str, rows: impl Iterator<Item = usize>) -> Vec<(String, Range<usize>)> {
    let mut sheets = vec![(name.to_owned(), 0..0)];
    let mut filled = 0;
    for (index, rows) in rows.enumerate() {
        if filled > 0 && filled + rows > MOST_ROWS {
            sheets.push((format!("{name} {}", sheets.len() + 1), index..index));
            filled = 0;
        }
        filled += rows;
        let last = sheets.len() - 1;
        sheets[last].1.end = index + 1;
    }
    sheets
}

fn rows<'s>(
    statement: &'s Statement,
    left: &Rows,
    right: &Rows,
) -> impl Iterator<Item = (&'s Side, u32)> + use<'s> {
    let of = |side: &'s Side, rows: &Rows| rows.iter().map(|row| (side, *row)).collect::<Vec<_>>();
    of(&statement.left, left).into_iter().chain(of(&statement.right, right))
}

fn summary(book: &mut Workbook, statement: &Statement, styles: &Styles) -> Result<(), StatementError> {
    let found = &statement.found;
    let stats = &found.stats;
    let sheet = book.add_worksheet().set_name("汇总")?;
    sheet.set_column_width(0, 24)?.set_column_width(1, 16)?.set_column_width(2, 18)?;
    sheet.write_string_with_format(0, 0, &statement.title, &styles.title)?;
    let mut table = Table { sheet, styles, row: 2, column: 0 };
    for (name, value) in [
        ("单位", &statement.institution),
        ("对账期间", &statement.period),
        ("对方单位", &statement.counterpart),
        ("制表日期", &statement.made_on.map(|day| day.to_string()).unwrap_or_default()),
    ] {
        if !value.is_empty() {
            table.text(name)?;
            table.text(value)?;
            table.next();
        }
    }
    if let Some(signature) = &statement.signature {
        for (name, value) in [
            ("签核人", &signature.by),
            ("签核时间", &signature.at.format("%Y-%m-%d %H:%M").to_string()),
            ("签核意见", &signature.note),
            ("摘要（SHA-256）", &signature.digest),
        ] {
            table.text(name)?;
            table.text(value)?;
            table.next();
        }
    }
    for (name, value) in [
        (format!("{} 行数", statement.left.name), stats.left_rows),
        (format!("{} 行数", statement.right.name), stats.right_rows),
        ("勾对（组）".to_owned(), found.pairs.len() as u32),
        ("待确认（组）".to_owned(), found.proposals.len() as u32),
        (format!("{} 未勾对", statement.left.name), found.unmatched_left.len() as u32),
        (format!("{} 未勾对", statement.right.name), found.unmatched_right.len() as u32),
    ] {
        table.text(&name)?;
        table.number(value.into())?;
        table.next();
    }
    for (name, amount) in
        [(&statement.left.name, stats.left_amount), (&statement.right.name, stats.right_amount)]
    {
        table.text(&format!("{name} 金额（元）"))?;
        table.amount(Some(amount.units()))?;
        table.next();
    }
    table.next();
    table.heading_here(&["差异种类", "项数", "金额（元）"])?;
    let mut kinds: BTreeMap<DifferenceKind, (i64, Amount)> = BTreeMap::new();
    for difference in &found.differences {
        let (count, amount) = kinds.entry(difference.kind).or_default();
        *count += 1;
        *amount += difference.amount;
    }
    for (kind, (count, amount)) in kinds {
        table.text(kind.text_zh())?;
        table.number(count)?;
        table.amount(Some(amount.units()))?;
        table.next();
    }
    Ok(())
}

struct Styles {
    title: Format,
    heading: Format,
    text: Format,
    whole: Format,
    amount: Format,
    date: Format,
}

impl Styles {
    fn new() -> Self {
        let cell = || Format::new().set_border(FormatBorder::Hair);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            heading: cell().set_bold().set_align(FormatAlign::Center).set_background_color(0x00E8_EEF4),
            // As text, so that a spreadsheet leaves a code of twenty digits alone.
            text: cell().set_num_format("@"),
            whole: cell().set_num_format("0"),
            amount: cell().set_num_format("#,##0.00##"),
            date: cell().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// Writes cell after cell, row after row.
struct Table<'b> {
    sheet: &'b mut Worksheet,
    styles: &'b Styles,
    row: u32,
    column: u16,
}

/// A spreadsheet keeps 15 significant digits.
const EXACT_BELOW: u64 = 1_000_000_000_000_000;

impl<'b> Table<'b> {
    fn new(book: &'b mut Workbook, name: &str, styles: &'b Styles) -> Result<Self, StatementError> {
        let sheet = book.add_worksheet_with_constant_memory()?.set_name(name)?;
        Ok(Self { sheet, styles, row: 0, column: 0 })
    }

    /// The headings before a line's own, and those of the line.
    fn heading(&mut self, before: &[(&str, f64)]) -> Result<(), StatementError> {
        for (column, (_, width)) in before.iter().chain(&LINE).enumerate() {
            self.sheet.set_column_width(column as u16, *width)?;
        }
        let names: Vec<&str> = before.iter().chain(&LINE).map(|(name, _)| *name).collect();
        self.heading_here(&names)?;
        self.sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }

    fn heading_here(&mut self, names: &[&str]) -> Result<(), StatementError> {
        for (column, name) in names.iter().enumerate() {
            self.sheet.write_string_with_format(self.row, column as u16, *name, &self.styles.heading)?;
        }
        self.next();
        Ok(())
    }

    fn next(&mut self) {
        self.row += 1;
        self.column = 0;
    }

    fn text(&mut self, text: &str) -> Result<(), StatementError> {
        // A cell holds 32,767 characters; a longer text is cut where it says so.
        let cut: String;
        let text = if text.chars().count() > 32_000 {
            cut = text.chars().take(32_000).chain("…".chars()).collect();
            &cut
        } else {
            text
        };
        self.sheet.write_string_with_format(self.row, self.column, text, &self.styles.text)?;
        self.column += 1;
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts and rows are small")]
    fn number(&mut self, number: i64) -> Result<(), StatementError> {
        self.sheet.write_number_with_format(self.row, self.column, number as f64, &self.styles.whole)?;
        self.column += 1;
        Ok(())
    }

    /// Units of 1/10,000.
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits are exact, and more are written as text")]
    fn amount(&mut self, units: Option<i64>) -> Result<(), StatementError> {
        match units {
            Some(units) if units.unsigned_abs() < EXACT_BELOW => {
                let value = units as f64 / 10_000.0;
                self.sheet.write_number_with_format(self.row, self.column, value, &self.styles.amount)?;
                self.column += 1;
                Ok(())
            }
            Some(units) => self.text(&Amount::from_units(units).to_string()),
            None => self.text(""),
        }
    }

    /// The side, the row and the line itself; then the next row.
    fn line(&mut self, side: &Side, row: u32) -> Result<(), StatementError> {
        self.text(&side.name)?;
        self.number(row.into())?;
        if let Some(line) = side.lines.get(&row) {
            self.fields(line)?;
        }
        self.next();
        Ok(())
    }

    fn fields(&mut self, line: &StatementLine) -> Result<(), StatementError> {
        for text in [&line.order, &line.order_line, &line.code, &line.name, &line.spec, &line.lot] {
            self.text(text)?;
        }
        match line.date {
            Some(date) => {
                self.sheet.write_date_with_format(self.row, self.column, date, &self.styles.date)?;
                self.column += 1;
            }
            None => self.text("")?,
        }
        self.amount(line.quantity.map(sunbench_domain::Quantity::units))?;
        self.text(&line.unit)?;
        self.amount(line.price.map(sunbench_domain::Price::units))?;
        self.amount(line.amount.map(Amount::units))?;
        self.text(&line.supplier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_a_sheet_goes_on_in_the_next() {
        let ranges =
            |rows: &[usize]| -> Vec<(String, Range<usize>)> { sheets("勾对", rows.iter().copied()) };
        let half = MOST_ROWS / 2 + 1;
        assert_eq!(ranges(&[]), [("勾对".to_owned(), 0..0)]);
        assert_eq!(ranges(&[2, 2, 1]), [("勾对".to_owned(), 0..3)]);
        assert_eq!(ranges(&[MOST_ROWS - 2, 2]), [("勾对".to_owned(), 0..2)]);
        assert_eq!(
            ranges(&[half, half, 2, half]),
            [("勾对".to_owned(), 0..1), ("勾对 2".to_owned(), 1..3), ("勾对 3".to_owned(), 3..4)]
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_and_a_defect_a_panic() {
        use std::io::Write as _;

        let quiet = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let full = told(|| {
            let mut device = std::fs::File::options().write(true).open("/dev/full").unwrap();
            device.write_all(b"row").expect("Couldn't write to xml file");
            Ok(())
        });
        let defect = catch_unwind(|| told(|| panic!("第 3 行")));
        std::panic::set_hook(quiet);
        let Err(StatementError::Write(error)) = full else { panic!("{full:?}") };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(defect.is_err());
        let book = write_workbook(&Statement::default(), Path::new("/dev/full"));
        let Err(StatementError::Write(error)) = book else { panic!("{book:?}") };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
