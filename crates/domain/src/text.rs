//! Foreign text made comparable, and made harmless to look at.

use std::fmt::Write as _;

use std::borrow::Cow;

/// Full-width forms become half-width, every kind of blank one space, invisible characters vanish.
/// Case is kept.
///
/// ```
/// assert_eq!(sunbench_domain::text::half_width("Ｃ０１　支架\u{200b}"), "C01 支架");
/// ```
#[must_use]
pub fn half_width(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).map(half_width_char).collect()
}

/// One character of [`half_width`].
#[must_use]
pub fn half_width_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c if c.is_whitespace() && c != '\n' => ' ',
        c => c,
    }
}

/// Zero-width, bidirectional-control and byte-order characters, fillers and tags: never shown, never matched on.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Characters that turn the text after them round, so that `exe.fdp` reads as `pdf.exe`.
const fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Foreign text for people to look at: what would control a terminal or turn the text round is written out, what
/// shows nothing is left out, a line ends only where it says so. Lines and tabs stay.
///
/// ```
/// use sunbench_domain::text::visible;
/// assert_eq!(visible("附\u{200b}件\u{202e}fdp.exe"), "附件[U+202E]fdp.exe");
/// assert_eq!(visible("\u{1b}[31m红"), "[U+001B][31m红");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_invisible(c) || is_line_end(c));
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if harmless(c) => out.push(c),
            '\r' => {}
            c if is_line_end(c) => out.push(' '),
            c if is_turning(c) || c.is_control() => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            _ => {}
        }
    }
    Cow::Owned(out)
}

/// Ends a line for some readers and not for others.
const fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_see_is_what_is_there() {
        for (text, expected) in [
            ("督办通知\n第二行\t列", "督办通知\n第二行\t列"),
            ("a\r\nb\rc", "a\nbc"),
            ("a\u{2028}b\u{2029}c", "a b c"),
            ("\u{2066}a\u{2069}", "[U+2066]a[U+2069]"),
            ("\0\u{7f}\u{9b}31m\u{7}", "[U+0000][U+007F][U+009B]31m[U+0007]"),
            ("e\u{301}𠮷👍", "e\u{301}𠮷👍"),
            ("\u{feff}\u{e0041}\u{3164}x", "x"),
            ("", ""),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
            assert_eq!(visible(expected), expected, "a second time changes nothing");
        }
        assert!(matches!(visible("支架"), Cow::Borrowed(_)));
    }

    #[test]
    fn width_and_blanks() {
        for (text, expected) in [
            ("ＡＢｃ１２", "ABc12"),
            ("（01）", "(01)"),
            ("a\u{202e}b\u{feff}", "ab"),
            ("一\u{a0}二\t三", "一 二 三"),
        ] {
            assert_eq!(half_width(text), expected);
        }
    }
}
