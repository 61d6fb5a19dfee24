//! A day in the office: first run, check-in, a notice with its counted days, a draft that outlives the program, an
//! answer without a network, its proof, the supervisor who returns it, and the notice back on the first page.

#![allow(clippy::unwrap_used)] // in a test it says where

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde_json::{Value, json};
use sunbench_tests::Wanted::{Css, Like, Part};
use sunbench_tests::{Access, Browser, Platform, Window, cut_off, first_run, picture};
use sunbench_workdays::Calendar;

/// 五个工作日.
const REPLY_DAYS: u32 = 5;
const CAUSE: &str = "配送企业库存不足，两批支架球囊未按期送达。";
const MEASURES: &str = "已约定补送日期，并增加一家备选配送企业；每周核对在途订单。";
const REASON: &str = "请补充备选配送企业的名称和首次送货日期。";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen, a keyring and the built programs: scripts/journeys.sh"]
async fn a_notice_is_answered_without_a_network_and_returned() {
    let mut platform = Platform::start();
    let data = tempfile::tempdir().unwrap();

    let window = Window::open(data.path()).await;
    first_run(&window, &platform.access).await;
    checked_in(&window).await;

    window.see(Like("today-notice-")).await;
    picture("1-today");
    let notice = window.names("today-notice-").await.remove(0);
    window.click(Part(&format!("today-notice-{notice}"))).await;
    let detail = counted_right(&window, &notice).await;
    let round = detail["row"]["round"].as_u64().unwrap();
    picture("2-notice");

    window.fill(Part("reply-cause"), CAUSE).await;
    window.fill(Part("reply-measures"), MEASURES).await;
    window.attribute_is(Part("reply-saved"), "data-state", "saved").await;
    window.cut().await;

    let window = Window::open(data.path()).await;
    window.see(Part("today")).await;
    window.click(Part("room-notices")).await;
    window.click(Part(&format!("notice-row-{notice}"))).await;
    assert_eq!(window.value(Part("reply-cause")).await, CAUSE);
    assert_eq!(window.value(Part("reply-measures")).await, MEASURES);

    cut_off(&window, &mut platform).await;
    window.click(Part("reply-send")).await;
    window.click(Part("reply-confirm")).await;
    window.attribute_is(Part("reply-state"), "data-state", "queued").await;
    assert!(window.text(Part("sync-waiting")).await.contains('1'), "one answer waits");
    window.see(Part("offline-banner")).await;
    picture("3-queued-offline");

    platform.resume();
    window.click(Part("sync-now")).await;
    window.see(Part("proof")).await;
    proven(&window, &notice).await;
    picture("4-proof");

    returned_by_the_supervisor(&platform.access, &notice, round).await;
    window.click(Part("sync-now")).await;
    window.click(Part("room-today")).await;
    window.click(Part(&format!("today-notice-{notice}"))).await;
    window.see(Part("notice-returned")).await;
    assert!(window.text(Part("notice-returned")).await.contains(REASON));
    let detail = counted_right(&window, &notice).await;
    assert_eq!(detail["row"]["round"].as_u64(), Some(round + 1));
    picture("5-returned");

    nothing_was_blocked(&window).await;
    window.leave().await;
    let log = std::fs::read_dir(data.path().join("logs")).unwrap().next().unwrap().unwrap().path();
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.trim_end().ends_with("end"), "it did not end in order: {log}");
    for value in [CAUSE, MEASURES, REASON, platform.access.password.as_str(), notice.as_str()] {
        assert!(!log.contains(value), "the log holds {value:?}");
    }
}

/// Signing in checks the operator in. On a day off nothing has to be done for it.
async fn checked_in(window: &Window) {
    let today = window.ask("today", json!({})).await;
    let date: NaiveDate = text(&today["date"]).parse().unwrap();
    let working = Calendar::built_in().is_working(date).unwrap();
    assert_eq!(today["workingDay"], json!(working));
    if working {
        window.attribute_is(Part("checkin-state"), "data-state", "done").await;
    } else {
        const SETTLED: &str =
            "[data-test=\"checkin-state\"]:is([data-state=\"done\"], [data-state=\"notNeeded\"])";
        window.see(Css(SETTLED)).await;
    }
}

/// The window's countdown and counted days are those of the calendar, counted here on their own from the day that
/// started the clock.
async fn counted_right(window: &Window, notice: &str) -> Value {
    window.see(Part("notice-counting")).await;
    let detail = window.ask("notice_detail", json!({ "id": notice })).await;
    let today = window.ask("today", json!({})).await;
    let started = detail["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .find(|entry| matches!(text(&entry["kind"]).as_str(), "issued" | "returned"))
        .expect("a notice was issued");
    let started = instant(&started["at"]);
    let calendar = Calendar::built_in();
    let wanted = calendar.working_days(&started, REPLY_DAYS).unwrap();

    let shown: Vec<NaiveDate> =
        window.names("notice-counted-").await.iter().map(|date| date.parse().unwrap()).collect();
    assert_eq!(shown, wanted.counted, "counted from {started}");
    assert_eq!(text(&detail["row"]["deadline"]["dueDate"]), wanted.due_date.to_string());
    let due = window.text(Part("notice-due")).await;
    let (month, day) = (wanted.due_date.format("%-m").to_string(), wanted.due_date.format("%-d").to_string());
    assert!(due.contains(&format!("{month}月{day}日")), "due {due:?}, not {}", wanted.due_date);

    let left = calendar.remaining_working_days(&instant(&today["now"]), wanted.due_date).unwrap();
    let remaining = window.text(Part("notice-remaining")).await;
    if left != 0 {
        assert!(remaining.contains(&left.abs().to_string()), "{remaining:?} is not {left} working days");
    }
    detail
}

/// The proof has the instant, the key and the digest of what was sent.
async fn proven(window: &Window, notice: &str) {
    let detail = window.ask("notice_detail", json!({ "id": notice })).await;
    let sent = detail["submissions"].as_array().unwrap().last().unwrap();
    assert_eq!(text(&sent["state"]), "accepted");
    assert_eq!(window.text(Part("proof-key")).await, text(&sent["key"]));
    assert_eq!(window.text(Part("proof-digest")).await, text(&sent["digest"]));
    let day = instant(&sent["acceptedAt"]).format("%d").to_string();
    let shown = window.text(Part("proof-time")).await;
    assert!(shown.contains(&day), "{shown:?} is not {}", sent["acceptedAt"]);
}

/// The supervisor reads the answer in a browser of his own and returns it.
async fn returned_by_the_supervisor(access: &Access, notice: &str, round: u64) {
    let console = Browser::open(&access.console).await;
    console.fill(Css("#user"), &access.supervisor).await;
    console.fill(Css("#password"), &access.supervisor_password).await;
    console.click(Css("#sign-in")).await;
    console.see(Css("#notices")).await;
    console.go(&format!("{}/notices/{notice}", access.console)).await;
    let reply = console.text(Css(&format!(".reply[data-round=\"{round}\"]"))).await;
    assert!(reply.contains(CAUSE) && reply.contains(MEASURES), "{reply}");
    console.picture("4-console").await;
    console.fill(Css("#reason"), REASON).await;
    console.click(Css("#return")).await;
    console.see(Css("#done")).await;
    console.close().await;
}

/// The content security policy stopped nothing that the window does.
async fn nothing_was_blocked(window: &Window) {
    let blocked = window
        .script(
            "const done = arguments[0];
             const seen = [];
             const observer = new ReportingObserver((reports) => {
               for (const report of reports) seen.push(report.body.blockedURL + ' ' + report.body.effectiveDirective);
             }, { types: ['csp-violation'], buffered: true });
             observer.observe();
             setTimeout(() => done(seen), 300);",
            Vec::new(),
        )
        .await;
    assert_eq!(blocked, json!([]));
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn instant(value: &Value) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&text(value)).unwrap()
}
