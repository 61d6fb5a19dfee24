//! A platform that answers by a script, fault by fault, and remembers what it was asked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sunbench_contract::sign::SignType;
use sunbench_contract::time::Instant;
use sunbench_sync::{Clock, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the platform's clock says.
pub(crate) const NOW: &str = "2026-11-22T10:00:00+08:00";

/// A clock that stands still.
pub(crate) struct StandingClock(pub Instant);

impl Clock for StandingClock {
    fn now(&self) -> Instant {
        self.0
    }
}

pub(crate) fn now() -> Instant {
    Instant::parse(NOW).unwrap()
}

/// A PC's clock that is `seconds` behind the platform's.
pub(crate) fn clock_behind(seconds: i64) -> Arc<dyn Clock> {
    Arc::new(StandingClock(Instant::from_unix(now().unix() - seconds).unwrap()))
}

pub(crate) fn session() -> Session {
    Session {
        app_key: "seat".into(),
        app_secret: "secret".into(),
        renewal_credential: "renewal".into(),
        sign_type: SignType::HmacSm3,
        access_token: "token-1".into(),
        expires_at: now().unix() + 1_800,
    }
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What the platform does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Answers.
    Json(u16, Value),
    /// Writes these bytes and closes the connection.
    Raw(Vec<u8>),
    /// Closes the connection without an answer.
    Cut,
}

impl Reply {
    /// A refusal with this code.
    pub(crate) fn problem(status: u16, code: &str, more: &Value) -> Self {
        let mut problem = json!({
            "code": code, "class": "logic", "msg": "原因", "retryable": false, "traceId": "t-1", "serverTime": NOW
        });
        problem.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Self::Json(status, problem)
    }
    /// A body of this kind; `stated` is the length that the answer claims.
    pub(crate) fn body(headers: &str, body: &[u8], stated: usize) -> Self {
        let head =
            format!("HTTP/1.1 200 OK\r\n{headers}content-length: {stated}\r\nconnection: close\r\n\r\n");
        Self::Raw([head.as_bytes(), body].concat())
    }
}

/// The platform.
pub(crate) struct Fake {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Arc<Mutex<VecDeque<Reply>>>,
}

impl Fake {
    pub(crate) async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            seen: Arc::default(),
            script: Arc::new(Mutex::new(script.into_iter().collect())),
        };
        let (seen, script) = (Arc::clone(&fake.seen), Arc::clone(&fake.script));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&script)));
            }
        });
        fake
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// `GET /changes` and so on, of every request.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.seen()
            .iter()
            .map(|seen| {
                format!("{} {}", seen.method, seen.path.strip_prefix("/api/v1").unwrap_or(&seen.path))
            })
            .collect()
    }

    pub(crate) fn unused(&self) -> usize {
        self.script.lock().unwrap().len()
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Seen>>>, script: Arc<Mutex<VecDeque<Reply>>>) {
    let Some(request) = read_request(&mut stream).await else { return };
    seen.lock().unwrap().push(request);
    let reply = script.lock().unwrap().pop_front().unwrap_or(Reply::Cut);
    match reply {
        Reply::Json(status, body) => {
            let body = body.to_string();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Reply::Cut => {}
    }
    let _ = stream.shutdown().await;
}

async fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if !bytes[0].is_ascii_uppercase() {
            // A TLS handshake, which a plain server answers so.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap().to_owned(), first.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            break;
        }
    }
    Some(Seen { method, path: path.to_owned(), query: query.to_owned(), headers, body })
}

pub(crate) fn page(cursor: &str) -> Reply {
    Reply::Json(200, json!({"items": [], "nextCursor": cursor, "hasMore": false, "serverTime": NOW}))
}

pub(crate) fn renewed(token: &str) -> Reply {
    Reply::Json(
        200,
        json!({
            "accessToken": token, "expiresInS": 1_800, "serverTime": NOW,
            "operator": {"user": "u", "name": "王", "institution": "H1", "institutionName": "医院", "roles": []}
        }),
    )
}

pub(crate) fn capabilities(versions: &[u32]) -> Reply {
    Reply::Json(
        200,
        json!({
            "versions": versions, "platform": "平台", "divisionCode": "440300", "epoch": "e1",
            "limits": {"page": 500, "batch": 10, "waitS": 25, "ratePerSecond": 50, "attachmentBytes": 1_000_000},
            "signTypes": ["HMAC-SHA256", "HMAC-SM3"], "features": ["digest"], "serverTime": NOW
        }),
    )
}
