//! What goes in: two ledgers of lines, whichever side they come from.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::decisions::AliasOf;
use super::fold::{self, Folded};
use super::pool::{NONE, Pool, TextId};
use crate::{Amount, Price, Quantity};

/// 单据种类: what a line records. Goods lines (orders, deliveries, receipts) are matched with goods lines, and each
/// other kind with its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// 订单明细.
    Order,
    /// 配送明细.
    Delivery,
    /// 收货、入库明细; what a ledger without kinds holds. A negative quantity makes it a return.
    #[default]
    Receipt,
    /// 退货明细.
    Return,
    /// 发票明细.
    Invoice,
    /// 结算明细.
    Settlement,
}

/// 台账明细行: one line as a reader hands it over. Texts are as in the source (empty: absent); they are made
/// comparable and kept once by [`Ledger::push`], which copies nothing that it knows already.
///
/// ```
/// use sunbench_domain::matching::{Ledger, LedgerLine};
/// let mut ledger = Ledger::default();
/// ledger.push(&LedgerLine {
///     row: 1,
///     order: "DD2026010001",
///     order_line: "1",
///     code: "C0101010000000000001",
///     quantity: "10".parse().ok(),
///     unit: "盒",
///     ..LedgerLine::default()
/// });
/// assert_eq!(ledger.len(), 1);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct LedgerLine<'a> {
    /// Row number, by which results name the line; unique in its ledger.
    pub row: u32,
    /// What the line records.
    pub kind: LineKind,
    /// 透传键: the hospital's own key of an order line, that the platform carries.
    pub key: &'a str,
    /// 订单编号.
    pub order: &'a str,
    /// 订单明细编号: a number within the order, or a key of its own.
    pub order_line: &'a str,
    /// 配送单号.
    pub delivery: &'a str,
    /// 配送明细编号.
    pub delivery_line: &'a str,
    /// 发票号码.
    pub invoice: &'a str,
    /// 医保耗材代码, 20 or 27 characters.
    pub code: &'a str,
    /// UDI, as scanned or its device identifier.
    pub udi: &'a str,
    /// 院内物资编码: the ledger's own code of the product.
    pub item: &'a str,
    /// 产品名称.
    pub name: &'a str,
    /// 规格型号.
    pub spec: &'a str,
    /// 生产企业.
    pub manufacturer: &'a str,
    /// 配送企业.
    pub supplier: &'a str,
    /// 批号.
    pub lot: &'a str,
    /// 序列号.
    pub serial: &'a str,
    /// 有效期至.
    pub expiry: Option<NaiveDate>,
    /// 业务日期 of the line: ordered, received, invoiced.
    pub date: Option<NaiveDate>,
    /// 数量, negative for a return.
    pub quantity: Option<Quantity>,
    /// 单位.
    pub unit: &'a str,
    /// 单价.
    pub price: Option<Price>,
    /// 金额.
    pub amount: Option<Amount>,
    /// 税率 in per cent, where the line states it.
    pub tax_percent: Option<u8>,
}

/// A number or day that is absent.
pub(super) const ABSENT: i64 = i64::MIN;
/// A day that is absent.
pub(super) const NO_DAY: i32 = i32::MIN;

/// One line, folded: numbers of texts, days since the common era, units of 1/10,000.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_field_names)] // an order line's number is its order_line
pub(super) struct Line {
    pub(super) row: u32,
    pub(super) kind: LineKind,
    pub(super) key: TextId,
    pub(super) order: TextId,
    pub(super) order_line: TextId,
    pub(super) delivery: TextId,
    pub(super) delivery_line: TextId,
    pub(super) invoice: TextId,
    /// The national code's first twenty characters.
    pub(super) code: TextId,
    /// The whole code, where it is longer.
    pub(super) code_full: TextId,
    pub(super) udi: TextId,
    pub(super) item: TextId,
    pub(super) name: TextId,
    pub(super) spec: TextId,
    pub(super) manufacturer: TextId,
    pub(super) supplier: TextId,
    pub(super) lot: TextId,
    pub(super) serial: TextId,
    pub(super) unit: TextId,
    pub(super) expiry: i32,
    pub(super) date: i32,
    pub(super) quantity: i64,
    pub(super) price: i64,
    pub(super) amount: i64,
    pub(super) tax: u8,
}

/// 台账: lines of one side, compact, in the order in which they were pushed.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub(super) lines: Vec<Line>,
    pub(super) pool: Pool,
    names: Memo,
    companies: Memo,
    units: Memo,
    damaged: Vec<DamagedCell>,
    scratch: String,
}

/// 受损单元格: a key or code that a spreadsheet spoilt; it is never matched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DamagedCell {
    /// Row number.
    pub row: u32,
    /// Which column.
    pub field: CodeField,
}

/// A column that holds a key or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // as in `LedgerLine`
pub enum CodeField {
    Key,
    Order,
    OrderLine,
    Delivery,
    DeliveryLine,
    Invoice,
    Code,
    Udi,
    Item,
    Lot,
    Serial,
}

/// Raw texts that were folded before, so that each name is folded once.
#[derive(Debug, Clone, Default)]
struct Memo {
    raw: Pool,
    folded: Vec<TextId>,
    /// The last text and its number: in many columns a line repeats the one before.
    last: String,
    last_id: TextId,
}

impl Memo {
    fn fold(&mut self, raw: &str, pool: &mut Pool, out: &mut String, fold: fn(&str, &mut String)) -> TextId {
        if raw == self.last {
            return self.last_id;
        }
        let id = self.raw.intern(raw) as usize;
        if id == 0 {
            return NONE;
        }
        if id > self.folded.len() {
            fold(raw, out);
            self.folded.push(pool.intern(out));
        }
        self.last.clear();
        self.last.push_str(raw);
        self.last_id = self.folded[id - 1];
        self.last_id
    }
}

/// Characters of a national code without the model.
const CODE_LENGTH: usize = 20;
/// With the model.
const FULL_CODE_LENGTH: usize = 27;

impl Ledger {
    /// An empty ledger with room for `lines`.
    #[must_use]
    pub fn with_capacity(lines: usize) -> Self {
        Self { lines: Vec::with_capacity(lines), ..Self::default() }
    }

    /// Adds a line. What a spreadsheet spoilt is noted in [`Self::damaged`] and counts as absent.
    pub fn push(&mut self, line: &LedgerLine<'_>) {
        let row = line.row;
        let Self { pool, names, companies, units, damaged, scratch, lines } = self;
        let mut key = |raw: &str, field: CodeField| match fold::key(raw, scratch) {
            Folded::Text(text) => pool.intern(text),
            Folded::Damaged => {
                damaged.push(DamagedCell { row, field });
                NONE
            }
        };
        let code_full = key(line.code, CodeField::Code);
        let ids = [
            key(line.key, CodeField::Key),
            key(line.order, CodeField::Order),
            key(line.order_line, CodeField::OrderLine),
            key(line.delivery, CodeField::Delivery),
            key(line.delivery_line, CodeField::DeliveryLine),
            key(line.invoice, CodeField::Invoice),
            key(line.udi, CodeField::Udi),
            key(line.item, CodeField::Item),
            key(line.lot, CodeField::Lot),
            key(line.serial, CodeField::Serial),
        ];
        let text = pool.text(code_full);
        let code = if text.len() == FULL_CODE_LENGTH && text.is_ascii() {
            scratch.clear();
            scratch.push_str(&text[..CODE_LENGTH]);
            pool.intern(scratch)
        } else {
            code_full
        };
        let mut name = |raw: &str| names.fold(raw, pool, scratch, fold::name);
        let words = [name(line.name), name(line.spec), name(line.manufacturer)];
        let supplier = companies.fold(line.supplier, pool, scratch, fold::company);
        let unit = units.fold(line.unit, pool, scratch, fold::unit);
        let quantity = line.quantity.map_or(ABSENT, Quantity::units);
        let kind = match line.kind {
            LineKind::Order | LineKind::Delivery | LineKind::Receipt
                if quantity < 0 && quantity != ABSENT =>
            {
                LineKind::Return
            }
            kind => kind,
        };
        let day = |date: Option<NaiveDate>| date.map_or(NO_DAY, |date| date.num_days_from_ce());
        let [key, order, order_line, delivery, delivery_line, invoice, udi, item, lot, serial] = ids;
        let [name, spec, manufacturer] = words;
        lines.push(Line {
            row,
            kind,
            key,
            order,
            order_line,
            delivery,
            delivery_line,
            invoice,
            code,
            code_full,
            udi,
            item,
            name,
            spec,
            manufacturer,
            supplier,
            lot,
            serial,
            unit,
            expiry: day(line.expiry),
            date: day(line.date),
            quantity,
            price: line.price.map_or(ABSENT, Price::units),
            amount: line.amount.map_or(ABSENT, Amount::units),
            tax: line.tax_percent.unwrap_or_default(),
        });
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Keys and codes that a spreadsheet spoilt, in the order of the rows.
    #[must_use]
    pub fn damaged(&self) -> &[DamagedCell] {
        &self.damaged
    }
}

/// The comparable forms of a text that a person entered, as the columns hold them.
pub(super) fn forms(raw: &str, of: AliasOf) -> Vec<String> {
    let (mut scratch, mut name) = (String::new(), String::new());
    match of {
        AliasOf::Supplier => {
            fold::company(raw, &mut name);
            vec![name]
        }
        AliasOf::Product => {
            fold::name(raw, &mut name);
            match fold::key(raw, &mut scratch) {
                Folded::Text(key) => vec![key.to_owned(), name],
                Folded::Damaged => vec![name],
            }
        }
    }
}

/// The comparable form of a unit that a person entered.
pub(super) fn unit_form(raw: &str) -> String {
    let mut unit = String::new();
    fold::unit(raw, &mut unit);
    unit
}
