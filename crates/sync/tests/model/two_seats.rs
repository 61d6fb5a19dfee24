//! Two seats of one hospital, and whatever happens between them and the platform.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use fastrand::Rng;
use sunbench_sync::FailureCode;

use crate::network::Standing;
use crate::office::{MONDAY, Office, add, each_schedule, seed, size};
use crate::platform::{Form, ISSUED, Platform, notice_record, order, org};
use crate::seat::Seat;
use crate::world::{World, percent};

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
    let (schedules, tried, seed) = (500 * size(), Tried::default(), seed());
    let looks = each_schedule(schedules, async |office, n, random| schedule(office, n, random, &tried).await);
    let many = |of: &AtomicU64| of.load(Ordering::Relaxed);
    let (runs, exchanges) = (many(&tried.runs), many(&tried.exchanges));
    let tried_by =
        format!("{schedules} schedules of two seats against a model, {runs} syncs, {exchanges} exchanges");
    println!("promise G2: {} submissions in {tried_by}, seed {seed}", many(&tried.submissions));
    println!("promise G3: {tried_by}, {looks} looks of a reader, seed {seed}");
    println!("promise G4: what was written after each sync, {tried_by}, seed {seed}");
    println!("promise G10: {} decisions between two seats, {tried_by}, seed {seed}", many(&tried.decisions));
    println!("promise G14: unknown fields, codes and resources, {tried_by}, seed {seed}");
}

async fn schedule(office: &Office, n: u64, random: &mut Rng, tried: &Tried) {
    let platform = Platform::shared(MONDAY, *random.choice(&[1, 2, 3, 7]).unwrap(), percent(random, 50));
    let spoiled = *random.choice(&[0, 10, 30, 60]).unwrap();
    let off = *random.choice(&[0, 0, 0, 7_200, -7_200, 31_536_000]).unwrap();
    let mut seats = [
        Seat::new(&office.profiles[0], &platform, "a", (random.u64(..), spoiled, off)),
        Seat::new(&office.profiles[1], &platform, "b", (random.u64(..), spoiled, 0)),
    ];
    let late_comer = percent(random, 25);
    let mut world = World { platform: &platform, stamp: 0 };
    for _ in 0..random.usize(..6) {
        world.change(random);
    }
    for step in 0..2 + random.usize(..7) {
        world.change(random);
        let who = if late_comer { 0 } else { random.usize(..2) };
        let seat = &mut seats[who];
        match random.usize(..8) {
            0 | 1 => {
                seat.answer(
                    &format!("{}{n}-{step}", seat.user.clone()),
                    &"原因".repeat(1 + random.usize(..2)),
                );
            }
            2 => {
                seat.check_in(&format!("{}{n}-{step}", seat.user.clone()), &format!("2026-11-{}", 20 + step));
            }
            3 => seat.restart(*random.choice(&[0, off]).unwrap()),
            4 => platform.lock().unwrap().now += *random.choice(&[60, 3_600, 86_400, 30 * 86_400]).unwrap(),
            _ => {}
        }
        if percent(random, 60) {
            let stop = percent(random, 20).then(|| random.usize(..12) as u64);
            match stop {
                Some(after) => drop(seat.sync_stopped(after).await),
                None => drop(seat.sync().await),
            }
            add(&tried.runs, 1);
            seat.check_own();
        }
    }
    // The network heals, and everything that was wrong is put right or stays visibly wrong.
    world.mend(random);
    for seat in &mut seats {
        seat.network.weather().spoiled = 0;
        seat.restart(0);
    }
    settle(&platform, &seats, tried).await;
    if percent(random, 30) {
        let before = seats[0].store.read(sunbench_store::mirror::digest::content).unwrap();
        world.platform.lock().unwrap().expire_cursors();
        settle(&platform, &seats, tried).await;
        let after = seats[0].store.read(sunbench_store::mirror::digest::content).unwrap();
        assert_eq!(before, after, "a rebuilt cache is the one that was kept");
    }
    for seat in &seats {
        let items = seat.outbox();
        add(&tried.submissions, items.len());
        let decisions = items.iter().filter(|item| item.state.name() == "needs-decision").count();
        add(&tried.decisions, decisions);
        add(&tried.exchanges, seat.network.exchanges.load(Ordering::Relaxed) as usize);
    }
    check_replies(&platform, &seats);
}

/// Syncs until nothing is left to do, which takes a few runs because refused items rest.
async fn settle(platform: &Arc<Mutex<Platform>>, seats: &[Seat], tried: &Tried) {
    for round in 0.. {
        platform.lock().unwrap().now += 7_200;
        let mut done = true;
        for seat in seats {
            let report = seat.sync().await;
            add(&tried.runs, 1);
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
            platform.lock().unwrap().publish(vec![notice_record("n1", ISSUED, 1)]);
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
    let (months, seed) = (5 * size(), seed());
    let (office, tried) = (Office::new(), Tried::default());
    for month in 0..months {
        office.runtime.block_on(async {
            let random = &mut Rng::with_seed(seed.wrapping_add(month));
            let platform = Platform::shared(MONDAY, 7, month % 2 == 0);
            let mut world = World { platform: &platform, stamp: 0 };
            let mut seats = [
                Seat::new(&office.profiles[0], &platform, "a", (seed, 0, 0)),
                Seat::new(&office.profiles[1], &platform, "b", (seed, 0, 0)),
            ];
            (0..30).for_each(|_| world.change(random));
            world.mend(random);
            settle(&platform, &seats, &tried).await;
            for day in 1..=30 {
                (0..4).for_each(|_| world.change(random));
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
            world.mend(random);
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
