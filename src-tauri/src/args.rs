//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Sunbench 阳采工作台: the window. The headless command is `sunbench`.
#[derive(Debug, Parser)]
#[command(name = "sunbench-desktop", version)]
pub(crate) struct Args {
    /// Profile folder. Default: the user's data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Open on the demo hospital. Without --data in a throw-away profile, gone when the program ends.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Run a day's work on the demo hospital in an encrypted throw-away profile without a window, print the
    /// steps as JSON and exit: 0 all passed, 1 not.
    #[arg(long, conflicts_with_all = ["data", "demo"])]
    pub(crate) selftest: bool,
}

/// The folder of `path` as an absolute one; it need not exist.
pub(crate) fn absolute(path: &std::path::Path) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}

/// The user's profile folder, the same as the headless command's.
pub(crate) fn default_data_dir() -> Result<PathBuf, String> {
    directories::ProjectDirs::from("", "", "sunbench")
        .map(|dirs| dirs.data_dir().to_owned())
        .ok_or_else(|| "no home folder: give the profile folder with --data".to_owned())
}
