//! The air gap by script: exported without a network, relayed on another computer, imported again.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sunbench_platform::record::{DemoHospital, DemoInfo, DemoOperator};
use sunbench_platform::{DemoOptions, ManualClock, Platform};

use crate::world::{Seat, World, keys, now, set};

/// What a step carried.
fn carried(value: &Value) -> (u64, u64) {
    assert_eq!(keys(value), set("submissions changes cursor"), "{value}");
    assert!(value["cursor"].is_string() || value["cursor"].is_null(), "{value}");
    (value["submissions"].as_u64().unwrap(), value["changes"].as_u64().unwrap())
}

fn queue_reply(seat: &Seat, notice: &str) -> String {
    let text = seat.file("答复.txt", "人手不足。\n\n增派人手。\n".as_bytes());
    let file = seat.file("回执.pdf", &[b"%PDF-1.4 ".as_slice(), &vec![7; 3_000_000]].concat());
    let reply = seat.json(&["reply", notice, "--text-file", &text, "--attach", &file]);
    reply["submission"].as_str().unwrap().to_owned()
}

fn state_of(seat: &Seat, key: &str) -> String {
    let outbox = seat.json(&["outbox"]);
    let item = outbox.as_array().unwrap().iter().find(|item| item["key"] == key).unwrap();
    item["state"].as_str().unwrap().to_owned()
}

/// Everything that a script can see of a profile.
fn all(seat: &Seat) -> Value {
    let status = seat.json(&["status"]);
    json!([
        seat.json(&["outbox"]),
        status["digest"],
        status["waiting"],
        status["refused"],
        seat.json(&["verify"])
    ])
}

#[test]
fn an_answer_crosses_the_gap_and_comes_back() {
    let world = World::start();
    let notice = world.issue_notice("请说明原因。");
    let (inner, relay) = (world.synced_seat(), world.seat());
    let file = inner.file("摆渡.sbx", b"");

    // No network from here on: nothing is asked, and nothing is lost.
    world.stand_still_after(0);
    let key = queue_reply(&inner, &notice);
    let exported = inner.json(&["bundle", "export", &file]);
    assert_eq!(carried(&exported), (2, 0), "signed for and answered");
    assert_eq!(state_of(&inner, &key), "exported");
    assert_eq!(inner.json(&["status"])["waiting"], 2, "still counted");
    let sealed = std::fs::read(&file).unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1"));
    for secret in ["人手不足", &notice, &key, "notice.reply", &world.access.institution] {
        assert!(!sealed.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} can be read");
    }
    let early = inner.run(&["bundle", "import", &file]);
    assert_eq!(early.failure(), "bundleNotRelayed");

    // The other computer is connected.
    world.run_again();
    let before = all(&relay);
    let second = world.issue_notice("一份新的督办。");
    let relayed = relay.json(&["bundle", "relay", &file]);
    let (submissions, changes) = carried(&relayed);
    assert!(submissions == 2 && changes > 2, "{relayed}");
    assert_eq!(all(&relay)[0], before[0], "the relay's own outbox has nothing to do with it");
    let again = relay.json(&["bundle", "relay", &file]);
    assert_eq!(carried(&again), (0, 0), "a relay goes on where the last one ended");
    assert_eq!(again["cursor"], relayed["cursor"]);

    // Back, without a network.
    world.stand_still_after(0);
    let imported = inner.json(&["bundle", "import", &file]);
    assert_eq!(carried(&imported), (2, changes));
    assert_eq!(imported["cursor"], relayed["cursor"]);
    assert_eq!(inner.states("notice.reply"), ["accepted"]);
    assert_eq!(inner.states("notice.sign"), ["accepted"]);
    let open = inner.json(&["notices", "--open"]);
    let is_open = |id: &str| open.as_array().unwrap().iter().any(|row| row["id"] == id);
    assert!(!is_open(&notice) && is_open(&second));
    assert_eq!(carried(&inner.json(&["bundle", "import", &file])), (0, 0), "twice is once");

    // The platform has the same, and one answer.
    world.run_again();
    assert_eq!(inner.digest(), world.synced_seat().digest());
    let replies = inner.json(&["status"])["counts"]["noticeReply"].clone();
    let synced = inner.json(&["sync"]);
    assert_eq!(
        (&synced["pushed"], &synced["pulled"], &synced["complete"]),
        (&0.into(), &0.into(), &true.into())
    );
    assert_eq!(inner.json(&["status"])["counts"]["noticeReply"], replies);
    let verified = inner.json(&["verify"]);
    assert_eq!((&verified["integrity"], &verified["audit_chain"]), (&true.into(), &true.into()));
}

#[test]
fn the_same_profile_may_relay_its_own_bundle_and_may_send_directly_meanwhile() {
    let world = World::start();
    let (first, second) = (world.issue_notice("一。"), world.issue_notice("二。"));
    let seat = world.synced_seat();
    let file = seat.file("摆渡.sbx", b"");

    let key = queue_reply(&seat, &first);
    assert_eq!(carried(&seat.json(&["bundle", "export", &file])).0, 2);
    assert_eq!(carried(&seat.json(&["bundle", "relay", &file])).0, 2);
    assert_eq!(state_of(&seat, &key), "exported", "relaying settles nothing");
    assert_eq!(carried(&seat.json(&["bundle", "import", &file])).0, 2);
    assert_eq!(state_of(&seat, &key), "accepted");

    // Exported, then the network is back before anybody relays.
    let key = queue_reply(&seat, &second);
    assert_eq!(carried(&seat.json(&["bundle", "export", &file])).0, 2);
    assert_eq!(seat.json(&["sync"])["pushed"], 2);
    assert_eq!(state_of(&seat, &key), "accepted");
    let replies = seat.json(&["status"])["counts"]["noticeReply"].clone();
    assert_eq!(carried(&seat.json(&["bundle", "relay", &file])).0, 2, "the platform says what it knows");
    assert_eq!(carried(&seat.json(&["bundle", "import", &file])), (0, 0), "it was known here as well");
    seat.json(&["sync"]);
    assert_eq!(seat.json(&["status"])["counts"]["noticeReply"], replies, "one answer, not two");
}

#[test]
fn a_profile_that_never_had_a_sync_fills_up_through_bundles() {
    let world = World::start();
    let (inner, relay) = (world.seat(), world.seat());
    let file = inner.file("摆渡.sbx", b"");
    world.stand_still_after(0);
    assert_eq!(carried(&inner.json(&["bundle", "export", &file])), (0, 0));
    world.run_again();
    let (_, fetched) = carried(&relay.json(&["bundle", "relay", &file]));
    assert!(fetched > 1_000, "{fetched}");
    world.stand_still_after(0);
    assert_eq!(carried(&inner.json(&["bundle", "import", &file])), (0, fetched));
    assert!(inner.json(&["status"])["last_sync"].is_string());
    world.run_again();
    assert_eq!(inner.digest(), world.synced_seat().digest());
}

/// Damaged, cut, foreign and other files: a stated reason, and nothing has changed.
#[test]
fn bad_bundles_change_nothing() {
    let world = World::start();
    let notice = world.issue_notice("请说明原因。");
    let (inner, relay, elsewhere) = (world.synced_seat(), world.seat(), elsewhere());
    let file = inner.file("摆渡.sbx", b"");
    queue_reply(&inner, &notice);
    inner.json(&["bundle", "export", &file]);
    let exported = std::fs::read(&file).unwrap();
    relay.json(&["bundle", "relay", &file]);
    let whole = std::fs::read(&file).unwrap();

    let before = all(&inner);
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        bytes
    };
    let bad = inner.file("坏.sbx", b"");
    for (name, bytes, code) in [
        ("a byte of the content", flipped(whole.len() / 2), "bundleDamaged"),
        ("the last byte", flipped(whole.len() - 1), "bundleDamaged"),
        ("cut in the middle", whole[..whole.len() / 2].to_vec(), "bundleDamaged"),
        ("one byte short", whole[..whole.len() - 1].to_vec(), "bundleDamaged"),
        ("one byte long", [whole.as_slice(), b"x"].concat(), "bundleDamaged"),
        ("not relayed", exported.clone(), "bundleNotRelayed"),
        ("empty", Vec::new(), "notABundle"),
        ("a text", "您好".into(), "notABundle"),
    ] {
        std::fs::write(&bad, bytes).unwrap();
        let refused = inner.run(&["bundle", "import", &bad]);
        assert_eq!(refused.failure(), code, "{name}");
        assert_eq!(all(&inner), before, "{name}");
    }
    assert_eq!(relay.run(&["bundle", "import", &file]).failure(), "bundleOtherProfile");
    for verb in ["import", "relay"] {
        assert_eq!(elsewhere.run(&["bundle", verb, &file]).failure(), "bundleForeign");
    }
    assert_eq!(std::fs::read(&file).unwrap(), whole);
    assert_eq!(
        inner.run(&["bundle", "import", &inner.folder().join("nowhere").to_string_lossy()]).failure(),
        "notFound"
    );

    // Somebody's own file is not written over.
    let text = inner.file("工作总结.docx", "要紧".as_bytes());
    assert_eq!(inner.run(&["bundle", "export", &text]).failure(), "fileIsOther");
    assert_eq!(std::fs::read(&text).unwrap(), "要紧".as_bytes());

    // The good one is still good; an older one does nothing.
    assert_eq!(carried(&inner.json(&["bundle", "import", &file])).0, 2);
    std::fs::write(&bad, &whole).unwrap();
    assert_eq!(carried(&inner.json(&["bundle", "import", &bad])), (0, 0));
    // Nothing is left beside the files.
    let rest: Vec<_> = std::fs::read_dir(Path::new(&file).parent().unwrap()).unwrap().flatten().collect();
    assert!(
        rest.iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".sunbench")),
        "{rest:?}"
    );
}

#[test]
fn a_relay_without_a_network_leaves_the_bundle_as_it_is() {
    let world = World::start();
    let notice = world.issue_notice("请说明原因。");
    let (inner, relay) = (world.synced_seat(), world.seat());
    let file = inner.file("摆渡.sbx", b"");
    queue_reply(&inner, &notice);
    inner.json(&["bundle", "export", &file]);
    let exported = std::fs::read(&file).unwrap();
    world.end();
    let failed = relay.run(&["bundle", "relay", &file]);
    assert_eq!(failed.failure(), "unreachable");
    assert_eq!(std::fs::read(&file).unwrap(), exported);
}

/// A profile that is connected with another platform, for another hospital.
fn elsewhere() -> Seat {
    const HOSPITAL: &str = "H44030400999";
    let dir = tempfile::tempdir().unwrap();
    let platform = Platform::open(dir.path(), Arc::new(ManualClock::new(now()))).unwrap();
    let operator = DemoOperator {
        user: "buyer".to_owned(),
        name: "李四".to_owned(),
        password: "elsewhere-1".to_owned(),
        roles: vec!["buyer".to_owned()],
    };
    let info = DemoInfo {
        institution: HOSPITAL.to_owned(),
        institution_name: "另一家医院".to_owned(),
        user: operator.user.clone(),
        user_name: operator.name.clone(),
        password: operator.password.clone(),
        supervisor: "s".to_owned(),
        supervisor_password: "s-password".to_owned(),
        hospitals: vec![DemoHospital {
            institution: HOSPITAL.to_owned(),
            name: "另一家医院".to_owned(),
            operators: vec![operator],
        }],
    };
    platform.load_records(&DemoOptions::default(), |_| info).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(async move { platform.serve(listener, std::future::pending()).await.unwrap() });
    let seat = Seat::new();
    let password = seat.file("password", b"elsewhere-1\n");
    seat.json(&[
        "connect",
        "--url",
        &url,
        "--institution",
        HOSPITAL,
        "--user",
        "buyer",
        "--password-file",
        &password,
    ]);
    runtime.shutdown_background();
    seat
}
