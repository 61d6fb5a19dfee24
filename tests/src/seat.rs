//! A hospital's seat that works with the headless command.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Access, program};

const PASSPHRASE: &str = "口令 one-two";

/// A profile in a folder of its own, and a passphrase file for its key. What belongs to the platform and to the person
/// is in the folder beside it.
#[derive(Debug)]
pub struct Seat {
    beside: TempDir,
    folder: TempDir,
    profile: PathBuf,
    access: Access,
}

impl Seat {
    /// A seat without a profile.
    pub fn new(access: &Access) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self::in_folder(folder, "profile", access)
    }

    /// A seat whose profile will have this path below `folder`.
    pub fn in_folder(folder: TempDir, profile: &str, access: &Access) -> Self {
        let beside = tempfile::tempdir().expect("a temporary folder can be made");
        fs::write(beside.path().join("passphrase"), PASSPHRASE).expect("a passphrase file can be written");
        fs::write(beside.path().join("password"), &access.password).expect("a password file can be written");
        Self { profile: folder.path().join(profile), beside, folder, access: access.clone() }
    }

    /// A seat with a copy of this one's profile.
    #[must_use]
    pub fn copy(&self) -> Self {
        let copy = Self::new(&self.access);
        copy_folder(&self.profile, &copy.profile);
        copy
    }

    /// The folder that holds nothing but the profile's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The profile's folder.
    pub fn profile(&self) -> &Path {
        &self.profile
    }

    /// The passphrase file.
    pub fn passphrase(&self) -> PathBuf {
        self.beside.path().join("passphrase")
    }

    /// The path of a file beside the profile.
    pub fn beside(&self, name: &str) -> String {
        self.beside.path().join(name).to_string_lossy().into_owned()
    }

    /// Writes such a file; its path.
    pub fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.beside(name);
        fs::write(&path, content).expect("a file can be written");
        path
    }

    /// The command, with `--json`, on the profile under another path.
    pub fn command_at(&self, profile: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("sunbench"));
        command
            .args(["--json", "--data"])
            .arg(profile)
            .args(arguments)
            .env("SUNBENCH_PASSPHRASE_FILE", self.passphrase())
            .env("HOME", self.beside.path())
            .env_remove("SUNBENCH_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The command, with `--json`. `connect` needs no arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command_at(&self.profile, arguments);
        if arguments == ["connect"] {
            let access = &self.access;
            command
                .args(["--url", &access.url, "--institution", &access.institution, "--user", &access.user])
                .arg("--password-file")
                .arg(self.beside.path().join("password"));
        }
        command
    }

    /// Runs it.
    pub fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().expect("the command starts"))
    }

    /// What a command that succeeds says.
    ///
    /// # Panics
    ///
    /// When it fails.
    pub fn ok(&self, arguments: &[&str]) -> Value {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
        said.json
    }

    /// Syncs to the end and says which digests the mirror has then.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn synced(&self) -> Value {
        let sync = self.ok(&["sync"]);
        assert_eq!((&sync["complete"], &sync["waiting"]), (&true.into(), &0.into()), "{sync}");
        let digest = self.ok(&["status"])["digest"].take();
        assert!(digest.as_object().is_some_and(|digests| digests.len() > 15), "{digest}");
        digest
    }

    /// The outbox: kind and state by key.
    pub fn outbox(&self) -> BTreeMap<String, (String, String)> {
        let items = self.ok(&["outbox"]);
        let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let items = items.as_array().expect("a list of submissions");
        items.iter().map(|item| (text(item, "key"), (text(item, "kind"), text(item, "state")))).collect()
    }
}

/// Copies a folder with all that is in it.
///
/// # Panics
///
/// When it cannot.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

/// What the command said.
#[derive(Debug)]
pub struct Said {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// The document on stdout; null where there is none.
    pub json: Value,
    /// Diagnostics.
    pub stderr: String,
}

impl Said {
    /// Of a program that has ended.
    ///
    /// # Panics
    ///
    /// When stdout is anything but one JSON document.
    pub fn of(output: Output) -> Self {
        let Output { status, stdout, stderr } = output;
        let stdout = String::from_utf8_lossy(&stdout);
        let json = match stdout.trim() {
            // What was killed may have got half of it out.
            _ if status.code().is_none() => Value::Null,
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|e| panic!("{text:?}: {e}")),
        };
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        Self { code: status.code(), json, stderr }
    }

    /// Whether it ended well: what it said is confirmed.
    pub fn is_confirmed(&self) -> bool {
        self.code == Some(0)
    }

    /// The code of a failure that is stated in Chinese and is no defect of the program.
    ///
    /// # Panics
    ///
    /// When it is anything else.
    pub fn failure(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        let told = self.stderr.lines().last().unwrap_or_default();
        assert!(told.chars().any(|c| c > '\u{2e80}'), "in Chinese: {self:?}");
        assert!(!told.contains("程序内部错误"), "{self:?}");
        self.json["error"]["code"].as_str().unwrap_or("sync")
    }
}
