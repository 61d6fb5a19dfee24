//! The statement's workbook, read back.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::Write as _;

use sunbench_domain::matching::{self, Decisions};
use sunbench_exchange::ledger::{self, LedgerFile, Profile, Strictness};
use sunbench_exchange::sheet::{CellKind, Flow, SheetFile};
use sunbench_exchange::statement::{Side, Statement, write_workbook};

fn side(name: &str, text: &str) -> (LedgerFile, Side) {
    let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut side = Side { name: name.to_owned(), ..Side::default() };
    let read = ledger::read(file.path(), &Profile::default(), Strictness::Usable, &mut |line| {
        side.lines.insert(line.row, line.into());
        Flow::Continue(())
    });
    (read.unwrap(), side)
}

/// Text that a spreadsheet would run, and numbers that it would round.
#[test]
fn text_stays_text_and_sums_are_exact() {
    let headings = "订单编号,订单明细编号,医保编码,产品名称,批号,数量,单价,金额,配送企业\n";
    let formula = "\"=HYPERLINK(\"\"http://evil\"\",\"\"点\"\")\"";
    let (left, left_side) =
        side("平台", &format!("{headings}PO1,PO1-1,C0201010010100201001,{formula},@SUM(1),3,0.1,0.3,+乙\n"));
    let (right, right_side) = side(
        "台账",
        &format!(
            "{headings}PO2,PO2-1,C0201010010100201002,-导管,L2,1,999999999999.9999,999999999999.9999,甲\n"
        ),
    );
    let found = matching::reconcile(&left.ledger, &right.ledger, &Decisions::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("对账单.xlsx");
    let statement = Statement {
        title: "对账单".to_owned(),
        left: left_side,
        right: right_side,
        found,
        ..Statement::default()
    };
    write_workbook(&statement, &path).unwrap();

    let mut book = SheetFile::open(&path).unwrap();
    let names: Vec<&str> = book.sheets().iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["汇总", "差异", "待确认", "勾对", "未勾对"]);
    let mut cells = Vec::new();
    book.each_row(4, &mut |row| {
        cells.extend(row.cells().map(|cell| (cell.kind, cell.text.to_owned())));
        Flow::Continue(())
    })
    .unwrap();
    for text in ["=HYPERLINK(\"http://evil\",\"点\")", "@SUM(1)", "+乙", "-导管", "C0201010010100201001"]
    {
        assert!(cells.contains(&(CellKind::Text, text.to_owned())), "{text} in {cells:?}");
    }
    assert!(cells.contains(&(CellKind::Number, "0.3".to_owned())));
    // Sixteen digits and more are text: a spreadsheet would change the last one.
    assert!(cells.contains(&(CellKind::Text, "999999999999.9999".to_owned())), "{cells:?}");
}
