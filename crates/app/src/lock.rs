//! 锁定: by hand, after a while without anybody, when the computer sleeps. Locked, the key is wiped from memory, the
//! profile is closed and nothing runs: what waits to be sent goes out after unlocking.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sunbench_store::vault::SlotKind;
use sunbench_store::{Store, audit, setting};
use tokio::time::MissedTickBehavior;

use crate::app::{App, AppEvent};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{Act, AppState, LockCause, LockSettings, LockSettingsReq, Nothing};

const IDLE_MINUTES: &str = "lock.idleMinutes";
const DEFAULT_MINUTES: u32 = 15;
const LONGEST_MINUTES: u32 = 240;
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The window saves what is being typed 600 ms after the last key.
const TYPING: Duration = Duration::from_millis(1_200);

/// When somebody was last at the window, in seconds since 1970 by this PC's clock. Its wall clock, because it goes on
/// while the computer sleeps.
#[derive(Default)]
pub(crate) struct Activity(AtomicI64);

impl Activity {
    pub(crate) fn seen(&self, now: i64) {
        self.0.store(now, Ordering::Relaxed);
    }

    /// Whether nobody has been here for so many minutes; 0 is never. A clock that was set back begins anew.
    pub(crate) fn idle(&self, now: i64, minutes: u32) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        if now < last {
            self.seen(now);
            return false;
        }
        minutes > 0 && now - last >= i64::from(minutes) * 60
    }
}

/// Whether unlocking asks for something that a colleague does not know.
fn needs_secret(store: &Store) -> bool {
    !store.slots().contains(&SlotKind::Keyring)
}

impl Context<'_> {
    /// When the program locks by itself.
    pub fn lock_settings(&self) -> ApiResult<LockSettings> {
        let chosen = self.store.read(|conn| setting::get(conn, IDLE_MINUTES))?.and_then(|m| m.parse().ok());
        let secret = needs_secret(self.store);
        Ok(LockSettings {
            idle_minutes: chosen.unwrap_or(if secret { DEFAULT_MINUTES } else { 0 }),
            secret,
            chosen: chosen.is_some(),
        })
    }

    /// Chooses when the program locks by itself.
    pub fn lock_settings_set(&self, req: &LockSettingsReq) -> ApiResult<LockSettings> {
        self.may(Act::Manage)?;
        if req.idle_minutes > LONGEST_MINUTES {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "idleMinutes"));
        }
        let actor = self.actor()?;
        let entry =
            self.entry(&actor, "lock.set", "profile", serde_json::json!({ "minutes": req.idle_minutes }));
        self.store.write_local(|tx| {
            setting::set(tx, IDLE_MINUTES, &req.idle_minutes.to_string())?;
            audit::append(tx, &entry)
        })?;
        self.lock_settings()
    }
}

impl App {
    /// A key was pressed or the pointer moved at the window.
    #[allow(clippy::unused_async)] // a command like the others
    pub async fn activity(self: &Arc<Self>, _: Nothing) -> ApiResult<Nothing> {
        self.active();
        Ok(Nothing {})
    }

    pub(crate) fn active(&self) {
        self.activity.seen(self.config.clock.now().unix());
    }

    /// Locks by hand.
    pub async fn profile_lock(self: &Arc<Self>, _: Nothing) -> ApiResult<AppState> {
        self.lock(LockCause::ByUser).await?;
        self.app_state(Nothing {}).await
    }

    /// The computer is about to sleep, or its session was locked. Where locking by itself is switched off, nothing
    /// happens.
    pub async fn suspended(self: &Arc<Self>) {
        let wanted = self.run(|context, _| Ok(context.lock_settings()?.idle_minutes > 0)).await;
        if wanted.unwrap_or(false) {
            tokio::time::sleep(TYPING).await;
            self.lock_quietly(LockCause::Suspended).await;
        }
    }

    /// Looks every few seconds whether anybody is still there, for as long as the program lives. After a sleep that was
    /// not announced it locks at waking.
    pub(crate) fn watch_idle(self: &Arc<Self>) {
        let app = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut clock = tokio::time::interval(LOOK_EVERY);
            clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                clock.tick().await;
                let Some(app) = app.upgrade() else { return };
                app.lock_if_idle().await;
            }
        });
    }

    /// One look: locks when nobody has been at the window for as long as is set.
    pub async fn lock_if_idle(self: &Arc<Self>) {
        let settings = self.run(|context, _| context.lock_settings()).await;
        let Ok(settings) = settings else { return };
        if self.activity.idle(self.config.clock.now().unix(), settings.idle_minutes) {
            self.lock_quietly(LockCause::Idle).await;
        }
    }

    async fn lock_quietly(self: &Arc<Self>, cause: LockCause) {
        if let Err(error) = self.lock(cause).await {
            tracing::warn!(code = ?error.code, "not locked");
        }
    }

    async fn lock(self: &Arc<Self>, cause: LockCause) -> ApiResult<()> {
        if self.with_state(|state| state.store.is_none()) {
            return Ok(());
        }
        let noted = self
            .run(move |context, _| {
                let actor = context.actor()?;
                let entry =
                    context.entry(&actor, "profile.locked", "profile", serde_json::json!({ "cause": cause }));
                Ok(context.store.write_local(|tx| audit::append(tx, &entry))?)
            })
            .await;
        // A full disk must not keep the door open.
        if let Err(error) = noted {
            tracing::warn!(code = ?error.code, "locking was not noted");
        }
        self.close().await;
        self.views.clear();
        self.reconciled.clear();
        self.with_state(|state| state.cause = Some(cause));
        let state = self.app_state(Nothing {}).await?;
        self.tell(AppEvent::State(Box::new(state)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_is_counted_from_the_last_activity() {
        for (passed, minutes, expected) in [
            (0, 15, false),
            (15 * 60 - 1, 15, false),
            (15 * 60, 15, true),
            // Eight hours of sleep.
            (8 * 3_600, 15, true),
            (8 * 3_600, 0, false),
            (60, 1, true),
        ] {
            let activity = Activity::default();
            activity.seen(1_000_000);
            assert_eq!(activity.idle(1_000_000 + passed, minutes), expected, "{passed} s, {minutes} min");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_begins_anew() {
        let activity = Activity::default();
        activity.seen(1_000_000);
        assert!(!activity.idle(900_000, 15));
        assert!(!activity.idle(900_000 + 899, 15));
        assert!(activity.idle(900_000 + 900, 15));
    }
}
