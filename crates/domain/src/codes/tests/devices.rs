//! Device identifiers of the three agencies.

use super::super::CodeKind::Udi;
use super::super::{check, check_at};
use super::{invalid, valid};

#[test]
fn gs1_as_printed_and_as_scanned() {
    let parts = [
        ("issuer", "GS1"),
        ("di", "06901234567892"),
        ("gtin", "06901234567892"),
        ("expiry", "2027-02-28"),
        ("production_date", "2025-12-31"),
        ("lot", "A213b1"),
        ("serial", "S-1/2"),
    ];
    let printed = "(01)06901234567892(11)251231(17)270200(10)A213b1(21)S-1/2";
    for value in [
        printed,
        "（０１）06901234567892（11）251231(17)270200(10)A213b1(21)S-1/2",
        " (01) 0690 1234 56789 2 (11)251231 (17)270200 (10)A213b1 (21)S-1/2\n",
        "01069012345678921125123117270200\
         10A213b1\u{1d}21S-1/2",
        "]C101069012345678921125123117270200\
         10A213b1\u{1d}21S-1/2",
        "]d2\u{1d}01069012345678921125123117270200\
         10A213b1\u{1d}21S-1/2\u{1d}",
        "<GS>0106901234567892112512311727020010A213b1<gs>21S-1/2",
        "0106901234567892112512311727020010A213b1␝21S-1/2",
        "0106901234567892112512311727020010A213b1{GS}21S-1/2",
        "0106901234567892112512311727020010A213b1\\u001d21S-1/2",
        "010690123456789211251231\u{1d}1727020010A213b1^]21S-1/2",
        "0106901234567892 11251231 17270200 10A213b1 21S-1/2",
        "01 06901234567892 11 251231 17 270200 10 A213b1\u{1d}21 S-1/2",
    ] {
        valid(Udi, value, printed, &parts);
    }
    let brackets = "(01)06901234567892(10)LOT(B)7(21)9";
    valid(Udi, brackets, brackets, &[("lot", "LOT(B)7"), ("serial", "9")]);
}

#[test]
fn gs1_elements() {
    valid(Udi, "06901234567892", "(01)06901234567892", &[("di", "06901234567892")]);
    valid(Udi, "6901234567892", "(01)06901234567892", &[("issuer", "GS1")]);
    // A lot may hold brackets; as printed it would read as two elements.
    let (bracketed, lot) = ("0106901234567892{GS}10LOT(21)21{GS}21S", ("lot", "LOT(21)21"));
    valid(Udi, "010690123456789210LOT(21)21<GS>21S", bracketed, &[lot, ("serial", "S")]);
    valid(Udi, bracketed, bracketed, &[lot, ("serial", "S")]);
    // Blanks put into a separator's name do not make it part of a lot.
    invalid(Udi, "010690123456789210LOT<g s>21S", "第 22 位的“<”不允许");
    valid(
        Udi,
        "(01)06901234567892(7003)2712311430(3103)000189(422)156(30)12(240)REF.9(91)x",
        "(01)06901234567892(7003)2712311430(3103)000189(422)156(30)12(240)REF.9(91)x",
        &[
            ("expiry", "2027-12-31"),
            ("ai_3103", "000189"),
            ("origin", "156"),
            ("count", "12"),
            ("additional_id", "REF.9"),
            ("ai_91", "x"),
        ],
    );
    valid(
        Udi,
        "01069012345678923103000189422156\u{1d}3012\u{1d}10a",
        "(01)06901234567892(3103)000189(422)156(30)12(10)a",
        &[("lot", "a")],
    );
}

#[test]
fn gs1_faults() {
    invalid(Udi, "(01)06901234567893(17)270101", "(01)的校验码应为“2”，实际为“3”，请核对是否抄错");
    invalid(Udi, "010690123456789317270101", "(01)的校验码应为“2”，实际为“3”，请核对是否抄错");
    invalid(Udi, "(01)00000000000000", "编码全为零");
    invalid(Udi, "(17)271301(01)06901234567892", "失效日期(17)“271301”不是有效日期");
    invalid(Udi, "(01)06901234567892(17)270229", "失效日期(17)“270229”不是有效日期");
    invalid(Udi, "(01)06901234567892(7003)2712312400", "失效日期(7003)“2712312400”不是有效日期");
    invalid(Udi, "(01)06901234567892(7003)2712311460", "失效日期(7003)“2712311460”不是有效日期");
    invalid(Udi, "0106901234567892172702001\u{1d}", "无法识别的标识符“1U+001D”");
    invalid(Udi, "(01)06901234567892(17)2702", "标识符“17”后的内容长度不对（4 位）");
    invalid(Udi, "(01)6901234567892", "标识符“01”后的内容长度不对（13 位）");
    invalid(Udi, "(01)06901234567892(10)", "标识符“10”后的内容长度不对（0 位）");
    invalid(Udi, "(01)06901234567892(10)批号7", "标识符“10”后的内容含有不允许的字符“批”");
    invalid(Udi, "(01)0690123456789X", "标识符“01”后的内容含有不允许的字符“X”");
    invalid(Udi, "(01)06901234567892(04)1", "无法识别的标识符“04”");
    invalid(Udi, "(01)06901234567892(10)A(10)B", "标识符“10”重复");
    invalid(Udi, "010690123456789204", "无法识别的标识符“04”");
    invalid(
        Udi,
        "010690123456789210ABCDEFGHIJKLMNOPQRST21",
        "标识符“10”后的内容过长，疑似缺少分隔符（FNC1），请检查扫码枪设置",
    );
    invalid(Udi, "(17)270101(10)A1", "只有生产标识，缺少产品标识（DI），请连同主条码一起扫描");
    let half = check(Udi, "1727010110A1");
    assert!(!half.valid);
    assert_eq!((half.parts["expiry"].as_str(), half.parts["lot"].as_str()), ("2027-01-01", "A1"));
    invalid(Udi, "06901234567893", "商品条码的校验码应为“2”，实际为“3”，请核对是否抄错");
    invalid(Udi, "支架", "不是 GS1、MA 或 HIBC 的编码格式");
    invalid(Udi, "=A99971234567", "不是 GS1、MA 或 HIBC 的编码格式");
    invalid(Udi, "\u{1d} ]", "不是 GS1、MA 或 HIBC 的编码格式");
    invalid(Udi, "", "编码为空");
    invalid(Udi, "]C1\u{1d}", "编码为空");
    assert!(check(Udi, "1.0690E+23").reason.is_some_and(|reason| reason.contains("表格软件")));
}

#[test]
fn two_digit_years_are_read_from_the_current_year() {
    let expiry = |year| check_at(Udi, "(01)06901234567892(17)770131", year).parts["expiry"].clone();
    assert_eq!((expiry(2026).as_str(), expiry(2027).as_str()), ("1977-01-31", "2077-01-31"));
}

#[test]
fn ma_codes() {
    let code = "MA.156.M0.100761.21234561.Sx00008.M220117.L20220117a.D20220118.E20240130.V240129.C3";
    let parts = [
        ("issuer", "MA"),
        ("di", "MA.156.M0.100761.21234561"),
        ("registrant", "100761"),
        ("product", "21234561"),
        ("serial", "x00008"),
        ("production_date", "2022-01-17"),
        ("lot", "20220117a"),
        ("sterilization_lot", "20220118"),
        ("expiry", "2024-01-30"),
        ("valid_until", "2024-01-29"),
        ("check", "3"),
    ];
    valid(Udi, code, code, &parts);
    valid(Udi, &code.replacen("MA.156.M0", "ｍａ。156．m0 ", 1), code, &parts);
    valid(Udi, &format!("]Q1{code}"), code, &parts);
    valid(Udi, "MA.156.M0.100472.11103316", "MA.156.M0.100472.11103316", &[("country", "156")]);
    let older = "MA.156.M0.100472.11103316.S1576130942.P190101.LABS20191201.E191201.C7";
    valid(Udi, older, older, &[("production_date", "2019-01-01"), ("expiry", "2019-12-01")]);
    let longer = "MA.156.M0.100350.01004YA10017.SLMSAGAAAC.V220627.C3";
    valid(Udi, longer, longer, &[("product", "01004YA10017"), ("expiry", "2022-06-27")]);

    assert_eq!(check(Udi, "MA.^]").normalized, "MA.");
    invalid(Udi, "MA.156.M0.100761", "MA 码至少应有 5 段（以“.”分隔），实际 4 段");
    invalid(Udi, "MA.15.M0.100761.21234561", "标识符“第 2 段”后的内容长度不对（2 位）");
    invalid(Udi, "MA.156.A0.100761.21234561", "第 8 位的“A”不允许");
    invalid(Udi, "MA.156.M0.1007O1.21234561", "第 15 位的“O”不允许");
    invalid(Udi, "MA.156.M0.100761.21234561.E221301", "失效日期“221301”不是有效日期");
    invalid(Udi, "MA.156.M0.100761.21234561.E2213", "失效日期“2213”不是有效日期");
    invalid(Udi, "MA.156.M0.100761.21234561.X1", "无法识别的标识符“.X1”");
    invalid(Udi, "MA.156.M0.100761.21234561.", "无法识别的标识符“.”");
    invalid(Udi, "MA.156.M0.100761.21234561.LA.LB", "标识符“.L”重复");
    invalid(Udi, "MA.156.M0.100761.21234561.L批", "标识符“.L”后的内容含有不允许的字符“批”");
}

#[test]
fn hibc_labels() {
    // The examples of ANSI/HIBC 2.6 and of FHIR's device resource.
    valid(
        Udi,
        "+A123BJC5D6E71G",
        "+A123BJC5D6E71G",
        &[
            ("issuer", "HIBC"),
            ("di", "A123BJC5D6E71"),
            ("labeler", "A123"),
            ("product", "BJC5D6E7"),
            ("unit_of_measure", "1"),
        ],
    );
    valid(Udi, "*+a123bjc5d6e71g*", "+A123BJC5D6E71G", &[]);
    valid(Udi, "+H123ABC01234567890D", "+H123ABC01234567890D", &[("product", "ABC0123456789")]);
    valid(Udi, "+BLUEUNICORN7N", "+BLUEUNICORN7N", &[("labeler", "BLUE"), ("unit_of_measure", "7")]);
    valid(
        Udi,
        "]d1+A123BJC5D6E71/$$52001510X3C",
        "+A123BJC5D6E71/$$52001510X3C",
        &[("expiry", "2020-01-15"), ("lot", "10X3")],
    );
    // As in FHIR, where the check character is only a stand-in.
    let long = "+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202";
    let long = with_check(long);
    valid(
        Udi,
        &long,
        &long,
        &[
            ("di", "H123PARTNO1234567890120"),
            ("expiry", "2020-02-02"),
            ("expiry_hour", "16"),
            ("lot", "LOT123456789012345"),
            ("serial", "XYZ456789012345678"),
            ("production_date", "2013-02-02"),
        ],
    );
    // Two scans in one field.
    valid(
        Udi,
        "+A123BJC5D6E71G+2001510X3GG",
        "+A123BJC5D6E71G+2001510X3GG",
        &[("expiry", "2020-01-15"), ("lot", "10X3"), ("di", "A123BJC5D6E71")],
    );
}

/// Adds the check character, by a table written down by hand from the standard's appendix B.
fn with_check(text: &str) -> String {
    let value = |c: char| match c {
        '0'..='9' => c as u32 - '0' as u32,
        'A'..='Z' => c as u32 - 'A' as u32 + 10,
        '-' => 36,
        '.' => 37,
        ' ' => 38,
        '$' => 39,
        '/' => 40,
        '+' => 41,
        '%' => 42,
        _ => panic!("{c} has no value"),
    };
    let sum: u32 = text.chars().map(value).sum();
    let check = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%".chars().find(|c| value(*c) == sum % 43);
    format!("{text}{}", check.unwrap())
}

#[test]
fn hibc_secondary_formats() {
    #[track_caller]
    fn check_parts(secondary: &str, expected: &[(&str, &str)]) {
        let code = with_check(&format!("+A123BJC5D6E71/{secondary}"));
        let read = check(Udi, &code);
        assert!(read.valid, "{code}: {:?}", read.reason);
        let mut parts = read.parts;
        parts.retain(|name, _| {
            !["issuer", "di", "labeler", "product", "unit_of_measure"].contains(&name.as_str())
        });
        let found: Vec<(&str, &str)> =
            parts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected, "{code}");
    }
    check_parts("$3C001", &[("lot", "3C001")]);
    check_parts("$+3C001", &[("serial", "3C001")]);
    check_parts("28015", &[("expiry", "2028-01-15")]);
    check_parts("280153C001", &[("expiry", "2028-01-15"), ("lot", "3C001")]);
    check_parts("$$09283C001", &[("expiry", "2028-09-30"), ("lot", "3C001")]);
    check_parts("$$12283C001", &[("expiry", "2028-12-31"), ("lot", "3C001")]);
    check_parts("$$20928283C001", &[("expiry", "2028-09-28"), ("lot", "3C001")]);
    check_parts("$$32809283C001", &[("expiry", "2028-09-28"), ("lot", "3C001")]);
    check_parts("$$4280928223C001", &[("expiry", "2028-09-28"), ("expiry_hour", "22"), ("lot", "3C001")]);
    check_parts("$$5282713C001", &[("expiry", "2028-09-27"), ("lot", "3C001")]);
    check_parts("$$628271223C001", &[("expiry", "2028-09-27"), ("expiry_hour", "22"), ("lot", "3C001")]);
    check_parts("$$73C001", &[("lot", "3C001")]);
    check_parts("$$+73C001", &[("serial", "3C001")]);
    check_parts("$$+3280928SN-1", &[("expiry", "2028-09-28"), ("serial", "SN-1")]);
    check_parts("$$824", &[("quantity", "24")]);
    check_parts("$$82473C001", &[("lot", "3C001"), ("quantity", "24")]);
    check_parts("$$8240928", &[("expiry", "2028-09-30"), ("quantity", "24")]);
    check_parts("$$90010032809283C001", &[("expiry", "2028-09-28"), ("lot", "3C001"), ("quantity", "00100")]);
    check_parts(
        "$$3280928A/SB/16D20260101/Q500",
        &[
            ("expiry", "2028-09-28"),
            ("lot", "A"),
            ("production_date", "2026-01-01"),
            ("quantity", "500"),
            ("serial", "B"),
        ],
    );
    check_parts("S1/14D20280928", &[("expiry", "2028-09-28"), ("serial", "1")]);
}

#[test]
fn hibc_faults() {
    let invalid_for = |text: &str, reason: &str| invalid(Udi, &with_check(text), reason);
    invalid(Udi, "+A123BJC5D6E71H", "HIBC的校验码应为“G”，实际为“H”，请核对是否抄错");
    invalid(Udi, "+A123BJC5D6E71#", "第 15 位的“#”不允许");
    invalid(Udi, "+", "应为 8 位以上，实际 1 位");
    invalid_for("+A12", "应为 6 至 23 位的产品标识，实际 3 位");
    invalid_for("+A123BJC5D6E7X", "第 14 位的“X”不允许");
    invalid_for("+A12.BJC5D6E71", "第 5 位的“.”不允许");
    invalid_for("+A123BJC5D6E71/$$1328A", "失效日期“1328”不是有效日期");
    invalid_for("+A123BJC5D6E71/$$3280230", "失效日期“280230”不是有效日期");
    invalid_for("+A123BJC5D6E71/$$428092825A", "失效时间“28092825”不是有效日期");
    invalid_for("+A123BJC5D6E71/$$32809", "标识符“$$”后的内容长度不对（4 位）");
    invalid_for("+A123BJC5D6E71/$$82", "标识符“$$”后的内容长度不对（1 位）");
    invalid_for("+A123BJC5D6E71/$ABCDEFGHIJKLMNOPQRS", "标识符“$”后的内容长度不对（19 位）");
    invalid_for("+A123BJC5D6E71/$A%B", "标识符“$”后的内容含有不允许的字符“%”");
    invalid_for("+A123BJC5D6E71/Z1", "无法识别的标识符“/Z1”");
    invalid_for("+A123BJC5D6E71/$$3280928A/14D20280928", "标识符“/14D”重复");
    invalid_for("+$$3280928AG", "只有生产标识，缺少产品标识（DI），请连同主条码一起扫描");
    assert_eq!(check(Udi, &with_check("+$$3280928AG")).parts["lot"], "A");
    let stray = format!("+A123BJC5D6E71G{}", with_check("+$$3280928AH"));
    invalid(Udi, &stray, "副条码的连接字符应为“G”，实际为“H”，与主条码不是同一产品");
}

#[test]
fn a_hibc_check_character_may_be_a_blank() {
    let code = ('A'..='Z')
        .flat_map(|letter| (0..10).map(move |n| with_check(&format!("+A123BJC{letter}{n}1"))))
        .find(|code| code.ends_with(' '))
        .expect("some of 260 numbers have a blank");
    valid(Udi, &code, &code, &[("labeler", "A123")]);
    valid(Udi, &format!("*{}_*", code.trim_end()), &code, &[]);
    assert!(!check(Udi, code.trim_end()).valid, "a lost check character is not made up");
}
