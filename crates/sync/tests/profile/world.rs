//! A platform with its demo, a network that can misbehave, and profiles that sync through it.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use sunbench_contract::time::Instant;
use sunbench_platform::{Config, DemoAccess, DemoOptions, ManualClock, NewNotice, Platform};
use sunbench_store::Store;
use sunbench_store::local::account;
use sunbench_store::local::outbox::{self, NewItem, OutboxItem};
use sunbench_store::mirror::{digest, tally};
use sunbench_sync::{Clock, PlatformClient, SignIn, SyncEngine, SyncReport, connect, open};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::proxy::Proxy;

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
    copy_of(DEMO.path())
}

fn copy_of(from: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    copy_into(from, copy.path());
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

/// The PC's clock goes with the platform's.
struct SameClock(Arc<ManualClock>);

impl Clock for SameClock {
    fn now(&self) -> Instant {
        sunbench_platform::Clock::now(&*self.0)
    }
}

pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) proxy: Proxy,
    pub(crate) access: DemoAccess,
    _dir: TempDir,
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
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn({
            let platform = platform.clone();
            async move { platform.serve(listener, std::future::pending()).await.unwrap() }
        });
        let proxy = Proxy::start(&url).await;
        Self { platform, clock, proxy, access, _dir: dir }
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SameClock(Arc::clone(&self.clock)))
    }

    /// The supervisor issues a notice; its id.
    pub(crate) fn issue_notice(&self) -> String {
        self.platform
            .issue_notice(&NewNotice {
                institution: self.access.institution.clone(),
                title: "新督办".to_owned(),
                body: "请反馈。".to_owned(),
                level: "warning".to_owned(),
                indicator_id: None,
                rule_name: "规则".to_owned(),
                clause: "四(五)".to_owned(),
                issuer: "市医疗保障局".to_owned(),
                reply_working_days: 5,
                evidence: Vec::new(),
            })
            .unwrap()
    }

    /// A new profile, connected.
    pub(crate) async fn seat(&self) -> Seat {
        let dir = TempDir::new().unwrap();
        let store = Arc::new(Store::create_for_tests(dir.path()));
        let who = SignIn {
            institution: self.access.institution.clone(),
            operator: self.access.user.clone(),
            password: self.access.password.clone(),
        };
        let connected =
            connect(&store, "reference", &self.proxy.url, &who, self.clock(), Duration::from_secs(5))
                .await
                .unwrap();
        self.proxy.taken();
        Seat::new(dir, store, connected.client, self.clock())
    }

    /// A new profile that has read everything.
    pub(crate) async fn synced_seat(&self) -> Seat {
        let seat = self.seat().await;
        let report = seat.sync().await;
        assert!(report.complete, "{report:?}");
        self.proxy.taken();
        seat
    }
}

/// One PC of the hospital.
pub(crate) struct Seat {
    pub(crate) store: Arc<Store>,
    pub(crate) engine: Arc<SyncEngine>,
    pub(crate) clock: Arc<dyn Clock>,
    dir: TempDir,
}

impl Seat {
    fn new(dir: TempDir, store: Arc<Store>, client: Arc<dyn PlatformClient>, clock: Arc<dyn Clock>) -> Self {
        let engine = Arc::new(SyncEngine::new(Arc::clone(&store), client, Arc::clone(&clock), 7));
        Self { store, engine, clock, dir }
    }

    /// As after a restart of the program.
    pub(crate) fn reopened(self) -> Self {
        let (dir, clock) = self.closed();
        Self::open(dir, clock)
    }

    /// A copy of the profile as it is now.
    pub(crate) fn with_backup(self) -> (Self, TempDir) {
        let (dir, clock) = self.closed();
        let backup = copy_of(dir.path());
        (Self::open(dir, clock), backup)
    }

    /// The backup takes the profile's place.
    pub(crate) fn restored(self, backup: TempDir) -> Self {
        let (_, clock) = self.closed();
        Self::open(backup, clock)
    }

    fn closed(self) -> (TempDir, Arc<dyn Clock>) {
        let Self { store, engine, clock, dir } = self;
        drop(engine);
        drop(Arc::try_unwrap(store).unwrap_or_else(|_| panic!("the profile is still in use")));
        (dir, clock)
    }

    pub(crate) fn open(dir: TempDir, clock: Arc<dyn Clock>) -> Self {
        let store = Arc::new(Store::open_for_tests(dir.path()));
        let client = open(&store, Arc::clone(&clock)).unwrap();
        Self::new(dir, store, client, clock)
    }

    pub(crate) async fn sync(&self) -> SyncReport {
        self.sync_within(Duration::from_secs(10)).await
    }

    pub(crate) async fn sync_within(&self, budget: Duration) -> SyncReport {
        let report = self.engine.run_once(budget, &CancellationToken::new()).await;
        assert_eq!(report.pulled, report.applied + report.unchanged + report.quarantined, "{report:?}");
        report
    }

    /// The mirror's content, by resource.
    pub(crate) fn content(&self) -> std::collections::BTreeMap<String, String> {
        self.store.read(digest::content).unwrap()
    }

    pub(crate) fn count(&self, resource: &str) -> u64 {
        self.store.read(tally::counts).unwrap().get(resource).copied().unwrap_or(0)
    }

    /// Queues a submission; the key says which one it is.
    pub(crate) fn queue(&self, key: &str, kind: &str, document: &str, body: &str, base_ver: Option<i64>) {
        self.queue_with(key, kind, document, body, base_ver, &[]);
    }

    pub(crate) fn queue_with(
        &self,
        key: &str,
        kind: &str,
        document: &str,
        body: &str,
        base_ver: Option<i64>,
        attachments: &[String],
    ) {
        let at = self.clock.now().unix();
        self.store
            .write_local(|tx| {
                let actor = &account::get(tx)?.unwrap().user;
                outbox::add(tx, &NewItem { key, kind, document, body, base_ver, attachments, actor, at })
            })
            .unwrap();
    }

    pub(crate) fn outbox(&self, key: &str) -> OutboxItem {
        self.store.read(|conn| outbox::get(conn, key)).unwrap().unwrap()
    }

    /// One number of the mirror.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.store.read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }

    /// Id and version of an issued notice that nobody has signed.
    pub(crate) fn issued_notice(&self) -> (String, i64) {
        self.store
            .read(|conn| {
                let sql = "SELECT id, ver FROM notice WHERE state = 'ISSUED' ORDER BY id LIMIT 1";
                Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
            })
            .unwrap()
    }
}

/// A client key.
pub(crate) fn key(n: u64) -> String {
    format!("01932f00-0000-7000-8000-{n:012}")
}
