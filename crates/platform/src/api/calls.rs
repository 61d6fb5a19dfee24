//! Capabilities, sign-in and the daily comparison.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use rusqlite::params;
use serde::Deserialize;
use sunbench_contract::{
    CONTRACT_VERSION, Capabilities, DayDigest, Operator, Resource, SeatClosed, SubmissionKind, TokenRequest,
    TokenResponse, codes, item_hash,
};
use sunbench_domain::Amount;

use super::auth::{Signed, Unsigned, access_token};
use super::{Refusals, SIGN_TYPES, json};
use crate::account;
use crate::error::{Error, Refusal};
use crate::object::{age_of, part_of};
use crate::shared::Shared;

/// What [`crate::token::Secret::derived`] makes the institutions' exchange keys for.
const EXCHANGE: &str = "exchange";

/// What the platform is and what it allows; the only call that needs no sign-in and is served during maintenance.
#[utoipa::path(get, path = "/api/v1/capabilities", tag = "contract",
    responses((status = 200, description = "能力声明", body = Capabilities), Refusals))]
pub(super) async fn capabilities(State(shared): State<Arc<Shared>>) -> Result<Response, Refusal> {
    let mut features: Vec<String> =
        ["longPoll", "ndjson", "digest", "attachments", "gzip", "zstd"].map(str::to_owned).to_vec();
    features.extend(SubmissionKind::ALL.iter().map(|kind| format!("submit:{}", kind.name())));
    json(&Capabilities {
        versions: vec![CONTRACT_VERSION],
        platform: shared.config.platform.clone(),
        division_code: shared.config.division_code.clone(),
        epoch: shared.epoch.clone(),
        limits: shared.config.limits.clone(),
        sign_types: SIGN_TYPES.to_vec(),
        features,
        server_time: shared.now(),
    })
}

/// Signs in by password (unsigned), renews the access token by the renewal credential, or gives a computer that shares a
/// seat one of its own (both signed).
#[utoipa::path(post, path = "/api/v1/token", tag = "contract", request_body = TokenRequest,
    responses(
        (status = 200, description = "凭据与令牌", body = TokenResponse),
        Refusals
    ))]
pub(super) async fn token(State(shared): State<Arc<Shared>>, request: Unsigned) -> Result<Response, Refusal> {
    let body: TokenRequest =
        serde_json::from_slice(&request.body).map_err(|_| Refusal::bad_request("登录请求无法读取"))?; // the error could quote the password
    let answer = match body {
        TokenRequest::Password { institution, operator, password } => {
            shared.blocking(move |shared| sign_in(shared, &institution, &operator, &password)).await?
        }
        TokenRequest::NewSeat { renewal_credential } => {
            let (_, operator) = renewing(&shared, &request, &renewal_credential).await?;
            shared.blocking(move |shared| new_seat(shared, operator)).await?
        }
        TokenRequest::Renew { renewal_credential } => {
            let (seat, operator) = renewing(&shared, &request, &renewal_credential).await?;
            TokenResponse {
                app_key: None,
                app_secret: None,
                renewal_credential: None,
                access_token: access_token(&shared, &seat.app_key),
                exchange_key: Some(shared.secret.derived(EXCHANGE, &operator.institution)),
                expires_in_s: shared.config.token_s,
                certificate: Some(account::certificate(&operator, shared.now())),
                operator,
                server_time: shared.now(),
            }
        }
    };
    json(&answer)
}

/// Closes the seat that signed: its credentials and its access tokens end.
#[utoipa::path(delete, path = "/api/v1/token", tag = "contract",
    responses((status = 200, description = "席位已注销", body = SeatClosed), Refusals))]
pub(super) async fn sign_out(
    State(shared): State<Arc<Shared>>,
    request: Unsigned,
) -> Result<Response, Refusal> {
    let seat = request.check_signature(&shared).await?;
    shared
        .blocking(move |shared| {
            Ok(shared.database.write::<_, Error>(|tx| account::remove_seat(tx, &seat.app_key))?)
        })
        .await?;
    json(&SeatClosed { server_time: shared.now() })
}

/// The seat that signed, whose renewal credential this is, and its operator as he is now.
async fn renewing(
    shared: &Arc<Shared>,
    request: &Unsigned,
    credential: &str,
) -> Result<(account::Seat, Operator), Refusal> {
    let seat = request.check_signature(shared).await?;
    let unknown = || {
        let mut refusal = Refusal::unauthorised(codes::CREDENTIAL_UNKNOWN, "平台不认识此凭据，请重新登录");
        refusal.retryable = false;
        refusal
    };
    if !seat.renews_with(credential) {
        return Err(unknown());
    }
    let (institution, user) = (seat.institution.clone(), seat.user.clone());
    let operator = shared
        .blocking(move |shared| Ok(shared.database.read(|c| account::operator(c, &institution, &user))?))
        .await?;
    let (operator, _) = operator.ok_or_else(unknown)?;
    let (app_key, now) = (seat.app_key.clone(), shared.now());
    shared
        .blocking(move |shared| {
            Ok(shared.database.write::<_, Error>(|tx| account::seat_is_in_use(tx, &app_key, now))?)
        })
        .await?;
    Ok((seat, operator))
}

fn sign_in(shared: &Shared, institution: &str, user: &str, password: &str) -> Result<TokenResponse, Refusal> {
    let who = format!("{institution} {user}");
    shared
        .sign_ins
        .allows(&who)
        .map_err(|wait| Refusal::rate_limited("登录失败次数过多，请稍后再试", wait))?;
    let found = shared.database.read(|c| account::operator(c, institution, user))?;
    let right = account::verify(password, found.as_ref().map(|(_, hash)| hash.as_str()));
    let Some((operator, _)) = found.filter(|_| right) else {
        let _ = shared.sign_ins.take(&who);
        let msg = "机构代码、操作员或密码不正确";
        return Err(Refusal::new(StatusCode::FORBIDDEN, codes::SIGN_IN_REFUSED, msg));
    };
    shared.sign_ins.forget(&who);
    new_seat(shared, operator)
}

fn new_seat(shared: &Shared, operator: Operator) -> Result<TokenResponse, Refusal> {
    let now = shared.now();
    let made = shared.database.write::<_, Error>(|tx| account::add_seat(tx, &operator, now))?;
    Ok(TokenResponse {
        access_token: access_token(shared, &made.app_key),
        exchange_key: Some(shared.secret.derived(EXCHANGE, &operator.institution)),
        app_key: Some(made.app_key),
        app_secret: Some(made.app_secret),
        renewal_credential: Some(made.renewal_credential),
        expires_in_s: shared.config.token_s,
        certificate: Some(account::certificate(&operator, now)),
        operator,
        server_time: now,
    })
}

/// Query of `GET /digest`.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DigestQuery {
    /// [`Resource::name`].
    resource: String,
    /// The business day.
    day: NaiveDate,
}

/// 对数: what the hospital should hold of one resource and business day.
#[utoipa::path(get, path = "/api/v1/digest", tag = "contract", params(DigestQuery),
    responses((status = 200, description = "当日应有", body = DayDigest), Refusals))]
pub(super) async fn digest(State(shared): State<Arc<Shared>>, request: Signed) -> Result<Response, Refusal> {
    let DigestQuery { resource, day } = request.query()?;
    let resource = Resource::from_name(&resource)
        .ok_or_else(|| Refusal::bad_request("没有这种单据").field("resource"))?;
    let digest =
        shared.blocking(move |shared| day_digest(shared, &request.institution, resource, day)).await?;
    json(&digest)
}

pub(crate) const DIGEST: &str = "SELECT id, ver, amount, data FROM object INDEXED BY object_page
 WHERE institution IN ('', ?1) AND part = ?2 AND age = ?3 AND op = 1 AND resource = ?4";

fn day_digest(
    shared: &Shared,
    institution: &str,
    resource: Resource,
    day: NaiveDate,
) -> Result<DayDigest, Refusal> {
    shared.database.read(|connection| {
        let mut statement = connection.prepare_cached(DIGEST)?;
        let mut rows =
            statement.query(params![institution, part_of(resource), age_of(day), resource.name()])?;
        let (mut count, mut sum, mut hash) = (0, Amount::ZERO, 0_u128);
        while let Some(row) = rows.next()? {
            let text_of = |column| row.get_ref(column).and_then(|v| Ok(v.as_str()?));
            count += 1;
            sum = sum
                .checked_add(Amount::from_units(row.get(2)?))
                .ok_or_else(|| Refusal::internal("a day's sum is out of range"))?;
            hash = hash.wrapping_add(item_hash(text_of(0)?, row.get(1)?, text_of(3)?));
        }
        Ok(DayDigest {
            resource: resource.name().to_owned(),
            day,
            count,
            sum,
            hash: format!("{hash:032x}"),
            server_time: shared.now(),
        })
    })
}
