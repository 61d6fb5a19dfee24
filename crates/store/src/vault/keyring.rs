//! The operating system's keyring: the Secret Service on Linux, the Credential Manager on Windows.

use std::{collections::HashMap, sync::mpsc, thread, time::Duration};

use zeroize::Zeroizing;

use super::KEYRING_SERVICE;
use crate::error::StoreError;

/// A person may have to type the keyring's password first.
const PATIENCE: Duration = Duration::from_mins(2);

/// Why the keyring did not answer; three different messages for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// No keyring service runs here.
    #[error("no keyring on this system")]
    Absent,
    /// It is there and locked, or access was refused.
    #[error("the keyring is locked")]
    Locked,
    /// It is open and has no such entry.
    #[error("no such entry in the keyring")]
    NoEntry,
}

impl From<KeyRingError> for StoreError {
    fn from(error: KeyRingError) -> Self {
        match error {
            KeyRingError::Absent => Self::KeyringAbsent,
            KeyRingError::Locked => Self::KeyringLocked,
            KeyRingError::NoEntry => Self::KeyMissing,
        }
    }
}

/// A place that keeps secrets by name.
pub trait KeyRing: Send + Sync {
    /// The secret of `entry`.
    fn get(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, KeyRingError>;
    /// Stores or replaces the secret of `entry`.
    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeyRingError>;
    /// Forgets `entry`; nothing happens when there is none.
    fn delete(&self, entry: &str) -> Result<(), KeyRingError>;
}

/// The keyring of this machine's user. Each call connects anew, so that a keyring which was started or unlocked
/// meanwhile is found.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsKeyRing;

impl KeyRing for OsKeyRing {
    fn get(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, KeyRingError> {
        apart(entry, |entry| entry.get_secret().map(Zeroizing::new))
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeyRingError> {
        let secret = Zeroizing::new(secret.to_vec());
        apart(entry, move |entry| entry.set_secret(&secret))
    }

    fn delete(&self, entry: &str) -> Result<(), KeyRingError> {
        match apart(entry, |entry| entry.delete_credential()) {
            Err(KeyRingError::NoEntry) => Ok(()),
            other => other,
        }
    }
}

/// Runs `ask` on a thread of its own: the store blocks on an executor, which must not happen inside another one, and a
/// prompt that nobody answers must not hang the program.
fn apart<T: Send + 'static>(
    user: &str,
    ask: impl FnOnce(keyring_core::Entry) -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, KeyRingError> {
    let user = user.to_owned();
    let (answer, question) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            let result = connect().map_err(|_| KeyRingError::Absent).and_then(|store| {
                store.build(KEYRING_SERVICE, &user, labels().as_ref()).and_then(ask).map_err(|e| sort(&e))
            });
            // Nobody listens any more after the time-out.
            let _ = answer.send(result);
        })
        .map_err(|_| KeyRingError::Absent)?;
    question.recv_timeout(PATIENCE).unwrap_or(Err(KeyRingError::Locked))
}

fn sort(error: &keyring_core::Error) -> KeyRingError {
    use keyring_core::Error;
    match error {
        Error::NoEntry => KeyRingError::NoEntry,
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => KeyRingError::Absent,
        // Everything else means that the entry exists or may exist and cannot be had now.
        _ => KeyRingError::Locked,
    }
}

/// What the system's password manager shows; the stores name it differently.
fn labels() -> Option<HashMap<&'static str, &'static str>> {
    cfg!(target_os = "linux").then(|| HashMap::from([("label", "Sunbench 阳采工作台")]))
}

#[cfg(target_os = "linux")]
fn connect() -> keyring_core::Result<std::sync::Arc<keyring_core::CredentialStore>> {
    // Never the kernel's keyutils: that store forgets at restart.
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(windows)]
fn connect() -> keyring_core::Result<std::sync::Arc<keyring_core::CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", windows)))]
fn connect() -> keyring_core::Result<std::sync::Arc<keyring_core::CredentialStore>> {
    Err(keyring_core::Error::NoDefaultStore)
}
