//! Codes of fixed fields: consumables, institutions, organisations.

use super::reading::{compact, first_not};
use super::{CodeFault, Parts, Reading};

/// 医保医用耗材编码规则和方法: C, a category of 2 + 2 + 2 digits, 3 for the generic name, 5 for the
/// feature, 5 for the company; 7 more for the model. There is no check digit.
const MCS: &[(&str, usize)] = &[
    ("category1", 2),
    ("category2", 2),
    ("category3", 2),
    ("generic_name", 3),
    ("feature", 5),
    ("company", 5),
    ("model", 7),
];

/// 医保定点医疗机构编码规则和方法: H, the administrative division (GB/T 2260), a running number.
const INSTITUTION: &[(&str, usize)] = &[("division", 6), ("serial", 5)];

/// GB 32100-2015, 4.2: who registers, the kind of organisation, the division, the organisation code with its
/// own check character, the check character.
const USCC: &[(&str, usize)] =
    &[("registration_authority", 1), ("category", 1), ("division", 6), ("organization", 9), ("check", 1)];

/// GB 32100-2015, 4.3: no I, O, S, V, Z.
const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

pub(super) fn mcs(value: &str) -> Reading {
    lettered(value, 'C', &[20, 27], "20 位或 27 位", MCS)
}

pub(super) fn institution(value: &str) -> Reading {
    lettered(value, 'H', &[12], "12 位", INSTITUTION)
}

/// A letter and then digits only.
fn lettered(
    value: &str,
    letter: char,
    lengths: &[usize],
    expected: &str,
    fields: &[(&str, usize)],
) -> Reading {
    let text = match compact(value) {
        Ok(text) => text,
        Err((normalized, fault)) => return Reading { normalized, parts: Parts::new(), fault: Some(fault) },
    };
    let length = text.chars().count();
    let fault = if !text.starts_with(letter) {
        Some(CodeFault::Prefix { expected: letter.to_string() })
    } else if let Some(fault) = first_not(&text, |at, c| at == 0 || c.is_ascii_digit()) {
        Some(fault)
    } else if !lengths.contains(&length) {
        Some(CodeFault::Length { expected: expected.to_owned(), found: length })
    } else {
        None
    };
    let parts = if fault.is_none() { cut(&text[1..], fields) } else { Parts::new() };
    Reading { normalized: text, parts, fault }
}

pub(super) fn uscc(value: &str) -> Reading {
    let text = match compact(value) {
        Ok(text) => text,
        Err((normalized, fault)) => return Reading { normalized, parts: Parts::new(), fault: Some(fault) },
    };
    let length = text.chars().count();
    let is_division = |at: usize| (2..8).contains(&at);
    let fault =
        first_not(
            &text,
            |at, c| {
                if is_division(at) { c.is_ascii_digit() } else { USCC_ALPHABET.contains(c) }
            },
        )
        .or_else(|| {
            (length != 18).then(|| CodeFault::Length { expected: "18 位".to_owned(), found: length })
        })
        .or_else(|| uscc_check_fault(&text));
    let readable = matches!(fault, None | Some(CodeFault::CheckCharacter { .. }));
    let parts = if readable { cut(&text, USCC) } else { Parts::new() };
    Reading { normalized: text, parts, fault }
}

/// GB 32100-2015, 4.4: weights 3^(i−1) mod 31, check 31 − (Σ mod 31), with 31 written as 0.
fn uscc_check_fault(text: &str) -> Option<CodeFault> {
    if text.chars().all(|c| c == '0') {
        return Some(CodeFault::AllZeros);
    }
    let mut weight = 1;
    let mut sum = 0;
    for c in text.chars().take(17) {
        sum += weight * USCC_ALPHABET.find(c)?;
        weight = weight * 3 % 31;
    }
    let expected = USCC_ALPHABET.chars().nth((31 - sum % 31) % 31)?;
    let found = text.chars().nth(17)?;
    (expected != found).then(|| CodeFault::CheckCharacter {
        field: "统一社会信用代码".to_owned(),
        expected,
        found,
    })
}

/// Cuts an ASCII text into its fields; fields past its end are left out.
fn cut(text: &str, fields: &[(&str, usize)]) -> Parts {
    let mut parts = Parts::new();
    let mut rest = text;
    for (name, length) in fields {
        let Some((field, tail)) = rest.split_at_checked(*length) else { break };
        parts.insert((*name).to_owned(), field.to_owned());
        rest = tail;
    }
    parts
}
