//! The connection to a platform: signing in, the background sync, the demo hospital's network cable.

use std::sync::Arc;
use std::time::Duration;

use sunbench_contract::Capabilities;
use sunbench_store::local::{account, outbox};
use sunbench_store::mirror::sync_state;
use sunbench_store::{Store, audit, setting};
use sunbench_sync::state::{clock_offset_s, last_run, last_sync, position};
use sunbench_sync::{
    BackgroundSync, FailureCode, Phase, SignIn, SyncEngine, SyncError, SyncReport, SyncStatus as Stand,
    connect, open,
};
use tokio::task::JoinHandle;

use crate::app::{App, AppEvent, blocking};
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::profile::DEMO;
use crate::wire::{AppState, ConnectReq, DemoOnlineReq, Nothing, SyncPhase, SyncStatus};

/// A person who waits for the sign-in is told soon.
const AT_THE_WINDOW: Duration = Duration::from_secs(5);
/// Where the platform states no limit for a long poll.
const WAIT_S: u32 = 25;
/// While much arrives, the window is told at most this often.
pub(crate) const TELL_EVERY: Duration = Duration::from_millis(1500);

/// The running connection.
pub(crate) struct Link {
    background: BackgroundSync,
    forwarder: JoinHandle<()>,
}

impl Link {
    pub(crate) async fn stop(self) {
        self.forwarder.abort();
        self.background.stop().await;
    }
}

impl App {
    /// Signs in to a platform: a person's own act, so it checks in.
    pub async fn connect(self: &Arc<Self>, req: ConnectReq) -> ApiResult<AppState> {
        self.sign_in(req, "reference", false, AT_THE_WINDOW).await?;
        self.link_up().await;
        self.app_state(Nothing {}).await
    }

    /// Signs in and records the check-in, without starting the background sync.
    pub async fn sign_in(
        self: &Arc<Self>,
        req: ConnectReq,
        adapter: &str,
        demo: bool,
        patience: Duration,
    ) -> ApiResult<()> {
        for (field, value) in [
            ("url", &req.url),
            ("institution", &req.institution),
            ("user", &req.user),
            ("password", &req.password),
        ] {
            if value.trim().is_empty() {
                return Err(ApiError::field(ErrorCode::FieldRequired, field));
            }
        }
        let store = self.store()?;
        self.unlink().await;
        let who = SignIn {
            institution: req.institution.trim().to_owned(),
            operator: req.user.trim().to_owned(),
            password: req.password,
        };
        let (institution, user) = (who.institution.clone(), who.operator.clone());
        let connected =
            connect(&store, adapter, &req.url, &who, Arc::clone(&self.config.clock), patience).await;
        let connected = match connected {
            Ok(connected) => connected,
            Err(error) => {
                if error.code() == FailureCode::SignInRefused {
                    // Name and password have left the machine.
                    self.run(move |context, _| {
                        let detail = serde_json::json!({ "institution": institution });
                        let entry = context.entry(&user, "signIn.refused", "account", detail);
                        Ok(context.store.write_local(|tx| audit::append(tx, &entry))?)
                    })
                    .await?;
                }
                self.link_up().await;
                let error = sync_error(&error);
                let plain = error.code == ErrorCode::BadAddress && is_plain_http(&req.url);
                return Err(if plain { ErrorCode::PlainHttp.into() } else { error });
            }
        };
        self.run(move |context, _| {
            let detail = serde_json::json!({ "platform": connected.platform.platform, "demo": demo });
            let entry = context.entry(&connected.operator.user, "connected", "account", detail);
            context.store.write_local(|tx| {
                if demo {
                    setting::set(tx, DEMO, "1")?;
                } else {
                    setting::remove(tx, DEMO)?;
                }
                audit::append(tx, &entry)
            })?;
            context.record_check_in()
        })
        .await?;
        Ok(())
    }

    /// Starts the demo hospital's platform and signs in there.
    pub async fn demo_start(self: &Arc<Self>, _: Nothing) -> ApiResult<AppState> {
        let access = self.demo_access().await?;
        let req = ConnectReq {
            url: access.url,
            institution: access.institution,
            user: access.user,
            password: access.password,
        };
        self.sign_in(req, "reference", true, AT_THE_WINDOW).await?;
        self.link_up().await;
        self.app_state(Nothing {}).await
    }

    /// Plugs the demo hospital's network cable in or out.
    pub async fn demo_online(self: &Arc<Self>, req: DemoOnlineReq) -> ApiResult<AppState> {
        let host = self.config.demo.as_ref().ok_or(ErrorCode::NotFound)?;
        host.set_online(req.online).await.map_err(|error| ApiError::internal(&error))?;
        self.wake();
        self.app_state(Nothing {}).await
    }

    async fn demo_access(&self) -> ApiResult<crate::app::DemoAccess> {
        let host = self.config.demo.as_ref().ok_or(ErrorCode::NotFound)?;
        let access = host
            .start(&self.config.data_dir.join("demo"))
            .await
            .map_err(|error| ApiError::internal(&error))?;
        self.with_state(|state| state.demo = Some(access.clone()));
        Ok(access)
    }

    pub(crate) async fn is_connected(&self) -> ApiResult<bool> {
        let store = self.store()?;
        blocking(move || Ok(store.read(account::get)?.is_some())).await
    }

    /// Starts the background sync where there is a connection.
    pub(crate) async fn link_up(self: &Arc<Self>) {
        if self.with_state(|state| state.link.is_some()) {
            return;
        }
        self.close_left_seats_later();
        match self.try_link_up().await {
            Ok(link) => {
                let old = self.with_state(|state| std::mem::replace(&mut state.link, link));
                if let Some(old) = old {
                    old.stop().await;
                }
            }
            Err(error) => tracing::warn!(code = ?error.code, "no background sync"),
        }
        self.tell_status();
    }

    async fn try_link_up(self: &Arc<Self>) -> ApiResult<Option<Link>> {
        let store = self.store()?;
        let opened = Arc::clone(&store);
        let (connected, demo) = blocking(move || {
            Ok(opened.read(|conn| Ok((account::get(conn)?, setting::get(conn, DEMO)?.is_some())))?)
        })
        .await?;
        let Some(connected) = connected else { return Ok(None) };
        // Signed out: nothing is sent or fetched until somebody signs in.
        if !connected.is_signed_in() {
            return Ok(None);
        }
        if demo {
            let access = self.demo_access().await?;
            if access.url != connected.url {
                let moved = Arc::clone(&store);
                let account = account::Account { url: access.url, ..connected.clone() };
                blocking(move || Ok(moved.write_local(|tx| account::put(tx, &account))?)).await?;
            }
        }
        let capabilities: Option<Capabilities> = serde_json::from_str(&connected.capabilities).ok();
        let wait_s = capabilities.map_or(WAIT_S, |c| c.limits.wait_s.min(WAIT_S));
        let clock = Arc::clone(&self.config.clock);
        let opened = Arc::clone(&store);
        let for_client = Arc::clone(&clock);
        let client = blocking(move || open(&opened, for_client).map_err(|e| sync_error(&e))).await?;
        let seed = u64::from(std::process::id());
        let engine = Arc::new(SyncEngine::new(store, client, Arc::clone(&clock), seed));
        let background = BackgroundSync::start(engine, clock, wait_s, seed);
        let forwarder = tokio::spawn(Arc::clone(self).forward(background.status(), background.reports()));
        Ok(Some(Link { background, forwarder }))
    }

    pub(crate) async fn unlink(&self) {
        if let Some(link) = self.with_state(|state| state.link.take()) {
            link.stop().await;
        }
    }

    /// Something waits to be sent, or a person wants to know what is new.
    pub(crate) fn wake(&self) {
        self.with_state(|state| {
            if let Some(link) = &state.link {
                link.background.wake();
            }
        });
    }

    /// Hands on to the window what the background does.
    async fn forward(
        self: Arc<Self>,
        mut stand: tokio::sync::watch::Receiver<Stand>,
        mut reports: tokio::sync::watch::Receiver<Option<SyncReport>>,
    ) {
        let mut told = tokio::time::Instant::now();
        loop {
            tokio::select! {
                changed = stand.changed() => {
                    if changed.is_err() { return }
                    if matches!(&*stand.borrow_and_update(), Stand::Syncing { .. }) && told.elapsed() >= TELL_EVERY {
                        told = tokio::time::Instant::now();
                        self.tell(AppEvent::DataChanged);
                    }
                }
                changed = reports.changed() => {
                    if changed.is_err() { return }
                    let (moved, damaged) = reports.borrow_and_update().as_ref().map_or((false, false), |report| {
                        let failure = report.failure.as_ref().map(|failure| failure.code);
                        (report.applied > 0 || report.pushed > 0, failure == Some(FailureCode::Profile))
                    });
                    if damaged {
                        self.damage_found();
                    }
                    if moved {
                        told = tokio::time::Instant::now();
                        self.tell(AppEvent::DataChanged);
                        self.measure_ahead();
                    }
                }
            }
            self.tell_status();
        }
    }

    /// Tells the window where sync stands.
    pub(crate) fn tell_status(self: &Arc<Self>) {
        let app = Arc::clone(self);
        tokio::spawn(async move {
            if let Ok(status) = app.sync_status(Nothing {}).await {
                app.tell(AppEvent::SyncStatus(status));
            }
        });
    }

    /// Syncs now, or goes on after a stop.
    pub async fn sync_now(self: &Arc<Self>, _: Nothing) -> ApiResult<SyncStatus> {
        self.store()?;
        if self.with_state(|state| state.link.is_some()) {
            self.wake();
        } else {
            self.link_up().await;
        }
        self.sync_status(Nothing {}).await
    }

    /// Stops at the next safe place; what has arrived stays, and the next sync goes on from there.
    pub async fn sync_cancel(self: &Arc<Self>, _: Nothing) -> ApiResult<SyncStatus> {
        self.unlink().await;
        let status = self.sync_status(Nothing {}).await?;
        self.tell(AppEvent::SyncStatus(status.clone()));
        Ok(status)
    }

    /// Where sync stands.
    pub async fn sync_status(self: &Arc<Self>, _: Nothing) -> ApiResult<SyncStatus> {
        let store = self.store()?;
        let stand = self
            .with_state(|state| state.link.as_ref().map(|link| link.background.status().borrow().clone()));
        blocking(move || status(&store, stand.as_ref())).await
    }
}

/// Whether an address would have been one with `https`.
fn is_plain_http(url: &str) -> bool {
    url.trim().split_once("://").is_some_and(|(scheme, rest)| {
        scheme.eq_ignore_ascii_case("http") && !rest.is_empty() && !rest.contains('@')
    })
}

fn status(store: &Store, stand: Option<&Stand>) -> ApiResult<SyncStatus> {
    let (connected, (waiting, attention), quarantined, run, synced, place, offset) = store.read(|conn| {
        Ok((
            account::get(conn)?,
            outbox::counts(conn)?,
            sync_state::quarantine_count(conn)?,
            last_run(conn)?.unwrap_or_default(),
            last_sync(conn)?,
            position(conn)?,
            clock_offset_s(conn)?,
        ))
    })?;
    let first = !place.is_complete();
    let (mut error, mut retry_at, mut done, mut total) = (None, None, 0, None);
    let phase = match stand {
        _ if connected.is_none() => SyncPhase::NotConnected,
        _ if connected.as_ref().is_some_and(|account| !account.is_signed_in()) => {
            error = Some(ErrorCode::SignInExpired);
            SyncPhase::SignInNeeded
        }
        None => SyncPhase::Paused,
        Some(Stand::Connecting) => SyncPhase::Connecting,
        Some(Stand::Idle { .. }) => SyncPhase::UpToDate,
        Some(Stand::Syncing { progress }) => {
            (done, total) = (progress.done, progress.total);
            match progress.phase {
                Phase::Rules | Phase::Notices | Phase::Recent | Phase::History if first => {
                    SyncPhase::FirstSync
                }
                _ => SyncPhase::Syncing,
            }
        }
        Some(Stand::Offline { retry_at: at }) => {
            (error, retry_at) = (Some(ErrorCode::Unreachable), Some(*at));
            SyncPhase::Offline
        }
        Some(Stand::Maintenance { until }) => {
            (error, retry_at) = (Some(ErrorCode::Maintenance), Some(*until));
            SyncPhase::Maintenance
        }
        Some(Stand::SignInNeeded) => {
            error = Some(ErrorCode::SignInExpired);
            SyncPhase::SignInNeeded
        }
        Some(Stand::Failed { code, retry_at: at }) => {
            (error, retry_at) = (Some(failure(*code)), Some(*at));
            SyncPhase::Failed
        }
    };
    Ok(SyncStatus {
        phase,
        error,
        done: small(done),
        total: small(total.unwrap_or(0)),
        last_sync: synced.map(|at| at.to_string()),
        retry_at: retry_at.map(|at| at.to_string()),
        waiting: small(waiting),
        attention: small(attention),
        quarantined: small(quarantined),
        received: small(run.pulled),
        applied: small(run.applied),
        unchanged: small(run.unchanged),
        clock_offset_s: i32::try_from(-offset).unwrap_or(i32::MAX),
    })
}

/// What is said of a failed sync.
#[must_use]
pub fn failure(code: FailureCode) -> ErrorCode {
    match code {
        FailureCode::NotConnected => ErrorCode::NotConnected,
        FailureCode::BadAddress => ErrorCode::BadAddress,
        FailureCode::Unreachable => ErrorCode::Unreachable,
        FailureCode::NoAnswer => ErrorCode::TimedOut,
        FailureCode::Insecure => ErrorCode::InsecureConnection,
        FailureCode::BadAnswer | FailureCode::PlatformFault | FailureCode::FeedStuck => {
            ErrorCode::PlatformAnswer
        }
        FailureCode::ProgramTooOld => ErrorCode::PlatformTooNew,
        FailureCode::SignInNeeded => ErrorCode::SignInExpired,
        FailureCode::SignInRefused => ErrorCode::SignInRefused,
        FailureCode::Forbidden => ErrorCode::Forbidden,
        FailureCode::OtherInstitution => ErrorCode::OtherInstitution,
        FailureCode::ClockOff => ErrorCode::ClockWrong,
        FailureCode::Maintenance => ErrorCode::Maintenance,
        FailureCode::Quota => ErrorCode::QuotaUsed,
        FailureCode::DiskFull => ErrorCode::DiskFull,
        FailureCode::DiskFailed => ErrorCode::DiskFailed,
        FailureCode::Profile => ErrorCode::ProfileDamaged,
        FailureCode::Cancelled => ErrorCode::Cancelled,
        FailureCode::Internal => ErrorCode::Internal,
    }
}

pub(crate) fn sync_error(error: &SyncError) -> ApiError {
    match error.code() {
        FailureCode::Internal => ApiError::internal(error),
        code => failure(code).into(),
    }
}
