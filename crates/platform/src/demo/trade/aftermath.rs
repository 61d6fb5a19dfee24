//! What follows from a line that was played: returns, what billing gets, what the books count.

use super::line::{Fate, Line};
use super::outcome::After;
use super::{Desk, Plot, Trade, Wish};
use crate::demo::billing::Received;
use crate::demo::books::{Matter, Sample};
use crate::demo::days::{DAY, HOUR, date_of, instant};
use sunbench_contract::{Return, ReturnLine};
use sunbench_domain::state::{ReturnState, State};
use sunbench_domain::{Amount, Quantity, SCALE};

const RETURNS: [&str; 4] =
    ["临床使用中发现包装漏气", "科室停用，未拆封退货", "产品召回", "规格申领有误，未拆封退货"];

pub(super) fn sample(code: &str, line: &Line, from: i64, until: Option<i64>) -> Sample {
    Sample {
        line: line.id.clone(),
        order_code: code.to_owned(),
        line_no: line.no,
        product: line.product,
        distributor: line.distributor,
        quantity: line.quantity,
        from,
        until,
    }
}

impl Trade<'_> {
    /// Goods given back, and price differences after a price came down.
    pub(super) fn give_back(
        &mut self,
        wish: &Wish,
        line: &mut Line,
        after: &mut Vec<After>,
        desk: &mut Desk<'_, '_>,
    ) {
        let now = self.set.span.now;
        if line.received == 0 || wish.plot != Plot::None {
            return;
        }
        let product = &self.set.catalogue.products[line.product];
        let goods = self.rng.chance(13);
        let cut = product
            .prices
            .iter()
            .find(|(from, price)| {
                line.last_accept < *from && *from < line.last_accept + 35 * DAY && *price < line.price
            })
            .copied();
        let (kind, at, quantity, amount, reason) = match cut {
            _ if goods => {
                let at = line.last_accept + self.rng.range(2 * 24, 30 * 24) * HOUR;
                let quantity = (line.received * self.rng.range(100, 600) / 1000 / SCALE * SCALE)
                    .max(SCALE.min(line.received));
                ("goods", at, quantity, line.amount_of(quantity), *self.rng.pick(&RETURNS))
            }
            Some((from, price)) if self.rng.chance(600) => {
                let at = from + self.rng.range(5 * 24, 20 * 24) * HOUR;
                let quantity = (line.received * self.rng.range(300, 900) / 1000 / SCALE * SCALE)
                    .max(SCALE.min(line.received));
                let new = Amount::of(price, Quantity::from_units(quantity)).unwrap_or_default();
                ("price", at, quantity, line.amount_of(quantity) - new, "中选价格执行，未使用库存退补差价")
            }
            _ => return,
        };
        let at = self.set.span.office_hours(at, &mut self.rng);
        if at > now {
            return;
        }
        let confirm = self.set.span.office_hours(at + self.rng.range(6, 110) * HOUR, &mut self.rng);
        let refused = self.rng.chance(60);
        let state = match () {
            () if confirm <= now && refused => ReturnState::Refused,
            () if confirm <= now => ReturnState::Confirmed,
            () if at + 2 * HOUR > now => ReturnState::Draft,
            () => ReturnState::Waiting,
        };
        if state == ReturnState::Confirmed {
            if kind == "goods" {
                line.returned = quantity;
                line.touch(confirm);
                desk.books.accepted(confirm, line.allotment, product.variety, product.selected, -quantity);
            }
            desk.billing.returned(
                line.distributor,
                &line.id,
                if kind == "goods" { quantity } else { 0 },
                amount,
                confirm,
            );
        }
        let id = desk.out.ids.next(at);
        let document = Return {
            return_id: id,
            return_code: self.code("TH", date_of(at)),
            kind: kind.to_owned(),
            company_id_ps: self.set.orgs.distributors[line.distributor].clone(),
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
            return_time: instant(at),
            reason: reason.to_owned(),
            refuse_reason: String::new(),
            lines: vec![ReturnLine {
                return_detail_id: desk.out.ids.next(at),
                order_detail_id: line.id.clone(),
                return_count: Quantity::from_units(quantity),
                return_amount: amount,
                lot_no: self.lot(line.product, line.last_arrival).no,
            }],
        };
        after.push(After::Return(document, amount, if confirm <= now { confirm } else { at }));
    }

    /// Enters a line in the books and hands what was received to billing.
    pub(super) fn enter(&self, wish: &Wish, line: &Line, code: &str, desk: &mut Desk<'_, '_>) {
        let books = &mut *desk.books;
        if line.fate == Fate::Draft {
            return;
        }
        let now = self.set.span.now;
        let product = &self.set.catalogue.products[line.product];
        let variety = &self.set.assets.varieties[product.variety];
        let sums = books.day(wish.submit);
        sums.lines += 1;
        sums.ordered += line.amount().units();
        sums.responded_lines += i64::from(line.is_answered(now));
        let uncoded = product.mcs.is_none() && !variety.class.is_empty();
        if uncoded {
            sums.uncoded_lines += 1;
            sums.uncoded_amount += line.amount().units();
        }
        books.ordered(wish.submit, line.product, line.quantity);
        let sample = |from, until| sample(code, line, from, until);
        if uncoded {
            books.sample(Matter::Uncoded, sample(wish.submit, None));
        }
        if self.set.catalogue.cycle_of[product.variety].is_some() && !product.selected {
            books.sample(Matter::NonSelected, sample(wish.submit, None));
        }
        match line.fate {
            Fate::Refused if line.respond <= now => {
                books.sample(Matter::SupplyRefused, sample(line.respond, None));
            }
            Fate::ShipRefused(at) if at <= now => books.sample(Matter::SupplyRefused, sample(at, None)),
            Fate::Delivered | Fate::Short if line.due <= now => {
                let complete = line.delivered == line.quantity && line.last_arrival <= now;
                let timely = complete && line.last_arrival <= line.due;
                let sums = books.day(line.due);
                sums.due_lines += 1;
                sums.timely_lines += i64::from(timely);
                if !timely {
                    let until = complete.then_some(line.last_arrival);
                    books.sample(Matter::LateDelivery, sample(line.due, until));
                }
            }
            _ => {}
        }
        if line.received > 0 {
            let before = product.prices[0].1;
            if product.selected && before > line.price {
                let quantity = Quantity::from_units(line.received);
                let saved = Amount::of(before, quantity).unwrap_or_default() - line.amount_of(line.received);
                books.day(line.last_accept).saved += saved.units();
            }
            books.accepted(
                line.last_accept,
                line.allotment,
                product.variety,
                product.selected,
                line.received,
            );
            desk.billing.received(
                line.distributor,
                Received {
                    line: line.id.clone(),
                    quantity: line.received,
                    amount: line.amount_of(line.received),
                    at: line.last_accept,
                    two_invoices: variety.has("two"),
                },
            );
        }
    }
}
