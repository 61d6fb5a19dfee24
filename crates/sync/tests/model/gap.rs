//! What people do with bundles.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use sunbench_exchange::bundle::{BundleError, ExchangeKey};
use sunbench_store::local::bundle as kept;
use sunbench_store::local::outbox::{OutboxItem, OutboxState};
use sunbench_store::mirror::digest;
use sunbench_sync::SyncEngine;
use sunbench_sync::bundle::{self, BundleFailure};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::air_gap::Tried;
use crate::network::Pc;
use crate::office::add;
use crate::platform::Platform;
use crate::seat::Seat;
use crate::world::percent;

const KEY: ExchangeKey = ExchangeKey::new([7; 32]);
const OTHER: ExchangeKey = ExchangeKey::new([8; 32]);

/// The stick, with every file that was ever on it.
pub(crate) struct Gap<'a> {
    inner: SyncEngine,
    outer: SyncEngine,
    bag: Vec<Vec<u8>>,
    file: PathBuf,
    tried: &'a Tried,
    _dir: TempDir,
}

impl<'a> Gap<'a> {
    pub(crate) fn new(inner: &Seat, outer: &Seat, platform: &Arc<Mutex<Platform>>, tried: &'a Tried) -> Self {
        for seat in [inner, outer] {
            let emptied = seat.store.write_local(|tx| {
                tx.execute_batch(
                    "DELETE FROM bundle_item; DELETE FROM bundle_export; DELETE FROM bundle_import;",
                )?;
                kept::keep_exchange_key(tx, KEY.as_bytes())
            });
            emptied.unwrap();
        }
        let engine = |seat: &Seat| {
            let clock = Arc::new(Pc { platform: Arc::clone(platform), ahead_s: 0 });
            SyncEngine::new(Arc::clone(&seat.store), seat.network.clone(), clock, 7)
        };
        let memory = std::path::Path::new("/dev/shm");
        let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let file = dir.path().join("stick.sbx");
        Self { inner: engine(inner), outer: engine(outer), bag: Vec::new(), file, tried, _dir: dir }
    }

    pub(crate) fn export(&mut self, inner: &Seat) {
        let now = inner.network.platform().time();
        let waiting: Vec<_> = waiting(inner);
        // A damaged one is no bundle any more, and would not be replaced.
        let _ = std::fs::remove_file(&self.file);
        let carried = bundle::export(&inner.store, &self.file, now).unwrap();
        assert!(carried.submissions <= waiting.len() as u64);
        for item in inner.outbox() {
            let left = inner.store.read(|conn| kept::is_out(conn, &item)).unwrap();
            assert!(!left || item.state == OutboxState::Sending, "{item:?}");
        }
        self.bag.push(std::fs::read(&self.file).unwrap());
        add(&self.tried.exports, 1);
    }

    /// Any bundle, old or new, relayed or not; the file before stays about as well.
    pub(crate) async fn relay(&mut self, outer: &Seat, random: &mut Rng) {
        if self.bag.is_empty() {
            return;
        }
        let bytes = random.choice(&self.bag).unwrap().clone();
        std::fs::write(&self.file, &bytes).unwrap();
        let cancel = CancellationToken::new();
        if percent(random, 25) {
            let at =
                sunbench_sync::PlatformClient::requests_sent(&*outer.network) + random.usize(..12) as u64;
            outer.network.weather().stop = Some((at, cancel.clone()));
        }
        let relayed = self.outer.relay(&self.file, &KEY, Duration::from_mins(1), &cancel).await;
        outer.network.weather().stop = None;
        add(&self.tried.relays, 1);
        let after = std::fs::read(&self.file).unwrap();
        match relayed {
            Ok(carried) => {
                if carried.failure.is_some() {
                    add(&self.tried.cut, 1);
                }
                self.bag.push(after);
            }
            Err(BundleFailure::Sync(_)) => {
                add(&self.tried.cut, 1);
                assert_eq!(after, bytes, "a relay that failed has changed the file");
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn import(&mut self, inner: &Seat, random: &mut Rng) {
        if !self.bag.is_empty() {
            let bytes = random.choice(&self.bag).unwrap().clone();
            self.take_in(inner, &bytes).await;
        }
    }

    pub(crate) async fn import_all(&mut self, inner: &Seat) {
        for bytes in self.bag.clone() {
            self.take_in(inner, &bytes).await;
        }
    }

    async fn take_in(&mut self, inner: &Seat, bytes: &[u8]) {
        std::fs::write(&self.file, bytes).unwrap();
        let before = everything(inner);
        add(&self.tried.imports, 1);
        match self.inner.take_in(&self.file, &KEY, &CancellationToken::new()).await {
            Ok(carried) => {
                let again = self.inner.take_in(&self.file, &KEY, &CancellationToken::new()).await.unwrap();
                assert_eq!((again.submissions, again.changes), (0, 0), "after {carried:?}");
            }
            Err(BundleFailure::NotRelayed) => assert_eq!(before, everything(inner)),
            Err(error) => panic!("{error}"),
        }
    }

    /// Damaged ones, and those of others: refused, and nothing has changed.
    pub(crate) async fn bad(&mut self, inner: &Seat, outer: &Seat, random: &mut Rng) {
        if self.bag.is_empty() {
            return;
        }
        let mut bytes = random.choice(&self.bag).unwrap().clone();
        let (before, theirs) = (everything(inner), everything(outer));
        let cancel = CancellationToken::new();
        std::fs::write(&self.file, &bytes).unwrap();
        let other = self.outer.take_in(&self.file, &KEY, &cancel).await.unwrap_err();
        assert!(matches!(other, BundleFailure::OtherProfile), "{other}");
        let foreign = self.inner.take_in(&self.file, &OTHER, &cancel).await.unwrap_err();
        assert!(matches!(foreign, BundleFailure::Bundle(BundleError::Foreign)), "{foreign}");
        let at = random.usize(..bytes.len());
        if percent(random, 50) {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << random.usize(..8);
        }
        std::fs::write(&self.file, &bytes).unwrap();
        for engine in [&self.inner, &self.outer] {
            let damaged = engine.take_in(&self.file, &KEY, &cancel).await.unwrap_err();
            assert!(matches!(damaged, BundleFailure::Bundle(_)), "{damaged}");
            add(&self.tried.refused, 1);
        }
        let unsent = self.outer.relay(&self.file, &KEY, Duration::from_mins(1), &cancel).await.unwrap_err();
        assert!(matches!(unsent, BundleFailure::Bundle(_)), "{unsent}");
        assert_eq!((before, theirs), (everything(inner), everything(outer)));
        assert_eq!(std::fs::read(&self.file).unwrap(), bytes);
    }

    pub(crate) fn lose(&mut self, random: &mut Rng) {
        if !self.bag.is_empty() {
            let at = random.usize(..self.bag.len());
            self.bag.swap_remove(at);
        }
    }

    /// Goes round until nothing comes back any more.
    pub(crate) async fn settle(&mut self, inner: &Seat, outer: &mut Seat, platform: &Arc<Mutex<Platform>>) {
        for round in 0.. {
            platform.lock().unwrap().now += 7_200;
            outer.sync().await;
            self.export(inner);
            let cancel = CancellationToken::new();
            let relayed = self.outer.relay(&self.file, &KEY, Duration::from_mins(1), &cancel).await.unwrap();
            assert!(relayed.failure.is_none() && relayed.complete, "{relayed:?}");
            self.bag.push(std::fs::read(&self.file).unwrap());
            let taken = self.inner.take_in(&self.file, &KEY, &cancel).await.unwrap();
            assert!(taken.complete, "{taken:?} of {relayed:?}");
            inner.check_own();
            if taken.submissions + taken.changes == 0 {
                return;
            }
            assert!(round < 8, "it does not settle");
        }
    }
}

fn waiting(seat: &Seat) -> Vec<OutboxItem> {
    let mut items = seat.outbox();
    items.retain(|item| matches!(item.state, OutboxState::Queued | OutboxState::Sending));
    items
}

/// The outbox and the mirror.
pub(crate) fn everything(seat: &Seat) -> impl PartialEq + std::fmt::Debug + use<> {
    let position = seat.store.read(sunbench_sync::state::position).unwrap();
    (seat.outbox(), seat.store.read(digest::content).unwrap(), position)
}

/// In the end only that waits what builds upon a decision, and what the relay may not send for somebody else.
pub(crate) fn check_waiting(inner: &Seat, colleague: &str) {
    let outbox = inner.outbox();
    for item in waiting(inner) {
        let decided = |earlier: &OutboxItem| {
            earlier.document == item.document
                && earlier.seq < item.seq
                && earlier.state == OutboxState::NeedsDecision
        };
        assert!(colleague != inner.user || outbox.iter().any(decided), "{item:?}");
    }
}

/// No round has two replies, and an accepted item is the one that the platform has.
pub(crate) fn check_replies(platform: &Arc<Mutex<Platform>>, seats: &[&Seat]) {
    let platform = platform.lock().unwrap();
    let items: Vec<OutboxItem> = seats.iter().flat_map(|seat| seat.outbox()).collect();
    for ((resource, _), object) in &platform.objects {
        let Some(data) = object.data.as_ref().filter(|_| resource == "noticeReply") else { continue };
        let reply: serde_json::Value = serde_json::from_str(data).unwrap();
        let accepted = items.iter().filter(|item| {
            let body: serde_json::Value = serde_json::from_str(&item.body).unwrap();
            item.kind == "notice.reply"
                && item.state == OutboxState::Accepted
                && (&body["noticeId"], &body["round"]) == (&reply["noticeId"], &reply["round"])
        });
        let keys: Vec<&str> = accepted.map(|item| item.key.as_str()).collect();
        assert_eq!(keys, [reply["clientKey"].as_str().unwrap()], "{reply}");
    }
}
