//! What a row says: a line, something that is no line, or what is wrong with it.

use sunbench_domain::matching::{Ledger, LedgerLine, LineKind};
use sunbench_domain::{Amount, Price, Quantity};

use super::columns::Columns;
use super::field::Field;
use super::value::{self, ValueError};
use super::{LedgerFile, Problem, ProblemReason, Skipped, SkippedWhat, Strictness};
use crate::sheet::{CellKind, Cells, Flow, Format};

/// Problems are counted past this number, and no longer kept one by one.
const MOST_PROBLEMS: usize = 10_000;

/// Makes a ledger of rows.
pub(super) struct Reader {
    columns: Columns,
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

impl Reader {
    /// For a table of about `rows` rows.
    pub(super) fn new(columns: Columns, strictness: Strictness, rows: usize) -> Self {
        Self {
            columns,
            strictness,
            ledger: Ledger::with_capacity(rows),
            problems: Vec::new(),
            problem_count: 0,
            refused_rows: Vec::new(),
            skipped: Vec::new(),
            spec: String::new(),
        }
    }

    /// The only table of a file.
    pub(super) fn finish(self, format: Format) -> LedgerFile {
        LedgerFile {
            format,
            sheet: String::new(),
            other_sheets: Vec::new(),
            columns: self.columns,
            ledger: self.ledger,
            problems: self.problems,
            problem_count: self.problem_count,
            refused_rows: self.refused_rows,
            skipped: self.skipped,
        }
    }

    /// Takes the next row in. `each` gets its line, where it is one.
    pub(super) fn row(
        &mut self,
        row: &impl Cells,
        each: &mut (impl FnMut(&LedgerLine<'_>) -> Flow + ?Sized),
    ) -> Flow {
        let Some(number) = row.number().checked_sub(self.columns.heading_row()).filter(|number| *number > 0)
        else {
            return Flow::Continue(());
        };
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
    fn no_line(&self, row: &impl Cells) -> Option<SkippedWhat> {
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
    fn number(&mut self, row: &impl Cells, field: Field) -> Option<i64> {
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

    fn date(&mut self, row: &impl Cells, field: Field) -> Option<chrono::NaiveDate> {
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

    fn problem(&mut self, row: &impl Cells, field: Field, value: &str, reason: ProblemReason) {
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
