//! A row as its file holds it.

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Nothing, or blanks only.
    Empty,
    /// Text as it was written; a number typed as text is text.
    Text,
    /// A number, as decimal text of at most 15 significant digits: a spreadsheet keeps no more.
    Number,
    /// A date, with a time where there was one: `2026-03-01`, `2026-03-01T08:30:00`.
    Date,
    /// No value: an error such as `#N/A`, or a formula whose program stored no result.
    Error,
}

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What it holds.
    pub kind: CellKind,
    /// Its text, without blanks at its ends.
    pub text: &'a str,
}

/// Cells in their order, and where they stand in their file.
pub(crate) trait Cells {
    /// The row's number as a spreadsheet shows it, from 1.
    fn number(&self) -> u32;

    /// The cell of a column, from 0; past the end it is empty.
    fn cell(&self, column: usize) -> Cell<'_>;

    /// All cells, from the first column on.
    fn cells(&self) -> impl Iterator<Item = Cell<'_>>;
}

impl Cell<'_> {
    /// What stands past a row's end.
    pub(super) const EMPTY: Self = Cell { kind: CellKind::Empty, text: "" };
}

/// A cell, and where its text stands in its row's.
#[derive(Debug, Clone, Copy)]
struct Part {
    kind: CellKind,
    start: u32,
    end: u32,
}

/// A row, and where it stands in its file. One is used for all rows of a table.
#[derive(Debug, Default)]
pub struct Row {
    number: u32,
    text: String,
    cells: Vec<Part>,
}

impl Row {
    /// The row's number as a spreadsheet shows it, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The number of cells up to the last one that holds something.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.kind == CellKind::Empty)
    }

    /// The cell of a column, from 0; past the end it is empty.
    pub fn cell(&self, column: usize) -> Cell<'_> {
        match self.cells.get(column) {
            Some(part) => self.of(part),
            None => Cell::EMPTY,
        }
    }

    fn of(&self, part: &Part) -> Cell<'_> {
        Cell { kind: part.kind, text: &self.text[part.start as usize..part.end as usize] }
    }

    /// All cells, from the first column on.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.cells.iter().map(|part| self.of(part))
    }

    pub(super) fn begin(&mut self, number: u32) {
        self.number = number;
        self.text.clear();
        self.cells.clear();
    }

    /// Fills with empty cells up to a column.
    pub(super) fn skip_to(&mut self, column: usize) {
        while self.cells.len() < column {
            self.push(CellKind::Empty, "");
        }
    }

    /// Adds the next cell. Text of blanks only is nothing.
    pub(super) fn push(&mut self, kind: CellKind, text: &str) {
        let (_, text) = trimmed(text);
        let start = self.text.len();
        self.text.push_str(text);
        self.push_part(kind, start, self.text.len());
    }

    /// Begins a row whose cells are parts of one text.
    pub(super) fn begin_with(&mut self, number: u32, text: &str) {
        self.begin(number);
        self.text.push_str(text);
    }

    /// Adds the next cell of a row that was begun with its text: bytes of it, from where a character begins.
    pub(super) fn push_of_text(&mut self, start: usize, end: usize) {
        let field = &self.text[start..end];
        let (head, text) = trimmed(field);
        let start = start + head;
        self.push_part(CellKind::Text, start, start + text.len());
    }

    fn push_part(&mut self, kind: CellKind, start: usize, end: usize) {
        let kind = if kind == CellKind::Text && start == end { CellKind::Empty } else { kind };
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.cells.push(Part { kind, start: place(start), end: place(end) });
    }
}

impl Cells for Row {
    fn number(&self) -> u32 {
        self.number
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.cell(column)
    }

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.cells()
    }
}

/// Without blanks, and marks that show nothing, at its ends; with how many bytes stood before.
#[inline]
pub(super) fn trimmed(text: &str) -> (usize, &str) {
    // The first bytes of Chinese characters; no blank begins with one.
    let is_chinese = |byte: &u8| matches!(byte, 0xe4..=0xed);
    let bytes = text.as_bytes();
    let is_bare = |byte: &u8| byte.is_ascii_graphic();
    let begins = bytes.first().is_some_and(|byte| is_bare(byte) || is_chinese(byte));
    let ends = bytes.last().is_some_and(is_bare)
        || bytes.len().checked_sub(3).and_then(|at| bytes.get(at)).is_some_and(is_chinese);
    if begins && ends {
        return (0, text);
    }
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0';
    let from = text.trim_start_matches(is_blank);
    (text.len() - from.len(), from.trim_end_matches(is_blank))
}
