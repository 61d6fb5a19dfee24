//! The recovery code: shown once, written on paper, typed on another machine.

use std::fmt;

use data_encoding::{Encoding, Specification};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    file::Slot,
    key::{self, DataKey, KEY_LEN},
};
use crate::error::{LockReason, StoreError, StoreResult};

/// 176 random bits and a checksum of 24: 200 bits, forty characters.
const SECRET: usize = 22;
const CHECKSUM: usize = 3;
const LENGTH: usize = 40;
const GROUP: usize = 5;

/// Crockford's alphabet: no I, L, O, U.
static ALPHABET: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    spec.encoding().expect("thirty-two different symbols")
});

/// Why what was typed is not a recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    /// Characters are missing or too many.
    #[error("{found} characters instead of {LENGTH}")]
    Length {
        /// How many were typed, separators not counted.
        found: usize,
    },
    /// A character that no code contains.
    #[error("a character at place {place} that no code contains")]
    Character {
        /// Counted from 1, separators not counted.
        place: usize,
    },
    /// Every character is possible, and they do not belong together: one is mistyped.
    #[error("a character is mistyped")]
    Checksum,
}

/// A recovery code (恢复码): `XXXXX-XXXXX-…`, eight groups of five. Not printed by `Debug`, wiped when dropped.
///
/// ```
/// use sunbench_store::RecoveryCode;
///
/// let shown = "000G4-0R40M-30E20-9185G-R38E1-W8124-GK2GA-WF9Y0";
/// // Case, width, blanks, dashes and O for 0 or I for 1 do not matter; a mistyped character does.
/// let typed = "ooog4 or4om 3oe2o 9185g r38e1 w8124 gk2ga wf9yo";
/// assert_eq!(RecoveryCode::parse(typed).unwrap().reveal().as_str(), shown);
/// assert!(RecoveryCode::parse("000G4-0R40M-30E20-9185G-R38E1-W8124-GK2GA-WF9Y2").is_err());
/// ```
pub struct RecoveryCode(Zeroizing<[u8; SECRET]>);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl RecoveryCode {
    pub(super) fn random() -> Self {
        Self(key::random())
    }

    /// The code as it is shown, in groups. The caller shows it once and keeps it nowhere.
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; SECRET + CHECKSUM]);
        bytes[..SECRET].copy_from_slice(self.0.as_slice());
        bytes[SECRET..].copy_from_slice(&checksum(self.0.as_slice()));
        let symbols = Zeroizing::new(ALPHABET.encode(bytes.as_slice()));
        let mut shown = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
        for (i, symbol) in symbols.chars().enumerate() {
            if i > 0 && i % GROUP == 0 {
                shown.push('-');
            }
            shown.push(symbol);
        }
        shown
    }

    /// Reads a typed code: case, width, blanks, dashes, O for 0, I or L for 1 do not matter.
    ///
    /// # Errors
    /// [`RecoveryCodeError`], before any attempt to unlock.
    pub fn parse(typed: &str) -> Result<Self, RecoveryCodeError> {
        let symbols: Zeroizing<String> =
            Zeroizing::new(typed.chars().map(narrow).filter(|c| !is_separator(*c)).map(canonical).collect());
        if let Some(at) = symbols.chars().position(|c| !c.is_ascii_alphanumeric() || c == 'U') {
            return Err(RecoveryCodeError::Character { place: at + 1 });
        }
        if symbols.len() != LENGTH {
            return Err(RecoveryCodeError::Length { found: symbols.len() });
        }
        let bytes =
            Zeroizing::new(ALPHABET.decode(symbols.as_bytes()).map_err(|_| RecoveryCodeError::Checksum)?);
        let (secret, check) = bytes.split_at(SECRET);
        if checksum(secret) != check {
            return Err(RecoveryCodeError::Checksum);
        }
        Ok(Self(Zeroizing::new(secret.try_into().map_err(|_| RecoveryCodeError::Checksum)?)))
    }

    pub(super) fn wrap(&self, profile: Uuid, key: &DataKey) -> Slot {
        Slot::Recovery { wrapped: key::wrap(&self.derive(profile), &aad(profile), key) }
    }

    pub(super) fn unwrap(&self, profile: Uuid, slot: &Slot) -> StoreResult<DataKey> {
        let Slot::Recovery { wrapped } = slot else {
            return Err(StoreError::Locked(LockReason::NoSuchSlot));
        };
        key::unwrap(&self.derive(profile), &aad(profile), wrapped)
    }

    /// The code is random, so HKDF is enough: there is nothing to guess.
    fn derive(&self, profile: Uuid) -> Zeroizing<[u8; KEY_LEN]> {
        let mut kek = Zeroizing::new([0; KEY_LEN]);
        Hkdf::<Sha256>::new(Some(profile.as_bytes()), self.0.as_slice())
            .expand(b"sunbench recovery slot v1", kek.as_mut_slice())
            .expect("32 bytes are within HKDF's limit");
        kek
    }
}

fn aad(profile: Uuid) -> Vec<u8> {
    [b"sunbench recovery slot v1 ", profile.as_bytes().as_slice()].concat()
}

fn checksum(secret: &[u8]) -> [u8; CHECKSUM] {
    let digest = Sha256::new_with_prefix(b"sunbench recovery code v1 ").chain_update(secret).finalize();
    [digest[0], digest[1], digest[2]]
}

/// Full-width forms, as Chinese input methods produce them, to ASCII.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '.' | '·' | '\u{200B}')
}

fn canonical(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> RecoveryCode {
        RecoveryCode(Zeroizing::new(*b"twenty-two bytes here!"))
    }

    #[test]
    fn is_read_back_however_it_is_typed() {
        let shown = code().reveal();
        assert_eq!(shown.len(), 47, "{}", *shown);
        let wide: String = shown.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
        let forms = [
            shown.to_string(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            shown.replace('-', "\u{3000}"),
            shown.replace('-', "——"),
            shown.replace('0', "o").replace('1', "l"),
            shown.replace('0', "O").replace('1', "I"),
            format!("  {}\r\n", *shown),
            wide,
        ];
        for form in forms {
            let read = RecoveryCode::parse(&form).unwrap_or_else(|e| panic!("{form}: {e}"));
            assert_eq!(read.0, code().0, "{form}");
        }
    }

    #[test]
    fn every_single_mistyped_character_is_found() {
        let shown = code().reveal();
        for (at, was) in shown.char_indices().filter(|&(_, c)| c != '-') {
            for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().filter(|&c| c != was) {
                let mut typed = shown.to_string();
                typed.replace_range(at..=at, wrong.encode_utf8(&mut [0; 4]));
                assert_eq!(RecoveryCode::parse(&typed).unwrap_err(), RecoveryCodeError::Checksum, "{typed}");
            }
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let shown = code().reveal();
        let cases = [
            (String::new(), RecoveryCodeError::Length { found: 0 }),
            (shown[1..].to_owned(), RecoveryCodeError::Length { found: 39 }),
            (format!("{}7", *shown), RecoveryCodeError::Length { found: 41 }),
            (shown.replacen(&shown[..1], "U", 1), RecoveryCodeError::Character { place: 1 }),
            (format!("{}阳", *shown), RecoveryCodeError::Character { place: 41 }),
        ];
        for (typed, expected) in cases {
            assert_eq!(RecoveryCode::parse(&typed).unwrap_err(), expected, "{typed}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", code()), "RecoveryCode(…)");
    }
}
