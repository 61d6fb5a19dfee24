//! 满意度评价.

use sunbench_contract::{
    Evaluation, EvaluationCreatePayload, Resource, Score, SubmissionKind, evaluation_items,
};
use sunbench_domain::state::{EvaluationState, State as _};
use sunbench_store::local::outbox;
use sunbench_store::mirror::purchase;

use super::{Kept, Unsent, all, one, required};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{Act, EvaluationList, EvaluationReq, EvaluationRow, OutboxItem};

impl Context<'_> {
    /// The evaluations, those that are due first.
    pub fn evaluations(&self) -> ApiResult<EvaluationList> {
        let (found, unsent) = self
            .store
            .read(|conn| Ok((all::<Evaluation>(conn, Resource::Evaluation)?, Unsent::read(conn)?)))?;
        let today = self.today();
        let mut rows = Vec::new();
        for Kept { id, record: evaluation, .. } in found {
            let group = format!("evaluation:{id}");
            let company = self.store.read(|conn| purchase::org_name(conn, &evaluation.company_id))?;
            let made = EvaluationState::from_raw(&evaluation.state) == Some(EvaluationState::Made);
            rows.push(EvaluationRow {
                id,
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
            let found = one::<Evaluation>(conn, Resource::Evaluation, &req.evaluation)?;
            Ok((found, outbox::of_document(conn, &group)?))
        })?;
        let Kept { ver, record: evaluation, .. } = found.ok_or(ErrorCode::NotFound)?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
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
            base_ver: Some(ver),
            action: "evaluation.create.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }
}
