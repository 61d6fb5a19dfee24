//! What can be wrong with a calendar file, and with a date asked of a calendar.

use chrono::NaiveDate;
use thiserror::Error;

/// Why a calendar file was refused. Nothing of a refused file is used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The text is not JSON of the expected form.
    #[error("{file}, line {line}, column {column}: {message}")]
    Syntax {
        /// The name that the caller gave the text.
        file: String,
        /// 1-based line, 0 when unknown.
        line: usize,
        /// 1-based column, 0 when unknown.
        column: usize,
        /// The parser's own words.
        message: String,
    },
    /// The text is read, and one of its entries can't be.
    #[error("{file}: {key}: {fault}")]
    Invalid {
        /// The name that the caller gave the text.
        file: String,
        /// The path of the entry, such as `years.2026.holidays.2026-02-30`.
        key: String,
        /// What is wrong with it.
        fault: CalendarFault,
    },
}

impl CalendarError {
    /// A stable code for scripts and text tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "calendarSyntax",
            Self::Invalid { .. } => "calendarInvalid",
        }
    }

    /// The message for the user, in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            Self::Syntax { file, line, column, message } => {
                format!("日历文件“{file}”第 {line} 行第 {column} 列不是有效的 JSON：{message}")
            }
            Self::Invalid { file, key, fault } => {
                format!("日历文件“{file}”的 {key} 有误：{}", fault.text_zh())
            }
        }
    }
}

/// What is wrong with one entry of a calendar file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CalendarFault {
    /// The file's `schema` is newer than this program, or absent.
    #[error("unknown schema, expected 1")]
    Schema,
    /// No year in the file.
    #[error("no year")]
    NoYear,
    /// A year that is not a number between 2000 and 2088.
    #[error("not a year between 2000 and 2088")]
    Year,
    /// A year between two others is missing.
    #[error("this year is missing")]
    YearMissing,
    /// A date that is not `YYYY-MM-DD` or does not exist.
    #[error("not a date")]
    Date,
    /// A date outside its year (a notice may also set the last six days of the year before).
    #[error("outside its year")]
    OutsideYear,
    /// The same date is a holiday and a make-up working day.
    #[error("both a holiday and a working day")]
    Conflict,
    /// A make-up working day on a weekday, which works anyway.
    #[error("a make-up working day must be a Saturday or a Sunday")]
    MakeUpOnWeekday,
    /// A holiday without a name.
    #[error("no name")]
    NoName,
    /// A statutory day (such as 1 October) that the year does not list: the year is incomplete.
    #[error("a statutory holiday is missing")]
    StatutoryMissing,
    /// `covered` does not agree with the years listed.
    #[error("does not agree with the years listed")]
    Coverage,
}

impl CalendarFault {
    /// The reason for the user, in Chinese.
    pub fn text_zh(self) -> &'static str {
        match self {
            Self::Schema => "版本号 schema 应为 1",
            Self::NoYear => "没有任何年份",
            Self::Year => "年份应在 2000 至 2088 之间",
            Self::YearMissing => "缺少该年的安排",
            Self::Date => "不是有效日期（应为 YYYY-MM-DD）",
            Self::OutsideYear => "日期不属于该年",
            Self::Conflict => "同一天既列为放假又列为上班",
            Self::MakeUpOnWeekday => "调休上班日应在周六或周日",
            Self::NoName => "缺少节日名称",
            Self::StatutoryMissing => "缺少法定节日，该年的安排不完整",
            Self::Coverage => "与文件所列年份不一致",
        }
    }
}

/// Why a date or a deadline can't be given. It is never guessed instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// The date lies before the first published arrangement that this calendar holds.
    #[error("{date} is before the first day covered by the calendar, {first}")]
    BeforeCoverage {
        /// The date asked for.
        date: NaiveDate,
        /// The first day covered.
        first: NaiveDate,
    },
    /// The date lies past the years whose lunar holidays can be computed.
    #[error("{date} is after {last}, the last day that can be computed")]
    BeyondComputed {
        /// The date asked for.
        date: NaiveDate,
        /// The last day that can be computed.
        last: NaiveDate,
    },
    /// A period of no days or no hours.
    #[error("a period must be at least one day or one hour")]
    EmptyPeriod,
    /// The period begins or ends outside the years 0 to 9999, which instants are written with.
    #[error("the period leaves the years that can be written")]
    TooLong,
    /// The first date of a range lies after the last.
    #[error("{from} is after {to}")]
    Reversed {
        /// The first date of the range.
        from: NaiveDate,
        /// The last date of the range.
        to: NaiveDate,
    },
}

impl DateError {
    /// A stable code for scripts and text tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BeforeCoverage { .. } => "beforeCalendar",
            Self::BeyondComputed { .. } => "beyondCalendar",
            Self::EmptyPeriod => "emptyPeriod",
            Self::TooLong => "periodTooLong",
            Self::Reversed { .. } => "rangeReversed",
        }
    }

    /// The message for the user, in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            Self::BeforeCoverage { date, first } => {
                format!("{date} 早于工作日历的第一天 {first}，无法推算")
            }
            Self::BeyondComputed { date, last } => format!("{date} 晚于可推算的最后一天 {last}"),
            Self::EmptyPeriod => "期限至少为一天或一小时".to_owned(),
            Self::TooLong => "期限过长，超出可表示的时间".to_owned(),
            Self::Reversed { from, to } => format!("起始日期 {from} 晚于结束日期 {to}"),
        }
    }
}
