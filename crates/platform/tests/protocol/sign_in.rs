//! Sign-in, signatures, nonces, clocks, limits.

use reqwest::Method;
use serde_json::json;
use sunbench_contract::sign::SignType;
use sunbench_contract::{Capabilities, Limits};
use sunbench_platform::Config;

use crate::client::{Client, Twist, http, sign_in};
use crate::world::{H1, H2, PASSWORD, World};

const ANY: &str = "/api/v1/changes?cursor=&limit=1";

#[tokio::test]
async fn capabilities_need_no_sign_in() {
    let world = World::start().await;
    let answer = http().get(format!("{}/api/v1/capabilities", world.url)).send().await.unwrap();
    assert_eq!(answer.headers()["x-server-time"], "2026-11-20T09:30:00+08:00");
    let capabilities: Capabilities = answer.json().await.unwrap();
    assert_eq!(capabilities.versions, [1]);
    assert!(capabilities.features.iter().any(|f| f == "submit:notice.reply"));
    let first = capabilities.epoch;
    let world = world.restart().await;
    let again: Capabilities =
        http().get(format!("{}/api/v1/capabilities", world.url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(again.epoch, first, "the epoch is the data folder's");
    let other = World::start().await;
    let other: Capabilities =
        http().get(format!("{}/api/v1/capabilities", other.url)).send().await.unwrap().json().await.unwrap();
    assert_ne!(other.epoch, first);
}

#[tokio::test]
async fn wrong_credentials_are_refused_and_then_slowed_down() {
    let world = World::start().await;
    for (institution, operator, password) in
        [(H1, "buyer", "wrong"), (H1, "nobody", PASSWORD), (H2, "buyer", PASSWORD), ("H0", "buyer", PASSWORD)]
    {
        let (status, problem) = sign_in(&world.url, institution, operator, password).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (403, Some("signInRefused")),
            "{institution} {operator}"
        );
        assert_eq!(problem["retryable"], false);
        assert!(!problem["traceId"].as_str().unwrap().is_empty());
    }
    for _ in 0..4 {
        assert_eq!(sign_in(&world.url, H1, "buyer", "wrong").await.0, 403);
    }
    let (status, problem) = sign_in(&world.url, H1, "buyer", PASSWORD).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (429, Some("rateLimited")),
        "also with the right password"
    );
    assert!(problem["retryAfterS"].as_u64().unwrap() >= 1);
    assert_eq!(sign_in(&world.url, H1, "second", PASSWORD).await.0, 200, "others are not touched");
}

#[tokio::test]
async fn both_kinds_of_signatures_are_checked() {
    let world = World::start().await;
    let mut client = Client::first(&world).await;
    for kind in [SignType::HmacSm3, SignType::HmacSha256] {
        client.kind = kind;
        assert_eq!(client.get(ANY).await.0, 200, "{kind:?}");
        let other = Client::other_hospital(&world).await;
        for (twist, code) in [
            (Twist { secret: Some("another".to_owned()), ..Twist::default() }, "badSignature"),
            (Twist { off_s: 301, ..Twist::default() }, "clockSkew"),
            (Twist { off_s: -301, ..Twist::default() }, "clockSkew"),
            (Twist { token: Some(String::new()), ..Twist::default() }, "tokenExpired"),
            (Twist { token: Some(other.token.clone()), ..Twist::default() }, "tokenExpired"),
            (Twist { app_key: Some(other.app_key.clone()), ..Twist::default() }, "badSignature"),
            (Twist { app_key: Some("nobody".to_owned()), ..Twist::default() }, "credentialUnknown"),
            (Twist { app_key: Some(String::new()), ..Twist::default() }, "badSignature"),
            (Twist { nonce: Some("n".repeat(200)), ..Twist::default() }, "badSignature"),
        ] {
            let (status, problem) = client.call(Method::GET, ANY, Vec::new(), twist).await;
            assert_eq!((status, problem["code"].as_str()), (401, Some(code)), "{problem}");
        }
        for off_s in [300, -300] {
            let twist = Twist { off_s, ..Twist::default() };
            assert_eq!(client.call(Method::GET, ANY, Vec::new(), twist).await.0, 200);
        }
    }
}

#[tokio::test]
async fn a_nonce_is_refused_for_ten_minutes() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let twist = || Twist { nonce: Some("the-same".to_owned()), ..Twist::default() };
    assert_eq!(client.call(Method::GET, ANY, Vec::new(), twist()).await.0, 200);
    let (status, problem) = client.call(Method::GET, ANY, Vec::new(), twist()).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("nonceReused")));
    world.clock.advance_s(599);
    assert_eq!(client.call(Method::GET, ANY, Vec::new(), twist()).await.0, 401);
    world.clock.advance_s(2);
    assert_eq!(client.call(Method::GET, ANY, Vec::new(), twist()).await.0, 200);
    let other = Client::other_hospital(&world).await;
    assert_eq!(other.call(Method::GET, ANY, Vec::new(), twist()).await.0, 200, "a nonce is a seat's own");
}

#[tokio::test]
async fn a_token_expires_and_is_renewed_by_the_credential() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    world.clock.advance_s(1_799);
    assert_eq!(client.get(ANY).await.0, 200);
    world.clock.advance_s(1);
    let (status, problem) = client.get(ANY).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("tokenExpired")));
    let renew = |credential: &str| json!({"grant": "renew", "renewalCredential": credential}).to_string();
    let path = "/api/v1/token";
    let no_token = Twist { token: Some(String::new()), ..Twist::default() };
    let (status, problem) = client.call(Method::POST, path, renew("wrong").into(), no_token.clone()).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("credentialUnknown")));
    let unsigned = http()
        .post(format!("{}{path}", client.url))
        .json(&json!({"grant": "renew", "renewalCredential": client.renewal}));
    assert_eq!(unsigned.send().await.unwrap().status(), 401, "a renewal is signed");
    let (status, answer) = client.call(Method::POST, path, renew(&client.renewal).into(), no_token).await;
    assert_eq!(status, 200);
    assert!(answer.get("appSecret").is_none(), "said once only");
    let client = Client { token: answer["accessToken"].as_str().unwrap().to_owned(), ..client };
    assert_eq!(client.get(ANY).await.0, 200);
    let world = world.restart().await;
    world.clock.advance_s(1_800);
    let client = Client { url: world.url.clone(), ..client };
    assert_eq!(client.get(ANY).await.0, 200, "seat and token outlive a restart");
}

#[tokio::test]
async fn rate_and_quota_are_limited() {
    let limits = Limits { rate_per_second: 5, ..Config::default().limits };
    let world = World::start_with(Config { limits, ..Config::default() }).await;
    let client = Client::first(&world).await;
    let mut refused = 0;
    for _ in 0..12 {
        let (status, problem) = client.get(ANY).await;
        if status == 429 {
            assert_eq!((&problem["code"], &problem["retryable"]), (&json!("rateLimited"), &json!(true)));
            refused += 1;
        }
    }
    assert!(refused > 0);

    let limits = Limits { daily_quota: Some(3), ..Config::default().limits };
    let world = World::start_with(Config { limits, ..Config::default() }).await;
    let client = Client::first(&world).await;
    for _ in 0..3 {
        assert_eq!(client.get(ANY).await.0, 200);
    }
    let (status, problem) = client.get(ANY).await;
    assert_eq!((status, &problem["quotaLeft"]), (429, &json!(0)));
    assert_eq!(problem["retryAfterS"], 14 * 3600 + 30 * 60, "until midnight");
    assert_eq!(Client::other_hospital(&world).await.get(ANY).await.0, 200);
    world.clock.advance_s(15 * 3600);
    let client = Client::first(&world).await;
    assert_eq!(client.get(ANY).await.0, 200, "a new day");
}

#[tokio::test]
async fn every_refusal_is_a_problem() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    for (method, path, status, code) in [
        (Method::GET, "/api/v1/nothing", 404, "notFound"),
        (Method::DELETE, "/api/v1/changes", 405, "badRequest"),
        (Method::GET, "/api/v1/changes", 400, "badRequest"),
        (Method::GET, "/api/v1/snapshot?part=dreams", 400, "badRequest"),
        (Method::GET, "/api/v1/digest?resource=dream&day=2026-11-20", 400, "badRequest"),
        (Method::GET, "/api/v1/submissions/no-uuid", 400, "badRequest"),
        (Method::PUT, "/api/v1/submissions/no-uuid", 400, "badRequest"),
        (Method::GET, "/api/v1/attachments/abc", 400, "badRequest"),
    ] {
        let (got, problem) = client.call(method, path, Vec::new(), Twist::default()).await;
        assert_eq!((got, problem["code"].as_str()), (status, Some(code)), "{path}");
        assert!(!problem["msg"].as_str().unwrap().is_ascii(), "in Chinese: {problem}");
    }
    let large = vec![b' '; 3 * 1024 * 1024];
    let (status, problem) =
        client.call(Method::POST, "/api/v1/submissions/batch", large, Twist::default()).await;
    assert_eq!((status, problem["code"].as_str()), (413, Some("tooLarge")));
}

#[tokio::test]
async fn maintenance_answers_503_until_it_ends() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    world.platform.set_maintenance(Some(120)).unwrap();
    let (status, problem) = client.get(ANY).await;
    assert_eq!((status, problem["code"].as_str()), (503, Some("maintenance")));
    assert_eq!((&problem["retryable"], &problem["retryAfterS"]), (&json!(true), &json!(120)));
    assert_eq!(sign_in(&world.url, H1, "buyer", PASSWORD).await.0, 503);
    let capabilities = http().get(format!("{}/api/v1/capabilities", world.url)).send().await.unwrap();
    assert_eq!(capabilities.status(), 200);
    let world = world.restart().await;
    let client = Client { url: world.url.clone(), ..client };
    assert_eq!(client.get(ANY).await.0, 503, "a restart does not end it");
    world.platform.set_maintenance(None).unwrap();
    assert_eq!(client.get(ANY).await.0, 200);
}

#[tokio::test]
async fn a_closed_seat_is_taken_from_nobody() {
    let world = World::start().await;
    let (left, stays) = (Client::first(&world).await, Client::first(&world).await);
    let close = |twist| left.call(Method::DELETE, "/api/v1/token", Vec::new(), twist);
    let (status, problem) = close(Twist { secret: Some("another".to_owned()), ..Twist::default() }).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("badSignature")));
    assert_eq!(left.get(ANY).await.0, 200, "only its own signature closes a seat");
    // The secret is enough: the token may have run out long ago.
    let (status, _) = close(Twist { token: Some(String::new()), ..Twist::default() }).await;
    assert_eq!(status, 200);
    let renew = json!({"grant": "renew", "renewalCredential": left.renewal}).to_string();
    let new_seat = json!({"grant": "newSeat", "renewalCredential": left.renewal}).to_string();
    for (method, path, body) in [
        (Method::GET, ANY, String::new()),
        (Method::POST, "/api/v1/token", renew),
        (Method::POST, "/api/v1/token", new_seat),
        (Method::DELETE, "/api/v1/token", String::new()),
    ] {
        let (status, problem) = left.call(method.clone(), path, body.into_bytes(), Twist::default()).await;
        assert_eq!((status, problem["code"].as_str()), (401, Some("credentialUnknown")), "{method} {path}");
        assert_eq!(problem["retryable"], false);
    }
    assert_eq!(stays.get(ANY).await.0, 200, "the operator's other computer goes on");
}

#[tokio::test]
async fn a_computer_that_shares_a_seat_gets_one_of_its_own() {
    let world = World::start().await;
    let shared = Client::first(&world).await;
    let ask = async |credential: &str| {
        let body = json!({"grant": "newSeat", "renewalCredential": credential}).to_string();
        shared.call(Method::POST, "/api/v1/token", body.into_bytes(), Twist::default()).await
    };
    let (status, problem) = ask("not this one").await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("credentialUnknown")));
    let (status, answer) = ask(&shared.renewal).await;
    assert_eq!((status, answer["operator"]["user"].as_str()), (200, Some("buyer")));
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    let own = Client {
        app_key: text("appKey"),
        secret: text("appSecret"),
        renewal: text("renewalCredential"),
        token: text("accessToken"),
        ..shared.clone()
    };
    assert!(own.app_key != shared.app_key && own.secret != shared.secret && own.renewal != shared.renewal);
    assert_eq!(own.call(Method::DELETE, "/api/v1/token", Vec::new(), Twist::default()).await.0, 200);
    assert_eq!(shared.get(ANY).await.0, 200, "what one computer does to its seat leaves the other's alone");
}
