//! What is still open about a day whose notice is to come.
//!
//! Three calendars are walked at once: the expected one, one in which as many days as possible work, and one
//! in which as few as possible do. A day that works in the last works in the second, and one that works in
//! the second works in the first; so the earliest, the expected and the latest due date are always in order.

use chrono::{Datelike, Days, NaiveDate};

use crate::calendar::Calendar;
use crate::file::is_weekend;
use crate::statutory::{Holiday, Observance, statutory_holidays};

/// How far from a statutory day a make-up working day may lie. In 2020 to 2026 none lay farther than nine days.
const MAKE_UP_REACH: u64 = 15;

/// Whether a day works: as far as it can be known, and at the two extremes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outlook {
    /// Whether no notice still expected may change the day.
    pub(crate) settled: bool,
    /// If as many days as possible work.
    pub(crate) at_most: bool,
    /// As published, or as the regulation alone has it.
    pub(crate) expected: bool,
    /// If as few days as possible work.
    pub(crate) at_least: bool,
}

/// The longest run of days off seen around each holiday in the published years: days before the first
/// statutory day, days after the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reach([(u64, u64); Holiday::ALL.len()]);

impl Reach {
    /// Measures the published years.
    pub(crate) fn seen_in(calendar: &Calendar) -> Self {
        // A single day is made into three by what lies before or after it, also where none was seen yet.
        let mut reach = Self(Holiday::ALL.map(|holiday| match holiday {
            Holiday::NewYear | Holiday::Qingming | Holiday::DragonBoat | Holiday::MidAutumn => (2, 2),
            Holiday::SpringFestival | Holiday::LabourDay | Holiday::NationalDay => (0, 0),
        }));
        let off = |date: NaiveDate| calendar.is_published(date.year()) && !calendar.expected(date);
        for year in calendar.years.keys() {
            let Some(holidays) = statutory_holidays(*year) else { continue };
            for (slot, observance) in reach.0.iter_mut().zip(&holidays) {
                let before = days_back(observance.first).skip(1).take_while(|date| off(*date)).count();
                let after = observance.last.iter_days().skip(1).take_while(|date| off(*date)).count();
                let (before, after) = (before as u64, after as u64);
                // 中秋节 within the week of 国庆节 says nothing about 中秋节 by itself.
                let run = grown(observance, before, after);
                let joined = holidays.iter().any(|other| {
                    other.holiday != observance.holiday && run.first <= other.last && other.first <= run.last
                });
                if !joined || observance.holiday == Holiday::NationalDay {
                    *slot = (slot.0.max(before), slot.1.max(after));
                }
            }
        }
        reach
    }

    fn of(&self, observance: &Observance) -> Observance {
        let (before, after) = self.0[observance.holiday as usize];
        grown(observance, before, after)
    }
}

/// The observance with days added before and after it.
fn grown(observance: &Observance, before: u64, after: u64) -> Observance {
    Observance {
        first: observance.first.checked_sub_days(Days::new(before)).unwrap_or(observance.first),
        last: observance.last.checked_add_days(Days::new(after)).unwrap_or(observance.last),
        ..*observance
    }
}

impl Calendar {
    /// The outlook for a day in range.
    pub(crate) fn outlook(&self, date: NaiveDate) -> Outlook {
        let expected = self.expected(date);
        if self.is_settled(date) {
            return Outlook { settled: true, at_most: expected, expected, at_least: expected };
        }
        let mut statutory = false;
        let mut may_make_up = false;
        let mut may_be_off = false;
        for observance in near(date) {
            statutory |= observance.contains(date);
            may_make_up |= grown(&observance, MAKE_UP_REACH, MAKE_UP_REACH).contains(date);
            may_be_off |= self.reach.of(&observance).contains(date);
        }
        Outlook {
            settled: false,
            at_most: expected || (is_weekend(date) && may_make_up && !statutory),
            expected,
            at_least: expected && !may_be_off,
        }
    }
}

/// The statutory holidays of the year, and of the next one, whose first days reach back into December.
fn near(date: NaiveDate) -> impl Iterator<Item = Observance> {
    [date.year(), date.year() + 1].into_iter().filter_map(statutory_holidays).flatten()
}

/// The names of the statutory holidays on a day, `None` on any other day.
pub(crate) fn statutory_name(date: NaiveDate) -> Option<String> {
    let holidays = statutory_holidays(date.year())?;
    let names: Vec<&str> = holidays
        .iter()
        .filter(|observance| observance.contains(date))
        .map(|one| one.holiday.name())
        .collect();
    if names.is_empty() { None } else { Some(names.join("、")) }
}

fn days_back(from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().rev()
}
