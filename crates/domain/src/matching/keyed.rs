//! Pass 1: by the keys of the documents.

use rustc_hash::FxHashSet;

use super::compare::Match;
use super::join::{Keyed, map_groups};
use super::ledger::{CodeField, column};
use super::line::Line;
use super::outcome::{Field, Finding, Pass};
use super::pool::{NONE, TextId};
use super::run::{At, KEY_KINDS, KeyPlan, Run, Side};

/// Lines of one key, left times right, past which it is no key.
const MOST_IN_GROUP: usize = 4096;

/// The key of a line by kind, or nought where it has none.
pub(super) fn key_of(line: &Line<'_>, kind: Field, plan: KeyPlan) -> u64 {
    let within = |document: TextId, line: TextId, alone: bool| {
        if alone {
            u64::from(line)
        } else if document == NONE || line == NONE {
            0
        } else {
            (u64::from(document) << 32) | u64::from(line)
        }
    };
    match kind {
        Field::Key => u64::from(line.details.key),
        Field::OrderLine => within(line.order, line.order_line, plan.order_line_alone),
        Field::DeliveryLine => {
            within(line.details.delivery, line.details.delivery_line, plan.delivery_line_alone)
        }
        // Not a key by itself: the order's lines of one product.
        Field::Order if line.order != NONE && line.product.code != NONE => {
            (u64::from(line.order) << 32) | u64::from(line.product.code)
        }
        _ => 0,
    }
}

/// Open lines, of those that are `wanted`, with their key of a kind.
fn keyed(side: &Side<'_>, kind: Field, plan: KeyPlan, wanted: impl Fn(&Line<'_>) -> bool) -> Vec<Keyed> {
    side.open()
        .filter_map(|at| {
            let line = &side.lines[at as usize];
            match key_of(line, kind, plan) {
                0 => None,
                key => wanted(line).then_some((key, at)),
            }
        })
        .collect()
}

impl Run<'_> {
    /// Open lines of both sides with their key of a kind, where it is a key in these data.
    pub(super) fn open_keyed(&self, number: usize) -> (Vec<Keyed>, Vec<Keyed>) {
        if !self.keys.comparable[number] {
            return (Vec::new(), Vec::new());
        }
        let of = |side| keyed(side, KEY_KINDS[number], self.keys, |_| true);
        rayon::join(|| of(&self.left), || of(&self.right))
    }

    /// Open right lines with their key of a kind, but for numbers that the left has nowhere: what is left is mostly in
    /// the order of the left lines, and so is sorted in no time.
    fn right_keyed(&self, kind: Field) -> Vec<Keyed> {
        let (field, number): (CodeField, fn(&Line<'_>) -> TextId) = match kind {
            Field::Key => (CodeField::Key, |line| line.details.key),
            Field::OrderLine => (CodeField::OrderLine, |line| line.order_line),
            Field::DeliveryLine => (CodeField::DeliveryLine, |line| line.details.delivery_line),
            _ => (CodeField::Order, |line| line.order),
        };
        let texts = &self.texts.columns[column(field)];
        keyed(&self.right, kind, self.keys, |line| texts.is_of_left(number(line)))
    }

    /// Pairs what the keys say, where code and lot (or supplier and item) agree and the quantity does.
    pub(super) fn pass_keys(&mut self) {
        for (number, kind) in KEY_KINDS.into_iter().enumerate() {
            if !self.keys.stated[number] {
                continue;
            }
            let plan = self.keys;
            let (mut left, mut right) =
                rayon::join(|| keyed(&self.left, kind, plan, |_| true), || self.right_keyed(kind));
            let found = map_groups(&mut left, &mut right, |ls, rs, found| {
                let finding = || Finding::SameKey { key: kind };
                self.key_group(ls, rs, kind, &mut |l, r| {
                    found.push(self.pair_of(l, r, Pass::Key, finding()));
                });
            });
            for pairs in found {
                self.add(pairs);
            }
            self.settle();
        }
    }

    fn key_group(&self, ls: &[Keyed], rs: &[Keyed], kind: Field, found: &mut dyn FnMut(At, At)) {
        if let ([(_, l)], [(_, r)]) = (ls, rs) {
            if self.exact(*l, *r, kind) {
                found(*l, *r);
            }
            return;
        }
        if ls.len() * rs.len() > MOST_IN_GROUP {
            return;
        }
        // Where one line of a side fits several of the other that are no better than each other, they are the same
        // entry made twice, or rows that only their sum can tell.
        let mut fits: Vec<(At, Vec<At>)> = Vec::new();
        for (_, l) in ls {
            fits.push((*l, rs.iter().map(|(_, r)| *r).filter(|r| self.exact(*l, *r, kind)).collect()));
        }
        let takers =
            |r: At| fits.iter().filter(|(_, rs)| rs.contains(&r)).map(|(l, _)| *l).collect::<Vec<_>>();
        let mut chosen = Vec::new();
        for (l, candidates) in &fits {
            let rivals: FxHashSet<At> = candidates.iter().flat_map(|r| takers(*r)).collect();
            match (rivals.len(), candidates.len()) {
                (_, 0) => {}
                (1, _) => {
                    chosen.extend(self.first_entry(&[*l], candidates));
                }
                // Several equal left lines for one right line: the platform's own duplicate. Two lines of one order
                // may well be equal.
                (_, 1)
                    if kind != Field::Order
                        && candidates.iter().all(|r| takers(*r).len() == rivals.len()) =>
                {
                    let mut lefts: Vec<At> = rivals.into_iter().collect();
                    lefts.sort_unstable();
                    if lefts[0] == *l {
                        chosen.extend(self.first_entry(&lefts, candidates));
                    }
                }
                _ => {}
            }
        }
        for (l, r) in chosen {
            found(l, r);
        }
    }

    /// Of equal candidates the best, then the earliest, then the first.
    fn first_entry(&self, ls: &[At], rs: &[At]) -> Option<(At, At)> {
        let all = ls.iter().flat_map(|l| rs.iter().map(move |r| (*l, *r)));
        all.min_by_key(|(l, r)| {
            let (left, right) = (self.l(*l), self.r(*r));
            (-self.compare(left, right).score, left.date, right.date, self.left.row(*l), self.right.row(*r))
        })
    }

    /// Whether a key that both have decides, and the quantity agrees.
    fn exact(&self, l: At, r: At, kind: Field) -> bool {
        let (left, right) = (self.l(l), self.r(r));
        self.allowed(l, r)
            && self.decides(left, right)
            && self.quantity(left, right).agrees()
            && (kind != Field::Order || !self.key(left, right).clashes())
    }

    /// Whether a key that both lines have is confirmed by code and lot, or by supplier and item.
    pub(super) fn decides(&self, l: &Line<'_>, r: &Line<'_>) -> bool {
        let lot = self.lot(l, r);
        let supplier = Match::exact(l.supplier, r.supplier);
        let words = self.words(l, r);
        match self.code(l, r) {
            Match::Agree => match lot {
                Match::Agree => true,
                Match::Absent => supplier != Match::Differ,
                _ => false,
            },
            Match::Absent if matches!(lot, Match::Agree | Match::Absent) => {
                words == Match::Agree && (lot == Match::Agree || supplier != Match::Differ)
                    || words == Match::Absent && supplier == Match::Agree
            }
            Match::Absent => false,
            // A slip in the code, with everything else as it should be.
            _ => {
                words == Match::Agree
                    && supplier == Match::Agree
                    && matches!(lot, Match::Agree | Match::Absent)
                    && Match::exact_number(l.price, r.price) != Match::Differ
            }
        }
    }
}
