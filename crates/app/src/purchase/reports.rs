//! 满意度评价, 报量.

use sunbench_contract::{
    DemandReport, DemandReportSubmitPayload, DemandShare, Evaluation, EvaluationCreatePayload, Resource,
    Score, SubmissionKind, evaluation_items,
};
use sunbench_domain::Quantity;
use sunbench_domain::state::{DemandReportState, EvaluationState, State as _};
use sunbench_store::local::outbox;
use sunbench_store::mirror::{document, purchase};

use super::{decimal, is_waiting, required};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{
    Act, DemandReportList, DemandReportReq, DemandReportRow, DepartmentDemand, EvaluationList, EvaluationReq,
    EvaluationRow, OutboxItem,
};

const LISTED: u32 = 5_000;

impl Context<'_> {
    /// The evaluations, those that are due first.
    pub fn evaluations(&self) -> ApiResult<EvaluationList> {
        let found = self.store.read(|conn| document::list(conn, Resource::Evaluation.name(), LISTED))?;
        let today = self.today();
        let mut rows = Vec::new();
        for record in found {
            let Ok(evaluation) = serde_json::from_str::<Evaluation>(&record.data) else { continue };
            let group = format!("evaluation:{}", record.id);
            let (company, items) = self.store.read(|conn| {
                Ok((purchase::org_name(conn, &evaluation.company_id)?, outbox::of_document(conn, &group)?))
            })?;
            let made = EvaluationState::from_raw(&evaluation.state) == Some(EvaluationState::Made);
            rows.push(EvaluationRow {
                id: record.id,
                period: evaluation.period,
                items: evaluation_items(&evaluation.target_type).map(str::to_owned).to_vec(),
                target: evaluation.target_type,
                company: company.unwrap_or_default(),
                overdue: !made && evaluation.due_date < today,
                due_date: evaluation.due_date.to_string(),
                scores: evaluation.scores.iter().map(|score| score.score).collect(),
                remarks: evaluation.remarks,
                made,
                waiting: is_waiting(&items),
            });
        }
        rows.sort_by(|a, b| (a.made, &a.due_date, &a.id).cmp(&(b.made, &b.due_date, &b.id)));
        Ok(EvaluationList { rows })
    }

    /// Queues an evaluation. Doing it twice queues once.
    pub fn evaluation_submit(&self, req: &EvaluationReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let group = format!("evaluation:{}", req.evaluation);
        let (found, items) = self.store.read(|conn| {
            let resource = Resource::Evaluation.name();
            Ok((document::get(conn, resource, &req.evaluation)?, outbox::of_document(conn, &group)?))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if is_waiting(&items)
            && let Some(item) = items.last()
        {
            return self.outbox_item(item);
        }
        let evaluation: Evaluation =
            serde_json::from_str(&found.data).map_err(|error| ApiError::internal(&error))?;
        if EvaluationState::from_raw(&evaluation.state) == Some(EvaluationState::Made) {
            return Err(ErrorCode::WrongState.into());
        }
        let wanted = evaluation_items(&evaluation.target_type);
        if req.scores.len() != wanted.len() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "scores"));
        }
        if let Some(index) = req.scores.iter().position(|score| !(1..=5).contains(score)) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, &format!("scores[{index}]")));
        }
        if req.scores.iter().any(|score| *score <= 2) {
            required(&req.remarks, "remarks")?;
        }
        let scores = wanted.into_iter().zip(&req.scores);
        let payload = EvaluationCreatePayload {
            evaluation_id: req.evaluation.clone(),
            scores: scores.map(|(item, score)| Score { item: item.to_owned(), score: *score }).collect(),
            remarks: req.remarks.trim().to_owned(),
        };
        let sending = Sending {
            kind: SubmissionKind::EvaluationCreate,
            document: &group,
            base_ver: Some(found.ver),
            action: "evaluation.create.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// The demand reports, those of the nearest deadline that are the hospital's turn first.
    pub fn demand_reports(&self) -> ApiResult<DemandReportList> {
        let found = self.store.read(|conn| document::list(conn, Resource::DemandReport.name(), LISTED))?;
        let mut rows = Vec::new();
        for record in found {
            let Ok(report) = serde_json::from_str::<DemandReport>(&record.data) else { continue };
            let group = format!("demandReport:{}", record.id);
            let (product, items) = self.store.read(|conn| {
                Ok((purchase::product(conn, &report.procurecatalog_id)?, outbox::of_document(conn, &group)?))
            })?;
            let state = DemandReportState::from_raw(&report.state);
            rows.push(DemandReportRow {
                id: record.id,
                batch: report.batch_name,
                variety: report.variety_name,
                product: product.map(|p| format!("{} {}", p.name, p.spec)).unwrap_or_default(),
                unit: report.unit,
                last_year: report.last_year_count.to_string(),
                demand: report.demand_count.to_string(),
                explanation: report.explanation,
                departments: report
                    .departments
                    .into_iter()
                    .map(|share| DepartmentDemand { dept: share.dept, count: share.count.to_string() })
                    .collect(),
                deadline: report.report_deadline.to_string(),
                state: state.map_or("", DemandReportState::code).to_owned(),
                state_text: report.state_text,
                return_reason: report.return_reason,
                waiting: is_waiting(&items),
            });
        }
        let ours = |row: &DemandReportRow| matches!(row.state.as_str(), "DRAFT" | "RETURNED");
        rows.sort_by(|a, b| (!ours(a), &a.deadline, &a.id).cmp(&(!ours(b), &b.deadline, &b.id)));
        Ok(DemandReportList { rows })
    }

    /// Queues a demand report. No blank is taken for a nought; a cut of more than a fifth is explained (泉州 2024 一; 豫医保办
    /// 〔2025〕42号 二(一)). Doing it twice queues once.
    pub fn demand_report_submit(&self, req: &DemandReportReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let group = format!("demandReport:{}", req.report);
        let (found, items) = self.store.read(|conn| {
            let resource = Resource::DemandReport.name();
            Ok((document::get(conn, resource, &req.report)?, outbox::of_document(conn, &group)?))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if is_waiting(&items)
            && let Some(item) = items.last()
        {
            return self.outbox_item(item);
        }
        let report: DemandReport =
            serde_json::from_str(&found.data).map_err(|error| ApiError::internal(&error))?;
        let state = DemandReportState::from_raw(&report.state);
        if state.is_some_and(|state| !state.may_become(DemandReportState::Submitted)) {
            return Err(ErrorCode::WrongState.into());
        }
        let demand: Quantity = decimal(&req.demand, "demand")?;
        if demand.is_negative() {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "demand"));
        }
        let mut departments = Vec::new();
        let mut sum = Quantity::ZERO;
        for (index, share) in req.departments.iter().enumerate() {
            let field = |name: &str| format!("departments[{index}].{name}");
            let count: Quantity = decimal(&share.count, &field("count"))?;
            if count.is_negative() {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field("count")));
            }
            sum = sum
                .checked_add(count)
                .ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, &field("count")))?;
            departments.push(DemandShare { dept: required(&share.dept, &field("dept"))?, count });
        }
        if !departments.is_empty() && sum != demand {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "departments"));
        }
        let (now, before) = (i128::from(demand.units()), i128::from(report.last_year_count.units()));
        if now * 5 < before * 4 {
            required(&req.explanation, "explanation")?;
        }
        let payload = DemandReportSubmitPayload {
            demand_report_id: req.report.clone(),
            demand_count: demand,
            explanation: req.explanation.trim().to_owned(),
            departments,
        };
        let sending = Sending {
            kind: SubmissionKind::DemandReportSubmit,
            document: &group,
            base_ver: Some(found.ver),
            action: "demandReport.submit.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }
}
