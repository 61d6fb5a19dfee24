//! HIBC labels (ANSI/HIBC 2.6, Supplier Labeling Standard): imported devices that carry no GS1 code.
//!
//! Primary `+A123BJC5D6E71G` (labeler, product, unit of measure, check); secondary `+$$3270105LOT…` with the
//! primary's check character as link; or both in one, `+A123BJC5D6E71/$$3270105LOTC`, with further data after
//! more slashes.

use super::dates::by_pattern;
use super::{CodeFault, Parts, Reading};

/// Appendix B: the place of a character is its value in the modulus 43 check.
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// The longest lot or serial number.
const LONGEST: usize = 18;

pub(super) fn read(text: &str, year: i32) -> Reading {
    // Printed captions stand between asterisks and show a blank check character as an underscore.
    let caption = text.trim_matches(['*', '\u{1d}']);
    let ends_blank = caption.len() > 1 && caption.ends_with([' ', '_']);
    let mut code: String =
        caption.trim_end_matches('_').chars().filter(|c| *c != ' ' && *c != '\u{1d}').collect();
    code.make_ascii_uppercase();
    if ends_blank && check_fault(&code).is_some() {
        code.push(' ');
    }
    let mut parts = Parts::from([("issuer".to_owned(), "HIBC".to_owned())]);
    let fault = judge(&code, year, &mut parts).err();
    Reading { normalized: code, parts, fault }
}

fn judge(code: &str, year: i32, parts: &mut Parts) -> Result<(), CodeFault> {
    if let Some((at, found)) = code.chars().enumerate().find(|(_, c)| !ALPHABET.contains(*c)) {
        return Err(CodeFault::Character { position: at + 1, found });
    }
    if code.len() < 4 {
        return Err(CodeFault::Length { expected: "8 位以上".to_owned(), found: code.len() });
    }
    // Two scans in one field: the primary with its check character, then the secondary.
    if let Some(at) = second_scan(code) {
        let (first, second) = code.split_at(at);
        primary(&first[1..first.len() - 1], parts)?;
        check_fault(second).map_or(Ok(()), Err)?;
        let link = first.chars().next_back().unwrap_or('+');
        return linked(&second[1..second.len() - 1], Some(link), year, parts);
    }
    check_fault(code).map_or(Ok(()), Err)?;
    let body = &code[1..code.len() - 1];
    if body.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let mut segments = body.split('/');
        primary(segments.next().unwrap_or(""), parts)?;
        for (at, segment) in segments.enumerate() {
            further(segment, at == 0, year, parts)?;
        }
        return Ok(());
    }
    linked(body, None, year, parts)?;
    Err(CodeFault::MissingProduct)
}

/// Where the secondary of two joined scans begins. Both must check, so that a `+` that is a check character is
/// not taken for a beginning.
fn second_scan(code: &str) -> Option<usize> {
    code.match_indices('+').map(|(at, _)| at).skip(1).find(|at| {
        let (first, second) = code.split_at(*at);
        first.len() >= 8
            && first[1..first.len() - 1].bytes().all(|b| b.is_ascii_alphanumeric())
            && second.len() >= 4
            && second[1..].starts_with(|c: char| c == '$' || c.is_ascii_digit())
            && check_fault(first).is_none()
    })
}

/// The check character is the last; its value is the sum of all before it, modulo 43.
fn check_fault(code: &str) -> Option<CodeFault> {
    let found = code.chars().next_back()?;
    let sum: usize = code.chars().rev().skip(1).filter_map(|c| ALPHABET.find(c)).sum();
    let expected = ALPHABET.chars().nth(sum % 43)?;
    (expected != found).then(|| CodeFault::CheckCharacter { field: "HIBC".to_owned(), expected, found })
}

/// 4 characters of the labeler, the first a letter; 1 to 18 of the product; a digit for the unit of measure.
fn primary(text: &str, parts: &mut Parts) -> Result<(), CodeFault> {
    if !(6..=23).contains(&text.len()) {
        return Err(CodeFault::Length {
            expected: "6 至 23 位的产品标识".to_owned(), found: text.len()
        });
    }
    if let Some((at, found)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_alphanumeric()) {
        return Err(CodeFault::Character { position: at + 2, found });
    }
    let (rest, unit) = text.split_at(text.len() - 1);
    if !unit.starts_with(|c: char| c.is_ascii_digit()) {
        let found = unit.chars().next().unwrap_or(' ');
        return Err(CodeFault::Character { position: text.len() + 1, found });
    }
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(CodeFault::Character { position: 2, found: text.chars().next().unwrap_or(' ') });
    }
    let (labeler, product) = rest.split_at(4);
    for (name, value) in [("di", text), ("labeler", labeler), ("product", product), ("unit_of_measure", unit)]
    {
        parts.insert(name.to_owned(), value.to_owned());
    }
    Ok(())
}

/// A secondary on its own: its last character links it to its primary.
fn linked(body: &str, expected: Option<char>, year: i32, parts: &mut Parts) -> Result<(), CodeFault> {
    let Some((at, found)) = body.char_indices().next_back() else {
        return Err(CodeFault::Length { expected: "8 位以上".to_owned(), found: body.len() });
    };
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        return Err(CodeFault::Link { expected, found });
    }
    secondary(&body[..at], year, parts)
}

/// A segment after a slash: the secondary data when it is the first, else data with their own identifier.
fn further(segment: &str, first: bool, year: i32, parts: &mut Parts) -> Result<(), CodeFault> {
    let julian = segment.len() >= 5 && segment.bytes().take(5).all(|b| b.is_ascii_digit());
    if first && (segment.starts_with('$') || julian) {
        return secondary(segment, year, parts);
    }
    let date = |field: &str, text: &str| {
        by_pattern(text, "YYYYMMDD", year)
            .map(|date| date.to_string())
            .ok_or_else(|| CodeFault::Date { field: field.to_owned(), value: text.to_owned() })
    };
    if let Some(text) = segment.strip_prefix("14D") {
        enter("/14D", "expiry", date("/14D", text)?, parts)
    } else if let Some(text) = segment.strip_prefix("16D") {
        enter("/16D", "production_date", date("/16D", text)?, parts)
    } else if let Some(text) = segment.strip_prefix('S') {
        enter("/S", "serial", number_of("/S", text)?, parts)
    } else if let Some(text) = segment.strip_prefix('Q') {
        enter("/Q", "quantity", digits("/Q", text, 1..=5)?, parts)
    } else {
        Err(CodeFault::UnknownIdentifier {
            identifier: format!("/{}", segment.chars().take(4).collect::<String>()),
        })
    }
}

/// Table 2: `$$` quantity, date and lot; `$$+` quantity, date and serial number; `$` lot; `$+` serial number; five
/// digits, the Julian date and the lot.
fn secondary(text: &str, year: i32, parts: &mut Parts) -> Result<(), CodeFault> {
    let (identifier, name, dated) = if text.starts_with("$$+") {
        ("$$+", "serial", true)
    } else if text.starts_with("$$") {
        ("$$", "lot", true)
    } else if text.starts_with("$+") {
        ("$+", "serial", false)
    } else if text.starts_with('$') {
        ("$", "lot", false)
    } else {
        let (date, lot) = text
            .split_at_checked(5)
            .ok_or_else(|| CodeFault::UnknownIdentifier { identifier: text.to_owned() })?;
        enter("YYJJJ", "expiry", expiry(date, "YYJJJ", year)?, parts)?;
        return number_or_nothing("YYJJJ", "lot", lot, parts);
    };
    let mut rest = &text[identifier.len()..];
    if dated {
        for (flag, length) in [('8', 2), ('9', 5)] {
            if let Some(after) = rest.strip_prefix(flag) {
                let (quantity, tail) =
                    after.split_at_checked(length).ok_or_else(|| too_short(identifier, after))?;
                enter(identifier, "quantity", digits(identifier, quantity, length..=length)?, parts)?;
                rest = tail;
                break;
            }
        }
        rest = flagged_date(identifier, rest, year, parts)?;
    }
    number_or_nothing(identifier, name, rest, parts)
}

/// Table 3: the digit before a date says how it is written; a date of month and year has none.
fn flagged_date<'a>(
    identifier: &str,
    text: &'a str,
    year: i32,
    parts: &mut Parts,
) -> Result<&'a str, CodeFault> {
    let (skip, pattern, hour) = match text.chars().next() {
        None => return Ok(text),
        Some('0' | '1') => (0, "MMYY", false),
        Some('2') => (1, "MMDDYY", false),
        Some('3') => (1, "YYMMDD", false),
        Some('4') => (1, "YYMMDD", true),
        Some('5') => (1, "YYJJJ", false),
        Some('6') => (1, "YYJJJ", true),
        Some('7') => return Ok(&text[1..]),
        Some(_) => return Err(CodeFault::UnknownIdentifier { identifier: text.chars().take(5).collect() }),
    };
    let after = &text[skip..];
    let (date, rest) = after.split_at_checked(pattern.len()).ok_or_else(|| too_short(identifier, after))?;
    enter(identifier, "expiry", expiry(date, pattern, year)?, parts)?;
    if !hour {
        return Ok(rest);
    }
    let (hour, rest) = rest.split_at_checked(2).ok_or_else(|| too_short(identifier, rest))?;
    if !matches!(hour.parse::<u32>(), Ok(0..=24)) {
        return Err(CodeFault::Date { field: "失效时间".to_owned(), value: format!("{date}{hour}") });
    }
    parts.insert("expiry_hour".to_owned(), hour.to_owned());
    Ok(rest)
}

fn expiry(text: &str, pattern: &str, year: i32) -> Result<String, CodeFault> {
    by_pattern(text, pattern, year)
        .map(|date| date.to_string())
        .ok_or_else(|| CodeFault::Date { field: "失效日期".to_owned(), value: text.to_owned() })
}

fn number_or_nothing(identifier: &str, name: &str, text: &str, parts: &mut Parts) -> Result<(), CodeFault> {
    if text.is_empty() {
        return Ok(());
    }
    let value = number_of(identifier, text)?;
    enter(identifier, name, value, parts)
}

/// A lot or serial number.
fn number_of(identifier: &str, text: &str) -> Result<String, CodeFault> {
    if text.is_empty() || text.len() > LONGEST {
        return Err(CodeFault::ElementLength { identifier: identifier.to_owned(), found: text.len() });
    }
    match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))) {
        Some(found) => Err(CodeFault::ElementCharacter { identifier: identifier.to_owned(), found }),
        None => Ok(text.to_owned()),
    }
}

fn digits(
    identifier: &str,
    text: &str,
    lengths: std::ops::RangeInclusive<usize>,
) -> Result<String, CodeFault> {
    if !lengths.contains(&text.len()) {
        return Err(too_short(identifier, text));
    }
    match text.chars().find(|c| !c.is_ascii_digit()) {
        Some(found) => Err(CodeFault::ElementCharacter { identifier: identifier.to_owned(), found }),
        None => Ok(text.to_owned()),
    }
}

fn too_short(identifier: &str, text: &str) -> CodeFault {
    CodeFault::ElementLength { identifier: identifier.to_owned(), found: text.len() }
}

fn enter(identifier: &str, name: &str, value: String, parts: &mut Parts) -> Result<(), CodeFault> {
    match parts.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(CodeFault::RepeatedIdentifier { identifier: identifier.to_owned() }),
    }
}
