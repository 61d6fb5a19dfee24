//! Exact ratios, and the percentages that they are compared with.

use std::cmp::Ordering;
use std::fmt;

use crate::decimal::{DecimalError, Quantity, SCALE};

/// 比率: numerator over denominator, never rounded before it is shown.
///
/// ```
/// use sunbench_domain::policy::Ratio;
/// assert_eq!(Ratio::new(2, 3).unwrap().to_string(), "0.6667");
/// assert_eq!(Ratio::new(5, 0), None); // nothing to divide by: "—", not 100 %
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// `None` where the denominator is nought.
    #[must_use]
    pub const fn new(numerator: i128, denominator: i128) -> Option<Self> {
        match denominator {
            0 => None,
            // A negative denominator comes of returns that exceed what came; the sign moves up.
            ..0 => Some(Self { numerator: -numerator, denominator: -denominator }),
            _ => Some(Self { numerator, denominator }),
        }
    }
    /// Above the line.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }
    /// Below the line; more than nought.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.denominator
    }
    /// The difference of two ratios.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            numerator: self.numerator * other.denominator - other.numerator * self.denominator,
            denominator: self.denominator * other.denominator,
        }
    }
    /// How it compares with a limit; `unit` says whether the limit counts hundredths or wholes.
    #[must_use]
    pub fn compare(self, limit: Percent, unit: LimitUnit) -> Ordering {
        (self.numerator * unit.scale()).cmp(&(i128::from(limit.0) * self.denominator))
    }
}

/// What a limit is stated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitUnit {
    /// Per cent.
    Hundredths,
    /// As it is: hours, yuan, pieces.
    Wholes,
}

impl LimitUnit {
    /// How many units of a limit are one.
    #[must_use]
    pub const fn scale(self) -> i128 {
        match self {
            Self::Hundredths => 100 * SCALE as i128,
            Self::Wholes => SCALE as i128,
        }
    }
}

impl fmt::Display for Ratio {
    /// Four decimal places, half up (away from nought), and no more noughts than needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scaled = self.numerator.saturating_mul(i128::from(SCALE));
        let half = self.denominator / 2;
        let rounded = if scaled < 0 { scaled - half } else { scaled + half } / self.denominator;
        let units = i64::try_from(rounded).unwrap_or(if rounded < 0 { -i64::MAX } else { i64::MAX });
        Quantity::from_units(units).fmt(f)
    }
}

/// 百分数: a limit or a parameter of a pack, in 1/10,000 of a per cent (or of whatever unit it is stated in).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Percent(pub i64);

impl Percent {
    /// From decimal text such as `"97.5"`.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        text.parse::<Quantity>().map(|value| Self(value.units()))
    }
    /// As the ratio that it stands for.
    #[must_use]
    pub fn ratio(self, unit: LimitUnit) -> Ratio {
        Ratio { numerator: i128::from(self.0), denominator: unit.scale() }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quantity::from_units(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_exact_and_round_only_to_be_shown() {
        for (numerator, denominator, text) in [
            (1, 3, "0.3333"),
            (2, 3, "0.6667"),
            (-2, 3, "-0.6667"),
            (1, 20_000, "0.0001"),
            (1, 20_001, "0"),
            (7, 7, "1"),
            (3, -4, "-0.75"),
        ] {
            assert_eq!(Ratio::new(numerator, denominator).unwrap().to_string(), text);
        }
        let limit = Percent::parse("33.3333").unwrap();
        let third = Ratio::new(1, 3).unwrap();
        assert_eq!(third.compare(limit, LimitUnit::Hundredths), Ordering::Greater, "shown alike, yet more");
        let difference = third.minus(Ratio::new(1, 2).unwrap());
        assert_eq!((difference.numerator(), difference.denominator()), (-1, 6));
    }
}
