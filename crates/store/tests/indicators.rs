//! Tallies that are kept while records change equal those that are counted anew, whatever came in which order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use sunbench_domain::policy::{Measure, Scope, Tallies as _};
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::mirror::indicator::{self, Behind, StoredTallies};
use sunbench_store::mirror::{
    DeleteRow, DeliveryLineRow, DeliveryRow, DocumentRow, Head, HospItemRow, OrderId, OrderLineRow, OrderRow,
    OrgId, ProductId, ProductRow, ReceiptLineRow, ReceiptRow, Record, ReturnLineRow, ReturnRow, apply,
    recount,
};
use sunbench_store::{Connection, Store, StoreResult};

/// 2026-01-05 12:00 in Shanghai.
const START: i64 = 1_767_585_600;
const DAY: i64 = 86_400;

fn head(id: &str, ver: i64) -> Head {
    Head { id: id.to_owned(), ver, hash: [0; 16], extra: None }
}

/// What a change is made of: few ids, so that records meet; every number steers something.
#[derive(Debug, Clone)]
struct Change {
    kind: u8,
    id: u8,
    ver: i64,
    a: u8,
    b: u8,
    c: u8,
}

fn change() -> impl Strategy<Value = Change> {
    (0..12u8, 0..4u8, 1..6i64, any::<u8>(), any::<u8>(), any::<u8>())
        .prop_map(|(kind, id, ver, a, b, c)| Change { kind, id, ver, a, b, c })
}

impl Change {
    fn record(&self) -> Record {
        let Self { kind, id, ver, a, b, c } = self.clone();
        let at = START + i64::from(a % 60) * DAY + i64::from(c) * 600;
        let line_id = |n: u8| format!("l{}", n % 5);
        let quantity = |n: u8| Quantity::from_units(i64::from(n) * 2_500);
        match kind {
            0 => Record::Product(ProductRow {
                head: head(&format!("p{}", id % 3), ver),
                name: ["支架", "球囊"][usize::from(a % 2)].to_owned(),
                spec: String::new(),
                model: String::new(),
                mcs_code: [None, Some("C0201011010000011001".to_owned()), Some("C02".to_owned())]
                    [usize::from(b % 3)]
                .clone(),
                udi_di: None,
                unit: "套".to_owned(),
                category: ["介入", "试剂"][usize::from(c % 2)].to_owned(),
                maker_key: OrgId("m".to_owned()),
                reg_no: String::new(),
                reg_expires_on: None,
                purchase_type: String::new(),
                selected: a % 3 != 0,
                price: Price::from_units(i64::from(b) * 10_000),
                raw_state: "1".to_owned(),
                price_cap: None,
                assembled_from: "[]".to_owned(),
            }),
            1 => Record::HospItem(HospItemRow {
                head: head(&format!("i{id}"), ver),
                code: String::new(),
                name: String::new(),
                product_key: ProductId(format!("p{}", a % 3)),
                unit: ["盒", "箱"][usize::from(b % 2)].to_owned(),
                factor_num: u32::from(c % 7) + 1,
                factor_den: u32::from(b % 3) + 1,
            }),
            2 => Record::Order(OrderRow {
                head: head(&format!("o{}", id % 2), ver),
                code: "PO".to_owned(),
                kind: "普通".to_owned(),
                dept: ["心内科", "骨科"][usize::from(a % 2)].to_owned(),
                operator: String::new(),
                submit_at: at,
                line_count: 1,
                amount: Amount::ZERO,
                remarks: String::new(),
            }),
            3 | 4 => Record::OrderLine(OrderLineRow {
                head: head(&line_id(id), ver),
                order_key: OrderId(format!("o{}", b % 2)),
                line_no: 1,
                product_key: ProductId(format!("p{}", a % 3)),
                maker_key: OrgId(format!("m{}", b % 2)),
                supplier_key: OrgId(format!("s{}", c % 2)),
                unit: ["套", "盒", "箱", "件"][usize::from(c % 4)].to_owned(),
                quantity: quantity(b),
                price: Price::from_units(i64::from(c) * 3_333),
                amount: Amount::from_units(i64::from(b) * i64::from(c) * 833),
                kind: "普通".to_owned(),
                raw_state: String::new(),
                state_text: String::new(),
                state: ["DRAFT", "SUBMITTED", "ACCEPTED", "SHIPPED", "RECEIVED", "CANCELLED", "REFUSED", ""]
                    [usize::from(a % 8)],
                late: false,
                submit_at: at,
                response_at: (b % 3 > 0).then_some(at + i64::from(b) * 1_000),
                delivery_due_at: (c % 3 > 0).then_some(at + DAY),
                delivered: quantity(b / 2),
                received: quantity(b / 2),
                returned: Quantity::ZERO,
                urgent: a % 5 == 0,
                agreement_id: None,
                own_key: None,
            }),
            5 | 6 => Record::Delivery(
                DeliveryRow {
                    head: head(&format!("d{id}"), ver),
                    code: String::new(),
                    order_id: None,
                    supplier_key: OrgId(format!("s{}", b % 2)),
                    raw_state: String::new(),
                    state_text: String::new(),
                    state: ["WAITING", "CONFIRMED", "STORED", "VOID"][usize::from(a % 4)],
                    shipped_at: at,
                    arrived_at: (b % 4 > 0).then_some(at + i64::from(c) * 900),
                    carrier: String::new(),
                    express_no: String::new(),
                },
                (0..b % 3)
                    .map(|n| DeliveryLineRow {
                        id: format!("d{id}-{n}"),
                        order_line_id: (c % 5 > 0).then(|| line_id(a.wrapping_add(n))),
                        product: ProductId(format!("p{}", n % 3)),
                        quantity: quantity(c),
                        lot: String::new(),
                        made_on: None,
                        expires_on: None,
                        udi: String::new(),
                    })
                    .collect(),
            ),
            7 | 8 => Record::Receipt(
                ReceiptRow {
                    head: head(&format!("r{id}"), ver),
                    code: String::new(),
                    delivery_id: format!("d{}", a % 4),
                    supplier_key: OrgId("s0".to_owned()),
                    raw_state: String::new(),
                    state_text: String::new(),
                    state: ["ACCEPTED", "PRE_ACCEPTED", "REJECTED"][usize::from(b % 3)],
                    received_at: at,
                    operator: String::new(),
                    attachments: "[]".to_owned(),
                },
                (0..c % 3)
                    .map(|n| ReceiptLineRow {
                        id: format!("r{id}-{n}"),
                        delivery_line_id: String::new(),
                        order_line_id: (b % 7 > 0).then(|| line_id(b.wrapping_add(n))),
                        received: quantity(a),
                        rejected: Quantity::ZERO,
                        reject_reason: String::new(),
                        lot: String::new(),
                        expires_on: None,
                        udi: String::new(),
                    })
                    .collect(),
            ),
            9 => Record::Return(
                ReturnRow {
                    head: head(&format!("t{id}"), ver),
                    code: String::new(),
                    kind: ["goods", "price"][usize::from(a % 2)].to_owned(),
                    supplier_key: OrgId("s0".to_owned()),
                    raw_state: String::new(),
                    state_text: String::new(),
                    state: ["CONFIRMED", "WAITING"][usize::from(b % 2)],
                    returned_at: at,
                    reason: String::new(),
                    amount: Amount::ZERO,
                    refuse_reason: String::new(),
                },
                (0..c % 3)
                    .map(|n| ReturnLineRow {
                        id: format!("t{id}-{n}"),
                        order_line_id: line_id(c.wrapping_add(n)),
                        quantity: quantity(b),
                        amount: Amount::from_units(i64::from(a) * 5_000),
                        lot: String::new(),
                    })
                    .collect(),
            ),
            10 => Record::Document(DocumentRow {
                resource: "priceList".to_owned(),
                id: format!("q{}", id % 2),
                ver,
                hash: [0; 16],
                updated_at: at,
                data: format!(
                    r#"{{"kind":"{}","effectiveTime":"2026-0{}-01T00:00:00+08:00","items":[{{"procurecatalogId":"p{}","oldPrice":"{a}","price":"{b}"}}]}}"#,
                    ["volume", "linkage"][usize::from(c % 2)],
                    a % 3 + 1,
                    b % 3
                ),
            }),
            _ => {
                let (resource, id) = [
                    ("orderLine", line_id(id)),
                    ("delivery", format!("d{id}")),
                    ("receipt", format!("r{id}")),
                    ("return", format!("t{id}")),
                    ("product", format!("p{}", id % 3)),
                    ("hospItem", format!("i{id}")),
                    ("order", format!("o{}", id % 2)),
                    ("priceList", format!("q{}", id % 2)),
                ][usize::from(a % 8)]
                .clone();
                Record::Delete(DeleteRow { resource: resource.to_owned(), id, ver })
            }
        }
    }
}

type Rows = BTreeMap<(i64, i64, i64, i64, i64, i64), (i64, i64)>;

/// Every tally that is not nought.
fn tallies(conn: &Connection) -> StoreResult<(Rows, Rows)> {
    let read = |sql: &str| -> StoreResult<Rows> {
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            let key = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            Ok((key, (row.get(6)?, row.get(7)?)))
        })?;
        let all: Rows = rows.collect::<Result<_, _>>()?;
        Ok(all.into_iter().filter(|(_, sums)| *sums != (0, 0)).collect())
    };
    Ok((
        read("SELECT measure, scope, a, b, day, lag, n, sum FROM tally_day")?,
        read("SELECT measure, scope, a, b, month, 0, n, sum FROM tally_month")?,
    ))
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_for_tests(dir.path());
    (dir, store)
}

/// Applies batches and compares what was kept with a count from nothing; how many rows there were.
fn kept_equals_recount(store: &Store, batches: &[Vec<Record>]) -> usize {
    for batch in batches {
        store.write_mirror(|tx| apply(tx, batch)).unwrap();
    }
    let kept = store.read(tallies).unwrap();
    store.write_mirror(indicator::recount).unwrap();
    let counted = store.read(tallies).unwrap();
    assert_eq!(kept, counted);
    kept.0.len()
}

#[test]
fn tallies_kept_equal_tallies_counted_anew() {
    let factor: u32 = std::env::var("TORTURE").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let seed = std::env::var("SUNBENCH_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(6_u64);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let config =
        ProptestConfig { cases: 100 * factor, failure_persistence: None, ..ProptestConfig::default() };
    let cases = config.cases;
    let rng = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &bytes);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
    // One profile for all cases: each begins with an emptied mirror.
    let (_dir, store) = store();
    let mut rows = 0;
    let schedules = prop::collection::vec(prop::collection::vec(change(), 1..12), 1..8);
    let rows_seen = std::cell::Cell::new(0);
    runner
        .run(&schedules, |schedule| {
            store.write_mirror(sunbench_store::mirror::sync_state::clear_mirror).unwrap();
            let batches: Vec<Vec<Record>> =
                schedule.iter().map(|batch| batch.iter().map(Change::record).collect()).collect();
            rows_seen.set(rows_seen.get() + kept_equals_recount(&store, &batches));
            Ok(())
        })
        .unwrap_or_else(|failed| panic!("seed {seed}: {failed}"));
    rows += rows_seen.get();
    assert!(rows > 1_000, "the schedules counted something: {rows}");
    println!("promise G3: tallies of indicators kept through {cases} schedules equal a recount, seed {seed}");
}

/// So many records of every kind, later ones than those of a lower `from`.
fn batch(from: u8, count: u8) -> Vec<Record> {
    let records = (0..count).map(|n| Change {
        kind: n % 12,
        id: n.wrapping_mul(7).wrapping_add(from) % 4,
        ver: i64::from(from) + 1,
        a: n.wrapping_mul(17).wrapping_add(from),
        b: n.wrapping_mul(5),
        c: from.wrapping_add(n),
    });
    records.map(|change| change.record()).collect()
}

#[test]
fn what_a_first_sync_puts_off_is_counted_in_the_end() {
    let (_dir, store) = store();
    let batch = |from: u8| batch(from, 90);
    for asked_meanwhile in [false, true] {
        store.write_mirror(sunbench_store::mirror::sync_state::clear_mirror).unwrap();
        store.write_mirror(recount::put_off).unwrap();
        for n in 0..5 {
            store.write_mirror(|tx| apply(tx, &batch(n))).unwrap();
            if !asked_meanwhile {
                assert_eq!(store.read(tallies).unwrap().0.len(), 0, "put off");
            } else if n == 2 {
                store.write_mirror(|tx| recount::step(tx, 3)).unwrap();
                assert!(!store.read(tallies).unwrap().0.is_empty(), "begun, and kept from here on");
            }
            assert!(!store.read(indicator::is_current).unwrap());
            // There is something by now.
            store.write_mirror(recount::put_off).unwrap();
        }
        while !store.write_mirror(|tx| recount::step(tx, 2)).unwrap().is_finished {}
        assert!(store.read(indicator::is_current).unwrap());
        assert!(kept_equals_recount(&store, &[]) > 10);
        store.write_mirror(recount::put_off).unwrap();
        assert!(store.read(indicator::is_current).unwrap(), "not where there is something to count");
    }
}

#[test]
fn a_recount_goes_on_where_it_was_stopped_whatever_came_meanwhile() {
    let (_dir, store) = store();
    let batch = |from: u8| batch(from, 60);
    store.write_mirror(|tx| apply(tx, &batch(0))).unwrap();
    assert!(store.read(indicator::is_current).unwrap());
    for portion in [1, 2, 3, 50] {
        // As an older program left them.
        store
            .write_mirror(|tx| {
                tx.execute_batch(
                    "DELETE FROM tally_edition; INSERT INTO tally_day VALUES (1, 0, 0, 0, 7, 0, 7, 7);",
                )?;
                Ok(())
            })
            .unwrap();
        let mut steps = 0;
        loop {
            // Each step is on disk before the next begins; between them the platform goes on.
            let reached = store.write_mirror(|tx| recount::step(tx, portion)).unwrap();
            steps += 1;
            if reached.is_finished {
                break;
            }
            assert!(reached.done > 0 && reached.done <= reached.total, "{reached:?}");
            assert!(!store.read(indicator::is_current).unwrap());
            if steps < 6 {
                store.write_mirror(|tx| apply(tx, &batch(u8::try_from(portion + steps).unwrap()))).unwrap();
            }
            assert!(steps < 200, "it ends");
        }
        assert!(portion == 50 || steps > 2, "{portion}: {steps}");
        assert!(kept_equals_recount(&store, &[]) > 10);
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_sum_over_any_span_is_the_sum_of_its_days() {
    let (_dir, store) = store();
    let records: Vec<Record> = (0..240u8)
        .map(|n| Change { kind: 3, id: 0, ver: 1, a: n.wrapping_mul(17) | 2, b: n, c: 1 })
        .enumerate()
        .map(|(n, change)| match change.record() {
            Record::OrderLine(row) => Record::OrderLine(OrderLineRow {
                head: head(&format!("x{n}"), 1),
                submit_at: START + n as i64 * DAY / 2,
                state: "ACCEPTED",
                ..row
            }),
            other => other,
        })
        .collect();
    kept_equals_recount(&store, &[records]);
    store
        .read(|conn| {
            let tallies = StoredTallies::new(conn);
            for (from, through) in [
                ("2026-01-01", "2026-12-31"),
                ("2026-01-05", "2026-05-04"),
                ("2026-01-31", "2026-02-01"),
                ("2026-02-01", "2026-02-28"),
                ("2026-02-02", "2026-02-27"),
                ("2026-03-15", "2026-03-14"),
            ] {
                let (from, through) = (day(from), day(through));
                let whole = tallies.sum(Measure::Sent, Scope::Hospital, from, through)?;
                let mut added = sunbench_domain::policy::Tally::default();
                for part in tallies.days(Measure::Sent, Scope::Hospital, from, through)? {
                    added += part.tally;
                }
                assert_eq!(whole, added, "{from} {through}");
            }
            assert_eq!(
                tallies.sum(Measure::Sent, Scope::Hospital, day("2026-01-01"), day("2026-12-31"))?.n,
                240
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_lines_behind_a_result_come_page_by_page() {
    let (_dir, store) = store();
    let line = |n: usize| {
        let row = Change { kind: 3, id: 0, ver: 1, a: 2, b: 0, c: 1 }.record();
        let Record::OrderLine(row) = row else { panic!("a line") };
        let head = head(&format!("x{n}"), 1);
        Record::OrderLine(OrderLineRow {
            head,
            submit_at: START + n as i64,
            response_at: None,
            state: "SUBMITTED",
            ..row
        })
    };
    let records: Vec<Record> = (0..25).map(line).collect();
    store.write_mirror(|tx| apply(tx, &records)).unwrap();
    let page = |after| {
        store
            .read(|conn| {
                indicator::lines_behind(conn, &Behind::Unanswered, (START + 2, START + 100), after, 10)
            })
            .unwrap()
    };
    let (first, next) = page(None);
    let (second, next) = page(Some(next.unwrap()));
    let (third, next) = page(Some(next.unwrap()));
    assert_eq!((first.len(), second.len(), third.len(), next), (10, 10, 3, None));
    assert_eq!((first[0].as_str(), third[2].as_str()), ("x24", "x2"));
}

/// Submitted so many days after the start, in a unit, at a price, and whether it was accepted.
fn priced(id: &str, ver: i64, (day, unit, price, is_accepted): (i64, &str, i64, bool)) -> Record {
    let row = Change { kind: 3, id: 0, ver: 1, a: 2, b: 1, c: 1 }.record();
    let Record::OrderLine(row) = row else { panic!("a line") };
    Record::OrderLine(OrderLineRow {
        head: head(id, ver),
        product_key: ProductId("p0".to_owned()),
        unit: unit.to_owned(),
        quantity: Quantity::from_units(20_000),
        price: Price::from_units(price * 10_000),
        submit_at: START + day * DAY,
        received: Quantity::from_units(if is_accepted { 20_000 } else { 0 }),
        ..row
    })
}

/// Each line above the last accepted price: day since the start, per cent, amount.
fn dearer(store: &Store) -> Vec<(i64, i64, i128)> {
    let start = day("2026-01-05");
    let found = store.read(|conn| {
        let tallies = StoredTallies::new(conn);
        tallies.days(Measure::AboveHistory, Scope::Hospital, start, day("2026-12-31"))
    });
    let found = found.unwrap();
    let left = found.iter().filter(|one| one.tally.n != 0);
    left.map(|one| ((one.day - start).num_days(), one.lag, one.tally.sum / 10_000)).collect()
}

#[test]
fn a_price_is_compared_with_the_last_accepted_one_in_whatever_order_lines_come() {
    let lines = [
        ("a", (0, "套", 80, true)),
        // Not accepted, of another unit: nothing is compared with them.
        ("b", (1, "套", 50, false)),
        ("c", (2, "盒", 40, true)),
        ("d", (3, "套", 100, true)),
        ("e", (4, "套", 100, true)),
        ("f", (4, "套", 130, false)),
    ];
    // 100 after 80 is 25 per cent, two of them 40 yuan; 130 after 100 is 30 per cent and 60 yuan.
    let expected = vec![(3, 25, 40), (4, 30, 60)];
    for turn in 0..lines.len() {
        for size in [1, 2, lines.len()] {
            let (_dir, store) = store();
            let mut records: Vec<Record> = lines.iter().map(|(id, line)| priced(id, 1, *line)).collect();
            records.rotate_left(turn);
            if turn % 2 == 1 {
                records.reverse();
            }
            for batch in records.chunks(size) {
                store.write_mirror(|tx| apply(tx, batch)).unwrap();
            }
            assert_eq!(dearer(&store), expected, "{turn} {size}");
            // A late correction: the first was 90; then it was never accepted, and at last it is gone.
            let change = |record: Record| {
                store.write_mirror(|tx| apply(tx, &[record])).unwrap();
                dearer(&store)
            };
            assert_eq!(change(priced("a", 2, (0, "套", 90, true))), [(3, 12, 20), (4, 30, 60)]);
            assert_eq!(change(priced("a", 3, (0, "套", 90, false))), [(4, 30, 60)]);
            assert_eq!(change(priced("b", 2, (1, "套", 50, true))), [(3, 100, 100), (4, 30, 60)]);
            let gone = DeleteRow { resource: "orderLine".to_owned(), id: "b".to_owned(), ver: 3 };
            assert_eq!(change(Record::Delete(gone)), [(4, 30, 60)]);
        }
    }
}

#[test]
fn behind_a_price_check_are_the_lines_that_are_too_dear() {
    let (_dir, store) = store();
    let list = Record::Document(DocumentRow {
        resource: "priceList".to_owned(),
        id: "q0".to_owned(),
        ver: 1,
        hash: [0; 16],
        updated_at: START,
        data: r#"{"kind":"linkage","effectiveTime":"2026-01-08T00:00:00+08:00","items":[{"procurecatalogId":"p0","oldPrice":"120","price":"90"}]}"#
            .to_owned(),
    });
    let records = [
        list,
        priced("a", 1, (0, "套", 80, true)),
        // Twenty-five per cent more than the last one; above the listed price, both old and new; as the last one.
        priced("b", 1, (1, "套", 100, true)),
        priced("c", 1, (2, "盒", 121, true)),
        priced("d", 1, (4, "盒", 121, true)),
        priced("e", 1, (5, "套", 90, true)),
    ];
    store.write_mirror(|tx| apply(tx, &records)).unwrap();
    let behind = |percent| {
        let span = (START, START + 60 * DAY);
        let found =
            store.read(|conn| indicator::lines_behind(conn, &Behind::TooDear(percent), span, None, 10));
        found.unwrap().0
    };
    assert_eq!(behind(24), ["d", "c", "b"]);
    assert_eq!(behind(25), ["d", "c"]);
}

#[test]
fn goods_of_one_product_are_summed_in_its_unit() {
    let (_dir, store) = store();
    let product = Change { kind: 0, id: 0, ver: 1, a: 1, b: 1, c: 0 };
    let item = |id: u8, unit: u8, num: u8| Change { kind: 1, id, ver: 1, a: 0, b: unit, c: num };
    let received = |id: &str, line: &str, units: i64| {
        let change = Change { kind: 7, id: 0, ver: 1, a: 0, b: 0, c: 0 };
        let Record::Receipt(row, _) = change.record() else { panic!("a receipt") };
        let line = ReceiptLineRow {
            id: format!("{id}-1"),
            delivery_line_id: String::new(),
            order_line_id: Some(line.to_owned()),
            received: Quantity::from_units(units),
            rejected: Quantity::ZERO,
            reject_reason: String::new(),
            lot: String::new(),
            expires_on: None,
            udi: String::new(),
        };
        Record::Receipt(ReceiptRow { head: head(id, 1), received_at: START + 5 * DAY, ..row }, vec![line])
    };
    let records = [
        product.record(),
        // A box is four sets; a piece is not known.
        item(0, 0, 3).record(),
        priced("a", 1, (0, "套", 80, true)),
        priced("b", 1, (0, "盒", 80, true)),
        priced("c", 1, (0, "件", 80, true)),
        received("r1", "a", 20_000),
        received("r2", "b", 30_000),
        received("r3", "c", 70_000),
    ];
    store.write_mirror(|tx| apply(tx, &records)).unwrap();
    let found = store.read(|conn| {
        let key = indicator::product(conn, "p0")?.unwrap().0;
        StoredTallies::new(conn).accepted_of_product(key, day("2026-01-01"), day("2026-12-31"))
    });
    // 2 sets, and 3 boxes of four sets each.
    assert_eq!(found.unwrap(), 140_000);
}
