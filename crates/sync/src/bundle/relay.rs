//! A bundle to the platform, and what the platform says back into the same file.

use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt;
use sunbench_contract::{Capabilities, ChangesQuery, Part, SnapshotQuery, codes};
use sunbench_exchange::bundle::{
    self, Bad, BundleError, Contents, ExchangeKey, Frame, Items, Mark, PageEnd, PartEnd, PartStart, Reached,
    Rebuild, Relay, Writer,
};
use sunbench_exchange::open_regular;
use sunbench_store::durable::Staged;
use sunbench_store::{audit, local::account};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::export::{entry, raw};
use super::read::{Frames, check, on_own_thread};
use super::{AHEAD, BundleFailure, Carried};
use crate::client::{self, ClientError, SnapshotEvent};
use crate::clock::corrected;
use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::plan::{self, PageFacts, Position, Purpose, Step};
use crate::pull::blocking;
use crate::report::{Failure, Phase};

/// Items between two resume marks that are asked for.
const MARK_EVERY: u32 = 1_000;
/// Items of one frame: what is held at once.
const AT_ONCE: usize = 1_000;

/// The file that is being written, on a thread of its own.
pub(super) struct Outgoing {
    frames: mpsc::Sender<Frame>,
    written: oneshot::Receiver<Result<Staged, BundleError>>,
}

impl Outgoing {
    /// Begins a copy of the bundle at `path`, to which frames are added. Attachments of answered submissions are left out.
    fn start(path: PathBuf, key: ExchangeKey, staged: Staged, contents: &Contents) -> Self {
        let (frames, added) = mpsc::channel(AHEAD);
        let answered = contents.answers.iter().map(|answer| answer.key.clone()).collect();
        let written = on_own_thread(move || write(&path, &key, staged, &answered, added));
        Self { frames, written }
    }

    pub(super) async fn send(&self, frame: Frame) -> Result<(), BundleFailure> {
        // A writer that has gone says why when it is asked for the file.
        self.frames.send(frame).await.map_err(|_| SyncError::Died.into())
    }

    /// Ends the file.
    async fn finish(self) -> Result<Staged, BundleFailure> {
        drop(self.frames);
        Ok(self.written.await.map_err(|_| SyncError::Died)??)
    }
}

fn write(
    path: &Path,
    key: &ExchangeKey,
    mut staged: Staged,
    answered: &HashSet<String>,
    mut added: mpsc::Receiver<Frame>,
) -> Result<Staged, BundleError> {
    let mut writer = Writer::new(BufWriter::new(staged.file()), key)?;
    let mut reader = bundle::read(open_regular(path).map_err(BundleError::Io)?, key)?;
    let mut needed = true;
    while let Some(frame) = reader.read()? {
        match &frame {
            Frame::Submission(submission) => needed = !answered.contains(&submission.key),
            Frame::Attachment(_) if !needed => continue,
            _ => {}
        }
        writer.write(&frame)?;
    }
    while let Some(frame) = added.blocking_recv() {
        writer.write(&frame)?;
    }
    writer.finish()?.flush().map_err(BundleError::Io)?;
    Ok(staged)
}

impl SyncEngine {
    /// Carries a bundle to the platform and writes what it says into the same file, whole or not at all. Nothing of it is
    /// kept in this profile but an entry in its audit log. `budget` bounds the time that may be lost to failures.
    ///
    /// A relay that ends early because of the network keeps what it has: [`Carried::failure`] then says why.
    ///
    /// # Errors
    /// [`BundleFailure`]; the file is as it was.
    pub async fn relay(
        &self,
        path: &Path,
        key: &ExchangeKey,
        budget: Duration,
        cancel: &CancellationToken,
    ) -> Result<Carried, BundleFailure> {
        let _turn = self.running.lock().await;
        let contents = check(path.to_owned(), key).await?;
        let account = blocking(&self.store, |store| store.read(account::get)).await?;
        let account = account.ok_or(SyncError::NotConnected)?;
        if account.institution != contents.export.institution {
            return Err(BundleError::Foreign.into());
        }
        let staged = Staged::beside(path)?;
        let mut run = self.begin(self.strict(budget, cancel), cancel).await?;
        let carried = self.relay_run(&mut run, path, key, &account.user, &contents, staged).await;
        // The token and the day's count of requests are this seat's own.
        self.remember(&run).await?;
        self.tell(Phase::Idle, 0, None);
        carried
    }

    async fn relay_run(
        &self,
        run: &mut Run,
        path: &Path,
        key: &ExchangeKey,
        user: &str,
        contents: &Contents,
        staged: Staged,
    ) -> Result<Carried, BundleFailure> {
        self.leave_shared_seat(run).await?;
        let platform = self.ask_capabilities(run).await?;
        let out = Outgoing::start(path.to_owned(), key.clone(), staged, contents);
        let id = uuid::Uuid::now_v7().to_string();
        let begun = Relay {
            id: id.clone(),
            at: self.platform_now(),
            user: user.to_owned(),
            platform: platform.clone(),
        };
        let mut carried = Carried::default();
        let position = contents.reached.as_ref().map_or(&contents.export.position, |last| &last.position);
        let mut position: Position = serde_json::from_str(position.get()).unwrap_or_default();
        let mut ended = out.send(Frame::Relay(begun)).await;
        if ended.is_ok() {
            ended = self
                .exchange(run, path, key, user, contents, &platform, &out, &mut position, &mut carried)
                .await;
        }
        let reached = Reached { position: raw(&position), at: self.platform_now() };
        // A writer that has gone says why when it is asked for the file.
        let _ = out.send(Frame::Reached(reached)).await;
        let file = out.finish().await?;
        let failure = match ended {
            Ok(()) => None,
            // What was gained is kept; without gain the file stays as it is.
            Err(BundleFailure::Sync(error)) if carried.submissions + carried.changes > 0 => {
                Some(Failure::of(&error))
            }
            Err(error) => return Err(error),
        };
        spawn_blocking(move || file.put()).await.map_err(|_| SyncError::Died)??;
        let (now, actor) = (self.platform_now(), user.to_owned());
        let detail = serde_json::json!({
            "export": contents.export.id, "profile": contents.export.profile, "seq": contents.export.seq,
            "submissions": carried.submissions, "changes": carried.changes,
        });
        blocking(&self.store, move |store| {
            store.write_local(|tx| audit::append(tx, &entry(now, &actor, "bundle.relayed", &id, detail)))
        })
        .await?;
        let complete = failure.is_none() && position.caught_up && position.parts.iter().all(|part| part.done);
        Ok(Carried { cursor: position.cursor, complete, failure, ..carried })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one exchange: from where, to where, in whose name, how far"
    )]
    async fn exchange(
        &self,
        run: &mut Run,
        path: &Path,
        key: &ExchangeKey,
        user: &str,
        contents: &Contents,
        platform: &Capabilities,
        out: &Outgoing,
        position: &mut Position,
        carried: &mut Carried,
    ) -> Result<(), BundleFailure> {
        let mut frames = Frames::open(path, key);
        self.send_bundle(run, user, contents, &mut frames, out, &mut carried.submissions).await?;
        drop(frames);
        position.caught_up = false;
        if position.epoch.is_empty() {
            position.epoch.clone_from(&platform.epoch);
        } else if position.epoch != platform.epoch {
            out.send(Frame::Rebuild(Rebuild { epoch: platform.epoch.clone(), expired: None })).await?;
            *position = Position { epoch: platform.epoch.clone(), ..Position::default() };
        }
        let mut rebuilt = false;
        loop {
            run.retry.check()?;
            let result = match plan::next(position, false) {
                Step::ReadPart { part, after } => {
                    self.allow(run, if part == Part::History { Purpose::History } else { Purpose::Recent })?;
                    self.fetch_part(run, part, after, position, out, &mut carried.changes).await
                }
                Step::FollowFeed { cursor } => {
                    self.allow(run, Purpose::Feed)?;
                    self.fetch_page(run, cursor, position, out, &mut carried.changes).await
                }
                Step::Sweep | Step::Done => return Ok(()),
            };
            match result {
                Err(BundleFailure::Sync(SyncError::Client(error)))
                    if error.code() == codes::CURSOR_EXPIRED && !rebuilt =>
                {
                    rebuilt = true;
                    let epoch = platform.epoch.clone();
                    out.send(Frame::Rebuild(Rebuild { epoch, expired: position.cursor.clone() })).await?;
                    *position = Position::rebuild(platform.epoch.clone());
                }
                other => other?,
            }
        }
    }

    /// One page of the feed, with the position after it.
    async fn fetch_page(
        &self,
        run: &mut Run,
        from: String,
        position: &mut Position,
        out: &Outgoing,
        fetched: &mut u64,
    ) -> Result<(), BundleFailure> {
        let query = ChangesQuery { cursor: from.clone(), limit: Some(run.page), wait: None };
        let page = run.retry.run(|| self.client.changes(&query)).await?;
        // What came before stays in the page: whoever takes it in may stand further back.
        let known = page.items.changes.iter().filter(|item| item.seq <= position.last_seq).count();
        let next = plan::advance(
            position,
            &PageFacts {
                items: page.items.len() - known,
                repeats: known > 0,
                highest: page.items.changes.iter().map(|item| item.seq).max(),
                next_cursor: &page.next_cursor,
                has_more: page.has_more,
            },
        )
        .map_err(SyncError::from)?;
        let from_seq = position.last_seq;
        *fetched += page.items.len() as u64;
        send_items(out, page.items).await?;
        let end = PageEnd { from, from_seq, next: page.next_cursor, has_more: page.has_more };
        out.send(Frame::Page(end)).await?;
        *position = next;
        self.tell(Phase::Feed, *fetched, None);
        Ok(())
    }

    /// One part of the snapshot, going on after each cut.
    async fn fetch_part(
        &self,
        run: &mut Run,
        part: Part,
        mut after: Option<String>,
        position: &mut Position,
        out: &Outgoing,
        fetched: &mut u64,
    ) -> Result<(), BundleFailure> {
        loop {
            let query = SnapshotQuery { part, after: after.clone(), limit: Some(MARK_EVERY), before: None };
            let mut stream = run.retry.run(|| self.client.snapshot(&query)).await?;
            // Items since the last mark; those of a cut stream come again.
            let mut pending = 0;
            let error = loop {
                let event = tokio::select! {
                    biased;
                    () = run.cancel.cancelled() => return Err(SyncError::Cancelled.into()),
                    event = stream.next() => event,
                };
                match event {
                    Some(Ok(SnapshotEvent::Head(head))) => {
                        position.cursor.get_or_insert_with(|| head.cursor.clone());
                        position.part_mut(part).total = head.total;
                        out.send(Frame::Part(PartStart { part, after: after.clone(), head })).await?;
                    }
                    Some(Ok(SnapshotEvent::Items(items))) => {
                        pending += items.len() as u64;
                        send_items(out, items).await?;
                    }
                    Some(Ok(SnapshotEvent::Mark(mark))) => {
                        out.send(Frame::Mark(Mark { mark: mark.clone() })).await?;
                        let place = position.part_mut(part);
                        (place.mark, place.items) = (Some(mark), place.items + pending);
                        let (done, total) = (place.items, Some(place.total));
                        *fetched += std::mem::take(&mut pending);
                        run.retry.progressed();
                        self.tell(part.into(), done, total);
                    }
                    Some(Ok(SnapshotEvent::End(end))) => {
                        out.send(Frame::PartEnd(PartEnd { end })).await?;
                        let place = position.part_mut(part);
                        (place.mark, place.items, place.done) = (None, place.items + pending, true);
                        *fetched += pending;
                        return Ok(());
                    }
                    Some(Err(error)) => break error,
                    None => break ClientError::Cut("the snapshot has no end".to_owned()),
                }
            };
            run.retry.wait(error).await?;
            after.clone_from(&position.part(part).mark);
        }
    }

    /// The platform's time, as far as it is known.
    pub(super) fn platform_now(&self) -> sunbench_contract::time::Instant {
        corrected(self.clock.now(), self.client.clock_offset_s().unwrap_or(0))
    }
}

async fn send_items(out: &Outgoing, items: client::Items) -> Result<(), BundleFailure> {
    let mut changes = items.changes.into_iter().peekable();
    while changes.peek().is_some() {
        let some = changes.by_ref().take(AT_ONCE).collect();
        out.send(Frame::Items(Items { changes: some, bad: Vec::new() })).await?;
    }
    if !items.bad.is_empty() {
        let bad = items.bad.into_iter().map(|bad| Bad { raw: bad.raw, reason: bad.reason }).collect();
        out.send(Frame::Items(Items { changes: Vec::new(), bad })).await?;
    }
    Ok(())
}
