//! The supervisor's console, as a browser uses it.

use reqwest::header::{CONTENT_DISPOSITION, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, Response, redirect};
use serde_json::json;
use sha2::{Digest, Sha256};
use sunbench_contract::sign::hex;

use crate::client::{Client, Twist, key};
use crate::world::{H1, H2, World};

struct Browser {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Browser {
    fn open(world: &World) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
        Self { http, url: world.url.clone(), cookie: String::new() }
    }

    async fn signed_in(world: &World) -> Self {
        let mut browser = Self::open(world);
        let answer =
            browser.post("/console/sign-in", &[("user", "supervisor"), ("password", "watching")]).await;
        assert_eq!(answer.status(), 303);
        let set = answer.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/console"] {
            assert!(set.contains(part), "{set}");
        }
        set.split(';').next().unwrap().clone_into(&mut browser.cookie);
        browser
    }

    async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).header(COOKIE, &self.cookie).send().await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(path, fields, None).await
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)], origin: Option<&str>) -> Response {
        let encode = |text: &str| text.bytes().fold(String::new(), |out, b| out + &format!("%{b:02X}"));
        let body: Vec<String> = fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        let mut request = self
            .http
            .post(format!("{}{path}", self.url))
            .header(COOKIE, &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.join("&"));
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        request.send().await.unwrap()
    }

    async fn csrf(&self) -> String {
        let page = self.page("/console/maintenance").await;
        page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// Issues a notice; the path of its page.
    async fn issue(&self, title: &str) -> String {
        let csrf = self.csrf().await;
        let fields = [
            ("csrf", csrf.as_str()),
            ("institution", H1),
            ("title", title),
            ("body", "请整改 <b>立即</b>"),
            ("level", "warning"),
            ("rule", "规则"),
            ("clause", "四(五)"),
            ("issuer", "市医疗保障局"),
            ("days", "5"),
            ("evidence", "线上采购率：71.2%\n缺 <i>补录</i>"),
        ];
        let answer = self.post("/console/notices", &fields).await;
        assert_eq!(answer.status(), 303);
        let to = answer.headers()[LOCATION].to_str().unwrap();
        to.strip_suffix("?done=issued").unwrap().to_owned()
    }
}

#[tokio::test]
async fn nothing_is_shown_before_signing_in() {
    let world = World::start().await;
    let mut browser = Browser::open(&world);
    for path in [
        "/console/notices",
        "/console/notices/new",
        "/console/notices/500001",
        "/console/hospitals",
        "/console/attendance",
        "/console/maintenance",
        "/console/replies/1/attachments/0",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.headers()[LOCATION], "/console/sign-in");
    }
    assert_eq!(browser.post("/console/maintenance", &[("csrf", ""), ("on", "true")]).await.status(), 303);
    for _ in 0..5 {
        let answer = browser.post("/console/sign-in", &[("user", "supervisor"), ("password", "wrong")]).await;
        assert_eq!(answer.status(), 403);
        assert!(answer.headers().get(SET_COOKIE).is_none());
    }
    let answer = browser.post("/console/sign-in", &[("user", "supervisor"), ("password", "watching")]).await;
    assert_eq!(answer.status(), 429);
    // A hospital's operator is no supervisor.
    browser.cookie = "sunbench_console=0000".to_owned();
    let answer =
        browser.post("/console/sign-in", &[("user", "buyer"), ("password", crate::world::PASSWORD)]).await;
    assert_eq!(answer.status(), 403);
    let answer = browser.get("/console/sign-in").await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let page = answer.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("http"), "no scripts, nothing from elsewhere");
}

#[tokio::test]
async fn forms_are_the_sessions_own() {
    let world = World::start().await;
    let browser = Browser::signed_in(&world).await;
    let csrf = browser.csrf().await;
    let on = [("on", "true"), ("seconds", "60")];
    let with =
        |csrf: &str| [vec![("csrf", csrf.to_owned())], on.map(|(a, b)| (a, b.to_owned())).to_vec()].concat();
    let post = async |csrf: &str, origin: Option<&str>| {
        let fields = with(csrf);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        browser.send("/console/maintenance", &fields, origin).await.status().as_u16()
    };
    assert_eq!(post("wrong", None).await, 403);
    let other = Browser::signed_in(&world).await.csrf().await;
    assert_eq!(post(&other, None).await, 403, "another session's");
    assert_eq!(post(&csrf, Some("https://elsewhere.example")).await, 403);
    assert_eq!(post(&csrf, Some("null")).await, 403);
    let client = Client::first(&world).await;
    assert_eq!(client.get("/api/v1/changes?cursor=").await.0, 200, "nothing has happened so far");
    assert_eq!(post(&csrf, Some(&world.url)).await, 303);
    assert_eq!(client.get("/api/v1/changes?cursor=").await.0, 503);
    assert!(browser.page("/console/notices").await.contains("id=\"maintenance-banner\""));
    assert_eq!(browser.post("/console/maintenance", &[("csrf", &csrf), ("on", "false")]).await.status(), 303);
    assert_eq!(client.get("/api/v1/changes?cursor=").await.0, 200);

    assert_eq!(browser.post("/console/sign-out", &[("csrf", "wrong")]).await.status(), 403);
    browser.post("/console/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(browser.get("/console/notices").await.status(), 303, "signed out on the platform too");
}

#[tokio::test]
async fn a_notice_goes_out_and_its_answer_is_judged() {
    let world = World::start().await;
    let browser = Browser::signed_in(&world).await;
    let client = Client::first(&world).await;
    let other = Client::other_hospital(&world).await;
    let (cursor, others) = (client.head().await, other.head().await);
    let path = browser.issue("限期整改").await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let (changes, _) = client.changes(&cursor).await;
    let data = &changes[0]["data"];
    assert_eq!((&data["noticeId"], &data["state"], &data["round"]), (&json!(id), &json!("0"), &json!(1)));
    assert_eq!(data["issueTime"], "2026-11-20T09:30:00+08:00");
    assert_eq!(data["evidence"][0], json!({"label": "线上采购率", "value": "71.2%"}));
    assert!(other.changes(&others).await.0.is_empty(), "not the other hospital's");
    let page = browser.page(&path).await;
    assert!(
        page.contains("2026-11-27") && !page.contains("id=\"close\""),
        "due in five working days, nothing to judge"
    );
    let csrf = browser.csrf().await;
    let answer = browser.post(&format!("{path}/close"), &[("csrf", &csrf)]).await;
    assert_eq!(answer.status(), 422, "not before the answer");

    let content = b"<script>alert(1)</script>".to_vec();
    let sha256 = hex(&Sha256::digest(&content));
    client
        .call(Method::PUT, &format!("/api/v1/attachments/{sha256}"), content.clone(), Twist::default())
        .await;
    let reply = |round: u32| {
        json!({"noticeId": id, "round": round, "cause": "原因<script>alert(2)</script>", "measures": "措施",
               "responsible": "李强", "attachments": [{"sha256": sha256, "name": "说明\".html", "size": content.len()}]})
    };
    client.submit(&key(), "notice.sign", json!({"noticeId": id}), None).await;
    let (status, result) = client.submit(&key(), "notice.reply", reply(1), None).await;
    assert_eq!(status, 200, "{result}");
    let page = browser.page(&path).await;
    assert!(page.contains("id=\"close\"") && page.contains("原因&lt;script&gt;alert(2)&lt;/script&gt;"));
    assert!(!page.contains("<script"));
    assert!(page.contains("请整改 &lt;b&gt;立即&lt;/b&gt;") && page.contains("缺 &lt;i&gt;补录&lt;/i&gt;"));
    let link = page.split("href=\"").find(|part| part.starts_with("/console/replies/")).unwrap();
    let file = browser.get(link.split('"').next().unwrap()).await;
    assert_eq!(file.headers()["content-type"], "application/octet-stream");
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    assert_eq!(
        file.headers()[CONTENT_DISPOSITION],
        "attachment; filename*=UTF-8''%E8%AF%B4%E6%98%8E%22.html"
    );
    assert_eq!(file.bytes().await.unwrap(), content);

    let back = |due: &'static str| {
        [("csrf", csrf.clone()), ("reason", "请补充".to_owned()), ("due", due.to_owned())]
    };
    let send_back = async |due: &'static str| {
        let fields = back(due);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        browser.post(&format!("{path}/return"), &fields).await.status().as_u16()
    };
    assert_eq!(send_back("2026-11-19").await, 422, "not in the past");
    assert_eq!(send_back("soon").await, 422);
    assert_eq!(send_back("2026-12-01").await, 303);
    let page = browser.page(&path).await;
    assert!(page.contains("2026-12-01") && page.contains("请补充") && page.contains("第 2 轮"));
    assert_eq!(client.submit(&key(), "notice.reply", reply(2), None).await.0, 200);
    assert_eq!(browser.post(&format!("{path}/close"), &[("csrf", &csrf)]).await.status(), 303);
    assert!(browser.page(&path).await.contains("data-state=\"5\""));
    let closed = browser.page(&format!("/console/notices?state=closed&institution={H1}")).await;
    assert!(closed.contains(&id));
    assert!(!browser.page(&format!("/console/notices?institution={H2}")).await.contains(&id));
}

#[tokio::test]
async fn what_people_wrote_is_never_markup() {
    let world = World::start().await;
    let browser = Browser::signed_in(&world).await;
    let evil = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";
    let path = browser.issue(evil).await;
    let escaped = "&lt;script&gt;alert('x')&lt;/script&gt;";
    for path in ["/console/notices", &path] {
        let page = browser.page(path).await;
        assert!(page.contains(escaped) && !page.contains("<script") && !page.contains("<img"), "{path}");
    }
    let query = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for path in [
        format!("/console/notices?institution={query}&state={query}&done={query}"),
        format!("/console/notices/new?institution={query}&template={query}&indicator={query}"),
        format!("/console/attendance?institution={query}"),
    ] {
        assert!(!browser.page(&path).await.contains("<script"), "{path}");
    }
    // A refused form comes back with what was typed.
    let csrf = browser.csrf().await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("institution", ""),
        ("title", evil),
        ("body", evil),
        ("level", "warning"),
        ("rule", evil),
        ("clause", evil),
        ("issuer", "局"),
        ("days", "5"),
        ("evidence", evil),
    ];
    let answer = browser.post("/console/notices", &fields).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("请选择医疗机构") && page.contains(escaped) && !page.contains("<script"));
}

#[tokio::test]
async fn attendance_is_by_month() {
    let world = World::start().await;
    let browser = Browser::signed_in(&world).await;
    let client = Client::first(&world).await;
    for day in ["2026-11-20", "2026-11-19"] {
        let payload = json!({"date": day, "actedAt": format!("{day}T08:30:00+08:00")});
        assert_eq!(client.submit(&key(), "checkIn", payload, None).await.0, 200);
    }
    let page = browser.page(&format!("/console/attendance?institution={H1}&month=2026-11")).await;
    let row = page.split("<tr data-operator=\"buyer\"").nth(1).unwrap().split("</tr>").next().unwrap();
    assert_eq!(row.matches('✓').count(), 2);
    assert!(row.contains(">15<") && row.contains("13.3%"), "two of fifteen working days so far: {row}");
    let page = browser.page(&format!("/console/attendance?institution={H1}&month=2026-10")).await;
    assert!(!page.contains('✓'));
    assert!(browser.page("/console/hospitals").await.contains("1 人"));
    assert_eq!(browser.get("/console/attendance?month=nonsense").await.status(), 422);
    assert_eq!(browser.get("/console/notices/nothing").await.status(), 404);
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_with_the_platform() {
    let world = World::start().await;
    let browser = Browser::signed_in(&world).await;
    world.clock.advance_s(8 * 3600 - 1);
    assert_eq!(browser.get("/console/notices").await.status(), 200);
    world.clock.advance_s(8 * 3600);
    assert_eq!(browser.get("/console/notices").await.status(), 303);
    let browser = Browser::signed_in(&world).await;
    let world = world.restart().await;
    let browser = Browser { url: world.url.clone(), ..browser };
    assert_eq!(browser.get("/console/notices").await.status(), 303);
}
