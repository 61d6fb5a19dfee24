//! The program without its window: the open profile, the connection, the background sync.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use sunbench_contract::time::Instant;
use sunbench_store::{KeySource, Store};
use sunbench_sync::Clock;
use sunbench_sync::clock::corrected;
use sunbench_sync::state::clock_offset_s;
use sunbench_workdays::Calendar;
use tokio::sync::broadcast;

use crate::attachments::FileViewer;
use crate::backup::Backups;
use crate::connection::Link;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::FileChooser;
use crate::indicators::Measurements;
use crate::ledger::Work;
use crate::lock::Activity;
use crate::orders::Views;
use crate::reconcile::Reconciled;
use crate::wire::{AppState, LockCause, Nothing, SyncStatus};

/// Where the profile is and what the program stands on.
pub struct AppConfig {
    /// The profile's folder.
    pub data_dir: PathBuf,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The demo hospital's platform, where the program carries one.
    pub demo: Option<Arc<dyn DemoHost>>,
    /// A file with the passphrase; the keyring is then not touched.
    pub passphrase_file: Option<PathBuf>,
    /// The system's file dialogs, where there is a window.
    pub files: Option<Arc<dyn FileChooser>>,
    /// The system's viewers, where there is a window.
    pub viewer: Option<Arc<dyn FileViewer>>,
}

/// The demo hospital's own platform, run by the shell.
#[async_trait]
pub trait DemoHost: Send + Sync {
    /// Starts it, or does nothing when it runs. `dir` keeps its data.
    async fn start(&self, dir: &Path) -> Result<DemoAccess, String>;
    /// Plugs the network cable in or out.
    async fn set_online(&self, online: bool) -> Result<(), String>;
    /// Whether the cable is plugged in.
    fn is_online(&self) -> bool;
}

/// How to reach the demo hospital's platform.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DemoAccess {
    pub url: String,
    pub console: String,
    pub institution: String,
    pub user: String,
    pub password: String,
    pub supervisor: String,
    pub supervisor_password: String,
}

/// What the window is told without having asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppEvent {
    /// Sync stands elsewhere.
    SyncStatus(SyncStatus),
    /// What a screen shows may have changed.
    DataChanged,
    /// Something is due.
    Reminder(Reminder),
    /// The program stands elsewhere without the window having asked: it locked itself, or found the profile damaged.
    State(Box<AppState>),
}

/// 提醒: told once, before a deadline or before the day ends without a check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// A line.
    pub title: String,
    /// A sentence.
    pub body: String,
    /// What it is about, such as `notice:123` or `checkIn`.
    pub target: String,
}

/// The program.
pub struct App {
    pub(crate) config: AppConfig,
    pub(crate) state: RwLock<State>,
    pub(crate) views: Views,
    pub(crate) reconciled: Reconciled,
    pub(crate) measurements: Measurements,
    /// Who measures ahead; see [`Self::measure_ahead`].
    pub(crate) ahead: AtomicUsize,
    pub(crate) backups: Backups,
    pub(crate) activity: Activity,
    /// The import under way.
    pub(crate) work: Arc<Work>,
    /// One attempt to unlock at a time, so that the wait after wrong ones cannot be gone round.
    pub(crate) unlocking: tokio::sync::Mutex<()>,
    pub(crate) events: broadcast::Sender<AppEvent>,
    pub(crate) calendar: Arc<Calendar>,
}

/// What is open.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) store: Option<Arc<Store>>,
    /// What opened the profile, or found it damaged: salvaging needs the key once more.
    pub(crate) source: Option<Arc<KeySource>>,
    pub(crate) cause: Option<LockCause>,
    /// A use case or a sync has met damage in the open profile.
    pub(crate) damaged: bool,
    pub(crate) link: Option<Link>,
    /// Tells the platform of sign-outs.
    pub(crate) leaving: Option<tokio::task::JoinHandle<()>>,
    pub(crate) demo: Option<DemoAccess>,
}

impl App {
    /// The program with nothing open.
    pub fn new(config: AppConfig) -> Arc<Self> {
        let activity = Activity::default();
        activity.seen(config.clock.now().unix());
        Arc::new(Self {
            config,
            state: RwLock::default(),
            views: Views::default(),
            reconciled: Reconciled::default(),
            measurements: Measurements::default(),
            ahead: AtomicUsize::new(0),
            backups: Backups::default(),
            activity,
            work: Arc::default(),
            unlocking: tokio::sync::Mutex::default(),
            events: broadcast::channel(256).0,
            calendar: Arc::new(Calendar::built_in().clone()),
        })
    }

    /// Opens the profile when it can and starts what runs in the background.
    pub async fn start(self: &Arc<Self>) {
        if let Err(error) = self.open_quietly().await {
            tracing::info!(code = ?error.code, "the profile stays closed");
        }
        self.remind();
        self.back_up_regularly();
        self.watch_idle();
    }

    /// What the window is told without having asked.
    pub fn events(&self) -> broadcast::Receiver<AppEvent> {
        self.events.subscribe()
    }

    /// Ends the background work and closes the profile.
    pub async fn shutdown(&self) {
        self.close().await;
    }

    pub(crate) fn with_state<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The open profile.
    pub fn store(&self) -> ApiResult<Arc<Store>> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        Ok(state.store.clone().ok_or(ErrorCode::ProfileLocked)?)
    }

    /// The platform's time, as far as it is known.
    pub(crate) fn now(&self, store: &Store) -> ApiResult<Instant> {
        Ok(corrected(self.config.clock.now(), store.read(clock_offset_s)?))
    }

    /// Runs a use case on a thread where it may wait for the disk.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&Context<'_>, &Self) -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        let app = Arc::clone(self);
        let store = self.store()?;
        let outcome = blocking(move || {
            let context = Context {
                store: &store,
                calendar: &app.calendar,
                now: app.now(&store)?,
                measurements: &app.measurements,
            };
            f(&context, &app)
        })
        .await;
        if outcome.as_ref().is_err_and(|error| error.code == ErrorCode::ProfileDamaged) {
            self.damage_found();
        }
        if outcome.as_ref().is_err_and(|error| error.code == ErrorCode::IndicatorsCounting) {
            self.count_on();
        }
        outcome
    }

    /// Tells the window once that the open profile is damaged, so that it offers to salvage what people made.
    pub(crate) fn damage_found(self: &Arc<Self>) {
        if self.with_state(|state| state.store.is_none() || std::mem::replace(&mut state.damaged, true)) {
            return;
        }
        let app = Arc::clone(self);
        tokio::spawn(async move {
            // The state itself may be what cannot be read; the use case's own error then says it.
            if let Ok(state) = app.app_state(Nothing {}).await {
                app.tell(AppEvent::State(Box::new(state)));
            }
        });
    }

    pub(crate) fn tell(&self, event: AppEvent) {
        // Nobody listening is no error.
        let _ = self.events.send(event);
    }
}

/// Runs what waits for the disk away from the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    // The error would quote the panic's message, and that may hold what was worked on.
    tokio::task::spawn_blocking(f)
        .await
        .unwrap_or_else(|_| Err(ApiError::internal(&"a use case did not end")))
}
