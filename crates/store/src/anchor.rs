//! The audit log's newest entry, kept a second time outside the database, in `<data>/db/audit-head`.
//!
//! What is only inside the file goes back with the file: an older copy put in its place, or a chain written anew, is
//! whole in itself. The anchor says which entry the log has already held. It is sealed by a key that lies inside the
//! encrypted database, so nobody without the data key can write one that fits.
//!
//! Two slots of one line each are written in turn and in place: a torn write costs one slot, a full disk none. The
//! anchor is written after its transaction is on disk, so it is never ahead of the database.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac as _};
use rusqlite::Connection;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    audit::{self, ChainFault, ChainReport},
    durable,
    error::{StoreError, StoreResult},
    setting,
};

const FILE: &str = "audit-head";
/// The setting that holds the sealing key. Once it is there, the file must be there too.
const KEY: &str = "audit.anchorKey";
const KEY_LEN: usize = 32;
/// 20 digits, a blank, the entry's hash, a blank, the seal, a line's end.
const SLOT: usize = 20 + 1 + 64 + 1 + 64 + 1;

/// An entry that the log has held.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    seq: i64,
    hash: Vec<u8>,
}

/// Where the file is in a database folder.
pub(crate) fn file_in(db_dir: &Path) -> PathBuf {
    db_dir.join(FILE)
}

/// A database that begins another life has no file yet: one is made when it is opened next.
pub(crate) fn forget(conn: &Connection) -> StoreResult<()> {
    setting::remove(conn, KEY)
}

/// The anchor of an open profile.
pub(crate) struct Anchor {
    path: PathBuf,
    /// The newest entry that the file holds; `None` when the log did not fit it at the opening. Such a file is left as it
    /// is: it is the proof.
    held: Mutex<Option<Held>>,
    key: Zeroizing<Vec<u8>>,
}

impl Anchor {
    /// Compares the log with the file; makes the file where there never was one.
    pub(crate) fn open(db_dir: &Path, conn: &mut Connection) -> StoreResult<Self> {
        let path = db_dir.join(FILE);
        let newest = || audit::last(conn).map(|(seq, hash)| Held { seq, hash });
        if let Some(key) = setting::get(conn, KEY)? {
            let key = Zeroizing::new(HEXLOWER.decode(key.as_bytes()).unwrap_or_default());
            let fits = fault(&path, &key, conn)?.is_none();
            let anchor = Self { held: Mutex::new(fits.then(newest).transpose()?), path, key };
            // What was committed before a crash may not have reached the file.
            anchor.write_current();
            return Ok(anchor);
        }
        let mut key = Zeroizing::new(vec![0; KEY_LEN]);
        getrandom::fill(&mut key).expect("the operating system has randomness after boot");
        let held = newest()?;
        let both = [slot(&key, &held), slot(&key, &held)].concat();
        // First the file, then the key that says it must be there.
        durable::replace(&path, &both)?;
        let tx = conn.transaction()?;
        setting::set(&tx, KEY, &HEXLOWER.encode(&key))?;
        tx.commit()?;
        Ok(Self { path, held: Mutex::new(Some(held)), key })
    }

    /// Notes the newest entry, after the transaction that wrote it.
    pub(crate) fn advance(&self, conn: &Connection) {
        let Ok((seq, hash)) = audit::last(conn) else { return };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(old) = held.as_ref().filter(|old| old.seq < seq) else { return };
        // What it noted before is still there: otherwise the log was written anew under this program's hands.
        let stands =
            old.seq == 0 || audit::hash_of(conn, old.seq).is_ok_and(|kept| kept.as_ref() == Some(&old.hash));
        *held = stands.then_some(Held { seq, hash });
        drop(held);
        self.write_current();
    }

    fn write_current(&self) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // People's work is committed; that it could not be noted here shows at the next verification, if ever.
        if let Some(held) = held.as_ref() {
            let _ = write_slot(&self.path, &self.key, held);
        }
    }

    /// Adds to `report` what the file says.
    pub(crate) fn compare(&self, conn: &Connection, report: &mut ChainReport) -> StoreResult<()> {
        if let Some((seq, fault)) = fault(&self.path, &self.key, conn)? {
            report.fail(seq, fault);
        }
        Ok(())
    }

    /// Begins anew with the log as it is now: after a restored backup, which has said so in the log.
    pub(crate) fn accept(&self, conn: &Connection) -> StoreResult<()> {
        let (seq, hash) = audit::last(conn)?;
        let mut current = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = Held { seq, hash };
        durable::replace(&self.path, &[slot(&self.key, &held), slot(&self.key, &held)].concat())?;
        *current = Some(held);
        Ok(())
    }
}

/// What the file has against the log, and at which entry.
fn fault(path: &Path, key: &[u8], conn: &Connection) -> StoreResult<Option<(i64, ChainFault)>> {
    let Some(held) = read(path, key)? else { return Ok(Some((1, ChainFault::AnchorLost))) };
    let fits = held.seq == 0 || audit::hash_of(conn, held.seq)?.is_some_and(|hash| hash == held.hash);
    Ok((!fits).then_some((held.seq, ChainFault::Replaced)))
}

fn seal(key: &[u8], text: &str) -> Hmac<Sha256> {
    let mut mac =
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(b"sunbench audit head\0");
    mac.update(text.as_bytes());
    mac
}

fn slot(key: &[u8], held: &Held) -> Vec<u8> {
    let text = format!("{:020} {}", held.seq, HEXLOWER.encode(&held.hash));
    let tag = HEXLOWER.encode(&seal(key, &text).finalize().into_bytes());
    format!("{text} {tag}\n").into_bytes()
}

fn write_slot(path: &Path, key: &[u8], held: &Held) -> io::Result<()> {
    // Never made here: one that is gone stays gone.
    let mut file = OpenOptions::new().write(true).open(path)?;
    let place = if held.seq % 2 == 0 { 0 } else { SLOT as u64 };
    file.seek(SeekFrom::Start(place))?;
    file.write_all(&slot(key, held))
}

/// The newest entry of the slots whose seal is right.
fn read(path: &Path, key: &[u8]) -> StoreResult<Option<Held>> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(2 * SLOT as u64).read_to_end(&mut bytes)) {
        Ok(_) => {}
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::io(path, e)),
    }
    let held = bytes.chunks(SLOT).filter_map(|bytes| {
        let (text, tag) = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?.rsplit_once(' ')?;
        let tag = HEXLOWER.decode(tag.as_bytes()).ok()?;
        seal(key, text).verify_slice(&tag).ok()?;
        let (seq, hash) = text.split_once(' ')?;
        Some(Held { seq: seq.parse().ok()?, hash: HEXLOWER.decode(hash.as_bytes()).ok()? })
    });
    Ok(held.max_by_key(|held| held.seq))
}
