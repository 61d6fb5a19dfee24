//! What the core has to say, to the window and to the desktop.

use serde::Serialize;
use serde_json::json;
use sunbench_app::wire::Shown as _;
use sunbench_app::{AppEvent, visible};
use tauri::{AppHandle, Emitter as _};
use tauri_plugin_notification::NotificationExt as _;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::window;

/// Hands events on until the core ends.
pub(crate) async fn forward(handle: AppHandle, mut events: Receiver<AppEvent>) {
    loop {
        match events.recv().await {
            Ok(AppEvent::SyncStatus(status)) => emit(&handle, "sync-status", status.shown()),
            // After a gap nobody knows what was missed: the window asks for everything again.
            Ok(AppEvent::DataChanged) | Err(RecvError::Lagged(_)) => emit(&handle, "data-changed", ()),
            Ok(AppEvent::State(state)) => emit(&handle, "app-state", state.shown()),
            Ok(AppEvent::Reminder(reminder)) => {
                let (title, body) = (plain(&reminder.title), plain(&reminder.body));
                let shown =
                    handle.notification().builder().title(&title).body(&body).icon("sunbench-desktop").show();
                if let Err(error) = shown {
                    tracing::warn!(%error, "a reminder could not be shown on the desktop");
                }
                let told = json!({ "title": visible(&reminder.title), "body": visible(&reminder.body), "target": reminder.target });
                emit(&handle, "reminder", told);
            }
            Err(RecvError::Closed) => break,
        }
    }
}

/// A desktop may read a reminder as markup: links, pictures. A notice's title is only ever text.
fn plain(text: &str) -> String {
    visible(text).replace('<', "＜").replace('>', "＞").replace('&', "＆")
}

fn emit(handle: &AppHandle, event: &str, payload: impl Serialize + Clone) {
    if let Err(error) = handle.emit_to(window::LABEL, event, payload) {
        tracing::warn!(%error, event, "an event did not reach the window");
    }
}

/// A click on a reminder brings the window forward.
pub(crate) fn open_on_click(handle: &AppHandle) {
    let window = handle.clone();
    let registered = handle.notification().on_action(move |_| window::show(&window));
    if let Err(error) = registered {
        tracing::warn!(%error, "clicks on reminders are not heard");
    }
}
