//! The real engine and the real store against a platform that is a plain model in memory, over a network that does
//! everything that networks do, by seed: `SUNBENCH_SEED` and `TORTURE` (a factor) choose how.

#![allow(clippy::unwrap_used)]

mod network;
mod platform;
mod random;
mod seat;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use network::Standing;
use platform::{CLOSED, Form, New, Platform, RETURNED, SIGNED, notice_record, order, org, without_order};
use random::Random;
use seat::{Profile, Seat};
use serde_json::json;
use sunbench_sync::FailureCode;

const MONDAY: i64 = 1_795_395_600; // 2026-11-23 09:00 in Shanghai

fn env(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

fn runtime() -> tokio::runtime::Runtime {
    // Waiting costs nothing: the clock is moved on when nothing is left to do.
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

/// Both profiles of one worker.
struct Office {
    profiles: [Profile; 2],
    runtime: tokio::runtime::Runtime,
}

impl Office {
    fn new() -> Self {
        Self { profiles: [Profile::new(), Profile::new()], runtime: runtime() }
    }
}

/// What happened in all schedules together.
#[derive(Default)]
struct Tried {
    exchanges: AtomicU64,
    runs: AtomicU64,
    submissions: AtomicU64,
    decisions: AtomicU64,
}

/// G2, G3, G4, G10, G14: whatever the order of events and whatever the network does, in the end both seats hold what
/// the platform holds, and every submission is accounted for.
#[test]
fn any_schedule_ends_well() {
    let seed = env("SUNBENCH_SEED", 20_261_122);
    let schedules = env("TORTURE", 1) * 500;
    let only = std::env::var("SUNBENCH_SCHEDULE").ok().map(|text| text.parse::<u64>().unwrap());
    let (next, tried) = (AtomicU64::new(0), Tried::default());
    let looks = Mutex::new(0_u64);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let office = Office::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= schedules {
                        break;
                    }
                    let n = only.unwrap_or(n);
                    let run =
                        AssertUnwindSafe(|| office.runtime.block_on(schedule(&office, seed, n, &tried)));
                    if let Err(panic) = catch_unwind(run) {
                        eprintln!(
                            "schedule {n} of seed {seed} fails: SUNBENCH_SEED={seed} SUNBENCH_SCHEDULE={n}"
                        );
                        next.store(schedules, Ordering::Relaxed);
                        resume_unwind(panic);
                    }
                    if only.is_some() {
                        break;
                    }
                }
                *looks.lock().unwrap() +=
                    office.profiles.iter().map(|p| u64::from(p.looked().0)).sum::<u64>();
            });
        }
    });
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    let (runs, exchanges) = (count(&tried.runs), count(&tried.exchanges));
    let tried_by =
        format!("{schedules} schedules of two seats against a model, {runs} syncs, {exchanges} exchanges");
    let looks = looks.into_inner().unwrap();
    println!("promise G2: {} submissions in {tried_by}, seed {seed}", count(&tried.submissions));
    println!("promise G3: {tried_by}, {looks} looks of a reader, seed {seed}");
    println!("promise G4: what was written after each sync, {tried_by}, seed {seed}");
    println!("promise G10: {} decisions between two seats, {tried_by}, seed {seed}", count(&tried.decisions));
    println!("promise G14: unknown fields, codes and resources, {tried_by}, seed {seed}");
}

async fn schedule(office: &Office, seed: u64, n: u64, tried: &Tried) {
    let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(n));
    let platform = Platform::shared(MONDAY, *random.pick(&[1, 2, 3, 7]), random.percent(50));
    let spoiled = *random.pick(&[0, 10, 30, 60]);
    let off = *random.pick(&[0, 0, 0, 7_200, -7_200, 31_536_000]);
    let mut seats = [
        Seat::new(&office.profiles[0], &platform, "a", (random.next(), spoiled, off)),
        Seat::new(&office.profiles[1], &platform, "b", (random.next(), spoiled, 0)),
    ];
    let late_comer = random.percent(25);
    let mut world = World { platform: &platform, stamp: 0 };
    for _ in 0..random.below(6) {
        world.change(&mut random);
    }
    for step in 0..2 + random.below(7) {
        world.change(&mut random);
        let who = if late_comer { 0 } else { random.below(2) };
        let seat = &mut seats[who];
        match random.below(8) {
            0 | 1 => {
                seat.answer(&format!("{}{n}-{step}", seat.user.clone()), &"原因".repeat(1 + random.below(2)));
            }
            2 => {
                seat.check_in(&format!("{}{n}-{step}", seat.user.clone()), &format!("2026-11-{}", 20 + step));
            }
            3 => seat.restart(*random.pick(&[0, off])),
            4 => platform.lock().unwrap().now += *random.pick(&[60, 3_600, 86_400, 30 * 86_400]),
            _ => {}
        }
        if random.percent(60) {
            let stop = random.percent(20).then(|| random.below(12) as u64);
            match stop {
                Some(after) => drop(seat.sync_stopped(after).await),
                None => drop(seat.sync().await),
            }
            tried.runs.fetch_add(1, Ordering::Relaxed);
            seat.check_own();
        }
    }
    // The network heals, and everything that was wrong is put right or stays visibly wrong.
    world.mend(&mut random);
    for seat in &mut seats {
        seat.network.weather().spoiled = 0;
        seat.restart(0);
    }
    settle(&platform, &seats, tried).await;
    if random.percent(30) {
        let before = seats[0].store.read(sunbench_store::mirror::digest::content).unwrap();
        world.platform.lock().unwrap().expire_cursors();
        settle(&platform, &seats, tried).await;
        let after = seats[0].store.read(sunbench_store::mirror::digest::content).unwrap();
        assert_eq!(before, after, "a rebuilt cache is the one that was kept");
    }
    for seat in &seats {
        let items = seat.outbox();
        tried.submissions.fetch_add(items.len() as u64, Ordering::Relaxed);
        let decisions = items.iter().filter(|item| item.state.name() == "needs-decision").count();
        tried.decisions.fetch_add(decisions as u64, Ordering::Relaxed);
        tried.exchanges.fetch_add(seat.network.exchanges.load(Ordering::Relaxed), Ordering::Relaxed);
    }
    check_replies(&platform, &seats);
    for profile in &office.profiles {
        assert_eq!(profile.looked().1, None, "a reader saw half a document");
    }
}

/// Syncs until nothing is left to do, which takes a few runs because refused items rest.
async fn settle(platform: &Arc<Mutex<Platform>>, seats: &[Seat], tried: &Tried) {
    for round in 0.. {
        platform.lock().unwrap().now += 7_200;
        let mut done = true;
        for seat in seats {
            let report = seat.sync().await;
            tried.runs.fetch_add(1, Ordering::Relaxed);
            seat.check_own();
            assert!(report.complete, "round {round}: {report:?}");
            done &= report.pulled == 0 && report.pushed == 0;
        }
        if done {
            break;
        }
        assert!(round < 6, "it does not settle");
    }
    for seat in seats {
        seat.check_settled();
        seat.check_mirror();
    }
}

/// No round has two replies, and whoever came second still has the text and the platform's answer (G10).
fn check_replies(platform: &Arc<Mutex<Platform>>, seats: &[Seat]) {
    let platform = platform.lock().unwrap();
    for ((resource, _), object) in &platform.objects {
        let Some(data) = object.data.as_ref().filter(|_| resource == "noticeReply") else { continue };
        let reply: serde_json::Value = serde_json::from_str(data).unwrap();
        let (notice, round) = (&reply["noticeId"], &reply["round"]);
        let (mut accepted, mut others) = (0, Vec::new());
        for item in seats.iter().flat_map(Seat::outbox).filter(|item| item.kind == "notice.reply") {
            let body: serde_json::Value = serde_json::from_str(&item.body).unwrap();
            if (&body["noticeId"], &body["round"]) == (notice, round) {
                if item.state.name() == "accepted" {
                    accepted += 1;
                    assert_eq!(reply["clientKey"], item.key);
                } else {
                    others.push(item);
                }
            }
        }
        assert_eq!(accepted, 1, "{notice}, round {round}");
        for other in others {
            let blocked = other.state.name() == "queued" && other.attempts == 0;
            assert!(other.state.name() == "needs-decision" && other.answer.is_some() || blocked, "{other:?}");
        }
    }
}

/// What happens at the platform.
struct World<'a> {
    platform: &'a Arc<Mutex<Platform>>,
    stamp: u32,
}

impl World<'_> {
    fn change(&mut self, random: &mut Random) {
        let mut platform = self.platform.lock().unwrap();
        self.stamp += 1;
        let stamp = format!("s{}", self.stamp);
        let id = |random: &mut Random, name: &str| format!("{name}{}", random.below(3));
        match random.below(20) {
            0..=3 => platform.publish(vec![org(&id(random, "o"), Form::Good, &stamp)]),
            4..=7 => {
                let order_id = id(random, "d");
                let lines = 1 + order_id.as_bytes()[1] as usize % 5;
                platform.publish(order(&order_id, lines, &stamp));
            }
            8 => {
                let order_id = id(random, "d");
                let known = platform.objects.get(&("order".to_owned(), order_id.clone()));
                if known.is_some_and(|o| o.data.is_some()) {
                    let lines = 1 + order_id.as_bytes()[1] as usize % 5;
                    platform.publish(without_order(&order_id, lines));
                }
            }
            9 => {
                let form = *random.pick(&[Form::Bad, Form::Good, Form::Mangled]);
                platform.publish(vec![org(&id(random, "x"), form, &stamp)]);
            }
            10 => {
                let name = id(random, "x");
                if platform.objects.get(&("org".to_owned(), name.clone())).is_some_and(|o| o.data.is_some()) {
                    platform.publish(vec![New { data: None, ..org(&name, Form::Good, "") }]);
                }
            }
            11 => {
                let name = id(random, "h");
                let data = Some(json!({"id": name, "of": stamp}));
                platform.publish(vec![New {
                    resource: "hologram",
                    doc: name.clone(),
                    id: name,
                    data,
                    form: Form::Good,
                }]);
            }
            12..=14 => {
                let name = format!("n{}", self.stamp);
                platform.publish(vec![notice_record(&name, platform::ISSUED, 1)]);
            }
            15 | 16 => Self::supervise(&mut platform, random),
            17 => platform.expire_cursors(),
            18 => platform.maintenance = random.percent(30).then_some(600),
            _ => platform.quota = random.percent(30).then(|| random.below(10) as u32),
        }
    }

    /// The supervisor, or a colleague at the platform's own page, moves a notice on.
    fn supervise(platform: &mut Platform, random: &mut Random) {
        let notices: Vec<(String, String, u64)> = platform
            .objects
            .iter()
            .filter(|((resource, _), _)| resource == "notice")
            .map(|((_, id), object)| {
                let data: serde_json::Value = serde_json::from_str(object.data.as_ref().unwrap()).unwrap();
                (id.clone(), data["state"].as_str().unwrap().to_owned(), data["round"].as_u64().unwrap())
            })
            .collect();
        if notices.is_empty() {
            return;
        }
        let (id, state, round) = random.pick(&notices);
        match state.as_str() {
            platform::ISSUED => platform.publish(vec![notice_record(id, SIGNED, *round)]),
            platform::REPLIED if random.percent(60) => {
                platform.publish(vec![notice_record(id, RETURNED, round + 1)]);
            }
            platform::REPLIED => platform.publish(vec![notice_record(id, CLOSED, *round)]),
            _ => {}
        }
    }

    /// Records that were good once are good again; the others stay bad for half of the schedules.
    fn mend(&self, random: &mut Random) {
        let mut platform = self.platform.lock().unwrap();
        platform.maintenance = None;
        platform.quota = None;
        let all = random.percent(50);
        for (_, id) in platform.quarantine() {
            if all || platform.objects[&("org".to_owned(), id.clone())].was_good {
                platform.publish(vec![org(&id, Form::Good, "mended")]);
            }
        }
    }
}

/// G15: whatever stands still, a sync ends within a bounded number of exchanges and says why; and when it moves again,
/// the next sync gets through.
#[test]
fn sync_ends_or_says_why() {
    use Standing::*;
    let office = Office::new();
    let cases = [
        (Cursor, true, Some(FailureCode::FeedStuck)),
        (EmptyPages, true, Some(FailureCode::FeedStuck)),
        (OldPages, true, Some(FailureCode::FeedStuck)),
        (UnreadablePages, true, Some(FailureCode::FeedStuck)),
        (ExpiredCursor, true, Some(FailureCode::FeedStuck)),
        (CutSnapshot, false, Some(FailureCode::NoAnswer)),
        (RepeatedMark, false, Some(FailureCode::NoAnswer)),
        (EndlessSnapshot, false, Some(FailureCode::NoAnswer)),
        (FailingSubmission, true, None),
        (ForgottenSubmission, true, Some(FailureCode::NoAnswer)),
        (SilentSubmission, true, None),
        (Damage, true, Some(FailureCode::BadAnswer)),
    ];
    let mut most = 0;
    for (standing, synced, expected) in cases {
        office.runtime.block_on(async {
            let platform = Platform::shared(MONDAY, 3, false);
            for n in 0..20 {
                platform.lock().unwrap().publish(order(&format!("d{n}"), 3, "s"));
            }
            platform.lock().unwrap().publish(vec![notice_record("n1", platform::ISSUED, 1)]);
            let mut seat = Seat::new(&office.profiles[0], &platform, "a", (1, 0, 0));
            if synced {
                assert!(seat.sync().await.complete);
                platform.lock().unwrap().publish(order("d99", 3, "s"));
                seat.answer("k1", "原因");
                seat.check_in("k2", "2026-11-23");
                if standing == SilentSubmission {
                    // The answer is lost, so it has to be asked for.
                    seat.network.weather().standing = Some(ForgottenSubmission);
                    seat.sync().await;
                }
            }
            seat.network.weather().standing = Some(standing);
            let before = seat.network.exchanges.load(Ordering::Relaxed);
            let report = seat.sync().await;
            let exchanges = seat.network.exchanges.load(Ordering::Relaxed) - before;
            assert_eq!(report.failure.as_ref().map(|f| f.code), expected, "{standing:?}: {report:?}");
            assert!(exchanges < 300, "{standing:?}: {exchanges} exchanges");
            most = most.max(exchanges);
            seat.check_own();
            if expected.is_none() {
                assert!(
                    report.complete && report.waiting > 0,
                    "{standing:?}: the others go through: {report:?}"
                );
            }
            seat.network.weather().standing = None;
            platform.lock().unwrap().publish(vec![org("unreadable", Form::Good, "now it can be read")]);
            settle(&platform, std::slice::from_ref(&seat), &Tried::default()).await;
        });
    }
    println!("promise G15: {} things that stand still, at most {most} exchanges each, seed 1", cases.len());
}

/// G11: a month without a network. Everything is read, entered and drafted; then it catches up.
#[test]
fn a_month_offline_is_caught_up() {
    let months = env("TORTURE", 1) * 5;
    let seed = env("SUNBENCH_SEED", 20_261_122);
    let (office, tried) = (Office::new(), Tried::default());
    for month in 0..months {
        office.runtime.block_on(async {
            let mut random = Random(seed.wrapping_add(month));
            let platform = Platform::shared(MONDAY, 7, month % 2 == 0);
            let mut world = World { platform: &platform, stamp: 0 };
            let mut seats = [
                Seat::new(&office.profiles[0], &platform, "a", (seed, 0, 0)),
                Seat::new(&office.profiles[1], &platform, "b", (seed, 0, 0)),
            ];
            (0..30).for_each(|_| world.change(&mut random));
            world.mend(&mut random);
            settle(&platform, &seats, &tried).await;
            for day in 1..=30 {
                (0..4).for_each(|_| world.change(&mut random));
                {
                    let mut platform = platform.lock().unwrap();
                    platform.now += 86_400;
                    (platform.maintenance, platform.quota) = (None, None);
                }
                let [away, here] = &mut seats;
                // The one that is away works on what it has; the other one sees everything.
                away.network.weather().spoiled = 100;
                away.answer(&format!("a{month}-{day}"), "原因");
                away.check_in(&format!("a{month}-c{day}"), &format!("2026-12-{day:02}"));
                assert!(!away.sync().await.complete);
                away.check_own();
                here.answer(&format!("b{month}-{day}"), "另外的原因");
                here.sync().await;
            }
            world.mend(&mut random);
            seats[0].network.weather().spoiled = 0;
            seats[0].restart(0);
            settle(&platform, &seats, &tried).await;
            check_replies(&platform, &seats);
            for item in seats[0].outbox().iter().filter(|item| item.kind == "checkIn") {
                assert_eq!(item.state.name(), "accepted", "the check-ins of the month: {item:?}");
            }
        });
    }
    println!("promise G11: {months} months of 30 days offline, caught up, seed {seed}");
}
