//! 备份: by hand, and by itself at the first idle moment of a day.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use serde::de::DeserializeOwned;
use sunbench_contract::time::Instant;
use sunbench_store::{Connection, Store, StoreResult, audit, backup, setting};
use tokio::time::MissedTickBehavior;

use crate::app::{App, AppEvent, Reminder, blocking};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::FileKind;
use crate::profile::DEMO;
use crate::schedule::{Record, Schedule};
use crate::wire::{
    Act, BackupAttempt, BackupList, BackupMade, BackupNowReq, BackupRow, BackupSettingsReq, BackupState,
    Nothing, SyncPhase,
};

/// How a backup's name ends.
const EXTENSION: &str = "sbk";
/// How the name of one begins that was made by itself.
const SCHEDULED: &str = "sunbench-auto-";
/// For the dialogs.
pub(crate) const KINDS: &[FileKind] = &[FileKind { name: "阳采工作台备份", extensions: &[EXTENSION] }];

const SCHEDULE: &str = "backup.schedule";
const RECORD: &str = "backup.record";
const ATTEMPT: &str = "backup.attempt";

const LOOK_EVERY: Duration = Duration::from_secs(30);
/// Nobody at the window for so many minutes is an idle moment.
const IDLE_MINUTES: u32 = 1;
/// So many looks without an idle moment are enough: a backup stops nobody from working.
const LONGEST_WAIT: u32 = 60;
const MOST_DAYS: u32 = 31;
const MOST_KEPT: u32 = 99;

/// One at a time, and whether one is being made.
#[derive(Default)]
pub(crate) struct Backups {
    running: AtomicBool,
}

fn stored<T: DeserializeOwned + Default>(conn: &Connection, key: &str) -> StoreResult<T> {
    Ok(setting::get(conn, key)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn text<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("a plain value has a JSON form")
}

fn instant(at: DateTime<FixedOffset>) -> String {
    Instant::new(at).to_string()
}

/// A free name in `folder` for a backup made now.
fn name_in(folder: &Path, prefix: &str, now: DateTime<FixedOffset>) -> PathBuf {
    let stem = format!("{prefix}{}", now.format("%Y%m%dT%H%M%S"));
    let first = folder.join(format!("{stem}.{EXTENSION}"));
    let others = (2..1_000).map(|n| folder.join(format!("{stem}-{n}.{EXTENSION}")));
    // Only another backup is ever overwritten, so the first name does no harm where all are taken.
    std::iter::once(first.clone()).chain(others).find(|path| !path.exists()).unwrap_or(first)
}

impl Context<'_> {
    /// When backups are made by themselves, and how the last one went.
    pub(crate) fn backup_state(&self, root: &Path, running: bool) -> ApiResult<BackupState> {
        let (plan, record, attempt) = self.store.read(|conn| {
            Ok((
                stored::<Schedule>(conn, SCHEDULE)?,
                stored::<Record>(conn, RECORD)?,
                stored::<Option<BackupAttempt>>(conn, ATTEMPT)?,
            ))
        })?;
        let next = plan.next_date(&record, self.today());
        Ok(BackupState {
            folder: folder_of(&plan, root).display().to_string(),
            last_good_at: record.last_good.map(instant),
            last: attempt,
            next_at: plan.enabled.then(|| format!("{next}T00:00:00+08:00")),
            attention: plan.needs_a_look(&record, self.now.at()),
            enabled: plan.enabled,
            every_days: plan.every_days,
            keep_daily: plan.keep_daily,
            keep_weekly: plan.keep_weekly,
            keep_monthly: plan.keep_monthly,
            running,
        })
    }

    fn backup_settings_set(&self, req: &BackupSettingsReq) -> ApiResult<()> {
        self.may(Act::Manage)?;
        let mut plan: Schedule = self.store.read(|conn| stored(conn, SCHEDULE))?;
        let within = |field: &str, value: Option<u32>, least: u32, most: u32, old: u32| match value {
            Some(value) if !(least..=most).contains(&value) => {
                Err(ApiError::field(ErrorCode::FieldInvalid, field))
            }
            value => Ok(value.unwrap_or(old)),
        };
        plan.every_days = within("everyDays", req.every_days, 1, MOST_DAYS, plan.every_days)?;
        plan.keep_daily = within("keepDaily", req.keep_daily, 1, MOST_KEPT, plan.keep_daily)?;
        plan.keep_weekly = within("keepWeekly", req.keep_weekly, 0, MOST_KEPT, plan.keep_weekly)?;
        plan.keep_monthly = within("keepMonthly", req.keep_monthly, 0, MOST_KEPT, plan.keep_monthly)?;
        plan.enabled = req.enabled.unwrap_or(plan.enabled);
        if let Some(folder) = &req.folder {
            plan.folder.clone_from(folder);
        }
        let folder = folder_of(&plan, self.store.root());
        if plan.enabled {
            if !folder.is_absolute() {
                return Err(ApiError::field(ErrorCode::FieldInvalid, "folder"));
            }
            if !plan.folder.is_empty() && !folder.is_dir() {
                return Err(ApiError::field(ErrorCode::FolderMissing, "folder"));
            }
            backup::make_folder(&folder)?;
        }
        backup::note_folder(self.store.root(), &folder)?;
        let actor = self.actor()?;
        let detail = serde_json::json!({ "enabled": plan.enabled, "everyDays": plan.every_days });
        let entry = self.entry(&actor, "backup.scheduled", "profile", detail);
        Ok(self.store.write_local(|tx| {
            setting::set(tx, SCHEDULE, &text(&plan))?;
            audit::append(tx, &entry).map(drop)
        })?)
    }

    /// Makes a backup and says so in the log.
    fn back_up(&self, file: &Path) -> ApiResult<BackupMade> {
        let report = self.store.back_up(file, self.now.at(), |_, _| true)?;
        let actor = self.actor()?;
        let detail =
            serde_json::json!({ "backup": report.info.id, "sha256": report.sha256, "bytes": report.bytes });
        let entry = self.entry(&actor, "backup.made", "profile", detail);
        self.store.write_local(|tx| audit::append(tx, &entry))?;
        Ok(BackupMade {
            file: report.file.display().to_string(),
            bytes: report.bytes.to_string(),
            created_at: instant(report.info.created_at),
            sha256: report.sha256,
            verified: report.chain_ok,
        })
    }

    /// Makes one into the folder of the scheduled ones, remembers how it went, and lets the outdated ones go once it
    /// is good. By itself, with `name`, else by hand.
    fn back_up_to_folder(&self, prefix: &str) -> ApiResult<BackupMade> {
        let (plan, mut record) = self
            .store
            .read(|conn| Ok((stored::<Schedule>(conn, SCHEDULE)?, stored::<Record>(conn, RECORD)?)))?;
        let folder = folder_of(&plan, self.store.root());
        let file = name_in(&folder, prefix, self.now.at());
        // A chosen folder may be on a disk that is not plugged in: it is not made anew elsewhere.
        let made =
            if plan.folder.is_empty() { backup::make_folder(&folder).map_err(Into::into) } else { Ok(()) }
                .and_then(|()| self.back_up(&file));
        let now = self.now.at();
        record.last_try = Some(now);
        record.last_failed = made.is_err();
        if made.is_ok() {
            record.last_good = Some(now);
        }
        let attempt = BackupAttempt {
            at: self.now.to_string(),
            ok: made.is_ok(),
            file: file.display().to_string(),
            error: made.as_ref().err().map(|error| error.code),
        };
        self.store.write_local(|tx| {
            setting::set(tx, RECORD, &text(&record))?;
            setting::set(tx, ATTEMPT, &text(&Some(attempt)))
        })?;
        let made = made?;
        backup::note_folder(self.store.root(), &folder)?;
        prune(self.store, &plan, &folder);
        Ok(made)
    }

    /// Whether one is to be made by itself. The demo hospital needs none.
    fn backup_is_due(&self) -> ApiResult<bool> {
        let (plan, record, demo) = self.store.read(|conn| {
            Ok((
                stored::<Schedule>(conn, SCHEDULE)?,
                stored::<Record>(conn, RECORD)?,
                setting::get(conn, DEMO)?,
            ))
        })?;
        Ok(demo.is_none() && plan.is_due(&record, self.now.at()))
    }
}

fn folder_of(plan: &Schedule, root: &Path) -> PathBuf {
    if plan.folder.is_empty() { root.join("backups") } else { PathBuf::from(&plan.folder) }
}

/// Lets the outdated ones go of those that this profile made by itself, and what an interrupted one left.
fn prune(store: &Store, plan: &Schedule, folder: &Path) {
    let mut own = Vec::new();
    for path in files_in(folder) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with(SCHEDULED) {
            continue;
        }
        if path.extension().is_some_and(|ending| ending == "part") {
            // Nobody else writes one under this name while we hold the profile.
            let _ = fs::remove_file(&path);
        } else if name.ends_with(EXTENSION) && store.is_own_backup(&path) {
            own.extend(backup::inspect(&path).ok().map(|info| (info.created_at, path)));
        }
    }
    let made: Vec<_> = own.iter().map(|(at, _)| *at).collect();
    for place in plan.outdated(&made) {
        if let Err(error) = fs::remove_file(&own[place].1) {
            tracing::warn!(%error, "an outdated backup stays");
        }
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

/// Every backup in a folder, newest first.
fn list(folder: &Path, store: Option<&Store>) -> Vec<BackupRow> {
    let backups =
        files_in(folder).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == EXTENSION));
    let mut rows: Vec<BackupRow> = backups
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let info = backup::inspect(&path).ok();
            let own = store.is_some_and(|store| store.is_own_backup(&path));
            BackupRow {
                bytes: fs::metadata(&path).map_or(0, |file| file.len()).to_string(),
                created_at: info.as_ref().map(|info| instant(info.created_at)).unwrap_or_default(),
                // A backup gets its name when it has been verified; here its header and its length still fit.
                verified: info.is_some(),
                scheduled: name.starts_with(SCHEDULED),
                own,
                file: path.display().to_string(),
                name,
            }
        })
        .collect();
    rows.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.name.cmp(&a.name)));
    rows
}

impl App {
    /// Makes a backup now, verified before it gets its name.
    pub async fn backup_now(self: &Arc<Self>, req: BackupNowReq) -> ApiResult<BackupMade> {
        let file = match (req.file, req.choose) {
            (Some(file), _) => Some(PathBuf::from(file)),
            (None, true) => {
                let now = self.config.clock.now().at();
                let name = format!("sunbench-{}.{EXTENSION}", now.format("%Y%m%dT%H%M%S"));
                let chooser = self.config.files.as_ref().ok_or(ErrorCode::NotFound)?;
                Some(chooser.choose_save(&name, KINDS).await.ok_or(ErrorCode::Cancelled)?)
            }
            (None, false) => None,
        };
        self.backing_up(move |context| match file {
            Some(file) => context.back_up(&file),
            None => context.back_up_to_folder("sunbench-"),
        })
        .await
    }

    /// When backups are made by themselves, and how the last one went.
    pub async fn backup_settings(self: &Arc<Self>, _: Nothing) -> ApiResult<BackupState> {
        self.run(|context, app| context.backup_state(&app.config.data_dir, app.is_backing_up())).await
    }

    /// Changes when and where backups are made by themselves.
    pub async fn backup_settings_set(self: &Arc<Self>, mut req: BackupSettingsReq) -> ApiResult<BackupState> {
        if req.choose_folder {
            let chooser = self.config.files.as_ref().ok_or(ErrorCode::NotFound)?;
            let folder = chooser.choose_folder().await.ok_or(ErrorCode::Cancelled)?;
            req.folder = Some(folder.display().to_string());
        }
        self.run(move |context, _| context.backup_settings_set(&req)).await?;
        self.backup_settings(Nothing {}).await
    }

    /// The backups in the folder, newest first; without an open profile those in the folder noted last.
    pub async fn backups_list(self: &Arc<Self>, _: Nothing) -> ApiResult<BackupList> {
        let (root, store) = (self.config.data_dir.clone(), self.store().ok());
        blocking(move || {
            let chosen =
                store.as_ref().and_then(|store| store.read(|conn| stored::<Schedule>(conn, SCHEDULE)).ok());
            let folder = match chosen {
                Some(plan) => folder_of(&plan, &root),
                None => backup::noted_folder(&root).unwrap_or_else(|| root.join("backups")),
            };
            Ok(BackupList { rows: list(&folder, store.as_deref()), folder: folder.display().to_string() })
        })
        .await
    }

    pub(crate) fn is_backing_up(&self) -> bool {
        self.backups.running.load(Ordering::Relaxed)
    }

    async fn backing_up(
        self: &Arc<Self>,
        make: impl FnOnce(&Context<'_>) -> ApiResult<BackupMade> + Send + 'static,
    ) -> ApiResult<BackupMade> {
        self.run(move |context, app| {
            app.backups.running.store(true, Ordering::Relaxed);
            let made = make(context);
            app.backups.running.store(false, Ordering::Relaxed);
            made
        })
        .await
    }

    /// Makes backups by themselves for as long as the program lives.
    pub(crate) fn back_up_regularly(self: &Arc<Self>) {
        let app = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut clock = tokio::time::interval(LOOK_EVERY);
            clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut waited = 0;
            loop {
                clock.tick().await;
                let Some(app) = app.upgrade() else { return };
                // No profile: nothing to back up.
                if !app.run(|context, _| context.backup_is_due()).await.unwrap_or(false) {
                    waited = 0;
                    continue;
                }
                waited += 1;
                if waited < LONGEST_WAIT && !app.is_idle().await {
                    continue;
                }
                waited = 0;
                app.back_up_by_itself().await;
            }
        });
    }

    /// Nobody is at the window, and sync is not busy.
    async fn is_idle(self: &Arc<Self>) -> bool {
        let busy = self.sync_status(Nothing {}).await.is_ok_and(|status| {
            matches!(status.phase, SyncPhase::FirstSync | SyncPhase::Syncing | SyncPhase::Connecting)
        });
        !busy && self.activity.idle(self.config.clock.now().unix(), IDLE_MINUTES)
    }

    /// One scheduled backup; a failure is told.
    pub(crate) async fn back_up_by_itself(self: &Arc<Self>) {
        if let Err(error) = self.backing_up(|context| context.back_up_to_folder(SCHEDULED)).await {
            tracing::warn!(code = ?error.code, "the scheduled backup failed");
            self.tell(AppEvent::Reminder(Reminder {
                title: "自动备份没有成功".to_owned(),
                body: "请在设置的“备份”中查看原因".to_owned(),
                target: "backup".to_owned(),
            }));
        }
        self.tell(AppEvent::DataChanged);
    }
}

#[cfg(test)]
mod tests {
    use sunbench_store::vault::PassphraseCost;
    use sunbench_store::{KeySource, Passphrase};
    use sunbench_workdays::Calendar;

    use super::*;
    use crate::indicators::Measurements;

    #[test]
    fn outdated_ones_go_only_after_a_good_one() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("profile");
        let key = KeySource::Passphrase(Passphrase::new("备份测试", PassphraseCost::Scripted));
        let start = Instant::parse("2026-11-01 09:30:00").unwrap();
        let (store, _) = Store::create(&root, &key, start.at()).unwrap();
        let measurements = Measurements::default();
        let on = |day: i64| Context {
            store: &store,
            calendar: Calendar::built_in(),
            now: Instant::from_unix(start.unix() + day * 86_400).unwrap(),
            measurements: &measurements,
        };
        let keep = BackupSettingsReq {
            enabled: None,
            folder: None,
            choose_folder: false,
            every_days: None,
            keep_daily: Some(2),
            keep_weekly: Some(0),
            keep_monthly: Some(1),
        };
        on(0).backup_settings_set(&keep).unwrap();
        let names = || -> Vec<String> {
            list(&root.join("backups"), Some(&store)).into_iter().map(|row| row.name).collect()
        };
        let by_hand = on(0).back_up_to_folder("sunbench-").unwrap();
        fs::write(root.join("backups/sunbench-auto-x.sbk"), "not ours").unwrap();
        fs::write(root.join("backups/sunbench-auto-y.sbk.part"), "left").unwrap();
        for day in 1..=5 {
            assert!(on(day).backup_is_due().unwrap(), "{day}");
            let made = on(day).back_up_to_folder(SCHEDULED).unwrap();
            assert!(made.verified);
            assert!(!on(day).backup_is_due().unwrap(), "{day}");
        }
        let expected = [
            "sunbench-auto-20261106T093000.sbk",
            "sunbench-auto-20261105T093000.sbk",
            "sunbench-20261101T093000.sbk",
            "sunbench-auto-x.sbk",
        ];
        assert_eq!(names(), expected, "what is not made by itself, or not ours, stays");
        assert!(!root.join("backups/sunbench-auto-y.sbk.part").exists());
        let rows = list(&root.join("backups"), Some(&store));
        assert_eq!(
            rows.iter().map(|row| (row.verified, row.own)).collect::<Vec<_>>(),
            [(true, true), (true, true), (true, true), (false, false)]
        );
        assert_eq!(rows[2].file, by_hand.file);

        // The folder cannot be written to: the failure is told, the good ones stay, and it is tried again an hour later.
        let folder = root.join("backups");
        fs::rename(&folder, root.join("away")).unwrap();
        fs::write(&folder, "in the way").unwrap();
        on(6).back_up_to_folder(SCHEDULED).unwrap_err();
        let state = on(6).backup_state(&root, false).unwrap();
        assert!(state.attention && !state.last.unwrap().ok);
        assert_eq!(state.last_good_at.as_deref(), Some("2026-11-06T09:30:00+08:00"));
        assert!(!on(6).backup_is_due().unwrap());
        fs::remove_file(&folder).unwrap();
        fs::rename(root.join("away"), &folder).unwrap();
        assert_eq!(names(), expected);
        assert!(on(7).backup_is_due().unwrap());
        on(7).back_up_to_folder(SCHEDULED).unwrap();
        assert!(!on(7).backup_state(&root, false).unwrap().attention);

        for (field, req) in [
            ("everyDays", BackupSettingsReq { every_days: Some(0), ..keep.clone() }),
            ("keepDaily", BackupSettingsReq { keep_daily: Some(0), ..keep.clone() }),
            ("keepMonthly", BackupSettingsReq { keep_monthly: Some(100), ..keep.clone() }),
            ("folder", BackupSettingsReq { folder: Some("relative".into()), ..keep.clone() }),
            ("folder", BackupSettingsReq { folder: Some("/no/such/folder".into()), ..keep.clone() }),
        ] {
            assert_eq!(on(7).backup_settings_set(&req).unwrap_err().field.as_deref(), Some(field));
        }
    }
}
