//! 摆渡: the exchange with a platform by a file that is carried by hand.
//!
//! Three steps, each of which may be lost, repeated or come late without harm:
//!
//! 1. [`export()`] on the computer without a network writes what waits and where the profile stands. From then on each
//!    of these submissions may have arrived, so none is withdrawn, and the platform is asked before one is sent directly.
//! 2. [`SyncEngine::relay`] on a connected computer of the same institution asks the platform what it knows of each
//!    submission, sends what it does not know under the same key, reads on from where the profile stands, and
//!    puts all of that into the same file.
//! 3. [`SyncEngine::take_in`] on the first computer settles the submissions and applies the items, page by page, each
//!    in one transaction with the position. A page is taken when the profile stands at its beginning or inside it, and passed over
//!    otherwise: so an older bundle's answers are still good, and its pages do nothing.
//!
//! The platform records whose seat relayed as the one who submitted. Therefore a submission is relayed by a seat of the
//! person who entered it and by no other; what others entered waits, and the platform's items come all the same.
//!
//! [`SyncEngine::relay`]: crate::SyncEngine::relay
//! [`SyncEngine::take_in`]: crate::SyncEngine::take_in

mod export;
mod import;
mod read;
mod relay;
mod send;

use sunbench_exchange::bundle::{BundleError, ExchangeKey};
use sunbench_store::{Store, StoreError, local};

use crate::error::SyncError;
use crate::report::Failure;

pub use export::export;

/// Frames that may wait between two stages.
const AHEAD: usize = 4;

/// What a step carried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carried {
    /// Exporting: submissions in the file. Relaying: submissions that the platform answered. Importing: submissions
    /// that were settled.
    pub submissions: u64,
    /// Items of the platform that were fetched, or taken in.
    pub changes: u64,
    /// Where the feed is followed from.
    pub cursor: Option<String>,
    /// Relaying and importing: everything up to the relay is there.
    pub complete: bool,
    /// Relaying: why it ended early. What it did before is in the file.
    pub failure: Option<Failure>,
}

/// Why a step could not be made. Nothing was changed, except where a page was applied whole before the disk failed.
#[derive(Debug, thiserror::Error)]
pub enum BundleFailure {
    /// The file.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The network, the platform or the profile.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The profile has no key for bundles yet: connect or sync once, by network.
    #[error("no exchange key")]
    NoKey,
    /// The file to be written is there and is something else.
    #[error("the file is something else")]
    FileExists,
    /// Another profile's export.
    #[error("another profile's bundle")]
    OtherProfile,
    /// It has not been relayed yet.
    #[error("not relayed yet")]
    NotRelayed,
}

impl From<StoreError> for BundleFailure {
    fn from(error: StoreError) -> Self {
        Self::Sync(error.into())
    }
}

impl From<std::io::Error> for BundleFailure {
    fn from(error: std::io::Error) -> Self {
        Self::Bundle(BundleError::Io(error))
    }
}

/// The key that the institution's computers share.
///
/// # Errors
/// [`BundleFailure::NoKey`] when the platform has not given one yet.
pub fn key(store: &Store) -> Result<ExchangeKey, BundleFailure> {
    let key = store.read(local::bundle::exchange_key)?.ok_or(BundleFailure::NoKey)?;
    Ok(ExchangeKey::new(*key))
}
