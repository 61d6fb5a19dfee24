//! What a relay brought, into the profile.

use std::path::Path;

use futures_util::{StreamExt, stream};
use sunbench_contract::{SnapshotHead, SubmissionKind};
use sunbench_exchange::bundle::{
    Answer, BundleError, ExchangeKey, Frame, Items, PageEnd, PartStart, Rebuild,
};
use sunbench_store::local::bundle::{self, Imported};
use sunbench_store::local::outbox::{self, OutboxState};
use sunbench_store::{StoreError, audit};
use tokio::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

use super::export::entry;
use super::read::{Frames, check};
use super::send::answer_of;
use super::{BundleFailure, Carried};
use crate::client::{self, BadItem, ClientError, Page, SnapshotEvent};
use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::plan::{self, Step};
use crate::pull::{End, blocking};
use crate::push::{Verdict, answer_text, entry as item_entry, judge, settled};
use crate::report::{Phase, SyncReport};
use crate::retry::Retry;
use crate::state;

/// Items of one page at most.
const PAGE: usize = 200_000;
/// There is nothing else to look at meanwhile.
const NEVER: Duration = Duration::from_hours(24 * 365);

/// Where the bundle stands while it is played.
struct Play {
    /// The data set of what comes.
    epoch: String,
    platform: sunbench_contract::Capabilities,
    /// Items of the page whose end has not come yet.
    items: client::Items,
    settled: u64,
}

impl SyncEngine {
    /// Takes in what relays have put into a bundle of this profile: settles submissions, applies items. Taking the same
    /// bundle in again changes nothing, and one that was interrupted goes on where it stopped.
    ///
    /// # Errors
    /// [`BundleFailure`]; whatever is wrong with the file is found before anything is changed.
    pub async fn take_in(
        &self,
        path: &Path,
        key: &ExchangeKey,
        cancel: &CancellationToken,
    ) -> Result<Carried, BundleFailure> {
        let _turn = self.running.lock().await;
        let contents = check(path.to_owned(), key).await?;
        let own = blocking(&self.store, |store| store.read(bundle::profile)).await?;
        if own.as_ref() != Some(&contents.export.profile) {
            return Err(BundleFailure::OtherProfile);
        }
        let (Some(first), Some(last)) = (contents.relays.first(), contents.relays.last()) else {
            return Err(BundleFailure::NotRelayed);
        };
        let at = contents.reached.as_ref().map_or(last.at, |reached| reached.at);
        let mut run = self.begin(Retry::strict(Duration::ZERO, 0, cancel.clone()), cancel).await?;
        run.position = run.stored.clone();
        let mut play = Play {
            epoch: contents.export.epoch.clone(),
            platform: first.platform.clone(),
            items: client::Items::default(),
            settled: 0,
        };
        let mut frames = Frames::open(path, key);
        let played = self.play(&mut run, &mut play, &mut frames, at).await;
        self.tell(Phase::Idle, 0, None);
        played?;
        let taken = Imported {
            seq: i64::try_from(contents.export.seq).unwrap_or(i64::MAX),
            relay: last.id.clone(),
            taken_at: self.platform_now().unix(),
            submissions: u32::try_from(play.settled).unwrap_or(u32::MAX),
            changes: u32::try_from(run.received()).unwrap_or(u32::MAX),
        };
        self.record(&run, taken, at).await?;
        Ok(Carried {
            submissions: play.settled,
            changes: run.received(),
            cursor: run.position.cursor.clone(),
            complete: run.position.is_complete(),
            failure: None,
        })
    }

    async fn play(
        &self,
        run: &mut Run,
        play: &mut Play,
        frames: &mut Frames,
        at: sunbench_contract::time::Instant,
    ) -> Result<(), BundleFailure> {
        while let Some(frame) = frames.next().await? {
            run.retry.check()?;
            match frame {
                Frame::Answer(answer) => play.settled += u64::from(self.settle_answer(answer, at).await?),
                Frame::Waits(waits) => {
                    blocking(&self.store, move |store| {
                        store.write_local(|tx| outbox::put_off(tx, &waits.key, (&waits.code, &waits.text), 0))
                    })
                    .await?;
                }
                Frame::Relay(relay) => {
                    play.platform = relay.platform;
                    play.items = client::Items::default();
                    if play.epoch.is_empty() {
                        play.epoch.clone_from(&play.platform.epoch);
                    }
                    if run.position.epoch.is_empty() {
                        run.position.epoch.clone_from(&play.epoch);
                    }
                }
                Frame::Rebuild(rebuild) => self.begin_anew(run, play, rebuild).await?,
                Frame::Part(part) => self.play_part(run, play, frames, part).await?,
                Frame::Items(items) => {
                    add(&mut play.items, items);
                    if play.items.len() > PAGE {
                        return Err(BundleError::TooLarge.into());
                    }
                }
                Frame::Page(end) => {
                    let items = std::mem::take(&mut play.items);
                    self.play_page(run, play, items, end).await?;
                }
                // What was asked, and ends of what has been passed over.
                Frame::Export(_)
                | Frame::Submission(_)
                | Frame::Attachment(_)
                | Frame::Mark(_)
                | Frame::PartEnd(_)
                | Frame::Reached(_)
                | Frame::Unknown => {}
            }
        }
        if run.position.rebuilding && plan::next(&run.position, false) == Step::Sweep {
            self.sweep(run).await?;
        }
        Ok(())
    }

    /// Builds the mirror anew where the profile stands at the place that has become worthless.
    async fn begin_anew(
        &self,
        run: &mut Run,
        play: &mut Play,
        rebuild: Rebuild,
    ) -> Result<(), BundleFailure> {
        let before = std::mem::replace(&mut play.epoch, rebuild.epoch.clone());
        let due = match &rebuild.expired {
            Some(expired) => {
                run.position.epoch == rebuild.epoch && run.position.cursor.as_ref() == Some(expired)
            }
            None => run.position.epoch == before && before != rebuild.epoch,
        };
        if due {
            let platform = sunbench_contract::Capabilities { epoch: rebuild.epoch, ..play.platform.clone() };
            self.start_rebuild(run, &platform).await?;
        }
        Ok(())
    }

    /// A page whose beginning or inside is where the profile stands.
    async fn play_page(
        &self,
        run: &mut Run,
        play: &Play,
        items: client::Items,
        end: PageEnd,
    ) -> Result<(), BundleFailure> {
        let here = &run.position;
        let highest = items.changes.iter().map(|item| item.seq).max().unwrap_or(0);
        let begins = here.cursor.as_ref() == Some(&end.from);
        // The feed's numbers rise within one data set, so up to `last_seq` nothing is missing here.
        let inside = end.from_seq > 0 && end.from_seq <= here.last_seq && here.last_seq < highest;
        if here.epoch != play.epoch || !(begins || inside) {
            return Ok(());
        }
        let page = Page {
            items,
            next_cursor: end.next,
            has_more: end.has_more,
            server_time: play.platform.server_time,
        };
        Ok(self.take_page(run, page).await?)
    }

    /// A part of the snapshot, from where the profile stands in it.
    async fn play_part(
        &self,
        run: &mut Run,
        play: &Play,
        frames: &mut Frames,
        start: PartStart,
    ) -> Result<(), BundleFailure> {
        let here = run.position.part(start.part);
        let wanted = run.position.epoch == play.epoch && !here.done && run.position.may_take(start.head.seq);
        // Where the profile stands further on, what comes before is passed over.
        let mark = here.mark.clone().filter(|mark| start.after.as_ref() != Some(mark));
        if !wanted || (here.mark.is_none() && start.after.is_some()) {
            return pass_over(frames, None).await.map(|_| ());
        }
        if let Some(mark) = &mark
            && !pass_over(frames, Some(mark)).await?
        {
            return Ok(());
        }
        let mut events = Box::pin(events_of(frames, start.head));
        let (end, position, counts) =
            self.read_stream(run, start.part, &mut events, Instant::now() + NEVER).await?;
        drop(events);
        run.reached(position);
        run.counts += counts;
        match end {
            End::Stopped => Err(SyncError::Cancelled.into()),
            End::Whole | End::Paused | End::Cut(_) => Ok(()),
        }
    }

    /// Settles a submission that still waits; `false` where it does not, or is not ours.
    async fn settle_answer(
        &self,
        answer: Answer,
        at: sunbench_contract::time::Instant,
    ) -> Result<bool, BundleFailure> {
        let said = answer_of(&answer.said);
        let key = answer.key;
        let done = blocking(&self.store, move |store| {
            store.write_local(|tx| {
                let Some(item) = outbox::get(tx, &key)? else { return Ok(false) };
                let (to, action, why) = match judge(SubmissionKind::from_name(&item.kind), &said) {
                    Verdict::Accepted => (OutboxState::Accepted, "submission.accepted", None),
                    Verdict::Refused(why) => (OutboxState::Refused, "submission.refused", Some(why)),
                    Verdict::NeedsDecision(why) => {
                        (OutboxState::NeedsDecision, "submission.needsDecision", Some(why))
                    }
                    Verdict::Later(..) | Verdict::Upload(_) | Verdict::Unknown(_) => return Ok(false),
                };
                if !bundle::carried(tx, &key, at.unix())? {
                    return Ok(false);
                }
                let change = outbox::Change {
                    error: why.map(|why| (why.code, why.text)),
                    answer: answer_text(&said),
                    at: at.unix(),
                    ..outbox::Change::default()
                };
                outbox::advance(tx, &key, to, &change)?;
                audit::append(tx, &item_entry(&item, at, action, settled(&change, item.attempts)))?;
                Ok::<_, StoreError>(true)
            })
        })
        .await?;
        Ok(done)
    }

    /// What the status display and the next export need to know.
    async fn record(
        &self,
        run: &Run,
        taken: Imported,
        at: sunbench_contract::time::Instant,
    ) -> Result<(), BundleFailure> {
        let before = blocking(&self.store, |store| store.read(state::last_sync)).await?;
        let now = self.platform_now();
        if taken.submissions > 0 || run.received() > 0 || before.is_none_or(|before| before < at) {
            let mut report = SyncReport {
                pulled: run.received(),
                applied: run.counts.applied,
                unchanged: run.counts.unchanged,
                quarantined: run.counts.quarantined,
                pushed: u64::from(taken.submissions),
                cursor: run.position.cursor.clone(),
                complete: run.position.is_complete(),
                // As of the relay; an older bundle does not make the profile older.
                ended_at: before.max(Some(at)),
                ..SyncReport::default()
            };
            (report.waiting, report.refused) =
                blocking(&self.store, |store| store.read(outbox::counts)).await?;
            self.keep_report(&mut report).await;
        }
        blocking(&self.store, move |store| {
            store.write_local(|tx| {
                let known = bundle::imported(tx, &taken.relay)?;
                bundle::import(tx, &taken, at.unix())?;
                if known {
                    return Ok(());
                }
                let detail = serde_json::json!({
                    "seq": taken.seq, "submissions": taken.submissions, "changes": taken.changes,
                });
                audit::append(tx, &entry(now, "sunbench", "bundle.imported", &taken.relay, detail))?;
                Ok::<_, StoreError>(())
            })
        })
        .await?;
        Ok(())
    }
}

fn add(items: &mut client::Items, more: Items) {
    items.changes.extend(more.changes);
    items.bad.extend(more.bad.into_iter().map(|bad| BadItem { raw: bad.raw, reason: bad.reason }));
}

/// Whether a frame belongs to the part that has begun.
fn is_of_part(frame: &Frame) -> bool {
    matches!(frame, Frame::Items(_) | Frame::Mark(_) | Frame::PartEnd(_) | Frame::Unknown)
}

/// Passes over the rest of a part, or what comes before `mark`; whether the mark was found.
async fn pass_over(frames: &mut Frames, mark: Option<&String>) -> Result<bool, BundleFailure> {
    while let Some(frame) = frames.next().await? {
        match frame {
            Frame::Mark(found) if Some(&found.mark) == mark => return Ok(true),
            Frame::PartEnd(_) => return Ok(false),
            frame if is_of_part(&frame) => {}
            frame => {
                frames.put_back(frame);
                return Ok(false);
            }
        }
    }
    Ok(false)
}

/// A part's frames as what a snapshot brings. It ends without an end where the relay's own reading was cut.
fn events_of(
    frames: &mut Frames,
    head: SnapshotHead,
) -> impl futures_util::Stream<Item = Result<SnapshotEvent, ClientError>> + Send {
    let first = stream::once(async move { Ok(SnapshotEvent::Head(head)) });
    let rest = stream::unfold(Some(frames), |frames| async move {
        let frames = frames?;
        loop {
            let event = match frames.next().await {
                Ok(Some(Frame::Items(items))) => {
                    let mut all = client::Items::default();
                    add(&mut all, items);
                    Ok(SnapshotEvent::Items(all))
                }
                Ok(Some(Frame::Mark(mark))) => Ok(SnapshotEvent::Mark(mark.mark)),
                Ok(Some(Frame::PartEnd(end))) => return Some((Ok(SnapshotEvent::End(end.end)), None)),
                Ok(Some(Frame::Unknown)) => continue,
                Ok(Some(other)) => {
                    frames.put_back(other);
                    return None;
                }
                Ok(None) => return None,
                Err(error) => return Some((Err(ClientError::BadAnswer(error.to_string())), None)),
            };
            return Some((event, Some(frames)));
        }
    });
    first.chain(rest)
}
