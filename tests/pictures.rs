//! The pictures of the README and of docs/: each screen of the real window, in light and in dark. Not a test of
//! anything: `scripts/pictures.sh` runs it and a person looks at the result.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::time::Duration;

use serde_json::json;
use sunbench_tests::Wanted::{Like, Part};
use sunbench_tests::{Platform, Window, first_run, picture};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes pictures: scripts/pictures.sh"]
async fn every_screen() {
    let platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = Window::open(data.path()).await;
    window.see(Part("start-connect")).await;
    settled("start").await;
    first_run(&window, &platform.access).await;
    window.attribute_is(Part("sync-phase"), "data-phase", "upToDate").await;
    for theme in ["light", "dark"] {
        window.ask("preference_set", json!({ "key": "theme", "value": theme })).await;
        window.script("location.reload(); arguments[0](null)", Vec::new()).await;
        window.see(Like("today-notice-")).await;
        settled(&format!("today-{theme}")).await;

        window.click(Part("room-notices")).await;
        window.see(Like("notice-row-")).await;
        settled(&format!("notices-{theme}")).await;
        let open = window.ask("notices_list", json!({ "scope": "open" })).await;
        let rows = open["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["state"] == "ISSUED").unwrap_or(&rows[0]);
        window.click(Part(&format!("notice-row-{}", row["id"].as_str().unwrap()))).await;
        window.see(Part("notice-counting")).await;
        settled(&format!("notice-{theme}")).await;
        // The evidence leads to the order line and its life.
        window.click(Like("evidence-")).await;
        window.see(Part("order-life")).await;
        settled(&format!("order-line-{theme}")).await;

        window.click(Part("order-detail-close")).await;
        window.fill(Part("orders-filter"), "zhijia").await;
        window.see(Part("order-state-RECEIVED")).await;
        settled(&format!("orders-{theme}")).await;
        for room in ["receiving", "volume", "supply", "catalogue", "analysis"] {
            window.click(Part(&format!("room-{room}"))).await;
            tokio::time::sleep(Duration::from_secs(2)).await;
            settled(&format!("{room}-{theme}")).await;
        }
        window.click(Part("room-outbox")).await;
        window.see(Part("outbox")).await;
        settled(&format!("outbox-{theme}")).await;
        window.click(Part("room-settings")).await;
        window.see(Part("settings-connection")).await;
        settled(&format!("settings-{theme}")).await;
    }
    window.cut().await;
}

async fn settled(name: &str) {
    tokio::time::sleep(Duration::from_millis(700)).await;
    picture(name);
}
