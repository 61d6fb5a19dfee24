//! Use cases, error codes and the one command list. Knows nothing of the window.

mod bindings;
mod commands;
mod error;
pub mod wire;

pub use error::{ApiError, ApiResult, ErrorCode};
