//! Submissions: judged once, repeated for ever.

use chrono::Days;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::{Outcome, SubmissionBatchResult, SubmissionResult};

use crate::client::{Client, Twist, key};
use crate::world::{H1, PASSWORD, World, notice, today};

fn check_in(date: &str, time: &str) -> Value {
    json!({"date": date, "actedAt": format!("{date}T{time}+08:00")})
}

/// What the feed holds of one record now.
async fn current(client: &Client, resource: &str, id: &str) -> Option<Value> {
    let (changes, _) = client.changes("").await;
    changes.into_iter().rfind(|c| c["resource"] == resource && c["id"] == id)
}

fn reply(round: u32) -> Value {
    json!({"noticeId": "500001", "round": round, "cause": "需求变化", "measures": "加快采购",
           "finishBy": "2026-12-10", "responsible": "王芳", "attachments": []})
}

#[tokio::test]
async fn a_check_in_is_one_record_for_operator_and_day() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let (status, first) = client.submit(&key(), "checkIn", check_in("2026-11-20", "08:31:00"), None).await;
    assert_eq!((status, &first["outcome"]), (200, &json!("accepted")));
    let cursor = client.head().await;
    let (status, again) = client.submit(&key(), "checkIn", check_in("2026-11-20", "09:00:00"), None).await;
    assert_eq!((status, &again["outcome"]), (200, &json!("accepted")));
    assert_eq!((&again["id"], &again["ver"]), (&first["id"], &first["ver"]));
    assert_eq!(
        (&again["problem"]["class"], &again["problem"]["code"]),
        (&json!("notice"), &json!("alreadyDone"))
    );
    assert_eq!(client.changes(&cursor).await.0.len(), 0, "a repeat changes no record");

    let colleague = Client::of(&world, H1, "second", PASSWORD).await;
    let (_, theirs) = colleague.submit(&key(), "checkIn", check_in("2026-11-20", "08:40:00"), None).await;
    assert_ne!(theirs["id"], first["id"]);
    for (payload, status) in [
        (check_in("2026-11-19", "08:31:00"), 200),
        (check_in("2026-11-13", "08:31:00"), 200),
        (check_in("2026-11-12", "08:31:00"), 422),
        (check_in("2026-11-20", "09:36:00"), 422),
        (check_in("2026-11-21", "08:31:00"), 422),
        (json!({"date": "2026-11-20", "actedAt": "2026-11-19T08:00:00+08:00"}), 422),
        (json!({"date": "2026-11-20"}), 422),
    ] {
        let (got, answer) = client.submit(&key(), "checkIn", payload.clone(), None).await;
        assert_eq!(got, status, "{payload} {answer}");
    }
}

#[tokio::test]
async fn a_key_has_one_answer() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let key = key();
    let (status, problem) = client.get(&format!("/api/v1/submissions/{key}")).await;
    assert_eq!((status, problem["code"].as_str()), (404, Some("notFound")));
    let (_, first) = client.submit(&key, "notice.sign", json!({"noticeId": "500001"}), Some(1)).await;
    world.clock.advance_s(60);
    let (status, mut again) =
        client.submit(&key, "notice.sign", json!({"noticeId": "500001"}), Some(1)).await;
    assert_eq!(status, 200);
    assert_eq!(again["serverTime"], "2026-11-20T09:31:00+08:00", "the clock is the present one");
    again["serverTime"] = first["serverTime"].clone();
    assert_eq!(again, first);
    let (_, status_answer) = client.get(&format!("/api/v1/submissions/{}", key.to_uppercase())).await;
    assert_eq!((&status_answer["id"], &status_answer["ver"]), (&first["id"], &first["ver"]));

    let (status, problem) = client.submit(&key, "notice.sign", json!({"noticeId": "500002"}), Some(1)).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("keyReused")));
    let other = Client::other_hospital(&world).await;
    assert_eq!(other.get(&format!("/api/v1/submissions/{key}")).await.0, 404, "a key is the hospital's own");
    let (status, _) = other.submit(&key, "notice.sign", json!({"noticeId": "500003"}), Some(1)).await;
    assert_eq!(status, 200);

    let world = world.restart().await;
    let client = Client { url: world.url.clone(), ..client };
    let (_, kept) = client.submit(&key, "notice.sign", json!({"noticeId": "500001"}), Some(1)).await;
    assert_eq!((&kept["id"], &kept["ver"]), (&first["id"], &first["ver"]), "outlives a restart");
}

#[tokio::test]
async fn concurrent_repeats_have_one_effect() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let cursor = client.head().await;
    let key = key();
    let sent: Vec<_> = (0..12)
        .map(|_| {
            let (client, key) = (client.clone(), key.clone());
            tokio::spawn(async move {
                client.submit(&key, "checkIn", check_in("2026-11-20", "08:31:00"), None).await
            })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for answer in sent {
        let (status, result) = answer.await.unwrap();
        assert_eq!(status, 200);
        assert!(result.get("problem").is_none(), "each is the first answer");
        ids.insert(result["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(client.changes(&cursor).await.0.len(), 1);
}

#[tokio::test]
async fn a_notice_is_signed_answered_returned_answered_and_closed() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let (status, problem) = client.submit(&key(), "notice.reply", reply(1), Some(1)).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("wrongState")), "to be signed first");
    let (_, signed) = client.submit(&key(), "notice.sign", json!({"noticeId": "500001"}), Some(1)).await;
    assert_eq!((&signed["resource"], &signed["ver"]), (&json!("notice"), &json!(2)));
    let cursor = client.head().await;
    let (_, again) = client.submit(&key(), "notice.sign", json!({"noticeId": "500001"}), Some(1)).await;
    assert_eq!((&again["ver"], &again["problem"]["class"]), (&json!(2), &json!("notice")));
    assert!(client.changes(&cursor).await.0.is_empty());

    for (payload, base, status, code, field) in [
        (reply(1), Some(1), 412, "versionPassed", "baseVer"),
        (reply(2), Some(2), 422, "wrongState", "round"),
        (
            json!({"noticeId": "500003", "round": 1, "cause": "a", "measures": "b", "responsible": "c"}),
            None,
            422,
            "invalid",
            "noticeId",
        ),
        (
            json!({"noticeId": "500001", "round": 1, "cause": " ", "measures": "b", "responsible": "c"}),
            Some(2),
            422,
            "invalid",
            "cause",
        ),
        (json!({"noticeId": "500001", "round": 1}), Some(2), 422, "invalid", "payload"),
    ] {
        let (got, problem) = client.submit(&key(), "notice.reply", payload, base).await;
        assert_eq!(
            (got, problem["code"].as_str(), problem["field"].as_str()),
            (status, Some(code), Some(field))
        );
        if status == 412 {
            assert_eq!(problem["current"]["ver"], 2);
            assert_eq!(problem["current"]["data"]["state"], "1");
        }
    }
    let (status, replied) = client.submit(&key(), "notice.reply", reply(1), Some(2)).await;
    assert_eq!((status, &replied["ver"]), (200, &json!(3)));
    let (changes, _) = client.changes(&cursor).await;
    let seen: Vec<_> = changes.iter().map(|c| (c["resource"].as_str().unwrap(), c["more"] == true)).collect();
    assert_eq!(seen, [("notice", true), ("noticeReply", false)], "both become visible together");
    assert_eq!(changes[1]["data"]["submitTime"], "2026-11-20T09:30:00+08:00");
    assert_eq!(
        (&changes[0]["data"]["signedBy"], &changes[1]["data"]["operator"]),
        (&json!("王芳"), &json!("王芳"))
    );

    assert!(world.platform.return_notice("500001", " ", None).is_err());
    world.platform.return_notice("500001", "请补充数据", None).unwrap();
    let returned = current(&client, "notice", "500001").await.unwrap()["data"].clone();
    assert_eq!((&returned["state"], &returned["round"]), (&json!("4"), &json!(2)));
    assert_eq!(returned["dueTime"], "2026-11-27T23:59:59+08:00", "five working days from the return");
    assert!(world.platform.return_notice("500001", "再来", None).is_err(), "not from this state");
    let (status, _) = client.submit(&key(), "notice.reply", reply(1), Some(4)).await;
    assert_eq!(status, 422, "the first round is over");
    assert_eq!(client.submit(&key(), "notice.reply", reply(2), Some(4)).await.0, 200);
    world.platform.return_notice("500001", "请再补充", Some(today() + Days::new(3))).unwrap();
    let returned = current(&client, "notice", "500001").await.unwrap()["data"].clone();
    assert_eq!((&returned["round"], &returned["dueTime"]), (&json!(3), &json!("2026-11-23T23:59:59+08:00")));
    assert_eq!(client.submit(&key(), "notice.reply", reply(3), None).await.0, 200);
    world.platform.close_notice("500001").unwrap();
    let closed = current(&client, "notice", "500001").await.unwrap()["data"].clone();
    assert_eq!((&closed["state"], &closed["stateText"]), (&json!("5"), &json!("已销号")));
    let (status, problem) = client.submit(&key(), "notice.reply", reply(3), None).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("wrongState")));
}

#[tokio::test]
async fn a_colleagues_answer_comes_first() {
    let world = World::start().await;
    let (mine, theirs) = (Client::first(&world).await, Client::of(&world, H1, "second", PASSWORD).await);
    mine.submit(&key(), "notice.sign", json!({"noticeId": "500001"}), None).await;
    assert_eq!(theirs.submit(&key(), "notice.reply", reply(1), Some(2)).await.0, 200);
    let my_key = key();
    let (status, problem) = mine.submit(&my_key, "notice.reply", reply(1), Some(2)).await;
    assert_eq!((status, &problem["current"]["data"]["state"]), (412, &json!("3")));
    let (_, kept) = mine.get(&format!("/api/v1/submissions/{my_key}")).await;
    assert_eq!((&kept["outcome"], &kept["problem"]["code"]), (&json!("refused"), &json!("versionPassed")));
}

#[tokio::test]
async fn an_attachment_must_be_there_and_then_the_same_key_succeeds() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    client.submit(&key(), "notice.sign", json!({"noticeId": "500001"}), None).await;
    let content = b"evidence".to_vec();
    let sha256 = hex(&Sha256::digest(&content));
    let mut payload = reply(1);
    payload["attachments"] = json!([{"sha256": sha256, "name": "说明.pdf", "size": content.len()}]);
    let key = key();
    let (status, problem) = client.submit(&key, "notice.reply", payload.clone(), None).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("attachmentMissing")));
    assert_eq!((&problem["field"], &problem["retryable"]), (&json!("attachments[0]"), &json!(true)));
    assert_eq!(client.get(&format!("/api/v1/submissions/{key}")).await.0, 404);
    let path = format!("/api/v1/attachments/{sha256}");
    let other = Client::other_hospital(&world).await;
    other.call(Method::PUT, &path, content.clone(), Twist::default()).await;
    assert_eq!(client.submit(&key, "notice.reply", payload.clone(), None).await.0, 422, "another hospital's");
    client.call(Method::PUT, &path, content, Twist::default()).await;
    assert_eq!(client.submit(&key, "notice.reply", payload, None).await.0, 200);
}

#[tokio::test]
async fn kinds_that_are_not_served_say_so_and_leave_the_key_free() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let key = key();
    for kind in ["hologram.create", "dream.dream"] {
        let (status, problem) = client.submit(&key, kind, json!({}), None).await;
        assert_eq!((status, problem["code"].as_str()), (422, Some("invalid")), "{kind}");
    }
    assert_eq!(client.submit(&key, "checkIn", check_in("2026-11-20", "08:00:00"), None).await.0, 200);
}

fn receipt(lines: &[(&str, &str, &str)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(id, received, rejected)| {
            json!({"distributeDetailId": id, "receivedCount": received, "rejectedCount": rejected,
                   "rejectReason": if *rejected == "0" { "" } else { "破损" }})
        })
        .collect();
    json!({"distributeId": "400001", "lines": lines})
}

#[tokio::test]
async fn received_never_exceeds_delivered() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    // One line in part, one too much, one that is not there.
    let asked = receipt(&[("400001-1", "4", "1"), ("400001-2", "10.0001", "0"), ("400001-9", "1", "0")]);
    let (status, result) = client.submit(&key(), "receipt.create", asked, Some(1)).await;
    assert_eq!((status, &result["outcome"]), (200, &json!("partial")), "{result}");
    let ok: Vec<bool> = result["lines"].as_array().unwrap().iter().map(|l| l["ok"] == true).collect();
    assert_eq!(ok, [true, false, false]);
    let made = current(&client, "receipt", result["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(made["data"]["lines"].as_array().unwrap().len(), 1);
    let line = current(&client, "orderLine", "200002-1").await.unwrap();
    assert_eq!(
        (&line["data"]["orderDetailState"], &line["data"]["receivedCount"]),
        (&json!("7"), &json!("4"))
    );
    let delivery = current(&client, "delivery", "400001").await.unwrap();
    assert_eq!((&delivery["data"]["state"], &delivery["ver"]), (&json!("2"), &json!(2)));

    // Five are settled, so six are too many, also together in one receipt.
    for lines in [&[("400001-1", "6", "0")][..], &[("400001-1", "0", "0")], &[("400001-1", "-1", "2")]] {
        let (status, problem) = client.submit(&key(), "receipt.create", receipt(lines), None).await;
        assert_eq!((status, problem["lines"][0]["ok"] == false), (422, true), "{problem}");
    }
    let twice = receipt(&[("400001-1", "3", "0"), ("400001-1", "3", "0")]);
    let (_, result) = client.submit(&key(), "receipt.create", twice, None).await;
    assert_eq!((&result["lines"][0]["ok"], &result["lines"][1]["ok"]), (&json!(true), &json!(false)));
    let (status, _) = client.submit(&key(), "receipt.create", receipt(&[]), None).await;
    assert_eq!(status, 422);
    let rest = receipt(&[("400001-1", "2", "0"), ("400001-2", "10", "0")]);
    let (status, _) = client.submit(&key(), "receipt.create", rest.clone(), None).await;
    assert_eq!(status, 200);
    let delivery = current(&client, "delivery", "400001").await.unwrap();
    assert_eq!(delivery["data"]["stateText"], "已入库");
    let line = current(&client, "orderLine", "200002-2").await.unwrap();
    assert_eq!(
        (&line["data"]["orderDetailState"], &line["data"]["receivedCount"]),
        (&json!("8"), &json!("10"))
    );
    let (status, problem) = client.submit(&key(), "receipt.create", rest, None).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("wrongState")));
    let other = Client::other_hospital(&world).await;
    let (status, problem) =
        other.submit(&key(), "receipt.create", receipt(&[("400001-1", "1", "0")]), None).await;
    assert_eq!(
        (status, problem["field"].as_str()),
        (422, Some("distributeId")),
        "another hospital's delivery"
    );
}

#[tokio::test]
async fn orders_are_cancelled_by_line_until_they_are_shipped() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let cancel =
        |order: &str, lines: &[&str]| json!({"orderId": order, "orderDetailIds": lines, "reason": "重复"});
    let (status, result) =
        client.submit(&key(), "order.cancel", cancel("200001", &["200001-1", "200002-1"]), Some(1)).await;
    assert_eq!((status, &result["outcome"], &result["ver"]), (200, &json!("partial"), &json!(2)));
    let line = current(&client, "orderLine", "200001-1").await.unwrap();
    assert_eq!(line["data"]["stateText"], "已撤单");
    let (status, result) = client.submit(&key(), "order.cancel", cancel("200001", &[]), Some(2)).await;
    assert_eq!((status, result["lines"].as_array().unwrap().len()), (200, 2));
    for (payload, base, status, code) in [
        (cancel("200001", &[]), None, 422, "wrongState"),
        (cancel("200001", &["200001-1"]), Some(1), 412, "versionPassed"),
        (cancel("200002", &["200002-1"]), None, 422, "wrongState"),
        (cancel("300001", &[]), None, 422, "invalid"),
    ] {
        let (got, problem) = client.submit(&key(), "order.cancel", payload, base).await;
        assert_eq!((got, problem["code"].as_str()), (status, Some(code)), "{problem}");
    }
}

#[tokio::test]
async fn a_batch_judges_each_alone() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    world.platform.publish(&[notice(H1, "500009")]).unwrap();
    let first = key();
    let element =
        |key: &str, kind: &str, payload: Value| json!({"clientKey": key, "kind": kind, "payload": payload});
    let batch = json!({"submissions": [
        element(&first, "notice.sign", json!({"noticeId": "500001"})),
        element(&key(), "notice.sign", json!({"noticeId": "nothing"})),
        element(&first, "notice.sign", json!({"noticeId": "500002"})),
        element("no-uuid", "notice.sign", json!({"noticeId": "500009"})),
        element(&key(), "notice.sign", json!({"noticeId": "500009"})),
    ]});
    let path = "/api/v1/submissions/batch";
    let (status, answer) = client.call(Method::POST, path, batch.to_string().into(), Twist::default()).await;
    assert_eq!(status, 200, "{answer}");
    let answer: SubmissionBatchResult = serde_json::from_value(answer).unwrap();
    let code = |r: &SubmissionResult| r.problem.as_ref().map_or(String::new(), |p| p.code.clone());
    let told: Vec<_> = answer.results.iter().map(|r| (r.outcome.clone(), code(r))).collect();
    assert_eq!(
        told,
        [
            (Outcome::Accepted, String::new()),
            (Outcome::Refused, "invalid".to_owned()),
            (Outcome::Refused, "keyReused".to_owned()),
            (Outcome::Refused, "badRequest".to_owned()),
            (Outcome::Accepted, String::new()),
        ]
    );
    // The key has the same answer by either way.
    let (status, again) = client.submit(&first, "notice.sign", json!({"noticeId": "500001"}), None).await;
    assert_eq!((status, again["ver"].as_u64()), (200, answer.results[0].ver));
    let many: Vec<Value> = (0..51).map(|_| element(&key(), "checkIn", json!({}))).collect();
    let body = json!({"submissions": many}).to_string();
    assert_eq!(client.call(Method::POST, path, body.into(), Twist::default()).await.0, 400);
}

#[tokio::test]
async fn at_a_pace_companies_accept_and_deliver_what_can_then_be_received() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let cursor = client.head().await;
    while world.platform.advance().unwrap() {}
    let (changes, _) = client.changes(&cursor).await;
    let last = |id: &str| changes.iter().rfind(|c| c["id"] == id).unwrap();
    let shipped = ["200001-1", "200001-2", "200001-3"].map(|line| {
        let line = last(line);
        let state = line["data"]["orderDetailState"].as_str().unwrap();
        assert!(["3", "4", "5"].contains(&state), "a company has decided: {line}");
        state == "4"
    });
    let deliveries: Vec<_> = changes.iter().filter(|c| c["resource"] == "delivery").collect();
    assert!(!deliveries.is_empty() && deliveries.len() >= shipped.iter().filter(|s| **s).count());
    assert!(deliveries.iter().all(|d| d["data"]["arriveTime"].is_string()), "they have come");
    let delivery = &deliveries[0]["data"];
    let detail = &delivery["lines"][0]["distributeDetailId"];
    let payload = json!({"distributeId": delivery["distributeId"],
        "lines": [{"distributeDetailId": detail, "receivedCount": delivery["lines"][0]["distributeCount"]}]});
    let (status, result) = client.submit(&key(), "receipt.create", payload, None).await;
    assert_eq!((status, &result["outcome"]), (200, &json!("accepted")), "{result}");
}
