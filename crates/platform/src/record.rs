//! What the platform publishes, and the contract between it and the demo generator.

use chrono::NaiveDate;
use sunbench_contract::{Resource, time::Instant};
use sunbench_domain::Amount;

/// One record as the platform publishes it.
///
/// Records with the same `doc` are one document and follow one another: its header first, then its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// 医疗机构代码 of the hospital that sees it; `None` is public.
    pub institution: Option<String>,
    /// What kind it is.
    pub resource: Resource,
    /// Unique within the resource, over all hospitals.
    pub id: String,
    /// When it last changed.
    pub upd_time: Instant,
    /// The business day: the order of a snapshot and the day of a digest.
    pub day: NaiveDate,
    /// The document that it belongs to.
    pub doc: String,
    /// What the digest sums; nought where the record has no amount.
    pub amount: Amount,
    /// Canonical JSON: keys in byte order, no blanks (`sunbench_contract::canonical_json`).
    pub data: String,
}

/// What demo province is wanted; equal specifications give equal records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSpec {
    /// Seed of the pseudo-random numbers.
    pub seed: u64,
    /// 1 is one middling hospital for two years; 100 is about a million order lines.
    pub scale: u32,
    /// The date that the demo's dates are laid relative to.
    pub today: NaiveDate,
}

/// Who may sign in to a generated demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoInfo {
    /// 医疗机构代码 of the main hospital.
    pub institution: String,
    /// Its name.
    pub institution_name: String,
    /// 操作员 of the main hospital.
    pub user: String,
    /// 姓名.
    pub user_name: String,
    /// The operator's password.
    pub password: String,
    /// Sign-in name of the supervisor.
    pub supervisor: String,
    /// The supervisor's password.
    pub supervisor_password: String,
    /// Every hospital of the demo, the main one first.
    pub hospitals: Vec<DemoHospital>,
}

/// One hospital of a demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoHospital {
    /// 医疗机构代码.
    pub institution: String,
    /// Its name.
    pub name: String,
    /// Who may sign in for it.
    pub operators: Vec<DemoOperator>,
}

/// One 操作员 of a demo hospital.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOperator {
    /// Sign-in name.
    pub user: String,
    /// 姓名.
    pub name: String,
    /// The password.
    pub password: String,
    /// Such as `buyer`, `receiver`, `reviewer`.
    pub roles: Vec<String>,
}
