//! Stated failures: exit 1, a code and a Chinese text, and nothing lost.

use crate::world::{Seat, World};

#[test]
fn failures_are_stated() {
    let world = World::start();
    let seat = Seat::new();
    let user = &world.access.user;
    let password = &world.access.password;
    assert_eq!(world.connect_with(&seat, &world.url, user, "wrong").failure(), "signInRefused");
    for verb in ["sync", "reply"] {
        let text = seat.file("text", b"x");
        let arguments = if verb == "sync" { vec!["sync"] } else { vec!["reply", "1", "--text-file", &text] };
        assert_eq!(seat.run(&arguments).failure(), "notConnected", "{verb}");
    }
    for (url, code) in [
        ("http://10.1.2.3", "plainHttp"),
        ("127.0.0.1", "badAddress"),
        ("http://127.0.0.1:1", "unreachable"),
        (&world.url.replace("http:", "https:"), "insecureConnection"),
        ("", "fieldRequired"),
    ] {
        assert_eq!(world.connect_with(&seat, url, user, password).failure(), code, "{url}");
    }
    let no_password = [
        "connect",
        "--url",
        &world.url,
        "--institution",
        "a",
        "--user",
        "b",
        "--password-file",
        "/nowhere/to/be/found",
    ];
    assert_eq!(seat.run(&no_password).failure(), "passwordFile");
    assert_eq!(world.connect(&seat).code, 0, "and then it works");
    seat.json(&["sync"]);

    let text = seat.file("text", "原因。\n\n措施。".as_bytes());
    let latin = seat.file("latin", b"\xe9\xff");
    let blank = seat.file("blank", b" \n\n ");
    let empty = seat.file("empty.pdf", b"");
    let large = seat.file("large.pdf", &vec![7; 20 * 1024 * 1024 + 1]);
    let rows = seat.json(&["notices"]);
    let notice = |state: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["state"] == state).unwrap();
        row["id"].as_str().unwrap().to_owned()
    };
    let (open, closed) = (notice("SIGNED"), notice("CLOSED"));
    for (arguments, code) in [
        (&["reply", "no-such-notice", "--text-file", &text][..], "notFound"),
        (&["reply", &closed, "--text-file", &text], "wrongState"),
        (&["reply", &open, "--text-file", "/nowhere"], "textFile"),
        (&["reply", &open, "--text-file", &latin], "textFile"),
        (&["reply", &open, "--text-file", &blank], "fieldRequired"),
        (&["reply", &open, "--text-file", &text, "--attach", "/nowhere"], "attachmentUnreadable"),
        (&["reply", &open, "--text-file", &text, "--attach", "/tmp"], "attachmentUnreadable"),
        (&["reply", &open, "--text-file", &text, "--attach", &empty], "attachmentUnreadable"),
        (&["reply", &open, "--text-file", &text, "--attach", &large], "attachmentTooLarge"),
        (&["orders", "--state", "NO-SUCH-STATE"], "fieldInvalid"),
        (&["orders", "--after", "somewhere"], "fieldInvalid"),
    ] {
        assert_eq!(seat.run(arguments).failure(), code, "{arguments:?}");
    }
    let state = seat.run(&["orders", "--state", "NO-SUCH-STATE"]);
    assert!(state.stderr.contains("NO-SUCH-STATE") && state.stderr.contains("可用的有"), "{state:?}");
    #[cfg(unix)]
    {
        // Nobody writes to it: it is refused, not waited for.
        let pipe = seat.temporary().join("pipe").display().to_string();
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let refused = seat.run(&["reply", &open, "--text-file", &text, "--attach", &pipe]);
        assert_eq!(refused.failure(), "attachmentUnreadable");
        for arguments in [
            &["import", "--detect", &pipe][..],
            &["import", "--profile", "HIS", &pipe],
            &["reconcile", "--left", &pipe, "--right", &pipe],
            &["bundle", "import", &pipe],
            &["receive", "--delivery", "1", "--file", &pipe],
        ] {
            assert_eq!(seat.run(arguments).code, 1, "{arguments:?}");
        }
    }
    assert_eq!(seat.states("notice.reply"), Vec::<String>::new(), "nothing is half queued");
    assert_eq!(seat.states("notice.sign"), Vec::<String>::new());
}

#[test]
fn the_passphrase_file_must_be_one() {
    let world = World::start();
    let seat = Seat::new();
    for (file, content) in [("passphrase", &b""[..]), ("passphrase", b"\n"), ("passphrase", b"\xff\xfe")] {
        seat.file(file, content);
        assert_eq!(world.connect(&seat).failure(), "passphraseFile", "{content:?}");
        assert_eq!(seat.run(&["status"]).failure(), "passphraseFile", "{content:?}");
    }
    assert!(!seat.folder().exists(), "no profile under an empty passphrase");
    let mut status = seat.command(&["status"]);
    status.env("SUNBENCH_PASSPHRASE_FILE", "/nowhere/to/be/found");
    assert_eq!(crate::world::Answer::of(status.output().unwrap()).failure(), "passphraseFile");
}

/// A platform that is gone: tries for a minute at most, says so, and keeps what waits.
#[test]
fn a_platform_that_is_gone() {
    let world = World::start();
    let id = world.issue_notice("请说明原因。");
    let seat = world.synced_seat();
    let before = seat.digest();
    let text = seat.file("text", "原因。\n\n措施。".as_bytes());
    let queued = seat.json(&["reply", &id, "--text-file", &text]);
    world.end();

    let answer = seat.run(&["sync"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    let result = &answer.json;
    assert_eq!(
        (&result["complete"], &result["waiting"], &result["pushed"]),
        (&false.into(), &2.into(), &0.into())
    );
    assert!(result["duration_ms"].as_u64().unwrap() <= 61_000, "{result}");
    assert!(answer.stderr.contains("连不上平台"), "{answer:?}");
    assert_eq!(seat.states("notice.reply"), ["queued"]);
    assert_eq!(seat.json(&["outbox"])[0]["key"], queued["submission"]);
    assert_eq!(seat.digest(), before, "everything can still be read");
}
