//! 审计: whether the log is whole, its export, and the account of what was sent.

use super::outbox::OutboxState;
use super::wire;

wire! {
    /// What is wrong with the audit log.
    enum AuditFault {
        /// An entry is not what was written.
        Changed,
        /// An entry is missing.
        Missing,
        /// The end was cut off, or something was put behind it.
        End,
        /// The log was written anew, or an older database was put back.
        Replaced,
        /// The file beside the database that repeats the newest entry is gone.
        AnchorLost,
    }
}

wire! {
    /// Whether the audit log is whole.
    struct AuditState {
        ok: bool,
        entries: u32,
        fault: Option<AuditFault>,
        /// The first entry that is wrong or missing.
        first_bad: Option<u32>,
        /// The newest entry's hash: to be compared with a printed or exported one.
        head: Option<String>,
        head_at: Option<String>,
    }
    /// The log in a file that can be verified without this program. The system's dialog asked where.
    struct AuditExported {
        file: String,
        entries: u32,
        /// The newest entry's hash.
        head: Option<String>,
        /// Of the whole file, in lower-case hex.
        sha256: String,
    }
    /// What was sent, in these days and about this.
    struct AuditExplainReq {
        /// The first day, yyyy-MM-dd; without days the last 400.
        from: Option<String>,
        /// The last day; the first one when absent.
        to: Option<String>,
        /// A notice, order or delivery by its id or number, as `notice:123` or `123`; or a submission's key.
        about: Option<String>,
    }
    struct AuditAccount {
        from: String,
        to: String,
        /// Oldest first.
        entries: Vec<AccountEntry>,
        /// There is more than is shown: ask for fewer days.
        cut: bool,
        chain: AuditState,
    }
    /// One submission with everything that became of it, or one other event.
    struct AccountEntry {
        /// When the person did it.
        at: String,
        /// The person's sign-in name; empty for the program itself.
        actor: String,
        /// The person's name where it is known.
        actor_name: String,
        /// 代: the absent colleague in whose area it was done, by name where it is known.
        on_behalf_of: Option<String>,
        /// The second person who approved it, by name where it is known.
        approved_by: Option<String>,
        approved_at: Option<String>,
        /// What was done, in Chinese: 反馈督办通知.
        what: String,
        /// The submission kind on the wire; none for other events.
        kind: Option<String>,
        /// What it is about, such as `notice:123`.
        document: String,
        document_title: String,
        /// The submission's key.
        key: Option<String>,
        state: Option<OutboxState>,
        attempts: u32,
        /// When it was first marked to go out.
        sent_at: Option<String>,
        /// SHA-256 of what was sent.
        body_digest: Option<String>,
        /// What was sent, byte for byte, where it is still here and is what the log says.
        body: Option<String>,
        /// What is here is not what the log says.
        altered: bool,
        attachments: Vec<AccountFile>,
        answer: Option<AccountAnswer>,
        /// The entries of the log that this account rests on.
        steps: Vec<AccountStep>,
        /// All of it as one paragraph, for printing.
        text: String,
    }
    /// What the platform answered.
    struct AccountAnswer {
        at: String,
        /// In Chinese: 已受理、被退回、待裁定.
        outcome: String,
        /// The platform's number for what it made of it: 回执号.
        receipt: Option<String>,
        version: Option<String>,
        /// When the platform took it, by its own clock.
        accepted_at: Option<String>,
        code: Option<String>,
        /// In the platform's words.
        message: Option<String>,
        /// SHA-256 of the whole answer, which is kept.
        digest: Option<String>,
    }
    struct AccountFile {
        sha256: String,
        name: String,
        /// Bytes.
        size: Option<u32>,
        /// When the platform had all of it.
        sent_at: Option<String>,
        /// The content is still here.
        kept: bool,
    }
    struct AccountStep {
        seq: u32,
        at: String,
        actor: String,
        action: String,
        /// In Chinese.
        what: String,
    }
}
