//! Comparing two lines, field by field, and weighing what was found.

use super::keyed::key_of;
use super::ledger::{ABSENT, NO_DAY};
use super::line::Line;
use super::outcome::{Field, Fields, Slip};
use super::pool::{NONE, TextId};
use super::run::{At, KEY_KINDS, Run, class, days_between};
use super::slips::SlipKind;
use crate::SCALE;

/// How one field of two lines compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// One side does not state it.
    Absent,
    Agree,
    /// Different by a slip of the pen.
    Near(SlipKind),
    Differ,
}

impl Match {
    pub(super) fn exact(a: TextId, b: TextId) -> Self {
        if a == NONE || b == NONE {
            Self::Absent
        } else if a == b {
            Self::Agree
        } else {
            Self::Differ
        }
    }

    pub(super) fn exact_number(a: i64, b: i64) -> Self {
        if a == ABSENT || b == ABSENT {
            Self::Absent
        } else if a == b {
            Self::Agree
        } else {
            Self::Differ
        }
    }

    pub(super) const fn is_near(self) -> bool {
        matches!(self, Self::Near(_))
    }

    pub(super) const fn clashes(self) -> bool {
        matches!(self, Self::Near(_) | Self::Differ)
    }
}

/// How two quantities compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuantityMatch {
    Absent,
    Equal,
    /// `left` times the left quantity is `right` times the right one.
    Converted {
        left: u32,
        right: u32,
        known: bool,
    },
    Differ,
}

impl QuantityMatch {
    /// Whether both lines record the same goods in full.
    pub(super) const fn agrees(self) -> bool {
        matches!(self, Self::Equal | Self::Converted { .. } | Self::Absent)
    }
}

/// What the comparison of two lines found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison {
    /// Higher is likelier; only the order and the distance to the next candidate matter.
    pub(super) score: i32,
    /// Whether it may be paired without a person, when nothing else is as good.
    pub(super) sound: bool,
    pub(super) slip: Option<Slip>,
    pub(super) quantity: QuantityMatch,
    pub(super) key: Match,
    /// Whether the dates are as far apart as is usual.
    pub(super) is_usual: bool,
}

/// How far apart two dates are, next to what is usual in these data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lag {
    Usual,
    /// Late, as goods sometimes are.
    Late,
    /// Before the order, or far too late.
    Odd,
}

/// What a field adds to the score where it agrees.
pub(super) mod weights {
    pub(crate) const KEY: i32 = 10;
    /// Without a key.
    pub(crate) const ORDER: i32 = 5;
    pub(crate) const CODE: i32 = 4;
    pub(crate) const WORDS: i32 = 3;
    pub(crate) const WORDS_BESIDE_CODE: i32 = 1;
    pub(crate) const LOT: i32 = 6;
    pub(crate) const SUPPLIER: i32 = 2;
    pub(crate) const QUANTITY: i32 = 4;
    pub(crate) const PRICE: i32 = 2;
    pub(crate) const AMOUNT: i32 = 1;
    pub(crate) const EXPIRY: i32 = 1;
    pub(crate) const DAYS: i32 = 2;
}

/// Days within which an equal row may be the one that is meant.
const TWIN_DAYS: i32 = 10;

/// Largest conversion that is looked for in the data.
const MOST_PER_UNIT: i64 = 10_000;

impl Run<'_> {
    /// Whether two lines may be matched at all.
    pub(super) fn allowed(&self, l: At, r: At) -> bool {
        class(self.l(l).kind) == class(self.r(r).kind)
            && (self.refused.is_empty() || !self.refused.contains(&(l, r)))
    }

    /// Compares two texts, slips included.
    pub(super) fn text(&self, a: TextId, b: TextId) -> Match {
        match Match::exact(a, b) {
            Match::Differ => self.texts.slip(a, b).map_or(Match::Differ, Match::Near),
            found => found,
        }
    }

    /// National codes: 27 characters against 27, otherwise the first 20.
    pub(super) fn code(&self, l: &Line<'_>, r: &Line<'_>) -> Match {
        let both_full = l.product.code != l.product.code_full && r.product.code != r.product.code_full;
        let (a, b) = if both_full {
            (l.product.code_full, r.product.code_full)
        } else {
            (l.product.code, r.product.code)
        };
        if Match::exact(a, b) != Match::Agree && Match::exact(l.details.udi, r.details.udi) == Match::Agree {
            return if a == NONE || b == NONE { Match::Agree } else { self.text(a, b) };
        }
        if a == NONE || b == NONE {
            let cross = |code, item| code != NONE && code == item;
            return if cross(l.product.code, r.product.item) || cross(l.product.item, r.product.code) {
                Match::Agree
            } else {
                Match::Absent
            };
        }
        self.text(a, b)
    }

    /// Own item code, or name and specification.
    pub(super) fn words(&self, l: &Line<'_>, r: &Line<'_>) -> Match {
        if self.keys.items_comparable && Match::exact(l.product.item, r.product.item) == Match::Agree {
            return Match::Agree;
        }
        match (Match::exact(l.product.name, r.product.name), Match::exact(l.product.spec, r.product.spec)) {
            (Match::Agree, Match::Agree | Match::Absent) => Match::Agree,
            (Match::Absent, Match::Agree) => Match::Absent,
            (Match::Agree, _) => self.text(l.product.spec, r.product.spec),
            (Match::Absent, other) => other,
            (_, Match::Differ) => Match::Differ,
            _ => self.text(l.product.name, r.product.name),
        }
    }

    /// Serial numbers where both state them, otherwise lots.
    pub(super) fn lot(&self, l: &Line<'_>, r: &Line<'_>) -> Match {
        match Match::exact(l.details.serial, r.details.serial) {
            Match::Absent => self.text(l.lot, r.lot),
            Match::Agree => Match::Agree,
            _ => self.text(l.details.serial, r.details.serial),
        }
    }

    /// Whether both lines state keys and none is the same: what [`Self::key`] finds clashes, told without a look at the
    /// texts.
    pub(super) fn keys_clash(&self, l: &Line<'_>, r: &Line<'_>) -> bool {
        let mut clashes = false;
        for (at, kind) in KEY_KINDS.into_iter().enumerate() {
            let (a, b) = (key_of(l, kind, self.keys), key_of(r, kind, self.keys));
            if a == 0 || b == 0 || !self.keys.comparable[at] {
                continue;
            }
            if a == b {
                return false;
            }
            clashes = true;
        }
        clashes
    }

    /// The strongest thing that any key says.
    pub(super) fn key(&self, l: &Line<'_>, r: &Line<'_>) -> Match {
        let mut found = Match::Absent;
        for (at, kind) in KEY_KINDS.into_iter().enumerate() {
            let (a, b) = (key_of(l, kind, self.keys), key_of(r, kind, self.keys));
            if a == 0 || b == 0 || !self.keys.comparable[at] {
                continue;
            }
            if a == b {
                return Match::Agree;
            }
            let parts = [(a >> 32, b >> 32), (a & 0xffff_ffff, b & 0xffff_ffff)];
            let mut changed = parts.iter().filter(|(a, b)| a != b);
            let near = match (changed.next(), changed.next()) {
                (Some((a, b)), None) => self.text(*a as TextId, *b as TextId),
                _ => Match::Differ,
            };
            if found == Match::Absent || near.is_near() {
                found = near;
            }
        }
        found
    }

    /// Quantities, by known factors and by what price and amount say.
    pub(super) fn quantity(&self, l: &Line<'_>, r: &Line<'_>) -> QuantityMatch {
        if l.quantity == ABSENT || r.quantity == ABSENT {
            return QuantityMatch::Absent;
        }
        let units = Match::exact(l.product.unit, r.product.unit);
        if units != Match::Agree
            && units != Match::Absent
            && let Some((left, right)) = self.known_factor(l, r)
        {
            return if i128::from(l.quantity) * i128::from(left) == i128::from(r.quantity) * i128::from(right)
            {
                QuantityMatch::Converted { left, right, known: true }
            } else {
                QuantityMatch::Differ
            };
        }
        if (l.quantity - r.quantity).abs() <= self.tolerances.quantity.units() {
            return QuantityMatch::Equal;
        }
        factor_in_data(l, r)
    }

    /// (left, right) so that `left` × the left quantity and `right` × the right one are in one unit.
    fn known_factor(&self, l: &Line<'_>, r: &Line<'_>) -> Option<(u32, u32)> {
        if self.factors.is_empty() {
            return None;
        }
        let products = [
            l.product.code_full,
            l.product.code,
            l.product.item,
            l.product.name,
            r.product.code_full,
            r.product.code,
            r.product.item,
            r.product.name,
            NONE,
        ];
        products.into_iter().find_map(|product| {
            let per = |unit, of| self.factors.get(&(product, unit, of)).copied();
            per(l.product.unit, r.product.unit)
                .map(|n| (n, 1))
                .or_else(|| per(r.product.unit, l.product.unit).map(|n| (1, n)))
        })
    }

    /// Unit prices; equal within the tolerance.
    pub(super) fn price(&self, l: &Line<'_>, r: &Line<'_>) -> Match {
        match Match::exact_number(l.price, r.price) {
            Match::Differ if (l.price - r.price).abs() <= self.tolerances.price.units() => Match::Agree,
            found => found,
        }
    }

    /// Weighs everything.
    pub(super) fn compare(&self, l: &Line<'_>, r: &Line<'_>) -> Comparison {
        let key = self.key(l, r);
        let order = if self.keys.orders_comparable { self.text(l.order, r.order) } else { Match::Absent };
        let code = self.code(l, r);
        let words = self.words(l, r);
        let lot = self.lot(l, r);
        let supplier = Match::exact(l.supplier, r.supplier);
        let quantity = self.quantity(l, r);
        let converted = matches!(quantity, QuantityMatch::Converted { .. });
        let price = if converted { Match::Agree } else { self.price(l, r) };
        let tax = if price == Match::Differ { tax_between(l, r) } else { None };
        let amount = match (amount_of(l), amount_of(r)) {
            (Some(a), Some(b)) => (a - b).abs() <= self.tolerances.amount.units() || converted,
            _ => false,
        };
        let expiry_of =
            |line: &Line<'_>| if line.details.expiry == NO_DAY { ABSENT } else { line.details.expiry.into() };
        let expiry = Match::exact_number(expiry_of(l), expiry_of(r));
        let (day, lag) = self.weigh_days(l, r);
        let is_usual = lag == Lag::Usual;

        let weigh = |found: Match, agree: i32, near: i32, differ: i32| match found {
            Match::Absent => 0,
            Match::Agree => agree,
            Match::Near(SlipKind::Transposed) => near + 1,
            Match::Near(_) => near,
            Match::Differ => differ,
        };
        let order_weight = match key {
            Match::Agree => weigh(order, 1, 0, 0),
            Match::Absent => weigh(order, weights::ORDER, 2, -6),
            Match::Near(_) => weigh(order, 2, 0, 0),
            Match::Differ => weigh(order, 3, 1, 0),
        };
        let score = weigh(key, weights::KEY, 4, -6)
            + order_weight
            + weigh(code, weights::CODE, 2, -6)
            + weigh(
                words,
                if code == Match::Agree { weights::WORDS_BESIDE_CODE } else { weights::WORDS },
                0,
                if code == Match::Agree { -1 } else { -4 },
            )
            + weigh(lot, weights::LOT, 3, -5)
            // Where lots are kept, a line without one is sooner like another without one.
            - i32::from(self.keys.lots && (l.lot == NONE) != (r.lot == NONE))
            + weigh(supplier, weights::SUPPLIER, 0, -4)
            + match quantity {
                QuantityMatch::Equal | QuantityMatch::Converted { known: true, .. } => weights::QUANTITY,
                QuantityMatch::Converted { .. } => 3,
                QuantityMatch::Absent => 0,
                QuantityMatch::Differ => -4,
            }
            + if tax.is_some() { 1 } else { weigh(price, weights::PRICE, 0, -2) }
            + if amount { weights::AMOUNT } else { 0 }
            + weigh(expiry, weights::EXPIRY, 0, -2)
            + day;

        let product = match (code, words) {
            (Match::Agree, _) | (Match::Absent, Match::Agree) => Match::Agree,
            (Match::Differ, Match::Agree) => Match::Near(SlipKind::Other),
            (Match::Near(kind), Match::Agree | Match::Absent | Match::Near(_))
            | (Match::Absent, Match::Near(kind)) => Match::Near(kind),
            (Match::Absent, Match::Absent) => Match::Absent,
            _ => Match::Differ,
        };
        let clashes = [code, lot, supplier, price].into_iter().filter(|m| m.clashes()).count()
            + usize::from(quantity == QuantityMatch::Differ);
        let whole = matches!(
            quantity,
            QuantityMatch::Equal | QuantityMatch::Converted { known: true, .. } | QuantityMatch::Absent
        );
        let is_product = product == Match::Agree || product.is_near();
        let has_lot = lot == Match::Agree || lot.is_near();
        let exact_goods = code == Match::Agree && lot == Match::Agree && supplier == Match::Agree;
        let sound = match key {
            Match::Agree => is_product && clashes <= 2 && score >= 14,
            // Another line's number, but within the same order and with all else as it should be.
            Match::Differ => order == Match::Agree && exact_goods && whole && clashes == 0 && lag != Lag::Odd,
            Match::Near(_) | Match::Absent => {
                let units_differ =
                    Match::exact(l.product.unit, r.product.unit) == Match::Differ && !converted;
                let oddities = clashes
                    + usize::from(expiry.clashes())
                    + usize::from(units_differ)
                    + usize::from(!is_usual && self.usual.is_some());
                // The same goods of the same days at the same price, received short or over.
                let is_short_or_over = exact_goods
                    && quantity == QuantityMatch::Differ
                    && price == Match::Agree
                    && !units_differ
                    && order != Match::Differ
                    && is_usual;
                is_product
                    && oddities <= 1
                    && (lag != Lag::Odd || key.is_near() || order == Match::Agree)
                    && (is_short_or_over
                    || whole && has_lot && score >= 15
                    // Without lots: the order's number, or everything else and a usual date.
                    || whole && lot == Match::Absent && order == Match::Agree && supplier != Match::Differ && score >= 14
                    || whole && lot == Match::Absent && is_usual && clashes == 0 && supplier == Match::Agree && score >= 14)
            }
        };
        let slip = [(key, Field::OrderLine), (order, Field::Order), (code, Field::Code), (lot, Field::Lot)]
            .into_iter()
            .find_map(|(found, field)| match found {
                Match::Near(SlipKind::Transposed) => Some(Slip::Transposed { field }),
                Match::Near(SlipKind::OneCharacter) => Some(Slip::OneCharacter { field }),
                Match::Near(SlipKind::CutShort) => Some(Slip::CutShort { field }),
                Match::Near(SlipKind::Other) | Match::Differ => Some(Slip::Different { field }),
                _ => None,
            })
            .or_else(|| tax.map(|percent| Slip::Tax { percent }))
            .or_else(|| days_between(l, r).filter(|_| !is_usual).map(|days| Slip::Days { days }))
            .or_else(|| (key == Match::Absent).then_some(Slip::KeyMissing));
        Comparison { score, sound, slip, quantity, key, is_usual }
    }

    /// The weight of the distance between the dates, and what it is.
    fn weigh_days(&self, l: &Line<'_>, r: &Line<'_>) -> (i32, Lag) {
        let Some(days) = days_between(l, r) else {
            return (0, if l.date == NO_DAY && r.date == NO_DAY { Lag::Usual } else { Lag::Late });
        };
        match self.usual {
            Some((low, high)) if (low..=high).contains(&days) => (weights::DAYS, Lag::Usual),
            // An equal row of the next week is no worse: two equal weekly rows are a question to a person.
            Some((_, high)) if (high..=high + TWIN_DAYS).contains(&days) => (1, Lag::Late),
            Some((low, high)) if (low - 1..=high + 45).contains(&days) => (0, Lag::Late),
            None if days == 0 => (weights::DAYS, Lag::Usual),
            None if (1..=14).contains(&days) => (1, Lag::Usual),
            None if (-7..=45).contains(&days) => (0, Lag::Late),
            _ => (-3, Lag::Odd),
        }
    }

    /// What agrees and what differs between the rows of a pair: of every row, where there are several.
    pub(super) fn fields(&self, left: &[At], right: &[At]) -> (Fields, Fields) {
        let (mut agree, mut differ) = (None, Fields::default());
        for l in left {
            for r in right {
                let (a, d) = self.fields_of(self.l(*l), self.r(*r), left.len() + right.len() == 2);
                agree = Some(agree.map_or(a, |before: Fields| before.both(a)));
                differ = differ.either(d);
            }
        }
        (agree.unwrap_or_default(), differ)
    }

    fn fields_of(&self, l: &Line<'_>, r: &Line<'_>, is_single: bool) -> (Fields, Fields) {
        let (mut agree, mut differ) = (Fields::default(), Fields::default());
        let mut note = |field, found| match found {
            Match::Agree => agree.insert(field),
            Match::Absent => {}
            _ => differ.insert(field),
        };
        for (at, kind) in KEY_KINDS.into_iter().enumerate() {
            let (a, b) = (key_of(l, kind, self.keys), key_of(r, kind, self.keys));
            if self.keys.comparable[at] && a != 0 && b != 0 {
                note(kind, if a == b { Match::Agree } else { Match::Differ });
            }
        }
        if self.keys.orders_comparable {
            note(Field::Order, Match::exact(l.order, r.order));
        }
        let both_full = l.product.code != l.product.code_full && r.product.code != r.product.code_full;
        note(
            Field::Code,
            if both_full {
                Match::exact(l.product.code_full, r.product.code_full)
            } else {
                Match::exact(l.product.code, r.product.code)
            },
        );
        note(Field::Udi, Match::exact(l.details.udi, r.details.udi));
        if self.keys.items_comparable {
            note(Field::Item, Match::exact(l.product.item, r.product.item));
        }
        note(Field::Name, Match::exact(l.product.name, r.product.name));
        note(Field::Spec, Match::exact(l.product.spec, r.product.spec));
        note(Field::Supplier, Match::exact(l.supplier, r.supplier));
        note(Field::Lot, Match::exact(l.lot, r.lot));
        note(Field::Serial, Match::exact(l.details.serial, r.details.serial));
        note(Field::Unit, Match::exact(l.product.unit, r.product.unit));
        note(Field::Price, self.price(l, r));
        let day = |date: i32| if date == NO_DAY { ABSENT } else { i64::from(date) };
        note(Field::Expiry, Match::exact_number(day(l.details.expiry), day(r.details.expiry)));
        note(Field::Date, Match::exact_number(day(l.date), day(r.date)));
        if is_single {
            note(Field::Quantity, Match::exact_number(l.quantity, r.quantity));
            let amount = |line| amount_of(line).unwrap_or(ABSENT);
            note(Field::Amount, Match::exact_number(amount(l), amount(r)));
        }
        (agree, differ)
    }
}

/// A whole factor between the quantities, the inverse of it between the prices, the same amount.
fn factor_in_data(l: &Line<'_>, r: &Line<'_>) -> QuantityMatch {
    let (Some(a), Some(b)) = (amount_of(l), amount_of(r)) else { return QuantityMatch::Differ };
    let (more, fewer) = if l.quantity.abs() > r.quantity.abs() { (l, r) } else { (r, l) };
    if fewer.quantity == 0
        || more.quantity % fewer.quantity != 0
        || more.price == ABSENT
        || fewer.price == ABSENT
    {
        return QuantityMatch::Differ;
    }
    let per = more.quantity / fewer.quantity;
    if !(2..=MOST_PER_UNIT).contains(&per) {
        return QuantityMatch::Differ;
    }
    // A unit price is rounded to the fen at worst, so the amounts may part by half a fen a piece.
    let rounding = (i128::from(more.quantity.abs()) / 200).max(i128::from(SCALE / 100));
    let close = |x: i128, y: i128| (x - y).abs() <= rounding.min(x.abs() / 100);
    let lowered = i128::from(fewer.price) - i128::from(more.price) * i128::from(per);
    if !close(i128::from(a), i128::from(b)) || lowered.abs() > i128::from(per) * i128::from(SCALE / 200) {
        return QuantityMatch::Differ;
    }
    let per = per as u32;
    let (left, right) = if l.quantity.abs() > r.quantity.abs() { (1, per) } else { (per, 1) };
    QuantityMatch::Converted { left, right, known: false }
}

/// The amount of a line: as stated, otherwise price × quantity.
pub(super) fn amount_of(line: &Line<'_>) -> Option<i64> {
    if line.amount != ABSENT {
        return Some(line.amount);
    }
    if line.price == ABSENT || line.quantity == ABSENT {
        return None;
    }
    let (price, quantity) =
        (crate::Price::from_units(line.price), crate::Quantity::from_units(line.quantity));
    crate::Amount::of(price, quantity).map(crate::Amount::units)
}

/// 增值税 rates in use; 17, 16, 11 and 10 until 2019.
const TAX_RATES: [u8; 8] = [13, 9, 6, 3, 1, 17, 16, 5];

/// The rate by which one price is the other with tax, within a fen.
pub(super) fn tax_between(l: &Line<'_>, r: &Line<'_>) -> Option<u8> {
    if l.price == ABSENT || r.price == ABSENT {
        return None;
    }
    let (net, gross) = (l.price.min(r.price), l.price.max(r.price));
    let stated = [l.tax, r.tax];
    let rates = stated.into_iter().filter(|rate| *rate > 0).chain(TAX_RATES);
    rates.into_iter().find(|rate| {
        let with_tax = i128::from(net) * i128::from(100 + u32::from(*rate)) / 100;
        (with_tax - i128::from(gross)).abs() <= i128::from(SCALE / 100)
            && i128::from(net) * i128::from(*rate) > i128::from(SCALE) * 4
    })
}
