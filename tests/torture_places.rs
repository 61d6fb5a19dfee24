//! Where a profile may lie, and what may happen to that place (G1): full, not writable, somebody else's, gone for a while,
//! open already.
//!
//! The real programs, started as a script starts them; `scripts/torture.sh G1` builds them and runs this.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // in a test it says where

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use sunbench_tests::{Platform, Said, Seat};
use tempfile::TempDir;

const ANSWER: &str = "原因：送货延迟。\n\n整改措施：每周核对一次。";

#[track_caller]
fn is_whole(seat: &Seat) {
    let found = seat.ok(&["verify"]);
    assert_eq!((&found["integrity"], &found["audit_chain"]), (&true.into(), &true.into()));
}

/// Every file below a folder, with its content; but for the log and the index that an opened database has beside it.
fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            all.extend(bytes(&entry.path()));
        } else if !entry.path().to_string_lossy().ends_with("-shm")
            && !entry.path().to_string_lossy().ends_with("-wal")
        {
            all.insert(entry.path(), fs::read(entry.path()).unwrap());
        }
    }
    all
}

#[test]
#[ignore = "needs the programs: scripts/torture.sh"]
fn torture_profiles_lie_anywhere() {
    let platform = Platform::start();
    let deep = ["药剂科 设备科".repeat(4), "档案（新）".repeat(15), "long-".repeat(30)].join("/");
    let places = ["with a space", "采购办/阳采 工作台", "'quoted\"%41;#?*&", "-leading", deep.as_str()];
    for place in places {
        let seat = Seat::in_folder(tempfile::tempdir().unwrap(), place, &platform.access);
        seat.ok(&["connect"]);
        seat.synced();
        is_whole(&seat);
    }
    // Longer than SQLite takes: told, and another place works.
    let endless = ["长".repeat(80), "长".repeat(80), "长".repeat(80)].join("/");
    let seat = Seat::in_folder(tempfile::tempdir().unwrap(), &endless, &platform.access);
    seat.run(&["connect"]).failure();
    println!("promise G1: profiles work in {} places with spaces, Chinese, marks and depth", places.len());
}

/// A sync that holds the profile and waits for a platform that stands still.
fn holding(platform: &Platform, seat: &Seat) -> Child {
    platform.freeze();
    let mut child = seat.command(&["sync"]).spawn().unwrap();
    // Another command to find that out could have the profile itself at that moment.
    let database = seat.profile().join("db/sunbench.db");
    let open_files = PathBuf::from(format!("/proc/{}/fd", child.id()));
    let has_it = || {
        let links = fs::read_dir(&open_files).into_iter().flatten().flatten();
        links.map(|link| fs::read_link(link.path())).any(|file| file.is_ok_and(|file| file == database))
    };
    while !has_it() {
        assert!(child.try_wait().unwrap().is_none(), "the sync ended at once");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child
}

#[test]
#[ignore = "needs the programs: scripts/torture.sh"]
fn torture_second_programs_and_vanished_folders_are_told() {
    let platform = Platform::start();
    let seat = Seat::new(&platform.access);
    seat.ok(&["connect"]);
    let expected = seat.copy().synced();

    let alias = seat.folder().join("alias");
    symlink(seat.profile(), &alias).unwrap();
    let first = holding(&platform, &seat);
    for verb in ["outbox", "status", "sync", "verify"] {
        assert_eq!(seat.run(&[verb]).failure(), "profileInUse", "{verb}");
        let by_alias = Said::of(seat.command_at(&alias, &[verb]).output().unwrap());
        assert_eq!(by_alias.failure(), "profileInUse", "{verb} by another path");
    }
    platform.thaw();
    assert!(Said::of(first.wait_with_output().unwrap()).is_confirmed());
    assert_eq!(seat.synced(), expected);

    // The folder goes away under a program, as a network drive does, and comes back.
    let seat = Seat::new(&platform.access);
    seat.ok(&["connect"]);
    let elsewhere = seat.folder().join("elsewhere");
    let running = holding(&platform, &seat);
    fs::rename(seat.profile(), &elsewhere).unwrap();
    assert_eq!(seat.run(&["outbox"]).failure(), "profileLocked");
    assert!(!seat.profile().exists(), "nothing is made in its place");
    platform.thaw();
    let said = Said::of(running.wait_with_output().unwrap());
    if !said.is_confirmed() {
        said.failure();
    }
    fs::rename(&elsewhere, seat.profile()).unwrap();
    is_whole(&seat);
    assert_eq!(seat.synced(), expected);
    println!(
        "promise G1: a second program is told, by another path too; a folder that vanishes under a sync and comes back \
         has lost nothing"
    );
}

/// Another user of this machine, where we may act as one.
const NOBODY: &str = "65534";

fn we_are_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// The same command as a user without special rights.
fn as_somebody(command: &Command) -> Command {
    let mut other = Command::new("setpriv");
    other.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]);
    other.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
    other
}

fn give_away(path: &Path) {
    let given = Command::new("chown").args(["-R", NOBODY]).arg(path).status().unwrap();
    assert!(given.success());
}

#[test]
#[ignore = "needs the programs: scripts/torture.sh"]
fn torture_places_without_the_right_to_write_are_told() {
    let (platform, notices) = Platform::start_with_notices(1);
    let seat = Seat::new(&platform.access);
    seat.ok(&["connect"]);
    seat.synced();
    let text = seat.file("reply.txt", ANSWER.as_bytes());
    let reply = ["reply", &notices[0], "--text-file", &text];
    let root = we_are_root();
    let run = |arguments: &[&str]| {
        let mut command = seat.command(arguments);
        if root {
            command = as_somebody(&command);
        }
        Said::of(command.output().unwrap())
    };
    if root {
        // Another user may not even look.
        give_away(seat.passphrase().parent().unwrap());
        let before = bytes(seat.profile());
        assert_eq!(run(&["outbox"]).failure(), "readOnly");
        assert_eq!(bytes(seat.profile()), before);
        give_away(seat.folder());
    }
    let db = seat.profile().join("db");
    // The profile's own folder is written to only where a profile is made.
    let places = [seat.profile().join("lock"), db.join("sunbench.db"), db.clone()];
    for place in &places {
        let rights = fs::metadata(place).unwrap().permissions();
        let before = bytes(&db);
        fs::set_permissions(place, Permissions::from_mode(rights.mode() & 0o555)).unwrap();
        let said = run(&reply);
        assert_eq!(said.failure(), "readOnly", "{}", place.display());
        fs::set_permissions(place, rights).unwrap();
        assert_eq!(bytes(&db), before, "{}", place.display());
    }
    let said = run(&reply);
    assert!(said.is_confirmed(), "{said:?}");
    is_whole(&seat);
    assert_eq!(seat.outbox().len(), 3, "the check-in, the signature and the one reply");
    println!(
        "promise G1: {} places without the right to write{} are told and stay as they are",
        places.len(),
        if root { ", and another user's profile," } else { "" }
    );
}

/// A file system of its own that is soon full.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=40m", "tmpfs"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|mount| mount.status.success()).then_some(Self { folder })
    }

    /// Fills it but for so many bytes.
    fn fill_but(&self, free: usize) {
        let path = self.folder.path().join("filler");
        let mut file = File::create(&path).unwrap();
        for size in [1 << 20, 4_096, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
        let full = file.metadata().unwrap().len();
        file.set_len(full - free as u64).unwrap();
    }

    fn make_room(&self) {
        fs::remove_file(self.folder.path().join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.folder.path()).status();
    }
}

/// How many bytes are left on the disk that is nearly full.
const ROOM: [usize; 9] = [0, 20_000, 60_000, 120_000, 250_000, 400_000, 600_000, 900_000, 1_500_000];

#[test]
#[ignore = "needs the programs: scripts/torture.sh"]
fn torture_full_disks_are_told_and_lose_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        println!("left out: no file system may be mounted here");
        return;
    };
    let (platform, notices) = Platform::start_with_notices(ROOM.len());
    let (mut told, mut confirmed) = (0, Vec::new());

    // A profile that does not fit leaves nothing, and fits when there is room.
    for room in ROOM {
        let seat =
            Seat::in_folder(tempfile::tempdir_in(disk.folder.path()).unwrap(), "profile", &platform.access);
        disk.fill_but(room);
        let said = seat.run(&["connect"]);
        if !said.is_confirmed() {
            assert_eq!(said.failure(), "diskFull", "room for {room}");
            told += 1;
        }
        disk.make_room();
        seat.ok(&["connect"]);
        is_whole(&seat);
    }

    let seat =
        Seat::in_folder(tempfile::tempdir_in(disk.folder.path()).unwrap(), "profile", &platform.access);
    seat.ok(&["connect"]);
    let text = seat.file("reply.txt", ANSWER.as_bytes());
    let file = seat.file("scan.pdf", &[b"%PDF-1.7\n".as_slice(), &vec![7; 200_000]].concat());
    disk.fill_but(1_000_000);
    let said = seat.run(&["sync"]);
    assert_eq!(said.failure(), "sync", "{said:?}");
    assert!(said.stderr.contains("磁盘已满"), "{said:?}");
    disk.make_room();
    is_whole(&seat);
    seat.synced();
    for (notice, room) in notices.iter().zip(ROOM) {
        disk.fill_but(room);
        let said = seat.run(&["reply", notice, "--text-file", &text, "--attach", &file]);
        if said.is_confirmed() {
            confirmed.push(said.json["submission"].as_str().unwrap().to_owned());
        } else {
            assert_eq!(said.failure(), "diskFull", "room for {room}");
            told += 1;
        }
        disk.make_room();
        is_whole(&seat);
        let replies = seat.outbox().into_iter().filter(|(_, (kind, _))| kind == "notice.reply");
        assert_eq!(replies.map(|(key, _)| key).collect::<Vec<_>>(), confirmed, "room for {room}");
    }
    assert!(told > 4 && confirmed.len() > 1, "{told} told, {} confirmed", confirmed.len());
    let digest = seat.synced();
    let clean = Seat::new(&platform.access);
    clean.ok(&["connect"]);
    assert_eq!(digest, clean.synced());
    println!(
        "promise G1: a disk filled to the last byte and to {} other marks while signing in, syncing and answering: {told} \
         times told, {} answers confirmed and sent",
        ROOM.len() - 1,
        confirmed.len()
    );
}
