//! The published description of the contract.

use serde_json::Value;

use crate::client::{Client, Twist, http};
use crate::world::World;

#[tokio::test]
async fn the_description_covers_every_call() {
    let world = World::start().await;
    let text =
        http().get(format!("{}/api/v1/openapi.json", world.url)).send().await.unwrap().text().await.unwrap();
    let parsed: utoipa::openapi::OpenApi = serde_json::from_str(&text).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut told: Vec<String> = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|k| *k != "parameters" && *k != "summary") {
            told.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    told.sort();
    assert_eq!(
        told,
        [
            "DELETE /api/v1/token",
            "GET /api/v1/attachments/{sha256}",
            "GET /api/v1/capabilities",
            "GET /api/v1/changes",
            "GET /api/v1/digest",
            "GET /api/v1/openapi.json",
            "GET /api/v1/snapshot",
            "GET /api/v1/submissions/{clientKey}",
            "HEAD /api/v1/attachments/{sha256}",
            "POST /api/v1/submissions/batch",
            "POST /api/v1/token",
            "PUT /api/v1/attachments/{sha256}",
            "PUT /api/v1/submissions/{clientKey}",
        ],
        "the contract's calls, no more and no less"
    );
    assert_eq!(parsed.paths.paths.len(), 9);
    // Every reference leads somewhere.
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    for name in ["Problem", "Change", "SnapshotHead", "Notice", "OrderLine", "ReceiptCreatePayload"] {
        assert!(schemas.contains_key(name), "{name}");
    }
    assert!(document["components"]["securitySchemes"]["signature"].is_object());
}

#[tokio::test]
async fn every_described_call_is_served() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let document: Value =
        http().get(format!("{}/api/v1/openapi.json", world.url)).send().await.unwrap().json().await.unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{sha256}", &"0".repeat(64)).replace("{clientKey}", &crate::client::key());
        for method in ["get", "put", "post", "head", "delete"].iter().filter(|m| item.get(**m).is_some()) {
            let method = reqwest::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = client.send(method.clone(), &path, Vec::new(), Twist::default()).await;
            let status = answer.status().as_u16();
            assert_ne!(status, 405, "{method} {path}");
            assert!(answer.headers().contains_key("x-server-time"), "{method} {path}");
            let text = answer.text().await.unwrap();
            assert!(status != 404 || !text.contains("没有这个接口"), "{method} {path}");
        }
    }
}
