//! The tray icon. Where the desktop shows no tray, there is none, and closing the window ends the program.

use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _};

use crate::shell::Shell;
use crate::window;

/// Puts the icon into the tray, when there is one.
pub(crate) fn put(handle: &AppHandle) -> tauri::Result<()> {
    if !has_host() {
        tracing::info!("no tray on this desktop");
        return Ok(());
    }
    let menu = Menu::with_items(
        handle,
        &[
            &MenuItem::with_id(handle, "open", "打开 Sunbench", true, None::<&str>)?,
            &MenuItem::with_id(handle, "sync", "立即同步", true, None::<&str>)?,
            &PredefinedMenuItem::separator(handle)?,
            &MenuItem::with_id(handle, "quit", "退出", true, None::<&str>)?,
        ],
    )?;
    let mut tray = TrayIconBuilder::with_id("main")
        .tooltip("Sunbench 阳采工作台")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|handle, event| match event.id().as_ref() {
            "open" => window::show(handle),
            "sync" => sync(handle),
            "quit" => handle.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            let left = matches!(
                event,
                TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
            );
            if left {
                window::show(tray.app_handle());
            }
        });
    if let Some(icon) = handle.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(handle)?;
    Ok(())
}

/// Whether a closed window can be brought back.
pub(crate) fn is_shown(handle: &AppHandle) -> bool {
    handle.tray_by_id("main").is_some() && has_host()
}

fn sync(handle: &AppHandle) {
    let app = handle.state::<Shell>().app.clone();
    tauri::async_runtime::spawn(async move {
        // The status bar shows how it goes, and what went wrong.
        let _ = app.sync_now(sunbench_app::wire::Nothing {}).await;
    });
}

#[cfg(target_os = "linux")]
fn has_host() -> bool {
    // On its own thread and bounded: a session bus that does not answer must not hold the window up.
    let (answer, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _ = answer.send(ask_for_host().unwrap_or(false));
    });
    asked.recv_timeout(std::time::Duration::from_millis(500)).unwrap_or(false)
}

#[cfg(target_os = "linux")]
fn ask_for_host() -> zbus::Result<bool> {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let bus = zbus::blocking::Connection::session()?;
    let watcher = zbus::blocking::Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER)?;
    watcher.get_property("IsStatusNotifierHostRegistered")
}

#[cfg(not(target_os = "linux"))]
fn has_host() -> bool {
    true
}
