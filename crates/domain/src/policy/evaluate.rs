//! A hospital measured by the rules of a day.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate};
use sunbench_workdays::{Calendar, shanghai_date};

use super::measure::Tallies;
use super::pack::{Direction, Formula, Indicator, Level, Window};
use super::ratio::{LimitUnit, Percent, Ratio};
use super::records::Records;
use super::replay::Soon;
use super::rules::{RuleBook, Rules, end_of};
use super::{formulas, volume};

/// What numerator and denominator are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A number of things.
    Count,
    /// 1/10,000 of a unit of goods.
    Quantity,
    /// 1/10,000 yuan.
    Amount,
    /// Seconds; the denominator counts 3,600 for each thing, so that the value is hours.
    Seconds,
    /// A difference of two ratios: no numbers of things.
    Share,
}

impl Basis {
    /// The name on the wire and in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Quantity => "quantity",
            Self::Amount => "amount",
            Self::Seconds => "seconds",
            Self::Share => "share",
        }
    }
    /// A numerator or denominator as decimal text in whole units.
    #[must_use]
    pub fn text(self, units: i128) -> String {
        let units = i64::try_from(units).unwrap_or(if units < 0 { -i64::MAX } else { i64::MAX });
        match self {
            Self::Quantity => crate::Quantity::from_units(units).to_string(),
            Self::Amount => crate::Amount::from_units(units).to_string(),
            Self::Count | Self::Seconds | Self::Share => units.to_string(),
        }
    }
}

/// What a reading is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingScope {
    /// 全院.
    Hospital,
    /// 协议, merged by batch, variety and company.
    Agreement {
        /// The agreements that were merged.
        ids: Vec<String>,
        /// 批次.
        batch: String,
        /// 品种.
        variety: String,
        /// 企业.
        maker: String,
        /// Keys for the lines behind it.
        goods: Vec<i64>,
        /// The manufacturer's key.
        maker_key: i64,
        /// The unit of the quantities.
        unit: String,
    },
    /// 品种.
    Variety {
        /// Its name.
        name: String,
        /// Keys for the lines behind it.
        goods: Vec<i64>,
    },
    /// 报量.
    Demand {
        /// The report.
        id: String,
        /// 品种.
        variety: String,
        /// 企业.
        maker: String,
    },
    /// A quarter.
    Period(String),
}

impl ReadingScope {
    /// For people.
    #[must_use]
    pub fn text_zh(&self) -> String {
        match self {
            Self::Hospital => "全院".to_owned(),
            Self::Agreement { variety, maker, .. } | Self::Demand { variety, maker, .. } => {
                format!("{variety} / {maker}")
            }
            Self::Variety { name, .. } => name.clone(),
            Self::Period(period) => period.clone(),
        }
    }
    /// Stable within a pack and a profile: `hospital`, `agreement:<id>`, `variety:<name>`, `report:<id>`, `period:<quarter>`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Hospital => "hospital".to_owned(),
            Self::Agreement { ids, .. } => format!("agreement:{}", ids.first().map_or("", String::as_str)),
            Self::Variety { name, .. } => format!("variety:{name}"),
            Self::Demand { id, .. } => format!("report:{id}"),
            Self::Period(period) => format!("period:{period}"),
        }
    }
}

/// What prevents a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Order more of the selected product.
    Order,
    /// Have more of what is ordered delivered, in time, accepted, answered: more of what counts.
    Improve,
    /// Let no more of what does not count happen.
    Refrain,
    /// Settle or pay.
    Pay,
    /// File what was bought off the platform.
    File,
    /// Answer notices.
    Answer,
    /// Check in on the working days left.
    CheckIn,
    /// Make evaluations.
    Evaluate,
    /// Explain or correct a report.
    Explain,
}

impl ActionKind {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Improve => "improve",
            Self::Refrain => "refrain",
            Self::Pay => "pay",
            Self::File => "file",
            Self::Answer => "answer",
            Self::CheckIn => "check-in",
            Self::Evaluate => "evaluate",
            Self::Explain => "explain",
        }
    }
}

/// 最小措施: the smallest step that prevents a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What is to be done.
    pub kind: ActionKind,
    /// How much, in the reading's basis; for [`ActionKind::Order`] a quantity in 1/10,000.
    pub amount: i128,
    /// Of what.
    pub what: String,
    /// Its unit.
    pub unit: String,
    /// By the end of this day.
    pub before: NaiveDate,
}

/// 预测, at the present pace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forecast {
    /// The day on which the next worse limit is passed at an even pace, or by what is certain, and that level.
    pub crosses: Option<(NaiveDate, Level)>,
    /// 预警: the next worse limit is expected to be passed within the next working days, as the spans of the past year have it.
    pub soon: Option<Soon>,
    /// Spans of the past year that would pass it, and all that were replayed, however few pass.
    pub replayed: Option<(u32, u32)>,
    /// At the end of the month.
    pub month_end: Option<Ratio>,
    /// At the end of the quarter.
    pub quarter_end: Option<Ratio>,
    /// At the end of the cycle.
    pub cycle_end: Option<Ratio>,
    /// What prevents it, or gets the value back within the limit.
    pub action: Option<Action>,
}

/// 原因: why lines are too dear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseKind {
    /// 高于挂网价.
    Listed,
    /// 高于本院上次采购价, by more than the pack allows.
    History,
}

impl CauseKind {
    /// The name on the wire and in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::History => "history",
        }
    }
}

/// What one cause comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// Which.
    pub kind: CauseKind,
    /// Lines.
    pub count: i128,
    /// The amount over, in 1/10,000 yuan.
    pub amount: i128,
}

/// 指标结果.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// [`Indicator::id`].
    pub indicator: String,
    /// For people.
    pub name: String,
    /// The calculation.
    pub formula: Formula,
    /// What it is about.
    pub scope: ReadingScope,
    /// The first day that counts.
    pub from: NaiveDate,
    /// The last day that counts: the cut-off is its end.
    pub through: NaiveDate,
    /// What the numbers are.
    pub basis: Basis,
    /// Above the line.
    pub numerator: i128,
    /// Below the line; the value is `None` where it is nought.
    pub denominator: i128,
    /// What was left out by exemptions, in the basis.
    pub exempted: i128,
    /// The amount concerned, where the formula knows one: paid beyond what it is compared with.
    pub amount: Option<i128>,
    /// What it is made up of, by cause; one thing may have several.
    pub causes: Vec<Cause>,
    /// Where it stands.
    pub level: Level,
    /// The limit that is shown: that of the warning, else of another level.
    pub threshold: Option<Percent>,
    /// Where it goes.
    pub forecast: Forecast,
    /// 依据: the source's key and the clause.
    pub basis_clause: (String, String),
}

impl Reading {
    /// The value; `None` is shown as "—".
    #[must_use]
    pub fn value(&self) -> Option<Ratio> {
        Ratio::new(self.numerator, self.denominator)
    }
    /// The limit as the value is written: `0.9` for ninety per cent.
    #[must_use]
    pub fn threshold_ratio(&self) -> Option<Ratio> {
        self.threshold.map(|limit| limit.ratio(self.formula.limit_unit()))
    }
}

/// The day of an evaluation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day<'a> {
    /// Through the end of this day.
    pub(super) as_of: NaiveDate,
    /// The last day that is over: a clock that ends today may still be kept.
    pub(super) whole: NaiveDate,
    pub(super) calendar: &'a Calendar,
}

/// Measures a hospital as it stood at the end of `as_of`, by the rules of that day. `today` is the present day: what may still
/// happen today does not count as missed.
///
/// # Errors
/// Those of the tallies.
pub fn evaluate<T: Tallies>(
    rules: &Rules,
    records: &Records,
    tallies: &T,
    calendar: &Calendar,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Reading>, T::Error> {
    let day = Day { as_of, whole: as_of.min(before(today, 1)), calendar };
    let mut readings = Vec::new();
    let volume = volume::Volume::new(&rules.pack, records, tallies, day);
    for indicator in &rules.pack.indicators {
        match indicator.formula {
            Formula::AgreementProgress
            | Formula::ScheduleProgress
            | Formula::ProgressLag
            | Formula::NonSelectedShare
            | Formula::InHospitalRate
            | Formula::SubstituteGrowth => volume.read(indicator, &mut readings)?,
            _ => formulas::read(indicator, records, tallies, day, &mut readings)?,
        }
    }
    Ok(readings)
}

/// As [`evaluate`] with the rules of the day, on the present day with those of now, and what an adjustment that is announced for the
/// next `ahead_days` will make of the results: it comes at its day, whatever the pace.
///
/// # Errors
/// Those of the tallies.
pub fn foresee<T: Tallies>(
    book: &RuleBook,
    records: &Records,
    tallies: &T,
    calendar: &Calendar,
    (as_of, now): (NaiveDate, DateTime<FixedOffset>),
    ahead_days: u64,
) -> Result<(Rules, Vec<Reading>), T::Error> {
    let (today, at) = (shanghai_date(&now), end_of(as_of).min(now));
    let rules = book.as_of(at);
    let mut readings = evaluate(&rules, records, tallies, calendar, as_of, today)?;
    if let Some(change) = book.next_change(at, ahead_days) {
        let later = evaluate(&book.at_end_of(change), records, tallies, calendar, as_of, today)?;
        for reading in &mut readings {
            let same =
                |one: &&Reading| one.indicator == reading.indicator && one.scope.key() == reading.scope.key();
            let Some(then) = later.iter().find(same) else { continue };
            if reading.level >= Level::Warning {
                continue;
            }
            if then.level >= Level::Warning {
                let day = change;
                reading.forecast.crosses =
                    reading.forecast.crosses.filter(|(sooner, _)| *sooner <= day).or(Some((day, then.level)));
                reading.forecast.soon =
                    reading.forecast.soon.or(Some(Soon { day, level: then.level, passing: 0, spans: 0 }));
            } else if let Some(soon) = then.forecast.soon.filter(|soon| soon.day >= change) {
                reading.forecast.soon = reading.forecast.soon.or(Some(soon));
            } else {
                continue;
            }
            if then.forecast.action.is_some() {
                reading.forecast.action.clone_from(&then.forecast.action);
            }
        }
    }
    Ok((rules, readings))
}

/// The level of a value.
pub(super) fn level(indicator: &Indicator, value: Option<Ratio>) -> Level {
    let Some(value) = value else { return Level::Normal };
    [Level::Serious, Level::Warning, Level::Notice]
        .into_iter()
        .find(|level| indicator.thresholds.of(*level).is_some_and(|limit| is_past(indicator, value, limit)))
        .unwrap_or(Level::Normal)
}

/// Whether a value lies on the bad side of a limit; the limit itself is kept.
pub(super) fn is_past(indicator: &Indicator, value: Ratio, limit: Percent) -> bool {
    let order = value.compare(limit, indicator.formula.limit_unit());
    match indicator.direction {
        Direction::AtLeast => order == Ordering::Less,
        Direction::AtMost => order == Ordering::Greater,
    }
}

/// The level to look out for: the warning, or what is worse than the present level.
pub(super) fn next_level(indicator: &Indicator, level: Level) -> Option<(Level, Percent)> {
    [Level::Warning, Level::Serious, Level::Notice]
        .into_iter()
        .filter(|next| *next > level)
        .find_map(|next| indicator.thresholds.of(next).map(|limit| (next, limit)))
}

/// The limit that a value is held to: the warning's, else the notice's, else the serious one's.
pub(super) fn shown_limit(indicator: &Indicator) -> Option<Percent> {
    let limits = indicator.thresholds;
    limits.warning.or(limits.notice).or(limits.serious)
}

/// A reading without a forecast.
pub(super) fn reading(
    indicator: &Indicator,
    scope: ReadingScope,
    (from, through): (NaiveDate, NaiveDate),
    basis: Basis,
    (numerator, denominator): (i128, i128),
) -> Reading {
    Reading {
        indicator: indicator.id.clone(),
        name: indicator.name.clone(),
        formula: indicator.formula,
        scope,
        from,
        through,
        basis,
        numerator,
        denominator,
        exempted: 0,
        amount: None,
        causes: Vec::new(),
        level: level(indicator, Ratio::new(numerator, denominator)),
        threshold: shown_limit(indicator),
        forecast: Forecast::default(),
        basis_clause: (indicator.source.clone(), indicator.clause.clone()),
    }
}

/// So many days earlier.
pub(super) fn before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MIN)
}

/// So many days later.
pub(super) fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

/// The first day of the month so many months before that of `day`.
pub(super) fn month_start(day: NaiveDate, months_before: u32) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    first.checked_sub_months(Months::new(months_before)).unwrap_or(NaiveDate::MIN)
}

/// The last day of a day's month.
pub(super) fn month_end(day: NaiveDate) -> NaiveDate {
    let next = month_start(day, 0).checked_add_months(Months::new(1));
    next.and_then(|first| first.pred_opt()).unwrap_or(NaiveDate::MAX)
}

/// The first day of a day's quarter.
pub(super) fn quarter_start(day: NaiveDate) -> NaiveDate {
    month_start(day, day.month0() % 3)
}

/// The last day of a day's quarter.
pub(super) fn quarter_end(day: NaiveDate) -> NaiveDate {
    let last_month = quarter_start(day).checked_add_months(Months::new(2));
    last_month.map_or(NaiveDate::MAX, month_end)
}

/// The first day of a window that ends with `as_of`; a cycle's is the agreement's own.
pub(super) fn window_start(window: Window, as_of: NaiveDate) -> NaiveDate {
    match window {
        Window::Month => month_start(as_of, 0),
        Window::Quarter => quarter_start(as_of),
        Window::Year | Window::Cycle => month_start(as_of, as_of.month0()),
        Window::Days(days) => before(as_of, days - 1),
        Window::Months(months) => month_start(as_of, months),
    }
}

/// The whole number above a quotient; both more than nought below.
pub(super) fn quotient_up(numerator: i128, denominator: i128) -> i128 {
    numerator.div_euclid(denominator) + i128::from(numerator.rem_euclid(denominator) > 0)
}

/// A limit as the fraction that values are.
pub(super) fn fraction(limit: Percent, unit: LimitUnit) -> (i128, i128) {
    let ratio = limit.ratio(unit);
    (ratio.numerator(), ratio.denominator())
}
