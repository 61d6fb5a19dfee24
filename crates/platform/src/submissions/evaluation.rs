//! 满意度评价.

use sunbench_contract::{Evaluation, EvaluationCreatePayload, Resource, evaluation_items};
use sunbench_domain::state::EvaluationState;

use super::{Context, Done, check_text, check_version};
use crate::error::Refusal;
use crate::life::step;
use crate::object::{Stored, find_own};

pub(super) fn create(
    context: &mut Context<'_, '_>,
    payload: EvaluationCreatePayload,
) -> Result<Done, Refusal> {
    let mut found: Stored<Evaluation> =
        find_own(context.connection, context.institution, Resource::Evaluation, &payload.evaluation_id)?
            .ok_or_else(|| Refusal::invalid("evaluationId", "没有这项评价任务"))?;
    check_version(context, Resource::Evaluation, &payload.evaluation_id, &found)?;
    let evaluation = &mut found.data;
    step("评价", (&mut evaluation.state, &mut evaluation.state_text), EvaluationState::Made)?;
    let items = evaluation_items(&evaluation.target_type);
    let complete = payload.scores.len() == items.len()
        && items.iter().all(|item| payload.scores.iter().any(|score| score.item == *item));
    if !complete {
        return Err(Refusal::invalid("scores", format!("须逐项评分：{}", items.join("、"))));
    }
    for (index, score) in payload.scores.iter().enumerate() {
        if !(1..=5).contains(&score.score) {
            return Err(Refusal::invalid(format!("scores[{index}].score"), "评分须为 1 至 5 分"));
        }
    }
    if payload.scores.iter().any(|score| score.score <= 2) || !payload.remarks.is_empty() {
        check_text("remarks", "评价意见", &payload.remarks, 1_000)?;
    }
    evaluation.scores = payload.scores;
    payload.remarks.trim().clone_into(&mut evaluation.remarks);
    evaluation.submit_time = Some(context.now);
    let ver = context.publisher.replace(Resource::Evaluation, &payload.evaluation_id, &found)?;
    Ok(Done::new(Resource::Evaluation, payload.evaluation_id, ver))
}
