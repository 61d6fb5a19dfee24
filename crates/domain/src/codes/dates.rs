//! Dates as labels write them.

use chrono::{Months, NaiveDate};

/// The four-digit year of a two-digit one (GS1 General Specifications, 7.12): the one nearest to `year`, from 49
/// years before to 50 years after it.
fn full_year(two_digits: i32, year: i32) -> i32 {
    let century = year - year.rem_euclid(100);
    match two_digits - year.rem_euclid(100) {
        51..=99 => century - 100 + two_digits,
        -99..=-50 => century + 100 + two_digits,
        _ => century + two_digits,
    }
}

/// A number of ASCII digits.
fn number(digits: &str) -> Option<i32> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) { None } else { digits.parse().ok() }
}

fn end_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// Reads a date by a pattern of `YYYY` or `YY`, `MM`, `DD` and `JJJ` (day of the year). Without a day, and with
/// day 00, it is the last day of the month.
pub(super) fn by_pattern(text: &str, pattern: &str, current_year: i32) -> Option<NaiveDate> {
    if !text.is_ascii() || text.len() != pattern.len() {
        return None;
    }
    let field = |letter: char| {
        let first = pattern.find(letter)?;
        let last = pattern.rfind(letter)?;
        Some(&text[first..=last])
    };
    let year = field('Y')?;
    let year = if year.len() == 2 { full_year(number(year)?, current_year) } else { number(year)? };
    if let Some(day_of_year) = field('J') {
        let ordinal = u32::try_from(number(day_of_year)?).ok()?;
        return NaiveDate::from_yo_opt(year, ordinal);
    }
    let month = u32::try_from(number(field('M')?)?).ok()?;
    match field('D').map(number) {
        None | Some(Some(0)) => end_of_month(year, month),
        Some(day) => NaiveDate::from_ymd_opt(year, month, u32::try_from(day?).ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centuries() {
        for (two_digits, year, expected) in [
            (26, 2026, 2026),
            (76, 2026, 2076),
            (77, 2026, 1977),
            (99, 2026, 1999),
            (0, 2026, 2000),
            (49, 2099, 2149),
            (50, 2099, 2050),
            (0, 2099, 2100),
            (50, 2000, 2050),
            (51, 2000, 1951),
        ] {
            assert_eq!(full_year(two_digits, year), expected, "{two_digits} in {year}");
        }
    }

    #[test]
    fn patterns() {
        #[track_caller]
        fn check(text: &str, pattern: &str, expected: Option<&str>) {
            assert_eq!(
                by_pattern(text, pattern, 2026).map(|date| date.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
        check("280200", "YYMMDD", Some("2028-02-29"));
        check("270200", "YYMMDD", Some("2027-02-28"));
        check("270229", "YYMMDD", None);
        check("271301", "YYMMDD", None);
        check("270001", "YYMMDD", None);
        check("0928", "MMYY", Some("2028-09-30"));
        check("092828", "MMDDYY", Some("2028-09-28"));
        check("28366", "YYJJJ", Some("2028-12-31"));
        check("27366", "YYJJJ", None);
        check("27000", "YYJJJ", None);
        check("20270105", "YYYYMMDD", Some("2027-01-05"));
        check("2701", "YYMMDD", None);
        check("２７", "YYMMDD", None);
        check("+70105", "YYMMDD", None);
    }
}
