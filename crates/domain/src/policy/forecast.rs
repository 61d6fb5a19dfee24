//! Where a rate goes.

use chrono::NaiveDate;
use sunbench_workdays::Calendar;

use super::evaluate::{
    Action, ActionKind, Forecast, Reading, after, before, fraction, is_past, month_end, next_level,
    quarter_end, quotient_up, window_start,
};
use super::pack::{Direction, Indicator, Level, Window};
use super::ratio::Ratio;
use super::replay::{self, ByDay, Past};

/// How far ahead a limit is looked for.
const HORIZON_DAYS: u32 = 60;

/// What an additional good thing does to a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// It adds above the line only: what is due is fixed.
    Numerator,
    /// It adds above and below: one more line that is in time.
    Both,
    /// It adds below only: one more that is no fault.
    Denominator,
}

/// What happened each day of a window, and of the days from which the pace is taken.
pub(super) struct Series<'a> {
    pub(super) indicator: &'a Indicator,
    /// The last day.
    pub(super) as_of: NaiveDate,
    pub(super) calendar: &'a Calendar,
    /// Day, and what it added above and below the line.
    pub(super) days: ByDay,
}

impl Series<'_> {
    /// Above and below the line from a day on.
    pub(super) fn since(&self, from: NaiveDate) -> (i128, i128) {
        self.days.range(from..).fold((0, 0), |sum, (_, (n, d))| (sum.0 + n, sum.1 + d))
    }

    /// The first day that the series needs.
    pub(super) fn first_day(indicator: &Indicator, as_of: NaiveDate) -> NaiveDate {
        let pace = before(as_of, indicator.parameters.pace_days - 1);
        window_start(indicator.window, as_of).min(pace).min(Past::first_day(as_of))
    }

    /// What is above and below the line at the end of a later day, both times the days of the pace.
    fn at(&self, day: NaiveDate) -> (i128, i128) {
        let pace_days = i128::from(self.indicator.parameters.pace_days);
        let pace = self.since(before(self.as_of, self.indicator.parameters.pace_days - 1));
        let start = window_start(self.indicator.window, day);
        let kept = self.since(start);
        // Days of the pace: from tomorrow, or from the beginning of a window that begins later.
        let ahead = i128::from((day - self.as_of.max(before(start, 1))).num_days());
        (kept.0 * pace_days + pace.0 * ahead, kept.1 * pace_days + pace.1 * ahead)
    }

    /// Looks ahead and says what prevents the next limit from being passed.
    pub(super) fn forecast(&self, reading: &mut Reading, kind: ActionKind, remedy: Remedy) {
        let indicator = self.indicator;
        if matches!(indicator.window, Window::Months(_) | Window::Cycle) {
            return;
        }
        let value = |day: NaiveDate| {
            let (numerator, denominator) = self.at(day);
            Ratio::new(numerator, denominator)
        };
        let mut forecast = Forecast {
            month_end: value(month_end(self.as_of)),
            quarter_end: value(quarter_end(self.as_of)),
            ..Forecast::default()
        };
        let next = next_level(indicator, reading.level);
        if let Some((level, limit)) = next {
            let past = Past::new(&self.days, self.as_of);
            let last = replay::last_day(self.calendar, self.as_of);
            let stays: ByDay = after(self.as_of, 1)
                .iter_days()
                .take_while(|day| *day <= last)
                .map(|day| (day, self.since(window_start(indicator.window, day))))
                .collect();
            let begins = |day| window_start(indicator.window, day);
            let replayed = past.replay(last, level, begins, |day, (above, below)| {
                let (n, d) = stays.get(&day).copied().unwrap_or_default();
                Ratio::new(n + above, d + below).is_some_and(|value| is_past(indicator, value, limit))
            });
            (forecast.soon, forecast.replayed) = (replayed.soon, replayed.counts());
            forecast.crosses = (1..=HORIZON_DAYS)
                .map(|ahead| after(self.as_of, ahead))
                .find(|day| value(*day).is_some_and(|value| is_past(indicator, value, limit)))
                .map(|day| (day, level));
        }
        let at = match (forecast.soon, forecast.crosses) {
            (Some(soon), crosses) => Some(crosses.map_or(soon.day, |(day, _)| day.min(soon.day))),
            (None, Some((day, _))) => Some(day),
            _ if reading.level > Level::Normal => Some(month_end(self.as_of)),
            _ => None,
        };
        if let Some(day) = at {
            let pace_days = i128::from(indicator.parameters.pace_days);
            let (numerator, denominator) = self.at(day);
            let needed = missing(indicator, reading.level, (numerator, denominator), remedy)
                .map(|needed| quotient_up(needed, pace_days));
            forecast.action = needed.filter(|needed| *needed > 0).map(|amount| Action {
                kind,
                amount,
                what: indicator.name.clone(),
                unit: String::new(),
                before: day,
            });
        }
        reading.forecast = forecast;
    }
}

/// How much more of what is good keeps a rate on the good side of its limit; `None` where no amount does.
pub(super) fn missing(
    indicator: &Indicator,
    level: Level,
    (numerator, denominator): (i128, i128),
    remedy: Remedy,
) -> Option<i128> {
    // Back to where nobody warns: the limit next to normal that is passed or about to be.
    let limits = indicator.thresholds;
    let limit = match level {
        Level::Normal => next_level(indicator, level)?.1,
        _ => limits.warning.filter(|_| level >= Level::Warning).or(limits.notice).or(limits.serious)?,
    };
    let (top, bottom) = fraction(limit, indicator.formula.limit_unit());
    let short = match indicator.direction {
        Direction::AtLeast => top * denominator - numerator * bottom,
        Direction::AtMost => numerator * bottom - top * denominator,
    };
    if short <= 0 {
        return Some(0);
    }
    match (indicator.direction, remedy) {
        // (n + k) / d ≥ limit, or (n − k) / d ≤ limit.
        (_, Remedy::Numerator) => Some(quotient_up(short, bottom)),
        // (n + k) / (d + k) ≥ limit has no answer at a hundred per cent.
        (Direction::AtLeast, Remedy::Both) => (bottom > top).then(|| quotient_up(short, bottom - top)),
        // n / (d + k) ≤ limit.
        (Direction::AtMost, _) => (top > 0).then(|| quotient_up(short, top)),
        (Direction::AtLeast, Remedy::Denominator) => None,
    }
}
