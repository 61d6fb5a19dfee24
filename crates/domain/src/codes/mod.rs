//! 编码校验: the codes that identify products, companies and institutions.
//!
//! [`check`] first makes a value comparable (width, case, blanks, what a spreadsheet or a scanner added), then
//! judges it, and takes it apart. A code that is wrong comes back with the one reason that helps to correct it;
//! nothing is repaired by guessing.
//!
//! ```
//! use sunbench_domain::codes::{CodeKind, check};
//!
//! let code = check(CodeKind::Mcs, "ｃ14-0110 02000010 0012");
//! assert!(!code.valid);
//! assert_eq!(code.reason.as_deref(), Some("应为 20 位或 27 位，实际 19 位"));
//!
//! let udi = check(CodeKind::Udi, "(01)06901234567892(17)270200(10)A213B1");
//! assert!(udi.valid);
//! assert_eq!(udi.parts["expiry"], "2027-02-28"); // day 00 is the end of the month
//! ```

mod dates;
mod fault;
mod gs1;
mod gs1_table;
mod gtin;
mod hibc;
mod ma;
mod plain;
mod reading;
mod udi;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use fault::CodeFault;

/// The year from which [`check`] reads two-digit years: with 2026, `76` is 2076 and `77` is 1977 (GS1 General
/// Specifications, 7.12). Pass the current year to [`check_at`] where a clock is at hand.
pub const REFERENCE_YEAR: i32 = 2026;

/// 编码种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// 国家医保医用耗材代码: the national consumable code, 20 characters, 27 with the model.
    Mcs,
    /// 医疗器械唯一标识: a unique device identifier by GS1, MA (中关村工信二维码) or HIBC.
    Udi,
    /// 全球贸易项目代码: a trade item number of 8, 12, 13 or 14 digits.
    Gtin,
    /// 统一社会信用代码 (GB 32100): the unified social credit code of an organisation.
    Uscc,
    /// 定点医疗机构代码: the national code of a medical institution.
    Institution,
}

impl CodeKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Mcs, Self::Udi, Self::Gtin, Self::Uscc, Self::Institution];

    /// The name in commands and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mcs => "mcs",
            Self::Udi => "udi",
            Self::Gtin => "gtin",
            Self::Uscc => "uscc",
            Self::Institution => "institution",
        }
    }
}

impl fmt::Display for CodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no [`CodeKind`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of code `{0}`, expected mcs, udi, gtin, uscc or institution")]
pub struct UnknownCodeKind(pub String);

impl FromStr for CodeKind {
    type Err = UnknownCodeKind;

    fn from_str(name: &str) -> Result<Self, UnknownCodeKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownCodeKind(name.to_owned()))
    }
}

/// The parts of a code by name, such as `company` or `expiry`; dates are `YYYY-MM-DD`.
pub type Parts = BTreeMap<String, String>;

/// The longest text that is looked at, in characters; the longest label of the standards is far shorter.
const LONGEST: usize = 1_000;

/// What was found out about one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeCheck {
    /// The kind that it was judged as.
    pub kind: CodeKind,
    /// Whether it is well formed and its check character is right. Whether it is registered is not known here.
    pub valid: bool,
    /// The form to store and to compare. For an invalid code, the value as far as it was cleaned.
    pub normalized: String,
    /// What it says. For an invalid code, what could still be read.
    pub parts: Parts,
    /// Why it is invalid, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it is invalid, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<CodeFault>,
}

/// What a reader makes of a value: the cleaned form, the parts, and the first fault.
struct Reading {
    normalized: String,
    parts: Parts,
    fault: Option<CodeFault>,
}

/// Judges a code. Any text is accepted; two-digit years are read from [`REFERENCE_YEAR`].
#[must_use]
pub fn check(kind: CodeKind, value: &str) -> CodeCheck {
    check_at(kind, value, REFERENCE_YEAR)
}

/// Judges a code; `year` is the current year, from which two-digit years are read.
#[must_use]
pub fn check_at(kind: CodeKind, value: &str, year: i32) -> CodeCheck {
    let Reading { normalized, parts, fault } = match kind {
        _ if value.chars().nth(LONGEST).is_some() => too_long(value),
        CodeKind::Mcs => plain::mcs(value),
        CodeKind::Udi => udi::read(value, year),
        CodeKind::Gtin => gtin::read(value),
        CodeKind::Uscc => plain::uscc(value),
        CodeKind::Institution => plain::institution(value),
    };
    let reason = fault.as_ref().map(CodeFault::text_zh);
    CodeCheck { kind, valid: fault.is_none(), normalized, parts, reason, fault }
}

/// A text that cannot be meant, so that no reader has to be quick with it.
fn too_long(value: &str) -> Reading {
    let found = value.chars().count();
    Reading {
        normalized: value.chars().take(LONGEST).filter(|c| !c.is_control()).collect(),
        parts: Parts::new(),
        fault: Some(CodeFault::Length { expected: format!("{LONGEST} 位以内"), found }),
    }
}

#[cfg(test)]
mod tests;
