//! Request signing: `X-App-Key, X-Timestamp, X-Nonce, X-Sign-Type, X-Signature`.
//!
//! Signed is `method \n path?sorted-query \n timestamp \n nonce \n hex(hash(body))`; the hash is that of
//! the signature's kind. The platform allows ±5 minutes and refuses a nonce twice within 10 minutes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// The header names, in lower case.
pub mod header {
    /// This seat's key.
    pub const APP_KEY: &str = "x-app-key";
    /// Seconds since 1970, UTC.
    pub const TIMESTAMP: &str = "x-timestamp";
    /// Fresh for each attempt.
    pub const NONCE: &str = "x-nonce";
    /// [`super::SignType::name`].
    pub const SIGN_TYPE: &str = "x-sign-type";
    /// Lower-case hex.
    pub const SIGNATURE: &str = "x-signature";
}

/// 签名方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignType {
    /// HMAC over SM3 (GB/T 32905).
    #[serde(rename = "HMAC-SM3")]
    HmacSm3,
    /// HMAC over SHA-256.
    #[serde(rename = "HMAC-SHA256")]
    HmacSha256,
}

impl SignType {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSm3 => "HMAC-SM3",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }
    /// From the name on the wire.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::HmacSm3, Self::HmacSha256].into_iter().find(|s| s.name() == name)
    }
}

/// What is signed of one request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Upper case.
    pub method: &'a str,
    /// The path from the root, percent-encoded as sent.
    pub path: &'a str,
    /// The query as sent, without the question mark; its parts are sorted before signing.
    pub query: &'a str,
    /// Seconds since 1970, UTC.
    pub timestamp: i64,
    /// Fresh for each attempt.
    pub nonce: &'a str,
    /// The body as sent.
    pub body: &'a [u8],
}

/// The text that is signed.
#[must_use]
pub fn string_to_sign(kind: SignType, request: &Request<'_>) -> String {
    let mut parts: Vec<&str> = request.query.split('&').filter(|p| !p.is_empty()).collect();
    parts.sort_unstable();
    let query = parts.join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    let body = match kind {
        SignType::HmacSm3 => hex(&Sm3::digest(request.body)),
        SignType::HmacSha256 => hex(&Sha256::digest(request.body)),
    };
    format!(
        "{}\n{}{mark}{query}\n{}\n{}\n{body}",
        request.method, request.path, request.timestamp, request.nonce
    )
}

/// The signature in lower-case hex.
#[must_use]
pub fn sign(kind: SignType, secret: &[u8], request: &Request<'_>) -> String {
    const ANY_LENGTH: &str = "HMAC takes a key of any length";
    let text = string_to_sign(kind, request);
    match kind {
        SignType::HmacSm3 => {
            let mut mac = Hmac::<Sm3>::new_from_slice(secret).expect(ANY_LENGTH);
            mac.update(text.as_bytes());
            hex(&mac.finalize().into_bytes())
        }
        SignType::HmacSha256 => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect(ANY_LENGTH);
            mac.update(text.as_bytes());
            hex(&mac.finalize().into_bytes())
        }
    }
}

/// Whether the signature is right; takes the same time wherever it differs.
#[must_use]
pub fn verify(kind: SignType, secret: &[u8], request: &Request<'_>, signature: &str) -> bool {
    let expected = sign(kind, secret, request);
    expected.len() == signature.len()
        && expected.bytes().zip(signature.bytes()).fold(0, |acc, (a, b)| acc | (a ^ b)) == 0
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fixed vectors, computed with OpenSSL: `printf … | openssl dgst -sm3 -mac HMAC -macopt hexkey:…`.
    #[test]
    fn fixed_vectors() {
        let request = Request {
            method: "GET",
            path: "/api/v1/changes",
            query: "wait=20&cursor=c1&limit=500",
            timestamp: 1_764_000_000,
            nonce: "n-1",
            body: b"",
        };
        assert_eq!(
            string_to_sign(SignType::HmacSha256, &request),
            "GET\n/api/v1/changes?cursor=c1&limit=500&wait=20\n1764000000\nn-1\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (kind, expected) in [
            (SignType::HmacSha256, include_str!("../tests/vector-sha256.txt")),
            (SignType::HmacSm3, include_str!("../tests/vector-sm3.txt")),
        ] {
            assert_eq!(sign(kind, b"secret-of-a-seat", &request), expected.trim(), "{kind:?}");
            assert!(verify(kind, b"secret-of-a-seat", &request, expected.trim()));
            assert!(!verify(kind, b"another", &request, expected.trim()));
            assert!(!verify(kind, b"secret-of-a-seat", &Request { body: b"x", ..request }, expected.trim()));
        }
    }
}
