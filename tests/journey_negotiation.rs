//! A manufacturer is invited to lower a price without a network; when the platform is back the company answers, and the
//! hospital decides. By keyboard alone.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Part};
use sunbench_tests::{Platform, Window, accepted, picture, synced_then_cut_off, waiting};

const REMARKS: &str = "本院年用量约六百根，望按带量价供应。";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A listed product that is neither selected nor under negotiation, and what finds it alone.
async fn negotiable(window: &Window) -> (Value, String) {
    let ours = json!({ "text": "", "scope": "ours", "after": null });
    let list = window.ask("catalogue", ours).await;
    for row in list["rows"].as_array().unwrap() {
        let words = text(&row["mcsCode"]);
        let product = window.ask("product", json!({ "product": row["id"] })).await;
        let found = window.ask("catalogue", json!({ "text": words, "scope": "all", "after": null })).await;
        if product["negotiable"] == json!(true) && !words.is_empty() && found["total"] == json!(1) {
            return (row.clone(), words);
        }
    }
    panic!("the demo's hospital buys products at listed prices")
}

/// The invitation of this journey.
async fn invited(window: &Window) -> Option<Value> {
    let list = window.ask("negotiations", json!({ "text": "", "open": false })).await;
    list["rows"].as_array().unwrap().iter().find(|row| row["remarks"] == json!(REMARKS)).cloned()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_price_is_negotiated_from_invitation_to_decision() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced_then_cut_off(&mut platform, data.path()).await;
    let (product, words) = negotiable(&window).await;
    let whole: u64 = text(&product["price"]).split('.').next().unwrap().parse().unwrap();

    window.press("Alt+7").await;
    window.see(Part("issues-grid")).await;
    window.press("]").await;
    window.see(Part("negotiations-grid")).await;
    window.press("n").await;
    window.see(Part("invite-form")).await;
    window.tab_to(Css("[data-test=\"invite-form\"] [role=combobox]")).await;
    window.enter(&words).await;
    window.see(Css("[role=option]")).await;
    window.press("ArrowDown").await;
    window.press("Enter").await;
    window.tab_to(Part("invite-target")).await;
    // A yuan more than the price is no lower price: the form says so and stays.
    window.enter(&(whole + 1).to_string()).await;
    window.tab_to(Part("invite-remarks")).await;
    window.enter(REMARKS).await;
    window.press("Ctrl+Enter").await;
    window.see(Css("[data-test=\"invite-target\"][aria-invalid=true]")).await;
    window.tab_to(Part("invite-target")).await;
    // Half of the price and more is answered.
    let target = (whole * 9 / 10).max(1).to_string();
    window.enter(&target).await;
    picture("negotiation-1-invitation");
    window.press("Ctrl+Enter").await;
    waiting(&window, &["negotiation.invite"]).await;
    window.see(Css("[data-test=\"negotiations-pending\"] [data-state=\"queued\"]")).await;
    picture("negotiation-2-waiting");

    platform.resume_alive();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let answered = window
        .until("the company to answer", || async {
            let found = invited(&window).await;
            let has_answered = |row: &Value| !["", "INVITED"].contains(&row["state"].as_str().unwrap());
            if found.as_ref().is_some_and(has_answered) {
                return Ok(found);
            }
            window.click(Part("sync-now")).await;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            Ok(None)
        })
        .await;
    assert_eq!((&answered["state"], &answered["ours"]), (&json!("ANSWERED"), &json!(true)), "{answered}");

    // It is the hospital's turn.
    window.press("/").await;
    window.enter(&text(&product["name"])).await;
    window.see(Part(&format!("negotiations-row-{}", text(&answered["id"])))).await;
    window.press("ArrowDown").await;
    window.press("Ctrl+Home").await;
    window.press("Enter").await;
    window.see(Part("negotiation-agree")).await;
    picture("negotiation-3-answered");
    window.tab_to(Part("negotiation-agree")).await;
    window.press("Enter").await;
    window.see(Part("negotiation-decide")).await;
    window.tab_to(Part("negotiation-decide")).await;
    window.press("Enter").await;
    window.gone(Part("negotiation-decide")).await;
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let decided = invited(&window).await.unwrap();
    assert_eq!(decided["state"], json!("AGREED"), "{decided}");
    assert_eq!(decided["answerPrice"], answered["answerPrice"]);
    picture("negotiation-4-agreed");
    window.leave().await;
}
