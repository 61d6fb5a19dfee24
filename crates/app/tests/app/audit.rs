//! "What did we send on that day, who did it, what did the platform answer?": from the log, with digests that fit.

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sunbench_app::wire::{AccountEntry, AuditExplainReq, Nothing, OutboxState};
use sunbench_app::{ApiError, ErrorCode};

use crate::world::{Seat, World};

async fn account(seat: &Seat, from: Option<&str>, about: Option<&str>) -> Vec<AccountEntry> {
    let req = AuditExplainReq { from: from.map(str::to_owned), to: None, about: about.map(str::to_owned) };
    let account = seat.app.audit_explain(req).await.unwrap();
    assert!(account.chain.ok && !account.cut, "{:?}", account.chain);
    account.entries
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_accounted_for() {
    let world = World::start().await;
    let seat = world.seat().await;
    let notice = world.issue_notice("进度滞后", "请反馈。");
    seat.arrival(&notice).await;
    let file = seat.attach("回执.pdf", b"%PDF-1.7 reply").await.unwrap();
    seat.save_draft(&notice, 1, "原因", vec![file.clone()]).await;
    let sent = seat.reply(&notice, 1).await.unwrap();
    seat.settled(&sent.key, OutboxState::Accepted).await;
    let refused = {
        let other = world.issue_notice("第二件", "正文");
        seat.arrival(&other).await;
        let item = seat.answer(&other, 1, &"长".repeat(5001)).await;
        seat.settled(&item.key, OutboxState::Refused).await
    };

    let day = account(&seat, Some("2026-11-20"), None).await;
    let one = |what: &str, key: Option<&str>| {
        day.iter()
            .find(|entry| entry.what == what && (key.is_none() || entry.key.as_deref() == key))
            .unwrap_or_else(|| panic!("{what} in {day:#?}"))
    };
    for what in ["新建档案，显示恢复码", "登录平台", "打卡", "签收督办通知"] {
        one(what, None);
    }
    let reply = one("反馈督办通知", Some(&sent.key));
    assert_eq!(
        (reply.actor.as_str(), reply.state),
        (world.access.user.as_str(), Some(OutboxState::Accepted))
    );
    assert_eq!(reply.actor_name, world.access.user_name);
    assert_eq!(reply.document, format!("notice:{notice}"));
    assert_eq!(reply.document_title, "进度滞后");
    assert_eq!(reply.body_digest.as_deref(), Some(sent.digest.as_str()));
    assert_eq!(hex(reply.body.as_ref().unwrap().as_bytes()), sent.digest, "the payload itself is kept");
    let answer = reply.answer.as_ref().unwrap();
    assert_eq!(answer.outcome, "已受理");
    assert!(answer.receipt.as_ref().is_some_and(|number| !number.is_empty()), "{answer:?}");
    assert!(answer.accepted_at.is_some() && answer.digest.as_ref().is_some_and(|d| d.len() == 64));
    assert_eq!(reply.attachments.len(), 1);
    let attached = &reply.attachments[0];
    assert_eq!((attached.sha256.as_str(), attached.name.as_str()), (file.sha256.as_str(), "回执.pdf"));
    assert!(attached.kept && attached.sent_at.is_some(), "{attached:?}");
    let steps: Vec<_> = reply.steps.iter().map(|step| step.action.as_str()).collect();
    assert_eq!(steps, ["notice.reply.queued", "attachment.sent", "submission.sent", "submission.accepted"]);
    for part in [&notice, &sent.key, &sent.digest, "回执.pdf", &file.sha256, answer.receipt.as_ref().unwrap()]
    {
        assert!(reply.text.contains(part), "{part} in {}", reply.text);
    }
    let no = one("反馈督办通知", Some(&refused.key)).answer.as_ref().unwrap();
    assert!(no.outcome == "被退回" && no.code.is_some() && no.message.is_some(), "{no:?}");

    // A year later, by notice, by its bare id, by the submission's key; other days hold nothing.
    for about in [format!("notice:{notice}"), notice.clone(), sent.key.clone()] {
        let found = account(&seat, None, Some(&about)).await;
        assert!(found.iter().any(|entry| entry.key.as_deref() == Some(&sent.key)), "{about}");
        assert!(found.iter().all(|entry| entry.document == format!("notice:{notice}")), "{found:?}");
    }
    assert!(account(&seat, Some("2026-11-19"), None).await.is_empty());
    let wrong = AuditExplainReq { from: Some("昨天".into()), to: None, about: None };
    let refused = seat.app.audit_explain(wrong).await.unwrap_err();
    assert_eq!(refused, ApiError::field(ErrorCode::FieldInvalid, "from"));
    seat.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_behind_the_log_is_told() {
    let world = World::start().await;
    let seat = world.seat().await;
    let notice = world.issue_notice("进度滞后", "请反馈。");
    seat.arrival(&notice).await;
    let sent = seat.answer(&notice, 1, "原因").await;
    seat.settled(&sent.key, OutboxState::Accepted).await;
    let store = seat.app.store().unwrap();
    for (column, value) in [("answer", "{\"id\":\"1\"}"), ("body", "{\"cause\":\"别的\"}")] {
        let sql = format!("UPDATE outbox SET {column} = ?1 WHERE key = ?2");
        store.write_local(|tx| Ok(tx.execute(&sql, [value, sent.key.as_str()])?)).unwrap();
        let found = account(&seat, None, Some(&sent.key)).await;
        let entry = found.iter().find(|entry| entry.key.as_deref() == Some(&sent.key)).unwrap();
        assert!(entry.altered && entry.answer.is_none(), "{column}: {entry:?}");
        assert_eq!(entry.body_digest.as_deref(), Some(sent.digest.as_str()), "the log's own word");
    }
    let found = account(&seat, None, Some(&sent.key)).await;
    assert!(found.iter().all(|entry| entry.kind.as_deref() != Some("notice.reply") || entry.body.is_none()));
    drop(store);
    seat.close().await;
}

/// The method as the export's first line describes it, on its own.
fn verify(export: &str) -> Result<(u64, String), String> {
    let mut prev = [0_u8; 32];
    let mut seq = 0_i64;
    let lines: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (first, rest) = lines.split_first().ok_or("empty")?;
    if first["format"] != "sunbench-audit" || !first["method"].as_str().is_some_and(|m| m.contains("SHA-256"))
    {
        return Err("no description".to_owned());
    }
    let (last, entries) = rest.split_last().ok_or("no end")?;
    for entry in entries {
        seq += 1;
        let mut bytes = b"sunbench audit v1\0".to_vec();
        bytes.extend(seq.to_be_bytes());
        for name in ["at", "actor", "action", "subject", "detail"] {
            let text = entry[name].as_str().unwrap();
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(32_u64.to_be_bytes());
        bytes.extend(prev);
        prev = Sha256::digest(bytes).into();
        let hash = HEXLOWER.encode(&prev);
        if entry["seq"] != seq || entry["hash"] != hash.as_str() {
            return Err(format!("entry {seq}"));
        }
    }
    let head = HEXLOWER.encode(&prev);
    if last["entries"] != seq || last["head"] != head.as_str() {
        return Err("the end".to_owned());
    }
    Ok((seq as u64, head))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_is_verified_without_the_program() {
    let world = World::start().await;
    let seat = world.seat().await;
    let notice = world.issue_notice("督办\n\"引号\"", "正文");
    seat.arrival(&notice).await;
    let sent = seat.answer(&notice, 1, "原因").await;
    seat.settled(&sent.key, OutboxState::Accepted).await;
    let before = seat.app.audit_verify(Nothing {}).await.unwrap();
    let done = seat.app.audit_export(Nothing {}).await.unwrap();
    let bytes = std::fs::read(&done.file).unwrap();
    assert_eq!(hex(&bytes), done.sha256);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(verify(&text), Ok((u64::from(done.entries), done.head.clone().unwrap())));
    assert_eq!((before.entries, before.head), (done.entries, done.head));

    let lines: Vec<&str> = text.lines().collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n");
    for at in 1..lines.len() {
        verify(&without(at)).unwrap_err();
    }
    verify(&text.replace("submission.accepted", "submission.refused")).unwrap_err();
    // The export itself is remembered.
    let after = seat.app.audit_verify(Nothing {}).await.unwrap();
    assert_eq!((after.ok, after.entries), (true, done.entries + 1));
    seat.close().await;
}
