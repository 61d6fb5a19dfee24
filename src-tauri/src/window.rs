//! The window: its start, its closing, its end.

use std::path::Path;
use std::sync::Arc;

use sunbench_app::{App, AppConfig, SystemClock};
use tauri::utils::config::WindowConfig;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager as _, RunEvent, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;
use tempfile::TempDir;

use crate::args::{self, Args};
use crate::demo::DemoHospital;
use crate::dialogs::SystemDialogs;
use crate::shell::Shell;
use crate::viewer::SystemViewer;
use crate::{commands, demo, events, journal, power, tray};

/// The label of the one window.
pub(crate) const LABEL: &str = "main";

/// Opens the window and answers it until the program ends.
pub(crate) fn run(args: &Args) -> Result<(), String> {
    let throw_away = match (args.demo, &args.data) {
        (true, None) => {
            Some(TempDir::with_prefix("sunbench-demo-").map_err(|e| format!("temporary folder: {e}"))?)
        }
        _ => None,
    };
    let data_dir = match (&throw_away, &args.data) {
        (Some(folder), _) => folder.path().to_owned(),
        (None, Some(given)) => args::absolute(given).map_err(|e| format!("{}: {e}", given.display()))?,
        (None, None) => args::default_data_dir()?,
    };
    std::fs::create_dir_all(&data_dir).map_err(|e| format!("{}: {e}", data_dir.display()))?;
    let journal = journal::start(&data_dir);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "start");

    let dialogs = SystemDialogs::default();
    let app = App::new(AppConfig {
        data_dir: data_dir.clone(),
        clock: Arc::new(SystemClock),
        demo: Some(Arc::new(DemoHospital::new())),
        passphrase_file: match &throw_away {
            Some(folder) => Some(demo::throw_away_passphrase_file(folder.path())?),
            None => std::env::var_os("SUNBENCH_PASSPHRASE_FILE").map(Into::into),
        },
        files: Some(Arc::new(dialogs.clone())),
        viewer: Some(Arc::new(SystemViewer)),
    });
    let demo = args.demo;
    let program = tauri::Builder::default()
        .plugin(single_instance(args.data.is_some() || args.demo, &data_dir))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::POSITION | StateFlags::SIZE | StateFlags::MAXIMIZED)
                .build(),
        )
        .manage(Shell::new(app))
        .invoke_handler(commands::handler())
        .setup(move |program| {
            let handle = program.handle();
            dialogs.attach(handle);
            tauri::async_runtime::spawn(start(handle.clone(), demo));
            open(handle)?;
            handle.state::<Shell>().has_opened();
            tray::put(handle)?;
            events::open_on_click(handle);
            Ok(())
        })
        .build(tauri::generate_context!())
        .map_err(|e| format!("the window cannot be opened: {e}"))?;
    program.run(|handle, event| {
        if let RunEvent::ExitRequested { api, code, .. } = event {
            // Without a code the last window was closed. In the tray the work goes on; otherwise this is the end.
            if code.is_none() && tray::is_shown(handle) {
                api.prevent_exit();
                return;
            }
            if !handle.state::<Shell>().begin_end() {
                return;
            }
            api.prevent_exit();
            let handle = handle.clone();
            tauri::async_runtime::spawn(async move {
                handle.state::<Shell>().end().await;
                tracing::info!("end");
                handle.exit(code.unwrap_or(0));
            });
        }
    });
    drop(journal);
    drop(throw_away);
    Ok(())
}

/// Opens the profile; then commands are answered.
async fn start(handle: AppHandle, demo: bool) {
    let shell = handle.state::<Shell>();
    tauri::async_runtime::spawn(events::forward(handle.clone(), shell.app.events()));
    tauri::async_runtime::spawn(end_on_signal(handle.clone()));
    tauri::async_runtime::spawn(power::watch(Arc::clone(&shell.app)));
    shell.app.start().await;
    if demo && let Err(error) = demo::open(&shell.app).await {
        // The window shows its first screen, from where the same can be tried by hand.
        tracing::error!(?error, "the demo hospital did not open");
    }
    shell.started();
}

fn open(handle: &AppHandle) -> tauri::Result<()> {
    let mut config: WindowConfig = handle
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL)
        .cloned()
        .expect("tauri.conf.json describes the window");
    // A WebDriver cannot reach an incognito view on Linux; it is the only difference under test.
    config.incognito &= std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_none();
    let ours = handle.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    WebviewWindowBuilder::from_config(handle, &config)?
        // Remote content is never loaded: whatever a record holds, no link leads out of the program.
        .on_navigation(move |to| {
            matches!(
                (to.scheme(), to.host_str()),
                ("tauri", Some("localhost")) | (_, Some("tauri.localhost"))
            ) || ours.as_ref().is_some_and(|dev| dev.origin() == to.origin())
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Brings the window forward, from behind other windows or made anew from the tray.
pub(crate) fn show(handle: &AppHandle) {
    let handle = handle.clone();
    // Not on the thread of the event: on Windows a window made there waits for itself.
    tauri::async_runtime::spawn(async move {
        let shell = handle.state::<Shell>();
        // A window is found by its label only once it is whole. Without these two a second start or a double click on
        // the tray while it is being made would make another.
        if !shell.was_opened() {
            return;
        }
        let _alone = shell.window.lock().await;
        let shown = match handle.get_webview_window(LABEL) {
            Some(window) => window.unminimize().and_then(|()| window.set_focus()),
            None => open(&handle),
        };
        if let Err(error) = shown {
            tracing::warn!(%error, "the window did not come forward");
        }
    });
}

/// A second start brings the first one's window forward. Programs on different profiles do not know each other.
fn single_instance(own_profile: bool, data_dir: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut builder = tauri_plugin_single_instance::Builder::new().callback(|handle, _, _| show(handle));
    if own_profile {
        let mut hash = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(data_dir, &mut hash);
        let profile = std::hash::Hasher::finish(&hash);
        builder = builder.dbus_id(format!("cn.sunbench.desktop.p{profile:016x}"));
    }
    builder.build()
}

/// The session's end and Ctrl-C close the program like its own menu does.
#[cfg(unix)]
async fn end_on_signal(handle: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    handle.exit(0);
}

#[cfg(not(unix))]
async fn end_on_signal(handle: AppHandle) {
    if tokio::signal::ctrl_c().await.is_ok() {
        handle.exit(0);
    }
}
