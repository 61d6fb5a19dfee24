//! Tables: their headings come again on every page, and a row that is higher than a page goes on on the next.

use super::paper::{Align, Paper, Style};

/// Lines that a row seldom exceeds, its padding counted.
const ROW_BELOW: usize = 6;
/// Between a cell's border and its text, in points.
const PAD_X: f32 = 3.0;
const PAD_Y: f32 = 2.0;

/// A column: its heading, its share of the width, where its text stands.
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) share: f32,
    pub(super) align: Align,
}

pub(super) const fn column(heading: &'static str, share: f32, align: Align) -> Column {
    Column { heading, share, align }
}

/// A table in the making.
pub(super) struct Table<'p> {
    paper: &'p mut Paper,
    /// Left edge and width of each.
    places: Vec<(f32, f32)>,
    aligns: Vec<Align>,
    headings: Vec<Vec<String>>,
    style: Style,
    /// Where the upright rules of the rows so far begin.
    top: f32,
}

impl<'p> Table<'p> {
    /// Begins with the headings. `size` is in points.
    pub(super) fn new(paper: &'p mut Paper, columns: &[Column], size: f32) -> Self {
        let sum: f32 = columns.iter().map(|column| column.share).sum();
        let mut x = paper.left();
        let mut places = Vec::new();
        for column in columns {
            let width = paper.measure() * column.share / sum;
            places.push((x, width));
            x += width;
        }
        let headings = columns
            .iter()
            .zip(&places)
            .map(|(column, (_, width))| paper.fonts.lines(column.heading, size, width - 2.0 * PAD_X))
            .collect();
        let style = Style::plain(size);
        let aligns = columns.iter().map(|column| column.align).collect();
        let mut table = Self { paper, places, aligns, headings, style, top: 0.0 };
        let least = table.heading_height() + style.line_height() * 3.0;
        table.paper.keep(least);
        table.put_headings();
        table
    }

    fn heading_height(&self) -> f32 {
        if self.headings.iter().flatten().all(String::is_empty) {
            return 0.0;
        }
        let lines = self.headings.iter().map(Vec::len).max().unwrap_or(0);
        self.style.height(lines) + 2.0 * PAD_Y
    }

    fn edges(&self) -> (f32, f32) {
        (self.paper.left(), self.paper.left() + self.paper.measure())
    }

    fn put_headings(&mut self) {
        let (left, right) = self.edges();
        self.top = self.paper.y;
        self.paper.rule((left, self.top), (right, self.top));
        let height = self.heading_height();
        if height <= 0.0 {
            return;
        }
        self.paper.shade(left, self.top, right - left, height);
        let style = Style { bold: true, ..self.style };
        for (lines, (x, width)) in self.headings.iter().zip(&self.places) {
            let spare = height - style.height(lines.len());
            self.paper.y = self.top + spare / 2.0;
            for line in lines {
                self.paper.put(line, style, Align::Centre, *x, *width);
                self.paper.y += style.line_height();
            }
        }
        self.paper.y = self.top + height;
        self.underline();
    }

    fn underline(&mut self) {
        let (left, right) = self.edges();
        let y = self.paper.y;
        self.paper.rule((left, y), (right, y));
    }

    /// The upright rules from where they began; `inner` ones too.
    fn close(&mut self, inner: bool) {
        let (top, bottom) = (self.top, self.paper.y);
        if bottom > top {
            let (left, right) = self.edges();
            let starts = self.places.iter().skip(1).map(|(x, _)| *x);
            let inside: Vec<f32> = if inner { starts.collect() } else { Vec::new() };
            for x in inside.into_iter().chain([left, right]) {
                self.paper.rule((x, top), (x, bottom));
            }
        }
        self.top = bottom;
    }

    fn turn(&mut self) {
        self.close(true);
        self.paper.turn();
        self.put_headings();
    }

    /// A row.
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.styled(cells, self.style);
    }

    /// A row of sums.
    pub(super) fn total(&mut self, cells: &[&str]) {
        self.styled(cells, Style { bold: true, ..self.style });
    }

    fn styled(&mut self, cells: &[&str], style: Style) {
        let size = style.size;
        let lines: Vec<Vec<String>> = cells
            .iter()
            .zip(&self.places)
            .map(|(cell, (_, width))| {
                let text = self.paper.fonts.visible(cell);
                self.paper.fonts.lines(&text, size, width - 2.0 * PAD_X)
            })
            .collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let line_height = style.line_height();
        let mut done = 0;
        while done < most {
            let height = style.height(most - done) + 2.0 * PAD_Y;
            let mut count = most - done;
            if self.paper.room() < height {
                let fitting = ((self.paper.room() - 2.0 * PAD_Y) / line_height).floor().max(0.0) as usize;
                // A row stays together unless a page is too low for it.
                let page = ((self.page_room() - 2.0 * PAD_Y) / line_height).floor().max(1.0) as usize;
                if fitting == 0 || count <= page {
                    self.turn();
                    continue;
                }
                count = fitting.min(count);
            }
            self.put_row(&lines, done, count, style);
            done += count;
        }
    }

    /// What a new page has below the headings.
    fn page_room(&self) -> f32 {
        self.paper.page_room() - self.heading_height()
    }

    fn put_row(&mut self, lines: &[Vec<String>], first: usize, count: usize, style: Style) {
        let top = self.paper.y;
        let height = style.height(count) + 2.0 * PAD_Y;
        for ((cell, (x, width)), align) in lines.iter().zip(&self.places).zip(&self.aligns) {
            // In the middle of the row, unless the row goes on.
            let spare = if lines.iter().all(|cell| cell.len() <= count) { count - cell.len() } else { 0 };
            self.paper.y = top + PAD_Y + style.height(spare) / 2.0;
            for line in cell.iter().skip(first).take(count) {
                self.paper.put(line, style, *align, x + PAD_X, width - 2.0 * PAD_X);
                self.paper.y += style.line_height();
            }
        }
        self.paper.y = top + height;
        self.underline();
    }

    /// Text over the whole width, kept with the row below where that is no higher than most are.
    pub(super) fn band(&mut self, text: &str) {
        let style = Style { bold: true, ..self.style };
        let (left, right) = self.edges();
        let width = right - left - 2.0 * PAD_X;
        let text = self.paper.fonts.visible(text).into_owned();
        let lines = self.paper.fonts.lines(&text, style.size, width);
        if self.paper.room() < style.height(lines.len().min(3) + ROW_BELOW) {
            self.turn();
        }
        self.close(true);
        self.paper.y += PAD_Y;
        for line in &lines {
            if self.paper.room() < style.line_height() + PAD_Y {
                self.close(false);
                self.turn();
                self.close(true);
            }
            self.paper.put(line, style, Align::Start, left + PAD_X, width);
            self.paper.y += style.line_height();
        }
        self.paper.y += PAD_Y;
        self.underline();
        self.close(false);
    }

    /// The last rules.
    pub(super) fn finish(mut self) {
        self.close(true);
    }
}

/// Empty boxes beside each other, each with what is to be written into it. They stay together.
pub(super) fn boxes(paper: &mut Paper, names: &[&str], height: f32) {
    const STYLE: Style = Style::plain(10.0);
    paper.keep(height);
    let (left, top) = (paper.left(), paper.y);
    let width = paper.measure() / f32::from(u16::try_from(names.len()).unwrap_or(u16::MAX));
    let bottom = top + height;
    let mut x = left;
    paper.y = top + 5.0;
    for name in names {
        paper.put(name, STYLE, Align::Start, x + 6.0, width - 12.0);
        paper.rule((x, top), (x, bottom));
        x += width;
    }
    paper.rule((x, top), (x, bottom));
    paper.rule((left, top), (x, top));
    paper.rule((left, bottom), (x, bottom));
    paper.y = bottom;
}
