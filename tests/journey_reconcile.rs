//! A month's reconciliation through the window, by keyboard alone: the ledger is imported, every sort of difference is
//! worked through, an off-platform purchase is filed from it, the month is signed and printed, and what comes late
//! stands beside the signed statement.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{Datelike as _, Months, NaiveDate};
use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Part};
use sunbench_tests::{Platform, Window, picture, synced};

const HEADINGS: &str =
    "入库单号,订单编号,订单明细编号,医保编码,产品名称,规格型号,批号,入库日期,数量,单位,单价,金额,配送企业\n";
const OFF_PLATFORM: &str = "一次性使用无菌敷料";
const LATE: &str = "补记的敷料";
const REASON: &str = "夜间急诊，平台无货";
const NOTE: &str = "已与配送企业核对";

/// A row of the hospital's ledger.
#[derive(Debug, Clone)]
struct Row {
    order: String,
    order_line: String,
    code: String,
    name: String,
    spec: String,
    lot: String,
    date: String,
    /// Units of 1/10,000.
    quantity: i64,
    unit: String,
    price: i64,
    supplier: String,
}

/// Decimal text in units of 1/10,000.
fn units(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    whole.parse::<i64>().unwrap() * 10_000 + sign * format!("{fraction:0<4}").parse::<i64>().unwrap()
}

fn decimal(units: i64) -> String {
    format!("{}{}.{:04}", if units < 0 { "-" } else { "" }, units.abs() / 10_000, units.abs() % 10_000)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Row {
    fn of(line: &Value) -> Self {
        Self {
            order: text(&line["order"]),
            order_line: text(&line["orderLine"]),
            code: text(&line["code"]),
            name: text(&line["name"]),
            spec: text(&line["spec"]),
            lot: text(&line["lot"]),
            date: text(&line["date"]),
            quantity: units(line["quantity"].as_str().unwrap()),
            unit: text(&line["unit"]),
            price: units(line["price"].as_str().unwrap_or("0")),
            supplier: text(&line["supplier"]),
        }
    }

    fn off_platform(name: &str, date: NaiveDate) -> Self {
        Self {
            order: String::new(),
            order_line: String::new(),
            code: String::new(),
            name: name.to_owned(),
            spec: "10cm×12cm".to_owned(),
            lot: "WX2610".to_owned(),
            date: date.to_string(),
            quantity: 200_000,
            unit: "片".to_owned(),
            price: 36_500,
            supplier: "本地门店".to_owned(),
        }
    }
}

/// The ledger as a hospital's program exports it: a title, the headings, the lines, the total; in GB18030.
fn write(folder: &Path, name: &str, rows: &[Row]) -> PathBuf {
    let mut file = format!("中心库入库明细,,,,,,,,,,,,\n{HEADINGS}");
    for (at, row) in rows.iter().enumerate() {
        let Row { order, order_line, code, name, spec, lot, date, unit, supplier, .. } = row;
        let amount = row.price * row.quantity / 10_000;
        let (quantity, price, amount) = (decimal(row.quantity), decimal(row.price), decimal(amount));
        writeln!(
            file,
            "RK{at:05},{order},{order_line},{code},{name},{spec},{lot},{date},{quantity},{unit},{price},{amount},{supplier}"
        )
        .unwrap();
    }
    file.push_str("合计,,,,,,,,,,,,\n");
    let (bytes, _, unmappable) = encoding_rs::GB18030.encode(&file);
    assert!(!unmappable, "GB18030 holds every character");
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// What the platform has of a month, line by line.
async fn platform_lines(window: &Window, period: &str) -> Vec<Value> {
    let request = json!({
        "period": period, "scope": "all", "kinds": ["notInLedger"], "states": [], "owners": [], "text": "",
        "order": "age", "leastAmount": null, "leastAge": null,
    });
    let view = window.ask("reconcile_open", request).await;
    let pages = view["total"].as_u64().unwrap().div_ceil(view["pageSize"].as_u64().unwrap());
    let mut lines = Vec::new();
    for page in 0..pages {
        let rows = window.ask("reconcile_page", json!({ "view": view["view"], "page": page })).await;
        for row in rows["rows"].as_array().unwrap() {
            let of_item = json!({ "period": period, "item": row["item"] });
            let detail = window.ask("reconcile_item", of_item).await;
            lines.extend(detail["platform"].as_array().unwrap().iter().cloned());
        }
    }
    lines
}

async fn summary(window: &Window, period: &str) -> Value {
    let months = window.ask("reconcile_periods", json!({})).await;
    let months = months["periods"].as_array().unwrap();
    months.iter().find(|month| month["period"] == json!(period)).unwrap()["summary"].clone()
}

/// Imports a file: its path is typed, the preview is seen, Enter takes it in.
async fn import(window: &Window, file: &Path, seen: &str) {
    window.press("Escape").await;
    window.press("i").await;
    window.tab_to(Part("import-path")).await;
    window.enter(file.to_str().unwrap()).await;
    window.press("Enter").await;
    window.see(Part("mapping")).await;
    window.see(Part("import-counts")).await;
    picture(seen);
    window.tab_to(Part("import-take")).await;
    window.press("Enter").await;
    window.see(Part("reconcile-summary")).await;
}

/// Lists one kind of difference and opens its first item; the list has the keyboard.
async fn open_kind(window: &Window, kind: &str) {
    all_kinds(window).await;
    window.tab_to(Part(&format!("kind-{kind}"))).await;
    window.press("Space").await;
    window.attribute_is(Part(&format!("kind-{kind}")), "aria-pressed", "true").await;
    window.see(Css(&format!("[role=grid] [data-kind=\"{kind}\"]"))).await;
    window.press("/").await;
    window.press("ArrowDown").await;
    window.press("Ctrl+Home").await;
    window.press("Enter").await;
    window.see(Part("compared")).await;
}

/// Lists every kind.
async fn all_kinds(window: &Window) {
    window.press("/").await;
    window.tab_to(Part("kind-all")).await;
    window.press("Space").await;
    window.attribute_is(Part("kind-all"), "aria-pressed", "true").await;
}

/// How many items of a kind are still to be done.
fn open_of(summary: &Value, kind: &str) -> u64 {
    let kinds = summary["kinds"].as_array().unwrap();
    kinds.iter().find(|one| one["kind"] == json!(kind)).map_or(0, |one| one["open"].as_u64().unwrap())
}

/// Waits until a month's summary says so.
async fn until(window: &Window, period: &str, what: &str, so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..200 {
        let now = summary(window, period).await;
        if so(&now) {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    picture("failed");
    panic!("waited in vain for {what}: {}", summary(window, period).await)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_month_is_reconciled_signed_and_printed_by_keyboard() {
    let platform = Platform::start();
    let data = tempfile::tempdir().unwrap();
    let files = tempfile::tempdir().unwrap();
    let window = synced(&platform, data.path()).await;

    // Last month: it is over, so it can be signed.
    let today: NaiveDate = text(&window.ask("today", json!({})).await["date"]).parse().unwrap();
    let middle = today.with_day(14).unwrap().checked_sub_months(Months::new(1)).unwrap();
    let period = middle.format("%Y-%m").to_string();
    let lines = platform_lines(&window, &period).await;
    assert!(lines.len() > 20, "the demo's month has lines: {}", lines.len());
    let mut rows: Vec<Row> = lines.iter().map(Row::of).filter(|row| row.quantity > 20_000).collect();
    rows[0].quantity -= 10_000;
    rows[1].price += 30_000;
    rows[2].lot.push_str("Z9");
    rows.push(rows[3].clone());
    rows.push(Row::off_platform(OFF_PLATFORM, middle));
    let ledger = write(files.path(), "十月入库.csv", &rows);

    window.press("Alt+5").await;
    window.see(Part("reconcile")).await;
    picture("reconcile-1-before");
    import(&window, &ledger, "reconcile-2-preview").await;
    let first = until(&window, &period, "the matching", |now| now["pairs"].as_u64() > Some(0)).await;
    window.attribute_is(Part("period-state"), "data-state", "open").await;
    picture("reconcile-3-worklist");
    let start = text(&first["digest"]);

    // One accepted, and taken back: the month is as it was.
    open_kind(&window, "priceDiffers").await;
    picture("reconcile-4-difference");
    window.press("a").await;
    until(&window, &period, "the acceptance", |now| now["digest"] != json!(start)).await;
    window.press("Ctrl+z").await;
    until(&window, &period, "the undoing", |now| now["digest"] == json!(start)).await;

    // What never was on the platform is filed from the ledger's line.
    open_kind(&window, "notOnPlatform").await;
    window.press("f").await;
    window.see(Part("filing-goods-name")).await;
    assert_eq!(window.value(Part("filing-amount")).await, "73.00");
    window.tab_to(Part("filing-reason")).await;
    window.enter(REASON).await;
    picture("reconcile-5-filing");
    window.tab_to(Part("filing-submit")).await;
    window.press("Enter").await;
    until(&window, &period, "the filing", |now| {
        open_of(now, "notOnPlatform") + 1 == open_of(&first, "notOnPlatform")
    })
    .await;

    // Every other sort: handed over with a note, then accepted; the next of its sort comes by itself.
    let kinds: Vec<String> =
        first["kinds"].as_array().unwrap().iter().map(|one| text(&one["kind"])).collect();
    for sort in ["quantityShort", "priceDiffers", "lotDiffers", "receivedTwice"] {
        assert!(kinds.iter().any(|kind| kind == sort), "{sort} was planted and not found: {kinds:?}");
    }
    for kind in &kinds {
        let now = summary(&window, &period).await;
        let open = open_of(&now, kind);
        if open == 0 {
            continue;
        }
        open_kind(&window, kind).await;
        window.press("o").await;
        window.tab_to(Part("mark-note")).await;
        window.enter(NOTE).await;
        window.tab_to(Part("mark-save")).await;
        window.press("Enter").await;
        window.gone(Part("mark-save")).await;
        window.attribute_is(Part("item-state"), "data-state", "waiting").await;
        // All of the sort at once.
        window.press("/").await;
        window.press("ArrowDown").await;
        window.press("Ctrl+a").await;
        window.press("a").await;
        until(&window, &period, kind, |now| open_of(now, kind) == 0).await;
    }
    picture("reconcile-6-worked");

    // Signed after what is open was seen.
    window.press("/").await;
    window.press("Shift+Tab").await;
    window.tab_to(Part("reconcile-sign")).await;
    window.press("Enter").await;
    window.see(Part("sign-note")).await;
    picture("reconcile-7-sign");
    if window.sees(Part("sign-understood")).await {
        window.tab_to(Part("sign-understood")).await;
        window.press("Space").await;
    }
    window.tab_to(Part("sign-act")).await;
    window.press("Enter").await;
    window.attribute_is(Part("statement"), "data-signed", "true").await;
    let digest = window.text(Part("statement-digest")).await;
    assert_eq!(digest.len(), 64, "{digest:?}");
    picture("reconcile-8-statement");

    // On paper.
    let paper = files.path().join("对账单.pdf");
    let save = json!({ "period": period, "format": "pdf", "path": paper });
    window.ask("reconcile_save", save).await;
    printed(&paper, &period, &digest);

    // A line that comes late is an adjustment; the signed statement stays.
    let late = write(files.path(), "补记.csv", &[Row::off_platform(LATE, middle)]);
    import(&window, &late, "reconcile-9-late").await;
    window.attribute_is(Part("period-state"), "data-state", "adjusted").await;
    window.tab_to(Part("signed-open")).await;
    window.press("Enter").await;
    window.see(Part("adjustments")).await;
    assert!(window.text(Part("adjustments")).await.contains(LATE));
    assert_eq!(window.text(Part("statement-digest")).await, digest);
    picture("reconcile-10-adjusted");
    window.leave().await;
}

/// The paper says the month, the digest and who signs; its pages are kept as pictures.
fn printed(paper: &Path, period: &str, digest: &str) {
    let told = Command::new("pdftotext").args(["-layout"]).arg(paper).arg("-").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let (year, month) = period.split_once('-').unwrap();
    let month = month.trim_start_matches('0');
    let squeezed: String = told.split_whitespace().collect();
    assert!(squeezed.contains(&format!("{year}年{month}月")) || squeezed.contains(period), "{told}");
    assert!(squeezed.contains(&digest[..16]), "the digest stands on the paper: {told}");
    assert!(squeezed.contains("经办人"), "{told}");
    if let Some(folder) = std::env::var_os("SUNBENCH_PICTURES") {
        let pages = PathBuf::from(folder).join("reconcile-paper");
        let drawn =
            Command::new("pdftoppm").args(["-png", "-r", "60"]).arg(paper).arg(pages).status().unwrap();
        assert!(drawn.success());
    }
}
