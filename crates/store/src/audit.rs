//! The audit log (审计日志): what left the machine and what changed a decision, append-only and hash-chained.
//!
//! Each entry's hash covers its fields and the hash before it, so a changed, removed, inserted or moved entry breaks
//! the chain. The newest hash is kept twice more: among the settings, so that a cut-off end shows, and in a file beside
//! the database ([`crate::anchor`]), so that a whole chain written anew or an older database put back shows too.
//! Somebody who holds the data key could forge all three: [`ChainReport::head`] is printed and exported to be compared.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use data_encoding::HEXLOWER;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, Transaction, params};
use sha2::{Digest as _, Sha256};
use sunbench_workdays::SHANGHAI;

use crate::{error::StoreResult, plan::queries, setting};

/// The setting that repeats the newest entry as `number:hash`.
pub(crate) const HEAD: &str = "audit.head";
pub(crate) const HASH_LEN: usize = 32;

macro_rules! columns {
    () => {
        "seq, at, actor, action, subject, detail, prev, hash"
    };
}

queries! {
    LAST = "SELECT seq, hash FROM audit_log WHERE seq = (SELECT max(seq) FROM audit_log)";
    HASH_OF = "SELECT hash FROM audit_log WHERE seq = ?1";
    PAGE = concat!("SELECT ", columns!(), " FROM audit_log WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2");
    BETWEEN = concat!("SELECT ", columns!(), " FROM audit_log INDEXED BY audit_log_at
        WHERE at >= ?1 AND at < ?2 ORDER BY at, seq LIMIT ?3");
    ABOUT = concat!("SELECT ", columns!(), " FROM audit_log INDEXED BY audit_log_subject
        WHERE subject = ?1 ORDER BY seq LIMIT ?2");
}

const APPEND: &str = "INSERT INTO audit_log (seq, at, actor, action, subject, detail, prev, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
/// For verification and export, which read everything.
const ALL: &str = concat!("SELECT ", columns!(), " FROM audit_log ORDER BY seq");

/// What every hash of the chain begins with; part of the exported description.
pub const HASH_PREFIX: &str = "sunbench audit v1\0";

/// Something to be remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Who: an operator's id, or the program.
    pub actor: &'a str,
    /// What, as a stable code such as `notice.reply.queued`.
    pub action: &'a str,
    /// About which record, as `kind:id`.
    pub subject: &'a str,
    /// Whatever else matters.
    pub detail: serde_json::Value,
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// 1, 2, 3 and so on, without gaps.
    pub seq: i64,
    /// When, RFC 3339 in China Standard Time.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// About which record.
    pub subject: String,
    /// Whatever else matters, as JSON text.
    pub detail: String,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

impl Record {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            action: row.get(3)?,
            subject: row.get(4)?,
            detail: row.get(5)?,
            prev: row.get(6)?,
            hash: row.get(7)?,
        })
    }

    /// Lengths go before the fields, so that no two records give the same bytes.
    fn digest(&self) -> Vec<u8> {
        let mut hash = Sha256::new_with_prefix(HASH_PREFIX.as_bytes());
        hash.update(self.seq.to_be_bytes());
        let texts = [&self.at, &self.actor, &self.action, &self.subject, &self.detail];
        for field in texts.iter().map(|text| text.as_bytes()).chain([self.prev.as_slice()]) {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        hash.finalize().to_vec()
    }

    /// The entry's hash as lower-case hexadecimal.
    pub fn hash(&self) -> String {
        HEXLOWER.encode(&self.hash)
    }

    /// The hash of the entry before it, likewise; zeros for the first one.
    pub fn prev(&self) -> String {
        HEXLOWER.encode(&self.prev)
    }

    fn anchor(&self) -> String {
        format!("{}:{}", self.seq, self.hash())
    }
}

/// What is wrong with a chain (审计日志异常).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainFault {
    /// An entry is not what was written, or stands in another place.
    Changed,
    /// A number is missing.
    Missing,
    /// The end was cut off, or something was put behind it.
    End,
    /// The log does not hold what the file beside the database says it held: it was written anew, or an older
    /// database was put back.
    Replaced,
    /// The file beside the database is gone or unreadable.
    AnchorLost,
}

/// What a verification of the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// How many entries there are.
    pub entries: u64,
    /// Whether the chain is whole.
    pub ok: bool,
    /// The first place where it is not: the entry's number, or the number that is missing.
    pub first_bad: Option<i64>,
    /// What is wrong there.
    pub fault: Option<ChainFault>,
    /// The newest entry's hash, to be compared with a printed or exported one.
    pub head: Option<String>,
    /// When the newest entry was made.
    pub head_at: Option<String>,
}

impl ChainReport {
    pub(crate) fn fail(&mut self, at: i64, fault: ChainFault) {
        if self.first_bad.is_none() {
            (self.ok, self.first_bad, self.fault) = (false, Some(at), Some(fault));
        }
    }
}

/// The newest entry's number and hash; 0 and zeros before the first.
pub(crate) fn last(conn: &Connection) -> StoreResult<(i64, Vec<u8>)> {
    let last = conn.prepare_cached(LAST)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(last.unwrap_or((0, vec![0; HASH_LEN])))
}

/// The hash of entry `seq`.
pub(crate) fn hash_of(conn: &Connection, seq: i64) -> StoreResult<Option<Vec<u8>>> {
    Ok(conn.prepare_cached(HASH_OF)?.query_row([seq], |row| row.get(0)).optional()?)
}

/// An instant as the log writes it: text that sorts by time.
fn instant(at: &DateTime<FixedOffset>) -> String {
    at.with_timezone(&SHANGHAI).to_rfc3339_opts(SecondsFormat::Millis, false)
}

/// Appends an entry within the transaction of what it tells about, and returns its number.
pub fn append(tx: &Transaction<'_>, entry: &Entry<'_>) -> StoreResult<i64> {
    let (last, prev) = last(tx)?;
    let mut record = Record {
        seq: last + 1,
        at: instant(&entry.at),
        actor: entry.actor.to_owned(),
        action: entry.action.to_owned(),
        subject: entry.subject.to_owned(),
        detail: entry.detail.to_string(),
        prev,
        hash: Vec::new(),
    };
    record.hash = record.digest();
    tx.prepare_cached(APPEND)?.execute(params![
        record.seq,
        record.at,
        record.actor,
        record.action,
        record.subject,
        record.detail,
        record.prev,
        record.hash
    ])?;
    setting::set(tx, HEAD, &record.anchor())?;
    Ok(record.seq)
}

/// Walks the whole chain. [`crate::Store::verify_audit`] compares it with the file beside the database as well.
pub fn verify(conn: &Connection) -> StoreResult<ChainReport> {
    let mut statement = conn.prepare_cached(ALL)?;
    let mut rows = statement.query([])?;
    let mut report =
        ChainReport { entries: 0, ok: true, first_bad: None, fault: None, head: None, head_at: None };
    let (mut next, mut prev, mut anchor) = (1, vec![0; HASH_LEN], None);
    while let Some(row) = rows.next()? {
        let record = Record::read(row)?;
        report.entries += 1;
        if record.seq != next {
            report.fail(next, ChainFault::Missing);
        } else if record.prev != prev || record.hash != record.digest() {
            report.fail(record.seq, ChainFault::Changed);
        }
        next = record.seq + 1;
        anchor = Some(record.anchor());
        report.head = Some(record.hash());
        report.head_at = Some(record.at);
        prev = record.hash;
    }
    if setting::get(conn, HEAD)? != anchor {
        report.fail(next, ChainFault::End);
    }
    Ok(report)
}

fn list(conn: &Connection, sql: &str, parameters: impl Params) -> StoreResult<Vec<Record>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, Record::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest entries, or those before number `before`, newest first, at most `limit`.
pub fn page(conn: &Connection, before: Option<i64>, limit: u32) -> StoreResult<Vec<Record>> {
    list(conn, PAGE, params![before.unwrap_or(i64::MAX), limit])
}

/// The entries from `from` on and before `to`, oldest first, at most `limit`.
pub fn between(
    conn: &Connection,
    from: &DateTime<FixedOffset>,
    to: &DateTime<FixedOffset>,
    limit: u32,
) -> StoreResult<Vec<Record>> {
    list(conn, BETWEEN, params![instant(from), instant(to), limit])
}

/// The entries about one record, such as `notice:123`, oldest first, at most `limit`.
pub fn about(conn: &Connection, subject: &str, limit: u32) -> StoreResult<Vec<Record>> {
    list(conn, ABOUT, params![subject, limit])
}

/// Gives every entry to `each`, oldest first.
pub fn each<E: From<crate::StoreError>>(
    conn: &Connection,
    mut each: impl FnMut(&Record) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = conn.prepare_cached(ALL).map_err(crate::StoreError::from)?;
    let mut rows = statement.query([]).map_err(crate::StoreError::from)?;
    while let Some(row) = rows.next().map_err(crate::StoreError::from)? {
        each(&Record::read(row).map_err(crate::StoreError::from)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema;

    fn log(entries: u32) -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn, schema::MIGRATIONS).unwrap();
        let at = DateTime::parse_from_rfc3339("2025-03-03T01:02:03.004Z").unwrap();
        let tx = conn.transaction().unwrap();
        for i in 1..=entries {
            let detail = json!({"n": i, "text": "督办回复"});
            let entry = Entry { at, actor: "li", action: "notice.reply", subject: "notice:7", detail };
            assert_eq!(append(&tx, &entry).unwrap(), i64::from(i));
        }
        tx.commit().unwrap();
        conn
    }

    fn without_triggers(conn: &Connection) {
        conn.execute_batch("DROP TRIGGER audit_log_keeps_rows; DROP TRIGGER audit_log_keeps_values").unwrap();
    }

    #[test]
    fn a_whole_chain_verifies() {
        for entries in [0, 1, 2, 50] {
            let conn = log(entries);
            let report = verify(&conn).unwrap();
            assert_eq!((report.entries, report.ok, report.first_bad), (u64::from(entries), true, None));
            assert_eq!(report.head, page(&conn, None, 1).unwrap().first().map(Record::hash));
        }
    }

    #[test]
    fn rows_cannot_be_changed_or_removed() {
        let conn = log(3);
        for sql in [
            "UPDATE audit_log SET actor = 'x' WHERE seq = 2",
            "UPDATE audit_log SET seq = 9 WHERE seq = 2",
            "DELETE FROM audit_log",
            "DELETE FROM audit_log WHERE seq = 3",
        ] {
            let refused = conn.execute(sql, []).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
        assert!(verify(&conn).unwrap().ok);
    }

    #[test]
    fn tampering_shows_where_it_begins() {
        let swap = "UPDATE audit_log SET seq = -seq WHERE seq IN (3, 4);
                    UPDATE audit_log SET seq = 4 WHERE seq = -3; UPDATE audit_log SET seq = 3 WHERE seq = -4";
        let cases = [
            ("UPDATE audit_log SET actor = 'wang' WHERE seq = 4", 4),
            ("UPDATE audit_log SET at = '2025-03-03T09:02:03.005+08:00' WHERE seq = 1", 1),
            ("UPDATE audit_log SET detail = replace(detail, '督办', '督促') WHERE seq = 6", 6),
            // One character from one field to the next: the lengths are hashed too.
            ("UPDATE audit_log SET actor = 'l', action = 'inotice.reply' WHERE seq = 2", 2),
            ("UPDATE audit_log SET hash = zeroblob(32) WHERE seq = 5", 5),
            ("DELETE FROM audit_log WHERE seq = 3", 3),
            ("DELETE FROM audit_log WHERE seq = 1", 1),
            ("DELETE FROM audit_log WHERE seq >= 5", 5),
            ("DELETE FROM audit_log", 1),
            (swap, 3),
            ("DELETE FROM setting WHERE key = 'audit.head'", 7),
            (
                "INSERT INTO audit_log SELECT 7, at, actor, action, subject, detail, prev, hash FROM audit_log
                 WHERE seq = 6",
                7,
            ),
        ];
        for (sql, first_bad) in cases {
            let conn = log(6);
            without_triggers(&conn);
            conn.execute_batch(sql).unwrap();
            let report = verify(&conn).unwrap();
            assert_eq!((report.ok, report.first_bad), (false, Some(first_bad)), "{sql}");
        }
    }

    #[test]
    fn pages_go_backwards_without_overlap() {
        let conn = log(7);
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = page(&conn, before, 3).unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.seq);
            seen.extend(page.iter().map(|record| record.seq));
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
        let first = page(&conn, Some(2), 1).unwrap().remove(0);
        assert_eq!(first.at, "2025-03-03T09:02:03.004+08:00");
    }
}
