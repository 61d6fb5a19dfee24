//! Plays one order through and writes its documents.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sunbench_contract::{Delivery, DeliveryLine, Order, Receipt, ReceiptLine, Resource, Return};
use sunbench_domain::state::{DeliveryState, ReceiptState, State};
use sunbench_domain::{Amount, Quantity, SCALE};

use super::aftermath::sample;
use super::course::Leg;
use super::line::{Fate, Ids, Line};
use super::{Desk, Plot, Trade, Wish};
use crate::demo::Out;
use crate::demo::books::{Books, Matter};
use crate::demo::days::{DAY, HOUR, MINUTE, date_of, instant, month_start, plus};

const REJECTIONS: [&str; 4] =
    ["外包装破损", "距失效期不足六个月", "批号与随货同行单不符", "规格型号与订单不符"];

/// The part of an order that is played: one distributor's.
struct Scene<'s> {
    order_id: &'s str,
    code: &'s str,
    distributor: usize,
}

/// A document that follows the order.
pub(super) enum After {
    Delivery(Delivery, Amount, i64),
    Receipt(Receipt, Amount, i64),
    Return(Return, Amount, i64),
}

/// Lot, production and expiry of a product shipped in a month: the goods of a month come from one lot.
pub(super) struct Lot {
    pub(super) no: String,
    made: NaiveDate,
    expires: NaiveDate,
    udi: String,
}

impl Trade<'_> {
    /// Plays an order and emits its documents: the order with its lines, then what followed.
    pub(super) fn order(&mut self, wish: &Wish, desk: &mut Desk<'_, '_>) {
        if wish.items.is_empty() {
            return;
        }
        let now = self.set.span.now;
        let hospital = self.hospital;
        let order_id = desk.out.ids.next(wish.submit);
        let code = self.code("CG", date_of(wish.submit));
        let mut lines = self.lines(wish, desk.out);
        let mut after = Vec::new();
        let distributors: BTreeSet<usize> = lines.iter().map(|line| line.distributor).collect();
        for distributor in distributors {
            let scene = Scene { order_id: &order_id, code: &code, distributor };
            self.play(wish, &scene, &mut lines, &mut after, desk);
        }
        for line in &mut lines {
            self.give_back(wish, line, &mut after, desk);
            self.enter(wish, line, &code, desk);
        }
        self.emit_order(wish, &order_id, &code, &lines, desk.out);
        for document in after {
            let out = &mut *desk.out;
            match document {
                After::Delivery(d, amount, at) => {
                    let times = (at.min(now), d.distribute_time);
                    out.dated(hospital, Resource::Delivery, &d.distribute_id, times, amount, &d);
                }
                After::Receipt(r, amount, at) => {
                    out.dated(hospital, Resource::Receipt, &r.receipt_id, (at, r.receive_time), amount, &r);
                }
                After::Return(r, amount, at) => {
                    out.dated(hospital, Resource::Return, &r.return_id, (at, r.return_time), amount, &r);
                }
            }
        }
    }

    fn lines(&mut self, wish: &Wish, out: &mut Out<'_>) -> Vec<Line> {
        let set = self.set;
        let hospital = self.hospital;
        let special = match self.rng.below(1000) {
            _ if wish.plot != Plot::None => None,
            0..8 => Some("补录"),
            8..18 => Some("临时"),
            18..23 => Some("备案"),
            _ => None,
        };
        let mut lines = Vec::with_capacity(wish.items.len());
        for (place, item) in wish.items.iter().enumerate() {
            let thing = &hospital.items[*item];
            let product = &set.catalogue.products[thing.product];
            let variety = &set.assets.varieties[product.variety];
            let allotment = thing.allotment.filter(|a| {
                let cycle = &set.catalogue.cycles[hospital.allotments[*a].cycle];
                set.assets.batches[cycle.batch].signed && cycle.runs_at(wish.submit)
            });
            let order_type = match (wish.urgent, special, allotment) {
                (true, ..) => "应急",
                (_, Some(special), _) => special,
                (_, _, Some(_)) => "带量",
                _ => "普通",
            };
            let hours = wish
                .plot
                .hours()
                .unwrap_or(variety.hours.max(set.assets.distributors[thing.distributor].hours));
            let hours = if wish.urgent { 4 } else { hours };
            let quantity = self.quantity(variety.quantity, variety.pack, wish.urgent, variety.has("half"));
            lines.push(Line {
                id: out.ids.next(wish.submit),
                no: place as u32 + 1,
                product: thing.product,
                distributor: thing.distributor,
                allotment,
                quantity,
                price: product.price_at(wish.submit),
                order_type,
                hours,
                due: wish.submit + hours * HOUR,
                respond: 0,
                fate: self.fate(wish),
                parts: Vec::new(),
                delivered: 0,
                received: 0,
                handled: 0,
                returned: 0,
                pre_accepted: false,
                last_arrival: 0,
                last_accept: 0,
                updated: wish.submit,
            });
        }
        lines
    }

    /// Quantities are small more often than large, in whole packs; some goods are also bought by the half.
    fn quantity(&mut self, (least, most): (i64, i64), pack: i64, urgent: bool, half: bool) -> i64 {
        let one = self.rng.range(least / pack, most / pack);
        let two = self.rng.range(least / pack, most / pack);
        let packs = if urgent { least / pack } else { one.min(two) };
        let halves = if half && self.rng.chance(200) { SCALE / 2 } else { 0 };
        packs.max(1) * pack * SCALE + halves
    }

    fn fate(&mut self, wish: &Wish) -> Fate {
        match wish.plot {
            Plot::Draft => return Fate::Draft,
            Plot::None => {}
            _ => return Fate::Delivered,
        }
        match self.rng.below(1000) {
            0..9 => Fate::Refused,
            9..17 => Fate::ShipRefused(wish.submit + self.rng.range(5 * 60, 30 * 60) * MINUTE),
            17..27 => Fate::Cancelled(wish.submit + self.rng.range(4, 8) * MINUTE),
            27..37 => Fate::Short,
            _ => Fate::Delivered,
        }
    }

    /// How a line's quantity is split over shipments.
    fn parts(&mut self, line: &Line, whole: bool) -> Vec<i64> {
        let quantity = line.quantity;
        let part = quantity * self.rng.range(400, 800) / 1000 / SCALE * SCALE;
        if line.fate == Fate::Short {
            return if part > 0 { vec![part] } else { vec![quantity] };
        }
        if whole || part == 0 || !self.rng.chance(80) {
            return vec![quantity];
        }
        let rest = quantity - part;
        let second = rest / 2 / SCALE * SCALE;
        if second > 0 && self.rng.chance(150) { vec![part, second, rest - second] } else { vec![part, rest] }
    }

    /// One distributor's part: response, shipments, receipts.
    fn play(
        &mut self,
        wish: &Wish,
        scene: &Scene<'_>,
        lines: &mut [Line],
        after: &mut Vec<After>,
        desk: &mut Desk<'_, '_>,
    ) {
        let span = self.set.span;
        let distributor = scene.distributor;
        let hours =
            lines.iter().filter(|l| l.distributor == distributor).map(|l| l.hours).min().unwrap_or(24);
        let late = self.set.assets.distributors[distributor].late_permille;
        let course = self.course(wish, hours, late);
        let mut legs = 0;
        for line in lines.iter_mut().filter(|l| l.distributor == distributor) {
            line.respond = course.respond;
            line.parts = self.parts(line, wish.urgent || wish.plot != Plot::None);
            match line.fate {
                Fate::Cancelled(at) if at <= span.now => line.touch(at),
                _ if line.is_answered(span.now) => line.touch(line.respond),
                _ => {}
            }
            if let Fate::ShipRefused(at) = line.fate {
                let at = at.max(line.respond.saturating_add(HOUR));
                line.fate = Fate::ShipRefused(at);
                if at <= span.now {
                    line.touch(at);
                }
            }
            if matches!(line.fate, Fate::Delivered | Fate::Short) {
                legs = legs.max(line.parts.len());
            } else {
                line.parts.clear();
            }
        }
        let mut leg = course.first;
        if legs > 0 && self.rng.chance(5) && leg.ship <= span.now {
            // Sent, taken back, and sent again.
            self.parcel(scene, leg, None, lines, after, desk);
        }
        for part in 0..legs {
            if part > 0 {
                leg = leg.following(&mut self.rng, span);
            }
            if leg.ship <= span.now {
                self.parcel(scene, leg, Some(part), lines, after, desk);
            }
        }
    }

    /// One shipment, and its receipt where there was one; without a `part` a void one.
    fn parcel(
        &mut self,
        scene: &Scene<'_>,
        leg: Leg,
        part: Option<usize>,
        lines: &mut [Line],
        after: &mut Vec<After>,
        desk: &mut Desk<'_, '_>,
    ) {
        let now = self.set.span.now;
        let distributor = scene.distributor;
        let out = &mut *desk.out;
        let (void, part) = (part.is_none(), part.unwrap_or(0));
        let ship = if void { leg.ship - 20 * MINUTE } else { leg.ship };
        let (accepted, pre_accepted) = (leg.accept <= now, leg.pre_accept <= now);
        let received_at = if accepted { leg.accept } else { leg.pre_accept };
        let mut goods = Vec::new();
        let mut receipt_lines = Vec::new();
        let (mut amount, mut received_amount, mut any_received) = (Amount::ZERO, Amount::ZERO, false);
        for line in lines.iter_mut().filter(|l| l.distributor == distributor) {
            let Some(quantity) = line.parts.get(part).copied() else { continue };
            let lot = self.lot(line.product, ship);
            let id = out.ids.next(ship);
            amount += line.amount_of(quantity);
            goods.push(DeliveryLine {
                distribute_detail_id: id.clone(),
                order_detail_id: Some(line.id.clone()),
                procurecatalog_id: self.set.catalogue.products[line.product].id.clone(),
                distribute_count: Quantity::from_units(quantity),
                lot_no: lot.no.clone(),
                prod_date: Some(lot.made),
                expiry_date: Some(lot.expires),
                udi: lot.udi.clone(),
            });
            if void {
                continue;
            }
            line.delivered += quantity;
            line.touch(ship);
            line.last_arrival = line.last_arrival.max(leg.arrive);
            if !pre_accepted {
                continue;
            }
            let mut rejected = 0;
            if accepted {
                if self.rng.chance(8) {
                    rejected = if self.rng.chance(400) {
                        quantity
                    } else {
                        (quantity / 5 / SCALE * SCALE).max(SCALE).min(quantity)
                    };
                }
                line.received += quantity - rejected;
                line.handled += quantity;
                line.last_accept = leg.accept;
            } else {
                line.pre_accepted = true;
            }
            line.touch(received_at);
            any_received |= rejected < quantity;
            received_amount += line.amount_of(quantity - rejected);
            receipt_lines.push(ReceiptLine {
                receipt_detail_id: out.ids.next(received_at),
                distribute_detail_id: id,
                order_detail_id: Some(line.id.clone()),
                received_count: Quantity::from_units(quantity - rejected),
                rejected_count: Quantity::from_units(rejected),
                reject_reason: if rejected > 0 {
                    (*self.rng.pick(&REJECTIONS)).to_owned()
                } else {
                    String::new()
                },
                lot_no: lot.no,
                expiry_date: Some(lot.expires),
                udi: lot.udi,
            });
        }
        if goods.is_empty() {
            return;
        }
        let (state, changed) = match () {
            () if void => (DeliveryState::Void, ship + 8 * MINUTE),
            () if accepted => (DeliveryState::Stored, leg.accept),
            () if pre_accepted => (DeliveryState::Accepting, leg.pre_accept),
            () if leg.arrive <= now => (DeliveryState::Confirmed, leg.arrive),
            () => (DeliveryState::Waiting, ship),
        };
        let carrier = self.rng.pick(&self.set.assets.province.carriers.names).clone();
        let own = carrier == self.set.assets.province.carriers.names[0];
        let delivery = Delivery {
            distribute_id: out.ids.next(ship),
            distribute_code: self.code("PS", date_of(ship)),
            order_id: Some(scene.order_id.to_owned()),
            company_id_ps: self.set.orgs.distributors[distributor].clone(),
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
            distribute_time: instant(ship),
            arrive_time: (!void && leg.arrive <= now).then(|| instant(leg.arrive)),
            express_no: if own {
                String::new()
            } else {
                format!("YL{:012}", self.rng.range(1_000_000, 999_999_999_999))
            },
            carrier,
            lines: goods,
        };
        let delivery_id = delivery.distribute_id.clone();
        after.push(After::Delivery(delivery, amount, changed));
        if void {
            return;
        }
        self.note_waiting(scene, leg, amount, lines, part, desk.books);
        if !pre_accepted {
            return;
        }
        let state = match (accepted, any_received) {
            (false, _) => ReceiptState::PreAccepted,
            (true, true) => ReceiptState::Accepted,
            (true, false) => ReceiptState::Rejected,
        };
        let receipt = Receipt {
            receipt_id: out.ids.next(received_at),
            receipt_code: self.code("YS", date_of(received_at)),
            distribute_id: delivery_id,
            company_id_ps: self.set.orgs.distributors[distributor].clone(),
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
            receive_time: instant(received_at),
            operator: self.operator(),
            lines: receipt_lines,
            attachments: Vec::new(),
        };
        after.push(After::Receipt(receipt, received_amount, received_at));
        if accepted {
            let sums = desk.books.day(leg.accept);
            sums.receipts += 1;
            sums.received += received_amount.units();
        }
    }

    /// Counts a delivery that lay about for more than two days.
    fn note_waiting(
        &self,
        scene: &Scene<'_>,
        leg: Leg,
        amount: Amount,
        lines: &[Line],
        part: usize,
        books: &mut Books,
    ) {
        let now = self.set.span.now;
        if leg.arrive + 2 * DAY > leg.accept.min(now) {
            return;
        }
        let sums = books.day(leg.arrive + 2 * DAY);
        sums.late_receipts += 1;
        sums.late_receipt_amount += amount.units();
        for line in lines.iter().filter(|l| l.distributor == scene.distributor && l.parts.len() > part) {
            let until = Some(leg.accept).filter(|at| *at <= now);
            books.sample(Matter::LateReceipt, sample(scene.code, line, leg.arrive, until));
        }
    }

    fn emit_order(&mut self, wish: &Wish, order_id: &str, code: &str, lines: &[Line], out: &mut Out<'_>) {
        let set = self.set;
        let hospital = self.hospital;
        let updated = lines.iter().map(|line| line.updated).max().unwrap_or(wish.submit);
        let order_type = lines
            .iter()
            .skip(1)
            .fold(lines[0].order_type, |all, line| if all == line.order_type { all } else { "普通" });
        let remarks = match wish.plot {
            Plot::Draft => "科室补充规格后提交",
            _ if wish.urgent => "急诊手术使用，请按应急时限送达",
            _ => "",
        };
        let order = Order {
            order_id: order_id.to_owned(),
            order_code: code.to_owned(),
            order_type: order_type.to_owned(),
            hospital_dept: wish.department.to_owned(),
            operator: self.operator(),
            submit_time: instant(wish.submit),
            line_count: lines.len() as u32,
            order_amount: lines.iter().map(Line::amount).sum(),
            remarks: remarks.to_owned(),
        };
        out.whole(
            hospital,
            Resource::Order,
            (order_id, order_id),
            (updated, wish.submit),
            order.order_amount,
            &order,
        );
        let own_key = format!("{}{}", if hospital.index == 0 { "XQ" } else { "SQ" }, &code[2..]);
        let keyed = self.rng.chance(930);
        for line in lines {
            let product = &set.catalogue.products[line.product];
            let ids = Ids {
                order: order_id,
                code,
                product: &product.id,
                maker: &set.orgs.makers[product.maker],
                distributor: &set.orgs.distributors[line.distributor],
                unit: set.assets.varieties[product.variety].unit,
                submit: wish.submit,
                agreement: line.allotment.map(|a| hospital.allotments[a].id.as_str()),
                own_key: keyed.then(|| format!("{own_key}-{:02}", line.no)),
            };
            let record = line.document(set.span.now, ids);
            out.whole(
                hospital,
                Resource::OrderLine,
                (&line.id, order_id),
                (updated, wish.submit),
                record.purchase_amount,
                &record,
            );
        }
    }

    pub(super) fn lot(&self, product: usize, shipped: i64) -> Lot {
        let listing = &self.set.catalogue.products[product];
        let age = 35 + (product * 53 % 170) as i64;
        let made = plus(month_start(date_of(shipped), 0), -age);
        let expires = plus(made, [730, 1095, 1825][product % 3] - 1);
        let no = format!("{}{:02}", made.format("%y%m%d"), product % 47 + 1);
        let udi = listing
            .udi_di
            .as_ref()
            .map_or_else(String::new, |di| format!("01{di}17{}10{no}", expires.format("%y%m%d")));
        Lot { no, made, expires, udi }
    }
}
