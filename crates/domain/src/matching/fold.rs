//! 规范化: foreign text made comparable, once, when a ledger is read.
//!
//! Keys and codes lose width, case, blanks and what a spreadsheet adds. Names also lose brackets, punctuation and
//! the difference between traditional and simplified characters. Units become one word each.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use crate::text::{half_width_char, is_invisible};

/// What became of a key or code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folded<'a> {
    /// The form to compare; empty where the cell says nothing.
    Text(&'a str),
    /// A spreadsheet cut it to fifteen digits or wrote it as a power of ten; it is never matched on.
    Damaged,
}

/// Cells that mean "nothing".
const BLANK: [&str; 12] = ["-", "--", "/", "\\", "无", "空", "NULL", "N/A", "NA", "#N/A", "NONE", "NAN"];

/// A key or code: half width, upper case, without blanks.
///
/// `scratch` is reused from call to call; a text that needs no change is returned as it is.
pub(super) fn key<'a>(raw: &'a str, scratch: &'a mut String) -> Folded<'a> {
    let plain = |b: u8| matches!(b, b'0'..=b'9' | b'A'..=b'Z' | b'-' | b'_' | b'.');
    let text = if raw.bytes().all(plain) {
        raw
    } else {
        scratch.clear();
        let kept = raw.chars().filter(|c| !is_invisible(*c) && !c.is_control()).map(half_width_char);
        for c in kept.filter(|c| !matches!(c, ' ' | '\'' | '"' | '\u{2018}'..='\u{201d}')) {
            match c {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => scratch.push('-'),
                '\u{3002}' => scratch.push('.'),
                c => scratch.extend(c.to_uppercase()),
            }
        }
        scratch.as_str()
    };
    if is_damaged(text) {
        return Folded::Damaged;
    }
    // A whole number that was read as a number with a fraction: "10023.0".
    let text = match text.split_once('.') {
        Some((whole, fraction))
            if digits(whole) && !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') =>
        {
            whole
        }
        _ => text,
    };
    Folded::Text(if text.len() < 8 && BLANK.contains(&text) { "" } else { text })
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Digits that a spreadsheet keeps of a number.
const KEPT_DIGITS: usize = 15;

/// Whether a spreadsheet cut this: all digits past the fifteenth are nought (two at least, since one number in
/// ten ends in a nought by itself).
pub(super) fn is_cut(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > KEPT_DIGITS + 1 && bytes[KEPT_DIGITS..].iter().all(|b| *b == b'0') && digits(text)
}

/// Whether a spreadsheet spoilt this: it is cut, or written as a power of ten.
fn is_damaged(text: &str) -> bool {
    if is_cut(text) {
        return true;
    }
    let Some((mantissa, power)) = text.split_once('E') else { return false };
    let whole = mantissa.split_once('.').map_or(mantissa, |(whole, _)| whole);
    let signed = power.strip_prefix(['+', '-']);
    digits(whole)
        && digits(signed.unwrap_or(power))
        && power.len() <= 4
        && (signed.is_some() || mantissa.contains('.'))
        && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Traditional characters and the simplified ones for them, character by character (OpenCC's table): both sides go
/// through it, so a word's own exceptions do not matter.
static SIMPLIFIED: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let one = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    hanconv::Dictionary::TSCharacters.iter().filter_map(|(from, to)| Some((one(from)?, one(to)?))).collect()
});

/// A name, a specification or a company: compatibility forms resolved, simplified, upper case, letters and digits
/// only. Between two digits a mark keeps its meaning: `3.0*15` is not `30*15`, and `10-20` is not `1020`.
pub(super) fn name(raw: &str, out: &mut String) {
    // Most names: ASCII, Chinese characters and full-width signs, of which each has its form by itself.
    let is_simple =
        |c: char| matches!(c, '\0'..='~' | '\u{4e00}'..='\u{9fff}' | '、' | '。' | '\u{ff01}'..='\u{ff5e}');
    if raw.chars().all(is_simple) {
        name_of(raw.chars().map(half_width_char), out);
    } else {
        name_of(raw.nfkc(), out);
    }
}

fn name_of(resolved: impl Iterator<Item = char>, out: &mut String) {
    out.clear();
    let mut mark = None;
    for c in resolved.filter(|c| !is_invisible(*c)) {
        let c = if c.is_ascii() { c } else { SIMPLIFIED.get(&c).copied().unwrap_or(c) };
        match c {
            // Signs of measure that are written in many ways.
            '×' | '✕' | '✖' | '*' => out.push('X'),
            'φ' | 'Φ' | 'ø' | 'Ø' | '∅' | 'ф' | 'Ф' => out.push('Φ'),
            'µ' | 'μ' | 'Μ' => out.push('U'),
            '\u{4e00}'..='\u{9fff}' | '#' | '%' | '℃' | '°' | '+' => out.push(c),
            c if c.is_alphanumeric() => {
                if let Some(mark) = mark
                    && c.is_ascii_digit()
                    && out.ends_with(|last: char| last.is_ascii_digit())
                {
                    out.push(mark);
                }
                if c.is_ascii() {
                    out.push(c.to_ascii_uppercase());
                } else {
                    out.extend(c.to_uppercase());
                }
            }
            '.' | '。' => {
                mark = Some('.');
                continue;
            }
            c if c.is_whitespace() => continue,
            _ => {
                mark = mark.or(Some('-'));
                continue;
            }
        }
        mark = None;
    }
    if BLANK.contains(&out.as_str()) {
        out.clear();
    }
}

/// A company: its name without the legal form at its end, which ledgers shorten as they like.
pub(super) fn company(raw: &str, out: &mut String) {
    name(raw, out);
    for form in ["有限责任公司", "股份有限公司", "有限公司", "公司"] {
        if let Some(short) = out.strip_suffix(form).filter(|short| short.chars().count() >= 2) {
            let length = short.len();
            out.truncate(length);
            return;
        }
    }
}

/// A unit as one word: what stands in brackets or after a slash is how it is packed, not what it is; words for the
/// same thing become one.
///
/// ```text
/// 盒（10支） → 盒    支/盒 → 盒 (the last is what is counted)    PCS → 个
/// ```
pub(super) fn unit(raw: &str, out: &mut String) {
    let text: String = raw.nfkc().collect();
    let text = text.split(['(', '[', '【', '〔']).next().unwrap_or_default();
    let text = text.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    name(text, out);
    let bare = out.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let word = UNITS.iter().find(|(_, words)| words.contains(&bare)).map_or(bare, |(word, _)| *word);
    let word = word.to_owned();
    out.clear();
    out.push_str(&word);
}

/// Units and other words for the same unit. Different counting words stay different: 支 and 个 may be two packings.
const UNITS: [(&str, &[&str]); 12] = [
    ("个", &["個", "箇", "EA", "EACH", "PC", "PCS", "PIECE", "PIECES", "PCE"]),
    ("支", &["枝"]),
    ("盒", &["BOX", "BOXES", "BX"]),
    ("包", &["PACK", "PACKS", "PK", "PKG", "PACKAGE"]),
    ("袋", &["BAG", "BAGS"]),
    ("套", &["SET", "SETS"]),
    ("卷", &["ROLL", "ROLLS", "捲"]),
    ("双", &["PAIR", "PAIRS", "PR"]),
    ("瓶", &["BOTTLE", "BOTTLES", "BT"]),
    ("箱", &["CARTON", "CARTONS", "CASE", "CTN"]),
    ("片", &["PIECE/片", "TABLET"]),
    ("千克", &["公斤", "KG"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let mut scratch = String::new();
        for (raw, expected) in [
            ("PO-2024_01", Folded::Text("PO-2024_01")),
            (" ｐｏ２０２４\u{200b}—01 ", Folded::Text("PO2024-01")),
            ("'00123", Folded::Text("00123")),
            ("10023.0", Folded::Text("10023")),
            ("V1.0", Folded::Text("V1.0")),
            ("/", Folded::Text("")),
            ("n/a", Folded::Text("")),
            ("12345678901234500000", Folded::Damaged),
            ("12345678901234500", Folded::Damaged),
            ("1234567890123450", Folded::Text("1234567890123450")),
            ("1.23457E+19", Folded::Damaged),
            ("2E5", Folded::Text("2E5")),
            ("C0101010000000000000", Folded::Text("C0101010000000000000")),
        ] {
            assert_eq!(key(raw, &mut scratch), expected, "{raw:?}");
        }
    }

    #[test]
    fn names() {
        let mut out = String::new();
        for (a, b, same) in [
            ("国药控股（深圳）有限公司", "国药控股(深圳)有限公司", true),
            ("國藥控股深圳有限公司", "国药控股 深圳 有限公司", true),
            ("一次性使用無菌注射器【帶針】", "一次性使用无菌注射器[带针]", true),
            ("Φ3.0×15㎜", "φ3.0*15mm", true),
            ("3.0*15", "30*15", false),
            ("10-20", "1020", false),
            ("Ⅱ型", "II型", true),
            ("１．５ｍｌ", "1.5ml", true),
            ("A-B", "AB", true),
            ("＋2.5D", "-2.5D", false),
        ] {
            name(a, &mut out);
            let first = out.clone();
            name(b, &mut out);
            assert_eq!(first == out, same, "{a} and {b}: {first} and {out}");
        }
    }

    #[test]
    fn units() {
        let mut out = String::new();
        for (raw, expected) in [
            ("盒（10支）", "盒"),
            ("10支/盒", "盒"),
            ("個", "个"),
            ("pcs", "个"),
            ("枝", "支"),
            ("", ""),
            ("/", ""),
        ] {
            unit(raw, &mut out);
            assert_eq!(out, expected, "{raw:?}");
        }
    }
}
