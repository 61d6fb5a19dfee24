//! How often somebody may ask.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Entries kept before the idle ones are dropped.
const KEPT: usize = 10_000;

/// So many at once, refilled evenly.
pub(crate) struct Limiter {
    burst: u32,
    every: Duration,
    buckets: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Limiter {
    /// `burst` at once, and `burst` again after `period`.
    pub(crate) fn new(burst: u32, period: Duration) -> Self {
        let burst = burst.max(1);
        Self { burst, every: period / burst, buckets: Mutex::default() }
    }

    /// Takes one; otherwise the seconds to wait, at least one.
    pub(crate) fn take(&self, who: &str) -> Result<(), u32> {
        self.level(who, true)
    }

    /// Whether one could be taken, without taking it.
    pub(crate) fn allows(&self, who: &str) -> Result<(), u32> {
        self.level(who, false)
    }

    /// Forgets what was taken.
    pub(crate) fn forget(&self, who: &str) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }

    fn level(&self, who: &str, take: bool) -> Result<(), u32> {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > KEPT {
            let full = self.every * self.burst;
            buckets.retain(|_, (since, _)| now.duration_since(*since) < full);
        }
        // The bucket holds what was used, and since when the next one drains.
        let (since, used) = buckets.get(who).copied().unwrap_or((now, 0));
        let drained = now.duration_since(since).as_nanos() / self.every.as_nanos().max(1);
        let drained = u32::try_from(drained).unwrap_or(u32::MAX);
        let (since, used) =
            if drained >= used { (now, 0) } else { (since + self.every * drained, used - drained) };
        if used >= self.burst {
            let wait = self.every.saturating_sub(now.duration_since(since));
            return Err((wait.as_secs() as u32).max(1));
        }
        if take {
            buckets.insert(who.to_owned(), (since, used + 1));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_pause_for_each_alone() {
        let limiter = Limiter::new(3, Duration::from_mins(1));
        for _ in 0..3 {
            assert_eq!(limiter.take("a"), Ok(()));
        }
        let wait = limiter.take("a").unwrap_err();
        assert!((1..=20).contains(&wait), "{wait}");
        assert!(limiter.allows("a").is_err());
        assert_eq!(limiter.take("b"), Ok(()));
        limiter.forget("a");
        assert_eq!(limiter.take("a"), Ok(()));
    }

    #[test]
    fn it_refills() {
        let limiter = Limiter::new(2, Duration::from_millis(20));
        assert_eq!((limiter.take("a"), limiter.take("a")), (Ok(()), Ok(())));
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(limiter.take("a"), Ok(()));
    }
}
