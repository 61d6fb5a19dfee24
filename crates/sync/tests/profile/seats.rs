//! What becomes of a seat at the platform: signing out, and a backup that is restored on another computer.

use std::sync::Arc;

use sunbench_contract::ChangesQuery;
use sunbench_store::local::{account, seat};
use sunbench_store::{Store, audit};
use sunbench_sync::seat::{close_left, leave};
use sunbench_sync::{ClientError, FailureCode, PlatformClient, open, state};

use crate::proxy::Fault;
use crate::world::{Seat, World};

const CLOSING: &str = "DELETE /token";
const TAKING: &str = "POST /token";

fn app_key(seat: &Seat) -> String {
    seat.store.read(account::get).unwrap().unwrap().app_key
}

fn to_close(store: &Store) -> usize {
    store.read(seat::to_close).unwrap().len()
}

fn noted(store: &Store, action: &str) -> Vec<String> {
    let log = store.read(|conn| audit::page(conn, None, 50)).unwrap();
    log.into_iter().filter(|entry| entry.action == action).map(|entry| entry.detail).collect()
}

/// Whether the platform takes the credentials that this client has.
async fn is_known(client: &dyn PlatformClient) -> bool {
    let query = ChangesQuery { cursor: String::new(), limit: Some(1), wait: None };
    match client.changes(&query).await {
        Ok(_) => true,
        Err(ClientError::SignInNeeded) => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_was_left_is_closed_at_the_platform_now_or_later() {
    let world = World::start().await;
    let other = world.synced_seat().await;
    let gone = Fault::Instead("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    // What the network does to the first attempt, and whether the platform has closed the seat by then.
    for (fault, closed) in
        [(None, true), (Some(Fault::Lost), false), (Some(Fault::AnswerLost), true), (Some(gone), false)]
    {
        let case = format!("{fault:?}");
        let seat = world.synced_seat().await;
        let stolen = open(&seat.store, Arc::clone(&seat.clock)).unwrap();
        let told = fault.is_none();
        if let Some(fault) = fault {
            world.proxy.fault(CLOSING, fault);
        }
        seat.store.write_local(|tx| leave(tx, seat.clock.now().unix())).unwrap();
        assert!(!seat.store.read(account::get).unwrap().unwrap().is_signed_in(), "{case}: at once");
        let open = close_left(&seat.store, Arc::clone(&seat.clock)).await.unwrap();
        assert_eq!((open, to_close(&seat.store)), (usize::from(!told), usize::from(!told)), "{case}");
        assert_eq!(is_known(&*stolen).await, !closed, "{case}");
        // After a restart, with the network back.
        let seat = seat.reopened();
        assert_eq!(close_left(&seat.store, Arc::clone(&seat.clock)).await.unwrap(), 0, "{case}");
        assert_eq!(to_close(&seat.store), 0, "{case}");
        assert!(!is_known(&*stolen).await, "{case}: what was left opens nothing");
        assert_eq!(noted(&seat.store, "seat.closed"), [r#"{"told":true}"#], "{case}");
        assert!(world.proxy.unused().is_empty(), "{case}");
    }
    assert!(other.sync().await.complete, "the same person's other computer goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_without_that_call_is_asked_once() {
    const BEFORE: &str = concat!(
        "HTTP/1.1 405 Method Not Allowed\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n",
        r#"{"code":"badRequest","class":"logic","msg":"接口不支持这种请求方法","retryable":false,"traceId":"t","#,
        r#""serverTime":"2026-11-20T09:30:00+08:00"}"#
    );
    let world = World::start().await;
    let seat = world.synced_seat().await;
    world.proxy.fault(CLOSING, Fault::Instead(BEFORE));
    seat.store.write_local(|tx| leave(tx, seat.clock.now().unix())).unwrap();
    assert_eq!(close_left(&seat.store, Arc::clone(&seat.clock)).await.unwrap(), 0);
    assert_eq!(to_close(&seat.store), 0);
    assert_eq!(noted(&seat.store, "seat.closed"), [r#"{"told":false}"#]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_profile_takes_a_seat_of_its_own() {
    let world = World::start().await;
    let (first, backup) = world.synced_seat().await.with_backup();
    let shared = app_key(&first);
    let restored = Seat::open(backup, Arc::clone(&first.clock));
    restored.store.write_local(state::after_restore).unwrap();

    // Whoever signs out before the first contact leaves the other computer its seat.
    let (restored, left) = restored.with_backup();
    let left = Seat::open(left, Arc::clone(&first.clock));
    left.store.write_local(|tx| leave(tx, 0)).unwrap();
    assert_eq!(to_close(&left.store), 0);

    for fault in [Fault::Lost, Fault::AnswerLost] {
        world.proxy.fault(TAKING, fault);
    }
    let report = restored.sync().await;
    assert!(report.complete, "{report:?}");
    let own = app_key(&restored);
    assert_ne!(own, shared);
    assert_eq!(app_key(&first), shared);
    assert!(first.sync().await.complete && restored.sync().await.complete, "both go on");
    assert_eq!((app_key(&restored), noted(&restored.store, "seat.new").len()), (own.clone(), 1), "once");

    // From then on each seat is its computer's own, after a restart too.
    let restored = restored.reopened();
    assert!(restored.sync().await.complete);
    assert_eq!(app_key(&restored), own);
    first.store.write_local(|tx| leave(tx, 0)).unwrap();
    assert_eq!(close_left(&first.store, Arc::clone(&first.clock)).await.unwrap(), 0);
    assert!(restored.sync().await.complete, "the other computer's sign-out is not this one's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_profile_whose_seat_was_closed_asks_for_the_password() {
    let world = World::start().await;
    let (first, backup) = world.synced_seat().await.with_backup();
    first.store.write_local(|tx| leave(tx, 0)).unwrap();
    assert_eq!(close_left(&first.store, Arc::clone(&first.clock)).await.unwrap(), 0);
    let restored = Seat::open(backup, Arc::clone(&first.clock));
    restored.store.write_local(state::after_restore).unwrap();
    let report = restored.sync().await;
    assert_eq!(report.failure.map(|failure| failure.code), Some(FailureCode::SignInNeeded));
}
