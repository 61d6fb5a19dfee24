//! One case a rule: small ledgers, and what must come out.

use std::fmt::Write;

use chrono::NaiveDate;
use sunbench_domain::matching::{
    Alias, AliasOf, Decisions, DifferenceKind, KnownFactor, Ledger, LedgerLine, LineKind, Matching, Pass,
    reconcile,
};

const C1: &str = "C0101010000000000001";
const C2: &str = "C0202020000000000002";

/// A ledger of lines `order|line|code|lot|supplier|date|quantity|unit|price[|kind]`; `1` and `2` are codes, a date is a day of
/// March 2026 or `month-day`.
fn ledger(lines: &[&str]) -> Ledger {
    let mut ledger = Ledger::default();
    for (at, text) in lines.iter().enumerate() {
        let part: Vec<&str> = text.split('|').map(str::trim).collect();
        let day = part[5].split_once('-').map_or((3, part[5]), |(month, day)| (month.parse().unwrap(), day));
        let price: Option<sunbench_domain::Price> = part[8].parse().ok();
        let quantity: Option<sunbench_domain::Quantity> = part[6].parse().ok();
        ledger.push(&LedgerLine {
            row: at as u32 + 1,
            order: part[0],
            order_line: part[1],
            code: match part[2] {
                "1" => C1,
                "2" => C2,
                other => other,
            },
            lot: part[3],
            supplier: part[4],
            date: NaiveDate::from_ymd_opt(2026, day.0, day.1.parse().unwrap_or_default()),
            quantity,
            unit: part[7],
            price,
            amount: price
                .zip(quantity)
                .and_then(|(price, quantity)| sunbench_domain::Amount::of(price, quantity)),
            kind: match part.get(9) {
                Some(&"invoice") => LineKind::Invoice,
                Some(&"settlement") => LineKind::Settlement,
                Some(&"return") => LineKind::Return,
                _ => LineKind::Receipt,
            },
            ..LedgerLine::default()
        });
    }
    ledger
}

/// `1=1,2 key` for a pair, `?1=2` for a proposal, `kind 1/1` for a difference; in order, between `; `.
fn shown(found: &Matching) -> String {
    let rows = |rows: &[u32]| rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let mut out = String::new();
    for pair in &found.pairs {
        let pass = serde_json::to_value(pair.pass).unwrap();
        write!(out, "{}={} {}; ", rows(&pair.left), rows(&pair.right), pass.as_str().unwrap()).unwrap();
    }
    for proposal in &found.proposals {
        write!(out, "?{}={}; ", rows(&proposal.left), rows(&proposal.right)).unwrap();
    }
    let mut differences: Vec<String> = found
        .differences
        .iter()
        .map(|found| {
            format!("{} {}/{} {}", found.kind.name(), rows(&found.left), rows(&found.right), found.amount)
        })
        .collect();
    differences.sort();
    out.push_str(&differences.join("; "));
    out.trim_end_matches("; ").to_owned()
}

fn check(name: &str, left: &[&str], right: &[&str], expected: &str) {
    check_with(name, left, right, &Decisions::default(), expected);
}

fn check_with(name: &str, left: &[&str], right: &[&str], decisions: &Decisions, expected: &str) {
    assert_eq!(shown(&reconcile(&ledger(left), &ledger(right), decisions)), expected, "{name}");
}

#[test]
fn keys() {
    check(
        "width, case and blanks in a key and a code",
        &["dd001|dd001-1|1|L1|甲|1|10|盒|5"],
        &["ＤＤ００１|DD001 - 1|1|l1|甲|2|10|盒|5"],
        "1=1 key",
    );
    check(
        "two digits swapped make another valid line's key: what else agrees decides",
        &["D1|D100012|1|L1|甲|1|10|盒|5", "D1|D100021|2|L2|甲|1|4|支|7"],
        &["D1|D100021|1|L1|甲|2|10|盒|5", "D1|D100021|2|L2|甲|2|4|支|7"],
        "1=1 near; 2=2 key",
    );
    check(
        "quantity, price and unit differ on a row of the same key",
        &["D1|D1-001|1|L1|甲|1|10|盒|5", "D1|D1-002|1|L2|甲|1|10|盒|5", "D1|D1-003|1|L3|甲|1|10|盒|50"],
        &["D1|D1-001|1|L1|甲|2|8|盒|5", "D1|D1-002|1|L2|甲|2|10|盒|6", "D1|D1-003|1|L3|甲|2|100|支|5"],
        "1=1 key; 2=2 key; 3=3 key; price_differs 2/2 10.00; quantity_short 1/1 -10.00; unit_differs 3/3 0.00",
    );
    check(
        "entered twice",
        &["D1|D1-001|1|L1|甲|1|10|盒|5"],
        &["D1|D1-001|1|L1|甲|2|10|盒|5", "D1|D1-001|1|L1|甲|2|10|盒|5"],
        "1=1 key; received_twice 1/2 50.00",
    );
    check(
        "listed twice",
        &["D1|D1-001|1|L1|甲|1|10|盒|5", "D1|D1-001|1|L1|甲|1|10|盒|5"],
        &["D1|D1-001|1|L1|甲|2|10|盒|5"],
        "1=1 key; received_twice 2/1 50.00",
    );
    check(
        "a code that a spreadsheet spoilt is never matched on",
        &["12345678901234500000|1|1|L1|甲|1|10|盒|5", "12345678901234500000|1|2|L2|乙|1|4|盒|9"],
        &["12345678901234500000|1|2|L2|乙|2|4|盒|9", "12345678901234500000|1|1|L1|甲|2|10|盒|5"],
        "1=2 goods; 2=1 goods",
    );
    check(
        "two equal rows of one order here and there: which is which, nobody can tell",
        &["D1|D1-001|1|L1|甲|1|5|盒|5", "D1|D1-001|1|L1|甲|1|5|盒|5"],
        &["D1|D1-001|1|L1|甲|2|5|盒|5", "D1|D1-001|1|L1|甲|3|5|盒|5"],
        "?1,2=1,2",
    );
    check(
        "deliveries of one line that were booked in other parts",
        &["D1|D1-001|1|L1|甲|1|4|盒|5", "D1|D1-001|1|L1|甲|1|6|盒|5"],
        &["D1|D1-001|1|L1|甲|2|7|盒|5", "D1|D1-001|1|L1|甲|3|3|盒|5"],
        "1,2=1,2 sum",
    );
    check(
        "another line's number, within the same order",
        &["D1|D1-001|1|L1|甲|1|10|盒|5", "D1|D1-002|2|L2|甲|1|4|盒|7"],
        &["D1|D1-001|2|L2|甲|2|4|盒|7", "D1|D1-003|1|L1|甲|2|10|盒|5"],
        "1=2 near; 2=1 near",
    );
    check(
        "lot, supplier and month",
        &["D1|D1-001|1|L260301|甲|1|10|盒|5", "D1|D1-002|2|L2|甲|1|10|盒|5", "D2|D2-001|2|L3|甲|1|3|盒|5"],
        &["D1|D1-001|1|L260310|甲|2|10|盒|5", "D1|D1-002|2|L2|乙|2|10|盒|5", "D2|D2-001|2|L3|甲|4-28|3|盒|5"],
        "1=1 near; 2=2 key; 3=3 key; lot_differs 1/1 0.00; wrong_month 3/3 0.00; wrong_supplier 2/2 0.00",
    );
}

#[test]
fn goods() {
    check(
        "without a key: product, lot, quantity and time",
        &["D1|D1-001|1|L1|甲|1|10|盒|5", "D1|D1-002|1|L2|甲|1|10|盒|5"],
        &["||1|L2|甲|3|10|盒|5", "||1|L1|甲|3|10|盒|5"],
        "1=2 goods; 2=1 goods",
    );
    check(
        "two equal weekly rows without numbers are two rows, and nobody can tell which is which",
        &["||1|L1|甲|1|10|盒|5", "||1|L1|甲|8|10|盒|5"],
        &["||1|L1|甲|3|10|盒|5", "||1|L1|甲|10|10|盒|5"],
        "?1,2=1,2",
    );
    check(
        "twins of one day",
        &["||1|L1|甲|1|10|盒|5", "||1|L1|甲|1|10|盒|5"],
        &["||1|L1|甲|1|10|盒|5", "||1|L1|甲|1|10|盒|5"],
        "?1,2=1,2",
    );
    check(
        "one too many of equal rows",
        &["||1|L1|甲|1|10|盒|5"],
        &["||1|L1|甲|1|10|盒|5", "||1|L1|甲|1|10|盒|5"],
        "?1=1,2; received_twice 1/1,2 50.00",
    );
    let book = |lines: &mut Vec<String>, day: u32| {
        lines.extend((0..40).map(|n| format!("D9|D9-{n:03}|2|M{n}|乙|{day}|{n}5|盒|9")));
    };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    book(&mut left, 1);
    book(&mut right, 2);
    left.extend(["||1|L1|甲|1|10|盒|5", "||1|L1|甲|8|10|盒|5"].map(str::to_owned));
    right.extend(["||1|L1|甲|2|10|盒|5", "||1|L1|甲|9|10|盒|5"].map(str::to_owned));
    left.push("D1|D1-001|1|L7|甲|20|10|盒|5".to_owned());
    right.push("||1|L7|甲|3|10|盒|5".to_owned());
    left.push("D1|D1-002|1|L8|甲|20|10|盒|5".to_owned());
    right.push("||1|L8|甲|21|9|盒|5".to_owned());
    let lines = |of: &[String]| ledger(&of.iter().map(String::as_str).collect::<Vec<_>>());
    let found = shown(&reconcile(&lines(&left), &lines(&right), &Decisions::default()));
    let rest = found.split("; ").filter(|part| !part.ends_with(" key")).collect::<Vec<_>>().join("; ");
    assert_eq!(
        rest, "44=44 near; ?41,42=41,42; ?43=43; quantity_short 44/44 -5.00",
        "where a day is usual: equal rows of two weeks are a question, and so is what came before its order; \
         what came of the same lot and days in another quantity is the same goods"
    );
    check(
        "never on money alone",
        &["D1|D1-001|1|L1|甲|1|10|盒|5"],
        &["||2|L2|乙|1|10|盒|5"],
        "not_in_ledger 1/ 50.00; not_on_platform /1 50.00",
    );
    check(
        "as many of another unit at another price are other goods",
        &["D1|D1-001|1|L1|甲|1|100|盒|200"],
        &["||1|L1|甲|3|100|支|10"],
        "?1=1; price_differs 1/1 -19000.00; unit_differs 1/1 -19000.00",
    );
    check(
        "long before its order, and not alone of its lot: a question",
        &["D1|D1-001|1|L1|甲|20|10|盒|5", "D1|D1-002|1|L1|甲|28|4|盒|5"],
        &["||1|L1|甲|1|10|盒|5"],
        "?1=1; not_in_ledger 2/ 20.00",
    );
    check(
        "returns are matched with returns",
        &["D1|D1-001|1|L1|甲|1|10|盒|5", "T1|T1-001|1|L1|甲|5|-2|盒|5"],
        &["T1|T1-001|1|L1|甲|6|-2|盒|5", "D1|D1-001|1|L1|甲|2|10|盒|5"],
        "1=2 key; 2=1 key",
    );
}

#[test]
fn sums_and_units() {
    check(
        "one order line in three deliveries, one of them without a key",
        &["D1|D1-001|1|L1|甲|1|10|盒|5"],
        &["D1|D1-001|1|L1|甲|2|5|盒|5", "D1|D1-001|1|L1|甲|3|3|盒|5", "||1|L1|甲|4|2|盒|5"],
        "1=1,2,3 sum",
    );
    check(
        "two order lines received together",
        &["D1|D1-001|1|L1|甲|1|7|盒|5", "D2|D2-001|1|L1|甲|1|3|盒|5"],
        &["D2|D2-001|1|L1|甲|2|10|盒|5"],
        "1,2=1 sum",
    );
    check(
        "two lines of two orders received under one number: the same lot tells",
        &["D1|D1-001|1|L1|甲|1|7|盒|5", "D2|D2-001|1|L1|甲|3|3|盒|5"],
        &["D1|D1-001|1|L1|甲|4|10|盒|5"],
        "1,2=1 sum",
    );
    check(
        "another lot of another order makes no sum, however exact",
        &["D1|D1-001|1|L1|甲|1|7|盒|5", "D2|D2-001|1|L2|甲|1|3|盒|5"],
        &["D1|D1-001|1|L1|甲|2|10|盒|5"],
        "1=1 key; not_in_ledger 2/ 15.00; quantity_over 1/1 15.00",
    );
    check(
        "another lot of the same order: a question",
        &["D1|D1-001|1|L1|甲|1|7|盒|5", "D1|D1-002|1|L2|甲|1|3|盒|5"],
        &["D1|D1-001|1|L1|甲|2|10|盒|5"],
        "?1,2=1",
    );
    check(
        "what another line equals whole is no part of a sum",
        &["D1|D1-001|1|L1|甲|1|7|盒|5", "D2|D2-001|1|L1|甲|1|3|盒|5"],
        &["D1|D1-001|1|L1|甲|2|10|盒|5", "D2|D2-010|1|L1|甲|2|3|盒|5"],
        "1=1 key; 2=2 near; quantity_over 1/1 15.00",
    );
    check(
        "parts of one lot make a sum, though a line without a lot is as much as their line",
        &["D1|D1-001|1|L1|甲|1|10|盒|5", "||1||甲|1|10|盒|5", "||1||甲|1|10|盒|5"],
        &["D1||1|L1|甲|2|6|盒|5", "||1|L1|甲|3|4|盒|5", "||1||甲|1|10|盒|5", "||1||甲|1|10|盒|5"],
        "1=1,2 sum; ?2,3=3,4",
    );
    check(
        "twins without a lot are a question of their own; a third line that nobody received is not in it",
        &["D1|D1-001|1|L9|甲|1|10|盒|5", "||1||甲|9|10|盒|5", "||1||甲|9|10|盒|5"],
        &["||1||甲|9|10|盒|5", "||1||甲|9|10|盒|5"],
        "?2,3=1,2; not_in_ledger 1/ 50.00",
    );
    check(
        "an equal row that states its lot is no third twin of those that do not",
        &["||1||甲|9|10|盒|5", "||1||甲|9|10|盒|5", "D1|D1-001|1|L1|甲|9|4|盒|5"],
        &["||1||甲|9|10|盒|5", "||1||甲|9|10|盒|5", "||1|L9|甲|9|10|盒|5"],
        "?1,2=1,2; not_in_ledger 3/ 20.00; not_on_platform /3 50.00",
    );
    check(
        "orders without lots: parts of one lot confirm each other",
        &["D1|D1-001|1||甲|1|10|盒|5"],
        &["||1|L1|甲|2|6|盒|5", "||1|L1|甲|2|4|盒|5", "||1|L2|甲|2|4|盒|5"],
        "1=1,2 sum; not_on_platform /3 20.00",
    );
    check(
        "deliveries that do not add up stay with their key",
        &["D1|D1-001|1|L1|甲|1|10|盒|5"],
        &["D1|D1-001|1|L1|甲|2|5|盒|5", "D1|D1-001|1|L1|甲|3|3|盒|5"],
        "1=1,2 key; quantity_short 1/1,2 -10.00",
    );
    check(
        "a sum without keys and with two ways to add up is not guessed, but asked",
        &["D1|D1-001|1|L1|甲|1|10|盒|5"],
        &["||1|L1|甲|2|6|盒|5", "||1|L1|甲|2|4|盒|5", "||1|L1|甲|3|4|盒|5"],
        "?1=1,2,3",
    );
    let boxes = ["D1|D1-001|1|L1|甲|1|2|盒|100"];
    let pieces = ["||1|L1|甲|2|20|支|10"];
    check("a factor found here is proposed", &boxes, &pieces, "?1=1; unit_differs 1/1 0.00");
    let factors = vec![KnownFactor { code: C1.into(), unit: "盒".into(), of: "支".into(), per: 10 }];
    let known = Decisions { factors, ..Decisions::default() };
    check_with("a known factor is used", &boxes, &pieces, &known, "1=1 unit; unit_differs 1/1 0.00");
}

/// A ledger of few products and lots, where some quantity of some other order always adds up.
#[test]
fn sums_among_many() {
    check(
        "what another order received of its own is no part",
        &["D1|D1-001|1|L1|甲|1|100|盒|5", "D2|D2-001|1|L1|甲|2|5|盒|5"],
        &["D1|D1-001|1|L1|甲|2|99|盒|5", "D2||1|L1|甲|3|1|盒|5"],
        "1=1 key; ?2=2; quantity_short 1/1 -5.00; quantity_short 2/2 -20.00",
    );
    check(
        "goods go to their own order, which has them in two lines",
        &["D1|D1-001|1|L1|甲|1|10|盒|5", "D2|D2-001|1|L1|甲|2|6|盒|5", "D2|D2-002|1|L1|甲|2|4|盒|5"],
        &["D2||1|L1|甲|3|10|盒|5", "D1|D1-010|1|L1|甲|3|10|盒|5"],
        "1=2 near; 2,3=1 sum",
    );
    check(
        "an order's number is the key: lots part its lines",
        &["D1||1|L1|甲|1|9|盒|5", "D1||1|L2|甲|1|9|盒|5"],
        &["D1||1|L1|甲|2|4|盒|5", "D1||1|L1|甲|2|5|盒|5", "D1||1|L2|甲|2|3|盒|5", "D1||1|L2|甲|2|6|盒|5"],
        "1=1,2 sum; 2=3,4 sum",
    );
    check(
        "an order's number is the key: a row made twice is no other lot's",
        &["D1||1|L1|甲|1|9|盒|5", "D1||1|L2|甲|1|9|盒|5"],
        &["D1||1|L1|甲|2|9|盒|5", "D1||1|L1|甲|2|9|盒|5"],
        "1=1 key; ?2=2; lot_differs 2/2 0.00",
    );
    check(
        "a sum within the order goes before those across orders",
        &[
            "D1|D1-001|1|L1|甲|1|10|盒|5",
            "D1|D1-002|1|L1|甲|1|12|盒|5",
            "D2|D2-001|1|L1|甲|1|8|盒|5",
            "D3|D3-001|1|L1|甲|1|14|盒|5",
        ],
        &["D1||1|L1|甲|2|22|盒|5"],
        "1,2=1 sum; not_in_ledger 3/ 40.00; not_in_ledger 4/ 70.00",
    );
    check(
        "what a sum leaves adds up in one way",
        &[
            "D1|D1-001|1|L1|甲|1|51|盒|5",
            "D2|D2-001|1|L1|甲|1|50|盒|5",
            "D3|D3-001|1|L1|甲|1|51|盒|5",
            "D3|D3-002|1|L1|甲|1|30|盒|5",
        ],
        &["||1|L1|甲|2|101|盒|5", "D3||1|L1|甲|2|81|盒|5"],
        "1,2=1 sum; 3,4=2 sum",
    );
}

/// What two lines have in common is all that can be asked of them.
#[test]
fn few_columns() {
    check(
        "parts that bear the line's number with another behind it",
        &["D1|D1-0001|1|L1|甲|1|10|盒|5"],
        &["D1|D1-0001-1|1|L1|甲|2|6|盒|5", "D1|D1-0001-2|1|L1|甲|2|4|盒|5"],
        "1=1,2 sum",
    );
    check(
        "a row made twice of the second of an order's lines",
        &["D1||1|L1|甲|1|5|盒|5", "D1||1|L2|甲|1|9|盒|5"],
        &["D1||1|L1|甲|2|5|盒|5", "D1||1|L2|甲|2|9|盒|5", "D1||1|L2|甲|2|9|盒|5"],
        "1=1 key; 2=2 key; received_twice 2/3 45.00",
    );
    check(
        "code, date and quantity",
        &["||1|||1|10||"],
        &["||1|||1|10||", "||1|||1|11||"],
        "?1=1; not_on_platform /2 0.00",
    );
}

#[test]
fn decisions() {
    let left = ["D1|D1-001|1|L1|甲|1|10|盒|5"];
    let right = ["D1|D1-001|1|L1|甲|2|10|盒|5", "||2|L9|乙|2|10|盒|5"];
    let refused = Decisions { refusals: vec![(1, 1)], ..Decisions::default() };
    check_with(
        "refused",
        &left,
        &right,
        &refused,
        "not_in_ledger 1/ 50.00; not_on_platform /1 50.00; not_on_platform /2 50.00",
    );
    let alias = Alias { of: AliasOf::Supplier, left: "甲公司".into(), right: "甲商贸".into() };
    let aliases = Decisions { aliases: vec![alias], ..Decisions::default() };
    let (ours, theirs) = (["D1|D1-001|1|L1|甲公司|1|10|盒|5"], ["D1|D1-001|1|L1|甲商贸|2|10|盒|5"]);
    check("unknown name", &ours, &theirs, "1=1 key; wrong_supplier 1/1 0.00");
    check_with("known name", &ours, &theirs, &aliases, "1=1 key");
    let linked = Decisions {
        links: vec![
            sunbench_domain::matching::Link { left: vec![1], right: vec![2] },
            sunbench_domain::matching::Link { left: vec![7], right: vec![1] },
        ],
        ..Decisions::default()
    };
    let found = reconcile(&ledger(&left), &ledger(&right), &linked);
    assert_eq!((found.pairs[0].pass, &*found.pairs[0].right), (Pass::Hand, &[2][..]));
    assert_eq!(found.stats.void_links, [1]);
}

#[test]
fn chains() {
    let rows = [
        "D1|D1-001|1|L1|甲|1|10|盒|5",
        "D1|D1-001|1|L1|甲|9|12|盒|5|invoice",
        "D1|D1-002|1|L2|甲|1|10|盒|5",
        "D1|D1-002|1|L2|甲|5|2|盒|5|return",
        "D1|D1-002|1|L2|甲|9|10|盒|5|invoice",
        "D1|D1-003|2|L3|甲|1|4|盒|5",
        "D1|D1-004|2|L4|甲|9|4|盒|5|settlement",
    ];
    check(
        "received, returned, invoiced, settled",
        &rows,
        &rows,
        "1=1 key; 2=2 key; 3=3 key; 4=4 key; 5=5 key; 6=6 key; 7=7 key; invoice_missing /6 20.00; invoice_missing 6/ 20.00; \
         invoiced_more_than_received /1,2 10.00; invoiced_more_than_received 1,2/ 10.00; \
         returned_still_invoiced /3,4,5 10.00; returned_still_invoiced 3,4,5/ 10.00; \
         settled_without_acceptance /7 20.00; settled_without_acceptance 7/ 20.00",
    );
}

#[test]
fn what_a_sum_differs_in_is_the_same_in_any_order() {
    let ordered = ["D1|D1-001|1|L1|甲|1|30|盒|5"];
    let late = [
        "D1|D1-001|1|L1|甲|4-20|10|盒|5",
        "D1|D1-001|1|L1|甲|5-20|12|盒|5.5",
        "D1|D1-001|1|L1|甲|6-20|8|盒|6",
    ];
    let mut turned = late;
    turned.reverse();
    let details = |right: &[&str]| -> Vec<_> {
        let found = reconcile(&ledger(&ordered), &ledger(right), &Decisions::default());
        found.differences.into_iter().map(|one| (one.kind, one.amount, one.detail)).collect()
    };
    assert!(details(&late).iter().any(|(kind, ..)| *kind == DifferenceKind::WrongMonth));
    assert_eq!(details(&late), details(&turned));
}
