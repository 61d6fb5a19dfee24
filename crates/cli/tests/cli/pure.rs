//! The verbs that need no profile, and usage.

use crate::world::{Seat, keys, set};

#[test]
fn calendar_and_deadline() {
    let seat = Seat::new();
    let days = seat.json(&["calendar", "--from", "2026-02-13", "--to", "2026-02-28"]);
    let days = days.as_array().unwrap();
    assert_eq!(days.len(), 16);
    for day in days {
        let named = keys(day).contains("name");
        assert_eq!(
            keys(day),
            set(if named {
                "date working name provisional version"
            } else {
                "date working provisional version"
            })
        );
    }
    let on = |date: &str| days.iter().find(|day| day["date"] == date).unwrap();
    for (date, working, name) in [
        ("2026-02-13", true, None),
        ("2026-02-14", true, Some("春节")),
        ("2026-02-17", false, Some("春节")),
        ("2026-02-24", true, None),
        ("2026-02-28", true, Some("春节")),
    ] {
        let day = on(date);
        assert_eq!((&day["working"], day["name"].as_str()), (&working.into(), name), "{date}");
        assert_eq!(day["provisional"], false, "{date}");
    }

    let deadline = seat.json(&["deadline", "--from", "2026-11-22T09:30:00+08:00", "--working-days", "5"]);
    assert_eq!(keys(&deadline), set("from due_date due_at provisional counted calendar_version"));
    assert_eq!(deadline["due_date"], "2026-11-27");
    assert_eq!(deadline["due_at"], "2026-11-28T00:00:00+08:00");
    assert_eq!(deadline["provisional"], false);
    let counted = ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];
    assert_eq!(deadline["counted"], serde_json::json!(counted));

    // The same instant elsewhere is the same instant.
    let elsewhere = seat.json(&["deadline", "--from", "2026-11-22T01:30:00Z", "--working-days", "5"]);
    assert_eq!(elsewhere, deadline);

    let hours = seat.json(&["deadline", "--from", "2026-11-20T20:00:00+08:00", "--hours", "72"]);
    assert_eq!(keys(&hours), set("from due_date due_at provisional counted calendar_version"));
    assert_eq!(
        (&hours["due_at"], &hours["counted"]),
        (&"2026-11-23T20:00:00+08:00".into(), &serde_json::json!([]))
    );

    // Over the new year, whose holidays are not published: bounds.
    let bound = seat.json(&["deadline", "--from", "2026-12-28T10:00:00+08:00", "--working-days", "5"]);
    assert_eq!(
        keys(&bound),
        set("from due_date due_at provisional earliest_date latest_date counted calendar_version")
    );
    assert_eq!(bound["provisional"], true);
    let date = |name: &str| bound[name].as_str().unwrap();
    assert!(date("earliest_date") <= date("due_date") && date("due_date") <= date("latest_date"), "{bound}");
    assert!(date("earliest_date") >= "2027-01-01" && date("latest_date") <= "2027-01-31", "{bound}");
    assert_eq!(bound["counted"].as_array().unwrap().len(), 5);
    assert_eq!(bound["counted"][4], bound["due_date"]);
}

#[test]
fn codes_are_judged_not_refused() {
    let seat = Seat::new();
    for (kind, code, valid, normalized) in [
        ("gtin", "06901234567892", true, "06901234567892"),
        ("gtin", " ０６９０１２３４５６７８９２ ", true, "06901234567892"),
        ("gtin", "06901234567893", false, "06901234567893"),
        ("uscc", "91350100m000100y43", true, "91350100M000100Y43"),
        ("uscc", "91350100M000100Y44", false, "91350100M000100Y44"),
        ("udi", "(01)06901234567892(17)271231(10)A1", true, "(01)06901234567892(17)271231(10)A1"),
        ("mcs", "-", false, ""),
    ] {
        let answer = seat.json(&["check-code", kind, code]);
        let expected =
            if valid { "kind valid normalized parts" } else { "kind valid normalized parts reason" };
        assert_eq!(keys(&answer), set(expected), "{code}: {answer}");
        assert_eq!((&answer["kind"], &answer["valid"]), (&kind.into(), &valid.into()), "{code}: {answer}");
        assert_eq!(answer["normalized"], normalized, "{code}");
        assert!(answer["parts"].is_object(), "{answer}");
    }
    let udi = seat.json(&["check-code", "udi", "(01)06901234567892(17)271231(10)A1"]);
    let parts = udi["parts"].as_object().unwrap();
    assert!(parts.values().any(|part| part == "2027-12-31"), "an expiry is a date: {udi}");
}

#[test]
fn usage_exits_2_and_failures_exit_1() {
    let seat = Seat::new();
    for usage in [
        &[][..],
        &["no-such-verb"],
        &["calendar", "--from", "2026-02-30", "--to", "2026-03-01"],
        &["calendar", "--from", "2026-03-01"],
        &["deadline", "--from", "2026-11-22", "--working-days", "5"],
        &["deadline", "--from", "2026-11-22T09:30:00", "--working-days", "5"],
        &["deadline", "--from", "2026-11-22T09:30:00+08:00"],
        &["deadline", "--from", "2026-11-22T09:30:00+08:00", "--working-days", "5", "--hours", "1"],
        &["deadline", "--from", "2026-11-22T09:30:00+08:00", "--working-days=-1"],
        &["check-code", "ean", "1"],
        &["check-code", "gtin"],
        &["connect", "--url", "http://127.0.0.1:1"],
        &[
            "connect",
            "--url",
            "http://127.0.0.1:1",
            "--institution",
            "a",
            "--user",
            "b",
            "--password-file",
            "c",
            "--adapter",
            "no-such-adapter",
        ],
        &["reconcile", "--left", "a.csv", "--right", "b.csv", "--pdf", "c.pdf"],
        &["orders", "--limit", "0"],
        &["orders", "--limit", "100001"],
        &["orders", "--from", "yesterday"],
        &["reply", "1"],
    ] {
        let answer = seat.run(usage);
        assert_eq!(answer.code, 2, "{usage:?}: {answer:?}");
        assert!(!answer.stderr.is_empty(), "{usage:?}");
    }
    assert!(!seat.folder().exists(), "nothing is made by mistake");
    for (failing, code) in [
        (&["calendar", "--from", "2026-03-01", "--to", "2026-02-01"][..], "rangeReversed"),
        (&["calendar", "--from", "1998-01-01", "--to", "1998-01-02"], "beforeCalendar"),
        (&["deadline", "--from", "2098-11-22T09:30:00+08:00", "--working-days", "5"], "beyondCalendar"),
        (&["status"], "profileLocked"),
        (&["sync"], "profileLocked"),
        (&["verify"], "profileLocked"),
    ] {
        assert_eq!(seat.run(failing).failure(), code, "{failing:?}");
    }
    assert!(!seat.folder().exists(), "nothing is made by looking");
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_could_not_be_written_is_a_failure() {
    let seat = Seat::new();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = seat.command(&["calendar", "--from", "2026-01-01", "--to", "2026-12-31"]);
    let answer = command.stdout(full).output().unwrap();
    assert_eq!(answer.status.code(), Some(1), "{answer:?}");
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.contains("结果没有写出"), "{said}");
}

#[test]
fn a_statement_never_replaces_what_was_read() {
    let seat = Seat::new();
    let text = "订单编号,订单明细编号,产品名称,数量\nA,A-1,导管,1\n".as_bytes();
    let (left, right) = (seat.file("左.csv", text), seat.file("右.csv", text));
    for out in [&left, &right] {
        let answer = seat.run(&["reconcile", "--left", &left, "--right", &right, "--out", out]);
        assert_eq!((answer.code, &answer.json["error"]["code"]), (2, &"outIsInput".into()), "{answer:?}");
        assert_eq!(std::fs::read(out).unwrap(), text);
    }
}

#[test]
fn a_statement_takes_the_place_of_nothing_special_and_stays_whole() {
    let seat = Seat::new();
    let text = "订单编号,订单明细编号,产品名称,数量\nA,A-1,导管,1\n".as_bytes();
    let (left, right) = (seat.file("左.csv", text), seat.file("右.csv", text));
    let folder = seat.folder();
    std::fs::create_dir_all(folder.join("db")).unwrap();
    std::fs::write(folder.join("db/keys.json"), "{}").unwrap();
    let inside = folder.join("对账单.xlsx").display().to_string();
    let place = seat.temporary().display().to_string();
    let to = |out: &str| seat.run(&["reconcile", "--left", &left, "--right", &right, "--out", out]);
    for (out, code) in
        [(&*inside, "insideProfile"), ("/dev/full", "notRegularFile"), (&place, "notRegularFile")]
    {
        let answer = to(out);
        assert_eq!((answer.code, answer.failure()), (1, code), "{out}: {answer:?}");
    }
    assert!(!folder.join("对账单.xlsx").exists());
    let out = seat.file("对账单.xlsx", b"old");
    assert_eq!(to(&out).code, 0);
    assert!(std::fs::read(&out).unwrap().starts_with(b"PK"));
}

#[test]
fn what_is_typed_wrong_is_told() {
    let seat = Seat::new();
    for (arguments, said) in [
        (&["orders", "--frobnicate"][..], "没有这个参数：--frobnicate"),
        (&["frobnicate"], "没有这个命令：frobnicate"),
        (&[], "需要一个命令"),
        (&["orders", "--limit", "many"], "“many”不可用"),
        (&["calendar", "--from"], "--from <FROM> 需要一个值"),
        (&["reply"], "缺少参数"),
    ] {
        let answer = seat.run(arguments);
        assert_eq!(
            (answer.code, &answer.json["error"]["code"]),
            (2, &"usage".into()),
            "{arguments:?}: {answer:?}"
        );
        let msg = answer.json["error"]["msg"].as_str().unwrap();
        assert!(msg.contains(said), "{arguments:?}: {msg}");
    }
    assert!(seat.command(&["--help"]).status().unwrap().success());
}
