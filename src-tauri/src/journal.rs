//! The log file: what happened and where, never a business value.

use std::fmt::Write as _;
use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Days of log files that are kept.
const KEPT: usize = 14;

/// Our own crates tell what they do; of the libraries only what went wrong, since their details can hold what
/// they carry.
fn filter() -> Targets {
    ["sunbench_app", "sunbench_desktop", "sunbench_store", "sunbench_sync"]
        .into_iter()
        .fold(Targets::new().with_default(LevelFilter::WARN), |targets, ours| {
            targets.with_target(ours, LevelFilter::INFO)
        })
}

/// Writes to `logs` in the profile folder, one file a day; to stderr where the folder cannot be written to.
/// Keep the guard: dropping it writes out what is buffered.
pub(crate) fn start(profile: &Path) -> Option<WorkerGuard> {
    let folder = profile.join("logs");
    // The appender complains on stderr about a folder that is not there yet; one that cannot be made is its error.
    let _ = std::fs::create_dir_all(&folder);
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("sunbench")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(folder);
    let guard = match appender {
        Ok(appender) => {
            let (writer, guard) = tracing_appender::non_blocking(appender);
            let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
            tracing_subscriber::registry().with(filter()).with(layer).init();
            Some(guard)
        }
        Err(error) => {
            let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
            tracing_subscriber::registry().with(filter()).with(layer).init();
            tracing::warn!(%error, "no log file");
            None
        }
    };
    log_panics();
    guard
}

/// A panic's message can hold a value that was worked on, so only its place is logged.
fn log_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let mut place = String::new();
        if let Some(location) = panic.location() {
            let _ = write!(place, "{location}");
        }
        tracing::error!(place, thread = std::thread::current().name(), "panic");
        if cfg!(debug_assertions) {
            print(panic);
        }
    }));
}
