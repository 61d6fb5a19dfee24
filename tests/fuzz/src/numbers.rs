//! Exact decimals and canonical JSON.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use serde_json::Value;
use sunbench_contract::{canonical_json, item_hash};
use sunbench_domain::{Amount, Price, Quantity};

/// Decimal text: what is read is printed so that it is read again, and JSON is the same text.
pub(crate) fn decimals(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    one::<Amount>(text);
    one::<Price>(text);
    one::<Quantity>(text);
}

fn one<T>(text: &str)
where
    T: FromStr + Display + Debug + PartialEq + Copy + serde::Serialize + serde::de::DeserializeOwned,
{
    let Ok(value) = text.parse::<T>() else {
        let quoted = Value::String(text.to_owned()).to_string();
        assert!(serde_json::from_str::<T>(&quoted).is_err());
        return;
    };
    let printed = value.to_string();
    assert_eq!(printed.parse::<T>().ok(), Some(value), "{text} became {printed}");
    assert_eq!(printed.parse::<T>().ok().map(|v| v.to_string()).as_ref(), Some(&printed));
    let json = serde_json::to_string(&value).expect("a decimal has a JSON form");
    assert_eq!(serde_json::from_str::<T>(&json).ok(), Some(value));
    // An oracle without arithmetic: the digits before and after the point, noughts apart.
    let plain = |text: &str| {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let negative = negative && !(whole.is_empty() && fraction.is_empty());
        (negative, whole.to_owned(), fraction.to_owned())
    };
    assert_eq!(plain(&printed), plain(text));
}

/// Price × quantity, half up to the fen: within half a fen of the product, and odd in each factor.
pub(crate) fn amounts(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some((price, quantity)) = text.split_once([' ', '\n', '*', '×']) else { return };
    let (Ok(price), Ok(quantity)) = (price.trim().parse::<Price>(), quantity.trim().parse::<Quantity>())
    else {
        return;
    };
    let Some(amount) = Amount::of(price, quantity) else { return };
    // Everything in 1/100,000,000 yuan.
    let exact = i128::from(price.units()) * i128::from(quantity.units());
    let rounded = i128::from(amount.units()) * 10_000;
    assert!((rounded - exact).abs() * 2 <= 1_000_000, "{price} × {quantity} = {amount}");
    assert!((rounded - exact).abs() * 2 < 1_000_000 || rounded.abs() > exact.abs(), "a half goes up");
    assert_eq!(amount.units() % 100, 0, "whole fen");
    let turned = Amount::of(Price::from_units(-price.units()), quantity);
    assert_eq!(turned.map(Amount::units), Some(-amount.units()));
}

/// Canonical JSON says the same, is final, and so is the fingerprint over it.
pub(crate) fn canonical(input: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return };
    let text = canonical_json(&value).expect("a value has a JSON form");
    let again: Value = serde_json::from_str(&text).expect("canonical JSON is JSON");
    assert_eq!(again, value);
    let twice = canonical_json(&again).expect("a value has a JSON form");
    assert_eq!(twice, text, "canonical is final");
    assert_eq!(item_hash("1", 1, &text), item_hash("1", 1, &twice));
    assert_ne!(item_hash("1", 1, &text), item_hash("1", 2, &text));
}
