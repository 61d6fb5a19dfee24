//! Figures as an office writes them: grouped, dated, in capitals.

use chrono::{Datelike as _, NaiveDate};
use sunbench_domain::Amount;

/// Decimal text with a comma at every third place.
pub(super) fn grouped(number: impl ToString + Copy) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

/// 2026年4月3日.
pub(super) fn long_date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 大写金额: an amount in the capitals that cannot be altered, by the rules for bills (支付结算办法, annex 1).
pub(super) fn capitals(amount: Amount) -> String {
    const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
    const GROUPS: [&str; 4] = ["", "万", "亿", "万亿"];
    let units = amount.units().unsigned_abs();
    let (yuan, parts) = (units / 10_000, units % 10_000);
    let mut text = String::from(if amount.is_negative() { "负" } else { "" });

    let mut is_nought_due = false;
    for group in (0..4).rev() {
        let value = (yuan / 10_000_u64.pow(group)) % 10_000;
        for place in (0..4).rev() {
            let digit = (value / 10_u64.pow(place)) % 10;
            if digit == 0 {
                is_nought_due = true;
                continue;
            }
            // Leading noughts are not said, several between digits once.
            if is_nought_due && !text.trim_start_matches('负').is_empty() {
                text.push_str(DIGITS[0]);
            }
            is_nought_due = false;
            text.push_str(DIGITS[digit as usize]);
            text.push_str(PLACES[place as usize]);
        }
        if value != 0 {
            text.push_str(GROUPS[group as usize]);
        }
    }
    if yuan > 0 {
        text.push('元');
    }
    let is_whole = parts == 0;
    if yuan == 0 && is_whole {
        return "零元整".to_owned();
    }
    // After the point a nought is said only between what is said.
    let mut is_nought_due = false;
    for (place, name) in ["角", "分", "厘", "毫"].into_iter().enumerate() {
        let digit = (parts / 10_u64.pow(3 - place as u32)) % 10;
        if digit == 0 {
            is_nought_due = yuan > 0 || place > 0;
            continue;
        }
        if is_nought_due && !text.is_empty() && text != "负" {
            text.push_str(DIGITS[0]);
        }
        is_nought_due = false;
        text.push_str(DIGITS[digit as usize]);
        text.push_str(name);
    }
    // 整 follows 元 and 角, not 分.
    if parts % 1_000 == 0 {
        text.push('整');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped() {
        for (number, expected) in [
            ("0.00", "0.00"),
            ("999", "999"),
            ("1000.5", "1,000.5"),
            ("-1234567.8901", "-1,234,567.8901"),
            ("-100", "-100"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn amounts_in_capitals() {
        for (amount, expected) in [
            ("0", "零元整"),
            ("1", "壹元整"),
            ("10", "壹拾元整"),
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
            ("107000.53", "壹拾万零柒仟元伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("0.05", "伍分"),
            ("0.5", "伍角整"),
            ("100000000", "壹亿元整"),
            ("100010000", "壹亿零壹万元整"),
            ("1000000001", "壹拾亿零壹元整"),
            ("20000.0001", "贰万元零壹毫"),
            ("-12.30", "负壹拾贰元叁角整"),
            ("10200300000000", "壹拾万亿零贰仟零叁亿元整"),
        ] {
            assert_eq!(capitals(amount.parse().unwrap()), expected, "{amount}");
        }
    }
}
