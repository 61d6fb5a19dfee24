//! What a terminal gets to see: foreign text controls nothing there and looks like nothing else.

use std::fmt::Write as _;

use sunbench_domain::text::is_invisible;

/// A foreign text within a line: it cannot begin a line of its own.
pub(crate) fn one_line(text: &str) -> String {
    sunbench_app::visible(text).replace(['\n', '\t'], " ")
}

/// A JSON document with every character that a terminal could obey, or a reader could overlook, written as an escape.
/// Scripts read the same values.
pub(crate) fn escaped(json: String) -> String {
    if json.chars().all(is_harmless) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if is_harmless(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// Line ends stand between values only; inside of texts they are escapes already.
fn is_harmless(c: char) -> bool {
    // Most of a document: ASCII and Chinese characters.
    matches!(c, ' '..='~' | '\n' | '\u{4e00}'..='\u{9fff}')
        || !(c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_a_line() {
        for (text, expected) in [
            ("标题\n9999 已办结", "标题 9999 已办结"),
            ("a\r\u{1b}]0;x\u{7}b", "a[U+001B]]0;x[U+0007]b"),
            ("\u{202e}fdp", "[U+202E]fdp"),
        ] {
            assert_eq!(one_line(text), expected);
        }
    }

    #[test]
    fn a_document_keeps_its_values() {
        let value = serde_json::json!({ "title": "a\u{9b}31m\u{202e}b\u{e0041}\u{1b}[0m\0支架👍\u{200b}\u{7f}\u{2028}" });
        let text = escaped(value.to_string());
        assert!(
            text.chars().all(|c| !c.is_control() && !"\u{9b}\u{202e}\u{e0041}\u{200b}".contains(c)),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.contains("支架👍"), "{text}");
    }
}
