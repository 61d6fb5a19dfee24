//! One writer per profile, by a kernel file lock: it ends with the process, so nothing is ever repaired by hand.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

use crate::error::{StoreError, StoreResult};

/// The lock of a profile folder, held until dropped.
#[derive(Debug)]
pub(crate) struct ProfileLock {
    file: File,
}

impl Drop for ProfileLock {
    fn drop(&mut self) {
        // Closing is not enough: a child that is just being started holds the file as well until it runs.
        let _ = self.file.unlock();
    }
}

impl ProfileLock {
    /// Takes the lock, or says at once that another program has it.
    ///
    /// # Errors
    /// [`StoreError::InUse`], [`StoreError::ReadOnly`], [`StoreError::Io`].
    pub(crate) fn take(path: &Path) -> StoreResult<Self> {
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(path)
            .map_err(|e| StoreError::io(path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(e)) => Err(StoreError::io(path, e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_taker_is_told_and_a_released_lock_is_free() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = ProfileLock::take(&path).unwrap();
        assert!(matches!(ProfileLock::take(&path), Err(StoreError::InUse)));
        drop(first);
        ProfileLock::take(&path).unwrap();
    }

    #[test]
    fn a_child_that_is_being_started_does_not_keep_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let lock = ProfileLock::take(&path).unwrap();
        let childs = lock.file.try_clone().unwrap();
        drop(lock);
        ProfileLock::take(&path).unwrap();
        drop(childs);
    }

    #[test]
    fn a_left_over_file_is_no_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        std::fs::write(&path, "4711").unwrap();
        ProfileLock::take(&path).unwrap();
    }
}
