//! The key that an institution's computers share.

use std::str::FromStr;

use age::x25519::Identity;
use bech32::{Bech32, Hrp};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// 机构交换密钥: shared by the profiles that are connected to one platform for one institution, and by nobody else
/// but the platform. It seals what the air gap's files hold: whoever has it can read and write them, whoever has it
/// not can do neither.
///
/// Two keys are made of it by HKDF-SHA-256 (RFC 5869): an X25519 identity for `age`, and one for the seal.
///
/// ```
/// use sunbench_exchange::bundle::ExchangeKey;
/// let key = ExchangeKey::from_hex(&"1f".repeat(32)).unwrap();
/// assert!(key == ExchangeKey::new([0x1f; 32]));
/// assert!(ExchangeKey::from_hex("1f").is_none());
/// ```
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ExchangeKey([u8; KEY_BYTES]);

impl std::fmt::Debug for ExchangeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ExchangeKey")
    }
}

impl ExchangeKey {
    /// From its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// From hexadecimal; `None` when that is not the text of a key.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits =
            Zeroizing::new(text.bytes().map(|b| char::from(b).to_digit(16)).collect::<Option<Vec<_>>>()?);
        let mut key = Self([0; KEY_BYTES]);
        if digits.len() != 2 * KEY_BYTES {
            return None;
        }
        for (byte, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::try_from(pair[0] * 16 + pair[1]).ok()?;
        }
        Some(key)
    }

    /// Its bytes, for keeping them in the encrypted profile.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    fn derive(&self, purpose: &str) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut out = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(Some(b"sunbench bundle"), &self.0)
            .expand(purpose.as_bytes(), &mut *out)
            .expect("thirty-two bytes are less than HKDF gives");
        out
    }

    /// What opens a file, and whose public half it is encrypted to.
    pub(super) fn identity(&self) -> Identity {
        const PREFIX: Hrp = Hrp::parse_unchecked("age-secret-key-");
        // Bech32 is the only door that `age` has for a key which it did not make itself.
        let text = bech32::encode_upper::<Bech32>(PREFIX, &*self.derive("age X25519"))
            .map(Zeroizing::new)
            .expect("thirty-two bytes fit into Bech32");
        Identity::from_str(&text).expect("any thirty-two bytes are an X25519 key")
    }

    /// The seal over a whole file.
    pub(super) fn seal(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&*self.derive("seal HMAC-SHA256")).expect("HMAC takes a key of any length")
    }
}
