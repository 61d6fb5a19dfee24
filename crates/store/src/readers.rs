//! A few read-only connections, opened when first needed.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::error::{StoreError, StoreResult};

/// A window asks for a screen's pages at once and no more; each connection has a cache of its own.
const READERS: usize = 4;

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

/// The reader connections of a store.
#[derive(Default)]
pub(crate) struct Readers {
    pool: Mutex<Pool>,
    freed: Condvar,
}

impl Readers {
    /// Runs `f` on one snapshot: nothing that is committed meanwhile shows.
    pub(crate) fn with<T, E: From<StoreError>>(
        &self,
        open: impl FnOnce() -> StoreResult<Connection>,
        f: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut slot = self.take(open)?;
        let conn = slot.conn.as_mut().expect("a taken slot has its connection until dropped");
        let tx = conn.transaction().map_err(StoreError::from)?;
        let value = f(&tx)?;
        tx.finish().map_err(StoreError::from)?;
        slot.healthy = true;
        Ok(value)
    }

    fn take(&self, open: impl FnOnce() -> StoreResult<Connection>) -> StoreResult<Slot<'_>> {
        let mut pool = self.pool();
        loop {
            if let Some(conn) = pool.idle.pop() {
                return Ok(Slot { readers: self, conn: Some(conn), healthy: false });
            }
            if pool.open < READERS {
                pool.open += 1;
                drop(pool);
                let mut slot = Slot { readers: self, conn: None, healthy: false };
                slot.conn = Some(open()?);
                return Ok(slot);
            }
            pool = self.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A borrowed connection. After an error or a panic it is closed rather than used again: SQLCipher keeps a failed
/// connection failing.
struct Slot<'a> {
    readers: &'a Readers,
    conn: Option<Connection>,
    healthy: bool,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let conn = self.conn.take();
        let mut pool = self.readers.pool();
        match conn {
            Some(conn) if self.healthy => pool.idle.push(conn),
            _ => pool.open -= 1,
        }
        self.readers.freed.notify_one();
    }
}
