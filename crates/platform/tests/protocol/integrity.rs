//! Damage on the way shows: digests of answers, requests, items and streams, and the echo of the nonce.

use reqwest::Method;
use reqwest::header::ACCEPT;
use sunbench_contract::integrity::{ANSWER_DIGEST, REQUEST_DIGEST, Running, digest_field, is_intact};
use sunbench_contract::{ChangesPage, SnapshotLine};

use crate::client::{Client, Twist, http, key};
use crate::world::World;

#[tokio::test]
async fn every_finite_answer_states_its_content_and_its_request() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    for (method, path, status) in [
        (Method::GET, "/api/v1/capabilities", 200),
        (Method::GET, "/api/v1/changes?cursor=&limit=100", 200),
        (Method::GET, "/api/v1/snapshot?part=recent&limit=5", 200),
        (Method::GET, "/api/v1/openapi.json", 200),
        (Method::GET, "/api/v1/nothing", 404),
        (Method::POST, "/api/v1/changes", 405),
        (Method::GET, "/api/v1/changes?cursor=x", 410),
        (Method::PUT, "/api/v1/submissions/1", 400),
    ] {
        let nonce = key();
        let twist = Twist { nonce: Some(nonce.clone()), ..Twist::default() };
        let answer = client.send(method, path, b"{}".to_vec(), twist).await;
        assert_eq!(answer.status(), status, "{path}");
        let stated = answer.headers()[ANSWER_DIGEST].to_str().unwrap().to_owned();
        assert_eq!(answer.headers()["x-nonce"], nonce.as_str(), "{path}");
        // As this HTTP library unpacks it.
        let content = answer.bytes().await.unwrap();
        assert!(!content.is_empty() && is_intact(Some(&stated), &content), "{path}: {stated}");
    }
}

#[tokio::test]
async fn a_request_damaged_on_the_way_is_no_wrong_password() {
    let world = World::start().await;
    let body = r#"{"grant":"password","institution":"H1","operator":"buyer","password":"x"}"#;
    for (digest, status, code, retryable) in [
        (digest_field(body.as_bytes()), 403, "signInRefused", false),
        (digest_field(b"something else"), 400, "badRequest", true),
    ] {
        let request = http().post(format!("{}/api/v1/token", world.url)).header(REQUEST_DIGEST, digest);
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), status);
        let problem: sunbench_contract::Problem = answer.json().await.unwrap();
        assert_eq!((problem.code.as_str(), problem.retryable), (code, retryable));
    }
}

#[tokio::test]
async fn items_and_marks_have_fingerprints() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let answer = client.send(Method::GET, "/api/v1/changes?cursor=", Vec::new(), Twist::default()).await;
    let page: ChangesPage = answer.json().await.unwrap();
    assert!(!page.items.is_empty());
    assert!(page.items.iter().all(|item| item.hash.is_some() && item.is_intact()));

    let twist =
        Twist { headers: vec![(ACCEPT.as_str(), "application/x-ndjson".to_owned())], ..Twist::default() };
    let answer = client.send(Method::GET, "/api/v1/snapshot?part=recent&limit=10", Vec::new(), twist).await;
    let (mut running, mut marks) = (Running::default(), 0);
    for line in answer.text().await.unwrap().lines() {
        let stated = match SnapshotLine::parse(line).unwrap() {
            SnapshotLine::Mark { mark, digest } => {
                marks += 1;
                Some((mark, digest))
            }
            SnapshotLine::End { end, digest } => Some((end.to_string(), digest)),
            _ => None,
        };
        if let Some((value, digest)) = stated {
            assert_eq!(digest, Some(running.at(&value)), "{line}");
        }
        running.line(line.as_bytes());
    }
    assert!(marks > 1);
}
