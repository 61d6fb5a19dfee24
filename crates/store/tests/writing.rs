//! Transactions: whole or not at all, people before sync, and what a full or read-only disk does.

#![allow(clippy::unwrap_used)]

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use sunbench_store::{
    KeySource, Passphrase, ProfileState, Store, StoreError, StoreResult, setting, vault::PassphraseCost,
};

fn store(dir: &Path) -> Store {
    let store = Store::create_for_tests(dir);
    store
        .write_local(|tx| Ok(tx.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)")?))
        .unwrap();
    store
}

fn count(store: &Store) -> i64 {
    store.read(|conn| Ok(conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?)).unwrap()
}

fn insert(tx: &rusqlite::Transaction<'_>, n: i64) -> StoreResult<()> {
    tx.execute("INSERT INTO t (n) VALUES (?1)", [n])?;
    Ok(())
}

#[test]
fn an_error_rolls_back_and_comes_out_as_it_is() {
    #[derive(Debug, thiserror::Error)]
    enum Refusal {
        #[error("too many")]
        TooMany,
        #[error(transparent)]
        Store(#[from] StoreError),
    }
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let refused: Result<(), Refusal> = store.try_write_local(|tx| {
        insert(tx, 1)?;
        Err(Refusal::TooMany)
    });
    assert!(matches!(refused, Err(Refusal::TooMany)));
    let twice: Result<(), Refusal> = store.try_write_mirror(|tx| {
        insert(tx, 1)?;
        Ok(insert(tx, 1)?)
    });
    assert!(matches!(twice, Err(Refusal::Store(StoreError::Sqlite(_)))), "{twice:?}");
    assert_eq!(count(&store), 0);
    store.write_local(|tx| insert(tx, 1)).unwrap();
    assert_eq!(count(&store), 1);
}

#[test]
fn a_panic_rolls_back_and_the_store_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(store(dir.path()));
    let other = Arc::clone(&store);
    thread::spawn(move || {
        other.write_local(|tx| -> StoreResult<()> {
            insert(tx, 1)?;
            panic!("on purpose")
        })
    })
    .join()
    .unwrap_err();
    assert_eq!(count(&store), 0);
    store.write_local(|tx| insert(tx, 2)).unwrap();
    store.write_mirror(|tx| insert(tx, 3)).unwrap();
    assert_eq!(count(&store), 2);
}

#[test]
fn a_reader_sees_one_moment_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let (before, after) = store
        .read(|conn| {
            let rows = || {
                Ok::<_, StoreError>(conn.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0))?)
            };
            let before = rows()?;
            store.write_mirror(|tx| insert(tx, 1))?;
            Ok((before, rows()?))
        })
        .unwrap();
    assert_eq!((before, after), (0, 0));
    assert_eq!(count(&store), 1);
}

#[test]
fn readers_cannot_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let refused = store.read(|conn| setting::set(conn, "a", "1"));
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    assert_eq!(store.read(|conn| setting::get(conn, "a")).unwrap(), None);
}

#[test]
fn more_readers_than_connections_take_turns() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let together = Barrier::new(12);
    thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                together.wait();
                for _ in 0..20 {
                    assert_eq!(count(&store), 0);
                }
            });
        }
    });
}

/// However busy sync is, a person's write has its turn after the transaction that sync is in.
#[test]
fn a_person_does_not_wait_for_the_whole_sync() {
    const ROUNDS: i64 = 20;
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let (stop, synced) = (AtomicBool::new(false), AtomicUsize::new(0));
    let before_people = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                store
                    .write_mirror(|tx| {
                        synced.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(5));
                        Ok(tx.execute("INSERT INTO t DEFAULT VALUES", [])?)
                    })
                    .unwrap();
            }
        });
        let wait = |n: i64| {
            let came = synced.load(Ordering::Relaxed);
            store
                .write_local(|tx| {
                    insert(tx, -n)?;
                    Ok(synced.load(Ordering::Relaxed) - came)
                })
                .unwrap()
        };
        let waits: usize = (0..ROUNDS).map(wait).sum();
        stop.store(true, Ordering::Relaxed);
        waits
    });
    // One more than the running one begins only when this thread sleeps between coming and queueing.
    assert!(
        before_people < 2 * ROUNDS as usize,
        "{before_people} transactions of sync went before {ROUNDS} people"
    );
}

#[test]
fn a_read_only_folder_is_told() {
    let dir = tempfile::tempdir().unwrap();
    // A file where the folder should be: no right to write there, for an administrator too.
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error =
        Store::create(&file, &KeySource::Keyring, chrono::DateTime::UNIX_EPOCH.fixed_offset()).unwrap_err();
    assert!(matches!(&error, StoreError::Io { path, .. } if *path == file), "{error:?}");
}

/// A folder on a file system of a few megabytes, from `SUNBENCH_TEST_SMALL_DISK`.
fn small_disk() -> Option<PathBuf> {
    env::var_os("SUNBENCH_TEST_SMALL_DISK").map(PathBuf::from)
}

/// Fills the disk to the last byte and returns the file to remove.
fn fill(dir: &Path) -> PathBuf {
    let path = dir.join("filler");
    let mut file = fs::File::create(&path).unwrap();
    for size in [65536, 4096, 1] {
        for round in 0.. {
            assert!(round < 1 << 14, "not a small disk");
            if file.write_all(&vec![7; size]).is_err() {
                break;
            }
        }
    }
    path
}

#[test]
fn a_full_disk_loses_nothing_that_was_confirmed() {
    let Some(disk) = small_disk() else { return };
    let key = |text: &str| KeySource::Passphrase(Passphrase::new(text, PassphraseCost::Scripted));
    let now = chrono::DateTime::UNIX_EPOCH.fixed_offset();
    let dir = disk.join("profile");
    let _ = fs::remove_dir_all(&dir);

    // No room for a profile at all.
    let filler = fill(&disk);
    let refused = Store::create(&dir, &key("a"), now).map(|_| ());
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    fs::remove_file(&filler).unwrap();
    assert_eq!(Store::inspect(&dir).unwrap(), ProfileState::Empty);

    // Room for a part of one: the disk may be full at every step of its making.
    for room in (0..1_500_000).step_by(50_000) {
        let filler = fill(&disk);
        let full = fs::metadata(&filler).unwrap().len();
        fs::OpenOptions::new().write(true).open(&filler).unwrap().set_len(full - room).unwrap();
        let made = Store::create(&dir, &key("a"), now).map(|_| ());
        assert!(matches!(made, Ok(()) | Err(StoreError::DiskFull)), "{room}: {made:?}");
        fs::remove_file(&filler).unwrap();
        match made {
            Ok(()) => drop(Store::open(&dir, &key("a")).unwrap()),
            Err(_) => assert_eq!(Store::inspect(&dir).unwrap(), ProfileState::Empty, "{room}"),
        }
        fs::remove_dir_all(&dir).unwrap();
    }

    let (store, _) = Store::create(&dir, &key("a"), now).unwrap();
    store
        .write_local(|tx| Ok(tx.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)")?))
        .unwrap();
    let mut confirmed = 0;
    let full = loop {
        match store.write_local(|tx| Ok(tx.execute("INSERT INTO t (text) VALUES (randomblob(20000))", [])?)) {
            Ok(_) => confirmed += 1,
            Err(e) => break e,
        }
    };
    assert!(matches!(full, StoreError::DiskFull), "{full:?}");
    assert!(confirmed > 10, "{confirmed}");
    assert_eq!(count(&store), confirmed);
    let filler = fill(&disk);
    let unchanged = store.set_passphrase(&Passphrase::new("b", PassphraseCost::Scripted));
    assert!(matches!(unchanged, Err(StoreError::DiskFull)), "{unchanged:?}");
    drop(store);

    // On a disk that is still full the profile opens or says why.
    match Store::open(&dir, &key("a")) {
        Ok(store) => assert_eq!(count(&store), confirmed),
        Err(e) => assert!(matches!(e, StoreError::DiskFull), "{e:?}"),
    }
    fs::remove_file(&filler).unwrap();
    let store = Store::open(&dir, &key("a")).unwrap();
    assert_eq!(count(&store), confirmed);
    let integrity: String =
        store.read(|conn| Ok(conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?)).unwrap();
    assert_eq!(integrity, "ok");
    fs::remove_dir_all(&dir).unwrap();
}
