//! The reference protocol over HTTPS, as the contract lays it down.

mod http;
mod lines;
mod page;
#[cfg(feature = "testing")]
pub mod testing;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::stream;
use reqwest::{Method, Response, Url, header};
use serde::de::DeserializeOwned;
use sunbench_contract::sign::SignType;
use sunbench_contract::time::Instant;
use sunbench_contract::{
    AttachmentState, CONTRACT_VERSION, Capabilities, Certificate, ChangesQuery, DayDigest, Operator,
    SeatClosed, SnapshotQuery, SubmissionResult, TokenRequest, TokenResponse, answer_header, codes,
};

use crate::client::{
    ByteStream, ClientError, Page, PlatformClient, Session, SignIn, SnapshotEvent, SnapshotStream,
};
use crate::clock::{Clock, offset_s};
use http::{Call, Proof};
use lines::SnapshotReader;

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";
/// A token is renewed when it has less than this left, in seconds.
const TOKEN_MARGIN_S: i64 = 60;
/// How often in a row the platform has to say that it does not know a seat or its signature.
const DISOWNED: u32 = 3;
/// How much longer than the agreed wait a long poll may take.
const POLL_MARGIN: Duration = Duration::from_secs(10);

/// The `reference` adapter.
pub struct ReferenceClient {
    http: reqwest::Client,
    base: Url,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Held while the token is renewed, so that several requests renew it once.
    renewing: tokio::sync::Mutex<()>,
    requests: AtomicU64,
}

#[derive(Default)]
struct State {
    session: Option<Session>,
    exchange_key: Option<String>,
    certificate: Option<Certificate>,
    offset_s: Option<i64>,
}

impl ReferenceClient {
    /// A client for the platform at `url`, with the session that was kept from last time.
    ///
    /// # Errors
    /// [`ClientError::Address`] for an address that is none or that would send secrets in the clear.
    pub fn new(url: &str, session: Option<Session>, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        let base = http::base_url(url)?;
        Ok(Self {
            http: http::http_client(&base)?,
            base,
            clock,
            state: Mutex::new(State { session, ..State::default() }),
            renewing: tokio::sync::Mutex::new(()),
            requests: AtomicU64::new(0),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The platform's time, as far as it is known.
    fn now(&self) -> i64 {
        self.clock.now().unix() + self.state().offset_s.unwrap_or(0)
    }

    fn measure(&self, server_time: Instant) {
        self.state().offset_s = Some(offset_s(server_time, self.clock.now()));
    }

    /// Sends once.
    async fn attempt(&self, call: &Call) -> Result<Response, ClientError> {
        let session = self.state().session.clone();
        let request = call.request(&self.http, &self.base, session.as_ref(), self.now())?;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let answer = http::send(&self.http, request, call.patience).await;
        if let Err(error) = &answer
            && let Some(problem) = error.problem()
        {
            self.measure(problem.server_time);
        }
        answer
    }

    /// Sends, and answers what a 401 asks for: the right time, a fresh nonce or a fresh token, each once. A signature
    /// or a seat that the platform does not know may have been damaged on the way: it has to say so three times.
    async fn exchange(&self, call: &Call) -> Result<Response, ClientError> {
        let (mut clock_set, mut nonce_renewed, mut token_renewed) = (false, false, false);
        let mut disowned = 1;
        let with_token = call.proof == Proof::SignatureAndToken;
        if with_token {
            let session = self.state().session.clone().ok_or(ClientError::SignInNeeded)?;
            if session.expires_at - TOKEN_MARGIN_S <= self.now() {
                token_renewed = true;
                Box::pin(self.renew(&session.access_token)).await?;
            }
        }
        loop {
            let token = self.state().session.as_ref().map(|s| s.access_token.clone()).unwrap_or_default();
            let error = match self.attempt(call).await {
                Err(error) if error.status() == Some(401) => error,
                other => return other,
            };
            match error.code() {
                codes::CLOCK_SKEW if !clock_set => clock_set = true,
                codes::NONCE_REUSED if !nonce_renewed => nonce_renewed = true,
                codes::BAD_SIGNATURE | codes::CREDENTIAL_UNKNOWN if disowned < DISOWNED => disowned += 1,
                codes::CREDENTIAL_UNKNOWN => return Err(ClientError::SignInNeeded),
                codes::CLOCK_SKEW | codes::NONCE_REUSED | codes::BAD_SIGNATURE => return Err(error),
                _ if with_token && !token_renewed => {
                    token_renewed = true;
                    Box::pin(self.renew(&token)).await?;
                }
                _ => return Err(error),
            }
        }
    }

    /// Renews the access token, unless somebody else has replaced `stale` meanwhile.
    async fn renew(&self, stale: &str) -> Result<(), ClientError> {
        let _turn = self.renewing.lock().await;
        let session = self.state().session.clone().ok_or(ClientError::SignInNeeded)?;
        if session.access_token != stale {
            return Ok(());
        }
        let body = TokenRequest::Renew { renewal_credential: session.renewal_credential.clone() };
        let answer: TokenResponse = self.token(&body, Proof::Signature).await?;
        self.measure(answer.server_time);
        self.state().exchange_key = answer.exchange_key;
        self.state().certificate = answer.certificate;
        self.state().session = Some(Session {
            access_token: answer.access_token,
            expires_at: answer.server_time.unix() + i64::from(answer.expires_in_s),
            ..session
        });
        Ok(())
    }

    async fn token(&self, body: &TokenRequest, proof: Proof) -> Result<TokenResponse, ClientError> {
        let body = serde_json::to_vec(body).map_err(|error| ClientError::unreadable(&error))?;
        let call = Call::new(Method::POST, &["token"], proof).body(JSON, body.into());
        decode(self.exchange(&call).await?).await
    }

    /// From now on this client has the seat that the answer brings.
    fn take_seat(&self, answer: TokenResponse, sign_type: SignType) -> Result<Operator, ClientError> {
        let (Some(app_key), Some(app_secret), Some(renewal_credential)) =
            (answer.app_key, answer.app_secret, answer.renewal_credential)
        else {
            return Err(ClientError::BadAnswer("a sign-in without credentials".to_owned()));
        };
        self.measure(answer.server_time);
        self.state().exchange_key = answer.exchange_key;
        self.state().certificate = answer.certificate;
        self.state().session = Some(Session {
            app_key,
            app_secret,
            renewal_credential,
            sign_type,
            access_token: answer.access_token,
            expires_at: answer.server_time.unix() + i64::from(answer.expires_in_s),
        });
        Ok(answer.operator)
    }

    async fn json<T: DeserializeOwned>(
        &self,
        call: &Call,
        server_time: fn(&T) -> Instant,
    ) -> Result<T, ClientError> {
        let answer = decode(self.exchange(call).await?).await?;
        self.measure(server_time(&answer));
        Ok(answer)
    }
}

async fn decode<T: DeserializeOwned>(response: Response) -> Result<T, ClientError> {
    let body = http::read(response).await?;
    serde_json::from_slice(&body).map_err(|error| ClientError::unreadable(&error))
}

/// An answer that speaks of something else than was asked about was mixed up on the way.
fn same<T>(is_same: bool, answer: T) -> Result<T, ClientError> {
    if is_same {
        Ok(answer)
    } else {
        Err(ClientError::BadAnswer("the answer to another question".to_owned()))
    }
}

#[async_trait::async_trait]
impl PlatformClient for ReferenceClient {
    async fn capabilities(&self) -> Result<Capabilities, ClientError> {
        let call = Call::new(Method::GET, &["capabilities"], Proof::Nothing);
        let answer: Capabilities = self.json(&call, |c: &Capabilities| c.server_time).await?;
        if !answer.versions.contains(&CONTRACT_VERSION) {
            return Err(ClientError::Versions { versions: answer.versions });
        }
        Ok(answer)
    }

    async fn sign_in(&self, who: &SignIn) -> Result<Operator, ClientError> {
        let sign_type = preferred_sign_type(&self.capabilities().await?)
            .ok_or_else(|| ClientError::BadAnswer("no kind of signature that is known here".to_owned()))?;
        let body = TokenRequest::Password {
            institution: who.institution.clone(),
            operator: who.operator.clone(),
            password: who.password.clone(),
        };
        let answer = self.token(&body, Proof::Nothing).await?;
        self.take_seat(answer, sign_type)
    }

    async fn sign_out(&self) -> Result<(), ClientError> {
        let call = Call::new(Method::DELETE, &["token"], Proof::Signature);
        match self.json(&call, |answer: &SeatClosed| answer.server_time).await {
            // An earlier attempt has closed it, or the platform has.
            Ok(_) | Err(ClientError::SignInNeeded) => {
                self.state().session = None;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn new_seat(&self) -> Result<(), ClientError> {
        let session = self.state().session.clone().ok_or(ClientError::SignInNeeded)?;
        let body = TokenRequest::NewSeat { renewal_credential: session.renewal_credential };
        let answer = self.token(&body, Proof::Signature).await?;
        self.take_seat(answer, session.sign_type).map(drop)
    }

    async fn snapshot(&self, query: &SnapshotQuery) -> Result<SnapshotStream, ClientError> {
        let mut call = Call::new(Method::GET, &["snapshot"], Proof::SignatureAndToken)
            .query("part", &query.part.name())
            .header(header::ACCEPT, NDJSON);
        if let Some(after) = &query.after {
            call = call.query("after", after);
        }
        if let Some(limit) = query.limit {
            call = call.query("limit", &limit);
        }
        if let Some(before) = query.before {
            call = call.query("before", &before);
        }
        let response = self.exchange(&call).await?;
        let started =
            Reading { response, reader: SnapshotReader::default(), ready: VecDeque::new(), over: false };
        Ok(Box::pin(stream::unfold(started, Reading::next)))
    }

    async fn changes(&self, query: &ChangesQuery) -> Result<Page, ClientError> {
        let mut call = Call::new(Method::GET, &["changes"], Proof::SignatureAndToken)
            .query("cursor", &query.cursor)
            .header(header::ACCEPT, JSON);
        if let Some(limit) = query.limit {
            call = call.query("limit", &limit);
        }
        if let Some(wait) = query.wait.filter(|wait| *wait > 0) {
            call = call.query("wait", &wait);
            call.patience = Duration::from_secs(u64::from(wait)) + POLL_MARGIN;
        }
        let body = http::read(self.exchange(&call).await?).await?;
        let page = page::parse(&body)?;
        self.measure(page.server_time);
        Ok(page)
    }

    async fn digest(&self, resource: &str, day: NaiveDate) -> Result<DayDigest, ClientError> {
        let call = Call::new(Method::GET, &["digest"], Proof::SignatureAndToken)
            .query("resource", &resource)
            .query("day", &day);
        let answer = self.json(&call, |answer: &DayDigest| answer.server_time).await?;
        same(answer.resource == resource && answer.day == day, answer)
    }

    async fn submit(&self, key: &str, body: Bytes) -> Result<SubmissionResult, ClientError> {
        let call = Call::new(Method::PUT, &["submissions", key], Proof::SignatureAndToken).body(JSON, body);
        let answer = self.json(&call, |answer: &SubmissionResult| answer.server_time).await?;
        same(answer.client_key.eq_ignore_ascii_case(key), answer)
    }

    async fn submission_status(&self, key: &str) -> Result<Option<SubmissionResult>, ClientError> {
        let call = Call::new(Method::GET, &["submissions", key], Proof::SignatureAndToken);
        match self.json(&call, |answer: &SubmissionResult| answer.server_time).await {
            Ok(answer) => same(answer.client_key.eq_ignore_ascii_case(key), Some(answer)),
            // A 404 of a proxy or of a wrong path says nothing about the submission.
            Err(error) if error.status() == Some(404) && error.code() == codes::NOT_FOUND => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn attachment_state(&self, sha256: &str) -> Result<AttachmentState, ClientError> {
        let call = Call::new(Method::HEAD, &["attachments", sha256], Proof::SignatureAndToken);
        let unknown = AttachmentState {
            sha256: sha256.to_owned(),
            received: 0,
            complete: false,
            server_time: self.clock.now(),
        };
        let response = match self.exchange(&call).await {
            Ok(response) => response,
            Err(ClientError::Refused { status: 404, .. }) => return Ok(unknown),
            Err(error) => return Err(error),
        };
        let told = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let received = told(answer_header::RECEIVED)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ClientError::BadAnswer("an attachment without its size".to_owned()))?;
        Ok(AttachmentState { received, complete: told(answer_header::COMPLETE) == Some("true"), ..unknown })
    }

    async fn put_attachment(
        &self,
        sha256: &str,
        from: u64,
        total: u64,
        bytes: Bytes,
    ) -> Result<AttachmentState, ClientError> {
        let mut call = Call::new(Method::PUT, &["attachments", sha256], Proof::SignatureAndToken)
            .body("application/octet-stream", bytes.clone());
        if (bytes.len() as u64) < total {
            let last = (from + bytes.len() as u64).saturating_sub(1);
            call = call.header(header::CONTENT_RANGE, format!("bytes {from}-{last}/{total}"));
        }
        let answer = self.json(&call, |answer: &AttachmentState| answer.server_time).await?;
        same(answer.sha256 == sha256, answer)
    }

    async fn get_attachment(&self, sha256: &str, from: u64) -> Result<ByteStream, ClientError> {
        let call = Call::new(Method::GET, &["attachments", sha256], Proof::SignatureAndToken)
            .header(header::RANGE, format!("bytes={from}-"));
        let response = self.exchange(&call).await?;
        if from > 0 && response.status() != reqwest::StatusCode::PARTIAL_CONTENT {
            return Err(ClientError::BadAnswer("the whole attachment instead of its rest".to_owned()));
        }
        Ok(Box::pin(stream::unfold(Some(response), |response| async move {
            let mut response = response?;
            match http::next_chunk(&mut response).await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(response))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })))
    }

    fn session(&self) -> Option<Session> {
        self.state().session.clone()
    }

    fn exchange_key(&self) -> Option<String> {
        self.state().exchange_key.clone()
    }

    fn certificate(&self) -> Option<Certificate> {
        self.state().certificate.clone()
    }

    fn clock_offset_s(&self) -> Option<i64> {
        self.state().offset_s
    }

    fn requests_sent(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// The kind of signature to use with a platform; `None` when it takes none that is known here.
pub(crate) fn preferred_sign_type(platform: &Capabilities) -> Option<SignType> {
    [SignType::HmacSm3, SignType::HmacSha256].into_iter().find(|kind| platform.sign_types.contains(kind))
}

/// A snapshot on its way.
struct Reading {
    response: Response,
    reader: SnapshotReader,
    ready: VecDeque<SnapshotEvent>,
    over: bool,
}

impl Reading {
    async fn next(mut self) -> Option<(Result<SnapshotEvent, ClientError>, Self)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some((Ok(event), self));
            }
            if self.over {
                return None;
            }
            let read = match http::next_chunk(&mut self.response).await {
                Ok(Some(chunk)) => self.reader.push(&chunk),
                Ok(None) if self.reader.ended() => Ok(Vec::new()),
                Ok(None) => Err(ClientError::Cut("the answer ended early".to_owned())),
                Err(error) => Err(error),
            };
            match read {
                Ok(events) => {
                    self.over = self.reader.ended();
                    self.ready.extend(events);
                }
                Err(error) => {
                    self.over = true;
                    return Some((Err(error), self));
                }
            }
        }
    }
}
