//! The row of headings, and what each column holds.

use std::collections::BTreeMap;

use sunbench_domain::matching::LineKind;

use super::field::{Field, field_of};
use super::{LedgerError, Profile};
use crate::sheet::{Cell, Cells, Flow};

/// Headings stand within the first rows, below a title.
const HEADINGS_WITHIN: u32 = 60;

/// Rows by whose content a column is told where its heading says too little.
const SAMPLE_ROWS: usize = 200;

/// A row with fewer known headings is no row of headings.
const FEWEST_KNOWN: usize = 3;

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading as it stands.
    pub heading: String,
    /// What it holds, where that is known and used.
    pub field: Option<Field>,
}

/// 列对照: the columns of a table, from the first on.
#[derive(Debug, Clone)]
pub struct Columns {
    heading_row: u32,
    all: Vec<Column>,
    /// The column of each field.
    by_field: [Option<u16>; Field::ALL.len()],
    kind: LineKind,
}

impl Columns {
    /// The row of the headings as a spreadsheet numbers it, from 1.
    pub fn heading_row(&self) -> u32 {
        self.heading_row
    }

    /// All columns.
    pub fn all(&self) -> &[Column] {
        &self.all
    }

    /// The heading of the column that holds a field; empty where none does.
    pub fn heading(&self, field: Field) -> &str {
        self.by_field[field as usize].map_or("", |column| self.all[usize::from(column)].heading.as_str())
    }

    pub(super) fn kind(&self) -> LineKind {
        self.kind
    }

    pub(super) fn cell<'r>(&self, row: &'r impl Cells, field: Field) -> Option<Cell<'r>> {
        self.by_field[field as usize].map(|column| row.cell(column.into()))
    }

    pub(super) fn text<'r>(&self, row: &'r impl Cells, field: Field) -> &'r str {
        self.cell(row, field).map_or("", |cell| cell.text)
    }
}

/// Looks through the first rows of a table.
pub(super) struct Finder<'p> {
    profile: &'p Profile,
    best: Option<(usize, u32, Vec<String>)>,
    first: Option<String>,
    /// Rows below the best row of headings.
    sample: Vec<Vec<String>>,
}

impl<'p> Finder<'p> {
    pub(super) fn new(profile: &'p Profile) -> Self {
        Self { profile, best: None, first: None, sample: Vec::new() }
    }

    pub(super) fn row(&mut self, row: &impl Cells) -> Flow {
        let cells: Vec<String> = row.cells().map(|cell| cell.text.to_owned()).collect();
        if self.first.is_none() {
            self.first = Some(listed(&cells));
        }
        if row.number() <= HEADINGS_WITHIN {
            let fits = self.fits(&cells);
            if fits >= FEWEST_KNOWN && self.best.as_ref().is_none_or(|(best, ..)| fits > *best) {
                self.best = Some((fits, row.number(), cells));
                self.sample.clear();
                return Flow::Continue(());
            }
        } else if self.best.is_none() {
            return Flow::Break(());
        }
        if self.best.is_some() {
            self.sample.push(cells);
        }
        if self.sample.len() < SAMPLE_ROWS { Flow::Continue(()) } else { Flow::Break(()) }
    }

    /// How many different fields the cells name as headings.
    fn fits(&self, cells: &[String]) -> usize {
        let mut known: Vec<Field> = cells
            .iter()
            .filter(|cell| cell.chars().count() <= 30)
            .filter_map(|cell| self.field(cell))
            .map(|(field, _)| field)
            .collect();
        known.sort_unstable();
        known.dedup();
        known.len()
    }

    /// The profile's word goes before the dictionary's.
    fn field(&self, heading: &str) -> Option<(Field, usize)> {
        match self.profile.headings.iter().find(|(known, _)| known == heading) {
            Some((_, field)) => field.map(|field| (field, 0)),
            None => field_of(heading).map(|(field, rank)| (field, rank + 1)),
        }
    }

    pub(super) fn finish(self) -> Result<Columns, LedgerError> {
        let Some((_, heading_row, headings)) = &self.best else {
            return Err(LedgerError::NoHeadings { seen: self.first.unwrap_or_default() });
        };
        // Where two columns fit one field, the better heading wins, then the column on the left.
        let mut best: BTreeMap<Field, (usize, usize)> = BTreeMap::new();
        for (column, heading) in headings.iter().enumerate() {
            if let Some((field, rank)) = self.field(heading) {
                let entry = best.entry(field).or_insert((rank, column));
                *entry = (*entry).min((rank, column));
            }
        }
        let mut of: BTreeMap<Field, usize> =
            best.into_iter().map(|(field, (_, column))| (field, column)).collect();
        if !of.contains_key(&Field::NationalCode)
            && let Some(column) = self.codes_in(headings.len())
        {
            of.retain(|_, taken| *taken != column);
            of.insert(Field::NationalCode, column);
        }
        if !of.contains_key(&Field::Quantity) {
            return Err(LedgerError::MissingColumn { missing: Field::Quantity, seen: listed(headings) });
        }
        let columns = headings.iter().enumerate().map(|(index, heading)| Column {
            heading: heading.clone(),
            field: of.iter().find(|(_, column)| **column == index).map(|(field, _)| *field),
        });
        let mut by_field = [None; Field::ALL.len()];
        for (field, column) in &of {
            by_field[*field as usize] = u16::try_from(*column).ok();
        }
        let is_return = of.get(&Field::Quantity).is_some_and(|column| headings[*column].contains('退'));
        Ok(Columns {
            heading_row: *heading_row,
            all: columns.collect(),
            by_field,
            kind: if is_return { LineKind::Return } else { LineKind::Receipt },
        })
    }

    /// The column in which nearly every value looks like a national code, whatever its heading.
    fn codes_in(&self, width: usize) -> Option<usize> {
        (0..width).find(|column| {
            let values: Vec<&str> = self
                .sample
                .iter()
                .filter_map(|row| row.get(*column))
                .map(String::as_str)
                .filter(|text| !text.is_empty())
                .collect();
            let fit = values.iter().filter(|text| looks_like_code(text)).count();
            fit > 0 && fit * 10 >= values.len() * 9
        })
    }
}

/// `C` and nineteen or twenty-six more characters.
fn looks_like_code(text: &str) -> bool {
    matches!(text.len(), 20 | 27)
        && text.starts_with(['C', 'c'])
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn listed(cells: &[String]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .filter(|cell| !cell.is_empty())
        .take(30)
        .map(|cell| cell.chars().take(20).collect())
        .collect();
    cells.join("、")
}
