//! Where the platform's time comes from.

use std::sync::Mutex;

use sunbench_contract::time::Instant;

/// Tells the time; an argument, so that tests and training days choose it.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Instant;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the platform reads the computer's clock"
    )]
    fn now(&self) -> Instant {
        Instant::new(chrono::Utc::now())
    }
}

/// A clock that stands still until it is told otherwise.
///
/// ```
/// use sunbench_platform::{Clock, ManualClock};
/// use sunbench_contract::time::Instant;
/// let clock = ManualClock::new(Instant::parse("2026-11-20 09:00:00").unwrap());
/// clock.advance_s(90);
/// assert_eq!(clock.now().to_string(), "2026-11-20T09:01:30+08:00");
/// ```
#[derive(Debug)]
pub struct ManualClock(Mutex<Instant>);

impl ManualClock {
    /// Stands at `at`.
    pub fn new(at: Instant) -> Self {
        Self(Mutex::new(at))
    }
    /// Sets it.
    pub fn set(&self, at: Instant) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at;
    }
    /// Moves it on by whole seconds.
    pub fn advance_s(&self, seconds: i64) {
        let mut at = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *at = Instant::new(at.at() + chrono::TimeDelta::seconds(seconds));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
