//! Tallies in a list, and order lines as a table writes them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;

use chrono::{DateTime, Datelike, NaiveDate};
use serde::Deserialize;
use sunbench_domain::policy::{
    Arrival, Contribution, DayTally, LineFacts, Measure, Moved, Scope, Shipment, Tallies, Tally,
    delivery_contributions, is_national_code,
};
use sunbench_domain::state::{OrderLineState, State as _};
use sunbench_domain::{Amount, Price, Quantity};

/// A valid national code, for lines whose example does not say.
const CODED: &str = "C0201011010000011001";

/// One order line; instants are `yyyy-MM-dd` (noon) or `yyyy-MM-dd HH:mm`, Shanghai time.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    #[serde(default)]
    pub(crate) product: String,
    pub(crate) variety: String,
    pub(crate) maker: String,
    #[serde(default = "yes")]
    pub(crate) selected: bool,
    #[serde(default = "category")]
    pub(crate) category: String,
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) urgent: bool,
    pub(crate) on: String,
    pub(crate) quantity: Quantity,
    #[serde(default = "hundred")]
    pub(crate) price: Price,
    /// One of the line's unit is so many of the product's.
    pub(crate) factor: Option<(u32, u32)>,
    #[serde(default)]
    pub(crate) unknown_unit: bool,
    pub(crate) answered: Option<String>,
    pub(crate) due: Option<String>,
    /// Sent, arrived (or empty), quantity.
    #[serde(default)]
    pub(crate) shipped: Vec<(String, String, Quantity)>,
    #[serde(default)]
    pub(crate) accepted: Vec<(String, Quantity)>,
    /// When, quantity, amount.
    #[serde(default)]
    pub(crate) returned: Vec<(String, Quantity, Amount)>,
    /// What the line itself says; else what was shipped.
    pub(crate) delivered: Option<Quantity>,
    pub(crate) listed: Option<Price>,
    /// The price of the last accepted order.
    pub(crate) last: Option<Price>,
    pub(crate) before: Option<Price>,
}

fn yes() -> bool {
    true
}
fn category() -> String {
    "血管介入治疗类材料".to_owned()
}
fn hundred() -> Price {
    "100".parse().unwrap()
}

/// One delivery: arrived, accepted (or empty).
#[derive(Deserialize, Clone)]
pub(crate) struct Delivered(pub(crate) String, pub(crate) String);

pub(crate) fn at(text: &str) -> i64 {
    let time = if text.len() == 10 {
        format!("{text}T12:00:00+08:00")
    } else {
        format!("{}:00+08:00", text.replace(' ', "T"))
    };
    DateTime::parse_from_rfc3339(&time).unwrap_or_else(|error| panic!("{text}: {error}")).timestamp()
}

/// Sums by looking at every contribution.
#[derive(Default)]
pub(crate) struct Ledger {
    names: RefCell<BTreeMap<String, i64>>,
    contributions: Vec<Contribution>,
    accepted: Vec<(i64, i64, i64)>,
}

impl Ledger {
    /// The same number for the same name.
    pub(crate) fn key(&self, name: &str) -> i64 {
        let mut names = self.names.borrow_mut();
        let next = names.len() as i64 + 1;
        *names.entry(name.to_owned()).or_insert(next)
    }

    pub(crate) fn line(&mut self, line: &Line) {
        let code = line.code.clone().unwrap_or_else(|| CODED.to_owned());
        let response_at = line.answered.as_deref().map(at);
        let moved =
            |(when, quantity): &(String, Quantity)| Moved { at: at(when), quantity: *quantity, amount: None };
        let facts = LineFacts {
            product: self.key(&line.product),
            supplier: self.key("配送"),
            maker: self.key(&line.maker),
            variety: self.key(&line.variety),
            category: self.key(&line.category),
            department: self.key("科室"),
            is_selected: line.selected,
            is_coded: is_national_code(Some(&code)),
            state: Some(match line.state.as_deref() {
                Some(code) => OrderLineState::from_code(code).unwrap_or_else(|| panic!("{code}")),
                None => OrderLineState::Accepted,
            }),
            urgent: line.urgent,
            factor: if line.unknown_unit { None } else { Some(line.factor.unwrap_or((1, 1))) },
            quantity: line.quantity,
            price: line.price,
            amount: Amount::of(line.price, line.quantity).unwrap(),
            delivered: line
                .delivered
                .unwrap_or_else(|| line.shipped.iter().map(|(.., quantity)| *quantity).sum()),
            submit_at: at(&line.on),
            response_at,
            due_at: line.due.as_deref().map(at),
            shipments: line
                .shipped
                .iter()
                .map(|(sent, arrived, quantity)| Shipment {
                    shipped_at: at(sent),
                    arrived_at: (!arrived.is_empty()).then(|| at(arrived)),
                    quantity: *quantity,
                })
                .collect(),
            receipts: line.accepted.iter().map(moved).collect(),
            returns: line
                .returned
                .iter()
                .map(|(when, quantity, amount)| Moved {
                    at: at(when),
                    quantity: *quantity,
                    amount: Some(*amount),
                })
                .collect(),
            listed_price: line.listed,
            last_price: line.last,
            baseline_price: line.before,
        };
        facts.contributions(&mut self.contributions);
        let (num, den) = facts.factor.unwrap_or((0, 1));
        let in_units = |quantity: Quantity| quantity.units() * i64::from(num) / i64::from(den);
        for receipt in &facts.receipts {
            self.accepted.push((facts.product, receipt.at, in_units(receipt.quantity)));
        }
        for given_back in &facts.returns {
            self.accepted.push((facts.product, given_back.at, -in_units(given_back.quantity)));
        }
    }

    pub(crate) fn delivery(&mut self, Delivered(arrived, accepted): &Delivered) {
        let accepted_at = (!accepted.is_empty()).then(|| at(accepted));
        let arrival = Arrival { supplier: self.key("配送"), arrived_at: at(arrived), accepted_at };
        delivery_contributions(&arrival, &mut self.contributions);
    }

    fn within(&self, measure: Measure, scope: Scope, from: NaiveDate, through: NaiveDate) -> Vec<DayTally> {
        let mut found: Vec<DayTally> = self
            .contributions
            .iter()
            .filter(|part| part.measure == measure && part.scope == scope)
            .map(|part| DayTally {
                day: NaiveDate::default() + chrono::Duration::days(part.day),
                lag: part.lag,
                tally: Tally { n: i128::from(part.n), sum: i128::from(part.sum) },
            })
            .filter(|part| (from..=through).contains(&part.day))
            .collect();
        found.sort_by_key(|part| (part.day, part.lag));
        found
    }
}

impl Tallies for Ledger {
    type Error = Infallible;

    fn sum(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<Tally, Infallible> {
        let mut sum = Tally::default();
        self.within(measure, scope, from, through).into_iter().for_each(|part| sum += part.tally);
        Ok(sum)
    }

    fn days(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<Vec<DayTally>, Infallible> {
        Ok(self.within(measure, scope, from, through))
    }

    fn months(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<Vec<Tally>, Infallible> {
        let month = |day: NaiveDate| (day.year() * 12 + day.month0() as i32) as usize;
        let mut months = vec![Tally::default(); month(through) - month(from) + 1];
        let first = from.with_day(1).unwrap();
        let last = through.with_day(1).unwrap() + chrono::Months::new(1) - chrono::Days::new(1);
        for part in self.within(measure, scope, first, last) {
            months[month(part.day) - month(from)] += part.tally;
        }
        Ok(months)
    }

    fn category(&self, name: &str) -> Result<Option<i64>, Infallible> {
        Ok(self.names.borrow().get(name).copied())
    }

    fn accepted_of_product(
        &self,
        product: i64,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<i128, Infallible> {
        let days = |day: NaiveDate| at(&day.to_string()) - 43_200;
        let (from, through) = (days(from), days(through) + 86_400);
        let of =
            self.accepted.iter().filter(|(key, when, _)| *key == product && (from..through).contains(when));
        Ok(of.map(|(.., quantity)| i128::from(*quantity)).sum())
    }
}
