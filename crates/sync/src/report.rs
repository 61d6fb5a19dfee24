//! What a sync did, and what it is doing.

use serde::{Deserialize, Serialize};
use sunbench_contract::time::Instant;
use sunbench_contract::{Part, codes};

use crate::error::{FailureCode, SyncError};

/// 同步结果: what one sync did. `pulled` is always `applied + unchanged + quarantined`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// Items that came.
    pub pulled: u64,
    /// Of these: new, changed or deleted.
    pub applied: u64,
    /// Of these: known already.
    pub unchanged: u64,
    /// Of these: set aside because they cannot be read.
    pub quarantined: u64,
    /// Submissions that were accepted in this run.
    pub pushed: u64,
    /// Submissions that still wait.
    pub waiting: u64,
    /// Submissions that were refused or need a decision.
    pub refused: u64,
    /// Where the feed is followed from.
    pub cursor: Option<String>,
    /// Feed and history have been read to the end.
    pub complete: bool,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What the PC's clock lacks to the platform's, in seconds.
    pub clock_offset_s: Option<i64>,
    /// When it ended, by the platform's clock as far as it is known.
    pub ended_at: Option<Instant>,
    /// Why it ended early.
    pub failure: Option<Failure>,
    /// Why a submission still waits although it was its turn; the rest went on without it.
    #[serde(default)]
    pub unsent: Option<Failure>,
}

/// Why a sync ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What to do about it.
    pub code: FailureCode,
    /// For the log: technical, in English, without secrets or business values.
    pub detail: String,
    /// The platform's own words, in Chinese.
    pub platform_text: Option<String>,
    /// To quote to the platform's helpdesk.
    pub trace_id: Option<String>,
    /// Whether a later attempt may succeed by itself.
    pub passing: bool,
    /// How long the platform asked to wait, in seconds.
    pub retry_after_s: Option<u64>,
}

impl Failure {
    /// What is told of a submission that could not be sent now, by the code and the words kept with it.
    pub(crate) fn of_submission(code: &str, words: &str) -> Self {
        Self {
            code: match code {
                codes::MAINTENANCE => FailureCode::Maintenance,
                codes::RATE_LIMITED => FailureCode::Quota,
                _ => FailureCode::PlatformFault,
            },
            detail: words.to_owned(),
            // The program's own words are technical.
            platform_text: (!words.is_ascii()).then(|| words.to_owned()),
            trace_id: None,
            passing: true,
            retry_after_s: None,
        }
    }
    /// What is told about an error.
    #[must_use]
    pub fn of(error: &SyncError) -> Self {
        let (platform_text, trace_id) = error.platform_text().unzip();
        Self {
            code: error.code(),
            detail: error.to_string(),
            platform_text,
            trace_id,
            passing: error.is_passing(),
            retry_after_s: error.retry_after().map(|wait| wait.as_secs()),
        }
    }
}

/// What a sync is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Which phase.
    pub phase: Phase,
    /// Items done in this phase.
    pub done: u64,
    /// Items in all, where that is known.
    pub total: Option<u64>,
}

/// The phases of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Nothing is going on.
    #[default]
    Idle,
    /// Submissions go out.
    Sending,
    /// Rules, calendar, organisations, products.
    Rules,
    /// Supervision notices.
    Notices,
    /// The last 90 days.
    Recent,
    /// What was before.
    History,
    /// What is new.
    Feed,
    /// The mirror is compared with the platform.
    Comparing,
    /// Everything is up to date; the platform is asked to answer when something changes.
    Waiting,
}

impl From<Part> for Phase {
    fn from(part: Part) -> Self {
        match part {
            Part::Rules => Self::Rules,
            Part::Notices => Self::Notices,
            Part::Recent => Self::Recent,
            Part::History => Self::History,
        }
    }
}
