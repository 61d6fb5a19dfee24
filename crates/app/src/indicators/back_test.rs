//! 预警 as the window shows them, for the back-test and its like.

use chrono::{Days, NaiveDate};
use sunbench_domain::policy::{Level, Reading, Rules, evaluate};
use sunbench_store::mirror::indicator::StoredTallies;
use sunbench_store::{Store, StoreResult};
use sunbench_workdays::Calendar;

use super::records;

/// A limit that is passed within so many days is warned of.
const SOON: u64 = 21;

/// Whether a result calls for action now: its warning is not passed yet, and soon will be.
#[must_use]
pub fn is_early_warning(reading: &Reading) -> bool {
    let soon = reading.through.checked_add_days(Days::new(SOON));
    reading.level < Level::Warning
        && reading.forecast.crosses.is_some_and(|(day, level)| level >= Level::Warning && Some(day) <= soon)
}

/// What is warned of at the end of a day: indicator and scope.
pub fn warnings(
    store: &Store,
    rules: &Rules,
    calendar: &Calendar,
    day: NaiveDate,
) -> StoreResult<Vec<(String, String)>> {
    let next = day.succ_opt().unwrap_or(day);
    let readings = store.read(|conn| {
        let records = records::read(conn, calendar, day)?;
        evaluate(rules, &records, &StoredTallies::new(conn), calendar, day, next)
    })?;
    let warned = readings.into_iter().filter(is_early_warning);
    Ok(warned.map(|reading| (reading.indicator, reading.scope.text_zh())).collect())
}
