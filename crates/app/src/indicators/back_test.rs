//! 预警 as the window shows them, for the back-test and its like.

use chrono::NaiveDate;
use sunbench_domain::policy::{Formula, Level, Reading, RuleBook, foresee};
use sunbench_store::mirror::indicator::StoredTallies;
use sunbench_store::{Store, StoreResult};
use sunbench_workdays::Calendar;

use super::records;

/// A limit that is passed within so many days is warned of.
pub const SOON_DAYS: i64 = 14;

/// In how many days from `as_of` a result is expected to pass its warning, where it has not yet and follows a pace. What has a deadline of
/// its own (notices, payments, check-ins, evaluations) is reminded of by that.
#[must_use]
pub fn days_to_warning(reading: &Reading, as_of: NaiveDate) -> Option<i64> {
    let has_deadline = matches!(
        reading.formula,
        Formula::RectificationTimeliness
            | Formula::PaymentTimeliness
            | Formula::Attendance
            | Formula::EvaluationCompletion
    );
    let (day, level) = reading.forecast.crosses?;
    (!has_deadline && reading.level < Level::Warning && level >= Level::Warning)
        .then(|| (day - as_of).num_days())
}

/// What will pass its warning, in whatever time: indicator, scope, days. Adjustments of the rules are known so many days before.
pub fn outlook(
    store: &Store,
    book: &RuleBook,
    calendar: &Calendar,
    day: NaiveDate,
    ahead_days: u64,
) -> StoreResult<Vec<(String, String, i64)>> {
    let next = day.succ_opt().unwrap_or(day);
    let (_, readings) = store.read(|conn| {
        let records = records::read(conn, calendar, day)?;
        foresee(book, &records, &StoredTallies::new(conn), calendar, (day, next), ahead_days)
    })?;
    let warned = readings.into_iter().filter_map(|reading| {
        days_to_warning(&reading, day).map(|days| (reading.indicator, reading.scope.text_zh(), days))
    });
    Ok(warned.collect())
}
