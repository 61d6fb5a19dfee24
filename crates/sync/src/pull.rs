//! Reading: the first sync's parts, the feed, and the rebuild after an expired cursor.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use sunbench_contract::{Capabilities, Change, ChangesQuery, Part, SnapshotHead, SnapshotQuery, codes};
use sunbench_store::mirror::{rebuild, recount, sync_state};
use sunbench_store::{Store, StoreError};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::client::{ClientError, Items, Page, SnapshotEvent};
use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::ingest::{self, Batch, Counts, Staging};
use crate::plan::{self, PageFacts, Position, Purpose, Step, may_spend};
use crate::report::{Phase, Progress};
use crate::state;

/// While history loads, the feed is looked at this often.
const FEED_EVERY: Duration = Duration::from_secs(20);
/// Items of one transaction of a first sync: large enough to be fast, small enough that a person's own work never
/// waits long for its turn.
const CHECKPOINT: usize = 4_000;
/// Items between two resume marks that are asked for.
const MARK_EVERY: u32 = 1_000;
/// Pieces that may wait between two stages.
const AHEAD: usize = 4;
/// Items of the feed that become visible together once it has been read to its end. A feed leaves out what has been
/// overtaken, so between two pages a document may lack what comes with a later page; a longer backlog is shown step by
/// step.
const TOGETHER: usize = 4_000;
/// Records of one document at most.
const DOCUMENT: usize = 50_000;
/// Records that one transaction of a sweep takes away.
const SWEEP: u32 = 2_000;
/// Order lines and deliveries that one transaction counts after a first sync.
const COUNTED: u32 = 5_000;

/// What one blocking step of a pull gives back.
pub(crate) async fn blocking<T: Send + 'static>(
    store: &Arc<Store>,
    work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, SyncError> {
    let store = Arc::clone(store);
    Ok(spawn_blocking(move || work(&store)).await.map_err(|_| SyncError::Died)??)
}

impl SyncEngine {
    /// Reads until there is nothing left to read.
    pub(crate) async fn pull(&self, run: &mut Run) -> Result<(), SyncError> {
        let mut feed_read: Option<Instant> = None;
        let mut has_read_parts = false;
        loop {
            run.retry.check()?;
            let feed_due = feed_read.is_none_or(|at| at.elapsed() >= FEED_EVERY);
            let step = plan::next(&run.position, feed_due);
            let result = match step {
                Step::ReadPart { part, after } => {
                    has_read_parts = true;
                    if after.is_none() {
                        blocking(&self.store, |store| store.write_mirror(recount::put_off)).await?;
                    }
                    self.allow(run, if part == Part::History { Purpose::History } else { Purpose::Recent })?;
                    self.read_part(run, part, after).await
                }
                Step::FollowFeed { .. } => {
                    self.allow(run, Purpose::Feed)?;
                    let result = self.follow(run, None).await;
                    feed_read = Some(Instant::now());
                    result
                }
                Step::Sweep => self.sweep(run).await,
                Step::Done if has_read_parts => return self.count(run).await,
                Step::Done => return Ok(()),
            };
            match result {
                Err(SyncError::Client(error)) if error.code() == codes::CURSOR_EXPIRED => {
                    if run.rebuilt {
                        return Err(SyncError::CursorExpired);
                    }
                    run.rebuilt = true;
                    tracing::info!("the cursor has expired: rebuilding the mirror");
                    let capabilities = self.ask_capabilities(run).await?;
                    self.start_rebuild(run, &capabilities).await?;
                    feed_read = None;
                }
                other => other?,
            }
        }
    }

    /// Fails when the day's quota is kept for something that matters more.
    pub(crate) fn allow(&self, run: &Run, purpose: Purpose) -> Result<(), SyncError> {
        if may_spend(purpose, self.quota_left(run)) { Ok(()) } else { Err(SyncError::Quota) }
    }

    /// Forgets where the old data set stood. Another epoch's versions say nothing about ours, so its records go at
    /// once; otherwise they stay until their successors arrive.
    pub(crate) async fn start_rebuild(
        &self,
        run: &mut Run,
        platform: &Capabilities,
    ) -> Result<(), SyncError> {
        let same = run.position.epoch.is_empty() || run.position.epoch == platform.epoch;
        let position = if same {
            Position::rebuild(platform.epoch.clone())
        } else {
            Position { epoch: platform.epoch.clone(), ..Position::default() }
        };
        run.reached(position.clone());
        run.staged = Some(Vec::new());
        run.token = None;
        blocking(&self.store, move |store| {
            store.write_mirror(|tx| {
                if same {
                    rebuild::begin(tx)?;
                } else {
                    sync_state::clear_mirror(tx)?;
                }
                state::put(tx, state::POSITION, &position)
            })
        })
        .await
    }

    /// Counts what came with the parts for the indicators.
    async fn count(&self, run: &Run) -> Result<(), SyncError> {
        loop {
            run.retry.check()?;
            let step = |store: &Store| store.write_mirror(|tx| recount::step(tx, COUNTED));
            if blocking(&self.store, step).await?.is_finished {
                return Ok(());
            }
        }
    }

    pub(crate) async fn sweep(&self, run: &mut Run) -> Result<(), SyncError> {
        loop {
            run.retry.check()?;
            let gone =
                blocking(&self.store, |store| store.write_mirror(|tx| rebuild::sweep(tx, SWEEP))).await?;
            if gone.applied + gone.unchanged == 0 {
                break;
            }
        }
        let position = Position { rebuilding: false, ..run.position.clone() };
        run.reached(position.clone());
        blocking(&self.store, move |store| {
            store.write_mirror(|tx| state::put(tx, state::POSITION, &position))
        })
        .await
    }

    /// Follows the feed until there is no more. With `wait` the first request is a long poll of so many seconds.
    pub(crate) async fn follow(&self, run: &mut Run, mut wait: Option<u32>) -> Result<(), SyncError> {
        loop {
            let query = ChangesQuery {
                cursor: run.position.cursor.clone().unwrap_or_default(),
                limit: Some(run.page),
                wait: wait.take(),
            };
            if query.wait.is_some() {
                self.tell(Phase::Waiting, 0, None);
            }
            let page = run.retry.run(|| self.client.changes(&query)).await?;
            self.take_page(run, page).await?;
            if run.position.caught_up {
                return Ok(());
            }
        }
    }

    pub(crate) async fn take_page(&self, run: &mut Run, mut page: Page) -> Result<(), SyncError> {
        let highest = page.items.changes.iter().map(|item| item.seq).max();
        // What came before is in the mirror, or in the staging: here it could only tear a document apart.
        let known = drop_known(&mut page.items.changes, run.position.last_seq);
        let position = plan::advance(
            &run.position,
            &PageFacts {
                items: page.items.len(),
                repeats: known > 0,
                highest,
                next_cursor: &page.next_cursor,
                has_more: page.has_more,
            },
        )?;
        run.counts.unchanged += known;
        if page.items.is_empty() && position == run.stored {
            run.position = position;
            return Ok(());
        }
        let staged = match run.staged.take() {
            Some(staged) => staged,
            None => self.read_staged().await?,
        };
        let before = staged.len();
        let holds = !position.caught_up && before + page.items.changes.len() <= TOGETHER;
        let (whole, tail) = split(staged, page.items, holds);
        if tail.len() > DOCUMENT {
            return Err(SyncError::DocumentTooLarge(DOCUMENT));
        }
        let now = self.clock.now();
        let (position, tail, counts) = blocking(&self.store, move |store| {
            let batch = Batch::of(whole);
            let staging = match (before, tail.len()) {
                (0, 0) => Staging::Keep,
                _ if holds => Staging::Add(&tail[before..]),
                _ => Staging::Replace(&tail),
            };
            let counts = ingest::write(store, &batch, &position, staging, now)?;
            Ok((position, tail, counts))
        })
        .await?;
        run.reached(position);
        run.staged = Some(tail);
        run.counts += counts;
        self.tell(Phase::Feed, run.received(), None);
        Ok(())
    }

    async fn read_staged(&self) -> Result<Vec<Change>, SyncError> {
        let texts = blocking(&self.store, |store| store.read(sync_state::staged)).await?;
        // They were read once before they were staged.
        Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }

    /// Reads one part of the snapshot, going on after each cut, until its end or until the feed is due.
    async fn read_part(&self, run: &mut Run, part: Part, mut after: Option<String>) -> Result<(), SyncError> {
        let started = Instant::now();
        loop {
            run.retry.check()?;
            let query = SnapshotQuery { part, after: after.clone(), limit: Some(MARK_EVERY), before: None };
            let mut stream = run.retry.run(|| self.client.snapshot(&query)).await?;
            let (until, before) = (started + FEED_EVERY, run.received());
            let (end, position, counts) = self.read_stream(run, part, &mut stream, until).await?;
            run.reached(position);
            run.counts += counts;
            if run.received() > before {
                run.retry.progressed();
            }
            match end {
                End::Whole | End::Paused => return Ok(()),
                End::Stopped => return Err(SyncError::Cancelled),
                End::Cut(error) => run.retry.wait(error).await?,
            }
            after.clone_from(&run.position.part(part).mark);
        }
    }

    /// Network, translation and database at the same time, each behind a short queue.
    pub(crate) async fn read_stream(
        &self,
        run: &Run,
        part: Part,
        stream: &mut (dyn Stream<Item = Result<SnapshotEvent, ClientError>> + Send + Unpin),
        until: Instant,
    ) -> Result<(End, Position, Counts), SyncError> {
        let (to_translate, arrived) = mpsc::channel::<Piece>(AHEAD);
        let (to_write, translated) = mpsc::channel::<(Batch, Reached)>(AHEAD);
        let translating = spawn_blocking(move || translate_pieces(arrived, &to_write));
        let writing = {
            let (store, position, now) = (Arc::clone(&self.store), run.position.clone(), self.clock.now());
            let progress = self.progress.clone();
            spawn_blocking(move || write_batches(&store, part, position, translated, now, &progress))
        };
        let end = loop {
            let event = tokio::select! {
                biased;
                () = run.cancel.cancelled() => break End::Stopped,
                event = stream.next() => event,
            };
            let piece = match event {
                Some(Ok(SnapshotEvent::Head(head))) => Piece::Head(head),
                Some(Ok(SnapshotEvent::Items(items))) => Piece::Items(items),
                Some(Ok(SnapshotEvent::Mark(mark))) => Piece::Mark(mark),
                Some(Ok(SnapshotEvent::End(_))) => Piece::End,
                Some(Err(error)) => break End::Cut(error),
                None => break End::Cut(ClientError::Cut("the snapshot has no end".to_owned())),
            };
            let (is_end, is_mark) = (matches!(piece, Piece::End), matches!(piece, Piece::Mark(_)));
            if to_translate.send(piece).await.is_err() {
                break End::Stopped; // a later stage has failed and says why below
            }
            if is_end {
                break End::Whole;
            }
            if is_mark && Instant::now() >= until {
                break End::Paused;
            }
        };
        drop(to_translate);
        translating.await.map_err(|_| SyncError::Died)?;
        let (position, counts) = writing.await.map_err(|_| SyncError::Died)??;
        Ok((end, position, counts))
    }
}

/// How a stream ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The part is complete.
    Whole,
    /// At a mark, because something else is due.
    Paused,
    /// From outside.
    Stopped,
    /// Too early.
    Cut(ClientError),
}

/// From the network to the translator.
enum Piece {
    Head(SnapshotHead),
    Items(Items),
    Mark(String),
    End,
}

/// How far a batch brings the part.
struct Reached {
    head: Option<SnapshotHead>,
    mark: Option<String>,
    done: bool,
}

fn translate_pieces(mut arrived: mpsc::Receiver<Piece>, to_write: &mpsc::Sender<(Batch, Reached)>) {
    let mut batch = Batch::default();
    let mut head = None;
    // Up to here the batch is whole; what comes after the last mark of a cut stream comes again.
    let mut whole: Option<(String, (usize, usize))> = None;
    while let Some(piece) = arrived.blocking_recv() {
        let reached = match piece {
            Piece::Head(found) => {
                head = Some(found);
                continue;
            }
            Piece::Items(items) => {
                batch.add(items);
                continue;
            }
            Piece::Mark(mark) if batch.len() < CHECKPOINT => {
                whole = Some((mark, batch.sizes()));
                continue;
            }
            Piece::Mark(mark) => Reached { head: head.take(), mark: Some(mark), done: false },
            Piece::End => Reached { head: head.take(), mark: None, done: true },
        };
        whole = None;
        if to_write.blocking_send((std::mem::take(&mut batch), reached)).is_err() {
            return;
        }
    }
    if let Some((mark, sizes)) = whole {
        batch.truncate(sizes);
        // A closed channel means that writing has failed and says why itself.
        let _ = to_write.blocking_send((batch, Reached { head, mark: Some(mark), done: false }));
    }
}

fn write_batches(
    store: &Store,
    part: Part,
    mut position: Position,
    mut translated: mpsc::Receiver<(Batch, Reached)>,
    now: sunbench_contract::time::Instant,
    progress: &tokio::sync::watch::Sender<Progress>,
) -> Result<(Position, Counts), StoreError> {
    let mut counts = Counts::default();
    while let Some((batch, reached)) = translated.blocking_recv() {
        let mut next = position.clone();
        if let Some(head) = reached.head {
            // The first head of all is where the feed is followed from; later ones are only later.
            if next.cursor.is_none() {
                next.cursor = Some(head.cursor);
                next.first_seq = head.seq;
            }
            next.part_mut(part).total = head.total;
        }
        let place = next.part_mut(part);
        place.items += batch.len() as u64;
        place.done = reached.done;
        place.mark = reached.mark;
        counts += ingest::write(store, &batch, &next, Staging::Keep, now)?;
        position = next;
        let place = position.part(part);
        progress.send_replace(Progress { phase: part.into(), done: place.items, total: Some(place.total) });
    }
    Ok((position, counts))
}

/// Leaves the items after `last_seq`, each once and in the feed's order, and says how many went.
fn drop_known(changes: &mut Vec<Change>, last_seq: u64) -> u64 {
    let before = changes.len();
    changes.retain(|item| item.seq > last_seq);
    changes.sort_by_key(|item| item.seq);
    changes.dedup_by_key(|item| item.seq);
    (before - changes.len()) as u64
}

/// Whole documents, and the beginning of one whose end has not come yet, or everything where it `holds` until more has
/// come. What cannot be read belongs to no document.
fn split(staged: Vec<Change>, items: Items, holds: bool) -> (Items, Vec<Change>) {
    let mut changes = staged;
    changes.extend(items.changes);
    let whole = changes.iter().rposition(|item| !item.more).filter(|_| !holds).map_or(0, |last| last + 1);
    let tail = changes.split_off(whole);
    (Items { changes, bad: items.bad }, tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(seq: u64, more: bool) -> Change {
        serde_json::from_value(serde_json::json!({
            "seq": seq, "resource": "org", "op": "delete", "id": "1", "ver": 1,
            "updTime": "2026-11-22T08:00:00+08:00", "more": more
        }))
        .unwrap()
    }

    #[test]
    fn known_items_are_dropped() {
        for (seqs, last_seq, left) in [
            (&[][..], 5, &[][..]),
            (&[6, 7], 5, &[6, 7]),
            (&[4, 5], 5, &[]),
            (&[5, 6], 5, &[6]),
            (&[8, 6, 7, 6], 5, &[6, 7, 8]),
        ] {
            let mut changes: Vec<_> = seqs.iter().map(|seq| item(*seq, false)).collect();
            let known = drop_known(&mut changes, last_seq);
            assert_eq!(changes.iter().map(|item| item.seq).collect::<Vec<_>>(), left, "{seqs:?}");
            assert_eq!(known as usize, seqs.len() - left.len());
        }
    }

    #[test]
    fn documents_are_whole_or_wait() {
        // Small letters belong to the document that the next letter goes on with.
        for (staged, page, whole, tail) in [
            ("", "", 0, 0),
            ("", "A", 1, 0),
            ("", "aA", 2, 0),
            ("", "Aa", 1, 1),
            ("", "aa", 0, 2),
            ("aa", "A", 3, 0),
            ("aa", "aa", 0, 4),
            ("a", "Aaa", 2, 2),
        ] {
            let changes = |text: &str| {
                text.chars().zip(1..).map(|(c, seq)| item(seq, c.is_lowercase())).collect::<Vec<_>>()
            };
            let (got, rest) =
                split(changes(staged), Items { changes: changes(page), bad: Vec::new() }, false);
            assert_eq!((got.changes.len(), rest.len()), (whole, tail), "{staged}|{page}");
            let held = split(changes(staged), Items { changes: changes(page), bad: Vec::new() }, true);
            assert_eq!((held.0.changes.len(), held.1.len()), (0, whole + tail), "{staged}|{page}");
        }
    }
}
