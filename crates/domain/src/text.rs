//! Foreign text made comparable: width, case and blanks.

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

/// Zero-width, bidirectional-control and byte-order characters: never shown, never matched on.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

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
