//! The application identifiers (GS1 General Specifications, 3.2) that labels of medical devices use.

/// What may stand in an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Digits.
    Digits,
    /// Digits with a check digit at the end of the first `n`.
    CheckedDigits(usize),
    /// The 82 characters of GS1 (figure 7.11-1).
    Text,
    /// A date in the first six digits, `YYMMDD`, day 00 being the end of the month.
    Date,
}

/// One application identifier.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    /// The identifier.
    pub(super) ai: &'static str,
    /// What may stand in it.
    pub(super) content: Content,
    /// The least number of characters.
    pub(super) min: usize,
    /// The greatest number of characters.
    pub(super) max: usize,
    /// Whether the length is predefined (figure 7.8.5-2), so that no separator follows.
    pub(super) predefined: bool,
    /// The name among the parts, empty for `ai_…`.
    pub(super) part: &'static str,
}

const fn fixed(ai: &'static str, content: Content, length: usize, part: &'static str) -> Element {
    Element { ai, content, min: length, max: length, predefined: true, part }
}

const fn open(ai: &'static str, content: Content, min: usize, max: usize, part: &'static str) -> Element {
    Element { ai, content, min, max, predefined: false, part }
}

use Content::{CheckedDigits, Date, Digits, Text};

const TABLE: &[Element] = &[
    fixed("00", CheckedDigits(18), 18, "sscc"),
    fixed("01", CheckedDigits(14), 14, "di"),
    fixed("02", CheckedDigits(14), 14, "content_gtin"),
    open("10", Text, 1, 20, "lot"),
    fixed("11", Date, 6, "production_date"),
    fixed("12", Date, 6, "due_date"),
    fixed("13", Date, 6, "packaging_date"),
    fixed("15", Date, 6, "best_before"),
    fixed("16", Date, 6, "sell_by"),
    fixed("17", Date, 6, "expiry"),
    fixed("20", Digits, 2, "variant"),
    open("21", Text, 1, 20, "serial"),
    open("22", Text, 1, 20, "consumer_variant"),
    open("235", Text, 1, 28, "third_party_serial"),
    open("240", Text, 1, 30, "additional_id"),
    open("241", Text, 1, 30, "customer_part"),
    open("242", Digits, 1, 6, "made_to_order"),
    open("243", Text, 1, 20, "packaging_component"),
    open("250", Text, 1, 30, "secondary_serial"),
    open("251", Text, 1, 30, "source_reference"),
    open("253", CheckedDigits(13), 13, 30, ""),
    open("254", Text, 1, 20, ""),
    open("255", CheckedDigits(13), 13, 25, ""),
    open("30", Digits, 1, 8, "count"),
    open("37", Digits, 1, 8, "content_count"),
    open("400", Text, 1, 30, "order_number"),
    open("401", Text, 1, 30, ""),
    open("402", CheckedDigits(17), 17, 17, ""),
    open("403", Text, 1, 30, ""),
    fixed("410", CheckedDigits(13), 13, ""),
    fixed("411", CheckedDigits(13), 13, ""),
    fixed("412", CheckedDigits(13), 13, ""),
    fixed("413", CheckedDigits(13), 13, ""),
    fixed("414", CheckedDigits(13), 13, ""),
    fixed("415", CheckedDigits(13), 13, ""),
    fixed("416", CheckedDigits(13), 13, ""),
    fixed("417", CheckedDigits(13), 13, ""),
    open("420", Text, 1, 20, ""),
    open("421", Text, 4, 12, ""),
    open("422", Digits, 3, 3, "origin"),
    open("7002", Text, 1, 30, ""),
    open("7003", Date, 10, 10, "expiry"),
    open("7004", Digits, 1, 4, "potency"),
    open("7010", Digits, 2, 2, ""),
    open("7020", Text, 1, 20, ""),
    open("7021", Text, 1, 20, ""),
    open("7022", Text, 1, 20, ""),
    open("710", Text, 1, 20, "nhrn"),
    open("711", Text, 1, 20, "nhrn"),
    open("712", Text, 1, 20, "nhrn"),
    open("713", Text, 1, 20, "nhrn"),
    open("714", Text, 1, 20, "nhrn"),
    open("715", Text, 1, 20, "nhrn"),
    open("716", Text, 1, 20, "nhrn"),
    open("717", Text, 1, 20, "nhrn"),
    open("8003", CheckedDigits(14), 14, 30, ""),
    open("8004", Text, 1, 30, "asset"),
    open("8005", Digits, 6, 6, ""),
    open("8006", CheckedDigits(14), 18, 18, ""),
    open("8008", Digits, 8, 12, ""),
    open("8010", Text, 1, 30, ""),
    open("8012", Text, 1, 20, "software_version"),
    open("8013", Text, 1, 25, "model_number"),
    open("8017", CheckedDigits(18), 18, 18, ""),
    open("8018", CheckedDigits(18), 18, 18, ""),
    open("8019", Digits, 1, 10, ""),
    open("8020", Text, 1, 25, ""),
    open("8026", CheckedDigits(14), 18, 18, ""),
    open("8200", Text, 1, 70, ""),
    open("90", Text, 1, 30, ""),
    open("91", Text, 1, 90, ""),
    open("92", Text, 1, 90, ""),
    open("93", Text, 1, 90, ""),
    open("94", Text, 1, 90, ""),
    open("95", Text, 1, 90, ""),
    open("96", Text, 1, 90, ""),
    open("97", Text, 1, 90, ""),
    open("98", Text, 1, 90, ""),
    open("99", Text, 1, 90, ""),
];

/// The measures, 3100 to 3699: the last digit of the identifier is the number of decimals.
const MEASURE: Element = fixed("", Digits, 6, "");

/// The identifier at the beginning of `text` and what is known about it.
pub(super) fn at_start(text: &str) -> Option<(&str, Element)> {
    let leads = |length: usize| text.get(..length).filter(|lead| lead.bytes().all(|b| b.is_ascii_digit()));
    if let Some(measure) = leads(4).filter(|lead| ("3100".."3700").contains(lead)) {
        return Some((measure, MEASURE));
    }
    (2..=4).filter_map(leads).find_map(|lead| Some((lead, *TABLE.iter().find(|element| element.ai == lead)?)))
}

/// The 82 characters of GS1 (figure 7.11-1).
pub(super) fn is_gs1_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!\"%&'()*+,-./_:;<=>?".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_identifier_begins_another() {
        for element in TABLE {
            let (ai, found) = at_start(element.ai).expect("every identifier is found");
            assert_eq!((ai, found.ai), (element.ai, element.ai));
            assert!(element.min >= 1 && element.min <= element.max);
        }
        assert_eq!(at_start("3103000189").map(|(ai, _)| ai), Some("3103"));
        assert!(at_start("04").is_none() && at_start("3").is_none() && at_start("３103").is_none());
    }

    #[test]
    fn there_are_82_characters() {
        assert_eq!((0_u8..128).filter(|b| is_gs1_character(char::from(*b))).count(), 82);
    }
}
