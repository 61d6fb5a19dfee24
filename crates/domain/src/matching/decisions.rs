//! What people decided: taken as input, so that the same inputs and decisions give the same result.

use serde::{Deserialize, Serialize};

use crate::{Amount, Price, Quantity};

/// 人工决定: everything that a person, or an earlier period, has settled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decisions {
    /// 手工勾对: rows that belong together, whatever the passes would say. A row that is in two links, or is not in
    /// its ledger, makes its link void ([`super::Stats::void_links`]).
    pub links: Vec<Link>,
    /// 不予勾对: a left and a right row that must never be paired by themselves or proposed.
    pub refusals: Vec<(u32, u32)>,
    /// 换算系数 of the hospital's catalogue, or learned and confirmed.
    pub factors: Vec<KnownFactor>,
    /// 别名 of products and suppliers, confirmed.
    pub aliases: Vec<Alias>,
    /// 容差.
    pub tolerances: Tolerances,
}

/// 手工勾对: one person's link, by row numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Rows of the left ledger.
    pub left: Vec<u32>,
    /// Rows of the right ledger.
    pub right: Vec<u32>,
}

/// 换算系数: one `unit` is `per` of `of`. With an empty `code` it holds for every product.
///
/// ```
/// use sunbench_domain::matching::KnownFactor;
/// // One box is ten pieces.
/// let factor =
///     KnownFactor { code: "C0101010000000000001".into(), unit: "盒".into(), of: "支".into(), per: 10 };
/// assert_eq!(factor.per, 10);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownFactor {
    /// National code, own item code or name of the product; empty for all.
    pub code: String,
    /// The larger unit.
    pub unit: String,
    /// The smaller unit.
    pub of: String,
    /// How many of the smaller make one of the larger.
    pub per: u32,
}

/// 别名: two texts that mean the same company or the same product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alias {
    /// What is named.
    pub of: AliasOf,
    /// As the left ledger writes it.
    pub left: String,
    /// As the right ledger writes it.
    pub right: String,
}

/// 别名对象: what an alias names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasOf {
    /// 配送企业.
    Supplier,
    /// 产品: a national code, an own item code, or a name.
    Product,
}

/// 容差: what counts as equal. Nought by default, and the user's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tolerances {
    /// Largest difference in quantity, in the left line's unit.
    pub quantity: Quantity,
    /// Largest difference in unit price.
    pub price: Price,
    /// Largest difference in a line's amount.
    pub amount: Amount,
    /// Most days between the two dates of a pair before the month is called wrong; `None`: as the data show.
    pub days: Option<u16>,
}
