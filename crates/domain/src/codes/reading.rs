//! Making a value comparable before it is judged.

use super::CodeFault;
use crate::text::half_width;

/// Half-width, in one line, without invisible characters and without what spreadsheets put around text. GS
/// (FNC1, `U+001D`) stays.
pub(super) fn folded(value: &str) -> String {
    let half: String = half_width(value).chars().filter_map(fold_char).collect();
    let mut text = half.as_str();
    // The apostrophe that makes a cell text, and the quotes of CSV.
    for quote in ['\'', '"'] {
        if let Some(rest) = text.trim_start_matches(' ').strip_prefix(quote) {
            text = rest.trim_end_matches(' ').strip_suffix(quote).unwrap_or(rest);
        }
    }
    text.to_owned()
}

fn fold_char(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' => Some(' '),
        // Hyphens and dashes that word processors make of "-".
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => Some('-'),
        // The full stop of a Chinese keyboard.
        '\u{3002}' | '\u{ff61}' => Some('.'),
        '\u{2018}' | '\u{2019}' => Some('\''),
        '\u{201c}' | '\u{201d}' => Some('"'),
        '\u{1d}' => Some(c),
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Upper case, without blanks and hyphens: for codes in which neither can mean anything.
pub(super) fn compact(value: &str) -> Result<String, (String, CodeFault)> {
    let text = folded(value);
    let bare = text.trim();
    if is_numeric_cell(bare) {
        return Err((bare.to_owned(), CodeFault::NumericCell));
    }
    let text: String =
        bare.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{1d}')).map(|c| c.to_ascii_uppercase()).collect();
    if text.is_empty() { Err((text, CodeFault::Empty)) } else { Ok(text) }
}

/// Whether a text is a number as spreadsheets write it: `1.23E+19`, `123.0`.
pub(super) fn is_numeric_cell(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_mantissa = |part: &str| match part.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(part),
    };
    match text.split_once(['E', 'e']) {
        // Without a point or a sign it may as well be a code that has an E in it.
        Some((mantissa, exponent)) => {
            let power = exponent.trim_start_matches(['+', '-']);
            is_mantissa(mantissa)
                && digits(power)
                && power.len() <= 3
                && (mantissa.contains('.') || exponent.starts_with(['+', '-']))
        }
        None => text.split_once('.').is_some_and(|(whole, fraction)| {
            digits(whole) && !fraction.is_empty() && fraction.bytes().all(|b| b == b'0')
        }),
    }
}

/// The first character that is not allowed, as a fault; positions count from 1.
pub(super) fn first_not(text: &str, allowed: impl Fn(usize, char) -> bool) -> Option<CodeFault> {
    let (at, found) = text.chars().enumerate().find(|(at, c)| !allowed(*at, *c))?;
    Some(CodeFault::Character { position: at + 1, found })
}
