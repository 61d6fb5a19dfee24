//! The daily job by script: connect, sync, look, answer, sync, verify.

use std::collections::BTreeSet;

use crate::world::{Seat, World, keys, set};

#[test]
fn a_day() {
    let world = World::start();
    let id = world.issue_notice("请说明原因。");
    let seat = Seat::new();

    let connected = world.connect(&seat);
    assert_eq!(connected.code, 0, "{connected:?}");
    assert_eq!(keys(&connected.json), set("connected operator platform"));
    assert_eq!(connected.json["connected"], true);
    assert_eq!(connected.json["operator"]["user"], world.access.user.as_str());
    assert!(connected.stderr.contains("恢复码"), "shown once: {}", connected.stderr);

    let synced = seat.json(&["sync"]);
    assert_eq!(keys(&synced), set("pulled pushed waiting refused cursor complete duration_ms"));
    assert_eq!(
        (&synced["complete"], &synced["waiting"], &synced["refused"]),
        (&true.into(), &0.into(), &0.into())
    );
    assert!(synced["pulled"].as_u64().unwrap() > 1_000 && synced["cursor"].is_string(), "{synced}");

    let status = seat.json(&["status"]);
    assert_eq!(keys(&status), set("last_sync waiting refused check_in notices counts digest"));
    assert_eq!(keys(&status["check_in"]), set("date done at"));
    assert_eq!(
        (&status["check_in"]["date"], &status["check_in"]["done"]),
        (&"2026-11-20".into(), &true.into())
    );
    assert_eq!(keys(&status["notices"]), set("open due_soon overdue"));
    assert_eq!(keys(&status["counts"]), keys(&status["digest"]));
    assert!(status["last_sync"].as_str().unwrap().starts_with("2026-11-20T09:3"), "{status}");

    // A second connect on the day changes no record.
    let again = world.connect(&seat);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
    assert_eq!(seat.states("checkIn"), ["accepted"]);
    assert_eq!(seat.json(&["sync"])["pulled"], 0);
    assert_eq!(seat.digest(), status["digest"]);

    let open = seat.json(&["notices", "--open"]);
    let all = seat.json(&["notices"]);
    let (open, all) = (open.as_array().unwrap(), all.as_array().unwrap());
    assert_eq!(open.len() as u64, status["notices"]["open"].as_u64().unwrap());
    assert_eq!(all.len() as u64, status["counts"]["notice"].as_u64().unwrap());
    let fields = set("id title issued_at due_date due_at provisional remaining_working_days state round");
    assert!(all.iter().chain(open).all(|row| keys(row) == fields));
    let states = |rows: &[serde_json::Value]| -> BTreeSet<String> {
        rows.iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
    };
    assert!(states(open).is_subset(&set("ISSUED SIGNED RECTIFYING RETURNED")), "{:?}", states(open));
    assert!(states(all).is_superset(&set("ISSUED CLOSED REPLIED")), "{:?}", states(all));
    let notice = open.iter().find(|row| row["id"] == id.as_str()).unwrap();
    assert_eq!((&notice["due_date"], &notice["remaining_working_days"]), (&"2026-11-27".into(), &5.into()));
    assert_eq!((&notice["state"], &notice["round"]), (&"ISSUED".into(), &1.into()));

    // The answer is queued at once and sent by the next sync, signing first.
    let text = seat.file("答复.txt", "人手不足。\n\n增派人手。\n".as_bytes());
    let file = seat.file("回执.pdf", b"%PDF-1.4");
    let reply = seat.json(&["reply", &id, "--text-file", &text, "--attach", &file]);
    assert_eq!(keys(&reply), set("submission state"));
    assert_eq!(reply["state"], "queued");
    assert_eq!(seat.json(&["status"])["waiting"], 2);
    let twice = seat.json(&["reply", &id, "--text-file", &text, "--attach", &file]);
    assert_eq!(twice["submission"], reply["submission"], "twice is once");
    let other = seat.json(&["reply", &id, "--text-file", &text]);
    assert_ne!(other["submission"], reply["submission"], "without the attachment it is another answer");
    let reply = seat.json(&["reply", &id, "--text-file", &text, "--attach", &file]);
    assert_eq!(seat.states("notice.reply"), ["queued", "withdrawn", "withdrawn"]);
    assert_eq!(seat.json(&["status"])["waiting"], 2);
    let sent = seat.json(&["sync"]);
    assert_eq!((&sent["pushed"], &sent["waiting"], &sent["complete"]), (&2.into(), &0.into(), &true.into()));

    let outbox = seat.json(&["outbox"]);
    let outbox = outbox.as_array().unwrap();
    assert_eq!(outbox.len(), 5, "{outbox:?}");
    for item in outbox {
        assert_eq!(keys(item), set("key kind state attempts created_at"), "{item}");
        assert!(item["state"] == "accepted" || item["state"] == "withdrawn", "{item}");
    }
    assert!(outbox.iter().any(|item| item["key"] == reply["submission"] && item["kind"] == "notice.reply"));
    assert!(
        !seat.json(&["notices", "--open"]).as_array().unwrap().iter().any(|row| row["id"] == id.as_str())
    );

    let verified = seat.json(&["verify"]);
    assert_eq!(keys(&verified), set("integrity audit_chain cursor orphans"));
    assert_eq!((&verified["integrity"], &verified["audit_chain"]), (&true.into(), &true.into()));
    assert_eq!((&verified["orphans"], &verified["cursor"]), (&0.into(), &sent["cursor"]));

    // Another seat that begins now has the same.
    assert_eq!(world.synced_seat().digest(), seat.digest());
}

#[test]
fn orders_by_pages() {
    let world = World::start();
    let seat = world.synced_seat();
    let total = seat.json(&["status"])["counts"]["orderLine"].as_u64().unwrap();
    let pages = |more: &[&str]| -> Vec<serde_json::Value> {
        let mut rows = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let mut arguments = vec!["orders", "--limit", "997"];
            arguments.extend(more);
            if let Some(after) = &next {
                arguments.extend(["--after", after]);
            }
            let page = seat.json(&arguments);
            assert_eq!(keys(&page), set("rows next"));
            rows.extend_from_slice(page["rows"].as_array().unwrap());
            let Some(after) = page["next"].as_str() else { return rows };
            next = Some(after.to_owned());
        }
    };
    let all = pages(&[]);
    let ids = |rows: &[serde_json::Value]| -> BTreeSet<String> {
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((all.len() as u64, ids(&all).len() as u64), (total, total), "every line once");
    assert!(
        all.is_sorted_by(|a, b| a["submitted_at"].as_str() >= b["submitted_at"].as_str()),
        "the newest first"
    );
    assert!(all.iter().all(|row| keys(row) == keys(&all[0])));
    assert!(
        keys(&all[0])
            .is_superset(&set("id order_code line_no product quantity price amount state submitted_at"))
    );

    // The states share the lines out, and so do the halves of time.
    let states: BTreeSet<_> = all.iter().map(|row| row["state"].as_str().unwrap()).collect();
    let mut shared = 0;
    for state in states {
        let rows = pages(&["--state", &state.to_lowercase()]);
        assert!(rows.iter().all(|row| row["state"] == state), "{state}");
        shared += rows.len();
    }
    assert_eq!(shared as u64, total);
    let (before, after) = (pages(&["--to", "2026-05-31"]), pages(&["--from", "2026-06-01"]));
    assert!(!before.is_empty() && !after.is_empty());
    assert_eq!((before.len() + after.len()) as u64, total);
    assert!(ids(&before).is_disjoint(&ids(&after)));

    // A text finds by order number and by product.
    let line = &all[all.len() / 2];
    let found = pages(&["--text", line["order_code"].as_str().unwrap()]);
    assert!(
        found.iter().all(|row| row["order_code"] == line["order_code"]) && ids(&found).is_subset(&ids(&all))
    );
    assert!(found.iter().any(|row| row["id"] == line["id"]));
    let found = pages(&["--text", line["product"].as_str().unwrap()]);
    assert!(found.iter().any(|row| row["id"] == line["id"]));
    assert_eq!(pages(&["--text", "没有这样的东西"]).len(), 0);
}

/// A password and a passphrase may end with one newline in their files; nothing else is taken away.
#[test]
fn one_trailing_newline() {
    let world = World::start();
    let seat = world.seat();
    let bare = crate::world::PASSPHRASE;
    for (file, opens) in [
        (format!("{bare}\n"), true),
        (format!("{bare}\r\n"), true),
        (bare.to_owned(), true),
        (format!("{bare}\n\n"), false),
        (format!("{bare} "), false),
        (format!(" {bare}\n"), false),
    ] {
        seat.file("passphrase", file.as_bytes());
        let answer = seat.run(&["outbox"]);
        if opens {
            assert_eq!(answer.code, 0, "{file:?}: {answer:?}");
        } else {
            assert_eq!(answer.failure(), "wrongKey", "{file:?}");
        }
    }
    let seat = Seat::new();
    for (ending, code) in [("\n\n", 1), (" ", 1), ("\r\n", 0), ("", 0)] {
        let password = format!("{}{ending}", world.access.password);
        let answer = world.connect_with(&seat, &world.url, &world.access.user, &password);
        assert_eq!(answer.code, code, "{ending:?}: {answer:?}");
    }
}
