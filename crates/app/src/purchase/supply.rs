//! 供应问题: told with its evidence, followed by its clocks, closed when the goods have come.

use chrono::NaiveDate;
use sunbench_contract::time::Instant;
use sunbench_contract::{
    Resource, SubmissionKind, SupplyIssue, SupplyIssueClosePayload, SupplyIssueCreatePayload,
};
use sunbench_domain::state::{OrderLineState, State as _, SupplyIssueState};
use sunbench_store::local::outbox;
use sunbench_store::mirror::{line, purchase};

use super::{Kept, Unsent, all, mentions, one, required};
use crate::clocked::{day_clock, text};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::notices::{attachment_refs, attachments};
use crate::submit::Sending;
use crate::wire::{
    Act, DocumentStep, Escalation, OrgChoice, OutboxItem, StepKind, SupplyEvidence, SupplyIssueCloseReq,
    SupplyIssueDetail, SupplyIssueDetailReq, SupplyIssueList, SupplyIssueReq, SupplyIssueRow,
    SupplyIssuesReq,
};

/// Working days from the company's answer to the goods (豫医保办〔2025〕42号 二(八)).
const PROMISE_WORKING_DAYS: u32 = 5;

pub(super) fn group(id: &str) -> String {
    format!("supplyIssue:{id}")
}

/// Whether it still goes on; a state that this version does not know does.
fn is_open(state: Option<SupplyIssueState>) -> bool {
    !matches!(state, Some(SupplyIssueState::Resolved | SupplyIssueState::Unfounded))
}

impl Context<'_> {
    /// The supply problems with their clocks.
    pub fn supply_issues(&self, req: &SupplyIssuesReq) -> ApiResult<SupplyIssueList> {
        let (found, unsent, offices) = self.store.read(|conn| {
            let offices = purchase::orgs_of_kind(conn, "office")?;
            Ok((all::<SupplyIssue>(conn, Resource::SupplyIssue)?, Unsent::read(conn)?, offices))
        })?;
        let mut rows = Vec::new();
        for kept in &found {
            let row = self.issue_row(kept, &unsent)?;
            let said = [&row.code, &row.product, &row.spec, &row.supplier, &row.description];
            if (row.open || !req.open) && mentions(&req.text, &said.map(String::as_str)) {
                rows.push(row);
            }
        }
        rows.sort_by(|a, b| {
            let nearest = |row: &SupplyIssueRow| {
                let clocks = [&row.reply_clock, &row.promise_clock];
                clocks.into_iter().flatten().map(|clock| clock.due_date.clone()).min()
            };
            let key = |row: &SupplyIssueRow| (!row.open, nearest(row).is_none(), nearest(row));
            key(a).cmp(&key(b)).then_with(|| b.reported_at.cmp(&a.reported_at))
        });
        Ok(SupplyIssueList {
            rows,
            pending: unsent.of_kind(self, SubmissionKind::SupplyIssueCreate)?,
            offices: offices.into_iter().map(|(id, name)| OrgChoice { id, name }).collect(),
        })
    }

    fn issue_row(&self, kept: &Kept<SupplyIssue>, unsent: &Unsent) -> ApiResult<SupplyIssueRow> {
        let issue = &kept.record;
        let (product, maker, supplier, office) = self.store.read(|conn| {
            let office = match &issue.office_id {
                Some(id) => purchase::org_name(conn, id)?,
                None => None,
            };
            Ok((
                purchase::product(conn, &issue.procurecatalog_id)?,
                purchase::org_name(conn, &issue.company_id_tb)?,
                purchase::org_name(conn, &issue.company_id_ps)?,
                office,
            ))
        })?;
        let state = SupplyIssueState::from_raw(&issue.state);
        let open = is_open(state);
        let promised = self.promised(issue);
        let (name, spec) = product.map(|product| (product.name, product.spec)).unwrap_or_default();
        let clock = |due| day_clock(self.calendar, due, self.now);
        Ok(SupplyIssueRow {
            id: kept.id.clone(),
            code: issue.issue_code.clone(),
            kind: issue.kind.clone(),
            product_id: issue.procurecatalog_id.clone(),
            product: name,
            spec,
            maker: maker.unwrap_or_default(),
            supplier_id: issue.company_id_ps.clone(),
            supplier: supplier.unwrap_or_default(),
            description: issue.description.clone(),
            reported_at: issue.report_time.to_string(),
            state: state.map_or("", SupplyIssueState::code).to_owned(),
            state_text: issue.state_text.clone(),
            open,
            reply_clock: (open && issue.reply_time.is_none()).then(|| clock(issue.reply_due_date)),
            promise_clock: promised.filter(|_| open).map(clock),
            escalation: if open { self.escalation(issue) } else { None },
            office,
            verified: issue.verify_time.is_some() && state != Some(SupplyIssueState::Unfounded),
            closable: state.is_none_or(|state| state.may_become(SupplyIssueState::Resolved)),
            waiting: unsent.is_waiting(&group(&kept.id)),
        })
    }

    /// The last day that a promise may name.
    fn latest_promise(&self, issue: &SupplyIssue) -> Option<NaiveDate> {
        let counted = self.calendar.working_days(&issue.reply_time?.at(), PROMISE_WORKING_DAYS);
        counted.ok().map(|deadline| deadline.due_date)
    }

    /// The day on which the goods are to be there, once the company has answered.
    fn promised(&self, issue: &SupplyIssue) -> Option<NaiveDate> {
        issue.reply_time?;
        issue.promised_date.or_else(|| self.latest_promise(issue))
    }

    fn escalation(&self, issue: &SupplyIssue) -> Option<Escalation> {
        if issue.reply_time.is_none() {
            return (issue.reply_due_date < self.today()).then_some(Escalation::NoReply);
        }
        if self.promised(issue).is_some_and(|day| day < self.today()) {
            return Some(Escalation::PromiseBroken);
        }
        let latest = self.latest_promise(issue)?;
        issue.promised_date.is_none_or(|day| day > latest).then_some(Escalation::PromiseTooLate)
    }

    /// One supply problem with its evidence and its life.
    pub fn supply_issue(&self, req: &SupplyIssueDetailReq) -> ApiResult<SupplyIssueDetail> {
        let (found, unsent) = self.store.read(|conn| {
            Ok((one::<SupplyIssue>(conn, Resource::SupplyIssue, &req.issue)?, Unsent::read(conn)?))
        })?;
        let kept = found.ok_or(ErrorCode::NotFound)?;
        let row = self.issue_row(&kept, &unsent)?;
        let issue = kept.record;
        let mut evidence = Vec::new();
        for id in &issue.order_detail_ids {
            let found = self.store.read(|conn| line::get(conn, id))?;
            evidence.push(self.evidence(id, found));
        }
        Ok(SupplyIssueDetail {
            steps: issue_steps(&issue),
            reply: issue.reply,
            promised_date: issue.promised_date.map(|day| day.to_string()),
            evidence,
            attachments: attachments(&issue.attachments),
            submissions: self.submissions_of(&group(&req.issue))?,
            row,
        })
    }

    fn evidence(&self, id: &str, found: Option<line::Line>) -> SupplyEvidence {
        let Some(line) = found else {
            return SupplyEvidence {
                order_line: id.to_owned(),
                order_code: String::new(),
                line_no: 0,
                quantity: String::new(),
                delivered: String::new(),
                received: String::new(),
                unit: String::new(),
                submitted_at: String::new(),
                delivery_due_at: None,
                state: String::new(),
                state_text: String::new(),
                late: false,
            };
        };
        let waits = OrderLineState::from_code(&line.state)
            .is_some_and(|state| matches!(state, OrderLineState::Submitted | OrderLineState::Accepted));
        SupplyEvidence {
            order_line: line.id,
            order_code: line.order_code,
            line_no: line.line_no,
            quantity: line.quantity.to_string(),
            delivered: line.delivered.to_string(),
            received: line.received.to_string(),
            unit: line.unit,
            submitted_at: text(line.submit_at),
            late: line.late || waits && line.delivery_due_at.is_some_and(|due| due < self.now.unix()),
            delivery_due_at: line.delivery_due_at.map(text),
            state: line.state,
            state_text: line.state_text,
        }
    }

    /// 反馈供应问题 with its evidence (泉州 2024-05-30 五; 豫医保办〔2025〕42号 二(八)).
    pub fn supply_issue_submit(&self, req: &SupplyIssueReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        if !["short", "refusal", "late", "price"].contains(&req.kind.as_str()) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "kind"));
        }
        let description = required(&req.description, "description")?;
        let mut of: Option<(String, String)> = None;
        for (index, id) in req.order_lines.iter().enumerate() {
            let field = format!("orderLines[{index}]");
            let line = self.store.read(|conn| purchase::line(conn, id))?;
            let line = line.ok_or_else(|| ApiError::field(ErrorCode::NotFound, &field))?;
            let these = (line.product, line.supplier);
            if of.get_or_insert_with(|| these.clone()) != &these {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field));
            }
        }
        let (product, supplier) =
            of.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "orderLines"))?;
        let document = group(&format!("{product}:{supplier}"));
        let payload = SupplyIssueCreatePayload {
            kind: req.kind.clone(),
            procurecatalog_id: product,
            company_id_ps: supplier,
            description,
            order_detail_ids: req.order_lines.clone(),
            office_id: req.office.clone(),
            attachments: attachment_refs(&req.attachments),
        };
        let sending = Sending {
            kind: SubmissionKind::SupplyIssueCreate,
            document: &document,
            base_ver: None,
            action: "supplyIssue.create.queued",
            attachments: &req.attachments,
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// The goods have come: a supply problem is closed. Doing it twice queues once.
    pub fn supply_issue_close(&self, req: &SupplyIssueCloseReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let document = group(&req.issue);
        let (found, items) = self.store.read(|conn| {
            let found = one::<SupplyIssue>(conn, Resource::SupplyIssue, &req.issue)?;
            Ok((found, outbox::of_document(conn, &document)?))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        let state = SupplyIssueState::from_raw(&found.record.state);
        if state.is_some_and(|state| !state.may_become(SupplyIssueState::Resolved)) {
            return Err(ErrorCode::WrongState.into());
        }
        let sending = Sending {
            kind: SubmissionKind::SupplyIssueClose,
            document: &document,
            base_ver: Some(found.ver),
            action: "supplyIssue.close.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &SupplyIssueClosePayload { issue_id: req.issue.clone() })
    }
}

/// A step at an instant.
pub(super) fn step(kind: StepKind, at: Instant, by: &str, text: &str) -> DocumentStep {
    DocumentStep {
        kind,
        at: at.to_string(),
        date_only: false,
        by: Some(by.to_owned()).filter(|by| !by.is_empty()),
        text: text.to_owned(),
    }
}

/// A step on a day.
pub(super) fn step_on(kind: StepKind, day: NaiveDate, text: &str) -> DocumentStep {
    DocumentStep { kind, at: day.to_string(), date_only: true, by: None, text: text.to_owned() }
}

fn issue_steps(issue: &SupplyIssue) -> Vec<DocumentStep> {
    let mut steps = vec![step(StepKind::Reported, issue.report_time, &issue.operator, &issue.description)];
    if let Some(at) = issue.reply_time {
        steps.push(step(StepKind::Replied, at, "", &issue.reply));
    }
    if let Some(day) = issue.promised_date {
        steps.push(step_on(StepKind::Promised, day, ""));
    }
    if let Some(at) = issue.verify_time {
        let unfounded = SupplyIssueState::from_raw(&issue.state) == Some(SupplyIssueState::Unfounded);
        let kind = if unfounded { StepKind::Unfounded } else { StepKind::Verified };
        steps.push(step(kind, at, "", ""));
    }
    steps.sort_by(|a, b| a.at.cmp(&b.at));
    steps
}
