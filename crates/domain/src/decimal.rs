//! Exact numbers: money, prices and quantities are integers of 1/10,000.
//!
//! On the wire and across IPC they are decimal text; nothing here is a binary floating-point number.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Units per whole: four decimal places.
pub const SCALE: i64 = 10_000;

/// Why a decimal text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// The text is not a plain decimal number.
    #[error("not a decimal number")]
    Syntax,
    /// More than four places after the point that are not nought.
    #[error("more than four decimal places")]
    TooPrecise,
    /// Past about ±922 million million.
    #[error("out of range")]
    OutOfRange,
}

fn parse(text: &str) -> Result<i64, DecimalError> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        Some(_) => (false, text),
        None => return Err(DecimalError::Syntax),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(DecimalError::Syntax);
    }
    let mut value: i64 = 0;
    let mut push = |byte: u8| -> Result<(), DecimalError> {
        if !byte.is_ascii_digit() {
            return Err(DecimalError::Syntax);
        }
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(byte - b'0')))
            .ok_or(DecimalError::OutOfRange)?;
        Ok(())
    };
    whole.bytes().try_for_each(&mut push)?;
    for place in 0..4 {
        push(fraction.as_bytes().get(place).copied().unwrap_or(b'0'))?;
    }
    for byte in fraction.bytes().skip(4) {
        match byte {
            b'0' => {}
            b'1'..=b'9' => return Err(DecimalError::TooPrecise),
            _ => return Err(DecimalError::Syntax),
        }
    }
    Ok(if negative { -value } else { value })
}

/// Writes `units` with at least `places` decimals (0 to 4), more only where they are not nought.
fn write(units: i64, places: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let magnitude = units.unsigned_abs();
    let (whole, fraction) = (magnitude / SCALE as u64, magnitude % SCALE as u64);
    if units < 0 {
        out.write_str("-")?;
    }
    write!(out, "{whole}")?;
    let digits = format!("{fraction:04}");
    let kept = digits.trim_end_matches('0').len().max(places);
    if kept > 0 {
        write!(out, ".{}", &digits[..kept])?;
    }
    Ok(())
}

macro_rules! exact {
    ($(#[$doc:meta])* $name:ident, places $places:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(i64);

        impl $name {
            /// Nought.
            pub const ZERO: Self = Self(0);
            /// From integers of 1/10,000, as the database holds them.
            #[must_use]
            pub const fn from_units(units: i64) -> Self {
                Self(units)
            }
            /// Integers of 1/10,000, as the database holds them.
            #[must_use]
            pub const fn units(self) -> i64 {
                self.0
            }
            /// The sum, or `None` past the range.
            #[must_use]
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(units) => Some(Self(units)),
                    None => None,
                }
            }
            /// Whether it is less than nought.
            #[must_use]
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(self.0, $places, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
        impl FromStr for $name {
            type Err = DecimalError;
            fn from_str(text: &str) -> Result<Self, DecimalError> {
                parse(text).map(Self)
            }
        }
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, Add::add)
            }
        }
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .pattern(Some(r"^[+-]?\d*(\.\d{0,4}0*)?$"))
                    .description(Some("A decimal number as text"))
                    .into()
            }
        }
        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a decimal number as text")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    };
}

exact! {
    /// 金额: an amount of money in yuan; shown with two places.
    ///
    /// ```
    /// use sunbench_domain::{Amount, Price, Quantity};
    /// let price: Price = "12.3456".parse().unwrap();
    /// let quantity: Quantity = "3".parse().unwrap();
    /// assert_eq!(Amount::of(price, quantity).unwrap().to_string(), "37.04");
    /// assert!("1e3".parse::<Amount>().is_err());
    /// ```
    Amount, places 2
}
exact! {
    /// 单价: a unit price in yuan, up to four places.
    Price, places 2
}
exact! {
    /// 数量: a quantity in the line's own unit, up to four places.
    Quantity, places 0
}

impl Amount {
    /// 金额 of one line: price × quantity, rounded half up (away from nought) to the fen.
    /// `None` past the range.
    #[must_use]
    pub fn of(price: Price, quantity: Quantity) -> Option<Self> {
        const PER_FEN: i128 = SCALE as i128 * (SCALE as i128 / 100);
        let product = i128::from(price.0) * i128::from(quantity.0);
        let fen = (product.abs() + PER_FEN / 2) / PER_FEN * product.signum();
        i64::try_from(fen * i128::from(SCALE / 100)).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimal_text() {
        for (text, expected) in [
            ("0", Ok("0.00")),
            ("1", Ok("1.00")),
            ("-0.5", Ok("-0.50")),
            ("+3.1415", Ok("3.1415")),
            (".5", Ok("0.50")),
            ("7.", Ok("7.00")),
            ("1.10000", Ok("1.10")),
            ("1.00001", Err(DecimalError::TooPrecise)),
            ("", Err(DecimalError::Syntax)),
            (".", Err(DecimalError::Syntax)),
            ("-", Err(DecimalError::Syntax)),
            ("1,000", Err(DecimalError::Syntax)),
            ("１", Err(DecimalError::Syntax)),
            ("1e3", Err(DecimalError::Syntax)),
            ("1.2.3", Err(DecimalError::Syntax)),
            ("922337203685477.5807", Ok("922337203685477.5807")),
            ("922337203685478", Err(DecimalError::OutOfRange)),
        ] {
            assert_eq!(
                text.parse::<Amount>().map(|a| a.to_string()),
                expected.map(str::to_owned),
                "{text:?}"
            );
        }
    }

    #[test]
    fn amounts_round_half_up_per_line() {
        for (price, quantity, amount) in [
            ("0.005", "1", "0.01"),
            ("0.0049", "1", "0.00"),
            ("-0.005", "1", "-0.01"),
            ("1234.5678", "1000", "1234567.80"),
            ("0.0001", "0.0001", "0.00"),
        ] {
            let got = Amount::of(price.parse().unwrap(), quantity.parse().unwrap());
            assert_eq!(got.unwrap().to_string(), amount, "{price} × {quantity}");
        }
    }

    /// Price, quantity, amount by Python's `decimal` with `ROUND_HALF_UP`; every third product ends in half a fen.
    #[test]
    fn amounts_agree_with_another_implementation() {
        let mut lines = 0;
        for line in include_str!("../tests/fixtures/amounts.tsv").lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let got = Amount::of(cells[0].parse().unwrap(), cells[1].parse().unwrap());
            assert_eq!(got.unwrap().to_string(), cells[2], "{line}");
            lines += 1;
        }
        assert_eq!(lines, 240);
    }

    proptest! {
        #[test]
        fn text_and_value_are_one(units in any::<i64>().prop_filter("negation", |u| *u != i64::MIN)) {
            let value = Price::from_units(units);
            prop_assert_eq!(value.to_string().parse::<Price>().unwrap(), value);
        }
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = text.parse::<Quantity>();
        }
    }
}
