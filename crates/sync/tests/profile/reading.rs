//! The first sync, the feed, cuts, stops, rebuilds, the daily comparison, bad records.

use std::time::Duration;

use sunbench_contract::time::Instant;
use sunbench_contract::{Org, Resource, canonical_json};
use sunbench_platform::Config;
use sunbench_platform::record::Record;
use sunbench_store::mirror::{DeleteRow, rebuild, sync_state};
use sunbench_sync::compare::Comparison;
use sunbench_sync::{FailureCode, Phase};
use tokio_util::sync::CancellationToken;

use crate::proxy::Fault;
use crate::world::{World, now};

fn org(id: &str, name: &str) -> Record {
    let data = Org {
        org_id: id.to_owned(),
        org_type: "distributor".to_owned(),
        org_name: name.to_owned(),
        uscc: None,
        contact: None,
        phone: None,
    };
    Record {
        institution: None,
        resource: Resource::Org,
        id: id.to_owned(),
        upd_time: now(),
        day: now().at().date_naive(),
        doc: id.to_owned(),
        amount: sunbench_domain::Amount::ZERO,
        data: canonical_json(&data).unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_sync_then_idle_costs_one_request() {
    let world = World::start().await;
    let (one, two) = (world.seat().await, world.seat().await);
    let report = one.sync().await;
    assert!(report.complete && report.failure.is_none(), "{report:?}");
    assert_eq!((report.unchanged, report.quarantined), (0, 0), "everything is read once: {report:?}");
    assert!(one.count("orderLine") > 1_000 && one.count("notice") > 0);
    world.proxy.taken();

    let idle = one.sync().await;
    assert_eq!(world.proxy.taken(), ["GET /changes"]);
    assert!(idle.complete && idle.pulled == 0 && idle.cursor == report.cursor, "{idle:?}");
    let one = one.reopened();
    assert!(one.sync().await.complete);
    assert_eq!(world.proxy.taken(), ["GET /changes"], "nor does a new start cost more");

    assert!(two.sync().await.complete);
    assert_eq!(one.content(), two.content());
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_reach_every_seat() {
    let world = World::start_with(Config {
        limits: sunbench_contract::Limits { page: 3, ..Config::default().limits },
        ..Config::default()
    })
    .await;
    let seat = world.synced_seat().await;
    let orgs = seat.count("org");
    let records: Vec<_> = (0..10).map(|n| org(&format!("new{n}"), "新公司")).collect();
    world.platform.publish(&records).unwrap();
    world.platform.take_back(Resource::Org, "new3").unwrap();
    let report = seat.sync().await;
    assert!(report.complete, "{report:?}");
    assert_eq!(seat.count("org"), orgs + 9);
    assert_eq!(seat.content(), world.synced_seat().await.content());
}

/// A document of five records over pages of two is seen by nobody before it is whole, not even over a restart.
#[tokio::test(flavor = "multi_thread")]
async fn documents_wait_until_they_are_whole() {
    let world = World::start_with(Config {
        limits: sunbench_contract::Limits { page: 2, ..Config::default().limits },
        ..Config::default()
    })
    .await;
    let mut seat = world.synced_seat().await;
    let before = seat.count("org");
    let mut records: Vec<_> = (0..5).map(|n| org(&format!("part{n}"), "新公司")).collect();
    for record in &mut records {
        "one document".clone_into(&mut record.doc);
    }
    world.platform.publish(&records).unwrap();
    for (page, staged) in [(1, 2), (2, 4)] {
        // The next page never comes, and the program is closed.
        world.proxy.fault("GET /changes", Fault::Delayed(Duration::ZERO));
        for _ in 0..3 {
            world.proxy.fault("GET /changes", Fault::Instead("HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n"));
        }
        let report = seat.sync().await;
        assert_eq!(report.failure.map(|f| f.code), Some(FailureCode::BadAnswer), "page {page}");
        assert_eq!(seat.count("org"), before, "page {page}: nothing is seen");
        assert_eq!(seat.number("SELECT count(*) FROM staging"), staged, "page {page}");
        seat = seat.reopened();
    }
    assert!(seat.sync().await.complete);
    assert_eq!(seat.count("org"), before + 5);
    assert_eq!(seat.number("SELECT count(*) FROM staging"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_first_sync_goes_on_where_it_was() {
    let world = World::start().await;
    let whole = world.synced_seat().await;
    let seat = world.seat().await;
    let cancel = CancellationToken::new();
    let mut progress = seat.engine.progress();
    let watch = async {
        progress.wait_for(|p| p.phase == Phase::Recent && p.done > 0).await.unwrap();
        cancel.cancel();
    };
    let (report, ()) = tokio::join!(seat.engine.run_once(Duration::from_secs(10), &cancel), watch);
    assert_eq!(report.failure.unwrap().code, FailureCode::Cancelled);
    assert!(!report.complete && report.applied > 0);
    let seat = seat.reopened();
    let rest = seat.sync().await;
    assert!(rest.complete, "{rest:?}");
    assert_eq!(seat.content(), whole.content());
    assert!(rest.applied < report.applied + rest.applied, "not everything is read again");
}

/// Cut the snapshot and the feed anywhere, as often as you like: the content is the platform's.
#[tokio::test(flavor = "multi_thread")]
async fn cuts_do_no_harm() {
    let world = World::start().await;
    let whole = world.synced_seat().await;
    let mut random = 20_261_122_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for round in 0..6 {
        let cuts: Vec<_> = (0..=next(5)).map(|_| next(400_000) as usize).collect();
        for cut in &cuts {
            world.proxy.fault("GET /snapshot", Fault::AnswerCut(*cut));
        }
        world.proxy.fault("GET /changes", Fault::AnswerCut(cuts[0] % 200));
        let seat = world.seat().await;
        let report = seat.sync_within(Duration::from_mins(1)).await;
        assert!(report.complete, "round {round}, {cuts:?}: {report:?}");
        assert_eq!(seat.content(), whole.content(), "round {round}, {cuts:?}");
        assert!(world.proxy.unused().is_empty(), "round {round}: every cut was met");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_cursor_rebuilds_and_forgets_what_is_gone() {
    let world = World::start().await;
    world.platform.publish(&[org("gone", "已注销"), org("kept", "在册")]).unwrap();
    let seat = world.synced_seat().await;
    let orgs = seat.count("org");
    seat.queue("later", "notice.sign", "notice:x", "{}", None);
    seat.store
        .write_local(|tx| sunbench_store::local::outbox::put_off(tx, "later", ("", ""), now().unix() + 1_800))
        .unwrap();
    // Nobody tells of the deletion: the cursor expires before it is read.
    world.platform.take_back(Resource::Org, "gone").unwrap();
    world.platform.publish(&[org("fresh", "新入驻")]).unwrap();
    world.platform.expire_cursors().unwrap();
    let report = seat.sync().await;
    assert!(report.complete, "{report:?}");
    assert_eq!(seat.count("org"), orgs, "one gone, one new");
    assert_eq!(seat.number("SELECT count(*) FROM stale"), 0);
    assert_eq!(seat.outbox("later").state.name(), "queued", "the outbox stays");
    assert_eq!(seat.content(), world.synced_seat().await.content());
    world.proxy.taken();
    assert!(seat.sync().await.complete);
    assert_eq!(world.proxy.taken(), ["GET /changes"], "and then it is idle again");
}

/// A cursor that expires each time ends the sync instead of rebuilding for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_always_expires_ends() {
    const GONE: &str = "HTTP/1.1 410 Gone\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"code\":\"cursorExpired\",\"class\":\"logic\",\"msg\":\"\",\"retryable\":false,\"traceId\":\"\",\"serverTime\":\"2026-11-20T09:30:00+08:00\"}";
    let world = World::start().await;
    let seat = world.synced_seat().await;
    for _ in 0..2 {
        world.proxy.fault("GET /changes", Fault::Instead(GONE));
    }
    let report = seat.sync().await;
    assert_eq!(report.failure.unwrap().code, FailureCode::FeedStuck);
    assert!(!report.complete);
    assert!(seat.sync().await.complete, "the next one gets through");
}

/// A platform that was set up anew: its versions say nothing about ours.
#[tokio::test(flavor = "multi_thread")]
async fn another_data_set_is_read_from_its_start() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let expected = seat.content();
    seat.queue("later", "notice.sign", "notice:x", "{}", None);
    seat.store
        .write_local(|tx| {
            sunbench_store::local::outbox::put_off(tx, "later", ("", ""), now().unix() + 86_400 + 1_800)
        })
        .unwrap();
    seat.store
        .write_mirror(|tx| {
            let position = sync_state::get(tx, "position")?.unwrap();
            let mut position: serde_json::Value = serde_json::from_str(&position).unwrap();
            position["epoch"] = "of another platform".into();
            sync_state::put(tx, "position", &position.to_string())?;
            tx.execute("UPDATE notice SET ver = ver + 100, title = '别处的通知'", [])?;
            Ok(())
        })
        .unwrap();
    world.clock.advance_s(86_400);
    let report = seat.sync().await;
    assert!(report.complete, "{report:?}");
    assert_eq!(seat.content(), expected);
    assert_eq!(seat.number("SELECT count(*) FROM notice WHERE title = '别处的通知'"), 0);
    assert_eq!(seat.outbox("later").state.name(), "queued", "the outbox stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_told_apart() {
    const FULL: &str = "HTTP/1.1 429 No\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"code\":\"rateLimited\",\"class\":\"fatal\",\"msg\":\"今日调用次数已用完\",\"retryable\":true,\"retryAfterS\":3600,\"quotaLeft\":0,\"traceId\":\"t9\",\"serverTime\":\"2026-11-20T09:30:00+08:00\"}";
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let cursor = seat.sync().await.cursor;
    for (fault, code) in [
        (Fault::Instead(FULL), FailureCode::Quota),
        (Fault::Instead("HTTP/1.1 407 Proxy\r\ncontent-length: 0\r\n\r\n"), FailureCode::BadAnswer),
        (Fault::Instead("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"), FailureCode::PlatformFault),
        (Fault::Instead("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"), FailureCode::BadAnswer),
        (Fault::Lost, FailureCode::NoAnswer),
        (Fault::Delayed(Duration::from_secs(30)), FailureCode::NoAnswer),
    ] {
        for _ in 0..8 {
            world.proxy.fault("GET /changes", fault.clone());
        }
        let report = seat.sync_within(Duration::from_secs(1)).await;
        assert_eq!(report.failure.map(|f| f.code), Some(code), "{fault:?}");
        assert_eq!(report.cursor, cursor, "{fault:?}");
        world.proxy.forget();
    }
    world.platform.set_maintenance(Some(600)).unwrap();
    let failure = seat.sync().await.failure.unwrap();
    assert_eq!((failure.code, failure.retry_after_s), (FailureCode::Maintenance, Some(600)));
    world.platform.set_maintenance(None).unwrap();
    assert!(seat.sync().await.complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_is_found_and_healed_once_a_day() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let expected = seat.content();
    // A line that was lost, one that the platform does not have, one with another content under the same version.
    let victim: String = seat
        .store
        .read(|conn| {
            Ok(conn
                .query_row("SELECT id FROM order_line ORDER BY submit_at DESC LIMIT 1", [], |r| r.get(0))?)
        })
        .unwrap();
    seat.store
        .write_mirror(|tx| {
            rebuild::forget(tx, &[DeleteRow { resource: "orderLine".into(), id: victim.clone(), ver: i64::MAX }])?;
            tx.execute(
                "UPDATE order_line SET hash = zeroblob(16) WHERE key = (SELECT max(key) FROM order_line WHERE submit_at > ?1)",
                [now().unix() - 3 * 86_400],
            )?;
            Ok(())
        })
        .unwrap();
    assert_ne!(seat.content(), expected);
    assert!(seat.sync().await.complete);
    assert_ne!(seat.content(), expected, "today was compared already");
    world.clock.advance_s(86_400);
    world.proxy.taken();
    let report = seat.sync().await;
    assert!(report.complete, "{report:?}");
    let found: Comparison = seat
        .store
        .read(|conn| Ok(serde_json::from_str(&sync_state::get(conn, "comparison")?.unwrap()).unwrap()))
        .unwrap();
    assert_eq!(found.compared, 49);
    assert!(!found.differences.is_empty() && found.differences.iter().all(|d| d.healed), "{found:?}");
    assert!(world.proxy.taken().iter().any(|call| call == "GET /digest"));
    assert_eq!(seat.content(), expected);
    assert!(seat.sync().await.complete);
    assert_eq!(world.proxy.taken(), ["GET /changes"], "once a day is enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_records_are_set_aside_and_released() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    let mut bad = org("broken", "坏记录");
    bad.data = r#"{"orgId":"broken","orgName":7,"orgType":"distributor"}"#.to_owned();
    let mut unknown = org("tomorrow", "新字段");
    unknown.data = r#"{"colour":"红","orgId":"tomorrow","orgName":"新字段","orgType":"star"}"#.to_owned();
    world.platform.publish(&[bad, unknown, org("fine", "好记录")]).unwrap();
    let report = seat.sync().await;
    assert!(report.complete, "{report:?}");
    assert_eq!((report.applied, report.quarantined), (2, 1));
    let aside = seat.store.read(|conn| sync_state::quarantined(conn, 10)).unwrap();
    assert_eq!(
        (aside[0].id.as_str(), aside[0].field.as_str(), aside[0].reason.as_str()),
        ("broken", "orgName", "badValue")
    );
    assert_eq!(seat.number("SELECT count(*) FROM org WHERE extra LIKE '%colour%'"), 1);
    world.platform.publish(&[org("broken", "修好了")]).unwrap();
    assert!(seat.sync().await.complete);
    assert_eq!(seat.store.read(sync_state::quarantine_count).unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn quarantine_is_tried_again_after_an_update() {
    let world = World::start().await;
    let seat = world.synced_seat().await;
    // As an earlier version left it, which could not read what this one can.
    let item = format!(
        r#"{{"seq":1,"resource":"org","op":"upsert","id":"q","ver":1,"updTime":"{}","data":{{"orgId":"q","orgName":"n","orgType":"t"}}}}"#,
        Instant::from_unix(0).unwrap()
    );
    seat.store
        .write_mirror(|tx| {
            sync_state::put(tx, "program", "\"0.0.1\"")?;
            let bad = sync_state::Quarantined {
                resource: "org".into(),
                id: "q".into(),
                ver: 1,
                field: String::new(),
                reason: "badValue".into(),
                item: item.clone(),
                seen_at: 0,
            };
            sync_state::quarantine(tx, &bad)
        })
        .unwrap();
    let report = seat.sync().await;
    assert_eq!((report.pulled, report.applied), (1, 1), "{report:?}");
    assert_eq!(seat.store.read(sync_state::quarantine_count).unwrap(), 0);
    assert_eq!(seat.sync().await.pulled, 0, "once");
}
