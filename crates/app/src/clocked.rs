//! Instants as text, days as numbers, deadlines as the window shows them.

use chrono::NaiveDate;
use sunbench_contract::time::Instant;
use sunbench_store::mirror::notice::Notice;
use sunbench_workdays::{Calendar, shanghai_date};

use crate::error::ApiResult;
use crate::wire::{DayClock, Deadline, DeadlineDay, Urgency};

/// An instant of the database as RFC 3339.
pub(crate) fn text(seconds: i64) -> String {
    Instant::from_unix(seconds).map(|at| at.to_string()).unwrap_or_default()
}

/// The Shanghai date of an instant of the database.
pub(crate) fn date(seconds: i64) -> Option<NaiveDate> {
    Instant::from_unix(seconds).map(|at| shanghai_date(&at.at()))
}

/// The first second of a Shanghai day.
pub(crate) fn day_start(date: NaiveDate) -> i64 {
    day_number(date) * 86_400 - 8 * 3_600
}

/// A date as the database's number of days since 1970.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// 反馈时限 of a notice's present round, with the days that it counted.
///
/// The first round runs from the issue; a returned notice's from the return, unless the platform states the
/// due instant itself (深医保发〔2022〕19号 四(五)).
///
/// A notice that the calendar does not reach, of 2019 or due in 2090, is shown all the same, as provisional.
pub(crate) fn notice_deadline(calendar: &Calendar, notice: &Notice, now: Instant) -> Deadline {
    counted_deadline(calendar, notice, now).unwrap_or_else(|_| uncounted_deadline(calendar, notice, now))
}

fn counted_deadline(calendar: &Calendar, notice: &Notice, now: Instant) -> ApiResult<Deadline> {
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

/// 9999-01-01: later instants can hardly be written.
const FAR: i64 = 253_370_736_000;

/// Outside the calendar: as stated, or Monday to Friday without holidays.
fn uncounted_deadline(calendar: &Calendar, notice: &Notice, now: Instant) -> Deadline {
    let start = if notice.round > 1 { notice.returned_at } else { None }.unwrap_or(notice.issued_at);
    let weeks = i64::from(notice.reply_working_days.max(1).div_ceil(5));
    let counted = start.saturating_add(weeks * 7 * 86_400).min(FAR);
    let stated = notice.stated_due_at.and_then(Instant::from_unix);
    let due_at = stated.or_else(|| Instant::from_unix(counted)).unwrap_or(now);
    let due_date = shanghai_date(&due_at.at());
    let (overdue, left) = (due_at <= now, (due_date - shanghai_date(&now.at())).num_days() * 5 / 7);
    let remaining = i32::try_from(left).unwrap_or(i32::MAX);
    Deadline {
        due_date: due_date.to_string(),
        due_at: due_at.to_string(),
        provisional: stated.is_none(),
        earliest_date: None,
        latest_date: None,
        remaining_working_days: remaining,
        urgency: urgency(overdue, remaining),
        counted: Vec::new(),
        days: Vec::new(),
        calendar_version: calendar.version().to_owned(),
        stated: stated.is_some(),
    }
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

/// A longer period is told by its end alone.
const LONGEST_STRIP: i64 = 366;

fn days(
    calendar: &Calendar,
    first: NaiveDate,
    last: NaiveDate,
    counted: &[NaiveDate],
) -> ApiResult<Vec<DeadlineDay>> {
    let mut days = Vec::new();
    if (last - first).num_days() > LONGEST_STRIP {
        return Ok(days);
    }
    for listed in calendar.days(first, last.max(first))? {
        let day = listed.day;
        let number = counted.binary_search(&day.date).ok().and_then(|n| u32::try_from(n + 1).ok());
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

/// A deadline that is a day: due until its end. Beyond the calendar, Monday to Friday count.
pub(crate) fn day_clock(calendar: &Calendar, due: NaiveDate, now: Instant) -> DayClock {
    let today = shanghai_date(&now.at());
    let counted = calendar.remaining_working_days(&now.at(), due).and_then(|left| {
        let day = calendar.day(due)?;
        Ok((left, day.provisional))
    });
    let (remaining, provisional) = counted.unwrap_or_else(|_| {
        let weekdays = (due - today).num_days() * 5 / 7;
        (i32::try_from(weekdays).unwrap_or(if weekdays < 0 { i32::MIN } else { i32::MAX }), true)
    });
    DayClock {
        due_date: due.to_string(),
        remaining_working_days: remaining,
        urgency: urgency(due < today, remaining),
        provisional,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(issued: &str, working_days: u32, stated: Option<&str>) -> Notice {
        let at = |text| Instant::parse(text).unwrap().unix();
        Notice {
            issued_at: at(issued),
            reply_working_days: working_days,
            stated_due_at: stated.map(at),
            round: 1,
            ..Notice::default()
        }
    }

    #[test]
    fn a_day_is_near_by_its_working_days() {
        // A Friday.
        let now = Instant::parse("2026-11-20 09:30:00").unwrap();
        for (due, remaining, urgency, provisional) in [
            ("2026-11-18", -2, Urgency::Overdue, false),
            ("2026-11-20", 0, Urgency::Today, false),
            ("2026-11-22", 0, Urgency::Today, false),
            ("2026-11-24", 2, Urgency::Soon, false),
            ("2026-11-25", 3, Urgency::Later, false),
            ("2090-01-01", 16_466, Urgency::Later, true),
            ("0001-01-01", -528_527, Urgency::Overdue, true),
        ] {
            let clock = day_clock(Calendar::built_in(), due.parse().unwrap(), now);
            let expected = DayClock {
                due_date: due.to_owned(),
                remaining_working_days: remaining,
                urgency,
                provisional,
            };
            assert_eq!(clock, expected);
        }
    }

    #[test]
    fn no_notice_is_without_a_deadline() {
        let now = Instant::parse("2026-11-20 09:30:00").unwrap();
        for (issued, working_days, stated, due_date, provisional, urgency) in [
            ("2026-11-20 09:00:00", 5, None, "2026-11-27", false, Urgency::Later),
            ("2019-06-03 09:00:00", 5, None, "2019-06-10", true, Urgency::Overdue),
            ("2019-06-03 09:00:00", 5, Some("2019-06-10 23:59:59"), "2019-06-10", false, Urgency::Overdue),
            ("2026-11-20 09:00:00", 5, Some("2090-01-01 23:59:59"), "2090-01-01", false, Urgency::Later),
            ("2026-11-20 09:00:00", 20_000, None, "2103-07-20", true, Urgency::Later),
            ("2026-11-20 09:00:00", u32::MAX, None, "9999-01-01", true, Urgency::Later),
            ("0001-01-01 00:00:00", 0, None, "0001-01-08", true, Urgency::Overdue),
        ] {
            let deadline = notice_deadline(Calendar::built_in(), &notice(issued, working_days, stated), now);
            assert_eq!(
                (deadline.due_date.as_str(), deadline.provisional, deadline.urgency),
                (due_date, provisional, urgency),
                "{issued} {working_days} {stated:?}"
            );
        }
    }
}
