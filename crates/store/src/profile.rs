//! A profile's folder, and the open profile: [`Store`].
//!
//! ```text
//! <data>/lock              held while a program has the profile open
//! <data>/db/keys.json      how to get at the key; no secret in clear
//! <data>/db/keys.json.bak  its copy
//! <data>/db/sunbench.db    the encrypted database
//! <data>/replaced-…        a profile that a restored backup replaced
//! ```
//! The database has a folder of its own because the window's engine writes into `<data>`.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::{
    anchor::Anchor,
    audit::{self, ChainReport},
    connection::{self, Role},
    durable,
    error::{LockReason, StoreError, StoreResult},
    exchange,
    gate::{Lane, WriteGate},
    lock::ProfileLock,
    readers::Readers,
    schema,
    vault::{
        self, DatabaseKey, KeyRing, KeySource, OsKeyRing, Passphrase, Person, RecoveryCode, SlotKind,
        UnlockedBy, Vault,
    },
};

pub(crate) const DATABASE: &str = "sunbench.db";
const UNFINISHED: &str = "sunbench.db.new";

/// The paths of a profile.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) root: PathBuf,
    pub(crate) db_dir: PathBuf,
    pub(crate) database: PathBuf,
    unfinished: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self::in_folder(root, root.join("db"))
    }

    /// As it is now, for somebody who only looks: a restore may have been interrupted.
    fn present(root: &Path) -> Self {
        Self::in_folder(root, exchange::present(root))
    }

    fn in_folder(root: &Path, db_dir: PathBuf) -> Self {
        Self {
            root: root.to_owned(),
            database: db_dir.join(DATABASE),
            unfinished: db_dir.join(UNFINISHED),
            db_dir,
        }
    }

    pub(crate) fn lock(&self) -> StoreResult<ProfileLock> {
        ProfileLock::take(&self.root.join("lock"))
    }

    pub(crate) fn has_database(&self) -> StoreResult<bool> {
        self.database.try_exists().map_err(|e| StoreError::io(&self.database, e))
    }
}

/// What is in a folder, without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileState {
    /// Nothing, or a creation that was interrupted: create.
    Empty,
    /// A profile that can be opened in these ways.
    Ready(Vec<SlotKind>),
    /// A profile whose database is gone.
    DatabaseMissing,
}

/// An open profile (已打开的档案). One per folder and machine; share it behind an `Arc`.
///
/// ```no_run
/// # use sunbench_store::{KeySource, Store, StoreError};
/// let store = Store::open("/home/li/.local/share/sunbench".as_ref(), &KeySource::Keyring)?;
/// store.write_local(|tx| sunbench_store::setting::set(tx, "theme", "dark"))?;
/// let theme = store.read(|conn| sunbench_store::setting::get(conn, "theme"))?;
/// # Ok::<(), StoreError>(())
/// ```
pub struct Store {
    // Connections close before the lock is released: fields drop in this order.
    readers: Readers,
    local: Mutex<Connection>,
    mirror: Mutex<Connection>,
    gate: WriteGate,
    anchor: Anchor,
    vault: Mutex<Vault>,
    pub(crate) key: DatabaseKey,
    pub(crate) layout: Layout,
    /// One backup at a time.
    pub(crate) backing_up: Mutex<()>,
    _lock: ProfileLock,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("root", &self.layout.root).finish_non_exhaustive()
    }
}

impl Store {
    /// What `root` holds. Takes no lock and changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when there is a database and no usable key file.
    pub fn inspect(root: &Path) -> StoreResult<ProfileState> {
        let layout = Layout::present(root);
        let database = layout.has_database()?;
        match vault::peek(&layout.db_dir) {
            Ok(Some(keys)) if database || keys.salvaging.is_some() => Ok(ProfileState::Ready(keys.kinds())),
            Ok(Some(keys)) if keys.ready => Ok(ProfileState::DatabaseMissing),
            Ok(None) if database => Err(StoreError::Locked(LockReason::KeyFileMissing)),
            Ok(_) => Ok(ProfileState::Empty),
            Err(_) if !database => Ok(ProfileState::Empty),
            Err(e) => Err(e),
        }
    }

    /// Makes a new profile in `root` and opens it. The recovery code is to be shown once and kept nowhere.
    ///
    /// A crash at any instant leaves either a folder in which `create` works again, or a whole profile.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`], [`StoreError::DatabaseMissing`] when there was one, [`StoreError::InUse`],
    /// the keyring's errors.
    pub fn create(
        root: &Path,
        source: &KeySource,
        now: DateTime<FixedOffset>,
    ) -> StoreResult<(Self, RecoveryCode)> {
        Self::create_with(root, source, &OsKeyRing, now)
    }

    /// [`Self::create`] with another keyring.
    pub fn create_with(
        root: &Path,
        source: &KeySource,
        ring: &dyn KeyRing,
        now: DateTime<FixedOffset>,
    ) -> StoreResult<(Self, RecoveryCode)> {
        let layout = Layout::new(root);
        durable::private_dir(&layout.root)?;
        let lock = layout.lock()?;
        exchange::finish(&layout)?;
        durable::private_dir(&layout.db_dir)?;
        match Self::inspect(root) {
            Ok(ProfileState::Empty) => {}
            Ok(ProfileState::DatabaseMissing) => return Err(StoreError::DatabaseMissing),
            Ok(ProfileState::Ready(_)) | Err(StoreError::Locked(_)) => return Err(StoreError::AlreadyExists),
            Err(e) => return Err(e),
        }
        let (mut vault, code) = Vault::create(&layout.root, &layout.db_dir, source, ring, now)?;
        // The keys are durable; only now may a database appear, and only whole.
        stage_database(&layout, &vault.database_key(), |_| Ok(()))?;
        vault.update(&layout.db_dir, |keys| keys.ready = true)?;
        vault.tidy_keyring(&layout.root, ring);
        Ok((Self::start(layout, vault, lock)?, code))
    }

    /// Opens the profile in `root`.
    ///
    /// # Errors
    /// Every [`StoreError`] but [`StoreError::AlreadyExists`]. With [`StoreError::Locked`] and the keyring's errors
    /// the files are untouched.
    pub fn open(root: &Path, source: &KeySource) -> StoreResult<Self> {
        Self::open_with(root, source, &OsKeyRing)
    }

    /// [`Self::open`] with another keyring.
    pub fn open_with(root: &Path, source: &KeySource, ring: &dyn KeyRing) -> StoreResult<Self> {
        let layout = Layout::new(root);
        let (mut vault, lock) = Self::unlock(&layout, source, ring)?;
        if let Some(folder) = &vault.body().salvaging {
            return Err(StoreError::Corrupt { moved_to: Some(layout.db_dir.join(folder)) });
        }
        if !vault.body().ready {
            // The creation was interrupted between its last two steps.
            vault.update(&layout.db_dir, |keys| keys.ready = true)?;
        }
        Self::start(layout, vault, lock)
    }

    /// Takes the lock and gets the key of a profile that is there.
    pub(crate) fn unlock(
        layout: &Layout,
        source: &KeySource,
        ring: &dyn KeyRing,
    ) -> StoreResult<(Vault, ProfileLock)> {
        // Looking for a profile must not leave a lock file where there is none.
        let present = exchange::present(&layout.root);
        if !present.try_exists().map_err(|e| StoreError::io(&present, e))? {
            return Err(StoreError::NotFound);
        }
        let lock = layout.lock()?;
        exchange::finish(layout)?;
        match Self::inspect(&layout.root)? {
            ProfileState::Empty => Err(StoreError::NotFound),
            ProfileState::DatabaseMissing => Err(StoreError::DatabaseMissing),
            ProfileState::Ready(_) => {
                let vault = Vault::unlock(&layout.db_dir, source, ring)?;
                vault.tidy_keyring(&layout.root, ring);
                Ok((vault, lock))
            }
        }
    }

    fn start(layout: Layout, vault: Vault, lock: ProfileLock) -> StoreResult<Self> {
        let key = vault.database_key();
        let mut local = connection::open(&layout.database, &key, Role::Local)?;
        schema::migrate(&mut local, schema::MIGRATIONS)?;
        let anchor = Anchor::open(&layout.db_dir, &mut local)?;
        let mirror = connection::open(&layout.database, &key, Role::Mirror)?;
        Ok(Self {
            readers: Readers::default(),
            local: Mutex::new(local),
            mirror: Mutex::new(mirror),
            gate: WriteGate::default(),
            anchor,
            vault: Mutex::new(vault),
            key,
            layout,
            backing_up: Mutex::default(),
            _lock: lock,
        })
    }

    /// Reads one consistent snapshot: what is committed meanwhile does not show. Do not nest reads: the few connections
    /// could all wait for each other.
    pub fn read<T>(&self, f: impl FnOnce(&Connection) -> StoreResult<T>) -> StoreResult<T> {
        self.try_read(f)
    }

    /// [`Self::read`] for a caller with an error type of its own.
    pub fn try_read<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.with(|| connection::open(&self.layout.database, &self.key, Role::Reader), f)
    }

    /// Writes people's work in one transaction: committed on `Ok`, and then on disk; rolled back on `Err`. Goes
    /// before a waiting sync.
    ///
    /// # Panics
    /// When called inside another write on the same thread.
    pub fn write_local<T>(&self, f: impl FnOnce(&Transaction<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.try_write_local(f)
    }

    /// [`Self::write_local`] for a caller with an error type of its own.
    pub fn try_write_local<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write(Lane::Local, f)
    }

    /// Writes what sync brings in one transaction: committed on `Ok`, rolled back on `Err`. After a loss of power the
    /// last of them may be gone, cursor and all, and are pulled again. People go first, so keep it short.
    ///
    /// # Panics
    /// When called inside another write on the same thread.
    pub fn write_mirror<T>(&self, f: impl FnOnce(&Transaction<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.try_write_mirror(f)
    }

    /// [`Self::write_mirror`] for a caller with an error type of its own.
    pub fn try_write_mirror<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write(Lane::Mirror, f)
    }

    fn write<T, E: From<StoreError>>(
        &self,
        lane: Lane,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (conn, role) = match lane {
            Lane::Local => (&self.local, Role::Local),
            Lane::Mirror => (&self.mirror, Role::Mirror),
        };
        let _turn = self.gate.enter(lane);
        // A panic in an earlier closure rolled its transaction back; the connection is sound.
        let mut conn = conn.lock().unwrap_or_else(PoisonError::into_inner);
        let result = commit_if_ok(&mut conn, f);
        if result.is_ok() && lane == Lane::Local {
            self.anchor.advance(&conn);
        }
        // After one page that does not decrypt, SQLCipher fails everything on that connection. People go on working
        // with the rest of a damaged file.
        if result.is_err()
            && conn.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_err()
            && let Ok(fresh) = connection::open(&self.layout.database, &self.key, role)
        {
            *conn = fresh;
        }
        result
    }

    /// Walks the audit log's whole chain and compares it with the file beside the database.
    pub fn verify_audit(&self) -> StoreResult<ChainReport> {
        // An entry that is appended meanwhile is in the file before it is in this snapshot; the gate keeps writers out.
        let _turn = self.gate.enter(Lane::Local);
        self.read(|conn| {
            let mut report = audit::verify(conn)?;
            self.anchor.compare(conn, &mut report)?;
            Ok(report)
        })
    }

    /// Lets the audit log go on from where it stands, although the file beside the database knows of more: after a
    /// restored backup, whose entry in the log says so.
    pub fn accept_audit(&self) -> StoreResult<()> {
        self.read(|conn| self.anchor.accept(conn))
    }

    /// The profile's folder.
    pub fn root(&self) -> &Path {
        &self.layout.root
    }

    /// The profile's id.
    pub fn profile_id(&self) -> Uuid {
        self.with_vault(|vault| vault.profile())
    }

    /// What unlocked it this time.
    pub fn unlocked_by(&self) -> UnlockedBy {
        self.with_vault(|vault| vault.unlocked_by())
    }

    /// The ways in which it can be unlocked.
    pub fn slots(&self) -> Vec<SlotKind> {
        self.with_vault(|vault| vault.body().kinds())
    }

    /// The people with a passphrase of their own, also with one that lapsed with a new data key. Takes no lock and needs
    /// no key: for the lock screen.
    pub fn people_of(root: &Path) -> StoreResult<Vec<Person>> {
        Ok(vault::peek(&Layout::new(root).db_dir)?.map(|keys| keys.known_people()).unwrap_or_default())
    }

    /// The people with a passphrase of their own.
    pub fn people(&self) -> Vec<Person> {
        self.with_vault(|vault| vault.body().people())
    }

    /// Sets or replaces one person's passphrase. From then on the key no longer lies in the keyring.
    pub fn set_person(&self, person: Person, passphrase: &Passphrase, ring: &dyn KeyRing) -> StoreResult<()> {
        self.with_vault(|vault| vault.set_person(&self.layout.db_dir, person, passphrase, ring))
    }

    /// Takes one person's passphrase away; when it was the last one, the key goes back into the keyring.
    pub fn remove_person(&self, person: Uuid, ring: &dyn KeyRing) -> StoreResult<()> {
        self.with_vault(|vault| vault.remove_person(&self.layout.db_dir, person, ring))
    }

    /// Whether this is the person's passphrase.
    pub fn is_passphrase_of(&self, person: Uuid, passphrase: &Passphrase) -> StoreResult<bool> {
        self.with_vault(|vault| vault.is_passphrase_of(person, passphrase))
    }

    /// Makes a new recovery code; the one before stops working.
    pub fn new_recovery_code(&self) -> StoreResult<RecoveryCode> {
        self.with_vault(|vault| vault.new_recovery_code(&self.layout.db_dir))
    }

    /// Sets or replaces the passphrase.
    pub fn set_passphrase(&self, passphrase: &Passphrase) -> StoreResult<()> {
        self.with_vault(|vault| vault.set_passphrase(&self.layout.db_dir, passphrase))
    }

    /// Whether `passphrase` opens this profile; [`LockReason::WrongKey`] when it does not.
    pub fn check_passphrase(&self, passphrase: &Passphrase) -> StoreResult<()> {
        self.with_vault(|vault| vault.fits(passphrase))
    }

    /// Puts the key into this machine's keyring.
    pub fn install_keyring(&self, ring: &dyn KeyRing) -> StoreResult<()> {
        self.with_vault(|vault| vault.install_keyring(&self.layout.db_dir, ring))
    }

    pub(crate) fn with_vault<T>(&self, f: impl FnOnce(&mut Vault) -> T) -> T {
        f(&mut self.vault.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn commit_if_ok<T, E: From<StoreError>>(
    conn: &mut Connection,
    f: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
    let value = f(&tx)?;
    tx.commit().map_err(StoreError::from)?;
    Ok(value)
}

/// Makes a whole database under its final name: empty but for what `fill` puts in before it appears. An unfinished one
/// from before is thrown away.
pub(crate) fn stage_database(
    layout: &Layout,
    key: &DatabaseKey,
    fill: impl FnOnce(&mut Connection) -> StoreResult<()>,
) -> StoreResult<()> {
    for suffix in ["", "-wal", "-shm"] {
        durable::remove_if_there(&with_suffix(&layout.unfinished, suffix))?;
    }
    let mut conn = connection::create(&layout.unfinished, key)?;
    schema::migrate(&mut conn, schema::MIGRATIONS)?;
    fill(&mut conn)?;
    connection::finish(conn, &layout.unfinished)?;
    durable::rename(&layout.unfinished, &layout.database)
}

/// SQLite's companion files are named by a suffix.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.to_owned();
    path.as_mut_os_string().push(suffix);
    path
}
