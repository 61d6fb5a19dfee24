//! Promise G8: whoever changes what the audit log says, by whatever way, is found out.
//!
//! The forger here holds the data key and may write anything into the database, recompute every hash with the published
//! method, and put older copies of files back. Only the anchor's key, which lies inside the database, is not used:
//! somebody who goes that far is found out by an exported head alone.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use chrono::{DateTime, Duration, FixedOffset};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rusqlite::{Connection, Transaction, params};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sunbench_store::audit::{self, ChainFault, ChainReport};
use sunbench_store::{Store, StoreResult, setting};

/// What a forger does.
#[derive(Debug, Clone)]
enum Forgery {
    /// A field of one entry is changed.
    Change { at: usize, field: usize, resealed: bool },
    /// An entry is taken out; the rest may be numbered anew and sealed again.
    Remove { at: usize, closed: bool },
    /// An entry is put in before another.
    Insert { at: usize, resealed: bool },
    /// Two entries change places.
    Swap { a: usize, b: usize, resealed: bool },
    /// The end is cut off, and the database's own note of the end is mended.
    Cut { keep: usize },
    /// Everything is written anew from an entry on, with right hashes.
    Rewrite { from: usize },
    /// Yesterday's database file is put back.
    OldFile { keep: usize },
    /// The file beside the database is removed, emptied, or a byte of it is changed.
    Anchor { how: usize },
}

fn forgeries() -> impl Strategy<Value = Forgery> {
    let place = 0..200_usize;
    prop_oneof![
        (place.clone(), 0..5_usize, any::<bool>()).prop_map(|(at, field, resealed)| Forgery::Change {
            at,
            field,
            resealed
        }),
        (place.clone(), any::<bool>()).prop_map(|(at, closed)| Forgery::Remove { at, closed }),
        (place.clone(), any::<bool>()).prop_map(|(at, resealed)| Forgery::Insert { at, resealed }),
        (place.clone(), place.clone(), any::<bool>()).prop_map(|(a, b, resealed)| Forgery::Swap {
            a,
            b,
            resealed
        }),
        place.clone().prop_map(|keep| Forgery::Cut { keep }),
        place.clone().prop_map(|from| Forgery::Rewrite { from }),
        place.prop_map(|keep| Forgery::OldFile { keep }),
        (0..2 * ANCHOR_BYTES + 2).prop_map(|how| Forgery::Anchor { how }),
    ]
}

/// Bytes of a slot of the anchor.
const ANCHOR_BYTES: usize = 151;

type Row = (i64, [String; 5]);

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-12T09:00:00+08:00").unwrap()
}

fn append(store: &Store, first: usize, entries: usize) {
    for n in first..first + entries {
        let detail = json!({ "key": format!("019a-{n}"), "body": format!("{n:064x}"), "text": "督办回复" });
        let entry = audit::Entry {
            at: now() + Duration::seconds(n as i64),
            actor: if n % 3 == 0 { "li" } else { "wang" },
            action: "notice.reply.queued",
            subject: &format!("notice:{}", n % 7),
            detail,
        };
        store.write_local(|tx| audit::append(tx, &entry)).unwrap();
    }
}

fn rows(conn: &Connection) -> Vec<Row> {
    let mut statement =
        conn.prepare("SELECT seq, at, actor, action, subject, detail FROM audit_log ORDER BY seq").unwrap();
    let texts = |row: &rusqlite::Row<'_>| {
        Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?]))
    };
    statement.query_map([], texts).unwrap().map(Result::unwrap).collect()
}

/// The published method, on its own.
fn hash(seq: i64, texts: &[String; 5], prev: &[u8]) -> Vec<u8> {
    let mut bytes = b"sunbench audit v1\0".to_vec();
    bytes.extend(seq.to_be_bytes());
    for field in texts.iter().map(std::string::String::as_bytes).chain([prev]) {
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(field);
    }
    Sha256::digest(bytes).to_vec()
}

/// Writes the log anew: numbered from 1, sealed from entry `from` on, with the database's own note of the end.
fn write_anew(tx: &Transaction<'_>, rows: &[Row]) -> StoreResult<()> {
    tx.execute("DELETE FROM audit_log", [])?;
    let mut prev = vec![0; 32];
    for (n, (_, texts)) in rows.iter().enumerate() {
        let seq = n as i64 + 1;
        let hash = hash(seq, texts, &prev);
        tx.execute(
            "INSERT INTO audit_log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![seq, texts[0], texts[1], texts[2], texts[3], texts[4], prev, hash],
        )?;
        prev = hash;
    }
    let hex = data_encoding::HEXLOWER.encode(&prev);
    if rows.is_empty() {
        setting::remove(tx, "audit.head")
    } else {
        setting::set(tx, "audit.head", &format!("{}:{hex}", rows.len()))
    }
}

fn forge(store: &Store, forgery: &Forgery, entries: usize) {
    let mut log = store.read(|conn| Ok(rows(conn))).unwrap();
    let seq = |at: usize| (at % entries) as i64 + 1;
    store
        .write_local(|tx| {
            tx.execute_batch("DROP TRIGGER audit_log_keeps_rows; DROP TRIGGER audit_log_keeps_values")?;
            match forgery {
                Forgery::Change { at, field, resealed: false } => {
                    let column = ["at", "actor", "action", "subject", "detail"][*field];
                    let sql = format!("UPDATE audit_log SET {column} = {column} || ' ' WHERE seq = ?1");
                    tx.execute(&sql, [seq(*at)])?;
                }
                Forgery::Change { at, field, resealed: true } => {
                    log[at % entries].1[*field].push('x');
                    write_anew(tx, &log)?;
                }
                Forgery::Remove { at, closed: false } => {
                    tx.execute("DELETE FROM audit_log WHERE seq = ?1", [seq(*at)])?;
                }
                Forgery::Remove { at, closed: true } => {
                    log.remove(at % entries);
                    write_anew(tx, &log)?;
                }
                Forgery::Insert { at, resealed } => {
                    let (_, mut texts) = log[at % entries].clone();
                    "submission.accepted".clone_into(&mut texts[2]);
                    log.insert(at % entries, (0, texts.clone()));
                    if *resealed {
                        write_anew(tx, &log)?;
                    } else {
                        tx.execute("UPDATE audit_log SET seq = -seq - 1 WHERE seq >= ?1", [seq(*at)])?;
                        tx.execute("UPDATE audit_log SET seq = -seq WHERE seq < 0", [])?;
                        tx.execute(
                            "INSERT INTO audit_log VALUES (?1, ?2, ?3, ?4, ?5, ?6, zeroblob(32), zeroblob(32))",
                            params![seq(*at), texts[0], texts[1], texts[2], texts[3], texts[4]],
                        )?;
                    }
                }
                Forgery::Swap { a, b, resealed } => {
                    // Neighbours where the two are the same.
                    let (a, b) = (a % entries, if a % entries == b % entries { (a + 1) % entries } else { b % entries });
                    if *resealed {
                        log.swap(a, b);
                        write_anew(tx, &log)?;
                    } else {
                        let (a, b) = (a as i64 + 1, b as i64 + 1);
                        tx.execute("UPDATE audit_log SET seq = -?1 WHERE seq = ?1", [a])?;
                        tx.execute("UPDATE audit_log SET seq = ?1 WHERE seq = ?2", [a, b])?;
                        tx.execute("UPDATE audit_log SET seq = ?1 WHERE seq = -?2", [b, a])?;
                    }
                }
                Forgery::Cut { keep } => {
                    log.truncate(keep % entries);
                    write_anew(tx, &log)?;
                }
                Forgery::Rewrite { from } => {
                    for (_, texts) in &mut log[from % entries..] {
                        "nobody".clone_into(&mut texts[1]);
                    }
                    write_anew(tx, &log)?;
                }
                Forgery::OldFile { .. } | Forgery::Anchor { .. } => {}
            }
            Ok(())
        })
        .unwrap();
}

fn database(dir: &Path) -> Vec<u8> {
    // Folded in: no write-ahead log lies beside a closed database.
    assert!(!dir.join("db/sunbench.db-wal").exists());
    fs::read(dir.join("db/sunbench.db")).unwrap()
}

fn spoil_anchor(dir: &Path, how: usize) {
    let path = dir.join("db/audit-head");
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 2 * ANCHOR_BYTES);
    match how.checked_sub(2) {
        None if how == 0 => return fs::remove_file(path).unwrap(),
        None => bytes.clear(),
        // One slot is not enough: the other stands for it, as after a torn write.
        Some(at) => {
            bytes[at % ANCHOR_BYTES] ^= 1;
            bytes[ANCHOR_BYTES + at % ANCHOR_BYTES] ^= 1;
        }
    }
    fs::write(path, bytes).unwrap();
}

/// Forges, opens the profile as the program does, goes on working with it, and verifies.
fn found(entries: usize, forgery: &Forgery) -> ChainReport {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_for_tests(dir.path());
    if let Forgery::OldFile { keep } = forgery {
        let keep = keep % entries;
        append(&store, 0, keep);
        drop(store);
        let old = database(dir.path());
        let store = Store::open_for_tests(dir.path());
        append(&store, keep, entries - keep);
        drop(store);
        fs::write(dir.path().join("db/sunbench.db"), old).unwrap();
        return reopened(dir.path());
    }
    append(&store, 0, entries);
    assert!(store.verify_audit().unwrap().ok, "an honest log is whole");
    if let Forgery::Anchor { how } = forgery {
        drop(store);
        spoil_anchor(dir.path(), *how);
    } else {
        forge(&store, forgery, entries);
        drop(store);
    }
    reopened(dir.path())
}

fn reopened(dir: &Path) -> ChainReport {
    let store = Store::open_for_tests(dir);
    // Time passes, people work on: what was changed stays found.
    append(&store, 9_000, 3);
    drop(store);
    let store = Store::open_for_tests(dir);
    store.verify_audit().unwrap()
}

/// The expected fault; a seal that is right everywhere shows only outside of the database.
fn expected(forgery: &Forgery) -> &'static [ChainFault] {
    use ChainFault::{AnchorLost, Changed, Missing, Replaced};
    match forgery {
        Forgery::Change { resealed: false, .. }
        | Forgery::Swap { resealed: false, .. }
        | Forgery::Insert { resealed: false, .. } => &[Changed],
        // An open program notes the end that it finds: a gap at the very end is the next one's.
        Forgery::Remove { closed: false, .. } => &[Missing, Changed, Replaced],
        Forgery::Change { .. }
        | Forgery::Swap { .. }
        | Forgery::Insert { .. }
        | Forgery::Remove { .. }
        | Forgery::Cut { .. }
        | Forgery::Rewrite { .. }
        | Forgery::OldFile { .. } => &[Replaced],
        Forgery::Anchor { .. } => &[AnchorLost],
    }
}

#[test]
fn no_forgery_stays_unseen() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let factor = number("TORTURE").unwrap_or(1).max(1) as u32;
    let seed = number("SUNBENCH_SEED").unwrap_or(20_260_312);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let cases = 60 * factor;
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let strategy = (2..40_usize, forgeries());
    runner
        .run(&strategy, |(entries, forgery)| {
            let report = found(entries, &forgery);
            prop_assert!(!report.ok, "seed {seed}: {forgery:?} of {entries} entries was not seen");
            let fault = report.fault.unwrap();
            prop_assert!(
                expected(&forgery).contains(&fault),
                "seed {seed}: {forgery:?} of {entries}: {report:?}"
            );
            Ok(())
        })
        .unwrap();
    println!(
        "promise G8: {cases} forged audit logs (entries changed, removed, inserted, moved, cut off, written anew with right \
         hashes, older files put back, the anchor spoilt), every one found, seed {seed}"
    );
}

#[test]
fn a_crash_between_commit_and_anchor_is_no_forgery() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_for_tests(dir.path());
    append(&store, 0, 5);
    let anchor = fs::read(dir.path().join("db/audit-head")).unwrap();
    append(&store, 5, 5);
    drop(store);
    // The file lags behind by up to everything since it was flushed.
    fs::write(dir.path().join("db/audit-head"), anchor).unwrap();
    let store = Store::open_for_tests(dir.path());
    let report = store.verify_audit().unwrap();
    assert_eq!((report.ok, report.entries), (true, 10));
    // It has caught up: cutting back to the fifth entry shows.
    forge(&store, &Forgery::Cut { keep: 5 }, 10);
    assert_eq!(store.verify_audit().unwrap().fault, Some(ChainFault::Replaced));
}

#[test]
fn a_torn_anchor_costs_one_slot() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_for_tests(dir.path());
    append(&store, 0, 6);
    drop(store);
    for slot in 0..2 {
        let path = dir.path().join("db/audit-head");
        let mut bytes = fs::read(&path).unwrap();
        bytes[slot * ANCHOR_BYTES + 90..(slot + 1) * ANCHOR_BYTES].fill(0);
        fs::write(&path, bytes).unwrap();
        let store = Store::open_for_tests(dir.path());
        assert!(store.verify_audit().unwrap().ok, "slot {slot}");
        append(&store, 10 + slot * 2, 2);
        drop(store);
    }
}
