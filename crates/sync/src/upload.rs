//! Attachments, in pieces, to the platform.

use bytes::Bytes;
use sunbench_contract::codes;
use sunbench_store::local::attachment;

use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::pull::blocking;
use crate::push::Why;

/// Bytes of one piece.
const PIECE: usize = 1 << 20;

/// Where the bytes are.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// In the profile.
    Profile,
    /// In memory, as they came out of a bundle.
    Arrived(&'a Bytes),
}

/// What came of bringing the platform one attachment.
pub(crate) enum Upload {
    /// It had it already.
    There,
    /// All of its bytes have left this machine.
    Sent,
    /// It cannot be brought now, and others need not wait for that.
    Failed(Why),
}

impl SyncEngine {
    /// Brings the platform the attachment `sha256` of `size` bytes. What the platform holds already is not sent again.
    pub(crate) async fn upload(
        &self,
        run: &mut Run,
        sha256: &str,
        size: u64,
        source: Source<'_>,
    ) -> Result<Upload, SyncError> {
        let mut sent = false;
        loop {
            let state = match run.retry.run(|| self.client.attachment_state(sha256)).await {
                Ok(state) => state,
                Err(error) => return holds_up_only_itself(error).map(Upload::Failed),
            };
            if state.complete {
                return Ok(if sent { Upload::Sent } else { Upload::There });
            }
            let mut from = if state.received < size { state.received } else { 0 };
            loop {
                run.retry.check()?;
                let bytes = self.piece(sha256, from, source).await?;
                sent = true;
                match run.retry.once(self.client.put_attachment(sha256, from, size, bytes)).await? {
                    Ok(state) if state.complete => {
                        run.retry.progressed();
                        return Ok(Upload::Sent);
                    }
                    Ok(state) if state.received > from && state.received < size => {
                        run.retry.progressed();
                        from = state.received;
                    }
                    Ok(_) => {
                        let text = "the platform holds another content".to_owned();
                        return Ok(Upload::Failed(Why { code: codes::DIGEST_MISMATCH.to_owned(), text }));
                    }
                    Err(error) => match run.retry.wait(error).await {
                        Ok(()) => break, // ask how much has arrived
                        Err(error) => return holds_up_only_itself(error).map(Upload::Failed),
                    },
                }
            }
        }
    }

    async fn piece(&self, sha256: &str, from: u64, source: Source<'_>) -> Result<Bytes, SyncError> {
        let Source::Arrived(bytes) = source else {
            let digest = sha256.to_owned();
            let part = blocking(&self.store, move |store| {
                store.read(|conn| attachment::read(conn, &digest, from, PIECE))
            });
            return Ok(Bytes::from(part.await?.unwrap_or_default()));
        };
        let from = bytes.len().min(from as usize);
        Ok(bytes.slice(from..bytes.len().min(from + PIECE)))
    }
}

/// Why an attachment cannot be brought now, where other items need not wait for that.
fn holds_up_only_itself(error: SyncError) -> Result<Why, SyncError> {
    match error {
        SyncError::Client(error) if !error.is_connection() && !error.is_passing() => {
            Ok(error.problem().map_or_else(|| Why { code: String::new(), text: error.to_string() }, Why::of))
        }
        error => Err(error),
    }
}
