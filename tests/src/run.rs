//! What a run of the proofs is told: its seed and its size.

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// The run's seed: `SUNBENCH_SEED`, or always the same one.
#[must_use]
pub fn seed() -> u64 {
    number("SUNBENCH_SEED").unwrap_or(20_261_122)
}

/// The run's size: `TORTURE`, 1 for a short run, 20 for a full one.
#[must_use]
pub fn size() -> u64 {
    number("TORTURE").unwrap_or(1).max(1)
}
