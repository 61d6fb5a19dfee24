//! 对账单: what reconciliation found, in words and on paper.
//!
//! [`Statement`] is the plain model: [`write_workbook`] makes a workbook of it and [`crate::print::statement`] the
//! pages to sign. It is kept as it was signed, so it serializes.

mod workbook;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use sunbench_domain::matching::{LedgerLine, Matching, Owner};
use sunbench_domain::{Amount, Price, Quantity};

pub use workbook::{StatementError, is_disk_fault, write_workbook};

/// 对账单行: a line of either side as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatementLine {
    /// 订单编号.
    pub order: String,
    /// 订单明细编号, or the delivery's line.
    pub order_line: String,
    /// 医保编码, or the ledger's own code.
    pub code: String,
    /// 产品名称.
    pub name: String,
    /// 规格型号.
    pub spec: String,
    /// 批号.
    pub lot: String,
    /// 日期.
    pub date: Option<NaiveDate>,
    /// 数量.
    pub quantity: Option<Quantity>,
    /// 单位.
    pub unit: String,
    /// 单价, in yuan.
    pub price: Option<Price>,
    /// 金额, in yuan.
    pub amount: Option<Amount>,
    /// 配送企业.
    pub supplier: String,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// A file's name, or 平台 and 医院台账.
    pub name: String,
    /// The lines by row.
    pub lines: BTreeMap<u32, StatementLine>,
}

/// 处理状态: what has become of a difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// 待处理.
    #[default]
    Open,
    /// 已转办: somebody else is asked.
    Waiting,
    /// 已备案.
    Filed,
    /// 已认可.
    Accepted,
}

impl Handling {
    /// The term in Chinese.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::Open => "待处理",
            Self::Waiting => "已转办",
            Self::Filed => "已备案",
            Self::Accepted => "已认可",
        }
    }
}

/// 处理意见: what people decided about a difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// 处理状态.
    pub handling: Handling,
    /// 责任方, where people named another than the rule does.
    pub owner: Option<Owner>,
    /// 备注.
    pub note: String,
}

/// 调整种类: what later data did to a signed period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// 新增: the line came after the signature.
    Added,
    /// 变更: its content has changed.
    Changed,
    /// 删除: it is gone.
    Removed,
}

impl AdjustmentKind {
    /// The term in Chinese.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Changed => "变更",
            Self::Removed => "删除",
        }
    }
}

/// 调整: one change after the signature. It stands beside the signed statement and never alters it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// What happened.
    pub kind: AdjustmentKind,
    /// The side's name, as in [`Side::name`].
    pub side: String,
    /// The line as it is now; a removed one as it was.
    pub line: StatementLine,
    /// What it changes in money.
    pub amount: Amount,
}

/// 签核: who closed the period, and what they closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The signed statement's digest, as the audit log has it; printed on every page.
    pub digest: String,
    /// When, Asia/Shanghai.
    pub at: NaiveDateTime,
    /// Who.
    pub by: String,
    /// 签核意见.
    pub note: String,
}

/// 对账单. Without a signature it is a draft, and says so on paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Statement {
    /// Its heading, such as 对账单.
    pub title: String,
    /// 机构: the hospital; may be empty.
    pub institution: String,
    /// 对账期间, such as 2026年3月; may be empty.
    pub period: String,
    /// 对方单位, such as 全部配送企业; may be empty.
    pub counterpart: String,
    /// 制表日期.
    pub made_on: Option<NaiveDate>,
    /// The platform's side.
    pub left: Side,
    /// The hospital's side.
    pub right: Side,
    /// What was found.
    pub found: Matching,
    /// What people decided, by the index in `found.differences`. Where none is given the difference is open.
    pub marks: Vec<Mark>,
    /// What changed after the signature.
    pub adjustments: Vec<Adjustment>,
    /// Who closed it.
    pub signature: Option<Signature>,
}

impl Statement {
    /// What people decided about the difference at `index`.
    #[must_use]
    pub fn mark(&self, index: usize) -> &Mark {
        static OPEN: Mark = Mark { handling: Handling::Open, owner: None, note: String::new() };
        self.marks.get(index).unwrap_or(&OPEN)
    }
}
