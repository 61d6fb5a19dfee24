//! A line as the passes see it: numbers that both ledgers have in common.

use rustc_hash::FxHashMap;

use super::decisions::{AliasOf, Decisions};
use super::ledger::{CodeField, Entry, Ledger, LineKind, NO_DAY, Product, column};
use super::numbering::{Numbers, Texts};
use super::pool::{NONE, TextId, Union};

/// One line, folded: numbers of texts, days since the common era, units of 1/10,000. It fills one line of the
/// processor's memory; what many lines have in common, and what few ledgers state, is kept elsewhere.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
#[allow(clippy::struct_field_names)] // an order line's number is its order_line
pub(super) struct Line<'a> {
    pub(super) product: &'a Product,
    pub(super) details: &'a Details,
    pub(super) quantity: i64,
    pub(super) price: i64,
    pub(super) amount: i64,
    pub(super) order: TextId,
    pub(super) order_line: TextId,
    pub(super) lot: TextId,
    /// As on the product, or the company that it turned out to be.
    pub(super) supplier: TextId,
    pub(super) date: i32,
    pub(super) kind: LineKind,
    pub(super) tax: u8,
}

/// What few ledgers state of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Details {
    pub(super) key: TextId,
    pub(super) delivery: TextId,
    pub(super) delivery_line: TextId,
    pub(super) invoice: TextId,
    pub(super) udi: TextId,
    pub(super) serial: TextId,
    pub(super) expiry: i32,
}

impl Details {
    /// Nothing.
    pub(super) const NONE: Self = Self {
        key: NONE,
        delivery: NONE,
        delivery_line: NONE,
        invoice: NONE,
        udi: NONE,
        serial: NONE,
        expiry: NO_DAY,
    };
}

/// What the lines of both ledgers refer to.
pub(super) struct Referred {
    pub(super) products: [Vec<Product>; 2],
    /// By line; none where its ledger states nothing of the kind.
    pub(super) details: [Vec<Details>; 2],
}

impl Referred {
    pub(super) fn of(
        texts: &Texts<'_>,
        numbers: &[Numbers],
        ledgers: [&Ledger; 2],
        decisions: &Decisions,
    ) -> Self {
        let [left, right] = ledgers;
        Self {
            products: [
                left.products.known.clone(),
                translated(&right.products.known, &texts.words, decisions),
            ],
            details: rayon::join(|| details(numbers, 0, left), || details(numbers, 1, right)).into(),
        }
    }
}

fn details(numbers: &[Numbers], side: usize, ledger: &Ledger) -> Vec<Details> {
    use CodeField::{Delivery, DeliveryLine, Invoice, Key, Serial, Udi};
    let columns =
        [Key, Delivery, DeliveryLine, Invoice, Udi, Serial].map(|field| numbers[column(field)].sides()[side]);
    if columns.iter().all(|numbers| numbers.is_empty()) && !ledger.states_expiry {
        return Vec::new();
    }
    let of_line = |(at, entry): (usize, &Entry)| {
        let [key, delivery, delivery_line, invoice, udi, serial] =
            columns.map(|numbers| numbers.get(at).copied().unwrap_or(NONE));
        Details { key, delivery, delivery_line, invoice, udi, serial, expiry: entry.expiry }
    };
    ledger.entries.iter().enumerate().map(of_line).collect()
}

/// What the right ledger's lines say of products in the numbers of both, and what people said is the same.
fn translated(products: &[Product], words: &Union<'_>, decisions: &Decisions) -> Vec<Product> {
    let same_supplier = aliases(words, decisions, AliasOf::Supplier);
    let same_product = aliases(words, decisions, AliasOf::Product);
    let product = |product: &Product| {
        let mut product = *product;
        for id in [
            &mut product.code,
            &mut product.code_full,
            &mut product.item,
            &mut product.name,
            &mut product.spec,
            &mut product.supplier,
            &mut product.unit,
        ] {
            *id = words.of_right(*id);
        }
        for id in [&mut product.code, &mut product.code_full, &mut product.item, &mut product.name] {
            *id = *same_product.get(id).unwrap_or(id);
        }
        product.supplier = *same_supplier.get(&product.supplier).unwrap_or(&product.supplier);
        product
    };
    products.iter().map(product).collect()
}

/// Right number → left number of what people said is the same.
fn aliases(texts: &Union<'_>, decisions: &Decisions, of: AliasOf) -> FxHashMap<TextId, TextId> {
    let pairs = decisions.aliases.iter().filter(|alias| alias.of == of);
    pairs
        .flat_map(|alias| {
            let forms = |raw: &str| super::ledger::forms(raw, of);
            forms(&alias.left).into_iter().zip(forms(&alias.right))
        })
        .filter_map(|(left, right)| Some((texts.find(&right)?, texts.find(&left)?)))
        .collect()
}
