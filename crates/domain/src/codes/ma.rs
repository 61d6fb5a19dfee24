//! MA codes (IDcode, 中关村工信二维码技术研究院): the second agency for device identifiers in China.
//!
//! `MA.156.M0.100761.21234561.Sx00008.M220117.L2201.E240116.C3`: issuer, country, industry (M0, medical
//! devices), registrant, product; then production data, each with its letter. The check characters follow rules
//! that the agency no longer publishes, so the form alone is judged. Case matters in lots and serial numbers.

use super::dates::by_pattern;
use super::gs1::GS;
use super::{CodeFault, Parts, Reading};

/// The letter of a production datum, its name among the parts, its Chinese name if it is a date.
const DATA: &[(char, &str, Option<&str>)] = &[
    ('S', "serial", None),
    ('M', "production_date", Some("生产日期")),
    ('P', "production_date", Some("生产日期")), // the letter used before M
    ('L', "lot", None),
    ('D', "sterilization_lot", None),
    ('E', "expiry", Some("失效日期")),
    ('V', "valid_until", Some("有效期")),
    ('C', "check", None),
];

/// The greatest length of a value; the manual says variable.
const LONGEST: usize = 40;

/// A segment by its place: its name among the parts, what may stand in it, how long it may be.
type Shape<'a> = (usize, &'a str, &'a dyn Fn(char) -> bool, std::ops::RangeInclusive<usize>);

pub(super) fn read(text: &str, year: i32) -> Reading {
    let text: String = text.chars().filter(|c| !matches!(*c, ' ' | GS)).collect();
    let mut segments: Vec<String> = text.split('.').map(ToOwned::to_owned).collect();
    // MA, the country and the industry have no case; everything after them has.
    for segment in segments.iter_mut().take(3) {
        segment.make_ascii_uppercase();
    }
    let normalized = segments.join(".");
    let mut parts = Parts::new();
    let fault = judge(&segments, year, &mut parts).err();
    Reading { normalized, parts, fault }
}

fn judge(segments: &[String], year: i32, parts: &mut Parts) -> Result<(), CodeFault> {
    let position =
        |segment: usize| segments.iter().take(segment).map(|one| one.chars().count() + 1).sum::<usize>();
    if segments.len() < 5 {
        return Err(CodeFault::Segments { found: segments.len() });
    }
    let digit = |c: char| c.is_ascii_digit();
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    let name_like = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let shapes: [Shape<'_>; 4] = [
        (1, "country", &digit, 3..=3),
        (2, "industry", &alphanumeric, 2..=2),
        (3, "registrant", &digit, 6..=6),
        (4, "product", &name_like, 3..=LONGEST),
    ];
    for (at, name, allowed, lengths) in shapes {
        let segment = &segments[at];
        if let Some((offset, found)) = segment.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            return Err(CodeFault::Character { position: position(at) + offset + 1, found });
        }
        if !lengths.contains(&segment.len()) {
            return Err(CodeFault::ElementLength {
                identifier: format!("第 {} 段", at + 1),
                found: segment.len(),
            });
        }
        parts.insert(name.to_owned(), segment.clone());
    }
    if !segments[2].starts_with('M') {
        return Err(CodeFault::Character {
            position: position(2) + 1,
            found: segments[2].chars().next().unwrap_or(' '),
        });
    }
    parts.insert("issuer".to_owned(), "MA".to_owned());
    parts.insert("di".to_owned(), segments[..5].join("."));
    for segment in &segments[5..] {
        let mut chars = segment.chars();
        let letter = chars.next().map(|c| c.to_ascii_uppercase());
        let value = chars.as_str();
        let Some((letter, name, date)) = DATA.iter().find(|(known, ..)| Some(*known) == letter) else {
            return Err(CodeFault::UnknownIdentifier {
                identifier: format!(".{}", segment.chars().take(6).collect::<String>()),
            });
        };
        let identifier = format!(".{letter}");
        if value.is_empty() || value.chars().count() > LONGEST {
            return Err(CodeFault::ElementLength { identifier, found: value.chars().count() });
        }
        if let Some(found) = value.chars().find(|c| !c.is_ascii_graphic()) {
            return Err(CodeFault::ElementCharacter { identifier, found });
        }
        let value = if let Some(field) = date {
            let pattern = if value.len() == 8 { "YYYYMMDD" } else { "YYMMDD" };
            by_pattern(value, pattern, year)
                .ok_or_else(|| CodeFault::Date { field: (*field).to_owned(), value: value.to_owned() })?
                .to_string()
        } else {
            value.to_owned()
        };
        if parts.insert((*name).to_owned(), value).is_some() {
            return Err(CodeFault::RepeatedIdentifier { identifier });
        }
    }
    // Some labels carry only 有效期 (V), the last day of use; 失效期 (E) is asked for everywhere.
    if let (None, Some(until)) = (parts.get("expiry"), parts.get("valid_until").cloned()) {
        parts.insert("expiry".to_owned(), until);
    }
    Ok(())
}
