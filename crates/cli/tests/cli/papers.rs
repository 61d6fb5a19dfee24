//! Every list as a file, and the papers that are printed and stamped.

use std::collections::BTreeMap;
use std::path::Path;

use sunbench_exchange::sheet::{Flow, SheetFile};

use crate::world::{Seat, World, keys, set};

/// The rows of an exported text, by its headings.
fn exported(seat: &Seat, kind: &str) -> Vec<BTreeMap<String, String>> {
    let file = seat.file(&format!("{kind}.csv"), b"");
    let done = seat.json(&["export", kind, &file]);
    let mut headings: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    let read = SheetFile::open(Path::new(&file)).unwrap().each_row(0, &mut |row| {
        let cells = (0..row.len()).map(|at| row.cell(at).text.trim().to_owned());
        if headings.is_empty() {
            headings = cells.collect();
        } else {
            rows.push(headings.iter().cloned().zip(cells).collect::<BTreeMap<String, String>>());
        }
        Flow::Continue(())
    });
    read.unwrap();
    assert_eq!(done["rows"], rows.len(), "{kind}");
    rows
}

#[test]
fn every_list_goes_out_with_what_the_platform_has() {
    let world = World::start();
    let seat = world.synced_seat();
    let counts = seat.json(&["status"])["counts"].take();
    for (kind, resource, full) in [
        ("products", "product", &["产品名称", "挂网价", "注册证号"][..]),
        ("items", "hospItem", &["院内编码", "产品名称"]),
        ("agreements", "agreement", &["批次", "约定采购量", "配送企业"]),
        ("contracts", "contract", &["合同编号", "配送企业", "截止日期"]),
        ("filings", "filing", &["产品名称", "数量", "单价", "金额", "责任人", "记录号"]),
        ("supply-issues", "supplyIssue", &["产品名称", "配送企业", "情况说明", "回复时限", "记录号"]),
        ("negotiations", "negotiation", &["产品名称", "现价", "期望价", "邀请时间"]),
        ("evaluations", "evaluation", &["季度", "企业", "截止日期"]),
        ("demand-reports", "demandReport", &["批次", "产品名称", "上年度实际采购量"]),
        ("settlements", "settlement", &["结算单号", "金额"]),
    ] {
        let rows = exported(&seat, kind);
        assert_eq!(counts[resource], rows.len(), "{kind}");
        for row in &rows {
            for heading in full {
                assert!(!row[*heading].is_empty(), "{kind}: {heading} in {row:?}");
            }
        }
    }
    for kind in ["orders", "deliveries", "receipts", "returns", "invoices", "notices"] {
        assert!(!exported(&seat, kind).is_empty(), "{kind}");
    }
    let filing = exported(&seat, "filings").remove(0);
    let workbook = seat.file("备案.xlsx", b"");
    assert!(seat.json(&["export", "filings", &workbook])["rows"].as_u64().is_some_and(|rows| rows > 20));
    assert!(filing["提交时间"].is_empty() || filing["提交时间"].starts_with("2026-"), "{filing:?}");
    assert_eq!(seat.run(&["export", "secrets", &workbook]).code, 2);
}

#[test]
fn papers_are_printed_to_a_file() {
    let world = World::start();
    let seat = world.synced_seat();
    let receipt = exported(&seat, "receipts").remove(0)["记录号"].clone();
    let issue = exported(&seat, "supply-issues").remove(0)["记录号"].clone();
    let notice = world.issue_notice("请说明原因");
    seat.json(&["sync"]);
    let pdf = |name: &str| seat.file(name, b"");
    let unwritten = seat.run(&["print", "reply", &notice, &pdf("空.pdf")]);
    assert_eq!((unwritten.code, unwritten.failure()), (1, "wrongState"), "nothing is written yet");
    let text = seat.file("反馈.txt", "中选产品供应不足。\n\n已协调企业补货。".as_bytes());
    seat.json(&["reply", &notice, "--text-file", &text]);
    assert_eq!(seat.json(&["sync"])["waiting"], 0);
    for (arguments, name) in [
        (vec!["slip", &receipt], "验收单.pdf"),
        (vec!["supplier-letter", &issue], "致企业.pdf"),
        (vec!["office-letter", &issue, "--addressee", "市医疗保障局药械科"], "致医保.pdf"),
        (vec!["reply", &notice], "反馈.pdf"),
    ] {
        let file = pdf(name);
        let mut all = vec!["print", arguments[0], arguments[1], &file];
        all.extend(&arguments[2..]);
        let written = seat.json(&all);
        assert_eq!(keys(&written), set("file sha256"));
        assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF"), "{name}");
    }
    for (arguments, code) in [
        (vec!["slip", "nowhere"], "notFound"),
        (vec!["office-letter", "nowhere"], "notFound"),
        (vec!["reply", "nowhere"], "notFound"),
        (vec!["office-letter", &issue], "fieldRequired"),
    ] {
        let file = pdf("无.pdf");
        let answer = seat.run(&["print", arguments[0], arguments[1], &file]);
        assert_eq!((answer.code, answer.failure()), (1, code), "{arguments:?}");
    }
    assert_eq!(seat.run(&["print", "novel", &receipt, &pdf("x.pdf")]).code, 2);
}

#[test]
fn no_output_takes_the_place_of_a_profile_or_a_device() {
    let world = World::start();
    let seat = world.synced_seat();
    let receipts = exported(&seat, "receipts");
    let receipt = receipts[0]["记录号"].clone();
    let profile = seat.folder();
    let database = profile.join("db/sunbench.db").display().to_string();
    let new = profile.join("new.csv").display().to_string();
    let link = profile.with_file_name("link.csv");
    std::os::unix::fs::symlink(&database, &link).unwrap();
    let link = link.display().to_string();
    let before = seat.digest();
    let verbs: [&[&str]; 7] = [
        &["export", "orders"],
        &["print", "slip", &receipt],
        &["audit", "export"],
        &["bundle", "export"],
        &["backup"],
        &["reconcile", "--period", "2026-10", "--out"],
        &["reconcile", "--period", "2026-10", "--pdf"],
    ];
    for verb in verbs {
        for (file, code) in [
            (&*database, "insideProfile"),
            (&*link, "insideProfile"),
            (&*new, "insideProfile"),
            ("/dev/null", "notRegularFile"),
        ] {
            // What is no backup is never replaced by one, wherever it lies.
            let code =
                if verb == ["backup"] && file != new && file != "/dev/null" { "notABackup" } else { code };
            let answer = seat.run(&[verb, &[file]].concat());
            assert_eq!((answer.code, answer.failure()), (1, code), "{verb:?} {file}: {answer:?}");
            if code == "insideProfile" {
                let msg = answer.json["error"]["msg"].as_str().unwrap();
                assert!(msg.contains(profile.to_str().unwrap()), "{verb:?}: {msg}");
            }
        }
    }
    assert_eq!(seat.digest(), before);
    assert!(!profile.join("new.csv").exists());
    // The profile's own folder of backups is one for backups.
    std::fs::create_dir_all(profile.join("backups")).unwrap();
    seat.json(&["backup", profile.join("backups/evening.sbk").to_str().unwrap()]);
}
