//! Opening a profile: what is written is there again, and what does not fit is refused with the files untouched.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::DateTime;
use sunbench_store::{
    KeySource, LockReason, Passphrase, ProfileState, RecoveryCode, Store, StoreError, StoreResult,
    UnlockedBy, setting,
    testing::MemoryKeyRing,
    vault::{KeyRing as _, KeyRingError, PassphraseCost, SlotKind},
};
use zeroize::Zeroizing;

fn create(dir: &Path, ring: &MemoryKeyRing) -> RecoveryCode {
    let (store, code) = Store::create_with(dir, &KeySource::Keyring, ring, now()).unwrap();
    store.write_local(|tx| setting::set(tx, "a", "1")).unwrap();
    code
}

fn now() -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339("2025-03-03T09:00:00+08:00").unwrap()
}

fn passphrase(text: &str) -> KeySource {
    KeySource::Passphrase(Passphrase::new(text, PassphraseCost::Scripted))
}

fn recovery(code: &RecoveryCode) -> KeySource {
    KeySource::Recovery(code.reveal())
}

fn value(store: &Store) -> Option<String> {
    store.read(|conn| setting::get(conn, "a")).unwrap()
}

/// Name, bytes and time of change of every file in the profile, but for the lock.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let mut all: Vec<_> = fs::read_dir(dir.join("db"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap(), path))
        .map(|(bytes, at, path)| (path, bytes, at))
        .collect();
    all.sort();
    all
}

/// Opening must fail and change nothing.
fn refused(dir: &Path, source: &KeySource, ring: &MemoryKeyRing) -> StoreError {
    let before = files(dir);
    let error = Store::open_with(dir, source, ring).map(|_| "opened").unwrap_err();
    assert_eq!(files(dir), before, "{error}: a refused opening changed a file");
    error
}

#[track_caller]
fn locked(error: &StoreError, reason: LockReason) {
    assert!(matches!(error, StoreError::Locked(r) if *r == reason), "{error:?} instead of {reason:?}");
}

#[test]
fn a_profile_is_made_written_and_read_again() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    assert_eq!(Store::inspect(dir.path()).unwrap(), ProfileState::Empty);
    create(dir.path(), &ring);
    assert_eq!(
        Store::inspect(dir.path()).unwrap(),
        ProfileState::Ready(vec![SlotKind::Keyring, SlotKind::Recovery])
    );
    let store = Store::open_with(dir.path(), &KeySource::Keyring, &ring).unwrap();
    store.write_mirror(|tx| setting::set(tx, "b", "2")).unwrap();
    assert_eq!(value(&store).as_deref(), Some("1"));
    assert_eq!(store.unlocked_by(), UnlockedBy::Keyring);
    assert_eq!(ring.len(), 1);
}

#[test]
fn an_empty_folder_stays_empty() {
    let dir = tempfile::tempdir().unwrap();
    let ring = MemoryKeyRing::default();
    let missing = dir.path().join("nothing");
    for path in [dir.path(), &missing] {
        let error = Store::open_with(path, &KeySource::Keyring, &ring).unwrap_err();
        assert!(matches!(error, StoreError::NotFound), "{error:?}");
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_second_program_is_told() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    let first = Store::open_with(dir.path(), &KeySource::Keyring, &ring).unwrap();
    for attempt in [
        Store::open_with(dir.path(), &KeySource::Keyring, &ring).map(|_| ()),
        Store::create_with(dir.path(), &KeySource::Keyring, &ring, now()).map(|_| ()),
        Store::salvage_with(dir.path(), &KeySource::Keyring, &ring, now(), Some(&[])).map(|_| ()),
    ] {
        assert!(matches!(attempt, Err(StoreError::InUse)), "{attempt:?}");
    }
    drop(first);
    Store::open_with(dir.path(), &KeySource::Keyring, &ring).unwrap();
}

#[test]
fn creating_over_a_profile_is_refused() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    let before = files(dir.path());
    let error = Store::create_with(dir.path(), &KeySource::Keyring, &ring, now()).unwrap_err();
    assert!(matches!(error, StoreError::AlreadyExists), "{error:?}");
    for name in ["keys.json", "keys.json.bak"] {
        fs::remove_file(dir.path().join("db").join(name)).unwrap();
    }
    let error = Store::create_with(dir.path(), &KeySource::Keyring, &ring, now()).unwrap_err();
    assert!(matches!(error, StoreError::AlreadyExists), "without keys there is still a database: {error:?}");
    assert!(files(dir.path()).iter().all(|file| before.contains(file)));
}

#[test]
fn three_faults_of_the_keyring_are_three_errors() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    let open = || refused(dir.path(), &KeySource::Keyring, &ring);
    ring.fail_with(Some(KeyRingError::Absent));
    assert!(matches!(open(), StoreError::KeyringAbsent));
    ring.fail_with(Some(KeyRingError::Locked));
    assert!(matches!(open(), StoreError::KeyringLocked));
    ring.fail_with(Some(KeyRingError::NoEntry));
    assert!(matches!(open(), StoreError::KeyMissing));
    ring.fail_with(None);
    let id = Store::open_with(dir.path(), &KeySource::Keyring, &ring).unwrap().profile_id().to_string();
    for changed in [vec![7; 32], vec![7; 31], Vec::new()] {
        ring.set(&id, &changed).unwrap();
        locked(&open(), LockReason::WrongKey);
    }
    ring.delete(&id).unwrap();
    assert!(matches!(open(), StoreError::KeyMissing));
    assert!(ring.is_empty(), "no new key is made for an existing database");
}

#[test]
fn no_profile_is_left_behind_without_a_keyring() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    ring.fail_with(Some(KeyRingError::Absent));
    let error = Store::create_with(dir.path(), &KeySource::Keyring, &ring, now()).unwrap_err();
    assert!(matches!(error, StoreError::KeyringAbsent), "{error:?}");
    assert_eq!(Store::inspect(dir.path()).unwrap(), ProfileState::Empty);
    let (store, _) = Store::create_with(dir.path(), &passphrase("第一次"), &ring, now()).unwrap();
    assert_eq!(store.unlocked_by(), UnlockedBy::Passphrase);
}

#[test]
fn the_passphrase_opens_and_leaves_the_keyring_alone() {
    let dir = tempfile::tempdir().unwrap();
    let ring = MemoryKeyRing::default();
    ring.fail_with(Some(KeyRingError::Absent));
    let (store, _) = Store::create_with(dir.path(), &passphrase("采购 2025"), &ring, now()).unwrap();
    store.write_local(|tx| setting::set(tx, "a", "1")).unwrap();
    drop(store);
    assert_eq!(
        value(&Store::open_with(dir.path(), &passphrase("采购 2025"), &ring).unwrap()).as_deref(),
        Some("1")
    );
    for wrong in ["采购 2025 ", "采购2025", ""] {
        locked(&refused(dir.path(), &passphrase(wrong), &ring), LockReason::WrongKey);
    }
    locked(&refused(dir.path(), &KeySource::Keyring, &ring), LockReason::NoSuchSlot);
}

#[test]
fn a_passphrase_file_may_end_in_one_newline() {
    let dir = tempfile::tempdir().unwrap();
    let profile = dir.path().join("profile");
    let file = dir.path().join("passphrase");
    let ring = MemoryKeyRing::default();
    let read = |bytes: &[u8]| -> StoreResult<KeySource> {
        fs::write(&file, bytes).unwrap();
        Passphrase::from_file(&file).map(KeySource::Passphrase)
    };
    drop(Store::create_with(&profile, &read(b"secret").unwrap(), &ring, now()).unwrap());
    for (bytes, opens) in [
        (&b"secret\n"[..], true),
        (b"secret\r\n", true),
        (b"secret", true),
        (b"secret\n\n", false),
        (b"secret ", false),
    ] {
        assert_eq!(Store::open_with(&profile, &read(bytes).unwrap(), &ring).is_ok(), opens, "{bytes:?}");
    }
    let error = read(b"\xFF\xFE").unwrap_err();
    assert!(matches!(&error, StoreError::Io { path, .. } if *path == file), "{error:?}");
    fs::remove_file(&file).unwrap();
    assert!(matches!(Passphrase::from_file(&file), Err(StoreError::Io { .. })));
}

#[test]
fn the_recovery_code_opens_on_another_machine_and_installs_its_keyring() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    let code = create(dir.path(), &ring);
    let elsewhere = MemoryKeyRing::default();
    assert!(matches!(refused(dir.path(), &KeySource::Keyring, &elsewhere), StoreError::KeyMissing));
    let store = Store::open_with(dir.path(), &recovery(&code), &elsewhere).unwrap();
    assert_eq!(value(&store).as_deref(), Some("1"));
    assert_eq!(store.unlocked_by(), UnlockedBy::Recovery { keyring_installed: true });
    drop(store);
    Store::open_with(dir.path(), &KeySource::Keyring, &elsewhere).unwrap();
}

#[test]
fn the_recovery_code_opens_without_a_keyring_and_a_passphrase_can_be_set() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    let code = create(dir.path(), &ring);
    ring.fail_with(Some(KeyRingError::Absent));
    let store = Store::open_with(dir.path(), &recovery(&code), &ring).unwrap();
    assert_eq!(store.unlocked_by(), UnlockedBy::Recovery { keyring_installed: false });
    store.set_passphrase(&Passphrase::new("新口令", PassphraseCost::Scripted)).unwrap();
    drop(store);
    Store::open_with(dir.path(), &passphrase("新口令"), &ring).unwrap();
    Store::open_with(dir.path(), &recovery(&code), &ring).unwrap();
}

#[test]
fn a_new_recovery_code_replaces_the_one_before() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    let first = create(dir.path(), &ring);
    let store = Store::open_with(dir.path(), &KeySource::Keyring, &ring).unwrap();
    let second = store.new_recovery_code().unwrap();
    drop(store);
    locked(&refused(dir.path(), &recovery(&first), &ring), LockReason::WrongKey);
    let mistyped = KeySource::Recovery(Zeroizing::new(second.reveal().replace('-', "")[1..].to_owned()));
    assert!(matches!(refused(dir.path(), &mistyped, &ring), StoreError::RecoveryCode(_)));
    Store::open_with(dir.path(), &recovery(&second), &ring).unwrap();
}

#[test]
fn a_passphrase_is_replaced() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    let store = Store::open_with(dir.path(), &KeySource::Keyring, &ring).unwrap();
    store.set_passphrase(&Passphrase::new("one", PassphraseCost::Scripted)).unwrap();
    store.set_passphrase(&Passphrase::new("two", PassphraseCost::Interactive)).unwrap();
    assert_eq!(store.slots(), [SlotKind::Keyring, SlotKind::Recovery, SlotKind::Passphrase]);
    drop(store);
    locked(&refused(dir.path(), &passphrase("one"), &ring), LockReason::WrongKey);
    Store::open_with(dir.path(), &passphrase("two"), &ring).unwrap();
}

#[test]
fn a_lost_or_damaged_key_file_never_becomes_an_empty_profile() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    let db = dir.path().join("db");
    let (main, copy) = (db.join("keys.json"), db.join("keys.json.bak"));
    let good = fs::read(&main).unwrap();
    let open = || Store::open_with(dir.path(), &KeySource::Keyring, &ring);

    // One copy is enough, whichever it is and whatever happened to the other.
    for broken in [&main, &copy] {
        fs::remove_file(broken).unwrap();
        assert_eq!(value(&open().unwrap()).as_deref(), Some("1"));
        for torn in [&good[..0], &good[..good.len() / 2], b"{}", b"\xFF\x00"] {
            fs::write(broken, torn).unwrap();
            assert_eq!(value(&open().unwrap()).as_deref(), Some("1"));
        }
        fs::write(broken, &good).unwrap();
    }

    for torn in [&good[..0], &good[..good.len() / 2], b"[]"] {
        fs::write(&main, torn).unwrap();
        fs::write(&copy, torn).unwrap();
        locked(&refused(dir.path(), &KeySource::Keyring, &ring), LockReason::KeyFileDamaged);
    }
    fs::remove_file(&main).unwrap();
    fs::remove_file(&copy).unwrap();
    locked(&refused(dir.path(), &KeySource::Keyring, &ring), LockReason::KeyFileMissing);
    locked(&Store::inspect(dir.path()).unwrap_err(), LockReason::KeyFileMissing);

    fs::write(&copy, &good).unwrap();
    open().unwrap();
}

#[test]
fn every_flipped_bit_of_the_key_files_is_noticed() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    let db = dir.path().join("db");
    let good = fs::read(db.join("keys.json")).unwrap();
    fs::remove_file(db.join("keys.json.bak")).unwrap();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(db.join("keys.json"), &bad).unwrap();
        let opened = Store::open_with(dir.path(), &KeySource::Keyring, &ring);
        // JSON has bits without meaning: blanks, and the case of an escape. The slots must then still be the same.
        match opened {
            Ok(store) => assert_eq!(value(&store).as_deref(), Some("1"), "byte {at}"),
            Err(StoreError::Locked(_) | StoreError::TooNew { .. }) => {}
            Err(e) => panic!("byte {at}: {e:?}"),
        }
    }
}

#[test]
fn a_key_file_changed_by_another_hand_is_told_from_a_wrong_key() {
    use sha2::Digest as _;
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    let db = dir.path().join("db");
    // A careful hand: the checksum fits the change, but the MAC needs the key.
    let text = fs::read_to_string(db.join("keys.json")).unwrap();
    let start = text.find("\"body\":").unwrap() + 7;
    let end = text.find(",\"sha256\"").unwrap();
    let body = &text[start..end];
    let sum = |body: &str| data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(body));
    let changed = body.replace("\"generation\":2", "\"generation\":99");
    assert_ne!(changed, body);
    let forged = text.replace(body, &changed).replace(&sum(body), &sum(&changed));
    for name in ["keys.json", "keys.json.bak"] {
        fs::write(db.join(name), &forged).unwrap();
    }
    locked(&refused(dir.path(), &KeySource::Keyring, &ring), LockReason::KeyFileChanged);
}

#[test]
fn a_newer_key_file_asks_for_an_update() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    for name in ["keys.json", "keys.json.bak"] {
        fs::write(dir.path().join("db").join(name), r#"{"format":99,"slots":"elsewhere"}"#).unwrap();
    }
    let error = refused(dir.path(), &KeySource::Keyring, &ring);
    assert!(matches!(error, StoreError::TooNew { found: 99, .. }), "{error:?}");
}

#[test]
fn a_missing_database_is_a_loss_not_a_beginning() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    create(dir.path(), &ring);
    fs::remove_file(dir.path().join("db/sunbench.db")).unwrap();
    assert_eq!(Store::inspect(dir.path()).unwrap(), ProfileState::DatabaseMissing);
    assert!(matches!(refused(dir.path(), &KeySource::Keyring, &ring), StoreError::DatabaseMissing));
    let error = Store::create_with(dir.path(), &KeySource::Keyring, &ring, now()).unwrap_err();
    assert!(matches!(error, StoreError::DatabaseMissing), "{error:?}");
}

#[test]
fn another_profiles_database_is_not_called_damaged() {
    let ring = MemoryKeyRing::default();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    create(one.path(), &ring);
    create(two.path(), &ring);
    fs::copy(one.path().join("db/sunbench.db"), two.path().join("db/sunbench.db")).unwrap();
    locked(&refused(two.path(), &KeySource::Keyring, &ring), LockReason::OtherDatabase);
}

#[test]
fn an_interrupted_creation_can_be_repeated() {
    // After each step of a creation: the keys, the unfinished database.
    let ring = MemoryKeyRing::default();
    let dir = tempfile::tempdir().unwrap();
    create(dir.path(), &ring);
    let db = dir.path().join("db");
    let keys = fs::read_to_string(db.join("keys.json")).unwrap();
    fs::remove_dir_all(&db).unwrap();
    fs::create_dir(&db).unwrap();
    // Whoever stops there has written keys that say nothing of a database.
    fs::write(db.join("keys.json"), &keys[..keys.len() / 3]).unwrap();
    fs::write(db.join("sunbench.db.new"), b"half a page").unwrap();
    fs::write(db.join("sunbench.db.new-wal"), b"half a log").unwrap();
    assert_eq!(Store::inspect(dir.path()).unwrap(), ProfileState::Empty);
    create(dir.path(), &ring);
    assert_eq!(
        value(&Store::open_with(dir.path(), &KeySource::Keyring, &ring).unwrap()).as_deref(),
        Some("1")
    );
    assert!(!db.join("sunbench.db.new-wal").exists());
}

#[cfg(unix)]
#[test]
fn the_folders_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    let root = dir.path().join("wide");
    fs::create_dir(&root).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
    create(&root, &ring);
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(root.clone()), 0o700);
    assert_eq!(mode(root.join("db")), 0o700);
    assert_eq!(mode(root.join("db/keys.json")), 0o600);
    assert_eq!(mode(root.join("db/keys.json.bak")), 0o600);
}
