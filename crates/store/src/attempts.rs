//! Wrong passphrases: after a few, the next attempt has to wait, longer each time, and over restarts too.
//!
//! The count stands beside the key file, because it is needed before anything can be opened. It slows down somebody at
//! this keyboard; against somebody who carries the files away, the passphrase's own cost has to stand.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::{durable, error::StoreResult, profile::Layout};

const NAME: &str = "attempts.json";
/// Wrong passphrases that cost nothing but the typing.
const FREE: u32 = 3;
/// Seconds to wait after the fourth, the fifth and so on; the last one stands for all that follow.
const WAITS_S: [u32; 6] = [10, 30, 60, 300, 900, 1_800];

/// The wrong passphrases since the last right one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// How many.
    pub wrong: u32,
    /// When the last one was, in seconds since 1970 by this PC's clock.
    pub last_at: i64,
}

impl Attempts {
    /// What is known of the profile in `root`. A file that cannot be read counts as none: nobody is shut out by it.
    #[must_use]
    pub fn load(root: &Path) -> Self {
        let path = Layout::new(root).db_dir.join(NAME);
        fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Seconds until the next attempt is allowed; 0 is now. A clock that was set back begins the wait anew.
    ///
    /// ```
    /// # use sunbench_store::Attempts;
    /// let attempts = Attempts { wrong: 4, last_at: 1_000 };
    /// assert_eq!(attempts.wait_s(1_004), 6);
    /// ```
    #[must_use]
    pub fn wait_s(&self, now: i64) -> u32 {
        let Some(step) = self.wrong.checked_sub(FREE + 1) else { return 0 };
        let wait = WAITS_S[WAITS_S.len().min(step as usize + 1) - 1];
        let passed = u32::try_from((now - self.last_at).max(0)).unwrap_or(u32::MAX);
        wait.saturating_sub(passed)
    }

    /// Makes it what is known again: the attempt after it came to nothing for another reason.
    ///
    /// # Errors
    /// As [`Self::failed`].
    pub fn keep(self, root: &Path) -> StoreResult<()> {
        let bytes = serde_json::to_vec(&self).expect("two numbers have a JSON form");
        durable::replace(&Layout::new(root).db_dir.join(NAME), &bytes)
    }

    /// One more; on disk when this returns, so that ending the program undoes nothing.
    ///
    /// # Errors
    /// The disk's: [`crate::StoreError::DiskFull`], [`crate::StoreError::ReadOnly`], [`crate::StoreError::Io`].
    pub fn failed(root: &Path, now: i64) -> StoreResult<Self> {
        let more = Self { wrong: Self::load(root).wrong.saturating_add(1), last_at: now };
        more.keep(root)?;
        Ok(more)
    }

    /// The right one was given: forgotten.
    ///
    /// # Errors
    /// As [`Self::failed`].
    pub fn forget(root: &Path) -> StoreResult<()> {
        durable::remove_if_there(&Layout::new(root).db_dir.join(NAME))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_has_an_end() {
        for (wrong, passed, expected) in [
            (0, 0, 0),
            (3, 0, 0),
            (4, 0, 10),
            (4, 9, 1),
            (4, 10, 0),
            (5, 0, 30),
            (6, 1, 59),
            (7, 0, 300),
            (8, 0, 900),
            (9, 0, 1_800),
            (1_000, 1_000, 800),
            // The clock was set back: it begins anew.
            (4, -5_000, 10),
        ] {
            let attempts = Attempts { wrong, last_at: 100_000 };
            assert_eq!(attempts.wait_s(100_000 + passed), expected, "{wrong} wrong, {passed} s ago");
        }
    }

    #[test]
    fn wrong_attempts_outlive_the_program_and_a_right_one_ends_them() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("db")).unwrap();
        for wrong in 1..=5 {
            assert_eq!(Attempts::failed(dir.path(), 7).unwrap(), Attempts { wrong, last_at: 7 });
        }
        assert_eq!(Attempts::load(dir.path()).wait_s(7), 30);
        Attempts::forget(dir.path()).unwrap();
        assert_eq!(Attempts::load(dir.path()), Attempts::default());
        fs::write(dir.path().join("db").join(NAME), "nonsense").unwrap();
        assert_eq!(Attempts::load(dir.path()), Attempts::default());
    }
}
