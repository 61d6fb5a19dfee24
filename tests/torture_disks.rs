//! Disks that lose power or fail at any change (G1).
//!
//! The real programs, started as a script starts them; `scripts/torture.sh G1` builds them and runs this.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // in a test it says where

use std::collections::BTreeMap;

use fastrand::Rng;
use sunbench_tests::{Change, Disk, Loss, Platform, Said, Seat, Shim, seed, size};

/// Kind and state by key.
type Outbox = BTreeMap<String, (String, String)>;

/// A submission never goes back behind what a person has seen.
fn rank(state: &str) -> u8 {
    match state {
        "queued" => 0,
        "sending" => 1,
        _ => 2,
    }
}

/// The file and the audit log are whole, and what a person was told is there.
#[track_caller]
fn is_whole(seat: &Seat, told: &Outbox, story: &str) -> Outbox {
    let said = seat.run(&["verify"]);
    assert!(said.is_confirmed(), "{story}: {said:?}");
    assert_eq!((&said.json["integrity"], &said.json["audit_chain"]), (&true.into(), &true.into()), "{story}");
    let outbox = seat.outbox();
    for (key, (kind, state)) in told {
        let Some((_, now)) = outbox.get(key) else {
            panic!("{story}: {kind} {key} was confirmed and is gone")
        };
        assert!(rank(now) >= rank(state), "{story}: {kind} {key} was {state} and is {now}");
    }
    outbox
}

fn attachment(seat: &Seat, random: &mut Rng) -> String {
    let content: Vec<u8> = (0..60_000).map(|_| random.u8(..)).collect();
    seat.file("scan.pdf", &[b"%PDF-1.7\n".as_slice(), &content].concat())
}

/// What a person knew after so many changes to the disk.
struct Told {
    changes: usize,
    profile: bool,
    outbox: Outbox,
}

/// A day's work on a watched disk: its changes, and what was told when.
fn day(seat: &Seat, shim: &Shim, notices: &[String], random: &mut Rng) -> (Vec<Change>, Vec<Told>) {
    let mut changes = Vec::new();
    let mut told = vec![Told { changes: 0, profile: false, outbox: Outbox::new() }];
    let mut run = |arguments: &[&str]| {
        let mut command = seat.command(arguments);
        let said = Said::of(shim.watch(&mut command, seat.folder()).output().unwrap());
        assert!(said.is_confirmed(), "{arguments:?}: {said:?}");
        changes.extend(shim.changes());
        let mut outbox = told.last().unwrap().outbox.clone();
        if arguments[0] == "outbox" {
            for item in said.json.as_array().unwrap() {
                let text = |name: &str| item[name].as_str().unwrap().to_owned();
                outbox.insert(text("key"), (text("kind"), text("state")));
            }
        } else if arguments[0] == "reply" {
            let key = said.json["submission"].as_str().unwrap().to_owned();
            outbox.insert(key, ("notice.reply".to_owned(), "queued".to_owned()));
        }
        told.push(Told { changes: changes.len(), profile: true, outbox });
    };
    let text = seat.file("reply.txt", "原因：送货延迟。\n\n整改措施：每周核对一次。".as_bytes());
    let file = attachment(seat, random);
    run(&["connect"]);
    run(&["outbox"]);
    run(&["sync"]);
    run(&["reply", &notices[0], "--text-file", &text, "--attach", &file]);
    run(&["reply", &notices[1], "--text-file", &text]);
    run(&["outbox"]);
    run(&["sync"]);
    run(&["outbox"]);
    run(&["reply", &notices[2], "--text-file", &text, "--attach", &file]);
    run(&["connect"]);
    run(&["sync"]);
    run(&["status"]);
    run(&["outbox"]);
    (changes, told)
}

/// After which change the power is cut: half of the cuts anywhere, half beside what orders the others.
fn instants(changes: &[Change], count: u64, random: &mut Rng) -> Vec<usize> {
    let ordering: Vec<usize> = (0..changes.len())
        .filter(|&at| !matches!(changes[at], Change::Write { .. } | Change::Open { .. }))
        .collect();
    let mut instants: Vec<usize> = (0..count)
        .map(|_| {
            if random.bool() {
                random.usize(..=changes.len())
            } else {
                (ordering[random.usize(..ordering.len())] + random.usize(..3)).min(changes.len())
            }
        })
        .collect();
    instants.sort_unstable();
    instants
}

#[test]
#[ignore = "needs the programs: scripts/torture.sh"]
fn torture_power_cuts_lose_nothing_that_was_confirmed() {
    let (seed, cuts) = (seed(), 60 * size());
    let mut random = Rng::with_seed(seed);
    let shim = Shim::build();
    let (platform, notices) = Platform::start_with_notices(4);
    let seat = Seat::new(&platform.access);
    let (changes, told) = day(&seat, &shim, &notices, &mut random);
    let root = seat.folder().canonicalize().unwrap();
    let expected = seat.synced();

    let mut disk = Disk::default();
    let mut made = 0;
    let (mut fresh, mut synced) = (0, 0);
    for (round, at) in instants(&changes, cuts, &mut random).into_iter().enumerate() {
        for change in &changes[made..at] {
            disk.make(change);
        }
        made = at;
        let loss = Loss::ALL[random.usize(..4)];
        let story = format!("seed {seed}, cut {round} after change {at} of {}, {loss:?}", changes.len());
        let after = Seat::new(&platform.access);
        disk.cut(&root, loss, &mut random, after.folder());
        let known = told.iter().rfind(|told| told.changes <= at).unwrap();
        let found = after.run(&["verify"]);
        if !known.profile && !found.is_confirmed() {
            assert_eq!(found.failure(), "profileLocked", "{story}: neither nothing nor a whole profile");
            let again = after.run(&["connect"]);
            assert!(again.is_confirmed(), "{story}: {again:?}");
            fresh += 1;
        }
        is_whole(&after, &known.outbox, &story);
        if round % 20 == 0 {
            let again = after.run(&["connect"]);
            assert!(again.is_confirmed(), "{story}: {again:?}");
            // Its check-in and sign-in are its own; all else is as if nothing had happened.
            assert_eq!(after.synced(), expected, "{story}");
            synced += 1;
        }
    }
    println!(
        "promise G1: {cuts} power cuts over a day's {} changes to the disk, {fresh} of them before there was a profile; \
         {synced} synced to the end and compared, seed {seed}",
        changes.len()
    );
}

/// What a disk does at one change.
const FAULTS: [&str; 7] = ["full", "once", "io", "blip", "short", "torn", "kill"];

/// A command that meets a fault, on a copy of a seat that was made ready for it.
struct Act<'a> {
    ready: &'a Seat,
    arguments: Vec<&'a str>,
    /// Whether there is a profile before.
    profile: bool,
    /// How many changes to the disk it makes.
    changes: u64,
    /// What is in the outbox before.
    outbox: Outbox,
}

/// Runs the command on a copy, and says what it said. `None` where it was killed.
fn meet(shim: &Shim, act: &Act<'_>, at: u64, fault: &str) -> (Seat, Option<Said>) {
    let seat = act.ready.copy();
    let mut command = seat.command(&act.arguments);
    let said = Said::of(shim.fail(&mut command, seat.folder(), at, fault).output().unwrap());
    let said = (said.code.is_some()).then_some(said);
    (seat, said)
}

fn changes_of(shim: &Shim, ready: &Seat, arguments: &[&str]) -> u64 {
    let seat = ready.copy();
    let said = Said::of(shim.watch(&mut seat.command(arguments), seat.folder()).output().unwrap());
    assert!(said.is_confirmed(), "{arguments:?}: {said:?}");
    shim.changes().len() as u64
}

/// What became of the commands that met a fault.
#[derive(Default)]
struct Met {
    told: u32,
    killed: u32,
    confirmed: u32,
}

/// Faults that one platform lives through: it keeps no more seats of one operator than an office has.
const ROUNDS: u64 = 40;

#[test]
#[ignore = "needs the programs: scripts/torture.sh"]
fn torture_failing_disks_are_told_and_lose_nothing() {
    let (seed, offices) = (seed(), size());
    let mut random = Rng::with_seed(seed);
    let shim = Shim::build();
    let mut met = Met::default();
    for _ in 0..offices {
        failing_disks(seed, &mut random, &shim, &mut met);
    }
    println!(
        "promise G1: {} disk faults ({}) at any change while signing in, answering and syncing: {} told, {} survived, \
         {} killed, seed {seed}",
        offices * ROUNDS,
        FAULTS.join(", "),
        met.told,
        met.confirmed,
        met.killed,
    );
}

fn failing_disks(seed: u64, random: &mut Rng, shim: &Shim, met: &mut Met) {
    let (platform, notices) = Platform::start_with_notices(2);
    let nothing = Seat::new(&platform.access);
    std::fs::create_dir(nothing.profile()).unwrap();
    let connected = Seat::new(&platform.access);
    connected.ok(&["connect"]);
    let synced = connected.copy();
    synced.ok(&["sync"]);
    let text = synced.file("reply.txt", "原因。\n\n措施。".as_bytes());
    let file = attachment(&synced, random);
    let waiting = synced.copy();
    waiting.ok(&["reply", &notices[0], "--text-file", &text, "--attach", &file]);
    let reply = vec!["reply", &notices[1], "--text-file", &text, "--attach", &file];
    let acts: Vec<Act<'_>> = [
        (&nothing, vec!["connect"]),
        (&connected, vec!["sync"]),
        (&synced, reply),
        (&synced, vec!["connect"]),
        (&waiting, vec!["sync"]),
    ]
    .into_iter()
    .map(|(ready, arguments)| {
        let profile = ready.profile() != nothing.profile();
        let outbox = if profile { ready.outbox() } else { Outbox::new() };
        Act { ready, changes: changes_of(shim, ready, &arguments), arguments, profile, outbox }
    })
    .collect();

    for round in 0..ROUNDS {
        let act = &acts[random.usize(..acts.len())];
        let (at, fault) = (random.u64(..act.changes) + 1, FAULTS[random.usize(..FAULTS.len())]);
        let story = format!("seed {seed}, {:?} with {fault} at {at} of {}", act.arguments, act.changes);
        let (seat, said) = meet(shim, act, at, fault);
        let mut known = act.outbox.clone();
        match &said {
            None => met.killed += 1,
            Some(said) if said.is_confirmed() => {
                met.confirmed += 1;
                if let Some(key) = said.json["submission"].as_str() {
                    known.insert(key.to_owned(), ("notice.reply".to_owned(), "queued".to_owned()));
                }
            }
            Some(said) => {
                said.failure();
                met.told += 1;
            }
        }
        let found = seat.run(&["verify"]);
        if !found.is_confirmed() && !act.profile {
            assert!(!said.is_some_and(|said| said.is_confirmed()), "{story}: a confirmed profile is gone");
            assert_eq!(found.failure(), "profileLocked", "{story}: neither nothing nor a whole profile");
            seat.ok(&["connect"]);
        }
        let outbox = is_whole(&seat, &known, &story);
        let replies = outbox.values().filter(|(kind, _)| kind == "notice.reply").count();
        assert!(replies <= 1, "{story}: {replies} replies");
        if round % 10 == 0 {
            seat.ok(&["connect"]);
            let found = seat.synced();
            assert_eq!(found, synced.copy().synced(), "{story}");
        }
    }
}
