//! 下单前检查: what stands against an order line, each with its clause.

use chrono::NaiveDate;

use crate::state::AgreementState;
use crate::{Price, Quantity};

/// Days within which an equal line counts as ordered twice.
pub const REPEAT_DAYS: i64 = 3;
/// A line of more than so many times the usual quantity is a surge.
const SURGE_TIMES: i64 = 3;
/// Lines below which there is no usual quantity yet.
const HISTORY: usize = 3;

/// What stands against a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The product is not in the catalogue.
    NotListed,
    /// 暂停挂网.
    Suspended,
    /// 无国家医保耗材编码.
    CodeMissing,
    /// 编码已停用.
    CodeDisabled,
    /// 编码已变更.
    CodeReplaced,
    /// The price is above the listed price in force.
    PriceAbove {
        /// That price.
        listed: Price,
    },
    /// The agreement is not there, or another manufacturer's.
    AgreementOther,
    /// The agreement is not signed, or disputed.
    AgreementUnsigned,
    /// The day lies outside the agreement's cycle.
    AgreementClosed,
    /// The agreed quantity is used up.
    AgreementUsedUp {
        /// What is left of it before this line; may be less than nought.
        left: Quantity,
    },
    /// The distributor may not deliver this manufacturer's goods.
    NotAuthorised,
    /// 组套: a system assembled from parts.
    Assembled,
    /// A product that was not selected, above the price cap.
    AboveCap {
        /// The cap.
        cap: Price,
    },
    /// Far more than usual.
    Surge {
        /// The usual quantity of a line: the median.
        usual: Quantity,
    },
    /// An equal line was ordered a few days ago.
    Repeated,
}

/// How much an obstacle weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The person is told and decides.
    Warning,
    /// The platform would refuse it.
    Refusal,
}

impl Obstacle {
    /// The name on the wire and in scripts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotListed => "notListed",
            Self::Suspended => "suspended",
            Self::CodeMissing => "codeMissing",
            Self::CodeDisabled => "codeDisabled",
            Self::CodeReplaced => "codeReplaced",
            Self::PriceAbove { .. } => "priceAbove",
            Self::AgreementOther => "agreementOther",
            Self::AgreementUnsigned => "agreementUnsigned",
            Self::AgreementClosed => "agreementClosed",
            Self::AgreementUsedUp { .. } => "agreementUsedUp",
            Self::NotAuthorised => "notAuthorised",
            Self::Assembled => "assembled",
            Self::AboveCap { .. } => "aboveCap",
            Self::Surge { .. } => "surge",
            Self::Repeated => "repeated",
        }
    }

    /// Whether the platform would refuse the line. A missing code only warns: in-vitro reagents have a list of their own.
    #[must_use]
    pub const fn weight(self) -> Weight {
        match self {
            Self::NotListed
            | Self::Suspended
            | Self::CodeDisabled
            | Self::CodeReplaced
            | Self::PriceAbove { .. }
            | Self::AgreementOther
            | Self::AgreementUnsigned
            | Self::AgreementClosed
            | Self::NotAuthorised => Weight::Refusal,
            Self::CodeMissing
            | Self::AgreementUsedUp { .. }
            | Self::Assembled
            | Self::AboveCap { .. }
            | Self::Surge { .. }
            | Self::Repeated => Weight::Warning,
        }
    }

    /// The notice and clause behind it.
    #[must_use]
    pub const fn clause(self) -> &'static str {
        match self {
            Self::NotListed | Self::Suspended => "湘医保发〔2023〕43号 (五)(十二)",
            Self::CodeMissing | Self::CodeDisabled | Self::CodeReplaced => "湘医保发〔2023〕43号 (四)(十)",
            Self::PriceAbove { .. } => "湘医保发〔2023〕43号 (五)；阜新市 2020-06-30 一",
            Self::AgreementOther
            | Self::AgreementUnsigned
            | Self::AgreementClosed
            | Self::AgreementUsedUp { .. } => "深医保发〔2022〕19号 三(一)1；泉州市 2024-05-30 二",
            Self::NotAuthorised => "深医保发〔2022〕19号 三(二)3",
            Self::Assembled | Self::AboveCap { .. } => "豫医保办〔2025〕42号 二(六)",
            Self::Surge { .. } => "泉州市 2024-05-30 四",
            // No notice asks for it; an order sent twice is the commonest slip.
            Self::Repeated => "",
        }
    }

    /// What to tell the person.
    #[must_use]
    pub fn text_zh(self) -> String {
        match self {
            Self::NotListed => "产品不在挂网目录".to_owned(),
            Self::Suspended => "产品已暂停挂网".to_owned(),
            Self::CodeMissing => "产品没有国家医保耗材编码".to_owned(),
            Self::CodeDisabled => "国家医保耗材编码已停用".to_owned(),
            Self::CodeReplaced => "国家医保耗材编码已变更，产品信息尚未更新".to_owned(),
            Self::PriceAbove { listed } => format!("采购价高于现行挂网价 {listed}"),
            Self::AgreementOther => "协议不存在，或不是该生产企业的".to_owned(),
            Self::AgreementUnsigned => "协议尚未签订或有异议".to_owned(),
            Self::AgreementClosed => "不在协议执行期内".to_owned(),
            Self::AgreementUsedUp { left } => format!("超出协议量，下单前剩余 {left}"),
            Self::NotAuthorised => "配送企业与生产企业没有有效的配送关系".to_owned(),
            Self::Assembled => "组套产品：请核对是否应按部件采购".to_owned(),
            Self::AboveCap { cap } => format!("非中选产品，价格高于限价 {cap}"),
            Self::Surge { usual } => format!("数量远高于平时（通常每次 {usual}），请核实，必要时上报"),
            Self::Repeated => "近三日已下过相同的明细，请确认不是重复下单".to_owned(),
        }
    }
}

/// What becomes of a national code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeFate<'a> {
    /// The code that is no longer in use.
    pub old_code: &'a str,
    /// Whether another took its place.
    pub replaced: bool,
    /// From this day on.
    pub effective: NaiveDate,
}

/// A price that comes into force at an instant: seconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceStep {
    /// From here on.
    pub effective_at: i64,
    /// Until then.
    pub old_price: Price,
    /// From then on.
    pub price: Price,
}

/// The listed price in force at an instant: of the last step before it, else what the first step replaces, else the
/// catalogue's (阜新市 2020-06-30 一: one start time for new prices).
///
/// ```
/// use sunbench_domain::purchase::order::{PriceStep, price_in_force};
/// let price = |text: &str| text.parse().unwrap();
/// let steps = [PriceStep { effective_at: 100, old_price: price("12.5"), price: price("11") }];
/// assert_eq!(price_in_force(price("11"), &steps, 99), price("12.5"));
/// assert_eq!(price_in_force(price("11"), &steps, 100), price("11"));
/// ```
#[must_use]
pub fn price_in_force(listed: Price, steps: &[PriceStep], at: i64) -> Price {
    let last = steps.iter().filter(|step| step.effective_at <= at).max_by_key(|step| step.effective_at);
    let first = steps.iter().min_by_key(|step| step.effective_at);
    match (last, first) {
        (Some(step), _) => step.price,
        (None, Some(step)) => step.old_price,
        (None, None) => listed,
    }
}

/// 挂网产品, as far as a line is judged by it.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    /// Neither suspended nor withdrawn.
    pub listed: bool,
    /// 国家医保耗材编码.
    pub mcs_code: Option<&'a str>,
    /// The listed price in force, see [`price_in_force`].
    pub price: Price,
    /// 中选.
    pub selected: bool,
    /// 组套.
    pub assembled: bool,
    /// The cap for products that were not selected, where the platform states one.
    pub cap: Option<Price>,
    /// 生产企业.
    pub maker: &'a str,
}

/// 带量协议, as far as a line is judged by it.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// `None` where this version does not know the platform's state: the platform judges.
    pub state: Option<AgreementState>,
    /// 生产企业.
    pub maker: &'a str,
    /// 执行期, both days included.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What is left of the agreed quantity.
    pub left: Quantity,
}

/// An earlier line of the same product: its day and quantity.
pub type Earlier = (NaiveDate, Quantity);

/// One line that is wanted, with all that it is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// 采购数量.
    pub quantity: Quantity,
    /// 采购单价.
    pub price: Price,
    /// The day of the order.
    pub day: NaiveDate,
    /// `None`: not in the catalogue.
    pub listing: Option<Listing<'a>>,
    /// Codes that are no longer in use.
    pub codes: &'a [CodeFate<'a>],
    /// Whether there is a delivery relation in force.
    pub authorised: bool,
    /// `None`: without an agreement; `Some(None)`: one that is not there.
    pub terms: Option<Option<Terms<'a>>>,
    /// Earlier lines of this product in the last year, in any order.
    pub earlier: &'a [Earlier],
}

/// Everything that stands against a line, in a fixed order.
#[must_use]
pub fn obstacles(wanted: &Wanted<'_>) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let Some(listing) = &wanted.listing else { return vec![Obstacle::NotListed] };
    if !listing.listed {
        found.push(Obstacle::Suspended);
    }
    found.extend(code(listing.mcs_code, wanted.codes, wanted.day));
    if wanted.price > listing.price {
        found.push(Obstacle::PriceAbove { listed: listing.price });
    }
    if let Some(terms) = &wanted.terms {
        found.extend(agreement(terms.as_ref(), listing.maker, wanted));
    }
    if !wanted.authorised {
        found.push(Obstacle::NotAuthorised);
    }
    if listing.assembled {
        found.push(Obstacle::Assembled);
    }
    if let Some(cap) = listing.cap.filter(|cap| !listing.selected && wanted.price > *cap) {
        found.push(Obstacle::AboveCap { cap });
    }
    if let Some(usual) = usual(wanted.earlier)
        && is_surge(wanted.quantity, usual)
    {
        found.push(Obstacle::Surge { usual });
    }
    let repeats = |(day, quantity): &Earlier| {
        (0..=REPEAT_DAYS).contains(&(wanted.day - *day).num_days()) && *quantity == wanted.quantity
    };
    if wanted.earlier.iter().any(repeats) {
        found.push(Obstacle::Repeated);
    }
    found
}

fn code(code: Option<&str>, fates: &[CodeFate<'_>], day: NaiveDate) -> Option<Obstacle> {
    let Some(code) = code else { return Some(Obstacle::CodeMissing) };
    let fate = fates.iter().find(|fate| fate.old_code == code && fate.effective <= day)?;
    Some(if fate.replaced { Obstacle::CodeReplaced } else { Obstacle::CodeDisabled })
}

fn agreement(terms: Option<&Terms<'_>>, maker: &str, wanted: &Wanted<'_>) -> Option<Obstacle> {
    let Some(terms) = terms.filter(|terms| terms.maker == maker) else {
        return Some(Obstacle::AgreementOther);
    };
    match terms.state {
        Some(AgreementState::Expired) => return Some(Obstacle::AgreementClosed),
        Some(state) if !matches!(state, AgreementState::Signed | AgreementState::Running) => {
            return Some(Obstacle::AgreementUnsigned);
        }
        _ => {}
    }
    if !(terms.from..=terms.to).contains(&wanted.day) {
        return Some(Obstacle::AgreementClosed);
    }
    (wanted.quantity > terms.left).then_some(Obstacle::AgreementUsedUp { left: terms.left })
}

/// Whether a quantity is far above the usual one of a line.
#[must_use]
pub fn is_surge(quantity: Quantity, usual: Quantity) -> bool {
    i128::from(quantity.units()) > i128::from(usual.units()) * i128::from(SURGE_TIMES)
}

/// The median quantity of earlier lines; of an even number the greater one of the middle. `None` where there are too few.
#[must_use]
pub fn usual(earlier: &[Earlier]) -> Option<Quantity> {
    if earlier.len() < HISTORY {
        return None;
    }
    let mut quantities: Vec<Quantity> = earlier.iter().map(|(_, quantity)| *quantity).collect();
    quantities.sort_unstable();
    Some(quantities[quantities.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }
    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    const CODE: &str = "C14010112200000123450000017";

    fn listing() -> Listing<'static> {
        Listing {
            listed: true,
            mcs_code: Some(CODE),
            price: price("12.5"),
            selected: false,
            assembled: false,
            cap: None,
            maker: "M1",
        }
    }

    fn terms() -> Terms<'static> {
        Terms {
            state: Some(AgreementState::Running),
            maker: "M1",
            from: day("2026-01-01"),
            to: day("2026-12-31"),
            left: quantity("10"),
        }
    }

    fn wanted() -> Wanted<'static> {
        Wanted {
            quantity: quantity("10"),
            price: price("12.5"),
            day: day("2026-11-22"),
            listing: Some(listing()),
            codes: &[],
            authorised: true,
            terms: Some(Some(terms())),
            earlier: &[],
        }
    }

    #[track_caller]
    fn check(wanted: Wanted<'_>, expected: &[&str]) {
        let found: Vec<&str> = obstacles(&wanted).into_iter().map(Obstacle::code).collect();
        assert_eq!(found, expected, "{wanted:?}");
    }

    #[test]
    fn the_product() {
        check(wanted(), &[]);
        check(Wanted { terms: None, ..wanted() }, &[]);
        check(Wanted { listing: None, authorised: false, ..wanted() }, &["notListed"]);
        let with = |listing| Wanted { listing: Some(listing), ..wanted() };
        check(with(Listing { listed: false, ..listing() }), &["suspended"]);
        check(with(Listing { mcs_code: None, ..listing() }), &["codeMissing"]);
        check(with(Listing { price: price("12.4999"), ..listing() }), &["priceAbove"]);
        check(with(Listing { assembled: true, ..listing() }), &["assembled"]);
        check(with(Listing { cap: Some(price("12")), ..listing() }), &["aboveCap"]);
        check(with(Listing { cap: Some(price("12.5")), ..listing() }), &[]);
        check(with(Listing { cap: Some(price("12")), selected: true, ..listing() }), &[]);
        check(Wanted { authorised: false, ..wanted() }, &["notAuthorised"]);
    }

    #[test]
    fn the_code() {
        for (old_code, replaced, effective, expected) in [
            (CODE, true, "2026-11-22", &["codeReplaced"][..]),
            (CODE, false, "2026-01-01", &["codeDisabled"]),
            (CODE, false, "2026-11-23", &[]),
            ("C14010112200000123450000018", false, "2026-01-01", &[]),
        ] {
            let codes = [CodeFate { old_code, replaced, effective: day(effective) }];
            check(Wanted { codes: &codes, ..wanted() }, expected);
        }
    }

    #[test]
    fn the_agreement() {
        check(Wanted { terms: Some(None), ..wanted() }, &["agreementOther"]);
        for (state, from, to, left, maker, expected) in [
            (Some(AgreementState::Running), "2026-11-22", "2026-11-22", "10", "M1", &[][..]),
            (Some(AgreementState::Signed), "2026-01-01", "2026-12-31", "10", "M1", &[]),
            (None, "2026-01-01", "2026-12-31", "10", "M1", &[]),
            (Some(AgreementState::Pending), "2026-01-01", "2026-12-31", "10", "M1", &["agreementUnsigned"]),
            (Some(AgreementState::Disputed), "2026-01-01", "2026-12-31", "10", "M1", &["agreementUnsigned"]),
            (Some(AgreementState::Expired), "2026-01-01", "2026-12-31", "10", "M1", &["agreementClosed"]),
            (Some(AgreementState::Running), "2026-11-23", "2026-12-31", "10", "M1", &["agreementClosed"]),
            (Some(AgreementState::Running), "2026-01-01", "2026-11-21", "10", "M1", &["agreementClosed"]),
            (Some(AgreementState::Running), "2026-01-01", "2026-12-31", "9.9999", "M1", &["agreementUsedUp"]),
            (Some(AgreementState::Running), "2026-01-01", "2026-12-31", "-5", "M1", &["agreementUsedUp"]),
            (Some(AgreementState::Running), "2026-01-01", "2026-12-31", "10", "M2", &["agreementOther"]),
        ] {
            let terms = Terms { state, maker, from: day(from), to: day(to), left: quantity(left) };
            check(Wanted { terms: Some(Some(terms)), ..wanted() }, expected);
        }
    }

    #[test]
    fn the_history() {
        let lines = |given: &[(&str, &str)]| -> Vec<Earlier> {
            given.iter().map(|(on, count)| (day(on), quantity(count))).collect()
        };
        for (earlier, expected) in [
            (lines(&[]), &[][..]),
            (lines(&[("2026-11-19", "10")]), &["repeated"]),
            (lines(&[("2026-11-22", "10")]), &["repeated"]),
            (lines(&[("2026-11-18", "10")]), &[]),
            (lines(&[("2026-11-21", "9")]), &[]),
            (lines(&[("2026-11-23", "10")]), &[]),
            (lines(&[("2026-09-01", "3"), ("2026-09-02", "3")]), &[]),
            (lines(&[("2026-09-01", "3"), ("2026-09-02", "3"), ("2026-09-03", "3")]), &["surge"]),
            (lines(&[("2026-09-01", "3"), ("2026-09-02", "4"), ("2026-09-03", "90")]), &[]),
            (
                lines(&[("2026-09-01", "1"), ("2026-09-02", "1"), ("2026-11-22", "10")]),
                &["surge", "repeated"],
            ),
        ] {
            check(Wanted { earlier: &earlier, ..wanted() }, expected);
        }
    }

    #[test]
    fn prices_over_time() {
        let step = |at, old, new| PriceStep { effective_at: at, old_price: price(old), price: price(new) };
        let steps = [step(200, "11", "9"), step(100, "12.5", "11")];
        for (at, expected) in [(0, "12.5"), (99, "12.5"), (100, "11"), (199, "11"), (200, "9"), (900, "9")] {
            assert_eq!(price_in_force(price("10"), &steps, at), price(expected), "{at}");
        }
        assert_eq!(price_in_force(price("10"), &[], 5), price("10"));
    }

    #[test]
    fn what_the_platform_refuses_has_a_clause() {
        let (listed, left) = (price("1"), quantity("1"));
        for obstacle in [
            Obstacle::NotListed,
            Obstacle::Suspended,
            Obstacle::CodeMissing,
            Obstacle::CodeDisabled,
            Obstacle::CodeReplaced,
            Obstacle::PriceAbove { listed },
            Obstacle::AgreementOther,
            Obstacle::AgreementUnsigned,
            Obstacle::AgreementClosed,
            Obstacle::AgreementUsedUp { left },
            Obstacle::NotAuthorised,
            Obstacle::Assembled,
            Obstacle::AboveCap { cap: listed },
            Obstacle::Surge { usual: left },
        ] {
            assert!(!obstacle.clause().is_empty() && !obstacle.text_zh().is_empty(), "{obstacle:?}");
        }
        assert_eq!(Obstacle::Repeated.weight(), Weight::Warning);
    }
}
