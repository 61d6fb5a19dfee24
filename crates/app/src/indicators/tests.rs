//! What is kept ready equals a plain sum of the lines, whatever came in which order. `SUNBENCH_SEED` and `TORTURE` (a factor) choose how.

use std::collections::BTreeMap;

use sunbench_contract::time::Instant;
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::local::campus::{self, Campus};
use sunbench_store::mirror::{
    DeleteRow, Head, OrderId, OrderLineRow, OrderRow, OrgId, OrgRow, ProductId, ProductRow, Record, apply,
};
use sunbench_store::vault::PassphraseCost;
use sunbench_store::{KeySource, Passphrase, Store};
use sunbench_workdays::Calendar;

use crate::context::Context;
use crate::error::ErrorCode;
use crate::indicators::Measurements;
use crate::wire::AnalysisReq;

/// 2024-12-20 12:00 in Shanghai, in days since 1970.
const FIRST_DAY: i64 = 20_077;
const CATEGORIES: [&str; 2] = ["介入", "试剂"];
const DEPARTMENTS: [&str; 3] = ["心内科", "骨科", ""];

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn head(id: String, ver: i64) -> Head {
    Head { id, ver, hash: [0; 16], extra: None }
}

/// A record of few ids, so that versions, late headers and deletions meet.
fn record(random: &mut fastrand::Rng) -> Record {
    let ver = random.i64(1..8);
    let at = (FIRST_DAY + random.i64(0..700)) * 86_400 + 4 * 3_600;
    match random.u32(0..12) {
        0 => Record::Product(ProductRow {
            head: head(format!("p{}", random.u32(0..9)), ver),
            name: format!("支架{}", random.u32(0..9)),
            spec: String::new(),
            model: String::new(),
            mcs_code: None,
            udi_di: None,
            unit: "套".to_owned(),
            category: random.choice(CATEGORIES).unwrap_or_default().to_owned(),
            maker_key: OrgId("m".to_owned()),
            reg_no: String::new(),
            reg_expires_on: None,
            purchase_type: String::new(),
            selected: false,
            price: Price::from_units(10_000),
            raw_state: "1".to_owned(),
            price_cap: None,
            assembled_from: "[]".to_owned(),
        }),
        1 => Record::Order(OrderRow {
            head: head(format!("o{}", random.u32(0..9)), ver),
            code: "PO".to_owned(),
            kind: "普通".to_owned(),
            dept: random.choice(DEPARTMENTS).unwrap_or_default().to_owned(),
            operator: String::new(),
            submit_at: at,
            line_count: 1,
            amount: Amount::ZERO,
            remarks: String::new(),
        }),
        2 => Record::Delete(DeleteRow {
            resource: "orderLine".to_owned(),
            id: format!("l{}", random.u32(0..60)),
            ver,
        }),
        3 => Record::Org(OrgRow {
            head: head(format!("s{}", random.u32(0..3)), ver),
            name: format!("企业{}", random.u32(0..9)),
            kind: "distributor".to_owned(),
            uscc: None,
            contact: None,
            phone: None,
        }),
        _ => Record::OrderLine(OrderLineRow {
            head: head(format!("l{}", random.u32(0..60)), ver),
            order_key: OrderId(format!("o{}", random.u32(0..9))),
            line_no: 1,
            product_key: ProductId(format!("p{}", random.u32(0..9))),
            maker_key: OrgId("m".to_owned()),
            supplier_key: OrgId(format!("s{}", random.u32(0..3))),
            unit: "套".to_owned(),
            quantity: Quantity::from_units(10_000),
            price: Price::from_units(10_000),
            amount: Amount::from_units(random.i64(0..9_000_000)),
            kind: "普通".to_owned(),
            raw_state: String::new(),
            state_text: String::new(),
            state: ["DRAFT", "SUBMITTED", "SHIPPED", "RECEIVED", "CANCELLED", "REFUSED", "SHIP_REFUSED"]
                [random.usize(0..7)],
            late: false,
            submit_at: at,
            response_at: None,
            delivery_due_at: None,
            delivered: Quantity::ZERO,
            received: Quantity::ZERO,
            returned: Quantity::ZERO,
            urgent: false,
            agreement_id: None,
            own_key: None,
        }),
    }
}

/// A line as it stands: month, amount, and its name in each split.
struct Line {
    month: i64,
    amount: Amount,
    names: BTreeMap<&'static str, String>,
}

/// The lines that were purchased, by the records themselves.
fn lines(context: &Context<'_>) -> Vec<Line> {
    let sql = "SELECT l.product_key, p.name, l.supplier_key, s.name, coalesce(o.dept, ''), coalesce(c.campus_id, '未归入院区'),
          p.category, strftime('%Y-%m', l.submit_at + 8 * 3600, 'unixepoch'), l.amount
        FROM order_line l JOIN product p ON p.key = l.product_key JOIN org s ON s.key = l.supplier_key
          LEFT JOIN purchase_order o ON o.key = l.order_key LEFT JOIN campus_department c ON c.department = o.dept
        WHERE l.state NOT IN ('DRAFT', 'CANCELLED', 'REFUSED', 'SHIP_REFUSED')";
    let read = context.store.read(|conn| {
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            let keyed = |key: i64, name: String| format!("{key} {name}");
            let month: String = row.get(7)?;
            Ok(Line {
                month: super::analysis::month_of(&month, "").unwrap_or_default(),
                amount: Amount::from_units(row.get(8)?),
                names: BTreeMap::from([
                    ("product", keyed(row.get(0)?, row.get(1)?)),
                    ("supplier", keyed(row.get(2)?, row.get(3)?)),
                    ("department", row.get(4)?),
                    ("campus", row.get(5)?),
                    ("category", row.get(6)?),
                    ("month", month),
                ]),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    });
    read.unwrap()
}

/// Name, lines, amount, and amount a year before, by plain addition.
fn plain(lines: &[Line], by: &str, (from, to): (i64, i64)) -> Vec<(String, u32, String, String)> {
    let mut sums: BTreeMap<String, (u32, Amount, Amount)> = BTreeMap::new();
    for line in lines.iter().filter(|line| (from..=to).contains(&line.month)) {
        let sum = sums.entry(line.names[by].clone()).or_default();
        (sum.0, sum.1) = (sum.0 + 1, sum.1 + line.amount);
    }
    for line in lines.iter().filter(|line| (from..=to).contains(&(line.month + 12))) {
        let name = if by == "month" { month_text(line.month + 12) } else { line.names[by].clone() };
        if let Some(sum) = sums.get_mut(&name) {
            sum.2 += line.amount;
        }
    }
    sums.into_iter().map(|(name, (n, sum, before))| (name, n, sum.to_string(), before.to_string())).collect()
}

fn month_text(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

#[test]
fn statistics_kept_ready_equal_a_plain_sum_whatever_came_in_which_order() {
    let (first, runs) = (setting("SUNBENCH_SEED", 6), 4 * setting("TORTURE", 1));
    let mut compared = 0;
    for seed in first..first + runs {
        let mut random = fastrand::Rng::with_seed(seed);
        let dir = tempfile::tempdir().unwrap();
        let key = KeySource::Passphrase(Passphrase::new("统计测试", PassphraseCost::Scripted));
        let now = Instant::parse("2026-11-20 09:30:00").unwrap();
        let (store, _) = Store::create(&dir.path().join("profile"), &key, now.at()).unwrap();
        let measurements = Measurements::default();
        let context =
            Context { store: &store, calendar: Calendar::built_in(), now, measurements: &measurements };
        for _ in 0..12 {
            let batch: Vec<Record> = (0..random.usize(0..40)).map(|_| record(&mut random)).collect();
            store.write_mirror(|tx| apply(tx, &batch)).unwrap();
            if random.bool() {
                let of = |id: &str, departments: &[&str]| Campus {
                    id: id.to_owned(),
                    name: id.to_owned(),
                    departments: departments.iter().map(|&name| name.to_owned()).collect(),
                };
                let (one, other) = DEPARTMENTS[..2].split_at(random.usize(0..3));
                store.write_local(|tx| campus::put(tx, &[of("东院", one), of("西院", other)])).unwrap();
            }
            if random.bool() {
                context.sum_ahead().unwrap();
            }
            let lines = lines(&context);
            for by in ["product", "supplier", "department", "campus", "category", "month"] {
                let usual = random.bool();
                let to = if usual { 2026 * 12 + 10 } else { 2024 * 12 + random.i64(11..40) };
                let from = if usual { to - 11 } else { to - random.i64(0..30) };
                let req = |most| AnalysisReq {
                    by: by.to_owned(),
                    from: month_text(from),
                    to: month_text(to),
                    most,
                };
                let found = context.analysis(&req(100)).unwrap();
                let is_keyed = ["product", "supplier"].contains(&by);
                let mut rows: Vec<_> = found
                    .rows
                    .iter()
                    .map(|row| {
                        let name =
                            if is_keyed { format!("{} {}", row.key, row.name) } else { row.name.clone() };
                        (name, row.lines, row.amount.clone(), row.year_before.clone())
                    })
                    .collect();
                rows.sort_unstable();
                assert_eq!(rows, plain(&lines, by, (from, to)), "seed {seed}: {by} {from} {to}");
                let most = random.u32(0..6);
                let part = context.analysis(&req(most)).unwrap();
                assert_eq!(part.rows, found.rows[..found.rows.len().min(most as usize)], "the first ones");
                assert_eq!((part.lines, &part.amount), (found.lines, &found.amount));
                assert_eq!(part.more as usize, found.rows.len() - part.rows.len());
                let amount = |text: &str| text.parse::<Amount>().unwrap();
                let shown: Amount = part.rows.iter().map(|row| amount(&row.amount)).sum();
                assert_eq!(shown + amount(&part.more_amount), amount(&part.amount));
                compared += found.rows.len();
            }
        }
    }
    assert!(compared > 500, "{compared}");
    println!("promise G3: {compared} rows of statistics kept ready equal plain sums, seed {first}");
}

#[test]
fn while_tallies_are_counted_anew_statistics_say_how_far_it_is() {
    let mut random = fastrand::Rng::with_seed(6);
    let dir = tempfile::tempdir().unwrap();
    let key = KeySource::Passphrase(Passphrase::new("统计测试", PassphraseCost::Scripted));
    let now = Instant::parse("2026-11-20 09:30:00").unwrap();
    let (store, _) = Store::create(&dir.path().join("profile"), &key, now.at()).unwrap();
    let mut records = Vec::new();
    for n in 0..5_250 {
        let Record::OrderLine(row) = std::iter::repeat_with(|| record(&mut random))
            .find(|it| matches!(it, Record::OrderLine(_)))
            .unwrap()
        else {
            continue;
        };
        records.push(Record::OrderLine(OrderLineRow { head: head(format!("x{n}"), 1), ..row }));
    }
    store.write_mirror(|tx| apply(tx, &records)).unwrap();
    let measurements = Measurements::default();
    let context = Context { store: &store, calendar: Calendar::built_in(), now, measurements: &measurements };
    let req = AnalysisReq {
        by: "product".to_owned(),
        from: "2024-12".to_owned(),
        to: "2026-11".to_owned(),
        most: 100,
    };
    let before = context.analysis(&req).unwrap();
    store.write_mirror(|tx| Ok(tx.execute_batch("DELETE FROM tally_edition")?)).unwrap();
    let error = context.analysis(&req).unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::IndicatorsCounting, Some("95 %")));
    assert_eq!(context.analysis(&req).unwrap(), before);
}
