//! sunbench-platform: the reference platform and its supervisor console.
//!
//! It exists to try, to train, to test, and as the living definition of the contract that
//! `sunbench_contract` describes. A hospital that has a real platform needs nothing of it.

mod account;
mod acts;
mod api;
mod attachment;
mod clock;
mod config;
mod console;
mod database;
pub mod demo;
mod error;
mod feed;
mod life;
mod limiter;
mod load;
mod notices;
mod object;
mod pace;
mod platform;
pub mod record;
mod shared;
mod snapshot;
mod submissions;
pub mod supervision;
mod token;

pub use clock::{Clock, ManualClock, SystemClock};
pub use config::Config;
pub use error::Error;
pub use notices::{NewNotice, REPLY_WORKING_DAYS};
pub use platform::{DemoAccess, DemoOptions, Platform};
