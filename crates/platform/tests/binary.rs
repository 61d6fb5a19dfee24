//! The program as it is started: the first line, a clean stop, the same platform after a restart.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

struct Running {
    child: Child,
    ready: Value,
}

fn command(data: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sunbench-platform"));
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn start(data: &Path, more: &[&str]) -> Running {
    let mut child = command(data, more).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let ready = serde_json::from_str(&line).unwrap_or_else(|_| {
        let mut told = String::new();
        child.stderr.as_mut().unwrap().read_to_string(&mut told).unwrap();
        panic!("{line} {told}");
    });
    Running { child, ready }
}

async fn server_time(running: &Running) -> String {
    let url = format!("{}/api/v1/capabilities", running.ready["url"].as_str().unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer: Value = http.get(url).send().await.unwrap().json().await.unwrap();
    answer["serverTime"].as_str().unwrap().to_owned()
}

#[cfg(unix)]
fn stop(running: Running) -> Output {
    let id = running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    running.child.wait_with_output().unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn it_says_where_it_is_stops_cleanly_and_comes_back_the_same() {
    let dir = TempDir::new().unwrap();
    let flags = ["--demo", "3", "--today", "2026-11-20"];
    let first = start(dir.path(), &flags);
    let url = first.ready["url"].as_str().unwrap();
    assert_eq!(first.ready["console"], format!("{url}/console"));
    for name in ["institution", "user", "password", "supervisor", "supervisorPassword"] {
        assert!(first.ready[name].as_str().is_some_and(|text| !text.is_empty()), "{name}");
    }
    assert!(server_time(&first).await.starts_with("2026-11-20T"), "the platform's date is the one asked for");
    let mut expected = first.ready.clone();
    let output = stop(first);
    assert!(output.status.success());
    assert!(output.stdout.is_empty(), "one line only");

    // The same flags, and none at all: the same platform, but for its port.
    for flags in [&flags[..], &flags[..2], &[]] {
        let mut again = start(dir.path(), flags);
        for name in ["url", "console"] {
            expected[name] = again.ready[name].take();
            again.ready[name] = expected[name].clone();
        }
        assert_eq!(again.ready, expected);
        assert!(server_time(&again).await.starts_with("2026-11-20T"), "the data folder keeps its clock");
        stop(again);
    }

    let other = command(dir.path(), &["--demo", "4"]).output().unwrap();
    assert!(!other.status.success() && other.stdout.is_empty());
    assert!(String::from_utf8_lossy(&other.stderr).contains("--data"), "says what to do");
}

#[cfg(unix)]
#[tokio::test]
async fn an_empty_platform_tells_its_supervisor_once() {
    let dir = TempDir::new().unwrap();
    let first = start(dir.path(), &[]);
    assert_eq!(first.ready["institution"], Value::Null);
    assert!(first.ready["supervisorPassword"].as_str().unwrap().len() >= 12);
    stop(first);
    let again = start(dir.path(), &[]);
    assert_eq!(again.ready["supervisorPassword"], Value::Null);
    stop(again);
}

#[test]
fn usage_errors_exit_2() {
    for flags in [&["--scale", "0"][..], &["--today", "soon"], &["--demo", "x"], &["--nonsense"]] {
        let dir = TempDir::new().unwrap();
        let output = command(dir.path(), flags).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(output.stdout.is_empty());
    }
}
