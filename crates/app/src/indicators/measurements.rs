//! What was measured and summed last.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use sunbench_domain::policy::{Reading, Records, RuleBook, Rules};

use super::statistics::Statistics;

/// Measurements that are kept at once: of today, of a day looked back at, of another pack.
const MEASURED: usize = 4;
/// Statistics that are kept at once: each split of the last twelve months, and as many that somebody asked for.
const STATISTICS: usize = 12;

/// What was measured and summed last stays while nothing changes that it stands on, so that a room opens without doing it again.
/// Forgotten when the profile is closed.
#[derive(Default)]
pub struct Measurements {
    pub(super) measured: Kept<Measurement, MEASURED>,
    pub(super) statistics: Kept<Statistics, STATISTICS>,
}

/// What a measurement stands on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Basis {
    /// How often the mirror had changed.
    pub(super) changes: u64,
    pub(super) as_of: NaiveDate,
    pub(super) today: NaiveDate,
    /// How many adjustments of the rules: one may take effect during the day.
    pub(super) in_effect: usize,
    pub(super) book: RuleBook,
    pub(super) records: Records,
}

/// A hospital measured.
pub(super) struct Measurement {
    pub(super) basis: Basis,
    pub(super) rules: Rules,
    pub(super) readings: Vec<Reading>,
    pub(super) unknown_units: i128,
}

impl Measurements {
    /// Forgets everything: the profile was closed.
    pub(crate) fn clear(&self) {
        self.measured.clear();
        self.statistics.clear();
    }
}

/// The latest few of a kind.
pub(super) struct Kept<T, const MOST: usize>(Mutex<Vec<Arc<T>>>);

impl<T, const MOST: usize> Default for Kept<T, MOST> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T, const MOST: usize> Kept<T, MOST> {
    pub(super) fn find(&self, fits: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|one| fits(one)).cloned()
    }

    /// Keeps it in the place of the one that was made longest ago.
    pub(super) fn keep(&self, one: T) -> Arc<T> {
        let one = Arc::new(one);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(MOST - 1);
        kept.insert(0, Arc::clone(&one));
        one
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
