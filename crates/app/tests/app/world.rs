//! A platform with its demo, on a port that it keeps, and programs that work with it.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine as _;
use sunbench_app::wire::{
    AttachReq, Attachment, CheckInState, ConnectReq, DraftSaveReq, Nothing, NoticeDetail, NoticeReq,
    OutboxItem, OutboxKeyReq, OutboxReq, OutboxState, ProfileCreateReq, ReplyReq, SyncPhase, SyncStatus,
    Today,
};
use sunbench_app::{ApiResult, App, AppConfig, Clock};
use sunbench_contract::Evidence;
use sunbench_contract::time::Instant;
use sunbench_platform::{Config, DemoAccess, DemoOptions, ManualClock, NewNotice, Platform};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::desk::Desk;

pub(crate) const PASSPHRASE: &str = "正确的口令 1";

/// A Friday.
pub(crate) fn now() -> Instant {
    Instant::parse("2026-11-20 09:30:00").unwrap()
}

/// A data folder with the demo; made once, because that takes longer than all the rest.
fn copy_of_demo() -> TempDir {
    static DEMO: LazyLock<TempDir> = LazyLock::new(|| {
        let dir = TempDir::new().unwrap();
        let platform = Platform::open(dir.path(), Arc::new(ManualClock::new(now()))).unwrap();
        platform.load_demo(&DemoOptions::default()).unwrap();
        dir
    });
    let copy = TempDir::new().unwrap();
    copy_into(DEMO.path(), copy.path());
    copy
}

fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The PC's clock: so many seconds ahead of the platform's.
pub(crate) struct PcClock {
    platform: Arc<ManualClock>,
    ahead_s: i64,
}

impl Clock for PcClock {
    fn now(&self) -> Instant {
        let at = sunbench_platform::Clock::now(&*self.platform);
        Instant::from_unix(at.unix() + self.ahead_s).unwrap()
    }
}

pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) access: DemoAccess,
    address: SocketAddr,
    server: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    dir: TempDir,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(Config::default()).await
    }

    pub(crate) async fn start_with(config: Config) -> Self {
        let dir = copy_of_demo();
        let clock = Arc::new(ManualClock::new(now()));
        let platform = Platform::open_with(dir.path(), clock.clone(), config).unwrap();
        let access = platform.demo_access().unwrap().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut world = Self { platform, clock, access, address, server: None, dir };
        world.serve(listener);
        world
    }

    fn serve(&mut self, listener: TcpListener) {
        let (stop, stopped) = oneshot::channel();
        let platform = self.platform.clone();
        let task = tokio::spawn(async move {
            platform.serve(listener, async { _ = stopped.await }).await.unwrap();
        });
        self.server = Some((stop, task));
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The platform goes away.
    pub(crate) async fn go_down(&mut self) {
        let (stop, task) = self.server.take().unwrap();
        stop.send(()).unwrap();
        task.await.unwrap();
    }

    /// The platform is back on its port.
    pub(crate) async fn come_back(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.serve(listener);
    }

    /// The platform goes back to what it was before anybody signed in, as from a backup.
    pub(crate) async fn forget_everybody(&mut self) {
        self.go_down().await;
        self.dir = copy_of_demo();
        self.platform = Platform::open(self.dir.path(), self.clock.clone()).unwrap();
        self.come_back().await;
    }

    pub(crate) fn connect_req(&self) -> ConnectReq {
        ConnectReq {
            url: self.url(),
            institution: self.access.institution.clone(),
            user: self.access.user.clone(),
            password: self.access.password.clone(),
        }
    }

    /// The supervisor issues a notice for five working days; its id.
    pub(crate) fn issue_notice(&self, title: &str, body: &str) -> String {
        self.platform
            .issue_notice(&NewNotice {
                institution: self.access.institution.clone(),
                title: title.to_owned(),
                body: body.to_owned(),
                level: "warning".to_owned(),
                indicator_id: None,
                rule_name: "规则".to_owned(),
                clause: "四(五)".to_owned(),
                issuer: "市医疗保障局".to_owned(),
                reply_working_days: 5,
                evidence: vec![Evidence {
                    label: title.to_owned(),
                    value: body.to_owned(),
                    order_detail_id: None,
                }],
            })
            .unwrap()
    }

    /// Waits until a seat has what the platform holds now: a notice issued last has come, and all before it.
    pub(crate) async fn caught_up(&self, seat: &Seat) {
        let last = self.issue_notice("以上已送达", "无需反馈");
        seat.app.sync_now(Nothing {}).await.unwrap();
        seat.arrival(&last).await;
    }

    /// A PC whose clock is right, with a new profile that is connected and up to date.
    pub(crate) async fn seat(&self) -> Seat {
        self.seat_ahead_by(0).await
    }

    /// The same with a clock that is `ahead_s` seconds ahead.
    pub(crate) async fn seat_ahead_by(&self, ahead_s: i64) -> Seat {
        let seat = self.new_seat(ahead_s).await;
        seat.app.connect(self.connect_req()).await.unwrap();
        seat.up_to_date().await;
        seat
    }

    /// A PC with a new profile and no connection.
    pub(crate) async fn new_seat(&self, ahead_s: i64) -> Seat {
        let seat = self.unmade_seat(ahead_s);
        seat.app.profile_create(ProfileCreateReq { passphrase: None }).await.unwrap();
        seat
    }

    /// A PC that is connected and up to date; its key is under a typed passphrase instead of the file's.
    pub(crate) async fn seat_with_typed(&self, passphrase: &str) -> Seat {
        let seat = self.unmade_seat(0);
        let request = ProfileCreateReq { passphrase: Some(passphrase.to_owned()) };
        seat.app.profile_create(request).await.unwrap();
        seat.app.connect(self.connect_req()).await.unwrap();
        seat.up_to_date().await;
        seat
    }

    /// A PC without a profile. Its passphrase file keeps the program from this machine's keyring.
    pub(crate) fn unmade_seat(&self, ahead_s: i64) -> Seat {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("passphrase"), PASSPHRASE).unwrap();
        let clock = Arc::new(PcClock { platform: Arc::clone(&self.clock), ahead_s });
        Seat { app: program(&dir, clock.clone()), clock, dir }
    }
}

fn program(dir: &TempDir, clock: Arc<PcClock>) -> Arc<App> {
    let desk = Arc::new(Desk::new(dir.path()));
    App::new(AppConfig {
        data_dir: dir.path().join("profile"),
        clock,
        demo: None,
        passphrase_file: Some(dir.path().join("passphrase")),
        files: Some(desk.clone()),
        viewer: Some(desk),
    })
}

/// One PC of the hospital.
pub(crate) struct Seat {
    pub(crate) app: Arc<App>,
    clock: Arc<PcClock>,
    dir: TempDir,
}

impl Seat {
    /// The profile's folder.
    pub(crate) fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("profile")
    }

    /// The passphrase file now holds `text`.
    pub(crate) fn set_passphrase_file(&self, text: &str) {
        std::fs::write(self.dir.path().join("passphrase"), text).unwrap();
    }

    /// Another program on the same folder; nothing is open in it yet.
    pub(crate) fn second_program(&self) -> Arc<App> {
        program(&self.dir, Arc::clone(&self.clock))
    }

    /// The program ends.
    pub(crate) async fn close(&self) {
        self.app.shutdown().await;
    }

    /// The program is started again.
    pub(crate) async fn start(&mut self) {
        self.app = program(&self.dir, Arc::clone(&self.clock));
        self.app.start().await;
    }

    pub(crate) async fn status(&self) -> SyncStatus {
        self.app.sync_status(Nothing {}).await.unwrap()
    }

    /// Waits for a phase.
    pub(crate) async fn phase(&self, phase: SyncPhase) -> SyncStatus {
        until(&format!("phase {phase:?}"), || async {
            let status = self.status().await;
            (status.phase == phase).then_some(status).ok_or("another phase")
        })
        .await
    }

    /// Waits until everything is sent and fetched.
    pub(crate) async fn up_to_date(&self) {
        self.app.sync_now(Nothing {}).await.unwrap();
        until("up to date", || async {
            let status = self.status().await;
            (status.phase == SyncPhase::UpToDate && status.waiting == 0).then_some(()).ok_or(status)
        })
        .await;
    }

    /// Waits until everything is fetched and all but `waiting` is sent.
    pub(crate) async fn up_to_date_but(&self, waiting: u32) {
        self.app.sync_now(Nothing {}).await.unwrap();
        until("everything fetched", || async {
            let status = self.status().await;
            (status.phase == SyncPhase::UpToDate && status.waiting == waiting).then_some(()).ok_or(status)
        })
        .await;
    }

    pub(crate) async fn today(&self) -> Today {
        self.app.today(Nothing {}).await.unwrap()
    }

    pub(crate) async fn check_in(&self) -> CheckInState {
        self.today().await.check_in.state
    }

    pub(crate) async fn notice(&self, id: &str) -> NoticeDetail {
        self.app.notice_detail(NoticeReq { id: id.to_owned() }).await.unwrap()
    }

    /// Waits until a notice is here.
    pub(crate) async fn arrival(&self, id: &str) -> NoticeDetail {
        until("the notice", || self.app.notice_detail(NoticeReq { id: id.to_owned() })).await
    }

    /// Waits until a notice is in `round`.
    pub(crate) async fn round(&self, id: &str, round: u32) -> NoticeDetail {
        until("the round", || async {
            let detail = self.notice(id).await;
            if detail.row.round == round { Ok(detail) } else { Err(detail.row) }
        })
        .await
    }

    pub(crate) async fn attach(&self, name: &str, content: &[u8]) -> ApiResult<Attachment> {
        let content_base64 = base64::engine::general_purpose::STANDARD.encode(content);
        self.app
            .notice_attach(AttachReq {
                name: name.to_owned(),
                content_base64: Some(content_base64),
                path: None,
            })
            .await
    }

    pub(crate) async fn save_draft(&self, notice: &str, round: u32, cause: &str, files: Vec<Attachment>) {
        self.app.notice_draft_save(draft(notice, round, cause, files)).await.unwrap();
    }

    pub(crate) async fn reply(&self, notice: &str, round: u32) -> ApiResult<OutboxItem> {
        self.app.notice_reply(ReplyReq { notice: notice.to_owned(), round }).await
    }

    /// Writes and sends an answer.
    pub(crate) async fn answer(&self, notice: &str, round: u32, cause: &str) -> OutboxItem {
        self.save_draft(notice, round, cause, Vec::new()).await;
        self.reply(notice, round).await.unwrap()
    }

    pub(crate) async fn withdraw(&self, key: &str) -> ApiResult<OutboxItem> {
        self.app.outbox_withdraw(OutboxKeyReq { key: key.to_owned() }).await
    }

    pub(crate) async fn outbox(&self) -> Vec<OutboxItem> {
        self.app.outbox_list(OutboxReq { before: None }).await.unwrap().items
    }

    pub(crate) async fn item(&self, key: &str) -> OutboxItem {
        self.outbox().await.into_iter().find(|item| item.key == key).unwrap()
    }

    /// Waits until a submission is settled in this way.
    pub(crate) async fn settled(&self, key: &str, state: OutboxState) -> OutboxItem {
        until(&format!("{state:?}"), || async {
            let item = self.item(key).await;
            if item.state == state { Ok(item) } else { Err(item) }
        })
        .await
    }
}

/// A draft as the window saves it.
pub(crate) fn draft(notice: &str, round: u32, cause: &str, attachments: Vec<Attachment>) -> DraftSaveReq {
    DraftSaveReq {
        notice: notice.to_owned(),
        round,
        cause: cause.to_owned(),
        measures: format!("{cause}的措施"),
        finish_by: Some("2026-12-31".to_owned()),
        responsible: "王敏".to_owned(),
        attachments,
    }
}

/// Asks until it is so; fails after a time in which any PC is done, with what stood in the way last.
pub(crate) async fn until<T, E: std::fmt::Debug, F: Future<Output = Result<T, E>>>(
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let started = tokio::time::Instant::now();
    loop {
        match ask().await {
            Ok(value) => return value,
            Err(last) if started.elapsed() > Duration::from_secs(90) => {
                panic!("waited in vain for {what}: {last:?}")
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
