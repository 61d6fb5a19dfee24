//! People's own passphrases (个人口令): each wraps the same data key, so that whoever unlocks is known by it.
//!
//! While anybody has one, the key does not lie in the keyring: who can start the program is then not yet in.

use std::path::Path;

use uuid::Uuid;

use super::{
    Body, KeyRing, Passphrase, Person, SlotKind, UnlockedBy, Vault, file::Slot, install, key::DataKey,
    passphrase::person_slot,
};
use crate::error::{LockReason, StoreError, StoreResult};

/// The key by a passphrase of which it is not said whose it is: the profile's own, or else a person's.
pub(super) fn by_passphrase(body: &Body, passphrase: &Passphrase) -> StoreResult<(DataKey, UnlockedBy)> {
    let mut outcome = match body.slot(SlotKind::Passphrase) {
        Ok(slot) => passphrase.unwrap(body.profile, slot).map(|key| (key, UnlockedBy::Passphrase)),
        Err(error) => Err(error),
    };
    for person in body.people() {
        if outcome.is_ok() {
            break;
        }
        outcome = unseal(body, person.id, passphrase).map(|key| (key, UnlockedBy::Person(person.id)));
    }
    if outcome.is_err() && body.lapsed.shared {
        return Err(StoreError::Locked(LockReason::Lapsed));
    }
    outcome
}

/// The key by this person's own passphrase.
pub(super) fn unseal(body: &Body, person: Uuid, passphrase: &Passphrase) -> StoreResult<DataKey> {
    let Some((_, sealed)) = body.sealed_people().find(|(known, _)| known.id == person) else {
        let lapsed = body.lapsed.people.iter().any(|known| known.id == person);
        return Err(StoreError::Locked(if lapsed { LockReason::Lapsed } else { LockReason::NoSuchSlot }));
    };
    passphrase.unseal(&person_slot(body.profile, person), sealed)
}

/// Puts every slot that this passphrase opens into a body under another key.
pub(super) fn carry_over(
    old: &Body,
    new: &mut Body,
    passphrase: &Passphrase,
    key: &DataKey,
) -> StoreResult<()> {
    if let Ok(slot) = old.slot(SlotKind::Passphrase)
        && passphrase.unwrap(old.profile, slot).is_ok()
    {
        new.put(passphrase.wrap(new.profile, key)?);
    }
    for person in old.people() {
        if unseal(old, person.id, passphrase).is_ok() {
            let sealed = passphrase.seal(&person_slot(new.profile, person.id), key)?;
            new.put_person(person, sealed);
        }
    }
    Ok(())
}

impl Vault {
    /// Sets or replaces one person's passphrase, and takes the key out of the keyring.
    pub(crate) fn set_person(
        &mut self,
        db_dir: &Path,
        person: Person,
        passphrase: &Passphrase,
        ring: &dyn KeyRing,
    ) -> StoreResult<()> {
        let sealed = passphrase.seal(&person_slot(self.profile(), person.id), &self.key)?;
        let in_keyring = self.body().keyring_entry();
        self.update(db_dir, |body| {
            body.put_person(person, sealed);
            body.remove(SlotKind::Keyring);
        })?;
        if let Some(entry) = in_keyring {
            // Only now: the passphrase's slot is on disk.
            ring.delete(&entry.to_string())?;
        }
        Ok(())
    }

    /// Takes one person's passphrase away. With the last way of the window to open the profile gone, the key goes back
    /// into the keyring first.
    pub(crate) fn remove_person(&mut self, db_dir: &Path, id: Uuid, ring: &dyn KeyRing) -> StoreResult<()> {
        let others = self.body().people().iter().any(|person| person.id != id);
        let needs_keyring = !others && self.body().slot(SlotKind::Passphrase).is_err();
        if needs_keyring {
            install(ring, self.profile(), &self.key)?;
        }
        self.update(db_dir, |body| {
            body.remove_person(id);
            if needs_keyring {
                body.put(Slot::Keyring { entry: None });
            }
        })
    }

    /// Whether this is the person's passphrase.
    pub(crate) fn is_passphrase_of(&self, person: Uuid, passphrase: &Passphrase) -> StoreResult<bool> {
        match unseal(self.body(), person, passphrase) {
            Ok(key) => Ok(key.as_slice() == self.key.as_slice()),
            Err(StoreError::Locked(LockReason::WrongKey)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
