//! Ledgers as hospitals keep them: titles, totals, spoilt numbers, headings of every kind.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sunbench_domain::matching::CodeField;
use sunbench_exchange::ledger::{
    self, Field, LedgerError, LedgerFile, ProblemReason, Profile, SkippedWhat, Strictness,
};
use sunbench_exchange::sheet::Flow;

fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", name].iter().collect()
}

/// What was read, and of each line its row, its quantity, its unit price and its date.
fn read(path: &Path, strictness: Strictness) -> (LedgerFile, Vec<String>) {
    let mut lines = Vec::new();
    let file = ledger::read(path, &Profile::default(), strictness, &mut |line| {
        let date = line.date.map(|date| date.to_string()).unwrap_or_default();
        let price = line.price.map(|price| price.to_string()).unwrap_or_default();
        lines.push(format!("{} {} {price} {date}", line.row, line.quantity.unwrap()));
        Flow::Continue(())
    });
    let file = file.unwrap();
    let loaded = ledger::load(path, &Profile::default(), strictness).unwrap();
    assert_eq!(format!("{loaded:?}"), format!("{file:?}"), "{}: read together", path.display());
    (file, lines)
}

fn csv(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn the_same_lines_in_every_programs_file() {
    for name in [
        "openpyxl.xlsx",
        "libreoffice.xlsx",
        "libreoffice.xls",
        "libreoffice.ods",
        "libreoffice.csv",
        "pandas.xlsx",
        "pandas.csv",
        "pandas.html.xls",
        "xlwt.xls",
    ] {
        let (file, lines) = read(&fixture(name), Strictness::Whole);
        let expected = [
            "1 2 798.50 2026-03-01",
            "2 12 798.50 2026-03-02",
            "3 1000 0.38 2026-03-05",
            "4 0.3 10.00 2026-03-09",
        ];
        assert_eq!(lines, expected, "{name}");
        assert_eq!(file.problems, [], "{name}");
        let has_total = !name.starts_with("pandas") && !name.starts_with("xlwt");
        assert_eq!(file.skipped.len(), usize::from(has_total), "{name}");
        assert!(file.skipped.iter().all(|row| row.what == SkippedWhat::Total && row.row == 5), "{name}");
        assert_eq!(file.columns.heading_row(), if has_total { 3 } else { 1 }, "{name}");
        assert_eq!(file.ledger.damaged(), [], "{name}: a code typed as text is whole");
    }
}

#[test]
fn headings_in_use() {
    for (heading, expected) in [
        ("订单编号", Some(Field::Order)),
        ("采购订单号", Some(Field::Order)),
        ("订单明细编号", Some(Field::OrderLine)),
        ("平台订单明细ID", Some(Field::OrderLine)),
        ("配送单编号", Some(Field::Delivery)),
        ("配送明细编号", Some(Field::DeliveryLine)),
        ("入库单号", Some(Field::Receipt)),
        ("国家医保医用耗材编码（27位）", Some(Field::NationalCode)),
        ("医保编码", Some(Field::NationalCode)),
        ("ＵＤＩ码", Some(Field::Udi)),
        ("物资编码", Some(Field::ItemCode)),
        ("耗材名称", Some(Field::Name)),
        ("规格 型号", Some(Field::Spec)),
        ("生产厂家", Some(Field::Manufacturer)),
        ("供应商名称", Some(Field::Supplier)),
        ("配送企业", Some(Field::Supplier)),
        ("生产批号", Some(Field::Lot)),
        ("有效期至", Some(Field::Expiry)),
        ("生产日期", Some(Field::Date)),
        ("入库数量", Some(Field::Quantity)),
        ("*数量", Some(Field::Quantity)),
        ("计量单位", Some(Field::Unit)),
        ("单价（元）", Some(Field::Price)),
        ("含税金额", Some(Field::Amount)),
        ("发票号码", Some(Field::Invoice)),
        ("备注", None),
        ("使用单位", None),
        ("", None),
    ] {
        assert_eq!(ledger::field_of(heading).map(|(field, _)| field), expected, "{heading}");
    }
}

#[test]
fn the_better_column_is_taken() {
    let file = csv(
        "下单日期,入库日期,采购数量,入库数量,产品名称,生产日期\n2026-01-01,2026-02-03,9,7,导管,2025-01-01\n",
    );
    let (_, lines) = read(file.path(), Strictness::Whole);
    assert_eq!(lines, ["1 7  2026-02-03"]);
}

#[test]
fn codes_are_found_by_their_look() {
    let file = csv("产品编码,品名,数量,单价\nC0201010010100201001,支架,1,2\nC0201010010100201002,支架,1,2\n");
    let (file, _) = read(file.path(), Strictness::Whole);
    assert_eq!(file.columns.heading(Field::NationalCode), "产品编码");
    assert_eq!(file.columns.heading(Field::ItemCode), "");
}

#[test]
fn a_spoilt_code_is_noted_and_absent() {
    let file = csv(
        "订单编号,医保编码,数量,发票号码\nPO1,1.23457E+19,1,25442000000123400000\nPO2,C0201010010100201001,1,1\n",
    );
    let (file, lines) = read(file.path(), Strictness::Whole);
    assert_eq!(lines.len(), 2);
    let damaged: Vec<_> = file.ledger.damaged().iter().map(|cell| (cell.row, cell.field)).collect();
    assert_eq!(damaged, [(1, CodeField::Code), (1, CodeField::Invoice)]);
}

#[test]
fn bad_values_name_row_column_and_reason_and_the_good_lines_stay() {
    let text = "某医院入库\n订单编号,名称,数量,单价,入库日期\n\
                PO1,导管,两盒,3,2026-03-01\nPO2,导管,2,三元,2026-03-01\nPO3,导管,,3,2026-03-01\n\
                PO4,导管,4,3,3月1日\nPO5,导管,5,3,2026-03-01\n,合 计,11,,\n制表人：王,,,,\n";
    let file = csv(text);
    let (whole, lines) = read(file.path(), Strictness::Whole);
    assert_eq!(lines, ["5 5 3.00 2026-03-01"]);
    assert_eq!(whole.refused_rows, [1, 2, 3, 4]);
    let problems: Vec<_> = whole
        .problems
        .iter()
        .map(|p| (p.row, p.sheet_row, p.column.as_str(), p.value.as_str(), p.reason))
        .collect();
    assert_eq!(
        problems,
        [
            (1, 3, "数量", "两盒", ProblemReason::NotANumber),
            (2, 4, "单价", "三元", ProblemReason::NotANumber),
            (3, 5, "数量", "", ProblemReason::Missing),
            (4, 6, "入库日期", "3月1日", ProblemReason::NotADate),
        ]
    );
    assert!(whole.problems.iter().all(|problem| problem.is_refused));
    let skipped: Vec<_> = whole.skipped.iter().map(|row| (row.row, row.what)).collect();
    assert_eq!(skipped, [(6, SkippedWhat::Total), (7, SkippedWhat::Note)]);

    let (usable, lines) = read(file.path(), Strictness::Usable);
    assert_eq!(lines, ["2 2  2026-03-01", "4 4 3.00 ", "5 5 3.00 2026-03-01"]);
    assert_eq!(usable.refused_rows, [1, 3]);
}

#[test]
fn a_file_without_headings_says_what_it_holds() {
    let nothing = csv("1,2,3\n4,5,6\n");
    let error =
        ledger::read(nothing.path(), &Profile::default(), Strictness::Whole, &mut |_| Flow::Continue(()));
    assert_eq!(error.err(), Some(LedgerError::NoHeadings { seen: "1、2、3".into() }));
    let no_quantity = csv("订单编号,产品名称,单价\nPO1,导管,1\n");
    let error =
        ledger::read(no_quantity.path(), &Profile::default(), Strictness::Whole, &mut |_| Flow::Continue(()));
    assert!(matches!(error.err(), Some(LedgerError::MissingColumn { missing: Field::Quantity, .. })));
}

#[test]
fn a_profile_goes_before_the_dictionary() {
    let file = csv("甲,乙,丙,名称\nPO1,3,x,导管\n");
    let profile = Profile {
        sheet: String::new(),
        headings: vec![
            ("甲".into(), Some(Field::Order)),
            ("乙".into(), Some(Field::Quantity)),
            ("丙".into(), Some(Field::Lot)),
            ("名称".into(), None),
        ],
    };
    let mut lines = Vec::new();
    let read = ledger::read(file.path(), &profile, Strictness::Whole, &mut |line| {
        lines.push((line.order.to_owned(), line.lot.to_owned(), line.name.to_owned()));
        Flow::Continue(())
    });
    assert_eq!(read.unwrap().columns.heading(Field::Quantity), "乙");
    assert_eq!(lines, [("PO1".into(), "x".into(), String::new())]);
}

/// Long numbers typed as numbers, dates without a format, subtotals, errors: each is named with its row and column, and
/// the good lines stay.
#[test]
fn what_spreadsheets_do_to_a_ledger() {
    let (file, lines) = read(&fixture("spoilt.xlsx"), Strictness::Usable);
    assert_eq!(
        lines,
        ["1 2 1050.50 2026-03-01", "2 -3 10.00 2026-03-05", "4 1 5.00 ", "8 7 5.00 2026-03-09"]
    );
    let problems: Vec<_> = file
        .problems
        .iter()
        .map(|p| (p.sheet_row, p.column.as_str(), p.value.as_str(), p.reason, p.is_refused))
        .collect();
    assert_eq!(
        problems,
        [
            (7, "入库日期", "3月7日", ProblemReason::NotADate, false),
            (8, "数量", "", ProblemReason::NoResult, true),
            (8, "金额", "#N/A", ProblemReason::NoResult, true),
            (9, "数量", "若干", ProblemReason::NotANumber, true),
        ]
    );
    let damaged: Vec<_> = file.ledger.damaged().iter().map(|cell| (cell.row, cell.field)).collect();
    assert_eq!(damaged, [(1, CodeField::Invoice), (2, CodeField::Code)]);
    let skipped: Vec<_> = file.skipped.iter().map(|row| (row.sheet_row, row.what)).collect();
    assert_eq!(skipped, [(6, SkippedWhat::Total), (12, SkippedWhat::Total), (13, SkippedWhat::Note)]);
}

#[test]
fn totals_in_use() {
    for (word, is_total) in [
        ("合计", true),
        ("合 计：", true),
        ("合计（元）", true),
        ("本月合计", true),
        ("2026年3月累计", true),
        ("江州医药集团（东区）有限公司小计", true),
        ("共计:", true),
        ("PO3", false),
        ("合计算法软件", false),
        ("", false),
    ] {
        let file = csv(&format!("订单编号,名称,数量\nPO1,导管,2\n{word},,2\nPO2,导管,3\n"));
        let (file, _) = read(file.path(), Strictness::Usable);
        assert_eq!(file.skipped.iter().any(|row| row.what == SkippedWhat::Total), is_total, "{word}");
    }
}

/// Longer than what is read at once, with whatever a line may end with and begin with.
#[test]
fn a_long_file_is_read_together_as_it_is_line_by_line() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut text = String::from("\u{feff}某医院入库\n\n订单编号,名称,批号,数量,单价,入库日期,有效期至\n");
    for number in 0..14_000_u32 {
        let name = ["导管", "支架（左）", " 缝线 ", "'007", "敷料、大", ""][random.usize(..6)];
        let quantity = ["2", "0.5", "１２", "-3", "两", ""][random.usize(..6)];
        let price = ["3.00", "1,050.5", "￥12", "", "三元"][random.usize(..5)];
        let date = ["2026-03-01", "2026/3/5", "46082", "3月1日", ""][random.usize(..5)];
        let end = ["\n", "\r\n", "\r", "\n\n", ",\n", ",,,,\n"][random.usize(..6)];
        let lot = random.u32(..40_000);
        write!(text, "PO{number:07},{name},L{lot:05},{quantity},{price},{date},长期{end}").unwrap();
        if number % 700 == 0 {
            text += "合计,,,7,,\n,,\n制表人：王\n";
        }
    }
    text += "PO9999999,导管,L1,5,3,2026-03-01";
    let together = |bytes: &[u8], strictness| {
        let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        file.write_all(bytes).unwrap();
        let of = |found: Result<LedgerFile, LedgerError>| format!("{found:?}");
        let read = ledger::read(file.path(), &Profile::default(), strictness, &mut |_| Flow::Continue(()));
        let rows = read.as_ref().map_or(0, |file| file.ledger.len());
        let loaded = ledger::load(file.path(), &Profile::default(), strictness);
        assert!(of(read) == of(loaded), "{strictness:?}, from {} bytes", bytes.len());
        rows
    };
    assert!(text.len() > 600_000);
    assert!(together(text.as_bytes(), Strictness::Usable) > 5000);
    assert!(together(text.as_bytes(), Strictness::Whole) > 1000);
    // What is no plain text after all: a quotation mark, another encoding, a byte of no text, a field that never ends.
    let quoted = format!("{text}\nPO1,\"导管\n左\",L1,5,3,2026-03-01\n");
    assert!(together(quoted.as_bytes(), Strictness::Usable) > 5000);
    let (chinese, _, _) = encoding_rs::GB18030.encode(&text[3..]);
    assert!(together(&chinese, Strictness::Usable) > 5000);
    assert_eq!(together(&[text.as_bytes(), b"\xff\xff\n"].concat(), Strictness::Usable), 0);
    assert!(together(format!("{text}\nPO1,{}", "x".repeat(400_000)).as_bytes(), Strictness::Usable) > 5000);
    assert_eq!(together(format!("{text}\n{}", "1,".repeat(600)).as_bytes(), Strictness::Usable), 0);
}
