//! 采购: what the hospital submits around its purchases.

mod order;
mod reports;
mod returns;

use sunbench_store::local::outbox::{OutboxItem, OutboxState};

use crate::error::{ApiError, ApiResult, ErrorCode};

/// Whether a submission is on its way.
fn is_waiting(items: &[OutboxItem]) -> bool {
    items.iter().any(|item| matches!(item.state, OutboxState::Queued | OutboxState::Sending))
}

/// A decimal as typed.
fn decimal<T: std::str::FromStr>(text: &str, field: &str) -> ApiResult<T> {
    let text = sunbench_domain::text::half_width(text);
    match text.trim() {
        "" => Err(ApiError::field(ErrorCode::FieldRequired, field)),
        text => text.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field)),
    }
}

/// A text that must say something.
fn required(text: &str, field: &str) -> ApiResult<String> {
    match text.trim() {
        "" => Err(ApiError::field(ErrorCode::FieldRequired, field)),
        text => Ok(text.to_owned()),
    }
}
