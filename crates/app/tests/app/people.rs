//! Locking by itself, people with passphrases of their own, roles, signing out.

use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    Act, BackupNowReq, BackupSettingsReq, ConnectReq, KeyRotateReq, LockCause, LockSettingsReq, Nothing,
    OutboxState, PassphraseChangeReq, PersonPassphraseRemoveReq, PersonPassphraseReq, ProfileRestoreReq,
    ProfileStatus, ProfileUnlockReq, SyncPhase,
};
use sunbench_store::audit;
use sunbench_store::local::{account, seat};
use sunbench_store::mirror::sync_state;

use crate::world::{Seat, World, until};

const LI: &str = "李娜的个人口令 1";
const LIU: &str = "刘洋的个人口令 2";
const LIU_PASSWORD: &str = "liu-at-the-platform";

fn own(passphrase: &str, person: &str) -> ProfileUnlockReq {
    ProfileUnlockReq {
        person: Some(person.to_owned()),
        passphrase: Some(passphrase.to_owned()),
        recovery_code: None,
    }
}

async fn set_own(
    seat: &Seat,
    current: Option<&str>,
    passphrase: &str,
) -> Result<(), (ErrorCode, Option<String>)> {
    let request =
        PersonPassphraseReq { current: current.map(str::to_owned), passphrase: passphrase.to_owned() };
    seat.app.person_passphrase_set(request).await.map(drop).map_err(|error| (error.code, error.field))
}

async fn profile(seat: &Seat) -> ProfileStatus {
    seat.app.app_state(Nothing {}).await.unwrap().profile
}

/// Liu, a colleague on the same computer.
fn liu(world: &World, roles: &[&str]) -> ConnectReq {
    world.platform.add_operator(&world.access.institution, "liuyang", "刘洋", LIU_PASSWORD, roles).unwrap();
    ConnectReq { user: "liuyang".into(), password: LIU_PASSWORD.into(), ..world.connect_req() }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_anybody_it_locks_and_the_own_passphrase_opens_it_without_a_network() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let too_long = app.lock_settings_set(LockSettingsReq { idle_minutes: 241 }).await.unwrap_err();
    assert_eq!(too_long.field.as_deref(), Some("idleMinutes"));
    app.lock_settings_set(LockSettingsReq { idle_minutes: 10 }).await.unwrap();
    assert_eq!(
        set_own(&seat, None, "short").await,
        Err((ErrorCode::FieldInvalid, Some("passphrase".to_owned())))
    );
    set_own(&seat, None, LI).await.unwrap();
    let wrong = Err((ErrorCode::WrongKey, Some("current".to_owned())));
    assert_eq!(set_own(&seat, Some("nonsense"), LIU).await, wrong);

    app.activity(Nothing {}).await.unwrap();
    world.clock.advance_s(9 * 60 + 59);
    app.lock_if_idle().await;
    assert_eq!(profile(&seat).await, ProfileStatus::Open);
    app.activity(Nothing {}).await.unwrap();
    world.clock.advance_s(9 * 60 + 59);
    app.lock_if_idle().await;
    assert_eq!(profile(&seat).await, ProfileStatus::Open, "somebody was there");
    world.clock.advance_s(1);
    app.lock_if_idle().await;
    let locked = app.app_state(Nothing {}).await.unwrap();
    assert_eq!((locked.profile, locked.cause), (ProfileStatus::Locked, Some(LockCause::Idle)));
    assert!(locked.connection.is_none(), "the window is told nothing of the data");
    assert_eq!(app.today(Nothing {}).await.unwrap_err().code, ErrorCode::ProfileLocked);

    world.go_down().await;
    let person = locked.people[0].id.clone();
    assert_eq!(app.profile_unlock(own("nonsense", &person)).await.unwrap_err().code, ErrorCode::WrongKey);
    assert_eq!(app.profile_unlock(own(LI, &person)).await.unwrap().profile, ProfileStatus::Open);
    let log = app.store().unwrap().read(|conn| audit::page(conn, None, 20)).unwrap();
    for (action, detail) in [("profile.locked", "idle"), ("profile.unlocked", "person")] {
        let entry = log.iter().find(|entry| entry.action == action).unwrap();
        assert!(entry.detail.contains(detail) && entry.actor == world.access.user, "{entry:?}");
    }
    app.suspended().await;
    let locked = app.app_state(Nothing {}).await.unwrap();
    assert_eq!(locked.cause, Some(LockCause::Suspended));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_costs_more_each_time_and_a_restart_does_not_help() {
    let world = World::start().await;
    let mut seat = world.seat().await;
    set_own(&seat, None, LI).await.unwrap();
    let person = seat.app.profile_lock(Nothing {}).await.unwrap().people[0].id.clone();
    for _ in 0..4 {
        let error = seat.app.profile_unlock(own("wrong words", &person)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::WrongKey);
    }
    let error = seat.app.profile_unlock(own(LI, &person)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyAttempts, "the right one waits too");
    seat.close().await;
    seat.start().await; // by its passphrase file, as a script
    assert_eq!(seat.app.profile_lock(Nothing {}).await.unwrap().retry_after_s, 10);
    world.clock.advance_s(10);
    assert_eq!(seat.app.profile_unlock(own(LI, &person)).await.unwrap().retry_after_s, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_works_in_his_own_name_and_signing_out_leaves_no_credential() {
    let mut world = World::start().await;
    let second = liu(&world, &["buyer"]);
    let (first, other) = (world.issue_notice("两人办理", "请反馈"), world.issue_notice("另一件", "请反馈"));
    let seat = world.seat().await;
    set_own(&seat, None, LI).await.unwrap();
    let li = world.access.user.clone();

    // Li answers without a network, and leaves.
    world.go_down().await;
    seat.phase(SyncPhase::Offline).await;
    let answer = seat.answer(&first, 1, "李娜写的").await;
    assert_eq!(answer.actor, li);
    let left = seat.app.sign_out(Nothing {}).await.unwrap();
    assert!(!left.connection.unwrap().signed_in);
    seat.phase(SyncPhase::SignInNeeded).await;
    let (account, people, token) = seat
        .app
        .store()
        .unwrap()
        .read(|conn| {
            Ok((account::get(conn)?.unwrap(), account::people(conn)?, sync_state::get(conn, "token")?))
        })
        .unwrap();
    assert!(account.app_key.is_empty() && account.app_secret.is_empty() && !account.is_signed_in());
    assert!(people.iter().all(|p| p.app_secret.is_empty() && p.app_key.is_empty() && !p.is_signed_in()));
    assert_eq!(token, None);
    let to_close = || seat.app.store().unwrap().read(seat::to_close).unwrap();
    assert_eq!(to_close().iter().map(|seat| &seat.user).collect::<Vec<_>>(), [&li], "to be told");

    // Liu signs in: his own work goes out, Li's waits for Li.
    world.come_back().await;
    let state = seat.app.connect(second).await.unwrap();
    assert_eq!(state.connection.unwrap().user, "liuyang");
    until("the platform to hear of Li's sign-out", || async {
        let left = to_close().len();
        (left == 0).then_some(()).ok_or(left)
    })
    .await;
    seat.up_to_date_but(2).await;
    let detail = seat.notice(&first).await;
    assert_eq!((detail.draft, detail.also_drafting), (None, vec![li.clone()]), "each has his own draft");
    let his = seat.answer(&other, 1, "刘洋写的").await;
    seat.settled(&his.key, OutboxState::Accepted).await;
    assert_eq!(seat.item(&answer.key).await.state, OutboxState::Queued);
    set_own(&seat, None, LIU).await.unwrap();

    // Li is back: what she had confirmed goes out in her name.
    seat.app.connect(world.connect_req()).await.unwrap();
    seat.settled(&answer.key, OutboxState::Accepted).await;
    for (notice, operator) in [(&first, "周敏"), (&other, "刘洋")] {
        let detail = until("the reply in the feed", || async {
            let detail = seat.notice(notice).await;
            (!detail.replies.is_empty()).then_some(detail).ok_or("not yet")
        })
        .await;
        assert_eq!(detail.replies[0].operator, operator, "by the platform's own record");
    }

    // Whoever unlocks is at work.
    let people = seat.app.profile_lock(Nothing {}).await.unwrap().people;
    let named = |name: &str| people.iter().find(|person| person.name == name).unwrap().id.clone();
    let state = seat.app.profile_unlock(own(LIU, &named("刘洋"))).await.unwrap();
    assert_eq!(state.connection.unwrap().user, "liuyang");
    let rows = seat.app.people(Nothing {}).await.unwrap().people;
    assert_eq!((rows.len(), rows[0].user.as_str(), rows[0].at_work), (2, "liuyang", true));
    let request = PersonPassphraseRemoveReq { current: LIU.to_owned() };
    let rows = seat.app.person_passphrase_remove(request).await.unwrap().people;
    assert!(!rows[0].has_passphrase && rows[1].has_passphrase, "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_new_key_nobody_is_locked_out_without_being_told() {
    let world = World::start().await;
    let second = liu(&world, &["buyer"]);
    let seat = world.seat().await;
    let app = &seat.app;
    set_own(&seat, None, LI).await.unwrap();
    app.connect(second.clone()).await.unwrap();
    set_own(&seat, None, LIU).await.unwrap();
    let people = app.profile_lock(Nothing {}).await.unwrap().people;
    let id = |name: &str| people.iter().find(|person| person.name == name).unwrap().id.clone();
    let (li, liu) = (id("周敏"), id("刘洋"));

    app.profile_unlock(own(LI, &li)).await.unwrap();
    let code = app.key_rotate(KeyRotateReq { passphrase: None }).await.unwrap().recovery_code;
    let offered = app.profile_lock(Nothing {}).await.unwrap().people;
    assert_eq!(offered.len(), 2, "the lock screen still knows both: {offered:?}");
    let error = app.profile_unlock(own(LIU, &liu)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::PassphraseLapsed);
    // Who made the key goes on; Liu signs in beside him and sets his own anew.
    app.profile_unlock(own(LI, &li)).await.unwrap();
    app.connect(second).await.unwrap();
    let rows = app.people(Nothing {}).await.unwrap().people;
    assert_eq!(rows.iter().map(|row| row.has_passphrase).collect::<Vec<_>>(), [false, true], "{rows:?}");
    set_own(&seat, None, LIU).await.unwrap();
    app.profile_lock(Nothing {}).await.unwrap();
    let state = app.profile_unlock(own(LIU, &liu)).await.unwrap();
    assert_eq!(state.connection.unwrap().user, "liuyang");
    app.profile_lock(Nothing {}).await.unwrap();
    let by_code = ProfileUnlockReq { person: None, passphrase: None, recovery_code: Some(code) };
    assert_eq!(app.profile_unlock(by_code).await.unwrap().profile, ProfileStatus::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_say_who_may_do_what() {
    let world = World::start().await;
    let notice = world.issue_notice("只读", "请反馈");
    let seat = world.seat().await;
    let sent = seat.answer(&notice, 1, "先前写的").await;
    seat.settled(&sent.key, OutboxState::Accepted).await;
    let state = seat.app.connect(liu(&world, &["viewer"])).await.unwrap();
    assert_eq!(state.connection.unwrap().may, [Act::CheckIn]);
    let reply = seat.reply(&notice, 1).await.unwrap_err();
    let draft = seat.app.notice_draft_save(crate::world::draft(&notice, 1, "x", vec![])).await.unwrap_err();
    let lock = seat.app.lock_settings_set(LockSettingsReq { idle_minutes: 5 }).await.unwrap_err();
    let code = seat.app.recovery_code_renew(Nothing {}).await.unwrap_err();
    let key = seat.app.key_rotate(KeyRotateReq { passphrase: None }).await.unwrap_err();
    let words = PassphraseChangeReq { old: None, new: "换一个更长些的口令试试".to_owned() };
    let words = seat.app.passphrase_change(words).await.unwrap_err();
    let backups = BackupSettingsReq {
        enabled: Some(false),
        folder: None,
        choose_folder: false,
        every_days: None,
        keep_daily: None,
        keep_weekly: None,
        keep_monthly: None,
    };
    let backups = seat.app.backup_settings_set(backups).await.unwrap_err();
    // Whoever may look may also take care that nothing is lost, and show what happened: a backup is as locked as the
    // profile, and the audit log names no secret.
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("li.sbk");
    seat.app
        .backup_now(BackupNowReq { file: Some(backup.display().to_string()), choose: false })
        .await
        .unwrap();
    seat.app.audit_export_to(folder.path().join("log.jsonl")).await.unwrap();
    let file = Some(backup.display().to_string());
    let restore = ProfileRestoreReq { file, recovery_code: None, passphrase: None };
    let restore = seat.app.profile_restore(restore).await.unwrap_err();
    let withdraw = seat.withdraw(&sent.key).await.unwrap_err();
    for error in [reply, draft, lock, code, key, words, backups, restore, withdraw] {
        assert_eq!(error.code, ErrorCode::NotPermitted);
    }
    seat.check_in().await;
    seat.notice(&notice).await;
}
