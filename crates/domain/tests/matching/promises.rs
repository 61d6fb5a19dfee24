//! G12: matching conserves, whatever the order of the lines, and decides nothing that nobody could tell.

use std::collections::HashSet;

use sunbench_domain::matching::{
    Decisions, DifferenceKind as Kind, Ledger, Link, Matching, Pass, QUANTITY_KINDS, reconcile,
};

use crate::generator::{Case, Row, Truth, case, line};
use crate::random::Random;
use crate::setting;
use crate::style::{HARD_STYLES, STYLES, Style};

/// The rows in a given order, each under its own number.
fn in_order(rows: &[Row], order: &[usize]) -> Ledger {
    let mut ledger = Ledger::with_capacity(rows.len());
    order.iter().for_each(|at| ledger.push(&line(*at as u32 + 1, &rows[*at])));
    ledger
}

fn as_they_are(case: &Case, decisions: &Decisions) -> Matching {
    let order = |rows: &[Row]| (0..rows.len()).collect::<Vec<_>>();
    let left = in_order(&case.left, &order(&case.left));
    reconcile(&left, &in_order(&case.right, &order(&case.right)), decisions)
}

fn every_row_once(case: &Case, found: &Matching) {
    let sides: [(usize, fn(&Matching) -> (Vec<u32>, Vec<u32>, Vec<u32>)); 2] = [
        (case.left.len(), |m| {
            let paired = m.pairs.iter().flat_map(|pair| pair.left.to_vec()).collect();
            (paired, m.proposals.iter().flat_map(|p| p.left.to_vec()).collect(), m.unmatched_left.clone())
        }),
        (case.right.len(), |m| {
            let paired = m.pairs.iter().flat_map(|pair| pair.right.to_vec()).collect();
            (paired, m.proposals.iter().flat_map(|p| p.right.to_vec()).collect(), m.unmatched_right.clone())
        }),
    ];
    for (rows, of) in sides {
        let (paired, proposed, unmatched) = of(found);
        let distinct: HashSet<u32> = paired.iter().copied().collect();
        assert_eq!(distinct.len(), paired.len(), "a row is allocated twice");
        let proposed: HashSet<u32> = proposed.into_iter().collect();
        assert!(distinct.is_disjoint(&proposed), "a paired row is proposed");
        let mut all: Vec<u32> = paired.into_iter().chain(proposed).chain(unmatched).collect();
        all.sort_unstable();
        assert_eq!(all, (1..=rows as u32).collect::<Vec<_>>(), "a row is lost, or stands in two places");
    }
}

/// A pair of the same unit without a difference in quantity holds as much on the left as on the right.
fn quantities_are_conserved(case: &Case, found: &Matching) {
    let reported: HashSet<(Vec<u32>, Vec<u32>)> = found
        .differences
        .iter()
        .filter(|difference| QUANTITY_KINDS.contains(&difference.kind))
        .map(|difference| (difference.left.to_vec(), difference.right.to_vec()))
        .collect();
    for pair in found.pairs.iter().filter(|pair| pair.pass != Pass::Hand) {
        let total = |rows: &[u32], side: &[Row]| -> i64 {
            rows.iter().map(|row| side[*row as usize - 1].quantity).sum()
        };
        let (left, right) = (total(&pair.left, &case.left), total(&pair.right, &case.right));
        assert!(
            left == right || reported.contains(&(pair.left.to_vec(), pair.right.to_vec())),
            "{pair:?}: {left}, {right}"
        );
    }
}

fn twins_stay_apart(case: &Case, found: &Matching) {
    for pair in &found.pairs {
        let is_twin =
            |rows: &[u32], twins: &[usize]| rows.iter().any(|row| twins.contains(&(*row as usize - 1)));
        assert!(
            !is_twin(&pair.left, &case.truth.twins.0) && !is_twin(&pair.right, &case.truth.twins.1),
            "{pair:?}"
        );
    }
}

/// What was found by what the rows say, whatever their numbers.
fn by_content(left: &[Row], right: &[Row], found: &Matching) -> Vec<String> {
    let of = |side: &[Row], rows: &[u32]| {
        let mut rows: Vec<String> = rows.iter().map(|row| format!("{:?}", side[*row as usize - 1])).collect();
        rows.sort_unstable();
        rows.join(" + ")
    };
    let pairs =
        found.pairs.iter().map(|p| format!("{:?}: {} = {}", p.pass, of(left, &p.left), of(right, &p.right)));
    let asked = found.proposals.iter().map(|p| format!("? {} = {}", of(left, &p.left), of(right, &p.right)));
    let differences = found
        .differences
        .iter()
        .map(|d| format!("{} {}: {} / {}", d.kind.name(), d.amount, of(left, &d.left), of(right, &d.right)));
    let mut all: Vec<String> = pairs.chain(asked).chain(differences).collect();
    all.sort_unstable();
    all
}

/// The same rows in another order, numbered as they come: the same of them is found.
fn numbers_do_not_matter(case: &Case, before: &Matching, random: &mut Random) {
    let mut shuffled = |rows: &[Row]| {
        let mut rows = rows.to_vec();
        random.shuffle(&mut rows);
        rows
    };
    let other = Case { left: shuffled(&case.left), right: shuffled(&case.right), truth: Truth::default() };
    let found = as_they_are(&other, &Decisions::default());
    let (before, after) =
        (by_content(&case.left, &case.right, before), by_content(&other.left, &other.right, &found));
    for (one, another) in before.iter().zip(&after) {
        assert_eq!(one, another, "what is found depends on the numbers of the rows");
    }
    assert_eq!(before.len(), after.len());
}

/// Some pairs refused and some free rows linked: both are obeyed, and without them all is as before.
fn decisions_are_obeyed(case: &Case, before: &Matching, random: &mut Random) {
    let mut decisions = Decisions::default();
    for pair in before.pairs.iter().filter(|_| random.chance(50)) {
        let all = pair.left.iter().flat_map(|l| pair.right.iter().map(move |r| (*l, *r)));
        decisions.refusals.extend(all);
    }
    for (l, r) in before.unmatched_left.iter().zip(&before.unmatched_right) {
        decisions.links.push(Link { left: vec![*l], right: vec![*r] });
    }
    let after = as_they_are(case, &decisions);
    every_row_once(case, &after);
    assert_eq!(after.stats.pairs_by_pass[0] as usize, decisions.links.len());
    let refused: HashSet<(u32, u32)> = decisions.refusals.iter().copied().collect();
    for (left, right) in after.pairs.iter().map(|p| (&p.left, &p.right)) {
        assert!(
            !left.iter().any(|l| right.iter().any(|r| refused.contains(&(*l, *r)))),
            "{left:?} {right:?}"
        );
    }
    assert_eq!(as_they_are(case, &Decisions::default()), *before, "undone is as before");
}

#[test]
fn matching_conserves() {
    let (seed, factor) = (setting("SUNBENCH_SEED", 2026), setting("TORTURE", 1));
    let mut random = Random::new(seed);
    let (mut ledgers, mut rows) = (0, 0);
    for round in 0..6 * factor {
        for style in STYLES.iter().chain(&HARD_STYLES) {
            let small = Style { lines: 250, products: style.products / 6 + 4, ..style.clone() };
            let number = random.next();
            let case = case(number, &small);
            let name = format!("{}, case {number}, round {round}, seed {seed}", style.name);
            let checked = std::panic::catch_unwind(|| {
                let found = as_they_are(&case, &Decisions::default());
                every_row_once(&case, &found);
                quantities_are_conserved(&case, &found);
                twins_stay_apart(&case, &found);
                let mut random = Random::new(number);
                let mut shuffled = |rows: &[Row]| {
                    let mut order: Vec<usize> = (0..rows.len()).collect();
                    random.shuffle(&mut order);
                    in_order(rows, &order)
                };
                let (left, right) = (shuffled(&case.left), shuffled(&case.right));
                let other = reconcile(&left, &right, &Decisions::default());
                assert_eq!(other.pairs, found.pairs, "pairs depend on the order of the lines");
                assert_eq!(other.proposals, found.proposals, "proposals depend on the order of the lines");
                assert_eq!(other.differences, found.differences, "differences depend on the order");
                assert_eq!(other, found, "the order of the lines");
                numbers_do_not_matter(&case, &found, &mut random);
                decisions_are_obeyed(&case, &found, &mut random);
            });
            assert!(checked.is_ok(), "{name}");
            ledgers += 1;
            rows += case.left.len() + case.right.len();
        }
    }
    assert!(QUANTITY_KINDS.contains(&Kind::UnitDiffers));
    println!(
        "promise G12: {ledgers} pairs of ledgers in {} styles, {rows} rows: no row allocated twice or lost, the same result \
         in any order and after undoing, refusals and links obeyed, twins never paired, seed {seed}",
        STYLES.len() + HARD_STYLES.len()
    );
}
