//! Promise G7 on a terminal: whatever a notice or a file is called, the command's lines stay lines, nothing is obeyed,
//! and scripts read the values as they are.

use std::process::{Command, Output};

use sunbench_platform::NewNotice;

use crate::world::{Seat, World};

const TITLES: &[&str] = &[
    "\u{1b}]0;title\u{7}\u{1b}[2J\u{1b}[31m红",
    "标题\n9999999999999999999 已办结 2030-01-01 剩 99 个工作日 伪造的一行",
    "\u{9b}31m\u{90}q\u{9c}",
    "被\r覆盖\u{8}\u{8}\u{7f}",
    "\u{202e}fdp.exe\u{2066}\u{200b}",
    "`reboot` $(reboot) ; rm -rf ~ | x > /tmp/y",
    "=HYPERLINK(\"http://evil.example\")",
    "NUL\u{0}后面",
    "一\u{85}新行\u{2028}分行",
];

/// The command without `--json`, as a person types it.
fn typed(seat: &Seat, arguments: &[&str]) -> Output {
    let with = seat.command(arguments);
    let mut command = Command::new(with.get_program());
    command.args(with.get_args().filter(|argument| *argument != "--json"));
    for (name, value) in with.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.output().unwrap()
}

/// Only lines, and nothing that a terminal obeys or a reader overlooks.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let bad = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || sunbench_domain::text::is_invisible(*c)
            || "\u{2028}\u{2029}".contains(*c)
    });
    assert_eq!(bad, None, "{text:?}");
    text
}

fn issue(world: &World, title: &str) -> String {
    world
        .platform
        .issue_notice(&NewNotice {
            institution: world.access.institution.clone(),
            title: title.to_owned(),
            body: title.to_owned(),
            level: "warning".to_owned(),
            indicator_id: None,
            rule_name: title.to_owned(),
            clause: title.to_owned(),
            issuer: title.to_owned(),
            reply_working_days: 5,
            evidence: Vec::new(),
        })
        .unwrap()
}

#[test]
fn a_terminal_obeys_no_foreign_text() {
    let world = World::start();
    let seat = world.seat();
    let ids: Vec<String> = TITLES.iter().map(|title| issue(&world, title)).collect();
    assert_eq!(seat.json(&["sync"])["complete"], true);

    // Scripts read every character; the document itself holds none that a terminal would obey.
    let raw = seat.command(&["notices"]).output().unwrap();
    plain(&raw.stdout);
    let listed = seat.json(&["notices"]);
    for (id, title) in ids.iter().zip(TITLES) {
        let row = listed.as_array().unwrap().iter().find(|row| row["id"] == id.as_str()).unwrap();
        assert_eq!(row["title"], *title);
    }
    let people = plain(&typed(&seat, &["notices"]).stdout);
    assert_eq!(people.lines().count(), listed.as_array().unwrap().len(), "one line for each: {people}");

    let text = seat.file("answer.txt", "原因\u{1b}[31m。\n\n措施\u{202e}。".as_bytes());
    #[cfg(unix)]
    let names = ["a\nb.pdf", "\u{202e}fdp.exe", "\u{1b}[31m.pdf", "=cmd|' -C calc'!A0.csv", "CON"];
    #[cfg(not(unix))]
    let names = ["\u{202e}fdp.exe", "=cmd' -C calc'!A0.csv"];
    let files: Vec<String> = names.iter().map(|name| seat.file(name, b"%PDF-1.7")).collect();
    let mut arguments = vec!["reply", &ids[0], "--text-file", &text];
    for file in &files {
        arguments.extend(["--attach", file]);
    }
    let key = seat.json(&arguments)["submission"].as_str().unwrap().to_owned();
    assert_eq!(seat.json(&["sync"])["complete"], true);

    let mut shown = 0;
    for arguments in [
        vec!["outbox"],
        vec!["status"],
        vec!["verify"],
        vec!["audit", "verify"],
        vec!["audit", "explain", "--on", "2026-11-20"],
        vec!["audit", "explain", "--about", &key],
        vec!["audit", "explain", "--about", "\u{202e}\u{1b}[31m"],
        vec!["orders", "--text", "'; DROP TABLE order_line; --"],
        vec!["orders", "--text", "\u{1b}[31m\u{202e}%_*"],
        vec!["check-code", "mcs", "\u{1b}[31mC\u{202e}"],
        vec!["check-code", "udi", "(01)\u{1d}\u{1b}[2J"],
        vec!["reply", "\u{1b}[31m没有的通知", "--text-file", &text],
        vec!["reply", &ids[1], "--text-file", "\u{1b}[31m没有的文件\u{7}"],
        vec!["audit", "export", "\u{1b}[31m没有的文件夹/x.jsonl"],
    ] {
        let output = typed(&seat, &arguments);
        let said = plain(&output.stdout) + &plain(&output.stderr);
        assert!(!said.is_empty(), "{arguments:?}");
        plain(&seat.command(&arguments).output().unwrap().stdout);
        shown += said.lines().count();
    }
    assert_eq!(seat.json(&["verify"])["integrity"], true);
    println!(
        "promise G7: {} hostile titles and {} names of files over the command's 14 verbs, {shown} lines, seed 0",
        TITLES.len(),
        names.len()
    );
}

#[test]
fn the_audit_account_answers_by_day_and_by_document() {
    let world = World::start();
    let seat = world.synced_seat();
    let id = issue(&world, "进度滞后");
    seat.json(&["sync"]);
    let text = seat.file("answer.txt", "原因。\n\n措施。".as_bytes());
    let key = seat.json(&["reply", &id, "--text-file", &text])["submission"].as_str().unwrap().to_owned();
    seat.json(&["sync"]);

    for arguments in [["audit", "explain", "--on", "2026-11-20"], ["audit", "explain", "--about", &id]] {
        let account = seat.json(&arguments);
        assert_eq!(account["chain"]["ok"], true);
        let entries = account["entries"].as_array().unwrap();
        let entry = entries.iter().find(|entry| entry["key"] == key.as_str()).unwrap();
        assert_eq!(
            (entry["what"].as_str(), entry["state"].as_str()),
            (Some("反馈督办通知"), Some("accepted"))
        );
        assert_eq!(entry["body_digest"].as_str().unwrap().len(), 64);
        assert_eq!(entry["answer"]["outcome"], "已受理");
        assert!(entry["answer"]["receipt"].as_str().is_some_and(|receipt| !receipt.is_empty()), "{entry}");
        let said = plain(&typed(&seat, &arguments).stdout);
        assert!(said.contains(&key) && said.contains("反馈督办通知") && said.contains("回执号"), "{said}");
    }
    let file = seat.folder().parent().unwrap().join("审计.jsonl");
    let exported = seat.json(&["audit", "export", file.to_str().unwrap()]);
    let lines = std::fs::read_to_string(&file).unwrap().lines().count() as u64;
    assert_eq!(lines, exported["entries"].as_u64().unwrap() + 2);
    assert_eq!(
        seat.json(&["audit", "verify"])["entries"].as_u64().unwrap(),
        lines - 1,
        "and the export itself"
    );

    // An older database put back, as somebody would who wants the answer forgotten.
    let database = seat.folder().join("db/sunbench.db");
    let old = std::fs::read(&database).unwrap();
    let second = issue(&world, "第二件");
    seat.json(&["sync"]);
    seat.json(&["reply", &second, "--text-file", &text]);
    std::fs::write(&database, old).unwrap();
    let verify = seat.run(&["audit", "verify"]);
    assert_eq!((verify.code, verify.json["fault"].as_str()), (1, Some("replaced")), "{verify:?}");
    assert_eq!(seat.run(&["verify"]).json["audit_chain"], false);
}
