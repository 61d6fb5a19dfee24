//! 对账单: what reconciliation found, in words and on paper.

mod workbook;

use std::collections::HashMap;

use chrono::NaiveDate;
use sunbench_domain::matching::{LedgerLine, Matching};
use sunbench_domain::{Amount, Price, Quantity};

pub use workbook::{StatementError, write_workbook};

/// 对账单行: a line of either side as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    order: String,
    order_line: String,
    code: String,
    name: String,
    spec: String,
    lot: String,
    date: Option<NaiveDate>,
    quantity: Option<Quantity>,
    unit: String,
    price: Option<Price>,
    amount: Option<Amount>,
    supplier: String,
}

impl From<&LedgerLine<'_>> for StatementLine {
    fn from(line: &LedgerLine<'_>) -> Self {
        let order_line = if line.order_line.is_empty() { line.delivery_line } else { line.order_line };
        Self {
            order: line.order.to_owned(),
            order_line: order_line.to_owned(),
            code: if line.code.is_empty() { line.item } else { line.code }.to_owned(),
            name: line.name.to_owned(),
            spec: line.spec.to_owned(),
            lot: line.lot.to_owned(),
            date: line.date,
            quantity: line.quantity,
            unit: line.unit.to_owned(),
            price: line.price,
            amount: line.amount,
            supplier: line.supplier.to_owned(),
        }
    }
}

/// 一方: one side's lines by their row, and what it is called.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// A file's name, or 平台 and 医院台账.
    pub name: String,
    /// The lines by row.
    pub lines: HashMap<u32, StatementLine>,
}

/// 对账单.
#[derive(Debug)]
pub struct Statement<'a> {
    /// Its heading, such as 对账单 2026年3月.
    pub title: &'a str,
    /// The platform's side.
    pub left: &'a Side,
    /// The hospital's side.
    pub right: &'a Side,
    /// What was found.
    pub found: &'a Matching,
}
