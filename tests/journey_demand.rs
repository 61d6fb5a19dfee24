//! A batch's demand by keyboard and without a network: filled in from history, every variety answered, cuts explained, all of
//! it submitted at once and taken by the platform when the network is back.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::{Value, json};
use sunbench_tests::Wanted::Part;
use sunbench_tests::{Platform, Window, accepted, picture, synced_then_cut_off};

/// The batch that is shown.
const BATCH: &str = "arguments[0](document.querySelector('[data-test=demand-batch]').value)";
const REASON: &str = "该术式本院已停止开展，按零报量。";

/// The `data-test` name of what has the keyboard.
async fn focused(window: &Window) -> String {
    const NAME: &str = "arguments[0](document.activeElement?.getAttribute('data-test') ?? '')";
    window.script(NAME, Vec::new()).await.as_str().unwrap().to_owned()
}

/// The rows of a batch in a state.
fn rows_in<'a>(reports: &'a Value, batch: &str, state: &[&str]) -> Vec<&'a Value> {
    let rows = reports["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["batch"] == json!(batch) && state.contains(&row["state"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_batch_is_reported_whole_without_a_network() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced_then_cut_off(&mut platform, data.path()).await;

    window.press("Alt+6").await;
    window.see(Part("demand-standing")).await;
    let batch = window.script(BATCH, Vec::new()).await.as_str().unwrap().to_owned();
    let reports = window.ask("demand_reports", json!({})).await;
    let ours = rows_in(&reports, &batch, &["DRAFT", "RETURNED"]);
    let ids: Vec<String> = ours.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    assert!(!ids.is_empty(), "the demo asks for demand");
    picture("demand-1-batch");
    if window.sees(Part("demand-prefill")).await {
        window.tab_to(Part("demand-prefill")).await;
        window.press("Enter").await;
    }

    // What stands in the way gets the keyboard, one after the other.
    for _ in 0..=2 * ids.len() {
        window.tab_to(Part("demand-submit")).await;
        window.press("Enter").await;
        if window.sees(Part("demand-confirm")).await {
            break;
        }
        let field = focused(&window).await;
        window.enter(if field.starts_with("demand-explanation-") { REASON } else { "0" }).await;
    }
    picture("demand-2-confirm");
    window.tab_to(Part("demand-confirm")).await;
    window.press("Enter").await;
    let is_queued =
        |item: &&Value| item["kind"] == json!("demandReport.submit") && item["state"] == json!("queued");
    window
        .until("every variety to wait", || async {
            let outbox = window.ask("outbox_list", json!({ "before": null })).await;
            let queued = outbox["items"].as_array().unwrap().iter().filter(is_queued).count();
            Ok((queued == ids.len()).then_some(()))
        })
        .await;
    window.attribute_is(Part("demand-standing"), "data-open", "0").await;
    picture("demand-3-waiting");

    platform.resume();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let reports = window.ask("demand_reports", json!({})).await;
    let submitted = rows_in(&reports, &batch, &["SUBMITTED", "APPROVED"]);
    for id in &ids {
        assert!(submitted.iter().any(|row| row["id"] == json!(id)), "{id} was taken: {reports}");
    }
    window.attribute_is(Part(&format!("demand-row-{}", ids[0])), "data-state", "SUBMITTED").await;
    picture("demand-4-submitted");
    window.leave().await;
}
