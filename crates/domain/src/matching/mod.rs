//! 对账: two ledgers are matched line by line, and whatever differs gets an owner and an action.
//!
//! Pure and deterministic: the same lines and decisions give the same result, whatever their order. A match never
//! rests on money alone, a quantity is never allocated twice, and where candidates are equally good they are
//! offered, not guessed.

mod around;
mod assign;
mod chain;
mod compare;
mod decisions;
mod differences;
mod explain;
mod fold;
mod join;
mod keyed;
mod learned;
mod ledger;
mod line;
mod loose_sums;
mod near;
mod numbering;
mod outcome;
mod packed;
mod plan;
mod pool;
mod run;
mod slips;
mod subsets;
mod sums;

pub use decisions::{Alias, AliasOf, Decisions, KnownFactor, Link, Tolerances};
pub use ledger::{CodeField, DamagedCell, Ledger, LedgerLine, LineKind};
pub use outcome::{
    Action, Detail, Difference, DifferenceKind, Field, Fields, Finding, Learned, LearnedAlias, LearnedFactor,
    Matching, Owner, Pair, Pass, Proposal, QUANTITY_KINDS, Reason, Rows, Slip, Stats,
};

use crate::Amount;
use line::Referred;
use near::Days;
use numbering::Texts;
use plan::Columns;
use pool::Union;
use run::Run;

/// 对账: matches `left` (the platform) with `right` (the hospital's ledger).
///
/// ```
/// use sunbench_domain::matching::{Decisions, Ledger, LedgerLine, reconcile};
/// let line = |row, order| LedgerLine {
///     row,
///     order,
///     order_line: "1",
///     code: "C0101010000000000001",
///     lot: "L26A",
///     quantity: "10".parse().ok(),
///     price: "3.50".parse().ok(),
///     ..LedgerLine::default()
/// };
/// let (mut left, mut right) = (Ledger::default(), Ledger::default());
/// left.push(&line(1, "DD001"));
/// right.push(&line(1, "ｄｄ００１"));
/// right.push(&LedgerLine { row: 2, lot: "L26B", order: "", order_line: "", ..line(2, "") });
/// let matching = reconcile(&left, &right, &Decisions::default());
/// assert_eq!(matching.pairs.len(), 1);
/// assert_eq!(matching.unmatched_right, [2]);
/// ```
#[must_use]
pub fn reconcile(left: &Ledger, right: &Ledger, decisions: &Decisions) -> Matching {
    let long = Union::new(&left.long, &right.long);
    let texts = Texts::new(left, right, &long);
    let numbers = texts.numbers();
    let referred = Referred::of(&texts, &numbers, [left, right], decisions);
    let mut run = Run::new(&texts, &Columns::new(&texts, &numbers, [left, right], &referred), decisions);
    run.pass_keys();
    run.settle();
    run.look_around();
    run.learn_suppliers();
    run.learn_days();
    run.pass_sums_of_keys();
    run.settle();
    run.pass_goods(Days::Usual);
    run.learn_days();
    run.settle();
    run.pass_goods(Days::Usual);
    run.pass_goods(Days::Any);
    run.pass_sums_of_goods();
    run.pass_near();
    run.propose_loose_sums();
    run.learn_factors();

    let (mut differences, clean_pairs) = run.differences();
    differences.extend(run.chains());
    differences.sort_by(|a, b| {
        let order = |d: &Difference| (std::cmp::Reverse(d.amount.units().unsigned_abs()), d.kind);
        order(a).cmp(&order(b)).then_with(|| (&*a.left, &*a.right).cmp(&(&*b.left, &*b.right)))
    });
    let [unmatched_left, unmatched_right] = run.unmatched();
    let pairs = run.take_pairs();
    let mut pairs_by_pass = [0; 6];
    let (mut left_paired, mut right_paired) = (0, 0);
    for pair in &pairs {
        pairs_by_pass[usize::from(pair.pass.number())] += 1;
        left_paired += pair.left.len() as u32;
        right_paired += pair.right.len() as u32;
    }
    run.proposals.sort_unstable_by(|a, b| (&*a.left, &*a.right).cmp(&(&*b.left, &*b.right)));
    let stats = Stats {
        left_rows: left.len() as u32,
        right_rows: right.len() as u32,
        pairs_by_pass,
        left_paired,
        right_paired,
        clean_pairs,
        left_amount: Amount::from_units(run.left.total),
        right_amount: Amount::from_units(run.right.total),
        usual_days: run.usual,
        void_links: run.void_links,
        damaged_left: by_row(left),
        damaged_right: by_row(right),
    };
    Matching {
        pairs,
        proposals: run.proposals,
        differences,
        unmatched_left,
        unmatched_right,
        learned: run.learned,
        stats,
    }
}

fn by_row(ledger: &Ledger) -> Vec<DamagedCell> {
    let mut cells = ledger.damaged().to_vec();
    cells.sort_unstable();
    cells
}
