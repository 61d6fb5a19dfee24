//! What was measured last.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use sunbench_domain::policy::{Reading, Records, RuleBook, Rules};

/// Measurements that are kept at once: of today, of a day looked back at, of another pack.
const KEPT: usize = 4;

/// What was measured last stays while nothing changes that it stands on, so that a room opens without measuring again.
/// Forgotten at a lock.
#[derive(Default)]
pub struct Measurements(Mutex<Vec<Arc<Measurement>>>);

/// What a measurement stands on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Basis {
    /// How often the mirror had changed.
    pub(super) changes: u64,
    pub(super) as_of: NaiveDate,
    pub(super) today: NaiveDate,
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
    pub(super) fn get(&self, basis: &Basis) -> Option<Arc<Measurement>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|one| one.basis == *basis).cloned()
    }

    /// Keeps it in the place of the one that was measured longest ago.
    pub(super) fn keep(&self, measurement: Measurement) -> Arc<Measurement> {
        let measurement = Arc::new(measurement);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.insert(0, Arc::clone(&measurement));
        measurement
    }

    /// Forgets everything: the profile was locked.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
