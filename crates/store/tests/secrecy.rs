//! Nothing that a person or the platform wrote can be read in the profile's files, and no secret in what is printed.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use chrono::DateTime;
use sunbench_store::{
    KeySource, Passphrase, Store,
    testing::MemoryKeyRing,
    vault::{KeyRing as _, PassphraseCost},
};

const CANARIES: [&str; 3] = ["CANARY-8f2d41", "督办通知金丝雀四七", "冠脉支架金丝雀"];
const PASSPHRASE: &str = "canary-passphrase-77";

/// The bytes in which a text could lie in a file.
fn forms(text: &str) -> [Vec<u8>; 3] {
    [
        text.as_bytes().to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
}

fn every_file(dir: &Path, visit: &mut impl FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { every_file(&path, visit) } else { visit(&path, &fs::read(&path).unwrap()) }
    }
}

/// Returns the names of the files that were searched.
fn assert_unreadable(dir: &Path, secrets: &[Vec<u8>]) -> Vec<String> {
    let mut searched = Vec::new();
    every_file(dir, &mut |path, bytes| {
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{} holds {secret:?}", path.display());
        }
        searched.push(path.file_name().unwrap().to_string_lossy().into_owned());
    });
    searched.sort();
    searched
}

#[test]
fn the_files_hold_no_readable_text_and_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let ring = MemoryKeyRing::default();
    let now = DateTime::UNIX_EPOCH.fixed_offset();
    let (store, code) = Store::create_with(dir.path(), &KeySource::Keyring, &ring, now).unwrap();
    store.set_passphrase(&Passphrase::new(PASSPHRASE, PassphraseCost::Scripted)).unwrap();
    let key = ring.get(&store.profile_id().to_string()).unwrap();
    assert_eq!(key.len(), 32);

    let mut secrets: Vec<Vec<u8>> =
        CANARIES.iter().chain(&[PASSPHRASE, code.reveal().as_str()]).flat_map(|text| forms(text)).collect();
    secrets.push(key.to_vec());
    secrets.push(data_encoding::HEXLOWER.encode(&key).into_bytes());
    secrets.push(data_encoding::HEXUPPER.encode(&key).into_bytes());
    secrets.push(data_encoding::BASE64.encode(&key).trim_end_matches('=').as_bytes().to_vec());
    // The header of a plain file.
    secrets.push(b"SQLite format 3".to_vec());

    store
        .write_local(|tx| {
            tx.execute_batch(
                "CREATE TABLE canary (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
                 CREATE VIRTUAL TABLE canary_search USING fts5(text);",
            )?;
            Ok(())
        })
        .unwrap();
    store
        .write_mirror(|tx| {
            for round in 0..400 {
                for text in CANARIES {
                    tx.execute("INSERT INTO canary (text) VALUES (?1)", [format!("{text} {round}")])?;
                    tx.execute("INSERT INTO canary_search (text) VALUES (?1)", [text])?;
                }
            }
            Ok(())
        })
        .unwrap();
    // A sort too large for the page cache of a small query would go to a temporary file.
    let sorted: String = store
        .read(|conn| {
            Ok(conn.query_row("SELECT text FROM canary ORDER BY text || random() LIMIT 1", [], |row| {
                row.get(0)
            })?)
        })
        .unwrap();
    assert!(sorted.contains("CANARY"), "{sorted}");

    let searched = assert_unreadable(dir.path(), &secrets);
    let expected = [
        "audit-head",
        "keys.json",
        "keys.json.bak",
        "lock",
        "sunbench.db",
        "sunbench.db-shm",
        "sunbench.db-wal",
    ];
    assert_eq!(searched, expected, "the write-ahead log must be among the files");
    assert!(fs::metadata(dir.path().join("db/sunbench.db-wal")).unwrap().len() > 50_000);

    drop(store);
    let searched = assert_unreadable(dir.path(), &secrets);
    assert_eq!(searched, expected[..5], "closing folds the log in");
    assert!(fs::metadata(dir.path().join("db/sunbench.db")).unwrap().len() > 50_000);
    println!(
        "promise G6: {} forms of keys, passphrase and texts searched in {} files of an open profile and {} of a closed one, \
         seed 0",
        secrets.len(),
        expected.len(),
        searched.len()
    );
}

#[test]
fn nothing_secret_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    let ring = MemoryKeyRing::default();
    let now = DateTime::UNIX_EPOCH.fixed_offset();
    let (store, code) = Store::create_with(dir.path(), &KeySource::Keyring, &ring, now).unwrap();
    let by_code = KeySource::Recovery(code.reveal());
    let by_passphrase = KeySource::Passphrase(Passphrase::new(PASSPHRASE, PassphraseCost::Scripted));
    let printed = format!("{store:?} {code:?} {by_code:?} {by_passphrase:?}");
    assert!(!printed.contains(PASSPHRASE), "{printed}");
    assert!(!printed.contains(&code.reveal()[..5]), "{printed}");
    assert_eq!(
        printed.split(' ').filter(|word| word.contains('…')).count(),
        3,
        "each secret is shown as an ellipsis: {printed}"
    );
}
