//! The daily job: sign in, answer what is due, go home; whatever the network and other people do.

use sha2::{Digest as _, Sha256};
use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    CheckInState, Nothing, OutboxState, ProfileStatus, SyncPhase, TimelineKind, Urgency,
};
use sunbench_contract::NoticeReplyPayload;
use sunbench_contract::sign::hex;
use sunbench_store::local::{outbox, reply_draft};
use sunbench_workdays::Calendar;

use crate::world::{Seat, World, draft, until};

const DAY: i64 = 86_400;

/// The payload as it went out, and its digest.
fn sent(seat: &Seat, key: &str) -> (NoticeReplyPayload, String) {
    let item = seat.app.store().unwrap().read(|conn| outbox::get(conn, key)).unwrap().unwrap();
    (serde_json::from_str(&item.body).unwrap(), hex(&Sha256::digest(&item.body)))
}

/// The causes of the answers that the platform holds, by round.
async fn answers(seat: &Seat, notice: &str) -> Vec<String> {
    seat.notice(notice).await.replies.into_iter().map(|reply| reply.cause).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_from_its_arrival_to_its_second_round() {
    let mut world = World::start().await;
    let mut seat = world.seat().await;
    until("the check-in", || async {
        let state = seat.check_in().await;
        if state == CheckInState::Done { Ok(()) } else { Err(state) }
    })
    .await;

    // Friday: it arrives, and its five working days are counted from the next one.
    let id = world.issue_notice("进度滞后", "请说明原因。");
    let row = seat.arrival(&id).await.row;
    let counted = ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];
    assert_eq!(row.deadline.counted, counted);
    assert_eq!((row.deadline.due_date.as_str(), row.deadline.remaining_working_days), ("2026-11-27", 5));
    let official = Calendar::built_in().working_days(&crate::world::now().at(), 5).unwrap();
    assert_eq!(row.deadline.due_date, official.due_date.to_string());
    assert_eq!(row.deadline.due_at, official.due_at.to_rfc3339());
    assert_eq!((row.deadline.provisional, row.deadline.stated), (false, false));
    let numbers: Vec<_> = row.deadline.days.iter().filter_map(|day| day.number).collect();
    assert_eq!(
        (row.deadline.days.len(), numbers),
        (8, vec![1, 2, 3, 4, 5]),
        "the weekend is shown, not counted"
    );
    let listed = seat.today().await.notices;
    assert!(
        listed.iter().any(|row| row.id == id) && listed.is_sorted_by_key(|row| row.deadline.due_at.clone())
    );
    seat.save_draft(&id, 1, "人手不足", Vec::new()).await;
    seat.close().await;

    // Monday: the program starts again, signs in by itself and has the draft; nobody has checked in yet.
    world.clock.advance_s(3 * DAY);
    seat.start().await;
    assert_eq!(seat.app.app_state(Nothing {}).await.unwrap().profile, ProfileStatus::Open);
    seat.phase(SyncPhase::UpToDate).await;
    let detail = seat.notice(&id).await;
    assert_eq!(detail.draft.unwrap().cause, "人手不足");
    assert!(detail.row.has_draft);
    assert_eq!(detail.row.deadline.remaining_working_days, 4);
    assert_eq!(seat.check_in().await, CheckInState::Missing, "starting by itself is nobody's act");
    seat.app.check_in(Nothing {}).await.unwrap();
    seat.up_to_date().await;
    assert_eq!(seat.check_in().await, CheckInState::Done);

    // The network goes. The answer is queued, signing first, and says so.
    world.go_down().await;
    let status = seat.phase(SyncPhase::Offline).await;
    assert_eq!(status.error, Some(ErrorCode::Unreachable));
    assert!(status.retry_at.is_some());
    let queued = seat.reply(&id, 1).await.unwrap();
    assert_eq!((queued.state, queued.accepted_at), (OutboxState::Queued, None));
    assert_eq!(seat.status().await.waiting, 2);
    assert!(seat.notice(&id).await.row.reply_waiting);
    seat.phase(SyncPhase::Offline).await;

    // It comes back: accepted, with a proof.
    world.come_back().await;
    seat.up_to_date().await;
    let accepted = seat.item(&queued.key).await;
    assert_eq!(accepted.state, OutboxState::Accepted);
    assert_eq!(accepted.accepted_at.as_deref(), Some("2026-11-23T09:30:00+08:00"));
    let (payload, digest) = sent(&seat, &queued.key);
    assert_eq!(accepted.digest, digest);
    assert_eq!((payload.cause.as_str(), payload.measures.as_str()), ("人手不足", "人手不足的措施"));
    let detail = until("the answer", || async {
        let detail = seat.notice(&id).await;
        if detail.replies.len() == 1 { Ok(detail) } else { Err(detail.row.state) }
    })
    .await;
    assert_eq!((detail.row.state.as_str(), detail.row.open), ("REPLIED", false));
    assert_eq!(detail.replies[0].client_key, queued.key, "the proof is the platform's own");
    assert!(!seat.today().await.notices.iter().any(|row| row.id == id));

    // Tuesday: it is returned, due on the day that the platform states.
    world.clock.advance_s(DAY);
    let due = "2026-12-02".parse().unwrap();
    world.platform.return_notice(&id, "措施不具体", Some(due)).unwrap();
    let detail = seat.round(&id, 2).await;
    assert_eq!((detail.row.state.as_str(), detail.row.open), ("RETURNED", true));
    assert_eq!(detail.return_reason, "措施不具体");
    let deadline = &detail.row.deadline;
    assert_eq!((deadline.due_date.as_str(), deadline.stated), ("2026-12-02", true));
    assert_eq!((deadline.remaining_working_days, deadline.counted.len()), (6, 6));
    assert_eq!(deadline.urgency, Urgency::Later);
    assert_eq!(detail.draft, None, "the second round begins empty");
    assert!(seat.today().await.notices.iter().any(|row| row.id == id && row.round == 2));
    let kept = seat
        .app
        .store()
        .unwrap()
        .read(|conn| reply_draft::get(conn, &id, 1, &world.access.user))
        .unwrap()
        .unwrap();
    assert_eq!(kept.cause, "人手不足", "what was written for the first is kept");

    let second = seat.answer(&id, 2, "已增派人手").await;
    seat.settled(&second.key, OutboxState::Accepted).await;
    until("both answers", || async {
        let answers = answers(&seat, &id).await;
        if answers == ["人手不足", "已增派人手"] { Ok(()) } else { Err(answers) }
    })
    .await;
    let kinds: Vec<_> = seat.notice(&id).await.timeline.into_iter().map(|entry| entry.kind).collect();
    for kind in [TimelineKind::Issued, TimelineKind::Signed, TimelineKind::Replied, TimelineKind::Returned] {
        assert!(kinds.contains(&kind), "{kind:?} in {kinds:?}");
    }
    let verified = seat.app.verify(Nothing {}).await.unwrap();
    assert!(verified.integrity && verified.audit_chain && verified.orphans == 0, "{verified:?}");
    seat.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_queued_once_and_can_be_taken_back() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    world.go_down().await;
    seat.phase(SyncPhase::Offline).await;

    let first = seat.answer(&id, 1, "写错了").await;
    assert_eq!(seat.reply(&id, 1).await.unwrap().key, first.key, "twice is once");
    assert_eq!(seat.status().await.waiting, 2, "a signature and an answer");

    assert_eq!(seat.withdraw(&first.key).await.unwrap().state, OutboxState::Withdrawn);
    assert_eq!(seat.withdraw(&first.key).await.unwrap_err().code, ErrorCode::WrongState);
    assert_eq!(seat.notice(&id).await.draft.unwrap().cause, "写错了", "the draft stays");
    let second = seat.answer(&id, 1, "改好了").await;
    assert_ne!(second.key, first.key);
    assert_eq!(seat.status().await.waiting, 2, "signed for once");

    world.come_back().await;
    seat.up_to_date().await;
    assert_eq!(seat.item(&second.key).await.state, OutboxState::Accepted);
    assert_eq!(seat.item(&first.key).await.state, OutboxState::Withdrawn);
    until("the answer", || async {
        let answers = answers(&seat, &id).await;
        if answers == ["改好了"] { Ok(()) } else { Err(answers) }
    })
    .await;
    assert_eq!(seat.withdraw(&second.key).await.unwrap_err().code, ErrorCode::WrongState, "it has left");
    assert_eq!(seat.reply(&id, 1).await.unwrap().key, second.key, "answered is answered");
    seat.close().await;
}

/// Another text for a round whose answer has not left takes its place; for one that has, it is refused and kept as a draft.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_answer_replaces_what_has_not_left() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    world.go_down().await;
    seat.phase(SyncPhase::Offline).await;

    let first = seat.answer(&id, 1, "第一稿").await;
    let file = seat.attach("证据.pdf", b"%PDF-1.4").await.unwrap();
    seat.save_draft(&id, 1, "第一稿", vec![file.clone()]).await;
    let with_file = seat.reply(&id, 1).await.unwrap();
    assert_ne!(with_file.key, first.key, "an attachment more is another answer");
    let second = seat.answer(&id, 1, "第二稿").await;
    assert_eq!(seat.reply(&id, 1).await.unwrap().key, second.key, "the same text is the same submission");
    for replaced in [&first, &with_file] {
        assert_eq!(seat.item(&replaced.key).await.state, OutboxState::Withdrawn);
    }
    assert_eq!(seat.status().await.waiting, 2, "one signature and one answer");
    seat.save_draft(&id, 1, " ", Vec::new()).await;
    let blank = seat.reply(&id, 1).await.unwrap_err();
    assert_eq!((blank.code, blank.field.as_deref()), (ErrorCode::FieldRequired, Some("cause")));

    world.come_back().await;
    seat.settled(&second.key, OutboxState::Accepted).await;
    until("the answer", || async {
        let answers = answers(&seat, &id).await;
        if answers == ["第二稿"] { Ok(()) } else { Err(answers) }
    })
    .await;
    seat.save_draft(&id, 1, "第三稿", vec![file]).await;
    let late = seat.reply(&id, 1).await.unwrap_err();
    assert_eq!((late.code, late.field.as_deref()), (ErrorCode::WrongState, Some("reply")));
    assert_eq!(seat.notice(&id).await.draft.unwrap().cause, "第三稿", "nothing is lost");
    seat.close().await;
}

/// Two seats answer one notice without knowing of each other: one answer, and the slower one sees both texts.
#[tokio::test(flavor = "multi_thread")]
async fn a_faster_colleague() {
    let world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    let signed = world.issue_notice("已签收的通知", "请说明原因。");
    let notices = [&id, &signed];
    for notice in notices {
        seat.arrival(notice).await;
    }
    let colleague = world.seat().await;
    colleague.arrival(&signed).await;

    seat.app.sync_cancel(Nothing {}).await.unwrap();
    let mut faster = Vec::new();
    for notice in notices {
        let item = colleague.answer(notice, 1, "同事的原因").await;
        faster.push(colleague.settled(&item.key, OutboxState::Accepted).await);
    }
    let mut slower = Vec::new();
    for notice in notices {
        slower.push(seat.answer(notice, 1, "我的原因").await);
    }
    assert_eq!(seat.status().await.waiting, 4);

    seat.app.sync_now(Nothing {}).await.unwrap();
    for (notice, (slow, fast)) in notices.into_iter().zip(slower.iter().zip(&faster)) {
        let item = until("both texts", || async {
            let item = seat.item(&slow.key).await;
            if item.other.is_some() { Ok(item) } else { Err(item) }
        })
        .await;
        assert_eq!(item.state, OutboxState::NeedsDecision);
        let other = item.other.unwrap();
        assert_eq!(other.operator, world.access.user_name);
        assert_eq!(other.text, "同事的原因\n同事的原因的措施");
        assert_eq!(Some(other.at), fast.accepted_at);
        assert_eq!(sent(&seat, &slow.key).0.cause, "我的原因", "one's own words are kept");
        let detail = seat.notice(notice).await;
        assert_eq!(detail.draft.unwrap().cause, "我的原因");
        assert_eq!(answers(&seat, notice).await, ["同事的原因"]);
        assert_eq!(seat.reply(notice, 1).await.unwrap().key, slow.key, "asking again sends nothing");
    }
    assert_eq!(seat.today().await.attention, 2);

    // The colleague's answer stands: one's own is withdrawn, and nothing more can be sent for this round.
    seat.withdraw(&slower[0].key).await.unwrap();
    assert_eq!(seat.today().await.attention, 1);
    assert_eq!(seat.reply(&id, 1).await.unwrap_err().code, ErrorCode::WrongState);
    // The supervisor wants more: the next round is open to both.
    world.platform.return_notice(&id, "请补充", None).unwrap();
    seat.round(&id, 2).await;
    let next = seat.answer(&id, 2, "补充").await;
    seat.settled(&next.key, OutboxState::Accepted).await;
    seat.close().await;
    colleague.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_keeps_its_reason_and_the_text() {
    let world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    let long = "长".repeat(5_001);
    let item = seat.answer(&id, 1, &long).await;
    let refused = seat.settled(&item.key, OutboxState::Refused).await;
    assert_eq!(refused.error_code.as_deref(), Some("invalid"));
    assert_eq!(refused.error_text.as_deref(), Some("原因分析不能超过 5000 字"));
    assert_eq!(refused.other, None);
    assert_eq!(seat.today().await.attention, 1);
    assert_eq!(seat.notice(&id).await.draft.unwrap().cause, long);

    // Shortened, it goes under a key of its own; the refused one stays on record.
    seat.withdraw(&item.key).await.unwrap();
    let shorter = seat.answer(&id, 1, "短").await;
    seat.settled(&shorter.key, OutboxState::Accepted).await;
    assert_eq!(seat.today().await.attention, 0);
    seat.close().await;
}

/// What is missing is said before anything is queued.
#[tokio::test(flavor = "multi_thread")]
async fn an_incomplete_answer_is_not_queued() {
    let world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    let code = |error: sunbench_app::ApiError| (error.code, error.field);
    assert_eq!(code(seat.reply(&id, 1).await.unwrap_err()), (ErrorCode::FieldRequired, Some("cause".into())));
    assert_eq!(code(seat.reply("nobody", 1).await.unwrap_err()), (ErrorCode::NotFound, None));
    for (cause, measures, responsible, missing) in [
        (" \n", "措施", "王敏", "cause"),
        ("原因", "", "王敏", "measures"),
        ("原因", "措施", "", "responsible"),
    ] {
        let mut req = draft(&id, 1, cause, Vec::new());
        measures.clone_into(&mut req.measures);
        responsible.clone_into(&mut req.responsible);
        seat.app.notice_draft_save(req).await.unwrap();
        let error = seat.reply(&id, 1).await.unwrap_err();
        assert_eq!(code(error), (ErrorCode::FieldRequired, Some(missing.into())));
    }
    let mut req = draft(&id, 1, "原因", Vec::new());
    req.finish_by = Some("下周".into());
    let error = seat.app.notice_draft_save(req).await.unwrap_err();
    assert_eq!(code(error), (ErrorCode::FieldInvalid, Some("finishBy".into())));
    seat.save_draft(&id, 2, "原因", Vec::new()).await;
    assert_eq!(code(seat.reply(&id, 2).await.unwrap_err()), (ErrorCode::WrongState, None));
    assert!(seat.outbox().await.iter().all(|item| item.kind == "checkIn"));
    seat.close().await;
}

/// What people and platforms write is text, on the way there and back.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_stays_text() {
    let world = World::start().await;
    let seat = world.seat().await;
    for text in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\u{202e}gnp.exe\u{202c}\u{200b}",
        "=HYPERLINK(\"http://evil.example\",\"点击\")",
        "'; DROP TABLE notice; --",
        "{{7*7}}${7*7}%00",
        "𠮷野家 é e\u{301} 👩‍👩‍👧",
    ] {
        let id = world.issue_notice(text, text);
        let detail = seat.arrival(&id).await;
        assert_eq!((detail.row.title.as_str(), detail.body.as_str()), (text, text));
        assert_eq!((detail.evidence[0].label.as_str(), detail.evidence[0].value.as_str()), (text, text));
        let file = seat.attach("../../回执.pdf", text.as_bytes()).await.unwrap();
        assert_eq!(file.name, "回执.pdf");
        seat.save_draft(&id, 1, text, vec![file.clone()]).await;
        let item = seat.reply(&id, 1).await.unwrap();
        assert_eq!(item.subject_title, text);
        seat.settled(&item.key, OutboxState::Accepted).await;
        let reply =
            until("the answer", || async { seat.notice(&id).await.replies.pop().ok_or("no answer yet") })
                .await;
        assert_eq!((reply.cause.as_str(), reply.measures), (text, format!("{text}的措施")));
        assert_eq!(reply.attachments, [file]);
    }
    assert!(seat.app.verify(Nothing {}).await.unwrap().audit_chain);
    seat.close().await;
}
