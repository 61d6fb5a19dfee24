//! The state of one run: both ledgers in one space of numbers, what is still open, and what was made.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::decisions::{AliasOf, Decisions, Tolerances};
use super::ledger::{Ledger, Line, LineKind, NO_DAY};
use super::outcome::{Field, Finding, Learned, Pair, Pass, Proposal, Reason, Rows};
use super::pool::{NONE, TextId, Union};

/// Index of a line in its ledger.
pub(super) type At = u32;

/// What lines may be matched with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Goods,
    Return,
    Invoice,
    Settlement,
}

pub(super) const fn class(kind: LineKind) -> Class {
    match kind {
        LineKind::Order | LineKind::Delivery | LineKind::Receipt => Class::Goods,
        LineKind::Return => Class::Return,
        LineKind::Invoice => Class::Invoice,
        LineKind::Settlement => Class::Settlement,
    }
}

/// One side. The left ledger's lines are read where they are; the right one's are copied, in the left one's numbers.
pub(super) struct Side<'a> {
    pub(super) lines: Cow<'a, [Line]>,
    pub(super) open: Vec<bool>,
}

/// A pair by line indexes, which [`Rows`] hold here in place of row numbers.
pub(super) struct Made {
    pub(super) left: Rows,
    pub(super) right: Rows,
}

/// How keys are read in these data.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KeyPlan {
    /// 订单明细编号 is a key by itself, and not a number within the order.
    pub(super) order_line_alone: bool,
    /// The same for deliveries.
    pub(super) delivery_line_alone: bool,
    /// By key kind: whether the two ledgers speak of the same keys at all.
    pub(super) comparable: [bool; 4],
    pub(super) orders_comparable: bool,
    pub(super) items_comparable: bool,
    /// Whether both ledgers state lots.
    pub(super) lots: bool,
    /// And invoice numbers.
    pub(super) invoices: bool,
}

/// Kinds of keys, in the order in which they are tried. The last, order number and product, is a key only where the
/// ledgers have no better one.
pub(super) const KEY_KINDS: [Field; 4] = [Field::Key, Field::OrderLine, Field::DeliveryLine, Field::Order];

pub(super) struct Run<'a> {
    pub(super) texts: Union<'a>,
    pub(super) left: Side<'a>,
    pub(super) right: Side<'a>,
    pub(super) keys: KeyPlan,
    pub(super) tolerances: Tolerances,
    /// (product or nought, larger unit, smaller unit) → smaller in one larger.
    pub(super) factors: FxHashMap<(TextId, TextId, TextId), u32>,
    pub(super) refused: FxHashSet<(At, At)>,
    /// Days from left to right date that are usual.
    pub(super) usual: Option<(i32, i32)>,
    pub(super) made: Vec<Made>,
    pub(super) pairs: Vec<Pair>,
    pub(super) proposals: Vec<Proposal>,
    pub(super) proposed_left: FxHashSet<At>,
    pub(super) proposed_right: FxHashSet<At>,
    /// Sums that only product and quantity speak for: (left, right, parts).
    pub(super) loose_sums: Vec<(Vec<At>, Vec<At>, u32)>,
    /// Right lines that fit two explanations equally: no pass decides between them.
    pub(super) contested: FxHashSet<At>,
    /// Proposals of one line to one: what differs between them is worth knowing before they are confirmed.
    pub(super) suggested: Vec<Made>,
    /// Questions to a person in which several lines are equally good.
    pub(super) asked: Vec<(Vec<At>, Vec<At>)>,
    pub(super) learned: Learned,
    pub(super) void_links: Vec<u32>,
}

impl<'a> Run<'a> {
    pub(super) fn new(left: &'a Ledger, right: &'a Ledger, decisions: &Decisions) -> Self {
        let texts = Union::new(&left.pool, &right.pool);
        let mut lines = right.lines.clone();
        let suppliers = aliases(&texts, decisions, AliasOf::Supplier);
        let products = aliases(&texts, decisions, AliasOf::Product);
        for line in &mut lines {
            translate(line, &texts);
            line.supplier = *suppliers.get(&line.supplier).unwrap_or(&line.supplier);
            if !products.is_empty() {
                for id in [&mut line.code, &mut line.code_full, &mut line.item, &mut line.name] {
                    *id = *products.get(id).unwrap_or(id);
                }
            }
        }
        let side = |lines: Cow<'a, [Line]>| Side { open: vec![true; lines.len()], lines };
        let mut run = Self {
            factors: factors(&texts, decisions),
            texts,
            left: side(Cow::Borrowed(&left.lines)),
            right: side(Cow::Owned(lines)),
            keys: KeyPlan::default(),
            tolerances: decisions.tolerances,
            refused: FxHashSet::default(),
            usual: None,
            made: Vec::new(),
            pairs: Vec::with_capacity(left.len().min(right.len())),
            proposals: Vec::new(),
            proposed_left: FxHashSet::default(),
            proposed_right: FxHashSet::default(),
            loose_sums: Vec::new(),
            contested: FxHashSet::default(),
            suggested: Vec::new(),
            asked: Vec::new(),
            learned: Learned::default(),
            void_links: Vec::new(),
        };
        run.keys = run.plan_keys();
        run.follow(decisions);
        run
    }

    /// Links by hand first, then what must not be paired.
    fn follow(&mut self, decisions: &Decisions) {
        if decisions.links.is_empty() && decisions.refusals.is_empty() {
            return;
        }
        let index = |side: &Side<'_>| -> FxHashMap<u32, At> {
            side.lines.iter().enumerate().map(|(at, line)| (line.row, at as At)).collect()
        };
        let (left, right) = (index(&self.left), index(&self.right));
        let mut claims: FxHashMap<(bool, u32), u32> = FxHashMap::default();
        for link in &decisions.links {
            for row in &link.left {
                *claims.entry((false, *row)).or_default() += 1;
            }
            for row in &link.right {
                *claims.entry((true, *row)).or_default() += 1;
            }
        }
        for (number, link) in decisions.links.iter().enumerate() {
            let of = |rows: &[u32], index: &FxHashMap<u32, At>, side| -> Option<Vec<At>> {
                rows.iter()
                    .map(|row| index.get(row).copied().filter(|_| claims[&(side, *row)] == 1))
                    .collect()
            };
            match (of(&link.left, &left, false), of(&link.right, &right, true)) {
                (Some(l), Some(r)) if !l.is_empty() && !r.is_empty() => {
                    self.pair(l.into(), r.into(), Pass::Hand, Finding::LinkedByHand);
                }
                _ => self.void_links.push(number as u32),
            }
        }
        self.refused =
            decisions.refusals.iter().filter_map(|(l, r)| Some((*left.get(l)?, *right.get(r)?))).collect();
    }

    /// Records a pair and closes its lines.
    pub(super) fn pair(&mut self, left: Rows, right: Rows, pass: Pass, finding: Finding) {
        let reason = self.reason(&left, &right, finding);
        for at in left.iter() {
            debug_assert!(self.left.open[*at as usize], "a left line is paired once");
            self.left.open[*at as usize] = false;
        }
        for at in right.iter() {
            debug_assert!(self.right.open[*at as usize], "a right line is paired once");
            self.right.open[*at as usize] = false;
        }
        self.pairs.push(Pair { left: self.left.rows(&left), right: self.right.rows(&right), pass, reason });
        self.made.push(Made { left, right });
    }

    /// Records a proposal; its lines stay open for other proposals, but are not reported as unmatched.
    pub(super) fn propose(&mut self, left: &[At], right: &[At], pass: Pass, finding: Finding) {
        let reason = self.reason(left, right, finding);
        self.proposed_left.extend(left);
        self.proposed_right.extend(right);
        let (left, right) = (self.left.rows(left), self.right.rows(right));
        self.proposals.push(Proposal { left, right, pass, reason });
    }

    /// Records a proposal whose lines no other explanation is looked for.
    pub(super) fn set_aside(&mut self, left: &[At], right: &[At], pass: Pass, finding: Finding) {
        self.propose(left, right, pass, finding);
        for at in left {
            self.left.open[*at as usize] = false;
        }
        for at in right {
            self.right.open[*at as usize] = false;
        }
    }

    fn reason(&self, left: &[At], right: &[At], finding: Finding) -> Reason {
        let (agree, differ) = self.fields(left, right);
        Reason { finding, agree, differ }
    }

    pub(super) fn l(&self, at: At) -> &Line {
        &self.left.lines[at as usize]
    }

    pub(super) fn r(&self, at: At) -> &Line {
        &self.right.lines[at as usize]
    }

    /// Learns which distance between the dates is usual, from the pairs made so far.
    pub(super) fn learn_days(&mut self) {
        const ENOUGH: usize = 30;
        let mut days: Vec<i32> = self
            .made
            .iter()
            .filter(|made| made.left.len() == 1 && made.right.len() == 1)
            .filter_map(|made| days_between(self.l(made.left[0]), self.r(made.right[0])))
            .collect();
        if days.len() >= ENOUGH {
            days.sort_unstable();
            let cut = days.len() / 20;
            self.usual = Some((days[cut], days[days.len() - 1 - cut]));
        }
    }
}

impl Side<'_> {
    pub(super) fn rows(&self, at: &[At]) -> Rows {
        match at {
            [one] => Rows::one(self.lines[*one as usize].row),
            many => many.iter().map(|at| self.lines[*at as usize].row).collect::<Vec<_>>().into(),
        }
    }

    /// Indexes of the lines that are still open.
    pub(super) fn open(&self) -> impl Iterator<Item = At> {
        self.open.iter().enumerate().filter(|(_, open)| **open).map(|(at, _)| at as At)
    }

    pub(super) fn is_open(&self, at: At) -> bool {
        self.open[at as usize]
    }
}

/// Days from the left to the right date.
pub(super) fn days_between(left: &Line, right: &Line) -> Option<i32> {
    (left.date != NO_DAY && right.date != NO_DAY).then(|| right.date - left.date)
}

fn translate(line: &mut Line, texts: &Union<'_>) {
    for id in [
        &mut line.key,
        &mut line.order,
        &mut line.order_line,
        &mut line.delivery,
        &mut line.delivery_line,
        &mut line.invoice,
        &mut line.code,
        &mut line.code_full,
        &mut line.udi,
        &mut line.item,
        &mut line.name,
        &mut line.spec,
        &mut line.manufacturer,
        &mut line.supplier,
        &mut line.lot,
        &mut line.serial,
        &mut line.unit,
    ] {
        *id = texts.of_right(*id);
    }
}

/// Right number → left number of what people said is the same.
fn aliases(texts: &Union<'_>, decisions: &Decisions, of: AliasOf) -> FxHashMap<TextId, TextId> {
    let pairs = decisions.aliases.iter().filter(|alias| alias.of == of);
    pairs
        .flat_map(|alias| {
            let forms = |raw: &str| super::ledger::forms(raw, of);
            forms(&alias.left).into_iter().zip(forms(&alias.right))
        })
        .filter_map(|(left, right)| Some((texts.find(&right)?, texts.find(&left)?)))
        .collect()
}

fn factors(texts: &Union<'_>, decisions: &Decisions) -> FxHashMap<(TextId, TextId, TextId), u32> {
    let mut known = FxHashMap::default();
    for factor in decisions.factors.iter().filter(|factor| factor.per > 0) {
        let unit = |raw: &str| texts.find(&super::ledger::unit_form(raw));
        let (Some(unit), Some(of)) = (unit(&factor.unit), unit(&factor.of)) else { continue };
        if factor.code.is_empty() {
            known.insert((NONE, unit, of), factor.per);
        }
        for form in super::ledger::forms(&factor.code, AliasOf::Product) {
            if let Some(product) = texts.find(&form) {
                known.insert((product, unit, of), factor.per);
            }
        }
    }
    known
}
