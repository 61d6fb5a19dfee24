//! The packs of this program, a seventh province, files that are refused, rules of past days.

use sunbench_domain::policy::{
    Adjustment, ExemptionKind, Formula, Level, PackError, PackFault, Packs, Percent, RuleBook, pack_text,
};

const SEVENTH: &str = r#"
schema = 1
id = "yunling-2026"
name = "云岭省 2026"
version = 3
extends = "national-base"
divisions = ["57"]
valid_from = "2026-01-01"

[[source]]
key = "YL"
title = "云岭省医用耗材阳光采购监督管理办法（试行）"
number = "岭医保发〔2025〕40号"
date = "2025-12-20"

[[indicator]]
id = "receipt-timeliness"
hours = 48
source = "YL"
clause = "第十二条第二款"

[[exemption]]
kind = "cheaper-equal-product"
consumables = true
source = "YL"
clause = "第九条"
"#;

/// Adding a province is adding a file: nothing else names it.
#[test]
fn a_seventh_province_is_one_file() {
    let packs = Packs::built_in_and([("yunling-2026.toml", SEVENTH)]).unwrap();
    let pack = packs.for_institution("H57010200001");
    assert_eq!(
        (pack.id.as_str(), packs.iter().count()),
        ("yunling-2026", Packs::built_in().iter().count() + 1)
    );
    let base = packs.get("national-base").unwrap();
    let hours = |id: &str| {
        let found =
            packs.get(id).unwrap().indicators.iter().find(|one| one.id == "receipt-timeliness").unwrap();
        (found.parameters.hours, found.thresholds.warning, found.clause.clone())
    };
    assert_eq!(hours("yunling-2026"), (48, hours("national-base").1, "第十二条第二款".to_owned()));
    assert_eq!(hours("national-base").0, 72);
    assert_eq!(pack.indicators.len(), base.indicators.len());
    assert!(
        pack.grants(ExemptionKind::CheaperEqualProduct) && !base.grants(ExemptionKind::CheaperEqualProduct)
    );
    // Before it was in force the national rules were.
    let book = RuleBook::new(packs, "yunling-2026", Vec::new()).unwrap();
    assert_eq!(book.at_end_of("2025-12-31".parse().unwrap()).version, "national-base/1+0");
    assert_eq!(book.at_end_of("2026-01-01".parse().unwrap()).version, "yunling-2026/3+0");
}

#[test]
fn the_built_in_packs_cite_their_notices() {
    let packs = Packs::built_in();
    // Another file in the folder is no reason to touch this.
    for id in
        ["fuxin-2020", "henan-2025-42", "hunan-2023-43", "national-base", "quanzhou-2024", "shenzhen-2022-19"]
    {
        assert!(packs.get(id).is_some(), "{id}");
    }
    for pack in packs.iter() {
        assert_eq!(pack.indicators.len(), Formula::ALL.len(), "{}", pack.id);
        let reply = pack.deadline("notice-reply").unwrap();
        assert_eq!((reply.amount, reply.unit.name(), reply.clause.as_str()), (5, "working-day", "四（五）"));
        for indicator in &pack.indicators {
            assert!(pack.sources.iter().any(|source| source.key == indicator.source), "{}", indicator.id);
        }
    }
    for (institution, id) in [
        ("H44030100001", "shenzhen-2022-19"),
        ("H44010100001", "national-base"),
        ("H35050200001", "quanzhou-2024"),
        ("H43010200001", "hunan-2023-43"),
        ("H41010200001", "henan-2025-42"),
        ("H21090200001", "fuxin-2020"),
        ("", "national-base"),
    ] {
        assert_eq!(packs.for_institution(institution).id, id, "{institution}");
    }
    // For drugs alone in Henan, for consumables too in Quanzhou.
    let grants = |id: &str| packs.get(id).unwrap().grants(ExemptionKind::VerifiedSupplyProblem);
    assert!(grants("quanzhou-2024") && !grants("henan-2025-42") && !grants("national-base"));
}

/// A file that is wrong in one place: what to replace, with what, the key that is named and the reason.
#[test]
fn a_bad_file_is_refused_with_its_key_and_reason() {
    let unknown = |name: &str| PackFault::UnknownName(name.to_owned());
    let number = |text: &str| PackFault::Number(text.to_owned());
    let parent = |id: &str| PackFault::UnknownParent(id.to_owned());
    let form = |text: &str| PackFault::Form(text.to_owned());
    let unknown_key = |name: &str| PackFault::UnknownKey(name.to_owned());
    let wrong_type = |why: &str| PackFault::WrongType(why.to_owned());
    let long = "长".repeat(301);
    let receipt = |field: &str| format!("indicator.receipt-timeliness.{field}");
    let deadline = |text: &str| {
        format!(
            "[[deadline]]\nid = \"reply\"\nname = \"答复\"\namount = 5\nunit = \"working-day\"\ntrigger = \"notice-issued\"\nsource = \"YL\"\nclause = \"一\"\n{text}\n\n[[exemption]]"
        )
    };
    let clock = |from: &str, to: &str| deadline("").replacen(from, to, 1);
    let hours = "hours = 48";
    let mut wrong = Vec::new();
    for (from, to, key, fault) in [
        // The head.
        ("schema = 1", "schema = 2", "schema", PackFault::Schema(2)),
        ("schema = 1", "", "schema", PackFault::Missing),
        ("schema = 1", "schema = \"1\"", "schema", wrong_type("string \"1\", expected u32")),
        ("id = \"yunling-2026\"", "id = \"other\"", "id", PackFault::OtherName("other".to_owned())),
        ("id = \"yunling-2026\"", "id = \"../yunling\"", "id", form("../yunling")),
        ("name = \"云岭省 2026\"", "name = \" \"", "name", PackFault::Missing),
        ("name = \"云岭省 2026\"", &format!("name = \"{long}\""), "name", PackFault::TooLong),
        ("version = 3", "version = -3", "version", number("-3")),
        ("version = 3", "version = 99999999999", "version", number("99999999999")),
        ("version = 3", "version = 3\nversion = 4", "line 6", PackFault::Syntax("duplicate key".to_owned())),
        ("\"national-base\"", "\"nowhere\"", "extends", parent("nowhere")),
        ("\"national-base\"", "\"yunling-2026\"", "extends", parent("yunling-2026")),
        ("\"57\"", "\"5x\"", "divisions", number("5x")),
        ("\"57\"", "57", "divisions[1]", wrong_type("integer `57`, expected a string")),
        ("\"2026-01-01\"", "\"2026-13-01\"", "valid_from", number("2026-13-01")),
        ("\"2026-01-01\"", "\"2026-01-01\"\nvalid_to = \"2025-12-31\"", "valid_to", PackFault::Reversed),
        ("date = \"2025-12-20\"", "date = \"20251220\"", "source.YL.date", number("20251220")),
        ("date = \"2025-12-20\"", "", "source[1].date", PackFault::Missing),
        // An indicator.
        (hours, "hours = 0", &receipt("hours"), number("0")),
        (hours, "hours = 47", &receipt("hours"), number("47")),
        (hours, "hours = 240000", &receipt("hours"), number("240000")),
        (hours, "hours = -48", "indicator[1].hours", number("-48")),
        (hours, "hours = 48.5", "indicator[1].hours", wrong_type("floating point `48.5`, expected u32")),
        (hours, "colour = 1", "indicator[1].colour", unknown_key("colour")),
        (hours, "days = 100000", &receipt("days"), number("100000")),
        (hours, "months = 37", &receipt("months"), number("37")),
        (hours, "pace_days = 0", &receipt("pace_days"), number("0")),
        (hours, "grace_days = 367", &receipt("grace_days"), number("367")),
        (hours, "history_percent = 1001", &receipt("history_percent"), number("1001")),
        (hours, "basis = \"dreamt\"", &receipt("basis"), unknown("dreamt")),
        (hours, "window = \"fortnight\"", &receipt("window"), unknown("fortnight")),
        (hours, "window = \"-3 days\"", &receipt("window"), unknown("-3 days")),
        (hours, "window = \"99999 days\"", &receipt("window"), unknown("99999 days")),
        (hours, "window = \"cycle\"", &receipt("window"), unknown("cycle")),
        (hours, "direction = \"upwards\"", &receipt("direction"), unknown("upwards")),
        (hours, "warning = \"9O\"", &receipt("warning"), number("9O")),
        (hours, "warning = \"99999\"", &receipt("warning"), number("99999")),
        (hours, "warning = 90", "indicator[1].warning", wrong_type("integer `90`, expected a string")),
        (hours, "warning = \"99\"", &receipt("notice"), PackFault::Order),
        (hours, "formula = \"vibes\"", &receipt("formula"), unknown("vibes")),
        (
            "source = \"YL\"\nclause = \"第十二",
            "source = \"XX\"\nclause = \"第十二",
            &receipt("source"),
            unknown("XX"),
        ),
        ("clause = \"第十二条第二款\"", "clause = \"\"", &receipt("clause"), PackFault::Missing),
        ("id = \"receipt-timeliness\"", "id = \"new-one\"", "indicator.new-one.formula", PackFault::Missing),
        ("id = \"receipt-timeliness\"", "", "indicator[1].id", PackFault::Missing),
        // A deadline and an exemption.
        ("[[exemption]]", &clock("amount = 5", "amount = 0"), "deadline.reply.amount", number("0")),
        ("[[exemption]]", &clock("amount = 5", "amount = -5"), "deadline[1].amount", number("-5")),
        ("[[exemption]]", &clock("amount = 5", "amount = 1001"), "deadline.reply.amount", number("1001")),
        ("[[exemption]]", &clock("working-day", "fortnight"), "deadline.reply.unit", unknown("fortnight")),
        (
            "[[exemption]]",
            &clock("notice-issued", "full-moon"),
            "deadline.reply.trigger",
            unknown("full-moon"),
        ),
        (
            "[[exemption]]",
            &clock("clause = \"一\"", "clause = \"\""),
            "deadline.reply.clause",
            PackFault::Missing,
        ),
        ("[[exemption]]", &clock("clause = \"一\"", ""), "deadline[1].clause", PackFault::Missing),
        ("[[exemption]]", &clock("id = \"reply\"", "id = \"Reply!\""), "deadline.Reply!.id", form("Reply!")),
        ("\"cheaper-equal-product\"", "\"nicer\"", "exemption.nicer.kind", unknown("nicer")),
        (
            "consumables = true",
            "consumables = \"yes\"",
            "exemption[1].consumables",
            wrong_type("string \"yes\", expected a boolean"),
        ),
        (
            "clause = \"第九条\"",
            "clause = \"第九条\"\ncolour = 1",
            "exemption[1].colour",
            unknown_key("colour"),
        ),
        ("clause = \"第九条\"", "", "exemption[1].clause", PackFault::Missing),
        ("[[exemption]]", "[exemption]", "exemption", wrong_type("map, expected a sequence")),
        ("[[exemption]]", "[[holiday]]", "holiday", unknown_key("holiday")),
    ] {
        let text = SEVENTH.replacen(from, to, 1);
        assert_ne!(text, SEVENTH, "{from}");
        let error = Packs::built_in_and([("yunling-2026.toml", text.as_str())]).expect_err(to);
        if (error.file.as_str(), error.key.as_str(), &error.fault) != ("yunling-2026.toml", key, &fault) {
            wrong.push(format!("{to}: {error}, expected {key}: {fault}"));
        }
        told(&error);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Both languages name the file and say why.
fn told(error: &PackError) {
    let (chinese, english) = (error.text_zh(), error.to_string());
    assert!(
        chinese.contains(&error.file) && english.starts_with(&format!("{}: {}: ", error.file, error.key))
    );
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert!(is_chinese(chinese.trim_start_matches("政策包")), "{chinese}");
    assert!(
        error.key.starts_with("line ") || error.key == "file" || chinese.contains(&error.key),
        "{chinese}"
    );
}

#[test]
fn whole_files_and_sets_of_them_are_refused_too() {
    let named = |name: &str| SEVENTH.replacen("yunling-2026", name.trim_end_matches(".toml"), 1);
    let extends =
        |name: &str, parent: &str| (name.to_owned(), named(name).replacen("national-base", parent, 1));
    let one = |text: &str| vec![("yunling-2026.toml".to_owned(), text.to_owned())];
    let twice = format!(
        "{SEVENTH}\n[[exemption]]\nkind = \"cheaper-equal-product\"\nconsumables = true\nsource = \"YL\"\nclause = \"一\""
    );
    let nested = format!("{}{}", "x = ", "[".repeat(100_000));
    for (files, file, key, fault) in [
        (one("schema = 1\nid ="), "yunling-2026.toml", "line 2", None),
        (one(""), "yunling-2026.toml", "schema", Some(PackFault::Missing)),
        (one(&nested), "yunling-2026.toml", "line 1", None),
        (one(&format!("\u{feff}{SEVENTH}")), "yunling-2026.toml", "line 1", Some(PackFault::Bom)),
        (
            one(&twice),
            "yunling-2026.toml",
            "exemption[2].id",
            Some(PackFault::Twice("cheaper-equal-product".to_owned())),
        ),
        (
            vec![extends("a.toml", "b"), extends("b.toml", "c"), extends("c.toml", "a")],
            "a.toml",
            "extends",
            Some(PackFault::UnknownParent("a".to_owned())),
        ),
        (
            vec![extends("a.toml", "national-base"), extends("a.toml", "henan-2025-42")],
            "a.toml",
            "id",
            Some(PackFault::Twice("a".to_owned())),
        ),
        (
            vec![("A B.toml".to_owned(), named("A B.toml"))],
            "A B.toml",
            "id",
            Some(PackFault::Form("A B".to_owned())),
        ),
        (vec![("a.txt".to_owned(), named("a"))], "a.txt", "id", Some(PackFault::OtherName("a".to_owned()))),
    ] {
        let error = Packs::built_in_and(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let error = error.expect_err(key);
        assert_eq!((error.file.as_str(), error.key.as_str()), (file, key), "{error}");
        assert!(fault.is_none_or(|fault| fault == error.fault), "{error}");
        assert!(!matches!(&error.fault, PackFault::Syntax(why) if why.is_empty()), "{error}");
        told(&error);
    }
    for (bytes, fault) in [
        (vec![0xd5, 0xfe, 0xb2, 0xdf], PackFault::NotUtf8),
        (b"schema = \x001\xff".to_vec(), PackFault::NotUtf8),
        (vec![b' '; 256 * 1024 + 1], PackFault::TooLarge),
    ] {
        let error = pack_text("yunling-2026.toml", bytes).unwrap_err();
        assert_eq!(error, PackError::of_file("yunling-2026.toml", fault));
        told(&error);
    }
    Packs::read([]).unwrap_err();
}

fn adjustment(id: &str, indicator: &str, parameter: &str, value: &str, from: &str) -> Adjustment {
    let text = format!(
        r#"{{"ruleId":"{id}","version":2,"indicatorId":"{indicator}","parameter":"{parameter}","oldValue":"1","value":"{value}","effectiveTime":"{from}T00:00:00+08:00","source":"","clause":"","colour":"red"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// Any past day is measured as the rules stood then, in whatever order the adjustments came.
#[test]
fn rules_are_those_of_the_day() {
    let all = vec![
        adjustment("5", "receipt-timeliness", "parameter.hours", "48", "2026-04-01"),
        adjustment("1", "progress-lag", "threshold.notice", "5", "2026-02-01"),
        adjustment("2", "progress-lag", "threshold.warning", "10", "2026-02-01"),
        adjustment("3", "progress-lag", "threshold.serious", "20", "2026-02-01"),
        adjustment("6", "online-purchase-rate", "threshold.warning", "99", "2026-03-01"),
        adjustment("7", "attendance", "parameter.colour", "blue", "2026-03-01"),
        adjustment("8", "phase-of-moon", "threshold.warning", "1", "2026-03-01"),
        adjustment("9", "payment-timeliness", "parameter.days", "-3", "2026-03-01"),
    ];
    let mut reversed = all.clone();
    reversed.reverse();
    reversed.push(all[0].clone());
    for adjustments in [all, reversed] {
        let book = RuleBook::new(Packs::built_in(), "national-base", adjustments).unwrap();
        let at = |day: &str| book.at_end_of(day.parse().unwrap());
        let limit = |day: &str, id: &str, level: Level| {
            let rules = at(day);
            let found = rules.pack.indicators.iter().find(|one| one.id == id).unwrap().clone();
            (found.thresholds.of(level).map(|limit| limit.to_string()), found.parameters.hours)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(limit("2026-01-31", "progress-lag", Level::Warning).0, text("-15"));
        assert_eq!(limit("2026-02-01", "progress-lag", Level::Notice).0, text("-5"));
        assert_eq!(limit("2026-02-01", "progress-lag", Level::Warning).0, text("-10"));
        assert_eq!(limit("2026-02-01", "progress-lag", Level::Serious).0, text("-20"));
        assert_eq!(limit("2026-03-31", "receipt-timeliness", Level::Warning).1, 72);
        assert_eq!(limit("2026-04-01", "receipt-timeliness", Level::Warning).1, 48);
        // A warning set past the milder notice takes it along.
        assert_eq!(limit("2026-03-01", "online-purchase-rate", Level::Warning).0, text("99"));
        assert_eq!(limit("2026-03-01", "online-purchase-rate", Level::Notice).0, text("99"));
        let versions = ["2026-01-31", "2026-02-01", "2026-03-01", "2026-04-01"].map(|day| at(day).version);
        assert_eq!(
            versions,
            ["national-base/1+0", "national-base/1+3", "national-base/1+4", "national-base/1+5"]
        );
        let ignored: Vec<_> = at("2026-03-01").not_applied.iter().map(|one| one.rule_id.clone()).collect();
        assert_eq!(ignored, ["7", "8", "9"]);
    }
    assert_eq!(Percent::parse("97.5").unwrap().to_string(), "97.5");
    assert!(RuleBook::new(Packs::built_in(), "nowhere", Vec::new()).is_none());
}
