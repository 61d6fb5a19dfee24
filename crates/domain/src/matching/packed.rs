//! Numbers of documents, lines and lots in sixteen bytes each, so that most are compared without looking elsewhere.

use super::fold::{self, Folded};
use super::pool::{Pool, TextId};

/// A folded key or code: up to twenty characters at six bits, or the number of a longer one in the ledger's pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Packed([u64; 2]);

/// Characters in one half.
const HALF: usize = 10;
/// Characters in both.
const MOST: usize = 2 * HALF;
/// In the first half: the second is the number of a longer text.
const LONG: u64 = 1 << 63;

/// The characters that have a code, by their code less one.
const CHARACTERS: &[u8; 63] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./#()+:*&,;=@~!?$%^[]|{}<";

/// By byte: its code in the low six bits (nought: none), and what it says of a text that holds it.
const CODES: [u8; 256] = {
    let mut codes = [CLOSER; 256];
    let mut at = 0;
    while at < CHARACTERS.len() {
        let byte = CHARACTERS[at];
        let is_plain = matches!(byte, b'0'..=b'9' | b'A'..=b'D' | b'F'..=b'Z' | b'-' | b'_');
        codes[byte as usize] = (at as u8 + 1)
            | if is_plain { 0 } else { CLOSER }
            | if byte.is_ascii_digit() { DIGIT } else { 0 };
        at += 1;
    }
    codes
};

/// Set in a [`CODES`] entry: the text may not be in its folded form (`E` and `.` may be a spreadsheet's doing).
const CLOSER: u8 = 0x40;
/// Set in a [`CODES`] entry: a digit, which no word for "nothing" has.
const DIGIT: u8 = 0x80;
const CODE: u8 = 0x3f;

impl Packed {
    /// No text.
    pub(super) const NONE: Self = Self([0, 0]);

    /// Folds a key or code as it stands in its source; `None` where a spreadsheet spoilt it.
    pub(super) fn fold(raw: &str, long: &mut Pool, scratch: &mut String) -> Option<Self> {
        if raw.is_empty() {
            return Some(Self::NONE);
        }
        if let Some((packed, seen)) = Self::pack(raw)
            && seen & (CLOSER | DIGIT) == DIGIT
            && !fold::is_cut(raw)
        {
            return Some(packed);
        }
        match fold::key(raw, scratch) {
            Folded::Damaged => None,
            Folded::Text("") => Some(Self::NONE),
            Folded::Text(text) => Some(match Self::pack(text) {
                Some((packed, _)) => packed,
                None => Self::long(long.intern(text)),
            }),
        }
    }

    /// The text in six bits a character, and what its characters say together; `None` where it does not fit.
    fn pack(text: &str) -> Option<(Self, u8)> {
        let bytes = text.as_bytes();
        if bytes.len() > MOST {
            return None;
        }
        let mut seen = 0;
        let mut is_coded = true;
        let mut half = |bytes: &[u8]| {
            bytes.iter().fold(0_u64, |half, byte| {
                let code = CODES[usize::from(*byte)];
                seen |= code;
                is_coded &= code & CODE != 0;
                half << 6 | u64::from(code & CODE)
            })
        };
        let (first, second) = bytes.split_at(bytes.len().min(HALF));
        let packed = Self([half(first), half(second)]);
        is_coded.then_some((packed, seen))
    }

    const fn long(id: TextId) -> Self {
        Self([LONG, id as u64])
    }

    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// The number of a longer text.
    pub(super) const fn as_long(self) -> Option<TextId> {
        if self.0[0] == LONG { Some(self.0[1] as TextId) } else { None }
    }

    /// The same with a longer text's number in another pool.
    pub(super) fn translated(self, of: impl Fn(TextId) -> TextId) -> Self {
        self.as_long().map_or(self, |id| Self::long(of(id)))
    }

    pub(super) const fn hash(self) -> u64 {
        // No half of a text has the highest four bits of these, so that no factor is nought.
        let [a, b] = [self.0[0] ^ 0x9e37_79b9_7f4a_7c15, self.0[1] ^ 0xbf58_476d_1ce4_e5b9];
        let product = (a as u128) * (b as u128);
        (product >> 64) as u64 ^ product as u64
    }

    /// The length of a text that is no longer one.
    pub(super) const fn len(self) -> usize {
        let [first, second] = self.0;
        ((64 - first.leading_zeros()).div_ceil(6) + (64 - second.leading_zeros()).div_ceil(6)) as usize
    }

    /// Whether two texts of one length, neither a longer one, differ in more characters than a slip changes.
    pub(super) const fn is_far_from(self, other: Self) -> bool {
        /// The lowest bit of every character.
        const LOWEST: u64 = 0o01_01_01_01_01_01_01_01_01_01;
        const fn differing(a: u64, b: u64) -> u32 {
            let bits = a ^ b;
            let in_lowest = bits | bits >> 1 | bits >> 2 | bits >> 3 | bits >> 4 | bits >> 5;
            (in_lowest & LOWEST).count_ones()
        }
        let ([a, b], [c, d]) = (self.0, other.0);
        self.as_long().is_none()
            && other.as_long().is_none()
            && self.len() == other.len()
            && differing(a, c) + differing(b, d) > 2
    }

    /// Writes a text that is no longer one into `buffer`, and says how long it is.
    pub(super) fn unpack(self, buffer: &mut [u8; MOST]) -> usize {
        let mut length = 0;
        for half in self.0 {
            let mut shift = 6 * HALF;
            while shift > 0 {
                shift -= 6;
                if let Some(at) = ((half >> shift) as usize & usize::from(CODE)).checked_sub(1) {
                    buffer[length] = CHARACTERS[at];
                    length += 1;
                }
            }
        }
        length
    }
}

/// A text by its number: where it is kept, or as it was packed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text<'a> {
    Kept(&'a str),
    Packed([u8; MOST], usize),
}

impl From<Packed> for Text<'_> {
    fn from(packed: Packed) -> Self {
        let mut buffer = [0; MOST];
        let length = packed.unpack(&mut buffer);
        Self::Packed(buffer, length)
    }
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Kept(text) => text,
            Self::Packed(buffer, length) => {
                std::str::from_utf8(&buffer[..*length]).expect("only ASCII is packed")
            }
        }
    }
}

/// One column of packed texts, by line; from its end on there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Column(Vec<Packed>);

impl Column {
    /// Sets the text of a line that comes after all before.
    pub(super) fn push(&mut self, line: usize, text: Packed, capacity: usize) {
        if text.is_none() {
            return;
        }
        if self.0.is_empty() {
            self.0.reserve(capacity.max(line + 1));
        }
        self.0.resize(line, Packed::NONE);
        self.0.push(text);
    }

    pub(super) fn values(&self) -> &[Packed] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_packed_and_unpacked() {
        let (mut long, mut scratch) = (Pool::default(), String::new());
        for (raw, expected) in [
            ("DD0000000123-001", "DD0000000123-001"),
            ("C0101010000000000001", "C0101010000000000001"),
            ("A", "A"),
            ("0123456789", "0123456789"),
            ("01234567890", "01234567890"),
            ("dd 1/2", "DD1/2"),
            ("10023.0", "10023"),
            ("E1.5", "E1.5"),
        ] {
            let packed = Packed::fold(raw, &mut long, &mut scratch).unwrap();
            assert_eq!((&*Text::from(packed), packed.len()), (expected, expected.len()), "{raw}");
        }
        for raw in ["", "-", "无", "n/a"] {
            assert_eq!(Packed::fold(raw, &mut long, &mut scratch), Some(Packed::NONE), "{raw}");
        }
        for raw in ["12345678901234500000", "1.23457E+19"] {
            assert_eq!(Packed::fold(raw, &mut long, &mut scratch), None, "{raw}");
        }
        assert_eq!(long.len(), 0);
        let mut packed = |raw: &str| Packed::fold(raw, &mut long, &mut scratch).unwrap();
        for (a, b, is_far) in [
            ("DD0000000123-001", "DD0000000132-001", false),
            ("DD0000000123-001", "DD0000000124-001", false),
            ("DD0000000123-001", "DD0000000234-001", true),
            ("DD0000000123-001", "DD1000000124-002", true),
            ("DD0000000123-001", "DD000000123-001", false),
        ] {
            assert_eq!(packed(a).is_far_from(packed(b)), is_far, "{a} {b}");
        }
        for (raw, id) in [("批1", 1), ("012345678901234567890", 2), ("批1", 1)] {
            let packed = Packed::fold(raw, &mut long, &mut scratch).unwrap();
            assert_eq!(packed.as_long(), Some(id), "{raw}");
        }
    }
}
