//! Nothing lost, nothing let in: the idle lock and the own passphrase, sleep, a backup that comes back in another folder,
//! a bundle out and in, and the account of what was sent today.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::json;
use sunbench_tests::Wanted::{Css, Like, Part};
use sunbench_tests::{Platform, Window, first_run, picture, synced_then_cut_off};

const OWN: &str = "周敏的个人口令 7";
const CAUSE: &str = "两批耗材未按期送达。";

/// Answers the first open notice; its id.
async fn answer(window: &Window) -> String {
    window.click(Part("room-notices")).await;
    window.see(Like("notice-row-")).await;
    let open = window.ask("notices_list", json!({ "scope": "open" })).await;
    let notice = open["rows"][0]["id"].as_str().unwrap().to_owned();
    window.click(Part(&format!("notice-row-{notice}"))).await;
    window.fill(Part("reply-cause"), CAUSE).await;
    window.fill(Part("reply-measures"), "已约定补送，并每周核对。").await;
    window.click(Part("reply-send")).await;
    window.click(Part("reply-confirm")).await;
    notice
}

async fn section(window: &Window, name: &str) {
    window.click(Part("room-settings")).await;
    window.click(Part(&format!("settings-{name}"))).await;
}

/// Everything that the window holds.
async fn page(window: &Window) -> String {
    let page = window.script("arguments[0](document.documentElement.outerHTML)", Vec::new()).await;
    page.as_str().unwrap().to_owned()
}

/// Waits for the outcome of a bundle's export, relay or import.
async fn done(window: &Window, way: &str) {
    let outcome = format!("form:has([data-test=\"bundle-{way}\"]) [data-test=\"bundle-done\"]");
    window.see(Css(&outcome)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn nobody_at_the_window_locks_and_only_the_own_passphrase_opens() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = Window::open(data.path()).await;
    first_run(&window, &platform.access).await;
    section(&window, "people").await;
    window.click(Part("own-set")).await;
    window.fill(Part("own-next"), OWN).await;
    window.fill(Part("own-again"), OWN).await;
    window.click(Part("own-submit")).await;
    window.attribute_is(Part("own-state"), "data-set", "true").await;
    picture("safety-1-people");
    window.ask("lock_settings_set", json!({ "idleMinutes": 1 })).await;
    window.click(Part("room-notices")).await;
    window.see(Like("notice-row-")).await;
    let open = window.ask("notices_list", json!({ "scope": "open" })).await;
    let title = open["rows"][0]["title"].as_str().unwrap();
    assert!(page(&window).await.contains(title), "the list does not show {title:?}");

    // Nobody touches anything for a minute.
    window.attribute_is(Part("unlock"), "data-cause", "idle").await;
    picture("safety-2-locked");
    assert!(!page(&window).await.contains(title), "the locked window still holds {title:?}");

    // Without a network, and after a restart too: the keyring alone opens nothing any more.
    platform.stop();
    window.cut().await;
    let window = Window::open(data.path()).await;
    window.see(Part("unlock-own")).await;
    window.fill(Part("unlock-own"), "a guess of a colleague").await;
    window.click(Part("unlock-submit")).await;
    window.see(Css("[role=\"alert\"]")).await;
    window.fill(Part("unlock-own"), OWN).await;
    window.click(Part("unlock-submit")).await;
    window.see(Part("today")).await;
    picture("safety-3-unlocked");
    window.cut().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_backup_comes_back_in_another_folder_and_the_day_is_accounted_for() {
    let platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = Window::open(data.path()).await;
    let code = first_run(&window, &platform.access).await;
    let notice = answer(&window).await;
    window.see(Part("proof")).await;

    section(&window, "data").await;
    window.click(Part("day-ask")).await;
    window.see(Css("[data-test=\"day-entry\"][data-state=\"accepted\"]")).await;
    window.attribute_is(Part("day-chain"), "data-whole", "true").await;
    picture("safety-4-day");

    section(&window, "backup").await;
    let stick = tempfile::tempdir().unwrap();
    let file = stick.path().join("to-a-stick.snbk");
    window.fill(Part("backup-file"), file.to_str().unwrap()).await;
    window.click(Part("backup-write")).await;
    window.attribute_is(Part("backup-made"), "data-verified", "true").await;
    picture("safety-5-backup");
    window.leave().await;

    let elsewhere = tempfile::tempdir().unwrap();
    let window = Window::open(elsewhere.path()).await;
    window.click(Part("restore-open")).await;
    window.fill(Part("restore-file"), file.to_str().unwrap()).await;
    window.fill(Part("restore-recovery"), &code).await;
    picture("safety-6-restore");
    window.click(Part("restore-submit")).await;
    window.see(Part("restored")).await;
    window.click(Part("restore-continue")).await;
    window.see(Part("today")).await;
    window.click(Part("room-notices")).await;
    window.click(Part("notices-scope-all")).await;
    window.click(Part(&format!("notice-row-{notice}"))).await;
    window.see(Part("proof")).await;
    picture("safety-7-restored");
    window.cut().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_bundle_goes_out_is_relayed_and_comes_back() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced_then_cut_off(&mut platform, data.path()).await;
    let notice = answer(&window).await;
    window.attribute_is(Part("reply-state"), "data-state", "queued").await;

    section(&window, "bundle").await;
    let stick = tempfile::tempdir().unwrap();
    let file = stick.path().join("out.snbb");
    window.fill(Part("bundle-export-path"), file.to_str().unwrap()).await;
    window.click(Part("bundle-export")).await;
    done(&window, "export").await;
    window.attribute_is(Part("bundle-out"), "data-count", "1").await;
    picture("safety-8-bundle");

    // The network is back at "the other computer": the same program relays.
    platform.resume();
    window.fill(Part("bundle-relay-path"), file.to_str().unwrap()).await;
    window.click(Part("bundle-relay")).await;
    done(&window, "relay").await;
    window.fill(Part("bundle-import-path"), file.to_str().unwrap()).await;
    window.click(Part("bundle-import")).await;
    done(&window, "import").await;
    window.attribute_is(Part("bundle-out"), "data-count", "0").await;
    picture("safety-9-bundle-back");
    window.click(Part("room-notices")).await;
    window.click(Part("notices-scope-all")).await;
    window.click(Part(&format!("notice-row-{notice}"))).await;
    window.see(Part("proof")).await;
    window.cut().await;
}
