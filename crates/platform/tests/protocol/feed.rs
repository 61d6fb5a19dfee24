//! Snapshots, changes, digests.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::Days;
use reqwest::Method;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING};
use serde_json::Value;
use sunbench_contract::{Change, DayDigest, Part, SnapshotLine, item_hash};
use sunbench_domain::state::OrderLineState;

use crate::client::{Client, Twist};
use crate::world::{H1, H2, ORDERS, World, lines_amount, notice, order, org, today};

/// The lines of a snapshot in NDJSON.
async fn lines(client: &Client, query: &str) -> Vec<SnapshotLine> {
    let twist =
        Twist { headers: vec![(ACCEPT.as_str(), "application/x-ndjson".to_owned())], ..Twist::default() };
    let answer = client.send(Method::GET, &format!("/api/v1/snapshot?{query}"), Vec::new(), twist).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    answer.text().await.unwrap().lines().map(|line| SnapshotLine::parse(line).unwrap()).collect()
}

fn items(lines: &[SnapshotLine]) -> Vec<&Change> {
    let items =
        lines.iter().filter_map(|line| if let SnapshotLine::Item(item) = line { Some(item) } else { None });
    items.collect()
}

fn ids(changes: &[&Change]) -> Vec<String> {
    changes.iter().map(|change| format!("{} {}", change.resource, change.id)).collect()
}

#[tokio::test]
async fn a_snapshot_is_every_part_newest_first_and_whole_documents() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let mut total = 0;
    for part in Part::ALL {
        let lines = lines(&client, &format!("part={}&limit=10", part.name())).await;
        let Some(SnapshotLine::Head(head)) = lines.first() else { panic!("begins with a head") };
        let Some(SnapshotLine::End { end, .. }) = lines.last() else { panic!("ends with an end") };
        let items = items(&lines);
        assert_eq!((items.len() as u64, head.total), (*end, *end), "{}", part.name());
        total += *end;
        let mut inside = false;
        let mut since = 0;
        for line in &lines {
            match line {
                SnapshotLine::Item(item) => (inside, since) = (item.more, since + 1),
                SnapshotLine::Mark { .. } => {
                    assert!(!inside, "a mark stands between documents");
                    assert!((10..14).contains(&since), "as soon as ten items are out: {since}");
                    since = 0;
                }
                _ => assert!(!inside),
            }
        }
        if matches!(part, Part::Recent | Part::History) {
            let orders: Vec<&str> =
                items.iter().filter(|i| i.resource == "order").map(|i| i.id.as_str()).collect();
            let of_loop: Vec<&str> = orders.iter().copied().filter(|id| id.starts_with('1')).collect();
            assert!(of_loop.is_sorted(), "ids were given from today backwards");
            for group in items.chunk_by(|a, _| a.more) {
                if group[0].resource == "order" {
                    assert_eq!(group.len(), 4, "an order and its three lines: {:?}", ids(group));
                }
            }
        }
    }
    // Three companies, the orders of four records, a delivery, two notices.
    assert_eq!(total, 3 + (ORDERS + 2) * 4 + 1 + 2);
}

#[tokio::test]
async fn recent_and_history_meet_at_ninety_days() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let edge = today() - Days::new(90);
    for (part, is_recent) in [("recent", true), ("history", false)] {
        let lines = lines(&client, &format!("part={part}")).await;
        for item in items(&lines).iter().filter(|item| item.resource == "order") {
            let data: Value = serde_json::from_str(item.data.as_ref().unwrap().get()).unwrap();
            let day: chrono::NaiveDate = data["submitTime"].as_str().unwrap()[..10].parse().unwrap();
            assert_eq!(day >= edge, is_recent, "{day}");
        }
    }
    let before = lines(&client, "part=history&before=2026-06-01").await;
    assert!(!items(&before).is_empty());
    for item in items(&before) {
        assert!(item.upd_time.to_string().as_str() < "2026-06-01", "{}", item.upd_time);
    }
}

#[tokio::test]
async fn a_cut_snapshot_goes_on_behind_any_mark() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let whole = lines(&client, "part=history&limit=7").await;
    let expected = ids(&items(&whole));
    let Some(SnapshotLine::Head(first)) = whole.first() else { panic!("begins with a head") };
    let mut seen = 0;
    let mut marks = 0;
    for line in &whole {
        match line {
            SnapshotLine::Item(_) => seen += 1,
            SnapshotLine::Mark { mark, .. } => {
                marks += 1;
                let rest = lines(&client, &format!("part=history&limit=7&after={mark}")).await;
                assert_eq!(ids(&items(&rest)), expected[seen..], "after mark {marks}");
                let Some(SnapshotLine::Head(head)) = rest.first() else { panic!("begins with a head") };
                assert_eq!(head.cursor, first.cursor, "the feed is followed from where the part began");
            }
            _ => {}
        }
    }
    assert!(marks > 10);
    // A mark is the hospital's and the part's own.
    let Some(SnapshotLine::Mark { mark, .. }) = whole.iter().find(|l| matches!(l, SnapshotLine::Mark { .. }))
    else {
        panic!("there are marks")
    };
    let other = Client::other_hospital(&world).await;
    for (client, part) in [(&client, "recent"), (&other, "history")] {
        let (status, problem) = client.get(&format!("/api/v1/snapshot?part={part}&after={mark}")).await;
        assert_eq!((status, problem["code"].as_str()), (410, Some("cursorExpired")));
    }
}

#[tokio::test]
async fn pages_hold_the_same_as_lines() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let whole = lines(&client, "part=recent").await;
    let (mut paged, mut next) = (Vec::new(), String::new());
    loop {
        let (status, page) = client.get(&format!("/api/v1/snapshot?part=recent&limit=9{next}")).await;
        assert_eq!(status, 200);
        let items: Vec<Change> = serde_json::from_value(page["items"].clone()).unwrap();
        assert!(items.last().is_none_or(|last| !last.more), "whole documents");
        paged.extend(items);
        match page["next"].as_str() {
            Some(mark) => next = format!("&after={mark}"),
            None => break,
        }
    }
    assert_eq!(ids(&paged.iter().collect::<Vec<_>>()), ids(&items(&whole)));
}

#[tokio::test]
async fn what_changes_during_a_snapshot_comes_through_the_feed() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let begun = lines(&client, "part=recent&limit=10").await;
    let Some(SnapshotLine::Head(head)) = begun.first() else { panic!("begins with a head") };
    let Some(SnapshotLine::Mark { mark, .. }) = begun.iter().find(|l| matches!(l, SnapshotLine::Mark { .. }))
    else {
        panic!("there are marks")
    };
    // One order changes before the mark and one behind it, one is new, one goes.
    world.platform.publish(&order(H1, "200001", today(), OrderLineState::Accepted)).unwrap();
    world.platform.publish(&order(H1, "100030", today() - Days::new(60), OrderLineState::Cancelled)).unwrap();
    world.platform.publish(&order(H1, "900001", today(), OrderLineState::Submitted)).unwrap();
    assert!(world.platform.take_back(sunbench_contract::Resource::Order, "100031").unwrap());
    let rest = lines(&client, &format!("part=recent&limit=10&after={mark}")).await;
    let at_mark = begun.iter().position(|l| matches!(l, SnapshotLine::Mark { .. })).unwrap();

    let mut held: BTreeMap<(String, String), (u64, Option<String>)> = BTreeMap::new();
    let mut apply = |change: &Change| {
        let entry = held.entry((change.resource.clone(), change.id.clone())).or_default();
        if change.ver > entry.0 {
            *entry = (change.ver, change.data.as_ref().map(|data| data.get().to_owned()));
        }
    };
    items(&begun[..at_mark]).into_iter().for_each(&mut apply);
    items(&rest).into_iter().for_each(&mut apply);
    let (changes, _) = client.changes(&head.cursor).await;
    for change in changes {
        apply(&serde_json::from_value(change).unwrap());
    }
    let fresh = lines(&client, "part=recent").await;
    let expected: BTreeMap<_, _> = items(&fresh)
        .into_iter()
        .map(|c| ((c.resource.clone(), c.id.clone()), (c.ver, c.data.as_ref().map(|d| d.get().to_owned()))))
        .collect();
    held.retain(|_, (_, data)| data.is_some());
    assert_eq!(held, expected);
}

#[tokio::test]
async fn the_feed_is_ordered_and_marks_documents() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let cursor = client.head().await;
    assert_eq!(client.changes(&cursor).await.0.len(), 0);
    world.platform.publish(&order(H1, "900001", today(), OrderLineState::Submitted)).unwrap();
    world.platform.publish(&[org("C9", "新公司")]).unwrap();
    world.platform.publish(&[org("C9", "新公司二")]).unwrap();
    world.platform.take_back(sunbench_contract::Resource::Org, "C1").unwrap();

    let mut cursor = cursor;
    let mut got = Vec::new();
    loop {
        let (_, page) = client.get(&format!("/api/v1/changes?cursor={cursor}&limit=2")).await;
        let next = page["nextCursor"].as_str().unwrap();
        assert_ne!(next, cursor, "advances while there are items");
        next.clone_into(&mut cursor);
        let items: Vec<Change> = serde_json::from_value(page["items"].clone()).unwrap();
        got.extend(items);
        if page["hasMore"] == false {
            break;
        }
    }
    assert!(got.is_sorted_by_key(|change| change.seq));
    let told: Vec<(&str, u64, bool, bool)> = got
        .iter()
        .map(|change| (change.id.as_str(), change.ver, change.more, change.data.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("900001", 1, true, true),
            ("900001-1", 1, true, true),
            ("900001-2", 1, true, true),
            ("900001-3", 1, false, true),
            ("C9", 2, false, true),
            ("C1", 2, false, false),
        ]
    );
    let (_, empty) = client.get(&format!("/api/v1/changes?cursor={cursor}")).await;
    assert_eq!(empty["nextCursor"].as_str(), Some(cursor.as_str()));
}

#[tokio::test]
async fn from_an_empty_cursor_the_feed_is_everything() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let (all, _) = client.changes("").await;
    assert_eq!(all.len() as u64, 3 + (ORDERS + 2) * 4 + 1 + 2);
}

#[tokio::test]
async fn foreign_and_expired_cursors_are_gone() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let other = Client::other_hospital(&world).await;
    let another_platform = World::start().await;
    let elsewhere = Client::first(&another_platform).await.head().await;
    for cursor in ["17", "AAAA", &other.head().await, &elsewhere] {
        let (status, problem) = client.get(&format!("/api/v1/changes?cursor={cursor}")).await;
        assert_eq!((status, problem["code"].as_str()), (410, Some("cursorExpired")), "{cursor}");
        assert_eq!(problem["retryable"], false);
    }
    let cursor = client.head().await;
    let world = world.restart().await;
    let client = Client { url: world.url.clone(), ..client };
    assert_eq!(client.get(&format!("/api/v1/changes?cursor={cursor}")).await.0, 200, "outlives a restart");
    world.platform.expire_cursors().unwrap();
    assert_eq!(client.get(&format!("/api/v1/changes?cursor={cursor}")).await.0, 410);
    let fresh = client.head().await;
    assert_eq!(client.get(&format!("/api/v1/changes?cursor={fresh}")).await.0, 200);
}

#[tokio::test]
async fn a_long_poll_wakes_on_a_visible_change_only() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let cursor = client.head().await;
    let waiting = tokio::spawn({
        let client = client.clone();
        async move {
            let answer = client.get(&format!("/api/v1/changes?cursor={cursor}&wait=20")).await;
            (answer, Instant::now())
        }
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    world.platform.publish(&[notice(H2, "600001")]).unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(!waiting.is_finished(), "another hospital's notice is no news");
    let published = Instant::now();
    world.platform.publish(&[notice(H1, "600002")]).unwrap();
    let ((_, page), woken) = waiting.await.unwrap();
    assert_eq!(page["items"][0]["id"], "600002");
    assert!(woken.duration_since(published) < Duration::from_secs(1));
}

#[tokio::test]
async fn a_long_poll_ends_with_its_time_and_with_the_platform() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let cursor = client.head().await;
    let path = format!("/api/v1/changes?cursor={cursor}&wait=1");
    let begun = Instant::now();
    let (status, page) = client.get(&path).await;
    assert_eq!((status, page["items"].as_array().unwrap().len()), (200, 0));
    assert!(begun.elapsed() >= Duration::from_millis(900));
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.get(&format!("/api/v1/changes?cursor={cursor}&wait=20")).await }
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    let begun = Instant::now();
    let _world = world.restart().await;
    assert!(begun.elapsed() < Duration::from_secs(3), "a poll does not hold up the stop");
    assert_eq!(waiting.await.unwrap().0, 200);
}

#[tokio::test]
async fn hospitals_see_their_own_and_the_public_only() {
    let world = World::start().await;
    let (first, second) = (Client::first(&world).await, Client::other_hospital(&world).await);
    let (of_first, _) = first.changes("").await;
    let (of_second, _) = second.changes("").await;
    let ids = |changes: &[Value]| -> Vec<String> {
        changes.iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        ids(&of_second),
        ["C1", "C2", "C3", "300001", "300001-1", "300001-2", "300001-3", "400002", "500003"]
    );
    assert!(ids(&of_first).iter().all(|id| !id.starts_with('3') && id != "400002" && id != "500003"));
    let mut parts = Vec::new();
    for part in Part::ALL {
        let lines = lines(&second, &format!("part={}", part.name())).await;
        parts.extend(items(&lines).into_iter().map(|c| c.id.clone()));
    }
    parts.sort();
    let mut expected = ids(&of_second);
    expected.sort();
    assert_eq!(parts, expected);
    for (client, count) in [(&first, 9), (&second, 3)] {
        let (_, digest) = client.get(&format!("/api/v1/digest?resource=orderLine&day={}", today())).await;
        assert_eq!(digest["count"], count);
    }
}

#[tokio::test]
async fn a_digest_is_what_the_feed_adds_up_to() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let path = format!("/api/v1/digest?resource=orderLine&day={}", today());
    let expected = |changes: &[Value]| {
        let mut held: BTreeMap<String, Change> = BTreeMap::new();
        for change in changes {
            let change: Change = serde_json::from_value(change.clone()).unwrap();
            held.insert(format!("{} {}", change.resource, change.id), change);
        }
        let of_today = held.values().filter(|c| {
            c.resource == "orderLine"
                && c.data.as_ref().is_some_and(|d| d.get().contains(&format!("\"submitTime\":\"{}", today())))
        });
        let hashes: Vec<u128> =
            of_today.map(|c| item_hash(&c.id, c.ver, c.data.as_ref().unwrap().get())).collect();
        (hashes.len() as u64, hashes.into_iter().fold(0_u128, u128::wrapping_add))
    };
    for _ in 0..2 {
        let (changes, _) = client.changes("").await;
        let (_, digest) = client.get(&path).await;
        let digest: DayDigest = serde_json::from_value(digest).unwrap();
        let (count, hash) = expected(&changes);
        assert_eq!((digest.count, digest.hash), (count, format!("{hash:032x}")));
        assert_eq!(digest.sum, lines_amount(count));
        world.platform.publish(&order(H1, "200001", today(), OrderLineState::Accepted)).unwrap();
        world.platform.take_back(sunbench_contract::Resource::OrderLine, "100000-1").unwrap();
    }
}

#[tokio::test]
async fn answers_are_compressed_when_asked() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let plain = reqwest::Client::builder().no_proxy().no_gzip().no_zstd().build().unwrap();
    let raw = Client { http: plain, ..client.clone() };
    let path = "/api/v1/changes?cursor=&limit=500";
    let of = async |encoding: Option<&str>, path: &str| {
        let headers = encoding.map(|e| (ACCEPT_ENCODING.as_str(), e.to_owned())).into_iter().collect();
        let answer = raw.send(Method::GET, path, Vec::new(), Twist { headers, ..Twist::default() }).await;
        let got = answer.headers().get(CONTENT_ENCODING).map(|v| v.to_str().unwrap().to_owned());
        (got, answer.bytes().await.unwrap().len())
    };
    let (none, size) = of(None, path).await;
    assert_eq!(none, None);
    for encoding in ["gzip", "zstd"] {
        let (got, compressed) = of(Some(encoding), path).await;
        assert_eq!(got.as_deref(), Some(encoding));
        assert!(compressed * 4 < size, "{encoding}: {compressed} of {size}");
        let (got, _) = of(Some(encoding), "/api/v1/digest?resource=order&day=2020-01-01").await;
        assert_eq!(got, None, "a tiny answer is sent as it is");
        let twist = Twist {
            headers: vec![
                (ACCEPT_ENCODING.as_str(), encoding.to_owned()),
                (ACCEPT.as_str(), "application/x-ndjson".to_owned()),
            ],
            ..Twist::default()
        };
        let answer = client.send(Method::GET, "/api/v1/snapshot?part=recent", Vec::new(), twist).await;
        let text = answer.text().await.unwrap();
        let plain = lines(&client, "part=recent").await;
        assert_eq!(text.lines().count(), plain.len(), "{encoding} is read back");
    }
}
