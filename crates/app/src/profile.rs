//! The profile's life: create, open, lock, salvage.

use std::sync::Arc;

use sunbench_store::vault::PassphraseCost;
use sunbench_store::{KeySource, LockReason, Passphrase, ProfileState, Store, StoreError, audit, setting};
use zeroize::Zeroizing;

use crate::app::{App, blocking};
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{
    AppState, Connection, Demo, LockCause, Nothing, ProfileCreateReq, ProfileCreated, ProfileStatus,
    ProfileUnlockReq, Salvaged,
};

/// What people made; saved from a damaged database.
const LOCAL_TABLES: &[&str] = &[
    "setting",
    "audit_log",
    "account",
    "outbox",
    "outbox_attachment",
    "attachment",
    "reply_draft",
    "check_in_act",
];

/// Set while the profile belongs to the demo hospital.
pub(crate) const DEMO: &str = "connection.demo";

impl App {
    /// Where the program stands.
    pub async fn app_state(self: &Arc<Self>, _: Nothing) -> ApiResult<AppState> {
        let (open, cause, access) =
            self.with_state(|state| (state.store.clone(), state.cause, state.demo.clone()));
        let folder = self.config.data_dir.clone();
        let demo_online = self.config.demo.as_ref().is_some_and(|host| host.is_online());
        blocking(move || {
            let inspected = Store::inspect(&folder);
            let has_passphrase = matches!(&inspected, Ok(ProfileState::Ready(slots))
                if slots.contains(&sunbench_store::vault::SlotKind::Passphrase));
            let profile = match (&open, &inspected) {
                (Some(_), _) => ProfileStatus::Open,
                (None, Ok(ProfileState::Empty)) => ProfileStatus::None,
                _ => ProfileStatus::Locked,
            };
            let connection = match &open {
                Some(store) => store.read(|conn| {
                    let demo = setting::get(conn, DEMO)?.is_some();
                    Ok(sunbench_store::local::account::get(conn)?.map(|account| Connection {
                        platform: account.platform,
                        url: account.url,
                        institution: account.institution,
                        institution_name: account.institution_name,
                        user: account.user,
                        user_name: account.user_name,
                        roles: account.roles,
                        demo,
                    }))
                })?,
                None => None,
            };
            Ok(AppState {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                cause: (profile == ProfileStatus::Locked).then(|| match inspected {
                    Ok(ProfileState::DatabaseMissing) => LockCause::DatabaseMissing,
                    Err(error) => cause_of(&error, has_passphrase).unwrap_or(LockCause::ByUser),
                    Ok(_) => cause.unwrap_or(LockCause::ByUser),
                }),
                profile,
                has_passphrase,
                demo: access.filter(|_| connection.as_ref().is_some_and(|c| c.demo)).map(|access| Demo {
                    online: demo_online,
                    console: access.console,
                    supervisor: access.supervisor,
                    supervisor_password: access.supervisor_password,
                }),
                connection,
                folder: folder.display().to_string(),
            })
        })
        .await
    }

    /// Where the key comes from when nobody is asked.
    pub(crate) fn quiet_source(&self) -> ApiResult<KeySource> {
        Ok(match &self.config.passphrase_file {
            Some(file) => KeySource::Passphrase(Passphrase::from_file(file)?),
            None => KeySource::Keyring,
        })
    }

    /// Opens an existing profile without asking anybody.
    pub(crate) async fn open_quietly(self: &Arc<Self>) -> ApiResult<()> {
        let source = self.quiet_source()?;
        self.open_with(Arc::new(source)).await
    }

    async fn open_with(self: &Arc<Self>, source: Arc<KeySource>) -> ApiResult<()> {
        let folder = self.config.data_dir.clone();
        let given = Arc::clone(&source);
        let opened = blocking(move || {
            Ok(Store::open(&folder, &given).map_err(|error| {
                let has_passphrase = matches!(Store::inspect(&folder), Ok(ProfileState::Ready(slots))
                    if slots.contains(&sunbench_store::vault::SlotKind::Passphrase));
                (cause_of(&error, has_passphrase), ApiError::from(error))
            }))
        })
        .await?;
        match opened {
            Ok(store) => {
                self.with_state(|state| {
                    state.store = Some(Arc::new(store));
                    state.source = Some(source);
                    state.cause = None;
                });
                self.link_up().await;
                Ok(())
            }
            Err((cause, error)) => {
                self.with_state(|state| {
                    if cause == Some(LockCause::Damaged) {
                        state.source = Some(source);
                    }
                    state.cause = cause.or(state.cause);
                });
                Err(error)
            }
        }
    }

    /// Makes a profile; its recovery code is shown once.
    pub async fn profile_create(self: &Arc<Self>, req: ProfileCreateReq) -> ApiResult<ProfileCreated> {
        if self.with_state(|state| state.store.is_some()) {
            return Err(ErrorCode::ProfileExists.into());
        }
        let source = match req.passphrase.filter(|p| !p.is_empty()) {
            Some(text) => KeySource::Passphrase(Passphrase::new(text, PassphraseCost::Interactive)),
            None => self.quiet_source()?,
        };
        let folder = self.config.data_dir.clone();
        let now = self.config.clock.now().at();
        let (store, code, source) = blocking(move || {
            let (store, code) = Store::create(&folder, &source, now)?;
            Ok((store, code, source))
        })
        .await?;
        self.with_state(|state| {
            state.store = Some(Arc::new(store));
            state.source = Some(Arc::new(source));
            state.cause = None;
        });
        self.run(|context, _| {
            let entry = context.entry("", "profile.created", "profile", serde_json::json!({}));
            Ok(context.store.write_local(|tx| audit::append(tx, &entry))?)
        })
        .await?;
        Ok(ProfileCreated { recovery_code: code.reveal().to_string() })
    }

    /// Opens the profile with the keyring, a passphrase or the recovery code: a person's own act, so it checks in.
    pub async fn profile_unlock(self: &Arc<Self>, req: ProfileUnlockReq) -> ApiResult<AppState> {
        if self.with_state(|state| state.store.is_none()) {
            let typed = req.passphrase.is_some() || req.recovery_code.is_some();
            let source = match (req.passphrase, req.recovery_code) {
                (Some(text), _) => KeySource::Passphrase(Passphrase::new(text, PassphraseCost::Interactive)),
                (None, Some(code)) => KeySource::Recovery(Zeroizing::new(code)),
                (None, None) => self.quiet_source()?,
            };
            self.open_with(Arc::new(source)).await?;
            if typed && self.is_connected().await? {
                self.run(|context, _| context.record_check_in()).await?;
                self.wake();
            }
        }
        self.app_state(Nothing {}).await
    }

    /// Closes the profile until somebody unlocks it.
    pub async fn profile_lock(self: &Arc<Self>, _: Nothing) -> ApiResult<AppState> {
        self.close().await;
        self.with_state(|state| state.cause = Some(LockCause::ByUser));
        self.app_state(Nothing {}).await
    }

    /// Moves a damaged database aside and saves what people made from it.
    pub async fn profile_salvage(self: &Arc<Self>, _: Nothing) -> ApiResult<Salvaged> {
        // The passphrase that found the damage opens what is saved as well; nobody types it twice.
        let source = match self.with_state(|state| state.source.clone()) {
            Some(source) => source,
            None => Arc::new(self.quiet_source()?),
        };
        self.close().await;
        let folder = self.config.data_dir.clone();
        let now = self.config.clock.now().at();
        let given = Arc::clone(&source);
        let report = blocking(move || Ok(Store::salvage(&folder, &given, now, LOCAL_TABLES)?)).await?;
        self.open_with(source).await?;
        let rows: u64 = report.tables.iter().map(|table| table.copied).sum();
        Ok(Salvaged { moved_to: report.moved_to.display().to_string(), rows: crate::outbox::small(rows) })
    }

    /// Makes a new recovery code; the one before stops working.
    pub async fn recovery_code_renew(self: &Arc<Self>, _: Nothing) -> ApiResult<ProfileCreated> {
        self.run(|context, _| {
            let code = context.store.new_recovery_code()?;
            let entry = context.entry("", "recoveryCode.renewed", "profile", serde_json::json!({}));
            context.store.write_local(|tx| audit::append(tx, &entry))?;
            Ok(ProfileCreated { recovery_code: code.reveal().to_string() })
        })
        .await
    }

    pub(crate) async fn close(&self) {
        let (link, store, _) =
            self.with_state(|state| (state.link.take(), state.store.take(), state.source.take()));
        if let Some(link) = link {
            link.stop().await;
        }
        drop(store);
    }
}

/// What the window shows of a failure to open; `None` when it says nothing about the profile.
fn cause_of(error: &StoreError, has_passphrase: bool) -> Option<LockCause> {
    Some(match error {
        StoreError::KeyringAbsent if has_passphrase => LockCause::Passphrase,
        StoreError::KeyringAbsent => LockCause::KeyringAbsent,
        StoreError::KeyringLocked => LockCause::KeyringLocked,
        StoreError::Locked(LockReason::WrongKey | LockReason::NoSuchSlot) if has_passphrase => {
            LockCause::Passphrase
        }
        StoreError::KeyMissing | StoreError::Locked(LockReason::WrongKey | LockReason::NoSuchSlot) => {
            LockCause::KeyMissing
        }
        StoreError::Locked(_) => LockCause::KeyFile,
        StoreError::DatabaseMissing => LockCause::DatabaseMissing,
        StoreError::Corrupt { .. } => LockCause::Damaged,
        StoreError::TooNew { .. } => LockCause::TooNew,
        StoreError::InUse => LockCause::InUse,
        StoreError::DiskFull => LockCause::DiskFull,
        StoreError::ReadOnly => LockCause::ReadOnly,
        // Mistyped, and the profile is as locked as before.
        StoreError::RecoveryCode(_) => return None,
        StoreError::Disk(_) | StoreError::Io { .. } => LockCause::DiskFailed,
        StoreError::NotFound | StoreError::AlreadyExists | StoreError::Sqlite(_) => LockCause::ByUser,
    })
}
