//! Backups: made while everybody works, unreadable without a key, refused when a byte is wrong, restored beside the
//! old profile, with what waits to be asked about first.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use chrono::{DateTime, FixedOffset};
use sunbench_store::{
    BackupFault, KeySource, LockReason, Passphrase, ProfileState, RecoveryCode, RestoreReport, RestoreWith,
    Store, StoreError, StoreResult, audit, backup,
    local::{
        attachment,
        outbox::{self, NewItem, OutboxState},
    },
    restore, setting,
    testing::MemoryKeyRing,
    vault::PassphraseCost,
};

const CANARY: &str = "金丝雀备份正文 CANARY-4711";

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-20T09:30:00+08:00").unwrap()
}

struct Desk {
    dir: tempfile::TempDir,
    ring: MemoryKeyRing,
    code: RecoveryCode,
}

impl Desk {
    /// A profile with a submission in each state that matters, a file and some text.
    fn new() -> Self {
        let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
        let (store, code) =
            Store::create_with(&dir.path().join("profile"), &KeySource::Keyring, &ring, now()).unwrap();
        store
            .write_local(|tx| {
                for (key, then) in [
                    ("waits", None),
                    ("went", Some(OutboxState::Sending)),
                    ("done", Some(OutboxState::Accepted)),
                ] {
                    let item = NewItem {
                        key,
                        kind: "notice.reply",
                        document: &format!("notice:{key}"),
                        body: "{}",
                        base_ver: Some(1),
                        attachments: &["ab".repeat(32)],
                        actor: "li",
                        at: 1,
                    };
                    outbox::add(tx, &item)?;
                    if then.is_some() {
                        outbox::advance(tx, key, OutboxState::Sending, &outbox::Change::default())?;
                    }
                    if then == Some(OutboxState::Accepted) {
                        outbox::advance(tx, key, OutboxState::Accepted, &outbox::Change::default())?;
                    }
                }
                attachment::add(tx, &"ab".repeat(32), CANARY.repeat(300).as_bytes(), 1)?;
                setting::set(tx, "text", CANARY)?;
                let detail = serde_json::json!({ "text": CANARY });
                audit::append(tx, &audit::Entry { at: now(), actor: "li", action: "a", subject: "s", detail })
            })
            .unwrap();
        Self { dir, ring, code }
    }

    fn profile(&self) -> PathBuf {
        self.dir.path().join("profile")
    }

    fn open(&self) -> Store {
        Store::open_with(&self.profile(), &KeySource::Keyring, &self.ring).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn backup(&self, name: &str) -> PathBuf {
        let file = self.file(name);
        self.open().back_up(&file, now(), |_, _| true).unwrap();
        file
    }

    fn recovery(&self) -> KeySource {
        KeySource::Recovery(self.code.reveal())
    }
}

fn with(source: &KeySource) -> RestoreWith<'_> {
    RestoreWith { source, passphrase: None, actor: "li", now: now() }
}

fn restored(
    root: &Path,
    file: &Path,
    source: &KeySource,
    ring: &MemoryKeyRing,
) -> StoreResult<RestoreReport> {
    Store::restore_with(root, file, &with(source), ring, |tx| setting::set(tx, "adjusted", "1"))
}

fn text(store: &Store, key: &str) -> Option<String> {
    store.read(|conn| setting::get(conn, key)).unwrap()
}

/// Every file below a folder, with its bytes.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            all.extend(files(&entry));
        } else {
            all.push((entry.clone(), fs::read(&entry).unwrap()));
        }
    }
    all.sort();
    all
}

#[track_caller]
fn fault(result: StoreResult<impl std::fmt::Debug>, expected: BackupFault) {
    let error = result.unwrap_err();
    assert!(
        matches!(error, StoreError::Backup(fault) if fault == expected),
        "{error:?} instead of {expected:?}"
    );
}

#[test]
fn a_backup_opens_on_another_machine_by_the_recovery_code_only() {
    let desk = Desk::new();
    let file = desk.file("b.sbk");
    let report = desk.open().back_up(&file, now(), |_, _| true).unwrap();
    let bytes = fs::read(&file).unwrap();
    assert_eq!((report.bytes, report.chain_ok), (bytes.len() as u64, true));
    assert_eq!(report.info.audit_entries, 1);
    assert_eq!(backup::inspect(&file).unwrap(), report.info);
    assert_eq!(backup::verify(&file).unwrap(), report.info);
    assert!(desk.open().is_own_backup(&file));
    assert!(!Desk::new().open().is_own_backup(&file));
    // Nothing half-made stays, neither in the profile nor beside the backup.
    assert_eq!(
        files(desk.dir.path()).len(),
        1 + 5,
        "the backup; keys, their copy, lock, database, the log's head"
    );

    let (elsewhere, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    let root = elsewhere.path().join("new");
    let error = restored(&root, &file, &KeySource::Keyring, &ring).unwrap_err();
    assert!(matches!(error, StoreError::KeyMissing), "{error:?}");
    assert!(!root.exists(), "a key that does not fit leaves nothing behind");
    let other = Desk::new();
    let error = restored(&root, &file, &other.recovery(), &ring).unwrap_err();
    assert!(matches!(error, StoreError::Locked(LockReason::WrongKey)), "{error:?}");

    let report = restored(&root, &file, &desk.recovery(), &ring).unwrap();
    assert_eq!((report.created_at, report.moved_to), (now(), None));
    assert_eq!((report.waiting, report.uncertain), (2, 2));
    let store = Store::open_with(&root, &KeySource::Keyring, &ring).unwrap();
    assert_eq!(text(&store, "text").as_deref(), Some(CANARY));
    assert_eq!(text(&store, "adjusted").as_deref(), Some("1"));
    assert_eq!(text(&store, restore::EPOCH), Some(report.epoch.to_string()));
    let content = store.read(|conn| attachment::read(conn, &"ab".repeat(32), 0, 1 << 20)).unwrap().unwrap();
    assert_eq!(content, CANARY.repeat(300).as_bytes());
    for (key, state) in
        [("waits", OutboxState::Sending), ("went", OutboxState::Sending), ("done", OutboxState::Accepted)]
    {
        assert_eq!(store.read(|conn| outbox::get(conn, key)).unwrap().unwrap().state, state, "{key}");
    }
    let chain = store.read(audit::verify).unwrap();
    assert_eq!((chain.ok, chain.entries), (true, 2), "the restore is in the log");
    let last = store.read(|conn| audit::page(conn, None, 1)).unwrap().remove(0);
    assert_eq!(last.action, "profile.restored");
}

#[test]
fn a_restored_profile_leaves_the_one_before_as_it_was() {
    let desk = Desk::new();
    let file = desk.backup("b.sbk");
    desk.open().write_local(|tx| setting::set(tx, "text", "later")).unwrap();
    let before = files(&desk.profile().join("db"));
    let mut epochs = Vec::new();
    for round in 1..=2 {
        let report = restored(&desk.profile(), &file, &KeySource::Keyring, &desk.ring).unwrap();
        let aside = report.moved_to.unwrap();
        if round == 1 {
            let kept: Vec<_> = files(&aside).into_iter().map(|(_, bytes)| bytes).collect();
            assert_eq!(kept, before.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>());
        }
        assert_eq!(text(&desk.open(), "text").as_deref(), Some(CANARY));
        epochs.push(report.epoch);
        assert_eq!(desk.ring.len(), 1 + round, "each copy has its own entry in the keyring");
    }
    assert_ne!(epochs[0], epochs[1]);
    // The one that was moved aside can be put back.
    let aside = desk.profile().join(format!("replaced-{}", now().format("%Y%m%dT%H%M%S")));
    fs::rename(desk.profile().join("db"), desk.file("away")).unwrap();
    fs::rename(aside, desk.profile().join("db")).unwrap();
    assert_eq!(text(&desk.open(), "text").as_deref(), Some("later"));
    // A restore does not touch a profile that is open.
    let open = desk.open();
    let error = restored(&desk.profile(), &file, &KeySource::Keyring, &desk.ring).unwrap_err();
    assert!(matches!(error, StoreError::InUse), "{error:?}");
    drop(open);
}

#[test]
fn a_passphrase_opens_its_backup_and_a_new_one_can_be_set() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), MemoryKeyRing::default());
    let words = |text: &str| KeySource::Passphrase(Passphrase::new(text, PassphraseCost::Scripted));
    let (store, code) = Store::create_with(&dir.path().join("a"), &words("旧口令"), &ring, now()).unwrap();
    let file = dir.path().join("b.sbk");
    store.back_up(&file, now(), |_, _| true).unwrap();
    drop(store);
    let error = restored(&dir.path().join("b"), &file, &words("别的"), &ring).unwrap_err();
    assert!(matches!(error, StoreError::Locked(LockReason::WrongKey)), "{error:?}");
    restored(&dir.path().join("b"), &file, &words("旧口令"), &ring).unwrap();
    drop(Store::open_with(&dir.path().join("b"), &words("旧口令"), &ring).unwrap());
    assert!(ring.is_empty(), "the keyring is not touched");
    let (source, fresh) =
        (KeySource::Recovery(code.reveal()), Passphrase::new("新口令", PassphraseCost::Scripted));
    let given = RestoreWith { passphrase: Some(&fresh), ..with(&source) };
    Store::restore_with(&dir.path().join("c"), &file, &given, &ring, |_| Ok(())).unwrap();
    drop(Store::open_with(&dir.path().join("c"), &words("新口令"), &ring).unwrap());
}

#[test]
fn no_byte_of_a_backup_can_be_read() {
    let desk = Desk::new();
    let file = desk.backup("b.sbk");
    let bytes = fs::read(&file).unwrap();
    assert!(bytes.len() > 100_000);
    let code = desk.code.reveal();
    let utf16: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for secret in
        [CANARY.as_bytes(), &utf16, code.as_bytes(), b"SQLite format 3", b"notice.reply", b"CREATE TABLE"]
    {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{secret:?}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_backup_is_refused_with_the_profile_untouched() {
    let desk = Desk::new();
    let file = desk.backup("b.sbk");
    let good = fs::read(&file).unwrap();
    let before = files(&desk.profile());
    let header = good.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(1).unwrap().0;
    let mut places: Vec<usize> = (16..header).step_by(7).collect();
    places.extend((header + 1..good.len()).step_by(good.len() / 60));
    for at in places {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(&file, &bad).unwrap();
        let result = restored(&desk.profile(), &file, &KeySource::Keyring, &desk.ring);
        let error = result.expect_err(&format!("byte {at} was flipped"));
        assert!(
            matches!(error, StoreError::Backup(BackupFault::Damaged) | StoreError::TooNew { .. }),
            "byte {at}: {error:?}"
        );
    }
    for length in [header, header + 2, good.len() - 1, good.len() / 2] {
        fs::write(&file, &good[..length]).unwrap();
        fault(restored(&desk.profile(), &file, &KeySource::Keyring, &desk.ring), BackupFault::Damaged);
        fault(backup::verify(&file), BackupFault::Damaged);
    }
    for other in [&b""[..], b"PK\x03\x04 a workbook", &good[1..]] {
        fs::write(&file, other).unwrap();
        fault(restored(&desk.profile(), &file, &KeySource::Keyring, &desk.ring), BackupFault::OtherFile);
    }
    // The copies that were not finished are the only trace, and the next opening removes it.
    drop(desk.open());
    let after = files(&desk.profile());
    assert_eq!(before, after);
    fs::write(&file, &good).unwrap();
    restored(&desk.profile(), &file, &KeySource::Keyring, &desk.ring).unwrap();
}

#[test]
fn a_good_backup_is_replaced_by_a_good_one_only() {
    let desk = Desk::new();
    let file = desk.backup("b.sbk");
    let good = fs::read(&file).unwrap();
    let store = desk.open();
    fault(store.back_up(&file, now(), |_, _| false), BackupFault::Cancelled);
    let other = desk.file("report.xlsx");
    fs::write(&other, "PK").unwrap();
    fault(store.back_up(&other, now(), |_, _| true), BackupFault::OtherFile);
    fault(store.back_up(desk.dir.path(), now(), |_, _| true), BackupFault::OtherFile);
    let missing = store.back_up(&desk.file("no/such/folder.sbk"), now(), |_, _| true).unwrap_err();
    assert!(matches!(missing, StoreError::FolderMissing), "{missing:?}");
    // A folder lies where the new one would be written: as good as a full disk.
    fs::create_dir(desk.file("b.sbk.part")).unwrap();
    store.back_up(&file, now(), |_, _| true).unwrap_err();
    assert_eq!(fs::read(&file).unwrap(), good);
    assert_eq!(fs::read(&other).unwrap(), b"PK");
    fs::remove_dir(desk.file("b.sbk.part")).unwrap();
    store.back_up(&file, now(), |_, _| true).unwrap();
    assert_ne!(fs::read(&file).unwrap(), good);
    backup::verify(&file).unwrap();
}

#[test]
fn people_and_sync_go_on_while_a_backup_is_made() {
    let desk = Desk::new();
    let store = desk.open();
    store
        .write_mirror(|tx| {
            tx.execute_batch("CREATE TABLE pair (side TEXT, n INTEGER)")?;
            tx.execute("INSERT INTO pair VALUES ('a', 0), ('b', 0)", [])?;
            // Enough pages that other commits fall between the steps.
            tx.execute_batch("CREATE TABLE bulk AS WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
                SELECT i, hex(randomblob(800)) AS text FROM n")?;
            Ok(())
        })
        .unwrap();
    let (stop, file) = (AtomicBool::new(false), desk.file("b.sbk"));
    let (wrote, steps) = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut n = 0;
            while !stop.load(Ordering::SeqCst) {
                n += 1;
                store
                    .write_mirror(|tx| {
                        Ok(tx.execute("UPDATE pair SET n = n + 1 WHERE side = 'a'", [])?
                            + tx.execute("UPDATE pair SET n = n + 1 WHERE side = 'b'", [])?)
                    })
                    .unwrap();
            }
            n
        });
        let mut steps = 0;
        store
            .back_up(&file, now(), |_, _| {
                steps += 1;
                true
            })
            .unwrap();
        stop.store(true, Ordering::SeqCst);
        (writer.join().unwrap(), steps)
    });
    assert!(wrote > 5 && steps > 3, "{wrote} commits during {steps} steps");
    let root = desk.file("restored");
    restored(&root, &file, &KeySource::Keyring, &desk.ring).unwrap();
    let copy = Store::open_with(&root, &desk.recovery(), &desk.ring).unwrap();
    let differ: i64 = copy
        .read(|conn| Ok(conn.query_row("SELECT count(DISTINCT n) FROM pair", [], |r| r.get(0))?))
        .unwrap();
    assert_eq!(differ, 1, "one snapshot");
}

#[test]
fn a_backup_of_a_newer_program_asks_for_an_update() {
    let desk = Desk::new();
    let file = desk.file("b.sbk");
    let store = desk.open();
    store.write_local(|tx| Ok(tx.execute_batch("PRAGMA user_version = 99")?)).unwrap();
    store.back_up(&file, now(), |_, _| true).unwrap();
    drop(store);
    let error = restored(&desk.file("new"), &file, &KeySource::Keyring, &desk.ring).unwrap_err();
    assert!(matches!(error, StoreError::TooNew { found: 99, .. }), "{error:?}");
    assert_eq!(Store::inspect(&desk.file("new")).unwrap(), ProfileState::Empty);
}
