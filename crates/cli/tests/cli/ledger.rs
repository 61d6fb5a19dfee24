//! `import`, `reconcile --period` and `export`: the hospital's ledger against the month of the demo hospital.

use serde_json::{Value, json};

use crate::world::{World, keys, set};

/// The receipts of October as the program itself exports them, as a ledger.
fn ledger(text: &str) -> String {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let headings = lines.next().unwrap();
    let received_at = headings.split(',').position(|heading| heading == "收货时间").unwrap();
    let of_month = lines.filter(|line| line.split(',').nth(received_at).unwrap().starts_with("2026-10-"));
    let rows: Vec<&str> = std::iter::once(headings).chain(of_month).collect();
    rows.join("\n")
}

fn count(value: &Value) -> usize {
    value.as_array().unwrap().len()
}

#[test]
fn a_ledger_is_imported_once_and_agrees_with_the_month() {
    let world = World::start();
    let seat = world.synced_seat();
    let receipts = seat.file("收货.csv", b"");
    let done = seat.json(&["export", "receipts", &receipts]);
    assert!(done["rows"].as_u64().unwrap() > 300, "{done}");
    let whole = ledger(&std::fs::read_to_string(&receipts).unwrap());
    let rows = whole.lines().count() - 1;
    let nothing = whole.lines().filter(|line| line.split(',').nth(9) == Some("0.00")).count();
    let text = format!("{whole}\n,,,D,,坏行,,,某公司,三盒,0,,,,,2026-10-09 10:00:00,\n");
    let file = seat.file("十月.csv", text.as_bytes());

    let seen = seat.json(&["import", "--detect", &file]);
    assert_eq!(
        (seen["rows"].as_u64(), seen["accepted"].as_u64()),
        (Some(rows as u64 + 1), Some(rows as u64))
    );
    assert_eq!(seen["batch"], Value::Null);
    let refused = &seen["refused"][0];
    assert_eq!(
        (refused["row"].as_u64(), refused["column"].as_str(), refused["reason"].as_str()),
        (Some(rows as u64 + 1), Some("合格数量"), Some("不是数"))
    );

    let profile = seat.file("方案.json", r#"{"name":"收货月报","headings":[["状态",null]]}"#.as_bytes());
    let taken = seat.json(&["import", "--profile", &profile, &file]);
    assert!(keys(&taken).is_superset(&set("rows accepted refused batch")), "{taken}");
    assert_eq!((taken["batch"].as_u64(), taken["added"].as_u64()), (Some(1), Some(rows as u64)));
    let again = seat.json(&["import", "--profile", "收货月报", &file]);
    assert_eq!((&again["batch"], again["added"].as_u64()), (&Value::Null, Some(0)));

    let found = seat.json(&["reconcile", "--period", "2026-10"]);
    let expected = set("pairs proposals differences unmatched_left unmatched_right learned stats");
    assert_eq!(keys(&found), expected);
    let kinds: Vec<&str> =
        found["differences"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert!(!kinds.contains(&"not_on_platform") && !kinds.contains(&"quantity_short"), "{kinds:?}");
    assert_eq!(found["unmatched_right"], json!([]));
    let together = count(&found["pairs"]) + count(&found["proposals"]);
    assert_eq!(together, rows - nothing, "each receipt of something has its counterpart");

    // The statement, and what differs, as files.
    let (xlsx, pdf) = (seat.file("对账单.xlsx", b""), seat.file("对账单.pdf", b""));
    let with_files = seat.json(&["reconcile", "--period", "2026-10", "--out", &xlsx, "--pdf", &pdf]);
    assert_eq!(with_files, found, "the same data give the same document");
    assert!(std::fs::read(&xlsx).unwrap().starts_with(b"PK"));
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF"));
    let table = seat.file("差异.csv", b"");
    let exported = seat.json(&["export", "differences", &table]);
    assert_eq!(exported["rows"].as_u64().unwrap() as usize, count(&found["differences"]));
    for kind in ["orders", "deliveries", "returns", "invoices", "settlements", "notices", "outbox", "ledger"]
    {
        let file = seat.file(&format!("{kind}.xlsx"), b"");
        assert!(seat.json(&["export", kind, &file])["rows"].as_u64().unwrap() > 0, "{kind}");
        assert!(std::fs::read(&file).unwrap().starts_with(b"PK"), "{kind}");
    }
}

#[test]
fn a_bad_file_is_named_with_its_row() {
    let world = World::start();
    let seat = world.seat();
    assert_eq!(world.connect(&seat).code, 0);
    let missing = seat.run(&["import", "--detect", "/no/such/file.csv"]);
    assert_eq!(missing.failure(), "notFound");
    for (name, content, code, needle) in [
        ("空.csv", &b""[..], "ledgerEmpty", "空.csv"),
        ("图.csv", b"\x89PNG\r\n\x1a\nxx", "ledgerNotATable", "图.csv"),
        ("引号.csv", "订单编号,产品名称,数量\nD1,\"导管,3\n".as_bytes(), "ledgerQuote", "第 2 行"),
        ("无头.csv", b"a,b,c\n1,2,3\n", "ledgerNoHeadings", "无头.csv"),
        ("无数量.csv", "订单编号,产品名称,单价\nD1,导管,3\n".as_bytes(), "ledgerNoQuantity", "无数量.csv"),
        ("无日期.csv", "订单编号,产品名称,数量\nD1,导管,3\n".as_bytes(), "periodMissing", "第 2 行"),
    ] {
        let file = seat.file(name, content);
        let profile = seat.file("空方案.json", br#"{"name":"none","headings":[]}"#);
        let answer = seat.run(&["import", "--profile", &profile, &file]);
        assert_eq!(answer.failure(), code, "{name}");
        let msg = answer.json["error"]["msg"].as_str().unwrap();
        assert!(msg.contains(needle) && msg.contains(name), "{name}: {msg}");
    }
    let undated = seat.file("无日期.csv", "订单编号,产品名称,数量\nD1,导管,3\n".as_bytes());
    let taken = seat.json(&["import", "--profile", "none", "--period", "2026-09", &undated]);
    assert_eq!((taken["added"].as_u64(), &taken["periods"]), (Some(1), &json!(["2026-09"])));
    for path in ["./没有这个", "没有这个.json"] {
        let unknown = seat.run(&["import", "--profile", path, &undated]);
        assert_eq!(unknown.failure(), "badProfile", "{path}");
    }
    let month = seat.run(&["reconcile", "--period", "2026-13"]);
    assert_eq!(month.failure(), "fieldInvalid");
    assert!(month.stderr.contains("yyyy-MM"), "{month:?}");
}

/// The first import by script: what is detected is taken, remembered under the name, and told.
#[test]
fn a_first_import_remembers_what_was_detected() {
    let world = World::start();
    let seat = world.seat();
    let month = |month: u8| format!("单号,品名,入库日期,数量,单位\nD{month},导管,2026-{month:02}-09,3,根\n");
    let files = [9, 10, 11].map(|n| seat.file(&format!("{n}月.csv"), month(n).as_bytes()));
    let first = seat.run(&["import", "--profile", "HIS", &files[0]]);
    assert_eq!((first.code, first.json["added"].as_u64()), (0, Some(1)), "{first:?}");
    assert!(first.stderr.contains("“HIS”") && first.stderr.contains("数量 → quantity"), "{first:?}");
    for arguments in [&["import", "--profile", "HIS", &files[1]][..], &["import", &files[2]]] {
        let later = seat.run(arguments);
        assert_eq!((later.code, later.json["added"].as_u64()), (0, Some(1)), "{later:?}");
        assert_eq!(later.stderr, "", "it is known by now");
    }
    let other = seat.file("别的.csv", "订单编号,产品名称,日期,入库数量\nE1,支架,2026-10-09,2\n".as_bytes());
    let unnamed = seat.run(&["import", &other]);
    assert_eq!((unnamed.code, unnamed.json["added"].as_u64()), (0, Some(1)), "{unnamed:?}");
    assert!(unnamed.stderr.contains("“别的”"), "{unnamed:?}");
}

/// Killed at any instant, an import is whole or never was.
#[test]
fn a_killed_import_leaves_all_or_nothing() {
    const ROWS: u64 = 4_000;
    let world = World::start();
    let seat = world.seat();
    assert_eq!(world.connect(&seat).code, 0);
    let rows = (1..=ROWS).map(|n| format!("D{n},导管,2026-10-09,{n},根,3.5\n"));
    let text: String =
        ["订单编号,产品名称,入库日期,数量,单位,单价\n".to_owned()].into_iter().chain(rows).collect();
    let file = seat.file("大.csv", text.as_bytes());
    let profile = seat.file("方案.json", r#"{"name":"大","headings":[]}"#.as_bytes());
    let table = seat.file("台账.csv", b"");
    let held = || seat.json(&["export", "ledger", &table])["rows"].as_u64().unwrap();
    let (mut killed, mut kept) = (0, 0);
    for wait_ms in [50_u64, 400, 800, 1_200, 1_600, 2_400] {
        let mut child = seat.command(&["import", "--profile", &profile, &file]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        killed += u32::from(child.try_wait().unwrap().is_none());
        // It may have ended meanwhile.
        let _ = child.kill();
        child.wait().unwrap();
        let rows = held();
        assert!(rows == 0 || rows == ROWS, "{wait_ms} ms: {rows} of {ROWS} lines");
        kept += u32::from(rows == ROWS);
        let verified = seat.json(&["verify"]);
        let sound = (&verified["integrity"], &verified["audit_chain"]);
        assert_eq!(sound, (&true.into(), &true.into()), "{wait_ms} ms");
    }
    assert!(killed > 0, "each was faster than its kill");
    seat.json(&["import", "--profile", &profile, &file]);
    assert_eq!(held(), ROWS, "and afterwards it is taken in once; {kept} had been before");
}
