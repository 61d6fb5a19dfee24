//! The profile's keys (密钥): one random data key, and the slots through which people get at it.
//!
//! The data key opens the database directly, so no derivation is paid at start. It lies in the system's keyring, and
//! wrapped in `keys.json`: by a recovery code that is shown once, and by a passphrase where one was set. `keys.json`
//! holds no secret in clear and is written whole or not at all, twice.

mod file;
mod key;
mod keyring;
mod passphrase;
mod recovery;

use std::{fmt, path::Path};

use chrono::{DateTime, FixedOffset};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{LockReason, StoreError, StoreResult};
use file::{Body, KeyFile, Slot};
use key::DataKey;

pub use file::SlotKind;
pub(crate) use key::DatabaseKey;
pub use keyring::{KeyRing, KeyRingError, OsKeyRing};
pub use passphrase::{Passphrase, PassphraseCost};
pub use recovery::{RecoveryCode, RecoveryCodeError};

/// The name under which the keyring lists our entries.
pub const KEYRING_SERVICE: &str = "sunbench";

/// Where the key comes from.
pub enum KeySource {
    /// The operating system's keyring.
    Keyring,
    /// A passphrase; the keyring is not touched.
    Passphrase(Passphrase),
    /// The recovery code as it was typed.
    Recovery(Zeroizing<String>),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keyring => "Keyring",
            Self::Passphrase(_) => "Passphrase(…)",
            Self::Recovery(_) => "Recovery(…)",
        })
    }
}

/// What unlocked the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnlockedBy {
    /// The keyring.
    Keyring,
    /// The passphrase.
    Passphrase,
    /// The recovery code.
    Recovery {
        /// Whether the keyring of this machine has the key from now on; if not, a passphrase should be set.
        keyring_installed: bool,
    },
}

/// An unlocked set of keys.
#[derive(Debug)]
pub(crate) struct Vault {
    file: KeyFile,
    key: DataKey,
    unlocked_by: UnlockedBy,
}

impl Vault {
    /// Makes the keys of a new profile and stores them. There must be no database yet: whatever keys an interrupted
    /// creation left are replaced.
    pub(crate) fn create(
        db_dir: &Path,
        source: &KeySource,
        ring: &dyn KeyRing,
        now: DateTime<FixedOffset>,
    ) -> StoreResult<(Self, RecoveryCode)> {
        // An interrupted creation may have left an entry in the keyring: its name is used again.
        let profile = file::load(db_dir).ok().flatten().map_or_else(Uuid::new_v4, |left| left.body.profile);
        let key = DataKey::random();
        let mut body = Body::new(profile, &key, now);
        let unlocked_by = match source {
            KeySource::Keyring => {
                install(ring, profile, &key)?;
                body.put(Slot::Keyring);
                UnlockedBy::Keyring
            }
            KeySource::Passphrase(passphrase) => {
                body.put(passphrase.wrap(profile, &key)?);
                UnlockedBy::Passphrase
            }
            KeySource::Recovery(_) => return Err(StoreError::Locked(LockReason::NoSuchSlot)),
        };
        let code = RecoveryCode::random();
        body.put(code.wrap(profile, &key));
        let file = file::store(db_dir, body, &key)?;
        Ok((Self { file, key, unlocked_by }, code))
    }

    /// Gets the data key of an existing profile. Reads only, but for the recovery code, which also puts the key into
    /// this machine's keyring if the profile uses one.
    pub(crate) fn unlock(db_dir: &Path, source: &KeySource, ring: &dyn KeyRing) -> StoreResult<Self> {
        let file = file::load(db_dir)?.ok_or(StoreError::Locked(LockReason::KeyFileMissing))?;
        let body = &file.body;
        let (key, unlocked_by) = match source {
            KeySource::Keyring => {
                body.slot(SlotKind::Keyring)?;
                let secret = ring.get(&entry(body.profile))?;
                let key = DataKey::from_slice(&secret).ok_or(StoreError::Locked(LockReason::WrongKey))?;
                (key, UnlockedBy::Keyring)
            }
            KeySource::Passphrase(passphrase) => {
                let key = passphrase.unwrap(body.profile, body.slot(SlotKind::Passphrase)?)?;
                (key, UnlockedBy::Passphrase)
            }
            KeySource::Recovery(typed) => {
                let code = RecoveryCode::parse(typed)?;
                let key = code.unwrap(body.profile, body.slot(SlotKind::Recovery)?)?;
                (key, UnlockedBy::Recovery { keyring_installed: false })
            }
        };
        file.authenticate(&key)?;
        let mut vault = Self { file, key, unlocked_by };
        if let UnlockedBy::Recovery { keyring_installed } = &mut vault.unlocked_by {
            *keyring_installed = vault.file.body.slot(SlotKind::Keyring).is_ok()
                && install(ring, vault.file.body.profile, &vault.key).is_ok();
        }
        Ok(vault)
    }

    /// The profile's id: the keyring's user name, and the same on every machine that opens a copy.
    pub(crate) fn profile(&self) -> Uuid {
        self.file.body.profile
    }

    pub(crate) fn unlocked_by(&self) -> UnlockedBy {
        self.unlocked_by
    }

    pub(crate) fn database_key(&self) -> DatabaseKey {
        DatabaseKey::new(&self.key, self.file.body.salt())
    }

    pub(crate) fn body(&self) -> &Body {
        &self.file.body
    }

    /// Changes what the key file says, durably, or not at all.
    pub(crate) fn update(&mut self, db_dir: &Path, change: impl FnOnce(&mut Body)) -> StoreResult<()> {
        let mut body = self.file.body.clone();
        change(&mut body);
        body.generation += 1;
        self.file = file::store(db_dir, body, &self.key)?;
        Ok(())
    }

    /// A new recovery code; the one before stops working.
    pub(crate) fn new_recovery_code(&mut self, db_dir: &Path) -> StoreResult<RecoveryCode> {
        let code = RecoveryCode::random();
        let slot = code.wrap(self.profile(), &self.key);
        self.update(db_dir, |body| body.put(slot))?;
        Ok(code)
    }

    /// Sets or replaces the passphrase.
    pub(crate) fn set_passphrase(&mut self, db_dir: &Path, passphrase: &Passphrase) -> StoreResult<()> {
        let slot = passphrase.wrap(self.profile(), &self.key)?;
        self.update(db_dir, |body| body.put(slot))
    }

    /// Puts the key into the keyring of this machine.
    pub(crate) fn install_keyring(&mut self, db_dir: &Path, ring: &dyn KeyRing) -> StoreResult<()> {
        install(ring, self.profile(), &self.key)?;
        if self.body().slot(SlotKind::Keyring).is_err() {
            self.update(db_dir, |body| body.put(Slot::Keyring))?;
        }
        Ok(())
    }
}

/// What can be known of a profile's keys without unlocking it.
pub(crate) fn peek(db_dir: &Path) -> StoreResult<Option<Body>> {
    Ok(file::load(db_dir)?.map(|file| file.body))
}

fn entry(profile: Uuid) -> String {
    profile.to_string()
}

/// Writes the key and reads it back: a keyring that forgets must be found out now.
fn install(ring: &dyn KeyRing, profile: Uuid, key: &DataKey) -> StoreResult<()> {
    ring.set(&entry(profile), key.as_slice())?;
    let back = ring.get(&entry(profile))?;
    if back.as_slice() == key.as_slice() { Ok(()) } else { Err(StoreError::KeyringLocked) }
}
