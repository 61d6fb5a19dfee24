//! Invoices (发票) and settlements (结算单), closed month by month.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use sunbench_contract::{Invoice, InvoiceLine, Resource, Settlement};
use sunbench_domain::state::{InvoiceState, SettlementState, State};
use sunbench_domain::{Amount, Quantity};

use super::Out;
use super::days::{DAY, HOUR, at, date_of, instant, month_start, plus};
use super::numbers;
use super::random::Rng;
use super::trade::Trade;

/// Lines of one invoice at most.
const INVOICE_LINES: usize = 12;
/// Calendar days from a settlement's creation to its payment.
const PAYMENT_DAYS: i64 = 30;

/// An order line's accepted goods, to be invoiced.
pub(super) struct Received {
    pub(super) line: String,
    /// In 1/10,000.
    pub(super) quantity: i64,
    pub(super) amount: Amount,
    pub(super) at: i64,
    /// The manufacturer's invoice must be shown too (两票制).
    pub(super) two_invoices: bool,
}

/// A confirmed return, for which a red-letter invoice follows.
struct Returned {
    quantity: i64,
    amount: Amount,
    at: i64,
    /// The number of the invoice that billed the line.
    blue: Option<String>,
}

/// What the notices and indicators ask about a settlement.
pub(super) struct Settled {
    pub(super) code: String,
    pub(super) distributor: usize,
    pub(super) amount: Amount,
    pub(super) due: NaiveDate,
    pub(super) paid: Option<i64>,
    pub(super) created: i64,
}

pub(super) struct Billing {
    seed: u64,
    queues: Vec<Vec<Received>>,
    returned: BTreeMap<(usize, String), Returned>,
    /// By distributor and month: what a settlement of that month takes in.
    open: BTreeMap<(usize, NaiveDate), Vec<(String, Amount)>>,
    serial: u64,
    pub(super) settled: Vec<Settled>,
}

/// What becomes of one distributor's settlement of one month.
struct Plan {
    created: i64,
    state: SettlementState,
    paid: Option<i64>,
    due: NaiveDate,
    kind: &'static str,
}

impl Billing {
    pub(super) fn new(seed: u64, distributors: usize) -> Self {
        Self {
            seed,
            queues: (0..distributors).map(|_| Vec::new()).collect(),
            returned: BTreeMap::new(),
            open: BTreeMap::new(),
            serial: 0,
            settled: Vec::new(),
        }
    }

    pub(super) fn received(&mut self, distributor: usize, received: Received) {
        self.queues[distributor].push(received);
    }

    /// `quantity` is nought where only the price came down.
    pub(super) fn returned(
        &mut self,
        distributor: usize,
        line: &str,
        quantity: i64,
        amount: Amount,
        at: i64,
    ) {
        self.returned.insert((distributor, line.to_owned()), Returned { quantity, amount, at, blue: None });
    }

    /// Invoices what was accepted before `until`, and settles the month that ended.
    pub(super) fn close_month(&mut self, trade: &mut Trade<'_>, until: i64, out: &mut Out<'_>) {
        for distributor in 0..self.queues.len() {
            let mut due = Vec::new();
            let mut rest = Vec::new();
            for received in std::mem::take(&mut self.queues[distributor]) {
                if received.at < until { due.push(received) } else { rest.push(received) }
            }
            due.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.line.cmp(&b.line)));
            let mut due = due.into_iter().peekable();
            while let Some(first) = due.peek().map(|received| received.at) {
                let mut lines = Vec::new();
                while lines.len() < INVOICE_LINES
                    && let Some(received) = due.next_if(|r| r.at < first + 9 * DAY)
                {
                    lines.push(received);
                }
                if let Err(lines) = self.invoice(trade, distributor, lines, out) {
                    rest.extend(lines);
                }
            }
            self.queues[distributor] = rest;
            self.red_letters(trade, distributor, until, out);
            self.settle(trade, distributor, month_start(date_of(until - 1), 0), out);
        }
    }

    fn number(&mut self, trade: &Trade<'_>, distributor: usize, date: NaiveDate) -> String {
        self.serial += 1;
        let division = trade.set.assets.distributors[distributor].division;
        // A multiplier without a common factor spreads the numbers without repeating one.
        let spread = (self.serial * 7_919) % 99_999_989 + trade.hospital.index as u64 * 100_000_000;
        numbers::invoice_number(date.year(), division, 31_000_000_000 + spread)
    }

    /// One blue invoice; gives the lines back where it would come after now.
    fn invoice(
        &mut self,
        trade: &mut Trade<'_>,
        distributor: usize,
        lines: Vec<Received>,
        out: &mut Out<'_>,
    ) -> Result<(), Vec<Received>> {
        let span = trade.set.span;
        let Some(last) = lines.last().map(|received| received.at) else { return Ok(()) };
        let date = plus(date_of(last), trade.rng.range(1, 6));
        let moment = at(date, trade.rng.range(9 * HOUR, 17 * HOUR));
        if moment > span.now {
            return Err(lines);
        }
        let number = self.number(trade, distributor, date);
        for received in &lines {
            if let Some(returned) = self.returned.get_mut(&(distributor, received.line.clone())) {
                returned.blue = Some(number.clone());
            }
        }
        let two = lines.iter().any(|received| received.two_invoices) && trade.rng.chance(880);
        let upstream = if two {
            numbers::invoice_number(plus(date, -20).year(), "570000", 77_000_000_000 + self.serial * 613)
        } else {
            String::new()
        };
        let lines: Vec<_> = lines.into_iter().map(|r| (r.line, r.quantity, r.amount)).collect();
        self.write(trade, distributor, ("blue", number, None, upstream), moment, &lines, out);
        Ok(())
    }

    /// Red-letter invoices for returns that were confirmed and whose blue invoice is out.
    fn red_letters(&mut self, trade: &mut Trade<'_>, distributor: usize, until: i64, out: &mut Out<'_>) {
        let limit = until.min(trade.set.span.now);
        let ready: Vec<(usize, String)> = self
            .returned
            .iter()
            .filter(|((d, _), r)| *d == distributor && r.blue.is_some() && r.at + 4 * DAY < limit)
            .map(|(key, _)| key.clone())
            .collect();
        for key in ready {
            let Some(returned) = self.returned.remove(&key) else { continue };
            // Never in a month whose settlement is closed.
            let opened = at(month_start(date_of(until - 1), 0), 9 * HOUR);
            let moment = (returned.at + trade.rng.range(20, 90) * HOUR).max(opened).min(limit);
            let number = self.number(trade, distributor, date_of(moment));
            let lines = [(key.1, -returned.quantity, -returned.amount)];
            self.write(
                trade,
                distributor,
                ("red", number, returned.blue, String::new()),
                moment,
                &lines,
                out,
            );
        }
    }

    fn write(
        &mut self,
        trade: &mut Trade<'_>,
        distributor: usize,
        (kind, number, red_of, upstream): (&str, String, Option<String>, String),
        moment: i64,
        lines: &[(String, i64, Amount)],
        out: &mut Out<'_>,
    ) {
        let now = trade.set.span.now;
        let date = date_of(moment);
        let period = month_start(date, 0);
        let plan = self.plan(trade, distributor, period);
        let age = (now - moment) / DAY;
        let draw = trade.rng.below(1000);
        let state = match draw {
            0..8 => InvoiceState::Refused,
            8..13 => InvoiceState::Waiting,
            _ if plan.created <= now && plan.state == SettlementState::Paid => InvoiceState::Paid,
            _ if plan.created <= now => InvoiceState::Verified,
            13..90 if age <= 12 => InvoiceState::Draft,
            90..700 if age <= 12 => InvoiceState::Waiting,
            90..240 => InvoiceState::Waiting,
            _ => InvoiceState::Verified,
        };
        let amount: Amount = lines.iter().map(|(_, _, amount)| *amount).sum();
        // 13 % of value-added tax is within the amount.
        let tax = Amount::from_units((amount.units() * 13 / 113) / 100 * 100);
        let id = out.ids.next(moment);
        let updated = match state {
            InvoiceState::Paid => plan.paid.unwrap_or(moment),
            InvoiceState::Verified | InvoiceState::Refused => moment + 2 * DAY,
            InvoiceState::Draft | InvoiceState::Waiting => moment,
        };
        if matches!(state, InvoiceState::Paid | InvoiceState::Verified) {
            self.open.entry((distributor, period)).or_default().push((id.clone(), amount));
        }
        let invoice = Invoice {
            invoice_id: id,
            invoice_no: number,
            kind: kind.to_owned(),
            company_id_ps: trade.set.orgs.distributors[distributor].clone(),
            invoice_date: date,
            amount,
            tax_amount: tax,
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
            red_of,
            upstream_invoice_no: upstream,
            refuse_reason: String::new(),
            lines: lines
                .iter()
                .map(|(line, quantity, amount)| InvoiceLine {
                    invoice_detail_id: out.ids.next(moment),
                    order_detail_id: line.clone(),
                    invoice_count: Quantity::from_units(*quantity),
                    invoice_amount: *amount,
                })
                .collect(),
        };
        let times = (updated.min(now), instant(moment));
        out.dated(trade.hospital, Resource::Invoice, &invoice.invoice_id, times, amount, &invoice);
    }

    /// The same for the same distributor and month, whoever asks.
    fn plan(&self, trade: &Trade<'_>, distributor: usize, period: NaiveDate) -> Plan {
        use SettlementState::{Approved, Disputed, Draft, Paid, Reconciling, Submitted};
        let span = trade.set.span;
        let mut rng =
            Rng::new(self.seed, &format!("settlement {} {distributor} {period}", trade.hospital.code));
        let next = month_start(period, 1);
        let created = at(plus(next, rng.range(7, 13)), rng.range(9 * HOUR, 16 * HOUR));
        let due = plus(date_of(created), PAYMENT_DAYS);
        let kind = if rng.chance(350) { "fund" } else { "hospital" };
        let age = (span.now - created).div_euclid(DAY);
        let late = rng.chance(60);
        let days = if late {
            rng.range(PAYMENT_DAYS + 1, PAYMENT_DAYS + 15)
        } else {
            rng.range(12, PAYMENT_DAYS - 1)
        };
        let paid = created + days * DAY + rng.range(0, 5 * HOUR);
        let state = match age {
            ..2 => Draft,
            2..PAYMENT_DAYS => {
                [Draft, Submitted, Reconciling, Disputed, Approved, Reconciling, Approved][distributor % 7]
            }
            // A few are left lying past their term.
            PAYMENT_DAYS..65 if distributor % 8 == 3 => Approved,
            65..95 if distributor % 25 == 9 => Approved,
            _ if paid > span.now => Approved,
            _ => Paid,
        };
        Plan { created, state, paid: (state == Paid).then_some(paid), due, kind }
    }

    fn settle(&mut self, trade: &mut Trade<'_>, distributor: usize, period: NaiveDate, out: &mut Out<'_>) {
        let now = trade.set.span.now;
        let plan = self.plan(trade, distributor, period);
        if plan.created > now {
            return;
        }
        let Some(invoices) = self.open.remove(&(distributor, period)) else { return };
        let amount: Amount = invoices.iter().map(|(_, amount)| *amount).sum();
        if amount <= Amount::ZERO {
            return;
        }
        let id = out.ids.next(plan.created);
        let step = match plan.state {
            SettlementState::Draft => 0,
            SettlementState::Submitted => 1,
            SettlementState::Reconciling => 3,
            SettlementState::Disputed => 5,
            SettlementState::Approved | SettlementState::Paid => 9,
        };
        let updated = plan.paid.unwrap_or(plan.created + step * DAY);
        let settlement = Settlement {
            settlement_id: id,
            settlement_code: trade.code("JS", date_of(plan.created)),
            kind: plan.kind.to_owned(),
            company_id_ps: trade.set.orgs.distributors[distributor].clone(),
            period: period.format("%Y-%m").to_string(),
            state: plan.state.raw().to_owned(),
            state_text: plan.state.text_zh().to_owned(),
            amount,
            due_date: plan.due,
            paid_time: plan.paid.map(instant),
            invoice_ids: invoices.into_iter().map(|(id, _)| id).collect(),
            create_time: instant(plan.created),
            dispute_reason: String::new(),
        };
        self.settled.push(Settled {
            code: settlement.settlement_code.clone(),
            distributor,
            amount,
            due: plan.due,
            paid: plan.paid,
            created: plan.created,
        });
        let times = (updated.min(now), settlement.create_time);
        out.dated(
            trade.hospital,
            Resource::Settlement,
            &settlement.settlement_id,
            times,
            amount,
            &settlement,
        );
    }
}
