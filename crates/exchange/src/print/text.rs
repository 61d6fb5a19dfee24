//! Text on paper: nothing invisible, broken into lines.

use std::borrow::Cow;
use std::fmt::Write as _;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use super::font::Fonts;

/// UAX #14: where a line may end; no 。 at its beginning, no 「 at its end.
static BREAKS: LineSegmenterBorrowed<'static> =
    LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());

/// Characters that change how others look, or nothing that one sees: on paper they are named.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{10FFFF}')
}

/// Variants of the character before them; the character itself says all.
fn is_variant(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

impl Fonts {
    /// The text as it can be printed: what has no glyph, and what would be invisible, by its code.
    pub(super) fn visible<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let is_plain = |fonts: &mut Self, c: char| {
            c == '\n' || (!is_hidden(c) && !is_variant(c) && fonts.glyph(c).is_some())
        };
        if text.chars().all(|c| is_plain(self, c)) {
            return Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len() + 16);
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            match c {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\r' | '\u{2028}' | '\u{2029}' => shown.push('\n'),
                '\t' => shown.push(' '),
                c if is_plain(self, c) => shown.push(c),
                c if is_variant(c) => {}
                c if c.is_whitespace() => shown.push(' '),
                c => {
                    let _ = write!(shown, "〔U+{:04X}〕", u32::from(c));
                }
            }
        }
        Cow::Owned(shown)
    }

    /// The width of printable text in a line, in points.
    pub(super) fn width(&mut self, text: &str, size: f32) -> f32 {
        text.chars().filter_map(|c| self.glyph(c)).map(|glyph| glyph.advance * size).sum()
    }

    /// Lines of printable text, no wider than `width` points. What has no place to break is broken anywhere.
    pub(super) fn lines(&mut self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            if self.width(paragraph, size) <= width {
                lines.push(paragraph.to_owned());
                continue;
            }
            let (mut start, mut fits) = (0, 0);
            for end in BREAKS.segment_str(paragraph).skip(1) {
                if self.width(paragraph[start..end].trim_end(), size) > width {
                    if fits > start {
                        lines.push(paragraph[start..fits].trim_end().to_owned());
                        start = fits;
                    }
                    while self.width(paragraph[start..end].trim_end(), size) > width {
                        let cut = start + self.fitting(&paragraph[start..end], size, width);
                        lines.push(paragraph[start..cut].to_owned());
                        start = cut;
                    }
                }
                fits = end;
            }
            if start < paragraph.len() {
                lines.push(paragraph[start..].trim_end().to_owned());
            }
        }
        lines
    }

    /// How many bytes fit, at least a character's.
    fn fitting(&mut self, text: &str, size: f32, width: f32) -> usize {
        let mut sum = 0.0;
        for (at, c) in text.char_indices() {
            sum += self.glyph(c).map_or(0.0, |glyph| glyph.advance * size);
            if sum > width && at > 0 {
                return at;
            }
        }
        text.len()
    }
}
