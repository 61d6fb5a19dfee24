//! What stands around the open lines: lines of their orders and lots, whether paired or not.

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::Match;
use super::join::{PART, Sieve, mix};
use super::ledger::NO_DAY;
use super::line::Line;
use super::pool::NONE;
use super::run::{At, KEY_KINDS, Run, class};

/// What was found of the open lines' orders and lots among all left lines.
#[derive(Default)]
pub(super) struct Around {
    /// Open right lines whose own order has their product on the left.
    at_home: FxHashSet<At>,
    /// Of these, where the order is all that the ledgers have for a key: those whose lot is there too.
    lot_at_home: FxHashSet<At>,
    /// By product and lot of open left lines: the dates of all left lines of that product and lot.
    dates: FxHashMap<u64, Vec<i32>>,
}

/// Product and lot, of what kind of document.
pub(super) fn lot_of(line: &Line<'_>) -> u64 {
    mix(&[class(line.kind) as u64, line.product.code.into(), line.lot.into()])
}

/// Order and product; nought where one is not stated.
fn order_of(line: &Line<'_>) -> u64 {
    let product = line.product;
    match (line.order, product.code, product.name) {
        (NONE, _, _) | (_, NONE, NONE) => 0,
        (order, NONE, name) => mix(&[order.into(), name.into(), product.spec.into()]),
        (order, code, _) => mix(&[order.into(), code.into()]),
    }
}

/// The numbers that are looked for, and a quick way to tell most others.
fn wanted(numbers: impl Iterator<Item = u64>) -> (FxHashSet<u64>, Sieve) {
    let numbers: FxHashSet<u64> = numbers.filter(|number| *number != 0).collect();
    let sieve = Sieve::of(numbers.len(), numbers.iter().copied());
    (numbers, sieve)
}

impl Run<'_> {
    /// Looks through all left lines for what the open lines need to know of them.
    pub(super) fn look_around(&mut self) {
        let is_key = self.keys.comparable[KEY_KINDS.len() - 1];
        let orders: Vec<(u64, At)> = self.right.open().map(|at| (order_of(self.r(at)), at)).collect();
        let lots = self.left.open().map(|at| self.l(at)).filter(|line| line.lot != NONE).map(lot_of);
        let (of_order, order_sieve) = wanted(orders.iter().map(|(order, _)| *order));
        let (of_lot, lot_sieve) = wanted(lots);
        let of_part = |lines: &[Line<'_>]| {
            let (mut orders, mut lots) = (Vec::new(), Vec::new());
            for line in lines {
                let (order, lot) = (order_of(line), lot_of(line));
                if order_sieve.may_hold(order) && of_order.contains(&order) {
                    orders.push((order, line.lot));
                }
                if lot_sieve.may_hold(lot) && of_lot.contains(&lot) {
                    lots.push((lot, line.date));
                }
            }
            (orders, lots)
        };
        let parts: Vec<_> = self.left.lines.par_chunks(PART).map(of_part).collect();
        let (mut there, mut lots_there) = (FxHashSet::default(), FxHashSet::default());
        let mut around = Around::default();
        for (orders, lots) in parts {
            there.extend(orders.iter().map(|(order, _)| *order));
            lots_there.extend(orders.into_iter().filter(|(_, lot)| is_key && *lot != NONE));
            for (lot, date) in lots {
                around.dates.entry(lot).or_default().push(date);
            }
        }
        let has_lot = |(order, at): &&(u64, At)| lots_there.contains(&(*order, self.r(*at).lot));
        around.lot_at_home = orders.iter().filter(has_lot).map(|(_, at)| *at).collect();
        let is_there = |(order, _): &&(u64, At)| there.contains(order);
        around.at_home = orders.iter().filter(is_there).map(|(_, at)| *at).collect();
        self.around = around;
    }

    /// Whether the right line states another order, which has its product on the left: what that order does not hold
    /// of it, this one does not either.
    pub(super) fn is_of_other_order(&self, l: At, r: At) -> bool {
        self.order(l, r) == Match::Differ && self.around.at_home.contains(&r)
    }

    /// The numbers of the orders, where the ledgers speak of the same ones.
    pub(super) fn order(&self, l: At, r: At) -> Match {
        if self.keys.orders_comparable {
            Match::exact(self.l(l).order, self.r(r).order)
        } else {
            Match::Absent
        }
    }

    /// Whether the right line's order has its lot of the product on the left, and this left line is of another lot.
    pub(super) fn is_of_other_lot(&self, l: At, r: At) -> bool {
        self.around.lot_at_home.contains(&r) && self.l(l).lot != self.r(r).lot
    }

    /// How many left lines there are of an open left line's product and lot within some days of it, itself included.
    pub(super) fn lines_of_lot(&self, line: &Line<'_>, days: i32) -> usize {
        let dates = self.around.dates.get(&lot_of(line)).map_or(&[][..], Vec::as_slice);
        let is_near =
            |date: &&i32| **date == NO_DAY || line.date == NO_DAY || (**date - line.date).abs() <= days;
        dates.iter().filter(is_near).count()
    }
}
