//! 预警 as the window shows them, for the back-test and its like.

use chrono::{DateTime, NaiveDate};
use sunbench_domain::policy::{Formula, Level, Reading, RuleBook, foresee};
use sunbench_store::mirror::indicator::{StoredTallies, start_of};
use sunbench_store::{Store, StoreResult};
use sunbench_workdays::{Calendar, SHANGHAI};

use super::records;

/// What the program says of a result on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The indicator's id.
    pub indicator: String,
    /// 全院, a variety, or variety and company.
    pub scope: String,
    /// The warning is expected to be passed within the next working days.
    pub is_warned: bool,
    /// Spans of the past year that would pass it, and all that were replayed.
    pub replayed: Option<(u32, u32)>,
}

/// Whether a result keeps its warning yet and follows a course. What has a deadline of its own (notices, payments, check-ins,
/// evaluations) is reminded of by that.
fn is_foretold(reading: &Reading) -> bool {
    let has_deadline = matches!(
        reading.formula,
        Formula::RectificationTimeliness
            | Formula::PaymentTimeliness
            | Formula::Attendance
            | Formula::EvaluationCompletion
    );
    !has_deadline && reading.level < Level::Warning
}

/// Every result that keeps its warning at the end of `day`, and what is foretold of it. Adjustments of the rules are known so many
/// days before.
pub fn outlook(
    store: &Store,
    book: &RuleBook,
    calendar: &Calendar,
    day: NaiveDate,
    ahead_days: u64,
) -> StoreResult<Vec<Outlook>> {
    let morning = DateTime::from_timestamp(start_of(day.succ_opt().unwrap_or(day)), 0).unwrap_or_default();
    let morning = morning.with_timezone(&SHANGHAI);
    let (_, readings) = store.read(|conn| {
        let records = records::read(conn, calendar, day)?;
        foresee(book, &records, &StoredTallies::new(conn), calendar, (day, morning), ahead_days)
    })?;
    let seen = readings.into_iter().filter(is_foretold).map(|reading| Outlook {
        is_warned: reading.forecast.soon.is_some_and(|soon| soon.level >= Level::Warning),
        replayed: reading.forecast.replayed,
        scope: reading.scope.text_zh(),
        indicator: reading.indicator,
    });
    Ok(seen.collect())
}
