//! The system's viewer for a file: a program of its own, outside the window.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use sunbench_app::FileViewer;

/// Whatever the desktop opens such a file with.
pub(crate) struct SystemViewer;

/// The desktop's own way to open a file with the program that is set for it.
const OPENER: &str = if cfg!(target_os = "windows") {
    "explorer.exe"
} else if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

impl FileViewer for SystemViewer {
    fn view(&self, file: &Path) -> io::Result<()> {
        let mut viewer = Command::new(OPENER)
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Somebody has to wait for it, or it stays in the process table.
        std::thread::spawn(move || viewer.wait());
        Ok(())
    }
}
