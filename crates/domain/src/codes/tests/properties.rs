//! Properties over any text, and over codes put together and spoiled.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::{CodeKind, check};

const GS1_TEXT: &str = "[A-Za-z0-9!%&'*+,\\-./:;=?_]{1,20}";

/// A trade item number of 14 digits with its check digit, worked out digit by digit.
fn gtin14(body: u64) -> String {
    let digits: Vec<u64> = format!("{body:013}").bytes().map(|b| u64::from(b - b'0')).collect();
    let sum: u64 = digits.iter().enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 3 } else { 1 }).sum();
    format!("{body:013}{}", (10 - sum % 10) % 10)
}

proptest! {
    #[test]
    fn any_text_is_judged(value in any::<String>(), lead in prop::sample::select(vec![
        "", "+", "*+", "(01)", "01", "MA.", "MA.156.M0.", "]C1", "]d2\u{1d}", "C", "H", "(", "+A123", "+$$", "+A123BJC5D6E71G+",
        "(01)06901234567892(10)", "010690123456789210", "+A123BJC5D6E71/", "MA.156.M0.100761.21234561.",
    ])) {
        let text = format!("{lead}{value}");
        for kind in CodeKind::ALL {
            let code = check(kind, &text);
            prop_assert_eq!(code.valid, code.fault.is_none());
            prop_assert_eq!(code.valid, code.reason.is_none());
            prop_assert!(!code.normalized.contains(|c: char| c.is_control()));
            let json = serde_json::to_string(&code).unwrap();
            prop_assert_eq!(&serde_json::from_str::<super::super::CodeCheck>(&json).unwrap(), &code);
        }
    }

    #[test]
    fn a_near_code_is_judged(value in "[+*(]{0,2}[0-9A-Z().$/+ \u{1d}-]{0,40}") {
        for kind in CodeKind::ALL {
            let code = check(kind, &value);
            if code.valid {
                let again = check(kind, &code.normalized);
                prop_assert_eq!(&again.normalized, &code.normalized, "normalising is final");
                prop_assert_eq!(&again.parts, &code.parts);
            }
        }
    }

    #[test]
    fn printed_and_scanned_read_alike(
        body in 1_u64..10_000_000_000_000,
        lot in proptest::option::of(GS1_TEXT),
        serial in proptest::option::of(GS1_TEXT),
        day in proptest::option::of(0_u32..=28),
    ) {
        let mut printed = format!("(01){}", gtin14(body));
        let mut scanned = format!("01{}", gtin14(body));
        if let Some(day) = day {
            write!(printed, "(17)2810{day:02}").unwrap();
            write!(scanned, "172810{day:02}").unwrap();
        }
        for (ai, value) in [("10", &lot), ("21", &serial)] {
            if let Some(value) = value {
                write!(printed, "({ai}){value}").unwrap();
                write!(scanned, "{ai}{value}\u{1d}").unwrap();
            }
        }
        let (printed, scanned) = (check(CodeKind::Udi, &printed), check(CodeKind::Udi, &scanned));
        prop_assert!(printed.valid, "{:?}", printed.reason);
        prop_assert_eq!(&printed, &scanned);
        prop_assert_eq!(printed.parts.get("lot"), lot.as_ref());
        prop_assert_eq!(printed.parts.get("serial"), serial.as_ref());
    }

    #[test]
    fn one_wrong_digit_is_found(body in 1_u64..10_000_000_000_000, at in 0_usize..14, change in 1_u8..10) {
        let mut digits = gtin14(body).into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + change) % 10;
        let spoiled = String::from_utf8(digits).unwrap();
        prop_assert!(!check(CodeKind::Gtin, &spoiled).valid);
        let element_string = format!("(01){spoiled}(17)281031");
        prop_assert!(!check(CodeKind::Udi, &element_string).valid);
        let scanned = format!("01{spoiled}17281031");
        prop_assert!(!check(CodeKind::Udi, &scanned).valid);
    }

    #[test]
    fn one_wrong_character_of_a_social_credit_code_is_found(at in 0_usize..18, change in 1_usize..31) {
        let alphabet: Vec<char> = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().collect();
        let mut code: Vec<char> = "91350100M000100Y43".chars().collect();
        let place = alphabet.iter().position(|c| *c == code[at]).unwrap();
        code[at] = alphabet[(place + change) % 31];
        let spoiled: String = code.into_iter().collect();
        prop_assert!(!check(CodeKind::Uscc, &spoiled).valid);
    }

    #[test]
    fn one_wrong_character_of_a_hibc_label_is_found(at in 1_usize..15, change in 1_usize..43) {
        let alphabet: Vec<char> = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%".chars().collect();
        let mut code: Vec<char> = "+A123BJC5D6E71G".chars().collect();
        let place = alphabet.iter().position(|c| *c == code[at]).unwrap();
        code[at] = alphabet[(place + change) % 43];
        let spoiled: String = code.into_iter().collect();
        prop_assert!(!check(CodeKind::Udi, &spoiled).valid);
    }
}
