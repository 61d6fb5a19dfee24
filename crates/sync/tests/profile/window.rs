//! The window's sync: waits, wakes, shows what is going on.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sunbench_sync::{BackgroundSync, SyncStatus};
use tokio::time::timeout;

use crate::world::{World, key};

const SOON: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn the_window_hears_of_changes_and_sends_at_once() {
    let world = World::start().await;
    let seat = world.seat().await;
    let sync = BackgroundSync::start(Arc::clone(&seat.engine), Arc::clone(&seat.clock), 20, 7);
    let mut status = sync.status();
    assert_eq!(*status.borrow(), SyncStatus::Connecting);
    timeout(SOON * 3, status.wait_for(|s| matches!(s, SyncStatus::Idle { .. }))).await.unwrap().unwrap();
    let notices = seat.count("notice");
    assert!(notices > 0, "the first sync has gone through");
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.proxy.taken();

    // Quiet: one request is open, and nothing else.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(world.proxy.taken(), Vec::<String>::new());

    // The platform issues a notice: it is here at once.
    let mut reports = sync.reports();
    world.issue_notice();
    timeout(SOON, reports.wait_for(|r| r.as_ref().is_some_and(|r| r.applied == 1))).await.unwrap().unwrap();
    assert_eq!(seat.count("notice"), notices + 1);

    // A person does something: it goes out although the long poll is open.
    let notice = seat.issued_notice();
    seat.queue(&key(1), "notice.sign", "n", &json!({"noticeId": notice.0}).to_string(), Some(notice.1));
    sync.wake();
    timeout(SOON, reports.wait_for(|r| r.as_ref().is_some_and(|r| r.pushed == 1))).await.unwrap().unwrap();
    assert_eq!(seat.outbox(&key(1)).state.name(), "accepted");

    // Maintenance shows, and so does its end.
    world.platform.set_maintenance(Some(1)).unwrap();
    sync.wake();
    timeout(SOON, status.wait_for(|s| matches!(s, SyncStatus::Maintenance { .. }))).await.unwrap().unwrap();
    world.platform.set_maintenance(None).unwrap();
    timeout(SOON, status.wait_for(|s| matches!(s, SyncStatus::Idle { .. }))).await.unwrap().unwrap();

    // An expired cursor is no reason to stop.
    world.platform.expire_cursors().unwrap();
    let id = world.issue_notice();
    let arrived = reports.wait_for(|r| r.as_ref().is_some_and(|r| r.complete && r.unchanged > 100));
    timeout(SOON * 3, arrived).await.unwrap().unwrap();
    assert!(seat.store.read(|conn| sunbench_store::mirror::notice::get(conn, &id)).unwrap().is_some());
    timeout(SOON, sync.stop()).await.unwrap();
}
