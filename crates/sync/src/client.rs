//! What the program asks of a platform, whatever protocol the platform speaks.

use std::pin::Pin;

use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use sunbench_contract::sign::SignType;
use sunbench_contract::time::Instant;
use sunbench_contract::{
    AttachmentState, Capabilities, Certificate, Change, ChangesQuery, DayDigest, Operator, Problem,
    SnapshotHead, SnapshotQuery, SubmissionResult, codes,
};

/// 平台接口: one platform, as the sync engine sees it. An adapter speaks the province's own protocol.
///
/// Every call is one exchange with bounded time and size. An adapter renews its token by itself, once for each
/// call; it never forgets credentials because of a refusal.
#[async_trait::async_trait]
pub trait PlatformClient: Send + Sync {
    /// What the platform is and what it allows; needs no sign-in.
    async fn capabilities(&self) -> Result<Capabilities, ClientError>;
    /// Signs in with a password; from then on the client holds a [`Session`].
    async fn sign_in(&self, who: &SignIn) -> Result<Operator, ClientError>;
    /// Closes this seat: the platform takes its credentials from nobody any more. A platform that has no such call
    /// lets its token run out.
    async fn sign_out(&self) -> Result<(), ClientError> {
        Ok(())
    }
    /// Leaves a seat that another computer has too: from then on the client holds the [`Session`] of a new one. Where a
    /// platform has no such call, a person has to sign in.
    async fn new_seat(&self) -> Result<(), ClientError> {
        Err(ClientError::SignInNeeded)
    }
    /// One part of a snapshot, from its start or from after a resume mark.
    async fn snapshot(&self, query: &SnapshotQuery) -> Result<SnapshotStream, ClientError>;
    /// The feed after a cursor; with `wait` the platform may hold the answer back until something changes.
    async fn changes(&self, query: &ChangesQuery) -> Result<Page, ClientError>;
    /// What the hospital should hold of one resource on one business day (对数).
    async fn digest(&self, resource: &str, day: NaiveDate) -> Result<DayDigest, ClientError>;
    /// Submits `body`, the JSON of a [`sunbench_contract::Submission`], under the hospital's own key.
    async fn submit(&self, key: &str, body: Bytes) -> Result<SubmissionResult, ClientError>;
    /// What became of a submission; `None` when the platform has never seen the key.
    async fn submission_status(&self, key: &str) -> Result<Option<SubmissionResult>, ClientError>;
    /// How much of an attachment the platform holds.
    async fn attachment_state(&self, sha256: &str) -> Result<AttachmentState, ClientError>;
    /// Sends a piece of an attachment that begins at `from`; `total` is its whole size.
    async fn put_attachment(
        &self,
        sha256: &str,
        from: u64,
        total: u64,
        bytes: Bytes,
    ) -> Result<AttachmentState, ClientError>;
    /// The bytes of an attachment from `from` on, in pieces.
    async fn get_attachment(&self, sha256: &str, from: u64) -> Result<ByteStream, ClientError>;

    /// The seat's credentials and its access token, to be kept in the encrypted profile.
    fn session(&self) -> Option<Session>;
    /// The key that the institution's computers share, as the last sign-in or renewal gave it; never logged.
    fn exchange_key(&self) -> Option<String> {
        None
    }
    /// The seat's certificate, as the last sign-in or renewal told it.
    fn certificate(&self) -> Option<Certificate> {
        None
    }
    /// What the PC's clock lacks to the platform's, in seconds, by the last answer.
    fn clock_offset_s(&self) -> Option<i64>;
    /// How many requests have been sent so far, for the daily quota.
    fn requests_sent(&self) -> u64;
}

/// What a snapshot brings, in order.
pub type SnapshotStream = Pin<Box<dyn Stream<Item = Result<SnapshotEvent, ClientError>> + Send>>;
/// An attachment's bytes, in order.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, ClientError>> + Send>>;

/// One step of a snapshot. A stream that ends without [`SnapshotEvent::End`] was cut.
#[derive(Debug)]
pub enum SnapshotEvent {
    /// The first one.
    Head(SnapshotHead),
    /// Items in the platform's order.
    Items(Items),
    /// Everything up to here is whole; a cut stream goes on after this mark.
    Mark(String),
    /// The last one: the number of items in this answer.
    End(u64),
}

/// Items as they arrived.
#[derive(Debug, Default)]
pub struct Items {
    /// Those that can be read.
    pub changes: Vec<Change>,
    /// Those that cannot even be told what they are.
    pub bad: Vec<BadItem>,
}

impl Items {
    /// How many, readable or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len() + self.bad.len()
    }
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.bad.is_empty()
    }
}

/// An item whose envelope cannot be read. Kept whole, shown, and tried again after an update of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadItem {
    /// The item as it came.
    pub raw: String,
    /// Why it cannot be read.
    pub reason: String,
}

/// One page of the feed.
#[derive(Debug)]
pub struct Page {
    /// In the order of `seq`.
    pub items: Items,
    /// For the next request.
    pub next_cursor: String,
    /// Whether more is ready now.
    pub has_more: bool,
    /// The platform's clock.
    pub server_time: Instant,
}

/// 登录: who signs in.
#[derive(Clone)]
pub struct SignIn {
    /// 医疗机构代码.
    pub institution: String,
    /// 操作员.
    pub operator: String,
    /// Never kept and never logged.
    pub password: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("institution", &self.institution)
            .field("operator", &self.operator)
            .finish_non_exhaustive()
    }
}

/// 席位凭据: this seat's credentials and its current access token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// This seat's key.
    pub app_key: String,
    /// Signs each request.
    pub app_secret: String,
    /// Renews the access token.
    pub renewal_credential: String,
    /// How requests are signed.
    pub sign_type: SignType,
    /// Goes with each request; empty when there is none yet.
    pub access_token: String,
    /// When it runs out, by the platform's clock, in seconds since 1970.
    pub expires_at: i64,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("sign_type", &self.sign_type)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// How long a gateway may ask to wait, in seconds.
const GATEWAY_S: u32 = 15;

/// Why a call brought no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address cannot be used: it is none, or it is neither `https` nor this computer.
    #[error("the address cannot be used")]
    Address,
    /// No connection: nothing was sent.
    #[error("the platform cannot be reached: {0}")]
    Unreachable(String),
    /// A connection, but not to be trusted: certificate or protocol. Nothing was sent.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// The request was sent and no answer came in time: what became of it is not known.
    #[error("no answer in time")]
    TimedOut,
    /// The connection was lost after the request began to be sent: what became of it is not known.
    #[error("the connection was lost: {0}")]
    Cut(String),
    /// The platform answered and said no.
    #[error("the platform refused with {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The platform's reasons; `None` when something else, such as a proxy, answered.
        problem: Option<Box<Problem>>,
        /// What the answer's own header asks to wait, in seconds.
        retry_after_s: Option<u32>,
    },
    /// An answer that is not the contract's: cut off, damaged, too large or something else altogether.
    #[error("the answer cannot be read: {0}")]
    BadAnswer(String),
    /// The platform speaks other versions of the contract.
    #[error("the platform speaks versions {versions:?} of the contract")]
    Versions {
        /// Those that it speaks.
        versions: Vec<u32>,
    },
    /// There are no credentials, or the platform does not know them any more: a person has to sign in.
    #[error("sign in again")]
    SignInNeeded,
}

impl ClientError {
    /// An answer that is no JSON of the expected shape. The library's own words quote what it read; logs must not.
    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        let (kind, line, column) = (error.classify(), error.line(), error.column());
        Self::BadAnswer(format!("{kind:?} error at line {line} column {column}"))
    }

    /// Whether the request may have had its effect: then ask before sending it again.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Address
            | Self::Unreachable(_)
            | Self::Tls(_)
            | Self::Versions { .. }
            | Self::SignInNeeded => false,
            Self::TimedOut | Self::Cut(_) | Self::BadAnswer(_) => true,
            // Without the platform's reasons, nobody knows what it did before something else answered.
            Self::Refused { status, problem, .. } => {
                problem.as_ref().is_none_or(|p| *status >= 500 && p.code != codes::MAINTENANCE)
            }
        }
    }

    /// Whether the same request may succeed later without anybody doing something.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::TimedOut | Self::Cut(_) | Self::BadAnswer(_) => true,
            Self::Refused { status, problem, .. } => match problem {
                Some(problem) => problem.retryable || matches!(status, 429 | 500..),
                // A 401 without the platform's reasons comes from something on the way.
                None => matches!(status, 401 | 408 | 425 | 429 | 500..),
            },
            Self::Address | Self::Tls(_) | Self::Versions { .. } | Self::SignInNeeded => false,
        }
    }

    /// This failure, or a lost connection in the place of one that no later attempt would mend.
    #[must_use]
    pub(crate) fn into_passing(self) -> Self {
        if self.is_passing() { self } else { Self::Cut(self.to_string()) }
    }

    /// Whether this may be the answer to a request that was damaged on the way, or comes from something on the way
    /// that answers in the platform's place: worth asking once or twice more, and no more than that.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        match self {
            Self::Refused { problem: None, .. } => true,
            Self::Refused { problem: Some(problem), .. } => {
                matches!(problem.code.as_str(), codes::BAD_REQUEST | codes::NOT_FOUND)
            }
            _ => false,
        }
    }

    /// Whether the way to the platform failed, so that other requests would fail as well.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(
            self,
            Self::Address
                | Self::Unreachable(_)
                | Self::Tls(_)
                | Self::TimedOut
                | Self::Cut(_)
                | Self::Versions { .. }
                | Self::SignInNeeded
        )
    }

    /// The platform's reasons, where it gave some.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused { problem, .. } => problem.as_deref(),
            _ => None,
        }
    }

    /// The code of the platform's reasons, or an empty text.
    #[must_use]
    pub fn code(&self) -> &str {
        self.problem().map_or("", |problem| &problem.code)
    }

    /// The HTTP status of a refusal.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// How long the platform asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<std::time::Duration> {
        // A header without the platform's reasons is some gateway's: heeded, but not for a day.
        let by_header = match self {
            Self::Refused { retry_after_s, .. } => retry_after_s.map(|seconds| seconds.min(GATEWAY_S)),
            _ => None,
        };
        self.problem()
            .and_then(|problem| problem.retry_after_s)
            .or(by_header)
            .map(|seconds| std::time::Duration::from_secs(u64::from(seconds)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: Option<(&str, bool)>) -> ClientError {
        let problem = code.map(|(code, retryable)| {
            Box::new(Problem {
                code: code.to_owned(),
                class: sunbench_contract::Class::Fatal,
                msg: String::new(),
                field: None,
                retryable,
                retry_after_s: None,
                quota_left: None,
                lines: Vec::new(),
                trace_id: String::new(),
                current: None,
                server_time: Instant::from_unix(0).unwrap(),
            })
        });
        ClientError::Refused { status, problem, retry_after_s: None }
    }

    #[test]
    fn what_is_known_after_a_failure() {
        for (error, may_have_arrived, is_passing) in [
            (ClientError::Address, false, false),
            (ClientError::Unreachable(String::new()), false, true),
            (ClientError::Tls(String::new()), false, false),
            (ClientError::TimedOut, true, true),
            (ClientError::Cut(String::new()), true, true),
            (ClientError::BadAnswer(String::new()), true, true),
            (ClientError::SignInNeeded, false, false),
            (refused(503, Some((codes::MAINTENANCE, true))), false, true),
            (refused(503, None), true, true),
            (refused(500, Some((codes::INTERNAL, false))), true, true),
            (refused(502, None), true, true),
            (refused(429, Some((codes::RATE_LIMITED, true))), false, true),
            (refused(422, Some((codes::INVALID, false))), false, false),
            (refused(409, Some((codes::KEY_REUSED, false))), false, false),
            (refused(412, Some((codes::VERSION_PASSED, false))), false, false),
            (refused(401, Some((codes::BAD_SIGNATURE, false))), false, false),
        ] {
            assert_eq!(
                (error.may_have_arrived(), error.is_passing()),
                (may_have_arrived, is_passing),
                "{error:?}"
            );
        }
    }
}
