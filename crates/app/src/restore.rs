//! 恢复备份、更换密钥、修改口令: what replaces the profile's files or its keys.

use std::path::PathBuf;
use std::sync::Arc;

use sunbench_contract::time::Instant;
use sunbench_store::vault::{PassphraseCost, SlotKind};
use sunbench_store::{KeySource, Passphrase, RestoreWith, Store, audit, backup};
use zeroize::Zeroizing;

use crate::app::{App, blocking};
use crate::backup::KINDS;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    Act, AppState, KeyRotateReq, Nothing, PassphraseChangeReq, ProfileCreated, ProfileRestoreReq,
    ProfileRestored,
};

impl App {
    /// Puts a backup in the profile's place. What is there is moved aside, and untouched when the backup is not good
    /// or the key does not fit.
    pub async fn profile_restore(self: &Arc<Self>, req: ProfileRestoreReq) -> ApiResult<ProfileRestored> {
        let file = if let Some(file) = req.file {
            PathBuf::from(file)
        } else {
            let chooser = self.config.files.as_ref().ok_or(ErrorCode::NotFound)?;
            chooser.choose_open(KINDS).await.ok_or(ErrorCode::Cancelled)?
        };
        let _alone = self.unlocking.lock().await;
        let before = self.with_state(|state| state.source.clone());
        let source = match (req.recovery_code, req.passphrase) {
            (Some(code), _) => Arc::new(KeySource::Recovery(Zeroizing::new(code))),
            (None, Some(text)) => {
                Arc::new(KeySource::Passphrase(Passphrase::new(text, PassphraseCost::Interactive)))
            }
            (None, None) => match &before {
                Some(source) => Arc::clone(source),
                None => Arc::new(self.quiet_source()?),
            },
        };
        let passphrase = self.lasting_passphrase(&source)?;
        // What shows without a key is looked at while the profile is still open.
        let looked_at = file.clone();
        blocking(move || Ok(backup::verify(&looked_at)?)).await?;
        let open = self.store().is_ok();
        let actor = if open {
            self.run(|context, _| {
                context.may(Act::Manage)?;
                context.actor()
            })
            .await?
        } else {
            String::new()
        };
        self.close().await;
        let restored = self.put_in_place(file, Arc::clone(&source), passphrase, actor).await;
        let restored = match restored {
            Ok(restored) => restored,
            Err(error) => {
                if let (true, Some(before)) = (open, before) {
                    self.open_with(before).await?;
                }
                return Err(error);
            }
        };
        self.open_with(source).await?;
        self.wake();
        Ok(restored)
    }

    /// [`Self::profile_restore`] for a script: the profile is not open, and stays closed.
    pub async fn restore_once(
        self: &Arc<Self>,
        file: PathBuf,
        code: Option<Zeroizing<String>>,
    ) -> ApiResult<ProfileRestored> {
        let source = match code {
            Some(code) => KeySource::Recovery(code),
            None => self.quiet_source()?,
        };
        let passphrase = self.lasting_passphrase(&source)?;
        self.put_in_place(file, Arc::new(source), passphrase, String::new()).await
    }

    /// A script's profile opens by its passphrase file from then on.
    fn lasting_passphrase(&self, source: &KeySource) -> ApiResult<Option<Passphrase>> {
        Ok(match (source, &self.config.passphrase_file) {
            (KeySource::Recovery(_), Some(file)) => Some(Passphrase::from_file(file)?),
            _ => None,
        })
    }

    async fn put_in_place(
        &self,
        file: PathBuf,
        source: Arc<KeySource>,
        passphrase: Option<Passphrase>,
        actor: String,
    ) -> ApiResult<ProfileRestored> {
        let (root, now) = (self.config.data_dir.clone(), self.config.clock.now().at());
        let report = blocking(move || {
            let with = RestoreWith { source: &source, passphrase: passphrase.as_ref(), actor: &actor, now };
            Ok(Store::restore(&root, &file, &with, sunbench_sync::state::after_restore)?)
        })
        .await?;
        Ok(ProfileRestored {
            created_at: Instant::new(report.created_at).to_string(),
            epoch: report.epoch.to_string(),
            waiting: small(report.waiting),
            uncertain: small(report.uncertain),
            moved_to: report.moved_to.map(|folder| folder.display().to_string()),
        })
    }

    /// [`Self::key_rotate`] for a script: the profile is not open, and stays closed.
    pub async fn rotate_key_once(self: &Arc<Self>) -> ApiResult<ProfileCreated> {
        let (root, now, source) =
            (self.config.data_dir.clone(), self.config.clock.now().at(), self.quiet_source()?);
        let code = blocking(move || Ok(Store::rotate_key(&root, &source, None, now)?)).await?;
        Ok(ProfileCreated { recovery_code: code.reveal().to_string() })
    }

    /// Gives the data a new key, and a new recovery code, which is shown once.
    pub async fn key_rotate(self: &Arc<Self>, req: KeyRotateReq) -> ApiResult<ProfileCreated> {
        let _alone = self.unlocking.lock().await;
        self.run(|context, _| context.may(Act::Manage)).await?;
        let Some(source) = self.with_state(|state| state.source.clone()) else {
            return Err(ErrorCode::ProfileLocked.into());
        };
        let given = req.passphrase.map(|text| Passphrase::new(text, PassphraseCost::Interactive));
        self.close().await;
        let (root, now, by) =
            (self.config.data_dir.clone(), self.config.clock.now().at(), Arc::clone(&source));
        let rotated = blocking(move || {
            let code = Store::rotate_key(&root, &by, given.as_ref(), now)?;
            Ok((code, given))
        })
        .await;
        let (code, given) = match rotated {
            Ok(rotated) => rotated,
            Err(error) => {
                self.open_with(source).await?;
                return Err(error);
            }
        };
        // The old recovery code opens it no longer.
        let source = match (&*source, given) {
            (KeySource::Recovery(_), Some(passphrase)) => Arc::new(KeySource::Passphrase(passphrase)),
            (KeySource::Recovery(_), None) => Arc::new(KeySource::Recovery(code.reveal())),
            _ => source,
        };
        self.open_with(source).await?;
        Ok(ProfileCreated { recovery_code: code.reveal().to_string() })
    }

    /// Sets the profile's passphrase, or changes it.
    pub async fn passphrase_change(self: &Arc<Self>, req: PassphraseChangeReq) -> ApiResult<AppState> {
        let new = Zeroizing::new(req.new);
        if new.chars().count() < crate::people::SHORTEST {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "new"));
        }
        let source = self
            .run(move |context, _| {
                context.may(Act::Manage)?;
                if context.store.slots().contains(&SlotKind::Passphrase) {
                    let old = req.old.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "old"))?;
                    context.store.check_passphrase(&Passphrase::new(old, PassphraseCost::Interactive))?;
                }
                let passphrase = Passphrase::new(new.as_str(), PassphraseCost::Interactive);
                context.store.set_passphrase(&passphrase)?;
                let actor = context.actor()?;
                let entry = context.entry(&actor, "passphrase.set", "profile", serde_json::json!({}));
                context.store.write_local(|tx| audit::append(tx, &entry))?;
                Ok(KeySource::Passphrase(passphrase))
            })
            .await?;
        self.with_state(|state| {
            // What opens the profile again after a salvage.
            if matches!(state.source.as_deref(), Some(KeySource::Passphrase(_))) {
                state.source = Some(Arc::new(source));
            }
        });
        self.app_state(Nothing {}).await
    }
}
