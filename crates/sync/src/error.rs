//! Why a sync ended early.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sunbench_contract::codes;
use sunbench_store::StoreError;

use crate::client::ClientError;
use crate::plan::Stuck;

/// 同步失败: a sync that ended before everything was done. What it did before is kept.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The profile has no connection yet.
    #[error("not connected to a platform")]
    NotConnected,
    /// The profile's adapter is not one of this program's.
    #[error("no adapter of that name")]
    UnknownAdapter,
    /// The profile holds another hospital's work.
    #[error("the profile belongs to another institution")]
    OtherInstitution,
    /// The platform.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The profile.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The feed does not get on.
    #[error(transparent)]
    Stuck(#[from] Stuck),
    /// The platform's cursor expired twice within one sync.
    #[error("the platform's cursor expires as fast as it is given")]
    CursorExpired,
    /// One document is larger than can be held.
    #[error("a document of more than {0} records")]
    DocumentTooLarge(usize),
    /// The day's quota is kept for what matters more.
    #[error("the day's quota is nearly used up")]
    Quota,
    /// Stopped from outside; the next sync goes on from here.
    #[error("stopped")]
    Cancelled,
    /// A defect: a part of the sync died.
    #[error("a part of the sync died")]
    Died,
}

/// What a failure is called outside; somebody acts differently on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureCode {
    /// Connect first.
    NotConnected,
    /// The profile belongs to another hospital: use a new one.
    OtherInstitution,
    /// The address is none, or unsafe.
    BadAddress,
    /// No network, or the platform is down: waits and tries again.
    Unreachable,
    /// No answer in time, or the connection was lost: waits and tries again.
    NoAnswer,
    /// The certificate is not trusted: ask the IT department.
    Insecure,
    /// Something that is not the platform answers, or its answer is damaged.
    BadAnswer,
    /// The platform's contract is newer: update the program.
    ProgramTooOld,
    /// Sign in again.
    SignInNeeded,
    /// Institution, operator or password are wrong.
    SignInRefused,
    /// The operator may not do this.
    Forbidden,
    /// The PC's clock is off, and the platform refuses its signatures.
    ClockOff,
    /// Maintenance window.
    Maintenance,
    /// Too many requests, or the day's quota is gone.
    Quota,
    /// The platform reports a fault of its own.
    PlatformFault,
    /// The platform's feed stands still: tell its helpdesk.
    FeedStuck,
    /// The disk is full.
    DiskFull,
    /// The disk failed, or may not be written to.
    DiskFailed,
    /// The profile cannot be written.
    Profile,
    /// Stopped by a person.
    Cancelled,
    /// A defect of the program.
    Internal,
}

impl SyncError {
    /// The code for the outside.
    #[must_use]
    pub fn code(&self) -> FailureCode {
        match self {
            Self::NotConnected | Self::UnknownAdapter => FailureCode::NotConnected,
            Self::OtherInstitution => FailureCode::OtherInstitution,
            Self::Client(error) => client_code(error),
            Self::Store(StoreError::DiskFull) => FailureCode::DiskFull,
            Self::Store(StoreError::Disk(_) | StoreError::Io { .. } | StoreError::ReadOnly) => {
                FailureCode::DiskFailed
            }
            Self::Stuck(_) | Self::CursorExpired | Self::DocumentTooLarge(_) => FailureCode::FeedStuck,
            Self::Quota => FailureCode::Quota,
            Self::Cancelled => FailureCode::Cancelled,
            Self::Store(StoreError::Sqlite(_)) | Self::Died => FailureCode::Internal,
            Self::Store(_) => FailureCode::Profile,
        }
    }

    /// Whether a later attempt may succeed without anybody doing something.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Client(error) => error.is_passing(),
            Self::Quota => true,
            _ => false,
        }
    }

    /// How long the platform asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Client(error) => error.retry_after(),
            _ => None,
        }
    }

    /// The platform's own words and the number to quote to its helpdesk, where it gave some.
    #[must_use]
    pub fn platform_text(&self) -> Option<(String, String)> {
        match self {
            Self::Client(error) => error.problem().map(|p| (p.msg.clone(), p.trace_id.clone())),
            _ => None,
        }
    }
}

fn client_code(error: &ClientError) -> FailureCode {
    match error {
        ClientError::Address => FailureCode::BadAddress,
        ClientError::Unreachable(_) => FailureCode::Unreachable,
        ClientError::Tls(_) => FailureCode::Insecure,
        ClientError::TimedOut | ClientError::Cut(_) => FailureCode::NoAnswer,
        ClientError::BadAnswer(_) => FailureCode::BadAnswer,
        ClientError::Versions { .. } => FailureCode::ProgramTooOld,
        ClientError::SignInNeeded => FailureCode::SignInNeeded,
        ClientError::Refused { status, problem, .. } => {
            match (problem.as_ref().map_or("", |p| p.code.as_str()), status) {
                (codes::SIGN_IN_REFUSED, _) => FailureCode::SignInRefused,
                (codes::CLOCK_SKEW, _) => FailureCode::ClockOff,
                (codes::MAINTENANCE, _) => FailureCode::Maintenance,
                // Without the platform's reasons it was something on the way that said so.
                ("", 400..=499) => FailureCode::BadAnswer,
                (codes::RATE_LIMITED, _) | (_, 429) => FailureCode::Quota,
                (codes::CREDENTIAL_UNKNOWN | codes::TOKEN_EXPIRED | codes::BAD_SIGNATURE, _) | (_, 401) => {
                    FailureCode::SignInNeeded
                }
                (_, 403) => FailureCode::Forbidden,
                _ => FailureCode::PlatformFault,
            }
        }
    }
}
