//! Reading and checking a calendar file.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::error::{CalendarError, CalendarFault};

/// The built-in calendar: the State Council's notices as far as they were published.
pub(crate) const BUILT_IN: &str = include_str!("../data/cn-workdays.json");

/// The name by which errors call the built-in calendar.
pub(crate) const BUILT_IN_NAME: &str = "cn-workdays.json";

/// 放假安排通知: the notice that arranged a year, or amended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// 文号, such as `国办发明电〔2025〕7号`.
    pub number: String,
    /// The day on which it was issued.
    pub date: NaiveDate,
    /// Where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// 年度放假安排: what the notices of one year say.
///
/// A day that is in neither table is an ordinary one: Monday to Friday works, Saturday and Sunday do not.
/// The notice of a year may also set the last six days of the year before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearArrangement {
    /// The notices, the first one and its amendments.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// Days off and the holiday that each belongs to.
    pub holidays: BTreeMap<NaiveDate, String>,
    /// 调休上班日: weekend days that work, and the holiday that each belongs to.
    #[serde(default)]
    pub workdays: BTreeMap<NaiveDate, String>,
}

impl YearArrangement {
    /// Checks the arrangement of `year`; `Err` carries the table, the date and the reason.
    pub(crate) fn check(&self, year: i32) -> Result<(), (String, CalendarFault)> {
        if !(2000..=crate::LAST_COMPUTED_YEAR).contains(&year) {
            return Err((String::new(), CalendarFault::Year));
        }
        for (table, days) in [("holidays", &self.holidays), ("workdays", &self.workdays)] {
            for (date, name) in days {
                let fail = |fault| Err((format!(".{table}.{date}"), fault));
                if !belongs_to(*date, year) {
                    return fail(CalendarFault::OutsideYear);
                }
                if name.trim().is_empty() {
                    return fail(CalendarFault::NoName);
                }
            }
        }
        for date in self.workdays.keys() {
            let fail = |fault| Err((format!(".workdays.{date}"), fault));
            if self.holidays.contains_key(date) {
                return fail(CalendarFault::Conflict);
            }
            if !is_weekend(*date) {
                return fail(CalendarFault::MakeUpOnWeekday);
            }
        }
        // An empty or cut-off year must not pass for a year without holidays.
        for (month, day) in [(1, 1), (5, 1), (10, 1)] {
            let statutory = NaiveDate::from_ymd_opt(year, month, day);
            if statutory.is_none_or(|date| !self.holidays.contains_key(&date)) {
                return Err((
                    format!(".holidays.{year}-{month:02}-{day:02}"),
                    CalendarFault::StatutoryMissing,
                ));
            }
        }
        Ok(())
    }
}

/// Whether the notice of `year` may set `date`: the year itself and 26 to 31 December of the year before
/// (2022-12-31 was set by the notice of 2023).
fn belongs_to(date: NaiveDate, year: i32) -> bool {
    date.year() == year || (date.year() == year - 1 && date.month() == 12 && date.day() >= 26)
}

pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// A calendar file, read and checked.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) generated: String,
    pub(crate) tentative: Option<(NaiveDate, NaiveDate)>,
    pub(crate) years: BTreeMap<i32, YearArrangement>,
}

/// The file as it is written. Dates stay text here, so that an error can name the entry.
#[derive(Deserialize)]
struct RawFile {
    #[serde(default)]
    schema: u32,
    #[serde(default)]
    generated: String,
    covered: Option<RawSpan>,
    tentative: Option<RawSpan>,
    #[serde(default)]
    years: BTreeMap<String, RawYear>,
}

#[derive(Deserialize)]
struct RawSpan {
    first: String,
    last: String,
}

#[derive(Deserialize)]
struct RawYear {
    #[serde(default)]
    notices: Vec<Notice>,
    #[serde(default)]
    holidays: BTreeMap<String, String>,
    #[serde(default)]
    workdays: BTreeMap<String, String>,
}

/// A year missing between others would be taken for one that is still to come.
pub(crate) fn check_contiguous(
    file: &str,
    years: &BTreeMap<i32, YearArrangement>,
) -> Result<(), CalendarError> {
    match years.keys().zip(years.keys().skip(1)).find(|(year, next)| **year + 1 != **next) {
        None => Ok(()),
        Some((year, _)) => Err(CalendarError::Invalid {
            file: file.to_owned(),
            key: format!("years.{}", year + 1),
            fault: CalendarFault::YearMissing,
        }),
    }
}

/// Reads and checks a calendar file; `file` is the name for errors.
pub(crate) fn parse(file: &str, text: &str) -> Result<Checked, CalendarError> {
    let raw: RawFile =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| CalendarError::Syntax {
            file: file.to_owned(),
            line: error.line(),
            column: error.column(),
            message: error.to_string(),
        })?;
    let invalid = |key: String, fault| CalendarError::Invalid { file: file.to_owned(), key, fault };
    if raw.schema != 1 {
        return Err(invalid("schema".to_owned(), CalendarFault::Schema));
    }
    let date = |key: &dyn Fn() -> String, text: &str| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|date| date.to_string() == text)
            .ok_or_else(|| invalid(key(), CalendarFault::Date))
    };
    let mut years = BTreeMap::new();
    for (key, raw_year) in raw.years {
        let year = key
            .parse::<i32>()
            .ok()
            .filter(|year| year.to_string() == key)
            .ok_or_else(|| invalid(format!("years.{key}"), CalendarFault::Year))?;
        let table = |name: &str, days: BTreeMap<String, String>| {
            days.into_iter()
                .map(|(text, holiday)| Ok((date(&|| format!("years.{year}.{name}.{text}"), &text)?, holiday)))
                .collect::<Result<BTreeMap<_, _>, CalendarError>>()
        };
        let arrangement = YearArrangement {
            notices: raw_year.notices,
            holidays: table("holidays", raw_year.holidays)?,
            workdays: table("workdays", raw_year.workdays)?,
        };
        arrangement.check(year).map_err(|(at, fault)| invalid(format!("years.{year}{at}"), fault))?;
        years.insert(year, arrangement);
    }
    check_contiguous(file, &years)?;
    let span = |name: &str, span: RawSpan| {
        Ok((date(&|| format!("{name}.first"), &span.first)?, date(&|| format!("{name}.last"), &span.last)?))
    };
    let (Some((&first, _)), Some((&last, _))) = (years.first_key_value(), years.last_key_value()) else {
        return Err(invalid("years".to_owned(), CalendarFault::NoYear));
    };
    if let Some(covered) = raw.covered {
        let (from, to) = span("covered", covered)?;
        if Some(from) != NaiveDate::from_ymd_opt(first, 1, 1)
            || Some(to) != NaiveDate::from_ymd_opt(last, 12, 31)
        {
            return Err(invalid("covered".to_owned(), CalendarFault::Coverage));
        }
    }
    let tentative = raw.tentative.map(|tentative| span("tentative", tentative)).transpose()?;
    if tentative.is_some_and(|(from, to)| from > to || !years.contains_key(&from.year())) {
        return Err(invalid("tentative".to_owned(), CalendarFault::Coverage));
    }
    Ok(Checked { generated: raw.generated, tentative, years })
}
