//! 预警 as the window shows them, for the back-test and its like.

use chrono::NaiveDate;
use sunbench_domain::policy::{Formula, Level, Reading, Rules, evaluate};
use sunbench_store::mirror::indicator::StoredTallies;
use sunbench_store::{Store, StoreResult};
use sunbench_workdays::Calendar;

use super::records;

/// A limit that is passed within so many days is warned of.
pub const SOON_DAYS: i64 = 14;

/// In how many days a result is expected to pass its warning, where it has not yet and follows a pace. What has a deadline of
/// its own (notices, payments, check-ins) is reminded of by that.
#[must_use]
pub fn days_to_warning(reading: &Reading) -> Option<i64> {
    let has_deadline = matches!(
        reading.formula,
        Formula::RectificationTimeliness | Formula::PaymentTimeliness | Formula::Attendance
    );
    let (day, level) = reading.forecast.crosses?;
    (!has_deadline && reading.level < Level::Warning && level >= Level::Warning)
        .then(|| (day - reading.through).num_days())
}

/// What will pass its warning, in whatever time: indicator, scope, days.
pub fn outlook(
    store: &Store,
    rules: &Rules,
    calendar: &Calendar,
    day: NaiveDate,
) -> StoreResult<Vec<(String, String, i64)>> {
    let next = day.succ_opt().unwrap_or(day);
    let readings = store.read(|conn| {
        let records = records::read(conn, calendar, day)?;
        evaluate(rules, &records, &StoredTallies::new(conn), calendar, day, next)
    })?;
    let warned = readings.into_iter().filter_map(|reading| {
        days_to_warning(&reading).map(|days| (reading.indicator, reading.scope.text_zh(), days))
    });
    Ok(warned.collect())
}
