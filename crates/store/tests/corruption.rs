//! Damage at random places is told or harmless, never a wrong answer; and what people made is salvaged from it.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, FixedOffset};
use fastrand::Rng;
use rusqlite::types::Value;
use sunbench_store::{
    Connection, KeySource, Store, StoreError, StoreResult, audit,
    local::{
        attachment,
        outbox::{self, NewItem},
        reply_draft::{self, ReplyDraft},
    },
    setting,
    testing::TEST_KEYRING,
};

const PAGE: usize = 4096;
/// What is compared of each table: its key first, and nothing that opening or a salvage sets.
const TABLES: [(&str, &str); 6] = [
    ("audit_log", "SELECT seq, at, actor, action, subject, detail, prev, hash FROM audit_log"),
    ("outbox", "SELECT key, kind, document, body, body_sha256, base_ver, actor, created_at FROM outbox"),
    ("outbox_attachment", "SELECT key || sha256 FROM outbox_attachment"),
    ("attachment", "SELECT sha256, size, content FROM attachment"),
    ("reply_draft", "SELECT notice_id, round, cause, measures, responsible, edited_at FROM reply_draft"),
    ("setting", "SELECT key, value FROM setting WHERE key LIKE 'kept.%'"),
];
const PULLED: &str = "SELECT id, code, name FROM pulled";

fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-20T09:30:00+08:00").unwrap()
}

fn fill(store: &Store, first: i64, count: i64) {
    store
        .write_local(|tx| {
            for n in first..first + count {
                let sha256 = format!("{n:064x}");
                attachment::add(tx, &sha256, format!("附件{n}").repeat(400).as_bytes(), n)?;
                let item = NewItem {
                    key: &format!("key-{n:05}"),
                    kind: "notice.reply",
                    document: &format!("notice:{n}"),
                    body: &format!(r#"{{"cause":"原因{n}","measures":"{}"}}"#, "措施".repeat(100)),
                    base_ver: Some(n),
                    attachments: &[sha256],
                    actor: "li",
                    at: n,
                };
                outbox::add(tx, &item)?;
                let draft = ReplyDraft {
                    cause: format!("原因{n}").repeat(40),
                    edited_at: n,
                    ..ReplyDraft::default()
                };
                reply_draft::put(tx, &format!("n{n:05}"), 1, &draft)?;
                setting::set(tx, &format!("kept.{n:05}"), &"记住的值".repeat(20))?;
                let detail = serde_json::json!({ "n": n, "text": "已提交".repeat(10) });
                audit::append(
                    tx,
                    &audit::Entry { at: now(), actor: "li", action: "queued", subject: "s", detail },
                )?;
            }
            Ok(())
        })
        .unwrap();
}

type Rows = BTreeMap<String, Vec<Value>>;

fn rows(conn: &Connection, sql: &str) -> StoreResult<Rows> {
    let mut statement = conn.prepare(sql)?;
    let width = statement.column_count();
    let mut found = Rows::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..width).map(|i| row.get::<_, Value>(i)).collect::<Result<Vec<_>, _>>()?;
        found.insert(format!("{:?}", values[0]), values);
    }
    Ok(found)
}

/// Everything that a screen could show, table by table; each may fail for itself.
fn read_all(store: &Store) -> Vec<StoreResult<Rows>> {
    TABLES.iter().map(|(_, sql)| *sql).chain([PULLED]).map(|sql| store.read(|conn| rows(conn, sql))).collect()
}

/// The files of a profile, as a power cut leaves them: with a write-ahead log, or without.
struct Pristine {
    files: Vec<(PathBuf, Vec<u8>)>,
    /// What it holds, and what it held before the write-ahead log.
    now: Vec<Rows>,
    before: Vec<Rows>,
}

fn pristine(with_log: bool) -> Pristine {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_for_tests(dir.path());
    store
        .write_mirror(|tx| {
            tx.execute_batch("CREATE TABLE pulled (id INTEGER PRIMARY KEY, code TEXT, name TEXT); CREATE INDEX pulled_code ON pulled(code)")?;
            for id in 0..1_500 {
                tx.execute("INSERT INTO pulled VALUES (?1, ?2, ?3)", (id, format!("C{:019}", id * 7), "冠脉支架".repeat(8)))?;
            }
            Ok(())
        })
        .unwrap();
    fill(&store, 0, 60);
    let all = |store: &Store| read_all(store).into_iter().map(Result::unwrap).collect::<Vec<_>>();
    drop(store);
    let store = Store::open_for_tests(dir.path());
    let before = all(&store);
    if with_log {
        fill(&store, 60, 10);
    }
    let now = all(&store);
    let copy = || {
        let paths = fs::read_dir(dir.path().join("db")).unwrap().map(|entry| entry.unwrap().path());
        paths
            .filter(|path| !path.to_string_lossy().ends_with("-shm"))
            .map(|path| (path.file_name().unwrap().into(), fs::read(&path).unwrap()))
            .collect::<Vec<(PathBuf, _)>>()
    };
    let files = if with_log {
        copy()
    } else {
        drop(store);
        copy()
    };
    assert_eq!(
        files.iter().any(|(name, bytes)| name.ends_with("sunbench.db-wal") && bytes.len() > PAGE),
        with_log
    );
    Pristine { files, now, before }
}

/// Damages some bytes, and says how.
fn damage(bytes: &mut Vec<u8>, random: &mut Rng) -> String {
    let length = bytes.len();
    match random.usize(..8) {
        0..=2 => {
            let flips = 1 + random.usize(..8);
            let places: Vec<_> = (0..flips).map(|_| random.usize(..length)).collect();
            for &at in &places {
                bytes[at] ^= 1 << random.usize(..8);
            }
            format!("bits flipped at {places:?}")
        }
        3 => {
            let at = random.usize(..length);
            let end = length.min(at + 1 + random.usize(..3 * PAGE));
            bytes[at..end].fill(0);
            format!("nought from {at} to {end}")
        }
        4 => {
            let at = random.usize(..length);
            let end = length.min(at + 1 + random.usize(..2 * PAGE));
            bytes[at..end].iter_mut().for_each(|byte| *byte = random.u8(..));
            format!("noise from {at} to {end}")
        }
        5 => {
            bytes.truncate(random.usize(..length));
            format!("cut to {}", bytes.len())
        }
        6 if length > 3 * PAGE => {
            // A page of the same file in another's place: whole, and not where it belongs.
            let (from, to) = (random.usize(..length / PAGE), random.usize(..length / PAGE));
            let page = bytes[from * PAGE..(from + 1) * PAGE].to_vec();
            bytes[to * PAGE..(to + 1) * PAGE].copy_from_slice(&page);
            format!("page {from} over page {to}")
        }
        _ => {
            let more = 1 + random.usize(..2 * PAGE);
            bytes.extend((0..more).map(|_| random.u8(..)));
            format!("{more} bytes of noise at the end")
        }
    }
}

fn open(dir: &Path) -> StoreResult<Store> {
    Store::open_with(dir, &KeySource::Keyring, &*TEST_KEYRING)
}

#[derive(Default, Debug)]
struct Tally {
    told: u32,
    harmless: u32,
    salvaged_rows: usize,
    lost_rows: usize,
}

/// One damaged profile: what it shows is right or fails, and what is salvaged is right.
fn try_one(case: &str, dir: &Path, pristine: &Pristine, tally: &mut Tally) {
    let opened = open(dir);
    let damaged = match &opened {
        Ok(store) => {
            let shown = read_all(store);
            let mut failed = false;
            for (n, table) in shown.into_iter().enumerate() {
                match table {
                    // A write-ahead log that is cut short ends earlier: a whole state that there was.
                    Ok(rows) => assert!(
                        rows == pristine.now[n] || rows == pristine.before[n],
                        "{case}: a wrong answer from table {n}"
                    ),
                    Err(StoreError::Corrupt { .. }) => failed = true,
                    Err(error) => panic!("{case}: {error:?}"),
                }
            }
            // What no table shows, such as an index, is found by verifying.
            let integrity = store.read(sunbench_store::mirror::work::integrity);
            failed || !integrity.unwrap_or(false)
        }
        Err(StoreError::Corrupt { .. }) => true,
        // The key file, or the first bytes of the database: told, and nothing is changed.
        Err(StoreError::Locked(_) | StoreError::TooNew { .. }) => {
            tally.told += 1;
            return;
        }
        Err(error) => panic!("{case}: {error:?}"),
    };
    drop(opened);
    if !damaged {
        tally.harmless += 1;
        return;
    }
    tally.told += 1;
    Store::salvage_with(dir, &KeySource::Keyring, &*TEST_KEYRING, now(), None)
        .unwrap_or_else(|error| panic!("{case}: not salvaged: {error:?}"));
    let store = open(dir).unwrap_or_else(|error| panic!("{case}: not open after a salvage: {error:?}"));
    assert!(store.read(sunbench_store::mirror::work::integrity).unwrap(), "{case}");
    for (n, (name, sql)) in TABLES.iter().enumerate() {
        let saved = store.read(|conn| rows(conn, sql)).unwrap();
        for (key, row) in &saved {
            assert_eq!(pristine.now[n].get(key), Some(row), "{case}: {name} has a row that never was");
        }
        tally.salvaged_rows += saved.len();
        tally.lost_rows += pristine.now[n].len() - saved.len();
    }
    let queued: i64 = store
        .read(|conn| {
            Ok(conn.query_row("SELECT count(*) FROM outbox WHERE state = 'queued'", [], |r| r.get(0))?)
        })
        .unwrap();
    assert_eq!(queued, 0, "{case}: what was salvaged is asked about before it is sent");
}

#[test]
fn damage_is_told_or_harmless() {
    let (cases, seed) = (200 + 100 * (number("TORTURE", 1) - 1), number("SUNBENCH_SEED", 4_711));
    let (closed, killed) = (pristine(false), pristine(true));
    let mut tally = Tally::default();
    for n in 0..cases {
        let mut random = Rng::with_seed(seed.wrapping_add(n));
        let from = if n % 4 == 3 { &killed } else { &closed };
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("db")).unwrap();
        // Mostly the database and its log; now and then a small file beside them.
        let big: Vec<usize> = (0..from.files.len()).filter(|&i| from.files[i].1.len() > 2 * PAGE).collect();
        let hit = if random.usize(..8) == 0 {
            random.usize(..from.files.len())
        } else {
            big[random.usize(..big.len())]
        };
        let mut case = String::new();
        for (i, (name, bytes)) in from.files.iter().enumerate() {
            let mut bytes = bytes.clone();
            if i == hit && !bytes.is_empty() {
                case =
                    format!("seed {seed} case {n}: {} {}", name.display(), damage(&mut bytes, &mut random));
            }
            fs::write(dir.path().join("db").join(name), bytes).unwrap();
        }
        try_one(&case, dir.path(), from, &mut tally);
    }
    assert!(tally.told > tally.harmless / 4 && tally.harmless > 0, "{tally:?}");
    assert!(tally.salvaged_rows > tally.lost_rows, "{tally:?}");
    println!(
        "promise G1: {cases} profiles damaged at random: {} told and salvaged ({} of {} rows), {} harmless, no wrong answer, \
         seed {seed}",
        tally.told,
        tally.salvaged_rows,
        tally.salvaged_rows + tally.lost_rows,
        tally.harmless
    );
}
