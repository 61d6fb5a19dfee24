//! Attachments: content-addressed, resumable, the hospital's own.

use reqwest::Method;
use reqwest::header::{CONTENT_RANGE, RANGE};
use serde_json::json;
use sha2::{Digest, Sha256};
use sunbench_contract::Limits;
use sunbench_contract::sign::hex;
use sunbench_platform::Config;

use crate::client::{Client, Twist};
use crate::world::World;

fn ranged(name: &'static str, value: &str) -> Twist {
    Twist { headers: vec![(name, value.to_owned())], ..Twist::default() }
}

async fn held(client: &Client, path: &str) -> (u16, Option<(String, String)>) {
    let answer = client.send(Method::HEAD, path, Vec::new(), Twist::default()).await;
    let text = |name: &str| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
    (answer.status().as_u16(), text("x-received").zip(text("x-complete")))
}

#[tokio::test]
async fn a_cut_upload_goes_on_where_it_stopped() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let content: Vec<u8> = (0..10_000_u32).flat_map(u32::to_le_bytes).collect();
    let path = format!("/api/v1/attachments/{}", hex(&Sha256::digest(&content)));
    let total = content.len();
    assert_eq!(held(&client, &path).await, (404, None));
    let put = async |client: &Client, from: usize, to: usize| {
        let range = format!("bytes {from}-{}/{total}", to - 1);
        client
            .call(Method::PUT, &path, content[from..to].to_vec(), ranged(CONTENT_RANGE.as_str(), &range))
            .await
    };
    let (status, state) = put(&client, 0, 15_000).await;
    assert_eq!((status, &state["received"], &state["complete"]), (200, &json!(15_000), &json!(false)));
    assert_eq!(held(&client, &path).await, (200, Some(("15000".to_owned(), "false".to_owned()))));
    assert_eq!(put(&client, 20_000, 30_000).await.0, 416, "a gap");
    let world = world.restart().await;
    let client = Client { url: world.url.clone(), ..client };
    let (_, state) = put(&client, 10_000, 20_000).await;
    assert_eq!(state["received"], 20_000, "what is there already is skipped");
    assert_eq!(client.get(&path).await.0, 404, "not before it is whole");
    let (_, state) = put(&client, 20_000, total).await;
    assert_eq!((&state["received"], &state["complete"]), (&json!(total), &json!(true)));
    assert_eq!(put(&client, 0, total).await.0, 200, "again does no harm");
    assert_eq!(held(&client, &path).await, (200, Some((total.to_string(), "true".to_owned()))));

    let whole = client.send(Method::GET, &path, Vec::new(), Twist::default()).await;
    assert_eq!(whole.headers()["content-type"], "application/octet-stream");
    assert_eq!(whole.bytes().await.unwrap(), content);
    let part = client.send(Method::GET, &path, Vec::new(), ranged(RANGE.as_str(), "bytes=39000-")).await;
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()[CONTENT_RANGE], format!("bytes 39000-{}/{total}", total - 1));
    assert_eq!(part.bytes().await.unwrap(), content[39_000..]);
    let past = client.send(Method::GET, &path, Vec::new(), ranged(RANGE.as_str(), "bytes=40000-")).await;
    assert_eq!(past.status(), 416);
    let other = Client::other_hospital(&world).await;
    assert_eq!(held(&other, &path).await, (404, None), "another hospital does not see it");
    assert_eq!(other.get(&path).await.0, 404);
}

#[tokio::test]
async fn wrong_and_large_content_is_refused() {
    let limits = Limits { attachment_bytes: 1_000, ..Config::default().limits };
    let world = World::start_with(Config { limits, ..Config::default() }).await;
    let client = Client::first(&world).await;
    let path = format!("/api/v1/attachments/{}", hex(&Sha256::digest(b"right")));
    let (status, problem) = client.call(Method::PUT, &path, b"wrong".to_vec(), Twist::default()).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("digestMismatch")));
    assert_eq!(held(&client, &path).await, (404, None), "to be sent from the start");
    assert_eq!(client.call(Method::PUT, &path, b"right".to_vec(), Twist::default()).await.0, 200);

    let large = vec![7; 1_001];
    let path = format!("/api/v1/attachments/{}", hex(&Sha256::digest(&large)));
    let (status, problem) = client.call(Method::PUT, &path, large.clone(), Twist::default()).await;
    assert_eq!((status, problem["code"].as_str()), (413, Some("tooLarge")));
    let piece = ranged(CONTENT_RANGE.as_str(), "bytes 0-9/1001");
    let (status, _) = client.call(Method::PUT, &path, large[..10].to_vec(), piece).await;
    assert_eq!(status, 413, "by the whole size that the piece states");
    let torn = ranged(CONTENT_RANGE.as_str(), "bytes 0-99/500");
    assert_eq!(client.call(Method::PUT, &path, large[..10].to_vec(), torn).await.0, 400);
    let empty = format!("/api/v1/attachments/{}", hex(&Sha256::digest(b"")));
    assert_eq!(client.call(Method::PUT, &empty, Vec::new(), Twist::default()).await.0, 200);
    let answer = client.send(Method::GET, &empty, Vec::new(), Twist::default()).await;
    assert_eq!((answer.status().as_u16(), answer.bytes().await.unwrap().len()), (200, 0));
}
