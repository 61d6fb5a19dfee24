//! What the headless command needs beside the window's commands.

use std::collections::BTreeMap;
use std::sync::Arc;

use sunbench_store::local::{account, outbox};
use sunbench_store::mirror::{digest, tally};
use sunbench_sync::state::last_sync;
use sunbench_sync::{RETRY_BUDGET, SyncEngine, SyncReport, open};
use tokio_util::sync::CancellationToken;

use crate::app::{App, blocking};
use crate::connection::sync_error;
use crate::error::{ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    CheckInState, DraftSaveReq, NoticeReq, NoticeScope, NoticesReq, OutboxItem, OutboxState,
    ReceiptDraftLine, ReplyReq, Urgency,
};

/// What `sunbench status` prints; its JSON keys are stable.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs)]
pub struct Status {
    pub last_sync: Option<String>,
    /// Queued and sending.
    pub waiting: u32,
    /// Refused and needing a decision.
    pub refused: u32,
    pub check_in: StatusCheckIn,
    pub notices: StatusNotices,
    /// Records of each resource.
    pub counts: BTreeMap<String, u64>,
    /// SHA-256 of each resource's records.
    pub digest: BTreeMap<String, String>,
}

/// Today's check-in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs)]
pub struct StatusCheckIn {
    pub date: String,
    /// Only what the platform has.
    pub done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// The open notices by urgency.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs)]
pub struct StatusNotices {
    pub open: u32,
    /// Due within two working days.
    pub due_soon: u32,
    pub overdue: u32,
}

/// The name of a submission's state in scripts.
#[must_use]
pub fn outbox_state_name(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Queued => "queued",
        OutboxState::Sending => "sending",
        OutboxState::Exported => "exported",
        OutboxState::Accepted => "accepted",
        OutboxState::Refused => "refused",
        OutboxState::NeedsDecision => "needs-decision",
        OutboxState::Withdrawn => "withdrawn",
        OutboxState::AwaitingReview => "awaiting-review",
        OutboxState::Returned => "returned",
    }
}

impl App {
    /// Opens the profile without a background sync.
    pub async fn open(self: &Arc<Self>) -> ApiResult<()> {
        if self.with_state(|state| state.store.is_some()) { Ok(()) } else { self.open_store().await }
    }

    fn engine(&self) -> ApiResult<SyncEngine> {
        let store = self.store()?;
        let client = open(&store, Arc::clone(&self.config.clock)).map_err(|error| sync_error(&error))?;
        Ok(SyncEngine::new(store, client, Arc::clone(&self.config.clock), u64::from(std::process::id())))
    }

    /// One sync: sends, then reads to the end. Ctrl-C ends it at the next safe place.
    pub async fn sync_once(self: &Arc<Self>) -> ApiResult<SyncReport> {
        let engine = self.engine()?;
        let cancel = stop_on_signal();
        Ok(engine.run_once(RETRY_BUDGET, &cancel).await)
    }

    /// Sends what waits, and reads nothing.
    pub async fn send_once(self: &Arc<Self>) -> ApiResult<SyncReport> {
        let engine = self.engine()?;
        let cancel = stop_on_signal();
        Ok(engine.send_once(RETRY_BUDGET, &cancel).await)
    }

    /// Where the profile stands.
    pub async fn status(self: &Arc<Self>) -> ApiResult<Status> {
        self.run(|context, _| {
            let (connected, (waiting, refused), synced, counts) = context.store.read(|conn| {
                Ok((account::get(conn)?, outbox::counts(conn)?, last_sync(conn)?, tally::counts(conn)?))
            })?;
            let date = context.today();
            let check_in = match &connected {
                Some(account) => Some(context.check_in_state(date, &account.user, true)?),
                None => None,
            };
            let notices = context.notices_list(&NoticesReq { scope: NoticeScope::Open })?.rows;
            let urgent = |which: &[Urgency]| {
                small(notices.iter().filter(|row| which.contains(&row.deadline.urgency)).count() as u64)
            };
            let done = check_in.as_ref().is_some_and(|c| c.state == CheckInState::Done);
            Ok(Status {
                last_sync: synced.map(|at| at.to_string()),
                waiting: small(waiting),
                refused: small(refused),
                check_in: StatusCheckIn {
                    date: date.to_string(),
                    done,
                    at: check_in.filter(|_| done).and_then(|c| c.at),
                },
                notices: StatusNotices {
                    open: small(notices.len() as u64),
                    due_soon: urgent(&[Urgency::Today, Urgency::Soon]),
                    overdue: urgent(&[Urgency::Overdue]),
                },
                counts: counts.into_iter().filter(|(_, n)| *n > 0).collect(),
                digest: context.store.read(digest::content)?,
            })
        })
        .await
    }

    /// Answers a notice from a script: saves the draft with its files and queues it.
    pub async fn reply_with(
        self: &Arc<Self>,
        notice: String,
        cause: String,
        measures: String,
        files: Vec<(String, Vec<u8>)>,
    ) -> ApiResult<OutboxItem> {
        self.run(move |context, _| {
            let account = context.account()?;
            let detail = context.notice_detail(&NoticeReq { id: notice.clone() })?;
            if !detail.row.open {
                return Err(ErrorCode::WrongState.into());
            }
            let attachments = files
                .iter()
                .map(|(name, content)| context.attach(name, content))
                .collect::<ApiResult<Vec<_>>>()?;
            let round = detail.row.round;
            context.notice_draft_save(&DraftSaveReq {
                notice: notice.clone(),
                round,
                cause,
                measures,
                finish_by: None,
                responsible: account.user_name,
                attachments,
            })?;
            context.notice_reply(&ReplyReq { notice, round })
        })
        .await
    }

    /// Queues a receipt of a delivery: the given lines, or all that is left of it.
    pub async fn receive_with(
        self: &Arc<Self>,
        delivery: String,
        lines: Option<Vec<ReceiptDraftLine>>,
    ) -> ApiResult<OutboxItem> {
        self.run(move |context, _| {
            let delivery = context.delivery_named(delivery)?;
            let lines = match lines {
                Some(lines) => context.named_lines(&delivery, lines)?,
                None => context.all_that_is_left(&delivery)?,
            };
            context.receive_lines(&delivery, &lines)
        })
        .await
    }

    async fn open_store(self: &Arc<Self>) -> ApiResult<()> {
        let folder = self.config.data_dir.clone();
        let source = self.quiet_source()?;
        let store = blocking(move || Ok(sunbench_store::Store::open(&folder, &source)?)).await?;
        self.with_state(|state| state.store = Some(Arc::new(store)));
        self.run(|context, _| context.put_to_work()).await
    }
}

/// Cancelled by Ctrl-C or by a polite end.
pub fn stop_on_signal() -> CancellationToken {
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    tokio::spawn(async move {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            if let Ok(mut term) = signal(SignalKind::terminate()) {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = term.recv() => {}
                }
                stop.cancel();
                return;
            }
        }
        let _ = tokio::signal::ctrl_c().await;
        stop.cancel();
    });
    cancel
}
