//! The hospital API: routes, and what every answer has in common.

mod attachments;
mod auth;
mod calls;
mod feed;
mod submissions;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sunbench_contract::sign::{self, SignType};
use sunbench_contract::{BASE, CONTRACT_VERSION, Problem, answer_header, codes, integrity};
use tower_http::compression::predicate::{And, NotForContentType, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[cfg(test)]
pub(crate) use calls::DIGEST;

use crate::error::Refusal;
use crate::shared::Shared;
use crate::token::random_hex;

/// Bytes below which compressing costs more than it saves.
const COMPRESS_FROM: u64 = 1_024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sunbench platform contract",
        description = "医用耗材阳光采购平台对医院的接口。Every answer has `serverTime`; every refusal is a Problem. \
                       Requests are signed; see the security schemes. Every answer repeats the request's `X-Nonce`, and \
                       has `Unencoded-Digest: sha-256=:…:` unless it is a stream, whose marks have a `digest`. A request's \
                       `Content-Digest` is checked where there is one.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(
        sunbench_contract::Part,
        sunbench_contract::SnapshotLine,
        sunbench_contract::CheckInPayload,
        sunbench_contract::NoticeSignPayload,
        sunbench_contract::NoticeReplyPayload,
        sunbench_contract::ReceiptCreatePayload,
        sunbench_contract::OrderCancelPayload,
        sunbench_contract::OrderSubmitPayload,
        sunbench_contract::ReceiptConfirmPayload,
        sunbench_contract::ReturnCreatePayload,
        sunbench_contract::FilingCreatePayload,
        sunbench_contract::DemandReportSubmitPayload,
        sunbench_contract::AgreementSignPayload,
        sunbench_contract::SupplyIssueCreatePayload,
        sunbench_contract::SupplyIssueClosePayload,
        sunbench_contract::EvaluationCreatePayload,
        sunbench_contract::NegotiationInvitePayload,
        sunbench_contract::NegotiationDecidePayload,
        sunbench_contract::InvoiceVerifyPayload,
        sunbench_contract::SettlementCreatePayload,
        sunbench_contract::SettlementConfirmPayload,
        sunbench_contract::Org,
        sunbench_contract::Product,
        sunbench_contract::HospItem,
        sunbench_contract::Agreement,
        sunbench_contract::Order,
        sunbench_contract::OrderLine,
        sunbench_contract::Delivery,
        sunbench_contract::Receipt,
        sunbench_contract::Return,
        sunbench_contract::Invoice,
        sunbench_contract::Settlement,
        sunbench_contract::DistributionRelation,
        sunbench_contract::PriceList,
        sunbench_contract::Contract,
        sunbench_contract::DemandReport,
        sunbench_contract::Negotiation,
        sunbench_contract::Filing,
        sunbench_contract::SupplyIssue,
        sunbench_contract::Evaluation,
        sunbench_contract::CodeChange,
        sunbench_contract::Notice,
        sunbench_contract::NoticeReply,
        sunbench_contract::Indicator,
        sunbench_contract::Announcement,
        sunbench_contract::CheckIn,
    ))
)]
struct Document;

/// The refusals that any call may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "read by the description only")]
enum Refusals {
    /// The request cannot be read.
    #[response(status = 400)]
    BadRequest(Problem),
    /// Token, signature, clock or nonce: sign anew, or renew the token once.
    #[response(status = 401)]
    Unauthorised(Problem),
    /// The operator may not do this.
    #[response(status = 403)]
    Forbidden(Problem),
    /// The body is too large.
    #[response(status = 413)]
    TooLarge(Problem),
    /// Too many a second, or the day's quota is gone.
    #[response(status = 429)]
    RateLimited(Problem),
    /// The platform failed.
    #[response(status = 500)]
    Internal(Problem),
    /// Maintenance window.
    #[response(status = 503)]
    Maintenance(Problem),
}

fn described() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(calls::capabilities))
        .routes(routes!(calls::token, calls::sign_out))
        .routes(routes!(calls::digest))
        .routes(routes!(feed::snapshot))
        .routes(routes!(feed::changes))
        .routes(routes!(submissions::put, submissions::get))
        .routes(routes!(submissions::batch))
        .routes(routes!(attachments::head, attachments::put, attachments::get))
        .routes(routes!(openapi))
}

/// The description of the contract: OpenAPI 3.1, from the code that serves it.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let mut document = described().to_openapi();
    document.info.version = format!("{CONTRACT_VERSION}.0.0");
    let components = document.components.get_or_insert_default();
    let mut add = |name: &str, scheme: SecurityScheme| {
        components.security_schemes.insert(name.to_owned(), scheme.into());
    };
    add("accessToken", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    for (name, header, says) in [
        ("appKey", sunbench_contract::sign::header::APP_KEY, "this seat's key"),
        ("timestamp", sunbench_contract::sign::header::TIMESTAMP, "seconds since 1970, within five minutes"),
        ("nonce", sunbench_contract::sign::header::NONCE, "fresh for each attempt"),
        ("signType", sunbench_contract::sign::header::SIGN_TYPE, "HMAC-SM3 or HMAC-SHA256"),
        (
            "signature",
            sunbench_contract::sign::header::SIGNATURE,
            "lower-case hex over method \\n path?sorted-query \\n timestamp \\n nonce \\n hex(hash(body))",
        ),
    ] {
        add(name, SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(header, says))));
    }
    document
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "contract",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn openapi() -> Result<Response, Refusal> {
    Ok(json_text(document().to_json()?))
}

/// The routes of the hospital API.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let (routes, _) = described().split_for_parts();
    let compress_when: And<SizeAbove, NotForContentType> =
        SizeAbove::new(COMPRESS_FROM).and(NotForContentType::const_new(ATTACHMENT_TYPE));
    routes
        .fallback(async |State(shared), request| {
            unserved(&shared, request, Refusal::not_found("没有这个接口")).await
        })
        .method_not_allowed_fallback(async |State(shared), request| {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let refusal = Refusal::new(status, codes::BAD_REQUEST, "接口不支持这种请求方法");
            unserved(&shared, request, refusal).await
        })
        .layer(DefaultBodyLimit::disable()) // `Signed` limits each call's body
        .layer(from_fn_with_state(Arc::clone(shared), finish))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(compress_when))
        .with_state(Arc::clone(shared))
}

/// A signed request whose path or method was damaged on the way is told so, not that there is no such thing.
async fn unserved(shared: &Arc<Shared>, request: Request, refusal: Refusal) -> Refusal {
    if !request.headers().contains_key(sign::header::SIGNATURE) {
        return refusal;
    }
    match auth::Unsigned::from_request(request, shared).await {
        Ok(signed) => signed.check_signature(shared).await.err().unwrap_or(refusal),
        Err(unread) => unread,
    }
}

/// Attachments are passed on as they are.
const ATTACHMENT_TYPE: &str = "application/octet-stream";

/// Refuses during maintenance, writes refusals as problems, and puts the clock, the request's nonce and the content's
/// digest on every answer.
async fn finish(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let nonce = request.headers().get(sign::header::NONCE).cloned();
    let is_head = request.method() == Method::HEAD;
    let always = [format!("{BASE}/capabilities"), format!("{BASE}/openapi.json")];
    let mut response = match shared.maintenance() {
        Some(seconds) if !always.iter().any(|p| p == path) => {
            let msg = "平台维护中，请稍后再试";
            let mut refusal =
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, codes::MAINTENANCE, msg).retryable();
            refusal.retry_after_s = Some(seconds);
            refusal.into_response()
        }
        _ => next.run(request).await,
    };
    let now = shared.now();
    // What the router refuses by itself, such as half a character in a path, is a problem like any other.
    let refused = response.extensions_mut().remove::<Refusal>().or_else(|| {
        let (status, kind) = (response.status(), response.headers().get(header::CONTENT_TYPE));
        let stated = kind.is_some_and(|kind| kind == "application/json");
        (status.is_client_error() && !stated)
            .then(|| Refusal::new(status, codes::BAD_REQUEST, "请求无法读取"))
    });
    if let Some(refusal) = refused {
        let trace_id = random_hex::<8>().unwrap_or_default();
        if let Some(cause) = &refusal.cause {
            tracing::error!(trace_id, cause, "a request failed");
        }
        let (status, retry_after) = (refusal.status, refusal.retry_after_s);
        response = problem(status, &refusal.into_problem(trace_id, now));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
    }
    if let Ok(value) = HeaderValue::from_str(&now.to_string()) {
        response.headers_mut().insert(HeaderName::from_static(answer_header::SERVER_TIME), value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(nonce) = nonce {
        response.headers_mut().insert(HeaderName::from_static(sign::header::NONCE), nonce);
    }
    if is_head { response } else { with_digest(response).await }
}

/// States what the content is, where it does not come as a stream.
async fn with_digest(response: Response) -> Response {
    if response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == feed::NDJSON) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let content = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(content) => content,
        Err(error) => return Refusal::internal(format!("an answer's body: {error}")).into_response(),
    };
    if let Ok(value) = HeaderValue::from_str(&integrity::digest_field(&content)) {
        head.headers.insert(HeaderName::from_static(integrity::ANSWER_DIGEST), value);
    }
    Response::from_parts(head, content.into())
}

fn problem(status: StatusCode, problem: &Problem) -> Response {
    let mut response = json(problem).unwrap_or_else(IntoResponse::into_response);
    *response.status_mut() = status;
    response
}

fn json(value: &impl Serialize) -> Result<Response, Refusal> {
    Ok(json_text(serde_json::to_string(value)?))
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// The kinds of signatures that are checked.
const SIGN_TYPES: [SignType; 2] = [SignType::HmacSm3, SignType::HmacSha256];
