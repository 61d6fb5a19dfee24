//! Tables of cases, agreement with an independent library, and properties over any text.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod devices;
mod independent;
mod numbers;
mod properties;

use super::{CodeKind, check};

/// Judges a value as valid and compares its normalised form and some parts.
#[track_caller]
fn valid(kind: CodeKind, value: &str, normalized: &str, parts: &[(&str, &str)]) {
    let code = check(kind, value);
    assert_eq!((code.reason.as_deref(), code.valid), (None, true), "{value}");
    assert_eq!(code.normalized, normalized, "{value}");
    for (name, expected) in parts {
        assert_eq!(code.parts.get(*name).map(String::as_str), Some(*expected), "{name} of {value}");
    }
}

/// Judges a value as invalid for the reason given in Chinese.
#[track_caller]
fn invalid(kind: CodeKind, value: &str, reason: &str) {
    let code = check(kind, value);
    assert_eq!((code.reason.as_deref(), code.valid), (Some(reason), false), "{value}");
    assert!(code.fault.is_some());
}
