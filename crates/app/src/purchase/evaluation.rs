//! 满意度评价.

use sunbench_contract::{
    Evaluation, EvaluationCreatePayload, Resource, Score, SubmissionKind, evaluation_items,
};
use sunbench_domain::state::{EvaluationState, State as _};
use sunbench_store::local::outbox;
use sunbench_store::mirror::{document, purchase};

use super::{Unsent, is_waiting, required};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{Act, EvaluationList, EvaluationReq, EvaluationRow, OutboxItem};

const LISTED: u32 = 5_000;

impl Context<'_> {
    /// The evaluations, those that are due first.
    pub fn evaluations(&self) -> ApiResult<EvaluationList> {
        let (found, unsent) = self.store.read(|conn| {
            Ok((document::list(conn, Resource::Evaluation.name(), LISTED)?, Unsent::read(conn)?))
        })?;
        let today = self.today();
        let mut rows = Vec::new();
        for record in found {
            let Ok(evaluation) = serde_json::from_str::<Evaluation>(&record.data) else { continue };
            let group = format!("evaluation:{}", record.id);
            let company = self.store.read(|conn| purchase::org_name(conn, &evaluation.company_id))?;
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
                waiting: unsent.is_waiting(&group),
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
}
