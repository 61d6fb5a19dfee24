//! The air gap: bundles are lost, repeated, reordered, damaged and foreign, relays are cut, the network comes back in
//! between.

use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;

use crate::gap::{self, Gap};
use crate::office::{MONDAY, Office, add, each_schedule, seed, size};
use crate::platform::Platform;
use crate::seat::Seat;
use crate::world::{World, percent};

/// What happened in all schedules together.
#[derive(Default)]
pub(crate) struct Tried {
    pub(crate) exports: AtomicU64,
    pub(crate) relays: AtomicU64,
    pub(crate) cut: AtomicU64,
    pub(crate) imports: AtomicU64,
    pub(crate) refused: AtomicU64,
    submissions: AtomicU64,
}

/// G2: whatever becomes of the bundles, every submission has its effect once or visibly waits, and the mirror ends up
/// as the platform's.
#[test]
fn bundles_do_no_harm_in_any_order() {
    let (schedules, tried, seed) = (60 * size(), Tried::default(), seed());
    each_schedule(schedules, async |office, n, random| schedule(office, n, random, &tried).await);
    let many = |of: &AtomicU64| of.load(Ordering::Relaxed);
    println!(
        "promise G2: {schedules} schedules across an air gap: {} bundles exported, {} relayed ({} cut short), {} imported \
         in any order, {} damaged or foreign ones refused, {} submissions, seed {seed}",
        many(&tried.exports),
        many(&tried.relays),
        many(&tried.cut),
        many(&tried.imports),
        many(&tried.refused),
        many(&tried.submissions),
    );
}

async fn schedule(office: &Office, n: u64, random: &mut Rng, tried: &Tried) {
    let platform = Platform::shared(MONDAY, *random.choice(&[1, 2, 3, 7]).unwrap(), percent(random, 50));
    let spoiled = *random.choice(&[0, 0, 10, 30]).unwrap();
    let colleague = *random.choice(&["a", "a", "a", "b"]).unwrap();
    let mut inner = Seat::new(&office.profiles[0], &platform, "a", (random.u64(..), 0, 0));
    let mut outer = Seat::new(&office.profiles[1], &platform, colleague, (random.u64(..), spoiled, 0));
    let mut gap = Gap::new(&inner, &outer, &platform, tried);
    let mut world = World { platform: &platform, stamp: 0 };
    for _ in 0..random.usize(..6) {
        world.change(random);
    }
    for step in 0..6 + random.usize(..14) {
        world.change(random);
        let text = "原因".repeat(1 + random.usize(..2));
        match random.usize(..16) {
            0..=2 => inner.answer(&format!("a{n}-{step}"), &text),
            3 => inner.check_in(&format!("a{n}-{step}"), &format!("2026-11-{}", 20 + step % 10)),
            4 | 5 => gap.export(&inner),
            6..=8 => gap.relay(&outer, random).await,
            9..=11 => gap.import(&inner, random).await,
            12 => gap.bad(&inner, &outer, random).await,
            13 => gap.lose(random),
            // The network is there for once.
            14 => drop(inner.sync().await),
            _ => {
                outer.answer(&format!("z{n}-{step}"), &text);
                drop(outer.sync().await);
            }
        }
        platform.lock().unwrap().now += 60;
        inner.check_own();
    }
    world.mend(random);
    outer.network.weather().spoiled = 0;
    gap.settle(&inner, &mut outer, &platform).await;
    add(&tried.submissions, inner.outbox().len());
    inner.check_own();
    outer.check_own();
    gap::check_waiting(&inner, colleague);
    inner.check_mirror();
    gap::check_replies(&platform, &[&inner, &outer]);
    // What is still about changes nothing any more.
    let before = gap::everything(&inner);
    gap.import_all(&inner).await;
    assert_eq!(before, gap::everything(&inner), "an old bundle has changed something");
}
