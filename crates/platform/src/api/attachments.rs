//! Attachments, named by the SHA-256 of their content.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sunbench_contract::{AttachmentState, answer_header, codes};

use super::auth::Signed;
use super::{ATTACHMENT_TYPE, Refusals, json};
use crate::attachment::{Held, Piece, is_sha256, parse_range};
use crate::error::Refusal;
use crate::shared::Shared;

fn check_name(sha256: &str) -> Result<(), Refusal> {
    if is_sha256(sha256) {
        Ok(())
    } else {
        Err(Refusal::bad_request("附件名须为 SHA-256").field("sha256"))
    }
}

fn nothing() -> Refusal {
    Refusal::not_found("平台没有这个附件")
}

async fn held(shared: &Arc<Shared>, request: Signed, sha256: String) -> Result<Option<Held>, Refusal> {
    shared.blocking(move |shared| Ok(shared.attachments.held(&request.institution, &sha256))).await
}

/// How much of it is there, in the headers `x-received` and `x-complete`.
#[utoipa::path(head, path = "/api/v1/attachments/{sha256}", tag = "contract",
    params(("sha256" = String, Path, description = "lower-case hex")),
    responses(
        (status = 200, description = "已收到的字节数", headers(
            ("x-received" = u64, description = "bytes that the platform holds"),
            ("x-complete" = bool, description = "whole and with the right digest")
        )),
        (status = 404, description = "没有"),
        Refusals
    ))]
pub(super) async fn head(
    State(shared): State<Arc<Shared>>,
    Path(sha256): Path<String>,
    request: Signed,
) -> Result<Response, Refusal> {
    check_name(&sha256)?;
    let held = held(&shared, request, sha256).await?.ok_or_else(nothing)?;
    let headers = [
        (answer_header::RECEIVED, held.received.to_string()),
        (answer_header::COMPLETE, held.complete.to_string()),
    ];
    Ok(headers.into_response())
}

/// Brings the whole, or with `Content-Range: bytes a-b/total` a piece.
#[utoipa::path(put, path = "/api/v1/attachments/{sha256}", tag = "contract",
    params(
        ("sha256" = String, Path, description = "lower-case hex"),
        ("Content-Range" = Option<String>, Header, description = "bytes a-b/total")
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "已收到的字节数", body = AttachmentState),
        (status = 416, description = "与已收到的不相接", body = sunbench_contract::Problem),
        (status = 422, description = "内容与校验值不符", body = sunbench_contract::Problem),
        Refusals
    ))]
pub(super) async fn put(
    State(shared): State<Arc<Shared>>,
    Path(sha256): Path<String>,
    request: Signed,
) -> Result<Response, Refusal> {
    check_name(&sha256)?;
    let range = request.headers.get(header::CONTENT_RANGE).map(|value| value.to_str().unwrap_or_default());
    let piece = Piece::parse(range, request.body.len() as u64)
        .ok_or_else(|| Refusal::bad_request("Content-Range 与内容不符").field("Content-Range"))?;
    let name = sha256.clone();
    let held = shared
        .blocking(move |shared| shared.attachments.put(&request.institution, &name, piece, &request.body))
        .await?;
    json(&AttachmentState {
        sha256,
        received: held.received,
        complete: held.complete,
        server_time: shared.now(),
    })
}

/// The content, or with `Range: bytes=a-b` a part of it.
#[utoipa::path(get, path = "/api/v1/attachments/{sha256}", tag = "contract",
    params(
        ("sha256" = String, Path, description = "lower-case hex"),
        ("Range" = Option<String>, Header, description = "bytes=a-b")
    ),
    responses(
        (status = 200, description = "内容", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "部分内容", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "没有", body = sunbench_contract::Problem),
        (status = 416, description = "范围之外", body = sunbench_contract::Problem),
        Refusals
    ))]
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    Path(sha256): Path<String>,
    request: Signed,
) -> Result<Response, Refusal> {
    check_name(&sha256)?;
    let range = request.headers.get(header::RANGE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let institution = request.institution.clone();
    let held = held(&shared, request, sha256.clone()).await?;
    let total = held.filter(|held| held.complete).ok_or_else(nothing)?.received;
    let (from, end) = match &range {
        None => (0, total),
        Some(range) => parse_range(range, total).ok_or_else(|| {
            Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, codes::BAD_REQUEST, "请求的范围在附件之外")
                .field("Range")
        })?,
    };
    let bytes =
        shared.blocking(move |shared| shared.attachments.read(&institution, &sha256, from, end)).await?;
    let kind = [(header::CONTENT_TYPE, ATTACHMENT_TYPE)];
    if range.is_none() {
        return Ok((kind, bytes).into_response());
    }
    let part = [(header::CONTENT_RANGE, format!("bytes {from}-{}/{total}", end.saturating_sub(1)))];
    Ok((StatusCode::PARTIAL_CONTENT, kind, part, bytes).into_response())
}
