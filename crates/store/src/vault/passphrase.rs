//! The passphrase slot: Argon2id, its cost recorded in the slot.

use std::{fmt, fs, path::Path};

use argon2::{Algorithm, Argon2, Params, Version};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    file::{Sealed, Slot},
    key::{self, DataKey, KEY_LEN},
};
use crate::error::{LockReason, StoreError, StoreResult};

/// How hard guessing is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassphraseCost {
    /// For a person at the window: 64 MiB, three passes, a fraction of a second.
    Interactive,
    /// For a script that opens the profile for each command: at most about 50 ms. The passphrase should then be long
    /// and random.
    Scripted,
}

impl PassphraseCost {
    fn params(self) -> Params {
        let (memory_kib, passes) = match self {
            Self::Interactive => (64 * 1024, 3),
            // RFC 9106 and OWASP's smallest recommendation.
            Self::Scripted => (19 * 1024, 2),
        };
        Params::new(memory_kib, passes, 1, Some(KEY_LEN)).expect("constant parameters within Argon2's limits")
    }
}

/// A passphrase (口令), with the cost at which it is stored when it is set. Opening uses the stored cost.
pub struct Passphrase {
    text: Zeroizing<String>,
    cost: PassphraseCost,
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passphrase").field("cost", &self.cost).finish_non_exhaustive()
    }
}

impl Passphrase {
    /// As typed. Everything counts, blanks too.
    pub fn new(text: impl Into<String>, cost: PassphraseCost) -> Self {
        Self { text: Zeroizing::new(text.into()), cost }
    }

    /// From a file, for scripts; one trailing newline is ignored.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file cannot be read or is not UTF-8.
    pub fn from_file(path: &Path) -> StoreResult<Self> {
        let io = |source| StoreError::Io { path: path.to_owned(), source };
        let mut text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Ok(Self { text, cost: PassphraseCost::Scripted })
    }

    /// The profile's slot for this passphrase.
    pub(super) fn wrap(&self, profile: Uuid, key: &DataKey) -> StoreResult<Slot> {
        Ok(Slot::Passphrase { sealed: self.seal(&profile_slot(profile), key)? })
    }

    /// Undoes [`Self::wrap`].
    pub(super) fn unwrap(&self, profile: Uuid, slot: &Slot) -> StoreResult<DataKey> {
        let Slot::Passphrase { sealed } = slot else {
            return Err(StoreError::Locked(LockReason::NoSuchSlot));
        };
        self.unseal(&profile_slot(profile), sealed)
    }

    /// The data key under this passphrase, bound to `aad`.
    pub(super) fn seal(&self, aad: &[u8], key: &DataKey) -> StoreResult<Sealed> {
        let params = self.cost.params();
        let salt = key::random::<16>().to_vec();
        let kek = self.derive(&params, &salt)?;
        let wrapped = key::wrap(&kek, aad, key);
        let (memory_kib, passes, lanes) = (params.m_cost(), params.t_cost(), params.p_cost());
        Ok(Sealed { memory_kib, passes, lanes, salt, wrapped })
    }

    /// Undoes [`Self::seal`].
    pub(super) fn unseal(&self, aad: &[u8], sealed: &Sealed) -> StoreResult<DataKey> {
        let Sealed { memory_kib, passes, lanes, salt, wrapped } = sealed;
        let changed = || StoreError::Locked(LockReason::KeyFileChanged);
        // A changed file must not make the program take all the memory before the key can show the change.
        if *memory_kib > 1024 * 1024 || *passes > 16 || *lanes > 16 {
            return Err(changed());
        }
        let params = Params::new(*memory_kib, *passes, *lanes, Some(KEY_LEN)).map_err(|_| changed())?;
        let kek = self.derive(&params, salt)?;
        key::unwrap(&kek, aad, wrapped)
    }

    fn derive(&self, params: &Params, salt: &[u8]) -> StoreResult<Zeroizing<[u8; KEY_LEN]>> {
        let mut kek = Zeroizing::new([0; KEY_LEN]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into(self.text.as_bytes(), salt, kek.as_mut_slice())
            .map_err(|_| StoreError::Locked(LockReason::KeyFileChanged))?;
        Ok(kek)
    }
}

/// What binds the profile's passphrase slot.
fn profile_slot(profile: Uuid) -> Vec<u8> {
    [b"sunbench passphrase slot v1 ", profile.as_bytes().as_slice()].concat()
}

/// What binds a person's slot, so that nobody's passphrase opens the profile in another's name.
pub(super) fn person_slot(profile: Uuid, person: Uuid) -> Vec<u8> {
    [b"sunbench person slot v1 ", profile.as_bytes().as_slice(), person.as_bytes()].concat()
}
