//! A delivery is received through the window without a network, by scanner and keyboard alone: its label opens it, a
//! piece goes back with its reason, the draft outlives the program, and the receipt is sent when the platform is back.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Like, Part};
use sunbench_tests::{Platform, Window, picture, synced};

const REASON: &str = "外包装破损";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A delivery at the door with a line of at least two pieces, whose label leads to that line only.
async fn at_the_door(window: &Window) -> (Value, usize) {
    let rows = window.ask("deliveries", json!({ "text": "" })).await;
    for row in rows["rows"].as_array().unwrap() {
        let detail = window.ask("delivery", json!({ "id": row["id"] })).await;
        if row["state"] != json!("CONFIRMED") || !detail["draft"].is_null() {
            continue;
        }
        for (at, line) in detail["lines"].as_array().unwrap().iter().enumerate() {
            let enough = text(&line["left"]).parse::<u32>().is_ok_and(|left| left >= 2);
            if !enough || text(&line["udi"]).is_empty() {
                continue;
            }
            let found = window.ask("delivery_scan", json!({ "code": line["udi"], "delivery": null })).await;
            let best: Vec<&Value> = found["lines"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|hit| hit["fit"] == found["lines"][0]["fit"])
                .collect();
            if best.len() == 1 && best[0]["line"]["id"] == line["id"] {
                return (detail, at);
            }
        }
    }
    panic!("the demo has deliveries with labels at the door")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_delivery_is_scanned_and_received_without_a_network() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;
    let (detail, at) = at_the_door(&window).await;
    let (id, code) = (text(&detail["row"]["id"]), text(&detail["row"]["code"]));
    let line = detail["lines"][at].clone();
    let left: u32 = text(&line["left"]).parse().unwrap();

    platform.stop();
    window.press("Alt+4").await;
    window.see(Like("deliveries-row-")).await;
    window.click(Part("sync-now")).await;
    window.see(Part("offline-banner")).await;
    picture("receiving-1-list");

    // The label opens its delivery and counts; nothing has to have the keyboard for it.
    window.scan(&text(&line["udi"])).await;
    window.attribute_is(Part("scan-news"), "data-tone", "success").await;
    window.attribute_is(Part("receipt"), "data-delivery", &id).await;
    assert_eq!(window.value(Part(&format!("received-{at}"))).await, "1");
    picture("receiving-2-scanned");

    // The rest as delivered, but one piece goes back.
    window.press("a").await;
    for (field, value) in [("received", (left - 1).to_string()), ("rejected", "1".to_owned())] {
        window.tab_to(Part(&format!("{field}-{at}"))).await;
        window.enter(&value).await;
    }
    window.see(Part(&format!("fault-{at}"))).await;
    window.tab_to(Part(&format!("reason-{at}"))).await;
    window.enter(REASON).await;
    window.attribute_is(Part("receipt-saved"), "data-state", "saved").await;
    picture("receiving-3-filled");
    window.cut().await;

    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    window.press("Alt+4").await;
    window.see(Like("deliveries-row-")).await;
    window.press("/").await;
    window.enter(&code).await;
    window.press("ArrowDown").await;
    window.press("Enter").await;
    window.attribute_is(Part("receipt"), "data-delivery", &id).await;
    assert_eq!(window.value(Part(&format!("reason-{at}"))).await, REASON);
    assert_eq!(window.value(Part(&format!("received-{at}"))).await, (left - 1).to_string());
    window.tab_to(Part("receipt-submit")).await;
    window.press("Enter").await;
    window.see(Part("receipt-summary")).await;
    picture("receiving-4-summary");
    window.press("Enter").await;
    window.see(Part("receipt-waiting")).await;
    assert!(window.text(Part("sync-waiting")).await.contains('1'), "one receipt waits");
    picture("receiving-5-waiting");

    platform.resume();
    window.click(Part("sync-now")).await;
    window.see(Css("[data-test=\"receipt\"] li[data-state]")).await;
    let after = window.ask("delivery", json!({ "id": id })).await;
    assert_eq!(after["lines"][at]["rejected"], json!("1"), "{after}");
    assert_eq!(after["lines"][at]["left"], json!("0"), "{after}");
    picture("receiving-6-received");
    window.leave().await;
}
