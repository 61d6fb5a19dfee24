//! Matching measured on ledgers with known truth, and its promises as properties.

mod cases;
mod generator;
mod measure;
mod promises;
mod random;
mod style;

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
