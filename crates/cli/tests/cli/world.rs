//! A platform with its demo, a network that can stand still, and profiles that the command works on.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::Value;
use sunbench_contract::time::Instant;
use sunbench_platform::{DemoAccess, DemoOptions, ManualClock, NewNotice, Platform};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

pub(crate) const PASSPHRASE: &str = "口令 one-two";
/// More bytes than any answer has.
const WITHOUT_LIMIT: i64 = i64::MAX / 2;

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

/// The platform's clock stands on 2026-11-20, whatever day it is on this PC.
pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) access: DemoAccess,
    pub(crate) url: String,
    runtime: Runtime,
    /// How many bytes of answers may still come through.
    left: Arc<AtomicI64>,
    /// The first lines of the requests so far.
    asked: Asked,
    _dir: TempDir,
}

type Asked = Arc<Mutex<Vec<String>>>;

impl World {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let dir = copy_of_demo();
        let platform = Platform::open(dir.path(), Arc::new(ManualClock::new(now()))).unwrap();
        let access = platform.demo_access().unwrap().unwrap();
        let bind = || runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let (inner, outer) = (bind(), bind());
        let upstream = inner.local_addr().unwrap();
        let url = format!("http://{}", outer.local_addr().unwrap());
        let served = platform.clone();
        runtime.spawn(async move { served.serve(inner, std::future::pending()).await.unwrap() });
        let left = Arc::new(AtomicI64::new(WITHOUT_LIMIT));
        let asked = Asked::default();
        runtime.spawn(pass_on(outer, upstream, Arc::clone(&left), Arc::clone(&asked)));
        Self { platform, access, url, runtime, left, asked, _dir: dir }
    }

    /// What was asked about submissions since the last time: method and key.
    pub(crate) fn asked_about_submissions(&self) -> Vec<(String, String)> {
        let lines = std::mem::take(&mut *self.asked.lock().unwrap());
        let about = lines.iter().filter_map(|line| line.split_once(" /api/v1/submissions/"));
        about
            .map(|(method, rest)| {
                (method.to_owned(), rest.split([' ', '?']).next().unwrap_or_default().to_owned())
            })
            .collect()
    }

    /// After so many more bytes the network stands still.
    pub(crate) fn stand_still_after(&self, bytes: i64) {
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// Waits until it does.
    pub(crate) fn stands_still(&self, child: &mut Child) {
        while self.left.load(Ordering::SeqCst) > 0 {
            assert!(child.try_wait().unwrap().is_none(), "it ended before the network stood still");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The network runs again.
    pub(crate) fn run_again(&self) {
        self.left.store(WITHOUT_LIMIT, Ordering::SeqCst);
    }

    /// The platform and its port are gone.
    pub(crate) fn end(self) {
        self.runtime.shutdown_background();
    }

    /// The supervisor issues a notice; its id.
    pub(crate) fn issue_notice(&self, body: &str) -> String {
        self.platform
            .issue_notice(&NewNotice {
                institution: self.access.institution.clone(),
                title: "进度滞后".to_owned(),
                body: body.to_owned(),
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

    /// A profile that is connected.
    pub(crate) fn seat(&self) -> Seat {
        let seat = Seat::new();
        let connected = self.connect(&seat);
        assert_eq!(connected.code, 0, "{connected:?}");
        seat
    }

    /// A profile that has read everything.
    pub(crate) fn synced_seat(&self) -> Seat {
        let seat = self.seat();
        assert_eq!(seat.json(&["sync"])["complete"], true);
        seat
    }

    pub(crate) fn connect(&self, seat: &Seat) -> Answer {
        self.connect_with(seat, &self.url, &self.access.user, &format!("{}\n", self.access.password))
    }

    pub(crate) fn connect_with(&self, seat: &Seat, url: &str, user: &str, password: &str) -> Answer {
        let file = seat.file("password", password.as_bytes());
        let institution = &self.access.institution;
        seat.run(&[
            "connect",
            "--url",
            url,
            "--institution",
            institution,
            "--user",
            user,
            "--password-file",
            &file,
        ])
    }
}

/// Passes on what the platform says for as long as there are bytes left.
async fn pass_on(listener: TcpListener, upstream: SocketAddr, left: Arc<AtomicI64>, asked: Asked) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let (left, asked) = (Arc::clone(&left), Arc::clone(&asked));
        tokio::spawn(async move {
            let server = TcpStream::connect(upstream).await?;
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            let answers = async {
                let mut piece = vec![0; 4_096];
                loop {
                    let length = from_server.read(&mut piece).await?;
                    while left.load(Ordering::SeqCst) <= 0 {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                    left.fetch_sub(length as i64, Ordering::SeqCst);
                    if length == 0 {
                        return to_client.shutdown().await;
                    }
                    to_client.write_all(&piece[..length]).await?;
                }
            };
            let questions = async {
                let mut piece = vec![0; 65_536];
                loop {
                    let length = from_client.read(&mut piece).await?;
                    if length == 0 {
                        return to_server.shutdown().await;
                    }
                    note(&asked, &piece[..length]);
                    to_server.write_all(&piece[..length]).await?;
                }
            };
            tokio::select! {
                asked = questions => asked,
                answered = answers => answered,
            }
        });
    }
}

/// Remembers the first lines of requests. A client writes the head of a request in one piece.
fn note(asked: &Asked, piece: &[u8]) {
    let text = String::from_utf8_lossy(piece);
    let heads = text.lines().filter(|line| line.ends_with(" HTTP/1.1"));
    asked.lock().unwrap().extend(heads.map(str::to_owned));
}

/// A profile folder, and a passphrase file for its key.
pub(crate) struct Seat {
    dir: TempDir,
}

impl Seat {
    pub(crate) fn new() -> Self {
        let seat = Self { dir: TempDir::new().unwrap() };
        seat.file("passphrase", PASSPHRASE.as_bytes());
        std::fs::create_dir(seat.dir.path().join("tmp")).unwrap();
        seat
    }

    /// The profile's folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.dir.path().join("profile")
    }

    /// Where the command may put temporary files.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.dir.path().join("tmp")
    }

    /// A file beside the profile; its path.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The command, with `--json`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sunbench"));
        command
            .args(["--json", "--data", self.folder().to_str().unwrap()])
            .args(arguments)
            .env("SUNBENCH_PASSPHRASE_FILE", self.dir.path().join("passphrase"))
            .env("HOME", self.dir.path().join("home"))
            .env("TMPDIR", self.temporary())
            .env_remove("SUNBENCH_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).output().unwrap())
    }

    /// What a command that succeeds says.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.run(arguments);
        assert_eq!(answer.code, 0, "{arguments:?}: {answer:?}");
        answer.json
    }

    /// The mirror's digests, by resource.
    pub(crate) fn digest(&self) -> Value {
        let digest = self.json(&["status"])["digest"].take();
        assert!(digest.as_object().unwrap().len() > 15, "{digest}");
        digest
    }

    /// The outbox's items of a kind, as their states.
    pub(crate) fn states(&self, kind: &str) -> Vec<String> {
        let outbox = self.json(&["outbox"]);
        let items = outbox.as_array().unwrap().iter().filter(|item| item["kind"] == kind);
        items.map(|item| item["state"].as_str().unwrap().to_owned()).collect()
    }
}

/// What the command said.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The exit code; -1 when a signal ended it.
    pub(crate) code: i32,
    /// The document on stdout; null where there is none.
    pub(crate) json: Value,
    pub(crate) stderr: String,
}

impl Answer {
    pub(crate) fn of(output: Output) -> Self {
        let stdout = String::from_utf8(output.stdout).unwrap();
        let json = if stdout.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("one JSON document: {stdout}"))
        };
        let stderr = String::from_utf8(output.stderr).unwrap();
        Self { code: output.status.code().unwrap_or(-1), json, stderr }
    }

    /// The code of a stated failure; everything that it has to say is there.
    pub(crate) fn failure(&self) -> &str {
        assert_eq!(self.code, 1, "{self:?}");
        assert_eq!(keys(&self.json), set("error"), "{self:?}");
        assert_eq!(keys(&self.json["error"]), set("code msg"), "{self:?}");
        let msg = self.json["error"]["msg"].as_str().unwrap();
        assert!(msg.chars().any(|c| c > '\u{2e80}'), "in Chinese: {msg}");
        assert!(self.stderr.contains(msg), "{self:?}");
        self.json["error"]["code"].as_str().unwrap()
    }
}

/// The keys of an object.
pub(crate) fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap_or_else(|| panic!("an object: {value}")).keys().cloned().collect()
}

/// Words.
pub(crate) fn set(words: &str) -> BTreeSet<String> {
    words.split_whitespace().map(str::to_owned).collect()
}
