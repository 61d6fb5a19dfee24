//! Pass 1: by the keys of the documents.

use rustc_hash::FxHashSet;

use super::compare::Match;
use super::join::{Keyed, groups};
use super::ledger::Line;
use super::outcome::{Field, Finding, Pass, Rows};
use super::pool::{NONE, TextId, Union};
use super::run::{At, KEY_KINDS, KeyPlan, Run, Side};

/// Lines of one key, left times right, past which it is no key.
const MOST_IN_GROUP: usize = 4096;

/// The key of a line by kind, or nought where it has none.
pub(super) fn key_of(line: &Line, kind: Field, plan: KeyPlan) -> u64 {
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
        Field::Key => u64::from(line.key),
        Field::OrderLine => within(line.order, line.order_line, plan.order_line_alone),
        Field::DeliveryLine => within(line.delivery, line.delivery_line, plan.delivery_line_alone),
        // Not a key by itself: the order's lines of one product.
        Field::Order if line.order != NONE && line.code != NONE => {
            (u64::from(line.order) << 32) | u64::from(line.code)
        }
        _ => 0,
    }
}

/// Open lines with their key of a kind.
fn keyed(side: &Side<'_>, kind: Field, plan: KeyPlan) -> Vec<Keyed> {
    side.open()
        .filter_map(|at| match key_of(&side.lines[at as usize], kind, plan) {
            0 => None,
            key => Some((key, at)),
        })
        .collect()
}

impl Run<'_> {
    /// Open lines of both sides with their key of a kind, where it is a key in these data.
    pub(super) fn open_keyed(&self, number: usize) -> (Vec<Keyed>, Vec<Keyed>) {
        if !self.keys.comparable[number] {
            return (Vec::new(), Vec::new());
        }
        let of = |side| keyed(side, KEY_KINDS[number], self.keys);
        (of(&self.left), of(&self.right))
    }

    /// Finds out how these two ledgers use their columns.
    pub(super) fn plan_keys(&self) -> KeyPlan {
        let mut plan = KeyPlan::default();
        let alone = |document: fn(&Line) -> TextId, line: fn(&Line) -> TextId| {
            [&self.left, &self.right].into_iter().all(|side| determines(side, &self.texts, document, line))
        };
        plan.order_line_alone = alone(|l| l.order, |l| l.order_line);
        plan.delivery_line_alone = alone(|l| l.delivery, |l| l.delivery_line);
        plan.comparable[0] = self.is_shared_column(|line| line.key);
        plan.comparable[1] = if plan.order_line_alone {
            self.is_shared_column(|line| line.order_line)
        } else {
            self.is_shared_key(|line| key_of(line, Field::OrderLine, plan))
        };
        plan.comparable[2] = if plan.delivery_line_alone {
            self.is_shared_column(|line| line.delivery_line)
        } else {
            self.is_shared_key(|line| key_of(line, Field::DeliveryLine, plan))
        };
        plan.comparable[3] = !plan.comparable[..3].contains(&true)
            && self.is_shared_key(|line| key_of(line, Field::Order, plan));
        plan.orders_comparable = self.is_shared_column(|line| line.order);
        plan.items_comparable = self.is_shared_column(|line| line.item);
        // A column counts as kept where a tenth of the lines, or half of them, state it.
        let states = |side: &Side<'_>, of: fn(&Line) -> TextId, part: usize| {
            side.lines.iter().filter(|line| of(line) != NONE).count() * part > side.lines.len()
        };
        let both = |of, part| states(&self.left, of, part) && states(&self.right, of, part);
        plan.lots = both(|line| line.lot, 10);
        plan.invoices = both(|line| line.invoice, 2);
        plan
    }

    /// Whether both ledgers speak of the same things in a column.
    fn is_shared_column(&self, of: impl Fn(&Line) -> TextId) -> bool {
        let mut sides = vec![0_u8; self.texts.len() + 1];
        for (side, bit) in [(&self.left, 1), (&self.right, 2)] {
            for line in side.lines.iter() {
                sides[of(line) as usize] |= bit;
            }
        }
        let (mut left, mut right, mut both) = (0, 0, 0);
        for side in &sides[1..] {
            left += usize::from(side & 1);
            right += usize::from(side >> 1);
            both += usize::from(*side == 3);
        }
        are_shared(both, left.min(right))
    }

    /// The same for a key of two columns.
    fn is_shared_key(&self, of: impl Fn(&Line) -> u64) -> bool {
        let keys = |side: &Side<'_>| -> Vec<u64> {
            let mut keys: Vec<u64> = side.lines.iter().map(&of).filter(|key| *key != 0).collect();
            keys.sort_unstable();
            keys.dedup();
            keys
        };
        let (left, right) = (keys(&self.left), keys(&self.right));
        let (fewer, more) = if left.len() < right.len() { (&left, &right) } else { (&right, &left) };
        are_shared(fewer.iter().filter(|key| more.binary_search(key).is_ok()).count(), fewer.len())
    }

    /// Pairs what the keys say, where code and lot (or supplier and item) agree and the quantity does.
    pub(super) fn pass_keys(&mut self) {
        for kind in KEY_KINDS {
            let plan = self.keys;
            let (mut left, mut right) = (keyed(&self.left, kind, plan), keyed(&self.right, kind, plan));
            groups(&mut left, &mut right, |ls, rs| self.key_group(ls, rs, kind));
        }
    }

    fn key_group(&mut self, ls: &[Keyed], rs: &[Keyed], kind: Field) {
        if let ([(_, l)], [(_, r)]) = (ls, rs) {
            if self.exact(*l, *r, kind) {
                self.pair(Rows::one(*l), Rows::one(*r), Pass::Key, Finding::SameKey { key: kind });
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
            if self.left.is_open(l) && self.right.is_open(r) {
                self.pair(Rows::one(l), Rows::one(r), Pass::Key, Finding::SameKey { key: kind });
            }
        }
    }

    /// Of equal candidates the best, then the earliest, then the first.
    fn first_entry(&self, ls: &[At], rs: &[At]) -> Option<(At, At)> {
        let all = ls.iter().flat_map(|l| rs.iter().map(move |r| (*l, *r)));
        all.min_by_key(|(l, r)| {
            let (left, right) = (self.l(*l), self.r(*r));
            (-self.compare(left, right).score, left.date, right.date, left.row, right.row)
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
    pub(super) fn decides(&self, l: &Line, r: &Line) -> bool {
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

/// A handful may be all typed wrong; of many, some are right if they are the same keys at all.
const fn are_shared(both: usize, fewer: usize) -> bool {
    fewer > 0 && (fewer < A_HANDFUL || both * 20 > fewer)
}

/// Fewer distinct keys than this say nothing about their column.
const A_HANDFUL: usize = 20;

/// Shortest number of a line that can be a key by itself.
const SHORTEST_KEY: usize = 4;

/// Whether a line's number stands for its document too: it is long enough, and comes with one document only.
fn determines(
    side: &Side<'_>,
    texts: &Union<'_>,
    document: fn(&Line) -> TextId,
    line: fn(&Line) -> TextId,
) -> bool {
    const UNSEEN: TextId = TextId::MAX;
    // By line number: the document that it came with first.
    let mut documents: Vec<TextId> = Vec::new();
    let (mut stated, mut long, mut distinct, mut elsewhere) = (0, 0, 0, 0);
    for at in side.lines.iter().filter(|at| line(at) != NONE) {
        if documents.is_empty() {
            documents.resize(texts.len() + 1, UNSEEN);
        }
        stated += 1;
        let first = &mut documents[line(at) as usize];
        if *first == UNSEEN {
            *first = document(at);
            distinct += 1;
            long += usize::from(texts.text(line(at)).len() >= SHORTEST_KEY);
        } else if document(at) != NONE && *first != document(at) {
            elsewhere += usize::from(*first != NONE);
            *first = document(at);
        }
    }
    stated > 0 && long * 2 >= distinct && distinct * 2 >= stated && elsewhere * 20 <= distinct
}
