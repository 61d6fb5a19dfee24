//! Backups, restoring, keys.

use super::wire;
use crate::error::ErrorCode;

wire! {
    /// Make a backup now: into `file`, or where the person says (`choose`), or into the folder of the scheduled ones.
    struct BackupNowReq {
        file: Option<String>,
        /// Ask with the system's dialog.
        choose: bool,
    }
    /// A backup that was written, read back and verified.
    struct BackupMade {
        file: String,
        /// Of the whole file.
        bytes: String,
        created_at: String,
        /// Of the whole file, in lower-case hex.
        sha256: String,
        verified: bool,
    }
    /// When backups are made by themselves, and how the last one went.
    struct BackupState {
        enabled: bool,
        folder: String,
        every_days: u32,
        keep_daily: u32,
        keep_weekly: u32,
        keep_monthly: u32,
        /// The last backup that is good.
        last_good_at: Option<String>,
        /// The last attempt, where there was one.
        last: Option<BackupAttempt>,
        /// From when on the next one is made, at the first idle moment; none when they are off.
        next_at: Option<String>,
        /// One is being made.
        running: bool,
        /// A person should look: the last attempt failed, or the last good one is older than twice the interval.
        attention: bool,
    }
    struct BackupAttempt {
        at: String,
        ok: bool,
        file: String,
        error: Option<ErrorCode>,
    }
    /// What is to change; `None` leaves it.
    struct BackupSettingsReq {
        enabled: Option<bool>,
        folder: Option<String>,
        /// Ask for the folder with the system's dialog.
        choose_folder: bool,
        every_days: Option<u32>,
        keep_daily: Option<u32>,
        keep_weekly: Option<u32>,
        keep_monthly: Option<u32>,
    }
    /// The backups in the folder, newest first. Also answered while the profile is locked or damaged.
    struct BackupList {
        folder: String,
        rows: Vec<BackupRow>,
    }
    struct BackupRow {
        file: String,
        name: String,
        created_at: String,
        bytes: String,
        /// It was verified when it was written, and it is as long as it was then.
        verified: bool,
        /// Made by itself.
        scheduled: bool,
        /// Of this profile.
        own: bool,
    }
    /// Put a backup in the profile's place. Without `file` the system's dialog asks for one. What opened the backup when it was made opens it now;
    /// without a code and a passphrase the system's keyring is asked.
    struct ProfileRestoreReq {
        file: Option<String>,
        recovery_code: Option<String>,
        passphrase: Option<String>,
    }
    /// The backup is the profile now; the one before was moved aside.
    struct ProfileRestored {
        /// When the backup was made.
        created_at: String,
        /// Names this life of the profile.
        epoch: String,
        /// Submissions that wait.
        waiting: u32,
        /// Of these: may have been sent since the backup. The platform is asked before anything is sent again.
        uncertain: u32,
        /// Where the profile before is, where there was one.
        moved_to: Option<String>,
    }
    /// Give the data a new key. The passphrase is needed where the profile has one.
    struct KeyRotateReq {
        passphrase: Option<String>,
    }
    /// Set the passphrase, or change it. The old one is needed where there is one.
    struct PassphraseChangeReq {
        old: Option<String>,
        new: String,
    }
}
