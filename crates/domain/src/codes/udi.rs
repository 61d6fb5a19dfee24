//! Device identifiers: which agency's form a scan has.

use super::reading::{folded, is_numeric_cell};
use super::{CodeFault, Parts, Reading, gs1, gtin, hibc, ma};

/// What keyboards, pages and spreadsheets show instead of the separator FNC1. In lower case.
const SEPARATORS: &[&str] =
    &["<gs>", "{gs}", "[gs]", "(gs)", "<fnc1>", "{fnc1}", "[fnc1]", "\\x1d", "\\u001d", "\\u{1d}", "␝", "^]"];

pub(super) fn read(value: &str, year: i32) -> Reading {
    let text = with_separators(&folded(value));
    let text = without_symbology(text.trim_start_matches([' ', gs1::GS]));
    let bare = text.trim();
    if bare.chars().all(|c| c == gs1::GS || c == ' ') {
        return Reading { normalized: String::new(), parts: Parts::new(), fault: Some(CodeFault::Empty) };
    }
    if is_numeric_cell(bare) {
        let fault = Some(CodeFault::NumericCell);
        return Reading { normalized: bare.to_owned(), parts: Parts::new(), fault };
    }
    let compact: String = bare.chars().filter(|c| !matches!(*c, ' ' | gs1::GS)).collect();
    // Blanks may hide what stands for a separator; taken for part of a lot it would be another code when read again.
    if let Some((place, (_, found))) =
        compact.char_indices().enumerate().find(|(_, (at, _))| separator_at(&compact[*at..]).is_some())
    {
        let fault = Some(CodeFault::Character { position: place + 1, found });
        return Reading { normalized: compact, parts: Parts::new(), fault };
    }
    if gtin::is_shaped(&compact) {
        return product_alone(&compact);
    }
    if compact.get(..3).is_some_and(|lead| lead.eq_ignore_ascii_case("MA.")) {
        return ma::read(bare, year);
    }
    if compact.trim_start_matches('*').starts_with('+') {
        return hibc::read(text, year);
    }
    if compact.starts_with('(') {
        return gs1::read_bracketed(bare, year);
    }
    if compact.starts_with(|c: char| c.is_ascii_digit()) {
        return gs1::read_scanned(bare, year);
    }
    Reading { normalized: compact, parts: Parts::new(), fault: Some(CodeFault::UnknownIssuer) }
}

/// A trade item number by itself: the product, no production data.
fn product_alone(digits: &str) -> Reading {
    let judged = gtin::read(digits);
    let mut parts = Parts::new();
    if judged.fault.is_none() {
        let di = gtin::fourteen(digits);
        parts.insert("issuer".to_owned(), "GS1".to_owned());
        parts.insert("gtin".to_owned(), di.clone());
        parts.insert("di".to_owned(), di.clone());
        return Reading { normalized: format!("(01){di}"), parts, fault: None };
    }
    Reading { parts, ..judged }
}

/// Replaces every stand-in for FNC1 by ASCII 29.
fn with_separators(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let stand_in = separator_at(rest);
        let length = stand_in.map_or(c.len_utf8(), str::len);
        result.push(if stand_in.is_some() { gs1::GS } else { c });
        rest = &rest[length..];
    }
    result
}

/// What stands for FNC1 at the beginning of a text.
fn separator_at(text: &str) -> Option<&'static str> {
    SEPARATORS
        .iter()
        .copied()
        .find(|one| text.get(..one.len()).is_some_and(|lead| lead.eq_ignore_ascii_case(one)))
}

/// Removes the symbology identifier (ISO/IEC 15424) that a scanner may send first, such as `]C1` or `]d2`.
fn without_symbology(text: &str) -> &str {
    let mut chars = text.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some(']'), Some(symbology), Some(modifier))
            if symbology.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            chars.as_str().trim_start_matches(gs1::GS)
        }
        _ => text,
    }
}
