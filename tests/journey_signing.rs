//! Agreements are signed and one is disputed, a contract is signed, without a network and by keyboard; the platform takes
//! all of it when it is back.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::{Value, json};
use sunbench_tests::Wanted::Part;
use sunbench_tests::{Platform, Window, accepted, open_row, picture, synced_then_cut_off, turn_to};

const REASON: &str = "约定量高于本院报量，请核对。";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn agreements(window: &Window) -> Vec<Value> {
    let list = window.ask("agreements", json!({})).await;
    list["batches"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|batch| batch["rows"].as_array().unwrap().clone())
        .collect()
}

async fn until_queued(window: &Window, expected: usize) {
    window
        .until("all to wait", || async {
            let outbox = window.ask("outbox_list", json!({ "before": null })).await;
            let queued =
                outbox["items"].as_array().unwrap().iter().filter(|item| item["state"] == json!("queued"));
            Ok((queued.count() == expected).then_some(()))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn agreements_and_a_contract_are_signed_without_a_network() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced_then_cut_off(&mut platform, data.path()).await;
    let all = agreements(&window).await;
    let signable: Vec<&Value> = all.iter().filter(|row| row["signable"] == json!(true)).collect();
    let disputed = signable.iter().find(|row| row["disputable"] == json!(true)).expect("one can be disputed");
    let disputed = text(&disputed["id"]);
    let contracts = window.ask("contracts", json!({})).await;
    let contract = contracts["rows"].as_array().unwrap().iter().find(|row| row["signable"] == json!(true));
    let contract = contract.expect("the demo has a contract to be signed").clone();

    window.press("Alt+6").await;
    turn_to(&window, "agreements-grid").await;
    picture("signing-1-agreements");
    let row = all.iter().find(|row| row["id"] == json!(disputed)).unwrap();
    let words = format!("{} {} {}", text(&row["product"]), text(&row["spec"]), text(&row["supplier"]));
    open_row(&window, &words, &format!("agreements-row-{disputed}")).await;
    window.see(Part("agreement-state")).await;
    window.tab_to(Part("agreement-dispute")).await;
    window.press("Enter").await;
    window.see(Part("agreement-reason")).await;
    window.tab_to(Part("agreement-reason")).await;
    window.enter(REASON).await;
    picture("signing-2-dispute");
    window.press("Ctrl+Enter").await;
    until_queued(&window, 1).await;

    // All others that are to be signed, at once.
    window.gone(Part("agreement-reason")).await;
    window.tab_to(Part("agreements-clear")).await;
    window.press("Enter").await;
    window.gone(Part("agreements-clear")).await;
    window.press("s").await;
    window.see(Part("agreements-sign-confirm")).await;
    picture("signing-3-sign");
    window.tab_to(Part("agreements-sign-confirm")).await;
    window.press("Enter").await;
    let expected = signable.len();
    until_queued(&window, expected).await;
    window.gone(Part("agreements-sign-confirm")).await;

    turn_to(&window, "contracts-grid").await;
    open_row(&window, &text(&contract["code"]), &format!("contracts-row-{}", text(&contract["id"]))).await;
    window.see(Part("contract-sign")).await;
    window.press("s").await;
    window.see(Part("contract-sign-confirm")).await;
    window.tab_to(Part("contract-sign-confirm")).await;
    window.press("Enter").await;
    until_queued(&window, expected + 1).await;
    picture("signing-4-waiting");

    platform.resume();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let now = agreements(&window).await;
    for before in &signable {
        let row = now.iter().find(|row| row["id"] == before["id"]).unwrap();
        if row["id"] == json!(disputed) {
            assert_eq!((&row["state"], &row["disputeReason"]), (&json!("DISPUTED"), &json!(REASON)));
        } else {
            assert!(row["signedAt"].is_string() && row["signable"] == json!(false), "{row}");
        }
    }
    let contracts = window.ask("contracts", json!({})).await;
    let rows = contracts["rows"].as_array().unwrap();
    let signed = rows.iter().find(|row| row["id"] == contract["id"]).unwrap();
    assert!(signed["signedOn"].is_string() && signed["signable"] == json!(false), "{signed}");
    picture("signing-5-signed");
    window.leave().await;
}
