//! What the platform hands out and must recognise: cursors, resume marks, access tokens.
//!
//! Each is opaque to the client: a few fields and a code over them with the data folder's own secret, so that
//! one from another platform, another hospital or another question is told apart without a table.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const CODE: usize = 12;

/// The data folder's secret.
#[derive(Clone)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// 32 bytes in hex for a purpose and an owner, always the same.
    pub(crate) fn derived(&self, purpose: &str, owner: &str) -> String {
        sunbench_contract::sign::hex(&self.full_code(purpose, owner, b""))
    }

    fn code(&self, purpose: &str, owner: &str, body: &[u8]) -> [u8; CODE] {
        let full = self.full_code(purpose, owner, body);
        full[..CODE].try_into().expect("twelve of thirty-two bytes")
    }

    fn full_code(&self, purpose: &str, owner: &str, body: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [purpose.as_bytes(), owner.as_bytes()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.update(body);
        mac.finalize().into_bytes().into()
    }

    /// A text that [`Secret::unseal`] opens for the same purpose and owner only.
    pub(crate) fn seal(&self, purpose: &str, owner: &str, body: &str) -> String {
        let mut bytes = self.code(purpose, owner, body.as_bytes()).to_vec();
        bytes.extend_from_slice(body.as_bytes());
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// `None` when this secret did not seal it for this purpose and owner.
    pub(crate) fn unseal(&self, purpose: &str, owner: &str, text: &str) -> Option<String> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (code, body) = bytes.split_at_checked(CODE)?;
        let expected = self.code(purpose, owner, body);
        let differs = expected.iter().zip(code).fold(0, |acc, (a, b)| acc | (a ^ b));
        if differs != 0 {
            return None;
        }
        String::from_utf8(body.to_vec()).ok()
    }
}

/// Random bytes of the operating system as lower-case hex.
pub(crate) fn random_hex<const N: usize>() -> Result<String, crate::Error> {
    Ok(sunbench_contract::sign::hex(&random::<N>()?))
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], crate::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(crate::Error::Random)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_keys_differ_by_secret_purpose_and_owner() {
        let (ours, theirs) = (Secret::new([1; 32]), Secret::new([2; 32]));
        let key = ours.derived("exchange", "H1");
        assert_eq!((key.len(), &key), (64, &ours.derived("exchange", "H1")));
        for other in
            [theirs.derived("exchange", "H1"), ours.derived("token", "H1"), ours.derived("exchange", "H2")]
        {
            assert_ne!(key, other);
        }
    }

    #[test]
    fn only_the_same_secret_purpose_and_owner_open_it() {
        let (ours, theirs) = (Secret::new([1; 32]), Secret::new([2; 32]));
        let text = ours.seal("cursor", "H1", "1:42");
        assert_eq!(ours.unseal("cursor", "H1", &text).as_deref(), Some("1:42"));
        let mut changed = text.clone().into_bytes();
        let last = changed.len() - 1;
        changed[last] = if changed[last] == b'A' { b'E' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        for (secret, purpose, owner, text) in [
            (&theirs, "cursor", "H1", text.as_str()),
            (&ours, "mark", "H1", &text),
            (&ours, "cursor", "H2", &text),
            (&ours, "cursor", "H1", &changed),
            (&ours, "cursor", "H1", ""),
            (&ours, "cursor", "H1", "no base64!"),
        ] {
            assert_eq!(secret.unseal(purpose, owner, text), None, "{purpose} {owner} {text}");
        }
    }
}
