//! A bundle's frames, read on a thread of their own.

use std::path::{Path, PathBuf};

use sunbench_exchange::bundle::{self, BundleError, Contents, ExchangeKey, Frame};
use sunbench_exchange::open_regular;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::{AHEAD, BundleFailure};
use crate::error::SyncError;

/// The frames of a file, a few ahead.
pub(super) struct Frames {
    arrived: mpsc::Receiver<Result<Frame, BundleError>>,
    /// Looked at and put back.
    next: Option<Frame>,
}

impl Frames {
    /// Begins to read.
    pub(super) fn open(path: &Path, key: &ExchangeKey) -> Self {
        let (to_reader, arrived) = mpsc::channel(AHEAD);
        let (path, key) = (path.to_owned(), key.clone());
        // The answer is the channel itself.
        drop(on_own_thread(move || {
            if let Err(error) = read(&path, &key, &to_reader) {
                // Nobody listens any more when the reading was given up.
                let _ = to_reader.blocking_send(Err(error));
            }
        }));
        Self { arrived, next: None }
    }

    /// The next frame; `None` after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<Frame>, BundleError> {
        match self.next.take() {
            Some(frame) => Ok(Some(frame)),
            None => self.arrived.recv().await.transpose(),
        }
    }

    /// Puts a frame back that belongs to what comes next.
    pub(super) fn put_back(&mut self, frame: Frame) {
        self.next = Some(frame);
    }
}

/// Runs what lasts as long as a whole relay on a thread of its own; the runtime's are for short work.
pub(super) fn on_own_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> oneshot::Receiver<T> {
    let (done, result) = oneshot::channel();
    std::thread::spawn(move || {
        // Nobody waits for it any more when the relay was given up.
        let _ = done.send(work());
    });
    result
}

fn read(
    path: &Path,
    key: &ExchangeKey,
    to_reader: &mpsc::Sender<Result<Frame, BundleError>>,
) -> Result<(), BundleError> {
    let mut reader = bundle::read(open_regular(path).map_err(BundleError::Io)?, key)?;
    while let Some(frame) = reader.read()? {
        if to_reader.blocking_send(Ok(frame)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads a file to its end before anything is done because of it.
pub(super) async fn check(path: PathBuf, key: &ExchangeKey) -> Result<Contents, BundleFailure> {
    let key = key.clone();
    let checked = spawn_blocking(move || bundle::check(open_regular(&path).map_err(BundleError::Io)?, &key));
    Ok(checked.await.map_err(|_| SyncError::Died)??)
}
