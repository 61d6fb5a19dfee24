//! One order line on its way through its states.

use sunbench_contract::OrderLine;
use sunbench_domain::state::{OrderLineState, RAW_LATE, State};
use sunbench_domain::{Amount, Price, Quantity};

use crate::demo::days::instant;

/// What becomes of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Delivered,
    /// The last part never comes.
    Short,
    /// Refused by the company at its response.
    Refused,
    /// Accepted, and refused at this time.
    ShipRefused(i64),
    /// Taken back by the hospital at this time, before the response.
    Cancelled(i64),
    Draft,
}

pub(super) struct Line {
    pub(super) id: String,
    pub(super) no: u32,
    pub(super) product: usize,
    pub(super) distributor: usize,
    /// The agreement under which it is bought.
    pub(super) allotment: Option<usize>,
    /// Quantities in 1/10,000 of the product's unit.
    pub(super) quantity: i64,
    pub(super) price: Price,
    pub(super) order_type: &'static str,
    pub(super) hours: i64,
    pub(super) due: i64,
    pub(super) respond: i64,
    pub(super) fate: Fate,
    /// What is shipped in how many parts.
    pub(super) parts: Vec<i64>,
    pub(super) delivered: i64,
    pub(super) received: i64,
    /// Received or rejected.
    pub(super) handled: i64,
    pub(super) returned: i64,
    pub(super) pre_accepted: bool,
    pub(super) last_arrival: i64,
    pub(super) last_accept: i64,
    /// The last thing that happened to it.
    pub(super) updated: i64,
}

impl Line {
    pub(super) fn amount_of(&self, quantity: i64) -> Amount {
        Amount::of(self.price, Quantity::from_units(quantity)).expect("a line's amount is far within range")
    }

    pub(super) fn amount(&self) -> Amount {
        self.amount_of(self.quantity)
    }

    pub(super) fn touch(&mut self, at: i64) {
        self.updated = self.updated.max(at);
    }

    pub(super) fn is_answered(&self, now: i64) -> bool {
        self.respond <= now && !matches!(self.fate, Fate::Cancelled(_) | Fate::Draft)
    }

    /// Whether everything that was to come has come.
    fn is_closed(&self) -> bool {
        self.delivered == self.parts.iter().sum::<i64>() && self.handled == self.delivered
    }

    /// The raw code and its text as of `now`.
    pub(super) fn state(&self, now: i64) -> (&'static str, &'static str) {
        let state = match self.fate {
            Fate::Draft => OrderLineState::Draft,
            Fate::Cancelled(at) if at <= now => OrderLineState::Cancelled,
            Fate::Cancelled(_) => OrderLineState::Submitted,
            _ if self.respond > now => OrderLineState::Submitted,
            Fate::Refused => OrderLineState::Refused,
            Fate::ShipRefused(at) if at <= now => OrderLineState::ShipRefused,
            _ if self.delivered == 0 && self.due < now => return (RAW_LATE, "未及时配送"),
            _ if self.delivered == 0 => OrderLineState::Accepted,
            _ if self.is_closed() => OrderLineState::Received,
            _ if self.handled > 0 || self.pre_accepted => OrderLineState::Receiving,
            _ => OrderLineState::Shipped,
        };
        (state.raw(), state.text_zh())
    }

    pub(super) fn document(&self, now: i64, ids: Ids<'_>) -> OrderLine {
        let (raw, text) = self.state(now);
        let answered = self.is_answered(now);
        OrderLine {
            order_detail_id: self.id.clone(),
            order_id: ids.order.to_owned(),
            order_code: ids.code.to_owned(),
            line_no: self.no,
            procurecatalog_id: ids.product.to_owned(),
            company_id_tb: ids.maker.to_owned(),
            company_id_ps: ids.distributor.to_owned(),
            unit: ids.unit.to_owned(),
            purchase_count: Quantity::from_units(self.quantity),
            purchase_price: self.price,
            purchase_amount: self.amount(),
            order_type: self.order_type.to_owned(),
            order_detail_state: raw.to_owned(),
            state_text: text.to_owned(),
            submit_time: instant(ids.submit),
            response_time: answered.then(|| instant(self.respond)),
            delivery_due_time: (self.fate != Fate::Draft).then(|| instant(self.due)),
            distribute_count: Quantity::from_units(self.delivered),
            received_count: Quantity::from_units(self.received),
            return_count: Quantity::from_units(self.returned),
            urgent: self.order_type == "应急",
            agreement_id: ids.agreement.map(str::to_owned),
            order_custom_info: ids.own_key,
        }
    }
}

/// What a line's record refers to.
pub(super) struct Ids<'a> {
    pub(super) order: &'a str,
    pub(super) code: &'a str,
    pub(super) product: &'a str,
    pub(super) maker: &'a str,
    pub(super) distributor: &'a str,
    pub(super) unit: &'a str,
    pub(super) submit: i64,
    pub(super) agreement: Option<&'a str>,
    pub(super) own_key: Option<String>,
}
