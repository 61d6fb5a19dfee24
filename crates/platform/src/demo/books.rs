//! What is counted while the orders are generated, so that agreements, indicators and notices agree with them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::days::{PAST_DAYS, Span, date_of};

/// Sums of one day; quantities and amounts in 1/10,000.
#[derive(Default, Clone, Copy)]
pub(super) struct DaySums {
    pub(super) lines: i64,
    pub(super) ordered: i64,
    /// Lines whose delivery clock ended this day, and those of them that came in time.
    pub(super) due_lines: i64,
    pub(super) timely_lines: i64,
    pub(super) received: i64,
    pub(super) receipts: i64,
    /// Deliveries that waited longer than 48 hours for their receipt.
    pub(super) late_receipts: i64,
    pub(super) late_receipt_amount: i64,
    pub(super) uncoded_lines: i64,
    pub(super) uncoded_amount: i64,
    pub(super) responded_lines: i64,
    /// (Price before the batch − price paid) × quantity of selected products.
    pub(super) saved: i64,
}

impl DaySums {
    fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.ordered += other.ordered;
        self.due_lines += other.due_lines;
        self.timely_lines += other.timely_lines;
        self.received += other.received;
        self.receipts += other.receipts;
        self.late_receipts += other.late_receipts;
        self.late_receipt_amount += other.late_receipt_amount;
        self.uncoded_lines += other.uncoded_lines;
        self.uncoded_amount += other.uncoded_amount;
        self.responded_lines += other.responded_lines;
        self.saved += other.saved;
    }
}

/// What an order line can be evidence of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Matter {
    LateReceipt,
    LateDelivery,
    NonSelected,
    Uncoded,
    SupplyRefused,
}

/// An order line that shows something.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) line: String,
    pub(super) order_code: String,
    pub(super) line_no: u32,
    pub(super) product: usize,
    pub(super) distributor: usize,
    /// In 1/10,000.
    pub(super) quantity: i64,
    /// When it began: arrival, due time, submission.
    pub(super) from: i64,
    /// When it ended, where it did.
    pub(super) until: Option<i64>,
}

/// How many samples of one matter are kept for a month.
const SAMPLES: usize = 48;

pub(super) struct Books {
    first: NaiveDate,
    days: Vec<DaySums>,
    /// For each allotment, what was accepted net of returns, by day.
    allotted: Vec<Vec<i64>>,
    /// For each variety in a batch, what was accepted of selected and other products, by day.
    varieties: Vec<Option<[Vec<i64>; 2]>>,
    /// For each product, what was ordered in the last twelve months and in those before.
    pub(super) products: Vec<[i64; 2]>,
    samples: BTreeMap<(Matter, i32), Vec<Sample>>,
    year_ago: NaiveDate,
}

fn month_of(date: NaiveDate) -> i32 {
    date.year() * 12 + date.month0() as i32
}

impl Books {
    pub(super) fn new(span: &Span, allotments: usize, cycle_of: &[Option<usize>], products: usize) -> Self {
        let flat = || vec![0; PAST_DAYS as usize];
        Self {
            first: span.first,
            days: vec![DaySums::default(); PAST_DAYS as usize],
            allotted: (0..allotments).map(|_| flat()).collect(),
            varieties: cycle_of.iter().map(|cycle| cycle.map(|_| [flat(), flat()])).collect(),
            products: vec![[0; 2]; products],
            samples: BTreeMap::new(),
            year_ago: super::days::plus(span.today, -365),
        }
    }

    fn index(&self, second: i64) -> Option<usize> {
        self.index_of(date_of(second))
    }

    fn index_of(&self, date: NaiveDate) -> Option<usize> {
        usize::try_from((date - self.first).num_days()).ok().filter(|i| *i < self.days.len())
    }

    pub(super) fn day(&mut self, second: i64) -> &mut DaySums {
        let index = self.index(second).unwrap_or(0);
        &mut self.days[index]
    }

    pub(super) fn ordered(&mut self, second: i64, product: usize, quantity: i64) {
        let before = usize::from(date_of(second) < self.year_ago);
        self.products[product][before] += quantity;
    }

    /// Goods of a variety accepted, or given back when negative.
    pub(super) fn accepted(
        &mut self,
        second: i64,
        allotment: Option<usize>,
        variety: usize,
        selected: bool,
        quantity: i64,
    ) {
        let Some(day) = self.index(second) else { return };
        if let Some(allotment) = allotment {
            self.allotted[allotment][day] += quantity;
        }
        if let Some(split) = &mut self.varieties[variety] {
            split[usize::from(!selected)][day] += quantity;
        }
    }

    pub(super) fn sample(&mut self, matter: Matter, sample: Sample) {
        let kept = self.samples.entry((matter, month_of(date_of(sample.from)))).or_default();
        // The latest stay: what is recent is what the notices are about.
        if kept.len() == SAMPLES {
            kept.remove(0);
        }
        kept.push(sample);
    }

    /// The samples of a matter that began in the 62 days before `second`, latest first.
    pub(super) fn samples(&self, matter: Matter, second: i64) -> Vec<&Sample> {
        let month = month_of(date_of(second));
        let mut found: Vec<&Sample> = (month - 2..=month)
            .filter_map(|m| self.samples.get(&(matter, m)))
            .flatten()
            .filter(|sample| sample.from < second && sample.from > second - 62 * super::days::DAY)
            .collect();
        found.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| a.line.cmp(&b.line)));
        found
    }

    /// The sums from `from` through `through`.
    pub(super) fn sums(&self, from: NaiveDate, through: NaiveDate) -> DaySums {
        let mut sums = DaySums::default();
        let mut date = from.max(self.first);
        while date <= through {
            if let Some(day) = self.index_of(date) {
                sums.add(&self.days[day]);
            }
            date = super::days::plus(date, 1);
        }
        sums
    }

    pub(super) fn allotted(&self, allotment: usize, from: NaiveDate, through: NaiveDate) -> i64 {
        self.total(&self.allotted[allotment], from, through)
    }

    /// Selected and other quantity of a variety.
    pub(super) fn variety(&self, variety: usize, from: NaiveDate, through: NaiveDate) -> (i64, i64) {
        self.varieties[variety]
            .as_ref()
            .map_or((0, 0), |[a, b]| (self.total(a, from, through), self.total(b, from, through)))
    }

    fn total(&self, days: &[i64], from: NaiveDate, through: NaiveDate) -> i64 {
        let from = (from - self.first).num_days().clamp(0, PAST_DAYS) as usize;
        let to = ((through - self.first).num_days() + 1).clamp(from as i64, PAST_DAYS) as usize;
        days[from..to].iter().sum()
    }
}
