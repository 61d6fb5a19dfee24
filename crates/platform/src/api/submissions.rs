//! The only way to write.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use sunbench_contract::{Submission, SubmissionBatch, SubmissionBatchResult, SubmissionResult};

use super::auth::Signed;
use super::{Refusals, json, problem};
use crate::error::Refusal;
use crate::shared::Shared;
use crate::submissions;

/// Submits under the hospital's own key; a repeat of key and content brings the first answer again.
#[utoipa::path(put, path = "/api/v1/submissions/{clientKey}", tag = "contract",
    params(("clientKey" = String, Path, description = "UUIDv7 of the hospital's own")),
    request_body = Submission,
    responses(
        (status = 200, description = "已受理", body = SubmissionResult),
        (status = 409, description = "同一提交键，不同内容", body = sunbench_contract::Problem),
        (status = 412, description = "内容已被更新", body = sunbench_contract::Problem),
        (status = 422, description = "不符合规则", body = sunbench_contract::Problem),
        Refusals
    ))]
pub(super) async fn put(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
    request: Signed,
) -> Result<Response, Refusal> {
    let submission: Submission = serde_json::from_slice(&request.body)
        .map_err(|error| Refusal::bad_request(format!("提交内容无法读取：{error}")))?;
    let answer = shared
        .blocking(move |shared| {
            submissions::submit(shared, &request.institution, &request.user, &key, &submission)
        })
        .await?;
    match &answer.result.problem {
        Some(its) if answer.status != 200 => {
            let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(problem(status, its))
        }
        _ => json(&answer.result),
    }
}

/// What became of a submission: asked after every time-out before anything is sent again.
#[utoipa::path(get, path = "/api/v1/submissions/{clientKey}", tag = "contract",
    params(("clientKey" = String, Path, description = "UUIDv7 of the hospital's own")),
    responses(
        (status = 200, description = "第一次的答复", body = SubmissionResult),
        (status = 404, description = "平台没有收到过", body = sunbench_contract::Problem),
        Refusals
    ))]
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
    request: Signed,
) -> Result<Response, Refusal> {
    let result =
        shared.blocking(move |shared| submissions::status(shared, &request.institution, &key)).await?;
    json(&result)
}

/// Several at once, each judged alone, in their order.
#[utoipa::path(post, path = "/api/v1/submissions/batch", tag = "contract", request_body = SubmissionBatch,
    responses((status = 200, description = "逐条答复", body = SubmissionBatchResult), Refusals))]
pub(super) async fn batch(State(shared): State<Arc<Shared>>, request: Signed) -> Result<Response, Refusal> {
    let batch: SubmissionBatch = serde_json::from_slice(&request.body)
        .map_err(|error| Refusal::bad_request(format!("提交内容无法读取：{error}")))?;
    let most = shared.config.limits.batch;
    if batch.submissions.len() > most as usize {
        return Err(Refusal::bad_request(format!("一批不能超过 {most} 条")).field("submissions"));
    }
    let results = shared
        .blocking(move |shared| {
            let judge = |element: &sunbench_contract::KeyedSubmission| {
                let (key, submission) = (&element.client_key, &element.submission);
                submissions::submit(shared, &request.institution, &request.user, key, submission)
                    .map(|answer| answer.result)
                    .or_else(|refusal| {
                        if let Some(cause) = &refusal.cause {
                            tracing::error!(cause, "an element of a batch failed");
                        }
                        Ok(submissions::refused_in_batch(key, refusal, shared.now())?)
                    })
            };
            batch.submissions.iter().map(judge).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    json(&SubmissionBatchResult { results, server_time: shared.now() })
}
