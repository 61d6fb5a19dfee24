//! An agreement that lags behind its schedule, by keyboard and without a network: what it takes to keep it becomes an order that
//! outlives the program, is sent, and counts.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Part};
use sunbench_tests::{Platform, Window, accepted, cut_off, picture, synced, waiting};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// An agreement behind schedule whose product can be ordered in the agreement's unit: its row and its measured progress.
async fn behind(window: &Window) -> (Value, Value) {
    let request = json!({ "asOf": null, "pack": null });
    let progress = window.ask("agreements_progress", request).await;
    let list = window.ask("agreements", json!({})).await;
    let rows: Vec<&Value> = list["batches"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|batch| batch["rows"].as_array().unwrap())
        .collect();
    let measured = progress["batches"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|batch| batch["agreements"].as_array().unwrap());
    for one in
        measured.filter(|one| one["level"] != json!("normal") && one["action"]["kind"] == json!("order"))
    {
        let row = rows.iter().find(|row| one["agreements"].as_array().unwrap().contains(&row["id"])).unwrap();
        let product = window.ask("product", json!({ "product": row["productId"] })).await;
        let may_deliver = product["suppliers"]
            .as_array()
            .unwrap()
            .iter()
            .any(|supplier| supplier["name"] == row["supplier"]);
        let orderable =
            product["row"]["listed"] == json!(true) && product["row"]["codeMark"] == json!("good");
        if may_deliver && orderable && product["row"]["unit"] == one["action"]["unit"] {
            return ((*row).clone(), one.clone());
        }
    }
    panic!("the demo has no agreement behind schedule that can be ordered: {progress}")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn an_agreement_behind_schedule_becomes_an_order() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;
    let (agreement, measured) = behind(&window).await;
    cut_off(&window, &mut platform).await;

    window.press("Alt+6").await;
    window.see(Part("volume")).await;
    window.press("]").await;
    window.see(Part("agreements-grid")).await;
    window.press("/").await;
    window.enter(&format!("{} {}", text(&agreement["product"]), text(&agreement["supplier"]))).await;
    window.see(Part(&format!("agreements-row-{}", text(&agreement["id"])))).await;
    window.press("ArrowDown").await;
    window.press("Enter").await;
    window.attribute_is(Part("agreement-level"), "data-level", text(&measured["level"])).await;
    let needed = window.text(Part("action-needed")).await;
    assert!(needed.contains(text(&measured["action"]["amount"])), "{needed}");
    picture("volume-1-behind");

    // The order holds the product, its distributor, the quantity and the agreement.
    window.press("o").await;
    window.see(Part("compose-line-0")).await;
    window.attribute_is(Part("compose-line-0"), "data-product", text(&agreement["productId"])).await;
    assert_eq!(window.value(Part("quantity-0")).await, text(&measured["action"]["amount"]));
    window.attribute_is(Part("kept"), "data-state", "saved").await;
    picture("volume-2-order");

    // Back where one came from; coming again begins no second order.
    window.press("Alt+ArrowLeft").await;
    window.see(Part("action-needed")).await;
    window.press("Alt+ArrowRight").await;
    window.see(Part("compose-line-0")).await;
    let drafts = window.ask("order_drafts", json!({})).await;
    assert_eq!(drafts["drafts"].as_array().unwrap().len(), 1, "{drafts}");
    assert_eq!(drafts["drafts"][0]["lines"].as_array().unwrap().len(), 1, "{drafts}");
    window.cut().await;

    // It outlives the program, and is sent when the network is back.
    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    window.press("Alt+3").await;
    window.tab_to(Part("order-drafts")).await;
    window.press("Enter").await;
    window.see(Css("[role=menuitem]")).await;
    window.press("Enter").await;
    window.see(Part("compose-line-0")).await;
    assert_eq!(window.value(Part("quantity-0")).await, text(&measured["action"]["amount"]));
    window.tab_to(Part("compose-dept")).await;
    window.enter("导管室").await;
    window.attribute_is(Part("compose-weight"), "data-refusals", "0").await;
    window.press("Ctrl+Enter").await;
    window.see(Part("compose-summary")).await;
    picture("volume-3-summary");
    window.press("Enter").await;
    waiting(&window, &["order.submit"]).await;
    platform.resume();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let after = window.ask("agreements", json!({})).await;
    let rows =
        after["batches"].as_array().unwrap().iter().flat_map(|batch| batch["rows"].as_array().unwrap());
    let now = rows.into_iter().find(|row| row["id"] == agreement["id"]).unwrap();
    assert_ne!(now["ordered"], agreement["ordered"], "the order counts under its agreement");
    window.leave().await;
}
