//! What can go wrong: inside the platform ([`Error`]) and towards a caller ([`Refusal`]).

use std::ops::{Deref, DerefMut};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sunbench_contract::time::Instant;
use sunbench_contract::{Class, LineResult, Problem, codes};

/// A failure of the platform itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be read or written.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file cannot be read or written, or the address cannot be listened on.
    #[error("file or network: {0}")]
    Io(#[from] std::io::Error),
    /// A stored record is not the JSON that it should be.
    #[error("stored record: {0}")]
    Json(#[from] serde_json::Error),
    /// The operating system gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
    /// A password cannot be hashed.
    #[error("password hash: {0}")]
    Password(String),
    /// The data folder was written by a later version.
    #[error("the data folder was written by a later version ({0})")]
    TooNew(i64),
    /// The data folder holds other data than the demo asked for.
    #[error("the data folder already holds {0}; choose another --data folder")]
    OtherData(String),
    /// A console action that the state of the document, or its content, does not allow.
    #[error("{0}")]
    NotAllowed(String),
}

/// Why a request is refused. The last layer makes a [`Problem`] of it, with the trace id and the clock.
#[derive(Debug, Clone)]
pub(crate) struct Refusal(Box<Reason>);

/// What a [`Refusal`] says.
#[derive(Debug, Clone)]
pub(crate) struct Reason {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) msg: String,
    pub(crate) field: Option<String>,
    pub(crate) retryable: bool,
    pub(crate) retry_after_s: Option<u32>,
    pub(crate) quota_left: Option<u32>,
    pub(crate) current: Option<serde_json::Value>,
    pub(crate) lines: Vec<LineResult>,
    /// For the log only.
    pub(crate) cause: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, msg: impl Into<String>) -> Self {
        Self(Box::new(Reason {
            status,
            code,
            msg: msg.into(),
            field: None,
            retryable: false,
            retry_after_s: None,
            quota_left: None,
            current: None,
            lines: Vec::new(),
            cause: None,
        }))
    }
    pub(crate) fn bad_request(msg: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, codes::BAD_REQUEST, msg)
    }
    pub(crate) fn unauthorised(code: &'static str, msg: impl Into<String>) -> Self {
        let mut refusal = Self::new(StatusCode::UNAUTHORIZED, code, msg);
        refusal.retryable = true;
        refusal
    }
    pub(crate) fn not_found(msg: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, codes::NOT_FOUND, msg)
    }
    pub(crate) fn invalid(field: impl Into<String>, msg: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, codes::INVALID, msg).field(field)
    }
    pub(crate) fn wrong_state(msg: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, codes::WRONG_STATE, msg)
    }
    pub(crate) fn too_large(msg: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, codes::TOO_LARGE, msg)
    }
    pub(crate) fn rate_limited(msg: impl Into<String>, retry_after_s: u32) -> Self {
        let mut refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, codes::RATE_LIMITED, msg).retryable();
        refusal.retry_after_s = Some(retry_after_s);
        refusal
    }
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        let mut refusal =
            Self::new(StatusCode::INTERNAL_SERVER_ERROR, codes::INTERNAL, "平台内部错误，请稍后重试")
                .retryable();
        refusal.cause = Some(cause.into());
        refusal
    }
    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
    pub(crate) fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    pub(crate) fn class(&self) -> Class {
        if self.status.is_success() {
            Class::Notice
        } else if self.status.is_server_error() {
            Class::Fatal
        } else {
            Class::Logic
        }
    }

    pub(crate) fn into_problem(self, trace_id: String, server_time: Instant) -> Problem {
        let class = self.class();
        let reason = *self.0;
        Problem {
            class,
            code: reason.code.to_owned(),
            msg: reason.msg,
            field: reason.field,
            retryable: reason.retryable,
            retry_after_s: reason.retry_after_s,
            quota_left: reason.quota_left,
            trace_id,
            current: reason.current,
            lines: reason.lines,
            server_time,
        }
    }
}

impl Deref for Refusal {
    type Target = Reason;
    fn deref(&self) -> &Reason {
        &self.0
    }
}

impl DerefMut for Refusal {
    fn deref_mut(&mut self) -> &mut Reason {
        &mut self.0
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(format!("database: {error}"))
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("stored record: {error}"))
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::internal(format!("file: {error}"))
    }
}

impl IntoResponse for Refusal {
    /// The refusal travels as an extension; `api::finish` writes the body.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
