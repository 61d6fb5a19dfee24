//! Instants on the wire, and deadlines from them.

use chrono::{Datelike, NaiveDate, Timelike};
use sunbench_contract::time::Instant;
use sunbench_workdays::{Calendar, Cutoff, LAST_COMPUTED_YEAR, Period};

/// An instant is printed so that it is read again, to the second.
pub(crate) fn instants(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Some(at) = Instant::parse(text) else { return };
    let printed = at.to_string();
    let again = Instant::parse(&printed).unwrap_or_else(|| panic!("{text:?} became {printed:?}"));
    assert_eq!(again.unix(), at.unix());
    assert_eq!(again.to_string(), printed);
    assert!(printed.ends_with("+08:00") && printed.len() == 25, "{printed}");
    let kept = Instant::from_unix(at.unix()).unwrap_or_else(|| panic!("{text} cannot be kept"));
    assert_eq!(kept.unix(), at.unix());
    assert_eq!(Instant::parse(&kept.to_string()), Some(kept));
    let json = serde_json::to_string(&at).expect("an instant has a JSON form");
    assert!(serde_json::from_str::<Instant>(&json).is_ok_and(|back| back.unix() == at.unix()));
}

/// `2026-11-22T09:30:00+08:00 5`: the deadlines of that many working days, calendar days and hours.
pub(crate) fn deadlines(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (from, number) = text.split_once([' ', '\n']).unwrap_or((&text, "5"));
    let Ok(from) = chrono::DateTime::parse_from_rfc3339(from) else { return };
    let Ok(n) = number.trim().parse::<u32>() else { return };
    let calendar = Calendar::built_in();
    let day_0 = sunbench_workdays::shanghai_date(&from);
    for period in [Period::WorkingDays(n), Period::CalendarDays(n), Period::Hours(n)] {
        for cutoff in
            [Cutoff::EndOfDay, Cutoff::At(chrono::NaiveTime::from_hms_opt(17, 30, 0).unwrap_or_default())]
        {
            match calendar.deadline(&from, period, cutoff) {
                Err(error) => {
                    assert!(
                        !error.code().is_empty()
                            && !error.text_zh().is_empty()
                            && !error.to_string().is_empty()
                    );
                }
                Ok(deadline) => {
                    let printed = deadline.due_at.to_rfc3339();
                    assert_eq!(
                        chrono::DateTime::parse_from_rfc3339(&printed).ok(),
                        Some(deadline.due_at),
                        "{printed}"
                    );
                    assert!(deadline.due_at > deadline.from);
                    assert!(deadline.earliest_date.is_none_or(|date| date <= deadline.due_date));
                    assert!(deadline.latest_date.is_none_or(|date| date >= deadline.due_date));
                    assert_eq!(deadline.provisional, deadline.latest_date.is_some());
                    assert!(
                        deadline.is_overdue(
                            &deadline
                                .latest_at()
                                .checked_add_signed(chrono::TimeDelta::seconds(1))
                                .unwrap_or_default()
                        )
                    );
                    assert!(!deadline.is_overdue(&from));
                    if let Period::WorkingDays(n) = period {
                        assert_eq!(deadline.counted.len() as u64, u64::from(n));
                        assert!(deadline.counted.iter().all(|day| *day > day_0));
                        assert!(deadline.counted.is_sorted_by(|a, b| a < b));
                        assert_eq!(deadline.counted.last(), Some(&deadline.due_date));
                        let between = calendar.working_days_between(day_0, deadline.due_date);
                        assert_eq!(between.ok(), Some(n));
                    }
                    if cutoff == Cutoff::EndOfDay && !matches!(period, Period::Hours(_)) {
                        assert_eq!(deadline.due_at.num_seconds_from_midnight(), 0);
                        assert!(deadline.due_date.year() <= LAST_COMPUTED_YEAR);
                    }
                }
            }
        }
    }
    let due = day_0.checked_add_days(chrono::Days::new(u64::from(n))).unwrap_or(NaiveDate::MAX);
    let _ = calendar.remaining_working_days(&from, due);
    let _ = calendar.days(day_0, due).map(|days| days.len());
}
