//! The room of analysis by keyboard: from an indicator to its lines, one order and back; a rule that the platform adjusts; purchases
//! by distributor down to their orders; the quarter's self-check on paper and as a workbook; the board on the whole screen.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Like, Part};
use sunbench_tests::{Access, Browser, Platform, Window, picture, synced};

/// A warning limit that more agreements pass than before, in hundredths.
const STRICTER: &str = "1";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

async fn indicators(window: &Window) -> Vec<Value> {
    let list = window.ask("indicators", json!({ "asOf": null, "pack": null })).await;
    list["rows"].as_array().unwrap().clone()
}

fn warnings(rows: &[Value]) -> usize {
    rows.iter().filter(|row| row["level"] != json!("normal")).count()
}

async fn shown(window: &Window, part: &str) -> usize {
    window.attribute(Part(part), "data-count").await.parse().unwrap()
}

/// The supervisor adjusts a rule in a browser of their own.
async fn adjusted(access: &Access, indicator: &str, parameter: &str, value: &str) {
    let console = Browser::open(&access.console).await;
    console.fill(Css("#user"), &access.supervisor).await;
    console.fill(Css("#password"), &access.supervisor_password).await;
    console.click(Css("#sign-in")).await;
    console.see(Css("#notices")).await;
    console.go(&format!("{}/supervision", access.console)).await;
    console.fill(Css("#indicator"), indicator).await;
    console.fill(Css("#parameter"), parameter).await;
    console.fill(Css("#value"), value).await;
    console.click(Css("#adjust")).await;
    console.see(Css("#supervise")).await;
    console.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn an_indicator_leads_to_its_lines_and_follows_the_rules() {
    let platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;

    // Warnings alone at first, the worst above; what is only foreseen stands apart.
    window.press("Alt+9").await;
    window.see(Like("indicators-row-")).await;
    let rows = indicators(&window).await;
    assert_eq!(shown(&window, "indicators-total").await, warnings(&rows));
    let foreseen = |row: &&Value| row["level"] == json!("normal") && !row["forecastDate"].is_null();
    let foreseen = rows.iter().filter(foreseen).count();
    assert!(foreseen > 0, "the demo foresees something");
    picture("analysis-1-warnings");
    window.tab_to(Part("indicators-scope")).await;
    window.press("ArrowRight").await;
    window.attribute_is(Part("indicators-total"), "data-count", &foreseen.to_string()).await;
    picture("analysis-2-forecasts");
    window.press("ArrowLeft").await;

    // Its lines, one order, and back to where one was.
    let lag = rows
        .iter()
        .find(|row| row["id"] == json!("delivery-timeliness-24h"))
        .or_else(|| rows.iter().find(|row| row["hasLines"] == json!(true) && row["level"] != json!("normal")))
        .unwrap();
    window.press("/").await;
    window.enter(text(&lag["name"])).await;
    let row = format!("indicators-row-{}.{}", text(&lag["id"]), text(&lag["scope"]));
    window.see(Part(&row)).await;
    window.press("ArrowDown").await;
    window.press("Enter").await;
    window.see(Like("indicator-line-")).await;
    picture("analysis-3-lines");
    window.tab_to(Like("indicator-line-")).await;
    window.press("Enter").await;
    window.see(Part("order-life")).await;
    window.press("Alt+ArrowLeft").await;
    window.see(Like("indicator-line-")).await;
    window.press("Escape").await;
    window.gone(Like("indicator-line-")).await;

    // An adjustment arrives while the list is open: the results and the version of the rules change.
    let rules = window.text(Part("indicators-rules")).await;
    adjusted(&platform.access, "progress-lag", "threshold.warning", STRICTER).await;
    window.press("F5").await;
    window
        .until("the adjusted rule", || async {
            Ok((window.text(Part("indicators-rules")).await != rules).then_some(()))
        })
        .await;
    let after = indicators(&window).await;
    assert!(warnings(&after) > warnings(&rows), "{} → {}", warnings(&rows), warnings(&after));
    picture("analysis-4-adjusted");
    window.leave().await;
}

/// Saves the quarter's self-check; answers whether the file begins as its kind does.
async fn saved(window: &Window, format: &str, file: &Path, magic: &[u8]) {
    let save = json!({ "quarter": "2026Q3", "pack": null, "format": format, "path": file });
    window.ask("self_check_save", save).await;
    assert!(std::fs::read(file).unwrap().starts_with(magic), "{}", file.display());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn purchases_lead_to_their_orders_and_the_board_fills_the_screen() {
    let platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;

    // By distributor: each bar's number stands in the table, which leads to the orders of these months.
    window.press("Alt+9").await;
    window.see(Part("analysis")).await;
    window.press("]").await;
    window.see(Like("statistics-row-")).await;
    window.see(Css(".chart .bar")).await;
    window.tab_to(Part("statistics-by")).await;
    window.press("ArrowRight").await;
    window.see(Css("[data-test=\"statistics-by-supplier\"].chosen")).await;
    window.see(Like("statistics-row-")).await;
    picture("analysis-5-distributors");
    window.tab_to(Css("[data-test^=\"statistics-row-\"] button")).await;
    let name = window.text(Css("[data-test^=\"statistics-row-\"] button")).await;
    window.press("Enter").await;
    window.see(Like("order-row-")).await;
    assert_eq!(window.value(Part("orders-filter")).await, name);
    picture("analysis-6-orders");
    window.press("Alt+ArrowLeft").await;
    window.see(Like("statistics-row-")).await;

    // The quarter's self-check.
    window.press("]").await;
    window.see(Part("self-check-pdf")).await;
    picture("analysis-7-self-check");
    let files = tempfile::tempdir().unwrap();
    let paper = files.path().join("季度自查.pdf");
    saved(&window, "pdf", &paper, b"%PDF-").await;
    saved(&window, "xlsx", &files.path().join("季度自查.xlsx"), b"PK\x03\x04").await;
    if let Some(folder) = std::env::var_os("SUNBENCH_PICTURES") {
        let pages = Path::new(&folder).join("self-check-paper");
        Command::new("pdftoppm").args(["-png", "-r", "70"]).arg(&paper).arg(pages).status().unwrap();
        std::fs::copy(files.path().join("季度自查.xlsx"), Path::new(&folder).join("self-check.xlsx"))
            .unwrap();
    }

    // The board, as large as the screen, and back.
    window.press("]").await;
    window.see(Part("board-online")).await;
    window.press("f").await;
    window.see(Css("[data-test=\"board\"].full")).await;
    picture("analysis-8-board");
    window.press("Escape").await;
    window.gone(Css("[data-test=\"board\"].full")).await;
    window.see(Part("board-online")).await;
    window.leave().await;
}
