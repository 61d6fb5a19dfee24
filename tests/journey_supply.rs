//! The supply room by keyboard: a supply problem that is being told outlives the program's end, waits without a network and
//! reaches the platform; a company is evaluated the same way.

#![allow(clippy::unwrap_used)] // in a test it says where

use serde_json::json;
use sunbench_tests::Wanted::{Css, Part};
use sunbench_tests::{Platform, Window, accepted, picture, synced_then_cut_off, waiting};

const DESCRIPTION: &str = "导管室库存仅余三天用量，配送企业电话答复两周后到货。";
const REMARKS: &str = "本季度两次晚于承诺时间送达。";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_supply_problem_and_an_evaluation_are_entered_without_a_network() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced_then_cut_off(&mut platform, data.path()).await;

    // An order line is picked as evidence, the words begun; then the power goes.
    window.press("Alt+7").await;
    window.see(Part("issues-grid")).await;
    picture("supply-1-problems");
    window.press("n").await;
    window.see(Css(".lines input[type=checkbox]")).await;
    window.tab_to(Part("evidence-search")).await;
    window.press("ArrowDown").await;
    window.press("Space").await;
    window.attribute_is(Part("evidence-picked"), "data-count", "1").await;
    window.tab_to(Part("issue-description")).await;
    window.enter(DESCRIPTION).await;
    window.attribute_is(Part("kept"), "data-state", "saved").await;
    picture("supply-2-form");
    window.cut().await;

    // All of it is there again, and is submitted.
    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    window.press("Alt+7").await;
    window.see(Part("issues-grid")).await;
    window.press("n").await;
    window.attribute_is(Part("evidence-picked"), "data-count", "1").await;
    assert_eq!(window.value(Part("issue-description")).await, DESCRIPTION);
    window.tab_to(Part("issue-description")).await;
    window.press("Ctrl+Enter").await;
    window.see(Css("[data-test=\"issues-pending\"] [data-state=\"queued\"]")).await;
    picture("supply-3-waiting");

    // The company whose evaluation is due next, by digits.
    window.press("]").await;
    window.see(Part("negotiations-grid")).await;
    window.press("]").await;
    window.see(Part("evaluations-grid")).await;
    let due = window.names("evaluations-row-").await;
    window.press("/").await;
    window.press("ArrowDown").await;
    window.press("Ctrl+Home").await;
    window.press("Enter").await;
    window.see(Part("evaluation-submit")).await;
    for score in ["2", "4", "5"] {
        window.press(score).await;
    }
    window.tab_to(Part("evaluation-remarks")).await;
    window.enter(REMARKS).await;
    picture("supply-4-evaluation");
    window.press("Ctrl+Enter").await;
    waiting(&window, &["supplyIssue.create", "evaluation.create"]).await;

    platform.resume();
    window.click(Part("sync-now")).await;
    accepted(&window).await;
    let issues = window.ask("supply_issues", json!({ "text": "", "open": true })).await;
    let told = issues["rows"].as_array().unwrap().iter().find(|row| row["description"] == json!(DESCRIPTION));
    let told = told.expect("the platform has the problem");
    assert!(told["replyClock"].is_object(), "the company's two working days run: {told}");
    let evaluations = window.ask("evaluations", json!({})).await;
    let made = evaluations["rows"].as_array().unwrap().iter().find(|row| row["remarks"] == json!(REMARKS));
    let made = made.expect("the platform has the evaluation");
    assert_eq!(made["scores"], json!([2, 4, 5]));
    assert!(due.iter().any(|id| made["id"] == json!(id)), "it was one that was due: {made}");

    window.press("[").await;
    window.press("[").await;
    window.see(Part(&format!("issues-row-{}", told["id"].as_str().unwrap()))).await;
    picture("supply-5-told");
    window.leave().await;
}
