//! The reference adapter against a platform that misbehaves.

#![allow(clippy::unwrap_used)]

mod fake;
mod hostile;
mod tls;

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use fake::{Fake, NOW, Reply, capabilities, clock_behind, now, page, renewed, session};
use futures_util::StreamExt;
use serde_json::json;
use sunbench_contract::{ChangesQuery, Part, SnapshotQuery, codes, sign};
use sunbench_sync::adapters::reference::ReferenceClient;
use sunbench_sync::client::{PlatformClient, SnapshotEvent};
use sunbench_sync::{ClientError, SignIn};

fn client(fake: &Fake) -> ReferenceClient {
    ReferenceClient::new(&fake.url, Some(session()), clock_behind(0)).unwrap()
}

fn ask() -> ChangesQuery {
    ChangesQuery { cursor: "c&支".into(), limit: Some(10), wait: None }
}

/// A short name of an outcome.
fn name<T>(result: &Result<T, ClientError>) -> String {
    match result {
        Ok(_) => "ok".into(),
        Err(ClientError::Refused { status, problem, .. }) => {
            format!("{status} {}", problem.as_ref().map_or("-", |p| p.code.as_str()))
        }
        Err(ClientError::Unreachable(_)) => "unreachable".into(),
        Err(ClientError::TimedOut) => "timed out".into(),
        Err(ClientError::Cut(_)) => "cut".into(),
        Err(ClientError::BadAnswer(_)) => "bad answer".into(),
        Err(ClientError::SignInNeeded) => "sign in".into(),
        Err(other) => format!("{other:?}"),
    }
}

#[tokio::test]
async fn requests_are_signed_and_a_401_is_answered_once() {
    let unauthorised = |code| Reply::problem(401, code, &json!({}));
    for (what, script, outcome, calls) in [
        ("all well", vec![page("n")], "ok", vec!["GET /changes"]),
        (
            "token expired",
            vec![unauthorised(codes::TOKEN_EXPIRED), renewed("token-2"), page("n")],
            "ok",
            vec!["GET /changes", "POST /token", "GET /changes"],
        ),
        (
            "token expired again",
            vec![unauthorised(codes::TOKEN_EXPIRED), renewed("token-2"), unauthorised(codes::TOKEN_EXPIRED)],
            "401 tokenExpired",
            vec!["GET /changes", "POST /token", "GET /changes"],
        ),
        (
            "a 401 without reasons",
            vec![Reply::Json(401, json!("who are you")), renewed("token-2"), page("n")],
            "ok",
            vec!["GET /changes", "POST /token", "GET /changes"],
        ),
        (
            "credentials unknown",
            vec![
                unauthorised(codes::TOKEN_EXPIRED),
                unauthorised(codes::CREDENTIAL_UNKNOWN),
                unauthorised(codes::CREDENTIAL_UNKNOWN),
                unauthorised(codes::CREDENTIAL_UNKNOWN),
            ],
            "sign in",
            vec!["GET /changes", "POST /token", "POST /token", "POST /token"],
        ),
        (
            "credentials unknown, and then known",
            vec![unauthorised(codes::CREDENTIAL_UNKNOWN), unauthorised(codes::CREDENTIAL_UNKNOWN), page("n")],
            "ok",
            vec!["GET /changes"; 3],
        ),
        (
            "nonce seen before",
            vec![unauthorised(codes::NONCE_REUSED), page("n")],
            "ok",
            vec!["GET /changes", "GET /changes"],
        ),
        (
            "bad signature",
            vec![unauthorised(codes::BAD_SIGNATURE); 3],
            "401 badSignature",
            vec!["GET /changes"; 3],
        ),
        (
            "a request damaged on the way",
            vec![unauthorised(codes::BAD_SIGNATURE), page("n")],
            "ok",
            vec!["GET /changes"; 2],
        ),
        (
            "clock for ever wrong",
            vec![unauthorised(codes::CLOCK_SKEW), unauthorised(codes::CLOCK_SKEW)],
            "401 clockSkew",
            vec!["GET /changes", "GET /changes"],
        ),
    ] {
        let fake = Fake::start(script).await;
        let client = client(&fake);
        assert_eq!(name(&client.changes(&ask()).await), outcome, "{what}");
        assert_eq!(fake.calls(), calls, "{what}");
        assert_eq!(client.session().unwrap().renewal_credential, "renewal", "{what}: credentials are kept");
        let mut nonces = std::collections::HashSet::new();
        for seen in fake.seen() {
            assert!(nonces.insert(seen.headers["x-nonce"].clone()), "{what}: a nonce twice");
            let request = sign::Request {
                method: &seen.method,
                path: &seen.path,
                query: &seen.query,
                timestamp: seen.headers["x-timestamp"].parse().unwrap(),
                nonce: &seen.headers["x-nonce"],
                body: &seen.body,
            };
            let signature = &seen.headers["x-signature"];
            assert!(
                sign::verify(sign::SignType::HmacSm3, b"secret", &request, signature),
                "{what}: {seen:?}"
            );
            assert_eq!(seen.headers.contains_key("authorization"), seen.path.ends_with("changes"), "{what}");
        }
    }
}

#[tokio::test]
async fn many_requests_renew_a_token_once() {
    // Whatever the order in which the answers come, one renewal is enough.
    let script = [renewed("token-2"), page("a"), page("b"), page("c")];
    let fake = Fake::start(script).await;
    let stale = sunbench_sync::Session { expires_at: now().unix() + 10, ..session() };
    let client = ReferenceClient::new(&fake.url, Some(stale), clock_behind(0)).unwrap();
    let query = ask();
    let (a, b, c) = tokio::join!(client.changes(&query), client.changes(&query), client.changes(&query));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(fake.calls().iter().filter(|call| *call == "POST /token").count(), 1);
    assert_eq!(client.session().unwrap().access_token, "token-2");
}

#[tokio::test]
async fn a_wrong_clock_is_measured_and_corrected() {
    for behind in [86_400, -86_400, 301, 0] {
        let skew = Reply::problem(401, codes::CLOCK_SKEW, &json!({}));
        let fake = Fake::start([skew, page("n"), page("n")]).await;
        // The stored token looks valid by either clock.
        let kept = sunbench_sync::Session { expires_at: now().unix() + 900_000, ..session() };
        let client = ReferenceClient::new(&fake.url, Some(kept), clock_behind(behind)).unwrap();
        client.changes(&ask()).await.unwrap();
        client.changes(&ask()).await.unwrap();
        assert_eq!(client.clock_offset_s(), Some(behind));
        let stamps: Vec<i64> =
            fake.seen().iter().map(|seen| seen.headers["x-timestamp"].parse().unwrap()).collect();
        let right = now().unix();
        assert_eq!(
            stamps,
            [right - behind, right, right],
            "{behind} s behind: signed again with the right time"
        );
    }
}

#[tokio::test]
async fn sign_in_brings_credentials() {
    let who = SignIn { institution: "H1".into(), operator: "u".into(), password: "p".into() };
    let granted = Reply::Json(
        200,
        json!({
            "appKey": "k", "appSecret": "s", "renewalCredential": "r", "accessToken": "a", "expiresInS": 1_800,
            "serverTime": NOW, "newField": 1,
            "operator": {"user": "u", "name": "王", "institution": "H1", "institutionName": "医院", "roles": ["buyer"]}
        }),
    );
    for (what, script, outcome) in [
        ("right", vec![capabilities(&[1, 2]), granted.clone()], "ok"),
        (
            "wrong password",
            vec![capabilities(&[1]), Reply::problem(403, codes::SIGN_IN_REFUSED, &json!({}))],
            "403 signInRefused",
        ),
        ("a newer platform", vec![capabilities(&[2])], "Versions { versions: [2] }"),
        ("no credentials", vec![capabilities(&[1]), renewed("a")], "bad answer"),
    ] {
        let fake = Fake::start(script).await;
        let client = ReferenceClient::new(&fake.url, None, clock_behind(0)).unwrap();
        assert_eq!(name(&client.changes(&ask()).await), "sign in", "{what}: nothing is asked before");
        assert_eq!(name(&client.sign_in(&who).await), outcome, "{what}");
        assert_eq!(
            client.session().map(|s| (s.app_secret, s.sign_type)),
            (outcome == "ok").then(|| ("s".into(), sign::SignType::HmacSm3))
        );
        assert!(fake.seen().iter().all(|seen| !seen.headers.contains_key("x-signature")), "{what}: unsigned");
        assert_eq!(fake.unused(), 0, "{what}");
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn damaged_answers() {
    let good =
        json!({"items": [], "nextCursor": "n", "hasMore": false, "serverTime": NOW, "new": {}}).to_string();
    let zipped = gzip(&good);
    let mut damaged = zipped.clone();
    damaged[14] ^= 0x55;
    let mut wrong_sum = zipped.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    let gz = "content-encoding: gzip\r\n";
    for (what, reply, outcomes) in [
        ("plain", Reply::body("", good.as_bytes(), good.len()), &["ok"][..]),
        ("compressed", Reply::body(gz, &zipped, zipped.len()), &["ok"]),
        ("compressed and damaged", Reply::body(gz, &damaged, damaged.len()), &["bad answer"]),
        ("compressed with a wrong sum", Reply::body(gz, &wrong_sum, wrong_sum.len()), &["bad answer"]),
        ("compressed and cut off", Reply::body(gz, &zipped[..20], zipped.len()), &["bad answer", "cut"]),
        ("not compressed at all", Reply::body(gz, good.as_bytes(), good.len()), &["bad answer"]),
        ("cut in the middle", Reply::body("", &good.as_bytes()[..10], good.len()), &["bad answer", "cut"]),
        ("no answer", Reply::Cut, &["cut"]),
        ("not HTTP", Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), &["cut"]),
        ("another JSON", Reply::Json(200, json!({"hello": "world"})), &["bad answer"]),
        ("a page of a proxy", Reply::body("", b"<html></html>", 13), &["bad answer"]),
        (
            "a redirection",
            Reply::Raw(
                b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_vec(),
            ),
            &["bad answer"],
        ),
        (
            "maintenance",
            Reply::problem(503, codes::MAINTENANCE, &json!({"retryable": true, "retryAfterS": 600})),
            &["503 maintenance"],
        ),
        (
            "quota",
            Reply::problem(429, codes::RATE_LIMITED, &json!({"retryable": true, "quotaLeft": 0})),
            &["429 rateLimited"],
        ),
        ("cursor", Reply::problem(410, codes::CURSOR_EXPIRED, &json!({})), &["410 cursorExpired"]),
        ("a proxy's fault", Reply::Json(502, json!("bad gateway")), &["502 -"]),
    ] {
        let fake = Fake::start([reply]).await;
        let result = client(&fake).changes(&ask()).await;
        assert!(outcomes.contains(&name(&result).as_str()), "{what}: {result:?}");
        assert_eq!(fake.seen().len(), 1, "{what}: sent once");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = ReferenceClient::new(&format!("http://{free}"), Some(session()), clock_behind(0)).unwrap();
    let error = client.submit("k", Bytes::from_static(b"{}")).await.unwrap_err();
    assert!(!error.may_have_arrived(), "{error:?}");
    assert_eq!(name::<()>(&Err(error)), "unreachable");
}

#[tokio::test]
async fn plain_http_is_not_secure_http() {
    let fake = Fake::start([page("n")]).await;
    let url = fake.url.replace("http://", "https://");
    let client = ReferenceClient::new(&url, Some(session()), clock_behind(0)).unwrap();
    let error = client.changes(&ask()).await.unwrap_err();
    assert!(matches!(error, ClientError::Tls(_)), "{error:?}");
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn a_submission_that_got_no_answer_may_have_arrived() {
    for reply in [Reply::Cut, Reply::Json(200, json!([])), Reply::Json(500, json!({}))] {
        let fake = Fake::start([reply.clone()]).await;
        let error = client(&fake).submit("k", Bytes::from_static(b"{}")).await.unwrap_err();
        assert!(error.may_have_arrived(), "{reply:?}: {error:?}");
        assert_eq!(fake.calls(), ["PUT /submissions/k"]);
        assert_eq!(fake.seen()[0].body, b"{}");
    }
}

#[tokio::test]
async fn unknown_submissions_are_told_from_wrong_addresses() {
    for (reply, outcome) in [
        (Reply::problem(404, codes::NOT_FOUND, &json!({})), Ok(None)),
        (Reply::Json(404, json!("no such page")), Err("404 -")),
        (
            Reply::Json(
                200,
                json!({"clientKey": "k", "outcome": "accepted", "ver": 7, "acceptedAt": NOW, "serverTime": NOW}),
            ),
            Ok(Some(7)),
        ),
    ] {
        let fake = Fake::start([reply]).await;
        let got = client(&fake).submission_status("k").await;
        let name = name(&got);
        assert_eq!(got.map(|result| result.and_then(|r| r.ver)).map_err(|_| name.as_str()), outcome);
    }
}

/// What a snapshot stream brings, and how it ends.
async fn read(fake: &Fake) -> (Vec<String>, String) {
    let query = SnapshotQuery { part: Part::Recent, after: Some("m 0".into()), limit: Some(2), before: None };
    let mut stream = client(fake).snapshot(&query).await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(SnapshotEvent::Head(head)) => seen.push(format!("head {}", head.cursor)),
            Ok(SnapshotEvent::Items(items)) => seen.push(format!("{} items", items.len())),
            Ok(SnapshotEvent::Mark(mark)) => seen.push(format!("mark {mark}")),
            Ok(SnapshotEvent::End(n)) => return (seen, format!("end {n}")),
            Err(error) => return (seen, name::<()>(&Err(error))),
        }
    }
    (seen, "nothing".into())
}

#[tokio::test]
async fn snapshots_whole_and_cut() {
    let item = |id: u32| {
        json!({"seq": id, "resource": "org", "op": "upsert", "id": id.to_string(), "ver": 1, "updTime": NOW, "data": {}})
            .to_string()
    };
    let head = json!({"cursor": "c", "total": 3, "serverTime": NOW}).to_string();
    let text = format!("{head}\n{}\n{}\n{{\"mark\":\"m1\"}}\n{}\n{{\"end\":3}}\n", item(1), item(2), item(3));
    let cut = text.find("\"3\"").unwrap();
    let zipped = gzip(&text);
    let all = ["head c", "2 items", "mark m1", "1 items"];
    for (what, reply, events, end) in [
        ("whole", Reply::body("", text.as_bytes(), text.len()), &all[..], &["end 3"][..]),
        ("compressed", Reply::body("content-encoding: gzip\r\n", &zipped, zipped.len()), &all, &["end 3"]),
        ("cut", Reply::body("", &text.as_bytes()[..cut], text.len()), &all[..3], &["cut", "bad answer"]),
        (
            "cut, and the length says nothing",
            Reply::body("", &text.as_bytes()[..cut], cut),
            &all[..3],
            &["cut"],
        ),
        ("something else", Reply::Json(200, json!({"items": []})), &[], &["bad answer", "cut"]),
    ] {
        let fake = Fake::start([reply]).await;
        let (seen, ended) = read(&fake).await;
        assert_eq!(seen, events, "{what}");
        assert!(end.contains(&ended.as_str()), "{what}: {ended}");
        let seen = &fake.seen()[0];
        assert_eq!(seen.query, "part=recent&after=m+0&limit=2");
        assert_eq!(seen.headers["accept"], "application/x-ndjson");
    }
}

#[tokio::test]
async fn attachments_go_in_pieces() {
    let state = |received, complete| {
        Reply::Json(
            200,
            json!({"sha256": "ab", "received": received, "complete": complete, "serverTime": NOW}),
        )
    };
    let known = Reply::Raw(
        b"HTTP/1.1 200 OK\r\nx-received: 3\r\nx-complete: false\r\nconnection: close\r\n\r\n".to_vec(),
    );
    let unknown = Reply::Raw(b"HTTP/1.1 404 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec());
    let partial =
        Reply::Raw(b"HTTP/1.1 206 X\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndefg".to_vec());
    let whole = Reply::body("", b"abcdefg", 7);
    let fake =
        Fake::start([unknown, state(3, false), known, state(7, true), state(7, true), partial, whole]).await;
    let client = Arc::new(client(&fake));
    assert_eq!(client.attachment_state("ab").await.unwrap().received, 0);
    client.put_attachment("ab", 0, 7, Bytes::from_static(b"abc")).await.unwrap();
    assert_eq!(client.attachment_state("ab").await.unwrap().received, 3);
    assert!(client.put_attachment("ab", 3, 7, Bytes::from_static(b"defg")).await.unwrap().complete);
    client.put_attachment("ab", 0, 7, Bytes::from_static(b"abcdefg")).await.unwrap();
    let ranges: Vec<_> =
        fake.seen().iter().filter_map(|seen| seen.headers.get("content-range").cloned()).collect();
    assert_eq!(ranges, ["bytes 0-2/7", "bytes 3-6/7"], "a whole one needs no range");
    let mut rest = client.get_attachment("ab", 3).await.unwrap();
    assert_eq!(rest.next().await.unwrap().unwrap(), "defg");
    assert!(rest.next().await.is_none());
    assert!(client.get_attachment("ab", 3).await.is_err(), "the whole instead of the rest is refused");
}
