//! A small signing client.

use reqwest::header::AUTHORIZATION;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sunbench_contract::sign::{self, SignType, header};

use crate::world::{H1, H2, PASSWORD, World};

/// A seat that has signed in.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
    pub(crate) app_key: String,
    pub(crate) secret: String,
    pub(crate) renewal: String,
    pub(crate) token: String,
    pub(crate) kind: SignType,
    pub(crate) clock: std::sync::Arc<sunbench_platform::ManualClock>,
}

/// What may be wrong with a request.
#[derive(Default, Clone)]
pub(crate) struct Twist {
    pub(crate) nonce: Option<String>,
    pub(crate) off_s: i64,
    pub(crate) secret: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) app_key: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub(crate) fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Signs in by password, whatever the answer.
pub(crate) async fn sign_in(url: &str, institution: &str, operator: &str, password: &str) -> (u16, Value) {
    let body =
        json!({"grant": "password", "institution": institution, "operator": operator, "password": password});
    let answer = http().post(format!("{url}/api/v1/token")).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

impl Client {
    pub(crate) async fn first(world: &World) -> Self {
        Self::of(world, H1, "buyer", PASSWORD).await
    }

    pub(crate) async fn other_hospital(world: &World) -> Self {
        Self::of(world, H2, "buyer", "pass-two").await
    }

    pub(crate) async fn of(world: &World, institution: &str, operator: &str, password: &str) -> Self {
        let (status, answer) = sign_in(&world.url, institution, operator, password).await;
        assert_eq!(status, 200, "{answer}");
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self {
            http: http(),
            url: world.url.clone(),
            app_key: text("appKey"),
            secret: text("appSecret"),
            renewal: text("renewalCredential"),
            token: text("accessToken"),
            kind: SignType::HmacSm3,
            clock: world.clock.clone(),
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Vec<u8>, twist: Twist) -> Response {
        use sunbench_platform::Clock;
        let timestamp = self.clock.now().unix() + twist.off_s;
        let nonce = twist.nonce.unwrap_or_else(key);
        let (route, query) = path.split_once('?').unwrap_or((path, ""));
        let request = sign::Request {
            method: method.as_str(),
            path: route,
            query,
            timestamp,
            nonce: &nonce,
            body: &body,
        };
        let secret = twist.secret.as_ref().unwrap_or(&self.secret);
        let signature = sign::sign(self.kind, secret.as_bytes(), &request);
        let mut builder = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header(AUTHORIZATION, format!("Bearer {}", twist.token.as_ref().unwrap_or(&self.token)))
            .header(header::APP_KEY, twist.app_key.as_ref().unwrap_or(&self.app_key))
            .header(header::TIMESTAMP, timestamp)
            .header(header::NONCE, &nonce)
            .header(header::SIGN_TYPE, self.kind.name())
            .header(header::SIGNATURE, signature);
        for (name, value) in &twist.headers {
            builder = builder.header(*name, value);
        }
        builder.body(body).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, Vec::new(), Twist::default()).await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Vec<u8>, twist: Twist) -> (u16, Value) {
        let answer = self.send(method, path, body, twist).await;
        let status = answer.status().as_u16();
        let value: Value = answer.json().await.unwrap();
        assert!(value["serverTime"].is_string(), "every answer says the time: {value}");
        (status, value)
    }

    /// Every change after a cursor, and the cursor behind them.
    pub(crate) async fn changes(&self, cursor: &str) -> (Vec<Value>, String) {
        let (mut items, mut cursor) = (Vec::new(), cursor.to_owned());
        loop {
            let (status, mut page) = self.get(&format!("/api/v1/changes?cursor={cursor}")).await;
            assert_eq!(status, 200, "{page}");
            items.append(page["items"].as_array_mut().unwrap());
            page["nextCursor"].as_str().unwrap().clone_into(&mut cursor);
            if page["hasMore"] == false {
                return (items, cursor);
            }
        }
    }

    /// The feed's end.
    pub(crate) async fn head(&self) -> String {
        let (_, page) = self.get("/api/v1/snapshot?part=rules&limit=1").await;
        page["cursor"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn submit(
        &self,
        key: &str,
        kind: &str,
        payload: Value,
        base: Option<u64>,
    ) -> (u16, Value) {
        let mut body = json!({"kind": kind, "payload": payload});
        if let Some(base) = base {
            body["baseVer"] = base.into();
        }
        let path = format!("/api/v1/submissions/{key}");
        self.call(Method::PUT, &path, body.to_string().into_bytes(), Twist::default()).await
    }
}
