//! Who asks: signature, nonce and access token, checked before a call sees the request.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Uri};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use sunbench_contract::sign::{self, SignType, header};
use sunbench_contract::{codes, integrity};

use crate::account::{Seat, seat};
use crate::error::Refusal;
use crate::shared::Shared;

/// Seconds in which a request's body must have arrived.
const BODY_S: u64 = 60;
const NONCE_BYTES: usize = 128;

/// A request whose signature and access token are right, with its whole body.
pub(super) struct Signed {
    pub(super) institution: String,
    pub(super) user: String,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl FromRequest<Arc<Shared>> for Signed {
    type Rejection = Refusal;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Refusal> {
        let unsigned = Unsigned::from_request(request, shared).await?;
        let seat = unsigned.check_signature(shared).await?;
        let token = unsigned
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .unwrap_or_default();
        let expires =
            shared.secret.unseal("token", &seat.app_key, token).and_then(|body| body.parse::<i64>().ok());
        if expires.is_none_or(|at| at <= shared.now().unix()) {
            return Err(Refusal::unauthorised(codes::TOKEN_EXPIRED, "登录已过期，请更新令牌"));
        }
        shared.take_quota(&seat.institution)?;
        let Unsigned { uri, headers, body, .. } = unsigned;
        Ok(Self { institution: seat.institution, user: seat.user, uri, headers, body })
    }
}

impl Signed {
    /// The query's fields.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        axum::extract::Query::<T>::try_from_uri(&self.uri)
            .map(|query| query.0)
            .map_err(|error| Refusal::bad_request(format!("查询参数无法读取：{error}")))
    }
}

/// An access token of a seat.
pub(super) fn access_token(shared: &Shared, app_key: &str) -> String {
    let expires = shared.now().unix() + i64::from(shared.config.token_s);
    shared.secret.seal("token", app_key, &expires.to_string())
}

/// A request with its whole body, nothing checked.
pub(super) struct Unsigned {
    pub(super) method: String,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl FromRequest<Arc<Shared>> for Unsigned {
    type Rejection = Refusal;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let limit = if parts.uri.path().contains("/attachments/") {
            shared.config.limits.attachment_bytes as usize
        } else {
            shared.config.body_bytes
        };
        let too_large = || Refusal::too_large("请求内容过大");
        let length = parts.headers.get("content-length").and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let read = axum::body::to_bytes(body, limit);
        let body = match tokio::time::timeout(Duration::from_secs(BODY_S), read).await {
            Ok(Ok(body)) => body,
            Ok(Err(error)) if is_limit(&error) => return Err(too_large()),
            Ok(Err(_)) | Err(_) => return Err(Refusal::bad_request("请求内容没有收全").retryable()),
        };
        let stated = parts.headers.get(integrity::REQUEST_DIGEST).and_then(|value| value.to_str().ok());
        if !integrity::is_intact(stated, &body) {
            return Err(Refusal::bad_request("请求内容在途中损坏，请重试").retryable());
        }
        Ok(Self { method: parts.method.to_string(), uri: parts.uri, headers: parts.headers, body })
    }
}

fn is_limit(error: &axum::Error) -> bool {
    use std::error::Error;
    error.source().is_some_and(|source| source.to_string().contains("length limit"))
}

impl Unsigned {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The seat that signed, after its clock, signature, nonce and rate have been found right.
    pub(super) async fn check_signature(&self, shared: &Arc<Shared>) -> Result<Seat, Refusal> {
        let bad = |msg: &str| Refusal::unauthorised(codes::BAD_SIGNATURE, msg);
        let app_key = self.header(header::APP_KEY).to_owned();
        if app_key.is_empty() {
            return Err(bad("请求没有签名"));
        }
        let found = shared.blocking(move |shared| Ok(shared.database.read(|c| seat(c, &app_key))?)).await?;
        let Some(seat) = found else {
            let mut refusal =
                Refusal::unauthorised(codes::CREDENTIAL_UNKNOWN, "平台不认识此凭据，请重新登录");
            refusal.retryable = false;
            return Err(refusal);
        };
        let timestamp: i64 = self.header(header::TIMESTAMP).parse().map_err(|_| bad("请求时间无法读取"))?;
        if !shared.is_timely(timestamp) {
            let msg = "请求时间与平台时间相差超过五分钟，请校准电脑时钟";
            return Err(Refusal::unauthorised(codes::CLOCK_SKEW, msg));
        }
        let nonce = self.header(header::NONCE);
        if nonce.is_empty() || nonce.len() > NONCE_BYTES {
            return Err(bad("随机串缺失或过长"));
        }
        let kind = SignType::from_name(self.header(header::SIGN_TYPE))
            .filter(|kind| super::SIGN_TYPES.contains(kind))
            .ok_or_else(|| bad("不支持的签名方式"))?;
        let request = sign::Request {
            method: &self.method,
            path: self.uri.path(),
            query: self.uri.query().unwrap_or_default(),
            timestamp,
            nonce,
            body: &self.body,
        };
        if !sign::verify(kind, seat.secret.as_bytes(), &request, self.header(header::SIGNATURE)) {
            return Err(bad("签名不正确"));
        }
        if !shared.take_nonce(&seat.app_key, nonce) {
            return Err(Refusal::unauthorised(codes::NONCE_REUSED, "随机串在十分钟内已使用过"));
        }
        shared
            .rate
            .take(&seat.app_key)
            .map_err(|wait| Refusal::rate_limited("请求过于频繁，请稍后再试", wait))?;
        Ok(seat)
    }
}
