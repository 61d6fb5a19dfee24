//! Trade item numbers and the check digit that GS1 numbers share.

use super::reading::{compact, first_not};
use super::{CodeFault, Parts, Reading};

pub(super) fn read(value: &str) -> Reading {
    match compact(value) {
        Err((normalized, fault)) => Reading { normalized, parts: Parts::new(), fault: Some(fault) },
        Ok(text) => {
            let fault = fault(&text);
            let mut parts = Parts::new();
            if fault.is_none() {
                parts.insert("format".to_owned(), format!("GTIN-{}", text.len()));
                parts.insert("gtin14".to_owned(), fourteen(&text));
                parts.insert("check".to_owned(), text[text.len() - 1..].to_owned());
            }
            Reading { normalized: text, parts, fault }
        }
    }
}

/// The number as 14 digits, the form in which lengths are compared.
pub(super) fn fourteen(digits: &str) -> String {
    format!("{digits:0>14}")
}

/// Whether a text has the length of a trade item number and nothing but digits.
pub(super) fn is_shaped(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|b| b.is_ascii_digit())
}

fn fault(text: &str) -> Option<CodeFault> {
    if let Some(fault) = first_not(text, |_, c| c.is_ascii_digit()) {
        return Some(fault);
    }
    if !is_shaped(text) {
        return Some(CodeFault::Length { expected: "8、12、13 或 14 位".to_owned(), found: text.len() });
    }
    check_digit_fault("商品条码", text)
}

/// GS1 General Specifications, 7.9.1: weights 3 and 1 from the right, to the next multiple of ten. `digits` are
/// decimal digits, the last of them the check digit.
pub(super) fn check_digit_fault(field: &str, digits: &str) -> Option<CodeFault> {
    if digits.bytes().all(|b| b == b'0') {
        return Some(CodeFault::AllZeros);
    }
    let mut values = digits.bytes().rev().map(|b| u32::from(b.wrapping_sub(b'0')));
    let found = values.next()?;
    let sum: u32 = values.enumerate().map(|(at, value)| if at % 2 == 0 { 3 * value } else { value }).sum();
    let expected = (10 - sum % 10) % 10;
    (expected != found).then(|| CodeFault::CheckCharacter {
        field: field.to_owned(),
        expected: char::from_digit(expected, 10).unwrap_or('0'),
        found: char::from_digit(found, 10).unwrap_or('0'),
    })
}
