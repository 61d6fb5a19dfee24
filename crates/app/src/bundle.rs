//! 摆渡: the exchange with a platform by a file that is carried by hand.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sunbench_exchange::bundle::BundleError;
use sunbench_store::durable::OutputFault;
use sunbench_store::local::bundle as kept;
use sunbench_sync::bundle::{self, BundleFailure, Carried};
use sunbench_sync::{RETRY_BUDGET, SyncEngine, open};
use tokio_util::sync::CancellationToken;

use crate::app::{App, AppEvent, blocking};
use crate::clocked::text;
use crate::connection::{failure, sync_error};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{FileKind, unwritten};
use crate::outbox::small;
use crate::wire::{Act, BundleDone, BundleReq, BundleState, BundleTrace};

/// How a bundle's name ends.
const EXTENSION: &str = "sbx";
const KINDS: &[FileKind] = &[FileKind { name: "阳采工作台摆渡包", extensions: &[EXTENSION] }];
/// A person at the window is told of a bad network sooner than a script.
const AT_THE_WINDOW: Duration = Duration::from_secs(20);

impl Context<'_> {
    /// Where the exchange by bundle stands.
    pub fn bundle_state(&self) -> ApiResult<BundleState> {
        let (ready, exported, last_export, last_import) = self.store.read(|conn| {
            Ok((
                kept::exchange_key(conn)?.is_some(),
                kept::count_out(conn)?,
                kept::last_export(conn)?,
                kept::last_import(conn)?,
            ))
        })?;
        Ok(BundleState {
            ready,
            exported: small(exported),
            last_export: last_export.map(|last| BundleTrace {
                at: text(last.made_at),
                seq: u32::try_from(last.seq).unwrap_or(u32::MAX),
                submissions: last.submissions,
                changes: 0,
            }),
            last_import: last_import.map(|last| BundleTrace {
                at: text(last.taken_at),
                seq: u32::try_from(last.seq).unwrap_or(u32::MAX),
                submissions: last.submissions,
                changes: last.changes,
            }),
        })
    }
}

impl App {
    /// 导出: writes what waits into a bundle. Nothing is sent.
    pub async fn bundle_export(self: &Arc<Self>, req: BundleReq) -> ApiResult<BundleDone> {
        let name = self.run(|context, _| {
            context.may(Act::Exchange)?;
            let seq = context.store.read(kept::last_export)?.map_or(1, |last| last.seq + 1);
            Ok(format!("阳采摆渡-{}-{seq}.{EXTENSION}", context.today().format("%Y%m%d")))
        });
        let path = self.bundle_path(req, Some(&name.await?)).await?;
        // The background could be sending one of them at this moment.
        let linked = self.pause().await;
        let target = path.clone();
        let done = self
            .run(move |context, _| {
                bundle::export(context.store, &target, context.now).map_err(|error| bundle_error(&error))
            })
            .await;
        self.resume(linked).await;
        self.tell(AppEvent::DataChanged);
        Ok(answer(&path, done?))
    }

    /// 中继: carries a bundle, of this profile or of another one of the institution, to the platform and back.
    pub async fn bundle_relay(self: &Arc<Self>, req: BundleReq) -> ApiResult<BundleDone> {
        let path = self.bundle_path(req, None).await?;
        let carried = self.relay_with(&path, AT_THE_WINDOW, &CancellationToken::new()).await?;
        match &carried.failure {
            Some(early) => Err(failure(early.code).into()),
            None => Ok(answer(&path, carried)),
        }
    }

    /// 导入: takes in what a relay has brought.
    pub async fn bundle_import(self: &Arc<Self>, req: BundleReq) -> ApiResult<BundleDone> {
        let path = self.bundle_path(req, None).await?;
        let carried = self.import_with(&path, &CancellationToken::new()).await?;
        Ok(answer(&path, carried))
    }

    /// As [`App::bundle_relay`], with what was carried before it ended early.
    pub(crate) async fn relay_with(
        self: &Arc<Self>,
        path: &Path,
        patience: Duration,
        cancel: &CancellationToken,
    ) -> ApiResult<Carried> {
        self.run(|context, _| context.may(Act::Exchange)).await?;
        let (engine, key) = self.bundle_engine().await?;
        engine.relay(path, &key, patience, cancel).await.map_err(|error| bundle_error(&error))
    }

    pub(crate) async fn import_with(
        self: &Arc<Self>,
        path: &Path,
        cancel: &CancellationToken,
    ) -> ApiResult<Carried> {
        self.run(|context, _| context.may(Act::Exchange)).await?;
        // One writer of the mirror at a time.
        let linked = self.pause().await;
        let taken = match self.bundle_engine().await {
            Ok((engine, key)) => {
                engine.take_in(path, &key, cancel).await.map_err(|error| bundle_error(&error))
            }
            Err(error) => Err(error),
        };
        self.resume(linked).await;
        self.tell(AppEvent::DataChanged);
        self.tell_status();
        taken
    }

    /// A script's relay: as patient as its sync.
    pub async fn bundle_relay_once(
        self: &Arc<Self>,
        path: &Path,
        cancel: &CancellationToken,
    ) -> ApiResult<BundleRun> {
        let carried = self.relay_with(path, RETRY_BUDGET, cancel).await?;
        let failure = carried.failure.clone();
        Ok(BundleRun { done: answer(path, carried), failure })
    }

    async fn bundle_engine(&self) -> ApiResult<(SyncEngine, sunbench_exchange::bundle::ExchangeKey)> {
        let store = self.store()?;
        let clock = Arc::clone(&self.config.clock);
        blocking(move || {
            let key = bundle::key(&store).map_err(|error| bundle_error(&error))?;
            let client = open(&store, Arc::clone(&clock)).map_err(|error| sync_error(&error))?;
            Ok((SyncEngine::new(store, client, clock, u64::from(std::process::id())), key))
        })
        .await
    }

    /// The file that is meant; with a name, one to be written.
    async fn bundle_path(&self, req: BundleReq, name: Option<&str>) -> ApiResult<PathBuf> {
        if let Some(path) = req.path {
            if path.trim().is_empty() {
                return Err(ApiError::field(ErrorCode::FieldRequired, "path"));
            }
            return Ok(path.into());
        }
        let chooser = self.config.files.as_ref().ok_or(ErrorCode::NotFound)?;
        let chosen = match name {
            Some(name) => chooser.choose_save(name, KINDS).await,
            None => chooser.choose_open(KINDS).await,
        };
        Ok(chosen.ok_or(ErrorCode::Cancelled)?)
    }

    /// Stops the background sync; whether it ran.
    async fn pause(&self) -> bool {
        let linked = self.with_state(|state| state.link.is_some());
        self.unlink().await;
        linked
    }

    async fn resume(self: &Arc<Self>, linked: bool) {
        if linked {
            self.link_up().await;
        }
    }
}

/// A script's relay.
#[derive(Debug, Clone)]
pub struct BundleRun {
    /// What was carried.
    pub done: BundleDone,
    /// Why it ended early; what it carried is in the file all the same.
    pub failure: Option<sunbench_sync::Failure>,
}

fn answer(path: &Path, carried: Carried) -> BundleDone {
    BundleDone {
        path: path.display().to_string(),
        submissions: small(carried.submissions),
        changes: small(carried.changes),
        cursor: carried.cursor,
        complete: carried.complete,
    }
}

fn bundle_error(error: &BundleFailure) -> ApiError {
    match error {
        BundleFailure::NoKey => ErrorCode::BundleKeyMissing.into(),
        BundleFailure::FileExists => ErrorCode::FileIsOther.into(),
        BundleFailure::OtherProfile => ErrorCode::BundleOtherProfile.into(),
        BundleFailure::NotRelayed => ErrorCode::BundleNotRelayed.into(),
        BundleFailure::Sync(error) => sync_error(error),
        BundleFailure::Bundle(BundleError::NotABundle) => ErrorCode::NotABundle.into(),
        BundleFailure::Bundle(BundleError::Foreign) => ErrorCode::BundleForeign.into(),
        BundleFailure::Bundle(BundleError::TooNew(_)) => ErrorCode::BundleTooNew.into(),
        BundleFailure::Bundle(BundleError::Damaged(_) | BundleError::TooLarge) => {
            ErrorCode::BundleDamaged.into()
        }
        BundleFailure::Bundle(BundleError::Io(error)) => match error.kind() {
            _ if OutputFault::of(error).is_some() => unwritten(error),
            std::io::ErrorKind::NotFound => ErrorCode::NotFound.into(),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => ErrorCode::DiskFull.into(),
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                ErrorCode::ReadOnly.into()
            }
            _ => {
                tracing::warn!(%error, "a bundle's file");
                ErrorCode::FileUnreadable.into()
            }
        },
    }
}
