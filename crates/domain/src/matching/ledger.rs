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
    products: Products,
    /// Order, delivery and invoice of the line before.
    repeated: [Last; 3],
    damaged: Vec<DamagedCell>,
    scratch: String,
}

/// What lines say of their products, by the raw texts together.
#[derive(Debug, Clone, Default)]
struct Products {
    raw: Pool,
    known: Vec<Product>,
    joined: String,
}

/// The part of a [`Line`] that lines of one product have in common.
#[derive(Debug, Clone, Copy)]
struct Product {
    code: TextId,
    code_full: TextId,
    item: TextId,
    name: TextId,
    spec: TextId,
    manufacturer: TextId,
    supplier: TextId,
    unit: TextId,
    is_code_damaged: bool,
    is_item_damaged: bool,
}

/// Products that are remembered; a book with more of them is one of serial numbers.
const MOST_PRODUCTS: usize = 1 << 16;

/// The last text of a column and its number: many lines repeat the one before.
#[derive(Debug, Clone, Default)]
struct Last {
    raw: String,
    id: TextId,
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
}

impl Memo {
    fn fold(&mut self, raw: &str, pool: &mut Pool, out: &mut String, fold: fn(&str, &mut String)) -> TextId {
        let id = self.raw.intern(raw) as usize;
        if id == 0 {
            return NONE;
        }
        if id > self.folded.len() {
            fold(raw, out);
            self.folded.push(pool.intern(out));
        }
        self.folded[id - 1]
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
        let mut ledger = Self { lines: Vec::with_capacity(lines), ..Self::default() };
        // Most lines bring one text that none had before: their own number.
        ledger.pool.reserve(lines);
        ledger
    }

    /// Adds a line. What a spreadsheet spoilt is noted in [`Self::damaged`] and counts as absent.
    pub fn push(&mut self, line: &LedgerLine<'_>) {
        let row = line.row;
        let product = self.product(line);
        for (is_damaged, field) in
            [(product.is_code_damaged, CodeField::Code), (product.is_item_damaged, CodeField::Item)]
        {
            if is_damaged {
                self.damaged.push(DamagedCell { row, field });
            }
        }
        let Self { pool, repeated, damaged, scratch, lines, .. } = self;
        let mut key = |raw: &str, field: CodeField, last: Option<&mut Last>| {
            if raw.is_empty() {
                return NONE;
            }
            if let Some(last) = &last
                && last.raw == raw
            {
                return last.id;
            }
            match fold::key(raw, scratch) {
                Folded::Text(text) => {
                    let id = pool.intern(text);
                    if let Some(last) = last {
                        last.raw.clear();
                        last.raw.push_str(raw);
                        last.id = id;
                    }
                    id
                }
                Folded::Damaged => {
                    damaged.push(DamagedCell { row, field });
                    NONE
                }
            }
        };
        let [order, delivery, invoice] = repeated;
        let ids = [
            key(line.key, CodeField::Key, None),
            key(line.order, CodeField::Order, Some(order)),
            key(line.order_line, CodeField::OrderLine, None),
            key(line.delivery, CodeField::Delivery, Some(delivery)),
            key(line.delivery_line, CodeField::DeliveryLine, None),
            key(line.invoice, CodeField::Invoice, Some(invoice)),
            key(line.udi, CodeField::Udi, None),
            key(line.lot, CodeField::Lot, None),
            key(line.serial, CodeField::Serial, None),
        ];
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
        let [key, order, order_line, delivery, delivery_line, invoice, udi, lot, serial] = ids;
        let Product { code, code_full, item, name, spec, manufacturer, supplier, unit, .. } = product;
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

    /// What a line says of its product and who delivers it, looked up at once: a book repeats it from line to line.
    fn product(&mut self, line: &LedgerLine<'_>) -> Product {
        let parts = [line.code, line.item, line.name, line.spec, line.manufacturer, line.supplier, line.unit];
        let is_short = |part: &&str| part.len() < 0x7fff;
        if self.products.known.len() == MOST_PRODUCTS || !parts.iter().all(is_short) {
            return self.fold_product(line);
        }
        let mut joined = std::mem::take(&mut self.products.joined);
        joined.clear();
        for part in parts {
            // With its length before each, two lists of parts are never joined to the same text.
            joined.extend(char::from_u32(part.len() as u32));
            joined.push_str(part);
        }
        let id = self.products.raw.intern(&joined) as usize;
        self.products.joined = joined;
        if let Some(known) = self.products.known.get(id - 1) {
            return *known;
        }
        let product = self.fold_product(line);
        self.products.known.push(product);
        product
    }

    fn fold_product(&mut self, line: &LedgerLine<'_>) -> Product {
        let Self { pool, names, companies, units, scratch, .. } = self;
        let mut key = |raw: &str| match fold::key(raw, scratch) {
            Folded::Text(text) => (pool.intern(text), false),
            Folded::Damaged => (NONE, true),
        };
        let (code_full, is_code_damaged) = key(line.code);
        let (item, is_item_damaged) = key(line.item);
        let text = pool.text(code_full);
        let code = if text.len() == FULL_CODE_LENGTH && text.is_ascii() {
            scratch.clear();
            scratch.push_str(&text[..CODE_LENGTH]);
            pool.intern(scratch)
        } else {
            code_full
        };
        let mut name = |raw: &str| names.fold(raw, pool, scratch, fold::name);
        Product {
            code,
            code_full,
            item,
            name: name(line.name),
            spec: name(line.spec),
            manufacturer: name(line.manufacturer),
            supplier: companies.fold(line.supplier, pool, scratch, fold::company),
            unit: units.fold(line.unit, pool, scratch, fold::unit),
            is_code_damaged,
            is_item_damaged,
        }
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
