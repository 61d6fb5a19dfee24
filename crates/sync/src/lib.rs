//! Synchronisation with the procurement platforms (与采购平台同步).
//!
//! Reading: an adapter brings the platform's items, translators turn them into rows, and the store applies rows
//! and cursor in one transaction. Writing: the outbox is sent item by item, each exactly once. What to do next is
//! decided by pure functions in [`plan`].
//!
//! The network may cut, delay, repeat, mix up and damage whatever it likes, and may answer in the platform's place:
//!
//! - The adapter holds every answer to its digest, its nonce and its subject ([`sunbench_contract::integrity`]); one
//!   that does not fit is [`ClientError::BadAnswer`], which means that nothing is known.
//! - [`ClientError::is_passing`] is tried again while the budget lasts, [`ClientError::is_doubtful`] twice more.
//! - Reading drops what the feed has brought before and applies only what is proven; each run gets further than the
//!   last one, or ends with a [`FailureCode`].
//! - Writing believes nobody but the platform, and a refusal only on its record or on two words ([`push`]).
//!
//! `tests/model` tries all of it against a model of the platform, `torture_network` with the real programs.

pub mod adapters;
pub mod background;
pub mod bundle;
pub mod client;
pub mod clock;
pub mod compare;
pub mod connect;
pub mod engine;
pub mod error;
mod ingest;
pub mod plan;
mod pull;
pub mod push;
pub mod report;
mod retry;
pub mod seat;
pub mod state;
pub mod translate;
mod upload;

pub use background::{BackgroundSync, SyncStatus};
pub use client::{ClientError, PlatformClient, Session, SignIn};
pub use clock::{Clock, SystemClock};
pub use connect::{Connected, connect, open};
pub use engine::{RETRY_BUDGET, SyncEngine};
pub use error::{FailureCode, SyncError};
pub use report::{Failure, Phase, Progress, SyncReport};
pub use state::forget_token;
