//! After a day with everything logged, nothing that a person or the platform wrote can be read in a file of the
//! profile, in a temporary file or in the log, and no secret either.

use std::fs;
use std::path::Path;

use crate::world::{Answer, PASSPHRASE, Seat, World};

const BODY: &str = "金丝雀督办正文九一三七 CANARY-body-9137";
const CAUSE: &str = "金丝雀原因八二四六 CANARY-cause-8246";
const MEASURES: &str = "金丝雀措施七三五五 CANARY-measures-7355";
const CONTENT: &str = "金丝雀附件内容六四六四 CANARY-content-6464";
const FILE: &str = "金丝雀附件五五七三-CANARY-file-5573.txt";

/// The bytes in which a text could lie in a file.
fn forms(text: &str) -> [Vec<u8>; 2] {
    [text.as_bytes().to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()]
}

fn holds(bytes: &[u8], text: &str) -> bool {
    forms(text).iter().any(|form| bytes.windows(form.len()).any(|window| window == form.as_slice()))
}

/// Looks into every file below a folder; how many there were.
fn search(dir: &Path, canaries: &[String]) -> usize {
    let mut searched = 0;
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            searched += search(&path, canaries);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for canary in canaries {
            assert!(!holds(&bytes, canary), "{} holds {canary}", path.display());
            assert!(!path.to_string_lossy().contains(canary.as_str()), "{}", path.display());
        }
        searched += 1;
    }
    searched
}

#[test]
fn nothing_is_readable_from_outside() {
    assert!(holds(format!("x{BODY}").as_bytes(), BODY) && holds(&forms(FILE)[1], FILE), "the search finds");
    let world = World::start();
    let id = world.issue_notice(BODY);
    let seat = Seat::new();
    let mut log = String::new();
    let mut run = |arguments: &[&str]| -> serde_json::Value {
        let mut command = seat.command(arguments);
        let answer = Answer::of(command.env("SUNBENCH_LOG", "trace").output().unwrap());
        assert_eq!(answer.code, 0, "{arguments:?}: {answer:?}");
        log.push_str(&answer.stderr);
        answer.json
    };
    let password = seat.file("password", world.access.password.as_bytes());
    let (institution, user) = (&world.access.institution, &world.access.user);
    run(&[
        "connect",
        "--url",
        &world.url,
        "--institution",
        institution,
        "--user",
        user,
        "--password-file",
        &password,
    ]);
    run(&["sync"]);
    let text = seat.file("answer.txt", format!("{CAUSE}\n\n{MEASURES}").as_bytes());
    let file = seat.file(FILE, CONTENT.as_bytes());
    run(&["reply", &id, "--text-file", &text, "--attach", &file]);
    let before_sending = contents(&seat);
    run(&["sync"]);
    run(&["status"]);
    let notices = run(&["notices"]);
    let orders = run(&["orders", "--limit", "20"]);
    run(&["outbox"]);
    run(&["verify"]);

    // What was written, what was brought, and the secrets.
    let mut canaries: Vec<String> =
        [BODY, CAUSE, MEASURES, CONTENT, FILE, PASSPHRASE].into_iter().map(str::to_owned).collect();
    canaries.push(world.access.password.clone());
    canaries.push(world.access.user_name.clone());
    canaries.push(notices[0]["title"].as_str().unwrap().to_owned());
    for name in ["product", "supplier", "maker", "order_code"] {
        canaries.push(orders["rows"][0][name].as_str().unwrap().to_owned());
    }
    assert!(canaries.iter().all(|canary| canary.len() >= 6), "{canaries:?}");

    assert!(log.contains("TRACE") || log.contains("DEBUG"), "the log was on: {log}");
    for canary in &canaries {
        assert!(!holds(log.as_bytes(), canary), "the log holds {canary}");
        assert!(!before_sending.iter().any(|bytes| holds(bytes, canary)), "{canary}");
    }
    assert!(search(&seat.folder(), &canaries) >= 4, "keys, their copy, lock, database");
    search(&seat.temporary(), &canaries);

    // A killed program leaves its write-ahead log behind.
    #[cfg(unix)]
    {
        let seat = world.seat();
        world.stand_still_after(300_000);
        let mut child = seat.command(&["sync"]).spawn().unwrap();
        world.stands_still(&mut child);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(fs::metadata(seat.folder().join("db/sunbench.db-wal")).unwrap().len() > 50_000);
        search(&seat.folder(), &canaries);
        search(&seat.temporary(), &canaries);
    }
}

/// What lies in the profile's files now.
fn contents(seat: &Seat) -> Vec<Vec<u8>> {
    let files = fs::read_dir(seat.folder().join("db")).unwrap();
    files.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}
