//! The reader's words and the window's.

use sunbench_domain::matching::CodeField;
use sunbench_exchange::ledger::{Field, LedgerFile, Problem, ProblemReason, SkippedWhat};
use sunbench_exchange::sheet::Format;

use crate::wire::{LedgerFault, LedgerField, LedgerProblem, LedgerSkip};

macro_rules! fields {
    ($($name:ident)*) => {
        /// The window's name of a field.
        pub(super) const fn field(field: Field) -> LedgerField {
            match field { $(Field::$name => LedgerField::$name,)* }
        }
        /// The reader's name of a field.
        pub(super) const fn reader_field(field: LedgerField) -> Field {
            match field { $(LedgerField::$name => Field::$name,)* }
        }
    };
}
fields! {
    Order OrderLine Delivery DeliveryLine Receipt Invoice NationalCode Udi ItemCode Name Spec Model Manufacturer
    Supplier Lot Serial Expiry Date Quantity Unit Price Amount Kind
}

pub(super) const fn skip(what: SkippedWhat) -> LedgerSkip {
    match what {
        SkippedWhat::Total => LedgerSkip::Total,
        SkippedWhat::Heading => LedgerSkip::Heading,
        SkippedWhat::Note => LedgerSkip::Note,
    }
}

const fn fault(reason: ProblemReason) -> LedgerFault {
    match reason {
        ProblemReason::Missing => LedgerFault::Missing,
        ProblemReason::NotANumber => LedgerFault::NotANumber,
        ProblemReason::OutOfRange => LedgerFault::OutOfRange,
        ProblemReason::NotADate => LedgerFault::NotADate,
        ProblemReason::NoResult => LedgerFault::NoResult,
    }
}

/// Why, for people.
pub(super) const fn fault_text(fault: LedgerFault) -> &'static str {
    match fault {
        LedgerFault::Missing => "此处为空",
        LedgerFault::NotANumber => "不是数",
        LedgerFault::OutOfRange => "数值超出范围",
        LedgerFault::NotADate => "不是日期，或可以有两种读法",
        LedgerFault::NoResult => "是错误值，或没有保存结果的公式",
        LedgerFault::Damaged => "已被表格软件损坏，不用于勾对",
    }
}

/// How a file was written, for people.
pub(super) fn format(format: Format) -> String {
    match format {
        Format::Xlsx => "xlsx".to_owned(),
        Format::Xlsb => "xlsb".to_owned(),
        Format::Xls => "xls".to_owned(),
        Format::Ods => "ods".to_owned(),
        Format::Text { encoding, .. } => format!("文本（{encoding}）"),
        Format::Markup => "网页表格".to_owned(),
    }
}

/// What could not be read, by row; at most `most`.
pub(super) fn problems(file: &LedgerFile, most: usize) -> Vec<LedgerProblem> {
    let heading = file.columns.heading_row();
    let damaged = file.ledger.damaged().iter().map(|cell| {
        let column = file.columns.heading(code_field(cell.field)).to_owned();
        LedgerProblem {
            row: cell.row,
            sheet_row: cell.row + heading,
            column,
            value: String::new(),
            fault: LedgerFault::Damaged,
            reason: fault_text(LedgerFault::Damaged).to_owned(),
            refused: false,
        }
    });
    let mut all: Vec<LedgerProblem> = file.problems.iter().map(problem).chain(damaged).collect();
    all.sort_by(|a, b| (a.row, &a.column).cmp(&(b.row, &b.column)));
    all.truncate(most);
    all
}

fn problem(problem: &Problem) -> LedgerProblem {
    let fault = fault(problem.reason);
    LedgerProblem {
        row: problem.row,
        sheet_row: problem.sheet_row,
        column: problem.column.clone(),
        value: problem.value.clone(),
        fault,
        reason: fault_text(fault).to_owned(),
        refused: problem.is_refused,
    }
}

const fn code_field(field: CodeField) -> Field {
    match field {
        CodeField::Key | CodeField::OrderLine => Field::OrderLine,
        CodeField::Order => Field::Order,
        CodeField::Delivery => Field::Delivery,
        CodeField::DeliveryLine => Field::DeliveryLine,
        CodeField::Invoice => Field::Invoice,
        CodeField::Code => Field::NationalCode,
        CodeField::Udi => Field::Udi,
        CodeField::Item => Field::ItemCode,
        CodeField::Lot => Field::Lot,
        CodeField::Serial => Field::Serial,
    }
}
