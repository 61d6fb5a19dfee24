//! Backups by script: an old one does harm to nobody (G13), unreadable from outside (G6), and a new key.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::world::{Answer, PASSPHRASE, Seat, World, keys, set};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Answers a notice; the submission's key.
fn answer(seat: &Seat, notice: &str) -> String {
    let text = seat.file("answer.txt", format!("原因 {notice}\n\n措施").as_bytes());
    seat.json(&["reply", notice, "--text-file", &text])["submission"].as_str().unwrap().to_owned()
}

fn backup(seat: &Seat, name: &str) -> (String, Value) {
    let file = seat.folder().with_file_name(name).to_str().unwrap().to_owned();
    let made = seat.json(&["backup", &file]);
    (file, made)
}

/// The outbox: state by key.
fn states(seat: &Seat) -> BTreeMap<String, String> {
    let items = seat.json(&["outbox"]);
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    items.as_array().unwrap().iter().map(|item| (text(item, "key"), text(item, "state"))).collect()
}

fn whole(seat: &Seat) {
    let verified = seat.json(&["verify"]);
    assert_eq!(keys(&verified), set("integrity audit_chain cursor orphans"));
    assert_eq!(
        (&verified["integrity"], &verified["audit_chain"], &verified["orphans"]),
        (&true.into(), &true.into(), &0.into()),
        "{verified}"
    );
}

#[test]
fn an_old_backup_sends_nothing_twice() {
    let world = World::start();
    let (sent, kept) = (world.issue_notice("甲"), world.issue_notice("乙"));
    let seat = world.synced_seat();
    let key = answer(&seat, &sent);
    let (file, made) = backup(&seat, "old.sbk");
    assert_eq!(keys(&made), set("file bytes created_at sha256 verified"));
    assert_eq!((&made["file"], &made["verified"]), (&file.as_str().into(), &true.into()));
    let bytes = fs::read(&file).unwrap();
    assert_eq!(made["bytes"], bytes.len());

    // After the backup: it is sent, and the world goes on.
    seat.json(&["sync"]);
    let later = world.issue_notice("丙");
    seat.json(&["sync"]);
    answer(&seat, &later);
    seat.json(&["sync"]);
    let before = seat.digest();

    let restored = seat.json(&["restore", &file]);
    assert_eq!(keys(&restored), set("restored created_at epoch waiting uncertain moved_to"));
    // The signature and the answer.
    assert_eq!((&restored["waiting"], &restored["uncertain"]), (&2.into(), &2.into()), "{restored}");
    assert_eq!(restored["created_at"], made["created_at"]);
    assert!(fs::metadata(restored["moved_to"].as_str().unwrap()).unwrap().is_dir());
    whole(&seat);
    assert!(seat.states("notice.reply").iter().all(|state| state == "sending"));

    world.asked_about_submissions();
    let synced = seat.json(&["sync"]);
    assert_eq!(
        (&synced["complete"], &synced["waiting"], &synced["refused"]),
        (&true.into(), &0.into(), &0.into())
    );
    let asked = world.asked_about_submissions();
    assert!(asked.iter().any(|(method, asked)| method == "GET" && *asked == key), "{asked:?}");
    assert!(asked.iter().all(|(method, _)| method == "GET"), "nothing is sent again: {asked:?}");
    assert_eq!(seat.states("notice.reply"), ["accepted"]);
    assert_eq!(seat.digest(), before, "what happened since is here again");

    // Restored once more, with the feed's place forgotten by the platform: the mirror is read anew.
    let epoch = seat.json(&["restore", &file])["epoch"].clone();
    assert_ne!(epoch, restored["epoch"]);
    world.platform.expire_cursors().unwrap();
    assert_eq!(seat.json(&["sync"])["complete"], true);
    assert_eq!(seat.digest(), before);

    // What was never sent goes out once, from two machines.
    let key = answer(&seat, &kept);
    let (file, _) = backup(&seat, "unsent.sbk");
    let second = Seat::new();
    second.json(&["restore", &file]);
    world.asked_about_submissions();
    assert_eq!(second.json(&["sync"])["pushed"], 2, "signature and answer");
    let first = world.asked_about_submissions().into_iter().find(|(_, asked)| *asked == key).unwrap();
    assert_eq!(first.0, "GET", "asked before it was sent");
    seat.json(&["sync"]);
    assert_eq!((states(&seat)[&key].as_str(), states(&second)[&key].as_str()), ("accepted", "accepted"));
    second.json(&["sync"]);
    assert_eq!(seat.digest(), second.digest());
    assert_eq!(seat.digest(), world.synced_seat().digest());
}

/// G13, by chance: backups, restores of any of them, on two machines, with expired cursors in between.
#[test]
fn restores_in_any_order_do_no_harm() {
    let (rounds, seed) = (number("TORTURE", 1).div_ceil(2), number("SUNBENCH_SEED", 20_261_122));
    let (mut restores, mut answers) = (0, 0);
    for round in 0..rounds {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_add(round));
        let world = World::start();
        let seats = [world.synced_seat(), world.synced_seat()];
        let mut backups: Vec<String> = Vec::new();
        let mut schedule = Vec::new();
        // Keys that the platform has accepted, as far as anybody was told.
        let mut accepted: BTreeSet<String> = BTreeSet::new();
        for step in 0..18 {
            let which = random.usize(..2);
            let seat = &seats[which];
            let act = random.usize(..10);
            schedule.push((which, act));
            match act {
                0..=2 => {
                    let notice = world.issue_notice(&format!("第{step}件"));
                    seat.json(&["sync"]);
                    answer(seat, &notice);
                    answers += 1;
                }
                3 | 4 => backups.push(backup(seat, &format!("{step}.sbk")).0),
                5..=7 if !backups.is_empty() => {
                    let file = &backups[random.usize(..backups.len())];
                    seat.json(&["restore", file]);
                    restores += 1;
                }
                8 => world.platform.expire_cursors().unwrap(),
                _ => {
                    world.asked_about_submissions();
                    let synced = seat.json(&["sync"]);
                    assert_eq!(synced["complete"], true, "seed {seed} round {round} {schedule:?}: {synced}");
                    for (method, key) in world.asked_about_submissions() {
                        assert!(
                            method != "PUT" || !accepted.contains(&key),
                            "seed {seed} round {round} {schedule:?}: {key} was sent again"
                        );
                    }
                    accepted.extend(
                        states(seat).into_iter().filter(|(_, s)| s == "accepted").map(|(key, _)| key),
                    );
                }
            }
        }
        for seat in &seats {
            for _ in 0..2 {
                let synced = seat.json(&["sync"]);
                assert_eq!(
                    (&synced["complete"], &synced["waiting"], &synced["refused"]),
                    (&true.into(), &0.into(), &0.into()),
                    "seed {seed} round {round} {schedule:?}"
                );
            }
        }
        // The platform's own account of it: a fresh seat reads the same, with one answer for each notice.
        for seat in &seats {
            seat.json(&["sync"]);
            whole(seat);
        }
        let fresh = world.synced_seat();
        assert_eq!(seats[0].digest(), fresh.digest(), "seed {seed} round {round} {schedule:?}");
        assert_eq!(seats[1].digest(), fresh.digest(), "seed {seed} round {round} {schedule:?}");
    }
    println!(
        "promise G13: {restores} restores of old backups on two machines, {answers} answers, expired cursors: no submission sent \
         again once accepted, every mirror equal to a fresh one, {rounds} schedules, seed {seed}"
    );
}

#[test]
fn a_backup_opens_elsewhere_by_its_recovery_code() {
    let world = World::start();
    let seat = Seat::new();
    let connected = world.connect(&seat);
    let code = connected.stderr.rsplit('：').next().unwrap().trim().to_owned();
    seat.json(&["sync"]);
    let (file, _) = backup(&seat, "b.sbk");

    // Another machine: another passphrase. The code opens the backup, and its passphrase the profile from then on.
    let other = Seat::new();
    other.file("passphrase", "另一台电脑的口令".as_bytes());
    assert_eq!(other.run(&["restore", &file]).failure(), "wrongKey");
    let mistyped = other.file("code", &code.replacen('-', "", 2).as_bytes()[1..]);
    assert_eq!(
        other.run(&["restore", &file, "--recovery-code-file", &mistyped]).failure(),
        "recoveryCodeWrong"
    );
    assert_eq!(other.run(&["status"]).failure(), "profileLocked", "nothing was made");
    let good = other.file("code", format!("{}\n", code.to_lowercase()).as_bytes());
    let restored = other.json(&["restore", &file, "--recovery-code-file", &good]);
    assert_eq!(restored["moved_to"], Value::Null);
    assert_eq!(other.digest(), seat.digest());
    assert_eq!(other.json(&["sync"])["complete"], true);

    // What is no backup, and what is damaged.
    let workbook = other.file("report.xlsx", b"PK");
    assert_eq!(other.run(&["restore", &workbook]).failure(), "notABackup");
    assert_eq!(other.run(&["backup", &workbook]).failure(), "notABackup");
    assert_eq!(fs::read(&workbook).unwrap(), b"PK");
    assert_eq!(other.run(&["backup", "/no/such/folder/b.sbk"]).failure(), "folderMissing");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = other.file("damaged.sbk", &bytes);
    assert_eq!(seat.run(&["restore", &damaged]).failure(), "backupDamaged");
    whole(&seat);

    // A new key: the old code is gone, the passphrase stays, the old backup still has its own code.
    let answer = other.run(&["rotate-key"]);
    assert_eq!((answer.code, &answer.json), (0, &serde_json::json!({ "rotated": true })), "{answer:?}");
    let newer = answer.stderr.rsplit('：').next().unwrap().trim().to_owned();
    assert_ne!(newer, code);
    assert!(!answer.json.to_string().contains(&newer));
    whole(&other);
    assert_eq!(other.digest(), seat.digest());
    let (after, _) = backup(&other, "after.sbk");
    let third = Seat::new();
    let old_code = third.file("old", code.as_bytes());
    let new_code = third.file("new", newer.as_bytes());
    assert_eq!(third.run(&["restore", &after, "--recovery-code-file", &old_code]).failure(), "wrongKey");
    third.json(&["restore", &after, "--recovery-code-file", &new_code]);
    third.json(&["restore", &file, "--recovery-code-file", &old_code]);
    assert_eq!(third.digest(), seat.digest());
}

/// G6 for what leaves the profile: nothing of what was written, and no secret, in the backup or in the log.
#[test]
fn a_backup_holds_nothing_readable() {
    const BODY: &str = "金丝雀督办正文二二一一";
    const CAUSE: &str = "金丝雀原因三三四四";
    const CONTENT: &str = "金丝雀附件五五六六";
    let world = World::start();
    let notice = world.issue_notice(BODY);
    let seat = Seat::new();
    let code = world.connect(&seat).stderr.rsplit('：').next().unwrap().trim().to_owned();
    seat.json(&["sync"]);
    let text = seat.file("answer.txt", CAUSE.as_bytes());
    let attached = seat.file("附件.txt", CONTENT.repeat(50).as_bytes());
    seat.json(&["reply", &notice, "--text-file", &text, "--attach", &attached]);
    let product = seat.json(&["orders", "--limit", "1"])["rows"][0]["product"].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.sbk");
    let log = |arguments: &[&str]| {
        let mut command = seat.command(arguments);
        let answer = Answer::of(command.env("SUNBENCH_LOG", "trace").output().unwrap());
        assert_eq!(answer.code, 0, "{answer:?}");
        answer.stderr
    };
    let mut logged = log(&["backup", file.to_str().unwrap()]);
    logged.push_str(&log(&["restore", file.to_str().unwrap()]));
    let bytes = fs::read(&file).unwrap();
    let secrets =
        [BODY, CAUSE, CONTENT, PASSPHRASE, &code, &world.access.password, &world.access.user_name, &product];
    for secret in secrets {
        let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for form in [secret.as_bytes(), &utf16] {
            assert!(!bytes.windows(form.len()).any(|window| window == form), "the backup holds {secret}");
            assert!(
                !logged.as_bytes().windows(form.len()).any(|window| window == form),
                "the log holds {secret}"
            );
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing beside it");
    assert_eq!(fs::read_dir(seat.temporary()).unwrap().count(), 0, "no temporary file");
    println!(
        "promise G6: a backup of {} bytes, the log of making and restoring it, searched for {} secrets in two encodings",
        bytes.len(),
        secrets.len()
    );
}
