//! The delimited text that most ledgers are: UTF-8 without a quotation mark, where a row ends with its line. It is read
//! piece by piece, so that no file is ever in memory as a whole.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;

use memchr::{memchr, memrchr2};
use wide::u8x16;

use super::delimited::{self, SAMPLE_ROWS};
use super::error::MOST_COLUMNS;
use super::row::{Cell, CellKind, Cells, trimmed};
use super::{Flow, Format, markup};

/// Bytes that are read at once: few enough to stay where the processor has them at hand.
const PIECE: usize = 1 << 18;

/// A file of plain text. Whether it is such a file to its end is only known there: what is found on the way that it is
/// not leaves it to [`super::SheetFile`], which also says what is wrong with a file.
pub(crate) struct Plain {
    file: File,
    delimiter: u8,
    most_rows: usize,
}

/// A row of plain text: its cells are parts of the piece.
pub(crate) struct Line<'t> {
    number: u32,
    cells: Vec<Cell<'t>>,
}

impl Cells for Line<'_> {
    fn number(&self) -> u32 {
        self.number
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.cells.get(column).copied().unwrap_or(Cell::EMPTY)
    }

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.cells.iter().copied()
    }
}

/// Whole lines of a file, and what is left of the last one that was read.
struct Pieces<'f> {
    file: &'f File,
    bytes: Vec<u8>,
    /// Bytes that were given.
    given: usize,
    filled: usize,
    is_first: bool,
}

impl<'f> Pieces<'f> {
    fn new(mut file: &'f File) -> Option<Self> {
        file.rewind().ok()?;
        Some(Self { file, bytes: vec![0; PIECE], given: 0, filled: 0, is_first: true })
    }

    /// The next lines, and whether they are the last; `None` where this is no plain text after all.
    fn next(&mut self) -> Option<(&str, bool)> {
        self.bytes.copy_within(self.given..self.filled, 0);
        self.filled -= self.given;
        let mut is_last = false;
        while self.filled < self.bytes.len() && !is_last {
            let read = self.file.read(&mut self.bytes[self.filled..]).ok()?;
            self.filled += read;
            is_last = read == 0;
        }
        let filled = &self.bytes[..self.filled];
        self.given = if is_last { filled.len() } else { memrchr2(b'\n', b'\r', filled)? + 1 };
        let mut lines = &filled[..self.given];
        if std::mem::take(&mut self.is_first) {
            lines = lines.strip_prefix(b"\xef\xbb\xbf").unwrap_or(lines);
        }
        let text = simdutf8::basic::from_utf8(lines).ok()?;
        memchr(b'"', lines).is_none().then_some((text, is_last))
    }
}

impl Plain {
    /// The file, if its first piece is plain text with a delimiter.
    pub(crate) fn open(path: &Path) -> Option<Self> {
        let file = crate::open_regular(path).ok()?;
        let size = file.metadata().ok()?.len();
        let mut pieces = Pieces::new(&file)?;
        let (text, is_last) = pieces.next()?;
        let sample: usize = text.split_inclusive('\n').take(SAMPLE_ROWS).map(str::len).sum();
        // What tells a delimiter, a web page or another program's file has to be in the piece.
        let is_sampled = is_last || sample < text.len();
        let is_text = !text.trim().is_empty()
            && !text.as_bytes().iter().take(4096).any(|byte| *byte == 0)
            && !markup::is_markup(text);
        if !is_sampled || !is_text {
            return None;
        }
        let delimiter = delimited::delimiter(text);
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
        // A sixteenth more than the first piece lets expect: what is reserved and not used is never touched.
        let most_rows = (size * (lines + 1) / text.len() as u64).saturating_mul(17) / 16 + 16;
        Some(Self { delimiter, most_rows: most_rows as usize, file })
    }

    /// How it was written.
    pub(crate) fn format(&self) -> Format {
        Format::Text { encoding: "UTF-8", delimiter: self.delimiter }
    }

    /// About how many rows there are.
    pub(crate) fn most_rows(&self) -> usize {
        self.most_rows
    }

    /// Gives the rows that hold anything, until the end or until `each` breaks; `None` where this is no plain text after
    /// all.
    pub(crate) fn each_row(&self, mut each: impl FnMut(&Line<'_>) -> Flow) -> Option<()> {
        let mut pieces = Pieces::new(&self.file)?;
        let mut number = 0;
        loop {
            let (text, is_last) = pieces.next()?;
            if lines(text, self.delimiter, &mut number, &mut each)?.is_break() || is_last {
                return Some(());
            }
        }
    }
}

/// Gives the rows of some whole lines. `number` is the last row's before.
fn lines(
    text: &str,
    delimiter: u8,
    number: &mut u32,
    each: &mut impl FnMut(&Line<'_>) -> Flow,
) -> Option<Flow> {
    let bytes = text.as_bytes();
    let mut line = Line { number: *number, cells: Vec::with_capacity(32) };
    let (mut begun, mut field, mut holds_something) = (0, 0, false);
    let mut end = |line: &mut Line<'_>, holds_something: bool| {
        line.number += 1;
        let flow = if holds_something { each(line) } else { Flow::Continue(()) };
        line.cells.clear();
        flow
    };
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    for (block, start) in blocks.iter().chain([&last]).zip((0..).step_by(BLOCK)) {
        let mut marks = marks(block, delimiter);
        while marks != 0 {
            let at = start + marks.trailing_zeros() as usize;
            marks &= marks - 1;
            let is_end = bytes[at] != delimiter;
            // A line with nothing on it is no row.
            if !(is_end && at == begun) {
                let cell = cell(&text[field..at]);
                holds_something |= cell.kind != CellKind::Empty;
                push(&mut line.cells, cell)?;
                if is_end && end(&mut line, std::mem::take(&mut holds_something)).is_break() {
                    return Some(Flow::Break(()));
                }
            }
            field = at + 1;
            if is_end {
                begun = field;
            }
        }
    }
    // The last line of a file may have no end.
    if begun < bytes.len() {
        let cell = cell(&text[field..]);
        holds_something |= cell.kind != CellKind::Empty;
        push(&mut line.cells, cell)?;
        if end(&mut line, holds_something).is_break() {
            return Some(Flow::Break(()));
        }
    }
    *number = line.number;
    Some(Flow::Continue(()))
}

/// Bytes that are looked through at once.
const BLOCK: usize = 64;

/// A bit for every byte that ends a field or a line.
fn marks(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    let ends = [delimiter, b'\n', b'\r'].map(u8x16::splat);
    parts.iter().rev().fold(0, |bits, part| {
        let part = u8x16::new(*part);
        let is_mark = ends.iter().fold(u8x16::ZERO, |is_mark, end| is_mark | part.simd_eq(*end));
        bits << 16 | u64::from(is_mark.to_bitmask())
    })
}

fn push<'t>(cells: &mut Vec<Cell<'t>>, cell: Cell<'t>) -> Option<()> {
    (cells.len() < MOST_COLUMNS).then(|| cells.push(cell))
}

fn cell(field: &str) -> Cell<'_> {
    // Without quotation marks, an apostrophe is all that may keep a spreadsheet from making a number of a text.
    let field = if field.as_bytes().first() == Some(&b'\'') { delimited::plain(field) } else { field };
    let (_, text) = trimmed(field);
    Cell { kind: if text.is_empty() { CellKind::Empty } else { CellKind::Text }, text }
}
