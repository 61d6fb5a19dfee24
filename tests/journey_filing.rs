//! An off-platform purchase is filed by keyboard and without a network: begun, kept as a draft when the window is left, and
//! taken by the platform later.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::json;
use sunbench_tests::Wanted::{Css, Part};
use sunbench_tests::{Platform, Window, accepted, picture, synced_then_cut_off, waiting};

const COMPANY: &str = "望溪区本地门店";
const REASON: &str = "夜间急诊，平台无货，就近采购。";

/// Opens the filings; they are a part of the catalogue.
async fn filings(window: &Window) {
    window.press("Alt+8").await;
    window.see(Part("catalogue")).await;
    window.press("[").await;
    window.see(Part("filing-create")).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn an_off_platform_purchase_is_filed_without_a_network() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced_then_cut_off(&mut platform, data.path()).await;

    filings(&window).await;
    window.press("n").await;
    window.see(Part("filing-form")).await;
    window.tab_to(Css("[role=combobox]")).await;
    window.enter("支架").await;
    window.see(Css("[role=option]")).await;
    window.press("ArrowDown").await;
    window.press("Enter").await;
    window.tab_to(Part("filing-company")).await;
    window.enter(COMPANY).await;
    window.tab_to(Part("filing-quantity")).await;
    window.enter("20").await;
    window.tab_to(Part("filing-price")).await;
    window.enter("3.65").await;
    window.attribute_is(Part("kept"), "data-state", "saved").await;
    let goods = window.value(Part("filing-goodsName")).await;
    assert!(!goods.is_empty(), "the product's name is the filing's");
    picture("filing-1-form");
    window.leave().await;

    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    filings(&window).await;
    window.tab_to(Css("[data-test=\"filing-drafts\"] button")).await;
    window.press("Enter").await;
    assert_eq!(window.value(Part("filing-company")).await, COMPANY);
    assert_eq!(window.value(Part("filing-price")).await, "3.65");
    window.tab_to(Part("filing-reason")).await;
    window.enter(REASON).await;
    window.press("Ctrl+Enter").await;
    window.see(Css("[data-test=\"filings-pending\"] [data-state=\"queued\"]")).await;
    waiting(&window, &["filing.create"]).await;
    picture("filing-2-waiting");

    platform.resume();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let found = window.ask("filings", json!({ "text": COMPANY, "states": [] })).await;
    let filed = found["rows"].as_array().unwrap().iter().find(|row| row["reason"] == json!(REASON));
    let filed = filed.expect("the platform has the filing");
    assert_eq!(filed["amount"], json!("73.00"));
    assert_eq!(filed["goodsName"], json!(goods));
    window.see(Part(&format!("filings-row-{}", filed["id"].as_str().unwrap()))).await;
    picture("filing-3-filed");
    window.leave().await;
}
