//! Numbers and dates of spreadsheets, as text.

use std::fmt::Write as _;

/// Writes a spreadsheet's number as it would show it: 15 significant digits, no exponent.
///
/// A spreadsheet computes with binary numbers: what it shows as 0.3 may be stored as 0.30000000000000004.
pub(super) fn write_number(value: f64, out: &mut String) {
    out.clear();
    if !value.is_finite() {
        return;
    }
    if value == 0.0 {
        out.push('0');
        return;
    }
    // As d.ddddddddddddddE±x, which is exactly 15 digits and the place of the point.
    let scientific = format!("{value:.14e}");
    let (digits, exponent) = scientific.split_once('e').expect("the format writes an exponent");
    let exponent: i32 = exponent.parse().expect("a short whole number");
    if value < 0.0 {
        out.push('-');
    }
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if exponent < 0 {
        out.push_str("0.");
        for _ in 1..-exponent {
            out.push('0');
        }
        out.push_str(digits);
        return;
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        let _ = write!(out, "{digits}{:0<1$}", "", whole - digits.len());
    } else {
        let _ = write!(out, "{}.{}", &digits[..whole], &digits[whole..]);
    }
}

/// Writes a date and its time, where it has one.
pub(super) fn write_date(at: chrono::NaiveDateTime, out: &mut String) {
    out.clear();
    let time = at.time();
    let _ = if time == chrono::NaiveTime::MIN {
        write!(out, "{}", at.date())
    } else {
        write!(out, "{}", at.format("%Y-%m-%dT%H:%M:%S"))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_a_spreadsheet_shows_them() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (12.0, "12"),
            (0.1 + 0.2, "0.3"),
            (1234.5678, "1234.5678"),
            (-0.05, "-0.05"),
            (0.000_123, "0.000123"),
            (1e15, "1000000000000000"),
            (12_345_678_901_234_567_890.0, "12345678901234600000"),
            (99.999_999_999_999_999, "100"),
            (1e-7, "0.0000001"),
            (123_456_789.123_456_78, "123456789.123457"),
            (f64::NAN, ""),
        ] {
            let mut text = String::new();
            write_number(value, &mut text);
            assert_eq!(text, expected, "{value:e}");
        }
    }
}
