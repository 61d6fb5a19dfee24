//! Pass 3, for lines without keys: sums within a product, as far as lot or order confirm them.

use std::collections::BTreeSet;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::Match;
use super::outcome::{Finding, Pass};
use super::run::{At, Run, Side};
use super::sums::{Dated, around};

/// A sum that was found.
pub(super) struct Sum {
    left: Vec<At>,
    right: Vec<At>,
    how: How,
}

/// How sure a sum is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// The only one of its lines, and lot or order confirm every part.
    Certain,
    /// The only one.
    Only,
    /// One of several that lines may be parts of, or several together.
    Doubtful,
}

impl Run<'_> {
    /// Sums of lines without keys: only one way to add them up, and lot or order confirm it. What a sum leaves may be
    /// told then that could not be told before.
    pub(super) fn pass_sums_of_goods(&mut self) {
        let (lefts, rights) = rayon::join(|| self.left.by_product(), || self.right.by_product());
        let mut blocks: Vec<(&[Dated], &[Dated])> =
            lefts.0.iter().filter_map(|(block, ls)| Some((&**ls, &**rights.0.get(block)?))).collect();
        while !blocks.is_empty() {
            let found: Vec<Vec<Sum>> = blocks.par_iter().map(|(ls, rs)| self.sums_of_block(ls, rs)).collect();
            let mut found = found.into_iter();
            blocks.retain(|_| {
                let sums = found.next().unwrap_or_default();
                let is_certain =
                    |sum: &Sum| sum.how == How::Certain && self.amounts_add_up(&sum.left, &sum.right);
                let (certain, open): (Vec<Sum>, Vec<Sum>) = sums.into_iter().partition(is_certain);
                if certain.is_empty() {
                    self.loose_sums.extend(open);
                    return false;
                }
                for sum in certain {
                    let parts = sum.left.len().max(sum.right.len()) as u32;
                    self.pair(sum.left.into(), sum.right.into(), Pass::Sum, Finding::ExactSum { parts });
                }
                true
            });
        }
    }

    /// Sums of the open lines of one product.
    fn sums_of_block(&self, ls: &[Dated], rs: &[Dated]) -> Vec<Sum> {
        let mut found: Vec<Sum> = Vec::new();
        let ls: Vec<Dated> = ls.iter().copied().filter(|(_, l)| self.left.is_open(*l)).collect();
        let rs: Vec<Dated> = rs.iter().copied().filter(|(_, r)| self.right.is_open(*r)).collect();
        // What has an equal on the other side is no part of a sum, unless only the sum's lots agree.
        let mut doubtful: FxHashSet<(bool, At)> = FxHashSet::default();
        let mut taken: FxHashSet<(bool, At)> = FxHashSet::default();
        let (to_right, to_left) = (self.days_to_right(), self.days_to_left());
        for (l, r) in ls.iter().flat_map(|(date, l)| around(&rs, *date, to_right).map(move |r| (*l, r))) {
            if self.is_equal(l, r) {
                let is_stated = self.lot(self.l(l), self.r(r)) != Match::Absent;
                let equals = if is_stated { &mut taken } else { &mut doubtful };
                equals.extend([(false, l), (true, r)]);
            }
        }
        let is_free = |l: At, r: At| {
            !(doubtful.contains(&(false, l)) || doubtful.contains(&(true, r)))
                || self.lot(self.l(l), self.r(r)) == Match::Agree
        };
        let free = |lines: &[Dated], is_right: bool| -> Vec<Dated> {
            lines.iter().copied().filter(|(_, at)| !taken.contains(&(is_right, *at))).collect()
        };
        let (free_ls, free_rs) = (free(&ls, false), free(&rs, true));
        for (date, l) in &free_ls {
            let (target, among) = (self.l(*l).quantity, around(&free_rs, *date, to_right));
            if let Some((right, how)) =
                self.sum_of(&self.right, among, target, &|r| is_free(*l, r).then_some((*l, r)))
            {
                found.push(Sum { left: vec![*l], right, how });
            }
        }
        for (date, r) in &free_rs {
            let (target, among) = (self.r(*r).quantity, around(&free_ls, *date, to_left));
            if let Some((left, how)) =
                self.sum_of(&self.left, among, target, &|l| is_free(l, *r).then_some((l, *r)))
            {
                let how = if how == How::Certain && !self.are_singled_out(&left) { How::Only } else { how };
                found.push(Sum { left, right: vec![*r], how });
            }
        }
        // A line that is a part of two sums is certainly of neither.
        let mut uses: FxHashMap<(bool, At), u32> = FxHashMap::default();
        let lines = |sum: &Sum| -> Vec<(bool, At)> {
            sum.left.iter().map(|at| (false, *at)).chain(sum.right.iter().map(|at| (true, *at))).collect()
        };
        for sum in found.iter().filter(|sum| sum.how != How::Doubtful) {
            for line in lines(sum) {
                *uses.entry(line).or_default() += 1;
            }
        }
        for sum in &mut found {
            if lines(sum).iter().any(|line| uses.get(line).is_some_and(|uses| *uses > 1)) {
                sum.how = How::Doubtful;
            }
        }
        found
    }

    /// The lines of a side that add up to `target`: among those of its order first, then of the usual days, then among
    /// all. `two` puts a line that is free for it beside the one that is added up to.
    fn sum_of(
        &self,
        side: &Side<'_>,
        among: impl Iterator<Item = At>,
        target: i64,
        two: &dyn Fn(At) -> Option<(At, At)>,
    ) -> Option<(Vec<At>, How)> {
        let holds = |at: &At, holds: &dyn Fn(At, At) -> bool| two(*at).is_some_and(|(l, r)| holds(l, r));
        let is_part = |at: &At| holds(at, &|l, r| self.is_loose_part(l, r));
        let is_tight = |at: &At| holds(at, &|l, r| self.is_tight(self.l(l), self.r(r)));
        let confirms = |at: &At| holds(at, &|l, r| self.confirms(l, r));
        let is_of_order = |at: &At| holds(at, &|l, r| self.order(l, r) == Match::Agree);
        let parts: Vec<At> = among.filter(is_part).collect();
        let tight: Vec<At> = parts.iter().copied().filter(is_tight).collect();
        let of_order: Vec<At> = tight.iter().copied().filter(is_of_order).collect();
        if let [only] = &mut side.subsets(&of_order, target, 2)[..] {
            return Some((std::mem::take(only), How::Certain));
        }
        // Where the one line states no lot, parts of one lot confirm each other.
        if let Some(parts) = side.only_lot(&tight, target) {
            return Some((parts, How::Certain));
        }
        let mut ways = side.subsets(&tight, target, 2);
        let is_tight = !ways.is_empty();
        if !is_tight && tight.len() < parts.len() {
            ways = side.subsets(&parts, target, 2);
        }
        let mut ways = ways.into_iter();
        let mut first = ways.next()?;
        let Some(second) = ways.next() else {
            let is_certain = is_tight && first.iter().all(confirms);
            return Some((first, if is_certain { How::Certain } else { How::Only }));
        };
        first.extend(second);
        first.sort_unstable();
        first.dedup();
        Some((first, How::Doubtful))
    }

    /// Proposes the sums that only quantity and product speak for, of lines that nothing else wanted; and what may be
    /// added up in several ways, as one question.
    pub(super) fn propose_loose_sums(&mut self) {
        let (doubtful, only): (Vec<Sum>, Vec<Sum>) =
            std::mem::take(&mut self.loose_sums).into_iter().partition(|sum| sum.how == How::Doubtful);
        for Sum { left, right, .. } in only {
            let parts = left.len().max(right.len()) as u32;
            if self.are_free(&left, &right) && self.amounts_add_up(&left, &right) {
                self.propose(&left, &right, Pass::Sum, Finding::ExactSum { parts });
            }
        }
        for (left, right) in together(doubtful.into_iter().filter(|sum| self.are_free(&sum.left, &sum.right)))
        {
            self.propose(&left, &right, Pass::Sum, Finding::EquallyGood);
        }
    }

    /// Whether these lines are in no pair and no proposal.
    fn are_free(&self, left: &[At], right: &[At]) -> bool {
        left.iter().all(|at| self.left.is_open(*at) && !self.proposed_left.contains(at))
            && right.iter().all(|at| self.right.is_open(*at) && !self.proposed_right.contains(at))
    }
}

/// The lines of sums that share lines, left and right.
fn together(sums: impl Iterator<Item = Sum>) -> Vec<(Vec<At>, Vec<At>)> {
    let mut groups: Vec<(BTreeSet<At>, BTreeSet<At>)> = Vec::new();
    let mut group_of: FxHashMap<(bool, At), usize> = FxHashMap::default();
    for Sum { left, right, .. } in sums {
        let lines = left.iter().map(|at| (false, *at)).chain(right.iter().map(|at| (true, *at)));
        let known: BTreeSet<usize> = lines.filter_map(|line| group_of.get(&line).copied()).collect();
        let mut whole = (BTreeSet::from_iter(left), BTreeSet::from_iter(right));
        for group in known {
            let (left, right) = std::mem::take(&mut groups[group]);
            whole.0.extend(left);
            whole.1.extend(right);
        }
        let number = groups.len();
        group_of.extend(whole.0.iter().map(|at| ((false, *at), number)));
        group_of.extend(whole.1.iter().map(|at| ((true, *at), number)));
        groups.push(whole);
    }
    let whole = groups.into_iter().filter(|(left, _)| !left.is_empty());
    whole.map(|(left, right)| (left.into_iter().collect(), right.into_iter().collect())).collect()
}
