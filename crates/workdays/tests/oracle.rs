//! Promise G5: a deadline is the official one. Every day of the independent calendar, every usual number of days, counted
//! here by walking the calendar's own list.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, FixedOffset, NaiveDate};
use sunbench_workdays::Calendar;

const ORACLE: &str = include_str!("fixtures/days-2020-2026.csv");
/// Five working days for a notice, two for a supply problem, and what else a province may set.
const MOST_DAYS: u32 = 20;
/// Just after midnight, at noon, in the last second, and the same in another zone.
const TIMES: [&str; 4] = ["T00:00:00+08:00", "T12:30:00+08:00", "T23:59:59+08:00", "T15:59:59Z"];

#[test]
fn every_deadline_of_seven_years_is_the_official_one() {
    let days: Vec<(NaiveDate, bool)> =
        ORACLE.lines().map(|line| (line[..10].parse().unwrap(), line.ends_with(",1"))).collect();
    let calendar = Calendar::built_in();
    let unsure = NaiveDate::from_ymd_opt(2026, 12, 20).unwrap();
    let mut cases = 0_u32;
    for (at, (day, _)) in days.iter().enumerate() {
        let mut left = days[at + 1..].iter().filter(|(_, working)| *working);
        for n in 1..=MOST_DAYS {
            // The last weeks end after the list.
            let Some((due, _)) = left.next() else { break };
            for time in TIMES {
                let from: DateTime<FixedOffset> =
                    DateTime::parse_from_rfc3339(&format!("{day}{time}")).unwrap();
                let deadline = calendar.working_days(&from, n).unwrap();
                assert_eq!(deadline.due_date, *due, "{from} + {n}");
                // The last days of the last year may still be moved by the next year's notice, and say so.
                assert!(!deadline.provisional || *due >= unsure, "{from} + {n}");
                assert_eq!(deadline.counted.len(), n as usize, "{from} + {n}");
                cases += 1;
            }
        }
    }
    assert!(cases > 200_000, "{cases}");
    println!("promise G5: {} days and {cases} deadlines against an independent calendar, seed 0", days.len());
}
