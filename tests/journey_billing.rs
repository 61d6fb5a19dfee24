//! An invoice is verified without a network, a settlement is made of verified invoices and confirmed once the distributor has
//! reconciled it, and the payment's day is shown. By keyboard alone.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Part};
use sunbench_tests::{
    Platform, Window, accepted, cut_off, open_row, picture, synced_then_cut_off, turn_to, waiting,
};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The first invoice that is to be verified and agrees with what was received.
async fn acceptable(window: &Window) -> Value {
    let list = window.ask("invoices", json!({ "text": "", "state": "WAITING", "after": null })).await;
    for row in list["rows"].as_array().unwrap() {
        let detail = window.ask("invoice", json!({ "id": row["id"] })).await;
        if row["ours"] == json!(true) && detail["acceptable"] == json!(true) {
            return row.clone();
        }
    }
    panic!("the demo has invoices that agree: {list}")
}

async fn settlements(window: &Window) -> Vec<Value> {
    let list = window.ask("settlements", json!({ "text": "", "state": null, "after": null })).await;
    list["rows"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn an_invoice_is_verified_and_settled_until_its_payment_is_due() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced_then_cut_off(&mut platform, data.path()).await;
    let invoice = acceptable(&window).await;

    window.press("Alt+4").await;
    turn_to(&window, "invoices-grid").await;
    open_row(&window, &text(&invoice["number"]), &format!("invoices-row-{}", text(&invoice["id"]))).await;
    window.see(Part("invoice-verify")).await;
    picture("billing-1-invoice");
    window.press("v").await;
    waiting(&window, &["invoice.verify"]).await;

    platform.resume();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let verified = window.ask("invoice", json!({ "id": invoice["id"] })).await;
    assert_eq!(verified["row"]["state"], json!("VERIFIED"), "{verified}");

    // A month of the distributor's verified invoices.
    let before: BTreeSet<String> = settlements(&window).await.iter().map(|row| text(&row["id"])).collect();
    turn_to(&window, "settlements-grid").await;
    window.press("n").await;
    window.see(Part("settlement-sum")).await;
    let candidates = window.ask("settlement_candidates", json!({})).await;
    let groups = candidates["groups"].as_array().unwrap().clone();
    let of_it =
        |group: &&Value| group["invoices"].as_array().unwrap().iter().any(|one| one["id"] == invoice["id"]);
    let group = groups.iter().find(of_it).expect("what was verified can be settled");
    let choice = format!("candidate-{}-{}", text(&group["supplierId"]), text(&group["period"]));
    for _ in 0..groups.len() {
        let wanted = Css("[data-test^=\"candidate-\"][type=radio]:checked");
        if window.attribute(wanted, "data-test").await == choice {
            break;
        }
        window.tab_to(wanted).await;
        window.press("ArrowDown").await;
    }
    window.see(Part(&format!("candidate-invoice-{}", text(&invoice["id"])))).await;
    picture("billing-2-settlement");
    window.tab_to(Part("settlement-create")).await;
    window.press("Enter").await;
    window.gone(Part("settlement-sum")).await;
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let made = settlements(&window).await.into_iter().find(|row| !before.contains(&text(&row["id"])));
    let made = made.expect("the platform has the settlement");
    assert_eq!(made["amount"], group["amount"]);

    // The distributor reconciles it; then it is the hospital's turn.
    platform.stop();
    platform.resume_alive();
    let row = window
        .until("the distributor to reconcile", || async {
            window.click(Part("sync-now")).await;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            let rows = settlements(&window).await;
            Ok(rows.into_iter().find(|row| row["id"] == made["id"] && row["state"] == json!("RECONCILING")))
        })
        .await;
    cut_off(&window, &mut platform).await;
    open_row(&window, &text(&row["code"]), &format!("settlements-row-{}", text(&row["id"]))).await;
    window.see(Part("settlement-confirm")).await;
    window.press("v").await;
    waiting(&window, &["settlement.confirm"]).await;
    picture("billing-3-confirmed");

    platform.resume();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let rows = settlements(&window).await;
    let confirmed = rows.iter().find(|row| row["id"] == made["id"]).unwrap();
    let state = confirmed["state"].as_str().unwrap();
    assert!(["CONFIRMED", "APPROVED"].contains(&state), "{confirmed}");
    let payments = window.ask("payments", json!({})).await;
    let due = payments["rows"].as_array().unwrap().iter().find(|row| row["id"] == made["id"]);
    let due = due.expect("it is to be paid");
    assert!(due["dueClock"].is_object() && due["dueOn"] == confirmed["dueOn"], "{due}");
    window.see(Part("payments-due")).await;
    picture("billing-4-due");
    window.leave().await;
}
