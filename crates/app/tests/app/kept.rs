//! Backups, restoring and a new key, as the window asks for them.

use std::fs;

use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    BackupNowReq, BackupSettingsReq, KeyRotateReq, Nothing, OutboxState, PassphraseChangeReq,
    ProfileRestoreReq, ProfileStatus, ProfileUnlockReq, SyncPhase,
};

use crate::world::{PASSPHRASE, World};

const INTO_THE_FOLDER: BackupNowReq = BackupNowReq { file: None, choose: false };

fn restore(file: &str) -> ProfileRestoreReq {
    ProfileRestoreReq { file: Some(file.to_owned()), recovery_code: None, passphrase: None }
}

fn unlock(passphrase: Option<&str>, recovery_code: Option<&str>) -> ProfileUnlockReq {
    ProfileUnlockReq {
        person: None,
        passphrase: passphrase.map(str::to_owned),
        recovery_code: recovery_code.map(str::to_owned),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_profile_asks_before_it_sends() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    world.go_down().await;
    seat.phase(SyncPhase::Offline).await;
    let item = seat.answer(&id, 1, "备份之前写的").await;
    let made = seat.app.backup_now(INTO_THE_FOLDER).await.unwrap();
    assert!(made.verified);
    let chosen = seat.app.backup_now(BackupNowReq { file: None, choose: true }).await.unwrap();
    assert!(fs::metadata(&chosen.file).unwrap().len().to_string() == chosen.bytes);
    let state = seat.app.backup_settings(Nothing {}).await.unwrap();
    assert!(state.enabled && !state.attention && state.last.unwrap().ok);
    assert_eq!(seat.today().await.backup.last_good_at, Some(made.created_at.clone()));
    world.come_back().await;
    seat.settled(&item.key, OutboxState::Accepted).await;

    world.go_down().await;
    seat.phase(SyncPhase::Offline).await;
    let restored = seat.app.profile_restore(restore(&made.file)).await.unwrap();
    assert_eq!((restored.created_at, restored.uncertain), (made.created_at, restored.waiting));
    assert!(restored.waiting >= 1 && fs::metadata(restored.moved_to.unwrap()).unwrap().is_dir());
    assert_eq!(seat.item(&item.key).await.state, OutboxState::Sending);
    world.come_back().await;
    let settled = seat.settled(&item.key, OutboxState::Accepted).await;
    assert_eq!(settled.key, item.key);
    let detail = seat.notice(&id).await;
    assert!(detail.replies.iter().all(|reply| reply.client_key == item.key), "one answer");
    let verified = seat.app.verify(Nothing {}).await.unwrap();
    assert!(verified.integrity && verified.audit_chain, "{verified:?}");

    // What is no backup leaves the profile open as it is.
    let workbook = seat.folder().with_file_name("report.xlsx");
    fs::write(&workbook, "PK").unwrap();
    let error = seat.app.profile_restore(restore(workbook.to_str().unwrap())).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotABackup);
    let wrong = ProfileRestoreReq { passphrase: Some("别的口令口令".into()), ..restore(&made.file) };
    assert_eq!(seat.app.profile_restore(wrong).await.unwrap_err().code, ErrorCode::WrongKey);
    assert_eq!(seat.app.app_state(Nothing {}).await.unwrap().profile, ProfileStatus::Open);
    let cancelled = ProfileRestoreReq { file: None, recovery_code: None, passphrase: None };
    assert_eq!(seat.app.profile_restore(cancelled).await.unwrap_err().code, ErrorCode::Cancelled);
    seat.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_profile_is_restored_from_the_newest_backup() {
    let world = World::start().await;
    let seat = world.seat().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = BackupSettingsReq {
        enabled: None,
        folder: Some(folder.path().display().to_string()),
        choose_folder: false,
        every_days: Some(2),
        keep_daily: None,
        keep_weekly: None,
        keep_monthly: None,
    };
    let state = seat.app.backup_settings_set(settings).await.unwrap();
    assert_eq!((state.every_days, state.folder), (2, folder.path().display().to_string()));
    let made = seat.app.backup_now(INTO_THE_FOLDER).await.unwrap();
    seat.app.profile_lock(Nothing {}).await.unwrap();
    let database = seat.folder().join("db/sunbench.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes[100..4_000].fill(0x5A);
    fs::write(&database, &bytes).unwrap();
    let error = seat.app.profile_unlock(unlock(None, None)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ProfileDamaged);

    // The folder is known although the settings cannot be read.
    let list = seat.app.backups_list(Nothing {}).await.unwrap();
    assert_eq!(list.folder, folder.path().display().to_string());
    assert_eq!((list.rows[0].file.as_str(), list.rows[0].verified), (made.file.as_str(), true));
    let restored = seat.app.profile_restore(restore(&list.rows[0].file)).await.unwrap();
    let kept = fs::read(std::path::Path::new(&restored.moved_to.unwrap()).join("sunbench.db")).unwrap();
    assert!(kept == bytes, "the damaged file is kept");
    assert_eq!(seat.app.app_state(Nothing {}).await.unwrap().profile, ProfileStatus::Open);
    seat.up_to_date().await;

    // A disk that is not plugged in is told.
    let gone = folder.path().to_owned();
    drop(folder);
    assert!(!gone.exists());
    assert_eq!(seat.app.backup_now(INTO_THE_FOLDER).await.unwrap_err().code, ErrorCode::FolderMissing);
    let told = seat.today().await.backup;
    assert!(told.attention);
    assert_eq!(told.last.unwrap().error, Some(ErrorCode::FolderMissing));
    seat.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_while_the_window_is_open() {
    let world = World::start().await;
    let seat = world.seat().await;
    let id = world.issue_notice("进度滞后", "请说明原因。");
    seat.arrival(&id).await;
    let old = seat.app.recovery_code_renew(Nothing {}).await.unwrap().recovery_code;
    let wrong = KeyRotateReq { passphrase: Some("别的口令口令".into()) };
    assert_eq!(seat.app.key_rotate(wrong).await.unwrap_err().code, ErrorCode::WrongKey);
    let new = seat.app.key_rotate(KeyRotateReq { passphrase: None }).await.unwrap().recovery_code;
    seat.notice(&id).await;
    let verified = seat.app.verify(Nothing {}).await.unwrap();
    assert!(verified.integrity && verified.audit_chain, "{verified:?}");

    for (words, code) in [("短", ErrorCode::FieldInvalid), ("足够长的另一新口令", ErrorCode::WrongKey)]
    {
        let change = PassphraseChangeReq { old: Some("记错的旧口令".into()), new: words.into() };
        assert_eq!(seat.app.passphrase_change(change).await.unwrap_err().code, code, "{words}");
    }
    let change = PassphraseChangeReq { old: Some(PASSPHRASE.into()), new: "足够长的新口令一".into() };
    seat.app.passphrase_change(change).await.unwrap();
    for (words, code, opens) in [
        (Some(PASSPHRASE), None, Some(ErrorCode::WrongKey)),
        (None, Some(old.as_str()), Some(ErrorCode::WrongKey)),
        (None, Some(new.as_str()), None),
        (Some("足够长的新口令一"), None, None),
    ] {
        seat.app.profile_lock(Nothing {}).await.unwrap();
        let outcome = seat.app.profile_unlock(unlock(words, code)).await.map_err(|error| error.code);
        assert_eq!(outcome.map(|state| state.profile).err(), opens, "{words:?} {code:?}");
    }
    seat.up_to_date().await;
    seat.close().await;
}
