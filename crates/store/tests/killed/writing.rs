//! What was confirmed is on disk after `kill -9` at any instant (G1), while writing and while creating a profile.
//! The child prints each number after its commit.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use chrono::DateTime;
use fastrand::Rng;
use sunbench_store::{KeySource, Passphrase, ProfileState, Store, StoreError, schema, vault::PassphraseCost};

use crate::{child, folder, number};

const ROUNDS: u32 = 12;

fn key() -> KeySource {
    KeySource::Passphrase(Passphrase::new("crash", PassphraseCost::Scripted))
}

fn create(dir: &Path) -> Result<Store, StoreError> {
    Store::create(dir, &key(), DateTime::UNIX_EPOCH.fixed_offset()).map(|(store, _)| store)
}

/// Not a test: the child of the tests below.
#[test]
#[ignore = "started by the crash test"]
fn child_that_writes() {
    let Some(dir) = folder() else { return };
    let store = Store::open(&dir, &key()).unwrap();
    thread::scope(|scope| {
        // Sync works at the same time, in transactions that may be lost but never torn.
        scope.spawn(|| {
            for batch in 0.. {
                let wrote = store.write_mirror(|tx| {
                    for line in 0..200 {
                        tx.execute("INSERT INTO pulled (batch, line) VALUES (?1, ?2)", (batch, line))?;
                    }
                    Ok(tx.execute("UPDATE cursor SET batch = ?1", [batch])?)
                });
                wrote.unwrap();
            }
        });
        let first: i64 =
            store.read(|conn| Ok(conn.query_row("SELECT count(*) FROM typed", [], |r| r.get(0))?)).unwrap();
        let mut out = std::io::stdout().lock();
        for n in first.. {
            store.write_local(|tx| Ok(tx.execute("INSERT INTO typed (n) VALUES (?1)", [n])?)).unwrap();
            writeln!(out, "saved {n}").unwrap();
            out.flush().unwrap();
        }
    });
}

#[test]
fn what_was_confirmed_survives_a_kill() {
    let mut random = Rng::with_seed(number("SUNBENCH_SEED", 20_261_122));
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path()).unwrap();
    store
        .write_local(|tx| {
            Ok(tx.execute_batch(
                "CREATE TABLE typed (n INTEGER PRIMARY KEY);
                 CREATE TABLE pulled (batch INTEGER, line INTEGER);
                 CREATE TABLE cursor (batch INTEGER); INSERT INTO cursor VALUES (-1);",
            )?)
        })
        .unwrap();
    drop(store);
    let mut confirmed = -1;
    for round in 0..ROUNDS {
        let mut child = child("writing::child_that_writes", dir.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (heard, line) = mpsc::channel();
        let reader = thread::spawn(move || {
            for n in lines.map_while(Result::ok).filter_map(|l| l.strip_prefix("saved ")?.parse::<i64>().ok())
            {
                heard.send(n).unwrap();
            }
        });
        // Alive and writing; then some time, and dead in the middle of whatever it does.
        confirmed = line.recv_timeout(Duration::from_mins(1)).expect("the child writes");
        thread::sleep(Duration::from_micros(random.u64(..150_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        reader.join().unwrap();
        confirmed = line.try_iter().last().unwrap_or(confirmed);

        let store = Store::open(dir.path(), &key()).unwrap();
        let (typed, whole, torn, cursor, last, integrity): (i64, i64, i64, i64, i64, String) = store
            .read(|conn| {
                Ok(conn.query_row(
                    "SELECT (SELECT count(*) FROM typed),
                            (SELECT coalesce(max(n), -1) FROM typed),
                            (SELECT count(*) FROM (SELECT 1 FROM pulled GROUP BY batch HAVING count(*) % 200 <> 0)),
                            (SELECT batch FROM cursor),
                            (SELECT coalesce((SELECT batch FROM pulled ORDER BY rowid DESC LIMIT 1), -1)),
                            (SELECT integrity_check FROM pragma_integrity_check)",
                    [],
                    |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)),
                )?)
            })
            .unwrap();
        assert!(whole >= confirmed, "round {round}: {confirmed} was confirmed and only {whole} is there");
        assert_eq!(typed, whole + 1, "round {round}: a number is missing");
        assert_eq!((torn, cursor), (0, last), "round {round}: half a batch, or a cursor without its batch");
        assert_eq!(integrity, "ok", "round {round}");
    }
    assert!(confirmed > i64::from(ROUNDS), "the rounds wrote something");
}

/// Not a test: the child of the test below.
#[test]
#[ignore = "started by the crash test"]
fn child_that_creates() {
    let Some(dir) = folder() else { return };
    println!("creating");
    drop(create(&dir).unwrap());
    println!("created");
}

#[test]
fn a_killed_creation_leaves_nothing_or_a_whole_profile() {
    let mut random = Rng::with_seed(number("SUNBENCH_SEED", 20_261_122));
    // How long a creation takes here, so that the kills fall into it.
    let whole = tempfile::tempdir().unwrap();
    let started = Instant::now();
    drop(create(whole.path()).unwrap());
    let span = started.elapsed().as_micros() as u64;
    let mut outcomes = [0; 2];
    for round in 0..2 * ROUNDS {
        let dir = tempfile::tempdir().unwrap();
        let mut child = child("writing::child_that_creates", dir.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("creating")));
        thread::sleep(Duration::from_micros(random.u64(..span * 3 / 2)));
        child.kill().unwrap();
        child.wait().unwrap();
        let created = lines.any(|line| line.contains("created"));
        let store = match Store::inspect(dir.path()).unwrap() {
            ProfileState::Empty => {
                assert!(!created, "round {round}: a profile that was confirmed is gone");
                outcomes[0] += 1;
                create(dir.path())
            }
            ProfileState::Ready(_) => {
                outcomes[1] += 1;
                Store::open(dir.path(), &key())
            }
            ProfileState::DatabaseMissing => panic!("round {round}: a database that never was is missed"),
        };
        let version = store.unwrap().read(schema::version).unwrap();
        assert_eq!(version, schema::VERSION, "round {round}");
    }
    println!("killed before: {}, after: {}", outcomes[0], outcomes[1]);
}
