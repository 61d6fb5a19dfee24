//! What a policy pack says.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fault::{PackError, PackFault};
use super::format;
use super::ratio::{LimitUnit, Percent};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }
        impl $name {
            /// Every one, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The name in packs, on the wire and in scripts.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
            /// From [`Self::name`].
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

named! {
    /// 公式: the closed set of calculations; packs choose among them and set their parameters.
    Formula {
        /// 协议完成率: accepted (or ordered, delivered) quantity net of returns ÷ agreed quantity.
        AgreementProgress "agreement-progress",
        /// 序时进度: elapsed days ÷ days of the cycle.
        ScheduleProgress "schedule-progress",
        /// 进度偏差: agreement progress − schedule progress.
        ProgressLag "progress-lag",
        /// 非中选占比: non-selected ÷ all quantity of the variety.
        NonSelectedShare "non-selected-share",
        /// 线上采购率: platform amount ÷ all amounts.
        OnlinePurchaseRate "online-purchase-rate",
        /// 线上结算率: settled through the platform ÷ accepted amount due.
        OnlineSettlementRate "online-settlement-rate",
        /// 订单响应率: lines answered ÷ lines sent.
        ResponseRate "response-rate",
        /// 订单响应时长: mean hours from submission to answer.
        ResponseTime "response-time",
        /// 配送率: delivered ÷ ordered.
        DeliveryRate "delivery-rate",
        /// 配送及时率: lines delivered whole in their clock ÷ lines whose clock has run out.
        DeliveryTimeliness "delivery-timeliness",
        /// 验收及时率: deliveries accepted in the hours allowed ÷ deliveries whose hours have run out.
        ReceiptTimeliness "receipt-timeliness",
        /// 进院率: signed varieties that were purchased ÷ signed.
        InHospitalRate "in-hospital-rate",
        /// 报量偏差: (last year's actual − reported) ÷ last year's actual.
        DemandDeviation "demand-deviation",
        /// 回款及时率: paid in term ÷ due.
        PaymentTimeliness "payment-timeliness",
        /// 督办按期反馈率: answered in time ÷ due.
        RectificationTimeliness "rectification-timeliness",
        /// 打卡出勤率: working days with a check-in ÷ working days so far.
        Attendance "attendance",
        /// 满意度评价完成率: evaluations made ÷ due.
        EvaluationCompletion "evaluation-completion",
        /// 可替代产品采购量增长: this quarter's quantity ÷ the same quarter's a year before.
        SubstituteGrowth "substitute-growth",
        /// 节约采购金额: (price before − price paid) × quantity of selected products, in yuan.
        Savings "savings",
        /// 价格异常行: lines above the listed price or far above the hospital's own last one ÷ lines compared. A reference price
        /// (参考价) is not among what platforms publish, so there is nothing of that kind to compare with.
        PriceCheck "price-check",
        /// 带码采购率: lines with a valid national code ÷ lines.
        CodeCoverage "code-coverage",
    }
}

impl Formula {
    /// What its limits are stated in.
    #[must_use]
    pub const fn limit_unit(self) -> LimitUnit {
        match self {
            Self::ResponseTime | Self::Savings => LimitUnit::Wholes,
            _ => LimitUnit::Hundredths,
        }
    }
    /// Which side of a limit is bad, where the pack does not say.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::NonSelectedShare
            | Self::ResponseTime
            | Self::DemandDeviation
            | Self::SubstituteGrowth
            | Self::PriceCheck => Direction::AtMost,
            _ => Direction::AtLeast,
        }
    }
    /// Whether a pack may set this window.
    #[must_use]
    pub const fn takes(self, window: Window) -> bool {
        match self {
            Self::AgreementProgress | Self::ScheduleProgress | Self::ProgressLag | Self::InHospitalRate => {
                matches!(window, Window::Cycle)
            }
            Self::NonSelectedShare => true,
            Self::SubstituteGrowth => matches!(window, Window::Quarter),
            Self::OnlineSettlementRate => matches!(window, Window::Months(_)),
            _ => !matches!(window, Window::Cycle),
        }
    }
    /// The window, where the pack does not say.
    #[must_use]
    pub const fn window(self) -> Window {
        match self {
            Self::AgreementProgress
            | Self::ScheduleProgress
            | Self::ProgressLag
            | Self::NonSelectedShare
            | Self::InHospitalRate => Window::Cycle,
            Self::Attendance => Window::Month,
            Self::SubstituteGrowth => Window::Quarter,
            Self::Savings => Window::Year,
            Self::OnlineSettlementRate => Window::Months(7),
            Self::PaymentTimeliness | Self::RectificationTimeliness => Window::Days(180),
            _ => Window::Days(90),
        }
    }
}

named! {
    /// 预警级别.
    Level {
        /// 正常.
        Normal "normal",
        /// 提示.
        Notice "notice",
        /// 预警.
        Warning "warning",
        /// 严重.
        Serious "serious",
    }
}

named! {
    /// Which side of a limit is good.
    Direction {
        /// The value should not fall below.
        AtLeast "at-least",
        /// The value should not rise above.
        AtMost "at-most",
    }
}

named! {
    /// 口径: which quantity counts.
    BasisOf {
        /// 下单量.
        Ordered "ordered",
        /// 配送量.
        Delivered "delivered",
        /// 验收量.
        Accepted "accepted",
    }
}

named! {
    /// 考核豁免.
    ExemptionKind {
        /// 备供企业: purchases of the reserve supplier.
        ReserveSupplier "reserve-supplier",
        /// 价格更低的同类产品: an equal product at a lower price.
        CheaperEqualProduct "cheaper-equal-product",
        /// 经核实的供应问题: verified by the bureau.
        VerifiedSupplyProblem "verified-supply-problem",
        /// 临床需求变化: the agreed quantity is relieved.
        ClinicalNeed "clinical-need",
    }
}

named! {
    /// 时限单位.
    TimeUnit {
        /// 工作日.
        WorkingDay "working-day",
        /// 自然小时, holidays included.
        NaturalHour "natural-hour",
        /// 自然日.
        CalendarDay "calendar-day",
    }
}

/// 统计期间.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The agreement's cycle so far.
    Cycle,
    /// The calendar month so far.
    Month,
    /// The quarter so far.
    Quarter,
    /// The year so far.
    Year,
    /// So many days, the last one included.
    Days(u32),
    /// So many whole months before the present one.
    Months(u32),
}

impl Window {
    /// From a pack's text: `cycle`, `month`, `quarter`, `year`, `90 days`, `7 months`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "cycle" => Some(Self::Cycle),
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            _ => {
                let (count, unit) = text.split_once(' ')?;
                let count = count.parse().ok()?;
                match unit {
                    "days" if (1..=1100).contains(&count) => Some(Self::Days(count)),
                    "months" if (1..=36).contains(&count) => Some(Self::Months(count)),
                    _ => None,
                }
            }
        }
    }
}

/// 来源: a published notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// How rules refer to it.
    pub key: String,
    /// 标题.
    pub title: String,
    /// 文号.
    pub number: Option<String>,
    /// 发文日期.
    pub date: NaiveDate,
}

/// 时限规则.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineRule {
    /// Such as `notice-reply`.
    pub id: String,
    /// For people.
    pub name: String,
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: TimeUnit,
    /// What it runs from, such as `notice-issued`.
    pub trigger: String,
    /// 依据: [`Source::key`].
    pub source: String,
    /// 条款.
    pub clause: String,
}

/// 预警阈值, each worse than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thresholds {
    /// 提示.
    pub notice: Option<Percent>,
    /// 预警: a supervisor issues a notice from here.
    pub warning: Option<Percent>,
    /// 严重.
    pub serious: Option<Percent>,
}

impl Thresholds {
    /// The limit of a level; none for normal.
    #[must_use]
    pub const fn of(self, level: Level) -> Option<Percent> {
        match level {
            Level::Normal => None,
            Level::Notice => self.notice,
            Level::Warning => self.warning,
            Level::Serious => self.serious,
        }
    }
    /// Whether each present limit is worse than the one before; equal ones are allowed.
    pub(super) fn is_ordered(self, direction: Direction) -> bool {
        let present: Vec<_> = [self.notice, self.warning, self.serious].into_iter().flatten().collect();
        present.windows(2).all(|pair| match direction {
            Direction::AtLeast => pair[0] >= pair[1],
            Direction::AtMost => pair[0] <= pair[1],
        })
    }
}

/// 参数 of a formula; a formula reads those that it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// Which quantity counts in progress and shares.
    pub basis: BasisOf,
    /// Natural hours from arrival to acceptance: whole half days.
    pub hours: u32,
    /// Calendar days from a settlement's making to its payment.
    pub days: u32,
    /// Months from which a signed variety should have been purchased.
    pub months: u32,
    /// Days from which the pace is taken for a forecast.
    pub pace_days: u32,
    /// Days of a cycle before it is assessed: the first purchases say little.
    pub grace_days: u32,
    /// 价格涨幅: a line is too dear where it is more than so many per cent above the hospital's own last price.
    pub history_percent: u32,
    /// Whether delivery counts amounts; quantities otherwise.
    pub by_amount: bool,
    /// Categories without a national code, such as reagents.
    pub exclude_categories: Vec<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            basis: BasisOf::Accepted,
            hours: 48,
            days: 30,
            months: 3,
            pace_days: 56,
            grace_days: 0,
            history_percent: 10,
            by_amount: true,
            exclude_categories: Vec::new(),
        }
    }
}

/// 指标: a formula with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// As notices and scripts name it.
    pub id: String,
    /// For people.
    pub name: String,
    /// The calculation.
    pub formula: Formula,
    /// Over which time.
    pub window: Window,
    /// Which side of the limits is good.
    pub direction: Direction,
    /// The limits.
    pub thresholds: Thresholds,
    /// The parameters.
    pub parameters: Parameters,
    /// 依据: [`Source::key`].
    pub source: String,
    /// 条款.
    pub clause: String,
}

/// 豁免规则: what is left out of the assessment, and for which goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptionRule {
    /// What it exempts.
    pub kind: ExemptionKind,
    /// Whether it is granted for consumables; a notice may grant it for drugs alone.
    pub is_for_consumables: bool,
    /// 依据: [`Source::key`].
    pub source: String,
    /// 条款.
    pub clause: String,
}

/// 采购类别: what products and lines carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseKind {
    /// Such as `volume`.
    pub id: String,
    /// The platforms' texts, such as 带量.
    pub names: Vec<String>,
}

/// 政策包: a province's or city's rules, complete: what it extends is already in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Also its file's name.
    pub id: String,
    /// For people.
    pub name: String,
    /// Rises with each edition.
    pub version: u32,
    /// What it extends; in force before [`Pack::valid_from`] and after [`Pack::valid_to`].
    pub extends: Option<String>,
    /// Division codes (行政区划) whose institutions it is for: prefixes of six digits.
    pub divisions: Vec<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// The published notices.
    pub sources: Vec<Source>,
    /// 时限.
    pub deadlines: Vec<DeadlineRule>,
    /// 指标.
    pub indicators: Vec<Indicator>,
    /// 豁免.
    pub exemptions: Vec<ExemptionRule>,
    /// 采购类别.
    pub purchase_kinds: Vec<PurchaseKind>,
}

impl Pack {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
    /// Whether an exemption is granted for consumables.
    #[must_use]
    pub fn grants(&self, kind: ExemptionKind) -> bool {
        self.exemptions.iter().any(|rule| rule.kind == kind && rule.is_for_consumables)
    }
    /// A deadline by its id.
    #[must_use]
    pub fn deadline(&self, id: &str) -> Option<&DeadlineRule> {
        self.deadlines.iter().find(|rule| rule.id == id)
    }
}

/// The pack that every other one extends.
pub(super) const BASE: &str = "national-base";

/// Every pack that is known, by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packs(BTreeMap<String, Pack>);

include!(concat!(env!("OUT_DIR"), "/policies.rs"));

impl Packs {
    /// The packs of this program, from `assets/policies`.
    ///
    /// ```
    /// use sunbench_domain::policy::Packs;
    /// let packs = Packs::built_in();
    /// assert_eq!(packs.for_institution("H35050200001").id, "quanzhou-2024");
    /// assert_eq!(packs.for_institution("H57010200001").id, "national-base");
    /// ```
    ///
    /// # Panics
    /// Never: the files are checked by this crate's tests.
    #[must_use]
    pub fn built_in() -> Self {
        Self::read(BUILT_IN.iter().copied()).expect("the files are checked by this crate's tests")
    }

    /// Reads packs from their files' names and texts, in any order.
    ///
    /// # Errors
    /// Names the file, the key and the reason; nothing of any file is taken then.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, PackError> {
        format::read(files).map(Self)
    }

    /// These packs and one more; a file with the id of a built-in one replaces it.
    ///
    /// # Errors
    /// As [`Packs::read`].
    pub fn built_in_and<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, PackError> {
        let more: Vec<_> = files.into_iter().collect();
        let is_replaced = |name: &str| more.iter().any(|(other, _)| *other == name);
        Self::read(
            BUILT_IN.iter().copied().filter(|(name, _)| !is_replaced(name)).chain(more.iter().copied()),
        )
    }

    /// A pack by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Pack> {
        self.0.get(id)
    }

    /// Every pack, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Pack> {
        self.0.values()
    }

    /// The pack for an institution's code (H and the division's six digits first): the one with the longest fitting
    /// division, else the national one.
    ///
    /// # Panics
    /// Never: a set without the national pack is refused when it is read.
    #[must_use]
    pub fn for_institution(&self, code: &str) -> &Pack {
        let division = code.trim_start_matches('H');
        let fits = |pack: &&Pack| pack.divisions.iter().any(|prefix| division.starts_with(prefix.as_str()));
        let length = |pack: &&Pack| pack.divisions.iter().map(String::len).max();
        let base = || self.0.get(BASE).expect("checked when read");
        self.0.values().filter(fits).max_by_key(length).unwrap_or_else(base)
    }
}

impl PackError {
    pub(super) fn missing_base() -> Self {
        Self {
            file: format!("{BASE}.toml"),
            key: "id".to_owned(),
            fault: PackFault::UnknownParent(BASE.to_owned()),
        }
    }
}
