//! Wire types and request signing of the procurement platform's contract.
//!
//! Shared by the program's `reference` adapter and by the reference platform. Pure: no I/O, no clock.
//!
//! Ground rules: UTF-8 JSON, camelCase; ids are text; money, prices and quantities are decimal text;
//! times are RFC 3339 with `+08:00`. Added fields and codes never break a client. What was damaged on the way is
//! told from what was meant, see [`integrity`].

mod call;
mod cycle;
mod document;
pub mod integrity;
mod payload;
mod problem;
mod resource;
pub mod sign;
mod submission;
pub mod time;

pub use call::*;
pub use cycle::*;
pub use document::*;
pub use payload::*;
pub use problem::{Class, Problem, codes};
pub use resource::{Change, Op, Resource, canonical_json, hash_text, item_hash};
pub use submission::*;

/// Where the calls live, below the platform's address.
pub const BASE: &str = "/api/v1";
/// The version of this contract; a platform states the ones it speaks in its [`Capabilities`].
pub const CONTRACT_VERSION: u32 = 1;
