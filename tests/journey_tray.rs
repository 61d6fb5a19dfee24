//! On a desktop with a tray the program outlives its window, and a second start brings the window back.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)] // in a test it says where
// The shape of an interface that is not ours.
#![allow(clippy::needless_pass_by_value, clippy::unused_self, clippy::used_underscore_binding)]

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sunbench_tests::Wanted::Part;
use sunbench_tests::{PATIENCE, Window, program, windows};
use zbus::fdo::DBusProxy;
use zbus::message::Header;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// The part of a desktop that shows tray icons; it remembers who has one.
struct TrayHost {
    items: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl TrayHost {
    fn register_status_notifier_item(&self, #[zbus(header)] header: Header<'_>, _service: &str) {
        self.items.lock().unwrap().push(header.sender().unwrap().to_string());
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

async fn until(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a screen and the built programs: scripts/journeys.sh"]
async fn a_closed_window_leaves_the_program_in_the_tray() {
    let items = Arc::new(Mutex::new(Vec::new()));
    let desktop = zbus::connection::Builder::session()
        .unwrap()
        .name(WATCHER)
        .unwrap()
        .serve_at("/StatusNotifierWatcher", TrayHost { items: Arc::clone(&items) })
        .unwrap()
        .build()
        .await
        .unwrap();

    let data = tempfile::tempdir().unwrap();
    let window = Window::open(data.path()).await;
    window.see(Part("start-demo")).await;
    until("a tray icon", || !items.lock().unwrap().is_empty()).await;
    let owner = items.lock().unwrap()[0].clone();
    let bus = DBusProxy::new(&desktop).await.unwrap();
    let pid = bus.get_connection_unix_process_id(owner.as_str().try_into().unwrap()).await.unwrap();

    window.hide().await;
    until("the window to go", || windows() == 0).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(is_running(pid), "the program ended with its window");

    let again = Command::new(program("sunbench-desktop")).arg("--data").arg(data.path()).status().unwrap();
    assert!(again.success());
    until("the window to come back", || windows() > 0).await;

    assert!(Command::new("kill").args(["-TERM", &pid.to_string()]).status().unwrap().success());
    until("the program to end", || !is_running(pid)).await;
}

/// Neither gone nor waiting for its parent to take notice.
fn is_running(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
