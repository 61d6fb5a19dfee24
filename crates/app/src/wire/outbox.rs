//! 待发箱.

use super::wire;

wire! {
    enum OutboxState {
        Queued,
        Sending,
        /// 已导出: out in a bundle; the answer comes back with it.
        Exported,
        Accepted,
        Refused,
        NeedsDecision,
        Withdrawn,
    }
}

wire! {
    struct OutboxReq {
        /// Items before this one, for the next page.
        before: Option<u32>,
    }
    struct OutboxList {
        items: Vec<OutboxItem>,
        waiting: u32,
        attention: u32,
        /// For the next page, where there is one.
        before: Option<u32>,
    }
    /// A submission and, once accepted, its proof.
    struct OutboxItem {
        key: String,
        /// The submission kind on the wire, such as `notice.reply`.
        kind: String,
        /// The notice, order or delivery that it is about.
        subject: String,
        subject_title: String,
        state: OutboxState,
        attempts: u32,
        error_code: Option<String>,
        /// For people.
        error_text: Option<String>,
        created_at: String,
        sent_at: Option<String>,
        settled_at: Option<String>,
        /// When the platform took it, by its own clock.
        accepted_at: Option<String>,
        /// SHA-256 of what was sent.
        digest: String,
        actor: String,
        /// What the platform holds instead, where a colleague was faster.
        other: Option<OtherVersion>,
    }
    struct OtherVersion {
        operator: String,
        at: String,
        text: String,
    }
    struct OutboxKeyReq {
        key: String,
    }
}
