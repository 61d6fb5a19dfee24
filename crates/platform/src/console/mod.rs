//! 督办管理控制台: the supervisor's web console. Pages without scripts, styles of its own, nothing from elsewhere.

mod attendance;
mod hospitals;
mod issue;
mod maintenance;
mod notices;
mod page;
mod session;
mod supervision;
mod templates;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

pub(crate) use maintenance::set_maintenance;
pub(crate) use session::Sessions;

use crate::error::{Error, Refusal};
use crate::shared::Shared;

const STYLE: &str = include_str!("console.css");

/// The routes of the console.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/console", get(async || Redirect::to("/console/notices")))
        .route("/console/", get(async || Redirect::to("/console/notices")))
        .route("/console/console.css", get(style))
        .route("/console/sign-in", get(session::form).post(session::sign_in))
        .route("/console/sign-out", post(session::sign_out))
        .route("/console/hospitals", get(hospitals::list))
        .route("/console/notices", get(notices::list).post(issue::issue))
        .route("/console/notices/new", get(issue::form))
        .route("/console/notices/{id}", get(notices::detail))
        .route("/console/notices/{id}/close", post(notices::close))
        .route("/console/notices/{id}/return", post(notices::send_back))
        .route("/console/replies/{id}/attachments/{index}", get(notices::attachment))
        .route("/console/attendance", get(attendance::month))
        .route("/console/supervision", get(supervision::form).post(supervision::supervise))
        .route("/console/supervision/rule", post(supervision::adjust))
        .route("/console/maintenance", get(maintenance::form).post(maintenance::switch))
        .layer(from_fn(same_origin))
        .layer(from_fn_with_state(Arc::clone(shared), describe))
        .layer(from_fn(headers))
        .with_state(Arc::clone(shared))
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// Why a page is not shown.
#[derive(Debug, Clone)]
enum Fault {
    /// Not signed in (any more).
    SignIn,
    NotFound,
    /// The form was not the session's own, or came from another site.
    Forged,
    /// What was asked is not allowed; for people.
    NotAllowed(String),
    /// For the log.
    Internal(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::NotAllowed(msg) => Self::NotAllowed(msg),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Internal(refusal.cause.clone().unwrap_or_else(|| refusal.msg.clone()))
    }
}

impl IntoResponse for Fault {
    /// The page is written by [`describe`].
    fn into_response(self) -> Response {
        let status = match self {
            Self::SignIn => return Redirect::to("/console/sign-in").into_response(),
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::NotAllowed(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the page of a fault.
async fn describe(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(fault) = response.extensions_mut().remove::<Fault>() else { return response };
    let (title, text) = match fault {
        Fault::SignIn => ("请登录", String::new()),
        Fault::NotFound => ("没有找到", "这项内容不存在，或已被删除。".to_owned()),
        Fault::Forged => ("请求已失效", "页面停留过久或来源不明，请返回后重新操作。".to_owned()),
        Fault::NotAllowed(msg) => ("未能完成", msg),
        Fault::Internal(cause) => {
            tracing::error!(cause, "a page failed");
            ("平台出错", "请稍后重试。".to_owned())
        }
    };
    let status = response.status();
    (status, page::plain(&shared, title, &text)).into_response()
}

/// Refuses forms that another site sent.
async fn same_origin(request: Request, next: Next) -> Response {
    if !request.method().is_safe() && is_foreign(request.headers()) {
        return Fault::Forged.into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN);
    origin.is_some_and(|origin| origin.split_once("://").map(|(_, host)| host) != text(header::HOST))
}

/// What every page tells the browser.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
