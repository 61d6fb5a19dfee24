//! `keys.json`: the slots, in clear but for the wrapped keys, with a checksum against decay and a MAC against hands.
//!
//! Two copies are kept, `keys.json` and `keys.json.bak`; each is replaced atomically, and the newer readable one
//! counts.

use std::{fs, path::Path};

use chrono::{DateTime, FixedOffset};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::key::{self, DataKey, SALT_LEN, Wrapped};
use crate::{
    durable,
    error::{LockReason, StoreError, StoreResult},
};

/// Format 2 knows people's own passphrases; a file without any is still written as 1.
const FORMAT: u32 = 2;
pub(crate) const NAME: &str = "keys.json";
const COPY: &str = "keys.json.bak";
const MAC_PURPOSE: &str = "sunbench keys.json v1";
const CHECK_PURPOSE: &str = "sunbench key check v1";

/// The ways of unlocking a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// The operating system's keyring.
    Keyring,
    /// A passphrase.
    Passphrase,
    /// The recovery code.
    Recovery,
    /// One person's own passphrase; there may be several.
    Person,
}

/// One way to the data key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Slot {
    Keyring {
        /// The entry's name; without one it is the profile's id. A restored profile and a new key have an entry of
        /// their own, so that they never overwrite the key of another copy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<Uuid>,
    },
    Passphrase {
        #[serde(flatten)]
        sealed: Sealed,
    },
    Recovery {
        #[serde(flatten)]
        wrapped: Wrapped,
    },
    /// One person's own passphrase. The name stands in clear, so that the lock screen can offer it.
    Person {
        person: Uuid,
        name: String,
        #[serde(flatten)]
        sealed: Sealed,
    },
}

/// The data key under a passphrase, with what Argon2id needs to derive its key again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sealed {
    /// Argon2id: memory in KiB, passes, lanes.
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
    #[serde(with = "base64")]
    pub(super) salt: Vec<u8>,
    #[serde(flatten)]
    pub(super) wrapped: Wrapped,
}

impl Slot {
    fn kind(&self) -> SlotKind {
        match self {
            Self::Keyring { .. } => SlotKind::Keyring,
            Self::Passphrase { .. } => SlotKind::Passphrase,
            Self::Recovery { .. } => SlotKind::Recovery,
            Self::Person { .. } => SlotKind::Person,
        }
    }
}

/// 人员: somebody who has a passphrase of his own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Made when the passphrase was first set.
    pub id: Uuid,
    /// For people.
    pub name: String,
}

/// What the key file says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) profile: Uuid,
    created_at: DateTime<FixedOffset>,
    /// Counts every change; of two copies the higher one is current.
    pub(crate) generation: u64,
    /// Whether the database was made. From then on a missing file is a loss, not a beginning.
    pub(crate) ready: bool,
    /// The folder with the damaged files while a salvage is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) salvaging: Option<String>,
    /// SQLCipher's salt for this database.
    #[serde(with = "base64")]
    database_salt: Vec<u8>,
    /// Tells a wrong key without touching the database.
    #[serde(with = "base64")]
    key_check: Vec<u8>,
    slots: Vec<Slot>,
    /// The passphrases that a new data key left behind: it was made without them, so they open nothing until they are
    /// set anew.
    #[serde(default, skip_serializing_if = "Lapsed::is_empty")]
    pub(super) lapsed: Lapsed,
}

/// Whose passphrases a new data key was made without.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lapsed {
    /// The profile's own.
    #[serde(default)]
    pub(super) shared: bool,
    #[serde(default)]
    pub(super) people: Vec<Person>,
}

impl Lapsed {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Body {
    pub(super) fn new(profile: Uuid, key: &DataKey, now: DateTime<FixedOffset>) -> Self {
        Self {
            profile,
            created_at: now,
            generation: 1,
            ready: false,
            salvaging: None,
            database_salt: key::random::<SALT_LEN>().to_vec(),
            key_check: key.mac(CHECK_PURPOSE, b"")[..16].to_vec(),
            slots: Vec::new(),
            lapsed: Lapsed::default(),
        }
    }

    pub(super) fn salt(&self) -> [u8; SALT_LEN] {
        self.database_salt.as_slice().try_into().expect("load() checked the length")
    }

    pub(super) fn slot(&self, kind: SlotKind) -> StoreResult<&Slot> {
        self.slots.iter().find(|slot| slot.kind() == kind).ok_or(StoreError::Locked(LockReason::NoSuchSlot))
    }

    /// Adds a slot, replacing the one of its kind.
    pub(super) fn put(&mut self, slot: Slot) {
        self.slots.retain(|old| old.kind() != slot.kind());
        self.lapsed.shared &= slot.kind() != SlotKind::Passphrase;
        self.slots.push(slot);
    }

    /// Sets or replaces one person's passphrase.
    pub(super) fn put_person(&mut self, person: Person, sealed: Sealed) {
        self.remove_person(person.id);
        self.slots.push(Slot::Person { person: person.id, name: person.name, sealed });
    }

    /// Takes one person's passphrase away.
    pub(super) fn remove_person(&mut self, id: Uuid) {
        self.slots.retain(|slot| !matches!(slot, Slot::Person { person, .. } if *person == id));
        self.lapsed.people.retain(|person| person.id != id);
    }

    /// The people with a passphrase of their own, in the order in which they came.
    pub(crate) fn people(&self) -> Vec<Person> {
        self.sealed_people().map(|(person, _)| person).collect()
    }

    pub(super) fn sealed_people(&self) -> impl Iterator<Item = (Person, &Sealed)> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Person { person, name, sealed } => {
                Some((Person { id: *person, name: name.clone() }, sealed))
            }
            _ => None,
        })
    }

    fn format(&self) -> u32 {
        if self.kinds().contains(&SlotKind::Person) { FORMAT } else { 1 }
    }

    /// Takes a way of unlocking away.
    pub(super) fn remove(&mut self, kind: SlotKind) {
        self.slots.retain(|slot| slot.kind() != kind);
    }

    /// The name of the keyring's entry, where the profile uses a keyring.
    pub(crate) fn keyring_entry(&self) -> Option<Uuid> {
        self.slots.iter().find_map(|slot| match slot {
            Slot::Keyring { entry } => Some(entry.unwrap_or(self.profile)),
            _ => None,
        })
    }

    /// The same profile under another key; it has no way of unlocking yet, and every passphrase has lapsed that is not
    /// put in again.
    pub(super) fn rekeyed(&self, key: &DataKey) -> Self {
        let mut lapsed = self.lapsed.clone();
        lapsed.shared |= self.kinds().contains(&SlotKind::Passphrase);
        lapsed.people.extend(self.people());
        let fresh = Self::new(self.profile, key, self.created_at);
        Self { generation: self.generation + 1, ready: true, lapsed, ..fresh }
    }

    /// Whom the lock screen offers: people with a passphrase of their own, and those whose passphrases have lapsed.
    pub(crate) fn known_people(&self) -> Vec<Person> {
        let mut people = self.people();
        people.extend(self.lapsed.people.iter().cloned());
        people
    }

    pub(crate) fn kinds(&self) -> Vec<SlotKind> {
        self.slots.iter().map(Slot::kind).collect()
    }
}

/// The file around the body. The sums are over the body's exact bytes.
#[derive(Serialize, Deserialize)]
struct Envelope {
    format: u32,
    body: Box<RawValue>,
    sha256: String,
    mac: String,
}

/// A key file that was read.
#[derive(Debug)]
pub(super) struct KeyFile {
    pub(super) body: Body,
    raw: String,
    mac: Vec<u8>,
}

impl KeyFile {
    /// The file as it is written, on one line.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let body = RawValue::from_string(self.raw.clone()).expect("it was made from JSON or read as JSON");
        let mac = HEXLOWER.encode(&self.mac);
        serde_json::to_vec(&Envelope { format: self.body.format(), sha256: sum(&body), mac, body })
            .expect("the envelope is plain data")
    }

    /// Checks that `key` is this profile's and that only this program wrote the file.
    pub(super) fn authenticate(&self, key: &DataKey) -> StoreResult<()> {
        if key.mac(CHECK_PURPOSE, b"")[..16] != self.body.key_check {
            return Err(StoreError::Locked(LockReason::WrongKey));
        }
        if !key.verify_mac(MAC_PURPOSE, self.raw.as_bytes(), &self.mac) {
            return Err(StoreError::Locked(LockReason::KeyFileChanged));
        }
        Ok(())
    }
}

/// The newer readable copy; `None` when there is neither.
pub(super) fn load(db_dir: &Path) -> StoreResult<Option<KeyFile>> {
    let copies = [read(&db_dir.join(NAME))?, read(&db_dir.join(COPY))?];
    let [main, copy] = copies;
    match (main, copy) {
        (None, None) => Ok(None),
        (Some(Ok(main)), Some(Ok(copy))) => {
            Ok(Some(if copy.body.generation > main.body.generation { copy } else { main }))
        }
        (Some(Ok(file)), _) | (_, Some(Ok(file))) => Ok(Some(file)),
        (Some(Err(e)), _) | (None, Some(Err(e))) => Err(e),
    }
}

/// Writes both copies.
pub(super) fn store(db_dir: &Path, body: Body, key: &DataKey) -> StoreResult<KeyFile> {
    let raw = serde_json::value::to_raw_value(&body).expect("the body is plain data");
    let file =
        KeyFile { mac: key.mac(MAC_PURPOSE, raw.get().as_bytes()).to_vec(), raw: raw.get().to_owned(), body };
    let format = file.body.format();
    let envelope = Envelope { format, sha256: sum(&raw), mac: HEXLOWER.encode(&file.mac), body: raw };
    let mut bytes = serde_json::to_vec(&envelope).expect("the envelope is plain data");
    bytes.push(b'\n');
    durable::replace(&db_dir.join(NAME), &bytes)?;
    durable::replace(&db_dir.join(COPY), &bytes)?;
    Ok(file)
}

fn sum(raw: &RawValue) -> String {
    HEXLOWER.encode(&Sha256::digest(raw.get().as_bytes()))
}

/// `None`: not there. `Some(Err)`: there, and not usable.
fn read(path: &Path) -> StoreResult<Option<StoreResult<KeyFile>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(parse(&bytes))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(StoreError::io(path, e)),
    }
}

/// Reads a key file from its bytes.
pub(super) fn parse(bytes: &[u8]) -> StoreResult<KeyFile> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let damaged = || StoreError::Locked(LockReason::KeyFileDamaged);
    let Format { format } = serde_json::from_slice(bytes).map_err(|_| damaged())?;
    if format > FORMAT {
        return Err(StoreError::TooNew { found: format, known: FORMAT });
    }
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| damaged())?;
    if envelope.sha256 != sum(&envelope.body) {
        return Err(damaged());
    }
    let body: Body = serde_json::from_str(envelope.body.get()).map_err(|_| damaged())?;
    let mac = HEXLOWER.decode(envelope.mac.as_bytes()).map_err(|_| damaged())?;
    if body.database_salt.len() != SALT_LEN {
        return Err(damaged());
    }
    Ok(KeyFile { body, raw: envelope.body.get().to_owned(), mac })
}

pub(super) mod base64 {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::BASE64;

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        BASE64.decode(String::deserialize(from)?.as_bytes()).map_err(D::Error::custom)
    }
}
