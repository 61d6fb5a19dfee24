//! Product, company and institution codes, as typed, scanned or pasted.

use sunbench_domain::codes::{CodeKind, check, check_at};

/// The first line's word picks a kind, or all of them are tried.
pub(crate) fn codes(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for kind in CodeKind::ALL {
        let code = check(kind, &text);
        assert_eq!(code.valid, code.fault.is_none());
        assert_eq!(code.valid, code.reason.is_none(), "a refusal has a reason, and only a refusal");
        if let Some(reason) = &code.reason {
            assert!(!reason.is_empty() && !reason.contains(char::is_control), "{reason:?}");
            assert!(reason.chars().count() < 200, "a reason is a sentence: {reason}");
        }
        assert!(!code.normalized.contains(char::is_control), "{:?}", code.normalized);
        assert!(code.normalized.len() <= 2 * text.len() + 32, "normalising does not inflate");
        if code.valid {
            let again = check(kind, &code.normalized);
            assert!(again.valid, "{kind} {}: {:?}", code.normalized, again.reason);
            assert_eq!((again.normalized, again.parts), (code.normalized.clone(), code.parts.clone()));
            for name in ["expiry", "production_date"] {
                if let Some(date) = code.parts.get(name) {
                    let read: chrono::NaiveDate =
                        date.parse().unwrap_or_else(|e| panic!("{kind} {name} {date}: {e}"));
                    assert_eq!(read.to_string(), *date);
                }
            }
            // The century of a two-digit year is all that the current year decides.
            assert!(check_at(kind, &text, 2036).normalized == code.normalized);
        }
        let json = serde_json::to_string(&code).expect("a check has a JSON form");
        let back: sunbench_domain::codes::CodeCheck =
            serde_json::from_str(&json).expect("and is read from it");
        assert_eq!(back, code);
    }
}
