//! Deadlines that run past the published arrangements: bounds, and what a notice changes when it comes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, TimeZone};
use proptest::prelude::*;
use sunbench_workdays::{Calendar, Cutoff, Period, SHANGHAI};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

/// The built-in calendar as it was known when `last` was the last year published.
fn known_through(last: i32) -> Calendar {
    let mut file: serde_json::Value = serde_json::from_str(include_str!("../data/cn-workdays.json")).unwrap();
    let years = file["years"].as_object_mut().unwrap();
    years.retain(|year, _| year.parse::<i32>().unwrap() <= last);
    file.as_object_mut().unwrap().remove("covered");
    file.as_object_mut().unwrap().remove("tentative");
    Calendar::from_json(&file.to_string()).unwrap()
}

#[test]
fn bounds_in_a_table() {
    #[track_caller]
    fn check(from: &str, n: u32, expected: [&str; 3]) {
        let deadline = Calendar::built_in().working_days(&at(from), n).unwrap();
        assert!(deadline.provisional, "{from} + {n}");
        let dates = [deadline.earliest_date.unwrap(), deadline.due_date, deadline.latest_date.unwrap()];
        assert_eq!(dates, expected.map(date), "{from} + {n}");
        assert_eq!(deadline.counted.len() as u32, n);
    }
    // The last days of December stay tentative: a weekend may be made to work.
    check("2026-12-25T09:00:00+08:00", 1, ["2026-12-26", "2026-12-28", "2026-12-28"]);
    check("2026-12-28T09:00:00+08:00", 1, ["2026-12-29", "2026-12-29", "2026-12-29"]);
    // 元旦 of 2027 is a Friday: 2 and 3 January may work, 30 December to 3 January may be off.
    check("2026-12-24T09:00:00+08:00", 5, ["2026-12-29", "2026-12-31", "2027-01-05"]);
    check("2026-12-31T09:00:00+08:00", 1, ["2027-01-02", "2027-01-04", "2027-01-04"]);
    // 春节 of 2027: the eve is Friday 5 February, the third day Monday 8 February.
    check("2027-02-03T09:00:00+08:00", 2, ["2027-02-09", "2027-02-09", "2027-02-16"]);
    check("2027-02-04T09:00:00+08:00", 5, ["2027-02-13", "2027-02-15", "2027-02-19"]);
    // Mid-July is far from every holiday: nothing can move, but nothing is published either.
    check("2027-07-05T09:00:00+08:00", 5, ["2027-07-12", "2027-07-12", "2027-07-12"]);
    // 国庆节 of 2027 is a Friday.
    check("2027-09-27T09:00:00+08:00", 5, ["2027-10-05", "2027-10-05", "2027-10-14"]);
}

#[test]
fn a_provisional_deadline_is_overdue_only_after_the_latest_date() {
    let deadline = Calendar::built_in().working_days(&at("2026-12-24T09:00:00+08:00"), 5).unwrap();
    assert_eq!(deadline.reminder_date(), date("2026-12-29"));
    assert_eq!(deadline.latest_at(), at("2027-01-06T00:00:00+08:00"));
    assert!(!deadline.is_overdue(&at("2027-01-05T23:59:59+08:00")));
    assert!(deadline.is_overdue(&at("2027-01-06T00:00:00+08:00")));

    let close = Cutoff::At("17:00:00".parse().unwrap());
    let deadline = Calendar::built_in()
        .deadline(&at("2026-12-24T09:00:00+08:00"), Period::WorkingDays(5), close)
        .unwrap();
    assert_eq!(deadline.latest_at(), at("2027-01-05T17:00:00+08:00"));
}

#[test]
fn calendar_days_are_bounded_too() {
    let deadline = Calendar::built_in()
        .deadline(&at("2026-12-02T09:00:00+08:00"), Period::CalendarDays(30), Cutoff::EndOfDay)
        .unwrap();
    assert_eq!(deadline.due_date, date("2027-01-04"));
    assert_eq!(
        (deadline.earliest_date, deadline.latest_date),
        (Some(date("2027-01-02")), Some(date("2027-01-04")))
    );
}

#[test]
fn the_arrival_of_a_year_settles_its_deadlines() {
    let before = known_through(2025);
    let from = at("2025-12-29T09:00:00+08:00");
    let open = before.working_days(&from, 5).unwrap();
    assert!(open.provisional);

    let full = Calendar::built_in();
    let mut merged = before.merge(full).unwrap();
    let settled = merged.working_days(&from, 5).unwrap();
    assert!(!settled.provisional);
    assert_eq!(settled.due_date, date("2026-01-06")); // 4 January was made to work
    assert!(open.earliest_date.unwrap() <= settled.due_date && settled.due_date <= open.latest_date.unwrap());
    assert_ne!(open.calendar_version, settled.calendar_version);
    assert_eq!(settled.calendar_version, merged.version());

    // A year may be amended later: one more day off.
    let mut file: serde_json::Value = serde_json::from_str(include_str!("../data/cn-workdays.json")).unwrap();
    file["years"]["2026"]["holidays"]["2026-01-05"] = "元旦".into();
    file.as_object_mut().unwrap().retain(|key, _| ["schema", "generated", "years"].contains(&key.as_str()));
    file["years"].as_object_mut().unwrap().retain(|year, _| year == "2026");
    let amendment = Calendar::from_json(&file.to_string()).unwrap();
    merged = merged.merge(&amendment).unwrap();
    assert_eq!(merged.working_days(&from, 5).unwrap().due_date, date("2026-01-07"));
    assert!(merged.day(date("2024-10-12")).unwrap().working, "the other years stay");
}

#[test]
fn the_next_notice_settles_december_and_may_set_its_last_days() {
    let calendar = Calendar::built_in();
    let next = r#"{"schema": 1, "generated": "2026-12-03", "years": {"2027": {
        "notices": [{"number": "国办发明电〔2026〕9号", "date": "2026-12-02"}],
        "holidays": {"2026-12-31": "元旦", "2027-01-01": "元旦", "2027-01-02": "元旦", "2027-05-01": "劳动节",
                     "2027-10-01": "国庆节"},
        "workdays": {"2026-12-26": "元旦"}}}}"#;
    let merged = calendar.merge(&Calendar::from_json(next).unwrap()).unwrap();
    for (day, working) in
        [("2026-12-26", true), ("2026-12-27", false), ("2026-12-31", false), ("2027-02-06", false)]
    {
        let day = merged.day(date(day)).unwrap();
        assert_eq!((day.working, day.provisional), (working, false), "{}", day.date);
    }
    assert!(merged.day(date("2027-12-26")).unwrap().provisional);
    assert_eq!(merged.notices(2027)[0].number, "国办发明电〔2026〕9号");
    assert_eq!(merged.last_published_day(), date("2027-12-31"));
    assert!(merged.version().starts_with("2026-12-03."));
}

#[test]
fn every_make_up_day_and_every_day_off_so_far_lay_within_the_bounds() {
    // Each year as it looked before its notice: what the notice then said must lie between the bounds. The
    // longest 春节 and the longest 国庆节 came in 2020, so 2021 is the first year that can be asked for.
    for year in 2021..=2026 {
        let (before, after) = (known_through(year - 1), known_through(year));
        let noon = |day: NaiveDate| day.and_hms_opt(12, 0, 0).unwrap().and_local_timezone(SHANGHAI).unwrap();
        let first = NaiveDate::from_ymd_opt(year - 1, 12, 20).unwrap();
        for day in first.iter_days().take(355) {
            for n in [1, 2, 5, 10] {
                let open = before.working_days(&noon(day), n).unwrap();
                let known = after.working_days(&noon(day), n).unwrap();
                // The eve of 春节 became a statutory day in 2025; the notice of 2024 still let it work.
                if known.counted.contains(&date("2024-02-09")) {
                    continue;
                }
                let (earliest, latest) =
                    (open.earliest_date.unwrap_or(open.due_date), open.latest_date.unwrap_or(open.due_date));
                assert!(
                    (earliest..=latest).contains(&known.due_date),
                    "{day} + {n}: {earliest} to {latest}, came out as {}",
                    known.due_date
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn earliest_expected_and_latest_are_in_order(
        days in 0_i64..24_000, seconds in 0_i64..86_400, n in 1_u32..120, last in 2020_i32..=2026,
    ) {
        let calendar = known_through(last);
        let first = SHANGHAI.with_ymd_and_hms(2020, 6, 1, 0, 0, 0).unwrap();
        let from = first + TimeDelta::days(days) + TimeDelta::seconds(seconds);
        for period in [Period::WorkingDays(n), Period::CalendarDays(n)] {
            let deadline = calendar.deadline(&from, period, Cutoff::EndOfDay).unwrap();
            let day_0 = from.date_naive();
            let unsettled = day_0.iter_days().skip(1).take_while(|day| *day <= deadline.due_date)
                .any(|day| !calendar.is_settled(day));
            if let (Some(earliest), Some(latest)) = (deadline.earliest_date, deadline.latest_date) {
                prop_assert!(deadline.provisional);
                prop_assert!(day_0 < earliest && earliest <= deadline.due_date && deadline.due_date <= latest);
                prop_assert!((latest - deadline.due_date).num_days() <= 60);
            } else {
                prop_assert!(!deadline.provisional);
            }
            if matches!(period, Period::WorkingDays(_)) {
                prop_assert_eq!(deadline.provisional, unsettled);
            }
        }
    }
}
