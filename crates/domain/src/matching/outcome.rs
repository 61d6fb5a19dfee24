//! What comes out: pairs, proposals, differences and what is left, each with its reason.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::decisions::{Alias, KnownFactor};
use super::ledger::DamagedCell;
use crate::{Amount, Price, Quantity};

/// 勾对结果: a plan. Nothing is written; the caller stores it.
///
/// Every row is in exactly one of: one pair, proposals (one or more), the unmatched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matching {
    /// 已勾对: made without a person, or by a person's link; by the first left row.
    pub pairs: Vec<Pair>,
    /// 待确认: a person decides.
    pub proposals: Vec<Proposal>,
    /// 差异: each with an owner and the action that closes it; by amount, the largest first.
    pub differences: Vec<Difference>,
    /// Left rows in no pair and no proposal.
    pub unmatched_left: Vec<u32>,
    /// Right rows in no pair and no proposal.
    pub unmatched_right: Vec<u32>,
    /// What these data teach: to be confirmed, then given back as decisions.
    pub learned: Learned,
    /// Counts.
    pub stats: Stats,
}

/// Row numbers of one side, ascending; one in nearly every case, which then needs no allocation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<u32>", into = "Vec<u32>")]
pub struct Rows(Held);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Held {
    One(u32),
    Many(Box<[u32]>),
}

impl Rows {
    /// No row.
    #[must_use]
    pub fn none() -> Self {
        Vec::new().into()
    }

    /// One row.
    #[must_use]
    pub const fn one(row: u32) -> Self {
        Self(Held::One(row))
    }
}

impl std::ops::Deref for Rows {
    type Target = [u32];
    fn deref(&self) -> &[u32] {
        match &self.0 {
            Held::One(row) => std::slice::from_ref(row),
            Held::Many(rows) => rows,
        }
    }
}

impl From<Vec<u32>> for Rows {
    fn from(mut rows: Vec<u32>) -> Self {
        rows.sort_unstable();
        Self(if let [row] = rows[..] { Held::One(row) } else { Held::Many(rows.into()) })
    }
}

impl From<Rows> for Vec<u32> {
    fn from(rows: Rows) -> Self {
        rows.to_vec()
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// 勾对: left rows that are the same goods as right rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Left rows.
    pub left: Rows,
    /// Right rows.
    pub right: Rows,
    /// Which pass made it.
    pub pass: Pass,
    /// Why.
    pub reason: Reason,
}

/// 勾对方式: the pass that made a pair, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// 手工: a person's link.
    Hand,
    /// 一、按单据键: pass-through key, order number and line, delivery number and line.
    Key,
    /// 二、按产品与批号: product, lot, quantity and time.
    Goods,
    /// 三、合计相等: one to many or many to one by exact sum.
    Sum,
    /// 四、单位换算.
    Unit,
    /// 五、近似: a slip with a stated reason.
    Near,
}

/// Why a pair or a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// What was found.
    pub finding: Finding,
    /// 一致项: what agrees.
    pub agree: Fields,
    /// 不一致项: what both sides state differently.
    pub differ: Fields,
}

/// 依据: what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Finding {
    /// A person linked them.
    LinkedByHand,
    /// The same key; code and lot, or supplier and item, agree with it.
    SameKey {
        /// Which key.
        key: Field,
    },
    /// The same product, lot, quantity and time, with no other candidate.
    SameGoods,
    /// The quantities of several rows add up exactly.
    ExactSum {
        /// How many rows one row stands for.
        parts: u32,
    },
    /// The quantities agree by a conversion, and so do the amounts.
    Converted {
        /// Numerator of left per right quantity.
        left: u32,
        /// Denominator.
        right: u32,
        /// Whether the factor was known, and not found here.
        known: bool,
    },
    /// One thing is off, and the rest leaves one candidate.
    Near {
        /// What is off.
        slip: Slip,
    },
    /// Several rows are equally good: a person chooses.
    EquallyGood,
    /// The only candidate, but too little agrees.
    TooLittle,
}

/// 差错: what is off in a near match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "slip", rename_all = "snake_case")]
pub enum Slip {
    /// Two neighbouring characters were exchanged.
    Transposed {
        /// In which column.
        field: Field,
    },
    /// One character is wrong, missing or too much.
    OneCharacter {
        /// In which column.
        field: Field,
    },
    /// Leading noughts were lost, or one text is the beginning of the other.
    CutShort {
        /// In which column.
        field: Field,
    },
    /// The whole text is another.
    Different {
        /// In which column.
        field: Field,
    },
    /// The key is missing on one side.
    KeyMissing,
    /// The dates are further apart than usual.
    Days {
        /// Right minus left.
        days: i32,
    },
    /// The price is off by tax.
    Tax {
        /// Per cent.
        percent: u8,
    },
}

/// 字段: what can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[allow(missing_docs)] // as in `LedgerLine`
pub enum Field {
    Key,
    OrderLine,
    DeliveryLine,
    Order,
    Code,
    Udi,
    Item,
    Name,
    Spec,
    Supplier,
    Lot,
    Serial,
    Expiry,
    Quantity,
    Unit,
    Price,
    Amount,
    Date,
}

impl Field {
    /// All fields, as they are listed.
    pub const ALL: [Self; 18] = [
        Self::Key,
        Self::OrderLine,
        Self::DeliveryLine,
        Self::Order,
        Self::Code,
        Self::Udi,
        Self::Item,
        Self::Name,
        Self::Spec,
        Self::Supplier,
        Self::Lot,
        Self::Serial,
        Self::Expiry,
        Self::Quantity,
        Self::Unit,
        Self::Price,
        Self::Amount,
        Self::Date,
    ];
}

/// A set of [`Field`]s; a list in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Field>", into = "Vec<Field>")]
pub struct Fields(u32);

impl Fields {
    /// Adds a field.
    pub const fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }

    /// Whether a field is in it.
    #[must_use]
    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }

    /// The fields, as they are listed.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.contains(*field))
    }

    /// What is in both.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn either(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl From<Vec<Field>> for Fields {
    fn from(fields: Vec<Field>) -> Self {
        let mut set = Self::default();
        for field in fields {
            set.insert(field);
        }
        set
    }
}

impl From<Fields> for Vec<Field> {
    fn from(fields: Fields) -> Self {
        fields.iter().collect()
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// 待确认: rows that may belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Left rows. With [`Finding::EquallyGood`] the choice is among all of them.
    pub left: Rows,
    /// Right rows.
    pub right: Rows,
    /// The pass that would have made the pair.
    pub pass: Pass,
    /// Why, and why not by itself.
    pub reason: Reason,
}

/// 差异: something that does not agree, whose it is and what closes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What differs.
    pub kind: DifferenceKind,
    /// Left rows concerned.
    pub left: Rows,
    /// Right rows concerned.
    pub right: Rows,
    /// What it is worth in money: right minus left where both state it.
    pub amount: Amount,
    /// Who has to act.
    pub owner: Owner,
    /// What closes it.
    pub action: Action,
    /// What was stated.
    pub detail: Detail,
}

/// 差异种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// 少收: the right quantity is less.
    QuantityShort,
    /// 多收: the right quantity is more.
    QuantityOver,
    /// 单价不符.
    PriceDiffers,
    /// 金额不符 though quantity and price agree.
    AmountDiffers,
    /// 编码不符.
    CodeDiffers,
    /// 单位不符.
    UnitDiffers,
    /// 批号不符.
    LotDiffers,
    /// 效期不符.
    ExpiryDiffers,
    /// 账有平台无: in the ledger but never on the platform.
    NotOnPlatform,
    /// 平台有账无: on the platform but never in the ledger.
    NotInLedger,
    /// 重复入账: received twice; with left rows more than right ones, listed twice on the platform.
    ReceivedTwice,
    /// 超收货开票: invoiced more than received.
    InvoicedMoreThanReceived,
    /// 缺发票.
    InvoiceMissing,
    /// 未验收已结算.
    SettledWithoutAcceptance,
    /// 已退货仍开票.
    ReturnedStillInvoiced,
    /// 跨月入账: wrong month.
    WrongMonth,
    /// 配送企业不符.
    WrongSupplier,
}

/// The kinds that say that a pair's quantities are not the same number.
pub const QUANTITY_KINDS: [DifferenceKind; 3] =
    [DifferenceKind::QuantityShort, DifferenceKind::QuantityOver, DifferenceKind::UnitDiffers];

/// 责任方: who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// 采购办公室.
    Procurement,
    /// 库房.
    Store,
    /// 财务科.
    Finance,
    /// 配送企业.
    Supplier,
}

/// 处理动作: what closes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 催补短少数量: ask the supplier for the rest, or a credit.
    ClaimShortage,
    /// 退回或补订超收数量.
    ReturnOrOrderSurplus,
    /// 核对合同价并更正单价.
    CorrectPrice,
    /// 更正金额.
    CorrectAmount,
    /// 更正编码.
    CorrectCode,
    /// 确认换算系数.
    ConfirmFactor,
    /// 核对实物批号并更正.
    CheckLot,
    /// 核对实物效期并更正.
    CheckExpiry,
    /// 备案补录: file the off-platform purchase.
    FileOffPlatform,
    /// 收货入账，或向配送企业查询.
    ReceiveOrAsk,
    /// 冲销重复入账.
    ReverseDuplicate,
    /// 报平台更正重复记录.
    ReportDuplicate,
    /// 退回发票重开.
    RejectInvoice,
    /// 索取发票.
    RequestInvoice,
    /// 补办验收，或追回结算.
    AcceptOrRecover,
    /// 索取红字发票.
    RequestCreditNote,
    /// 调整入账月份.
    MoveMonth,
    /// 更正配送企业.
    CorrectSupplier,
}

/// What a difference's two sides state, where it is a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Left and right quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<(Quantity, Quantity)>,
    /// Left and right unit price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<(Price, Price)>,
    /// The price is off by this rate of tax, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_percent: Option<u8>,
    /// Days from the left date to the right one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
}

/// 学到的: proposals for the next period's decisions, never applied by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// Factors found in certain pairs.
    pub factors: Vec<LearnedFactor>,
    /// Two names for one supplier or product, found in certain pairs.
    pub aliases: Vec<LearnedAlias>,
}

/// A factor and how often it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedFactor {
    /// The factor.
    pub factor: KnownFactor,
    /// Pairs that show it.
    pub seen: u32,
}

/// An alias and how often it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedAlias {
    /// The alias, in comparable form.
    pub alias: Alias,
    /// Pairs that show it.
    pub seen: u32,
}

/// 统计.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Left rows.
    pub left_rows: u32,
    /// Right rows.
    pub right_rows: u32,
    /// Pairs by pass, in the order of [`Pass`].
    pub pairs_by_pass: [u32; 6],
    /// Left rows in pairs.
    pub left_paired: u32,
    /// Right rows in pairs.
    pub right_paired: u32,
    /// Pairs without a difference.
    pub clean_pairs: u32,
    /// Sum of the left amounts.
    pub left_amount: Amount,
    /// Sum of the right amounts.
    pub right_amount: Amount,
    /// Days from left to right date that are usual in certain pairs, where there were enough.
    pub usual_days: Option<(i32, i32)>,
    /// Links by hand that could not be followed: their index in the decisions.
    pub void_links: Vec<u32>,
    /// Keys and codes that a spreadsheet spoilt, left.
    pub damaged_left: Vec<DamagedCell>,
    /// And right.
    pub damaged_right: Vec<DamagedCell>,
}
