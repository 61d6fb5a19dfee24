//! The published years, day by day against an independent calendar, and deadlines against a naive count.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeZone};
use proptest::prelude::*;
use sunbench_workdays::{Calendar, Cutoff, DateError, Deadline, Period, SHANGHAI, shanghai_date};

const ORACLE: &str = include_str!("fixtures/days-2020-2026.csv");

fn oracle() -> BTreeMap<NaiveDate, bool> {
    ORACLE.lines().map(|line| (line[..10].parse().unwrap(), line.ends_with(",1"))).collect()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[test]
fn the_shipped_file_and_the_embedded_copy_are_the_same() {
    let shipped = include_str!("../../../assets/calendars/cn-workdays.json");
    assert_eq!(shipped, include_str!("../data/cn-workdays.json"));
    assert_eq!(&Calendar::from_json(shipped).unwrap(), Calendar::built_in());
}

#[test]
fn every_published_day_agrees_with_the_independent_calendar() {
    let calendar = Calendar::built_in();
    let oracle = oracle();
    assert_eq!(oracle.len(), 2557);
    for (day, working) in oracle {
        assert_eq!(calendar.day(day).unwrap().working, working, "{day}");
    }
}

#[test]
fn days_carry_their_holiday_and_say_what_is_tentative() {
    #[track_caller]
    fn check(day: &str, expected: (bool, Option<&str>, bool)) {
        let day = Calendar::built_in().day(date(day)).unwrap();
        assert_eq!((day.working, day.name.as_deref(), day.provisional), expected, "{}", day.date);
    }
    check("2025-09-28", (true, Some("国庆节、中秋节"), false));
    check("2025-10-01", (false, Some("国庆节、中秋节"), false));
    check("2025-10-09", (true, None, false));
    check("2025-10-18", (false, None, false));
    check("2022-12-31", (false, Some("元旦"), false));
    check("2026-12-25", (true, None, false));
    check("2026-12-26", (false, None, true));
    check("2026-12-31", (true, None, true));
    check("2025-12-31", (true, None, false));
    check("2027-01-01", (false, Some("元旦"), true));
    check("2027-01-04", (true, None, true));
}

#[test]
fn a_listing_has_the_keys_that_scripts_rely_on() {
    let calendar = Calendar::built_in();
    let days = calendar.days(date("2026-10-09"), date("2026-10-10")).unwrap();
    let version = calendar.version();
    assert_eq!(
        serde_json::to_value(&days).unwrap(),
        serde_json::json!([
            {"date": "2026-10-09", "working": true, "provisional": false, "version": version},
            {"date": "2026-10-10", "working": true, "name": "国庆节", "provisional": false, "version": version},
        ])
    );
    assert_eq!(
        calendar.days(date("2026-10-10"), date("2026-10-09")),
        Err(DateError::Reversed { from: date("2026-10-10"), to: date("2026-10-09") })
    );
}

#[test]
fn a_deadline_has_the_keys_that_scripts_rely_on() {
    let calendar = Calendar::built_in();
    let deadline = calendar.working_days(&at("2026-09-18T16:00:00Z"), 2).unwrap();
    let json = serde_json::to_value(&deadline).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "from": "2026-09-19T00:00:00+08:00",
            "due_date": "2026-09-21",
            "due_at": "2026-09-22T00:00:00+08:00",
            "provisional": false,
            "counted": ["2026-09-20", "2026-09-21"],
            "calendar_version": calendar.version(),
        })
    );
    assert_eq!(serde_json::from_value::<Deadline>(json).unwrap(), deadline);
}

#[test]
fn deadlines_in_a_table() {
    #[track_caller]
    fn check(from: &str, n: u32, due: &str) {
        let deadline = Calendar::built_in().working_days(&at(from), n).unwrap();
        assert_eq!(deadline.due_date, date(due), "{from} + {n}");
        assert!(!deadline.provisional && deadline.earliest_date.is_none() && deadline.latest_date.is_none());
    }
    check("2025-09-28T00:00:00+08:00", 5, "2025-10-11"); // issued on a make-up Sunday, due on a make-up Saturday
    check("2025-09-28T23:59:59+08:00", 5, "2025-10-11");
    check("2025-09-28T15:59:59Z", 5, "2025-10-11"); // 23:59:59 in Shanghai
    check("2025-09-28T16:00:00Z", 5, "2025-10-13"); // 00:00:00 of the 29th in Shanghai
    check("2025-09-28T04:00:00-12:00", 5, "2025-10-13"); // the same instant
    check("2025-09-28T23:59:59+08:00", 1, "2025-09-29");
    check("2026-02-13T18:00:00+08:00", 1, "2026-02-14"); // a make-up Saturday before 春节
    check("2026-02-14T18:00:00+08:00", 1, "2026-02-24");
    check("2026-02-16T08:00:00+08:00", 5, "2026-02-28"); // issued on a holiday
    check("2020-01-23T17:00:00+08:00", 1, "2020-02-03"); // the lengthened holiday of 2020
    check("2022-12-30T09:00:00+08:00", 1, "2023-01-03");
    check("2026-12-24T09:00:00+08:00", 1, "2026-12-25");
}

#[test]
fn hour_clocks_run_through_nights_and_holidays_to_the_second() {
    let calendar = Calendar::built_in();
    let check = |from: &str, hours: u32, due: &str| {
        let deadline = calendar.hours(&at(from), hours).unwrap();
        assert_eq!(deadline.due_at, at(due));
        assert_eq!(deadline.due_date, shanghai_date(&at(due)));
        assert!(!deadline.provisional && deadline.counted.is_empty());
        assert!(!deadline.is_overdue(&at(due)));
        assert!(deadline.is_overdue(&(at(due) + chrono::TimeDelta::seconds(1))));
    };
    check("2026-09-30T23:59:59+08:00", 48, "2026-10-02T23:59:59+08:00");
    check("2026-02-16T20:00:01+08:00", 4, "2026-02-17T00:00:01+08:00");
    check("2026-02-16T20:00:00+08:00", 4, "2026-02-17T00:00:00+08:00");
    check("2018-01-01T00:00:00Z", 24, "2018-01-02T08:00:00+08:00"); // no calendar is needed
    check("9999-12-31T22:59:59+08:00", 1, "9999-12-31T23:59:59+08:00");
    for (from, hours) in [
        ("9999-12-31T22:59:59+08:00", 2), // RFC 3339 ends with the year 9999
        ("9999-12-31T23:59:59Z", 1),
        ("0000-01-01T00:00:00+23:00", 1),
        ("2026-11-20T10:00:00+08:00", 2_280_000_000),
        ("2026-11-20T10:00:00+08:00", u32::MAX),
    ] {
        assert_eq!(calendar.hours(&at(from), hours).unwrap_err(), DateError::TooLong, "{from} {hours}");
    }
}

#[test]
fn the_end_of_the_day_is_late_and_the_close_of_business_is_not() {
    let calendar = Calendar::built_in();
    let close = Cutoff::At("17:30:00".parse().unwrap());
    let deadline =
        calendar.deadline(&at("2026-03-02T09:00:00+08:00"), Period::WorkingDays(5), close).unwrap();
    assert_eq!(deadline.due_at, at("2026-03-09T17:30:00+08:00"));
    assert!(!deadline.is_overdue(&at("2026-03-09T17:30:00+08:00")));
    assert!(deadline.is_overdue(&at("2026-03-09T17:30:01+08:00")));

    let deadline = calendar.working_days(&at("2026-03-02T09:00:00+08:00"), 5).unwrap();
    assert!(!deadline.is_overdue(&at("2026-03-09T15:59:59Z")));
    assert!(deadline.is_overdue(&at("2026-03-09T16:00:00Z")));
}

#[test]
fn a_last_calendar_day_that_does_not_work_moves_to_the_next_that_does() {
    let check = |from: &str, n: u32, due: &str| {
        let deadline =
            Calendar::built_in().deadline(&at(from), Period::CalendarDays(n), Cutoff::EndOfDay).unwrap();
        assert_eq!(deadline.due_date, date(due));
        assert_eq!(deadline.counted.len() as u32, n);
    };
    check("2026-03-02T09:00:00+08:00", 30, "2026-04-01");
    check("2026-03-02T09:00:00+08:00", 33, "2026-04-07"); // 4 April, 清明节
    check("2026-09-04T09:00:00+08:00", 15, "2026-09-20"); // a Saturday; the make-up Sunday works
}

#[test]
fn working_days_remaining() {
    let check = |now: &str, due: &str, left: i32| {
        let counted = Calendar::built_in().remaining_working_days(&at(now), date(due)).unwrap();
        assert_eq!(counted, left, "{now} to {due}");
    };
    check("2025-09-28T10:00:00+08:00", "2025-10-11", 5);
    check("2025-10-03T10:00:00+08:00", "2025-10-11", 3);
    check("2025-10-11T23:59:59+08:00", "2025-10-11", 0);
    check("2025-10-12T00:00:00+08:00", "2025-10-11", 0); // a Sunday: no working day has gone by
    check("2025-10-13T00:00:00+08:00", "2025-10-11", -1);
    check("2025-10-14T16:00:00Z", "2025-10-11", -3);
}

#[test]
fn dates_outside_the_calendar_are_refused_by_name() {
    let calendar = Calendar::built_in();
    let before = DateError::BeforeCoverage { date: date("2019-12-31"), first: date("2020-01-01") };
    assert_eq!(calendar.day(date("2019-12-31")), Err(before));
    assert_eq!(before.code(), "beforeCalendar");
    assert_eq!(before.text_zh(), "2019-12-31 早于工作日历的第一天 2020-01-01，无法推算");
    assert_eq!(
        calendar.working_days(&at("2019-12-30T00:00:00+08:00"), 1).unwrap_err().code(),
        "beforeCalendar"
    );
    // The trigger itself never counts, so nothing unknown is needed here.
    assert_eq!(
        calendar.working_days(&at("2019-12-31T12:00:00+08:00"), 1).unwrap().due_date,
        date("2020-01-02")
    );
    assert_eq!(calendar.day(date("2089-01-01")).unwrap_err().code(), "beyondCalendar");
    for period in
        [Period::WorkingDays(u32::MAX), Period::CalendarDays(u32::MAX), Period::CalendarDays(30_000)]
    {
        assert!(calendar.deadline(&at("2026-01-01T00:00:00Z"), period, Cutoff::EndOfDay).is_err());
    }
    for period in [Period::WorkingDays(0), Period::CalendarDays(0), Period::Hours(0)] {
        let refused = calendar.deadline(&at("2026-01-01T00:00:00Z"), period, Cutoff::EndOfDay);
        assert_eq!(refused, Err(DateError::EmptyPeriod));
    }
}

proptest! {
    #[test]
    fn deadlines_agree_with_a_naive_count(seconds in 0_u64..(2500 * 86_400), n in 1_u32..25, offset in -12_i32..=14) {
        let first = SHANGHAI.with_ymd_and_hms(2020, 1, 1, 0, 0, 0).unwrap();
        let from = first + std::time::Duration::from_secs(seconds);
        let elsewhere = from.with_timezone(&chrono::FixedOffset::east_opt(offset * 3600).unwrap());
        let deadline = Calendar::built_in().working_days(&elsewhere, n).unwrap();

        let day_0 = from.date_naive();
        let counted: Vec<NaiveDate> = oracle()
            .into_iter()
            .filter(|(day, working)| *working && *day > day_0)
            .map(|(day, _)| day)
            .take(n as usize)
            .collect();
        prop_assert_eq!(&deadline.counted, &counted);
        prop_assert_eq!(deadline.due_date, *counted.last().unwrap());
        prop_assert_eq!(deadline.due_at.date_naive(), deadline.due_date + Days::new(1));
        prop_assert_eq!(
            Calendar::built_in().remaining_working_days(&from, deadline.due_date).unwrap(),
            n as i32
        );
    }
}
