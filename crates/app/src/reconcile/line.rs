//! A line of either side, as reconciliation works with it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sunbench_domain::matching::{LedgerLine, LineKind};
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::local::ledger::LedgerRow;
use sunbench_store::mirror::goods::{GoodsKind, GoodsLine};

use super::period::Period;
use crate::clocked::date;
use crate::ledger::line_id;

/// Which of the platform's names of an order line the ledger uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LineName {
    /// 订单明细编号.
    Id,
    /// The line's number within its order.
    Number,
    /// 透传键: the hospital's own.
    Own,
}

/// 明细行.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_field_names)] // an order line's number is its order_line
pub(super) struct Line {
    /// The platform's document and line, or the ledger's fingerprint and ordinal.
    pub(super) id: String,
    pub(super) kind: LineKind,
    pub(super) date: Option<NaiveDate>,
    /// Dated in the month that is reconciled.
    pub(super) is_own: bool,
    pub(super) key: String,
    pub(super) order: String,
    pub(super) order_line: String,
    pub(super) delivery: String,
    pub(super) delivery_line: String,
    pub(super) invoice: String,
    pub(super) code: String,
    pub(super) udi: String,
    pub(super) item: String,
    pub(super) name: String,
    pub(super) spec: String,
    pub(super) manufacturer: String,
    pub(super) supplier: String,
    pub(super) lot: String,
    pub(super) serial: String,
    pub(super) expiry: Option<NaiveDate>,
    pub(super) quantity: Quantity,
    pub(super) unit: String,
    pub(super) price: Option<Price>,
    pub(super) amount: Option<Amount>,
    /// The number of the platform's document.
    pub(super) number: String,
    /// Where the ledger's line stands in this profile.
    pub(super) ledger_key: i64,
}

/// A return is less than nought on both sides, whatever its source writes.
fn signed<T: Copy + std::ops::Neg<Output = T>>(is_return: bool, is_negative: bool, value: T) -> T {
    if is_return && !is_negative { -value } else { value }
}

impl Line {
    pub(super) fn of_platform(line: GoodsLine, period: Period, name: LineName) -> Self {
        let (letter, kind) = match line.kind {
            GoodsKind::Receipt => ('R', LineKind::Receipt),
            GoodsKind::Return => ('T', LineKind::Return),
            GoodsKind::Invoice => ('I', LineKind::Invoice),
            GoodsKind::Settlement => ('S', LineKind::Settlement),
        };
        let is_return = line.kind == GoodsKind::Return;
        let day = match &line.dated_on {
            Some(day) => day.parse().ok(),
            None => date(line.at),
        };
        let spec = match (line.spec.is_empty(), line.model.is_empty() || line.model == line.spec) {
            (false, false) => format!("{} {}", line.spec, line.model),
            (true, false) => line.model,
            _ => line.spec,
        };
        Self {
            id: format!("{letter}:{}/{}", line.document, line.line),
            kind,
            date: day,
            is_own: day.is_some_and(|day| period.holds(day)),
            key: line.own_key.clone(),
            order: line.order,
            order_line: match name {
                LineName::Id => line.order_line,
                LineName::Number if line.line_no > 0 => line.line_no.to_string(),
                LineName::Number => String::new(),
                LineName::Own => line.own_key,
            },
            delivery: line.delivery,
            delivery_line: line.delivery_line,
            invoice: if line.kind == GoodsKind::Invoice { line.number.clone() } else { String::new() },
            code: line.mcs_code,
            udi: line.udi,
            item: line.item,
            name: line.name,
            spec,
            manufacturer: line.maker,
            supplier: line.supplier,
            lot: line.lot,
            serial: String::new(),
            expiry: line.expires_on.and_then(|day| day.parse().ok()),
            quantity: signed(is_return, line.quantity.is_negative(), line.quantity),
            unit: line.unit,
            price: line.price,
            amount: line.amount.map(|amount| signed(is_return, amount.is_negative(), amount)),
            number: line.number,
            ledger_key: 0,
        }
    }

    pub(super) fn of_ledger(row: LedgerRow, period: Period) -> Self {
        let day = row.dated_on.as_ref().and_then(|day| day.parse().ok());
        Self {
            id: line_id(&row.id),
            kind: if row.is_return { LineKind::Return } else { LineKind::Receipt },
            date: day,
            is_own: row.month == period.month(),
            key: String::new(),
            order: row.order,
            order_line: row.order_line,
            delivery: row.delivery,
            delivery_line: row.delivery_line,
            invoice: row.invoice,
            code: row.code,
            udi: row.udi,
            item: row.item,
            name: row.name,
            spec: row.spec,
            manufacturer: row.manufacturer,
            supplier: row.supplier,
            lot: row.lot,
            serial: row.serial,
            expiry: row.expires_on.and_then(|day| day.parse().ok()),
            quantity: signed(row.is_return, row.quantity.is_negative(), row.quantity),
            unit: row.unit,
            price: row.price,
            amount: row.amount.map(|amount| signed(row.is_return, amount.is_negative(), amount)),
            number: String::new(),
            ledger_key: row.key,
        }
    }

    /// For the matching, under this row number.
    pub(super) fn as_ledger_line(&self, row: u32) -> LedgerLine<'_> {
        LedgerLine {
            row,
            kind: self.kind,
            key: &self.key,
            order: &self.order,
            order_line: &self.order_line,
            delivery: &self.delivery,
            delivery_line: &self.delivery_line,
            invoice: &self.invoice,
            code: &self.code,
            udi: &self.udi,
            item: &self.item,
            name: &self.name,
            spec: &self.spec,
            manufacturer: &self.manufacturer,
            supplier: &self.supplier,
            lot: &self.lot,
            serial: &self.serial,
            expiry: self.expiry,
            date: self.date,
            quantity: Some(self.quantity),
            unit: &self.unit,
            price: self.price,
            amount: self.amount,
            tax_percent: None,
        }
    }

    /// As stated, else price times quantity.
    pub(super) fn worth(&self) -> Amount {
        self.amount.or_else(|| Amount::of(self.price?, self.quantity)).unwrap_or_default()
    }

    /// A line of nothing, such as one that was refused whole, has no counterpart.
    pub(super) fn says_something(&self) -> bool {
        self.quantity != Quantity::ZERO || self.worth() != Amount::ZERO
    }

    /// The code that names the product best.
    pub(super) fn product(&self) -> &str {
        [&self.code, &self.item, &self.udi, &self.name]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or("", String::as_str)
    }

    /// Of what the line states: another content is another fingerprint.
    pub(super) fn content(&self) -> [u8; 16] {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let number = |units: Option<i64>| units.map(|units| units.to_string()).unwrap_or_default();
        fingerprint([
            self.kind_text(),
            &day(self.date),
            &self.order,
            &self.delivery,
            &self.invoice,
            &self.code,
            &self.udi,
            &self.name,
            &self.spec,
            &self.supplier,
            &self.lot,
            &day(self.expiry),
            &self.quantity.to_string(),
            &self.unit,
            &number(self.price.map(Price::units)),
            &number(self.amount.map(Amount::units)),
        ])
    }

    pub(super) const fn kind_text(&self) -> &'static str {
        match self.kind {
            LineKind::Order => "订单",
            LineKind::Delivery => "配送",
            LineKind::Receipt => "收货",
            LineKind::Return => "退货",
            LineKind::Invoice => "发票",
            LineKind::Settlement => "结算",
        }
    }
}

/// The first half of SHA-256 over texts, each with its length.
pub(super) fn fingerprint<'t>(texts: impl IntoIterator<Item = &'t str>) -> [u8; 16] {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finalize()[..16]);
    first
}
