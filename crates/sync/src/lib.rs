//! Synchronisation with the procurement platforms (与采购平台同步).
//!
//! Reading: an adapter brings the platform's items, translators turn them into rows, and the store applies rows
//! and cursor in one transaction. Writing: the outbox is sent item by item, each exactly once. What to do next is
//! decided by pure functions in [`plan`].

pub mod adapters;
pub mod client;
pub mod clock;

pub use client::{ClientError, PlatformClient, Session, SignIn};
pub use clock::{Clock, SystemClock};
