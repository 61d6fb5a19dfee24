//! From a line or a delivery to what it contributes.

use super::measure::{Contribution, Measure, Scope};
use crate::codes::{CodeKind, check};
use crate::decimal::{Amount, Price, Quantity};
use crate::state::OrderLineState;

const HOUR: i64 = 3600;
const DAY: i64 = 86_400;
/// Shanghai is eight hours ahead.
const EAST: i64 = 8 * HOUR;
/// Where a platform states no clock: urgent goods within four hours, others within 48, holidays included
/// (深医保发〔2022〕19号 四(五)).
const URGENT_HOURS: i64 = 4;
const LONGEST_HOURS: i64 = 48;
/// Hours waited are kept in begun half days, so that a day has few different ones; rules about them are in half days.
pub(super) const HOUR_STEP: i64 = 12;
/// What nobody accepted: more hours than any rule has, and more days than are looked back.
const NOT_YET: i64 = 99_999;
/// Past any real quantity or amount, so that no sum leaves its range.
const MOST: i64 = 100_000_000_000_000;

/// The Shanghai day of an instant, in days since 1970.
const fn day_of(at: i64) -> i64 {
    (at + EAST).div_euclid(DAY)
}

/// Whether a text is a national consumable code (国家医保耗材编码).
#[must_use]
pub fn is_national_code(code: Option<&str>) -> bool {
    code.is_some_and(|code| check(CodeKind::Mcs, code).valid)
}

/// 品种 of a product: category and generic name of its national code (the first ten characters), so that manufacturers'
/// different names fall together; the name itself where there is no valid code.
#[must_use]
pub fn variety_of(code: Option<&str>, name: &str) -> String {
    let checked = code.map(|code| check(CodeKind::Mcs, code)).filter(|checked| checked.valid);
    let prefix = checked.as_ref().and_then(|checked| checked.normalized.get(..10));
    prefix.unwrap_or(name).to_owned()
}

/// A part of a line on its way. Instants are seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipment {
    /// 发货.
    pub shipped_at: i64,
    /// 送达.
    pub arrived_at: Option<i64>,
    /// In the line's unit.
    pub quantity: Quantity,
}

/// What was accepted or given back at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Seconds since 1970.
    pub at: i64,
    /// In the line's unit; nought for a price difference.
    pub quantity: Quantity,
    /// What a return gave back; `None` for a receipt, whose amount follows from the line's price.
    pub amount: Option<Amount>,
}

/// 订单明细, with what followed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the fields say what they hold
pub struct LineFacts {
    pub product: i64,
    pub supplier: i64,
    pub maker: i64,
    pub variety: i64,
    pub category: i64,
    pub department: i64,
    /// 中选.
    pub is_selected: bool,
    /// With a valid national code.
    pub is_coded: bool,
    /// `None` for a state that this version does not know.
    pub state: Option<OrderLineState>,
    pub urgent: bool,
    /// One of the line's unit is so many of the product's; `None` where that is unknown.
    pub factor: Option<(u32, u32)>,
    pub quantity: Quantity,
    pub price: Price,
    pub amount: Amount,
    pub delivered: Quantity,
    /// Seconds since 1970, as every instant here.
    pub submit_at: i64,
    pub response_at: Option<i64>,
    /// As the platform states it.
    pub due_at: Option<i64>,
    /// Without void deliveries.
    pub shipments: Vec<Shipment>,
    /// Accepted ones only.
    pub receipts: Vec<Moved>,
    /// Confirmed ones only.
    pub returns: Vec<Moved>,
    /// 挂网价 in force when the line was submitted, where a price list states it.
    pub listed_price: Option<Price>,
    /// 上次采购价: of the latest earlier order of the product in the same unit of which anything was accepted.
    pub last_price: Option<Price>,
    /// The price before the batch, for a selected product.
    pub baseline_price: Option<Price>,
}

impl LineFacts {
    /// What the line adds to the tallies.
    pub fn contributions(&self, out: &mut Vec<Contribution>) {
        use OrderLineState::{Cancelled, Draft, Refused, ShipRefused};
        if self.state == Some(Draft) {
            return;
        }
        let start = out.len();
        let ordered_on = day_of(self.submit_at);
        let came_to_nothing = matches!(self.state, Some(Refused | ShipRefused | Cancelled));
        // Withdrawn before anybody answered: it was not the supplier's to answer.
        if self.state != Some(Cancelled) || self.response_at.is_some() {
            self.sent(out, ordered_on);
        }
        if !came_to_nothing {
            self.ordered(out, ordered_on);
            self.purchase(out, ordered_on);
        }
        self.clock(out, came_to_nothing);
        self.movements(out);
        out.extend((self.factor.is_none()).then(|| one(Measure::UnknownUnit, Scope::Hospital, ordered_on)));
        out[start..].iter_mut().for_each(|part| part.sum = part.sum.clamp(-MOST, MOST));
    }

    fn sent(&self, out: &mut Vec<Contribution>, day: i64) {
        let came = self.came(day);
        for scope in [Scope::Hospital, Scope::Supplier(self.supplier)] {
            let add = |measure, lag, sum| Contribution { measure, scope, day, lag, n: 1, sum };
            out.push(add(Measure::Sent, 0, self.amount.units()));
            out.push(add(Measure::SentQuantity, 0, self.in_product_units(self.quantity)));
            for (lag, quantity, amount) in &came {
                // Suppliers are looked at as they stand: one row of theirs a day is enough.
                let lag = if scope == Scope::Hospital { *lag } else { 0 };
                out.push(add(Measure::CameQuantity, lag, *quantity));
                out.push(add(Measure::CameAmount, lag, *amount));
            }
            if let Some(at) = self.response_at {
                let lag = (day_of(at) - day).max(0);
                let sum = (at - self.submit_at).max(0);
                out.push(Contribution { measure: Measure::Answered, scope, day, lag, n: 1, sum });
            }
        }
    }

    /// What was sent off: days after the order, quantity in the product's unit, amount. What the line says beyond its deliveries
    /// has no day and counts from the order on. The parts make up the whole exactly.
    fn came(&self, day: i64) -> Vec<(i64, i64, i64)> {
        let mut shipments: Vec<(i64, i64)> = self
            .shipments
            .iter()
            .map(|sent| ((day_of(sent.shipped_at) - day).max(0), sent.quantity.units()))
            .collect();
        shipments.sort_unstable();
        let shipped = shipments.iter().fold(0_i64, |sum, (_, units)| sum.saturating_add(*units));
        let undated = self.delivered.units().saturating_sub(shipped);
        if undated > 0 {
            shipments.insert(0, (0, undated));
        }
        let worth = |units| Amount::of(self.price, Quantity::from_units(units)).unwrap_or_default().units();
        let of_product = |units| self.in_product_units(Quantity::from_units(units));
        let mut so_far = 0_i64;
        let parts = shipments.into_iter().map(|(lag, units)| {
            let before = so_far;
            so_far = before.saturating_add(units);
            (lag, of_product(so_far) - of_product(before), worth(so_far) - worth(before))
        });
        parts.collect()
    }

    fn purchase(&self, out: &mut Vec<Contribution>, day: i64) {
        let sum = self.amount.units();
        for scope in [
            Scope::Product(self.product),
            Scope::Supplier(self.supplier),
            Scope::Department(self.department),
            Scope::Category(self.category),
        ] {
            out.push(Contribution { measure: Measure::Purchased, scope, day, lag: 0, n: 1, sum });
        }
        for scope in [Scope::Hospital, Scope::Category(self.category)] {
            out.push(one(Measure::Lines, scope, day));
            out.extend(self.is_coded.then(|| one(Measure::Coded, scope, day)));
        }
        self.prices(out, day);
    }

    /// HN (五): above the listed price in force, above the hospital's own last price. The platform publishes no reference prices.
    fn prices(&self, out: &mut Vec<Contribution>, day: i64) {
        let last = self.last_price.filter(|last| *last > Price::ZERO);
        if self.listed_price.is_none() && last.is_none() {
            return;
        }
        out.push(one(Measure::PriceChecked, Scope::Hospital, day));
        let over = |than: Price| Amount::of(self.price - than, self.quantity).unwrap_or_default().units();
        let above_listed = self.listed_price.filter(|listed| self.price > *listed).map(over);
        if let Some(sum) = above_listed {
            out.push(Contribution { sum, ..one(Measure::AboveListed, Scope::Hospital, day) });
        }
        if let Some(last) = last.filter(|last| self.price > *last) {
            let lag = percent_above(self.price, last);
            let sum = over(last);
            out.push(Contribution { lag, sum, ..one(Measure::AboveHistory, Scope::Hospital, day) });
            if let Some(listed) = above_listed {
                let sum = sum.min(listed);
                out.push(Contribution { lag, sum, ..one(Measure::AboveBoth, Scope::Hospital, day) });
            }
        }
    }

    fn clock(&self, out: &mut Vec<Contribution>, came_to_nothing: bool) {
        let hours = if self.urgent { URGENT_HOURS } else { LONGEST_HOURS };
        let due = self.due_at.unwrap_or(self.submit_at + hours * HOUR);
        if came_to_nothing {
            return;
        }
        let in_time: i64 = self
            .shipments
            .iter()
            .filter(|shipment| shipment.arrived_at.is_some_and(|at| at <= due))
            .fold(0, |sum, shipment| sum.saturating_add(shipment.quantity.units()));
        for scope in [Scope::Hospital, Scope::Supplier(self.supplier)] {
            out.push(one(Measure::ClockEnded, scope, day_of(due)));
            if in_time >= self.quantity.units() {
                out.push(one(Measure::InTime, scope, day_of(due)));
            }
        }
    }

    fn movements(&self, out: &mut Vec<Contribution>) {
        for shipment in &self.shipments {
            self.goods(out, Measure::Delivered, day_of(shipment.shipped_at), shipment.quantity);
        }
        for receipt in &self.receipts {
            let day = day_of(receipt.at);
            self.goods(out, Measure::Accepted, day, receipt.quantity);
            let worth = Amount::of(self.price, receipt.quantity).unwrap_or_default().units();
            out.push(Contribution { sum: worth, ..one(Measure::Spent, Scope::Hospital, day) });
            if let Some(before) = self.baseline_price.filter(|_| self.is_selected) {
                let saved = Amount::of(before - self.price, receipt.quantity).unwrap_or_default().units();
                out.push(Contribution { sum: saved, ..one(Measure::Saved, Scope::Hospital, day) });
            }
        }
        for given_back in &self.returns {
            let day = day_of(given_back.at);
            if given_back.quantity != Quantity::ZERO {
                self.goods(out, Measure::Returned, day, given_back.quantity);
                if let Some(before) = self.baseline_price.filter(|_| self.is_selected) {
                    let saved =
                        Amount::of(before - self.price, given_back.quantity).unwrap_or_default().units();
                    out.push(Contribution { sum: -saved, ..one(Measure::Saved, Scope::Hospital, day) });
                }
            }
            let worth = given_back.amount.unwrap_or_default().units();
            out.push(Contribution { sum: -worth, ..one(Measure::Spent, Scope::Hospital, day) });
            // 价差: the goods stay and turn out cheaper by what comes back.
            if given_back.quantity == Quantity::ZERO && self.is_selected && self.baseline_price.is_some() {
                out.push(Contribution { sum: worth, ..one(Measure::Saved, Scope::Hospital, day) });
            }
        }
    }

    /// The quantity by the days until it was accepted; one line, whatever its parts. The parts make up the whole exactly.
    fn ordered(&self, out: &mut Vec<Contribution>, day: i64) {
        let mut left = self.in_product_units(self.quantity);
        let mut parts: Vec<(i64, i64)> = Vec::with_capacity(self.receipts.len() + 1);
        for receipt in &self.receipts {
            let part = self.in_product_units(receipt.quantity).clamp(left.min(0), left.max(0));
            left -= part;
            parts.push(((day_of(receipt.at) - day).clamp(0, NOT_YET - 1), part));
        }
        if left != 0 || parts.is_empty() {
            parts.push((NOT_YET, left));
        }
        for (place, (lag, sum)) in parts.into_iter().enumerate() {
            let n = i64::from(place == 0);
            self.of_goods(out, Contribution { lag, n, sum, ..one(Measure::Ordered, Scope::Hospital, day) });
        }
    }

    fn goods(&self, out: &mut Vec<Contribution>, measure: Measure, day: i64, quantity: Quantity) {
        let sum = self.in_product_units(quantity);
        self.of_goods(out, Contribution { sum, ..one(measure, Scope::Hospital, day) });
    }

    /// For the variety, and for its manufacturer.
    fn of_goods(&self, out: &mut Vec<Contribution>, part: Contribution) {
        let (variety, is_selected) = (self.variety, self.is_selected);
        for maker in [0, self.maker] {
            out.push(Contribution { scope: Scope::Goods { variety, maker, is_selected }, ..part });
        }
    }

    /// Half up; nought where the units have no known relation.
    fn in_product_units(&self, quantity: Quantity) -> i64 {
        let Some((num, den)) = self.factor else { return 0 };
        if num == den {
            return quantity.units();
        }
        let (product, den) = (i128::from(quantity.units()) * i128::from(num), i128::from(den.max(1)));
        let rounded = (product.abs() + den / 2) / den * product.signum();
        rounded.clamp(i128::from(-MOST), i128::from(MOST)) as i64
    }
}

/// By how many begun per cent a price is above another, which is more than nought.
fn percent_above(price: Price, other: Price) -> i64 {
    let (more, other) = (i128::from((price - other).units()) * 100, i128::from(other.units()));
    i64::try_from((more + other - 1) / other).unwrap_or(NOT_YET).min(NOT_YET)
}

const fn one(measure: Measure, scope: Scope, day: i64) -> Contribution {
    Contribution { measure, scope, day, lag: 0, n: 1, sum: 0 }
}

/// 到货: a delivery that arrived, and when it was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The supplier.
    pub supplier: i64,
    /// Seconds since 1970.
    pub arrived_at: i64,
    /// The last acceptance or refusal of its goods, where all is done.
    pub accepted_at: Option<i64>,
}

/// What a delivery adds to the tallies.
pub fn delivery_contributions(arrival: &Arrival, out: &mut Vec<Contribution>) {
    let waited = arrival.accepted_at.map_or(NOT_YET, |at| {
        let seconds = (at - arrival.arrived_at).max(0);
        let steps = seconds / (HOUR_STEP * HOUR) + i64::from(seconds % (HOUR_STEP * HOUR) > 0);
        (steps * HOUR_STEP).min(NOT_YET - 1)
    });
    for scope in [Scope::Hospital, Scope::Supplier(arrival.supplier)] {
        let part = one(Measure::Arrived, scope, day_of(arrival.arrived_at));
        out.push(Contribution { lag: waited, ..part });
    }
}
