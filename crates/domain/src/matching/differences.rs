//! Whatever does not agree, with its owner and the action that closes it.

use rayon::iter::{IntoParallelRefIterator as _, ParallelExtend as _, ParallelIterator as _};
use rayon::slice::ParallelSlice as _;
use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::{Match, QuantityMatch, amount_of, tax_between};
use super::join::{PART, Sieve, mix};
use super::keyed::key_of;
use super::ledger::{ABSENT, NO_DAY};
use super::line::Line;
use super::outcome::{Action, Detail, Difference, DifferenceKind as Kind, Owner, Pair, Rows};
use super::pool::NONE;
use super::run::{At, KEY_KINDS, Run, Side, class, days_between};
use crate::{Amount, Price, Quantity};

/// Days past the usual ones, and without usual ones, that a booking in another month may be late.
const GRACE_DAYS: i32 = 3;
const DAYS_WHEN_UNKNOWN: i32 = 20;

impl Kind {
    /// Who acts, and how; `is_left` where the surplus is the platform's.
    const fn closed_by(self, is_left: bool) -> (Owner, Action) {
        match self {
            Self::QuantityShort => (Owner::Supplier, Action::ClaimShortage),
            Self::QuantityOver => (Owner::Store, Action::ReturnOrOrderSurplus),
            Self::PriceDiffers => (Owner::Procurement, Action::CorrectPrice),
            Self::AmountDiffers => (Owner::Finance, Action::CorrectAmount),
            Self::CodeDiffers => (Owner::Procurement, Action::CorrectCode),
            Self::UnitDiffers => (Owner::Store, Action::ConfirmFactor),
            Self::LotDiffers => (Owner::Store, Action::CheckLot),
            Self::ExpiryDiffers => (Owner::Store, Action::CheckExpiry),
            Self::NotOnPlatform => (Owner::Procurement, Action::FileOffPlatform),
            Self::NotInLedger => (Owner::Store, Action::ReceiveOrAsk),
            Self::ReceivedTwice if is_left => (Owner::Procurement, Action::ReportDuplicate),
            Self::ReceivedTwice => (Owner::Store, Action::ReverseDuplicate),
            Self::InvoicedMoreThanReceived => (Owner::Finance, Action::RejectInvoice),
            Self::InvoiceMissing => (Owner::Supplier, Action::RequestInvoice),
            Self::SettledWithoutAcceptance => (Owner::Finance, Action::AcceptOrRecover),
            Self::ReturnedStillInvoiced => (Owner::Supplier, Action::RequestCreditNote),
            Self::WrongMonth => (Owner::Finance, Action::MoveMonth),
            Self::WrongSupplier => (Owner::Procurement, Action::CorrectSupplier),
        }
    }
}

/// A difference with the owner and action of its kind.
pub(super) fn difference(kind: Kind, left: Rows, right: Rows, amount: i64, detail: Detail) -> Difference {
    let (owner, action) = kind.closed_by(kind == Kind::ReceivedTwice && left.len() > right.len());
    Difference { kind, left, right, amount: Amount::from_units(amount), owner, action, detail }
}

impl Run<'_> {
    /// All differences but those of the document chain; also how many pairs have none.
    pub(super) fn differences<'r>(&'r self) -> (Vec<Difference>, u32) {
        let unexplained = self.unexplained();
        let wanted = Wanted::of(self, &unexplained);
        let of_pairs = |pairs: &'r [Pair]| {
            let (mut found, mut asked_for) = (Vec::new(), Vec::new());
            let mut clean = 0;
            for pair in pairs {
                let before = found.len();
                if !self.is_clean(pair) {
                    self.of_pair(&pair.left, &pair.right, &mut found);
                }
                clean += u32::from(found.len() == before);
                if wanted.may_be(self, pair) {
                    asked_for.push(pair);
                }
            }
            (found, clean, asked_for)
        };
        let parts: Vec<_> = self.made.par_chunks(PART).map(of_pairs).collect();
        let (mut found, mut clean, mut asked_for) = (Vec::new(), 0, Vec::new());
        for (of_part, clean_part, asked_part) in parts {
            found.extend(of_part);
            clean += clean_part;
            asked_for.extend(asked_part);
        }
        self.suggested.iter().for_each(|(l, r)| self.of_pair(&[*l], &[*r], &mut found));
        self.of_unexplained(&unexplained, &wanted, &asked_for, &mut found);
        self.of_equal_rows(&mut found);
        (found, clean)
    }

    /// Whether one line equals the other in all that is compared: most pairs, told quickly.
    fn is_clean(&self, made: &Pair) -> bool {
        let ([l], [r]) = (&*made.left, &*made.right) else { return false };
        let (l, r) = (self.l(*l), self.r(*r));
        let all = |l: &Line<'_>| {
            (
                l.quantity,
                l.price,
                l.amount,
                l.product.unit,
                l.product.code,
                l.product.code_full,
                l.details.udi,
                l.supplier,
                l.lot,
                l.details.serial,
                l.details.expiry,
            )
        };
        all(l) == all(r) && !self.keys.invoices && !self.is_wrong_month(l, r)
    }

    fn of_pair(&self, ls: &[At], rs: &[At], out: &mut Vec<Difference>) {
        let lines = || ls.iter().flat_map(|l| rs.iter().map(move |r| (self.l(*l), self.r(*r))));
        let (left, right) = (self.left.rows(ls), self.right.rows(rs));
        let total = |lines: &mut dyn Iterator<Item = &Line<'_>>,
                     of: fn(&Line<'_>) -> Option<i64>|
         -> Option<i64> { lines.map(of).sum() };
        let quantity_of = |line: &Line<'_>| (line.quantity != ABSENT).then_some(line.quantity);
        let both = |of: fn(&Line<'_>) -> Option<i64>| {
            let a = total(&mut ls.iter().map(|at| self.l(*at)), of);
            let b = total(&mut rs.iter().map(|at| self.r(*at)), of);
            a.zip(b)
        };
        let money = both(amount_of).map_or(0, |(a, b)| b - a);
        let mut add = |kind, amount, detail| {
            out.push(difference(kind, left.clone(), right.clone(), amount, detail));
        };
        let single = if let ([l], [r]) = (ls, rs) { Some((self.l(*l), self.r(*r))) } else { None };

        let converted =
            single.is_some_and(|(l, r)| matches!(self.quantity(l, r), QuantityMatch::Converted { .. }));
        let mut is_short_or_over = false;
        let quantities = both(quantity_of);
        if let Some((a, b)) = quantities.filter(|_| !converted)
            && (a - b).abs() > self.tolerances.quantity.units()
        {
            is_short_or_over = true;
            let kind = if b.abs() < a.abs() { Kind::QuantityShort } else { Kind::QuantityOver };
            let quantity = Some((Quantity::from_units(a), Quantity::from_units(b)));
            add(kind, money, Detail { quantity, ..Detail::default() });
        }
        let units_differ =
            lines().any(|(l, r)| Match::exact(l.product.unit, r.product.unit) == Match::Differ);
        if units_differ || converted {
            let quantity = quantities.map(|(a, b)| (Quantity::from_units(a), Quantity::from_units(b)));
            add(Kind::UnitDiffers, money, Detail { quantity, ..Detail::default() });
        }
        let mut price_differs = false;
        // Of several lines the one that matters most is named, whatever their order.
        let costliest = lines()
            .filter(|(l, r)| !converted && self.price(l, r) == Match::Differ)
            .max_by_key(|(l, r)| (price_effect(l, r).abs(), price_effect(l, r), l.price, r.price));
        if let Some((l, r)) = costliest {
            price_differs = true;
            let price = Some((Price::from_units(l.price), Price::from_units(r.price)));
            let worth = if is_short_or_over { price_effect(l, r) } else { money };
            add(
                Kind::PriceDiffers,
                if worth == 0 { price_effect(l, r) } else { worth },
                Detail { price, tax_percent: tax_between(l, r), ..Detail::default() },
            );
        }
        // Rounding of each line's amount to the fen is no difference.
        let rounding = 100 * (ls.len() + rs.len() - 1) as i64;
        let tolerated = self.tolerances.amount.units().max(if single.is_some() { 0 } else { rounding });
        if !converted && !is_short_or_over && !price_differs && money.abs() > tolerated.max(100) {
            add(Kind::AmountDiffers, money, Detail::default());
        }
        let mut any = |kind, differs: &dyn Fn(&Line<'_>, &Line<'_>) -> bool| {
            if lines().any(|(l, r)| differs(l, r)) {
                add(kind, 0, Detail::default());
            }
        };
        any(Kind::CodeDiffers, &|l, r| self.code(l, r).clashes());
        // Parts of one order line may come in several lots.
        if single.is_some() {
            any(Kind::LotDiffers, &|l, r| self.lot(l, r).clashes());
            any(Kind::ExpiryDiffers, &|l, r| {
                l.details.expiry != NO_DAY
                    && r.details.expiry != NO_DAY
                    && l.details.expiry != r.details.expiry
            });
        }
        any(Kind::WrongSupplier, &|l, r| Match::exact(l.supplier, r.supplier) == Match::Differ);
        let farthest = lines()
            .filter(|(l, r)| self.is_wrong_month(l, r))
            .filter_map(|(l, r)| days_between(l, r))
            .max_by_key(|days| (days.abs(), *days));
        if farthest.is_some() {
            add(Kind::WrongMonth, money, Detail { days: farthest, ..Detail::default() });
        }
        if self.keys.invoices {
            let invoice = |at: &Line<'_>| at.details.invoice == NONE;
            if rs.iter().any(|r| invoice(self.r(*r))) && !ls.iter().any(|l| invoice(self.l(*l))) {
                let worth = both(amount_of).map_or(0, |(_, b)| b);
                add(Kind::InvoiceMissing, worth, Detail::default());
            }
        }
    }

    fn is_wrong_month(&self, l: &Line<'_>, r: &Line<'_>) -> bool {
        let Some(days) = days_between(l, r) else { return false };
        let is_late = match (self.tolerances.days, self.usual) {
            (Some(most), _) => days.abs() > i32::from(most),
            (None, Some((low, high))) => !(low - GRACE_DAYS..=high + GRACE_DAYS).contains(&days),
            (None, None) => days.abs() > DAYS_WHEN_UNKNOWN,
        };
        is_late && month_of(l.date) != month_of(r.date)
    }

    /// The comparable keys of a line, with the number of their kind.
    fn keys_of(&self, line: &Line<'_>) -> impl Iterator<Item = (usize, u64)> + use<> {
        let comparable = self.keys.comparable;
        let keys = KEY_KINDS.map(|kind| key_of(line, kind, self.keys));
        (0..KEY_KINDS.len()).filter(move |at| comparable[*at]).map(move |at| (at, keys[at]))
    }

    /// Lines in no pair: a second entry of a paired line, or never on the other side. `pairs` are those that may hold
    /// what these lines ask for.
    fn of_unexplained(
        &self,
        unexplained: &[Vec<At>; 2],
        wanted: &Wanted,
        pairs: &[&Pair],
        out: &mut Vec<Difference>,
    ) {
        let keys_of = |line: &Line<'_>| self.keys_of(line);
        let mut by_key: FxHashMap<(usize, u64), Vec<&Pair>> = FxHashMap::default();
        let mut same: FxHashMap<(bool, u64), &Pair> = FxHashMap::default();
        let first = |pair: &Pair| pair.left.iter().map(|at| self.left.row(*at)).min();
        for made in pairs.iter().copied() {
            let left = made.left.iter().map(|at| (false, self.l(*at)));
            let right = made.right.iter().map(|at| (true, self.r(*at)));
            for (is_right, line) in left.chain(right) {
                for key in keys_of(line).filter(|key| wanted.keys.contains(key)) {
                    by_key.entry(key).or_default().push(made);
                }
                let content = content(line);
                if wanted.contents.contains(&content) {
                    let known = same.entry((is_right, content)).or_insert(made);
                    if first(made) < first(known) {
                        *known = made;
                    }
                }
            }
        }
        // Of the pairs of a line's key those that it belongs to, and of these one that has its quantity; then the first.
        let of_key = |line: &Line<'_>, belongs: &dyn Fn(&Pair) -> bool| {
            keys_of(line).find_map(|key| {
                let pairs = by_key.get(&key)?.iter().copied();
                pairs
                    .filter(|made| belongs(made))
                    .min_by_key(|made| (!self.has_quantity(made, line), first(made)))
            })
        };
        // Two lines with keys of their own are two, however equal they are.
        let has_key = |line: &Line<'_>| {
            KEY_KINDS
                .into_iter()
                .enumerate()
                .any(|(at, kind)| self.keys.comparable[at] && key_of(line, kind, self.keys) != 0)
        };
        let worth = |line: &Line<'_>| amount_of(line).unwrap_or_default();
        let of_right = |at: At| {
            let line = self.r(at);
            let row = Rows::one(self.right.row(at));
            let of_key = of_key(line, &|made| made.left.iter().any(|l| self.decides(self.l(*l), line)));
            let first =
                of_key.or_else(|| same.get(&(true, content(line))).copied().filter(|_| !has_key(line)));
            let Some(made) = first else {
                return difference(Kind::NotOnPlatform, Rows::none(), row, worth(line), Detail::default());
            };
            let is_repeat = self.has_quantity(made, line);
            let kind = if is_repeat { Kind::ReceivedTwice } else { Kind::QuantityOver };
            let left = self.left.rows(&made.left);
            let mut found = difference(kind, left, row, worth(line), Detail::default());
            if is_repeat {
                (found.owner, found.action) = kind.closed_by(false);
            }
            found
        };
        let of_left = |at: At| {
            let line = self.l(at);
            let row = Rows::one(self.left.row(at));
            let of_key = of_key(line, &|made| made.right.iter().any(|r| self.decides(line, self.r(*r))));
            let first = of_key
                .filter(|made| made.left.iter().any(|l| self.l(*l).quantity == line.quantity))
                .or_else(|| same.get(&(false, content(line))).copied().filter(|_| !has_key(line)));
            let Some(made) = first else {
                return difference(Kind::NotInLedger, row, Rows::none(), worth(line), Detail::default());
            };
            let right = self.right.rows(&made.right);
            let mut found = difference(Kind::ReceivedTwice, row, right, worth(line), Detail::default());
            (found.owner, found.action) = Kind::ReceivedTwice.closed_by(true);
            found
        };
        let [left, right] = unexplained;
        out.par_extend(right.par_iter().copied().map(of_right));
        out.par_extend(left.par_iter().copied().map(of_left));
    }

    /// Whether a line of the pair has the quantity of this one.
    fn has_quantity(&self, pair: &Pair, line: &Line<'_>) -> bool {
        pair.left.iter().any(|at| self.l(*at).quantity == line.quantity)
            || pair.right.iter().any(|at| self.r(*at).quantity == line.quantity)
    }

    /// Equal rows without a key, of one day, more on one side than on the other: the surplus is a difference
    /// whichever of them a person links.
    fn of_equal_rows(&self, out: &mut Vec<Difference>) {
        for proposal in &self.asked {
            let (ls, rs) = proposal;
            let equal = |contents: Vec<u64>| contents.iter().collect::<FxHashSet<_>>().len() == 1;
            if ls.len() == rs.len() || rs.is_empty() || ls.is_empty() {
                continue;
            }
            let all_left = equal(ls.iter().map(|at| content(self.l(*at))).collect());
            let all_right = equal(rs.iter().map(|at| content(self.r(*at))).collect());
            if all_left && all_right {
                let surplus_left = ls.len() > rs.len();
                let one = if surplus_left { self.l(ls[0]) } else { self.r(rs[0]) };
                let more = ls.len().abs_diff(rs.len()) as i64;
                let amount = amount_of(one).unwrap_or_default().saturating_mul(more);
                let (left, right) = (self.left.rows(ls), self.right.rows(rs));
                let mut found = difference(Kind::ReceivedTwice, left, right, amount, Detail::default());
                (found.owner, found.action) = Kind::ReceivedTwice.closed_by(surplus_left);
                out.push(found);
            }
        }
    }

    /// Lines in no pair and no proposal, left and right.
    fn unexplained(&self) -> [Vec<At>; 2] {
        let of = |side: &Side<'_>, proposed: &FxHashSet<At>| {
            side.open().filter(|at| !proposed.contains(at)).collect()
        };
        rayon::join(|| of(&self.left, &self.proposed_left), || of(&self.right, &self.proposed_right)).into()
    }

    /// Their rows.
    pub(super) fn unmatched(&self) -> [Vec<u32>; 2] {
        let [left, right] = self.unexplained();
        let rows = |side: &Side<'_>, lines: Vec<At>| {
            let mut rows: Vec<u32> = lines.into_iter().map(|at| side.row(at)).collect();
            rows.sort_unstable();
            rows
        };
        [rows(&self.left, left), rows(&self.right, right)]
    }
}

/// What lines in no pair ask for among the pairs.
struct Wanted {
    /// Their keys.
    keys: FxHashSet<(usize, u64)>,
    /// Their content.
    contents: FxHashSet<u64>,
    key_sieve: Sieve,
    content_sieve: Sieve,
}

impl Wanted {
    fn of(run: &Run<'_>, lines: &[Vec<At>; 2]) -> Self {
        let [left, right] = lines;
        let lines = || left.iter().map(|at| run.l(*at)).chain(right.iter().map(|at| run.r(*at)));
        let keys = || {
            let keys: FxHashSet<(usize, u64)> =
                lines().flat_map(|line| run.keys_of(line)).filter(|(_, key)| *key != 0).collect();
            let sieve = Sieve::of(keys.len(), keys.iter().map(|(_, key)| *key));
            (keys, sieve)
        };
        let contents = || {
            let contents: FxHashSet<u64> = lines().map(content).collect();
            let sieve = Sieve::of(contents.len(), lines().map(part_of_content));
            (contents, sieve)
        };
        let ((keys, key_sieve), (contents, content_sieve)) = rayon::join(keys, contents);
        Self { keys, contents, key_sieve, content_sieve }
    }

    /// Whether a pair may hold such a line; never false for one that does.
    fn may_be(&self, run: &Run<'_>, pair: &Pair) -> bool {
        let is_wanted = |line: &Line<'_>| {
            self.content_sieve.may_hold(part_of_content(line))
                || run.keys_of(line).any(|(_, key)| key != 0 && self.key_sieve.may_hold(key))
        };
        pair.left.iter().any(|at| is_wanted(run.l(*at))) || pair.right.iter().any(|at| is_wanted(run.r(*at)))
    }
}

/// What the other price makes of the right line's quantity, to the fen.
fn price_effect(l: &Line<'_>, r: &Line<'_>) -> i64 {
    if r.quantity == ABSENT {
        return 0;
    }
    let by = Price::from_units(r.price - l.price);
    Amount::of(by, Quantity::from_units(r.quantity)).map_or(0, Amount::units)
}

/// Year and month of a day.
fn month_of(day: i32) -> Option<(i32, u32)> {
    use chrono::Datelike;
    chrono::NaiveDate::from_num_days_from_ce_opt(day).map(|date| (date.year(), date.month()))
}

/// A part of [`content`] that is quickly told.
const fn part_of_content(line: &Line<'_>) -> u64 {
    (line.quantity as u64) << 32
        ^ (line.lot as u64) << 16
        ^ line.product.code_full as u64
        ^ (line.date as u64) << 40
}

/// Everything but the row and the key: equal for rows that nobody could tell apart.
fn content(line: &Line<'_>) -> u64 {
    mix(&[
        class(line.kind) as u64,
        line.product.code_full.into(),
        line.product.item.into(),
        line.product.name.into(),
        line.product.spec.into(),
        line.supplier.into(),
        line.lot.into(),
        line.details.serial.into(),
        line.product.unit.into(),
        line.date as u64,
        line.quantity as u64,
        line.price as u64,
        line.amount as u64,
    ])
}
