//! Deadlines: periods of working days, calendar days and hours from an instant.

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::error::DateError;
use crate::{SHANGHAI, shanghai_date};

/// 期限: how long a deadline runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// 工作日: the day of the trigger never counts, whatever its hour and whether or not it works
    /// (Civil Code, article 201; Administrative License Law, article 82).
    WorkingDays(u32),
    /// 自然日: the day of the trigger does not count; a last day that does not work moves to the next that
    /// does (Civil Code, articles 201 and 203).
    CalendarDays(u32),
    /// 小时: natural hours, nights and holidays included, to the second.
    Hours(u32),
}

/// 截止时刻: when on its last day a period of days ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cutoff {
    /// 24:00 of the day (Civil Code, article 203).
    #[default]
    EndOfDay,
    /// 营业时间结束: the close of business, where a rule says so.
    At(NaiveTime),
}

/// 截止期限: when something is due, and how that was counted.
///
/// While it is provisional, the due date is the expected one and the other two bound it: remind by
/// [`Deadline::reminder_date`], and call it overdue by [`Deadline::is_overdue`] only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The trigger, in Shanghai time.
    pub from: DateTime<FixedOffset>,
    /// The last day.
    pub due_date: NaiveDate,
    /// The end of the period. 24:00 of the last day is written as 00:00 of the next, and that instant is
    /// already late; any other instant lies on the last day itself and is still in time.
    pub due_at: DateTime<FixedOffset>,
    /// Whether a notice still to come may move it.
    pub provisional: bool,
    /// The earliest last day that is possible; present while provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest_date: Option<NaiveDate>,
    /// The latest last day that is possible; present while provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_date: Option<NaiveDate>,
    /// The days that were counted; none for hours.
    pub counted: Vec<NaiveDate>,
    /// The version of the calendar that it was computed with.
    pub calendar_version: String,
}

impl Deadline {
    /// The day by which to remind: the earliest possible while provisional, else the due date.
    pub fn reminder_date(&self) -> NaiveDate {
        self.earliest_date.unwrap_or(self.due_date)
    }

    /// The instant at which the period has ended for certain: the end of the latest possible day while
    /// provisional, else `due_at`.
    pub fn latest_at(&self) -> DateTime<FixedOffset> {
        match self.latest_date {
            Some(latest) => self.due_at + (latest - self.due_date),
            None => self.due_at,
        }
    }

    /// Whether something done at `at` was certainly done too late. Never true while provisional and the latest
    /// possible day has not passed.
    ///
    /// ```
    /// # use chrono::DateTime;
    /// # use sunbench_workdays::Calendar;
    /// let at = |text| DateTime::parse_from_rfc3339(text).unwrap();
    /// let deadline = Calendar::built_in().working_days(&at("2026-03-02T09:00:00+08:00"), 5).unwrap();
    /// assert!(!deadline.is_overdue(&at("2026-03-09T23:59:59+08:00")));
    /// assert!(deadline.is_overdue(&at("2026-03-10T00:00:00+08:00")));
    /// ```
    pub fn is_overdue<Tz: TimeZone>(&self, at: &DateTime<Tz>) -> bool {
        let end = self.latest_at();
        let at = at.with_timezone(&SHANGHAI);
        // The bound is exclusive exactly when it stands for 24:00, that is, when it falls on the next day.
        if self.due_at.date_naive() > self.due_date { at >= end } else { at > end }
    }
}

impl Calendar {
    /// A deadline of `n` working days from an instant, due at 24:00.
    ///
    /// # Errors
    /// [`DateError`] when `n` is 0, or a day to be counted lies outside the calendar.
    ///
    /// ```
    /// # use chrono::DateTime;
    /// # use sunbench_workdays::{Calendar, DateError};
    /// let old = DateTime::parse_from_rfc3339("2019-06-03T09:00:00+08:00").unwrap();
    /// let error = Calendar::built_in().working_days(&old, 5).unwrap_err();
    /// assert!(matches!(error, DateError::BeforeCoverage { .. }));
    /// ```
    pub fn working_days<Tz: TimeZone>(&self, from: &DateTime<Tz>, n: u32) -> Result<Deadline, DateError> {
        self.deadline(from, Period::WorkingDays(n), Cutoff::EndOfDay)
    }

    /// A clock of `n` natural hours from an instant, to the second.
    ///
    /// # Errors
    /// [`DateError::EmptyPeriod`] when `n` is 0.
    pub fn hours<Tz: TimeZone>(&self, from: &DateTime<Tz>, n: u32) -> Result<Deadline, DateError> {
        self.deadline(from, Period::Hours(n), Cutoff::EndOfDay)
    }

    /// The deadline of a period from an instant. A cutoff means nothing to hours.
    ///
    /// # Errors
    /// [`DateError`]; nothing is guessed for a day that the calendar can't know.
    pub fn deadline<Tz: TimeZone>(
        &self,
        from: &DateTime<Tz>,
        period: Period,
        cutoff: Cutoff,
    ) -> Result<Deadline, DateError> {
        let from = writable(from.with_timezone(&SHANGHAI))?;
        let day_0 = from.date_naive();
        match period {
            Period::WorkingDays(0) | Period::CalendarDays(0) | Period::Hours(0) => {
                Err(DateError::EmptyPeriod)
            }
            Period::Hours(n) => {
                let due_at =
                    from.checked_add_signed(TimeDelta::hours(i64::from(n))).ok_or(DateError::TooLong)?;
                let due_at = writable(due_at)?;
                Ok(Deadline {
                    from,
                    due_date: due_at.date_naive(),
                    due_at,
                    provisional: false,
                    earliest_date: None,
                    latest_date: None,
                    counted: Vec::new(),
                    calendar_version: self.version().to_owned(),
                })
            }
            Period::WorkingDays(n) => self.finish(from, self.walk(next(day_0)?, n)?, cutoff),
            Period::CalendarDays(n) => {
                let last = day_0.checked_add_days(Days::new(u64::from(n))).ok_or(DateError::TooLong)?;
                self.check_range(last)?;
                let mut walk = self.walk(last, 1)?;
                walk.counted = day_0.iter_days().skip(1).take_while(|date| *date <= last).collect();
                self.finish(from, walk, cutoff)
            }
        }
    }

    /// The working days left: those after today's date, through the due date. 0 on the due date itself; past
    /// it, minus the working days gone by since.
    ///
    /// # Errors
    /// [`DateError`] when a day between lies outside the calendar.
    ///
    /// ```
    /// # use chrono::DateTime;
    /// # use sunbench_workdays::Calendar;
    /// let now = DateTime::parse_from_rfc3339("2026-03-06T17:00:00+08:00").unwrap(); // a Friday
    /// let left = |due: &str| Calendar::built_in().remaining_working_days(&now, due.parse().unwrap()).unwrap();
    /// assert_eq!((left("2026-03-09"), left("2026-03-06"), left("2026-03-04")), (1, 0, -2));
    /// ```
    pub fn remaining_working_days<Tz: TimeZone>(
        &self,
        now: &DateTime<Tz>,
        due_date: NaiveDate,
    ) -> Result<i32, DateError> {
        let today = shanghai_date(now);
        let ahead = self.working_days_between(today, due_date)?;
        let behind = self.working_days_between(due_date, today)?;
        Ok(ahead as i32 - behind as i32)
    }

    /// Counts `n` working days from `first` on, in the three calendars of [`crate::outlook`] at once.
    fn walk(&self, first: NaiveDate, n: u32) -> Result<Walk, DateError> {
        let (mut at_most, mut at_least) = (0, 0);
        let (mut earliest, mut due) = (None, None);
        let mut counted = Vec::new();
        let mut provisional = false;
        let mut date = first;
        loop {
            self.check_range(date)?;
            let outlook = self.outlook(date);
            provisional |= due.is_none() && !outlook.settled;
            if outlook.at_most {
                at_most += 1;
                if at_most == n {
                    earliest = Some(date);
                }
            }
            if outlook.expected && due.is_none() {
                counted.push(date);
                if counted.len() as u64 == u64::from(n) {
                    due = Some(date);
                }
            }
            if outlook.at_least {
                at_least += 1;
                if let (true, Some(due)) = (at_least == n, due) {
                    return Ok(Walk {
                        earliest: earliest.unwrap_or(due),
                        due,
                        latest: date,
                        counted,
                        provisional,
                    });
                }
            }
            date = next(date)?;
        }
    }

    fn finish(&self, from: DateTime<FixedOffset>, walk: Walk, cutoff: Cutoff) -> Result<Deadline, DateError> {
        let due_at = match cutoff {
            Cutoff::EndOfDay => next(walk.due)?.and_time(NaiveTime::MIN),
            Cutoff::At(time) => walk.due.and_time(time),
        };
        Ok(Deadline {
            from,
            due_date: walk.due,
            due_at: due_at.and_local_timezone(SHANGHAI).single().ok_or(DateError::TooLong)?,
            provisional: walk.provisional,
            earliest_date: walk.provisional.then_some(walk.earliest),
            latest_date: walk.provisional.then_some(walk.latest),
            counted: walk.counted,
            calendar_version: self.version().to_owned(),
        })
    }
}

/// Where the count of a period ends.
struct Walk {
    earliest: NaiveDate,
    due: NaiveDate,
    latest: NaiveDate,
    counted: Vec<NaiveDate>,
    provisional: bool,
}

/// RFC 3339 has years of four digits.
fn writable(at: DateTime<FixedOffset>) -> Result<DateTime<FixedOffset>, DateError> {
    if (0..=9999).contains(&at.year()) { Ok(at) } else { Err(DateError::TooLong) }
}

fn next(date: NaiveDate) -> Result<NaiveDate, DateError> {
    date.succ_opt().ok_or(DateError::TooLong)
}
