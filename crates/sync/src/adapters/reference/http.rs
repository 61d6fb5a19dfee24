//! One attempt of one request: address, signature, time-outs, bounds, and what a failure means.

use std::net::IpAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{Method, Response, StatusCode, Url, header};
use sunbench_contract::{BASE, Problem, integrity, sign};

use crate::client::{ClientError, Session};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the platform may be silent before and within an answer.
pub(super) const SILENCE: Duration = Duration::from_secs(30);
/// How long one answer may take in all, however steadily it trickles.
const WHOLE: Duration = Duration::from_mins(10);
/// Bytes of an answer that is not streamed, at most, after decompression.
const MAX_BODY: usize = 64 << 20;
/// Bytes of a refusal that are read.
const MAX_PROBLEM: usize = 4 << 20;

/// What a request has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing.
    Nothing,
    /// That the seat's secret is known.
    Signature,
    /// That, and who is signed in.
    SignatureAndToken,
}

/// A request, to be attempted once or more.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Below [`BASE`], in segments that are still to be percent-encoded.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(header::HeaderName, String)>,
    pub(super) body: Bytes,
    pub(super) proof: Proof,
    /// How long until the answer begins.
    pub(super) patience: Duration,
}

impl Call {
    pub(super) fn new(method: Method, path: &[&str], proof: Proof) -> Self {
        Self {
            method,
            path: path.iter().map(|&part| part.to_owned()).collect(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Bytes::new(),
            proof,
            patience: SILENCE,
        }
    }
    pub(super) fn query(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.query.push((name, value.to_string()));
        self
    }
    pub(super) fn header(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
    pub(super) fn body(mut self, kind: &str, body: Bytes) -> Self {
        self.body = body;
        self.header(header::CONTENT_TYPE, kind)
    }

    /// The request as it goes out now; a fresh nonce each time.
    pub(super) fn request(
        &self,
        http: &reqwest::Client,
        base: &Url,
        session: Option<&Session>,
        timestamp: i64,
    ) -> Result<reqwest::Request, ClientError> {
        let mut url = base.clone();
        url.path_segments_mut()
            .map_err(|()| ClientError::Address)?
            .pop_if_empty()
            .extend(BASE.split('/').filter(|part| !part.is_empty()))
            .extend(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = http.request(self.method.clone(), url.clone());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        // Every answer repeats it, so that one to another request is not taken for this one's.
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        request = request.header(sign::header::NONCE, &nonce);
        if self.proof != Proof::Nothing {
            let session = session.ok_or(ClientError::SignInNeeded)?;
            let signature = sign::sign(
                session.sign_type,
                session.app_secret.as_bytes(),
                &sign::Request {
                    method: self.method.as_str(),
                    path: url.path(),
                    query: url.query().unwrap_or(""),
                    timestamp,
                    nonce: &nonce,
                    body: &self.body,
                },
            );
            request = request
                .header(sign::header::APP_KEY, &session.app_key)
                .header(sign::header::TIMESTAMP, timestamp)
                .header(sign::header::SIGN_TYPE, session.sign_type.name())
                .header(sign::header::SIGNATURE, signature);
            if self.proof == Proof::SignatureAndToken {
                request = request.bearer_auth(&session.access_token);
            }
        }
        if !self.body.is_empty() {
            let digest = integrity::digest_field(&self.body);
            request = request.header(integrity::REQUEST_DIGEST, digest).body(self.body.clone());
        }
        request.build().map_err(|error| classify(&error))
    }
}

/// Reads an address as people type it.
///
/// Refused is what would send credentials in the clear: plain `http` to another computer.
pub(super) fn base_url(text: &str) -> Result<Url, ClientError> {
    let mut url = Url::parse(text.trim()).map_err(|_| ClientError::Address)?;
    let allowed = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(&url),
        _ => false,
    };
    if !allowed || !url.username().is_empty() || url.password().is_some() {
        return Err(ClientError::Address);
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host.eq_ignore_ascii_case("localhost")
            || host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

/// The HTTP client for one address.
pub(super) fn http_client(base: &Url) -> Result<reqwest::Client, ClientError> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .tcp_keepalive(Duration::from_secs(30))
        // gzip carries a checksum, so damage on the way shows; zstd here would not.
        .no_zstd()
        // A signature and a token are for one address only.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("sunbench/", env!("CARGO_PKG_VERSION")));
    if is_loopback(base) {
        builder = builder.no_proxy();
    }
    if base.scheme() == "http" {
        // Saves reading the system's certificates, which nothing here looks at.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| ClientError::Tls(error.to_string()))
}

/// Sends and waits for the answer's beginning; anything but 2xx is an error with the platform's reasons.
pub(super) async fn send(
    http: &reqwest::Client,
    request: reqwest::Request,
    patience: Duration,
) -> Result<Response, ClientError> {
    let nonce = request.headers().get(sign::header::NONCE).cloned();
    let response = match tokio::time::timeout(patience, http.execute(request)).await {
        Err(_) => return Err(ClientError::TimedOut),
        Ok(answer) => answer.map_err(|error| classify(&error))?,
    };
    if response.headers().get(sign::header::NONCE).is_some_and(|its| Some(its) != nonce.as_ref()) {
        return Err(ClientError::BadAnswer("the answer to another request".to_owned()));
    }
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(refusal(status, response).await)
}

async fn refusal(status: StatusCode, response: Response) -> ClientError {
    if status.is_redirection() {
        return ClientError::BadAnswer(format!("a redirection ({status})"));
    }
    let retry_after_s = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<u32>().ok());
    // A refusal whose reasons cannot be read, or were damaged, is still that refusal.
    let problem = read_up_to(response, MAX_PROBLEM)
        .await
        .ok()
        .and_then(|body| serde_json::from_slice::<Problem>(&body).ok())
        .map(Box::new);
    ClientError::Refused { status: status.as_u16(), problem, retry_after_s }
}

/// The whole body of an answer, as the platform states it.
pub(super) async fn read(response: Response) -> Result<Bytes, ClientError> {
    read_up_to(response, MAX_BODY).await
}

async fn read_up_to(mut response: Response, most: usize) -> Result<Bytes, ClientError> {
    let stated = response.headers().get(integrity::ANSWER_DIGEST).cloned();
    let all = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = next_chunk(&mut response).await? {
            if body.len() + chunk.len() > most {
                return Err(ClientError::BadAnswer(format!("more than {most} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    let body = tokio::time::timeout(WHOLE, all).await.unwrap_or(Err(ClientError::TimedOut))?;
    if !integrity::is_intact(stated.as_ref().and_then(|value| value.to_str().ok()), &body) {
        return Err(ClientError::BadAnswer("the answer was damaged on the way".to_owned()));
    }
    Ok(body)
}

/// The next piece of an answer.
pub(super) async fn next_chunk(response: &mut Response) -> Result<Option<Bytes>, ClientError> {
    match tokio::time::timeout(SILENCE, response.chunk()).await {
        Err(_) => Err(ClientError::TimedOut),
        Ok(chunk) => chunk.map_err(|error| classify(&error)),
    }
}

/// What a failure of the HTTP library means. Its text may hold the address, so that is taken out.
fn classify(error: &reqwest::Error) -> ClientError {
    let reason = root_cause(error);
    if error.is_connect() {
        return if is_tls(error) { ClientError::Tls(reason) } else { ClientError::Unreachable(reason) };
    }
    if error.is_builder() {
        return ClientError::Address;
    }
    if error.is_timeout() {
        return ClientError::TimedOut;
    }
    if error.is_decode() {
        return ClientError::BadAnswer(reason);
    }
    ClientError::Cut(reason)
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<rustls::Error>()
        // An I/O error's `source` passes over the error that it wraps.
        || error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref).is_some_and(|e| is_tls(e))
        || error.source().is_some_and(is_tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_addresses() {
        for (text, expected) in [
            ("https://cg.example.gov.cn", Some("https://cg.example.gov.cn/")),
            (" https://cg.example.gov.cn/base/ ", Some("https://cg.example.gov.cn/base/")),
            ("https://10.1.2.3:8443/?x=1#y", Some("https://10.1.2.3:8443/")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080/")),
            ("http://127.9.9.9", Some("http://127.9.9.9/")),
            ("http://[::1]:8080", Some("http://[::1]:8080/")),
            ("http://localhost:1", Some("http://localhost:1/")),
            ("http://10.1.2.3", None),
            ("http://localhost.example.com", None),
            ("http://example.com", None),
            ("https://user:password@example.com", None),
            ("ftp://127.0.0.1", None),
            ("file:///etc/passwd", None),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(base_url(text).ok().map(String::from).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn paths_and_queries_are_signed_as_sent() {
        let base = base_url("https://example.com/base/").unwrap();
        let session = Session {
            app_key: "k".into(),
            app_secret: "s".into(),
            renewal_credential: "r".into(),
            sign_type: sign::SignType::HmacSm3,
            access_token: "t".into(),
            expires_at: 0,
        };
        let call = Call::new(Method::GET, &["submissions", "a/b 支"], Proof::SignatureAndToken)
            .query("cursor", "x&y=1");
        let http = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        let build = || call.request(&http, &base, Some(&session), 7).unwrap();
        let (request, again) = (build(), build());
        let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(
            request.url().as_str(),
            "https://example.com/base/api/v1/submissions/a%2Fb%20%E6%94%AF?cursor=x%26y%3D1"
        );
        assert_eq!(header("authorization"), "Bearer t");
        assert_ne!(request.headers()["x-nonce"], again.headers()["x-nonce"]);
        assert!(sign::verify(
            sign::SignType::HmacSm3,
            b"s",
            &sign::Request {
                method: "GET",
                path: request.url().path(),
                query: request.url().query().unwrap(),
                timestamp: 7,
                nonce: &header("x-nonce"),
                body: b"",
            },
            &header("x-signature"),
        ));
    }
}
