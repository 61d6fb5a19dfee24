//! The profile, the connection, the demo hospital.

use super::people::{Act, LockedPerson};
use super::wire;

wire! {
    /// What is in the profile folder.
    enum ProfileStatus {
        /// No profile yet: first run.
        None,
        /// A profile that has to be unlocked.
        Locked,
        /// Open.
        Open,
    }
    /// How a locked profile can be opened, and why it is not open.
    enum LockCause {
        /// The user locked it.
        ByUser,
        /// Nobody was at the window for a while.
        Idle,
        /// The computer slept, or its session was locked.
        Suspended,
        /// Its key is under a passphrase.
        Passphrase,
        /// No keyring service on this system.
        KeyringAbsent,
        /// The keyring is locked.
        KeyringLocked,
        /// The keyring has no key, or another one: the recovery code is needed.
        KeyMissing,
        /// The key file is missing or damaged.
        KeyFile,
        /// The database file is missing.
        DatabaseMissing,
        /// The database is damaged: it can be salvaged.
        Damaged,
        /// Written by a newer program.
        TooNew,
        /// Open in another program.
        InUse,
        /// The folder cannot be written to.
        ReadOnly,
        /// The disk is full.
        DiskFull,
        /// The disk failed, or a folder on the network is gone.
        DiskFailed,
    }
}

wire! {
    /// Where the program stands; the window chooses its first screen by it.
    struct AppState {
        version: String,
        profile: ProfileStatus,
        /// Why it is locked; open, that it was found damaged.
        cause: Option<LockCause>,
        /// Whether the profile has a passphrase.
        has_passphrase: bool,
        connection: Option<Connection>,
        demo: Option<Demo>,
        /// The folder of the profile, for the helpdesk.
        folder: String,
        /// Whom the lock screen offers: people with a passphrase of their own.
        people: Vec<LockedPerson>,
        /// Seconds until the next passphrase is taken, after too many wrong ones; else 0.
        retry_after_s: u32,
    }
    /// The platform and who signed in.
    struct Connection {
        platform: String,
        url: String,
        institution: String,
        institution_name: String,
        user: String,
        user_name: String,
        roles: Vec<String>,
        /// What these roles allow.
        may: Vec<Act>,
        /// Has credentials; after signing out, the data can be read and nothing is sent.
        signed_in: bool,
        demo: bool,
    }
    /// The demo hospital's own platform.
    struct Demo {
        /// Off is a pulled network cable.
        online: bool,
        /// The supervisor's console, for a browser.
        console: String,
        supervisor: String,
        supervisor_password: String,
    }
    /// Make a profile, its key in the system's keyring, or under a passphrase where there is none.
    struct ProfileCreateReq {
        passphrase: Option<String>,
    }
    /// Shown once, printable.
    struct ProfileCreated {
        recovery_code: String,
    }
    /// Unlock: nothing for the keyring, a passphrase, a person's own passphrase, or the recovery code.
    struct ProfileUnlockReq {
        /// Whose passphrase it is.
        person: Option<String>,
        passphrase: Option<String>,
        recovery_code: Option<String>,
    }
    /// A damaged database was moved aside and what people made was saved from it.
    struct Salvaged {
        moved_to: String,
        rows: u32,
    }
    /// Sign in to a platform.
    struct ConnectReq {
        url: String,
        institution: String,
        user: String,
        password: String,
    }
    /// Plug the demo hospital's network cable in or out.
    struct DemoOnlineReq {
        online: bool,
    }
}
