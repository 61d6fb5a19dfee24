//! The window's sync: waits on the platform, wakes when somebody does something or the network comes back.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use serde::Serialize;
use sunbench_contract::time::Instant;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, corrected};
use crate::engine::SyncEngine;
use crate::error::FailureCode;
use crate::plan::back_off;
use crate::report::{Failure, Phase, Progress, SyncReport};

/// The longest wait after failures that may pass by themselves.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The longest wait that a platform may ask for.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
/// The wait after failures that need a person.
const LONG_WAIT: Duration = Duration::from_mins(5);

/// 同步状态: what the window shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum SyncStatus {
    /// The first attempt is being made.
    Connecting,
    /// Everything is up to date.
    #[serde(rename_all = "camelCase")]
    Idle {
        /// Since when.
        since: Instant,
    },
    /// Something is being sent or read.
    #[serde(rename_all = "camelCase")]
    Syncing {
        /// What.
        progress: Progress,
    },
    /// No way to the platform; everything can still be read and entered.
    #[serde(rename_all = "camelCase")]
    Offline {
        /// When it is tried again by itself.
        retry_at: Instant,
    },
    /// The platform is down for maintenance.
    #[serde(rename_all = "camelCase")]
    Maintenance {
        /// Until when, by what the platform says.
        until: Instant,
    },
    /// A person has to sign in again.
    SignInNeeded,
    /// Something else.
    #[serde(rename_all = "camelCase")]
    Failed {
        /// What to do about it.
        code: FailureCode,
        /// When it is tried again by itself.
        retry_at: Instant,
    },
}

/// A sync that runs until it is stopped or dropped.
pub struct BackgroundSync {
    wake: Arc<Notify>,
    cancel: CancellationToken,
    status: watch::Receiver<SyncStatus>,
    reports: watch::Receiver<Option<SyncReport>>,
    task: JoinHandle<()>,
}

impl BackgroundSync {
    /// Starts on the current runtime; `wait_s` is what the platform allows a long poll.
    #[must_use]
    pub fn start(engine: Arc<SyncEngine>, clock: Arc<dyn Clock>, wait_s: u32, seed: u64) -> Self {
        let (wake, cancel) = (Arc::new(Notify::new()), CancellationToken::new());
        let (to_status, status) = watch::channel(SyncStatus::Connecting);
        let (to_reports, reports) = watch::channel(None);
        let worker = Worker {
            engine,
            clock,
            wait_s,
            seed,
            wake: Arc::clone(&wake),
            cancel: cancel.clone(),
            status: to_status,
            reports: to_reports,
        };
        tokio::spawn(watch_network(Arc::clone(&wake), cancel.clone()));
        Self { wake, cancel, status, reports, task: tokio::spawn(worker.run()) }
    }

    /// Something is waiting to be sent, or a person wants to know what is new.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// What the window shows, as it changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SyncStatus> {
        self.status.clone()
    }

    /// What each run did.
    #[must_use]
    pub fn reports(&self) -> watch::Receiver<Option<SyncReport>> {
        self.reports.clone()
    }

    /// Ends at the next safe place and waits for that.
    pub async fn stop(mut self) {
        self.cancel.cancel();
        // Nothing is lost when the task has died: the profile has everything.
        let _ = (&mut self.task).await;
    }
}

impl Drop for BackgroundSync {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

struct Worker {
    engine: Arc<SyncEngine>,
    clock: Arc<dyn Clock>,
    wait_s: u32,
    seed: u64,
    wake: Arc<Notify>,
    cancel: CancellationToken,
    status: watch::Sender<SyncStatus>,
    reports: watch::Sender<Option<SyncReport>>,
}

impl Worker {
    async fn run(self) {
        let mut failures = 0;
        let mut wait = None;
        while !self.cancel.is_cancelled() {
            let (report, woken) = self.once(wait).await;
            // After a stop from inside, what woke us is looked at first.
            wait = (!woken).then_some(self.wait_s);
            let failure = report.failure.clone().filter(|failure| failure.code != FailureCode::Cancelled);
            self.reports.send_replace(Some(report));
            let Some(failure) = failure else {
                failures = 0;
                continue;
            };
            failures += 1;
            wait = None;
            let pause = self.pause(&failure, failures);
            tokio::select! {
                () = self.cancel.cancelled() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One run; whether it was interrupted because somebody woke us.
    async fn once(&self, wait: Option<u32>) -> (SyncReport, bool) {
        let stop = self.cancel.child_token();
        let mut progress = self.engine.progress();
        let run = self.engine.poll(wait, &stop);
        tokio::pin!(run);
        let mut woken = false;
        loop {
            tokio::select! {
                report = &mut run => return (report, woken),
                () = self.wake.notified(), if !woken => {
                    woken = true;
                    // A submission on its way is let through; anything else goes on where it stopped.
                    if progress.borrow().phase != Phase::Sending {
                        stop.cancel();
                    }
                }
                Ok(()) = progress.changed() => {
                    let progress = *progress.borrow_and_update();
                    match progress.phase {
                        Phase::Idle => {}
                        Phase::Waiting => {
                            self.status.send_replace(SyncStatus::Idle { since: self.now() });
                        }
                        _ => {
                            self.status.send_replace(SyncStatus::Syncing { progress });
                        }
                    }
                }
            }
        }
    }

    fn now(&self) -> Instant {
        corrected(self.clock.now(), self.engine.client.clock_offset_s().unwrap_or(0))
    }

    /// Shows a failure and says how long to rest after it.
    fn pause(&self, failure: &Failure, failures: u32) -> Duration {
        let own = if failure.passing { back_off(failures, LONGEST_WAIT, self.seed) } else { LONG_WAIT };
        // However long the platform asks for: what it said may have been damaged, or it is back earlier.
        let pause =
            failure.retry_after_s.map_or(own, |asked| own.max(Duration::from_secs(asked))).min(LONGEST_PAUSE);
        let retry_at = corrected(self.now(), i64::try_from(pause.as_secs()).unwrap_or(0));
        self.status.send_replace(match failure.code {
            FailureCode::Unreachable | FailureCode::NoAnswer => SyncStatus::Offline { retry_at },
            FailureCode::Maintenance => SyncStatus::Maintenance { until: retry_at },
            FailureCode::SignInNeeded => SyncStatus::SignInNeeded,
            code => SyncStatus::Failed { code, retry_at },
        });
        pause
    }
}

/// Wakes when an address comes or goes; without that the waits between attempts are short enough.
async fn watch_network(wake: Arc<Notify>, cancel: CancellationToken) {
    let Ok(mut changes) = if_watch::tokio::IfWatcher::new() else { return };
    // The addresses that are there already are reported first.
    let settled = tokio::time::Instant::now() + Duration::from_secs(2);
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            change = changes.next() => match change {
                Some(Ok(_)) if tokio::time::Instant::now() > settled => wake.notify_one(),
                Some(Ok(_)) => {}
                _ => return,
            }
        }
    }
}
