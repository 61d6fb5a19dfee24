//! Backups (备份): the whole profile in one encrypted file, made while the program works.
//!
//! ```text
//! SUNBENCH-BACKUP\n
//! {"format":1,"body":{…},"keys":{…},"sha256":…,"mac":…}\n
//! the database, encrypted as it is in the profile
//! ```
//! `keys` is the profile's key file, so the recovery code or the passphrase of that day opens the backup on any
//! machine. The body holds the database's length and digest; `sha256` covers body and keys against decay, `mac`
//! under the data key against hands.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read, Write},
    path::{Path, PathBuf},
    sync::PoisonError,
};

use chrono::{DateTime, FixedOffset};
use data_encoding::HEXLOWER;
use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Store, audit,
    connection::{self, Role},
    durable,
    error::{BackupFault, StoreError, StoreResult},
    mirror::work,
    profile::with_suffix,
    schema,
    vault::{DatabaseKey, KeyRing, KeySource, Vault},
};

const MAGIC: &[u8] = b"SUNBENCH-BACKUP\n";
const FORMAT: u32 = 1;
const MAC_PURPOSE: &str = "sunbench backup v1";
/// A header is a few kilobytes.
const LONGEST_HEADER: u64 = 256 * 1024;
/// Pages copied between two looks at whether to go on.
const STEP: i32 = 1_000;
const STAGED: &str = "backup.new";

/// What a backup says of itself. Readable without a key, and without a word of the profile's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupInfo {
    /// Names this backup.
    pub id: Uuid,
    /// When it was made.
    pub created_at: DateTime<FixedOffset>,
    /// The profile that it was made of.
    pub profile: Uuid,
    /// The schema's version.
    pub schema: u32,
    /// Entries of the audit log.
    pub audit_entries: u64,
    /// The newest entry's hash.
    pub audit_head: Option<String>,
    database_bytes: u64,
    database_sha256: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    body: Box<RawValue>,
    keys: Box<RawValue>,
    sha256: String,
    mac: String,
}

impl Header {
    fn covered(&self) -> Vec<u8> {
        [self.body.get().as_bytes(), b"\n", self.keys.get().as_bytes()].concat()
    }
}

/// A backup that was written, read back and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Where it is.
    pub file: PathBuf,
    /// How long it is.
    pub bytes: u64,
    /// SHA-256 of the whole file, in lower-case hex.
    pub sha256: String,
    /// What it says of itself.
    pub info: BackupInfo,
    /// Whether its audit log is whole. A backup of a profile whose log is not is as good as the profile.
    pub chain_ok: bool,
}

impl Store {
    /// Writes a backup to `file` while everybody goes on working: a consistent snapshot, opened and checked, written
    /// beside its final name, flushed, read back, and only then given the name. A backup that is there stays until
    /// the new one is verified. `progress` hears of pages done and in all, and ends it with `false`.
    ///
    /// # Errors
    /// [`BackupFault::OtherFile`] when `file` is something else than a backup, [`StoreError::FolderMissing`],
    /// [`StoreError::DiskFull`], [`StoreError::Corrupt`] when the profile itself is damaged,
    /// [`BackupFault::Cancelled`]. In each case what was at `file` is still there.
    pub fn back_up(
        &self,
        file: &Path,
        now: DateTime<FixedOffset>,
        mut progress: impl FnMut(u32, u32) -> bool,
    ) -> StoreResult<BackupReport> {
        let _one_at_a_time = self.backing_up.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            return Err(StoreError::FolderMissing);
        }
        if file.is_dir()
            || (file.exists() && fs::metadata(file).is_ok_and(|f| f.len() > 0) && !begins_like_one(file)?)
        {
            return Err(BackupFault::OtherFile.into());
        }
        durable::destination_of_backup(file).map_err(|e| StoreError::io(file, e))?;
        let staged = self.layout.db_dir.join(STAGED);
        let part = with_suffix(file, ".part");
        let made = (|| {
            let source = connection::open(&self.layout.database, &self.key, Role::Reader)?;
            copy_database(&source, &staged, &self.key, &mut progress)?;
            drop(source);
            let checked = check_database(&staged, &self.key)?;
            self.write_part(&staged, &part, now, &checked)
        })();
        let finished = made.and_then(|report| {
            durable::rename(&part, file)?;
            Ok(BackupReport { file: file.to_owned(), ..report })
        });
        // Whatever became of it, nothing half-made stays; what cannot be removed now is replaced next time.
        let _ = remove_database(&staged);
        if finished.is_err() {
            let _ = durable::remove_if_there(&part);
        }
        finished
    }

    fn write_part(
        &self,
        staged: &Path,
        part: &Path,
        now: DateTime<FixedOffset>,
        checked: &Checked,
    ) -> StoreResult<BackupReport> {
        let (bytes, digest) = digest_of(staged)?;
        let info = BackupInfo {
            id: Uuid::new_v4(),
            created_at: now,
            profile: self.profile_id(),
            schema: checked.schema,
            audit_entries: checked.chain.entries,
            audit_head: checked.chain.head.clone(),
            database_bytes: bytes,
            database_sha256: digest,
        };
        let header = self.with_vault(|vault| header(vault, &info));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let written = (|| {
            let mut to = options.open(part)?;
            to.write_all(MAGIC)?;
            to.write_all(&header)?;
            to.write_all(b"\n")?;
            io::copy(&mut File::open(staged)?, &mut to)?;
            to.sync_all()
        })();
        written.map_err(|e| StoreError::io(part, e))?;
        // Its bytes are those of the database that was opened and checked, or it is no backup.
        let read = Reader::open(part)?;
        if read.info != info || !self.with_vault(|vault| read.is_from(vault)) {
            return Err(BackupFault::Damaged.into());
        }
        read.pass_on(&mut io::sink())?;
        let (bytes, sha256) = digest_of(part)?;
        Ok(BackupReport { file: part.to_owned(), bytes, sha256, info, chain_ok: checked.chain.ok })
    }

    /// Whether the file at `file` is a backup of this profile that nobody changed, as far as its header tells.
    pub fn is_own_backup(&self, file: &Path) -> bool {
        Reader::open(file).is_ok_and(|read| self.with_vault(|vault| read.is_from(vault)))
    }
}

/// What the backup at `file` says of itself. Checks its header and its length; reads none of the rest.
///
/// # Errors
/// [`BackupFault::OtherFile`] when it is none, [`BackupFault::Damaged`] when it is not whole,
/// [`StoreError::TooNew`].
pub fn inspect(file: &Path) -> StoreResult<BackupInfo> {
    Ok(Reader::open(file)?.info)
}

/// Reads all of the backup at `file` and compares it with what it says of itself. Needs no key.
///
/// # Errors
/// As [`inspect`].
pub fn verify(file: &Path) -> StoreResult<BackupInfo> {
    let read = Reader::open(file)?;
    let info = read.info.clone();
    read.pass_on(&mut io::sink())?;
    Ok(info)
}

/// A backup whose header was read.
pub(crate) struct Reader {
    pub(crate) info: BackupInfo,
    covered: Vec<u8>,
    mac: Vec<u8>,
    keys: String,
    from: BufReader<File>,
    path: PathBuf,
}

impl Reader {
    pub(crate) fn open(path: &Path) -> StoreResult<Self> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let failed = |e| StoreError::io(path, e);
        let damaged = || StoreError::from(BackupFault::Damaged);
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut from = BufReader::new(file);
        let mut magic = vec![0; MAGIC.len()];
        from.read_exact(&mut magic).map_err(|_| StoreError::from(BackupFault::OtherFile))?;
        if magic != MAGIC {
            return Err(BackupFault::OtherFile.into());
        }
        let mut line = Vec::new();
        (&mut from).take(LONGEST_HEADER).read_until(b'\n', &mut line).map_err(failed)?;
        let Format { format } = serde_json::from_slice(&line).map_err(|_| damaged())?;
        if format > FORMAT {
            return Err(StoreError::TooNew { found: format, known: FORMAT });
        }
        let header: Header = serde_json::from_slice(&line).map_err(|_| damaged())?;
        let covered = header.covered();
        if header.sha256 != HEXLOWER.encode(&Sha256::digest(&covered)) {
            return Err(damaged());
        }
        let info: BackupInfo = serde_json::from_str(header.body.get()).map_err(|_| damaged())?;
        let mac = HEXLOWER.decode(header.mac.as_bytes()).map_err(|_| damaged())?;
        if (MAGIC.len() + line.len()) as u64 + info.database_bytes != length {
            return Err(damaged());
        }
        Ok(Self { info, covered, mac, keys: header.keys.get().to_owned(), from, path: path.to_owned() })
    }

    /// The keys, unlocked; they must be those under which the header was written.
    pub(crate) fn unlock(&self, source: &KeySource, ring: &dyn KeyRing) -> StoreResult<Vault> {
        let vault = Vault::unlock_sealed(self.keys.as_bytes(), source, ring)?;
        if !self.is_from(&vault) {
            return Err(BackupFault::Damaged.into());
        }
        Ok(vault)
    }

    fn is_from(&self, vault: &Vault) -> bool {
        vault.verify_mac(MAC_PURPOSE, &self.covered, &self.mac)
    }

    /// Copies the database out and compares it with its digest.
    pub(crate) fn pass_on(mut self, to: &mut dyn Write) -> StoreResult<()> {
        let mut hash = Sha256::new();
        let mut piece = vec![0; 1 << 20];
        loop {
            let length = self.from.read(&mut piece).map_err(|e| StoreError::io(&self.path, e))?;
            if length == 0 {
                break;
            }
            hash.update(&piece[..length]);
            to.write_all(&piece[..length]).map_err(|e| StoreError::io(&self.path, e))?;
        }
        if HEXLOWER.encode(&hash.finalize()) == self.info.database_sha256 {
            Ok(())
        } else {
            Err(BackupFault::Damaged.into())
        }
    }
}

fn header(vault: &Vault, info: &BackupInfo) -> Vec<u8> {
    let keys = String::from_utf8(vault.sealed()).expect("JSON is UTF-8");
    let mut header = Header {
        format: FORMAT,
        body: serde_json::value::to_raw_value(info).expect("the body is plain data"),
        keys: RawValue::from_string(keys).expect("the key file is JSON"),
        sha256: String::new(),
        mac: String::new(),
    };
    let covered = header.covered();
    header.sha256 = HEXLOWER.encode(&Sha256::digest(&covered));
    header.mac = HEXLOWER.encode(&vault.mac(MAC_PURPOSE, &covered));
    serde_json::to_vec(&header).expect("the header is plain data")
}

fn begins_like_one(path: &Path) -> StoreResult<bool> {
    let mut head = Vec::with_capacity(MAGIC.len());
    let read = File::open(path).and_then(|f| f.take(MAGIC.len() as u64).read_to_end(&mut head));
    read.map_err(|e| StoreError::io(path, e))?;
    Ok(head == MAGIC)
}

/// Length and SHA-256 of a file.
fn digest_of(path: &Path) -> StoreResult<(u64, String)> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    let mut bytes = 0;
    let mut file = File::open(path).map_err(|e| StoreError::io(path, e))?;
    loop {
        let length = file.read(&mut piece).map_err(|e| StoreError::io(path, e))?;
        if length == 0 {
            return Ok((bytes, HEXLOWER.encode(&hash.finalize())));
        }
        hash.update(&piece[..length]);
        bytes += length as u64;
    }
}

/// Copies one snapshot of the database page by page into a new file under `key`, and flushes it.
pub(crate) fn copy_database(
    source: &Connection,
    to: &Path,
    key: &DatabaseKey,
    progress: &mut dyn FnMut(u32, u32) -> bool,
) -> StoreResult<()> {
    remove_database(to)?;
    // One snapshot for all steps: without it a commit between two steps would start the copy anew.
    let snapshot = source.unchecked_transaction()?;
    source.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let mut copy = connection::create_copy(to, key)?;
    {
        let backup = Backup::new(source, &mut copy)?;
        loop {
            let step = backup.step(STEP)?;
            let pages = backup.progress();
            let all = u32::try_from(pages.pagecount).unwrap_or(0);
            if !progress(all - u32::try_from(pages.remaining).unwrap_or(0).min(all), all) {
                return Err(BackupFault::Cancelled.into());
            }
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                // The destination is ours alone and the source has its snapshot.
                _ => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        }
    }
    drop(snapshot);
    connection::finish(copy, to)
}

/// What an opened copy showed.
pub(crate) struct Checked {
    pub(crate) schema: u32,
    pub(crate) chain: audit::ChainReport,
}

/// Opens a database as a restore would, and reads all of it.
pub(crate) fn check_database(path: &Path, key: &DatabaseKey) -> StoreResult<Checked> {
    let conn = connection::open(path, key, Role::Reader)?;
    if !work::integrity(&conn)? {
        return Err(StoreError::Corrupt { moved_to: None });
    }
    let checked = Checked { schema: schema::version(&conn)?, chain: audit::verify(&conn)? };
    conn.close().map_err(|(_, e)| e)?;
    Ok(checked)
}

/// Removes a database file and its companions.
pub(crate) fn remove_database(path: &Path) -> StoreResult<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        durable::remove_if_there(&with_suffix(path, suffix))?;
    }
    Ok(())
}

/// Where the scheduled backups of the profile in `root` go, for the day on which its settings cannot be read: a path
/// in plain text beside the profile.
const FOLDER_NOTE: &str = "backup-folder";

/// Notes where the scheduled backups go.
pub fn note_folder(root: &Path, folder: &Path) -> StoreResult<()> {
    let text = folder.to_string_lossy();
    let path = root.join(FOLDER_NOTE);
    if fs::read_to_string(&path).is_ok_and(|noted| noted == text) {
        return Ok(());
    }
    durable::replace(&path, text.as_bytes())
}

/// Where the scheduled backups went, as last noted.
pub fn noted_folder(root: &Path) -> Option<PathBuf> {
    fs::read_to_string(root.join(FOLDER_NOTE)).ok().filter(|text| !text.is_empty()).map(PathBuf::from)
}

/// Makes a folder that only its owner can enter, with its parents; one that is there stays as it is.
pub fn make_folder(folder: &Path) -> StoreResult<()> {
    if folder.is_dir() { Ok(()) } else { durable::private_dir(folder) }
}
