//! The first sync of a large hospital: the window is usable before it is complete, shows how far it is, can be
//! stopped, and goes on where it stopped, even after a power cut.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sunbench_tests::Wanted::{Like, Part};
use sunbench_tests::{Platform, Window, first_run, picture};

/// About 100,000 order lines.
const SCALE: u32 = 10;
/// For the whole first sync, with programs that were built for tests.
const LONG: Duration = Duration::from_mins(6);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_first_sync_is_usable_stops_and_goes_on() {
    let platform = Platform::start_scaled(SCALE);
    let data = tempfile::tempdir().unwrap();
    let window = Window::open(data.path()).await;
    first_run(&window, &platform.access).await;

    // The notices come first, and the newest orders soon after, while the rest is on its way.
    window.see(Like("today-notice-")).await;
    window.see(Part("first-sync")).await;
    let first = status(&window).await;
    assert_eq!(first["phase"], "firstSync", "{first}");
    window.click(Part("room-orders")).await;
    window.see(Like("order-row-")).await;
    let shown = status(&window).await;
    assert_eq!(shown["phase"], "firstSync", "the orders were shown only after the first sync: {shown}");
    assert!(shown["total"].as_u64().unwrap() > 0, "it says how far it is: {shown}");
    picture("first-sync");

    window.click(Part("sync-cancel")).await;
    window.see(Part("paused-banner")).await;
    assert_eq!(status(&window).await["phase"], "paused");
    let stopped_at = lines(&window).await;
    assert!(stopped_at > 0);
    window.cut().await;

    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    assert!(lines(&window).await >= stopped_at, "what had arrived is gone");
    let start = Instant::now();
    loop {
        let now = status(&window).await;
        assert_ne!(now["phase"], "failed", "{now}");
        if now["phase"] == "upToDate" {
            break;
        }
        assert!(start.elapsed() < LONG, "the first sync does not end: {now}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let all = lines(&window).await;
    assert!((95_000..110_000).contains(&all), "{all} order lines");
    let whole = window.ask("verify", json!({})).await;
    assert_eq!(
        (&whole["integrity"], &whole["auditChain"], &whole["orphans"]),
        (&json!(true), &json!(true), &json!(0))
    );
    window.cut().await;
}

async fn status(window: &Window) -> Value {
    window.ask("sync_status", json!({})).await
}

async fn lines(window: &Window) -> u64 {
    let view = window.ask("orders_open", json!({ "text": "", "states": [], "from": null, "to": null })).await;
    view["total"].as_u64().unwrap()
}
