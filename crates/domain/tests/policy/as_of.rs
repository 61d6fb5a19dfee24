//! Rules and results as they stood at an instant: an adjustment changes what comes after its effective instant and nothing before.

use chrono::{DateTime, FixedOffset, NaiveDate};
use sunbench_domain::policy::{
    Adjustment, AgreementRecord, Level, Packs, Records, RuleBook, Rules, evaluate, foresee,
};
use sunbench_workdays::Calendar;

use crate::ledger::{Ledger, Line};

/// Rule, version, value of the warning, effective.
type Row = (&'static str, u32, &'static str, &'static str);

fn at(text: &str) -> DateTime<FixedOffset> {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn book(indicator: &str, rows: &[Row]) -> RuleBook {
    let adjustments = rows.iter().map(|(rule, version, value, effective)| Adjustment {
        rule_id: (*rule).to_owned(),
        version: *version,
        indicator_id: indicator.to_owned(),
        parameter: "threshold.warning".to_owned(),
        value: (*value).to_owned(),
        effective_time: at(effective),
        source: String::new(),
        clause: String::new(),
    });
    RuleBook::new(Packs::built_in(), "national-base", adjustments.collect()).unwrap()
}

fn warning(rules: &Rules, indicator: &str) -> String {
    let found = rules.pack.indicators.iter().find(|one| one.id == indicator).unwrap();
    found.thresholds.warning.unwrap().to_string()
}

/// What the warning is at instants, whatever order the adjustments came in.
fn check(name: &str, rows: &[Row], expected: &[(&str, &str)]) {
    for turn in 0..rows.len().max(1) {
        let mut came = rows.to_vec();
        came.rotate_left(turn);
        for came in [came.clone(), came.into_iter().rev().collect()] {
            let book = book("response-rate", &came);
            for (instant, value) in expected {
                assert_eq!(
                    warning(&book.as_of(at(instant)), "response-rate"),
                    *value,
                    "{name}: {instant}, {came:?}"
                );
            }
        }
    }
}

#[test]
fn an_adjustment_holds_from_its_instant_on() {
    check(
        "one",
        &[("a", 2, "97", "2026-03-01T12:00:00+08:00")],
        &[
            ("2026-03-01T11:59:59.999+08:00", "95"),
            ("2026-03-01T12:00:00+08:00", "97"),
            ("2027-01-01T00:00:00+08:00", "97"),
        ],
    );
    check(
        "stated in another offset",
        &[("a", 2, "97", "2026-12-31T16:00:00Z")],
        &[("2026-12-31T23:59:59+08:00", "95"), ("2027-01-01T00:00:00+08:00", "97")],
    );
    check(
        "two at one instant: the later edition, then the later rule",
        &[
            ("b", 2, "96", "2026-03-01T12:00:00+08:00"),
            ("a", 3, "97", "2026-03-01T12:00:00+08:00"),
            ("c", 3, "94", "2026-03-01T12:00:00+08:00"),
        ],
        &[("2026-03-01T11:59:59+08:00", "95"), ("2026-03-01T12:00:00+08:00", "94")],
    );
    check(
        "taken back by another: the days between stay as they were",
        &[("a", 2, "97", "2026-03-01T12:00:00+08:00"), ("b", 3, "95", "2026-04-01T00:00:00+08:00")],
        &[
            ("2026-03-01T11:59:59+08:00", "95"),
            ("2026-03-31T23:59:59+08:00", "97"),
            ("2026-04-01T00:00:00+08:00", "95"),
        ],
    );
    // What arrives late with an instant of the past changes the days from that instant to the next adjustment.
    let before = [("a", 2, "97", "2026-03-01T00:00:00+08:00"), ("b", 3, "93", "2026-05-01T00:00:00+08:00")];
    check("before it arrives", &before, &[("2026-04-15T00:00:00+08:00", "97")]);
    check(
        "after",
        &[before[0], before[1], ("late", 4, "94", "2026-04-01T00:00:00+08:00")],
        &[
            ("2026-02-28T00:00:00+08:00", "95"),
            ("2026-03-31T23:59:59+08:00", "97"),
            ("2026-04-01T00:00:00+08:00", "94"),
            ("2026-04-30T23:59:59+08:00", "94"),
            ("2026-05-01T00:00:00+08:00", "93"),
        ],
    );
}

#[test]
fn a_day_ends_with_its_last_moment() {
    let last = book("response-rate", &[("a", 2, "97", "2026-12-31T23:59:59.5+08:00")]);
    assert_eq!(warning(&last.at_end_of(day("2026-12-31")), "response-rate"), "97");
    let next = book("response-rate", &[("a", 2, "97", "2027-01-01T00:00:00+08:00")]);
    assert_eq!(warning(&next.at_end_of(day("2026-12-31")), "response-rate"), "95");
    assert_eq!(warning(&next.at_end_of(day("2027-01-01")), "response-rate"), "97");
}

/// Half bought at the end of a cycle is fifty points behind; half at the start of the next is ahead.
fn measured(book: &RuleBook, on: &str) -> Vec<(String, Level, String)> {
    let agreement = |id: &str, from: &str, through: &str| AgreementRecord {
        id: id.to_owned(),
        batch: id.to_owned(),
        variety: "支架".to_owned(),
        varieties: vec![0],
        maker: 1,
        maker_name: "甲".to_owned(),
        product_name: "支架".to_owned(),
        unit: "套".to_owned(),
        agreed: Some(1_000_000),
        starts_on: day(from),
        ends_on: day(through),
        is_signed: true,
    };
    let mut ledger = Ledger::default();
    let line: Line = toml::from_str(
        "variety = '支架'\nmaker = '甲'\non = '2026-01-05'\nquantity = '50'\naccepted = [['2026-01-08', '50']]",
    )
    .unwrap();
    ledger.line(&line);
    let mut agreements =
        vec![agreement("a1", "2026-01-01", "2026-12-31"), agreement("a2", "2027-01-01", "2027-12-31")];
    for one in &mut agreements {
        (one.varieties, one.maker) = (vec![ledger.key("支架")], ledger.key("甲"));
    }
    let records = Records { agreements, ..Records::default() };
    let on = day(on);
    let rules = book.at_end_of(on);
    let Ok(readings) =
        evaluate(&rules, &records, &ledger, Calendar::built_in(), on, on + chrono::Days::new(1));
    let lags = readings.into_iter().filter(|one| one.indicator == "progress-lag");
    lags.map(|one| (one.scope.key(), one.level, rules.version.clone())).collect()
}

#[test]
fn an_adjustment_at_the_edge_of_a_cycle_leaves_the_old_cycle_alone() {
    let plain = book("progress-lag", &[]);
    // Half a year behind is past every limit; from new year on sixty points may be missing.
    let rows = [("a", 2, "60", "2027-01-01T00:00:00+08:00")];
    let adjusted = book("progress-lag", &rows);
    let last = |book| measured(book, "2026-12-31");
    assert_eq!(last(&adjusted), last(&plain));
    assert_eq!(last(&plain), [("agreement:a1".to_owned(), Level::Serious, "national-base/1+0".to_owned())]);
    let first = measured(&adjusted, "2027-01-01");
    assert_eq!(first, [("agreement:a2".to_owned(), Level::Normal, "national-base/1+1".to_owned())]);
    // Nothing bought by autumn: past the limit of before, within the new one.
    for (book, level) in [(&plain, Level::Serious), (&adjusted, Level::Notice)] {
        assert_eq!(measured(book, "2027-07-01")[0].1, level);
    }
}

#[test]
fn what_takes_effect_later_today_is_foreseen_and_not_in_force() {
    let rows = [("a", 2, "99.5", "2026-06-30T18:00:00+08:00")];
    let book = book("response-rate", &rows);
    let mut ledger = Ledger::default();
    for answered in ["answered = '2026-06-05 13:00'"; 98].iter().chain(&["state = 'SUBMITTED'"; 2]) {
        let text = format!("variety = '支架'\nmaker = '甲'\non = '2026-06-05'\nquantity = '1'\n{answered}");
        ledger.line(&toml::from_str(&text).unwrap());
    }
    let records = Records::default();
    let today = day("2026-06-30");
    for (now, version, level, crosses) in [
        ("2026-06-30T17:59:59+08:00", "national-base/1+0", Level::Normal, Some(today)),
        ("2026-06-30T18:00:00+08:00", "national-base/1+1", Level::Warning, None),
    ] {
        let Ok((rules, readings)) =
            foresee(&book, &records, &ledger, Calendar::built_in(), (today, at(now)), 60);
        let found = readings.iter().find(|one| one.indicator == "response-rate").unwrap();
        assert_eq!((rules.version.as_str(), found.level), (version, level), "{now}");
        assert_eq!(found.forecast.soon.map(|soon| soon.day).filter(|_| level == Level::Normal), crosses);
    }
}
