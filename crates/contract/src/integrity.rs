//! Damage on the way, told from what was meant: digests of answers, requests, items and streams.
//!
//! TLS protects from an attacker, not from a gateway that opens it, cuts, repeats or mixes up. So:
//!
//! - every answer that is not a stream has [`ANSWER_DIGEST`] over its content before any content coding, which a
//!   gateway that packs or unpacks does not change;
//! - every request with a content has [`REQUEST_DIGEST`], so that damage to an unsigned sign-in is not taken for a
//!   wrong password;
//! - every answer repeats its request's `X-Nonce`, so that an answer to another request is not taken for this one's;
//! - each item of a feed page has its own fingerprint ([`crate::Change::hash`]), and each mark of a streamed snapshot
//!   one over all lines before it ([`Running`]).
//!
//! All of them are optional: a platform that sends none is believed, and one that sends some is held to them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::sign::hex;

/// On an answer: `sha-256=:…:` over the content as it is without any content coding
/// (`draft-ietf-httpbis-unencoded-digest`, which extends RFC 9530).
pub const ANSWER_DIGEST: &str = "unencoded-digest";
/// On a request: `sha-256=:…:` over the content (RFC 9530); requests have no content coding.
pub const REQUEST_DIGEST: &str = "content-digest";

/// The value of a digest field.
///
/// ```
/// use sunbench_contract::integrity::{digest_field, is_intact};
/// let field = digest_field(b"{}");
/// assert_eq!(field, "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:");
/// assert!(is_intact(Some(&field), b"{}") && !is_intact(Some(&field), b"[]"));
/// ```
#[must_use]
pub fn digest_field(content: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// Whether `content` is what the field says. Without a field, or with one of digests that are not known here, there
/// is nothing to hold it to.
#[must_use]
pub fn is_intact(field: Option<&str>, content: &[u8]) -> bool {
    let stated = field
        .into_iter()
        .flat_map(|field| field.split(','))
        .find_map(|entry| entry.trim().strip_prefix("sha-256=:")?.strip_suffix(':'));
    stated.is_none_or(|stated| stated == BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// The digest of a stream so far. Both sides feed it every line but the empty ones, without its end; a mark or the
/// end carries [`Running::at`] of its own value.
///
/// ```
/// use sunbench_contract::integrity::Running;
/// let (mut ours, mut theirs) = (Running::default(), Running::default());
/// ours.line(b"{\"total\":1}");
/// theirs.lines(b"{\"total\":1}\n");
/// assert_eq!(ours.at("m1"), theirs.at("m1"));
/// assert_ne!(ours.at("m1"), ours.at("m2"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Running(Sha256);

impl Running {
    /// One line, without its end.
    pub fn line(&mut self, line: &[u8]) {
        self.0.update(line);
        self.0.update(b"\n");
    }
    /// Whole lines, each with a line feed at its end and none of them empty.
    pub fn lines(&mut self, lines: &[u8]) {
        self.0.update(lines);
    }
    /// The digest at a mark or at the end, in lower-case hex: the first sixteen bytes of SHA-256 over all lines before
    /// it, each with a line feed, and then its own value.
    #[must_use]
    pub fn at(&self, value: &str) -> String {
        let mut hash = self.0.clone();
        hash.update(value.as_bytes());
        hex(&hash.finalize()[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stated_is_checked() {
        let right = digest_field(b"content");
        let wrong = digest_field(b"Content");
        for (field, expected) in [
            (None, true),
            (Some(right.as_str()), true),
            (Some(wrong.as_str()), false),
            (Some("sha-256=:damaged:"), false),
            (Some("sha-256=damaged"), true),
            (Some("sha-512=:AAAA:"), true),
            (Some(""), true),
        ] {
            assert_eq!(is_intact(field, b"content"), expected, "{field:?}");
        }
        assert!(is_intact(Some(&format!("sha-512=:AAAA:, {right}")), b"content"));
        assert!(!is_intact(Some(&format!("sha-512=:AAAA:, {wrong}")), b"content"));
    }
}
