//! Numbers and dates as people and programs write them.

use std::borrow::Cow;

use chrono::{DateTime, Datelike as _, Days, NaiveDate};
use sunbench_domain::text::half_width;
use sunbench_domain::{DecimalError, Quantity};

/// Why a value is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// No number.
    #[error("not a number")]
    NotANumber,
    /// A number past ±922 million million.
    #[error("number out of range")]
    OutOfRange,
    /// No date, or one that could be read in two ways.
    #[error("not a date")]
    NotADate,
}

/// Reads a number as integers of 1/10,000, half up from the fifth place on.
///
/// Full-width digits, thousands separators, a currency sign, 元, brackets or a trailing sign for less than nought are
/// all in use.
///
/// ```
/// # use sunbench_exchange::ledger::decimal;
/// assert_eq!(decimal("￥１,２３４.５0"), Ok(12_345_000));
/// assert_eq!(decimal("(12.00)"), Ok(-120_000));
/// assert!(decimal("12盒").is_err());
/// ```
///
/// # Errors
///
/// [`ValueError::NotANumber`], [`ValueError::OutOfRange`].
pub fn decimal(text: &str) -> Result<i64, ValueError> {
    if let Some(units) = short_decimal(text) {
        return Ok(units);
    }
    if is_plain(text) {
        return plain_decimal(text, false);
    }
    let text = half_width(text);
    let mut text = text.trim();
    let mut is_negative = false;
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        is_negative = true;
        text = inside.trim();
    }
    for sign in ["¥", "￥", "$", "CNY", "RMB", "人民币"] {
        text = text.strip_prefix(sign).unwrap_or(text);
    }
    text = text.strip_suffix('元').unwrap_or(text).trim();
    if let Some(rest) =
        text.strip_prefix('-').or_else(|| text.strip_prefix('−')).or_else(|| text.strip_suffix('-'))
    {
        is_negative = !is_negative;
        text = rest.trim();
    } else if let Some(rest) = text.strip_prefix('+') {
        text = rest;
    }
    for sign in ["¥", "￥", "$"] {
        text = text.strip_prefix(sign).unwrap_or(text);
    }
    let digits = without_separators(text).ok_or(ValueError::NotANumber)?;
    plain_decimal(&digits, is_negative)
}

/// Commas only where thousands end.
fn without_separators(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(',') {
        return Some(Cow::Borrowed(text));
    }
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let is_fit = (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3)
        && !text[whole.len()..].contains(',');
    is_fit.then(|| Cow::Owned(text.replace(',', "")))
}

/// What nearly every cell holds: a few digits, with at most four of them after a point. Whatever else is read with care.
fn short_decimal(text: &str) -> Option<i64> {
    /// Their number in units of 1/10,000 is within the range.
    const MOST_DIGITS: usize = 14;
    let (whole, fraction) = match text.bytes().position(|byte| byte == b'.') {
        Some(point) => (&text.as_bytes()[..point], &text.as_bytes()[point + 1..]),
        None => (text.as_bytes(), &[][..]),
    };
    if whole.is_empty() || whole.len() > MOST_DIGITS || fraction.len() > 4 {
        return None;
    }
    let places = [10_000, 1_000, 100, 10, 1];
    let digits = whole
        .iter()
        .chain(fraction)
        .try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')));
    Some(digits? * places[fraction.len()])
}

/// Digits and a point: the domain reads four places, the fifth decides and those after it no longer.
fn plain_decimal(text: &str, is_negative: bool) -> Result<i64, ValueError> {
    if !is_plain(text) {
        return Err(ValueError::NotANumber);
    }
    let end = text.find('.').map_or(text.len(), |point| text.len().min(point + 5));
    let (kept, rest) = text.split_at(end);
    if rest.contains('.') {
        return Err(ValueError::NotANumber);
    }
    let units = kept.parse::<Quantity>().map(Quantity::units).map_err(|error| match error {
        DecimalError::OutOfRange => ValueError::OutOfRange,
        DecimalError::Syntax | DecimalError::TooPrecise => ValueError::NotANumber,
    })?;
    let is_more_than_half = rest.as_bytes().first().is_some_and(|digit| *digit >= b'5');
    let units = units.checked_add(i64::from(is_more_than_half)).ok_or(ValueError::OutOfRange)?;
    Ok(if is_negative { -units } else { units })
}

/// Neither a sign nor anything else.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Reads a date; a time of day after it is not looked at, unless it states another zone than Shanghai's.
///
/// ISO, with slashes, dots or 年月日, eight digits, and a spreadsheet's day number. Two digits for a year, and a day or a
/// month in front, can be read in two ways: they are refused.
///
/// ```
/// # use sunbench_exchange::ledger::date;
/// for text in ["2026-03-01", "2026-02-28T16:30:00Z", "2026/3/1 8:30", "2026年3月1日", "20260301", "46082", "２０２６．３．１"] {
///     assert_eq!(date(text).map(|day| day.to_string()), Ok("2026-03-01".to_owned()), "{text}");
/// }
/// assert!(date("3/5/26").is_err());
/// ```
///
/// # Errors
///
/// [`ValueError::NotADate`].
pub fn date(text: &str) -> Result<NaiveDate, ValueError> {
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        let number = |range: std::ops::Range<usize>| {
            bytes[range].iter().try_fold(0, |sum: u32, byte| {
                byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
            })
        };
        if let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10))
            && bytes.get(10).is_none_or(|byte| matches!(byte, b' ' | b'T'))
        {
            if bytes.len() > 16
                && let Ok(instant) = DateTime::parse_from_rfc3339(text)
            {
                let day = instant.with_timezone(&sunbench_workdays::SHANGHAI).date_naive();
                let is_writable = (0..=9999).contains(&day.year());
                return if is_writable { Ok(day) } else { Err(ValueError::NotADate) };
            }
            return NaiveDate::from_ymd_opt(year as i32, month, day).ok_or(ValueError::NotADate);
        }
    }
    let text = half_width(text);
    let text = text.trim();
    if let Some(day) = serial(text) {
        return Ok(day);
    }
    if text.len() >= 8 && text.bytes().take(8).all(|byte| byte.is_ascii_digit()) {
        let is_end = !text.as_bytes().get(8).is_some_and(u8::is_ascii_digit) || text.len() == 14;
        let day = NaiveDate::parse_from_str(&text[..8], "%Y%m%d").ok().filter(|_| is_end);
        return day.ok_or(ValueError::NotADate);
    }
    let mut parts = text.splitn(3, ['-', '/', '.', '年', '月']);
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(ValueError::NotADate);
    };
    let day: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let after = rest[day.len()..].trim_start_matches('日');
    let is_end =
        after.is_empty() || after.starts_with([' ', 'T']) || after.starts_with(|c: char| c.is_ascii_digit());
    if year.len() != 4 || !is_end {
        return Err(ValueError::NotADate);
    }
    let number = |text: &str| text.trim().parse::<u32>().ok();
    match (number(year), number(month), number(&day)) {
        (Some(year), Some(month), Some(day)) => {
            NaiveDate::from_ymd_opt(year as i32, month, day).ok_or(ValueError::NotADate)
        }
        _ => Err(ValueError::NotADate),
    }
}

/// A spreadsheet's day number between 1982 and 2119: others are not dates of purchases.
fn serial(text: &str) -> Option<NaiveDate> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if whole.len() != 5 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let days: u64 = whole.parse().ok().filter(|days| (30_000..80_000).contains(days))?;
    // Day 1 is 1900-01-01, and the spreadsheet counts a 29 February 1900 that never was.
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_use() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("12", Ok(120_000)),
            ("12.", Ok(120_000)),
            (".5", Ok(5_000)),
            ("0.00005", Ok(1)),
            ("0.000049", Ok(0)),
            ("1,234,567.89", Ok(12_345_678_900)),
            ("-3", Ok(-30_000)),
            ("3-", Ok(-30_000)),
            ("−3", Ok(-30_000)),
            ("（3.5）", Ok(-35_000)),
            ("￥ -12.5", Ok(-125_000)),
            ("12.5元", Ok(125_000)),
            ("１２．５", Ok(125_000)),
            (" 7 ", Ok(70_000)),
            ("12,34", Err(ValueError::NotANumber)),
            ("1.2.3", Err(ValueError::NotANumber)),
            ("--3", Err(ValueError::NotANumber)),
            ("-+3", Err(ValueError::NotANumber)),
            ("1.23456.7", Err(ValueError::NotANumber)),
            ("1.2345盒", Err(ValueError::NotANumber)),
            ("1.99995", Ok(20_000)),
            ("-0.00015", Ok(-2)),
            ("922337203685477.58075", Err(ValueError::OutOfRange)),
            ("1e5", Err(ValueError::NotANumber)),
            ("", Err(ValueError::NotANumber)),
            (".", Err(ValueError::NotANumber)),
            ("合计", Err(ValueError::NotANumber)),
            ("99999999999999999999", Err(ValueError::OutOfRange)),
            ("922337203685477.5808", Err(ValueError::OutOfRange)),
        ] {
            assert_eq!(decimal(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_in_use() {
        for (text, expected) in [
            ("2026-03-01", Some("2026-03-01")),
            ("2026-03-01T08:00:00", Some("2026-03-01")),
            ("2026-03-01T08:00:00+08:00", Some("2026-03-01")),
            ("2026-02-28T16:00:00Z", Some("2026-03-01")),
            ("2026-02-28T15:59:59.999Z", Some("2026-02-28")),
            ("9999-12-31T23:59:59-12:00", None),
            ("0000-01-01T00:00:00+23:59", None),
            ("2026-3-1", Some("2026-03-01")),
            ("2026.03.01", Some("2026-03-01")),
            ("2026/03/01 23:59:59", Some("2026-03-01")),
            ("2026年03月01日 8时", Some("2026-03-01")),
            ("20260301", Some("2026-03-01")),
            ("20260301083000", Some("2026-03-01")),
            ("46082.354", Some("2026-03-01")),
            ("2024-02-29", Some("2024-02-29")),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("3/5/2026", None),
            ("26-03-01", None),
            ("202603011", None),
            ("2026-03-01x", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(date(text).ok().map(|day| day.to_string()).as_deref(), expected, "{text}");
        }
    }
}
