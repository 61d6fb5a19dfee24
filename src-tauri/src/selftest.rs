//! `--selftest`: a day's work without a window, for packages and for the helpdesk. Nothing of the user's is touched.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use sunbench_app::wire::{
    CheckInState, DemoOnlineReq, DraftSaveReq, Nothing, NoticeReq, OutboxReq, OutboxState, ProfileCreateReq,
    ReplyReq, SyncPhase,
};
use sunbench_app::{ApiError, App, AppConfig, SystemClock};
use tempfile::TempDir;

use crate::demo::{self, DemoHospital};

/// The first sync of the demo hospital takes seconds; a slow PC gets two minutes.
const WITHIN: Duration = Duration::from_mins(2);
const LOOK_EVERY: Duration = Duration::from_millis(100);

#[derive(Serialize)]
struct Report {
    ok: bool,
    version: &'static str,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    name: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    duration_ms: u64,
}

/// Prints the report; an error when a step failed.
pub(crate) fn run() -> Result<(), String> {
    let folder = TempDir::with_prefix("sunbench-selftest-").map_err(|e| format!("temporary folder: {e}"))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| e.to_string())?;
    let report = runtime.block_on(day(folder.path()));
    let text = serde_json::to_string_pretty(&report).map_err(|e| e.to_string())?;
    #[expect(clippy::print_stdout, reason = "the report is the output")]
    {
        println!("{text}");
    }
    if report.ok { Ok(()) } else { Err("the self-test failed".to_owned()) }
}

/// Runs the steps in order and stops at the first that fails.
async fn day(folder: &Path) -> Report {
    let app = App::new(AppConfig {
        data_dir: folder.to_owned(),
        clock: Arc::new(SystemClock),
        demo: Some(Arc::new(DemoHospital::new())),
        passphrase_file: None,
        files: None,
        viewer: None,
    });
    let mut report = Report { ok: true, version: env!("CARGO_PKG_VERSION"), steps: Vec::new() };
    let day = Day { app: &app, folder };
    report.step("create an encrypted profile", day.create()).await;
    report.step("sign in to the demo hospital and sync", day.sign_in()).await;
    report.step("check in", day.check_in()).await;
    report.step("answer a notice without a network", day.answer_offline()).await;
    report.step("send the answer when the network is back", day.send()).await;
    report.step("verify the profile", day.verify()).await;
    app.shutdown().await;
    report.step("nothing on the disk in plain text", async { encrypted(folder) }).await;
    report
}

impl Report {
    async fn step(&mut self, step: &'static str, work: impl Future<Output = Result<(), Failed>>) {
        if !self.ok {
            return;
        }
        let start = Instant::now();
        let reason = work.await.err().map(|Failed(reason)| reason);
        self.ok = reason.is_none();
        let duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.steps.push(Step { name: step, ok: reason.is_none(), reason, duration_ms });
    }
}

/// Why a step failed.
struct Failed(String);

impl From<ApiError> for Failed {
    fn from(error: ApiError) -> Self {
        Self(error.to_string())
    }
}

fn need(holds: bool, what: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(Failed(what.to_owned())) }
}

struct Day<'a> {
    app: &'a Arc<App>,
    folder: &'a Path,
}

impl Day<'_> {
    async fn create(&self) -> Result<(), Failed> {
        self.app.start().await;
        let passphrase = Some(demo::throw_away_passphrase().map_err(Failed)?);
        let created = self.app.profile_create(ProfileCreateReq { passphrase }).await?;
        need(!created.recovery_code.is_empty(), "no recovery code")
    }

    async fn sign_in(&self) -> Result<(), Failed> {
        let state = self.app.demo_start(Nothing {}).await?;
        need(
            state.connection.is_some_and(|connection| connection.demo),
            "not connected to the demo hospital",
        )?;
        self.until("the first sync did not end", async |app| {
            Ok(app.sync_status(Nothing {}).await?.phase == SyncPhase::UpToDate)
        })
        .await
    }

    async fn check_in(&self) -> Result<(), Failed> {
        let today = self.app.today(Nothing {}).await?;
        let wanted = if today.working_day { CheckInState::Done } else { today.check_in.state };
        need(today.check_in.state == wanted, "the operator is not checked in")?;
        need(!today.notices.is_empty(), "the demo hospital has no open notice")
    }

    async fn answer_offline(&self) -> Result<(), Failed> {
        self.app.demo_online(DemoOnlineReq { online: false }).await?;
        let notice = self.notice().await?;
        let detail = self.app.notice_detail(NoticeReq { id: notice.clone() }).await?;
        let deadline = &detail.row.deadline;
        need(
            deadline.stated || !deadline.counted.is_empty(),
            "the deadline does not say which days it counted",
        )?;
        let round = detail.row.round;
        self.app
            .notice_draft_save(DraftSaveReq {
                notice: notice.clone(),
                round,
                cause: "自检".to_owned(),
                measures: "自检".to_owned(),
                finish_by: None,
                responsible: "自检".to_owned(),
                attachments: Vec::new(),
            })
            .await?;
        let item = self.app.notice_reply(ReplyReq { notice, round }).await?;
        need(matches!(item.state, OutboxState::Queued | OutboxState::Sending), "the answer is not queued")?;
        let outbox = self.app.outbox_list(OutboxReq { before: None }).await?;
        need(outbox.waiting > 0, "the answer does not wait in the outbox")
    }

    async fn send(&self) -> Result<(), Failed> {
        self.app.demo_online(DemoOnlineReq { online: true }).await?;
        self.app.sync_now(Nothing {}).await?;
        self.until("the answer was not sent", async |app| {
            let outbox = app.outbox_list(OutboxReq { before: None }).await?;
            if let Some(item) = outbox.items.iter().find(|item| item.error_code.is_some()) {
                return Err(Failed(format!("the platform refused {}", item.kind)));
            }
            let reply = outbox.items.iter().find(|item| item.kind == "notice.reply");
            let reply = reply.ok_or_else(|| Failed("the answer left the outbox".to_owned()))?;
            Ok(outbox.waiting == 0
                && reply.state == OutboxState::Accepted
                && reply.accepted_at.is_some()
                && !reply.digest.is_empty())
        })
        .await
    }

    async fn verify(&self) -> Result<(), Failed> {
        let verification = self.app.verify(Nothing {}).await?;
        need(verification.integrity, "the database is damaged")?;
        need(verification.audit_chain && verification.audit_entries > 0, "the audit chain does not hold")?;
        need(verification.orphans == 0, "records without their documents")?;
        need(self.folder.join("db").is_dir(), "no database folder")
    }

    /// The open notice with the nearest deadline.
    async fn notice(&self) -> Result<String, Failed> {
        let today = self.app.today(Nothing {}).await?;
        today.notices.into_iter().next().map(|row| row.id).ok_or_else(|| Failed("no open notice".to_owned()))
    }

    async fn until(
        &self,
        otherwise: &str,
        done: impl AsyncFn(&Arc<App>) -> Result<bool, Failed>,
    ) -> Result<(), Failed> {
        let start = Instant::now();
        while start.elapsed() < WITHIN {
            if done(self.app).await? {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(Failed(otherwise.to_owned()))
    }
}

/// No file of the profile's database is a readable SQLite file.
fn encrypted(folder: &Path) -> Result<(), Failed> {
    let unread = |e: std::io::Error| Failed(format!("the database folder cannot be read: {e}"));
    let mut files = 0;
    for entry in std::fs::read_dir(folder.join("db")).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.is_file() {
            files += 1;
            let start = std::fs::read(&path).map_err(unread)?;
            need(!start.starts_with(b"SQLite format 3"), "a database file is not encrypted")?;
        }
    }
    need(files > 0, "no database file")
}
