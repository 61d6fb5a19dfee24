//! Harness for the journeys: the real programs, started as a user starts them.
//!
//! The programs are those of `scripts/build-app.sh`; `SUNBENCH_BIN` names their folder. A journey needs a screen
//! and a keyring: `scripts/journeys.sh` runs all of them in a session of its own. Every wait here has an end, and a
//! failed one says what was waited for; the screen at that moment is kept in `SUNBENCH_PICTURES`.

mod browser;
#[cfg(unix)]
mod disk;
mod driver;
mod fault_proxy;
mod office;
mod platform;
mod run;
mod seat;
mod window;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

pub use browser::Browser;
#[cfg(unix)]
pub use disk::{Change, Disk, Loss, Shim};
pub use driver::{Page, Wanted};
pub use fault_proxy::{Fault, FaultProxy};
pub use office::{accepted, cut_off, first_run, open_row, synced, synced_then_cut_off, turn_to, waiting};
pub use platform::{Access, Platform};
pub use run::{seed, size};
pub use seat::{Said, Seat, copy_folder};
pub use window::Window;

/// The longest wait for anything; the slowest is the first sync on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// One of our programs.
///
/// # Panics
///
/// Without `SUNBENCH_BIN`, or where it was not built.
pub fn program(name: &str) -> PathBuf {
    let folder = std::env::var_os("SUNBENCH_BIN").expect("SUNBENCH_BIN names the folder of the programs");
    let path = PathBuf::from(folder).join(name);
    assert!(path.is_file(), "{} is missing: run scripts/build-app.sh", path.display());
    path
}

/// Keeps a picture of the whole screen as `name`.png, where pictures are wanted.
pub fn picture(name: &str) {
    let Some(folder) = std::env::var_os("SUNBENCH_PICTURES") else { return };
    let file = PathBuf::from(folder).join(format!("{name}.png"));
    // A missing picture fails no journey.
    let _ = Command::new("import").args(["-window", "root"]).arg(file).status();
}

/// How many windows of the program are on the screen, whatever their titles: those change with the room. Those of a program that was cut stay for a moment: wait for an
/// empty screen first.
///
/// # Panics
///
/// Without `xwininfo`.
pub fn windows() -> usize {
    let tree = Command::new("xwininfo").args(["-root", "-tree"]).output().expect("xwininfo is there");
    // The toolkit's own window, which is never shown, has the program's file name for a title.
    let ours =
        |line: &&str| line.contains(r#""Sunbench-desktop")"#) && !line.contains(r#""sunbench-desktop":"#);
    String::from_utf8_lossy(&tree.stdout).lines().filter(ours).count()
}
