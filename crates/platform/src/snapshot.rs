//! Snapshots: everything of one part, newest first, in pieces that stay right while records change.
//!
//! No piece holds a read transaction open. Rows are read by key, in an order that a change of a record does
//! not alter, so none is skipped; what changed meanwhile comes again through the feed from the head's cursor.

use rusqlite::{Connection, params};

use crate::error::Error;
use crate::feed::Line;

/// The least key comes first; `place` and `seq` make it unique.
pub(crate) const ROWS: &str = "SELECT seq, resource, id, ver, upd_time, age, doc, place, data
 FROM object INDEXED BY object_page
 WHERE institution = ?1 AND part = ?2 AND op = 1 AND (age, doc, place, seq) > (?3, ?4, ?5, ?6) AND age <= ?7
 ORDER BY age, doc, place, seq LIMIT ?8";
pub(crate) const TOTAL: &str = "SELECT count(*) FROM object INDEXED BY object_page
 WHERE institution IN ('', ?1) AND part = ?2 AND op = 1 AND age BETWEEN ?3 AND ?4";

/// Bytes after which a piece is sent.
const PIECE: usize = 256 * 1024;
/// Rows read at once: the statement ends with each piece.
const ROWS_AT_ONCE: u32 = 1_024;

/// The place of a row in the order of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    age: i64,
    doc: String,
    place: i64,
    seq: i64,
}

/// Which rows: what `object::range_of` gives, for one hospital.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) institution: String,
    pub(crate) part: i64,
    pub(crate) least: i64,
    pub(crate) greatest: i64,
}

impl Scope {
    /// How many items the part holds.
    pub(crate) fn total(&self, connection: &Connection) -> Result<u64, Error> {
        let mut statement = connection.prepare_cached(TOTAL)?;
        let values = params![self.institution, self.part, self.least, self.greatest];
        Ok(statement.query_row(values, |row| row.get(0))?)
    }
}

/// How items are joined, and what stands between documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One a line.
    Lines,
    /// Elements of an array.
    Array,
}

/// A walk over one part: public records first, then the hospital's own.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    scope: Scope,
    form: Form,
    /// 0 public, 1 own, 2 done.
    phase: u8,
    key: Key,
    /// Items given so far in this answer.
    pub(crate) count: u64,
    /// Items since the last mark.
    since_mark: u32,
}

/// Where a piece ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Go on with the next piece.
    More,
    /// After whole documents, once `limit` items have been given.
    Boundary,
    /// The part is complete.
    End,
}

impl Walk {
    pub(crate) fn new(scope: Scope, form: Form) -> Self {
        let key = Key::before(scope.least);
        Self { scope, form, phase: 0, key, count: 0, since_mark: 0 }
    }

    /// What a resume mark holds: enough to go on behind the last whole document.
    pub(crate) fn position(&self) -> String {
        let Key { age, doc, place, seq } = &self.key;
        format!("{}:{age}:{place}:{seq}:{doc}", self.phase)
    }

    /// Goes on from a [`Walk::position`].
    pub(crate) fn resume(mut self, position: &str) -> Option<Self> {
        let mut parts = position.splitn(5, ':');
        self.phase = parts.next()?.parse().ok()?;
        let (age, place, seq) =
            (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        self.key = Key { age, place, seq, doc: parts.next()?.to_owned() };
        Some(self)
    }

    /// Reads on until a piece is full, a boundary is due, or the part ends.
    ///
    /// The last row read is held back until the next one tells whether its document goes on; it is read again.
    pub(crate) fn piece(&mut self, connection: &Connection, limit: u32) -> Result<(String, Stop), Error> {
        let mut out = String::with_capacity(PIECE + 16 * 1024);
        while self.phase < 2 {
            let institution = if self.phase == 0 { "" } else { self.scope.institution.as_str() };
            let mut statement = connection.prepare_cached(ROWS)?;
            let mut rows = statement.query(params![
                institution,
                self.scope.part,
                self.key.age,
                self.key.doc,
                self.key.place,
                self.key.seq,
                self.scope.greatest,
                ROWS_AT_ONCE
            ])?;
            let mut held: Option<Held> = None;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                read += 1;
                let age: i64 = row.get(5)?;
                let doc = row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?;
                if let Some(held) = held.take() {
                    let more = held.key.age == age && held.key.doc == doc;
                    self.give(&mut out, held, more);
                    if !more && self.since_mark >= limit {
                        self.since_mark = 0;
                        return Ok((out, Stop::Boundary));
                    }
                    if out.len() >= PIECE {
                        return Ok((out, Stop::More));
                    }
                }
                let seq: i64 = row.get(0)?;
                let line = Line {
                    seq: seq as u64,
                    resource: row.get(1)?,
                    id: row.get(2)?,
                    ver: row.get(3)?,
                    upd_time: row.get(4)?,
                    upsert: true,
                    data: row.get(8)?,
                };
                held = Some(Held { key: Key { age, doc: doc.to_owned(), place: row.get(7)?, seq }, line });
            }
            if read == ROWS_AT_ONCE {
                continue; // the held row is read again as the first of the next rows
            }
            if let Some(held) = held {
                self.give(&mut out, held, false);
            }
            self.phase += 1;
            self.key = Key::before(self.scope.least);
            if self.phase < 2 && self.since_mark >= limit {
                self.since_mark = 0;
                return Ok((out, Stop::Boundary));
            }
        }
        Ok((out, Stop::End))
    }

    fn give(&mut self, out: &mut String, held: Held, more: bool) {
        if self.form == Form::Array && self.count > 0 {
            out.push(',');
        }
        // The digests of a stream's marks cover its lines.
        held.line.write(out, more, self.form == Form::Array);
        if self.form == Form::Lines {
            out.push('\n');
        }
        self.key = held.key;
        self.count += 1;
        self.since_mark += 1;
    }
}

impl Key {
    /// Before every row whose age is at least this.
    fn before(age: i64) -> Self {
        Self { age, doc: String::new(), place: -1, seq: -1 }
    }
}

struct Held {
    key: Key,
    line: Line,
}
