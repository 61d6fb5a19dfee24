//! 发票验证: what an invoice is held against before it is verified.

use std::collections::HashMap;

use crate::{Amount, Price, Quantity};

/// What stands against an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceFault {
    /// The lines do not add up to the invoice's amount.
    SumDiffers {
        /// What they add up to.
        lines: Amount,
    },
    /// With the other verified invoices it bills more of a line than was received.
    AboveReceived {
        /// Place in the invoice, from 0.
        line: usize,
        /// What was received and no other invoice bills.
        left: Quantity,
    },
    /// A line that belongs to no order line.
    NoOrderLine {
        /// Place in the invoice, from 0.
        line: usize,
    },
    /// A line's amount is not its quantity times the order's price, rounded half up to the fen.
    PriceDiffers {
        /// Place in the invoice, from 0.
        line: usize,
        /// What it should be.
        expected: Amount,
    },
    /// 全电发票 have twenty digits.
    NumberOdd,
    /// 两票制: the manufacturer's invoice to the distributor is not named.
    UpstreamMissing,
    /// A red letter without the blue invoice that it offsets.
    BlueMissing,
    /// The red letters of a blue invoice take more off than it bills.
    AboveBlue,
}

impl InvoiceFault {
    /// The name on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SumDiffers { .. } => "sumDiffers",
            Self::AboveReceived { .. } => "aboveReceived",
            Self::NoOrderLine { .. } => "noOrderLine",
            Self::PriceDiffers { .. } => "priceDiffers",
            Self::NumberOdd => "numberOdd",
            Self::UpstreamMissing => "upstreamMissing",
            Self::BlueMissing => "blueMissing",
            Self::AboveBlue => "aboveBlue",
        }
    }

    /// Whether the platform would refuse to verify the invoice; otherwise the person decides.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        matches!(self, Self::SumDiffers { .. } | Self::AboveReceived { .. } | Self::NoOrderLine { .. })
    }

    /// The line that it is about, from 0.
    #[must_use]
    pub const fn line(self) -> Option<usize> {
        match self {
            Self::AboveReceived { line, .. }
            | Self::NoOrderLine { line }
            | Self::PriceDiffers { line, .. } => Some(line),
            Self::SumDiffers { .. }
            | Self::NumberOdd
            | Self::UpstreamMissing
            | Self::BlueMissing
            | Self::AboveBlue => None,
        }
    }

    /// What to tell the person.
    #[must_use]
    pub fn text_zh(self) -> String {
        match self {
            Self::SumDiffers { lines } => format!("发票金额与明细合计 {lines} 不符"),
            Self::AboveReceived { left, .. } => format!("开票数量超过已收货且未开票的数量 {left}"),
            Self::NoOrderLine { .. } => "没有对应的订单明细".to_owned(),
            Self::PriceDiffers { expected, .. } => format!("金额与订单单价不符，应为 {expected}"),
            Self::NumberOdd => "发票号码不是 20 位数字，请核对".to_owned(),
            Self::UpstreamMissing => "未注明生产企业开给配送企业的发票（两票制）".to_owned(),
            Self::BlueMissing => "红字发票没有对应的蓝字发票".to_owned(),
            Self::AboveBlue => "红字发票冲减的金额超过蓝字发票".to_owned(),
        }
    }
}

/// One line of an invoice, with what is known of its order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvoiceLine<'a> {
    /// 订单明细.
    pub order_line: &'a str,
    /// 开票数量; less than nought in a red letter, nought in one for a price difference.
    pub quantity: Quantity,
    /// 开票金额.
    pub amount: Amount,
    /// The order line; `None` where it is not there.
    pub of: Option<Bought>,
}

/// What is known of an order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bought {
    /// 采购单价.
    pub price: Price,
    /// 已收货.
    pub received: Quantity,
    /// Billed by other verified and paid invoices, red letters taken off.
    pub billed: Quantity,
}

/// The invoice that a red letter offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blue {
    /// Its amount.
    pub amount: Amount,
    /// What its other red letters take off: less than nought.
    pub offset: Amount,
}

/// One invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invoice<'a> {
    /// 发票号码.
    pub number: &'a str,
    /// 红字.
    pub red: bool,
    /// 价税合计.
    pub amount: Amount,
    /// 上游发票号码; may be empty.
    pub upstream: &'a str,
    /// Of a red letter: the blue one, where it is there.
    pub blue: Option<Blue>,
    /// 明细.
    pub lines: &'a [InvoiceLine<'a>],
}

/// Everything that stands against an invoice: first what concerns the whole, then line by line.
///
/// The platform judges quantities by order line, so lines of the same one count together.
#[must_use]
pub fn faults(invoice: &Invoice<'_>) -> Vec<InvoiceFault> {
    let mut found = Vec::new();
    let sum = invoice.lines.iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.amount));
    if sum != Some(invoice.amount) {
        found.push(InvoiceFault::SumDiffers { lines: sum.unwrap_or_default() });
    }
    if invoice.number.len() != 20 || !invoice.number.bytes().all(|b| b.is_ascii_digit()) {
        found.push(InvoiceFault::NumberOdd);
    }
    if invoice.red {
        match invoice.blue {
            None => found.push(InvoiceFault::BlueMissing),
            Some(blue) => {
                let left =
                    [blue.offset, invoice.amount].into_iter().try_fold(blue.amount, Amount::checked_add);
                if left.is_none_or(Amount::is_negative) {
                    found.push(InvoiceFault::AboveBlue);
                }
            }
        }
    } else if invoice.upstream.trim().is_empty() {
        found.push(InvoiceFault::UpstreamMissing);
    }
    let mut here: HashMap<&str, i128> = HashMap::new();
    for line in invoice.lines {
        *here.entry(line.order_line).or_default() += i128::from(line.quantity.units());
    }
    for (index, line) in invoice.lines.iter().enumerate() {
        let Some(of) = line.of else {
            found.push(InvoiceFault::NoOrderLine { line: index });
            continue;
        };
        let left = i128::from(of.received.units()) - i128::from(of.billed.units());
        if here.get(line.order_line).is_some_and(|billed| *billed > left) {
            let left = Quantity::from_units(i64::try_from(left).unwrap_or_default());
            found.push(InvoiceFault::AboveReceived { line: index, left });
        }
        // A red letter for a price difference bills no quantity.
        let expected = Amount::of(of.price, line.quantity).filter(|_| line.quantity != Quantity::ZERO);
        if let Some(expected) = expected.filter(|expected| *expected != line.amount) {
            found.push(InvoiceFault::PriceDiffers { line: index, expected });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }
    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    const NUMBER: &str = "25442000000000000017";

    fn bought(received: &str, billed: &str) -> Bought {
        let price = "12.5".parse().unwrap();
        Bought { price, received: quantity(received), billed: quantity(billed) }
    }

    fn line(count: &str, sum: &str, of: impl Into<Option<Bought>>) -> InvoiceLine<'static> {
        InvoiceLine { order_line: "L1", quantity: quantity(count), amount: amount(sum), of: of.into() }
    }

    #[track_caller]
    fn check(invoice: Invoice<'_>, expected: &[&str]) {
        let found: Vec<&str> = faults(&invoice).into_iter().map(InvoiceFault::code).collect();
        assert_eq!(found, expected, "{invoice:?}");
    }

    fn blue<'a>(sum: &str, lines: &'a [InvoiceLine<'a>]) -> Invoice<'a> {
        Invoice { number: NUMBER, red: false, amount: amount(sum), upstream: "1", blue: None, lines }
    }

    #[test]
    fn a_blue_invoice() {
        for (count, sum, received, billed, expected) in [
            ("4", "50", "4", "0", &[][..]),
            ("4", "50", "10", "6", &[]),
            ("4", "50", "10", "6.0001", &["aboveReceived"]),
            ("4", "49.99", "4", "0", &["priceDiffers"]),
            ("0.5", "6.25", "1", "0", &[]),
        ] {
            check(blue(sum, &[line(count, sum, bought(received, billed))]), expected);
        }
        let good = [line("4", "50", bought("4", "0"))];
        check(Invoice { number: "12345678", ..blue("50", &good) }, &["numberOdd"]);
        check(Invoice { number: "2544200000000000001A", ..blue("50", &good) }, &["numberOdd"]);
        check(Invoice { upstream: " ", ..blue("50", &good) }, &["upstreamMissing"]);
        check(blue("50.01", &good), &["sumDiffers"]);
        check(blue("50", &[line("4", "50", None::<Bought>)]), &["noOrderLine"]);
        // Two lines of one order line count together.
        let twice = [line("3", "37.5", bought("5", "0")), line("3", "37.5", bought("5", "0"))];
        check(blue("75", &twice), &["aboveReceived", "aboveReceived"]);
    }

    #[test]
    fn a_red_letter() {
        let red = |sum: &str, offset: &str| Invoice {
            red: true,
            amount: amount(sum),
            upstream: "",
            blue: Some(Blue { amount: amount("50"), offset: amount(offset) }),
            ..blue("0", &[])
        };
        let lines = [line("-2", "-25", bought("4", "4"))];
        check(Invoice { lines: &lines, ..red("-25", "0") }, &[]);
        check(Invoice { lines: &lines, ..red("-25", "-25") }, &[]);
        check(Invoice { lines: &lines, ..red("-25", "-25.01") }, &["aboveBlue"]);
        check(Invoice { lines: &lines, blue: None, ..red("-25", "0") }, &["blueMissing"]);
        // For a price difference.
        let difference = [line("0", "-3", bought("4", "4"))];
        check(Invoice { lines: &difference, ..red("-3", "0") }, &[]);
    }

    #[test]
    fn what_the_platform_refuses() {
        let refusals = [
            InvoiceFault::SumDiffers { lines: Amount::ZERO },
            InvoiceFault::AboveReceived { line: 0, left: Quantity::ZERO },
            InvoiceFault::NoOrderLine { line: 0 },
        ];
        let told = [
            InvoiceFault::PriceDiffers { line: 0, expected: Amount::ZERO },
            InvoiceFault::NumberOdd,
            InvoiceFault::UpstreamMissing,
            InvoiceFault::BlueMissing,
            InvoiceFault::AboveBlue,
        ];
        assert!(refusals.into_iter().all(InvoiceFault::is_refusal));
        assert!(!told.into_iter().any(InvoiceFault::is_refusal));
        assert!(refusals.into_iter().chain(told).all(|fault| !fault.text_zh().is_empty()));
    }
}
