//! Matching measured on ledgers with known truth, and its promises as properties.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "what was measured is printed, as shares"
)]
#![allow(clippy::same_functions_in_if_condition, reason = "each condition draws a new number")]
#![allow(
    clippy::assigning_clones,
    clippy::needless_for_each,
    clippy::type_complexity,
    reason = "plain test code"
)]

mod cases;
mod files;
mod generator;
mod measure;
mod promises;
mod random;
mod style;

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
