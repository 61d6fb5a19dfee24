//! The state of one run: both ledgers in one space of numbers, what is still open, and what was made.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::around::Around;
use super::compare::amount_of;
use super::decisions::{AliasOf, Decisions, Tolerances};
use super::join::Keyed;
use super::ledger::{LineKind, NO_DAY};
use super::line::Line;
use super::loose_sums::Sum;
use super::numbering::Texts;
use super::outcome::{Field, Finding, Learned, Pair, Pass, Proposal, Reason, Rows};
use super::plan::Columns;
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

/// One side, in numbers that both sides have in common.
pub(super) struct Side<'a> {
    pub(super) lines: Vec<Line<'a>>,
    /// Their row numbers.
    rows: Vec<u32>,
    pub(super) open: Vec<bool>,
    /// The sum of the amounts.
    pub(super) total: i64,
    /// Among these are all that are still open.
    rest: Vec<At>,
    /// How many lines there are of a kind.
    pub(super) kinds: [usize; LineKind::COUNT],
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
    /// By key kind: whether both ledgers state such keys at all.
    pub(super) stated: [bool; 4],
    pub(super) orders_comparable: bool,
    pub(super) items_comparable: bool,
    /// Whether both ledgers state any own codes of products, serial numbers, UDIs.
    pub(super) items: bool,
    pub(super) serials: bool,
    pub(super) udis: bool,
    /// Whether both ledgers state lots.
    pub(super) lots: bool,
    /// And invoice numbers.
    pub(super) invoices: bool,
    /// What two lines score at most without a key that both have.
    pub(super) most: i32,
}

/// Kinds of keys, in the order in which they are tried. The last, order number and product, is a key only where the
/// ledgers have no better one.
pub(super) const KEY_KINDS: [Field; 4] = [Field::Key, Field::OrderLine, Field::DeliveryLine, Field::Order];

pub(super) struct Run<'a> {
    pub(super) texts: &'a Texts<'a>,
    pub(super) left: Side<'a>,
    pub(super) right: Side<'a>,
    pub(super) keys: KeyPlan,
    pub(super) tolerances: Tolerances,
    /// (product or nought, larger unit, smaller unit) → smaller in one larger.
    pub(super) factors: FxHashMap<(TextId, TextId, TextId), u32>,
    pub(super) refused: FxHashSet<(At, At)>,
    /// Days from left to right date that are usual.
    pub(super) usual: Option<(i32, i32)>,
    days: DaysSeen,
    /// By block of goods: the lines in it, left and right, that were open when it was last looked through.
    pub(super) goods: Vec<[Vec<Keyed>; 2]>,
    /// What was found of the open lines' orders and lots among all left lines.
    pub(super) around: Around,
    /// Pairs by line indexes, which their [`Rows`] hold here in place of row numbers.
    pub(super) made: Vec<Pair>,
    pub(super) proposals: Vec<Proposal>,
    pub(super) proposed_left: FxHashSet<At>,
    pub(super) proposed_right: FxHashSet<At>,
    /// Sums that are not certain.
    pub(super) loose_sums: Vec<Sum>,
    /// Right lines that fit two explanations equally: no pass decides between them.
    pub(super) contested: FxHashSet<At>,
    /// Proposals of one line to one: what differs between them is worth knowing before they are confirmed.
    pub(super) suggested: Vec<(At, At)>,
    /// Questions to a person in which several lines are equally good.
    pub(super) asked: Vec<(Vec<At>, Vec<At>)>,
    pub(super) learned: Learned,
    pub(super) void_links: Vec<u32>,
}

impl<'a> Run<'a> {
    pub(super) fn new(texts: &'a Texts<'a>, columns: &Columns<'a>, decisions: &Decisions) -> Self {
        let side = |at| {
            let lines = columns.lines(at);
            let rows = columns.rows(at);
            let (mut total, mut kinds) = (0_i64, [0; LineKind::COUNT]);
            for line in &lines {
                total = total.saturating_add(amount_of(line).unwrap_or_default());
                kinds[line.kind as usize] += 1;
            }
            let (open, rest) = (vec![true; lines.len()], (0..lines.len() as At).collect());
            Side { lines, rows, open, total, rest, kinds }
        };
        let (keys, (left, right)) = rayon::join(|| columns.plan(), || rayon::join(|| side(0), || side(1)));
        let mut run = Self {
            factors: factors(&texts.words, decisions),
            made: Vec::with_capacity(left.lines.len().min(right.lines.len())),
            texts,
            left,
            right,
            keys,
            tolerances: decisions.tolerances,
            refused: FxHashSet::default(),
            usual: None,
            days: DaysSeen::default(),
            goods: Vec::new(),
            around: Around::default(),
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
        run.follow(decisions);
        run
    }

    /// Links by hand first, then what must not be paired.
    fn follow(&mut self, decisions: &Decisions) {
        if decisions.links.is_empty() && decisions.refusals.is_empty() {
            return;
        }
        let index = |side: &Side<'_>| -> FxHashMap<u32, At> {
            side.rows.iter().enumerate().map(|(at, row)| (*row, at as At)).collect()
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
        self.add([Pair { left, right, pass, reason }]);
    }

    /// A pair of one line each, to be recorded.
    pub(super) fn pair_of(&self, l: At, r: At, pass: Pass, finding: Finding) -> Pair {
        let reason = self.reason(&[l], &[r], finding);
        Pair { left: Rows::one(l), right: Rows::one(r), pass, reason }
    }

    /// Records pairs and closes their lines.
    pub(super) fn add(&mut self, pairs: impl AsRef<[Pair]> + IntoIterator<Item = Pair>) {
        for pair in pairs.as_ref() {
            self.left.close(&pair.left);
            self.right.close(&pair.right);
        }
        self.made.extend(pairs);
    }

    /// Forgets the lines that are no longer open, so that the next pass need not look at them.
    pub(super) fn settle(&mut self) {
        let settle = |side: &mut Side<'_>| {
            let Side { open, rest, .. } = side;
            rest.retain(|at| open[*at as usize]);
        };
        rayon::join(|| settle(&mut self.left), || settle(&mut self.right));
    }

    /// The pairs with row numbers.
    pub(super) fn take_pairs(&mut self) -> Vec<Pair> {
        let mut pairs = std::mem::take(&mut self.made);
        pairs.par_iter_mut().for_each(|pair| {
            pair.left = self.left.rows(&pair.left);
            pair.right = self.right.rows(&pair.right);
        });
        // Those of one pass mostly come in the order of the left rows: a stable sort takes such runs as they are.
        pairs.sort_by(|a, b| a.left.cmp(&b.left));
        pairs
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
        self.left.close(left);
        self.right.close(right);
    }

    pub(super) fn reason(&self, left: &[At], right: &[At], finding: Finding) -> Reason {
        let (agree, differ) = self.fields(left, right);
        Reason { finding, agree, differ }
    }

    pub(super) fn l(&self, at: At) -> &Line<'a> {
        &self.left.lines[at as usize]
    }

    pub(super) fn r(&self, at: At) -> &Line<'a> {
        &self.right.lines[at as usize]
    }

    /// Learns which distance between the dates is usual, from the pairs made so far.
    pub(super) fn learn_days(&mut self) {
        const ENOUGH: usize = 30;
        let new = &self.made[self.days.pairs..];
        let new_days: Vec<i32> = new
            .par_iter()
            .filter(|made| made.left.len() == 1 && made.right.len() == 1)
            .filter_map(|made| days_between(self.l(made.left[0]), self.r(made.right[0])))
            .collect();
        self.days.pairs = self.made.len();
        self.days.count += new_days.len();
        for days in new_days {
            *self.days.times.entry(days).or_default() += 1;
        }
        if self.days.count >= ENOUGH {
            let cut = self.days.count / 20;
            self.usual = self.days.at(cut).zip(self.days.at(self.days.count - 1 - cut));
        }
    }
}

/// Days between the dates of pairs, and how often.
#[derive(Default)]
pub(super) struct DaysSeen {
    times: BTreeMap<i32, usize>,
    count: usize,
    /// Pairs that are counted.
    pairs: usize,
}

impl DaysSeen {
    /// The days at a place among all, ascending.
    fn at(&self, place: usize) -> Option<i32> {
        let mut before = 0;
        let mut days = self.times.iter();
        days.find_map(|(days, times)| {
            before += times;
            (before > place).then_some(*days)
        })
    }
}

impl Side<'_> {
    pub(super) fn rows(&self, at: &[At]) -> Rows {
        match at {
            [one] => Rows::one(self.row(*one)),
            many => many.iter().map(|at| self.row(*at)).collect::<Vec<_>>().into(),
        }
    }

    pub(super) fn row(&self, at: At) -> u32 {
        self.rows[at as usize]
    }

    /// Lines that are paired, or set aside, are looked at no more.
    fn close(&mut self, at: &[At]) {
        for at in at {
            let open = &mut self.open[*at as usize];
            debug_assert!(*open, "a line is closed once");
            *open = false;
        }
    }

    /// Indexes of the lines that are still open, ascending.
    pub(super) fn open(&self) -> impl Iterator<Item = At> {
        self.rest.iter().copied().filter(|at| self.open[*at as usize])
    }

    pub(super) fn is_open(&self, at: At) -> bool {
        self.open[at as usize]
    }
}

/// Days from the left to the right date.
pub(super) fn days_between(left: &Line<'_>, right: &Line<'_>) -> Option<i32> {
    (left.date != NO_DAY && right.date != NO_DAY).then(|| right.date - left.date)
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
