//! A damaged database is recognised, and what people made survives it.

#![allow(clippy::unwrap_used)]

use std::{
    fs::{self, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use chrono::{DateTime, FixedOffset};
use sunbench_store::{
    KeySource, ProfileState, SalvageReport, SalvagedTable, Store, StoreError, StoreResult, audit, setting,
    testing::TEST_KEYRING,
};

const PAGE: u64 = 4096;
const ENTRIES: u64 = 3000;
const SETTINGS: u64 = 1000;

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2025-03-03T09:00:00+08:00").unwrap()
}

/// A profile with a big table of the platform's, and people's work in the audit log and the settings.
fn profile(dir: &Path) {
    let store = Store::create_for_tests(dir);
    store
        .write_mirror(|tx| {
            tx.execute_batch("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")?;
            for id in 1..=5000 {
                tx.execute("INSERT INTO lines VALUES (?1, ?2)", (id, "订单明细".repeat(20)))?;
            }
            Ok(())
        })
        .unwrap();
    store
        .write_local(|tx| {
            for n in 1..=ENTRIES {
                let detail = serde_json::json!({ "n": n, "text": "已签收" });
                let entry =
                    audit::Entry { at: now(), actor: "li", action: "receive", subject: "d:1", detail };
                audit::append(tx, &entry)?;
            }
            // Two of the settings are the audit log's.
            for n in 1..SETTINGS - 1 {
                setting::set(tx, &format!("窗口{n:05}"), &"记住的值".repeat(10))?;
            }
            Ok(())
        })
        .unwrap();
}

/// A leaf page of a table: its number, and how many rows it holds.
#[derive(Clone, Copy)]
struct Leaf {
    page: u64,
    rows: u64,
}

/// The leaf pages of a table, in the order of its rows.
fn leaves(dir: &Path, table: &str) -> Vec<Leaf> {
    const LEAVES: &str =
        "SELECT pageno, ncell FROM dbstat WHERE name = ?1 AND pagetype = 'leaf' ORDER BY path";
    let store = Store::open_for_tests(dir);
    let read = store.read(|conn| {
        let mut pages = conn.prepare(LEAVES)?;
        let leaf = |row: &rusqlite::Row<'_>| {
            Ok(Leaf { page: row.get::<_, i64>(0)? as u64, rows: row.get::<_, i64>(1)? as u64 })
        };
        Ok(pages.query_map([table], leaf)?.collect::<Result<_, _>>()?)
    });
    read.unwrap()
}

/// Overwrites whole pages, counted from 1; of the first page only what follows the salt.
fn damage(dir: &Path, pages: &[Leaf]) {
    let mut file = OpenOptions::new().write(true).open(dir.join("db/sunbench.db")).unwrap();
    for &Leaf { page, .. } in pages {
        let skipped = if page == 1 { 16 } else { 0 };
        file.seek(SeekFrom::Start((page - 1) * PAGE + skipped)).unwrap();
        file.write_all(&vec![0xA5; (PAGE - skipped) as usize]).unwrap();
    }
}

fn salvage(dir: &Path) -> StoreResult<SalvageReport> {
    Store::salvage_with(dir, &KeySource::Keyring, &*TEST_KEYRING, now(), Some(&["audit_log", "setting"]))
}

fn table(name: &str, copied: u64, complete: bool) -> SalvagedTable {
    SalvagedTable { name: name.to_owned(), copied, complete }
}

fn corrupt<T: std::fmt::Debug>(result: StoreResult<T>) -> Option<PathBuf> {
    match result {
        Err(StoreError::Corrupt { moved_to }) => moved_to,
        other => panic!("{other:?} instead of Corrupt"),
    }
}

fn open(dir: &Path) -> StoreResult<Store> {
    Store::open_with(dir, &KeySource::Keyring, &*TEST_KEYRING)
}

#[test]
fn damage_in_the_mirror_costs_people_nothing() {
    let dir = tempfile::tempdir().unwrap();
    profile(dir.path());
    let lines = leaves(dir.path(), "lines");
    damage(dir.path(), &lines[lines.len() / 2..][..3]);

    let store = open(dir.path()).unwrap();
    let scan = store
        .read(|conn| Ok(conn.query_row("SELECT sum(length(text)) FROM lines", [], |r| r.get::<_, i64>(0))?));
    assert_eq!(corrupt(scan), None);
    // The damage is met by one reader; the others and the rest of the file still work.
    assert_eq!(store.read(|conn| setting::get(conn, "窗口00001")).unwrap(), Some("记住的值".repeat(10)));
    // Nor does a writer that met it fail for good.
    let update = store.write_local(|tx| Ok(tx.execute("UPDATE lines SET text = text || '。'", [])?));
    assert_eq!(corrupt(update), None);
    store.write_local(|tx| setting::set(tx, "窗口00001", &"记住的值".repeat(10))).unwrap();
    drop(store);
    let damaged = fs::read(dir.path().join("db/sunbench.db")).unwrap();

    let report = salvage(dir.path()).unwrap();
    assert_eq!(report.tables, [table("audit_log", ENTRIES, true), table("setting", SETTINGS, true)]);
    assert_eq!(
        fs::read(report.moved_to.join("sunbench.db")).unwrap(),
        damaged,
        "the damaged file is kept as it was"
    );

    let store = open(dir.path()).unwrap();
    let chain = store.read(audit::verify).unwrap();
    assert_eq!((chain.entries, chain.ok), (ENTRIES, true));
    store.write_local(|tx| setting::set(tx, "a", "1")).unwrap();
}

#[test]
fn rows_around_damaged_pages_are_found() {
    let dir = tempfile::tempdir().unwrap();
    profile(dir.path());
    let log = leaves(dir.path(), "audit_log");
    let settings = leaves(dir.path(), "setting");
    // Three separate places in one table, and one in a table without row numbers.
    let hit = [log[2], log[log.len() / 2], log[log.len() / 2 + 1], log[log.len() - 3]];
    let hit_setting = settings[settings.len() / 2];
    damage(dir.path(), &hit);
    damage(dir.path(), &[hit_setting]);

    let report = salvage(dir.path()).unwrap();
    let lost: u64 = hit.iter().map(|leaf| leaf.rows).sum();
    assert!(lost > 40);
    assert_eq!(
        report.tables,
        [table("audit_log", ENTRIES - lost, false), table("setting", SETTINGS - hit_setting.rows, false)],
        "exactly the rows of the damaged pages are lost"
    );
    let chain = open(dir.path()).unwrap().read(audit::verify).unwrap();
    assert!(!chain.ok, "the gap shows");
}

#[test]
fn a_lost_first_page_is_told_and_a_new_profile_works() {
    let dir = tempfile::tempdir().unwrap();
    profile(dir.path());
    damage(dir.path(), &[Leaf { page: 1, rows: 0 }]);
    assert_eq!(corrupt(open(dir.path())), None);
    let report = salvage(dir.path()).unwrap();
    assert_eq!(report.tables, [table("audit_log", 0, false), table("setting", 0, false)]);
    let store = open(dir.path()).unwrap();
    assert_eq!(store.read(audit::verify).unwrap().entries, 0);
}

#[test]
fn what_is_only_in_the_log_is_salvaged_too() {
    let dir = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    profile(dir.path());
    let lines = leaves(dir.path(), "lines");
    // The files as a power cut leaves them: the last commit is in the write-ahead log only.
    let store = open(dir.path()).unwrap();
    store.write_local(|tx| setting::set(tx, "last", "刚刚确认")).unwrap();
    fs::create_dir(copy.path().join("db")).unwrap();
    for file in fs::read_dir(dir.path().join("db")).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), copy.path().join("db").join(file.file_name())).unwrap();
    }
    drop(store);
    assert!(copy.path().join("db/sunbench.db-wal").metadata().unwrap().len() > 0);
    damage(copy.path(), &lines[10..12]);
    let report = salvage(copy.path()).unwrap();
    assert_eq!(report.tables[1], table("setting", SETTINGS + 1, true));
    let last = open(copy.path()).unwrap().read(|conn| setting::get(conn, "last")).unwrap();
    assert_eq!(last.as_deref(), Some("刚刚确认"));
}

#[test]
fn an_interrupted_salvage_is_resumed() {
    let dir = tempfile::tempdir().unwrap();
    profile(dir.path());
    let lines = leaves(dir.path(), "lines");
    damage(dir.path(), &lines[10..12]);
    // The new database cannot be made: something is in its way.
    let obstacle = dir.path().join("db/sunbench.db.new");
    fs::create_dir(&obstacle).unwrap();
    salvage(dir.path()).unwrap_err();

    assert!(matches!(Store::inspect(dir.path()).unwrap(), ProfileState::Ready(_)));
    let moved_to = corrupt(open(dir.path())).expect("the files were moved");
    assert!(moved_to.join("sunbench.db").exists());
    let created = Store::create_with(dir.path(), &KeySource::Keyring, &*TEST_KEYRING, now());
    assert!(matches!(created, Err(StoreError::AlreadyExists)), "no empty profile in its place");

    fs::remove_dir(&obstacle).unwrap();
    let report = salvage(dir.path()).unwrap();
    assert_eq!(report.moved_to, moved_to);
    assert_eq!(report.tables, [table("audit_log", ENTRIES, true), table("setting", SETTINGS, true)]);
    open(dir.path()).unwrap();
}
