//! Tries again within a budget of time.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::client::ClientError;
use crate::error::SyncError;
use crate::plan::back_off;

/// The longest wait between two attempts within one sync.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// How often in a row a refusal that may come from elsewhere is doubted.
const DOUBTS: u32 = 2;

/// Every call has time-outs of its own.
const FOR_EVER: Duration = Duration::from_hours(24);

/// A call on its way.
pub(crate) type Attempt<'a, T> = Pin<Box<dyn Future<Output = Result<T, ClientError>> + Send + 'a>>;

/// What a sync may still spend on attempts that fail and on waiting between them.
#[derive(Debug)]
pub(crate) struct Retry {
    left: Duration,
    /// Whether an attempt may take no longer than what is left.
    strict: bool,
    failures: u32,
    /// Doubtful refusals in a row.
    doubts: u32,
    /// The failure before this attempt: what an attempt that the budget cuts short says less well.
    last: Option<ClientError>,
    seed: u64,
    cancel: CancellationToken,
}

impl Retry {
    /// A command ends when its budget is spent.
    pub(crate) fn strict(budget: Duration, seed: u64, cancel: CancellationToken) -> Self {
        Self { left: budget, strict: true, failures: 0, doubts: 0, last: None, seed, cancel }
    }

    /// The window is told of failures soon and tries again later; an attempt takes as long as it needs.
    pub(crate) fn patient(budget: Duration, seed: u64, cancel: CancellationToken) -> Self {
        Self { left: budget, strict: false, failures: 0, doubts: 0, last: None, seed, cancel }
    }

    /// Whether somebody waits for the end of the run: a command, not the window.
    pub(crate) const fn is_strict(&self) -> bool {
        self.strict
    }

    /// Something got done: the next failure is a first one again. The budget is not given back.
    pub(crate) fn progressed(&mut self) {
        (self.failures, self.doubts) = (0, 0);
    }

    /// Fails when the sync was stopped from outside.
    pub(crate) fn check(&self) -> Result<(), SyncError> {
        if self.cancel.is_cancelled() { Err(SyncError::Cancelled) } else { Ok(()) }
    }

    /// One attempt.
    pub(crate) async fn once<T>(
        &mut self,
        attempt: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<Result<T, ClientError>, SyncError> {
        let started = Instant::now();
        let cancel = self.cancel.clone();
        let answer = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(SyncError::Cancelled),
            answer = timeout(if self.strict { self.left } else { FOR_EVER }, attempt) => {
                answer.unwrap_or_else(|_| Err(self.last.take().unwrap_or(ClientError::TimedOut)))
            }
        };
        if answer.is_err() {
            self.left = self.left.saturating_sub(started.elapsed());
        }
        Ok(answer)
    }

    /// Waits before another attempt after `error`; fails with it when no attempt is left.
    pub(crate) async fn wait(&mut self, error: ClientError) -> Result<(), SyncError> {
        if !error.is_passing() {
            if !error.is_doubtful() || self.doubts == DOUBTS {
                return Err(error.into());
            }
            self.doubts += 1;
        }
        self.failures += 1;
        let wait =
            back_off(self.failures, LONGEST_WAIT, self.seed).max(error.retry_after().unwrap_or_default());
        if wait >= self.left {
            self.left = Duration::ZERO;
            return Err(error.into());
        }
        self.left -= wait;
        tracing::debug!(attempt = self.failures, ?wait, %error, "trying again");
        let cancel = self.cancel.clone();
        tokio::select! {
            () = cancel.cancelled() => Err(SyncError::Cancelled),
            () = sleep(wait) => {
                self.last = Some(error);
                Ok(())
            }
        }
    }

    /// Attempts until one succeeds, one fails for good, or the budget is spent.
    pub(crate) async fn run<'a, T>(
        &mut self,
        mut call: impl FnMut() -> Attempt<'a, T>,
    ) -> Result<T, SyncError> {
        loop {
            match self.once(call()).await? {
                Ok(answer) => {
                    self.progressed();
                    return Ok(answer);
                }
                Err(error) => self.wait(error).await?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// How often a call that always fails with `error` is attempted, and how long that takes.
    async fn attempts(budget: u64, takes: u64, error: fn() -> ClientError) -> (u32, Duration) {
        let count = AtomicU32::new(0);
        let started = Instant::now();
        let mut retry = Retry::strict(Duration::from_secs(budget), 7, CancellationToken::new());
        let result: Result<(), _> = retry
            .run(|| {
                count.fetch_add(1, Ordering::Relaxed);
                Box::pin(async move {
                    sleep(Duration::from_secs(takes)).await;
                    Err(error())
                })
            })
            .await;
        assert!(result.is_err());
        (count.into_inner(), started.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_end_within_the_budget() {
        let unreachable = || ClientError::Unreachable(String::new());
        for (budget, takes, error, least, most) in [
            (60, 0, unreachable as fn() -> ClientError, 5, 12),
            (60, 5, unreachable, 4, 8),
            (60, 30, unreachable, 2, 3),
            (60, 600, unreachable, 1, 1),
            (60, 0, || ClientError::SignInNeeded, 1, 1),
            (0, 0, unreachable, 1, 1),
        ] {
            let (count, took) = attempts(budget, takes, error).await;
            assert!((least..=most).contains(&count), "{budget} s, {takes} s each: {count} attempts");
            assert!(
                took <= Duration::from_secs(budget) + Duration::from_millis(50),
                "{budget} s, {takes} s each: took {took:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_patient_attempt_may_outlast_the_budget() {
        let budget = Duration::from_secs(3);
        for (mut retry, expected) in [
            (Retry::strict(budget, 7, CancellationToken::new()), "Err(TimedOut)"),
            (Retry::patient(budget, 7, CancellationToken::new()), "Ok(())"),
        ] {
            let attempt = async {
                sleep(Duration::from_secs(30)).await;
                Ok(())
            };
            assert_eq!(format!("{:?}", retry.once(attempt).await.unwrap()), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_a_wait() {
        let cancel = CancellationToken::new();
        let mut retry = Retry::strict(Duration::from_mins(1), 7, cancel.clone());
        let call = retry.run::<()>(|| Box::pin(std::future::pending()));
        let stop = async {
            sleep(Duration::from_secs(1)).await;
            cancel.cancel();
        };
        let (result, ()) = tokio::join!(call, stop);
        assert!(matches!(result, Err(SyncError::Cancelled)));
    }
}
