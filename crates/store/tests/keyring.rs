//! The operating system's keyring. Runs where `SUNBENCH_TEST_KEYRING=1` says that there is an unlocked one, and fails if
//! there is not. `SUNBENCH_TEST_KEYRING=lock` runs the test that locks it, which must have the keyring for itself.

#![allow(clippy::unwrap_used)]

use std::{env, process::Command};

use chrono::DateTime;
use sunbench_store::{
    KeySource, LockReason, ProfileState, Store, StoreError, UnlockedBy, setting,
    vault::{KeyRing as _, KeyRingError, OsKeyRing},
};
use uuid::Uuid;

fn wanted(kind: &str) -> bool {
    match env::var("SUNBENCH_TEST_KEYRING").as_deref() {
        Ok("1") => kind == "1",
        Ok("lock") => kind == "lock",
        Ok(other) => panic!("SUNBENCH_TEST_KEYRING={other} means nothing"),
        Err(_) => false,
    }
}

#[test]
fn secrets_are_kept_replaced_and_forgotten() {
    if !wanted("1") {
        return;
    }
    let entry = Uuid::new_v4().to_string();
    assert_eq!(OsKeyRing.get(&entry).unwrap_err(), KeyRingError::NoEntry);
    OsKeyRing.delete(&entry).unwrap();
    for secret in [&[0_u8; 32][..], &[0xFF; 32], b"text"] {
        OsKeyRing.set(&entry, secret).unwrap();
        assert_eq!(OsKeyRing.get(&entry).unwrap().as_slice(), secret);
    }
    OsKeyRing.delete(&entry).unwrap();
    assert_eq!(OsKeyRing.get(&entry).unwrap_err(), KeyRingError::NoEntry);
}

#[test]
fn a_profile_lives_in_the_real_keyring() {
    if !wanted("1") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (store, code) =
        Store::create(dir.path(), &KeySource::Keyring, DateTime::UNIX_EPOCH.fixed_offset()).unwrap();
    store.write_local(|tx| setting::set(tx, "a", "阳光采购")).unwrap();
    let id = store.profile_id().to_string();
    drop(store);

    let store = Store::open(dir.path(), &KeySource::Keyring).unwrap();
    assert_eq!(store.unlocked_by(), UnlockedBy::Keyring);
    assert_eq!(store.read(|conn| setting::get(conn, "a")).unwrap().as_deref(), Some("阳光采购"));
    drop(store);

    let key = OsKeyRing.get(&id).unwrap();
    OsKeyRing.set(&id, &[1; 32]).unwrap();
    let changed = Store::open(dir.path(), &KeySource::Keyring).unwrap_err();
    assert!(matches!(changed, StoreError::Locked(LockReason::WrongKey)), "{changed:?}");

    OsKeyRing.delete(&id).unwrap();
    let missing = Store::open(dir.path(), &KeySource::Keyring).unwrap_err();
    assert!(matches!(missing, StoreError::KeyMissing), "{missing:?}");

    let store = Store::open(dir.path(), &KeySource::Recovery(code.reveal())).unwrap();
    assert_eq!(store.unlocked_by(), UnlockedBy::Recovery { keyring_installed: true });
    drop(store);
    assert_eq!(OsKeyRing.get(&id).unwrap().as_slice(), key.as_slice());
    drop(Store::open(dir.path(), &KeySource::Keyring).unwrap());
    OsKeyRing.delete(&id).unwrap();
}

/// Opening from inside an executor, as the window does, must not panic or hang.
#[test]
fn the_keyring_answers_on_any_thread() {
    if !wanted("1") {
        return;
    }
    let entry = Uuid::new_v4().to_string();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(OsKeyRing.get(&entry).unwrap_err(), KeyRingError::NoEntry));
        }
    });
}

#[test]
fn a_locked_keyring_is_told_from_a_missing_one() {
    if !wanted("lock") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let now = DateTime::UNIX_EPOCH.fixed_offset();
    drop(Store::create(dir.path(), &KeySource::Keyring, now).unwrap());
    // `secret-tool lock` crashes in the version of Debian 12.
    let lock = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .args([
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/aliases/default",
        ])
        .output()
        .unwrap();
    assert!(lock.status.success(), "{lock:?}");
    let locked = Store::open(dir.path(), &KeySource::Keyring).unwrap_err();
    assert!(matches!(locked, StoreError::KeyringLocked), "{locked:?}");
    let elsewhere = dir.path().join("second");
    let locked = Store::create(&elsewhere, &KeySource::Keyring, now).unwrap_err();
    assert!(matches!(locked, StoreError::KeyringLocked), "{locked:?}");
    assert_eq!(Store::inspect(&elsewhere).unwrap(), ProfileState::Empty);
}
