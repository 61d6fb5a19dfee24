//! The ordered feed: pages of changes after a cursor.

use rusqlite::{Connection, params};
use sunbench_contract::hash_text;
use sunbench_contract::time::Instant;

use crate::error::{Error, Refusal};
use crate::token::Secret;

/// Two ranges of one index, merged; `more` looks at the next one, so one item more than asked is read.
pub(crate) const PAGE: &str = "
SELECT seq, txn, resource, id, ver, upd_time, op, data FROM object INDEXED BY object_feed
  WHERE institution = '' AND seq > ?2
UNION ALL
SELECT seq, txn, resource, id, ver, upd_time, op, data FROM object INDEXED BY object_feed
  WHERE institution = ?1 AND seq > ?2
ORDER BY seq LIMIT ?3";

/// A place in the feed, bound to the hospital and to the data set's generation.
pub(crate) fn cursor(secret: &Secret, institution: &str, generation: u64, seq: u64) -> String {
    secret.seal("cursor", institution, &format!("{generation}:{seq}"))
}

/// The `seq` of a cursor; the beginning for an empty one; `None` when it is foreign or has expired.
pub(crate) fn seq_of(
    secret: &Secret,
    institution: &str,
    generation: u64,
    head: u64,
    cursor: &str,
) -> Option<u64> {
    if cursor.is_empty() {
        return Some(0);
    }
    let body = secret.unseal("cursor", institution, cursor)?;
    let (its, seq) = body.split_once(':')?;
    let seq = seq.parse().ok()?;
    (its.parse() == Ok(generation) && seq <= head).then_some(seq)
}

/// A page as JSON text, put together without reading the records' own text.
pub(crate) struct Page {
    pub(crate) items: String,
    pub(crate) count: usize,
    /// The last item's `seq`, or the one asked after.
    pub(crate) last: u64,
    pub(crate) has_more: bool,
}

/// The changes that a hospital sees after `after`.
pub(crate) fn page(
    connection: &Connection,
    institution: &str,
    after: u64,
    limit: u32,
) -> Result<Page, Error> {
    let mut statement = connection.prepare_cached(PAGE)?;
    let mut rows = statement.query(params![institution, after, i64::from(limit) + 1])?;
    let mut page = Page { items: String::new(), count: 0, last: after, has_more: false };
    let mut held: Option<(u64, Line)> = None;
    while let Some(row) = rows.next()? {
        let txn: u64 = row.get(1)?;
        if let Some((held_txn, line)) = held.take() {
            page.push(&line, held_txn == txn);
        }
        if page.count == limit as usize {
            page.has_more = true;
            return Ok(page);
        }
        let line = Line {
            seq: row.get(0)?,
            resource: row.get(2)?,
            id: row.get(3)?,
            ver: row.get(4)?,
            upd_time: row.get(5)?,
            upsert: row.get(6)?,
            data: row.get(7)?,
        };
        held = Some((txn, line));
    }
    if let Some((_, line)) = held {
        page.push(&line, false);
    }
    Ok(page)
}

impl Page {
    fn push(&mut self, line: &Line, more: bool) {
        if self.count > 0 {
            self.items.push(',');
        }
        line.write(&mut self.items, more, true);
        self.count += 1;
        self.last = line.seq;
    }

    /// The whole answer, a `sunbench_contract::ChangesPage`.
    pub(crate) fn json(&self, next_cursor: &str, now: Instant) -> String {
        let (items, has_more) = (&self.items, self.has_more);
        format!(
            r#"{{"items":[{items}],"nextCursor":"{next_cursor}","hasMore":{has_more},"serverTime":"{now}"}}"#
        )
    }
}

/// One item, a `sunbench_contract::Change`, whose record is JSON text already.
pub(crate) struct Line {
    pub(crate) seq: u64,
    pub(crate) resource: String,
    pub(crate) id: String,
    pub(crate) ver: u64,
    pub(crate) upd_time: String,
    pub(crate) upsert: bool,
    pub(crate) data: Option<String>,
}

impl Line {
    /// With its fingerprint, unless something else covers it.
    pub(crate) fn write(&self, out: &mut String, more: bool, with_hash: bool) {
        write_item(
            out,
            &Item {
                seq: self.seq,
                resource: &self.resource,
                id: &self.id,
                ver: self.ver,
                upd_time: &self.upd_time,
                upsert: self.upsert,
                data: self.data.as_deref(),
            },
            more,
            with_hash,
        );
    }
}

/// As [`Line`], borrowed from a row.
pub(crate) struct Item<'a> {
    pub(crate) seq: u64,
    pub(crate) resource: &'a str,
    pub(crate) id: &'a str,
    pub(crate) ver: u64,
    pub(crate) upd_time: &'a str,
    pub(crate) upsert: bool,
    pub(crate) data: Option<&'a str>,
}

/// Writes one item as JSON.
pub(crate) fn write_item(out: &mut String, item: &Item<'_>, more: bool, with_hash: bool) {
    use std::fmt::Write;
    let Item { seq, resource, id, ver, upd_time, upsert, data } = item;
    let op = if *upsert { "upsert" } else { "delete" };
    // Writing to a String does not fail.
    let _ = write!(out, r#"{{"seq":{seq},"resource":"{resource}","op":"{op}","id":"#);
    write_text(out, id);
    let _ = write!(out, r#","ver":{ver},"updTime":"{upd_time}""#);
    if more {
        out.push_str(r#","more":true"#);
    }
    if let Some(data) = data {
        out.push_str(r#","data":"#);
        out.push_str(data);
    }
    if with_hash {
        let _ = write!(out, r#","hash":"{}""#, hash_text(id, *ver, data.unwrap_or_default()));
    }
    out.push('}');
}

/// A text as JSON; ids seldom need an escape.
fn write_text(out: &mut String, text: &str) {
    if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// 410: the client rebuilds, and keeps what it has not sent.
pub(crate) fn expired() -> Refusal {
    Refusal::new(
        axum::http::StatusCode::GONE,
        sunbench_contract::codes::CURSOR_EXPIRED,
        "同步位置已失效，需要重新建立本地数据（未提交的内容不受影响）",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use sunbench_contract::Change;

    #[test]
    fn items_are_the_contracts() {
        for (id, more, with_hash) in
            [("1001", false, false), ("1001", false, true), ("a\"b\\c\n支架", true, true)]
        {
            let mut text = String::new();
            let item = Item {
                seq: 7,
                resource: "org",
                id,
                ver: 2,
                upd_time: "2026-11-20T09:00:00+08:00",
                upsert: true,
                data: Some(r#"{"a":1}"#),
            };
            write_item(&mut text, &item, more, with_hash);
            let change: Change = serde_json::from_str(&text).unwrap();
            assert_eq!((change.id.as_str(), change.seq, change.ver, change.more), (id, 7, 2, more));
            assert_eq!(serde_json::to_string(&change).unwrap(), text, "as serde writes it");
            assert!(change.hash.is_some() == with_hash && change.is_intact());
        }
    }

    #[test]
    fn cursors_of_others_and_of_before_are_not_ours() {
        let secret = Secret::new([3; 32]);
        let ours = cursor(&secret, "H1", 4, 10);
        for (institution, generation, head, text, expected) in [
            ("H1", 4, 10, ours.as_str(), Some(10)),
            ("H1", 4, 9, &ours, None),
            ("H1", 5, 10, &ours, None),
            ("H2", 4, 10, &ours, None),
            ("H1", 4, 10, "", Some(0)),
            ("H1", 4, 10, "10", None),
        ] {
            assert_eq!(
                seq_of(&secret, institution, generation, head, text),
                expected,
                "{institution} {text}"
            );
        }
    }
}
