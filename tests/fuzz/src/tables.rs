//! Tables of other programs: workbooks, text, web pages; and the ledgers in them.

use std::cell::LazyCell;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use sunbench_domain::Quantity;
use sunbench_exchange::ledger::{self, Profile, Strictness};
use sunbench_exchange::sheet::SheetFile;
use tempfile::TempDir;

/// Reading stops here: a few bytes of a workbook may stand for a million rows.
const ROWS: usize = 20_000;

/// A file is refused with a reason, or gives the same rows each time; and every row of its ledger is a line, a refused
/// one, or none, with each problem told by row and column.
pub(crate) fn tables(input: &[u8]) {
    thread_local! {
        static DIR: LazyCell<TempDir> = LazyCell::new(|| TempDir::new().expect("a temporary folder"));
    }
    DIR.with(|dir| {
        let path = dir.path().join("台账.xls");
        fs::write(&path, input).expect("a file");
        sheets(&path);
        for strictness in [Strictness::Whole, Strictness::Usable] {
            one_ledger(&path, strictness);
        }
    });
}

fn sheets(path: &Path) {
    let mut file = match SheetFile::open(path) {
        Ok(file) => file,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    for sheet in 0..file.sheets().len() {
        assert_eq!(rows(&mut file, sheet), rows(&mut file, sheet));
    }
}

fn rows(file: &mut SheetFile, sheet: usize) -> (Vec<(u32, String)>, Option<String>) {
    let mut found: Vec<(u32, String)> = Vec::new();
    let end = file.each_row(sheet, &mut |row| {
        assert!(row.number() > found.last().map_or(0, |(number, _)| *number), "rows come in their order");
        let cells: Vec<String> = row.cells().map(|cell| format!("{:?} {}", cell.kind, cell.text)).collect();
        found.push((row.number(), cells.join("\t")));
        if found.len() < ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    (found, end.err().map(|error| error.to_string()))
}

fn one_ledger(path: &Path, strictness: Strictness) {
    let mut lines = 0;
    let read = ledger::read(path, &Profile::default(), strictness, &mut |line| {
        assert!(line.row > 0 && line.quantity.is_some());
        lines += 1;
        if lines < ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let file = match read {
        Ok(file) => file,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(file.ledger.len(), lines);
    assert!(file.refused_rows.is_sorted_by(|a, b| a < b), "a row is refused once");
    assert!(file.problem_count as usize >= file.problems.len());
    for problem in &file.problems {
        assert!(
            problem.row > 0 && problem.sheet_row > problem.row && !problem.column.is_empty(),
            "{problem:?}"
        );
        assert_eq!(problem.is_refused, file.refused_rows.contains(&problem.row), "{problem:?}");
    }
}

/// A cell's number, date or heading: read, printed, read.
pub(crate) fn cells(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(units) = ledger::decimal(&text) {
        let printed = Quantity::from_units(units).to_string();
        assert_eq!(ledger::decimal(&printed), Ok(units), "{text:?} became {printed}");
    }
    if let Ok(exact) = text.parse::<Quantity>() {
        assert_eq!(ledger::decimal(&text), Ok(exact.units()), "what is a decimal to us is one in a table");
    }
    if let Ok(date) = ledger::date(&text) {
        assert_eq!(ledger::date(&date.to_string()), Ok(date), "{text:?}");
    }
    let _ = ledger::field_of(&text);
}
