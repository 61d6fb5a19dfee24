//! 衔接: usage against stock before a batch begins, and what the stock loses in price at the cut-over (泉州 2024-05-30 三).

use chrono::{Days, NaiveDate};

use crate::{Amount, Price, Quantity, SCALE};

/// Days of usage that the daily need is taken from.
pub const USAGE_DAYS: i64 = 90;

/// One product before its batch begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supply {
    /// Received less returned in the last [`USAGE_DAYS`] days.
    pub used: Quantity,
    /// 库存.
    pub stock: Quantity,
    /// Today.
    pub today: NaiveDate,
    /// The batch's first day.
    pub starts: NaiveDate,
    /// The listed price in force today.
    pub price: Price,
    /// The one in force when the batch begins.
    pub price_then: Price,
}

/// How it will go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// Needed until the batch begins, rounded up to whole pieces.
    pub needed: Quantity,
    /// Of that, what the stock does not hold.
    pub gap: Quantity,
    /// What the stock still holds when the batch begins.
    pub left_over: Quantity,
    /// The last day that the stock covers; `None` where nothing is used, or it lasts beyond any calendar.
    pub lasts_until: Option<NaiveDate>,
    /// What that rest is worth less at the new price, rounded half up to the fen; `None` where it cannot be said.
    pub loss: Option<Amount>,
}

/// Sets usage against stock.
///
/// ```
/// use sunbench_domain::purchase::continuity::{Supply, outlook};
/// let supply = Supply {
///     used: "90".parse().unwrap(), stock: "40".parse().unwrap(),
///     today: "2026-11-22".parse().unwrap(), starts: "2026-12-22".parse().unwrap(),
///     price: "12.5".parse().unwrap(), price_then: "8".parse().unwrap(),
/// };
/// let ahead = outlook(&supply);
/// assert_eq!((ahead.needed.to_string(), ahead.left_over.to_string()), ("30".into(), "10".into()));
/// assert_eq!(ahead.loss, "45".parse().ok());
/// ```
#[must_use]
pub fn outlook(supply: &Supply) -> Outlook {
    let used = i128::from(supply.used.units().max(0));
    let stock = i128::from(supply.stock.units().max(0));
    let days = i128::from((supply.starts - supply.today).num_days().max(0));
    let piece = i128::from(SCALE);
    let whole = piece * i128::from(USAGE_DAYS);
    let needed = (used * days + whole - 1) / whole * piece;
    let quantity = |units: i128| Quantity::from_units(i64::try_from(units).unwrap_or(i64::MAX));
    let left_over = quantity((stock - needed).max(0));
    let covered = (used > 0).then(|| u64::try_from(stock * i128::from(USAGE_DAYS) / used).ok()).flatten();
    let fall = Price::from_units(supply.price.units().saturating_sub(supply.price_then.units()));
    Outlook {
        needed: quantity(needed),
        gap: quantity((needed - stock).max(0)),
        left_over,
        lasts_until: covered.and_then(|days| supply.today.checked_add_days(Days::new(days))),
        loss: Amount::of(fall, left_over),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_against_stock() {
        for (used, stock, starts, needed, gap, left_over, lasts, loss) in [
            ("90", "40", "2026-12-22", "30", "0", "10", Some("2027-01-01"), "45"),
            ("90", "20", "2026-12-22", "30", "10", "0", Some("2026-12-12"), "0"),
            ("1", "0", "2026-12-22", "1", "1", "0", Some("2026-11-22"), "0"),
            ("0", "7", "2026-12-22", "0", "0", "7", None, "31.5"),
            // It has begun: nothing is needed until then.
            ("90", "40", "2026-11-01", "0", "0", "40", Some("2027-01-01"), "180"),
            ("-3", "0", "2026-12-22", "0", "0", "0", None, "0"),
        ] {
            let supply = Supply {
                used: used.parse().unwrap(),
                stock: stock.parse().unwrap(),
                today: "2026-11-22".parse().unwrap(),
                starts: starts.parse().unwrap(),
                price: "12.5".parse().unwrap(),
                price_then: "8".parse().unwrap(),
            };
            let expected = Outlook {
                needed: needed.parse().unwrap(),
                gap: gap.parse().unwrap(),
                left_over: left_over.parse().unwrap(),
                lasts_until: lasts.map(|day| day.parse().unwrap()),
                loss: loss.parse().ok(),
            };
            assert_eq!(outlook(&supply), expected, "{used} {stock} {starts}");
        }
    }
}
