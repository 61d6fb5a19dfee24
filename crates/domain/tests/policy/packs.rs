//! The packs of this program, a seventh province, files that are refused, rules of past days.

use sunbench_domain::policy::{
    Adjustment, ExemptionKind, Formula, Level, PackFault, Packs, Percent, RuleBook,
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
    let ids: Vec<_> = packs.iter().map(|pack| pack.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "fuxin-2020",
            "henan-2025-42",
            "hunan-2023-43",
            "national-base",
            "quanzhou-2024",
            "shenzhen-2022-19"
        ]
    );
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

#[test]
fn a_bad_file_is_refused_with_its_key_and_reason() {
    let unknown = |name: &str| PackFault::UnknownName(name.to_owned());
    for (from, to, key, fault) in [
        ("schema = 1", "schema = 2", "schema", PackFault::Schema(2)),
        ("id = \"yunling-2026\"", "id = \"other\"", "id", PackFault::OtherName("other".to_owned())),
        ("\"national-base\"", "\"nowhere\"", "extends", PackFault::UnknownParent("nowhere".to_owned())),
        (
            "\"national-base\"",
            "\"yunling-2026\"",
            "extends",
            PackFault::UnknownParent("yunling-2026".to_owned()),
        ),
        ("\"57\"", "\"5x\"", "divisions", PackFault::Number("5x".to_owned())),
        ("\"2026-01-01\"", "\"2026-13-01\"", "valid_from", PackFault::Number("2026-13-01".to_owned())),
        ("\"2026-01-01\"", "\"2026-01-01\"\nvalid_to = \"2025-12-31\"", "valid_to", PackFault::Reversed),
        ("hours = 48", "hours = 0", "indicator.receipt-timeliness.hours", PackFault::Number("0".to_owned())),
        (
            "hours = 48",
            "hours = 47",
            "indicator.receipt-timeliness.hours",
            PackFault::Number("47".to_owned()),
        ),
        ("hours = 48", "window = \"fortnight\"", "indicator.receipt-timeliness.window", unknown("fortnight")),
        (
            "hours = 48",
            "warning = \"9O\"",
            "indicator.receipt-timeliness.warning",
            PackFault::Number("9O".to_owned()),
        ),
        ("hours = 48", "warning = \"99\"", "indicator.receipt-timeliness.notice", PackFault::Order),
        ("hours = 48", "formula = \"vibes\"", "indicator.receipt-timeliness.formula", unknown("vibes")),
        (
            "source = \"YL\"\nclause = \"第十二",
            "source = \"XX\"\nclause = \"第十二",
            "indicator.receipt-timeliness.source",
            unknown("XX"),
        ),
        ("id = \"receipt-timeliness\"", "id = \"new-one\"", "indicator.new-one.formula", PackFault::Missing),
        ("\"cheaper-equal-product\"", "\"nicer\"", "exemption.nicer.kind", unknown("nicer")),
    ] {
        let text = SEVENTH.replacen(from, to, 1);
        assert_ne!(text, SEVENTH, "{from}");
        let error = Packs::built_in_and([("yunling-2026.toml", text.as_str())]).unwrap_err();
        assert_eq!(
            (error.file.as_str(), error.key.as_str(), &error.fault),
            ("yunling-2026.toml", key, &fault)
        );
        assert!(error.text_zh().contains(key) && error.text_zh().contains("yunling-2026.toml"), "{error}");
    }
    let error = Packs::built_in_and([("yunling-2026.toml", &*format!("{SEVENTH}\ncolour = 1"))]).unwrap_err();
    assert!(matches!(error.fault, PackFault::Syntax(_)) && error.key.starts_with('第'), "{error}");
    let twice = format!(
        "{SEVENTH}\n[[exemption]]\nkind = \"cheaper-equal-product\"\nconsumables = true\nsource = \"YL\"\nclause = \"\""
    );
    let error = Packs::built_in_and([("yunling-2026.toml", &*twice)]).unwrap_err();
    assert_eq!(
        (error.key.as_str(), error.fault),
        ("exemption[2].id", PackFault::Twice("cheaper-equal-product".to_owned()))
    );
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
