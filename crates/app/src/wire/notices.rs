//! 督办.

use super::outbox::OutboxItem;
use super::teamwork::AreaDuty;
use super::today::Urgency;
use super::{wire, wire_edited};

wire! {
    /// Which notices.
    enum NoticeScope {
        Open,
        All,
    }
    /// What happened to a notice.
    enum TimelineKind {
        Issued,
        Signed,
        Replied,
        Returned,
        Closed,
    }
}

wire! {
    struct NoticesReq {
        scope: NoticeScope,
    }
    struct NoticeList {
        rows: Vec<NoticeRow>,
        /// Whose the notices are today.
        duty: AreaDuty,
    }
    struct NoticeRow {
        id: String,
        code: String,
        title: String,
        issuer: String,
        level: String,
        issued_at: String,
        deadline: Deadline,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        /// Whether the hospital owes an answer.
        open: bool,
        round: u32,
        /// An answer is on its way: it awaits review, is queued or being sent.
        reply_waiting: bool,
        /// It waits for a second person.
        reply_in_review: bool,
        /// There is a draft.
        has_draft: bool,
    }
    /// 反馈时限, with the days that it counted.
    struct Deadline {
        due_date: String,
        /// 24:00 of the due date, or the instant that the platform states.
        due_at: String,
        /// The next year's holidays are not published yet.
        provisional: bool,
        earliest_date: Option<String>,
        latest_date: Option<String>,
        /// After today; 0 on the due date, negative when overdue.
        remaining_working_days: i32,
        urgency: Urgency,
        /// The working days counted, in order.
        counted: Vec<String>,
        /// Every day from the issue to the due date.
        days: Vec<DeadlineDay>,
        calendar_version: String,
        /// Stated by the platform instead of counted.
        stated: bool,
    }
    struct DeadlineDay {
        date: String,
        working: bool,
        name: Option<String>,
        /// Its number in the count, where it counts.
        number: Option<u32>,
        provisional: bool,
    }
    struct NoticeReq {
        id: String,
    }
    struct NoticeDetail {
        row: NoticeRow,
        body: String,
        rule_name: String,
        clause: String,
        indicator_id: Option<String>,
        return_reason: String,
        evidence: Vec<EvidenceLine>,
        timeline: Vec<TimelineEntry>,
        replies: Vec<Reply>,
        draft: Option<Draft>,
        /// Colleagues at this computer who have begun an answer too; each has a draft of his own.
        also_drafting: Vec<String>,
        /// Submissions for this notice, oldest first.
        submissions: Vec<OutboxItem>,
    }
    struct EvidenceLine {
        label: String,
        value: String,
        order_line: Option<String>,
    }
    struct TimelineEntry {
        kind: TimelineKind,
        at: String,
        by: Option<String>,
        round: u32,
        text: Option<String>,
    }
    /// An answer that the platform holds.
    struct Reply {
        round: u32,
        cause: String,
        measures: String,
        finish_by: Option<String>,
        responsible: String,
        attachments: Vec<Attachment>,
        operator: String,
        submitted_at: String,
        /// The submission's key: the proof of sending.
        client_key: String,
    }
    struct Attachment {
        sha256: String,
        name: String,
        /// Bytes.
        size: u32,
    }
}

wire_edited! {
    struct Draft {
        round: u32,
        cause: String,
        measures: String,
        finish_by: Option<String>,
        responsible: String,
        attachments: Vec<Attachment>,
        edited_at: String,
        edited_by: String,
    }
}

wire! {
    struct DraftSaveReq {
        notice: String,
        round: u32,
        cause: String,
        measures: String,
        finish_by: Option<String>,
        responsible: String,
        attachments: Vec<Attachment>,
    }
    struct DraftSaved {
        edited_at: String,
    }
    /// A file for a draft; its content is copied into the profile at once. Either what the window read of it, or
    /// the path of one that was dropped onto the window.
    struct AttachReq {
        name: String,
        content_base64: Option<String>,
        path: Option<String>,
    }
    struct AttachmentReq {
        sha256: String,
    }
    struct AttachmentContent {
        content_base64: String,
    }
    /// Send the draft of a round.
    struct ReplyReq {
        notice: String,
        round: u32,
    }
}
