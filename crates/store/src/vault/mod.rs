//! The profile's keys (密钥): one random data key, and the slots through which people get at it.
//!
//! The data key opens the database directly, so no derivation is paid at start. It lies in the system's keyring, and
//! wrapped in `keys.json`: by a recovery code that is shown once, and by a passphrase where one was set. `keys.json`
//! holds no secret in clear and is written whole or not at all, twice.

mod entries;
mod file;
mod key;
mod keyring;
mod passphrase;
mod people;
mod recovery;

use std::{fmt, path::Path};

use chrono::{DateTime, FixedOffset};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{LockReason, StoreError, StoreResult};
pub(crate) use file::NAME as KEY_FILE;
use file::{Body, KeyFile, Slot};
use key::DataKey;

pub use file::{Person, SlotKind};
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
    /// One person's own passphrase.
    Person {
        /// Whose.
        person: Uuid,
        /// As typed.
        passphrase: Passphrase,
    },
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keyring => "Keyring",
            Self::Passphrase(_) => "Passphrase(…)",
            Self::Recovery(_) => "Recovery(…)",
            Self::Person { .. } => "Person(…)",
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
    /// This person's own passphrase.
    Person(Uuid),
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
        root: &Path,
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
                entries::note(root, &[profile])?;
                install(ring, profile, &key)?;
                body.put(Slot::Keyring { entry: None });
                UnlockedBy::Keyring
            }
            KeySource::Passphrase(passphrase) => {
                body.put(passphrase.wrap(profile, &key)?);
                UnlockedBy::Passphrase
            }
            KeySource::Recovery(_) | KeySource::Person { .. } => {
                return Err(StoreError::Locked(LockReason::NoSuchSlot));
            }
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
        let mut vault = Self::unlock_file(file, source, ring)?;
        if let UnlockedBy::Recovery { keyring_installed } = &mut vault.unlocked_by {
            *keyring_installed = (vault.file.body.keyring_entry())
                .is_some_and(|entry| install(ring, entry, &vault.key).is_ok());
        }
        Ok(vault)
    }

    /// The keys that lie in a backup. Reads only.
    pub(crate) fn unlock_sealed(bytes: &[u8], source: &KeySource, ring: &dyn KeyRing) -> StoreResult<Self> {
        Self::unlock_file(file::parse(bytes)?, source, ring)
    }

    fn unlock_file(file: KeyFile, source: &KeySource, ring: &dyn KeyRing) -> StoreResult<Self> {
        let body = &file.body;
        let (key, unlocked_by) = match source {
            KeySource::Keyring => {
                let entry = body.keyring_entry().ok_or(StoreError::Locked(LockReason::NoSuchSlot))?;
                let secret = ring.get(&entry.to_string())?;
                let key = DataKey::from_slice(&secret).ok_or(StoreError::Locked(LockReason::WrongKey))?;
                (key, UnlockedBy::Keyring)
            }
            KeySource::Passphrase(passphrase) => people::by_passphrase(body, passphrase)?,
            KeySource::Person { person, passphrase } => {
                (people::unseal(body, *person, passphrase)?, UnlockedBy::Person(*person))
            }
            KeySource::Recovery(typed) => {
                let code = RecoveryCode::parse(typed)?;
                let key = code.unwrap(body.profile, body.slot(SlotKind::Recovery)?)?;
                (key, UnlockedBy::Recovery { keyring_installed: false })
            }
        };
        file.authenticate(&key)?;
        Ok(Self { file, key, unlocked_by })
    }

    /// The key file's bytes, for a backup: they open it wherever the recovery code or the passphrase is known.
    pub(crate) fn sealed(&self) -> Vec<u8> {
        self.file.bytes()
    }

    /// HMAC-SHA-256 under the data key, separated by `purpose`.
    pub(crate) fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.key.mac(purpose, bytes)
    }

    /// Whether `tag` is [`Self::mac`] of `bytes`, in constant time.
    pub(crate) fn verify_mac(&self, purpose: &str, bytes: &[u8], tag: &[u8]) -> bool {
        self.key.verify_mac(purpose, bytes, tag)
    }

    /// Stores the keys of a restored backup in a new folder: with an entry of their own in this machine's keyring,
    /// where there is one, and with `passphrase`, where one is given.
    pub(crate) fn move_in(
        &mut self,
        root: &Path,
        db_dir: &Path,
        ring: &dyn KeyRing,
        passphrase: Option<&Passphrase>,
    ) -> StoreResult<()> {
        let mut body = self.file.body.clone();
        (body.ready, body.salvaging) = (true, None);
        body.generation += 1;
        if let Some(passphrase) = passphrase {
            body.put(passphrase.wrap(body.profile, &self.key)?);
        }
        let installed = self.take_keyring_entry(root, &mut body, ring)?;
        if let UnlockedBy::Recovery { keyring_installed } = &mut self.unlocked_by {
            *keyring_installed = installed;
        }
        self.file = file::store(db_dir, body, &self.key)?;
        Ok(())
    }

    /// A new data key for the same profile, its key file in `db_dir`, with a new recovery code. `passphrase` is the
    /// profile's or a person's; the other people's are given up, because nobody but they can wrap the new key.
    pub(crate) fn rotate(
        &self,
        root: &Path,
        db_dir: &Path,
        ring: &dyn KeyRing,
        passphrases: &[&Passphrase],
    ) -> StoreResult<(Self, RecoveryCode)> {
        let key = DataKey::random();
        let mut body = self.file.body.rekeyed(&key);
        let code = RecoveryCode::random();
        body.put(code.wrap(body.profile, &key));
        for passphrase in passphrases {
            people::carry_over(&self.file.body, &mut body, passphrase, &key)?;
        }
        let old = self.file.body.keyring_entry();
        if old.is_some() || passphrases.is_empty() {
            let entry = Uuid::new_v4();
            entries::note(root, &old.into_iter().chain([entry]).collect::<Vec<_>>())?;
            match install(ring, entry, &key) {
                Ok(()) => body.put(Slot::Keyring { entry: Some(entry) }),
                // Without a keyring the passphrase opens the profile.
                Err(_) if !passphrases.is_empty() => {}
                Err(error) => return Err(error),
            }
        }
        let file = file::store(db_dir, body, &key)?;
        Ok((Self { file, key, unlocked_by: self.unlocked_by }, code))
    }

    /// Checks a passphrase that the profile has.
    pub(crate) fn fits(&self, passphrase: &Passphrase) -> StoreResult<()> {
        people::by_passphrase(&self.file.body, passphrase).map(drop)
    }

    fn by_passphrase(&self) -> bool {
        matches!(self.unlocked_by, UnlockedBy::Passphrase | UnlockedBy::Person(_))
    }

    /// Takes entries away from the keyring that an interrupted step left, or that a finished one gave up.
    pub(crate) fn tidy_keyring(&self, root: &Path, ring: &dyn KeyRing) {
        if !self.by_passphrase() {
            entries::settle(root, self.file.body.keyring_entry(), ring);
        }
    }

    /// Whether the keyring has the key from now on, under a new name.
    fn take_keyring_entry(&self, root: &Path, body: &mut Body, ring: &dyn KeyRing) -> StoreResult<bool> {
        // Where a passphrase opens the profile, the keyring is not touched.
        let has_words =
            body.kinds().iter().any(|kind| matches!(kind, SlotKind::Passphrase | SlotKind::Person));
        if self.by_passphrase() || (has_words && body.keyring_entry().is_none()) {
            body.remove(SlotKind::Keyring);
            return Ok(false);
        }
        let entry = Uuid::new_v4();
        entries::note(root, &[entry])?;
        let installed = install(ring, entry, &self.key).is_ok();
        if installed {
            body.put(Slot::Keyring { entry: Some(entry) });
        } else {
            body.remove(SlotKind::Keyring);
        }
        Ok(installed)
    }

    /// The profile's id, the same on every machine that opens a copy.
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
        let entry = self.body().keyring_entry();
        install(ring, entry.unwrap_or(self.profile()), &self.key)?;
        if entry.is_none() {
            self.update(db_dir, |body| body.put(Slot::Keyring { entry: None }))?;
        }
        Ok(())
    }
}

/// What can be known of a profile's keys without unlocking it.
pub(crate) fn peek(db_dir: &Path) -> StoreResult<Option<Body>> {
    Ok(file::load(db_dir)?.map(|file| file.body))
}

/// Writes the key and reads it back: a keyring that forgets must be found out now.
fn install(ring: &dyn KeyRing, entry: Uuid, key: &DataKey) -> StoreResult<()> {
    ring.set(&entry.to_string(), key.as_slice())?;
    let back = ring.get(&entry.to_string())?;
    if back.as_slice() == key.as_slice() { Ok(()) } else { Err(StoreError::KeyringLocked) }
}
