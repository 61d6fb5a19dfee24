//! The profile's life: create, open, lock, salvage.

use std::sync::Arc;
use std::time::Duration;

use sunbench_store::vault::{PassphraseCost, SlotKind};
use sunbench_store::{
    Attempts, KeySource, LockReason, Passphrase, ProfileState, Store, StoreError, audit, setting,
};
use zeroize::Zeroizing;

use crate::app::{App, blocking};
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::permission;
use crate::wire::{
    Act, AppState, Connection, Demo, LockCause, LockedPerson, Nothing, ProfileCreateReq, ProfileCreated,
    ProfileStatus, ProfileUnlockReq, Salvaged,
};

/// How long closing waits for use cases that still run: ten seconds.
const CLOSING_LOOKS: u32 = 500;
const CLOSING_LOOK: Duration = Duration::from_millis(20);

/// Set while the profile belongs to the demo hospital.
pub(crate) const DEMO: &str = "connection.demo";

impl App {
    /// Where the program stands.
    pub async fn app_state(self: &Arc<Self>, _: Nothing) -> ApiResult<AppState> {
        let (open, cause, damaged, access) =
            self.with_state(|state| (state.store.clone(), state.cause, state.damaged, state.demo.clone()));
        let folder = self.config.data_dir.clone();
        let now = self.config.clock.now().unix();
        let unattended = self.config.passphrase_file.is_some();
        let demo_online = self.config.demo.as_ref().is_some_and(|host| host.is_online());
        blocking(move || {
            let inspected = Store::inspect(&folder);
            let ways = ways(&inspected);
            // Where a file gives the passphrase, nobody is asked for it.
            let has_passphrase = ways.contains(&SlotKind::Passphrase) && !unattended;
            let profile = match (&open, &inspected) {
                (Some(_), _) => ProfileStatus::Open,
                (None, Ok(ProfileState::Empty)) => ProfileStatus::None,
                _ => ProfileStatus::Locked,
            };
            let people = Store::people_of(&folder).unwrap_or_default();
            let connection = match &open {
                Some(store) => store.read(|conn| {
                    let demo = setting::get(conn, DEMO)?.is_some();
                    Ok(sunbench_store::local::account::get(conn)?.map(|account| Connection {
                        signed_in: account.is_signed_in(),
                        platform: account.platform,
                        url: account.url,
                        institution: account.institution,
                        institution_name: account.institution_name,
                        user: account.user,
                        user_name: account.user_name.clone(),
                        may: permission::acts(&account.roles),
                        roles: account.roles,
                        demo,
                    }))
                })?,
                None => None,
            };
            Ok(AppState {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                cause: match profile {
                    ProfileStatus::Open => damaged.then_some(LockCause::Damaged),
                    ProfileStatus::None => None,
                    ProfileStatus::Locked => Some(match inspected {
                        Ok(ProfileState::DatabaseMissing) => LockCause::DatabaseMissing,
                        Err(error) => cause_of(&error, &ways).unwrap_or(LockCause::ByUser),
                        Ok(_) => cause.unwrap_or(LockCause::ByUser),
                    }),
                },
                profile,
                has_passphrase,
                demo: access.filter(|_| connection.as_ref().is_some_and(|c| c.demo)).map(|access| Demo {
                    online: demo_online,
                    console: access.console,
                    supervisor: access.supervisor,
                    supervisor_password: access.supervisor_password,
                }),
                connection,
                people: people
                    .into_iter()
                    .map(|person| LockedPerson { id: person.id.to_string(), name: person.name })
                    .collect(),
                retry_after_s: Attempts::load(&folder).wait_s(now),
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

    pub(crate) async fn open_with(self: &Arc<Self>, source: Arc<KeySource>) -> ApiResult<()> {
        let folder = self.config.data_dir.clone();
        let given = Arc::clone(&source);
        let opened = blocking(move || {
            Ok(Store::open(&folder, &given)
                .map_err(|error| (cause_of(&error, &ways(&Store::inspect(&folder))), ApiError::from(error))))
        })
        .await?;
        match opened {
            Ok(store) => {
                // What a crash left.
                self.forget_viewed().await;
                self.with_state(|state| {
                    state.store = Some(Arc::new(store));
                    state.source = Some(source);
                    state.cause = None;
                });
                // Nobody works in another's name: without knowing whose it is, it is closed again.
                if let Err(error) = self.run(|context, _| context.put_to_work()).await {
                    self.close().await;
                    return Err(error);
                }
                self.link_up().await;
                self.measure_ahead();
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

    /// Opens the profile with the keyring, a passphrase or the recovery code. A passphrase is a person's own act, so it
    /// checks in.
    pub async fn profile_unlock(self: &Arc<Self>, req: ProfileUnlockReq) -> ApiResult<AppState> {
        let _alone = self.unlocking.lock().await;
        if self.with_state(|state| state.store.is_none()) {
            let own = req.passphrase.is_some();
            let source = self.typed_source(req)?;
            if own {
                self.try_passphrase(source).await?;
            } else {
                self.open_with(Arc::new(source)).await?;
            }
            self.active();
            self.run(|context, _| context.note_unlock()).await?;
            if own && self.is_connected().await? {
                self.run(|context, _| context.record_check_in()).await?;
                self.wake();
            }
        }
        self.app_state(Nothing {}).await
    }

    fn typed_source(&self, req: ProfileUnlockReq) -> ApiResult<KeySource> {
        let typed = |text| Passphrase::new(text, PassphraseCost::Interactive);
        Ok(match (req.person, req.passphrase, req.recovery_code) {
            (Some(person), Some(text), _) => KeySource::Person {
                person: person.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "person"))?,
                passphrase: typed(text),
            },
            (None, Some(text), _) => KeySource::Passphrase(typed(text)),
            (_, None, Some(code)) => KeySource::Recovery(Zeroizing::new(code)),
            (_, None, None) => self.quiet_source()?,
        })
    }

    /// A guess costs time, and more with each wrong one. It is counted before it is tried: ending the program in the
    /// middle undoes nothing.
    async fn try_passphrase(self: &Arc<Self>, source: KeySource) -> ApiResult<()> {
        let folder = self.config.data_dir.clone();
        let now = self.config.clock.now().unix();
        let root = folder.clone();
        let before = blocking(move || {
            let before = Attempts::load(&root);
            if before.wait_s(now) > 0 {
                return Err(ErrorCode::TooManyAttempts.into());
            }
            Attempts::failed(&root, now)?;
            Ok(before)
        })
        .await?;
        let outcome = self.open_with(Arc::new(source)).await;
        let code = outcome.as_ref().err().map(|error| error.code);
        blocking(move || {
            match code {
                Some(ErrorCode::WrongKey | ErrorCode::PassphraseLapsed) => {}
                None => Attempts::forget(&folder)?,
                Some(_) => before.keep(&folder)?,
            }
            Ok(())
        })
        .await?;
        outcome
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
        let report = blocking(move || Ok(Store::salvage(&folder, &given, now)?)).await?;
        self.open_with(source).await?;
        let rows: u64 = report.tables.iter().map(|table| table.copied).sum();
        let whole = report.tables.iter().all(|table| table.complete);
        self.run(move |context, _| {
            let detail = serde_json::json!({ "rows": rows, "complete": whole });
            let entry = context.entry("", "profile.salvaged", "profile", detail);
            Ok(context.store.write_local(|tx| audit::append(tx, &entry))?)
        })
        .await?;
        Ok(Salvaged { moved_to: report.moved_to.display().to_string(), rows: crate::outbox::small(rows) })
    }

    /// Makes a new recovery code; the one before stops working.
    pub async fn recovery_code_renew(self: &Arc<Self>, _: Nothing) -> ApiResult<ProfileCreated> {
        self.run(|context, _| {
            context.may(Act::Manage)?;
            let actor = context.actor()?;
            let code = context.store.new_recovery_code()?;
            let entry = context.entry(&actor, "recoveryCode.renewed", "profile", serde_json::json!({}));
            context.store.write_local(|tx| audit::append(tx, &entry))?;
            Ok(ProfileCreated { recovery_code: code.reveal().to_string() })
        })
        .await
    }

    pub(crate) async fn close(&self) {
        let (link, leaving, store, _) = self.with_state(|state| {
            state.damaged = false;
            (state.link.take(), state.leaving.take(), state.store.take(), state.source.take())
        });
        if let Some(leaving) = leaving {
            leaving.abort();
        }
        if let Some(link) = link {
            link.stop().await;
        }
        let Some(store) = store else { return };
        // Only who holds the profile's lock: another program may have files open there.
        self.forget_viewed().await;
        let_go(store).await;
        // The next one may be another, of as many changes.
        self.measurements.clear();
    }
}

/// Waits until the last use case has let go: then the file is closed and the key wiped.
async fn let_go(mut store: Arc<Store>) {
    for _ in 0..CLOSING_LOOKS {
        match Arc::try_unwrap(store) {
            Ok(alone) => return drop(alone),
            Err(shared) => store = shared,
        }
        tokio::time::sleep(CLOSING_LOOK).await;
    }
    tracing::warn!("something still holds the profile");
}

/// The ways of unlocking, as far as the folder tells.
fn ways(inspected: &Result<ProfileState, StoreError>) -> Vec<SlotKind> {
    match inspected {
        Ok(ProfileState::Ready(slots)) => slots.clone(),
        _ => Vec::new(),
    }
}

/// What the window shows of a failure to open; `None` when it says nothing about the profile.
fn cause_of(error: &StoreError, ways: &[SlotKind]) -> Option<LockCause> {
    let has_passphrase = ways.contains(&SlotKind::Passphrase);
    Some(match error {
        // People have passphrases of their own: the profile is locked, and nothing is wrong with it.
        StoreError::Locked(LockReason::NoSuchSlot) if ways.contains(&SlotKind::Person) => LockCause::ByUser,
        StoreError::Locked(LockReason::WrongKey) if ways.contains(&SlotKind::Person) => return None,
        StoreError::KeyringAbsent if has_passphrase => LockCause::Passphrase,
        StoreError::KeyringAbsent => LockCause::KeyringAbsent,
        StoreError::KeyringLocked => LockCause::KeyringLocked,
        StoreError::Locked(LockReason::WrongKey | LockReason::NoSuchSlot) if has_passphrase => {
            LockCause::Passphrase
        }
        StoreError::KeyMissing | StoreError::Locked(LockReason::WrongKey | LockReason::NoSuchSlot) => {
            LockCause::KeyMissing
        }
        StoreError::DatabaseMissing => LockCause::DatabaseMissing,
        StoreError::Corrupt { .. } => LockCause::Damaged,
        StoreError::TooNew { .. } => LockCause::TooNew,
        StoreError::InUse => LockCause::InUse,
        StoreError::DiskFull => LockCause::DiskFull,
        StoreError::ReadOnly => LockCause::ReadOnly,
        // Mistyped, or of an earlier key, and the profile is as locked as before.
        StoreError::RecoveryCode(_) | StoreError::Locked(LockReason::Lapsed) => return None,
        StoreError::Locked(_) => LockCause::KeyFile,
        StoreError::Disk(_) | StoreError::Io { .. } => LockCause::DiskFailed,
        StoreError::NotFound
        | StoreError::AlreadyExists
        | StoreError::FolderMissing
        | StoreError::Backup(_)
        | StoreError::Sqlite(_) => LockCause::ByUser,
    })
}
