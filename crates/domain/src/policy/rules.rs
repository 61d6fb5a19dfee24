//! A pack with the adjustments that the platform pushed, as it stood at an instant.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Deserialize;
use sunbench_workdays::SHANGHAI;

use super::facts::HOUR_STEP;
use super::pack::{BasisOf, Formula, Indicator, Pack, Packs};
use super::ratio::Percent;

/// 政策规则调整: one parameter of one indicator gets another value from an instant on. Read from the feed as it is. An adjustment is
/// taken back by a later one, so that the days between stay as they were; one that the feed deletes was a mistake and never held.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // the names are the wire's and say what they hold
pub struct Adjustment {
    pub rule_id: String,
    #[serde(default)]
    pub version: u32,
    pub indicator_id: String,
    /// `threshold.notice`, `threshold.warning`, `threshold.serious`, `parameter.hours`, `parameter.days`, `parameter.months`,
    /// `parameter.paceDays`, `parameter.graceDays`, `parameter.historyPercent`, `parameter.basis`.
    pub parameter: String,
    pub value: String,
    /// RFC 3339.
    pub effective_time: DateTime<FixedOffset>,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub clause: String,
}

/// 规则簿: the packs, which of them an institution has, and every adjustment so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBook {
    packs: Packs,
    pack: String,
    adjustments: Vec<Adjustment>,
}

/// The rules at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The pack, with its indicators as adjusted.
    pub pack: Pack,
    /// Such as `quanzhou-2024/1+3`: pack, edition, and how many adjustments are in force.
    pub version: String,
    /// Adjustments in force that this version does not understand, or that contradict a limit; they change nothing.
    pub not_applied: Vec<Adjustment>,
}

impl RuleBook {
    /// `None` where there is no such pack. The adjustments come in any order, and twice without harm.
    #[must_use]
    pub fn new(packs: Packs, pack: &str, mut adjustments: Vec<Adjustment>) -> Option<Self> {
        packs.get(pack)?;
        adjustments.sort_by(|a, b| {
            (a.effective_time, a.version, &a.rule_id).cmp(&(b.effective_time, b.version, &b.rule_id))
        });
        adjustments.dedup();
        Some(Self { packs, pack: pack.to_owned(), adjustments })
    }

    /// Every adjustment so far, by the instant from which it holds.
    #[must_use]
    pub fn adjustments(&self) -> &[Adjustment] {
        &self.adjustments
    }

    /// The rules at the end of a Shanghai day.
    #[must_use]
    pub fn at_end_of(&self, day: NaiveDate) -> Rules {
        self.as_of(end_of(day))
    }

    /// How many adjustments have taken effect by the end of a Shanghai day, or by now on a day that is not over.
    #[must_use]
    pub fn in_effect(&self, day: NaiveDate, now: DateTime<FixedOffset>) -> usize {
        let at = end_of(day).min(now);
        self.adjustments.iter().filter(|adjustment| adjustment.effective_time <= at).count()
    }

    /// The rules at an instant: the pack in force that day with every adjustment that has taken effect.
    #[must_use]
    pub fn as_of(&self, at: DateTime<FixedOffset>) -> Rules {
        let mut pack = self.in_force(sunbench_workdays::shanghai_date(&at)).clone();
        let mut not_applied = Vec::new();
        let mut applied = 0;
        for adjustment in self.adjustments.iter().filter(|adjustment| adjustment.effective_time <= at) {
            let target = pack.indicators.iter_mut().find(|one| one.id == adjustment.indicator_id);
            match target.and_then(|indicator| adjusted(indicator, adjustment).map(|new| (indicator, new))) {
                Some((indicator, new)) => {
                    *indicator = new;
                    applied += 1;
                }
                None => not_applied.push(adjustment.clone()),
            }
        }
        let version = format!("{}/{}+{applied}", pack.id, pack.version);
        Rules { pack, version, not_applied }
    }

    /// The first day after an instant, at most so many days ahead, from whose end on other rules are in force; it may be the day
    /// of the instant itself.
    #[must_use]
    pub fn next_change(&self, at: DateTime<FixedOffset>, most_days: u64) -> Option<NaiveDate> {
        let last = sunbench_workdays::shanghai_date(&at).checked_add_days(chrono::Days::new(most_days))?;
        let later = self.adjustments.iter().filter(|one| one.effective_time > at);
        later.map(|one| sunbench_workdays::shanghai_date(&one.effective_time)).filter(|on| *on <= last).min()
    }

    /// The pack, or what it extends on a day outside its validity.
    fn in_force(&self, day: NaiveDate) -> &Pack {
        let mut id = self.pack.as_str();
        loop {
            let pack = self.packs.get(id).expect("parents are checked when read");
            match &pack.extends {
                Some(parent) if !pack.is_valid_on(day) => id = parent,
                _ => return pack,
            }
        }
    }
}

/// The last moment of a Shanghai day.
pub(super) fn end_of(day: NaiveDate) -> DateTime<FixedOffset> {
    let next = day.succ_opt().unwrap_or(day).and_hms_opt(0, 0, 0).expect("midnight is a time of day");
    let end = next.and_local_timezone(SHANGHAI).single().expect("a fixed offset has no gaps");
    end - chrono::Duration::nanoseconds(1)
}

/// The indicator with the adjustment, unless that is not understood or makes the limits contradict each other.
fn adjusted(indicator: &Indicator, adjustment: &Adjustment) -> Option<Indicator> {
    let mut new = indicator.clone();
    let whole = |most: u32| adjustment.value.parse::<u32>().ok().filter(|value| (1..=most).contains(value));
    let limit = || {
        let value = Percent::parse(&adjustment.value).ok()?;
        // How far behind is stated as a number of points; the value itself is below nought then.
        Some(if indicator.formula == Formula::ProgressLag { Percent(-value.0.abs()) } else { value })
    };
    match adjustment.parameter.as_str() {
        "threshold.notice" => new.thresholds.notice = Some(limit()?),
        "threshold.warning" => new.thresholds.warning = Some(limit()?),
        "threshold.serious" => new.thresholds.serious = Some(limit()?),
        "parameter.hours" => {
            new.parameters.hours = whole(2_000).filter(|hours| i64::from(*hours) % HOUR_STEP == 0)?;
        }
        "parameter.days" => new.parameters.days = whole(1_000)?,
        "parameter.months" => new.parameters.months = whole(36)?,
        "parameter.paceDays" => new.parameters.pace_days = whole(366)?,
        "parameter.graceDays" => {
            new.parameters.grace_days = adjustment.value.parse().ok().filter(|days| *days <= 366)?;
        }
        "parameter.historyPercent" => {
            new.parameters.history_percent =
                adjustment.value.parse().ok().filter(|percent| *percent <= 1_000)?;
        }
        "parameter.basis" => new.parameters.basis = BasisOf::from_name(&adjustment.value)?,
        _ => return None,
    }
    // A warning that is set past the milder notice pulls it along: the platform adjusts one limit at a time.
    pull_along(&mut new, &adjustment.parameter);
    new.thresholds.is_ordered(new.direction).then_some(new)
}

fn pull_along(indicator: &mut Indicator, parameter: &str) {
    use super::pack::Direction::{AtLeast, AtMost};
    let direction = indicator.direction;
    let milder = |a: Percent, b: Percent| match direction {
        AtLeast => a.max(b),
        AtMost => a.min(b),
    };
    let worse = |a: Percent, b: Percent| match direction {
        AtLeast => a.min(b),
        AtMost => a.max(b),
    };
    let limits = &mut indicator.thresholds;
    match parameter {
        "threshold.notice" => {
            if let Some(notice) = limits.notice {
                limits.warning = limits.warning.map(|warning| worse(warning, notice));
                limits.serious = limits.serious.map(|serious| worse(serious, notice));
            }
        }
        "threshold.warning" => {
            if let Some(warning) = limits.warning {
                limits.notice = limits.notice.map(|notice| milder(notice, warning));
                limits.serious = limits.serious.map(|serious| worse(serious, warning));
            }
        }
        "threshold.serious" => {
            if let Some(serious) = limits.serious {
                limits.warning = limits.warning.map(|warning| milder(warning, serious));
                limits.notice = limits.notice.map(|notice| milder(notice, serious));
            }
        }
        _ => {}
    }
}
