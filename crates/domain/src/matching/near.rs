//! Passes 2, 4 and 5: by product, lot, quantity and time; by conversion; and by near matches. All candidates of a
//! line are weighed together, so that a slip never beats what fits exactly.

use rayon::iter::{IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;
use rustc_hash::FxHashSet;

use super::around::lot_of;
use super::assign::{Edge, assign, questions};
use super::compare::{Comparison, Match, QuantityMatch};
use super::join::{Keyed, groups, map_groups, mix};
use super::keyed::key_of;
use super::ledger::{ABSENT, NO_DAY};
use super::line::Line;
use super::outcome::{Field, Finding, Pair, Pass};
use super::pool::NONE;
use super::run::{At, KEY_KINDS, KeyPlan, Run, Side, class};

/// What a person is asked at all: less where all columns together say less, and then all have to agree.
const LEAST_TO_PROPOSE: i32 = 14;
/// Days around a date in which candidates are looked for; the first that leaves few enough is taken.
const WINDOWS: [i32; 5] = [120, 30, 10, 3, 0];
/// Candidates of one line in one block.
const MOST_CANDIDATES: usize = 48;

/// Which dates two lines of the same goods may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Days {
    Usual,
    Any,
}

/// What lines are brought together by.
#[derive(Clone, Copy)]
struct Block {
    /// Nought: the line is not in this block.
    of: fn(&Line<'_>) -> u64,
    /// Whether any line may be in it.
    is_used: fn(KeyPlan) -> bool,
}

const fn always(of: fn(&Line<'_>) -> u64) -> Block {
    Block { of, is_used: |_| true }
}

fn stated(parts: &[u64]) -> u64 {
    if parts.contains(&0) { 0 } else { mix(parts) }
}

fn number(value: i64) -> u64 {
    if value == ABSENT { 0 } else { mix(&[value as u64]) }
}

fn words(line: &Line<'_>) -> u64 {
    if line.product.name == NONE { 0 } else { mix(&[line.product.name.into(), line.product.spec.into()]) }
}

/// Product, lot and quantity.
const GOODS: [Block; 4] = [
    always(|l| stated(&[l.product.code.into(), l.lot.into(), number(l.quantity)])),
    Block {
        of: |l| stated(&[l.product.item.into(), l.lot.into(), number(l.quantity)]),
        is_used: |plan| plan.items,
    },
    always(|l| stated(&[words(l), l.lot.into(), number(l.quantity)])),
    Block { of: |l| stated(&[l.product.code.into(), l.details.serial.into()]), is_used: |plan| plan.serials },
];

/// Without lots.
const GOODS_WITHOUT_LOT: [Block; 2] = [
    always(|l| stated(&[l.product.code.into(), l.supplier.into(), number(l.quantity)])),
    always(|l| stated(&[words(l), l.supplier.into(), number(l.quantity)])),
];

/// Everything in which two lines with one or two slips still agree.
const NEAR: [Block; 11] = [
    always(|l| stated(&[l.product.code.into(), l.lot.into()])),
    always(|l| stated(&[words(l), l.lot.into()])),
    always(|l| stated(&[l.lot.into(), number(l.quantity)])),
    always(|l| stated(&[l.product.code.into(), number(l.quantity), l.supplier.into()])),
    always(|l| stated(&[words(l), number(l.quantity), l.supplier.into()])),
    always(|l| stated(&[l.order.into(), l.product.code.into()])),
    always(|l| stated(&[l.order.into(), number(l.quantity)])),
    Block {
        of: |l| stated(&[l.product.code.into(), number(l.quantity)]),
        is_used: |plan| plan.most < LEAST_TO_PROPOSE,
    },
    Block { of: |l| stated(&[words(l), number(l.quantity)]), is_used: |plan| plan.most < LEAST_TO_PROPOSE },
    Block { of: |l| l.details.serial.into(), is_used: |plan| plan.serials },
    Block { of: |l| l.details.udi.into(), is_used: |plan| plan.udis },
];

impl Run<'_> {
    /// Pass 2: what came in the usual days first, or else only what nothing else of its product and lot is left for.
    pub(super) fn pass_goods(&mut self, days: Days) {
        let mut blocks = GOODS.to_vec();
        if !self.keys.lots {
            blocks.extend(GOODS_WITHOUT_LOT);
        }
        for (number, block) in blocks.into_iter().enumerate() {
            if number == self.goods.len() {
                self.goods.push(self.lines_of(block));
            }
            // What was open before and still is.
            let [mut left, mut right] = std::mem::take(&mut self.goods[number]);
            left.retain(|(_, at)| self.left.is_open(*at));
            right.retain(|(_, at)| self.right.is_open(*at));
            let candidates = self.candidates(&mut left, &mut right);
            self.goods[number] = [left, right];
            let of_lot = if days == Days::Any && !candidates.is_empty() {
                self.open_of_lot()
            } else {
                Default::default()
            };
            let edges: Vec<Edge> = candidates
                .into_par_iter()
                .filter(|(l, r)| {
                    let (left, right) = (self.l(*l), self.r(*r));
                    self.allowed(*l, *r)
                        && !self.keys_clash(left, right)
                        && self.quantity(left, right) == QuantityMatch::Equal
                })
                .map(|(l, r)| {
                    let found = self.compare(self.l(l), self.r(r));
                    let same_supplier = Match::exact(self.l(l).supplier, self.r(r).supplier) != Match::Differ;
                    let lots_clash = self.lot(self.l(l), self.r(r)).clashes();
                    let sound = found.sound
                        && same_supplier
                        && !self.is_of_other_order(l, r)
                        && !lots_clash
                        && !self.contested.contains(&r)
                        && (found.is_usual || days == Days::Any && self.is_alone(&of_lot, l, r));
                    Edge { l, r, score: found.score, sound }
                })
                .collect();
            let (accepted, _) = assign(edges);
            let same = |edge: Edge| self.pair_of(edge.l, edge.r, Pass::Goods, Finding::SameGoods);
            let pairs: Vec<Pair> = accepted.into_par_iter().map(same).collect();
            self.add(pairs);
        }
    }

    /// Passes 4 and 5, and what the keys say where quantity, lot or code is off.
    pub(super) fn pass_near(&mut self) {
        let mut candidates = Vec::new();
        for number in 0..KEY_KINDS.len() {
            let (mut left, mut right) = self.open_keyed(number);
            let found = map_groups(&mut left, &mut right, |ls, rs, found| {
                if ls.len() * rs.len() <= MOST_CANDIDATES {
                    found.extend(ls.iter().flat_map(|(_, l)| rs.iter().map(move |(_, r)| (*l, *r))));
                }
            });
            candidates.extend(found.into_iter().flatten());
        }
        let of_block = |block: &Block| {
            let [mut left, mut right] = self.lines_of(*block);
            self.candidates(&mut left, &mut right)
        };
        let blocks: Vec<Vec<(At, At)>> = NEAR.par_iter().map(of_block).collect();
        candidates.extend(blocks.into_iter().flatten());
        candidates.par_sort_unstable();
        candidates.dedup();
        let least = self.least_to_propose();
        let (shared, of_lot) = rayon::join(|| self.shared_keys(), || self.open_of_lot());
        let edges: Vec<Edge> = candidates
            .into_par_iter()
            .filter(|(l, r)| self.allowed(*l, *r))
            .filter_map(|(l, r)| {
                let found = self.compare(self.l(l), self.r(r));
                // Several lines of one key whose quantities do not fit one to one are judged together, later.
                let is_part =
                    found.key == Match::Agree && !found.quantity.agrees() && self.is_shared(&shared, l, r);
                let edge = Edge {
                    l,
                    r,
                    score: found.score,
                    sound: found.sound
                        && !is_part
                        && !self.contested.contains(&r)
                        && !self.is_of_other_lot(l, r)
                        && (found.key == Match::Agree || !self.is_of_other_order(l, r))
                        && (found.key == Match::Agree
                            || found.is_usual && found.quantity != QuantityMatch::Differ
                            || found.key.is_near()
                            || self.is_alone(&of_lot, l, r)),
                };
                (!is_part && found.score >= least - 6).then_some(edge)
            })
            .collect();
        let (accepted, rest) = assign(edges);
        let near = |edge: Edge| {
            let (pass, finding) = self.near_finding(edge);
            self.pair_of(edge.l, edge.r, pass, finding)
        };
        let pairs: Vec<Pair> = accepted.into_par_iter().map(near).collect();
        self.add(pairs);
        self.settle();
        self.remainders_of_keys();
        let rest: Vec<Edge> =
            rest.into_iter().filter(|e| self.left.is_open(e.l) && self.right.is_open(e.r)).collect();
        self.ask(&rest);
    }

    fn least_to_propose(&self) -> i32 {
        LEAST_TO_PROPOSE.min(self.keys.most)
    }

    /// The open lines by product and lot, left and right.
    fn open_of_lot(&self) -> [Vec<Keyed>; 2] {
        let of = |side: &Side<'_>| {
            let mut lines: Vec<Keyed> =
                side.open().map(|at| (lot_of(&side.lines[at as usize]), at)).collect();
            lines.sort_unstable();
            lines
        };
        rayon::join(|| of(&self.left), || of(&self.right)).into()
    }

    /// Whether no other open line of the product and lot would fit the days of one of the two: what differs in quantity
    /// may be a part of what several hold, and what is late may belong to another.
    fn is_alone(&self, of_lot: &[Vec<Keyed>; 2], l: At, r: At) -> bool {
        let others = |side: usize, line: &Line<'_>, but: At| {
            let (lines, lot) = (&of_lot[side], lot_of(line));
            let from = lines.partition_point(|(key, _)| *key < lot);
            let same = lines[from..].iter().take_while(move |(key, _)| *key == lot);
            same.map(|(_, at)| *at).filter(move |at| *at != but)
        };
        let (left, right) = (self.l(l), self.r(r));
        !others(0, left, l).any(|other| self.left.is_open(other) && self.is_tight(self.l(other), right))
            && !others(1, left, r)
                .any(|other| self.right.is_open(other) && self.is_tight(left, self.r(other)))
    }

    fn ask(&mut self, edges: &[Edge]) {
        for group in questions(edges, self.least_to_propose()) {
            let distinct = |of: fn(&Edge) -> At| {
                let mut lines: Vec<At> = group.iter().map(of).collect();
                lines.sort_unstable();
                lines.dedup();
                lines
            };
            let (left, right) = (distinct(|e| e.l), distinct(|e| e.r));
            if let [edge] = group[..] {
                let found = self.compare(self.l(edge.l), self.r(edge.r));
                let (pass, finding) = match found.quantity {
                    QuantityMatch::Converted { left, right, known } => {
                        (Pass::Unit, Finding::Converted { left, right, known })
                    }
                    _ => (Pass::Near, Finding::TooLittle),
                };
                self.suggested.push((edge.l, edge.r));
                self.propose(&left, &right, pass, finding);
            } else {
                self.propose(&left, &right, Pass::Near, Finding::EquallyGood);
                self.asked.push((left, right));
            }
        }
    }

    fn near_finding(&self, edge: Edge) -> (Pass, Finding) {
        let (l, r) = (self.l(edge.l), self.r(edge.r));
        let found: Comparison = self.compare(l, r);
        if found.key == Match::Agree && self.decides(l, r) {
            let kind = KEY_KINDS.into_iter().find(|kind| {
                let key = key_of(l, *kind, self.keys);
                key != 0 && key == key_of(r, *kind, self.keys)
            });
            return (Pass::Key, Finding::SameKey { key: kind.unwrap_or(Field::Key) });
        }
        if let QuantityMatch::Converted { left, right, known } = found.quantity {
            return (Pass::Unit, Finding::Converted { left, right, known });
        }
        match found.slip {
            None => (Pass::Goods, Finding::SameGoods),
            Some(slip) => (Pass::Near, Finding::Near { slip }),
        }
    }

    /// Keys, with the number of their kind, that several open lines of one side have.
    fn shared_keys(&self) -> FxHashSet<(usize, u64)> {
        let mut shared = FxHashSet::default();
        for number in 0..KEY_KINDS.len() {
            for mut keys in <[Vec<Keyed>; 2]>::from(self.open_keyed(number)) {
                keys.sort_unstable();
                shared
                    .extend(keys.windows(2).filter(|two| two[0].0 == two[1].0).map(|two| (number, two[0].0)));
            }
        }
        shared
    }

    fn is_shared(&self, shared: &FxHashSet<(usize, u64)>, l: At, r: At) -> bool {
        KEY_KINDS.into_iter().enumerate().any(|(number, kind)| {
            let key = key_of(self.l(l), kind, self.keys);
            key != 0 && key == key_of(self.r(r), kind, self.keys) && shared.contains(&(number, key))
        })
    }

    /// One line and several of its key whose sum is not its quantity: together, with the difference in quantity.
    fn remainders_of_keys(&mut self) {
        for (number, kind) in KEY_KINDS.into_iter().enumerate() {
            let (mut left, mut right) = self.open_keyed(number);
            groups(&mut left, &mut right, |ls, rs| {
                let decided = |l: At, r: At| self.allowed(l, r) && self.decides(self.l(l), self.r(r));
                let (l, r): (Vec<At>, Vec<At>) = match (ls, rs) {
                    // One to one was weighed with all other candidates.
                    ([_], [_]) => return,
                    ([(_, l)], rs) => {
                        (vec![*l], rs.iter().map(|(_, r)| *r).filter(|r| decided(*l, *r)).collect())
                    }
                    (ls, [(_, r)]) => {
                        (ls.iter().map(|(_, l)| *l).filter(|l| decided(*l, *r)).collect(), vec![*r])
                    }
                    _ => return,
                };
                if !l.is_empty() && !r.is_empty() {
                    self.pair(l.into(), r.into(), Pass::Key, Finding::SameKey { key: kind });
                }
            });
        }
    }

    /// The open lines of a block, by what they are brought together by.
    fn lines_of(&self, block: Block) -> [Vec<Keyed>; 2] {
        if !(block.is_used)(self.keys) {
            return Default::default();
        }
        let of = |side: &Side<'_>| -> Vec<Keyed> {
            let key = |at| {
                let line = &side.lines[at as usize];
                match (block.of)(line) {
                    0 => None,
                    key => Some((mix(&[key, class(line.kind) as u64]), at)),
                }
            };
            let mut lines: Vec<Keyed> = side.open().filter_map(key).collect();
            lines.sort_unstable();
            lines
        };
        rayon::join(|| of(&self.left), || of(&self.right)).into()
    }

    /// Candidates of one block, near in time; whether they are allowed, is asked later.
    fn candidates(&self, left: &mut [Keyed], right: &mut [Keyed]) -> Vec<(At, At)> {
        let found = map_groups(left, right, |ls, rs, found| {
            if ls.len() * rs.len() <= MOST_CANDIDATES {
                found.extend(ls.iter().flat_map(|(_, l)| rs.iter().map(move |(_, r)| (*l, *r))));
                return;
            }
            let mut dated: Vec<(i32, At)> = rs.iter().map(|(_, r)| (self.r(*r).date, *r)).collect();
            dated.sort_unstable();
            for (_, l) in ls {
                let date = self.l(*l).date;
                if date == NO_DAY {
                    continue;
                }
                let within = WINDOWS.into_iter().find_map(|days| {
                    let from = dated.partition_point(|(d, _)| *d < date - days);
                    let to = dated.partition_point(|(d, _)| *d <= date + days);
                    (to - from <= MOST_CANDIDATES).then(|| &dated[from..to])
                });
                found.extend(within.unwrap_or_default().iter().map(|(_, r)| (*l, *r)));
            }
        });
        found.concat()
    }
}
