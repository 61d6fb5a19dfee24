//! Files that other programs wrote (`fixtures/make.py`), and files made to do harm.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use sunbench_exchange::sheet::{CellKind, Flow, Format, SheetError, SheetFile};

fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", name].iter().collect()
}

/// The rows of the first table, and the number of the first.
fn rows(name: &str) -> Result<(u32, Vec<Vec<String>>), SheetError> {
    let mut file = SheetFile::open(&fixture(name))?;
    let mut first = 0;
    let mut rows = Vec::new();
    file.each_row(0, &mut |row| {
        if first == 0 {
            first = row.number();
        }
        rows.push(row.cells().map(|cell| cell.text.to_owned()).collect());
        Flow::Continue(())
    })?;
    Ok((first, rows))
}

const HEADER: [&str; 12] = [
    "订单编号",
    "订单明细编号",
    "医保编码",
    "产品名称",
    "规格型号",
    "批号",
    "入库日期",
    "数量",
    "单位",
    "单价",
    "金额",
    "配送企业",
];

/// What every program was told to write.
const ROWS: [[&str; 12]; 4] = [
    [
        "PO20260301001",
        "1",
        "C0201010010100201001",
        "冠状动脉支架",
        "3.0×18mm",
        "L2601",
        "2026-03-01",
        "2",
        "个",
        "798.5",
        "1597",
        "江南医疗器械有限公司",
    ],
    [
        "PO20260301001",
        "2",
        "C0201010010100201002",
        "冠状动脉支架",
        "3.5×18mm",
        "L2602",
        "2026-03-02T09:30:00",
        "１２",
        "个",
        "798.50",
        "9,582.00",
        "江南医疗器械有限公司",
    ],
    [
        "PO20260302007",
        "1",
        "C1402010010100201003",
        "一次性使用无菌注射器",
        "5ml",
        "00123",
        "2026/3/5",
        "1000",
        "支",
        "0.38",
        "380",
        "（华东）配送中心",
    ],
    [
        "PO20260302007",
        "2",
        "12345678901234567890",
        "导管",
        "6F",
        "A-1",
        "2026年3月9日",
        "0.3",
        "盒",
        "10",
        "3",
        "江南医疗器械有限公司",
    ],
];

#[test]
fn every_program_writes_the_same_rows() {
    for (name, titles) in [
        ("openpyxl.xlsx", 2),
        ("libreoffice.xlsx", 2),
        ("libreoffice.xls", 2),
        ("libreoffice.ods", 2),
        ("pandas.xlsx", 0),
        ("xlwt.xls", 0),
    ] {
        let (first, rows) = rows(name).unwrap();
        assert_eq!(first, 1, "{name}");
        let rows = &rows[titles..];
        assert_eq!(rows[0], HEADER, "{name}");
        for (row, expected) in rows[1..].iter().zip(ROWS) {
            assert_eq!(row, &expected, "{name}");
        }
        assert_eq!(rows.len() - 1 - ROWS.len(), usize::from(titles > 0), "{name}: the line of totals");
    }
}

#[test]
fn text_files_hold_what_was_shown() {
    let (_, chinese) = rows("libreoffice.csv").unwrap();
    assert_eq!(chinese[2], HEADER);
    assert_eq!(chinese[3][..6], ROWS[0][..6]);
    assert_eq!(chinese[5][5], "00123");
    let (_, pandas) = rows("pandas.csv").unwrap();
    assert_eq!(pandas[0], HEADER);
    assert_eq!(pandas[1][6], "2026-03-01 00:00:00");
    assert_eq!(pandas[2][10], "9,582.00");
    let (_, page) = rows("pandas.html.xls").unwrap();
    assert_eq!(page[0], HEADER);
    assert_eq!(page[3][11], "（华东）配送中心");
}

#[test]
fn formats_are_known_by_their_content() {
    for (name, expected) in [
        ("openpyxl.xlsx", Format::Xlsx),
        ("xlwt.xls", Format::Xls),
        ("libreoffice.ods", Format::Ods),
        ("pandas.html.xls", Format::Markup),
        ("libreoffice.csv", Format::Text { encoding: "gb18030", delimiter: b',' }),
        ("pandas.csv", Format::Text { encoding: "UTF-8", delimiter: b',' }),
    ] {
        assert_eq!(SheetFile::open(&fixture(name)).unwrap().format(), expected, "{name}");
    }
}

#[test]
fn hidden_sheets_are_told() {
    for name in ["openpyxl.xlsx", "libreoffice.xls", "libreoffice.ods"] {
        let file = SheetFile::open(&fixture(name)).unwrap();
        let sheets: Vec<_> =
            file.sheets().iter().map(|sheet| (sheet.name.as_str(), sheet.is_hidden)).collect();
        assert_eq!(sheets, [("入库", false), ("旧数据", true)], "{name}");
    }
}

#[test]
fn a_formula_is_its_stored_result_and_without_one_an_error() {
    for (name, expected) in [("openpyxl.xlsx", CellKind::Error), ("libreoffice.xlsx", CellKind::Number)] {
        let mut file = SheetFile::open(&fixture(name)).unwrap();
        let mut last = None;
        file.each_row(0, &mut |row| {
            last = Some(row.cell(10).kind);
            Flow::Continue(())
        })
        .unwrap();
        assert_eq!(last, Some(expected), "{name}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    assert_eq!(rows("password.xlsx"), Err(SheetError::Password));
    assert!(matches!(rows("cut.xlsx"), Err(SheetError::Damaged { after_row: 0, .. })));
    assert!(matches!(rows("broken-sheet.xlsx"), Err(SheetError::Damaged { after_row: 1.., .. })));
    assert!(matches!(rows("none.xlsx"), Err(SheetError::Unreadable(_))));
    let folder = tempfile::tempdir().unwrap();
    for (content, expected) in [
        (&b""[..], SheetError::Empty),
        (b"%PDF-1.7\n", SheetError::NotATable),
        (b"\x89PNG\r\n\x1a\n", SheetError::NotATable),
        (b"<html><p>nothing</p></html>", SheetError::NotATable),
    ] {
        let path = folder.path().join("foreign.xls");
        std::fs::write(&path, content).unwrap();
        assert_eq!(SheetFile::open(&path).err(), Some(expected));
    }
    for content in [&b"PK\x03\x04garbage"[..], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1garbage"] {
        let path = folder.path().join("damaged.xlsx");
        std::fs::write(&path, content).unwrap();
        assert!(matches!(SheetFile::open(&path), Err(SheetError::Damaged { .. })));
    }
}

/// A tenth of a megabyte that unpacks to a hundred.
#[test]
fn a_file_made_to_fill_the_memory_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.xlsx");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    archive.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..96 {
        archive.write_all(&blanks).unwrap();
    }
    archive.finish().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() < 1 << 20);
    assert_eq!(SheetFile::open(&path).err(), Some(SheetError::TooLarge));
}

/// A sheet whose last row no spreadsheet has.
#[test]
fn a_sheet_of_too_many_rows_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (path, changed) = (folder.path().join("rows.xlsx"), folder.path().join("changed.xlsx"));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for row in [0, 1_048_575] {
        sheet.write(row, 0, row).unwrap();
    }
    book.save(&path).unwrap();
    let mut parts = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&changed).unwrap());
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        archive.start_file(part.name().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.replace("1048576", "1048577").as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    let rows = |path: &Path| {
        let mut file = SheetFile::open(path).unwrap();
        let mut last = 0;
        file.each_row(0, &mut |row| {
            last = row.number();
            Flow::Continue(())
        })
        .map(|()| last)
    };
    assert_eq!(rows(&path), Ok(1 << 20));
    assert!(rows(&changed).is_err());
}

/// As large as a hospital's year, row by row.
#[test]
fn a_hundred_thousand_rows_come_one_by_one() {
    const ROWS: u32 = 100_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("year.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..ROWS {
        sheet.write_string(row, 0, format!("PO{row:06}")).unwrap();
        sheet.write_number(row, 1, row % 100).unwrap();
    }
    book.save(&path).unwrap();
    let mut file = SheetFile::open(&path).unwrap();
    let (mut seen, mut sum) = (0, 0);
    file.each_row(0, &mut |row| {
        seen += 1;
        assert_eq!(row.number(), seen);
        assert_eq!(row.cell(0).text, format!("PO{:06}", seen - 1));
        sum += row.cell(1).text.parse::<u32>().unwrap();
        Flow::Continue(())
    })
    .unwrap();
    assert_eq!((seen, sum), (ROWS, 4_950_000));
}
