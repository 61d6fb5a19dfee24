//! The calendar: which days work, and from which notice that is known.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{CalendarError, DateError};
use crate::file::{self, Notice, YearArrangement};
use crate::outlook::Reach;

/// 工作日历: the published arrangements of some years, and what is expected of the years after them.
///
/// A calendar is a value: a later notice makes a new one by [`Calendar::with_year`] or
/// [`Calendar::merge`], and open deadlines are then computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    generated: String,
    pub(crate) years: BTreeMap<i32, YearArrangement>,
    /// Days that a file calls tentative beyond the rule of [`Calendar::is_settled`].
    tentative: Option<(NaiveDate, NaiveDate)>,
    /// Every day that a notice sets, working or not.
    settings: BTreeMap<NaiveDate, Setting>,
    pub(crate) reach: Reach,
    version: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    working: bool,
    name: String,
}

/// One day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The date, in Shanghai.
    pub date: NaiveDate,
    /// Whether it is a working day.
    pub working: bool,
    /// The holiday that the day belongs to; on a working day, the holiday that it makes up for (调休上班).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether a notice still to come may change it.
    pub provisional: bool,
}

/// A [`Day`] with the version of the calendar that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedDay<'a> {
    /// The day.
    #[serde(flatten)]
    pub day: Day,
    /// The version of the calendar.
    pub version: &'a str,
}

impl Calendar {
    /// The calendar that comes with this crate: 2020 to 2026.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Calendar> = LazyLock::new(|| {
            Calendar::from_json_named(file::BUILT_IN_NAME, file::BUILT_IN)
                .expect("the built-in calendar is checked by this crate's tests")
        });
        &BUILT_IN
    }

    /// Reads a calendar file from its text.
    ///
    /// # Errors
    /// [`CalendarError`] with the entry and the reason; the file is then called `calendar`.
    ///
    /// ```
    /// # use sunbench_workdays::Calendar;
    /// let error = Calendar::from_json(r#"{"schema": 1, "years": {"2027": {"holidays": {"2027-02-30": "春节"}}}}"#);
    /// assert_eq!(error.unwrap_err().to_string(), "calendar: years.2027.holidays.2027-02-30: not a date");
    /// ```
    pub fn from_json(text: &str) -> Result<Self, CalendarError> {
        Self::from_json_named("calendar", text)
    }

    /// Reads a calendar file from its text; `file` is the name by which an error calls it.
    pub fn from_json_named(file: &str, text: &str) -> Result<Self, CalendarError> {
        let checked = file::parse(file, text)?;
        Ok(Self::assemble(checked.generated, checked.tentative, checked.years))
    }

    /// This calendar with the arrangement of one year added or replaced: what a notice, an amendment or the
    /// platform's feed brings.
    ///
    /// # Errors
    /// [`CalendarError::Invalid`], also when a year between would be missing; this calendar stays as it is.
    pub fn with_year(&self, year: i32, arrangement: YearArrangement) -> Result<Self, CalendarError> {
        arrangement.check(year).map_err(|(at, fault)| CalendarError::Invalid {
            file: "calendar".to_owned(),
            key: format!("years.{year}{at}"),
            fault,
        })?;
        let mut years = self.years.clone();
        years.insert(year, arrangement);
        file::check_contiguous("calendar", &years)?;
        Ok(Self::assemble(self.generated.clone(), self.tentative, years))
    }

    /// Both calendars together; where both have a year, that of `newer` counts.
    ///
    /// # Errors
    /// [`CalendarError::Invalid`] when a year between them is missing; this calendar stays as it is.
    pub fn merge(&self, newer: &Self) -> Result<Self, CalendarError> {
        let mut years = self.years.clone();
        years.extend(newer.years.iter().map(|(year, arrangement)| (*year, arrangement.clone())));
        file::check_contiguous("calendar", &years)?;
        let generated = self.generated.clone().max(newer.generated.clone());
        Ok(Self::assemble(generated, newer.tentative.or(self.tentative), years))
    }

    fn assemble(
        generated: String,
        tentative: Option<(NaiveDate, NaiveDate)>,
        years: BTreeMap<i32, YearArrangement>,
    ) -> Self {
        let mut settings = BTreeMap::new();
        // In the order of the years: the notice of a year may set days of the December before, and is the later.
        for arrangement in years.values() {
            for (days, working) in [(&arrangement.holidays, false), (&arrangement.workdays, true)] {
                for (date, name) in days {
                    settings.insert(*date, Setting { working, name: name.clone() });
                }
            }
        }
        let version = version(&generated, tentative, &years);
        let mut calendar = Self { generated, years, tentative, settings, reach: Reach::default(), version };
        calendar.reach = Reach::seen_in(&calendar);
        calendar
    }

    /// The version of the calendar: the day on which its file was made and a short hash of what it says. The
    /// same content has the same version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The first day that the calendar covers.
    pub fn first_day(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.first_year(), 1, 1).expect("years are checked when read")
    }

    /// The last day of the published arrangements; the days after it are expected ones.
    pub fn last_published_day(&self) -> NaiveDate {
        let last = self.years.last_key_value().map_or(0, |(year, _)| *year);
        NaiveDate::from_ymd_opt(last, 12, 31).expect("years are checked when read")
    }

    fn first_year(&self) -> i32 {
        self.years.first_key_value().map_or(0, |(year, _)| *year)
    }

    /// The notices behind a year, none for a year that is not published.
    pub fn notices(&self, year: i32) -> &[Notice] {
        self.years.get(&year).map_or(&[], |arrangement| &arrangement.notices)
    }

    /// Whether the arrangement of a year is published.
    pub fn is_published(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// Whether the notice for this day is out and no notice still expected may touch it: the year is
    /// published, and for 26 to 31 December the next year is too.
    pub fn is_settled(&self, date: NaiveDate) -> bool {
        if !self.is_published(date.year()) {
            return false;
        }
        let may_be_touched = (date.month() == 12 && date.day() >= 26)
            || self.tentative.is_some_and(|(first, last)| (first..=last).contains(&date));
        !may_be_touched || self.is_published(date.year() + 1)
    }

    /// One day, as published, or as expected where nothing is published: Monday to Friday works save the
    /// statutory days.
    ///
    /// # Errors
    /// [`DateError::BeforeCoverage`] and [`DateError::BeyondComputed`].
    ///
    /// ```
    /// # use sunbench_workdays::Calendar;
    /// let day = Calendar::built_in().day("2025-10-11".parse().unwrap()).unwrap();
    /// assert!(day.working && day.name.as_deref() == Some("国庆节、中秋节")); // a make-up Saturday
    /// ```
    pub fn day(&self, date: NaiveDate) -> Result<Day, DateError> {
        self.check_range(date)?;
        let provisional = !self.is_settled(date);
        let name = match self.settings.get(&date) {
            Some(setting) => Some(setting.name.clone()),
            None if self.is_published(date.year()) => None,
            None => crate::outlook::statutory_name(date),
        };
        Ok(Day { date, working: self.expected(date), name, provisional })
    }

    /// Whether a day works, as published or as expected.
    ///
    /// # Errors
    /// As for [`Calendar::day`].
    pub fn is_working(&self, date: NaiveDate) -> Result<bool, DateError> {
        self.check_range(date)?;
        Ok(self.expected(date))
    }

    /// The days from `from` through `to`, each with the version of the calendar.
    ///
    /// # Errors
    /// [`DateError`], also when `from` is after `to`.
    pub fn days(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<ListedDay<'_>>, DateError> {
        if from > to {
            return Err(DateError::Reversed { from, to });
        }
        self.check_range(from)?;
        self.check_range(to)?;
        from.iter_days()
            .take_while(|date| *date <= to)
            .map(|date| Ok(ListedDay { day: self.day(date)?, version: &self.version }))
            .collect()
    }

    /// The number of working days after `after`, through `through`; 0 when `through` is not later.
    ///
    /// # Errors
    /// As for [`Calendar::day`], for the days counted.
    pub fn working_days_between(&self, after: NaiveDate, through: NaiveDate) -> Result<u32, DateError> {
        if through <= after {
            return Ok(0);
        }
        let days = after.iter_days().skip(1).take_while(|date| *date <= through);
        days.into_iter().try_fold(0, |count, date| Ok(count + u32::from(self.is_working(date)?)))
    }

    pub(crate) fn check_range(&self, date: NaiveDate) -> Result<(), DateError> {
        let first = self.first_day();
        if date < first {
            return Err(DateError::BeforeCoverage { date, first });
        }
        if date.year() > crate::LAST_COMPUTED_YEAR {
            let last = NaiveDate::from_ymd_opt(crate::LAST_COMPUTED_YEAR, 12, 31)
                .expect("a constant that is a date");
            return Err(DateError::BeyondComputed { date, last });
        }
        Ok(())
    }

    /// Whether a day in range works, as published or as expected.
    pub(crate) fn expected(&self, date: NaiveDate) -> bool {
        match self.settings.get(&date) {
            Some(setting) => setting.working,
            None if self.is_published(date.year()) => !file::is_weekend(date),
            None => !file::is_weekend(date) && crate::outlook::statutory_name(date).is_none(),
        }
    }
}

/// `generated` and the first eight hexadecimal digits of SHA-256 over what the calendar says.
fn version(
    generated: &str,
    tentative: Option<(NaiveDate, NaiveDate)>,
    years: &BTreeMap<i32, YearArrangement>,
) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{tentative:?}"));
    for (year, arrangement) in years {
        hash.update(format!("\n{year}"));
        for (kind, days) in [('-', &arrangement.holidays), ('+', &arrangement.workdays)] {
            for (date, name) in days {
                hash.update(format!("\n{kind}{date}{name}"));
            }
        }
    }
    let mut text = if generated.is_empty() { "undated".to_owned() } else { generated.to_owned() };
    text.push('.');
    for byte in hash.finalize().iter().take(4) {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
    }
    text
}
