//! Schedules by seed: which there are, and where they run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;

use crate::seat::Profile;

pub(crate) const MONDAY: i64 = 1_795_395_600; // 2026-11-23 09:00 in Shanghai

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

pub(crate) fn seed() -> u64 {
    number("SUNBENCH_SEED").unwrap_or(20_261_122)
}

/// `TORTURE`: how many times the short run's size.
pub(crate) fn size() -> u64 {
    number("TORTURE").unwrap_or(1)
}

pub(crate) fn add(to: &AtomicU64, n: usize) {
    to.fetch_add(n as u64, Ordering::Relaxed);
}

/// Two profiles, which many schedules use one after the other.
pub(crate) struct Office {
    pub(crate) profiles: [Profile; 2],
    pub(crate) runtime: tokio::runtime::Runtime,
}

impl Office {
    pub(crate) fn new() -> Self {
        // Waiting costs nothing: the clock is moved on when nothing is left to do.
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        Self { profiles: [Profile::new(), Profile::new()], runtime }
    }
}

/// Runs schedules 0 to `count`, or the one that `SUNBENCH_SCHEDULE` names, in two offices at once: each gets its number
/// and its chance. Returns how often a reader has looked meanwhile, and seen every document whole.
pub(crate) fn each_schedule(count: u64, schedule: impl AsyncFn(&Office, u64, &mut Rng) + Sync) -> u64 {
    let seed = seed();
    let all = number("SUNBENCH_SCHEDULE").map_or(0..count, |only| only..only + 1);
    let (numbers, looks) = (Mutex::new(all), AtomicU64::new(0));
    let work = || {
        let office = Office::new();
        loop {
            let Some(n) = numbers.lock().unwrap().next() else { break };
            let mut random = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(n));
            let run = || office.runtime.block_on(schedule(&office, n, &mut random));
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                *numbers.lock().unwrap() = 0..0;
                panic!("schedule {n} of seed {seed} fails: SUNBENCH_SEED={seed} SUNBENCH_SCHEDULE={n}");
            }
            for profile in &office.profiles {
                assert_eq!(
                    profile.looked().1,
                    None,
                    "schedule {n} of seed {seed}: a reader saw half a document"
                );
            }
        }
        for profile in &office.profiles {
            looks.fetch_add(u64::from(profile.looked().0), Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    looks.into_inner()
}
