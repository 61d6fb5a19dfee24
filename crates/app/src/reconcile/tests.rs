//! G12 at the level of a month: whatever is decided in whatever order, nothing is allocated twice, and what is taken back
//! leaves no trace. `SUNBENCH_SEED` and `TORTURE` (a factor) choose how.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sunbench_contract::time::Instant;
use sunbench_domain::matching::{LineKind, Tolerances};
use sunbench_domain::{Price, Quantity};
use sunbench_store::local::decision::{self, Decision};
use sunbench_store::local::ledger;
use sunbench_store::vault::PassphraseCost;
use sunbench_store::{KeySource, Passphrase, Store};
use sunbench_workdays::Calendar;

use super::Reconciled;
use super::decided::{Action, Group, Marked, remembered, standing};
use super::input::{Input, numbered};
use super::line::Line;
use super::model::{Computed, Model};
use super::period::Period;
use crate::context::Context;
use crate::indicators::Measurements;
use crate::ledger::Work;
use crate::wire::{ItemSort, ItemState, LedgerBatchReq, LedgerImportReq, PeriodReq};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn period() -> Period {
    Period::parse("2026-10").unwrap()
}

/// A line out of few orders, products, lots and quantities, so that much is alike.
fn line(random: &mut fastrand::Rng, id: String) -> Line {
    let day = |random: &mut fastrand::Rng| {
        NaiveDate::from_ymd_opt(2026, 9, 20).unwrap() + chrono::Duration::days(random.i64(0..50))
    };
    let number = random.u32(1..12);
    let product = random.u32(1..5);
    let date = day(random);
    let has_key = random.u32(0..4) > 0;
    Line {
        id,
        kind: if random.u32(0..12) == 0 { LineKind::Return } else { LineKind::Receipt },
        date: Some(date),
        is_own: period().holds(date),
        key: String::new(),
        order: if has_key { format!("DD2026{number:04}") } else { String::new() },
        order_line: if has_key { format!("DD2026{number:04}-{}", random.u32(1..4)) } else { String::new() },
        delivery: String::new(),
        delivery_line: String::new(),
        invoice: String::new(),
        code: format!("C01010100000000000{product:02}"),
        udi: String::new(),
        item: String::new(),
        name: format!("产品{product}"),
        spec: String::new(),
        manufacturer: String::new(),
        supplier: format!("公司{}", random.u32(1..3)),
        lot: format!("L{}", random.u32(1..4)),
        serial: String::new(),
        expiry: None,
        quantity: Quantity::from_units(i64::from(random.u32(1..6)) * 10_000),
        unit: "盒".to_owned(),
        price: Some(Price::from_units(i64::from(random.u32(1..3)) * 125_000)),
        amount: None,
        number: String::new(),
        ledger_key: 0,
    }
}

fn input_of(left: BTreeMap<u32, Line>, right: BTreeMap<u32, Line>, decisions: &[Decision]) -> Input {
    Input {
        period: period(),
        is_over: true,
        chain_from: left.len() as u32 + 1,
        left,
        right,
        chain: Vec::new(),
        settled_elsewhere: 0,
        decided: standing(decisions),
        memory: remembered(&[]),
        filings: BTreeMap::new(),
        tolerances: Tolerances::default(),
        known: (Vec::new(), Vec::new(), Vec::new()),
    }
}

struct Month {
    left: Vec<Line>,
    right: Vec<Line>,
}

impl Month {
    fn new(random: &mut fastrand::Rng) -> Self {
        let (l, r) = (random.usize(1..40), random.usize(1..40));
        let left: Vec<Line> = (0..l).map(|n| line(random, format!("R:{n}"))).collect();
        let mut right: Vec<Line> = (0..r).map(|n| line(random, format!("L:{n}"))).collect();
        // Half of the ledger is what the platform says.
        for at in 0..right.len() / 2 {
            right[at] = Line { id: right[at].id.clone(), ..left[random.usize(0..left.len())].clone() };
        }
        Self { left, right }
    }

    fn computed(&self, decisions: &[Decision]) -> Computed {
        let input = input_of(numbered(self.left.clone()), numbered(self.right.clone()), decisions);
        let digest = input.digest();
        Computed::new(input, digest)
    }
}

/// Any action that a person could take now.
fn action(random: &mut fastrand::Rng, month: &Month, computed: &Computed) -> Action {
    let some = |random: &mut fastrand::Rng, lines: &[Line]| -> Vec<String> {
        let mut ids: Vec<String> = lines.iter().map(|line| line.id.clone()).collect();
        random.shuffle(&mut ids);
        ids.truncate(random.usize(1..3));
        ids.sort();
        ids
    };
    let group = Group { platform: some(random, &month.left), ledger: some(random, &month.right) };
    match random.u32(0..4) {
        0 => Action::Link { groups: vec![group], topics: Vec::new() },
        1 => Action::Part { groups: vec![group] },
        2 if !computed.items.is_empty() => {
            let item = &computed.items[random.usize(0..computed.items.len())];
            Action::Mark {
                items: vec![Marked { item: item.key.clone(), topic: String::new() }],
                state: Some(ItemState::Accepted),
                owner: None,
                note: Some(format!("备注 {}", random.u32(0..100))),
            }
        }
        _ => {
            let joined = computed.items.iter().filter(|item| item.sort != ItemSort::Difference);
            let groups = joined.take(2).map(|item| {
                let (left, right) = computed.lines(item);
                let ids = |lines: &[&Line]| lines.iter().map(|line| line.id.clone()).collect();
                Group { platform: ids(&left), ledger: ids(&right) }
            });
            Action::Part { groups: groups.collect() }
        }
    }
}

/// Every own line is in exactly one of a pair, proposals, the unmatched.
fn every_line_once(computed: &Computed, seed: u64) {
    let found = &computed.model.found;
    for (side, paired, proposed, unmatched) in [
        (
            &computed.model.left,
            found.pairs.iter().flat_map(|pair| pair.left.to_vec()).collect::<Vec<u32>>(),
            found.proposals.iter().flat_map(|one| one.left.to_vec()).collect::<BTreeSet<u32>>(),
            &found.unmatched_left,
        ),
        (
            &computed.model.right,
            found.pairs.iter().flat_map(|pair| pair.right.to_vec()).collect(),
            found.proposals.iter().flat_map(|one| one.right.to_vec()).collect(),
            &found.unmatched_right,
        ),
    ] {
        let distinct: BTreeSet<u32> = paired.iter().copied().collect();
        assert_eq!(distinct.len(), paired.len(), "seed {seed}: a line is allocated twice");
        assert!(distinct.is_disjoint(&proposed), "seed {seed}: a paired line is proposed");
        let unmatched: BTreeSet<u32> = unmatched.iter().copied().collect();
        assert!(unmatched.is_disjoint(&distinct) && unmatched.is_disjoint(&proposed), "seed {seed}");
        let all: BTreeSet<u32> = distinct.iter().chain(&proposed).chain(&unmatched).copied().collect();
        let lost: Vec<_> = side.iter().filter(|(row, line)| line.is_own && !all.contains(row)).collect();
        assert!(lost.is_empty(), "seed {seed}: lost {lost:?}");
    }
}

#[test]
fn decisions_conserve_and_leave_no_trace_when_taken_back() {
    let (first, runs) = (setting("SUNBENCH_SEED", 2026), 60 * setting("TORTURE", 1));
    let (mut steps, mut undone) = (0, 0);
    for seed in first..first + runs {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut month = Month::new(&mut random);
        let mut decisions: Vec<Decision> = Vec::new();
        let mut digests = Vec::new();
        for seq in 1..=8 {
            let computed = month.computed(&decisions);
            every_line_once(&computed, seed);
            // Whatever the order in which lines and decisions come.
            random.shuffle(&mut month.left);
            random.shuffle(&mut month.right);
            let mut turned = decisions.clone();
            random.shuffle(&mut turned);
            let again = month.computed(&turned);
            assert_eq!(again.model.digest, computed.model.digest, "seed {seed}: the order matters");
            // What is signed is what was seen, and reads back the same.
            let signed = computed.model.for_signing();
            let body = serde_json::to_string(&signed).unwrap();
            let read: Model = serde_json::from_str(&body).unwrap();
            assert_eq!(read, signed, "seed {seed}");
            let kept = Computed::signed(String::new(), read, BTreeMap::new());
            let seen = |computed: &Computed| -> Vec<_> {
                computed.items.iter().map(|item| (item.key.clone(), item.state, item.note.clone())).collect()
            };
            assert_eq!(seen(&kept), seen(&computed), "seed {seed}: signed is what was seen");

            let action = action(&mut random, &month, &computed);
            digests.push(computed.model.digest);
            decisions.push(Decision {
                seq,
                period: "2026-10".to_owned(),
                body: serde_json::to_string(&action).unwrap(),
                decided_at: 0,
                decided_by: "li".to_owned(),
                undone_at: None,
                undone_by: None,
            });
            steps += 1;
        }
        while let Some(digest) = digests.pop() {
            let last = decisions.iter_mut().rfind(|decision| decision.undone_at.is_none()).unwrap();
            last.undone_at = Some(1);
            assert_eq!(month.computed(&decisions).model.digest, digest, "seed {seed}: a trace is left");
            undone += 1;
        }
    }
    println!(
        "promise G12: {runs} months with {steps} decisions, {undone} taken back to the same digest, any order, seed {first}"
    );
}

#[test]
fn imports_add_what_is_new_and_go_as_they_came() {
    let (first, runs) = (setting("SUNBENCH_SEED", 2026), 2 * setting("TORTURE", 1));
    let mut imports = 0;
    for seed in first..first + runs {
        let mut random = fastrand::Rng::with_seed(seed);
        let dir = tempfile::tempdir().unwrap();
        let key = KeySource::Passphrase(Passphrase::new("导入测试", PassphraseCost::Scripted));
        let now = Instant::parse("2026-11-20 09:30:00").unwrap();
        let (store, _) = Store::create(&dir.path().join("profile"), &key, now.at()).unwrap();
        let measurements = Measurements::default();
        let context =
            Context { store: &store, calendar: Calendar::built_in(), now, measurements: &measurements };
        // What the ledger must hold: of equal lines as many as the fullest file has.
        let mut files: BTreeMap<u32, BTreeMap<String, usize>> = BTreeMap::new();
        for _ in 0..12 {
            let rows: Vec<String> = (0..random.usize(1..30))
                .map(|_| {
                    format!(
                        "D{},产品{},2026-10-{:02},{},盒,3.5",
                        random.u32(1..4),
                        random.u32(1..3),
                        random.u32(1..4),
                        random.u32(1..3)
                    )
                })
                .collect();
            let mut counts = BTreeMap::new();
            for row in &rows {
                *counts.entry(row.clone()).or_insert(0) += 1;
            }
            let path = dir.path().join("ledger.csv");
            std::fs::write(
                &path,
                format!("订单编号,产品名称,入库日期,数量,单位,单价\n{}\n", rows.join("\n")),
            )
            .unwrap();
            let req = LedgerImportReq {
                path: path.display().to_string(),
                sha256: crate::ledger::file_digest(&path).unwrap(),
                profile: None,
                sheet: None,
                headings: Vec::new(),
                period: None,
                save_as: None,
            };
            let taken = context.ledger_import(&req, &Work::default()).unwrap();
            let again = context.ledger_import(&req, &Work::default()).unwrap();
            assert_eq!((again.batch, again.added), (None, 0), "seed {seed}: the same file once more");
            if let Some(batch) = taken.batch {
                files.insert(batch, counts);
            }
            imports += 1;
            if random.u32(0..3) == 0
                && let Some(batch) = files.keys().nth(random.usize(0..files.len().max(1))).copied()
            {
                context.ledger_undo(batch).unwrap();
                files.remove(&batch);
            }
            let mut expected: BTreeMap<&String, usize> = BTreeMap::new();
            for (row, count) in files.values().flatten() {
                let most = expected.entry(row).or_default();
                *most = (*most).max(*count);
            }
            let held = store.read(|conn| ledger::lines(conn, 0, 999_999)).unwrap();
            assert_eq!(held.len(), expected.values().sum::<usize>(), "seed {seed}");
            for line in held {
                let row = format!(
                    "{},{},{},{},盒,3.5",
                    line.order,
                    line.name,
                    line.dated_on.unwrap(),
                    line.quantity.units() / 10_000
                );
                assert!(expected.contains_key(&row), "seed {seed}: {row}");
            }
        }
        assert!(context.ledger_batch(&LedgerBatchReq { batch: 1 }).is_ok());
        let nothing =
            context.reconcile_undo(&Reconciled::default(), &PeriodReq { period: "2026-10".to_owned() });
        assert!(nothing.is_err(), "nothing was decided");
        assert!(store.read(|conn| decision::last(conn, "2026-10")).unwrap().is_none());
    }
    println!("promise G9: {imports} imports and as many repeats, seed {first}");
}

#[test]
fn an_earlier_month_is_remembered_and_never_applied_by_itself() {
    let mut random = fastrand::Rng::with_seed(1);
    let plain = |id: &str, name: &str, random: &mut fastrand::Rng| Line {
        id: id.to_owned(),
        code: String::new(),
        name: name.to_owned(),
        order: String::new(),
        order_line: String::new(),
        date: NaiveDate::from_ymd_opt(2026, 10, 9),
        is_own: true,
        kind: LineKind::Receipt,
        quantity: "7".parse().unwrap(),
        lot: String::new(),
        ..line(random, String::new())
    };
    let month = Month {
        left: vec![plain("R:1", "球囊扩张导管", &mut random)],
        right: vec![plain("L:1", "PTCA 气囊", &mut random)],
    };
    let link = Action::Link {
        groups: vec![Group { platform: vec!["R:0".to_owned()], ledger: vec!["L:0".to_owned()] }],
        topics: vec![super::model::link_topic(&month.left[0], &month.right[0])],
    };
    let before = month.computed(&[]);
    let kinds: Vec<_> = before.model.found.differences.iter().map(|one| one.kind).collect();
    assert_eq!((before.model.found.proposals.len(), kinds.len()), (0, 2), "{kinds:?}");
    let mark = Action::Mark {
        items: vec![super::act::marked(&before, &before.items[0])],
        state: Some(ItemState::Accepted),
        owner: None,
        note: Some("每月如此".to_owned()),
    };
    let decided = |action: &Action| Decision {
        seq: 1,
        period: "2026-09".to_owned(),
        body: serde_json::to_string(action).unwrap(),
        decided_at: 0,
        decided_by: "li".to_owned(),
        undone_at: None,
        undone_by: None,
    };
    let with = |decisions: &[Decision]| {
        let (left, right) = (numbered(month.left.clone()), numbered(month.right.clone()));
        let mut input = input_of(left, right, &[]);
        input.memory = remembered(decisions);
        let digest = input.digest();
        Computed::new(input, digest)
    };
    let proposed = with(&[decided(&link)]);
    assert_eq!(proposed.model.found.proposals.len(), 1, "the pair of last month is proposed");
    assert!(proposed.model.found.pairs.is_empty() && proposed.model.found.differences.is_empty());
    assert_eq!(proposed.items[0].remembered.as_ref().unwrap().period, "2026-09");
    let marked = with(&[decided(&mark)]);
    let item = marked.item(&before.items[0].key).unwrap();
    assert_eq!((item.state, item.remembered.as_ref().unwrap().note.as_str()), (ItemState::Open, "每月如此"));
}
