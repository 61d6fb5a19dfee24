//! What goes in: two ledgers of lines, whichever side they come from.

use std::hash::Hasher;

use chrono::{Datelike, NaiveDate};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use super::decisions::AliasOf;
use super::fold::{self, Folded};
use super::packed::{Column, Packed};
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

impl LineKind {
    /// How many kinds there are.
    pub(super) const COUNT: usize = 6;
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

/// One line as a [`Ledger`] keeps it, beside its columns of texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) row: u32,
    pub(super) kind: LineKind,
    pub(super) tax: u8,
    /// Index of what it says of its product.
    pub(super) product: u32,
    pub(super) expiry: i32,
    pub(super) date: i32,
    pub(super) quantity: i64,
    pub(super) price: i64,
    pub(super) amount: i64,
}

/// Columns of numbers that documents, lines and goods have, in the order of a [`Ledger`]'s columns.
pub(super) const COLUMNS: [CodeField; 9] = [
    CodeField::Key,
    CodeField::Order,
    CodeField::OrderLine,
    CodeField::Delivery,
    CodeField::DeliveryLine,
    CodeField::Invoice,
    CodeField::Udi,
    CodeField::Lot,
    CodeField::Serial,
];

/// Where a [`Ledger`] has a column.
pub(super) fn column(field: CodeField) -> usize {
    COLUMNS.iter().position(|other| *other == field).expect("only columns of numbers are asked for")
}

/// 台账: lines of one side, compact, in the order in which they were pushed.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub(super) entries: Vec<Entry>,
    /// Whether any line does.
    pub(super) states_expiry: bool,
    /// By [`COLUMNS`].
    pub(super) columns: [Column; COLUMNS.len()],
    /// Texts of columns that are too long to be packed.
    pub(super) long: Pool,
    /// Texts of products.
    pub(super) words: Pool,
    pub(super) products: Products,
    names: Memo,
    companies: Memo,
    units: Memo,
    damaged: Vec<DamagedCell>,
    scratch: String,
}

/// What lines say of their products, and by which texts as they stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Products {
    pub(super) known: Vec<Product>,
    /// The texts of known products, one after the other.
    raw: String,
    table: HashTable<RawProduct>,
}

/// Texts of a product in its ledger.
#[derive(Debug, Clone, Copy)]
struct RawProduct {
    hash: u64,
    start: usize,
    lengths: [u32; PARTS],
    product: u32,
}

/// Texts that a line says of its product and who delivers it.
const PARTS: usize = 6;

/// What lines of one product have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    pub(super) code: TextId,
    pub(super) code_full: TextId,
    pub(super) item: TextId,
    pub(super) name: TextId,
    pub(super) spec: TextId,
    pub(super) supplier: TextId,
    pub(super) unit: TextId,
    is_code_damaged: bool,
    is_item_damaged: bool,
}

/// Products that are remembered by their texts; a book with more of them is one of serial numbers.
const MOST_PRODUCTS: usize = 1 << 16;

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
        Self { entries: Vec::with_capacity(lines), ..Self::default() }
    }

    /// Adds a line. What a spreadsheet spoilt is noted in [`Self::damaged`] and counts as absent.
    pub fn push(&mut self, line: &LedgerLine<'_>) {
        let row = line.row;
        let product = self.product(line);
        let Product { is_code_damaged, is_item_damaged, .. } = self.products.known[product as usize];
        for (is_damaged, field) in [(is_code_damaged, CodeField::Code), (is_item_damaged, CodeField::Item)] {
            if is_damaged {
                self.damaged.push(DamagedCell { row, field });
            }
        }
        let texts = [
            line.key,
            line.order,
            line.order_line,
            line.delivery,
            line.delivery_line,
            line.invoice,
            line.udi,
            line.lot,
            line.serial,
        ];
        let (at, capacity) = (self.entries.len(), self.entries.capacity());
        for ((raw, field), column) in texts.into_iter().zip(COLUMNS).zip(&mut self.columns) {
            if raw.is_empty() {
                continue;
            }
            match Packed::fold(raw, &mut self.long, &mut self.scratch) {
                Some(text) => column.push(at, text, capacity),
                None => self.damaged.push(DamagedCell { row, field }),
            }
        }
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
        self.states_expiry |= line.expiry.is_some();
        self.entries.push(Entry {
            row,
            kind,
            tax: line.tax_percent.unwrap_or_default(),
            product,
            expiry: day(line.expiry),
            date: day(line.date),
            quantity,
            price: line.price.map_or(ABSENT, Price::units),
            amount: line.amount.map_or(ABSENT, Amount::units),
        });
    }

    /// What a line says of its product and who delivers it, looked up at once: a book repeats it from line to line.
    fn product(&mut self, line: &LedgerLine<'_>) -> u32 {
        let parts = [line.code, line.item, line.name, line.spec, line.supplier, line.unit];
        let mut hasher = FxHasher::default();
        for part in parts {
            // With its end after each, no two lists of parts are hashed alike for being joined to the same text.
            hasher.write(part.as_bytes());
            hasher.write_u8(0xff);
        }
        let hash = hasher.finish();
        let Products { known, raw, table } = &self.products;
        let is_same = |other: &RawProduct| {
            let mut rest = &raw.as_bytes()[other.start..];
            other.hash == hash
                && parts.iter().zip(other.lengths).all(|(part, length)| {
                    let (head, tail) = rest.split_at(length as usize);
                    rest = tail;
                    head == part.as_bytes()
                })
        };
        if let Some(known) = table.find(hash, is_same) {
            return known.product;
        }
        let product = known.len() as u32;
        let folded = self.fold_product(line);
        let Products { known, raw, table } = &mut self.products;
        known.push(folded);
        if table.len() < MOST_PRODUCTS {
            let start = raw.len();
            raw.extend(parts);
            let lengths = parts.map(|part| part.len() as u32);
            table.insert_unique(hash, RawProduct { hash, start, lengths, product }, |known| known.hash);
        }
        product
    }

    fn fold_product(&mut self, line: &LedgerLine<'_>) -> Product {
        let Self { words: pool, names, companies, units, scratch, .. } = self;
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
            supplier: companies.fold(line.supplier, pool, scratch, fold::company),
            unit: units.fold(line.unit, pool, scratch, fold::unit),
            is_code_damaged,
            is_item_damaged,
        }
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
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
