//! 工作日历: the statutory working-day calendar of mainland China, deadlines and hour clocks.
//!
//! The State Council arranges the holidays of each year in a notice that moves weekends about (调休), so
//! that neither "Monday to Friday" nor a formula gives the working days of a year. This crate carries the
//! published arrangements, counts deadlines with them, and says by how much a deadline can still move when
//! it runs past the last arrangement published.
//!
//! It does no I/O and reads no clock: the instant and the calendar are arguments. All dates are dates in
//! Shanghai (UTC+8); an instant may come in any offset.
//!
//! ```
//! use chrono::DateTime;
//! use sunbench_workdays::Calendar;
//!
//! let calendar = Calendar::built_in();
//! let issued = DateTime::parse_from_rfc3339("2025-09-28T10:00:00+08:00").unwrap();
//! let deadline = calendar.working_days(&issued, 5).unwrap();
//! assert_eq!(deadline.due_date.to_string(), "2025-10-11"); // a make-up Saturday
//! assert_eq!(deadline.due_at.to_rfc3339(), "2025-10-12T00:00:00+08:00"); // 24:00 of that Saturday
//! ```

mod calendar;
mod deadline;
mod error;
mod file;
mod outlook;
mod statutory;

pub use calendar::{Calendar, Day, ListedDay};
pub use deadline::{Cutoff, Deadline, Period};
pub use error::{CalendarError, CalendarFault, DateError};
pub use file::{Notice, YearArrangement};
pub use statutory::{Holiday, LAST_COMPUTED_YEAR, Observance, statutory_holidays};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone};

/// 北京时间: UTC+8, without summer time since 1991.
pub const SHANGHAI: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(offset) => offset,
    None => panic!("eight hours is a valid offset"),
};

/// The Shanghai date of an instant given in any offset.
///
/// ```
/// # use chrono::DateTime;
/// let late = DateTime::parse_from_rfc3339("2026-03-02T16:00:00Z").unwrap();
/// assert_eq!(sunbench_workdays::shanghai_date(&late).to_string(), "2026-03-03");
/// ```
pub fn shanghai_date<Tz: TimeZone>(instant: &DateTime<Tz>) -> NaiveDate {
    instant.with_timezone(&SHANGHAI).date_naive()
}
