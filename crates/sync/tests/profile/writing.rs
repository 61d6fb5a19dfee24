//! Submissions: each exactly once, whatever the network does.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sunbench_contract::sign::hex;
use sunbench_store::local::attachment;
use sunbench_store::local::outbox::OutboxState;
use sunbench_store::mirror::notice;
use sunbench_sync::FailureCode;

use crate::proxy::Fault;
use crate::world::{Seat, World, key};

fn check_in() -> String {
    json!({"date": "2026-11-20", "actedAt": "2026-11-20T08:55:00+08:00"}).to_string()
}

fn reply(notice: &str, text: &str, attachments: &Value) -> String {
    json!({
        "noticeId": notice, "round": 1, "cause": text, "measures": "整改", "responsible": "王芳", "attachments": attachments
    })
    .to_string()
}

/// Signs for a notice and answers it, as a person does offline: both built upon the version that was seen.
fn answer(seat: &Seat, notice: &(String, i64), keys: (u64, u64), text: &str) {
    let (id, ver) = notice;
    let document = format!("notice:{id}");
    seat.queue(&key(keys.0), "notice.sign", &document, &json!({"noticeId": id}).to_string(), Some(*ver));
    seat.queue(&key(keys.1), "notice.reply", &document, &reply(id, text, &json!([])), Some(*ver));
}

fn states(seat: &Seat, keys: &[u64]) -> Vec<&'static str> {
    keys.iter().map(|n| seat.outbox(&key(*n)).state.name()).collect()
}

fn replies(seat: &Seat, notice: &str) -> i64 {
    seat.store
        .read(|conn| {
            let sql = "SELECT count(*) FROM notice_reply WHERE notice_id = ?1";
            Ok(conn.query_row(sql, [notice], |row| row.get(0))?)
        })
        .unwrap()
}

const SERVER_ERROR: &str = "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const SIGNED_OUT: &str = "HTTP/1.1 401 No\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"code\":\"tokenExpired\",\"class\":\"logic\",\"msg\":\"\",\"retryable\":false,\"traceId\":\"\",\"serverTime\":\"2026-11-20T09:30:00+08:00\"}";
const GARBLED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\n<htm";

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_exactly_once() {
    let world = World::start().await;
    let faults = [
        None,
        Some(Fault::Lost),
        Some(Fault::AnswerLost),
        Some(Fault::AnswerCut(40)),
        Some(Fault::AnswerCut(150)),
        Some(Fault::Twice),
        Some(Fault::Instead(SERVER_ERROR)),
        Some(Fault::DoneButInstead(SERVER_ERROR)),
        Some(Fault::Instead(SIGNED_OUT)),
        Some(Fault::DoneButInstead(SIGNED_OUT)),
        Some(Fault::Instead(GARBLED)),
        Some(Fault::DoneButInstead(GARBLED)),
    ];
    let seat = world.synced_seat().await;
    for (n, fault) in (0..).zip(faults) {
        world.issue_notice();
        seat.sync().await;
        let notice = seat.issued_notice();
        let keys = (100 + 2 * n, 101 + 2 * n);
        answer(&seat, &notice, keys, "原因");
        // A token is renewed once for each call, so of those faults one.
        let once = matches!(&fault, Some(Fault::Instead(SIGNED_OUT) | Fault::DoneButInstead(SIGNED_OUT)));
        for fault in fault.iter().cycle().take(if once { 1 } else { 2 }) {
            world.proxy.fault("PUT /submissions", fault.clone());
        }
        let report = seat.sync_within(Duration::from_secs(30)).await;
        assert!(report.complete, "{fault:?}: {report:?}");
        assert!(world.proxy.unused().is_empty(), "{fault:?} was met");
        assert_eq!((report.pushed, report.waiting), (2, 0), "{fault:?}: {report:?}");
        assert_eq!(states(&seat, &[keys.0, keys.1]), ["accepted", "accepted"], "{fault:?}");
        assert_eq!(replies(&seat, &notice.0), 1, "{fault:?}: the platform has one answer");
        let kept = seat.store.read(|conn| notice::get(conn, &notice.0)).unwrap().unwrap();
        assert_eq!(kept.state, "REPLIED", "{fault:?}");
    }
    assert!(seat.store.read(sunbench_store::audit::verify).unwrap().ok);
}

/// The program dies between sending and hearing of it; the next start asks first.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_after_a_restart() {
    let world = World::start().await;
    for (n, fault, asked) in [
        (1, Fault::AnswerLost, vec!["GET /submissions/{key}", "GET /changes"]),
        (2, Fault::Lost, vec!["GET /submissions/{key}", "PUT /submissions/{key}", "GET /changes"]),
    ] {
        let seat = world.synced_seat().await;
        let notice = seat.issued_notice();
        let body = json!({"noticeId": notice.0}).to_string();
        seat.queue(&key(n), "notice.sign", "notice:1", &body, Some(notice.1));
        world.proxy.fault("PUT /submissions", fault.clone());
        // No time for a second attempt.
        let report = seat.sync_within(Duration::from_millis(300)).await;
        assert_eq!(report.failure.map(|f| f.code), Some(FailureCode::NoAnswer), "{fault:?}");
        assert_eq!(states(&seat, &[n]), ["sending"], "{fault:?}");
        assert_eq!((report.waiting, report.refused), (1, 0), "{fault:?}: it is seen to wait");
        world.proxy.taken();
        let seat = seat.reopened();
        let report = seat.sync().await;
        assert_eq!((report.pushed, report.waiting), (1, 0), "{fault:?}");
        let asked: Vec<_> = asked.iter().map(|call| call.replace("{key}", &key(n))).collect();
        assert_eq!(world.proxy.taken(), asked, "{fault:?}");
        assert_eq!(seat.outbox(&key(n)).attempts, if n == 1 { 1 } else { 2 });
    }
}

/// A backup from before the sync is restored: nothing is done twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_repeats_nothing() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let notice = seat.issued_notice();
    answer(&seat, &notice, (1, 2), "原因");
    let (seat, backup) = seat.with_backup();
    let report = seat.sync().await;
    assert_eq!(report.pushed, 2, "{report:?}");
    let restored = seat.restored(backup);
    let report = restored.sync().await;
    assert!(report.complete, "{report:?}");
    assert_eq!(states(&restored, &[1, 2]), ["accepted", "accepted"]);
    assert_eq!(replies(&restored, &notice.0), 1);
    assert_eq!(restored.content(), world.synced_seat().await.content());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_seats_one_answer() {
    let world = World::start().await;
    let (one, two) = (world.synced_seat().await, world.synced_seat().await);
    let notice = one.issued_notice();
    answer(&one, &notice, (1, 2), "甲的原因");
    answer(&two, &notice, (3, 4), "乙的原因");
    assert!(one.sync().await.complete);
    let report = two.sync().await;
    assert!(report.complete, "{report:?}");
    assert_eq!(states(&one, &[1, 2]), ["accepted", "accepted"]);
    assert_eq!(states(&two, &[3, 4]), ["accepted", "needs-decision"], "signed already is as good as signed");
    assert_eq!(report.refused, 1);
    let item = two.outbox(&key(4));
    assert!(item.body.contains("乙的原因") && item.answer.is_some(), "what was written is kept");
    assert_eq!(
        (replies(&one, &notice.0), replies(&two, &notice.0)),
        (1, 1),
        "the other text is here as well"
    );

    // The other order: signed for long ago, answered by both.
    let notice = two.issued_notice();
    let sign = json!({"noticeId": notice.0}).to_string();
    one.queue(&key(5), "notice.sign", "n", &sign, Some(notice.1));
    one.sync().await;
    two.sync().await;
    let ver = Some(notice.1 + 1);
    for (seat, n, text) in [(&one, 6, "甲"), (&two, 7, "乙")] {
        seat.queue(&key(n), "notice.reply", "n", &reply(&notice.0, text, &json!([])), ver);
        seat.sync().await;
    }
    assert_eq!((states(&one, &[6]), states(&two, &[7])), (vec!["accepted"], vec!["needs-decision"]));
    let answer: Value = serde_json::from_str(&two.outbox(&key(7)).answer.unwrap()).unwrap();
    assert_eq!(answer["current"]["id"], json!(notice.0), "what is there now comes with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_and_hold_nobody_up() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let notice = seat.issued_notice();
    // Empty text breaks a rule; the check-in of the same run goes through, and goes first.
    seat.queue(&key(1), "notice.sign", "n", &json!({"noticeId": notice.0}).to_string(), Some(notice.1));
    seat.queue(&key(2), "notice.reply", "n", &reply(&notice.0, "", &json!([])), Some(notice.1));
    seat.queue(&key(3), "checkIn", "checkIn:2026-11-20", &check_in(), None);
    seat.queue(&key(4), "tomorrow.kind", "x", "{}", None);
    let report = seat.sync().await;
    assert!(report.complete, "{report:?}");
    assert_eq!(states(&seat, &[1, 2, 3, 4]), ["accepted", "refused", "accepted", "refused"]);
    assert_eq!((report.pushed, report.waiting, report.refused), (2, 0, 2));
    let item = seat.outbox(&key(2));
    assert_eq!(item.error_code.as_deref(), Some("invalid"));
    assert!(item.error_text.is_some_and(|text| text.contains("原因分析")));
    assert!(world.proxy.taken()[0].ends_with(&key(3)), "check-in first");
    assert_eq!(
        seat.number("SELECT count(*) FROM check_in WHERE checked_on = '2026-11-20' AND operator <> ''"),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_is_closed_refuses_nothing() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    seat.queue(&key(1), "checkIn", "c", &check_in(), None);
    world.platform.set_maintenance(Some(120)).unwrap();
    let report = seat.sync().await;
    assert_eq!(report.failure.map(|f| f.code), Some(FailureCode::Maintenance));
    let item = seat.outbox(&key(1));
    assert_eq!((item.state, item.error_code.as_deref()), (OutboxState::Queued, Some("maintenance")));
    world.platform.set_maintenance(None).unwrap();
    let report = seat.sync().await;
    assert_eq!(report.waiting, 1, "not before the time that the platform asked for");
    assert_eq!(report.unsent.map(|f| f.code), Some(FailureCode::Maintenance), "and that is told");
    world.clock.advance_s(121);
    assert_eq!(seat.sync().await.pushed, 1);
}

/// What a fault of the platform keeps back is told, and the next command tries it at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_fails_is_told_and_tried_by_the_next_command() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    seat.queue(&key(1), "checkIn", "c", &check_in(), None);
    for _ in 0..3 {
        world.proxy.fault("PUT /submissions", Fault::Instead(SERVER_ERROR));
    }
    let report = seat.sync().await;
    assert_eq!((report.failure, report.pushed, report.waiting), (None, 0, 1));
    assert_eq!(report.unsent.map(|f| f.code), Some(FailureCode::PlatformFault));
    let report = seat.sync().await;
    assert_eq!((report.unsent, report.pushed, report.waiting), (None, 1, 0), "the clock stood still");
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_go_first_and_go_on_after_a_cut() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let content: Vec<u8> = (0..2_500_000_u32).flat_map(u32::to_le_bytes).take(2_500_000).collect();
    let sha256 = hex(&Sha256::digest(&content));
    seat.store.write_local(|tx| attachment::add(tx, &sha256, &content, 0)).unwrap();
    let notice = seat.issued_notice();
    let named = json!([{"sha256": sha256, "name": "整改报告.pdf", "size": content.len()}]);
    seat.queue(&key(1), "notice.sign", "n", &json!({"noticeId": notice.0}).to_string(), Some(notice.1));
    seat.queue_with(
        &key(2),
        "notice.reply",
        "n",
        &reply(&notice.0, "见附件", &named),
        Some(notice.1),
        std::slice::from_ref(&sha256),
    );
    world.proxy.fault("PUT /attachments", Fault::AnswerLost);
    world.proxy.fault("PUT /attachments", Fault::Lost);
    let report = seat.sync_within(Duration::from_secs(30)).await;
    assert!(report.complete, "{report:?}");
    assert_eq!(states(&seat, &[1, 2]), ["accepted", "accepted"]);
    let sent = world.proxy.taken().iter().filter(|call| call.starts_with("PUT /attachments")).count();
    assert_eq!(sent, 4, "three pieces, one of them twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_attachment_waits_and_says_so() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let notice = seat.issued_notice();
    seat.queue_with(
        &key(1),
        "notice.reply",
        "n",
        &reply(&notice.0, "x", &json!([])),
        Some(notice.1),
        &["ab".repeat(32)],
    );
    let report = seat.sync().await;
    assert!(report.complete, "it holds nobody else up: {report:?}");
    let item = seat.outbox(&key(1));
    assert_eq!((item.state, item.error_code.as_deref()), (OutboxState::Queued, Some("attachmentLost")));
}
