//! 重演: every span of the past year, played again from today, says whether a limit will be passed in the next days.
//!
//! What is certain comes first: the schedule, days that leave the window, limits that were announced, goods that are ordered and on
//! their way. What is not is taken from the past: of the spans of the last year that are as long as the days ahead, how many would
//! carry the result past its limit, did they follow now? So no shape of the purchases is assumed, neither an even pace nor rare large
//! lines; numbers stay whole.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use sunbench_workdays::Calendar;

use super::evaluate::{after, before};
use super::pack::Level;

/// So many working days are looked ahead: the five in which a notice is to be answered, and one to act.
pub(super) const AHEAD_WORKING_DAYS: u32 = 6;
/// The days whose spans are replayed.
pub(super) const PAST_DAYS: u32 = 365;
/// A limit is expected to be passed where one span in so many passes it.
const ONE_IN: usize = 5;
/// What was ordered and has not come after so many days is not counted upon.
pub(super) const ON_THE_WAY_DAYS: u32 = 7;

/// What each day added above and below the line.
pub(super) type ByDay = BTreeMap<NaiveDate, (i128, i128)>;

/// 预警: a limit is expected to be passed within the next working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Soon {
    /// The day in the middle of those on which the passing spans pass it.
    pub day: NaiveDate,
    /// The level of the limit.
    pub level: Level,
    /// Spans of the past year that pass it.
    pub passing: u32,
    /// Spans that were replayed; nought where it rests on none: a change of the rules was announced.
    pub spans: u32,
}

/// What a replay comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Replayed {
    /// Where enough spans pass the limit.
    pub(super) soon: Option<Soon>,
    pub(super) passing: u32,
    pub(super) spans: u32,
}

impl Replayed {
    pub(super) fn counts(self) -> Option<(u32, u32)> {
        (self.spans > 0).then_some((self.passing, self.spans))
    }
}

/// A day outside the published calendar works from Monday to Friday.
fn works(calendar: &Calendar, day: NaiveDate) -> bool {
    calendar.is_working(day).unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
}

/// The last day looked ahead to.
pub(super) fn last_day(calendar: &Calendar, as_of: NaiveDate) -> NaiveDate {
    // The morning after `as_of` is when somebody reads this, and the morning after the last day when a notice is written.
    let (mut morning, mut left) = (after(as_of, 1), AHEAD_WORKING_DAYS);
    loop {
        morning = after(morning, 1);
        if works(calendar, morning) {
            if left == 0 {
                break;
            }
            left -= 1;
        }
    }
    before(morning, 2)
}

/// The working days after one day through another.
pub(super) fn working_days(calendar: &Calendar, after_day: NaiveDate, through: NaiveDate) -> usize {
    let days = after(after_day, 1).iter_days().take_while(|day| *day <= through);
    days.filter(|day| works(calendar, *day)).count()
}

/// The day after which so many working days were left through another.
pub(super) fn earlier(calendar: &Calendar, mut through: NaiveDate, mut working_days: usize) -> NaiveDate {
    while working_days > 0 {
        working_days -= usize::from(works(calendar, through));
        through = before(through, 1);
    }
    through
}

/// Whether so many spans pass a limit that it is expected to be passed.
pub(super) const fn is_likely(passing: usize, spans: usize) -> bool {
    passing > 0 && passing * ONE_IN >= spans
}

/// A number of spans, for people.
pub(super) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What each day of the past added, above and below the line.
pub(super) struct Past {
    as_of: NaiveDate,
    /// From the first day with anything on: running sums, nought first.
    sums: Vec<(i128, i128)>,
}

impl Past {
    /// The first day that is looked at.
    pub(super) fn first_day(as_of: NaiveDate) -> NaiveDate {
        before(as_of, PAST_DAYS - 1)
    }

    pub(super) fn new(by_day: &ByDay, as_of: NaiveDate) -> Self {
        let mut sums = vec![(0, 0)];
        let from = Self::first_day(as_of);
        if let Some((first, _)) = by_day.range(from..=as_of).next() {
            let mut sum = (0, 0);
            for day in first.iter_days().take_while(|day| *day <= as_of) {
                if let Some((above, below)) = by_day.get(&day) {
                    sum = (sum.0 + above, sum.1 + below);
                }
                sums.push(sum);
            }
        }
        Self { as_of, sums }
    }

    /// Replays every span through `last`. `is_past` is asked for each day ahead with what the span had added by its end,
    /// since the first day that counts then, `begins`.
    pub(super) fn replay(
        &self,
        last: NaiveDate,
        level: Level,
        begins: impl Fn(NaiveDate) -> NaiveDate,
        is_past: impl Fn(NaiveDate, (i128, i128)) -> bool,
    ) -> Replayed {
        let none = Replayed { soon: None, passing: 0, spans: 0 };
        let ahead = usize::try_from((last - self.as_of).num_days()).unwrap_or(0);
        if ahead == 0 {
            return none;
        }
        let days: Vec<NaiveDate> = (1..).map(|n| after(self.as_of, n)).take(ahead).collect();
        // Days of the span that do not count any more: a window that begins after today.
        let left_out: Vec<usize> = days
            .iter()
            .map(|day| usize::try_from((begins(*day) - self.as_of).num_days() - 1).unwrap_or(0))
            .collect();
        let mut passing = Vec::new();
        // Without any past as long as that: nothing comes.
        let starts = self.sums.len().saturating_sub(ahead).max(1);
        for start in 0..starts {
            let added = |n: usize| match self.sums.get(start + n) {
                Some(sum) if self.sums.len() > ahead => {
                    let before = self.sums[start + left_out[n - 1].min(n)];
                    (sum.0 - before.0, sum.1 - before.1)
                }
                _ => (0, 0),
            };
            passing.extend((1..=ahead).find(|n| is_past(days[n - 1], added(*n))));
        }
        passing.sort_unstable();
        let (passes, spans) = (small(passing.len()), small(starts));
        let soon = is_likely(passing.len(), starts).then(|| Soon {
            day: days[passing[passing.len() / 2] - 1],
            level,
            passing: passes,
            spans,
        });
        Replayed { soon, passing: passes, spans }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn six_working_days_are_looked_ahead_over_holidays_too() {
        for (as_of, last) in [
            // Read on Monday 9 November; the seventh working day after it is Wednesday 18.
            ("2026-11-08", "2026-11-16"),
            ("2026-11-19", "2026-11-29"),
            // 1 to 7 October 2026 are off, Saturday 10 October works.
            ("2026-09-27", "2026-10-11"),
            // No calendar for 2027 yet: Monday to Friday.
            ("2027-11-07", "2027-11-15"),
        ] {
            assert_eq!(last_day(Calendar::built_in(), day(as_of)), day(last), "{as_of}");
        }
    }

    #[test]
    fn as_many_working_days_before_skips_what_is_off() {
        let calendar = Calendar::built_in();
        for (from, through, days) in [
            ("2026-10-23", "2026-11-01", 5),
            ("2026-10-31", "2026-11-01", 0),
            // Sunday 20 September works, 25 and 26 are off for the mid-autumn festival.
            ("2026-09-18", "2026-09-27", 5),
            ("2026-09-24", "2026-10-01", 3),
        ] {
            assert_eq!(working_days(calendar, day(from), day(through)), days, "{from} to {through}");
            let start = earlier(calendar, day(through), days);
            assert_eq!(working_days(calendar, start, day(through)), days, "back from {through}");
        }
        assert_eq!(earlier(calendar, day("2026-10-01"), 3), day("2026-09-27"));
        assert_eq!(earlier(calendar, day("2026-11-01"), 0), day("2026-11-01"));
    }

    #[test]
    fn one_span_in_five_warns_on_the_day_in_the_middle() {
        // Ten things on every sixth day; spans of three days: every other one has some.
        let as_of = day("2026-06-30");
        let past = |every: usize| {
            let days = (0..60).map(|n| {
                (before(as_of, n), if (n as usize).is_multiple_of(every) { (10, 0) } else { (0, 0) })
            });
            Past::new(&days.collect(), as_of)
        };
        let last = after(as_of, 3);
        let soon = past(6).replay(last, Level::Warning, |_| as_of, |_, (above, _)| above >= 10).soon.unwrap();
        assert_eq!((soon.day, soon.passing, soon.spans), (day("2026-07-02"), 28, 58));
        // A day on which it does not matter any more.
        let is_past = |on: NaiveDate, (above, _): (i128, i128)| on < day("2026-07-02") && above >= 20;
        assert_eq!(past(6).replay(last, Level::Warning, |_| as_of, is_past).soon, None);
        // Three in thirty days and no two at once: none pass.
        assert_eq!(past(30).replay(last, Level::Warning, |_| as_of, |_, (above, _)| above >= 20).soon, None);
        // Of a window that begins on the last day only that day counts.
        let late = past(1).replay(last, Level::Warning, |_| last, |on, (above, _)| on == last && above == 10);
        assert_eq!(late.counts(), Some((58, 58)));
        let nothing = Past::new(&BTreeMap::new(), as_of);
        let soon = nothing
            .replay(last, Level::Warning, |_| as_of, |on, (above, _)| on == last && above == 0)
            .soon
            .unwrap();
        assert_eq!((soon.day, soon.passing, soon.spans), (last, 1, 1));
        assert_eq!(nothing.replay(as_of, Level::Warning, |_| as_of, |_, _| true).counts(), None);
    }
}
