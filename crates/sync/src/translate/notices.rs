//! Supervision: notices, their answers, check-ins.

use serde::Serialize;
use sunbench_contract::time::Instant;
use sunbench_contract::{CheckIn, Notice, NoticeReply};
use sunbench_domain::state::NoticeState;
use sunbench_store::mirror::{CheckInRow, Head, NoticeReplyRow, NoticeRow, Record};

use super::{Flaw, Translator, state_code};

/// A list inside a record, kept as JSON.
fn list<T: Serialize>(items: &[T], field: &str) -> Result<String, Flaw> {
    serde_json::to_string(items).map_err(|_| Flaw::bad(field))
}

impl Translator for Notice {
    const ID_FIELD: &'static str = "noticeId";
    fn own_id(&self) -> &str {
        &self.notice_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        Ok(Record::Notice(NoticeRow {
            head,
            evidence: list(&self.evidence, "evidence")?,
            code: self.notice_code,
            title: self.title,
            body: self.body,
            level: self.level,
            indicator_id: self.indicator_id,
            rule_name: self.rule_name,
            clause: self.clause,
            issuer: self.issuer,
            issued_at: self.issue_time.unix(),
            reply_working_days: self.reply_working_days,
            stated_due_at: self.due_time.map(Instant::unix),
            state: state_code::<NoticeState>(&self.state),
            raw_state: self.state,
            state_text: self.state_text,
            round: self.round,
            signed_at: self.sign_time.map(Instant::unix),
            signed_by: self.signed_by,
            returned_at: self.return_time.map(Instant::unix),
            return_reason: self.return_reason,
            closed_at: self.close_time.map(Instant::unix),
        }))
    }
}

impl Translator for NoticeReply {
    const ID_FIELD: &'static str = "replyId";
    fn own_id(&self) -> &str {
        &self.reply_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        Ok(Record::NoticeReply(NoticeReplyRow {
            head,
            attachments: list(&self.attachments, "attachments")?,
            notice_id: self.notice_id,
            round: self.round,
            cause: self.cause,
            measures: self.measures,
            finish_by_on: self.finish_by.map(|day| day.to_string()),
            responsible: self.responsible,
            operator: self.operator,
            submitted_at: self.submit_time.unix(),
            client_key: self.client_key,
        }))
    }
}

impl Translator for CheckIn {
    const ID_FIELD: &'static str = "checkInId";
    fn own_id(&self) -> &str {
        &self.check_in_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        Ok(Record::CheckIn(CheckInRow {
            head,
            operator: self.operator,
            checked_on: self.date.to_string(),
            checked_at: self.time.unix(),
        }))
    }
}
