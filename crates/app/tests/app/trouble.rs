//! Everything that goes wrong has a name, loses nothing, and passes.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use sunbench_app::wire::{
    AttachmentReq, AttendanceReq, CheckInState, ConnectReq, LockCause, Nothing, NoticeScope, NoticesReq,
    OutboxState, ProfileCreateReq, ProfileStatus, ProfileUnlockReq, SyncPhase, Urgency,
};
use sunbench_app::{App, AppEvent, ErrorCode};
use sunbench_platform::Config;
use tokio::net::TcpListener;

use crate::world::{PASSPHRASE, Seat, World};

/// Something that answers every request so; its address.
async fn something(status: StatusCode, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .fallback(get(move || async move { (status, [("location", "http://127.0.0.1/login")], body) }));
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    url
}

/// An address at which nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

const NEWER: &str = r#"{"versions":[2,3],"platform":"省平台","divisionCode":"440300","epoch":"e","limits":{"page":1,
    "batch":1,"waitS":1,"ratePerSecond":1,"attachmentBytes":1},"signTypes":["HMAC-SM3"],"features":[],
    "serverTime":"2026-11-20T09:30:00+08:00"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_fails_says_why_and_leaves_no_trace() {
    use ErrorCode::{
        BadAddress, FieldRequired, InsecureConnection, PlainHttp, PlatformAnswer, PlatformTooNew,
        SignInRefused, Unreachable,
    };
    let world = World::start().await;
    let seat = world.new_seat(0).await;
    let right = world.connect_req();
    let with = |edit: &dyn Fn(&mut ConnectReq)| {
        let mut req = right.clone();
        edit(&mut req);
        req
    };
    let at = |url: String| with(&|req| req.url.clone_from(&url));
    for (req, expected) in [
        (with(&|req| req.password = "wrong".into()), SignInRefused),
        (with(&|req| req.user = "nobody".into()), SignInRefused),
        (with(&|req| req.institution = "H00000000000".into()), SignInRefused),
        (with(&|req| req.password = " ".into()), FieldRequired),
        (with(&|req| req.url = String::new()), FieldRequired),
        (at(nobody().await), Unreachable),
        (at(nobody().await.replace("http", "https")), Unreachable),
        (at(world.url().replace("http", "https")), InsecureConnection),
        (at("http://10.1.2.3:8080".into()), PlainHttp),
        (at(" HTTP://cg.example.gov.cn/ ".into()), PlainHttp),
        (at("cg.example.gov.cn".into()), BadAddress),
        (at("http://".into()), BadAddress),
        (at("https://user:password@cg.example.gov.cn".into()), BadAddress),
        (at("http://user:password@127.0.0.1".into()), BadAddress),
        (at("ftp://127.0.0.1".into()), BadAddress),
        (at("file:///etc/passwd".into()), BadAddress),
        (at(something(StatusCode::OK, "<html>请先登录网络</html>").await), PlatformAnswer),
        (at(something(StatusCode::OK, "{}").await), PlatformAnswer),
        (at(something(StatusCode::FOUND, "").await), PlatformAnswer),
        (at(something(StatusCode::NOT_FOUND, "").await), PlatformAnswer),
        (at(something(StatusCode::OK, NEWER).await), PlatformTooNew),
    ] {
        let address = req.url.clone();
        let error = seat.app.connect(req).await.unwrap_err();
        assert_eq!(error.code, expected, "{address}");
        assert_eq!(seat.status().await.phase, SyncPhase::NotConnected, "{address}");
    }
    assert_eq!(seat.app.app_state(Nothing {}).await.unwrap().connection, None);
    assert_eq!(seat.outbox().await, []);
    assert_eq!(seat.app.today(Nothing {}).await.unwrap_err().code, ErrorCode::NotConnected);
    // And then it works.
    seat.app.connect(right.clone()).await.unwrap();
    seat.up_to_date().await;
    assert_eq!(seat.check_in().await, CheckInState::Done);

    // A profile belongs to one hospital, and goes on with it.
    let other = with(&|req| req.institution = "H00000000000".into());
    assert_eq!(seat.app.connect(other).await.unwrap_err().code, ErrorCode::OtherInstitution);
    seat.up_to_date().await;
    seat.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_passes() {
    let world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    world.platform.set_maintenance(Some(1)).unwrap();
    let item = seat.answer(&id, 1, "原因").await;
    let status = seat.phase(SyncPhase::Maintenance).await;
    assert_eq!((status.error, status.waiting), (Some(ErrorCode::Maintenance), 2));
    assert!(status.retry_at.is_some());
    assert_eq!(seat.item(&item.key).await.state, OutboxState::Queued);
    let second = world.new_seat(0).await;
    assert_eq!(second.app.connect(world.connect_req()).await.unwrap_err().code, ErrorCode::Maintenance);

    world.platform.set_maintenance(None).unwrap();
    world.clock.advance_s(2);
    seat.up_to_date().await;
    assert_eq!(seat.item(&item.key).await.state, OutboxState::Accepted);
    seat.close().await;
}

/// A PC whose clock is a day off counts by the platform's.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_moves_no_deadline() {
    const DAY: i64 = 86_400;
    let world = World::start().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    for ahead_s in [0, DAY, -DAY, 400 * DAY] {
        let mut seat = world.seat_ahead_by(ahead_s).await;
        for restarted in [false, true] {
            let about = format!("{ahead_s} s ahead, restarted: {restarted}");
            assert_eq!(i64::from(seat.status().await.clock_offset_s), ahead_s, "{about}");
            let today = seat.today().await;
            assert_eq!(
                (today.date.as_str(), today.check_in.state),
                ("2026-11-20", CheckInState::Done),
                "{about}"
            );
            let deadline = seat.arrival(&id).await.row.deadline;
            assert_eq!(
                (deadline.due_date.as_str(), deadline.remaining_working_days),
                ("2026-11-27", 5),
                "{about}"
            );
            assert_eq!(deadline.urgency, Urgency::Later, "{about}");
            seat.close().await;
            seat.start().await;
            seat.up_to_date().await;
        }
        let month = AttendanceReq { month: "2026-11".into() };
        let days = seat.app.attendance(month).await.unwrap().days;
        assert!(days.iter().any(|day| day.date == "2026-11-20" && day.checked_in), "{ahead_s}");
        let sent: Vec<_> = seat.outbox().await.into_iter().map(|item| item.subject).collect();
        assert!(sent.iter().all(|date| date == "2026-11-20"), "{ahead_s}: {sent:?}");
        seat.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_renewed_and_a_forgotten_seat_signs_in_again() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    world.clock.advance_s(1_801);
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    world.clock.advance_s(3 * 1_801);
    let item = seat.answer(&id, 1, "原因").await;
    seat.settled(&item.key, OutboxState::Accepted).await;
    seat.phase(SyncPhase::UpToDate).await;

    // The platform does not know this seat any more: a person signs in, and what waits is sent.
    world.forget_everybody().await;
    let status = seat.phase(SyncPhase::SignInNeeded).await;
    assert_eq!(status.error, Some(ErrorCode::SignInExpired));
    let open = seat.today().await.notices.into_iter().find(|row| row.state == "SIGNED").unwrap();
    let item = seat.answer(&open.id, 1, "离线写的").await;
    assert_eq!(seat.item(&item.key).await.state, OutboxState::Queued);
    seat.app.connect(world.connect_req()).await.unwrap();
    seat.settled(&item.key, OutboxState::Accepted).await;
    seat.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_checked_when_they_are_added() {
    let mut config = Config::default();
    config.limits.attachment_bytes = 1_000;
    let world = World::start_with(config).await;
    let seat = world.seat().await;
    let most = vec![7; 1_000];
    for (name, content, shown, expected) in [
        ("回执.pdf", most.as_slice(), "回执.pdf", Ok(1_000)),
        ("../../../etc/passwd", b"x".as_slice(), "passwd", Ok(1)),
        (r"C:\Users\王敏\回执.docx", b"x", "回执.docx", Ok(1)),
        ("a\u{202e}fdp.exe", b"x", "afdp.exe", Ok(1)),
        ("..", b"x", "附件", Ok(1)),
        ("", b"x", "附件", Ok(1)),
        ("大/太大.pdf", &[7; 1_001], "太大.pdf", Err(ErrorCode::AttachmentTooLarge)),
        ("a/空.pdf", b"", "空.pdf", Err(ErrorCode::AttachmentUnreadable)),
    ] {
        match (seat.attach(name, content).await, expected) {
            (Ok(file), Ok(size)) => assert_eq!((file.name.as_str(), file.size), (shown, size), "{name}"),
            (Err(error), Err(code)) => {
                assert_eq!((error.code, error.field.as_deref()), (code, Some(shown)), "{name}");
            }
            (answer, _) => panic!("{name}: {answer:?}"),
        }
    }
    // The same file, dropped onto the window: read from where it lies, up to the same size.
    let dropped = |name: &str| sunbench_app::wire::AttachReq {
        name: name.to_owned(),
        content_base64: None,
        path: Some(seat.folder().join(name).display().to_string()),
    };
    std::fs::write(seat.folder().join("dropped.pdf"), b"%PDF-1.7").unwrap();
    let by_path = seat.app.notice_attach(dropped("dropped.pdf")).await.unwrap();
    let by_content = seat.attach("dropped.pdf", b"%PDF-1.7").await.unwrap();
    assert_eq!((by_path.sha256, by_path.size), (by_content.sha256, by_content.size));
    let error = seat.app.notice_attach(dropped("missing.pdf")).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::AttachmentUnreadable, Some("missing.pdf")));
    let not_base64 =
        sunbench_app::wire::AttachReq { name: "x".into(), content_base64: Some("!".into()), path: None };
    let error = seat.app.notice_attach(not_base64).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AttachmentUnreadable);
    let absent = AttachmentReq { sha256: "00".repeat(32) };
    assert_eq!(seat.app.notice_attachment(absent).await.unwrap_err().code, ErrorCode::NotFound);

    // A draft that names a file which is not here is not sent without it; a path in it is none.
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    let mut file = seat.attach("回执.pdf", &most).await.unwrap();
    file.name = "../../etc/回执.pdf".into();
    seat.save_draft(&id, 1, "原因", vec![file.clone()]).await;
    assert_eq!(seat.notice(&id).await.draft.unwrap().attachments[0].name, "回执.pdf");
    file.sha256 = "00".repeat(32);
    seat.save_draft(&id, 1, "原因", vec![file]).await;
    let error = seat.reply(&id, 1).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::AttachmentUnreadable, Some("回执.pdf")));
    seat.close().await;
}

fn unlock(passphrase: Option<&str>, recovery_code: Option<&str>) -> ProfileUnlockReq {
    let own = |text: Option<&str>| text.map(str::to_owned);
    ProfileUnlockReq { person: None, passphrase: own(passphrase), recovery_code: own(recovery_code) }
}

/// Where a program stands, and why.
async fn stand(app: &Arc<App>) -> (ProfileStatus, Option<LockCause>) {
    let state = app.app_state(Nothing {}).await.unwrap();
    (state.profile, state.cause)
}

const fn locked(cause: LockCause) -> (ProfileStatus, Option<LockCause>) {
    (ProfileStatus::Locked, Some(cause))
}

/// Every file of a profile and its content.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder.join("db"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn overwrite(path: &Path, from: u64, length: usize) {
    let mut file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(from)).unwrap();
    file.read_exact(&mut bytes).unwrap();
    for byte in &mut bytes {
        *byte ^= 0xA5;
    }
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&bytes).unwrap();
}

/// A profile that does not open says why, keeps every byte, and opens once the cause is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_does_not_open_says_why() {
    type Sabotage = fn(&Seat);
    let world = World::start().await;
    for (what, sabotage, cause, code) in [
        (
            "another passphrase",
            (|seat| seat.set_passphrase_file("错误的口令")) as Sabotage,
            LockCause::Passphrase,
            ErrorCode::WrongKey,
        ),
        (
            "no key file",
            |seat| {
                fs::remove_file(seat.folder().join("db/keys.json")).unwrap();
                fs::remove_file(seat.folder().join("db/keys.json.bak")).unwrap();
            },
            LockCause::KeyFile,
            ErrorCode::KeyFileDamaged,
        ),
        (
            "key files that are none",
            |seat| {
                fs::write(seat.folder().join("db/keys.json"), "{}").unwrap();
                fs::write(seat.folder().join("db/keys.json.bak"), "").unwrap();
            },
            LockCause::KeyFile,
            ErrorCode::KeyFileDamaged,
        ),
        (
            "no database",
            |seat| fs::remove_file(seat.folder().join("db/sunbench.db")).unwrap(),
            LockCause::DatabaseMissing,
            ErrorCode::DatabaseMissing,
        ),
        (
            "a damaged first page",
            |seat| overwrite(&seat.folder().join("db/sunbench.db"), 16, 4_000),
            LockCause::Damaged,
            ErrorCode::ProfileDamaged,
        ),
        (
            "a database of no length",
            |seat| fs::write(seat.folder().join("db/sunbench.db"), "").unwrap(),
            LockCause::Damaged,
            ErrorCode::ProfileDamaged,
        ),
        (
            "another database",
            |seat| fs::write(seat.folder().join("db/sunbench.db"), vec![7; 40_960]).unwrap(),
            LockCause::KeyFile,
            ErrorCode::KeyFileDamaged,
        ),
    ] {
        let mut seat = world.new_seat(0).await;
        seat.close().await;
        let before = files(&seat.folder());
        sabotage(&seat);
        let found = files(&seat.folder());
        seat.start().await;
        assert_eq!(stand(&seat.app).await, locked(cause), "{what}");
        assert_eq!(seat.app.profile_unlock(unlock(None, None)).await.unwrap_err().code, code, "{what}");
        assert_eq!(seat.app.open().await.unwrap_err().code, code, "{what}");
        assert_eq!(seat.app.today(Nothing {}).await.unwrap_err().code, ErrorCode::ProfileLocked, "{what}");
        let created = seat.app.profile_create(ProfileCreateReq { passphrase: None }).await;
        assert!(
            matches!(created.unwrap_err().code, ErrorCode::ProfileExists | ErrorCode::DatabaseMissing),
            "{what}: nothing is made in its place"
        );
        assert_eq!(files(&seat.folder()), found, "{what}: not a byte is changed");

        for (name, content) in before {
            fs::write(seat.folder().join("db").join(name), content).unwrap();
        }
        seat.set_passphrase_file(PASSPHRASE);
        let state = seat.app.profile_unlock(unlock(None, None)).await.unwrap();
        assert_eq!((state.profile, state.cause), (ProfileStatus::Open, None), "{what}");
        seat.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_file_is_enough() {
    let world = World::start().await;
    for name in ["keys.json", "keys.json.bak"] {
        let mut seat = world.new_seat(0).await;
        seat.close().await;
        fs::remove_file(seat.folder().join("db").join(name)).unwrap();
        seat.start().await;
        assert_eq!(seat.app.app_state(Nothing {}).await.unwrap().profile, ProfileStatus::Open, "{name}");
        seat.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_profile_and_a_profile_in_use_stay_closed() {
    let world = World::start().await;
    let mut seat = world.new_seat(0).await;
    let second = seat.second_program();
    second.start().await;
    assert_eq!(stand(&second).await, locked(LockCause::InUse));
    assert_eq!(second.open().await.unwrap_err().code, ErrorCode::ProfileInUse);
    seat.close().await;
    let state = second.profile_unlock(unlock(None, None)).await.unwrap();
    assert_eq!(state.profile, ProfileStatus::Open, "as soon as the first one is gone");

    let newer = "PRAGMA user_version = 99";
    second.store().unwrap().write_local(|tx| Ok(tx.execute_batch(newer)?)).unwrap();
    second.shutdown().await;
    let before = files(&seat.folder());
    seat.start().await;
    assert_eq!(stand(&seat.app).await, locked(LockCause::TooNew));
    assert_eq!(seat.app.open().await.unwrap_err().code, ErrorCode::ProfileTooNew);
    assert_eq!(files(&seat.folder()), before);
}

/// The pages of a table in the database file.
fn pages(seat: &Seat, table: &str) -> Vec<u64> {
    let store = seat.app.store().unwrap();
    let read = store.read(|conn| {
        let mut pages = conn.prepare("SELECT pageno FROM dbstat WHERE name = ?1")?;
        let found = pages.query_map([table], |row| row.get::<_, i64>(0))?;
        Ok(found.map(|page| page.map(|n| n as u64)).collect::<Result<Vec<_>, _>>()?)
    });
    read.unwrap()
}

/// A damaged database: what people made is saved, what the platform says is pulled again, what waited is sent.
/// The key is asked for once, wherever it comes from.
#[tokio::test(flavor = "multi_thread")]
async fn salvage_keeps_what_people_made() {
    const TYPED: &str = "只在人脑里的口令";
    let mut world = World::start().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    for typed in [false, true] {
        let seat = if typed { world.seat_with_typed(TYPED).await } else { world.seat().await };
        let id = if typed { world.issue_notice("另一份", "请说明原因。") } else { id.clone() };
        seat.arrival(&id).await;
        let notices = seat.app.notices_list(NoticesReq { scope: NoticeScope::All }).await.unwrap().rows.len();
        world.go_down().await;
        seat.phase(SyncPhase::Offline).await;
        let item = seat.answer(&id, 1, "坏掉之前写的").await;
        let damaged = pages(&seat, "notice");
        seat.app.profile_lock(Nothing {}).await.unwrap();
        for page in damaged {
            overwrite(&seat.folder().join("db/sunbench.db"), (page - 1) * 4_096, 4_096);
        }
        let request = unlock(typed.then_some(TYPED), None);
        let mut events = seat.app.events();
        seat.app.profile_unlock(request).await.unwrap();
        let error = seat.app.notices_list(NoticesReq { scope: NoticeScope::Open }).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::ProfileDamaged);
        // The window hears of it while everything is open, and offers the salvage.
        let told = loop {
            if let AppEvent::State(state) = events.recv().await.unwrap() {
                break state;
            }
        };
        assert_eq!((told.profile, told.cause), (ProfileStatus::Open, Some(LockCause::Damaged)));

        let salvaged = seat.app.profile_salvage(Nothing {}).await.unwrap();
        assert_eq!(seat.app.app_state(Nothing {}).await.unwrap().cause, None);
        assert!(salvaged.rows > 5, "{salvaged:?}");
        assert!(Path::new(&salvaged.moved_to).join("sunbench.db").exists(), "the damaged file is kept");
        // What could be read may be older than what was sent: the platform is asked first.
        assert_eq!(seat.item(&item.key).await.state, OutboxState::Sending);
        assert_eq!(seat.status().await.waiting, 2);
        world.come_back().await;
        seat.settled(&item.key, OutboxState::Accepted).await;
        seat.up_to_date().await;
        let list = seat.app.notices_list(NoticesReq { scope: NoticeScope::All }).await.unwrap();
        assert_eq!(list.rows.len(), notices, "what the platform says is here again");
        let detail = seat.notice(&id).await;
        assert_eq!(detail.draft.unwrap().cause, "坏掉之前写的");
        let verified = seat.app.verify(Nothing {}).await.unwrap();
        assert!(verified.integrity && verified.audit_chain, "{verified:?}");
        seat.close().await;
    }
}

/// A passphrase or a code that does not fit changes nothing; the right one opens.
#[tokio::test(flavor = "multi_thread")]
async fn unlocking() {
    const TYPED: &str = "只在人脑里的口令";
    let world = World::start().await;
    let seat = world.unmade_seat(0);
    let created = seat.app.profile_create(ProfileCreateReq { passphrase: Some(TYPED.into()) }).await.unwrap();
    let code = created.recovery_code;
    let again = seat.app.profile_create(ProfileCreateReq { passphrase: Some(TYPED.into()) }).await;
    assert_eq!(again.unwrap_err().code, ErrorCode::ProfileExists);
    let state = seat.app.profile_lock(Nothing {}).await.unwrap();
    assert_eq!((state.profile, state.cause), (ProfileStatus::Locked, Some(LockCause::ByUser)));
    assert!(!state.has_passphrase, "a file gives it: nobody is asked");
    for (request, expected, cause) in [
        (unlock(Some("别的口令"), None), ErrorCode::WrongKey, LockCause::Passphrase),
        (unlock(None, Some("ABCDE")), ErrorCode::RecoveryCodeWrong, LockCause::Passphrase),
        (unlock(Some(""), None), ErrorCode::WrongKey, LockCause::Passphrase),
    ] {
        assert_eq!(seat.app.profile_unlock(request).await.unwrap_err().code, expected);
        assert_eq!(stand(&seat.app).await, locked(cause), "{expected:?}");
    }
    for request in [unlock(None, Some(&code)), unlock(Some(TYPED), None)] {
        let state = seat.app.profile_unlock(request).await.unwrap();
        assert_eq!((state.profile, state.cause), (ProfileStatus::Open, None));
        seat.app.profile_lock(Nothing {}).await.unwrap();
    }
    // A new recovery code takes the old one's place.
    seat.app.profile_unlock(unlock(Some(TYPED), None)).await.unwrap();
    let newer = seat.app.recovery_code_renew(Nothing {}).await.unwrap().recovery_code;
    seat.app.profile_lock(Nothing {}).await.unwrap();
    assert_eq!(
        seat.app.profile_unlock(unlock(None, Some(&code))).await.unwrap_err().code,
        ErrorCode::WrongKey
    );
    seat.app.profile_unlock(unlock(None, Some(&newer))).await.unwrap();
    seat.app.preferences(Nothing {}).await.unwrap();
    seat.close().await;
}
