//! `reconcile --left F --right F`: two files, no profile, no network.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

const HEADINGS: &str =
    "订单编号,订单明细编号,医保编码,产品名称,规格型号,批号,日期,数量,单位,单价,金额,配送企业\n";

fn line(order: &str, name: &str, lot: &str, quantity: u32, price: u32) -> String {
    let key = if order.is_empty() { String::new() } else { format!("{order}-1") };
    format!(
        "{order},{key},C02010100101002{:05},{name},6F,{lot},2026-03-02,{quantity},个,{price},{},江南医疗器械有限公司\n",
        name.chars().map(u32::from).sum::<u32>() % 100_000,
        quantity * price
    )
}

fn reconcile(folder: &Path, left: &str, right: &str, more: &[&str]) -> (Option<i32>, Value) {
    std::fs::write(folder.join("平台.csv"), left).unwrap();
    std::fs::write(folder.join("台账.csv"), right).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_sunbench"))
        .current_dir(folder)
        .args(["reconcile", "--left", "平台.csv", "--right", "台账.csv", "--json"])
        .args(more)
        .output()
        .unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn two_files_are_paired_and_every_difference_has_an_owner() {
    let folder = tempfile::tempdir().unwrap();
    let left = [
        HEADINGS,
        &line("PO1001", "导管", "A1001", 5, 30),
        &line("PO1002", "支架", "A1002", 2, 700),
        &line("PO1003", "缝线", "A1003", 9, 12),
    ]
    .concat();
    let right = [
        "某医院三月入库\n",
        HEADINGS,
        &line("PO1002", "支架", "A1002", 2, 720),
        &line("PO1001", "导管", "A1001", 4, 30),
        &line("", "敷料", "B1", 6, 5),
        "合计,,,,,,,12,,,,\n",
    ]
    .concat();
    let (exit, found) = reconcile(folder.path(), &left, &right, &["--out", "对账单.xlsx"]);
    assert_eq!(exit, Some(0));
    let rows = |one: &Value| (one["left"].clone(), one["right"].clone());
    let pairs: Vec<_> = found["pairs"].as_array().unwrap().iter().map(rows).collect();
    assert_eq!(pairs, [(json!([1]), json!([2])), (json!([2]), json!([1]))]);
    assert!(found["pairs"].as_array().unwrap().iter().all(|pair| pair["pass"] == 1));
    let mut differences: Vec<_> = found["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["kind"].as_str().unwrap(), one["amount"].as_str().unwrap(), one["owner"].as_str().unwrap())
        })
        .collect();
    differences.sort_unstable();
    assert_eq!(
        differences,
        [
            ("not_in_ledger", "108.00", "store"),
            ("not_on_platform", "30.00", "procurement"),
            ("price_differs", "40.00", "procurement"),
            ("quantity_short", "-30.00", "supplier"),
        ]
    );
    assert_eq!((&found["unmatched_left"], &found["unmatched_right"]), (&json!([3]), &json!([3])));
    assert_eq!(found["stats"]["right"]["skipped"][0]["what"], "total");
    assert!(std::fs::read(folder.path().join("对账单.xlsx")).unwrap().starts_with(b"PK"));
}

#[test]
fn a_value_that_cannot_be_read_is_named_and_its_line_is_unmatched() {
    let folder = tempfile::tempdir().unwrap();
    let good = line("PO1001", "导管", "A1001", 5, 30);
    let left = [HEADINGS, &good].concat();
    let right = [HEADINGS, &good.replace(",5,个", ",五,个")].concat();
    let (exit, found) = reconcile(folder.path(), &left, &right, &[]);
    assert_eq!(exit, Some(0));
    assert_eq!(found["unmatched_right"], json!([1]));
    let problem = &found["stats"]["right"]["problems"][0];
    assert_eq!(
        (&problem["row"], &problem["column"], &problem["reason"]),
        (&json!(1), &json!("数量"), &json!("not_a_number"))
    );
}

#[test]
fn what_is_no_ledger_is_a_stated_failure() {
    let folder = tempfile::tempdir().unwrap();
    for (right, code) in [("", "fileEmpty"), ("a,b,c\n1,2,3\n", "noHeadings"), ("%PDF-1.7", "notATable")] {
        let (exit, found) =
            reconcile(folder.path(), &[HEADINGS, &line("P1", "导管", "A", 1, 1)].concat(), right, &[]);
        assert_eq!(exit, Some(1), "{right}");
        assert_eq!(found["error"]["code"], code);
        assert!(found["error"]["msg"].as_str().unwrap().contains("台账.csv"));
    }
}
