//! Requests to the reference platform: whatever comes, the answer is one of the contract's.

use std::cell::LazyCell;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use sha2::Digest as _;
use sunbench_contract::sign::{self, SignType, header};
use sunbench_contract::time::Instant;
use sunbench_contract::{Problem, TokenResponse, codes};
use sunbench_platform::{Clock as _, Config, DemoOptions, ManualClock, Platform};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

struct Hall {
    runtime: Runtime,
    router: Router,
    clock: Arc<ManualClock>,
    seat: TokenResponse,
    _dir: TempDir,
}

impl Hall {
    fn new() -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let now = Instant::parse("2026-11-22T09:30:00+08:00").expect("an instant");
        let clock = Arc::new(ManualClock::new(now));
        let mut config = Config { body_bytes: 64 * 1024, ..Config::default() };
        config.limits.wait_s = 0;
        config.limits.rate_per_second = u32::MAX;
        let platform = Platform::open_with(dir.path(), clock.clone(), config).expect("a new platform");
        let access = platform.load_demo(&DemoOptions::default()).expect("the demo");
        let router = platform.router();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(1)
            .build()
            .expect("a runtime");
        let body = json!({
            "grant": "password", "institution": access.institution, "operator": access.user,
            "password": access.password,
        });
        let request = Request::post("/api/v1/token")
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        let (status, answer) = send(&runtime, &router, request);
        assert_eq!(status, StatusCode::OK);
        let seat = serde_json::from_slice(&answer).expect("a token");
        Self { runtime, router, clock, seat, _dir: dir }
    }

    /// The request with the seat's signature where it has none of its own.
    fn signed(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
        nonce: &str,
    ) -> Option<Request<Body>> {
        let (secret, key) = (self.seat.app_secret.as_deref()?, self.seat.app_key.as_deref()?);
        let timestamp = self.clock.now().unix();
        let (route, query) = path.split_once('?').unwrap_or((path, ""));
        let signature = sign::sign(
            SignType::HmacSm3,
            secret.as_bytes(),
            &sign::Request { method, path: route, query, timestamp, nonce, body: body.as_bytes() },
        );
        let timestamp = timestamp.to_string();
        let bearer = format!("Bearer {}", self.seat.access_token);
        let own = [
            (header::APP_KEY, key),
            (header::TIMESTAMP, &timestamp),
            (header::NONCE, nonce),
            (header::SIGN_TYPE, SignType::HmacSm3.name()),
            (header::SIGNATURE, &signature),
            ("authorization", &bearer),
            ("content-type", "application/json"),
        ];
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in own {
            if !headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
                request = request.header(name, value);
            }
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(body.to_owned())).ok()
    }
}

fn send(runtime: &Runtime, router: &Router, request: Request<Body>) -> (StatusCode, Vec<u8>) {
    runtime.block_on(async {
        let answer = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 64 << 20).await.expect("an answer ends");
        (status, body.to_vec())
    })
}

/// `METHOD /path`, headers, an empty line, the body. What the request does not say itself is filled in and signed.
pub(crate) fn requests(input: &[u8]) {
    thread_local! {
        static HALL: LazyCell<Hall> = LazyCell::new(Hall::new);
    }
    let text = String::from_utf8_lossy(input);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.split('\n');
    let Some((method, path)) = lines.next().and_then(|line| line.split_once(' ')) else { return };
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    HALL.with(|hall| {
        let nonce = sign::hex(&sha2::Sha256::digest(input));
        let Some(request) = hall.signed(method, path, &headers, body, &nonce) else { return };
        let (status, answer) = send(&hall.runtime, &hall.router, request);
        // Time goes on, so that nonces and rates are forgotten.
        hall.clock.advance_s(1);
        assert!(status.as_u16() < 500, "{method} {path}: {status} {}", String::from_utf8_lossy(&answer));
        let refused =
            status.is_client_error() && path.starts_with("/api/v1/") && !method.eq_ignore_ascii_case("head");
        if refused {
            let problem: Problem = serde_json::from_slice(&answer)
                .unwrap_or_else(|e| panic!("{method} {path}: {status} without reasons: {e}"));
            assert!(!problem.code.is_empty() && !problem.msg.is_empty() && !problem.trace_id.is_empty());
            assert!(problem.code != codes::INTERNAL);
        } else if status.is_success() && answer.starts_with(b"{") && path.starts_with("/api/v1/") {
            // One document, or one to a line.
            let mut documents = serde_json::Deserializer::from_slice(&answer).into_iter::<Value>();
            assert!(documents.all(|document| document.is_ok()), "{method} {path}");
        }
    });
}
