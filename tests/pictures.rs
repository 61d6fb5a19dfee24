//! Pictures of the real window. Not a test of anything: a person looks at the result. `scripts/pictures.sh` makes those of the
//! README and of docs/, `scripts/pictures.sh looks` every part of every room in every look, and the board on a screen of its size.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::time::Duration;

use serde_json::json;
use sunbench_tests::Wanted::{Css, Like, Part};
use sunbench_tests::{Platform, Window, first_run, picture, synced};

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
            for (of, press, name) in
                [("volume", "]", "agreements"), ("analysis", "]", "statistics"), ("analysis", "[", "board")]
            {
                if of != room {
                    continue;
                }
                window.press(press).await;
                tokio::time::sleep(Duration::from_secs(1)).await;
                settled(&format!("{name}-{theme}")).await;
                // Back to the first part.
                window.press(if press == "]" { "[" } else { "]" }).await;
            }
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

const ROOMS: [&str; 9] =
    ["notices", "orders", "receiving", "reconcile", "volume", "supply", "catalogue", "analysis", "outbox"];

/// How many parts the room in sight has: `]` turns them.
const PARTS: &str = "const drawn = (it) => it.getBoundingClientRect().width > 0;
    arguments[0]([...document.querySelectorAll('main [role=tab]')].filter(drawn).length)";

/// Gives the keyboard to the list in sight and opens its first row; false where there is none.
async fn open_first(window: &Window) -> bool {
    const FOCUS: &str = "const drawn = (it) => it.getBoundingClientRect().width > 0;
        const grid = [...document.querySelectorAll('[role=grid]')].find(drawn);
        grid?.focus(); arguments[0](grid?.querySelector('[data-row]') != null)";
    let there = window.script(FOCUS, Vec::new()).await == json!(true);
    if there {
        window.press("Ctrl+Home").await;
        window.press("Enter").await;
    }
    there
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes pictures: scripts/pictures.sh looks"]
async fn every_room_in_every_look() {
    let platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;
    for theme in ["light", "dark", "contrast"] {
        window.ask("preference_set", json!({ "key": "theme", "value": theme })).await;
        window.script("location.reload(); arguments[0](null)", Vec::new()).await;
        window.see(Like("today-notice-")).await;
        settled(&format!("{theme}-today")).await;
        for room in ROOMS {
            window.click(Part(&format!("room-{room}"))).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            let parts = window.script(PARTS, Vec::new()).await.as_u64().unwrap().max(1);
            for part in 1..=parts {
                settled(&format!("{theme}-{room}-{part}")).await;
                if open_first(&window).await {
                    settled(&format!("{theme}-{room}-{part}-open")).await;
                    window.press("Escape").await;
                }
                window.press("]").await;
            }
        }
        window.click(Part("room-settings")).await;
        for section in ["connection", "people", "lock", "backup", "bundle", "display", "data", "about"] {
            window.click(Part(&format!("settings-{section}"))).await;
            settled(&format!("{theme}-settings-{section}")).await;
        }
    }
    window.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes pictures: scripts/pictures.sh looks"]
async fn the_board_on_the_wall() {
    let platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;
    window.press("Alt+9").await;
    window.see(Part("analysis")).await;
    window.press("[").await;
    window.see(Part("board-online")).await;
    window.resize(1920, 1080).await;
    window.press("f").await;
    window.see(Css("[data-test=\"board\"].full")).await;
    for theme in ["light", "dark", "contrast"] {
        window.ask("preference_set", json!({ "key": "theme", "value": theme })).await;
        let wear = "document.documentElement.dataset.theme = arguments[0]; arguments[1](null)";
        window.script(wear, vec![json!(theme)]).await;
        settled(&format!("{theme}-board-wall")).await;
    }
    window.leave().await;
}

async fn settled(name: &str) {
    tokio::time::sleep(Duration::from_millis(700)).await;
    picture(name);
}
