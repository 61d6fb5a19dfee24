//! What a clerk does on the first day.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Wanted::{Css, Part};
use crate::{Access, Platform, Window, picture};

/// Chooses the platform, keeps the recovery code, signs in; ends on the first page. Answers the code.
///
/// # Panics
///
/// When a step does not come.
pub async fn first_run(window: &Window, access: &Access) -> String {
    window.click(Part("start-connect")).await;
    let code = window.text(Part("recovery-code")).await;
    assert!(code.len() >= 24, "a recovery code: {code:?}");
    picture("0-recovery-code");
    window.click(Css("[data-test=\"recovery-confirm\"]")).await;
    window.click(Part("recovery-continue")).await;
    window.fill(Part("connect-url"), &access.url).await;
    window.fill(Part("connect-institution"), &access.institution).await;
    window.fill(Part("connect-user"), &access.user).await;
    window.fill(Part("connect-password"), &access.password).await;
    window.click(Part("connect-submit")).await;
    window.see(Part("today")).await;
    code
}

/// A new profile that has everything of the platform's.
///
/// # Panics
///
/// When a step does not come.
pub async fn synced(platform: &Platform, data: &Path) -> Window {
    let window = Window::open(data).await;
    first_run(&window, &platform.access).await;
    window.attribute_is(Part("sync-phase"), "data-phase", "upToDate").await;
    window
}

/// Takes the platform away, and sees that the window knows.
///
/// # Panics
///
/// When it does not say so.
pub async fn cut_off(window: &Window, platform: &mut Platform) {
    platform.stop();
    window.click(Part("sync-now")).await;
    window.see(Part("offline-banner")).await;
}

/// A new profile that has everything of the platform's, which is then gone.
///
/// # Panics
///
/// When a step does not come.
pub async fn synced_then_cut_off(platform: &mut Platform, data: &Path) -> Window {
    let window = synced(platform, data).await;
    cut_off(&window, platform).await;
    window
}

/// Turns the parts of a room until the one with this list is in sight.
///
/// # Panics
///
/// When no part has it.
pub async fn turn_to(window: &Window, list: &str) {
    const MOST: usize = 8;
    /// A part is read before its list is there.
    const TURNED: Duration = Duration::from_millis(700);
    for _ in 0..MOST {
        if window.sees(Part(list)).await {
            return;
        }
        window.press("]").await;
        tokio::time::sleep(TURNED).await;
    }
    window.see(Part(list)).await;
}

/// Narrows the list in sight to some words and opens its first row, which is this one.
///
/// # Panics
///
/// When it is not there.
pub async fn open_row(window: &Window, words: &str, row: &str) {
    window.press("/").await;
    window.enter(words).await;
    window.see(Part(row)).await;
    window.press("ArrowDown").await;
    window.press("Ctrl+Home").await;
    window.press("Enter").await;
}

/// Sees that submissions of these kinds wait in the outbox, and nothing of theirs was sent.
///
/// # Panics
///
/// When one is not there.
pub async fn waiting(window: &Window, kinds: &[&str]) {
    for kind in kinds {
        let what = format!("{kind} to wait");
        let queued = |item: &Value| item["kind"] == json!(kind) && item["state"] == json!("queued");
        window.until(&what, || async { Ok(outbox(window).await.iter().any(queued).then_some(())) }).await;
    }
}

/// Waits until the platform has taken everything in the outbox.
///
/// # Panics
///
/// When it refuses something, or takes too long.
pub async fn accepted(window: &Window) {
    window
        .until("all to be accepted", || async {
            let items = outbox(window).await;
            let refused = items.iter().find(|item| item["state"] == json!("refused"));
            assert!(refused.is_none(), "refused: {refused:?}");
            Ok(items.iter().all(|item| item["state"] == json!("accepted")).then_some(()))
        })
        .await;
}

async fn outbox(window: &Window) -> Vec<Value> {
    let list = window.ask("outbox_list", json!({ "before": null })).await;
    list["items"].as_array().cloned().unwrap_or_default()
}
