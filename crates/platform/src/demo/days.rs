//! The days of the demo, with the working-day calendar laid out flat.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use sunbench_contract::time::Instant;
use sunbench_workdays::Calendar;

use super::random::Rng;

/// How many days the demo's past is long.
pub(super) const PAST_DAYS: i64 = 730;
/// Days that are looked up before the first and after the last one.
const BEFORE: i64 = 60;
const AFTER: i64 = 120;
/// Days between 0001-01-01 and 1970-01-01.
const EPOCH: i64 = 719_163;

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 86_400;

/// A day and an hour in Shanghai as seconds since 1970.
pub(super) fn at(date: NaiveDate, second: i64) -> i64 {
    (i64::from(date.num_days_from_ce()) - EPOCH) * DAY - 8 * HOUR + second
}

/// The Shanghai date of a second.
pub(super) fn date_of(second: i64) -> NaiveDate {
    let days = (second + 8 * HOUR).div_euclid(DAY) + EPOCH;
    NaiveDate::from_num_days_from_ce_opt(days as i32).unwrap_or_default()
}

/// A second as the wire says it.
pub(super) fn instant(second: i64) -> Instant {
    Instant::from_unix(second).expect("the demo's seconds lie in the calendar's years")
}

pub(super) fn plus(date: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        date.checked_sub_days(Days::new(-days as u64))
    } else {
        date.checked_add_days(Days::new(days as u64))
    };
    moved.unwrap_or(date)
}

/// The first day of the month that lies `months` from that of `date`.
pub(super) fn month_start(date: NaiveDate, months: i32) -> NaiveDate {
    let month = date.year() * 12 + date.month0() as i32 + months;
    NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1).unwrap_or(date)
}

/// `2026年3月5日`.
pub(super) fn chinese(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `03-05 14:20`.
pub(super) fn minute_text(second: i64) -> String {
    instant(second).at().format("%m-%d %H:%M").to_string()
}

/// The working days around the demo.
pub(super) struct Span {
    pub(super) today: NaiveDate,
    /// 07:30 of today: nothing has happened after it.
    pub(super) now: i64,
    pub(super) first: NaiveDate,
    working: Vec<bool>,
}

impl Span {
    pub(super) fn new(today: NaiveDate, calendar: &Calendar) -> Self {
        let first = plus(today, 1 - PAST_DAYS);
        let working = (-BEFORE..PAST_DAYS + AFTER)
            .map(|offset| {
                let date = plus(first, offset);
                // Days before the oldest published year: Monday to Friday.
                calendar.is_working(date).unwrap_or(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
            })
            .collect();
        let now = at(today, 7 * HOUR + 30 * MINUTE);
        Self { today, now, first, working }
    }

    pub(super) fn is_working(&self, date: NaiveDate) -> bool {
        let index = (date - self.first).num_days() + BEFORE;
        usize::try_from(index).ok().and_then(|i| self.working.get(i).copied()).unwrap_or(true)
    }

    /// The `n`-th working day after `date`, before it when `n` is negative; `date` itself for 0.
    pub(super) fn step(&self, date: NaiveDate, n: i64) -> NaiveDate {
        let mut day = date;
        let mut left = n.abs();
        while left > 0 {
            day = plus(day, n.signum());
            left -= i64::from(self.is_working(day));
        }
        day
    }

    /// The first moment from `second` on at which the store is staffed, with some minutes' delay.
    pub(super) fn office_hours(&self, second: i64, rng: &mut Rng) -> i64 {
        let day = date_of(second);
        let hour = second - at(day, 0);
        if self.is_working(day) && hour < 17 * HOUR {
            return if hour >= 8 * HOUR { second } else { at(day, 8 * HOUR + rng.range(5, 80) * MINUTE) };
        }
        at(self.step(day, 1), 8 * HOUR + rng.range(5, 150) * MINUTE + rng.range(0, 59))
    }

    /// The first moment from `second` on, on any day, at which somebody is at the gate.
    pub(super) fn daytime(second: i64, rng: &mut Rng) -> i64 {
        let day = date_of(second);
        match second - at(day, 0) {
            hour if hour < 7 * HOUR => at(day, 7 * HOUR + rng.range(5, 100) * MINUTE),
            hour if hour < 19 * HOUR => second,
            _ => at(plus(day, 1), 7 * HOUR + rng.range(5, 100) * MINUTE),
        }
    }
}
