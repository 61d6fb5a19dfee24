//! A network that spoils three exchanges in ten, with every kind of fault (G2, G3, G15).
//!
//! The real programs with a proxy between them; `scripts/torture.sh G2` builds them and runs this.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sunbench_tests::{Access, FaultProxy, Platform, Seat, seed, size};

const SPOILED: u64 = 30;
const NOTICES: usize = 12;
/// Syncs until everything is done, at most. A refused exchange lets its item rest for some seconds.
const SYNCS: u32 = 12;

/// Syncs until there is nothing left to do; how often that took.
fn until_done(seat: &Seat, what: &str) -> u32 {
    for n in 1..=SYNCS {
        let said = seat.run(&["sync"]);
        if said.code != Some(0) {
            // Stated, in Chinese, and no defect; and nobody is told to sign in because of the network.
            said.failure();
            let code = &said.json["failure"]["code"];
            assert!(!["signInNeeded", "signInRefused", "internal"].iter().any(|c| code == c), "{said:?}");
            assert_eq!(said.json["complete"], false, "{said:?}");
        } else if said.json["complete"] == true && said.json["waiting"] == 0 {
            return n;
        }
        sleep(Duration::from_secs(2));
    }
    panic!("{what}: not done after {SYNCS} syncs: {:?}", seat.outbox());
}

/// What the platform has on record: whether it was accepted, by key.
fn ledger(platform: &Platform) -> BTreeMap<String, bool> {
    let conn = Connection::open_with_flags(platform.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = conn.prepare("SELECT key, status FROM submission").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, u16>(1)? == 200))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
#[ignore = "needs the built programs: scripts/torture.sh"]
fn torture_network() {
    let (mut exchanges, mut met) = (0, BTreeMap::new());
    let (mut syncs, mut submissions, mut most) = (0, 0, 0);
    let rounds = size();
    for round in 0..rounds {
        let (platform, notices) = Platform::start_with_notices(NOTICES);
        let proxy = FaultProxy::start(&platform.access.url, seed().wrapping_add(round), SPOILED);
        let seat = Seat::new(&Access { url: proxy.url.clone(), ..platform.access.clone() });
        // A clerk tries again a few times.
        let connected = (0..6).any(|_| seat.run(&["connect"]).code == Some(0));
        assert!(connected, "round {round}: not connected");
        let mut count = |n: u32| (syncs, most) = (syncs + n, most.max(n));
        count(until_done(&seat, "the first sync"));
        for (n, notice) in notices.iter().enumerate() {
            let text = seat.file("text", format!("原因：送货延迟 {n}。\n\n措施：每周核对。\n").as_bytes());
            let content = vec![n as u8; 1_200_000 + n];
            let attached = seat.file("photo.jpg", &content);
            let mut arguments = vec!["reply", notice, "--text-file", &text];
            if n % 3 == 0 {
                arguments.extend(["--attach", &attached]);
            }
            seat.ok(&arguments);
            if n % 4 == 3 {
                count(until_done(&seat, "answers"));
            }
        }
        count(until_done(&seat, "the last answers"));

        let outbox = seat.outbox();
        assert!(outbox.len() > 2 * NOTICES, "check-in, signatures and answers: {outbox:?}");
        let ours: BTreeMap<_, _> =
            outbox.into_iter().map(|(key, (_, state))| (key, state == "accepted")).collect();
        assert!(ours.values().all(|accepted| *accepted), "round {round}: {ours:?}");
        assert_eq!(ours, ledger(&platform), "round {round}: outbox and ledger, key by key");
        submissions += ours.len();

        let clean = Seat::new(&platform.access);
        clean.ok(&["connect"]);
        let expected = clean.synced();
        count(until_done(&seat, "the rest"));
        assert_eq!(seat.ok(&["status"])["digest"], expected, "round {round}: both mirrors");
        let (asked, faults) = proxy.met();
        exchanges += asked;
        for (fault, n) in faults {
            *met.entry(fault).or_insert(0) += n;
        }
    }
    assert_eq!(met.len(), FaultProxy::kinds(), "every kind of fault had its turn: {met:?}");
    let spoiled: u64 = met.values().sum();
    println!(
        "promise G2: real programs, {exchanges} exchanges, {spoiled} spoiled with {} kinds of faults, {submissions} submissions equal to the ledger, {syncs} syncs, at most {most} until done, seed {}",
        met.len(),
        seed()
    );
}
