//! What is counted of each order line and delivery, so that an indicator is a sum of few rows.
//!
//! A contribution holds no parameter of a pack: where a pack sets a number of hours, the hours waited are kept beside the
//! count. So a change of rules changes no tally, and any past day can be evaluated by the rules of that day.

use chrono::NaiveDate;

/// 度量: what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Ordered quantity of goods, by the day of the order; the lag is the days until its acceptance.
    Ordered,
    /// Delivered quantity, by the day of the shipment.
    Delivered,
    /// Accepted quantity, by the day of the acceptance.
    Accepted,
    /// Returned quantity, by the day of the return.
    Returned,
    /// Accepted amount less what returns gave back, by day; n counts receipts' and returns' lines.
    Spent,
    /// (Price before the batch − price paid) × accepted quantity of selected products, by the day of the acceptance.
    Saved,
    /// Lines sent to suppliers, by the day of the order; the sum is their amount.
    Sent,
    /// Lines that were answered, by the day of the order; the lag is the days until then, the sum the seconds.
    Answered,
    /// Ordered quantity beside what came of it: the sum of the lines' quantities, by the day of the order.
    SentQuantity,
    /// What came of [`Measure::SentQuantity`]; the lag is the days until it was sent off.
    CameQuantity,
    /// What came of [`Measure::Sent`], as an amount; the lag is the days until it was sent off.
    CameAmount,
    /// Lines whose delivery clock ended that day.
    ClockEnded,
    /// Those of them that were delivered whole before it ended.
    InTime,
    /// Lines by category, by the day of the order.
    Lines,
    /// Those of them with a valid national code.
    Coded,
    /// Lines with a price to compare with, listed or of an earlier order, by the day of the order.
    PriceChecked,
    /// Those of them above the listed price; the sum is the amount over.
    AboveListed,
    /// Deliveries that arrived that day; the lag is the hours until the acceptance, in begun half days.
    Arrived,
    /// Lines whose unit has no known relation to the product's: their quantities are in no sum.
    UnknownUnit,
    /// Purchases for the statistics, by month; the sum is the amount.
    Purchased,
    /// Lines above the price of the last accepted order of the product in the same unit, by the day of the order; the lag is by how
    /// many begun per cent, the sum the amount over.
    AboveHistory,
    /// Lines above both prices; the lag as of [`Measure::AboveHistory`], the sum is the smaller amount over.
    AboveBoth,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 22] = [
        Self::Ordered,
        Self::Delivered,
        Self::Accepted,
        Self::Returned,
        Self::Spent,
        Self::Saved,
        Self::Sent,
        Self::Answered,
        Self::SentQuantity,
        Self::CameQuantity,
        Self::CameAmount,
        Self::ClockEnded,
        Self::InTime,
        Self::Lines,
        Self::Coded,
        Self::PriceChecked,
        Self::AboveListed,
        Self::Arrived,
        Self::UnknownUnit,
        Self::Purchased,
        Self::AboveHistory,
        Self::AboveBoth,
    ];
    /// The number in the database; never changes.
    #[must_use]
    pub fn code(self) -> i64 {
        Self::ALL.iter().position(|measure| *measure == self).map_or(0, |place| place as i64 + 1)
    }
    /// Whether days are kept beside the months.
    #[must_use]
    pub const fn grain(self) -> Grain {
        match self {
            Self::Purchased => Grain::Month,
            _ => Grain::Day,
        }
    }
}

/// How finely a measure is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// By day and by month.
    Day,
    /// By month.
    Month,
}

/// 范围: what a count is about. Keys are the database's; 0 stands for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The hospital.
    Hospital,
    /// A supplier.
    Supplier(i64),
    /// A manufacturer's products of a variety (品种) that were selected, or were not; manufacturer 0 is all of them.
    Goods {
        /// The variety.
        variety: i64,
        /// The manufacturer, or 0.
        maker: i64,
        /// 中选.
        is_selected: bool,
    },
    /// A category (类别).
    Category(i64),
    /// A product.
    Product(i64),
    /// A department (科室).
    Department(i64),
}

impl Scope {
    /// Kind and two keys, as the database holds them.
    #[must_use]
    pub const fn columns(self) -> (i64, i64, i64) {
        match self {
            Self::Hospital => (0, 0, 0),
            Self::Supplier(key) => (1, key, 0),
            Self::Goods { variety, maker, is_selected: false } => (2, variety, maker),
            Self::Goods { variety, maker, is_selected: true } => (3, variety, maker),
            Self::Category(key) => (4, key, 0),
            Self::Product(key) => (5, key, 0),
            Self::Department(key) => (6, key, 0),
        }
    }
}

/// What one line or delivery adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contribution {
    /// What is counted.
    pub measure: Measure,
    /// Of what.
    pub scope: Scope,
    /// Shanghai day, in days since 1970.
    pub day: i64,
    /// Days or hours until something else happened, or per cent; see the measure.
    pub lag: i64,
    /// How many.
    pub n: i64,
    /// Quantity or amount in 1/10,000, or seconds.
    pub sum: i64,
}

/// A count and a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many.
    pub n: i128,
    /// Quantity or amount in 1/10,000, or seconds.
    pub sum: i128,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.n += other.n;
        self.sum += other.sum;
    }
}

/// The tally of one day and lag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayTally {
    /// Shanghai date.
    pub day: NaiveDate,
    /// See the measure.
    pub lag: i64,
    /// The tally.
    pub tally: Tally,
}

/// Sums of contributions; the store has them from its tallies, a test from a list.
pub trait Tallies {
    /// Why a sum could not be read.
    type Error;
    /// From `from` through `through`, both included; whatever the lag.
    fn sum(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<Tally, Self::Error>;
    /// Each day and lag of a short period, in the order of the days.
    fn days(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<Vec<DayTally>, Self::Error>;
    /// Each calendar month from that of `from` through that of `through`, whole, in their order.
    fn months(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<Vec<Tally>, Self::Error>;
    /// The key of the category with this name; none where there are no such lines.
    fn category(&self, name: &str) -> Result<Option<i64>, Self::Error>;
    /// What was accepted of one product between two days, net of returns, in 1/10,000 of its unit.
    fn accepted_of_product(
        &self,
        product: i64,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<i128, Self::Error>;
}
