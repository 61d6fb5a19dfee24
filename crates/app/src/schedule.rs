//! When a backup is made by itself, and which older ones then go. Pure: the instant is an argument.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use sunbench_workdays::shanghai_date;

/// After a failed attempt the next one waits so many seconds.
const AGAIN_AFTER: i64 = 3_600;

/// 备份计划: how often, where to, and how many are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Schedule {
    pub(crate) enabled: bool,
    /// Empty: the folder beside the profile.
    pub(crate) folder: String,
    pub(crate) every_days: u32,
    pub(crate) keep_daily: u32,
    pub(crate) keep_weekly: u32,
    pub(crate) keep_monthly: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            enabled: true,
            folder: String::new(),
            every_days: 1,
            keep_daily: 7,
            keep_weekly: 4,
            keep_monthly: 12,
        }
    }
}

/// How the attempts went.
#[expect(clippy::struct_field_names, reason = "they are kept under these names")]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Record {
    pub(crate) last_good: Option<DateTime<FixedOffset>>,
    pub(crate) last_try: Option<DateTime<FixedOffset>>,
    pub(crate) last_failed: bool,
}

impl Schedule {
    /// The first date for the next backup; today when there is none yet. A last one in the future is a clock that was
    /// set back.
    pub(crate) fn next_date(&self, record: &Record, today: NaiveDate) -> NaiveDate {
        let last = record.last_good.map(|at| shanghai_date(&at)).filter(|last| *last <= today);
        last.and_then(|last| last.checked_add_days(chrono::Days::new(u64::from(self.every_days.max(1)))))
            .unwrap_or(today)
    }

    /// Whether a backup is to be made now.
    pub(crate) fn is_due(&self, record: &Record, now: DateTime<FixedOffset>) -> bool {
        let resting = record.last_failed
            && record.last_try.is_some_and(|at| (0..AGAIN_AFTER).contains(&(now - at).num_seconds()));
        let today = shanghai_date(&now);
        self.enabled && !resting && self.next_date(record, today) <= today
    }

    /// Whether a person should look: the last attempt failed, or none was good for twice the interval.
    pub(crate) fn needs_a_look(&self, record: &Record, now: DateTime<FixedOffset>) -> bool {
        let limit = i64::from(self.every_days.max(1)) * 2;
        let late =
            record.last_good.is_some_and(|at| (shanghai_date(&now) - shanghai_date(&at)).num_days() > limit);
        self.enabled && (record.last_failed || late)
    }

    /// Which backups go, by their place in `made`: all but the newest of each of the last days, weeks and months with
    /// a backup. The newest of all stays in any case.
    pub(crate) fn outdated(&self, made: &[DateTime<FixedOffset>]) -> Vec<usize> {
        let mut kept: BTreeSet<usize> = newest_of_each(made, |_| 0).into_values().collect();
        let mut keep = |newest: BTreeMap<i32, usize>, count: u32| {
            kept.extend(newest.into_values().rev().take(count as usize));
        };
        keep(newest_of_each(made, |date| date.num_days_from_ce()), self.keep_daily);
        keep(newest_of_each(made, |date| (date.num_days_from_ce() - 1).div_euclid(7)), self.keep_weekly);
        keep(newest_of_each(made, |date| date.year() * 12 + date.month0() as i32), self.keep_monthly);
        (0..made.len()).filter(|place| !kept.contains(place)).collect()
    }
}

/// The newest backup of each period, by period.
fn newest_of_each(made: &[DateTime<FixedOffset>], period: impl Fn(NaiveDate) -> i32) -> BTreeMap<i32, usize> {
    let mut newest: BTreeMap<i32, usize> = BTreeMap::new();
    for (place, at) in made.iter().enumerate() {
        let best = newest.entry(period(shanghai_date(at))).or_insert(place);
        if made[*best] < *at {
            *best = place;
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap()
    }

    #[test]
    fn when_one_is_due() {
        let record = |good: &str, tried: &str, failed| Record {
            last_good: (!good.is_empty()).then(|| at(good)),
            last_try: (!tried.is_empty()).then(|| at(tried)),
            last_failed: failed,
        };
        for (every, record, now, due, look) in [
            (1, record("", "", false), "2026-11-20T08:00", true, false),
            (1, record("2026-11-20T07:00", "2026-11-20T07:00", false), "2026-11-20T23:59", false, false),
            (1, record("2026-11-19T23:59", "2026-11-19T23:59", false), "2026-11-20T00:00", true, false),
            (7, record("2026-11-14T09:00", "2026-11-14T09:00", false), "2026-11-20T12:00", false, false),
            (7, record("2026-11-13T09:00", "2026-11-13T09:00", false), "2026-11-20T00:01", true, false),
            (1, record("2026-11-19T09:00", "2026-11-20T09:00", true), "2026-11-20T09:59", false, true),
            (1, record("2026-11-19T09:00", "2026-11-20T09:00", true), "2026-11-20T10:00", true, true),
            (1, record("2026-11-17T09:00", "2026-11-17T09:00", false), "2026-11-20T10:00", true, true),
            // The PC's clock was a year ahead for a while.
            (1, record("2027-11-20T09:00", "2027-11-20T09:00", false), "2026-11-20T10:00", true, false),
            (0, record("2026-11-20T09:00", "2026-11-20T09:00", false), "2026-11-20T10:00", false, false),
        ] {
            let plan = Schedule { every_days: every, ..Schedule::default() };
            assert_eq!(plan.is_due(&record, at(now)), due, "{every} {record:?} {now}");
            assert_eq!(plan.needs_a_look(&record, at(now)), look, "{every} {record:?} {now}");
            let off = Schedule { enabled: false, ..plan };
            assert!(!off.is_due(&record, at(now)) && !off.needs_a_look(&record, at(now)));
        }
    }

    #[test]
    fn days_weeks_and_months_are_kept() {
        // Two a day for two years.
        let first = at("2024-11-20T09:00");
        let made: Vec<_> = (0..2 * 730).map(|n| first + chrono::Duration::hours(12 * n)).collect();
        let plan = Schedule::default();
        let gone: BTreeSet<usize> = plan.outdated(&made).into_iter().collect();
        let kept: Vec<_> = (0..made.len()).filter(|n| !gone.contains(n)).map(|n| made[n]).collect();
        let newest = *made.last().unwrap();
        assert!(kept.contains(&newest));
        assert!((12 + 4..=7 + 4 + 12).contains(&kept.len()), "{}", kept.len());
        let within = |days: i64| kept.iter().filter(|at| (newest - **at).num_days() < days).count();
        assert_eq!(within(7), 7);
        assert!(within(30) >= 9 && within(366) >= 20, "{} {}", within(30), within(366));
        // Applied again and again, day by day, it keeps the same as applied once.
        let mut rolling: Vec<DateTime<FixedOffset>> = Vec::new();
        for at in &made {
            rolling.push(*at);
            let gone = plan.outdated(&rolling);
            rolling = (0..rolling.len()).filter(|n| !gone.contains(n)).map(|n| rolling[n]).collect();
        }
        assert_eq!(rolling, kept);
        for (daily, weekly, monthly, count) in [(0, 0, 0, 1), (1, 0, 0, 1), (3, 0, 0, 3), (0, 0, 2, 2)] {
            let plan = Schedule {
                keep_daily: daily,
                keep_weekly: weekly,
                keep_monthly: monthly,
                ..Schedule::default()
            };
            assert_eq!(made.len() - plan.outdated(&made).len(), count, "{daily} {weekly} {monthly}");
        }
        assert!(plan.outdated(&[]).is_empty());
    }
}
