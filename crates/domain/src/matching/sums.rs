//! Pass 3: one to many and many to one, by exact sum.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::{Match, amount_of};
use super::join::{Keyed, groups, mix};
use super::keyed::key_of;
use super::ledger::{ABSENT, NO_DAY};
use super::line::Line;
use super::outcome::{Field, Finding, Pass, Rows};
use super::pool::NONE;
use super::run::{At, KEY_KINDS, Run, Side, class, days_between};
use super::slips::SlipKind;
use super::subsets::MOST_IN_POOL;

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

/// Lines of one key, and what makes up the rest of the quantity that one side lacks.
struct WithRest {
    left: Vec<At>,
    right: Vec<At>,
    rest: Rest,
    is_sure: bool,
}

enum Rest {
    Left(Vec<At>),
    Right(Vec<At>),
}

impl Rest {
    fn lines(&self) -> impl Iterator<Item = (bool, At)> {
        let (is_right, lines) = match self {
            Self::Left(lines) => (false, lines),
            Self::Right(lines) => (true, lines),
        };
        lines.iter().map(move |at| (is_right, *at))
    }
}

impl Run<'_> {
    /// Splits and merges by key, and by key and a rest that has none.
    pub(super) fn pass_sums_of_keys(&mut self) {
        self.sums_of_keys();
        self.sums_with_rest();
    }

    fn sums_of_keys(&mut self) {
        for (number, kind) in KEY_KINDS.into_iter().enumerate() {
            let (mut left, mut right) = self.open_keyed(number);
            // Lines of one order and product are parts of each other within a lot.
            if kind == Field::Order {
                let by_lot = |side: &Side<'_>, lines: &mut Vec<Keyed>| {
                    for (key, at) in lines {
                        *key = mix(&[*key, side.lines[*at as usize].lot.into()]);
                    }
                };
                by_lot(&self.left, &mut left);
                by_lot(&self.right, &mut right);
            }
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
            let (mut found, mut contested): (Vec<WithRest>, Vec<At>) = Default::default();
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
                    let rest = ways.into_iter().find_map(|(fits, is_sure)| {
                        let pool: Vec<At> = pool.iter().copied().filter(fits).collect();
                        let ways = self.right.subsets(&pool, a - b, 1);
                        (!ways.is_empty()).then_some((ways, is_sure))
                    });
                    if let Some(([parts], is_sure)) =
                        rest.as_ref().map(|(ways, is_sure)| (&ways[..], *is_sure))
                    {
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
                        let whole: Vec<At> = parts.iter().copied().filter(is_whole).collect();
                        if whole.is_empty() {
                            found.push(WithRest {
                                left: ls,
                                right: rs,
                                rest: Rest::Right(parts.clone()),
                                is_sure,
                            });
                        }
                        contested.extend(whole);
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
                    let all: Vec<At> = ls.iter().chain(&parts).copied().collect();
                    if self.amounts_add_up(&all, &[r]) {
                        let is_sure = is_sure && self.are_singled_out(&all);
                        found.push(WithRest { left: ls, right: rs, rest: Rest::Left(parts), is_sure });
                    }
                }
            });
            self.contested.extend(contested);
            self.take_with_rest(found);
        }
    }

    /// Takes what was found with a rest that nothing else was found with.
    fn take_with_rest(&mut self, found: Vec<WithRest>) {
        let mut claims: FxHashMap<(bool, At), u32> = FxHashMap::default();
        for line in found.iter().flat_map(|sum| sum.rest.lines()) {
            *claims.entry(line).or_default() += 1;
        }
        for WithRest { mut left, mut right, rest, is_sure } in found {
            if rest.lines().any(|line| claims[&line] > 1) {
                continue;
            }
            match rest {
                Rest::Left(parts) => left.extend(parts),
                Rest::Right(parts) => right.extend(parts),
            }
            let finding = Finding::ExactSum { parts: left.len().max(right.len()) as u32 };
            if is_sure {
                self.pair(left.into(), right.into(), Pass::Sum, finding);
            } else {
                self.set_aside(&left, &right, Pass::Sum, finding);
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
    pub(super) fn is_equal(&self, l: At, r: At) -> bool {
        let (left, right) = (self.l(l), self.r(r));
        left.quantity == right.quantity
            && self.lot(left, right) != Match::Differ
            && !self.is_of_other_order(l, r)
            && self.may_be_together(left, right)
    }

    /// Whether the lots of the first two lines say as much as those of the second two.
    fn is_as_close(&self, one: (At, At), other: (At, At)) -> bool {
        let is_same = |(l, r): (At, At)| self.lot(self.l(l), self.r(r)) == Match::Agree;
        is_same(one) || !is_same(other)
    }

    /// How many days after a left line, from and to, a right one is near enough in time.
    pub(super) fn days_to_right(&self) -> (i32, i32) {
        self.usual.map_or((EARLIEST, LATEST), |(low, high)| (low - 1, high + SLACK))
    }

    /// The same days the other way.
    pub(super) fn days_to_left(&self) -> (i32, i32) {
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
            && !self.is_of_other_order(l, r)
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

    /// Whether these left lines are of one order or of one time, or no other line of their product and lot is of these
    /// days: among many, one of the quantity that is missing is soon found.
    pub(super) fn are_singled_out(&self, ls: &[At]) -> bool {
        let first = self.l(ls[0]);
        let days = ls.iter().filter_map(|l| days_between(first, self.l(*l)).map(i32::abs)).max().unwrap_or(0);
        days <= 1
            || ls.iter().all(|l| Match::exact(self.l(*l).order, first.order) != Match::Differ)
            || self.lines_of_lot(first, days.max(MERGED_DAYS)) <= ls.len()
    }

    pub(super) fn is_loose_part(&self, l: At, r: At) -> bool {
        // A part may bear the line's number with another behind it.
        self.is_part(l, r)
            && matches!(
                self.key(self.l(l), self.r(r)),
                Match::Absent | Match::Agree | Match::Near(SlipKind::CutShort)
            )
            && self.price(self.l(l), self.r(r)) != Match::Differ
    }

    pub(super) fn confirms(&self, l: At, r: At) -> bool {
        self.lot(self.l(l), self.r(r)) == Match::Agree || self.order(l, r) == Match::Agree
    }

    /// The amounts, where all are stated, add up to the same but for the rounding of each line.
    pub(super) fn amounts_add_up(&self, left: &[At], right: &[At]) -> bool {
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
pub(super) type Dated = (i32, At);

/// Open lines by product, those of one product by date.
pub(super) struct Products(pub(super) FxHashMap<u64, Vec<Dated>>);

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
pub(super) fn around(lines: &[Dated], date: i32, (from, to): (i32, i32)) -> impl Iterator<Item = At> {
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

    pub(super) fn by_product(&self) -> Products {
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
}
