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

/// A row, and where it stands in its file. One is used for all rows of a table.
#[derive(Debug, Default)]
pub struct Row {
    number: u32,
    text: String,
    cells: Vec<(CellKind, u32)>, // with the end of its text
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
        self.cells.iter().all(|(kind, _)| *kind == CellKind::Empty)
    }

    /// The cell of a column, from 0; past the end it is empty.
    pub fn cell(&self, column: usize) -> Cell<'_> {
        let Some(&(kind, end)) = self.cells.get(column) else {
            return Cell { kind: CellKind::Empty, text: "" };
        };
        let start = if column == 0 { 0 } else { self.cells[column - 1].1 };
        Cell { kind, text: &self.text[start as usize..end as usize] }
    }

    /// All cells, from the first column on.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|column| self.cell(column))
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
        let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        let text = if is_bare(text.as_bytes().first()) && is_bare(text.as_bytes().last()) {
            text
        } else {
            text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0')
        };
        let kind = if kind == CellKind::Text && text.is_empty() { CellKind::Empty } else { kind };
        self.text.push_str(text);
        self.cells.push((kind, u32::try_from(self.text.len()).unwrap_or(u32::MAX)));
    }
}
