//! Syncs that are ended from outside, and two programs on one profile.

use std::process::{Child, Command};

use crate::world::{Answer, World};

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Ended anywhere, politely or not, the next sync goes on, and in the end nothing is different.
#[test]
fn an_interrupted_sync_goes_on() {
    let world = World::start();
    let id = world.issue_notice("请说明原因。");
    let expected = world.synced_seat().digest();
    let seat = world.seat();
    for (bytes, name) in [
        (1, "-KILL"),
        (20_000, "-INT"),
        (60_000, "-KILL"),
        (150_000, "-TERM"),
        (300_000, "-KILL"),
        (300_000, "-INT"),
    ] {
        world.stand_still_after(bytes);
        let mut child = seat.command(&["sync"]).spawn().unwrap();
        world.stands_still(&mut child);
        signal(&child, name);
        let answer = Answer::of(child.wait_with_output().unwrap());
        if name == "-KILL" {
            assert_eq!(answer.code, -1, "{bytes} {answer:?}");
        } else {
            assert_eq!(answer.code, 1, "{bytes} {answer:?}");
            assert_eq!(answer.json["complete"], false, "{bytes} {answer:?}");
            assert!(answer.stderr.contains("已停止"), "{bytes} {answer:?}");
        }
        world.run_again();
        let verified = seat.json(&["verify"]);
        assert_eq!(
            (&verified["integrity"], &verified["audit_chain"]),
            (&true.into(), &true.into()),
            "{bytes}"
        );
    }
    assert_eq!(seat.json(&["sync"])["complete"], true);
    assert_eq!(seat.digest(), expected);

    // A killed sender: whether the answer had arrived or not, it is there once.
    let text = seat.file("text", "原因。\n\n措施。".as_bytes());
    seat.json(&["reply", &id, "--text-file", &text]);
    world.stand_still_after(1);
    let mut child = seat.command(&["sync"]).spawn().unwrap();
    world.stands_still(&mut child);
    signal(&child, "-KILL");
    child.wait().unwrap();
    world.run_again();
    let sent = seat.json(&["sync"]);
    assert_eq!((&sent["complete"], &sent["waiting"], &sent["refused"]), (&true.into(), &0.into(), &0.into()));
    assert_eq!(
        (seat.states("notice.sign"), seat.states("notice.reply")),
        (vec!["accepted".to_owned()], vec!["accepted".to_owned()])
    );
    assert_eq!(world.synced_seat().digest(), seat.digest());
}

#[test]
fn two_programs_on_one_profile() {
    let world = World::start();
    let seat = world.seat();
    world.stand_still_after(1);
    let mut first = seat.command(&["sync"]).spawn().unwrap();
    world.stands_still(&mut first);
    for verb in ["status", "outbox", "sync", "verify"] {
        assert_eq!(seat.run(&[verb]).failure(), "profileInUse", "{verb}");
    }
    assert_eq!(world.connect(&seat).failure(), "profileInUse");
    // No trace of it stays when it is killed.
    first.kill().unwrap();
    first.wait().unwrap();
    world.run_again();
    assert_eq!(seat.json(&["sync"])["complete"], true);
}
