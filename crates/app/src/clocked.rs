//! Instants as text, days as numbers, deadlines as the window shows them.

use chrono::NaiveDate;
use sunbench_contract::time::Instant;
use sunbench_store::mirror::notice::Notice;
use sunbench_workdays::{Calendar, shanghai_date};

use crate::error::ApiResult;
use crate::wire::{Deadline, DeadlineDay, Urgency};

/// An instant of the database as RFC 3339.
pub(crate) fn text(seconds: i64) -> String {
    Instant::from_unix(seconds).map(|at| at.to_string()).unwrap_or_default()
}

/// The Shanghai date of an instant of the database.
pub(crate) fn date(seconds: i64) -> Option<NaiveDate> {
    Instant::from_unix(seconds).map(|at| shanghai_date(&at.at()))
}

/// A date as the database's number of days since 1970.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// 反馈时限 of a notice's present round, with the days that it counted.
///
/// The first round runs from the issue; a returned notice's from the return, unless the platform states the
/// due instant itself (深医保发〔2022〕19号 四(五)).
pub(crate) fn notice_deadline(calendar: &Calendar, notice: &Notice, now: Instant) -> ApiResult<Deadline> {
    let start =
        if notice.round > 1 { notice.returned_at.unwrap_or(notice.issued_at) } else { notice.issued_at };
    let start = Instant::from_unix(start).unwrap_or(now).at();
    let at = now.at();
    if let Some(stated) = notice.stated_due_at.and_then(Instant::from_unix) {
        // Midnight is the end of the day before it.
        let due_date = shanghai_date(&(stated.at() - chrono::Duration::seconds(1)));
        let first = shanghai_date(&start);
        let mut counted = Vec::new();
        let mut day = first;
        while let Some(next) = day.succ_opt().filter(|next| *next <= due_date) {
            day = next;
            if calendar.is_working(day)? {
                counted.push(day);
            }
        }
        let remaining = calendar.remaining_working_days(&at, due_date)?;
        let overdue = stated <= now;
        return Ok(Deadline {
            due_date: due_date.to_string(),
            due_at: stated.to_string(),
            provisional: false,
            earliest_date: None,
            latest_date: None,
            remaining_working_days: remaining,
            urgency: urgency(overdue, remaining),
            days: days(calendar, first, due_date, &counted)?,
            counted: counted.iter().map(ToString::to_string).collect(),
            calendar_version: calendar.version().to_owned(),
            stated: true,
        });
    }
    let deadline = calendar.working_days(&start, notice.reply_working_days.max(1))?;
    let remaining = calendar.remaining_working_days(&at, deadline.reminder_date())?;
    Ok(Deadline {
        due_date: deadline.due_date.to_string(),
        due_at: Instant::new(deadline.due_at).to_string(),
        provisional: deadline.provisional,
        earliest_date: deadline.earliest_date.map(|d| d.to_string()),
        latest_date: deadline.latest_date.map(|d| d.to_string()),
        remaining_working_days: calendar.remaining_working_days(&at, deadline.due_date)?,
        urgency: urgency(deadline.is_overdue(&at), remaining),
        days: days(calendar, shanghai_date(&start), deadline.due_date, &deadline.counted)?,
        counted: deadline.counted.iter().map(ToString::to_string).collect(),
        calendar_version: deadline.calendar_version,
        stated: false,
    })
}

/// A deadline that may have passed but is not certain to is due today.
fn urgency(overdue: bool, remaining: i32) -> Urgency {
    match remaining {
        _ if overdue => Urgency::Overdue,
        ..=0 => Urgency::Today,
        1..=2 => Urgency::Soon,
        _ => Urgency::Later,
    }
}

fn days(
    calendar: &Calendar,
    first: NaiveDate,
    last: NaiveDate,
    counted: &[NaiveDate],
) -> ApiResult<Vec<DeadlineDay>> {
    let mut days = Vec::new();
    for listed in calendar.days(first, last.max(first))? {
        let day = listed.day;
        let number =
            counted.iter().position(|date| *date == day.date).and_then(|n| u32::try_from(n + 1).ok());
        days.push(DeadlineDay {
            date: day.date.to_string(),
            working: day.working,
            name: day.name,
            number,
            provisional: day.provisional,
        });
    }
    Ok(days)
}

/// How near an instant of the database is; a clock is near within four hours.
pub(crate) fn clock_urgency(due: i64, now: i64) -> Urgency {
    match due - now {
        ..=0 => Urgency::Overdue,
        1..=14_400 => Urgency::Soon,
        left if date(now + left) == date(now) => Urgency::Today,
        _ => Urgency::Later,
    }
}
