//! How two ledgers use their columns: which of them are keys, and which both keep.

use rayon::slice::ParallelSliceMut as _;

use super::compare::weights;
use super::ledger::{ABSENT, CodeField, Entry, Ledger, NO_DAY, Product, column};
use super::line::{Details, Line, Referred};
use super::numbering::{ColumnTexts, Numbers, Texts};
use super::pool::{NONE, TextId};
use super::run::KeyPlan;

/// Both ledgers' columns as numbers, and what their lines refer to.
pub(super) struct Columns<'a> {
    texts: &'a [ColumnTexts<'a>],
    numbers: &'a [Numbers],
    entries: [&'a [Entry]; 2],
    referred: &'a Referred,
}

impl<'a> Columns<'a> {
    pub(super) fn new(
        texts: &'a Texts<'a>,
        numbers: &'a [Numbers],
        ledgers: [&'a Ledger; 2],
        referred: &'a Referred,
    ) -> Self {
        let entries = ledgers.map(|ledger| &*ledger.entries);
        Self { texts: &texts.columns, numbers, entries, referred }
    }

    fn numbers(&self, field: CodeField) -> [&[TextId]; 2] {
        self.numbers[column(field)].sides()
    }

    pub(super) fn plan(&self) -> KeyPlan {
        use CodeField::{Delivery, DeliveryLine, Invoice, Key, Lot, Order, OrderLine, Serial, Udi};
        let is_stated = |field| self.numbers(field).iter().all(|numbers| !numbers.is_empty());
        let mut plan = KeyPlan {
            stated: [is_stated(Key), is_stated(OrderLine), is_stated(DeliveryLine), is_stated(Order)],
            order_line_alone: self.is_alone(Order, OrderLine),
            delivery_line_alone: self.is_alone(Delivery, DeliveryLine),
            items: self
                .referred
                .products
                .iter()
                .all(|products| products.iter().any(|product| product.item != NONE)),
            serials: is_stated(Serial),
            udis: is_stated(Udi),
            ..KeyPlan::default()
        };
        let line = |document, line, is_alone: bool| {
            if is_alone {
                self.is_shared(line)
            } else {
                self.is_shared_key(document, |side, at| self.number(line, side, at))
            }
        };
        plan.comparable[0] = self.is_shared(Key);
        plan.comparable[1] = line(Order, OrderLine, plan.order_line_alone);
        plan.comparable[2] = line(Delivery, DeliveryLine, plan.delivery_line_alone);
        plan.comparable[3] = !plan.comparable[..3].contains(&true)
            && self.is_shared_key(Order, |side, at| {
                self.referred.products[side][self.entries[side][at].product as usize].code
            });
        plan.orders_comparable = self.is_shared(Order);
        plan.items_comparable = {
            let [left, right] =
                [0, 1].map(|side| distinct(self.referred.products[side].iter().map(|p| u64::from(p.item))));
            is_shared(&left, &right)
        };
        // A column counts as kept where a tenth of the lines, or half of them, state it.
        let both = |field, part: usize| {
            self.numbers(field).into_iter().zip(self.entries).all(|(numbers, lines)| {
                numbers.iter().filter(|number| **number != NONE).count() * part > lines.len()
            })
        };
        plan.lots = both(Lot, 10);
        plan.invoices = both(Invoice, 2);
        plan.most = self.most(plan);
        plan
    }

    /// What the columns that both ledgers state say at most of two lines without a key.
    fn most(&self, plan: KeyPlan) -> i32 {
        let of_product = |has: fn(&Product) -> bool| {
            self.referred.products.iter().all(|products| products.iter().any(has))
        };
        let of_line = |has: fn(&Entry) -> bool| self.entries.iter().all(|lines| lines.iter().any(has));
        let has_code = of_product(|product| product.code != NONE);
        let has_name = of_product(|product| product.name != NONE);
        [
            (plan.comparable.contains(&true), weights::KEY),
            (plan.orders_comparable, weights::ORDER),
            (has_code, weights::CODE),
            (has_name, if has_code { weights::WORDS_BESIDE_CODE } else { weights::WORDS }),
            (plan.lots, weights::LOT),
            (of_product(|product| product.supplier != NONE), weights::SUPPLIER),
            (true, weights::QUANTITY),
            (of_line(|line| line.price != ABSENT), weights::PRICE),
            (of_line(|line| line.price != ABSENT || line.amount != ABSENT), weights::AMOUNT),
            (of_line(|line| line.expiry != NO_DAY), weights::EXPIRY),
            (of_line(|line| line.date != NO_DAY), weights::DAYS),
        ]
        .into_iter()
        .filter_map(|(is_stated, weight)| is_stated.then_some(weight))
        .sum()
    }

    /// The row numbers of a side.
    pub(super) fn rows(&self, side: usize) -> Vec<u32> {
        self.entries[side].iter().map(|entry| entry.row).collect()
    }

    /// The lines of a side.
    pub(super) fn lines(&self, side: usize) -> Vec<Line<'a>> {
        let [orders, order_lines, lots] =
            [CodeField::Order, CodeField::OrderLine, CodeField::Lot].map(|field| self.numbers(field)[side]);
        let (products, details) = (&self.referred.products[side], &self.referred.details[side]);
        let line = |(at, entry): (usize, &Entry)| {
            let number = |numbers: &[TextId]| numbers.get(at).copied().unwrap_or(NONE);
            let product = &products[entry.product as usize];
            Line {
                product,
                details: details.get(at).unwrap_or(&Details::NONE),
                quantity: entry.quantity,
                price: entry.price,
                amount: entry.amount,
                order: number(orders),
                order_line: number(order_lines),
                lot: number(lots),
                supplier: product.supplier,
                date: entry.date,
                kind: entry.kind,
                tax: entry.tax,
            }
        };
        self.entries[side].iter().enumerate().map(line).collect()
    }

    fn number(&self, field: CodeField, side: usize, at: usize) -> TextId {
        self.numbers(field)[side].get(at).copied().unwrap_or(NONE)
    }

    /// Whether both ledgers speak of the same things in a column.
    fn is_shared(&self, field: CodeField) -> bool {
        let texts = &self.texts[column(field)];
        let mut sides = vec![0_u8; texts.places()];
        for (numbers, bit) in self.numbers(field).into_iter().zip([1, 2]) {
            numbers.iter().filter_map(|number| texts.place(*number)).for_each(|place| sides[place] |= bit);
        }
        let (mut left, mut right, mut both) = (0, 0, 0);
        for side in &sides {
            left += usize::from(side & 1);
            right += usize::from(side >> 1);
            both += usize::from(*side == 3);
        }
        are_shared(both, left.min(right))
    }

    /// The same for a key of a document's number and another.
    fn is_shared_key(&self, document: CodeField, other: impl Fn(usize, usize) -> TextId) -> bool {
        let [left, right] = [0, 1].map(|side| {
            let documents =
                self.numbers(document)[side].iter().enumerate().filter(|(_, number)| **number != NONE);
            distinct(documents.filter_map(|(at, number)| match other(side, at) {
                NONE => None,
                other => Some((u64::from(*number) << 32) | u64::from(other)),
            }))
        });
        is_shared(&left, &right)
    }

    /// Whether a line's number stands for its document too, in both ledgers: it is long enough, and comes with one
    /// document only.
    fn is_alone(&self, document: CodeField, line: CodeField) -> bool {
        const UNSEEN: TextId = TextId::MAX;
        let texts = &self.texts[column(line)];
        let documents_of = self.numbers(document);
        self.numbers(line).into_iter().zip(documents_of).all(|(lines, documents_of)| {
            // By line number: the document that it came with last.
            let mut documents: Vec<TextId> = vec![UNSEEN; texts.places()];
            let (mut stated, mut long, mut distinct, mut elsewhere) = (0, 0, 0, 0);
            for (at, line) in lines.iter().enumerate() {
                let Some(place) = texts.place(*line) else { continue };
                let document = documents_of.get(at).copied().unwrap_or(NONE);
                stated += 1;
                let last = &mut documents[place];
                if *last == UNSEEN {
                    *last = document;
                    distinct += 1;
                    long += usize::from(texts.length(*line) >= SHORTEST_KEY);
                } else if document != NONE && *last != document {
                    elsewhere += usize::from(*last != NONE);
                    *last = document;
                }
            }
            stated > 0 && long * 2 >= distinct && distinct * 2 >= stated && elsewhere * 20 <= distinct
        })
    }
}

/// The different numbers but nought, ascending.
fn distinct(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut numbers: Vec<u64> = numbers.filter(|number| *number != 0).collect();
    numbers.par_sort_unstable();
    numbers.dedup();
    numbers
}

/// Whether two ascending lists are of the same things.
fn is_shared(left: &[u64], right: &[u64]) -> bool {
    let mut others = right.iter().peekable();
    let is_there = |number: &&u64| {
        while others.next_if(|other| other < number).is_some() {}
        others.peek() == Some(number)
    };
    are_shared(left.iter().filter(is_there).count(), left.len().min(right.len()))
}

/// A handful may be all typed wrong; of many, some are right if they are the same keys at all.
const fn are_shared(both: usize, fewer: usize) -> bool {
    fewer > 0 && (fewer < A_HANDFUL || both * 20 > fewer)
}

/// Fewer distinct keys than this say nothing about their column.
const A_HANDFUL: usize = 20;

/// Shortest number of a line that can be a key by itself.
const SHORTEST_KEY: usize = 4;
