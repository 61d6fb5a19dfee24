//! Search over names and codes: a small index of dimensions, never of lines.
//!
//! Names are split into single characters, so a phrase of any length matches from one character on; pinyin
//! in full and by initials likewise. Codes match by prefix.

use pinyin::ToPinyin;
use rusqlite::{Connection, Transaction, params};
use sunbench_domain::text::half_width;

use super::rows::{HospItemRow, OrgRow, ProductRow};
use crate::error::StoreResult;
use crate::plan::queries;

queries! {
    MATCH = "SELECT rowid FROM name_index WHERE name_index MATCH ?1 LIMIT ?2";
    CODES = "SELECT kind, key FROM code_index WHERE code >= ?1 AND code < ?2 LIMIT ?3";
    PRODUCT_NAME = "SELECT id, name, spec, model FROM product WHERE key = ?1";
    ORG_NAME = "SELECT id, name FROM org WHERE key = ?1";
    ITEM_NAME = "SELECT id, name, code FROM hosp_item WHERE key = ?1";
    MADE_BY = "SELECT key FROM product WHERE maker_key = ?1";
}

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HitKind {
    /// 机构.
    Org = 0,
    /// 挂网产品.
    Product = 1,
    /// 院内耗材.
    HospItem = 2,
}

impl HitKind {
    fn of(number: i64) -> Option<Self> {
        [Self::Org, Self::Product, Self::HospItem].into_iter().find(|kind| *kind as i64 == number)
    }
}

/// One character a token, in lower case and half width; what is neither letter nor digit parts tokens.
fn split(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in half_width(text).chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()) {
        out.push(c);
        out.push(' ');
    }
    out
}

fn pinyin_of(text: &str) -> (String, String) {
    let (mut full, mut initials) = (String::new(), String::new());
    for syllable in text.to_pinyin().flatten() {
        full.push_str(syllable.plain());
        initials.push_str(syllable.first_letter());
    }
    (split(&full.replace('ü', "v")), split(&initials))
}

fn index(tx: &Transaction<'_>, kind: HitKind, key: i64, name: &str, codes: &[&str]) -> StoreResult<()> {
    let row = key * 4 + kind as i64;
    let (full, initials) = pinyin_of(name);
    tx.prepare_cached("DELETE FROM name_index WHERE rowid = ?1")?.execute([row])?;
    tx.prepare_cached("INSERT INTO name_index (rowid, name, pinyin, initials) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![row, split(name), full, initials])?;
    tx.prepare_cached("DELETE FROM code_index WHERE kind = ?1 AND key = ?2")?
        .execute(params![kind as i64, key])?;
    let mut insert =
        tx.prepare_cached("INSERT INTO code_index VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    for code in codes.iter().filter(|code| !code.is_empty()) {
        insert.execute(params![code.to_uppercase(), kind as i64, key])?;
    }
    Ok(())
}

pub(crate) fn index_org(tx: &Transaction<'_>, key: i64, row: &OrgRow) -> StoreResult<()> {
    index(tx, HitKind::Org, key, &row.name, &[row.uscc.as_deref().unwrap_or_default()])
}

pub(crate) fn index_product(tx: &Transaction<'_>, key: i64, row: &ProductRow) -> StoreResult<()> {
    let name = format!("{} {} {}", row.name, row.spec, row.model);
    let codes = [row.mcs_code.as_deref(), row.udi_di.as_deref(), Some(row.reg_no.as_str())];
    index(tx, HitKind::Product, key, &name, &codes.map(Option::unwrap_or_default))
}

pub(crate) fn index_hosp_item(tx: &Transaction<'_>, key: i64, row: &HospItemRow) -> StoreResult<()> {
    index(tx, HitKind::HospItem, key, &row.name, &[&row.code])
}

/// The words of a search text; blanks part them, and what has neither letter nor digit is dropped.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    half_width(text)
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

/// Everything whose name, pinyin or code matches one word; at most `limit`, without order.
pub fn hits(conn: &Connection, word: &str, limit: u32) -> StoreResult<Vec<(HitKind, i64)>> {
    let phrase = split(word);
    let phrase = phrase.trim_end();
    let mut found = Vec::new();
    if !phrase.is_empty() {
        let expression = format!("name : \"{phrase}\" OR pinyin : \"{phrase}\" OR initials : \"{phrase}\"");
        let mut statement = conn.prepare_cached(MATCH)?;
        let mut rows = statement.query(params![expression, limit])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            found.extend(HitKind::of(id % 4).map(|kind| (kind, id / 4)));
        }
    }
    let prefix = word.to_uppercase();
    let mut statement = conn.prepare_cached(CODES)?;
    let mut rows = statement.query(params![prefix, after_prefix(&prefix), limit])?;
    while let Some(row) = rows.next()? {
        found.extend(HitKind::of(row.get(0)?).map(|kind| (kind, row.get_unwrap(1))));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A hit with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub kind: HitKind,
    /// The platform's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Specification and model, or the hospital's code.
    pub detail: String,
}

/// The names of hits, in their order.
pub fn names(conn: &Connection, hits: &[(HitKind, i64)]) -> StoreResult<Vec<Named>> {
    use rusqlite::OptionalExtension;
    let mut named = Vec::with_capacity(hits.len());
    for (kind, key) in hits {
        let sql = match kind {
            HitKind::Product => PRODUCT_NAME,
            HitKind::Org => ORG_NAME,
            HitKind::HospItem => ITEM_NAME,
        };
        let found = conn
            .prepare_cached(sql)?
            .query_row([key], |row| {
                let detail = match kind {
                    HitKind::Product => format!("{} {}", row.get::<_, String>(2)?, row.get::<_, String>(3)?),
                    HitKind::Org => String::new(),
                    HitKind::HospItem => row.get(2)?,
                };
                Ok(Named { kind: *kind, id: row.get(0)?, name: row.get(1)?, detail })
            })
            .optional()?;
        named.extend(found);
    }
    Ok(named)
}

/// The products of a maker.
pub(crate) fn made_by(conn: &Connection, org: i64) -> StoreResult<Vec<i64>> {
    let mut statement = conn.prepare_cached(MADE_BY)?;
    let rows = statement.query_map([org], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The least text that is greater than every text with this prefix.
pub(crate) fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_into_characters() {
        for (text, expected) in [("支架 3.0×18mm", "支 架 3 0 1 8 m m "), ("ＡＢ（c）", "a b c "), ("—", "")]
        {
            assert_eq!(split(text), expected);
        }
        assert_eq!(pinyin_of("支架-球囊 A"), ("z h i j i a q i u n a n g ".into(), "z j q n ".into()));
        assert_eq!(words("  支架　ABC ( ) "), ["支架", "ABC"]);
    }
}
