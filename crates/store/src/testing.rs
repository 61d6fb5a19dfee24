//! For tests only: a real encrypted profile without a keyring, and a keyring in memory.

use std::{
    collections::HashMap,
    path::Path,
    sync::{LazyLock, Mutex, PoisonError},
};

use chrono::DateTime;
use zeroize::Zeroizing;

use crate::{
    Store,
    vault::{KeyRing, KeyRingError, KeySource},
};

/// A keyring in memory that can be absent or locked.
#[derive(Debug, Default)]
pub struct MemoryKeyRing {
    entries: Mutex<HashMap<String, Vec<u8>>>,
    fault: Mutex<Option<KeyRingError>>,
}

impl MemoryKeyRing {
    /// Every later call fails so, until `None`.
    pub fn fail_with(&self, fault: Option<KeyRingError>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn check(&self) -> Result<(), KeyRingError> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }
}

impl KeyRing for MemoryKeyRing {
    fn get(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, KeyRingError> {
        self.check()?;
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(entry).cloned().map(Zeroizing::new).ok_or(KeyRingError::NoEntry)
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeyRingError> {
        self.check()?;
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).insert(entry.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, entry: &str) -> Result<(), KeyRingError> {
        self.check()?;
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(entry);
        Ok(())
    }
}

/// The keyring of [`Store::create_for_tests`]; it lives as long as the process.
pub static TEST_KEYRING: LazyLock<MemoryKeyRing> = LazyLock::new(MemoryKeyRing::default);

impl Store {
    /// A new profile in `dir`, its key in [`TEST_KEYRING`].
    ///
    /// # Panics
    /// When the profile cannot be made.
    pub fn create_for_tests(dir: &Path) -> Self {
        Self::create_with(dir, &KeySource::Keyring, &*TEST_KEYRING, DateTime::UNIX_EPOCH.fixed_offset())
            .expect("a profile in a temporary folder")
            .0
    }

    /// Opens a profile that [`Store::create_for_tests`] made in this process.
    ///
    /// # Panics
    /// When the profile cannot be opened.
    pub fn open_for_tests(dir: &Path) -> Self {
        Self::open_with(dir, &KeySource::Keyring, &*TEST_KEYRING).expect("a profile made by create_for_tests")
    }
}
