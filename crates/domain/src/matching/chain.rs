//! 单据链: within one ledger, what was received, returned, invoiced and settled has to agree.

use rustc_hash::FxHashMap;

use super::compare::amount_of;
use super::differences::difference;
use super::join::mix;
use super::keyed::key_of;
use super::ledger::{ABSENT, LineKind};
use super::line::Line;
use super::outcome::{Detail, Difference, DifferenceKind as Kind, Field, Rows};
use super::pool::NONE;
use super::run::{At, KeyPlan, Run, Side};
use crate::{Price, Quantity};

/// What links documents, the finest first.
const LINKS: [fn(&Line<'_>, KeyPlan) -> u64; 4] = [
    |line, plan| key_of(line, Field::Key, plan),
    |line, plan| key_of(line, Field::OrderLine, plan),
    |line, plan| key_of(line, Field::Order, plan),
    |line, _| {
        if line.product.code == NONE || line.lot == NONE {
            0
        } else {
            mix(&[line.product.code.into(), line.lot.into(), line.supplier.into()])
        }
    },
];

/// Sums of one chain, in units of quantity.
#[derive(Default)]
struct Chain {
    lines: Vec<At>,
    received: i64,
    returned: i64,
    invoiced: i64,
    settled: i64,
    /// The chain's price, from whichever line states one.
    price: Option<i64>,
    has_whole: bool,
}

impl Run<'_> {
    /// Differences within each ledger that holds more than goods.
    pub(super) fn chains(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        for (is_left, side) in [(true, &self.left), (false, &self.right)] {
            self.chains_of(side, is_left, &mut found);
        }
        found
    }

    fn chains_of(&self, side: &Side<'_>, is_left: bool, out: &mut Vec<Difference>) {
        let of = |kind: LineKind| side.kinds[kind as usize];
        let (invoices, settlements) = (of(LineKind::Invoice), of(LineKind::Settlement));
        if invoices + settlements == 0 || of(LineKind::Receipt) == 0 {
            return;
        }
        let is_chained = |line: &&Line<'_>| {
            matches!(
                line.kind,
                LineKind::Receipt | LineKind::Return | LineKind::Invoice | LineKind::Settlement
            )
        };
        let chained = side.lines.iter().filter(is_chained).count();
        let Some(link) = LINKS.into_iter().find(|link| {
            let linked =
                side.lines.iter().filter(is_chained).filter(|line| link(line, self.keys) != 0).count();
            linked * 10 >= chained * 9
        }) else {
            return;
        };
        let mut chains: FxHashMap<u64, Chain> = FxHashMap::default();
        for (at, line) in side.lines.iter().enumerate().filter(|(_, line)| is_chained(line)) {
            let key = link(line, self.keys);
            if key == 0 {
                continue;
            }
            let chain = chains.entry(key).or_default();
            chain.lines.push(at as At);
            if line.quantity == ABSENT {
                continue;
            }
            let sum = match line.kind {
                LineKind::Return => &mut chain.returned,
                LineKind::Invoice => &mut chain.invoiced,
                LineKind::Settlement => &mut chain.settled,
                _ => &mut chain.received,
            };
            let quantity = if line.kind == LineKind::Return { line.quantity.abs() } else { line.quantity };
            *sum = sum.saturating_add(quantity);
            chain.has_whole = true;
            if chain.price.is_none() && line.price != ABSENT {
                chain.price = Some(line.price);
            }
        }
        for chain in chains.values().filter(|chain| chain.has_whole) {
            for (kind, quantity) in chain.faults(invoices > 0) {
                let rows = side.rows(&chain.lines);
                let (left, right) = if is_left { (rows, Rows::none()) } else { (Rows::none(), rows) };
                let amount = chain.worth(side, quantity);
                let stated = Quantity::from_units(chain.received - chain.returned);
                let other = Quantity::from_units(match kind {
                    Kind::SettledWithoutAcceptance => chain.settled,
                    _ => chain.invoiced,
                });
                let detail = Detail { quantity: Some((stated, other)), ..Detail::default() };
                out.push(difference(kind, left, right, amount, detail));
            }
        }
    }
}

impl Chain {
    /// What is wrong, with the quantity concerned.
    fn faults(&self, has_invoices: bool) -> Vec<(Kind, i64)> {
        let net = self.received - self.returned;
        let mut faults = Vec::new();
        if self.invoiced > net {
            let kind = if self.returned > 0 && self.invoiced <= self.received {
                Kind::ReturnedStillInvoiced
            } else {
                Kind::InvoicedMoreThanReceived
            };
            faults.push((kind, self.invoiced - net));
        } else if has_invoices && self.invoiced == 0 && net > 0 {
            faults.push((Kind::InvoiceMissing, net));
        }
        if self.settled > 0 && self.received == 0 {
            faults.push((Kind::SettledWithoutAcceptance, self.settled));
        }
        faults
    }

    fn worth(&self, side: &Side<'_>, quantity: i64) -> i64 {
        match self.price {
            Some(price) => {
                let (price, quantity) = (Price::from_units(price), Quantity::from_units(quantity));
                crate::Amount::of(price, quantity).map_or(0, crate::Amount::units)
            }
            None => {
                self.lines.iter().filter_map(|at| amount_of(&side.lines[*at as usize])).max().unwrap_or(0)
            }
        }
    }
}
