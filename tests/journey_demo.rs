//! A visitor tries the demo hospital: one click, the first page, the network pulled and plugged in again.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::json;
use sunbench_tests::Wanted::{Css, Like, Part};
use sunbench_tests::{Window, picture};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn the_demo_hospital_opens_and_works_without_a_network() {
    let data = tempfile::tempdir().unwrap();
    let window = Window::open(data.path()).await;
    window.click(Part("start-demo")).await;
    window.see(Part("recovery-code")).await;
    window.click(Css("[data-test=\"recovery-confirm\"]")).await;
    window.click(Part("recovery-continue")).await;
    window.see(Part("today")).await;
    window.see(Like("today-notice-")).await;
    window.attribute_is(Part("checkin-state"), "data-state", "done").await;
    window.attribute_is(Part("sync-phase"), "data-phase", "upToDate").await;

    window.click(Part("room-settings")).await;
    window.click(Part("settings-demo")).await;
    assert!(window.text(Part("demo-console")).await.contains("/console"));
    window.click(Part("demo-online")).await;
    window.see(Part("offline-banner")).await;

    let open = window.ask("notices_list", json!({ "scope": "open" })).await;
    let notice = open["rows"][0]["id"].as_str().unwrap().to_owned();
    window.click(Part("room-notices")).await;
    window.click(Part(&format!("notice-row-{notice}"))).await;
    window.fill(Part("reply-cause"), "两批耗材未按期送达。").await;
    window.fill(Part("reply-measures"), "已约定补送，并每周核对。").await;
    window.click(Part("reply-send")).await;
    window.click(Part("reply-confirm")).await;
    window.attribute_is(Part("reply-state"), "data-state", "queued").await;
    picture("demo-offline");
    window.cut().await;

    // The program comes back with the demo's platform, and what waited is sent by itself.
    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    window.click(Part("room-notices")).await;
    window.click(Part("notices-scope-all")).await;
    window.click(Part(&format!("notice-row-{notice}"))).await;
    window.see(Part("proof")).await;
    window.cut().await;
}
