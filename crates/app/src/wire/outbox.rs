//! 待发箱.

use super::notices::Attachment;
use super::requests::RefusedLine;
use super::teamwork::ReviewCounts;
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
        /// 待复核.
        AwaitingReview,
        /// 复核退回.
        Returned,
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
        review: ReviewCounts,
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
        /// Their names, where they are known here.
        actor_name: String,
        /// 代: the absent colleague in whose area it was written.
        on_behalf_of: Option<String>,
        /// The second person, once he has decided.
        reviewer: Option<String>,
        reviewed_at: Option<String>,
        /// Why the second person returned it.
        review_reason: Option<String>,
        /// Written by the person at work.
        own: bool,
        /// The lines that the platform refused by themselves.
        refused: Vec<RefusedLine>,
        /// It took the other lines, and nobody has seen to the refused ones yet.
        is_partial: bool,
        /// The files that were sent with it.
        files: Vec<Attachment>,
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
