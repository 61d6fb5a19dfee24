//! Use cases, error codes and the one command list. Knows nothing of the window.
//!
//! [`App`] is the program without its window; a use case is a method of [`Context`]: it validates, computes,
//! and writes in one transaction.

mod app;
mod attachments;
mod audit;
mod backup;
mod bindings;
mod bundle;
mod campus;
mod clocked;
mod commands;
mod connection;
mod content;
mod context;
mod duty;
mod error;
mod export;
mod files;
mod headless;
mod indicators;
mod ledger;
mod lock;
mod memory;
mod notices;
mod office;
mod orders;
mod outbox;
mod people;
mod permission;
mod print;
mod profile;
mod purchase;
mod receiving;
mod reconcile;
mod reminders;
mod restore;
mod review;
mod schedule;
mod settings;
mod subject;
mod submit;
mod today;
pub mod wire;

pub use app::{App, AppConfig, AppEvent, DemoAccess, DemoHost, Reminder};
pub use attachments::FileViewer;
pub use bundle::BundleRun;
pub use connection::failure as sync_failure;
pub use context::Context;
pub use error::{ApiError, ApiResult, ErrorCode};
pub use export::{Exported, export_kinds};
pub use files::{FileChooser, FileKind, unwritten, whole_by_path};
pub use headless::{Status, StatusCheckIn, StatusNotices, outbox_state_name, stop_on_signal};
pub use indicators::{Measurements, back_test};
pub use memory::keep_out_of_core_dumps;
pub use orders::{PAGE, Views};
pub use reconcile::PeriodDocument;
pub use sunbench_domain::text::visible;
pub use sunbench_sync::{Clock, SystemClock};
