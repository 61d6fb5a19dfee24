//! Paper: pages that fill from the top, and the PDF that comes of them.

use chrono::{Datelike as _, NaiveDate};
use krilla::color::luma;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::KrillaGlyph;
use krilla::{Document, SerializeSettings};

use super::PrintError;
use super::font::Fonts;

/// Points a millimetre.
const MM: f32 = 72.0 / 25.4;
/// Above.
const MARGIN: f32 = 15.0 * MM;
/// Below; the foot stands in it.
const FOOT: f32 = 17.0 * MM;
/// A line's height by its size.
const LEADING: f32 = 1.38;

/// A4 one way or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Orientation {
    Portrait,
    Landscape,
}

/// Where text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Centre,
    End,
}

/// How text is set. The size is in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) bold: bool,
}

impl Style {
    pub(super) const fn plain(size: f32) -> Self {
        Self { size, bold: false }
    }

    pub(super) const fn bold(size: f32) -> Self {
        Self { size, bold: true }
    }

    /// In points.
    pub(super) fn line_height(self) -> f32 {
        self.size * LEADING
    }

    /// The height of so many lines.
    pub(super) fn height(self, lines: usize) -> f32 {
        f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * self.line_height()
    }
}

struct Text {
    x: f32,
    baseline: f32,
    style: Style,
    content: String,
}

#[derive(Default)]
struct Leaf {
    shades: Vec<Rect>,
    /// From, to.
    rules: Vec<(Point, Point)>,
    texts: Vec<Text>,
}

/// Pages in the making.
pub(super) struct Paper {
    pub(super) fonts: Fonts,
    width: f32,
    height: f32,
    /// Left and right.
    side: f32,
    leaves: Vec<Leaf>,
    /// Where the next thing begins, from the top of the page.
    pub(super) y: f32,
}

impl Paper {
    pub(super) fn new(fonts: Fonts, orientation: Orientation) -> Self {
        let (short, long) = (210.0 * MM, 297.0 * MM);
        let (width, height, side) = match orientation {
            Orientation::Portrait => (short, long, 23.0 * MM),
            Orientation::Landscape => (long, short, 15.0 * MM),
        };
        Self { fonts, width, height, side, leaves: vec![Leaf::default()], y: MARGIN }
    }

    pub(super) fn left(&self) -> f32 {
        self.side
    }

    /// Between the margins.
    pub(super) fn measure(&self) -> f32 {
        self.width - 2.0 * self.side
    }

    /// What is left of the page.
    pub(super) fn room(&self) -> f32 {
        self.height - FOOT - self.y
    }

    /// What an empty page has.
    pub(super) fn page_room(&self) -> f32 {
        self.height - FOOT - MARGIN
    }

    pub(super) fn is_at_top(&self) -> bool {
        self.y <= MARGIN
    }

    pub(super) fn turn(&mut self) {
        self.leaves.push(Leaf::default());
        self.y = MARGIN;
    }

    /// Turns the page where less than `height` is left of it.
    pub(super) fn keep(&mut self, height: f32) {
        if self.room() < height && !self.is_at_top() {
            self.turn();
        }
    }

    pub(super) fn space(&mut self, height: f32) {
        self.y += height;
    }

    fn leaf(&mut self) -> &mut Leaf {
        self.leaves.last_mut().expect("there is a first page")
    }

    /// A line of printable text at the present height; the height stays.
    pub(super) fn put(&mut self, text: &str, style: Style, align: Align, x: f32, width: f32) {
        if text.is_empty() {
            return;
        }
        let slack = width - self.fonts.width(text, style.size);
        let x = match align {
            Align::Start => x,
            Align::Centre => x + slack / 2.0,
            Align::End => x + slack,
        };
        // The font's ascent is 0.88 of its size: so the line stands in the middle of its height.
        let baseline = self.y + style.line_height() / 2.0 + style.size * 0.36;
        self.leaf().texts.push(Text { x, baseline, style, content: text.to_owned() });
    }

    /// Text of any length between the margins.
    pub(super) fn paragraph(&mut self, text: &str, style: Style, align: Align) {
        let (left, measure) = (self.left(), self.measure());
        let text = self.fonts.visible(text).into_owned();
        for line in self.fonts.lines(&text, style.size, measure) {
            self.keep(style.line_height());
            self.put(&line, style, align, left, measure);
            self.y += style.line_height();
        }
    }

    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32)) {
        self.leaf().rules.push((Point::from_xy(from.0, from.1), Point::from_xy(to.0, to.1)));
    }

    /// A light ground below what is put there later.
    pub(super) fn shade(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.leaf().shades.extend(Rect::from_xywh(x, y, width, height));
    }

    /// The PDF; with a title and a date it is PDF/A-2u, for the archive. `foot` makes a page's foot, left and right, of its number and how many there are.
    /// `made_on` is the document's date; nothing in it comes from a clock.
    pub(super) fn finish(
        mut self,
        title: &str,
        made_on: Option<NaiveDate>,
        foot: impl Fn(usize, usize) -> (String, String),
    ) -> Result<Vec<u8>, PrintError> {
        const SMALL: Style = Style::plain(7.5);
        let pages = self.leaves.len();
        let mut configuration = ConfigurationBuilder::new();
        if made_on.is_some() && !title.is_empty() {
            configuration = configuration.with_archival_validator(Archival::A2_U);
        }
        let configuration =
            configuration.finish().map_err(|error| PrintError::Write(format!("{error:?}")))?;
        let mut document =
            Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
        let settings = PageSettings::from_wh(self.width, self.height)
            .ok_or_else(|| PrintError::Write("the page has no size".to_owned()))?;
        for (index, leaf) in std::mem::take(&mut self.leaves).into_iter().enumerate() {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            self.draw(&mut surface, &leaf);
            let (start, end) = foot(index + 1, pages);
            self.leaves = vec![Leaf::default()];
            self.y = self.height - FOOT + 6.0;
            let (left, measure) = (self.left(), self.measure());
            self.rule((left, self.y), (left + measure, self.y));
            self.y += 3.0;
            let end = self.fonts.visible(&end).into_owned();
            self.put(&end, SMALL, Align::End, left, measure);
            // What does not fit beside the page's number is cut; it stands on the first page too.
            let room = measure - self.fonts.width(&end, SMALL.size) - 2.0 * SMALL.size;
            let start = self.fonts.visible(&start).into_owned();
            let mut start = self.fonts.lines(&start, SMALL.size, room).into_iter();
            let first = start.next().unwrap_or_default();
            let more = if start.next().is_some() { "…" } else { "" };
            self.put(&format!("{first}{more}"), SMALL, Align::Start, left, measure);
            let foot = std::mem::take(self.leaf());
            self.draw(&mut surface, &foot);
            surface.finish();
            page.finish();
        }
        let mut metadata = Metadata::new()
            .title(title.to_owned())
            .language("zh-CN".to_owned())
            .producer("Sunbench".to_owned());
        if let Some(day) = made_on {
            let date =
                DateTime::new(day.year().clamp(0, 9999) as u16).month(day.month() as u8).day(day.day() as u8);
            metadata = metadata.creation_date(date);
        }
        document.set_metadata(metadata);
        document.finish().map_err(|error| PrintError::Write(error.to_string()))
    }

    fn draw(&mut self, surface: &mut Surface<'_>, leaf: &Leaf) {
        if !leaf.shades.is_empty() {
            let mut path = PathBuilder::new();
            leaf.shades.iter().for_each(|shade| path.push_rect(*shade));
            surface.set_stroke(None);
            surface.set_fill(Some(Fill { paint: luma::Color::new(236).into(), ..Fill::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        if !leaf.rules.is_empty() {
            let mut path = PathBuilder::new();
            for (from, to) in &leaf.rules {
                path.move_to(from.x, from.y);
                path.line_to(to.x, to.y);
            }
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { width: 0.5, ..Stroke::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        surface.set_fill(Some(Fill::default()));
        for text in &leaf.texts {
            let stroke = Stroke { width: text.style.size * 0.032, ..Stroke::default() };
            surface.set_stroke(text.style.bold.then_some(stroke));
            self.write(surface, text);
        }
    }

    /// Runs of one face each.
    fn write(&mut self, surface: &mut Surface<'_>, text: &Text) {
        let mut x = text.x;
        let mut run: Vec<KrillaGlyph> = Vec::new();
        let mut run_face = None;
        let mut run_x = x;
        let flush = |surface: &mut Surface<'_>, fonts: &Fonts, face, at: f32, run: &mut Vec<KrillaGlyph>| {
            if let Some(face) = face {
                let start = Point::from_xy(at, text.baseline);
                surface.draw_glyphs(start, run, fonts.face(face), &text.content, text.style.size, false);
                run.clear();
            }
        };
        for (at, c) in text.content.char_indices() {
            let Some(glyph) = self.fonts.glyph(c) else { continue };
            if run_face.is_none_or(|face: super::font::Glyph| face.face != glyph.face) {
                flush(surface, &self.fonts, run_face, run_x, &mut run);
                (run_face, run_x) = (Some(glyph), x);
            }
            let range = at..at + c.len_utf8();
            run.push(KrillaGlyph::new(glyph.id, glyph.advance, 0.0, 0.0, 0.0, range, None));
            x += glyph.advance * text.style.size;
        }
        flush(surface, &self.fonts, run_face, run_x, &mut run);
    }
}
