//! The clock is an argument: everything here that needs the time of day is given a [`Clock`].

use sunbench_contract::time::Instant;

/// 时钟: says what time it is.
pub trait Clock: Send + Sync {
    /// The time of day by this clock; for the PC's own, not to be trusted for a deadline.
    fn now(&self) -> Instant;
}

/// The PC's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the program reads the PC's clock")]
    fn now(&self) -> Instant {
        Instant::new(chrono::Utc::now())
    }
}

/// What the PC's clock lacks to the platform's, in whole seconds; positive when the PC is behind.
#[must_use]
pub fn offset_s(platform: Instant, pc: Instant) -> i64 {
    platform.unix() - pc.unix()
}

/// The platform's time, from the PC's clock and the measured offset.
#[must_use]
pub fn corrected(pc: Instant, offset_s: i64) -> Instant {
    Instant::from_unix(pc.unix().saturating_add(offset_s)).unwrap_or(pc)
}
