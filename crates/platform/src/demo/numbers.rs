//! Codes and numbers that stand every check a real one stands, and belong to nobody.

use sunbench_contract::time::Instant;

/// 统一社会信用代码 (GB 32100) with its own check character and that of the organisation code within.
pub(super) fn uscc(class: &str, division: &str, serial: u32) -> String {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    // Organisation codes that begin with MA were given out from 2015 on.
    let organisation = format!("MA{serial:06}");
    let sum: u32 = organisation
        .bytes()
        .zip(WEIGHTS)
        .map(|(c, w)| w * u32::from(if c.is_ascii_digit() { c - b'0' } else { c - b'A' + 10 }))
        .sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    };
    let body = format!("{class}{division}{organisation}{check}");
    let (mut sum, mut weight) = (0, 1);
    for c in body.bytes() {
        let value = ALPHABET.iter().position(|a| *a == c).expect("no I, O, S, V or Z is used above");
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    let last = ALPHABET[(31 - sum % 31) % 31];
    format!("{body}{}", char::from(last))
}

/// A GTIN-14. The prefix 952 is GS1's own for examples.
pub(super) fn gtin(company: usize, item: usize) -> String {
    let body = format!("0952{company:05}{item:04}");
    let sum: u32 =
        body.bytes().enumerate().map(|(i, c)| u32::from(c - b'0') * if i % 2 == 0 { 3 } else { 1 }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// 国家医保医用耗材编码: `class` is 2+2+2 digits, `generic` 3.
pub(super) fn mcs(class: &str, generic: &str, feature: usize, company: usize, model: usize) -> String {
    format!("C{class}{generic}{feature:05}{company:05}{model:07}")
}

/// 全电发票号码: year, division, channel, fifteen digits in order.
pub(super) fn invoice_number(year: i32, division: &str, serial: u64) -> String {
    format!("{:02}{}2{serial:015}", year % 100, &division[..2])
}

/// Ids as platforms issue them: decimal, nineteen digits, rising with time.
#[derive(Default)]
pub(super) struct Ids(u64);

impl Ids {
    /// Seconds above, a running number below: unique for a thousand million ids.
    pub(super) fn next(&mut self, at: i64) -> String {
        self.0 += 1;
        ((at.max(0) as u64) << 30 | (self.0 & 0x3FFF_FFFF)).to_string()
    }
}

/// A UUIDv7 as a hospital's program would have made it.
pub(super) fn client_key(at: Instant, random: u64) -> String {
    let ms = (at.unix() as u64) * 1000 + random % 1000;
    let (a, b) = (random >> 52, random & 0x0FFF_FFFF_FFFF);
    format!(
        "{:08x}-{:04x}-7{:03x}-{:04x}-{b:012x}",
        ms >> 16,
        ms & 0xFFFF,
        a,
        0x8000 | (random >> 36 & 0x3FFF)
    )
}
