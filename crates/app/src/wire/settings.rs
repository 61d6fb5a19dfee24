//! Preferences, audit, verification.

use super::{wire, wire_edited};

wire_edited! {
    /// Small values by name, such as `theme`, `textSize`, `locale`, `grid.orders`.
    struct Preferences {
        values: std::collections::BTreeMap<String, String>,
    }
}

wire! {
    struct PreferenceSetReq {
        key: String,
        /// None takes it away.
        value: Option<String>,
    }
    struct AuditReq {
        before: Option<u32>,
    }
    struct AuditPage {
        entries: Vec<AuditEntry>,
        before: Option<u32>,
    }
    struct AuditEntry {
        seq: u32,
        at: String,
        actor: String,
        action: String,
        subject: String,
        detail: String,
        hash: String,
    }
    struct Verification {
        integrity: bool,
        audit_chain: bool,
        audit_entries: u32,
        cursor: Option<String>,
        orphans: u32,
    }
}
