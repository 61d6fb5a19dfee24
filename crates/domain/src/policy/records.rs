//! The small records that indicators read beside the tallies.

use chrono::NaiveDate;

use super::pack::ExemptionKind;
use crate::decimal::{Amount, Quantity};

/// 带量采购协议, as far as indicators need it. Keys are the database's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the fields say what they hold
pub struct AgreementRecord {
    pub id: String,
    pub batch: String,
    /// 品种, as the agreement names it.
    pub variety: String,
    /// The variety's keys in the tallies: that of its code, and that of its name for uncoded products.
    pub varieties: Vec<i64>,
    pub maker: i64,
    pub maker_name: String,
    /// For the action: what to order.
    pub product_name: String,
    /// Of the product, in which the quantities are.
    pub unit: String,
    /// 约定采购量 in 1/10,000 of that unit; `None` where the agreement's unit has no known relation to it.
    pub agreed: Option<i64>,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub is_signed: bool,
}

/// 结算单.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SettlementRecord {
    pub id: String,
    /// The month that it settles, by its first day.
    pub month: NaiveDate,
    pub amount: Amount,
    pub created_on: NaiveDate,
    /// As the platform states it.
    pub due_on: NaiveDate,
    pub paid_on: Option<NaiveDate>,
}

/// 督办通知.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct NoticeRecord {
    pub id: String,
    pub issued_on: NaiveDate,
    /// Of the first round.
    pub due_on: NaiveDate,
    /// Of the first round.
    pub answered_on: Option<NaiveDate>,
}

/// 满意度评价.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct EvaluationRecord {
    pub id: String,
    /// Such as `2026Q3`.
    pub period: String,
    pub due_on: NaiveDate,
    pub made_on: Option<NaiveDate>,
}

/// 报量.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DemandRecord {
    pub id: String,
    pub variety: String,
    pub maker_name: String,
    pub last_year: Quantity,
    /// `None` while nothing was reported.
    pub reported: Option<Quantity>,
    pub is_explained: bool,
    pub report_by: NaiveDate,
    pub submitted_on: Option<NaiveDate>,
}

/// 线下采购: filed, or found in the hospital's own ledger without an order or a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OffPlatform {
    pub id: String,
    pub on: NaiveDate,
    pub amount: Amount,
    /// 备案补录.
    pub is_filed: bool,
}

/// 供应问题 that the bureau verified.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SupplyProblem {
    pub id: String,
    /// The variety's keys.
    pub varieties: Vec<i64>,
    pub from: NaiveDate,
    /// The last day; `None` while it lasts.
    pub through: Option<NaiveDate>,
    /// 核实: it counts from this day on, for its own days.
    pub verified_on: NaiveDate,
}

/// 豁免记录: an exemption that a person recorded, with its reason and evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Exemption {
    pub id: i64,
    pub kind: ExemptionKind,
    /// For [`ExemptionKind::CheaperEqualProduct`].
    pub product: Option<i64>,
    /// The variety's keys.
    pub varieties: Vec<i64>,
    /// For [`ExemptionKind::ReserveSupplier`].
    pub maker: Option<i64>,
    /// For [`ExemptionKind::ClinicalNeed`]: the agreement, and by how much it is relieved, in 1/10,000.
    pub agreement: Option<String>,
    pub relief: i64,
    pub from: NaiveDate,
    pub through: NaiveDate,
}

/// What an evaluation stands on beside the tallies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Records {
    pub agreements: Vec<AgreementRecord>,
    pub settlements: Vec<SettlementRecord>,
    pub notices: Vec<NoticeRecord>,
    pub evaluations: Vec<EvaluationRecord>,
    pub demands: Vec<DemandRecord>,
    pub off_platform: Vec<OffPlatform>,
    pub supply_problems: Vec<SupplyProblem>,
    pub exemptions: Vec<Exemption>,
    /// Days on which the operator checked in.
    pub check_ins: Vec<NaiveDate>,
}
