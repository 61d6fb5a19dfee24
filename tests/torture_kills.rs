//! Programs that are killed at any instant, whatever they do (G1).
//!
//! The real programs, started as a script starts them; `scripts/torture.sh G1` builds them and runs this.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // in a test it says where

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;
use sunbench_tests::{Platform, Said, Seat, seed, size};

/// What is done when the kill comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    /// 首次连接: makes the profile, signs in, checks in.
    Connect,
    /// 首次同步.
    FirstSync,
    /// 增量同步, with answers to send.
    LaterSync,
    /// 反馈, with an attachment.
    Reply,
    /// 打卡, by signing in again.
    CheckIn,
    /// 查看.
    Look,
    /// 备份, over the one before.
    Backup,
    /// A sync that goes on; the platform is killed under it.
    Platform,
}

const WORKS: [Work; 8] = [
    Work::Connect,
    Work::FirstSync,
    Work::LaterSync,
    Work::Reply,
    Work::CheckIn,
    Work::Look,
    Work::Backup,
    Work::Platform,
];

struct Office {
    platform: Platform,
    /// Not answered yet.
    notices: Vec<String>,
    random: Rng,
    /// The seat on which most of it happens.
    seat: Rc<Seat>,
    /// A seat that has signed in and read nothing.
    connected: Seat,
    /// Submissions that were confirmed, by key.
    confirmed: BTreeSet<String>,
    /// A backup was confirmed.
    backed_up: bool,
    /// How long each work takes when it is let be.
    spans: BTreeMap<Work, Duration>,
    /// Killed before the end, and not.
    killed: u64,
    done: u64,
    story: String,
}

impl Office {
    fn open(seed: u64, notices: usize) -> Self {
        let (platform, notices) = Platform::start_with_notices(notices);
        let connected = Seat::new(&platform.access);
        connected.ok(&["connect"]);
        let seat = Rc::new(connected.copy());
        seat.synced();
        Self {
            platform,
            notices,
            random: Rng::with_seed(seed),
            seat,
            connected,
            confirmed: BTreeSet::new(),
            backed_up: false,
            spans: BTreeMap::new(),
            killed: 0,
            done: 0,
            story: String::new(),
        }
    }

    /// Runs a command and kills it at a random instant; what it said where it was faster.
    fn kill(&mut self, work: Work, seat: &Seat, arguments: &[&str]) -> Option<Value> {
        // The first span is a guess; one that was let be tells it.
        let span = self.spans.get(&work).copied().unwrap_or(Duration::from_millis(400));
        let wait = Duration::from_micros(self.random.u64(..span.as_micros() as u64));
        let begun = Instant::now();
        let mut child = seat.command(arguments).spawn().unwrap();
        while begun.elapsed() < wait && child.try_wait().unwrap().is_none() {
            sleep(wait.saturating_sub(begun.elapsed()).min(Duration::from_millis(1)));
        }
        child.kill().unwrap();
        let took = begun.elapsed();
        let said = Said::of(child.wait_with_output().unwrap());
        let span = if said.code.is_some() { took } else { span + span / 20 };
        self.spans.insert(work, span.max(Duration::from_millis(10)));
        self.story = format!("{}; {arguments:?} killed after {wait:?}", self.story);
        if said.code.is_some() {
            self.done += 1;
        } else {
            self.killed += 1;
        }
        assert!(said.code.is_none_or(|code| code == 0), "{}: {said:?}", self.story);
        said.is_confirmed().then_some(said.json)
    }

    /// The next command opens the profile, and the file and the audit log are whole.
    #[track_caller]
    fn is_whole(&self, seat: &Seat) {
        let said = seat.run(&["verify"]);
        assert!(said.is_confirmed(), "{}: {said:?}", self.story);
        let found = (&said.json["integrity"], &said.json["audit_chain"]);
        assert_eq!(found, (&true.into(), &true.into()), "{}", self.story);
    }

    /// So is the seat, and all that was confirmed is there.
    #[track_caller]
    fn nothing_is_missing(&self) {
        self.is_whole(&self.seat);
        let outbox = self.seat.outbox();
        let missing: Vec<_> = self.confirmed.iter().filter(|key| !outbox.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{}: confirmed and gone: {missing:?}", self.story);
    }

    fn answer(&mut self) {
        let Some(notice) = self.notices.pop() else { return };
        let seat = Rc::clone(&self.seat);
        let content: Vec<u8> = (0..200_000).map(|_| self.random.u8(..)).collect();
        let file = seat.file("scan.pdf", &[b"%PDF-1.7\n".as_slice(), &content].concat());
        let text = seat.file("reply.txt", format!("原因：{notice}。\n\n整改措施：每周核对。").as_bytes());
        let arguments = ["reply", &notice, "--text-file", &text, "--attach", &file];
        let said = self.kill(Work::Reply, &seat, &arguments);
        self.nothing_is_missing();
        // The person does it again; where it was done already, that is told.
        let said = said.or_else(|| {
            let again = seat.run(&arguments);
            if !again.is_confirmed() {
                assert_eq!(again.failure(), "wrongState", "{}", self.story);
            }
            again.is_confirmed().then_some(again.json)
        });
        if let Some(said) = said {
            self.confirmed.insert(said["submission"].as_str().unwrap().to_owned());
        }
    }

    fn connect(&mut self) {
        let seat = Seat::new(&self.platform.access);
        let confirmed = self.kill(Work::Connect, &seat, &["connect"]).is_some();
        let found = seat.run(&["verify"]);
        if !found.is_confirmed() {
            assert!(!confirmed, "{}: the profile is gone", self.story);
            assert_eq!(found.failure(), "profileLocked", "{}: half a profile", self.story);
        }
        seat.ok(&["connect"]);
        self.is_whole(&seat);
        // One person, one day: one check-in, however often it was begun.
        let check_ins = seat.outbox().values().filter(|(kind, _)| kind.starts_with("checkIn")).count();
        assert!(check_ins <= 1, "{}: {check_ins} check-ins", self.story);
    }

    fn first_sync(&mut self) {
        let seat = self.connected.copy();
        for _ in 0..2 {
            self.kill(Work::FirstSync, &seat, &["sync"]);
            self.is_whole(&seat);
        }
        // The other one first: it sends what waits there, and both are to read that.
        let expected = self.seat.copy().synced();
        assert_eq!(seat.synced(), expected, "{}", self.story);
    }

    /// What stands under the backup's name is a whole backup, the one before or the new one.
    fn back_up(&mut self) {
        let seat = Rc::clone(&self.seat);
        let file = seat.beside("evening.sbk");
        let confirmed = self.kill(Work::Backup, &seat, &["backup", &file]).is_some();
        self.nothing_is_missing();
        self.backed_up |= confirmed;
        if self.backed_up || Path::new(&file).exists() {
            let other = Seat::new(&self.platform.access);
            let restored = other.run(&["restore", &file]);
            assert!(restored.is_confirmed(), "{}: {restored:?}", self.story);
            self.is_whole(&other);
        }
    }

    /// The platform dies under a sync, and comes back.
    fn lose_platform(&mut self) {
        let wait = Duration::from_micros(self.random.u64(..600_000));
        self.story = format!("{}; the platform killed {wait:?} into a sync", self.story);
        let seat = self.connected.copy();
        let child = seat.command(&["sync"]).spawn().unwrap();
        sleep(wait);
        self.platform.stop();
        self.platform.resume();
        let said = Said::of(child.wait_with_output().unwrap());
        if !said.is_confirmed() {
            said.failure();
        }
        self.killed += 1;
        self.is_whole(&seat);
        seat.synced();
    }

    fn round(&mut self, work: Work) {
        let seat = Rc::clone(&self.seat);
        match work {
            Work::Connect => self.connect(),
            Work::FirstSync => self.first_sync(),
            Work::Reply => self.answer(),
            Work::Backup => self.back_up(),
            Work::Platform => self.lose_platform(),
            Work::LaterSync | Work::CheckIn | Work::Look => {
                let arguments: &[&str] = match (work, self.random.u64(..3)) {
                    (Work::LaterSync, _) => &["sync"],
                    (Work::CheckIn, _) => &["connect"],
                    (_, 0) => &["outbox"],
                    (_, 1) => &["status"],
                    _ => &["orders", "--limit", "500"],
                };
                self.kill(work, &seat, arguments);
                self.nothing_is_missing();
            }
        }
    }

    /// Everything arrives once, and the seat is as one that was never killed.
    fn settle(&self) {
        let clean = self.connected.copy();
        assert_eq!(self.seat.synced(), clean.synced(), "{}", self.story);
        let outbox = self.seat.outbox();
        for (key, (kind, state)) in &outbox {
            assert_eq!(state, "accepted", "{}: {kind} {key}", self.story);
        }
        let platform = rusqlite::Connection::open(self.platform.database()).unwrap();
        let count = "SELECT count(*) FROM object WHERE resource = 'noticeReply' AND op = 1
                     AND json_extract(data, '$.clientKey') = ?1";
        for (key, _) in outbox.iter().filter(|(_, (kind, _))| kind == "notice.reply") {
            let there: u64 = platform.query_row(count, [key], |row| row.get(0)).unwrap();
            assert_eq!(there, 1, "{}: {key} at the platform", self.story);
        }
        let twice = "SELECT count(*) FROM (SELECT 1 FROM object WHERE resource = 'noticeReply' AND op = 1
                     GROUP BY json_extract(data, '$.noticeId'), json_extract(data, '$.round') HAVING count(*) > 1)";
        let twice: u64 = platform.query_row(twice, [], |row| row.get(0)).unwrap();
        assert_eq!(twice, 0, "{}: notices with two replies", self.story);
    }
}

/// Kills that one platform lives through: it keeps no more seats of one operator than an office has.
const ROUNDS: usize = 60;

#[test]
#[ignore = "needs the programs: scripts/torture.sh"]
fn torture_killed_programs_lose_nothing_that_was_confirmed() {
    let (seed, offices) = (seed(), size().div_ceil(2));
    let (mut killed, mut done, mut confirmed) = (0, 0, 0);
    for number in 0..offices {
        let mut office = Office::open(seed.wrapping_add(number), ROUNDS);
        for round in 0..ROUNDS {
            let work = WORKS[office.random.usize(..WORKS.len())];
            office.story = format!("seed {seed}, office {number}, round {round}");
            office.round(work);
        }
        office.story = format!("seed {seed}, office {number}, after all rounds");
        office.settle();
        killed += office.killed;
        done += office.done;
        confirmed += office.confirmed.len();
    }
    println!(
        "promise G1: {killed} programs killed at any instant while signing in, syncing, answering, checking in, reading and backing up, \
         {done} were faster; {confirmed} confirmed answers each at the platform once, digests as without a kill, seed {seed}"
    );
}
