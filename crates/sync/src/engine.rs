//! One sync: send what waits, then read what is new.

use std::sync::Arc;
use std::time::Duration;

use sunbench_contract::{Capabilities, Change, codes};
use sunbench_store::Store;
use sunbench_store::local::{account, outbox};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::PlatformClient;
use crate::clock::{Clock, corrected};
use crate::error::SyncError;
use crate::ingest::{self, Counts};
use crate::plan::{Position, Step};
use crate::pull::blocking;
use crate::report::{Failure, Phase, Progress, SyncReport};
use crate::retry::Retry;
use crate::state::{self, Asked, Token};

/// What a sync may spend on attempts that fail and on waiting between them.
pub const RETRY_BUDGET: Duration = Duration::from_mins(1);
/// The same for the window, which tries again later.
const POLL_BUDGET: Duration = Duration::from_secs(2);

/// Where the platform states no limit.
const ATTACHMENT: u64 = 20 << 20;

/// 同步引擎: keeps one profile in step with one platform.
///
/// It holds nothing that matters: everything is in the profile, so it may be stopped at any instant and made anew.
pub struct SyncEngine {
    pub(crate) store: Arc<Store>,
    pub(crate) client: Arc<dyn PlatformClient>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) progress: watch::Sender<Progress>,
    /// One run at a time.
    pub(crate) running: tokio::sync::Mutex<()>,
    seed: u64,
    /// Whose submissions it sends, where that is not the person at work.
    actor: Option<String>,
}

/// What one run is for.
#[derive(Debug, Clone, Copy)]
enum Scope {
    /// Sending.
    Send,
    /// Sending and reading.
    All,
    /// As [`Scope::All`], and waiting on the platform for that many seconds.
    Poll(u32),
}

/// What one run knows.
pub(crate) struct Run {
    pub(crate) retry: Retry,
    pub(crate) cancel: CancellationToken,
    /// Whose submissions go out: the client signs in his name.
    pub(crate) actor: String,
    pub(crate) position: Position,
    /// The position as the profile has it.
    pub(crate) stored: Position,
    /// The staged tail of the last page, once it has been read.
    pub(crate) staged: Option<Vec<Change>>,
    pub(crate) counts: Counts,
    pub(crate) pushed: u64,
    /// Why a submission whose turn it was still waits.
    pub(crate) unsent: Option<Failure>,
    /// Items a page.
    pub(crate) page: u32,
    /// Bytes of one attachment.
    pub(crate) attachment_bytes: u64,
    /// The access token as the profile has it.
    pub(crate) token: Option<Token>,
    pub(crate) rebuilt: bool,
    /// The mirror was complete when the run began.
    pub(crate) was_complete: bool,
    asked: Asked,
    asked_before: u64,
    daily_quota: Option<u32>,
    /// The platform tells what the hospital should hold.
    pub(crate) can_compare: bool,
}

impl Run {
    /// Items so far.
    pub(crate) fn received(&self) -> u64 {
        self.counts.applied + self.counts.unchanged + self.counts.quarantined
    }
    /// The profile has this position now.
    pub(crate) fn reached(&mut self, position: Position) {
        self.stored = position.clone();
        self.position = position;
    }
}

impl SyncEngine {
    /// An engine for an open profile; `seed` spreads the retries of many seats.
    pub fn new(store: Arc<Store>, client: Arc<dyn PlatformClient>, clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self {
            store,
            client,
            clock,
            progress: watch::Sender::new(Progress::default()),
            running: tokio::sync::Mutex::new(()),
            seed,
            actor: None,
        }
    }

    /// An engine that sends what a colleague of the person at work has confirmed, with the colleague's own client.
    #[must_use]
    pub fn in_name_of(self, user: &str) -> Self {
        Self { actor: Some(user.to_owned()), ..self }
    }

    /// What the engine is doing, as it changes.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    pub(crate) fn tell(&self, phase: Phase, done: u64, total: Option<u64>) {
        self.progress.send_replace(Progress { phase, done, total });
    }

    /// Sends what waits, reads what is new, and reports. `budget` bounds the time that may be lost to failures,
    /// not the time in which something gets done.
    pub async fn run_once(&self, budget: Duration, cancel: &CancellationToken) -> SyncReport {
        self.run(self.strict(budget, cancel), cancel, Scope::All).await
    }

    /// Sends what waits, and reads nothing.
    pub async fn send_once(&self, budget: Duration, cancel: &CancellationToken) -> SyncReport {
        self.run(self.strict(budget, cancel), cancel, Scope::Send).await
    }

    /// The window's way: tells of a failure after a second attempt, and with `wait_s` waits on the platform for up
    /// to so many seconds until something changes.
    pub async fn poll(&self, wait_s: Option<u32>, cancel: &CancellationToken) -> SyncReport {
        let retry = Retry::patient(POLL_BUDGET, self.seed, cancel.clone());
        self.run(retry, cancel, wait_s.map_or(Scope::All, Scope::Poll)).await
    }

    pub(crate) fn strict(&self, budget: Duration, cancel: &CancellationToken) -> Retry {
        Retry::strict(budget, self.seed, cancel.clone())
    }

    async fn run(&self, retry: Retry, cancel: &CancellationToken, scope: Scope) -> SyncReport {
        let _turn = self.running.lock().await;
        let started = Instant::now();
        let mut report = SyncReport::default();
        let error = match self.begin(retry, cancel).await {
            Err(error) => Some(error),
            Ok(mut run) => {
                let error = self.work(&mut run, scope).await.err();
                report = SyncReport {
                    pulled: run.received(),
                    applied: run.counts.applied,
                    unchanged: run.counts.unchanged,
                    quarantined: run.counts.quarantined,
                    pushed: run.pushed,
                    cursor: run.position.cursor.clone(),
                    complete: error.is_none() && run.position.is_complete(),
                    unsent: run.unsent.take(),
                    ..report
                };
                self.remember(&run).await.err().or(error)
            }
        };
        report.clock_offset_s = self.client.clock_offset_s();
        report.ended_at = Some(corrected(self.clock.now(), report.clock_offset_s.unwrap_or(0)));
        report.duration_ms = started.elapsed().as_millis() as u64;
        if let Some(error) = &error {
            tracing::warn!(code = ?error.code(), %error, "sync ended early");
            report.failure = Some(Failure::of(error));
            report.complete = false;
        }
        match blocking(&self.store, |store| store.read(outbox::counts)).await {
            Ok((waiting, refused)) => (report.waiting, report.refused) = (waiting, refused),
            Err(error) => report.failure = report.failure.or_else(|| Some(Failure::of(&error))),
        }
        self.keep_report(&mut report).await;
        self.tell(Phase::Idle, 0, None);
        report
    }

    async fn work(&self, run: &mut Run, scope: Scope) -> Result<(), SyncError> {
        run.retry.check()?;
        self.leave_shared_seat(run).await?;
        self.prepare(run).await?;
        self.push(run).await?;
        match scope {
            Scope::Send => return Ok(()),
            // Waiting makes sense only for somebody who has everything up to now.
            Scope::Poll(wait) if run.was_complete => {
                match self.follow(run, Some(wait)).await {
                    // Reading on rebuilds.
                    Err(SyncError::Client(error)) if error.code() == codes::CURSOR_EXPIRED => {}
                    other => other?,
                }
                if crate::plan::next(&run.position, false) != Step::Done {
                    self.pull(run).await?;
                }
            }
            Scope::All | Scope::Poll(_) => self.pull(run).await?,
        }
        self.compare_if_due(run).await
    }

    /// What the profile knows.
    pub(crate) async fn begin(&self, retry: Retry, cancel: &CancellationToken) -> Result<Run, SyncError> {
        let (stored, token, asked, connected) = blocking(&self.store, |store| {
            store.read(|conn| {
                Ok((
                    state::get::<Position>(conn, state::POSITION)?,
                    state::find::<Token>(conn, state::TOKEN)?,
                    state::get::<Asked>(conn, state::ASKED)?,
                    account::get(conn)?,
                ))
            })
        })
        .await?;
        let account = connected.ok_or(SyncError::NotConnected)?;
        let capabilities: Option<Capabilities> = serde_json::from_str(&account.capabilities).ok();
        let today = self.today();
        let asked = if asked.day == today { asked } else { Asked { day: today, ..Asked::default() } };
        Ok(Run {
            retry,
            cancel: cancel.clone(),
            actor: self.actor.clone().unwrap_or(account.user),
            // Each run gets as far as the last one and some pages further.
            position: Position { caught_up: false, empty_pages: 0, ..stored.clone() },
            was_complete: stored.is_complete(),
            stored,
            staged: None,
            counts: Counts::default(),
            pushed: 0,
            unsent: None,
            page: capabilities.as_ref().map_or(500, |c| c.limits.page),
            attachment_bytes: capabilities.as_ref().map_or(ATTACHMENT, |c| c.limits.attachment_bytes),
            can_compare: capabilities.as_ref().is_some_and(can_compare),
            daily_quota: capabilities.and_then(|c| c.limits.daily_quota),
            token,
            rebuilt: false,
            asked_before: self.client.requests_sent(),
            asked,
        })
    }

    /// Once a day: what the platform is and allows. And once after an update: what could not be read before.
    async fn prepare(&self, run: &mut Run) -> Result<(), SyncError> {
        if run.position.epoch.is_empty() || !run.asked.capabilities {
            let platform = self.ask_capabilities(run).await?;
            if run.position.epoch.is_empty() {
                run.position.epoch = platform.epoch;
            } else if run.position.epoch != platform.epoch
                // It costs the whole mirror, so it is asked twice.
                && self.ask_capabilities(run).await?.epoch == platform.epoch
            {
                tracing::info!("the platform has another data set: reading it anew");
                self.start_rebuild(run, &platform).await?;
            }
        }
        let counts = blocking(&self.store, |store| {
            let version = env!("CARGO_PKG_VERSION");
            if store.read(|conn| state::find::<String>(conn, state::PROGRAM))?.as_deref() == Some(version) {
                return Ok(Counts::default());
            }
            let counts = ingest::replay(store)?;
            store.write_mirror(|tx| state::put(tx, state::PROGRAM, &version))?;
            Ok(counts)
        })
        .await?;
        run.counts += counts;
        Ok(())
    }

    pub(crate) async fn ask_capabilities(&self, run: &mut Run) -> Result<Capabilities, SyncError> {
        let platform = run.retry.run(|| self.client.capabilities()).await?;
        run.asked.capabilities = true;
        run.page = platform.limits.page;
        run.attachment_bytes = platform.limits.attachment_bytes;
        run.daily_quota = platform.limits.daily_quota;
        run.can_compare = can_compare(&platform);
        let kept = platform.clone();
        blocking(&self.store, move |store| {
            store.write_local(|tx| {
                let Some(mut account) = account::get(tx)? else { return Ok(()) };
                account.capabilities = serde_json::to_string(&kept).unwrap_or_default();
                account.platform.clone_from(&kept.platform);
                account.epoch.clone_from(&kept.epoch);
                account::put(tx, &account)
            })
        })
        .await?;
        Ok(platform)
    }

    /// What is left of the day's quota, by our own count.
    pub(crate) fn quota_left(&self, run: &Run) -> Option<u32> {
        let asked = run.asked.requests + self.client.requests_sent() - run.asked_before;
        run.daily_quota.map(|quota| quota.saturating_sub(u32::try_from(asked).unwrap_or(u32::MAX)))
    }

    /// Today in Shanghai, by the platform's clock as far as it is known.
    pub(crate) fn today(&self) -> String {
        corrected(self.clock.now(), self.client.clock_offset_s().unwrap_or(0)).at().date_naive().to_string()
    }

    /// Keeps the token and the day's count of requests, where they have changed.
    pub(crate) async fn remember(&self, run: &Run) -> Result<(), SyncError> {
        let token = self.client.session().map(|session| Token {
            sign_type: session.sign_type,
            text: session.access_token,
            expires_at: session.expires_at,
        });
        let asked = Asked {
            requests: run.asked.requests + self.client.requests_sent() - run.asked_before,
            ..run.asked.clone()
        };
        // The profile keeps the token of the person at work.
        let new_token = token.filter(|token| self.actor.is_none() && Some(token) != run.token.as_ref());
        let (exchange_key, certificate) = (self.client.exchange_key(), self.client.certificate());
        let actor = run.actor.clone();
        blocking(&self.store, move |store| {
            store.write_mirror(|tx| {
                state::keep_exchange_key(tx, exchange_key.as_deref())?;
                state::keep_certificate(tx, &actor, certificate.as_ref())?;
                if let Some(token) = &new_token {
                    state::put(tx, state::TOKEN, token)?;
                }
                state::put(tx, state::ASKED, &asked)
            })
        })
        .await
    }

    pub(crate) async fn keep_report(&self, report: &mut SyncReport) {
        let kept = report.clone();
        let result = blocking(&self.store, move |store| {
            store.write_mirror(|tx| {
                state::put(tx, state::LAST_RUN, &kept)?;
                if let Some(offset) = kept.clock_offset_s {
                    state::put(tx, state::CLOCK_OFFSET, &offset)?;
                }
                match kept.ended_at {
                    Some(at) if kept.complete => state::put(tx, state::LAST_SYNC, &at),
                    _ => Ok(()),
                }
            })
        })
        .await;
        if let Err(error) = result {
            report.failure.get_or_insert_with(|| Failure::of(&error));
        }
    }
}

fn can_compare(platform: &Capabilities) -> bool {
    platform.features.iter().any(|feature| feature == "digest")
}
