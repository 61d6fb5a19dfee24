//! Codes of fixed fields and trade item numbers.

use super::super::CodeKind::{Gtin, Institution, Mcs, Uscc};
use super::super::{CodeCheck, CodeKind, check};
use super::{invalid, valid};

#[test]
fn consumable_codes() {
    let parts = [
        ("category1", "14"),
        ("category2", "01"),
        ("category3", "10"),
        ("generic_name", "020"),
        ("feature", "00010"),
        ("company", "00123"),
    ];
    valid(Mcs, "C1401100200001000123", "C1401100200001000123", &parts);
    valid(Mcs, "Ｃ１４０１１００２００００１０００１２３", "C1401100200001000123", &parts);
    valid(Mcs, " c14 01 10\u{3000}020-00010—00123\r\n", "C1401100200001000123", &parts);
    valid(Mcs, "\u{feff}'C1401100200001000123", "C1401100200001000123", &parts);
    valid(Mcs, "\"C1401100200001000123\"", "C1401100200001000123", &parts);
    valid(Mcs, "C1401100\u{200b}2000010\u{ad}00123", "C1401100200001000123", &parts);
    valid(Mcs, "C14011002000010001230000042", "C14011002000010001230000042", &[("model", "0000042")]);
    assert!(!check(Mcs, "C1401100200001000123").parts.contains_key("model"));

    invalid(Mcs, "", "编码为空");
    invalid(Mcs, " \u{200b}-　", "编码为空");
    invalid(Mcs, "C140110020000100012", "应为 20 位或 27 位，实际 19 位");
    invalid(Mcs, "C14011002000010001234", "应为 20 位或 27 位，实际 21 位");
    invalid(Mcs, "C140110020000100012300000421", "应为 20 位或 27 位，实际 28 位");
    invalid(Mcs, "1401100200001000123", "应以“C”开头");
    invalid(Mcs, "H1401100200001000123", "应以“C”开头");
    invalid(Mcs, "C14O1100200001000123", "第 4 位的“O”不允许");
    invalid(Mcs, "C1401100200001000支架", "第 18 位的“支”不允许");
    invalid(Mcs, "C14011002000010001२३", "第 19 位的“२”不允许"); // digits of another script
    let numeric = "该编码被表格软件当作数字保存（如 1.23E+19），位数可能已丢失，请按文本格式重新取码";
    invalid(Mcs, "1.40110020000100E+18", numeric);
    invalid(Mcs, "1.4011e18", numeric);
    invalid(Mcs, "14E+18", numeric);
    invalid(Mcs, "1401100200001000123.0", numeric);
}

#[test]
fn nothing_is_read_without_end() {
    for kind in CodeKind::ALL {
        invalid(kind, &"1".repeat(1_001), "应为 1000 位以内，实际 1001 位");
    }
    // Once quadratic in its length.
    let label = format!("+{}{}", "A".repeat(200_000), "+".repeat(200_000));
    invalid(CodeKind::Udi, &label, "应为 1000 位以内，实际 400001 位");
}

#[test]
fn institution_codes() {
    valid(Institution, "H44030500123", "H44030500123", &[("division", "440305"), ("serial", "00123")]);
    valid(Institution, "ｈ440305-00123 ", "H44030500123", &[]);
    invalid(Institution, "H4403050012", "应为 12 位，实际 11 位");
    invalid(Institution, "P44030500123", "应以“H”开头");
    invalid(Institution, "H4403050012X", "第 12 位的“X”不允许");
}

#[test]
fn social_credit_codes() {
    let parts = [
        ("registration_authority", "9"),
        ("category", "1"),
        ("division", "350100"),
        ("organization", "M000100Y4"),
        ("check", "3"),
    ];
    valid(Uscc, "91350100M000100Y43", "91350100M000100Y43", &parts); // the example of GB 32100
    valid(Uscc, "９１３５０１００ｍ０００１００ｙ４３", "91350100M000100Y43", &parts);
    valid(Uscc, "91350100 M000100Y-43", "91350100M000100Y43", &parts);
    valid(Uscc, "124403004558321979", "124403004558321979", &[("category", "2")]);

    invalid(Uscc, "000000000000000000", "编码全为零");
    invalid(Uscc, "91350100M000100Y44", "统一社会信用代码的校验码应为“3”，实际为“4”，请核对是否抄错");
    assert_eq!(check(Uscc, "91350100M000100Y44").parts["division"], "350100");
    invalid(Uscc, "91350100M000100Y4", "应为 18 位，实际 17 位");
    invalid(Uscc, "91350100M000100Y433", "应为 18 位，实际 19 位");
    invalid(Uscc, "9135O100M000100Y43", "第 5 位的“O”不允许");
    invalid(Uscc, "91350100I000100Y43", "第 9 位的“I”不允许");
    invalid(Uscc, "9135A100M000100Y43", "第 5 位的“A”不允许");
    assert!(check(Uscc, "9.1350100E+17").reason.is_some_and(|reason| reason.contains("表格软件")));
}

#[test]
fn trade_item_numbers() {
    valid(Gtin, "06901234567892", "06901234567892", &[("format", "GTIN-14"), ("check", "2")]);
    valid(Gtin, "6901234567892", "6901234567892", &[("format", "GTIN-13"), ("gtin14", "06901234567892")]);
    valid(Gtin, "６９０ 1234-567892", "6901234567892", &[]);
    valid(Gtin, "036000291452", "036000291452", &[("format", "GTIN-12"), ("gtin14", "00036000291452")]);
    valid(Gtin, "96385074", "96385074", &[("format", "GTIN-8")]);

    invalid(Gtin, "6901234567893", "商品条码的校验码应为“2”，实际为“3”，请核对是否抄错");
    invalid(Gtin, "690123456789", "商品条码的校验码应为“7”，实际为“9”，请核对是否抄错");
    invalid(Gtin, "69012345678", "应为 8、12、13 或 14 位，实际 11 位");
    invalid(Gtin, "690123456789X", "第 13 位的“X”不允许");
    invalid(Gtin, "0000000000000", "编码全为零");
    assert!(check(Gtin, "6.90123E+12").reason.is_some_and(|reason| reason.contains("表格软件")));
    assert!(check(Gtin, "6901234567892.0").reason.is_some_and(|reason| reason.contains("表格软件")));
}

#[test]
fn kinds_have_the_names_of_the_command_line() {
    for (name, kind) in
        [("mcs", Mcs), ("udi", CodeKind::Udi), ("gtin", Gtin), ("uscc", Uscc), ("institution", Institution)]
    {
        assert_eq!(name.parse(), Ok(kind));
        assert_eq!(kind.to_string(), name);
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
    }
    assert_eq!(
        "MCS".parse::<CodeKind>().unwrap_err().to_string(),
        "unknown kind of code `MCS`, expected mcs, udi, gtin, uscc or institution"
    );
}

#[test]
fn the_json_has_the_keys_that_scripts_rely_on() {
    let good = check(Institution, "h44030500123");
    assert_eq!(
        serde_json::to_value(&good).unwrap(),
        serde_json::json!({
            "kind": "institution", "valid": true, "normalized": "H44030500123",
            "parts": {"division": "440305", "serial": "00123"},
        })
    );
    let bad = check(Gtin, "6901234567893");
    let json = serde_json::to_value(&bad).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "kind": "gtin", "valid": false, "normalized": "6901234567893", "parts": {},
            "reason": "商品条码的校验码应为“2”，实际为“3”，请核对是否抄错",
            "fault": {"code": "checkCharacter", "field": "商品条码", "expected": "2", "found": "3"},
        })
    );
    assert_eq!(serde_json::from_value::<CodeCheck>(json).unwrap(), bad);
}
