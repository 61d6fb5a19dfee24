//! An order is written without a network and sent when the platform is back; a received line goes back to its
//! distributor. By keyboard alone.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Like, Part};
use sunbench_tests::{Platform, Window, cut_off, picture, synced};

const REASON: &str = "规格型号不符";
const DEPARTMENT: &str = "导管室";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A listed product whose last distributor may still deliver it, and what finds it alone.
async fn orderable(window: &Window) -> (Value, String) {
    let ours = json!({ "text": "", "scope": "ours", "after": null });
    let list = window.ask("catalogue", ours).await;
    for row in list["rows"].as_array().unwrap() {
        if row["listed"] != json!(true) || row["codeMark"] != json!("good") {
            continue;
        }
        let product = window.ask("product", json!({ "product": row["id"] })).await;
        let suppliers = product["suppliers"].as_array().unwrap();
        let last = &product["orders"][0]["supplier"];
        let words = text(&row["mcsCode"]);
        let found = window.ask("catalogue", json!({ "text": words, "scope": "all", "after": null })).await;
        if suppliers.iter().any(|supplier| &supplier["name"] == last) && found["total"] == json!(1) {
            return (product, words);
        }
    }
    panic!("the demo's hospital orders listed products")
}

async fn queued(window: &Window, kind: &str) -> Value {
    let list = window.ask("outbox_list", json!({ "before": null })).await;
    let found = list["items"].as_array().unwrap().iter().find(|item| item["kind"] == json!(kind));
    found.unwrap_or_else(|| panic!("no {kind} in the outbox: {list}")).clone()
}

/// Waits until the platform has taken the last submission of a kind.
async fn taken(window: &Window, kind: &str) {
    for _ in 0..200 {
        let item = queued(window, kind).await;
        match item["state"].as_str().unwrap() {
            "accepted" => return,
            "queued" | "sending" => tokio::time::sleep(std::time::Duration::from_millis(200)).await,
            other => panic!("{kind} is {other}: {item}"),
        }
    }
    picture("failed");
    panic!("{kind} is not taken")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn an_order_is_written_without_a_network_and_a_line_is_returned() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;
    let (product, words) = orderable(&window).await;
    let product_id = text(&product["row"]["id"]);

    cut_off(&window, &mut platform).await;
    window.press("Alt+3").await;
    window.see(Like("order-row-")).await;
    window.press("n").await;
    window.see(Part("compose")).await;
    window.enter(&words).await;
    window.see(Css("[role=option]")).await;
    window.press("ArrowDown").await;
    window.press("Enter").await;
    window.see(Part("compose-line-0")).await;
    window.tab_to(Part("quantity-0")).await;
    window.enter("2").await;
    window.tab_to(Part("compose-dept")).await;
    window.enter(DEPARTMENT).await;
    window.attribute_is(Part("compose-weight"), "data-refusals", "0").await;
    window.attribute_is(Part("kept"), "data-state", "saved").await;
    picture("ordering-1-written");

    // What is written outlives the program.
    window.cut().await;
    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    window.press("Alt+3").await;
    window.tab_to(Part("order-drafts")).await;
    window.press("Enter").await;
    window.see(Css("[role=menuitem]")).await;
    window.press("Enter").await;
    window.see(Part("compose-line-0")).await;
    assert_eq!(window.value(Part("quantity-0")).await, "2");
    assert_eq!(window.value(Part("compose-dept")).await, DEPARTMENT);
    window.attribute_is(Part("compose-line-0"), "data-product", &product_id).await;
    window.attribute_is(Part("compose-weight"), "data-refusals", "0").await;
    window.press("Ctrl+Enter").await;
    window.see(Part("compose-summary")).await;
    picture("ordering-2-summary");
    window.press("Enter").await;
    window.see(Part("order-new")).await;
    assert_eq!(queued(&window, "order.submit").await["state"], json!("queued"));

    // A received line goes back, still without a network.
    let received = json!({ "text": "", "states": ["RECEIVED"], "from": null, "to": null });
    let lines = window.ask("orders_open", received).await;
    let lines = lines["first"].as_array().unwrap().clone();
    let line = lines.iter().find(|line| line["returned"] == json!("0") && line["received"] != json!("0"));
    let line = line.unwrap();
    window.press("/").await;
    window.enter(&text(&line["orderCode"])).await;
    window.see(Part(&format!("order-row-{}", text(&line["id"])))).await;
    window.tab_to(Part("order-state-RECEIVED")).await;
    window.press("Space").await;
    window.attribute_is(Part("order-state-RECEIVED"), "aria-pressed", "true").await;
    window.see(Css("[data-test=\"orders-grid\"] [data-row=\"0\"] [data-state=\"RECEIVED\"]")).await;
    window.press("/").await;
    window.press("ArrowDown").await;
    window.press("Enter").await;
    window.see(Part("order-detail")).await;
    window.see(Part("order-return")).await;
    window.press("t").await;
    window.see(Part("return-quantity-0")).await;
    window.tab_to(Part("return-quantity-0")).await;
    window.enter("1").await;
    window.tab_to(Part("return-reason")).await;
    window.enter(REASON).await;
    picture("ordering-3-return");
    window.tab_to(Part("return-submit")).await;
    window.press("Enter").await;
    let waiting = window.text(Part("sync-waiting")).await;
    assert!(waiting.contains('1') || waiting.contains('2'), "{waiting}");

    platform.resume();
    window.click(Part("sync-now")).await;
    taken(&window, "order.submit").await;
    taken(&window, "return.create").await;
    window.attribute_is(Part("sync-phase"), "data-phase", "upToDate").await;
    let returns = window.ask("returns", json!({ "text": "", "state": null, "after": null })).await;
    assert!(
        returns["rows"].as_array().unwrap().iter().any(|row| row["reason"] == json!(REASON)),
        "{returns}"
    );
    picture("ordering-4-sent");
    window.leave().await;
}
