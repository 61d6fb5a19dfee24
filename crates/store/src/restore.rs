//! Restoring a backup (恢复备份), and giving the data a new key (更换密钥): both make a whole new database folder
//! and put it in the old one's place.

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
};

use chrono::{DateTime, FixedOffset};
use rusqlite::{Transaction, TransactionBehavior};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Store, anchor, audit,
    backup::{self, Reader},
    connection::{self, Role},
    durable,
    error::{LockReason, StoreError, StoreResult},
    exchange,
    local::outbox,
    profile::{DATABASE, Layout},
    schema, setting,
    vault::{KeyRing, KeySource, OsKeyRing, Passphrase, RecoveryCode, SlotKind, UnlockedBy, Vault},
};

/// The setting that names the profile's life: another one after each restore.
pub const EPOCH: &str = "profile.epoch";

/// What a restore brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// When the backup was made.
    pub created_at: DateTime<FixedOffset>,
    /// Names the life of the profile that begins now.
    pub epoch: Uuid,
    /// Submissions that wait.
    pub waiting: u64,
    /// Of these: may have been sent since the backup, so the platform is asked first.
    pub uncertain: u64,
    /// Where the profile before is, where there was one.
    pub moved_to: Option<PathBuf>,
    /// What opened the backup.
    pub unlocked_by: UnlockedBy,
}

/// What a restore is given beside the file.
#[derive(Debug)]
pub struct RestoreWith<'a> {
    /// What opens the backup: what opened the profile when it was made.
    pub source: &'a KeySource,
    /// A passphrase for the restored profile, where it is to have (another) one.
    pub passphrase: Option<&'a Passphrase>,
    /// Who restores, for the audit log.
    pub actor: &'a str,
    /// Now.
    pub now: DateTime<FixedOffset>,
}

impl Store {
    /// Puts the backup at `file` in the place of the profile in `root`, or into an empty folder. The profile that was
    /// there is moved aside, never deleted. Everything is read and checked before anything is touched.
    ///
    /// What waited to be sent when the backup was made may have been sent since: it is marked so that the platform
    /// is asked by its key first. `adjust` is run in the same transaction.
    ///
    /// # Errors
    /// The backup's ([`crate::error::BackupFault`]), the keys' and [`StoreError::InUse`]; the profile is then as it was.
    pub fn restore(
        root: &Path,
        file: &Path,
        with: &RestoreWith<'_>,
        adjust: impl FnOnce(&Transaction<'_>) -> StoreResult<()>,
    ) -> StoreResult<RestoreReport> {
        Self::restore_with(root, file, with, &OsKeyRing, adjust)
    }

    /// [`Self::restore`] with another keyring.
    pub fn restore_with(
        root: &Path,
        file: &Path,
        with: &RestoreWith<'_>,
        ring: &dyn KeyRing,
        adjust: impl FnOnce(&Transaction<'_>) -> StoreResult<()>,
    ) -> StoreResult<RestoreReport> {
        let read = Reader::open(file)?;
        let mut vault = read.unlock(with.source, ring)?;
        let layout = Layout::new(root);
        durable::private_dir(&layout.root)?;
        let _lock = layout.lock()?;
        exchange::finish(&layout)?;
        let report = Self::put_in_place(&layout, read, &mut vault, with, ring, adjust);
        if report.is_err() {
            exchange::abandon(&layout);
        }
        report
    }

    fn put_in_place(
        layout: &Layout,
        read: Reader,
        vault: &mut Vault,
        with: &RestoreWith<'_>,
        ring: &dyn KeyRing,
        adjust: impl FnOnce(&Transaction<'_>) -> StoreResult<()>,
    ) -> StoreResult<RestoreReport> {
        let info = read.info.clone();
        let making = exchange::begin(layout)?;
        let database = making.join(DATABASE);
        let mut to = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&database)
            .map_err(|e| StoreError::io(&database, e))?;
        read.pass_on(&mut to)?;
        drop(to);
        let key = vault.database_key();
        let checked = backup::check_database(&database, &key)?;

        let epoch = Uuid::now_v7();
        let mut conn = connection::open(&database, &key, Role::Local)?;
        schema::migrate(&mut conn, schema::MIGRATIONS)?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let uncertain = outbox::ask_first(&tx)?;
        let (waiting, _) = outbox::counts(&tx)?;
        setting::set(&tx, EPOCH, &epoch.to_string())?;
        anchor::forget(&tx)?;
        adjust(&tx)?;
        let detail = json!({
            "backup": info.id, "createdAt": info.created_at, "epoch": epoch, "waiting": waiting, "chain": checked.chain.ok,
        });
        let entry = audit::Entry {
            at: with.now,
            actor: with.actor,
            action: "profile.restored",
            subject: "profile",
            detail,
        };
        audit::append(&tx, &entry)?;
        tx.commit()?;
        connection::finish(conn, &database)?;
        vault.move_in(&layout.root, &making, ring, with.passphrase)?;

        let keep_as = layout
            .db_dir
            .exists()
            .then(|| exchange::free_name(layout, &format!("replaced-{}", with.now.format("%Y%m%dT%H%M%S"))));
        exchange::commit(layout, keep_as.as_deref())?;
        vault.tidy_keyring(&layout.root, ring);
        Ok(RestoreReport {
            created_at: info.created_at,
            epoch,
            waiting,
            uncertain,
            moved_to: keep_as.map(|name| layout.root.join(name)),
            unlocked_by: vault.unlocked_by(),
        })
    }

    /// Encrypts the closed profile in `root` anew: another data key, another recovery code, another keyring entry.
    /// What opened it before opens it no longer, but for the passphrases that are at hand: the one of `source` and the one
    /// given. Whose passphrase is not among them is told so at the next attempt ([`LockReason::Lapsed`]) and sets it anew
    /// once somebody else, or the recovery code, has opened the profile. Earlier backups still need their own code.
    /// A kill at any instant leaves the profile whole under the old key or under the new one.
    ///
    /// # Errors
    /// [`LockReason::PassphraseNeeded`] when the profile has a passphrase and none is given, and those of
    /// [`Store::open`]. The profile is then as it was.
    pub fn rotate_key(
        root: &Path,
        source: &KeySource,
        passphrase: Option<&Passphrase>,
        now: DateTime<FixedOffset>,
    ) -> StoreResult<RecoveryCode> {
        Self::rotate_key_with(root, source, passphrase, &OsKeyRing, now)
    }

    /// [`Self::rotate_key`] with another keyring.
    pub fn rotate_key_with(
        root: &Path,
        source: &KeySource,
        passphrase: Option<&Passphrase>,
        ring: &dyn KeyRing,
        now: DateTime<FixedOffset>,
    ) -> StoreResult<RecoveryCode> {
        let layout = Layout::new(root);
        let (vault, _lock) = Self::unlock(&layout, source, ring)?;
        if let Some(folder) = &vault.body().salvaging {
            return Err(StoreError::Corrupt { moved_to: Some(layout.db_dir.join(folder)) });
        }
        let kinds = vault.body().kinds();
        let has_words = kinds.iter().any(|kind| matches!(kind, SlotKind::Passphrase | SlotKind::Person));
        // Whoever changes the key stays able to unlock.
        let own = match source {
            KeySource::Passphrase(own) | KeySource::Person { passphrase: own, .. } => Some(own),
            KeySource::Keyring | KeySource::Recovery(_) => None,
        };
        let passphrases: Vec<&Passphrase> =
            if has_words { own.into_iter().chain(passphrase).collect() } else { Vec::new() };
        if has_words && passphrases.is_empty() {
            return Err(StoreError::Locked(LockReason::PassphraseNeeded));
        }
        for passphrase in &passphrases {
            vault.fits(passphrase)?;
        }
        let making = exchange::begin(&layout)?;
        let (fresh, code) = vault.rotate(&layout.root, &making, ring, &passphrases)?;
        let (database, key) = (making.join(DATABASE), fresh.database_key());
        // The write-ahead log of a killed program is part of what is copied.
        let source = connection::open(&layout.database, &vault.database_key(), Role::Local)?;
        backup::copy_database(&source, &database, &key, &mut |_, _| true)?;
        source.close().map_err(|(_, e)| e)?;
        let mut conn = connection::open(&database, &key, Role::Local)?;
        schema::migrate(&mut conn, schema::MIGRATIONS)?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let entry =
            audit::Entry { at: now, actor: "", action: "key.rotated", subject: "profile", detail: json!({}) };
        audit::append(&tx, &entry)?;
        tx.commit()?;
        connection::finish(conn, &database)?;
        backup::check_database(&database, &key)?;
        // What proves that the audit log lost nothing goes along.
        let proof = anchor::file_in(&layout.db_dir);
        if proof.exists() {
            let bytes = std::fs::read(&proof).map_err(|e| StoreError::io(&proof, e))?;
            durable::replace(&anchor::file_in(&making), &bytes)?;
        }
        // Damaged files that a salvage kept stay where they are readable: beside the key that fits them.
        let keep_as = holds_damaged_files(&layout)
            .then(|| exchange::free_name(&layout, &format!("replaced-{}", now.format("%Y%m%dT%H%M%S"))));
        exchange::commit(&layout, keep_as.as_deref())?;
        fresh.tidy_keyring(&layout.root, ring);
        Ok(code)
    }
}

fn holds_damaged_files(layout: &Layout) -> bool {
    std::fs::read_dir(&layout.db_dir).is_ok_and(|mut files| {
        files.any(|f| f.is_ok_and(|f| f.file_name().to_string_lossy().starts_with("damaged-")))
    })
}
