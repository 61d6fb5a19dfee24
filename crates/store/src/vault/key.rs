//! The data key, and what is derived from it.

use std::{
    fmt::{self, Write as _},
    fs::File,
    io::Read as _,
    path::Path,
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::file::base64;
use crate::error::{LockReason, StoreError, StoreResult};

pub(super) const KEY_LEN: usize = 32;
pub(crate) const SALT_LEN: usize = 16;
const NONCE_LEN: usize = 24;

/// Random bytes from the operating system.
pub(super) fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).expect("the operating system has randomness after boot");
    bytes
}

/// The 32 random bytes that everything depends on. Never printed, wiped when dropped.
#[derive(Clone)]
pub(crate) struct DataKey(Zeroizing<[u8; KEY_LEN]>);

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

impl DataKey {
    pub(super) fn random() -> Self {
        Self(random())
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// HMAC-SHA-256 under this key, separated by `purpose`.
    pub(super) fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        keyed(self.as_slice(), purpose, bytes).finalize().into_bytes().into()
    }

    /// Whether `tag` is [`Self::mac`] of `bytes`, in constant time.
    pub(super) fn verify_mac(&self, purpose: &str, bytes: &[u8], tag: &[u8]) -> bool {
        keyed(self.as_slice(), purpose, bytes).verify_slice(tag).is_ok()
    }
}

fn keyed(key: &[u8], purpose: &str, bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(&(purpose.len() as u64).to_be_bytes());
    mac.update(purpose.as_bytes());
    mac.update(bytes);
    mac
}

/// A data key encrypted under another key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Wrapped {
    #[serde(with = "base64")]
    nonce: Vec<u8>,
    #[serde(with = "base64")]
    sealed: Vec<u8>,
}

/// XChaCha20-Poly1305 of the data key under `kek`, bound to `aad`.
pub(super) fn wrap(kek: &[u8; KEY_LEN], aad: &[u8], key: &DataKey) -> Wrapped {
    let nonce = random::<NONCE_LEN>();
    let sealed = XChaCha20Poly1305::new(kek.into())
        .encrypt((&*nonce).into(), Payload { msg: key.as_slice(), aad })
        .expect("encrypting 32 bytes in memory");
    Wrapped { nonce: nonce.to_vec(), sealed }
}

/// Undoes [`wrap`]; [`LockReason::WrongKey`] when anything differs.
pub(super) fn unwrap(kek: &[u8; KEY_LEN], aad: &[u8], wrapped: &Wrapped) -> StoreResult<DataKey> {
    let wrong = || StoreError::Locked(LockReason::WrongKey);
    let nonce: [u8; NONCE_LEN] = wrapped.nonce.as_slice().try_into().map_err(|_| wrong())?;
    let opened = XChaCha20Poly1305::new(kek.into())
        .decrypt((&nonce).into(), Payload { msg: &wrapped.sealed, aad })
        .map(Zeroizing::new)
        .map_err(|_| wrong())?;
    DataKey::from_slice(&opened).ok_or_else(wrong)
}

/// What SQLCipher needs: the key and the file's salt.
///
/// The salt is ours rather than the file's, so that a file whose first bytes are damaged still decrypts, and one that
/// begins with another salt is known to be another database.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseKey {
    key: DataKey,
    salt: [u8; SALT_LEN],
}

impl DatabaseKey {
    pub(crate) fn new(key: &DataKey, salt: [u8; SALT_LEN]) -> Self {
        Self { key: key.clone(), salt }
    }

    /// `PRAGMA key` with the raw key: no derivation.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut sql = Zeroizing::new(String::with_capacity(128));
        sql.push_str("PRAGMA key = \"x'");
        for byte in self.key.as_slice().iter().chain(&self.salt) {
            write!(sql, "{byte:02x}").expect("writing to a String");
        }
        sql.push_str("'\"");
        sql
    }

    /// Whether the file at `path` begins with this database's salt.
    pub(crate) fn fits(&self, path: &Path) -> StoreResult<bool> {
        let mut head = Vec::with_capacity(SALT_LEN);
        File::open(path)
            .and_then(|f| f.take(SALT_LEN as u64).read_to_end(&mut head))
            .map_err(|e| StoreError::io(path, e))?;
        Ok(head == self.salt)
    }
}
