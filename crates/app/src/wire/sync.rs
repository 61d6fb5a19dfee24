//! Where sync stands.

use super::wire;
use crate::error::ErrorCode;

wire! {
    /// What sync is doing.
    enum SyncPhase {
        /// No platform yet.
        NotConnected,
        /// Reaching out.
        Connecting,
        /// The first sync runs; the window is usable meanwhile.
        FirstSync,
        /// Changes are being fetched or sent.
        Syncing,
        /// All is fetched and sent; waiting for changes.
        UpToDate,
        /// The platform cannot be reached: work goes on offline.
        Offline,
        /// The platform is in maintenance.
        Maintenance,
        /// The user has to sign in again.
        SignInNeeded,
        /// Stopped by the user.
        Paused,
        /// Stopped by an error that a person must look at.
        Failed,
    }
}

wire! {
    /// Where sync stands; also sent as the event `sync-status`.
    struct SyncStatus {
        phase: SyncPhase,
        error: Option<ErrorCode>,
        /// Records of the first sync so far.
        done: u32,
        total: u32,
        last_sync: Option<String>,
        retry_at: Option<String>,
        /// Queued and sending.
        waiting: u32,
        /// Refused, or waiting for a decision.
        attention: u32,
        /// Bad records that were set aside.
        quarantined: u32,
        /// Of the last run: received = applied + unchanged + quarantined.
        received: u32,
        applied: u32,
        unchanged: u32,
        /// Seconds that this PC's clock is ahead of the platform's.
        clock_offset_s: i32,
    }
    /// A record that could not be read.
    struct QuarantinedRecord {
        resource: String,
        id: String,
        field: String,
        reason: String,
        seen_at: String,
    }
    /// The records that were set aside.
    struct QuarantineList {
        records: Vec<QuarantinedRecord>,
    }
}
