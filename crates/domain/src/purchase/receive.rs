//! 收货: what a label says, which line it belongs to, and how much may be received.

use chrono::{Datelike, NaiveDate};

use crate::Quantity;
use crate::codes::{CodeFault, CodeKind, check_at};

/// Days before its expiry from which goods count as near it (近效期), where nothing else is set: half a year.
pub const NEAR_EXPIRY_DAYS: i64 = 183;

/// How near goods are to their expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Far enough, or without a date.
    Good,
    /// 近效期.
    Near,
    /// 过期: the label's day is the last on which they may be used.
    Expired,
}

/// Judges an expiry date on a day.
///
/// ```
/// use sunbench_domain::purchase::receive::{Shelf, shelf};
/// let day = |text: &str| text.parse().unwrap();
/// assert_eq!(shelf(Some(day("2026-11-22")), day("2026-11-22"), 183), Shelf::Near);
/// assert_eq!(shelf(Some(day("2026-11-21")), day("2026-11-22"), 183), Shelf::Expired);
/// ```
#[must_use]
pub fn shelf(expires_on: Option<NaiveDate>, today: NaiveDate, near_days: i64) -> Shelf {
    match expires_on.map(|day| (day - today).num_days()) {
        Some(..=-1) => Shelf::Expired,
        Some(left) if left <= near_days => Shelf::Near,
        _ => Shelf::Good,
    }
}

/// Why a quantity cannot be received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiveFault {
    /// A quantity below nought.
    Negative,
    /// Neither received nor rejected.
    Nothing,
    /// More than the delivery still holds.
    OverDelivered {
        /// What it still holds.
        left: Quantity,
    },
    /// Rejected without a reason.
    ReasonMissing,
}

/// Judges one line of a receipt: received and rejected together never exceed what was delivered and is not settled yet.
///
/// # Errors
/// The first rule that is broken.
pub fn check_line(
    delivered: Quantity,
    settled: Quantity,
    (received, rejected): (Quantity, Quantity),
    reason: &str,
) -> Result<(), ReceiveFault> {
    if received.is_negative() || rejected.is_negative() {
        return Err(ReceiveFault::Negative);
    }
    let left = Quantity::from_units(delivered.units().saturating_sub(settled.units()).max(0));
    match received.checked_add(rejected) {
        Some(Quantity::ZERO) => Err(ReceiveFault::Nothing),
        Some(both) if both <= left => {
            if rejected > Quantity::ZERO && reason.trim().is_empty() {
                return Err(ReceiveFault::ReasonMissing);
            }
            Ok(())
        }
        _ => Err(ReceiveFault::OverDelivered { left }),
    }
}

/// 标签: what a scanned device identifier says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The form to store.
    pub udi: String,
    /// 产品标识: the trade item number, or the product's part of an MA or HIBC code.
    pub di: String,
    /// 批号.
    pub lot: Option<String>,
    /// 有效期至.
    pub expires_on: Option<NaiveDate>,
    /// 序列号: one piece.
    pub serial: Option<String>,
}

/// Reads a scan (GS1 with FNC1, MA or HIBC); two-digit years are read from `today`'s.
///
/// # Errors
/// What is wrong with the code.
///
/// ```
/// use sunbench_domain::purchase::receive::read_label;
/// let today = "2026-11-22".parse().unwrap();
/// let label = read_label("010690123456789217280200\u{1d}10L24\u{1d}21S1", today).unwrap();
/// assert_eq!((label.di.as_str(), label.lot.as_deref()), ("06901234567892", Some("L24")));
/// assert_eq!(label.expires_on, "2028-02-29".parse().ok());
/// ```
pub fn read_label(scan: &str, today: NaiveDate) -> Result<Label, CodeFault> {
    let judged = check_at(CodeKind::Udi, scan, today.year());
    if let Some(fault) = judged.fault {
        return Err(fault);
    }
    let part = |name: &str| judged.parts.get(name).cloned();
    Ok(Label {
        di: part("di").unwrap_or_default(),
        lot: part("lot"),
        expires_on: part("expiry").and_then(|day| day.parse().ok()),
        serial: part("serial"),
        udi: judged.normalized,
    })
}

/// How well a label fits a line of a delivery, better later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The product is right, the lot is another: the line's lot has to be corrected, or the goods are not these.
    OtherLot,
    /// The product is right, and the label or the line names no lot.
    Product,
    /// Product and lot.
    Lot,
    /// The very code that the distributor stated.
    Same,
}

/// What a delivery line says of its goods.
#[derive(Debug, Clone, Copy)]
pub struct Goods<'a> {
    /// The listed product's device identifier, in whatever of its forms.
    pub udi_di: Option<&'a str>,
    /// The code that the distributor stated, or nothing.
    pub udi: &'a str,
    /// 批号, or nothing.
    pub lot: &'a str,
}

/// Whether a label belongs to a line; `None` where the product is another, or unknown.
#[must_use]
pub fn fit(label: &Label, goods: &Goods<'_>, today: NaiveDate) -> Option<Fit> {
    let stated = (!goods.udi.is_empty()).then(|| read_label(goods.udi, today).ok()).flatten();
    if stated.as_ref().is_some_and(|stated| stated.udi == label.udi) {
        return Some(Fit::Same);
    }
    let listed = goods.udi_di.and_then(|di| read_label(di, today).ok()).map(|read| read.di);
    let is_product = listed.is_some_and(|di| di == label.di)
        || stated.as_ref().is_some_and(|stated| stated.di == label.di);
    if !is_product {
        return None;
    }
    Some(match &label.lot {
        Some(lot) if goods.lot.is_empty() => {
            // The line names a lot in its code alone.
            match stated.and_then(|stated| stated.lot) {
                Some(stated) if stated == *lot => Fit::Lot,
                Some(_) => Fit::OtherLot,
                None => Fit::Product,
            }
        }
        Some(lot) if *lot == goods.lot => Fit::Lot,
        Some(_) => Fit::OtherLot,
        None => Fit::Product,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn quantities() {
        let over = |left: &str| Err(ReceiveFault::OverDelivered { left: quantity(left) });
        for (delivered, settled, received, rejected, reason, expected) in [
            ("10", "0", "10", "0", "", Ok(())),
            ("10", "4", "6", "0", "", Ok(())),
            ("10", "4", "5", "1", "破损", Ok(())),
            ("0.5", "0", "0.5", "0", "", Ok(())),
            ("10", "0", "0", "10", "全部破损", Ok(())),
            ("10", "4", "6.0001", "0", "", over("6")),
            ("10", "4", "6", "0.0001", "破损", over("6")),
            ("10", "10", "1", "0", "", over("0")),
            ("10", "11", "1", "0", "", over("0")),
            ("10", "0", "922337203685477", "922337203685477", "破损", over("10")),
            ("10", "0", "0", "0", "", Err(ReceiveFault::Nothing)),
            ("10", "0", "-1", "0", "", Err(ReceiveFault::Negative)),
            ("10", "0", "11", "-1", "破损", Err(ReceiveFault::Negative)),
            ("10", "0", "5", "1", "  ", Err(ReceiveFault::ReasonMissing)),
        ] {
            let both = (quantity(received), quantity(rejected));
            let judged = check_line(quantity(delivered), quantity(settled), both, reason);
            assert_eq!(judged, expected, "{received} and {rejected} of {delivered} less {settled}");
        }
    }

    #[test]
    fn shelves() {
        for (expires_on, expected) in [
            (None, Shelf::Good),
            (Some("2028-01-01"), Shelf::Good),
            (Some("2027-05-25"), Shelf::Good),
            (Some("2027-05-24"), Shelf::Near),
            (Some("2026-11-22"), Shelf::Near),
            (Some("2026-11-21"), Shelf::Expired),
        ] {
            let judged = shelf(expires_on.map(day), day("2026-11-22"), NEAR_EXPIRY_DAYS);
            assert_eq!(judged, expected, "{expires_on:?}");
        }
    }

    #[test]
    fn labels_find_their_lines() {
        let today = day("2026-11-22");
        let (gs1, bare) = ("(01)06901234567892(17)280200(10)L24", "06901234567892");
        for (scan, udi_di, udi, lot, expected) in [
            (gs1, Some(bare), "", "L24", Some(Fit::Lot)),
            ("010690123456789217280200\u{1d}10L24", Some("6901234567892"), "", "L24", Some(Fit::Lot)),
            (gs1, Some(bare), gs1, "L24", Some(Fit::Same)),
            (gs1, Some(bare), "", "L25", Some(Fit::OtherLot)),
            (gs1, Some(bare), "", "", Some(Fit::Product)),
            (gs1, None, "(01)06901234567892(10)L24", "", Some(Fit::Lot)),
            (gs1, None, "(01)06901234567892(10)L9", "", Some(Fit::OtherLot)),
            (bare, Some(bare), "", "L24", Some(Fit::Product)),
            (gs1, Some("06901234567908"), "", "L24", None),
            (gs1, None, "", "L24", None),
            (gs1, Some("no code at all"), "nor this", "L24", None),
        ] {
            let label = read_label(scan, today).unwrap();
            let goods = Goods { udi_di, udi, lot };
            assert_eq!(fit(&label, &goods, today), expected, "{scan} {goods:?}");
        }
        read_label("not a label", today).unwrap_err();
    }
}
