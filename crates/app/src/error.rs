//! The only error that crosses IPC.

use serde::{Deserialize, Serialize};
use sunbench_store::durable::OutputFault;
use sunbench_store::{BackupFault, LockReason, StoreError};
use ts_rs::TS;

use crate::files::unwritten;

/// What went wrong, closed: a variant exists only if somebody acts on it. The window has the text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "wire.ts")]
pub enum ErrorCode {
    /// No profile is open: unlock or create one.
    ProfileLocked,
    /// There is a profile already.
    ProfileExists,
    /// The passphrase or the keyring's key does not fit.
    WrongKey,
    /// A new data key was made without this passphrase: open the profile by somebody else's or by the recovery code, and
    /// set it anew.
    PassphraseLapsed,
    /// The profile is under a passphrase, and none was given.
    PassphraseNeeded,
    /// The recovery code was mistyped.
    RecoveryCodeWrong,
    /// Written by a newer program: update.
    ProfileTooNew,
    /// The database is damaged: salvage.
    ProfileDamaged,
    /// The database file is missing: restore a backup.
    DatabaseMissing,
    /// The key file is missing or damaged: put it back from a backup.
    KeyFileDamaged,
    /// Another program has the profile open.
    ProfileInUse,
    /// No keyring on this system: use a passphrase.
    KeyringAbsent,
    /// Unlock the keyring.
    KeyringLocked,
    /// The keyring has no key for this profile: use the recovery code.
    KeyMissing,
    /// Free some space; nothing confirmed is lost.
    DiskFull,
    /// The disk failed, or a folder on the network is gone.
    DiskFailed,
    /// The folder cannot be written to.
    ReadOnly,
    /// Connect to a platform first.
    NotConnected,
    /// Institution, user or password wrong.
    SignInRefused,
    /// Sign in again.
    SignInExpired,
    /// The platform cannot be reached.
    Unreachable,
    /// The platform did not answer in time.
    TimedOut,
    /// The connection is not secure: the certificate is wrong or expired.
    InsecureConnection,
    /// This PC's clock is too far off.
    ClockWrong,
    /// The platform is in maintenance.
    Maintenance,
    /// The platform speaks a newer contract only: update.
    PlatformTooNew,
    /// The platform's answer could not be understood.
    PlatformAnswer,
    /// The platform's quota for today is used up.
    QuotaUsed,
    /// The platform says that the operator may not do this.
    Forbidden,
    /// The person's roles do not allow this.
    NotPermitted,
    /// A second person is wanted, and there is none here: let a colleague sign in first.
    NeedsTwoPeople,
    /// A second person is somebody else than who wrote it.
    OwnWork,
    /// Wrong passphrases too often: wait.
    TooManyAttempts,
    /// The profile holds another hospital's work: use another folder.
    OtherInstitution,
    /// The address is not one.
    BadAddress,
    /// Plain http is allowed on this machine only.
    PlainHttp,
    /// It is not there (any more).
    NotFound,
    /// The document's state does not allow it.
    WrongState,
    /// A field is empty that must not be.
    FieldRequired,
    /// A field's content is not allowed.
    FieldInvalid,
    /// More than is left: received above delivered, returned above received.
    MoreThanLeft,
    /// The file is larger than the platform takes.
    AttachmentTooLarge,
    /// The file could not be read, or changed while it was read.
    AttachmentUnreadable,
    /// The file could run, or is not what its name says: it is not opened, only saved.
    AttachmentRefused,
    /// The open list is gone: open it again.
    ViewGone,
    /// The date lies outside the published calendar.
    OutsideCalendar,
    /// After an update the indicators are counted anew; the field says how far that is. What is counted stays counted.
    IndicatorsCounting,
    /// The file is not a backup; it is neither read nor replaced.
    NotABackup,
    /// The backup is not whole, or somebody changed it: take another one.
    BackupDamaged,
    /// The folder is not there: a disk that is not plugged in?
    FolderMissing,
    /// No key for bundles yet: connect or sync once by network.
    BundleKeyMissing,
    /// The file is not a bundle.
    NotABundle,
    /// The bundle is another institution's or another platform's, or its beginning is damaged.
    BundleForeign,
    /// The bundle is damaged, cut off or was changed: take it again.
    BundleDamaged,
    /// The bundle was written by a newer program: update.
    BundleTooNew,
    /// The bundle was exported by another computer: import it there.
    BundleOtherProfile,
    /// The bundle has not been to the platform: relay it first.
    BundleNotRelayed,
    /// The file that was to be written is there and is something else.
    FileIsOther,
    /// The file cannot be read or written.
    FileUnreadable,
    /// A file to be written would lie in the profile's folder that is named: choose another place.
    InsideProfile,
    /// A device, a pipe or a folder is where the file was to be written: choose another name.
    NotRegularFile,
    /// The file is no table: neither a workbook nor text.
    LedgerNotATable,
    /// There is nothing in the file.
    LedgerEmpty,
    /// The workbook has a password: save it without one.
    LedgerPassword,
    /// The file is damaged after the row that is named.
    LedgerDamaged,
    /// The file, or the row that is named, is larger than a ledger may be.
    LedgerTooLarge,
    /// No row has headings of a ledger: say what the columns mean.
    LedgerNoHeadings,
    /// No column holds the quantity.
    LedgerNoQuantity,
    /// The row that is named is neither UTF-8 nor GB18030 text.
    LedgerEncoding,
    /// The quotation mark in the row that is named is never closed.
    LedgerQuote,
    /// The file is another one than was looked at.
    LedgerChanged,
    /// The row that is named has no date: say which month such lines belong to.
    PeriodMissing,
    /// The month is signed: nothing in it changes any more.
    PeriodSigned,
    /// What the person saw has changed meanwhile: look again.
    DataChanged,
    /// Stopped by the user.
    Cancelled,
    /// A defect of the program; the incident number is in the log.
    Internal,
}

/// An error for the window and for scripts. Carries no business values and no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "wire.ts")]
#[error("{code:?}{}", field.as_deref().map(|f| format!(" ({f})")).unwrap_or_default())]
pub struct ApiError {
    /// What went wrong.
    pub code: ErrorCode,
    /// The field of the request, or the file, that it is about.
    pub field: Option<String>,
    /// To find it in the log.
    pub incident: Option<String>,
}

impl ApiError {
    /// About a field.
    pub fn field(code: ErrorCode, field: &str) -> Self {
        Self { code, field: Some(field.to_owned()), incident: None }
    }
    /// A defect: logged under a number, which the window shows.
    pub fn internal(what: &dyn std::fmt::Display) -> Self {
        let incident = uuid::Uuid::now_v7().simple().to_string()[..12].to_owned();
        tracing::error!(%incident, "{what}");
        Self { code: ErrorCode::Internal, field: None, incident: Some(incident) }
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self { code, field: None, incident: None }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => ErrorCode::ProfileLocked.into(),
            StoreError::AlreadyExists => ErrorCode::ProfileExists.into(),
            StoreError::DatabaseMissing => ErrorCode::DatabaseMissing.into(),
            StoreError::Locked(LockReason::WrongKey) => ErrorCode::WrongKey.into(),
            StoreError::Locked(LockReason::Lapsed) => ErrorCode::PassphraseLapsed.into(),
            StoreError::Locked(LockReason::NoSuchSlot | LockReason::PassphraseNeeded) => {
                ErrorCode::PassphraseNeeded.into()
            }
            StoreError::Locked(
                LockReason::KeyFileMissing
                | LockReason::KeyFileDamaged
                | LockReason::KeyFileChanged
                | LockReason::OtherDatabase,
            ) => ErrorCode::KeyFileDamaged.into(),
            StoreError::TooNew { .. } => ErrorCode::ProfileTooNew.into(),
            StoreError::Corrupt { .. } => ErrorCode::ProfileDamaged.into(),
            StoreError::InUse => ErrorCode::ProfileInUse.into(),
            StoreError::KeyringAbsent => ErrorCode::KeyringAbsent.into(),
            StoreError::KeyringLocked => ErrorCode::KeyringLocked.into(),
            StoreError::KeyMissing => ErrorCode::KeyMissing.into(),
            StoreError::Backup(BackupFault::OtherFile) => ErrorCode::NotABackup.into(),
            StoreError::Backup(BackupFault::Damaged) => ErrorCode::BackupDamaged.into(),
            StoreError::Backup(BackupFault::Cancelled) => ErrorCode::Cancelled.into(),
            StoreError::FolderMissing => ErrorCode::FolderMissing.into(),
            StoreError::RecoveryCode(_) => ErrorCode::RecoveryCodeWrong.into(),
            StoreError::DiskFull => ErrorCode::DiskFull.into(),
            StoreError::ReadOnly => ErrorCode::ReadOnly.into(),
            StoreError::Io { source, .. } if OutputFault::of(&source).is_some() => unwritten(&source),
            StoreError::Disk(_) | StoreError::Io { .. } => {
                tracing::error!("{error}");
                ErrorCode::DiskFailed.into()
            }
            StoreError::Sqlite(_) => Self::internal(&error),
        }
    }
}

impl From<sunbench_workdays::DateError> for ApiError {
    fn from(_: sunbench_workdays::DateError) -> Self {
        ErrorCode::OutsideCalendar.into()
    }
}

/// The answer of every use case.
pub type ApiResult<T> = Result<T, ApiError>;
