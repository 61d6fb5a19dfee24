//! Computed holidays against an ephemeris.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sunbench_workdays::{Holiday, LAST_COMPUTED_YEAR, statutory_holidays};

const EPHEMERIS: &str = include_str!("fixtures/statutory-2025-2088.csv");

#[test]
fn computed_days_agree_with_the_ephemeris() {
    let mut years = 0;
    for line in EPHEMERIS.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        let holidays = statutory_holidays(cells[0].parse().unwrap()).unwrap();
        let first = |holiday: Holiday| holidays.iter().find(|one| one.holiday == holiday).unwrap().first;
        assert_eq!(first(Holiday::SpringFestival).succ_opt().unwrap().to_string(), cells[1]);
        assert_eq!(first(Holiday::Qingming).to_string(), cells[2]);
        assert_eq!(first(Holiday::DragonBoat).to_string(), cells[3]);
        assert_eq!(first(Holiday::MidAutumn).to_string(), cells[4]);
        years += 1;
    }
    assert_eq!(years, LAST_COMPUTED_YEAR - 2025 + 1);
}

#[test]
fn the_regulation_gives_thirteen_days_a_year() {
    for year in 2025..=LAST_COMPUTED_YEAR {
        let holidays = statutory_holidays(year).unwrap();
        let days: i64 = holidays.iter().map(|one| (one.last - one.first).num_days() + 1).sum();
        assert_eq!(days, 13, "{year}");
        assert_eq!(holidays.map(|one| one.holiday), Holiday::ALL);
    }
    assert!(statutory_holidays(1999).is_none() && statutory_holidays(2089).is_none());
}
