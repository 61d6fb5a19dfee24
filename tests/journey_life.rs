//! The program's life beside its window: a second start, the end of the session.

#![allow(clippy::unwrap_used)] // in a test it says where

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use sunbench_tests::{PATIENCE, program, windows};

fn start(data: &Path) -> Child {
    Command::new(program("sunbench-desktop"))
        .arg("--data")
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

fn until(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn ended(process: &mut Child, what: &str) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = process.try_wait().unwrap() {
            return status;
        }
        assert!(start.elapsed() < PATIENCE, "{what} did not end");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
#[ignore = "needs a screen and the built programs: scripts/journeys.sh"]
fn a_second_start_is_the_first_and_the_session_ends_it_in_order() {
    let data = tempfile::tempdir().unwrap();
    // The journey before this one ended its program without asking; its window goes a moment later.
    until("the screen to be free", || windows() == 0);
    let mut first = start(data.path());
    until("a window", || windows() == 1);

    let mut second = start(data.path());
    assert!(ended(&mut second, "the second start").success());
    assert!(first.try_wait().unwrap().is_none(), "the first one is gone");
    assert_eq!(windows(), 1, "the second start opened another window");

    let stopped = Command::new("kill").args(["-TERM", &first.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert!(ended(&mut first, "the program").success());
    let log = std::fs::read_dir(data.path().join("logs")).unwrap().next().unwrap().unwrap().path();
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.trim_end().ends_with("end"), "it did not end in order: {log}");
}
