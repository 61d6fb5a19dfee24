//! The encrypted local profile (本地加密档案): one SQLite file under SQLCipher, its keys and its schema.
//!
//! A profile is a folder. [`Store`] opens it, holds its lock and is the only way to its data:
//! [`Store::read`] for a consistent snapshot, [`Store::write_local`] for what people do,
//! [`Store::write_mirror`] for what sync brings.

#[cfg(not(any(feature = "system-crypto", feature = "vendored-crypto")))]
compile_error!(
    "sunbench-store needs `system-crypto` or `vendored-crypto`: without one the file would be plain SQLite"
);

mod anchor;
mod attempts;
pub mod audit;
pub mod backup;
mod connection;
pub mod durable;
mod error;
mod exchange;
mod gate;
pub mod listing;
pub mod local;
mod lock;
pub mod mirror;
#[cfg_attr(not(test), allow(dead_code))]
mod plan;
pub mod profile;
mod readers;
pub mod restore;
pub mod salvage;
pub mod schema;
pub mod setting;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod vault;

pub use rusqlite::{Connection, Transaction};

pub use attempts::Attempts;
pub use backup::{BackupInfo, BackupReport};
pub use error::{BackupFault, LockReason, StoreError, StoreResult};
pub use profile::{ProfileState, Store};
pub use restore::{RestoreReport, RestoreWith};
pub use salvage::{SalvageReport, SalvagedTable};
pub use vault::{KeySource, Passphrase, RecoveryCode, UnlockedBy};
