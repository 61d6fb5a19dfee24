//! The air gap: bundles are lost, repeated, reordered, damaged and foreign, relays are cut, the network comes back in
//! between.

use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use serde_json::json;
use sunbench_contract::Part;

use crate::gap::{self, Gap};
use crate::office::{MONDAY, Office, add, each_schedule, seed, size};
use crate::platform::{Form, New, Platform};
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

/// What changed between an old bundle's snapshot and the profile's own beginning comes neither with that snapshot nor
/// with the feed.
#[test]
fn a_snapshot_from_before_the_profile_began_is_passed_over() {
    let office = Office::new();
    office.runtime.block_on(async {
        let (tried, mut random) = (Tried::default(), Rng::with_seed(1));
        let platform = Platform::shared(MONDAY, 1, false);
        let inner = Seat::new(&office.profiles[0], &platform, "a", (1, 0, 0));
        let outer = Seat::new(&office.profiles[1], &platform, "a", (2, 0, 0));
        let mut gap = Gap::new(&inner, &outer, &platform, &tried);
        let publish = |stamp: &str| {
            let (data, id) = (Some(json!({"id": "h1", "of": stamp})), "h1".to_owned());
            let record = New { resource: "hologram", doc: id.clone(), id, data, form: Form::Good };
            platform.lock().unwrap().publish(vec![record]);
        };
        publish("as it was");
        gap.export(&inner);
        gap.relay(&outer, &mut random).await;
        assert_eq!(tried.cut.load(Ordering::Relaxed), 0);
        publish("as it is");
        inner.sync_stopped(3).await;
        let begun = inner.store.read(sunbench_sync::state::position).unwrap();
        assert!(begun.cursor.is_some() && !begun.part(Part::History).done, "{begun:?}");
        gap.import_all(&inner).await;
        inner.sync().await;
        inner.check_mirror();
    });
}
