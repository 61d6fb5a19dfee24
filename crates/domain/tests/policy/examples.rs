//! `examples.toml`: input lines and records → numerator, denominator, level.

use chrono::NaiveDate;
use serde::Deserialize;
use sunbench_domain::policy::{
    AgreementRecord, DemandRecord, EvaluationRecord, Exemption, ExemptionKind, NoticeRecord, OffPlatform,
    Packs, Records, RuleBook, SettlementRecord, SupplyProblem, evaluate,
};
use sunbench_domain::{Amount, Quantity};
use sunbench_workdays::Calendar;

use crate::ledger::{Delivered, Ledger, Line};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    example: Vec<Example>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Example {
    name: String,
    indicator: String,
    pack: Option<String>,
    as_of: String,
    /// The day after, where it is not said.
    today: Option<String>,
    lines: Vec<Line>,
    deliveries: Vec<Delivered>,
    agreements: Vec<Agreement>,
    /// Month, amount, made on, paid on (or empty).
    settlements: Vec<(String, Amount, String, String)>,
    /// Issued, due, answered (or empty).
    notices: Vec<(String, String, String)>,
    /// Quarter, due, made (or empty).
    evaluations: Vec<(String, String, String)>,
    /// Last year, reported (or empty), explained, report by.
    demands: Vec<(Quantity, String, bool, String)>,
    /// On, amount, filed.
    off_platform: Vec<(String, Amount, bool)>,
    /// Variety, from, through (or empty).
    supply_problems: Vec<(String, String, String)>,
    exemptions: Vec<Granted>,
    check_ins: Vec<String>,
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    id: String,
    variety: String,
    maker: String,
    agreed: Option<Quantity>,
    from: String,
    through: String,
    #[serde(default = "yes")]
    signed: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Granted {
    kind: String,
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    variety: Option<String>,
    #[serde(default)]
    maker: Option<String>,
    #[serde(default)]
    agreement: Option<String>,
    #[serde(default)]
    relief: Quantity,
    from: String,
    through: String,
}

/// What a reading comes to; what is not said is not compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    scope: Option<String>,
    numerator: String,
    denominator: String,
    /// As it is shown, or `—`.
    value: String,
    level: String,
    exempted: Option<String>,
    amount: Option<String>,
    /// Day and level, or empty.
    crosses: Option<String>,
    /// What, how much, before.
    action: Option<String>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn maybe(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| day(text))
}

impl Example {
    fn records(&self, ledger: &Ledger) -> Records {
        let varieties = |name: &str| vec![ledger.key(name)];
        Records {
            agreements: self
                .agreements
                .iter()
                .map(|agreement| AgreementRecord {
                    id: agreement.id.clone(),
                    batch: "第一批".to_owned(),
                    variety: agreement.variety.clone(),
                    varieties: varieties(&agreement.variety),
                    maker: ledger.key(&agreement.maker),
                    maker_name: agreement.maker.clone(),
                    product_name: agreement.variety.clone(),
                    unit: "套".to_owned(),
                    agreed: agreement.agreed.map(Quantity::units),
                    starts_on: day(&agreement.from),
                    ends_on: day(&agreement.through),
                    is_signed: agreement.signed,
                })
                .collect(),
            settlements: self
                .settlements
                .iter()
                .map(|(month, amount, made, paid)| SettlementRecord {
                    id: month.clone(),
                    month: day(month),
                    amount: *amount,
                    created_on: day(made),
                    due_on: day(made),
                    paid_on: maybe(paid),
                })
                .collect(),
            notices: self
                .notices
                .iter()
                .map(|(issued, due, answered)| NoticeRecord {
                    id: issued.clone(),
                    issued_on: day(issued),
                    due_on: day(due),
                    answered_on: maybe(answered),
                })
                .collect(),
            evaluations: self
                .evaluations
                .iter()
                .map(|(period, due, made)| EvaluationRecord {
                    id: String::new(),
                    period: period.clone(),
                    due_on: day(due),
                    made_on: maybe(made),
                })
                .collect(),
            demands: self
                .demands
                .iter()
                .map(|(last_year, reported, is_explained, by)| DemandRecord {
                    id: "r1".to_owned(),
                    variety: "支架".to_owned(),
                    maker_name: "甲".to_owned(),
                    last_year: *last_year,
                    reported: (!reported.is_empty()).then(|| reported.parse().unwrap()),
                    is_explained: *is_explained,
                    report_by: day(by),
                    submitted_on: None,
                })
                .collect(),
            off_platform: self
                .off_platform
                .iter()
                .map(|(on, amount, is_filed)| OffPlatform {
                    id: String::new(),
                    on: day(on),
                    amount: *amount,
                    is_filed: *is_filed,
                })
                .collect(),
            supply_problems: self
                .supply_problems
                .iter()
                .map(|(variety, from, through)| SupplyProblem {
                    id: String::new(),
                    varieties: varieties(variety),
                    from: day(from),
                    through: maybe(through),
                })
                .collect(),
            exemptions: self
                .exemptions
                .iter()
                .map(|granted| Exemption {
                    id: 1,
                    kind: ExemptionKind::from_name(&granted.kind).unwrap(),
                    product: granted.product.as_deref().map(|name| ledger.key(name)),
                    varieties: granted.variety.as_deref().map(varieties).unwrap_or_default(),
                    maker: granted.maker.as_deref().map(|name| ledger.key(name)),
                    agreement: granted.agreement.clone(),
                    relief: granted.relief.units(),
                    from: day(&granted.from),
                    through: day(&granted.through),
                })
                .collect(),
            check_ins: self.check_ins.iter().map(|text| day(text)).collect(),
        }
    }
}

/// Every difference between what came out and what the example says.
fn check(example: &Example) -> Vec<String> {
    let mut ledger = Ledger::default();
    example.lines.iter().for_each(|line| ledger.line(line));
    example.deliveries.iter().for_each(|delivery| ledger.delivery(delivery));
    let as_of = day(&example.as_of);
    let today = example.today.as_deref().map_or(as_of + chrono::Duration::days(1), day);
    let book =
        RuleBook::new(Packs::built_in(), example.pack.as_deref().unwrap_or("national-base"), Vec::new());
    let rules = book.expect("the pack exists").at_end_of(as_of);
    let records = example.records(&ledger);
    let Ok(readings) = evaluate(&rules, &records, &ledger, Calendar::built_in(), as_of, today);
    let found: Vec<_> = readings.iter().filter(|reading| reading.indicator == example.indicator).collect();
    let mut wrong = Vec::new();
    let mut compare = |what: &str, expected: &str, found: &str| {
        if expected != found {
            wrong.push(format!("{}: {what} {found}, expected {expected}", example.name));
        }
    };
    compare("readings", &example.expect.len().to_string(), &found.len().to_string());
    for (expected, found) in example.expect.iter().zip(&found) {
        let number = |units: Option<i128>| units.map(|units| found.basis.text(units)).unwrap_or_default();
        compare("numerator", &expected.numerator, &number(Some(found.numerator)));
        compare("denominator", &expected.denominator, &number(Some(found.denominator)));
        compare("value", &expected.value, &found.value().map_or("—".to_owned(), |value| value.to_string()));
        compare("level", &expected.level, found.level.name());
        let crosses = found.forecast.crosses.map(|(day, level)| format!("{day} {}", level.name()));
        let action = found.forecast.action.as_ref().map(|action| {
            let basis = if action.kind.name() == "order" {
                sunbench_domain::policy::Basis::Quantity
            } else {
                found.basis
            };
            format!("{} {} {}", action.kind.name(), basis.text(action.amount), action.before)
        });
        for (what, expected, found) in [
            ("scope", &expected.scope, found.scope.text_zh()),
            ("exempted", &expected.exempted, number(Some(found.exempted))),
            (
                "amount",
                &expected.amount,
                found.amount.map(|units| Amount::from_units(units as i64).to_string()).unwrap_or_default(),
            ),
            ("crosses", &expected.crosses, crosses.unwrap_or_default()),
            ("action", &expected.action, action.unwrap_or_default()),
        ] {
            if let Some(expected) = expected {
                compare(what, expected, &found);
            }
        }
    }
    wrong
}

#[test]
fn examples_come_out_as_worked_by_hand() {
    let examples: Examples = toml::from_str(include_str!("examples.toml")).unwrap();
    let wrong: Vec<String> = examples.example.iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Every formula has an example with a value and one with nothing to divide by, or says why not.
    let base = Packs::built_in();
    for indicator in &base.get("national-base").unwrap().indicators {
        let of = || examples.example.iter().filter(|example| example.indicator == indicator.id);
        assert!(of().any(|e| e.expect.iter().any(|x| x.value != "—")), "no example of {}", indicator.id);
    }
}
