//! Errors of the platform.

use serde::{Deserialize, Serialize};

/// How an error is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The platform could not do it.
    Fatal,
    /// The request breaks a rule.
    Logic,
    /// It already succeeded: success.
    Notice,
}

/// The body of every answer that is not 2xx.
///
/// `retryable` decides what is tried again, not `class`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// One of [`codes`], or one that a later platform added.
    pub code: String,
    /// How it is meant.
    pub class: Class,
    /// For people, in Chinese.
    pub msg: String,
    /// The field that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// Not before that many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    /// Calls left today, with 429.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_left: Option<u32>,
    /// To quote to the platform's helpdesk.
    pub trace_id: String,
    /// With 412: what is there now, as it stands in the feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub current: Option<serde_json::Value>,
    /// With 422: what is wrong with each line, in the payload's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<crate::submission::LineResult>,
    /// The platform's clock.
    pub server_time: crate::time::Instant,
}

/// The codes of [`Problem`], with the HTTP status that carries each.
pub mod codes {
    /// 403: institution, operator or password wrong.
    pub const SIGN_IN_REFUSED: &str = "signInRefused";
    /// 401: the access token has run out; renew it once.
    pub const TOKEN_EXPIRED: &str = "tokenExpired";
    /// 401: the renewal credential is not known (any more); sign in again.
    pub const CREDENTIAL_UNKNOWN: &str = "credentialUnknown";
    /// 401: the signature is wrong.
    pub const BAD_SIGNATURE: &str = "badSignature";
    /// 401: the request's clock is more than five minutes off.
    pub const CLOCK_SKEW: &str = "clockSkew";
    /// 401: the nonce was seen within ten minutes.
    pub const NONCE_REUSED: &str = "nonceReused";
    /// 403: the operator may not do this.
    pub const FORBIDDEN: &str = "forbidden";
    /// 404.
    pub const NOT_FOUND: &str = "notFound";
    /// 409: the key was used for another body.
    pub const KEY_REUSED: &str = "keyReused";
    /// 410: the cursor is too old or not ours; rebuild.
    pub const CURSOR_EXPIRED: &str = "cursorExpired";
    /// 412: the record has a later version.
    pub const VERSION_PASSED: &str = "versionPassed";
    /// 413: the attachment or body is too large.
    pub const TOO_LARGE: &str = "tooLarge";
    /// 200, with class notice: it had already been done; nothing changed.
    pub const ALREADY_DONE: &str = "alreadyDone";
    /// 400: the request cannot be read.
    pub const BAD_REQUEST: &str = "badRequest";
    /// 422: the content breaks a rule; `field` says which.
    pub const INVALID: &str = "invalid";
    /// 422: the document's state does not allow it.
    pub const WRONG_STATE: &str = "wrongState";
    /// 422, of an order line: the product is not listed, or suspended.
    pub const NOT_LISTED: &str = "notListed";
    /// 422, of an order line: the national code is missing, disabled or was replaced.
    pub const CODE_NOT_LIVE: &str = "codeNotLive";
    /// 422, of an order line: the price is above the listed price in force.
    pub const PRICE_ABOVE: &str = "priceAbove";
    /// 422, of an order line: the agreement is another product's, not signed, or not in force.
    pub const AGREEMENT_NOT_OPEN: &str = "agreementNotOpen";
    /// 422, of an order line: the distributor may not deliver this manufacturer's goods.
    pub const NOT_AUTHORISED: &str = "notAuthorised";
    /// 422: the same has been submitted before.
    pub const DUPLICATE: &str = "duplicate";
    /// 422: more than is left: received above delivered, returned above received, invoiced above received.
    pub const EXCEEDS: &str = "exceeds";
    /// 422: an attachment named in the payload has not been uploaded.
    pub const ATTACHMENT_MISSING: &str = "attachmentMissing";
    /// 422: the uploaded bytes do not have the stated digest.
    pub const DIGEST_MISMATCH: &str = "digestMismatch";
    /// 429: too many a second, or the day's quota is gone.
    pub const RATE_LIMITED: &str = "rateLimited";
    /// 503: maintenance window.
    pub const MAINTENANCE: &str = "maintenance";
    /// 500.
    pub const INTERNAL: &str = "internal";
}
