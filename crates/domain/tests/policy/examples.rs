//! `examples.toml`: input lines and records → numerator, denominator, level.

use chrono::NaiveDate;
use serde::Deserialize;
use sunbench_domain::policy::{
    Adjustment, AgreementRecord, DemandRecord, EvaluationRecord, Exemption, ExemptionKind, Formula,
    NoticeRecord, OffPlatform, Packs, Reading, Records, RuleBook, SettlementRecord, SupplyProblem, evaluate,
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
    /// What a pack of the hospital's own says beyond that one.
    rules: Option<String>,
    /// Indicator, parameter, value; in force all the time.
    adjustments: Vec<(String, String, String)>,
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
    /// When the demands were.
    submitted: Option<String>,
    /// On, amount, filed.
    off_platform: Vec<(String, Amount, bool)>,
    supply_problems: Vec<Problem>,
    exemptions: Vec<Granted>,
    check_ins: Vec<String>,
    expect: Vec<Expected>,
}

/// Variety, from, through (or empty), and when it was verified, where that was not at once.
#[derive(Deserialize)]
#[serde(untagged)]
enum Problem {
    Verified(String, String, String),
    VerifiedOn(String, String, String, String),
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
    /// Each with lines and amount.
    causes: Option<String>,
    /// Day and level, or empty.
    crosses: Option<String>,
    /// Day, level, passing spans of those replayed, or empty.
    soon: Option<String>,
    /// As it is shown, or empty.
    month_end: Option<String>,
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
    fn book(&self) -> RuleBook {
        let pack = self.pack.as_deref().unwrap_or("national-base");
        let own = format!(
            "schema = 1\nid = \"own\"\nname = \"本院\"\nversion = 1\nvalid_from = \"2020-01-01\"\nextends = \"{pack}\"\n{}",
            self.rules.as_deref().unwrap_or_default()
        );
        let packs = Packs::built_in_and([("own.toml", own.as_str())]).unwrap();
        let pack = if self.rules.is_some() { "own" } else { pack };
        let adjustments = self.adjustments.iter().map(|(indicator, parameter, value)| Adjustment {
            rule_id: String::new(),
            version: 1,
            indicator_id: indicator.clone(),
            parameter: parameter.clone(),
            value: value.clone(),
            effective_time: "2020-01-01T00:00:00+08:00".parse().unwrap(),
            source: String::new(),
            clause: String::new(),
        });
        RuleBook::new(packs, pack, adjustments.collect()).expect("the pack exists")
    }

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
                    submitted_on: self.submitted.as_deref().map(day),
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
                .map(|problem| {
                    let (variety, from, through, verified) = match problem {
                        Problem::Verified(variety, from, through) => (variety, from, through, from),
                        Problem::VerifiedOn(variety, from, through, on) => (variety, from, through, on),
                    };
                    SupplyProblem {
                        id: String::new(),
                        varieties: varieties(variety),
                        from: day(from),
                        through: maybe(through),
                        verified_on: day(verified),
                    }
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

fn causes(reading: &Reading) -> String {
    let each = reading.causes.iter().map(|cause| {
        format!("{} {} {}", cause.kind.name(), cause.count, Amount::from_units(cause.amount as i64))
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Every difference between what came out and what the example says.
fn check(example: &Example) -> Vec<String> {
    let mut ledger = Ledger::default();
    example.lines.iter().for_each(|line| ledger.line(line));
    example.deliveries.iter().for_each(|delivery| ledger.delivery(delivery));
    let as_of = day(&example.as_of);
    let today = example.today.as_deref().map_or(as_of + chrono::Duration::days(1), day);
    let rules = example.book().at_end_of(as_of);
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
        let soon = found
            .forecast
            .soon
            .map(|soon| format!("{} {} {} of {}", soon.day, soon.level.name(), soon.passing, soon.spans));
        let month_end = found.forecast.month_end.map(|value| value.to_string());
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
            ("causes", &expected.causes, causes(found)),
            ("crosses", &expected.crosses, crosses.unwrap_or_default()),
            ("soon", &expected.soon, soon.unwrap_or_default()),
            ("month end", &expected.month_end, month_end.unwrap_or_default()),
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
    // Every formula has an example with a value and, but for two that always divide by something, one with nothing to divide by.
    let base = Packs::built_in();
    for indicator in &base.get("national-base").unwrap().indicators {
        let of = |is_wanted: fn(&str) -> bool| {
            let of = examples.example.iter().filter(|example| example.indicator == indicator.id);
            of.flat_map(|example| &example.expect).filter(|expected| is_wanted(&expected.value)).count()
        };
        assert!(of(|value| value != "—") > 1, "few examples of {}", indicator.id);
        let always_divides = matches!(indicator.formula, Formula::ScheduleProgress | Formula::Savings);
        assert!(
            always_divides || of(|value| value == "—") > 0,
            "no example without a value of {}",
            indicator.id
        );
    }
}
