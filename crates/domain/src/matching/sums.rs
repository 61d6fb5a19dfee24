//! Pass 3: one to many and many to one, by exact sum.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::{Match, amount_of};
use super::join::{groups, mix};
use super::keyed::key_of;
use super::ledger::{ABSENT, NO_DAY};
use super::line::Line;
use super::outcome::{Finding, Pass, Rows};
use super::pool::{NONE, TextId};
use super::run::{At, KEY_KINDS, Run, Side, class, days_between};

/// Lines among which a sum is looked for, and parts of one sum.
const MOST_IN_POOL: usize = 18;
const MOST_PARTS: usize = 6;
/// Days before and after in which parts are looked for.
const EARLIEST: i32 = -15;
const LATEST: i32 = 75;
/// Where usual days are known, days that a part may be later, at all and without a question.
const SLACK: i32 = 15;
const TIGHT_SLACK: i32 = 7;
/// Days between the parts of a delivery that no lot holds together.
const PART_DAYS: i32 = 4;
/// Days between orders that are received together, with and without the same lot.
const MERGED_DAYS: i32 = 7;
const MERGED_DAYS_WITHOUT_LOT: i32 = 3;

/// Which lines may be parts.
type Fits<'a> = &'a dyn Fn(&At) -> bool;

/// A sum that was found.
struct Sum {
    left: Vec<At>,
    right: Vec<At>,
    /// Whether lot or order confirm every part.
    is_confirmed: bool,
}

impl Run<'_> {
    /// Splits and merges by key, and by key and a rest that has none.
    pub(super) fn pass_sums_of_keys(&mut self) {
        self.sums_of_keys();
        self.sums_with_rest();
    }

    fn sums_of_keys(&mut self) {
        for number in 0..KEY_KINDS.len() {
            let (mut left, mut right) = self.open_keyed(number);
            groups(&mut left, &mut right, |ls, rs| {
                if ls.len() + rs.len() == 2 || ls.len() > MOST_IN_POOL || rs.len() > MOST_IN_POOL {
                    return;
                }
                let (ls, rs): (Vec<At>, Vec<At>) =
                    (ls.iter().map(|(_, at)| *at).collect(), rs.iter().map(|(_, at)| *at).collect());
                let same = |l: &At, r: &At| self.allowed(*l, *r) && self.same_product(self.l(*l), self.r(*r));
                let rs: Vec<At> = rs.into_iter().filter(|r| ls.iter().all(|l| same(l, r))).collect();
                // Equal rows on both sides are nobody's parts: which is which, a person says.
                let has_equals =
                    || ls.iter().any(|l| rs.iter().any(|r| self.l(*l).quantity == self.r(*r).quantity));
                if ls.len() > 1 && rs.len() > 1 && has_equals() {
                    return;
                }
                let finding = |parts: usize| Finding::ExactSum { parts: parts as u32 };
                let (a, b) = (self.left.total(&ls), self.right.total(&rs));
                if a.is_some() && a == b && !rs.is_empty() {
                    let parts = ls.len().max(rs.len());
                    self.pair(ls.into(), rs.into(), Pass::Sum, finding(parts));
                } else if let [l] = ls[..] {
                    let found = self.right.subsets(&rs, self.l(l).quantity, 2);
                    if let Some(parts) = self.right.first_of_equal(found) {
                        let n = parts.len();
                        self.pair(Rows::one(l), parts.into(), Pass::Sum, finding(n));
                    }
                } else if let [r] = rs[..] {
                    let found = self.left.subsets(&ls, self.r(r).quantity, 2);
                    if let Some(parts) = self.left.first_of_equal(found) {
                        let n = parts.len();
                        self.pair(parts.into(), Rows::one(r), Pass::Sum, finding(n));
                    }
                }
            });
        }
    }

    /// What one key leaves open is made up by lines that have no key there, or whose own key finds nothing.
    fn sums_with_rest(&mut self) {
        let (lefts, rights) = rayon::join(|| self.left.by_product(), || self.right.by_product());
        for (number, kind) in KEY_KINDS.into_iter().enumerate() {
            let plan = self.keys;
            let (mut left, mut right) = self.open_keyed(number);
            let right_keys: FxHashSet<u64> = right.iter().map(|(key, _)| *key).collect();
            groups(&mut left, &mut right, |ls, rs| {
                let (ls, rs): (Vec<At>, Vec<At>) =
                    (ls.iter().map(|(_, at)| *at).collect(), rs.iter().map(|(_, at)| *at).collect());
                let same = ls.iter().all(|l| {
                    rs.iter().all(|r| self.allowed(*l, *r) && self.same_product(self.l(*l), self.r(*r)))
                });
                let (Some(a), Some(b)) = (self.left.total(&ls), self.right.total(&rs)) else { return };
                if !same || a.signum() != b.signum() || a == b {
                    return;
                }
                if a.abs() > b.abs() && ls.len() == 1 {
                    let (l, first) = (ls[0], self.r(rs[0]));
                    let pool: Vec<At> = rights
                        .around(self.l(l), self.days_to_right())
                        .filter(|r| self.right.is_open(*r) && key_of(self.r(*r), kind, plan) == 0)
                        .filter(|r| {
                            self.is_part(l, *r)
                                && Match::exact_number(self.r(*r).price, first.price) != Match::Differ
                        })
                        .collect();
                    // What is of the same lot and days as the part with the key goes before what is not.
                    let is_tight = |r: &At| self.is_tight(self.l(l), self.r(*r));
                    let same_lot = |r: &At| is_tight(r) && self.lot(self.r(*r), first) == Match::Agree;
                    let is_near = |r: &At| {
                        let days = days_between(self.r(*r), first).map_or(0, i32::abs);
                        is_tight(r) && (days <= PART_DAYS || self.lot(self.l(l), self.r(*r)) == Match::Agree)
                    };
                    let ways: [(Fits<'_>, bool); 3] =
                        [(&same_lot, true), (&is_near, true), (&|_| true, false)];
                    let found = ways.into_iter().find_map(|(fits, is_sure)| {
                        let pool: Vec<At> = pool.iter().copied().filter(fits).collect();
                        let found = self.right.subsets(&pool, a - b, 1);
                        (!found.is_empty()).then_some((found, is_sure))
                    });
                    if let Some(([parts], is_sure)) = found.as_ref().map(|(found, is)| (&found[..], *is)) {
                        // A part that equals another open line whole fits there just as well.
                        let is_whole = |r: &At| {
                            let of_product = lefts.of(by_product(self.l(l)));
                            around(of_product, self.r(*r).date, self.days_to_left()).any(|other| {
                                other != l
                                    && self.left.is_open(other)
                                    && self.is_equal(other, *r)
                                    && self.is_as_close((other, *r), (l, *r))
                            })
                        };
                        let contested: Vec<At> = parts.iter().copied().filter(is_whole).collect();
                        if !contested.is_empty() {
                            self.contested.extend(contested);
                            return;
                        }
                        let all: Vec<At> = rs.iter().chain(parts).copied().collect();
                        let finding = Finding::ExactSum { parts: all.len() as u32 };
                        if is_sure {
                            self.pair(ls.into(), all.into(), Pass::Sum, finding);
                        } else {
                            self.set_aside(&ls, &all, Pass::Sum, finding);
                        }
                    }
                } else if a.abs() < b.abs() && rs.len() == 1 {
                    let r = rs[0];
                    let pool: Vec<At> = lefts
                        .around(self.r(r), self.days_to_left())
                        .filter(|l| self.left.is_open(*l) && !ls.contains(l))
                        .filter(|l| !right_keys.contains(&key_of(self.l(*l), kind, plan)))
                        .filter(|l| self.is_merged(*l, r))
                        // What another open line equals whole is no part of this one.
                        .filter(|l| {
                            !rights.around(self.l(*l), self.days_to_right()).any(|other| {
                                other != r
                                    && self.right.is_open(other)
                                    && self.is_equal(*l, other)
                                    && self.is_as_close((*l, other), (*l, r))
                            })
                        })
                        .collect();
                    let Some((parts, is_sure)) = self.only_merger(&pool, b - a, r, ls[0]) else { return };
                    let all: Vec<At> = ls.iter().copied().chain(parts).collect();
                    if self.amounts_add_up(&all, &[r]) {
                        let parts = all.len() as u32;
                        let finding = Finding::ExactSum { parts };
                        if is_sure {
                            self.pair(all.into(), rs.into(), Pass::Sum, finding);
                        } else {
                            self.set_aside(&all, &rs, Pass::Sum, finding);
                        }
                    }
                }
            });
        }
    }

    /// Sums of lines without keys: only one way to add them up, and lot or order confirm it.
    pub(super) fn pass_sums_of_goods(&mut self) {
        let (lefts, rights) = rayon::join(|| self.left.by_product(), || self.right.by_product());
        let blocks: Vec<_> =
            lefts.0.iter().filter_map(|(block, ls)| Some((ls, rights.0.get(block)?))).collect();
        let found: Vec<Vec<Sum>> =
            blocks.into_par_iter().map(|(ls, rs)| self.sums_of_block(ls, rs)).collect();
        let mut found: Vec<Sum> = found.into_iter().flatten().collect();
        let mut uses: FxHashMap<(bool, At), u32> = FxHashMap::default();
        for sum in &found {
            sum.left.iter().for_each(|at| *uses.entry((false, *at)).or_default() += 1);
            sum.right.iter().for_each(|at| *uses.entry((true, *at)).or_default() += 1);
        }
        found.sort_unstable_by(|a, b| (&a.left, &a.right).cmp(&(&b.left, &b.right)));
        for sum in found {
            let once = sum.left.iter().all(|at| uses[&(false, *at)] == 1)
                && sum.right.iter().all(|at| uses[&(true, *at)] == 1);
            let parts = sum.left.len().max(sum.right.len()) as u32;
            if once && sum.is_confirmed && self.amounts_add_up(&sum.left, &sum.right) {
                self.pair(sum.left.into(), sum.right.into(), Pass::Sum, Finding::ExactSum { parts });
            } else if once {
                self.loose_sums.push((sum.left, sum.right, parts));
            }
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
            if let Some((right, is_confirmed)) =
                self.only_sum(&self.right, among, target, &|r| is_free(*l, r).then_some((*l, r)))
            {
                found.push(Sum { left: vec![*l], right, is_confirmed });
            }
        }
        for (date, r) in &free_rs {
            let (target, among) = (self.r(*r).quantity, around(&free_ls, *date, to_left));
            if let Some((left, is_confirmed)) =
                self.only_sum(&self.left, among, target, &|l| is_free(l, *r).then_some((l, *r)))
            {
                found.push(Sum { left, right: vec![*r], is_confirmed });
            }
        }
        found
    }

    /// The only lines of a side that add up to `target`: among those of the usual days first, then among all. With it,
    /// whether lot or order, and the days, confirm each; `two` puts a line that is free for it beside the one that is added
    /// up to.
    fn only_sum(
        &self,
        side: &Side<'_>,
        among: impl Iterator<Item = At>,
        target: i64,
        two: &dyn Fn(At) -> Option<(At, At)>,
    ) -> Option<(Vec<At>, bool)> {
        let holds = |at: &At, holds: &dyn Fn(At, At) -> bool| two(*at).is_some_and(|(l, r)| holds(l, r));
        let is_part = |at: &At| holds(at, &|l, r| self.is_loose_part(l, r));
        let is_tight = |at: &At| holds(at, &|l, r| self.is_tight(self.l(l), self.r(r)));
        let confirms = |at: &At| holds(at, &|l, r| self.confirms(l, r));
        let parts: Vec<At> = among.filter(is_part).collect();
        let tight: Vec<At> = parts.iter().copied().filter(is_tight).collect();
        // Where the one line states no lot, parts of one lot confirm each other.
        if let Some(parts) = side.only_lot(&tight, target) {
            return Some((parts, true));
        }
        let mut ways = side.subsets(&tight, target, 2);
        if ways.is_empty() && tight.len() < parts.len() {
            ways = side.subsets(&parts, target, 2);
            return (ways.len() == 1).then(|| (ways.swap_remove(0), false));
        }
        (ways.len() == 1).then(|| {
            let is_confirmed = ways[0].iter().all(confirms);
            (ways.swap_remove(0), is_confirmed)
        })
    }

    /// Proposes the sums that only quantity and product speak for, of lines that nothing else wanted.
    pub(super) fn propose_loose_sums(&mut self) {
        for (left, right, parts) in std::mem::take(&mut self.loose_sums) {
            let free = left.iter().all(|at| self.left.is_open(*at) && !self.proposed_left.contains(at))
                && right.iter().all(|at| self.right.is_open(*at) && !self.proposed_right.contains(at));
            if free && self.amounts_add_up(&left, &right) {
                self.propose(&left, &right, Pass::Sum, Finding::ExactSum { parts });
            }
        }
    }

    /// The same product by code, or by words where a code is missing.
    fn same_product(&self, l: &Line<'_>, r: &Line<'_>) -> bool {
        match self.code(l, r) {
            Match::Agree => true,
            Match::Absent => self.words(l, r) == Match::Agree,
            _ => false,
        }
    }

    /// As much of the same product, and nothing says that it is not the same.
    fn is_equal(&self, l: At, r: At) -> bool {
        let (left, right) = (self.l(l), self.r(r));
        left.quantity == right.quantity
            && self.lot(left, right) != Match::Differ
            && self.may_be_together(left, right)
    }

    /// Whether the lots of the first two lines say as much as those of the second two.
    fn is_as_close(&self, one: (At, At), other: (At, At)) -> bool {
        let is_same = |(l, r): (At, At)| self.lot(self.l(l), self.r(r)) == Match::Agree;
        is_same(one) || !is_same(other)
    }

    /// How many days after a left line, from and to, a right one is near enough in time.
    fn days_to_right(&self) -> (i32, i32) {
        self.usual.map_or((EARLIEST, LATEST), |(low, high)| (low - 1, high + SLACK))
    }

    /// The same days the other way.
    fn days_to_left(&self) -> (i32, i32) {
        let (from, to) = self.days_to_right();
        (-to, -from)
    }

    /// Near enough in time, and of one expiry where both state it.
    fn may_be_together(&self, l: &Line<'_>, r: &Line<'_>) -> bool {
        let (from, to) = self.days_to_right();
        days_between(l, r).is_none_or(|days| (from..=to).contains(&days))
            && (l.details.expiry == NO_DAY
                || r.details.expiry == NO_DAY
                || l.details.expiry == r.details.expiry)
    }

    /// In the days that are usual here, and a few more for what comes in parts.
    pub(super) fn is_tight(&self, l: &Line<'_>, r: &Line<'_>) -> bool {
        self.usual.is_none_or(|(low, high)| {
            days_between(l, r).is_none_or(|days| (low - 1..=high + TIGHT_SLACK).contains(&days))
        })
    }

    fn is_part(&self, l: At, r: At) -> bool {
        let (left, right) = (self.l(l), self.r(r));
        self.allowed(l, r)
            && self.same_product(left, right)
            && Match::exact(left.supplier, right.supplier) != Match::Differ
            && !self.lot(left, right).clashes()
            && Match::exact(left.product.unit, right.product.unit) != Match::Differ
            && self.may_be_together(left, right)
    }

    /// Whether `l` may be a part of the merged receipt `r`, which has the key of another part.
    fn is_merged(&self, l: At, r: At) -> bool {
        let (left, right) = (self.l(l), self.r(r));
        self.allowed(l, r)
            && self.same_product(left, right)
            && Match::exact(left.supplier, right.supplier) != Match::Differ
            && Match::exact(left.product.unit, right.product.unit) != Match::Differ
            && self.price(left, right) != Match::Differ
            && self.may_be_together(left, right)
    }

    /// The only lines that make up what the merged receipt `r` has more than `first`, whose key it has; and whether lot
    /// and order, or lot and time, leave no doubt. Within one order lots may differ, since one lot is noted for
    /// all: that is a question.
    fn only_merger(&self, pool: &[At], rest: i64, r: At, first: At) -> Option<(Vec<At>, bool)> {
        let lot = |l: &At| self.lot(self.l(*l), self.r(r));
        let is_within =
            |l: &At, most: i32| days_between(self.l(*l), self.l(first)).is_none_or(|days| days.abs() <= most);
        let same_order = |l: &At| Match::exact(self.l(*l).order, self.l(first).order) == Match::Agree;
        let same_lot = |l: &At| lot(l) == Match::Agree && is_within(l, MERGED_DAYS);
        let same_order_and_lot = |l: &At| same_order(l) && !lot(l).clashes();
        let same_days =
            |l: &At| same_order(l) || lot(l) == Match::Absent && is_within(l, MERGED_DAYS_WITHOUT_LOT);
        let is_certain = !self.keys.lots;
        let ways: [(Fits<'_>, bool); 3] =
            [(&same_order_and_lot, true), (&same_lot, true), (&same_days, is_certain)];
        for (fits, is_sure) in ways {
            let pool: Vec<At> = pool.iter().copied().filter(fits).collect();
            match &mut self.left.subsets(&pool, rest, 1)[..] {
                [] => {}
                [only] => return Some((std::mem::take(only), is_sure)),
                _ => return None,
            }
        }
        None
    }

    fn is_loose_part(&self, l: At, r: At) -> bool {
        self.is_part(l, r)
            && !self.key(self.l(l), self.r(r)).clashes()
            && self.price(self.l(l), self.r(r)) != Match::Differ
    }

    fn confirms(&self, l: At, r: At) -> bool {
        let (left, right) = (self.l(l), self.r(r));
        self.lot(left, right) == Match::Agree
            || self.keys.orders_comparable && Match::exact(left.order, right.order) == Match::Agree
    }

    /// The amounts, where all are stated, add up to the same but for the rounding of each line.
    fn amounts_add_up(&self, left: &[At], right: &[At]) -> bool {
        let total = |side: &Side<'_>, at: &[At]| -> Option<i64> {
            at.iter().map(|at| amount_of(&side.lines[*at as usize])).sum()
        };
        match (total(&self.left, left), total(&self.right, right)) {
            (Some(a), Some(b)) => (a - b).abs() <= 100 * (left.len() + right.len()) as i64,
            _ => true,
        }
    }
}

/// The block in which sums are looked for.
fn by_product(line: &Line<'_>) -> u64 {
    let product = if line.product.code == NONE {
        mix(&[line.product.name.into(), line.product.spec.into()])
    } else {
        line.product.code.into()
    };
    mix(&[class(line.kind) as u64, product, line.supplier.into()])
}

/// A line with its date.
type Dated = (i32, At);

/// Open lines by product, those of one product by date.
struct Products(FxHashMap<u64, Vec<Dated>>);

impl Products {
    fn of(&self, product: u64) -> &[Dated] {
        self.0.get(&product).map_or(&[], Vec::as_slice)
    }

    /// Lines of a line's product that are near enough in time to it.
    fn around(&self, line: &Line<'_>, days: (i32, i32)) -> impl Iterator<Item = At> {
        around(self.of(by_product(line)), line.date, days)
    }
}

/// Of lines by date, those that are so many days after a date, from and to, and whichever cannot be told.
fn around(lines: &[Dated], date: i32, (from, to): (i32, i32)) -> impl Iterator<Item = At> {
    let (undated, dated) = lines.split_at(lines.partition_point(|(day, _)| *day == NO_DAY));
    let dated = if date == NO_DAY {
        dated
    } else {
        let start = dated.partition_point(|(day, _)| *day < date + from);
        let end = dated.partition_point(|(day, _)| *day <= date + to);
        &dated[start..end]
    };
    undated.iter().chain(dated).map(|(_, at)| *at)
}

impl Side<'_> {
    /// The sum of the quantities, where all are stated.
    fn total(&self, at: &[At]) -> Option<i64> {
        at.iter().map(|at| self.lines[*at as usize].quantity).try_fold(0_i64, |sum, quantity| {
            if quantity == ABSENT { None } else { sum.checked_add(quantity) }
        })
    }

    fn by_product(&self) -> Products {
        let mut blocks: FxHashMap<u64, Vec<Dated>> = FxHashMap::default();
        for at in self.open() {
            let line = &self.lines[at as usize];
            if line.quantity != ABSENT && (line.product.code != NONE || line.product.name != NONE) {
                blocks.entry(by_product(line)).or_default().push((line.date, at));
            }
        }
        for lines in blocks.values_mut() {
            lines.sort_unstable();
        }
        Products(blocks)
    }

    /// Up to two ways to add `least` or more of these lines up to `target`; too large a pool has none.
    fn subsets(&self, pool: &[At], target: i64, least: usize) -> Vec<Vec<At>> {
        let quantity = |at: &At| self.lines[*at as usize].quantity;
        let mut pool: Vec<At> = pool
            .iter()
            .copied()
            .filter(|at| quantity(at).signum() == target.signum() && quantity(at).abs() <= target.abs())
            .collect();
        let mut found = Vec::new();
        if pool.len() < least || pool.len() > MOST_IN_POOL || target == 0 {
            return found;
        }
        // The largest first; among equals the earliest, so that equal parts are taken in a fixed order.
        pool.sort_unstable_by_key(|at| {
            let line = &self.lines[*at as usize];
            (-line.quantity.abs(), line.date, self.row(*at))
        });
        let quantities: Vec<i64> = pool.iter().map(|at| quantity(at).abs()).collect();
        let mut chosen = Vec::new();
        search(&quantities, target.abs(), 0, least, &mut chosen, &mut |indexes: &[usize]| {
            found.push(indexes.iter().map(|at| pool[*at]).collect());
            found.len() < 2
        });
        found
    }

    /// The only lines of one lot, among lines that all state theirs, that add up to `target`.
    fn only_lot(&self, among: &[At], target: i64) -> Option<Vec<At>> {
        let mut lots: Vec<TextId> = among.iter().map(|at| self.lines[*at as usize].lot).collect();
        lots.sort_unstable();
        lots.dedup();
        if lots.contains(&NONE) {
            return None;
        }
        let mut ways = lots.into_iter().flat_map(|lot| {
            let of_lot: Vec<At> =
                among.iter().copied().filter(|at| self.lines[*at as usize].lot == lot).collect();
            self.subsets(&of_lot, target, 2)
        });
        ways.next().filter(|_| ways.next().is_none())
    }

    /// The first of several ways that are the same but for equal lines.
    fn first_of_equal(&self, mut ways: Vec<Vec<At>>) -> Option<Vec<At>> {
        let quantities = |way: &[At]| -> Vec<i64> {
            let mut all: Vec<i64> = way.iter().map(|at| self.lines[*at as usize].quantity).collect();
            all.sort_unstable();
            all
        };
        let is_same = ways.windows(2).all(|two| quantities(&two[0]) == quantities(&two[1]));
        (is_same && !ways.is_empty()).then(|| ways.swap_remove(0))
    }
}

/// Depth first over ascending indexes; `each` says whether to go on.
fn search(
    quantities: &[i64],
    target: i64,
    from: usize,
    least: usize,
    chosen: &mut Vec<usize>,
    each: &mut dyn FnMut(&[usize]) -> bool,
) -> bool {
    if target == 0 {
        return chosen.len() < least || each(chosen);
    }
    if chosen.len() == MOST_PARTS {
        return true;
    }
    for at in from..quantities.len() {
        if quantities[at] > target {
            continue;
        }
        if quantities[at] * (MOST_PARTS - chosen.len()) as i64 > 0
            && quantities[at].saturating_mul((MOST_PARTS - chosen.len()) as i64) < target
        {
            break;
        }
        chosen.push(at);
        let go_on = search(quantities, target - quantities[at], at + 1, least, chosen, each);
        chosen.pop();
        if !go_on {
            return false;
        }
    }
    true
}
