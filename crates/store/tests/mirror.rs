//! The mirror against a plain model: any order, any repetition, the same content.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::mirror::{
    Applied, DeleteRow, DeliveryLineRow, DeliveryRow, Head, OrderId, OrderLineRow, OrderRow, OrgId, OrgRow,
    ProductId, ProductRow, Record, apply, digest, line, search, sync_state, tally,
};
use sunbench_store::{Store, StoreError};

fn head(id: &str, ver: i64) -> Head {
    let mut hash = [0; 16];
    hash[..8].copy_from_slice(&ver.to_be_bytes());
    hash[8..].iter_mut().zip(id.bytes()).for_each(|(h, b)| *h = b);
    Head { id: id.into(), ver, hash, extra: None }
}

fn org(id: &str, name: &str, ver: i64) -> Record {
    Record::Org(OrgRow {
        head: head(id, ver),
        kind: "distributor".into(),
        name: name.into(),
        uscc: None,
        contact: None,
        phone: None,
    })
}

fn product(id: &str, name: &str, code: &str) -> Record {
    Record::Product(ProductRow {
        head: head(id, 1),
        name: name.into(),
        spec: "3.0×18mm".into(),
        model: "RX".into(),
        mcs_code: Some(code.into()),
        udi_di: None,
        unit: "支".into(),
        category: "血管介入".into(),
        maker_key: OrgId("maker".into()),
        reg_no: "国械注准20213130001".into(),
        reg_expires_on: None,
        purchase_type: "带量".into(),
        selected: true,
        price: Price::from_units(7_980_000),
        raw_state: "1".into(),
        price_cap: None,
        assembled_from: "[]".into(),
    })
}

fn order(id: &str, at: i64) -> Record {
    Record::Order(OrderRow {
        head: head(id, 1),
        code: format!("PO{id}"),
        kind: "普通".into(),
        dept: "心内科".into(),
        operator: "王敏".into(),
        submit_at: at,
        line_count: 1,
        amount: Amount::ZERO,
        remarks: String::new(),
    })
}

fn order_line(id: &str, ver: i64, at: i64, product: &str, supplier: &str, state: &'static str) -> Record {
    Record::OrderLine(OrderLineRow {
        head: head(id, ver),
        order_key: OrderId(format!("o{id}")),
        line_no: 1,
        product_key: ProductId(product.into()),
        maker_key: OrgId("maker".into()),
        supplier_key: OrgId(supplier.into()),
        unit: "支".into(),
        quantity: Quantity::from_units(20_000),
        price: Price::from_units(7_980_000),
        amount: Amount::from_units(15_960_000 + ver),
        kind: "带量".into(),
        raw_state: "2".into(),
        state_text: "待配送".into(),
        state,
        late: false,
        submit_at: at,
        response_at: None,
        delivery_due_at: Some(at + 86_400),
        delivered: Quantity::ZERO,
        received: Quantity::ZERO,
        returned: Quantity::ZERO,
        urgent: false,
        agreement_id: None,
        own_key: None,
    })
}

fn delivery(id: &str, ver: i64, lines: usize) -> Record {
    Record::Delivery(
        DeliveryRow {
            head: head(id, ver),
            code: format!("D{id}"),
            order_id: None,
            supplier_key: OrgId("s1".into()),
            raw_state: "1".into(),
            state_text: "已确认未验收".into(),
            state: "CONFIRMED",
            shipped_at: 1_700_000_000,
            arrived_at: None,
            carrier: "顺达".into(),
            express_no: "SD1".into(),
        },
        (0..lines)
            .map(|n| DeliveryLineRow {
                id: format!("{id}-{n}"),
                order_line_id: Some("1".into()),
                product: ProductId("p1".into()),
                quantity: Quantity::from_units(10_000),
                lot: "L1".into(),
                made_on: None,
                expires_on: None,
                udi: String::new(),
            })
            .collect(),
    )
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_for_tests(dir.path());
    (dir, store)
}

fn put(store: &Store, records: &[Record]) -> Applied {
    store.write_mirror(|tx| apply(tx, records)).unwrap()
}

fn base() -> Vec<Record> {
    vec![
        org("maker", "临江康泽医疗器械有限公司", 1),
        org("s1", "云岭同济医药配送有限公司", 1),
        org("s2", "江北器械供应有限公司", 1),
        product("p1", "冠状动脉药物洗脱支架系统", "C0102030010000100001"),
        product("p2", "球囊扩张导管", "C0102030020000100001"),
    ]
}

#[test]
fn every_word_finds_its_lines() {
    let (_dir, store) = store();
    let mut records = base();
    for n in 0..20 {
        let (p, s) = if n % 4 == 0 { ("p1", "s1") } else { ("p2", if n % 2 == 0 { "s1" } else { "s2" }) };
        let id = format!("{n:02}");
        records.push(order(&format!("o{id}"), 1_700_000_000 + n));
        records.push(order_line(
            &id,
            1,
            1_700_000_000 + n,
            p,
            s,
            if n < 10 { "RECEIVED" } else { "ACCEPTED" },
        ));
    }
    put(&store, &records);
    for (text, states, expected) in [
        ("", vec![], 20),
        ("", vec!["ACCEPTED"], 10),
        ("支架", vec![], 5),
        ("支", vec![], 5),
        ("架系", vec![], 5),
        ("支系", vec![], 0),
        ("zjx", vec![], 5),
        ("zhijia", vec![], 5),
        ("qnkz", vec![], 15),
        ("球囊 江北", vec![], 10),
        ("球囊 同济", vec![], 5),
        ("支架 同济", vec!["ACCEPTED"], 2),
        ("康泽", vec![], 20),
        ("c01020300100", vec![], 5),
        ("Ｃ０１０２０３００１", vec![], 5),
        ("3.0×18", vec![], 20),
        ("POo07", vec![], 1),
        ("不存在", vec![], 0),
        ("\" OR 1", vec![], 0),
        ("*", vec![], 20),
    ] {
        let filter = line::Filter {
            text: text.into(),
            states: states.iter().map(|s| (*s).to_owned()).collect(),
            ..line::Filter::default()
        };
        let all = store.read(|conn| filter.places(conn, None, 1000)).unwrap();
        assert_eq!(all.len(), expected, "{text:?} {states:?}");
        assert!(all.windows(2).all(|w| w[0] > w[1]), "newest first, each once");
        // Page by page gives the same list.
        let mut paged = Vec::new();
        loop {
            let page = store.read(|conn| filter.places(conn, paged.last().copied(), 3)).unwrap();
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        assert_eq!(paged, all, "{text:?}");
        if let Some((n, _)) = store.read(|conn| filter.count(conn)).unwrap() {
            assert_eq!(n as usize, expected);
        }
    }
    let lines = store.read(|conn| line::at(conn, [1])).unwrap();
    assert_eq!(lines[0].supplier, "云岭同济医药配送有限公司");
}

#[test]
fn a_document_that_refers_ahead_is_joined_later() {
    let (_dir, store) = store();
    put(&store, &[order_line("1", 1, 1_700_000_000, "p1", "s1", "ACCEPTED")]);
    let line = store.read(|conn| line::get(conn, "1")).unwrap().unwrap();
    assert_eq!((line.product.as_str(), line.supplier.as_str()), ("", ""));
    assert!(!store.read(tally::counts).unwrap().contains_key("product"), "a stub is no record");
    put(&store, &base());
    let line = store.read(|conn| line::get(conn, "1")).unwrap().unwrap();
    assert_eq!(line.product, "冠状动脉药物洗脱支架系统");
    assert_eq!(store.read(tally::counts).unwrap()["product"], 2);
    assert_eq!(store.read(|conn| search::hits(conn, "支架", 9)).unwrap().len(), 1);
}

#[test]
fn a_shorter_later_version_leaves_no_child_behind() {
    let (_dir, store) = store();
    put(&store, &[delivery("d", 1, 3)]);
    put(&store, &[delivery("d", 2, 1)]);
    assert_eq!(put(&store, &[delivery("d", 1, 3)]), Applied { applied: 0, unchanged: 1 });
    assert_eq!(store.read(|conn| line::life(conn, "1")).unwrap().len(), 1);
}

#[test]
fn every_change_of_the_mirror_is_told() {
    let (_dir, store) = store();
    let changes = || store.read(sync_state::changes).unwrap();
    let begun = changes();
    put(&store, &[delivery("d", 1, 3)]);
    let changed = changes();
    assert!(changed > begun);
    put(&store, &[delivery("d", 1, 3)]);
    assert_eq!(changes(), changed, "known already");
    store.write_mirror(sync_state::clear_mirror).unwrap();
    let cleared = changes();
    assert!(cleared > changed);
    put(&store, &[delivery("d", 1, 3)]);
    assert!(changes() > cleared);
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let (_dir, store) = store();
    let failed: Result<(), StoreError> = store.write_mirror(|tx| {
        apply(tx, &base())?;
        Err(StoreError::DiskFull)
    });
    assert!(matches!(failed, Err(StoreError::DiskFull)));
    assert!(store.read(digest::content).unwrap().is_empty());
    assert!(store.read(|conn| search::hits(conn, "支架", 9)).unwrap().is_empty());
}

/// A change of the random feed.
#[derive(Debug, Clone)]
enum Step {
    Line { id: u8, ver: i64, day: i64, product: u8, supplier: u8, state: u8 },
    Delete { id: u8, ver: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..6, 1_i64..6, 0_i64..3, 0_u8..2, 0_u8..2, 0_u8..3)
            .prop_map(|(id, ver, day, product, supplier, state)| Step::Line { id, ver, day, product, supplier, state }),
        1 => (0_u8..6, 1_i64..6).prop_map(|(id, ver)| Step::Delete { id, ver }),
    ]
}

fn record(step: &Step) -> Record {
    match step {
        Step::Line { id, ver, day, product, supplier, state } => order_line(
            &id.to_string(),
            *ver,
            1_700_000_000 + day * 86_400,
            ["p1", "p2"][*product as usize],
            ["s1", "s2"][*supplier as usize],
            ["ACCEPTED", "RECEIVED", ""][*state as usize],
        ),
        Step::Delete { id, ver } => {
            Record::Delete(DeleteRow { resource: "orderLine".into(), id: id.to_string(), ver: *ver })
        }
    }
}

/// One version has one content, whatever the schedule: the first step of a (id, ver) decides.
fn consistent(steps: Vec<Step>) -> Vec<Step> {
    let mut seen = HashSet::new();
    steps
        .into_iter()
        .filter(|step| match step {
            Step::Line { id, ver, .. } | Step::Delete { id, ver } => seen.insert((*id, *ver)),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// G3: applied in any order, in any pieces, any number of times, the mirror is what the latest versions say,
    /// and the tallies are a recount.
    #[test]
    fn any_schedule_ends_in_the_same_mirror(
        steps in proptest::collection::vec(step(), 1..40).prop_map(consistent),
        shuffle in any::<proptest::sample::Index>(),
        cut in 1_usize..7,
    ) {
        let mut model: BTreeMap<u8, (i64, bool)> = BTreeMap::new();
        for step in &steps {
            let (id, ver, alive) = match step {
                Step::Line { id, ver, .. } => (*id, *ver, true),
                Step::Delete { id, ver } => (*id, *ver, false),
            };
            let entry = model.entry(id).or_insert((ver, alive));
            if ver > entry.0 {
                *entry = (ver, alive);
            }
        }
        let alive = model.values().filter(|(_, alive)| *alive).count() as u64;

        let records: Vec<Record> = steps.iter().map(record).collect();
        let mut turned = records.clone();
        turned.rotate_left(shuffle.index(records.len()));
        let twice: Vec<Record> = records.iter().rev().chain(&records).cloned().collect();

        let mut contents = Vec::new();
        for schedule in [&records, &turned, &twice] {
            let (_dir, store) = store();
            for piece in schedule.chunks(cut) {
                let applied = put(&store, piece);
                prop_assert_eq!(applied.applied + applied.unchanged, piece.len() as u64);
            }
            let counted = store.read(tally::counts).unwrap().get("orderLine").copied().unwrap_or(0);
            prop_assert_eq!(counted, alive);
            let (tallied, recount): ((u64, i64), (u64, i64)) = store.read(|conn| {
                let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                Ok((
                    conn.query_row("SELECT total(n), total(amount) FROM tally_line", [], |r| {
                        Ok((r.get::<_, f64>(0)? as u64, r.get::<_, f64>(1)? as i64))
                    })?,
                    conn.query_row("SELECT count(*), coalesce(sum(amount), 0) FROM order_line", [], row)?,
                ))
            }).unwrap();
            prop_assert_eq!(tallied, recount);
            let by_product: u64 = store.read(|conn| Ok(conn.query_row("SELECT coalesce(sum(n), 0) FROM tally_product", [], |r| r.get(0))?)).unwrap();
            prop_assert_eq!(by_product, alive);
            contents.push(store.read(digest::content).unwrap());
        }
        prop_assert_eq!(&contents[0], &contents[1]);
        prop_assert_eq!(&contents[0], &contents[2]);
    }
}
