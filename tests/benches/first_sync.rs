//! The first sync beside `sqlite3 .import` of the same rows into a plain file with the same tables and indexes.
//!
//! `cargo bench -p sunbench-tests --bench first_sync -- [SCALE] [ROUNDS]`: one run, both measured in it. Needs the
//! `sqlite3` command. The platform is a process of its own, as in life.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::types::ValueRef;
use sunbench_store::{KeySource, Passphrase, Store};

const PASSPHRASE: &str = "benchmark";

struct Platform(Child, serde_json::Value);

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn binary(name: &str) -> std::path::PathBuf {
    // target/release/deps/first_sync-… → target/release/NAME
    let me = std::env::current_exe().expect("the path of this program");
    me.parent().and_then(Path::parent).expect("a target folder").join(name)
}

fn start_platform(dir: &Path, scale: u32) -> Platform {
    let mut child = Command::new(binary("sunbench-platform"))
        .args(["--listen", "127.0.0.1:0", "--demo", "1", "--scale", &scale.to_string(), "--data"])
        .arg(dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("sunbench-platform is built: cargo build --release -p sunbench-platform -p sunbench-cli");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its first line");
    Platform(child, serde_json::from_str(&line).expect("one JSON line"))
}

fn sunbench(profile: &Path, passphrase: &Path, arguments: &[&str]) -> (serde_json::Value, Duration) {
    let started = Instant::now();
    let out = Command::new(binary("sunbench"))
        .arg("--data")
        .arg(profile)
        .arg("--json")
        .args(arguments)
        .env("SUNBENCH_PASSPHRASE_FILE", passphrase)
        .stderr(Stdio::null())
        .output()
        .expect("sunbench is built");
    let took = started.elapsed();
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stdout));
    (serde_json::from_slice(&out.stdout).expect("one JSON document"), took)
}

/// Writes every mirror table that holds rows as CSV, and the SQL that makes the tables and indexes. Returns the rows.
fn export(profile: &Path, passphrase: &Path, out: &Path) -> (u64, String) {
    let source = KeySource::Passphrase(Passphrase::from_file(passphrase).expect("a passphrase"));
    let store = Store::open(profile, &source).expect("the profile opens");
    let (mut rows, mut script) = (0, String::new());
    store
        .read(|conn| {
            let mut schema = conn.prepare(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'name_index%'
                   AND type IN ('table', 'index') ORDER BY type DESC",
            )?;
            let statements = schema.query_map([], |row| row.get::<_, String>(0))?;
            for sql in statements {
                script += &sql?;
                script += ";\n";
            }
            let mut tables = conn.prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'name_index%'",
            )?;
            let names = tables.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            script += "PRAGMA journal_mode=WAL;\n.mode csv\n";
            for name in names {
                let file = out.join(format!("{name}.csv"));
                let mut csv = BufWriter::new(fs::File::create(&file).expect("a file"));
                let mut select = conn.prepare(&format!("SELECT * FROM {name}"))?;
                let columns = select.column_count();
                let mut cursor = select.query([])?;
                let mut count = 0_u64;
                while let Some(row) = cursor.next()? {
                    for i in 0..columns {
                        let comma = if i == 0 { "" } else { "," };
                        match row.get_ref(i)? {
                            ValueRef::Null => write!(csv, "{comma}"),
                            ValueRef::Integer(n) => write!(csv, "{comma}{n}"),
                            ValueRef::Real(x) => write!(csv, "{comma}{x}"),
                            ValueRef::Text(text) => {
                                write!(csv, "{comma}\"{}\"", String::from_utf8_lossy(text).replace('"', "\"\""))
                            }
                            // As many bytes as the fingerprint has.
                            ValueRef::Blob(blob) => write!(csv, "{comma}{}", "x".repeat(blob.len())),
                        }
                        .expect("written");
                    }
                    writeln!(csv).expect("written");
                    count += 1;
                }
                if count > 0 {
                    writeln!(script, ".import '{}' {name}", file.display()).expect("a text takes all");
                    rows += count;
                }
            }
            Ok(())
        })
        .expect("the mirror is read");
    // A blob column takes the text; NULLs come as empty text. Neither makes the import slower.
    (rows, script.replace(" STRICT, WITHOUT ROWID", " WITHOUT ROWID").replace(") STRICT", ")"))
}

fn import(dir: &Path, script: &str) -> Duration {
    let file = dir.join("plain.db");
    let _ = fs::remove_file(&file);
    let started = Instant::now();
    let mut child = Command::new("sqlite3")
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the sqlite3 command is installed");
    child.stdin.take().expect("piped").write_all(script.as_bytes()).expect("written");
    child.wait().expect("it ends");
    started.elapsed()
}

#[allow(clippy::print_stdout)]
fn main() {
    let mut arguments =
        std::env::args().skip(1).filter(|a| a != "--bench").map(|a| a.parse::<u32>().expect("a number"));
    let (scale, rounds) = (arguments.next().unwrap_or(20), arguments.next().unwrap_or(3));
    let dir = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| dir.path().join(name);
    fs::write(at("passphrase"), PASSPHRASE).expect("written");
    let platform = start_platform(&at("platform"), scale);
    let text = |name: &str| platform.1[name].as_str().expect("a text").to_owned();
    fs::write(at("password"), text("password")).expect("written");

    let mut ratios = Vec::new();
    for round in 1..=rounds {
        let profile = at(&format!("profile-{round}"));
        let password = at("password").display().to_string();
        let connect = [
            "connect",
            "--url",
            &text("url"),
            "--institution",
            &text("institution"),
            "--user",
            &text("user"),
            "--password-file",
            &password,
        ];
        sunbench(&profile, &at("passphrase"), &connect);
        let (report, sync) = sunbench(&profile, &at("passphrase"), &["sync"]);
        assert_eq!(report["complete"], true);
        let (_, idle) = sunbench(&profile, &at("passphrase"), &["sync"]);
        let csv = at("csv");
        fs::create_dir_all(&csv).expect("a folder");
        let (rows, script) = export(&profile, &at("passphrase"), &csv);
        let plain = import(dir.path(), &script);
        let ratio = sync.as_secs_f64() / plain.as_secs_f64();
        ratios.push(ratio);
        println!(
            "round {round}: scale {scale}, {} records in {rows} rows; first sync {:.2} s, import {:.2} s, ratio {ratio:.2}; idle sync {:.0} ms",
            report["pulled"],
            sync.as_secs_f64(),
            plain.as_secs_f64(),
            idle.as_secs_f64() * 1000.0
        );
        fs::remove_dir_all(&profile).expect("removed");
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2} (goal: at most 3)", ratios[ratios.len() / 2]);
}
