//! What can go wrong with a profile. Closed: each variant is something that the window acts on differently.

use std::{io, path::PathBuf};

use rusqlite::{ErrorCode, ffi::SQLITE_IOERR_SHMSIZE};

use crate::vault::RecoveryCodeError;

/// The result of everything in this crate.
pub type StoreResult<T> = Result<T, StoreError>;

/// A failure of the profile (档案错误). None of them carries business values or secrets.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder holds no profile: offer to create one.
    #[error("no profile here")]
    NotFound,
    /// The folder holds a profile already: open it.
    #[error("a profile exists here already")]
    AlreadyExists,
    /// The key file says that there was a database, and it is gone: restore a backup. Nothing is made in its place.
    #[error("the profile's database file is missing")]
    DatabaseMissing,
    /// The key is wrong or cannot be had: show the unlock screen. The file's bytes are untouched.
    #[error("the profile is locked: {0}")]
    Locked(LockReason),
    /// The profile was written by a newer program: update.
    #[error("the profile has format {found}, this program knows up to {known}")]
    TooNew {
        /// The version in the file.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The database is damaged: offer [`crate::Store::salvage`].
    #[error("the database is damaged")]
    Corrupt {
        /// Where the damaged files are, when a salvage began and has not ended.
        moved_to: Option<PathBuf>,
    },
    /// Another program has this profile open.
    #[error("the profile is in use by another program")]
    InUse,
    /// This system has no keyring service: offer a passphrase.
    #[error("no keyring on this system")]
    KeyringAbsent,
    /// The keyring exists and is locked, or the person refused access.
    #[error("the keyring is locked")]
    KeyringLocked,
    /// The keyring is open and has no entry for this profile: ask for the recovery code.
    #[error("the keyring has no key for this profile")]
    KeyMissing,
    /// The folder for a file is not there.
    #[error("the folder is missing")]
    FolderMissing,
    /// A backup that cannot be made or used.
    #[error("backup: {0}")]
    Backup(#[from] BackupFault),
    /// What was typed is not a recovery code.
    #[error("not a recovery code: {0}")]
    RecoveryCode(#[from] RecoveryCodeError),
    /// The disk is full. The transaction is rolled back; everything confirmed before it is on disk.
    #[error("the disk is full")]
    DiskFull,
    /// The folder or the file cannot be written to.
    #[error("the profile is read-only")]
    ReadOnly,
    /// The disk failed, or a folder on the network is gone. The transaction is rolled back; everything confirmed before it
    /// is on disk.
    #[error("disk: {0}")]
    Disk(#[source] rusqlite::Error),
    /// The operating system refused something else.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Anything else from the database: a defect of the program, or a constraint that the caller looks at.
    #[error("database: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

/// What is wrong with a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupFault {
    /// The file is something else; it is neither read as a backup nor replaced by one.
    #[error("the file is not a backup")]
    OtherFile,
    /// The file was a backup; it is not whole, or somebody changed it.
    #[error("the backup is damaged")]
    Damaged,
    /// Stopped while it was made.
    #[error("stopped")]
    Cancelled,
}

/// Why a profile stays locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LockReason {
    /// The passphrase, the code or the keyring's entry does not fit this profile.
    #[error("wrong key")]
    WrongKey,
    /// The profile has no slot for this way of unlocking (for example no passphrase was ever set).
    #[error("this way of unlocking was never set up")]
    NoSuchSlot,
    /// A new data key was made without this passphrase: it has to be set anew, by somebody whom the profile opens for.
    #[error("the passphrase lapsed with a new data key")]
    Lapsed,
    /// The profile has a passphrase, and this step needs it.
    #[error("the passphrase is needed")]
    PassphraseNeeded,
    /// The database is there and the key file is not: put `keys.json` back from a backup.
    #[error("the key file is missing")]
    KeyFileMissing,
    /// The key file and its copy cannot be read.
    #[error("the key file is damaged")]
    KeyFileDamaged,
    /// Somebody other than this program changed the key file.
    #[error("the key file was changed by another hand")]
    KeyFileChanged,
    /// The key file belongs to another database.
    #[error("the key file belongs to another database")]
    OtherDatabase,
}

impl StoreError {
    /// An error of the operating system at `path`, sorted into what the window distinguishes.
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Io { path: path.into(), source },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { moved_to: None },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            // The index beside the database could not grow; SQLite does not say that for want of space.
            Some(ErrorCode::SystemIoFailure)
                if error.sqlite_error().is_some_and(|e| e.extended_code == SQLITE_IOERR_SHMSIZE) =>
            {
                Self::DiskFull
            }
            Some(
                ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Disk(error),
            _ => Self::Sqlite(error),
        }
    }
}
