//! The platform as a program of its own, which can be stopped like a server that goes away.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use serde::Deserialize;
use sunbench_platform::{DemoOptions, NewNotice, SystemClock};
use tempfile::TempDir;

use crate::driver::free_port;
use crate::program;

/// How to reach it; the line that it prints when it serves.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Access {
    pub url: String,
    pub console: String,
    pub institution: String,
    pub user: String,
    pub password: String,
    pub supervisor: String,
    pub supervisor_password: String,
}

/// `sunbench-platform` with a demo province, on one port and one folder whether it runs or not.
pub struct Platform {
    folder: TempDir,
    port: u16,
    scale: u32,
    process: Option<Child>,
    /// How to reach it.
    pub access: Access,
}

impl Platform {
    /// Makes a province with one middling hospital and serves it.
    pub fn start() -> Self {
        Self::start_scaled(1)
    }

    /// Makes a province whose hospital is `scale` times as large and serves it.
    pub fn start_scaled(scale: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let port = free_port();
        let (process, access) = serve(&folder.path().join("data"), port, scale, None);
        Self { folder, port, scale, process: Some(process), access }
    }

    /// Makes a province whose supervisor has issued so many notices more, and serves it; with the notices' ids.
    pub fn start_with_notices(notices: usize) -> (Self, Vec<String>) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let data = folder.path().join("data");
        let platform =
            sunbench_platform::Platform::open(&data, Arc::new(SystemClock)).expect("a province can be made");
        let demo = platform.load_demo(&DemoOptions::default()).expect("a demo can be made");
        let notice = NewNotice {
            institution: demo.institution,
            title: "进度滞后".to_owned(),
            body: "请说明原因。".to_owned(),
            level: "warning".to_owned(),
            indicator_id: None,
            rule_name: "规则".to_owned(),
            clause: "四(五)".to_owned(),
            issuer: "市医疗保障局".to_owned(),
            reply_working_days: 5,
            evidence: Vec::new(),
        };
        let issue = |_| platform.issue_notice(&notice).expect("a notice can be issued");
        let ids = (0..notices).map(issue).collect();
        drop(platform);
        let (port, scale) = (free_port(), 1);
        let (process, access) = serve(&data, port, scale, None);
        (Self { folder, port, scale, process: Some(process), access }, ids)
    }

    /// The platform's own database.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data/platform.sqlite3")
    }

    /// Takes it away at once, with all its connections.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("the platform can be killed");
            process.wait().expect("the platform ends");
        }
    }

    /// Lets it stand still: it takes connections and answers none.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        let process = self.process.as_ref().expect("the platform runs");
        let sent = Command::new("kill").args([name, &process.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the platform can be signalled");
    }

    /// Brings it back.
    pub fn resume(&mut self) {
        self.come_back(None);
    }

    /// Brings it back with companies and a bureau that turn to one document each second, what was sent last first.
    pub fn resume_alive(&mut self) {
        self.come_back(Some(1));
    }

    fn come_back(&mut self, pace: Option<u32>) {
        let (process, access) = serve(&self.folder.path().join("data"), self.port, self.scale, pace);
        assert_eq!(access.url, self.access.url, "the platform came back elsewhere");
        self.process = Some(process);
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(data: &PathBuf, port: u16, scale: u32, pace: Option<u32>) -> (Child, Access) {
    let mut process = Command::new(program("sunbench-platform"))
        .args(pace.map(|seconds| format!("--pace={seconds}")))
        .args([
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--demo",
            "1",
            "--scale",
            &scale.to_string(),
            "--data",
        ])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the platform starts");
    let mut line = String::new();
    let mut output = BufReader::new(process.stdout.take().expect("its output is piped"));
    output.read_line(&mut line).expect("the platform's first line can be read");
    let access =
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("the platform's first line {line:?}: {e}"));
    // Read to its end, so that the platform never waits for a full pipe.
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    (process, access)
}
