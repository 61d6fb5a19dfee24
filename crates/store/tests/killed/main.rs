//! `kill -9` at any instant. The work is done by a child process, this test program again, which says how far it has come;
//! the parent kills it and looks at what is left.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod key;
mod writing;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const FOLDER: &str = "SUNBENCH_KILLED_FOLDER";

/// A number from the environment: the run's size or its seed.
fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The child that does the work of `test` in `dir`.
fn child(test: &str, dir: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture", "--quiet"])
        .env(FOLDER, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Where a child works; none in a run that started no child.
fn folder() -> Option<PathBuf> {
    env::var_os(FOLDER).map(PathBuf::from)
}
