//! GS1 element strings: with brackets as printed, or with separators as scanned.

use super::dates::by_pattern;
use super::gs1_table::{Content, Element, at_start, is_gs1_character};
use super::gtin::check_digit_fault;
use super::{CodeFault, Parts, Reading};

/// FNC1 as it arrives in data: ASCII 29.
pub(super) const GS: char = '\u{1d}';

/// One identifier and its value.
type Found<'a> = (&'a str, Element, &'a str);

/// Reads an element string as printed, `(01)…(17)…`.
pub(super) fn read_bracketed(text: &str, year: i32) -> Reading {
    let text: String = text.chars().filter(|c| *c != ' ' && *c != GS).collect();
    reading(&text, split_bracketed(&text), year)
}

/// Reads an element string as scanned. A blank in it is either a separator that a scanner turned into one, or
/// was put in for the eye: the first is tried first.
pub(super) fn read_scanned(text: &str, year: i32) -> Reading {
    let bare: String = text.chars().filter(|c| *c != ' ').collect();
    if text.trim().contains(' ') {
        let separated = text.trim().replace(' ', "\u{1d}");
        let result = reading(&bare, split_scanned(&separated), year);
        if result.fault.is_none() {
            return result;
        }
    }
    reading(&bare, split_scanned(&bare), year)
}

fn reading(text: &str, split: Result<Vec<Found<'_>>, CodeFault>, year: i32) -> Reading {
    // Whatever can't be shown is not part of a normalised form.
    let plain = || text.chars().filter(|c| *c != GS).collect();
    match split {
        Err(fault) => Reading { normalized: plain(), parts: Parts::new(), fault: Some(fault) },
        Ok(found) => {
            let mut parts = Parts::new();
            let mut fault = None;
            for (at, (ai, element, value)) in found.iter().enumerate() {
                let repeated = found[..at].iter().any(|(earlier, ..)| earlier == ai);
                let result = if repeated {
                    Err(CodeFault::RepeatedIdentifier { identifier: (*ai).to_owned() })
                } else {
                    take(ai, element, value, year, &mut parts)
                };
                fault = fault.or(result.err());
            }
            if fault.is_none() && !parts.contains_key("di") {
                fault = Some(CodeFault::MissingProduct);
            }
            parts.insert("issuer".to_owned(), "GS1".to_owned());
            if let Some(di) = parts.get("di").cloned() {
                parts.insert("gtin".to_owned(), di);
            }
            Reading { normalized: normal_form(&found), parts, fault }
        }
    }
}

/// With brackets as printed; as scanned, with `{GS}` for the separator, where a value holds what reads as a bracketed
/// identifier. Either is read again as what it was.
fn normal_form(found: &[Found<'_>]) -> String {
    let looks_bracketed =
        |value: &str| value.match_indices('(').any(|(at, _)| bracket(&value[at..]).is_some());
    if found.iter().any(|(.., value)| looks_bracketed(value)) {
        let elements: Vec<String> = found.iter().map(|(ai, _, value)| format!("{ai}{value}")).collect();
        return elements.join("{GS}");
    }
    found.iter().flat_map(|(ai, _, value)| ["(", *ai, ")", *value]).collect()
}

/// Judges one value and enters it among the parts.
fn take(ai: &str, element: &Element, value: &str, year: i32, parts: &mut Parts) -> Result<(), CodeFault> {
    let length = value.chars().count();
    if !(element.min..=element.max).contains(&length) {
        return Err(CodeFault::ElementLength { identifier: ai.to_owned(), found: length });
    }
    let digits = match element.content {
        Content::Digits | Content::Date => length,
        Content::CheckedDigits(n) => n,
        Content::Text => 0,
    };
    for (at, c) in value.chars().enumerate() {
        if !(if at < digits { c.is_ascii_digit() } else { is_gs1_character(c) }) {
            return Err(CodeFault::ElementCharacter { identifier: ai.to_owned(), found: c });
        }
    }
    let mut value = value.to_owned();
    match element.content {
        Content::CheckedDigits(n) => {
            if let Some(fault) = check_digit_fault(&format!("({ai})"), &value[..n]) {
                return Err(fault);
            }
        }
        Content::Date => {
            let field = match element.part {
                "production_date" => "生产日期",
                "expiry" => "失效日期",
                _ => "日期",
            };
            value = by_pattern(&value[..6], "YYMMDD", year)
                .filter(|_| is_time(&value[6..]))
                .ok_or_else(|| CodeFault::Date { field: format!("{field}({ai})"), value: value.clone() })?
                .to_string();
        }
        Content::Digits | Content::Text => {}
    }
    let name = if element.part.is_empty() { format!("ai_{ai}") } else { element.part.to_owned() };
    // The expiry by (17) stands before the expiry with an hour, (7003).
    parts.entry(name).or_insert(value);
    Ok(())
}

/// Whether what follows a date is nothing, or hours and minutes.
fn is_time(digits: &str) -> bool {
    let below = |text: &str, end: u32| text.parse::<u32>().is_ok_and(|number| number < end);
    digits.is_empty()
        || digits.split_at_checked(2).is_some_and(|(hour, minute)| below(hour, 24) && below(minute, 60))
}

fn split_bracketed(text: &str) -> Result<Vec<Found<'_>>, CodeFault> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some((ai, after)) = bracket(rest) else {
            return Err(CodeFault::UnknownIdentifier { identifier: rest.chars().take(6).collect() });
        };
        let element = match at_start(ai) {
            Some((known, element)) if known == ai => element,
            _ => return Err(CodeFault::UnknownIdentifier { identifier: ai.to_owned() }),
        };
        // A bracket may stand in a value; it ends the value where an identifier stands in it.
        let end = after.match_indices('(').map(|(at, _)| at).find(|at| bracket(&after[*at..]).is_some());
        let (value, tail) = after.split_at(end.unwrap_or(after.len()));
        found.push((ai, element, value));
        rest = tail;
    }
    Ok(found)
}

/// An identifier in brackets at the beginning of `text`, and what follows it.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let (ai, after) = text.strip_prefix('(')?.split_once(')')?;
    ((2..=4).contains(&ai.len()) && ai.bytes().all(|b| b.is_ascii_digit())).then_some((ai, after))
}

fn split_scanned(text: &str) -> Result<Vec<Found<'_>>, CodeFault> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(GS);
    while !rest.is_empty() {
        let Some((ai, element)) = at_start(rest) else {
            return Err(CodeFault::UnknownIdentifier { identifier: rest.chars().take(4).collect() });
        };
        let after = &rest[ai.len()..];
        let to_separator = after.find(GS).unwrap_or(after.len());
        let mut end = to_separator;
        if element.predefined {
            // In characters, so that a foreign one never splits; it is refused later.
            end = after.char_indices().nth(element.max).map_or(after.len(), |(at, _)| at).min(to_separator);
        } else if to_separator == after.len() && after.chars().count() > element.max {
            return Err(CodeFault::MissingSeparator { identifier: ai.to_owned() });
        }
        found.push((ai, element, &after[..end]));
        rest = after[end..].trim_start_matches(GS);
    }
    Ok(found)
}
