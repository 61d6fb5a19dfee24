//! Every released schema has a profile in `tests/fixtures/schema-vN`, made by the program of that time. Here each of them
//! is opened by this program: it comes up to date, keeps its rows, and ends with the schema of a new profile.
//!
//! When a version is about to be released, its fixture is made (or made again) by
//! `cargo test -p sunbench-store --test upgrade -- --ignored`.

#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, types::Value};
use sunbench_store::{
    KeySource, Passphrase, Store, StoreResult, audit, schema, setting, vault::PassphraseCost,
};

fn fixture(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/schema-v{version}"))
}

/// The fixtures hold invented data; their passphrase is no secret.
fn key() -> KeySource {
    KeySource::Passphrase(Passphrase::new("fixture", PassphraseCost::Scripted))
}

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2025-03-03T09:00:00+08:00").unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("db")).unwrap();
    for name in ["db/sunbench.db", "db/keys.json", "db/keys.json.bak"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

/// Name → statement of everything in the schema. SQLite's own tables and those behind a full-text index are left out:
/// they follow from the others.
fn schema_of(conn: &Connection) -> StoreResult<BTreeMap<String, String>> {
    let mut rows = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")?;
    let rows = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let squeeze = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(rows.map(|row| row.map(|(name, sql)| (name, squeeze(sql)))).collect::<Result<_, _>>()?)
}

/// The tables that a row can be put into, virtual ones and their shadows left out.
fn plain_tables(conn: &Connection) -> StoreResult<Vec<String>> {
    let mut rows = conn.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    Ok(rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn rows_of(conn: &Connection) -> StoreResult<BTreeMap<String, i64>> {
    let count = |name: String| {
        let rows = conn.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
        Ok((name, rows))
    };
    plain_tables(conn)?.into_iter().map(count).collect()
}

/// A row with a value in every column, if the table's checks let an invented one in.
fn fill(conn: &Connection, table: &str) -> StoreResult<bool> {
    let mut columns = conn.prepare("SELECT name, type FROM pragma_table_info(?1)")?;
    let columns: Vec<(String, String)> =
        columns.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let names: Vec<_> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let value = |kind: &str| match kind {
        "INTEGER" => Value::Integer(1),
        "BLOB" => Value::Blob(vec![1]),
        _ => Value::Text("1".to_owned()),
    };
    let values: Vec<_> = columns.iter().map(|(_, kind)| value(kind)).collect();
    let sql = format!(
        "INSERT OR IGNORE INTO \"{table}\" ({}) VALUES ({})",
        names.join(", "),
        vec!["?"; names.len()].join(", ")
    );
    Ok(conn.execute(&sql, rusqlite::params_from_iter(values)).is_ok_and(|rows| rows == 1))
}

#[test]
#[ignore = "makes the fixture of the current version; run before a release"]
fn write_fixture() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = Store::create(dir.path(), &key(), now()).unwrap();
    store
        .write_local(|tx| {
            setting::set(tx, "fixture", &format!("第{}版", schema::VERSION))?;
            let detail = serde_json::json!({ "version": schema::VERSION });
            audit::append(
                tx,
                &audit::Entry { at: now(), actor: "li", action: "fixture", subject: "schema", detail },
            )?;
            for table in plain_tables(tx)? {
                if table != "setting" && table != "audit_log" {
                    fill(tx, &table)?;
                }
            }
            Ok(())
        })
        .unwrap();
    let rows = store.read(rows_of).unwrap();
    drop(store);
    copy(dir.path(), &fixture(schema::VERSION));
    fs::write(fixture(schema::VERSION).join("rows.json"), serde_json::to_vec_pretty(&rows).unwrap()).unwrap();
}

#[test]
fn every_released_profile_comes_up_to_date_and_keeps_its_rows() {
    let fresh_dir = tempfile::tempdir().unwrap();
    let (fresh, _) = Store::create(fresh_dir.path(), &key(), now()).unwrap();
    let expected = fresh.read(schema_of).unwrap();
    for version in 1..=schema::VERSION {
        assert!(fixture(version).exists(), "no fixture of version {version}: see the head of this file");
        let dir = tempfile::tempdir().unwrap();
        copy(&fixture(version), dir.path());
        let before: BTreeMap<String, i64> =
            serde_json::from_slice(&fs::read(fixture(version).join("rows.json")).unwrap()).unwrap();
        assert!(before["setting"] >= 2, "the fixture's own and the audit log's head");
        let store = Store::open(dir.path(), &key()).unwrap();
        assert_eq!(store.read(schema::version).unwrap(), schema::VERSION);
        let (upgraded, rows) = store.read(|conn| Ok((schema_of(conn)?, rows_of(conn)?))).unwrap();
        assert_eq!(
            upgraded, expected,
            "from version {version}: not the schema of a new profile. If a released migration was changed, undo that; \
             if version {version} is not released yet, make its fixture again"
        );
        for (table, count) in before {
            let now = rows.get(&table).copied().unwrap_or_default();
            assert!(now >= count, "{table} had {count} rows in version {version} and has {now}");
        }
        let kept = store.read(|conn| setting::get(conn, "fixture")).unwrap();
        assert_eq!(kept, Some(format!("第{version}版")));
        assert!(store.read(audit::verify).unwrap().ok);
    }
}
