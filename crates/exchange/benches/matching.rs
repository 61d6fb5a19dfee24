//! How long two files take from the first byte to the matching, and how much memory: read as any foreign table is
//! (encoding, delimiter, headings and every value told and judged), and all passes, at 10 thousand, 100
//! thousand and a million lines a side, beside pandas, Polars and DuckDB doing only the exact joins of passes 1 and 2
//! on the same files (`exact_joins.py`; one that is not installed is left out).
//!
//! `cargo bench -p sunbench-exchange --bench matching -- [FOLDER [LINES...]]` writes the files into FOLDER, runs each
//! program in a process of its own, and prints a table. Processor time counts both threads' work.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a benchmark prints

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use sunbench_domain::matching::{Decisions, reconcile};
use sunbench_exchange::ledger::{self, LedgerFile, Profile, Strictness};

/// Of which the best counts.
const RUNS: u32 = 5;

/// Last argument of the process that measures one size.
const ONE: &str = "--one";

const HEADER: &str =
    "订单编号,订单明细编号,医保编码,产品名称,规格型号,批号,日期,数量,单位,单价,金额,配送企业";

const fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Two files of about `lines` lines: most agree, some lost their key, were split, converted, mistyped, left out or doubled.
fn write_files(folder: &Path, lines: u64) {
    let mut state = 0x9e37_79b9_97f4_a7c1 ^ lines;
    let (mut left, mut right) = (format!("{HEADER}\n"), format!("{HEADER}\n"));
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let mut order = 0;
    for number in 0..lines {
        if number % 4 == 0 {
            order += 1 + next(&mut state) % 2;
        }
        let product = next(&mut state) % 3000;
        let lot = next(&mut state) % 40;
        let quantity = 1 + next(&mut state) % 60;
        let price = 5 + product * 7 % 900;
        let day = number * 365 / lines;
        let date = first + chrono::Days::new(day);
        let received = date + chrono::Days::new(1 + next(&mut state) % 4);
        let code = format!("C{:019}", 1_000_003 * product + 11);
        let name = format!("一次性使用耗材第{product}号（带针）");
        let supplier = format!("第{}医药有限公司", product % 90);
        let key = (format!("DD{order:010}"), format!("DD{order:010}-{:03}", number % 4 + 1));
        let write = |out: &mut String, key: (&str, &str), lot: u64, date: NaiveDate, quantity: u64| {
            writeln!(
                out,
                "{},{},{code},{name},{}ml,L{lot:02}{product:05},{date},{quantity},盒,{price}.00,{}.00,{supplier}",
                key.0,
                key.1,
                product % 50,
                quantity * price,
            )
            .unwrap();
        };
        let whole = (key.0.as_str(), key.1.as_str());
        write(&mut left, whole, lot, date, quantity);
        match next(&mut state) % 200 {
            0..=7 => write(&mut right, ("", ""), lot, received, quantity),
            8..=11 if quantity > 2 => {
                write(&mut right, whole, lot, received, 1);
                write(&mut right, whole, lot, received, quantity - 1);
            }
            12..=14 => {
                let mut typed = key.1.clone().into_bytes();
                typed.swap(8, 9);
                let typed = String::from_utf8(typed).unwrap();
                write(&mut right, (&key.0, &typed), lot, received, quantity);
            }
            15..=17 => write(&mut right, whole, lot, received, quantity + 1),
            18..=20 => {}
            21..=23 => {
                write(&mut right, whole, lot, received, quantity);
                write(&mut right, whole, lot, received, quantity);
            }
            24 => write(&mut right, whole, lot + 50, received, quantity),
            _ => write(&mut right, whole, lot, received, quantity),
        }
    }
    fs::write(folder.join(format!("left-{lines}.csv")), left).unwrap();
    fs::write(folder.join(format!("right-{lines}.csv")), right).unwrap();
}

fn read(path: &Path) -> LedgerFile {
    ledger::load(path, &Profile::default(), Strictness::Usable).unwrap()
}

/// Best seconds and processor seconds of several runs, peak megabytes, and what was found.
struct Figures {
    seconds: f64,
    processor: f64,
    megabytes: f64,
    found: String,
}

/// From a line `seconds processor megabytes found...`.
fn figures(line: &str) -> Option<Figures> {
    let mut parts = line.trim().splitn(4, ' ');
    let mut number = || parts.next()?.parse().ok();
    let (seconds, processor, megabytes) = (number()?, number()?, number()?);
    Some(Figures { seconds, processor, megabytes, found: parts.next()?.to_owned() })
}

/// Processor seconds of this process so far.
fn processor_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0)).as_secs_f64()
}

/// This process's peak of memory in megabytes, as Linux tells it.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    peak.trim().trim_end_matches(" kB").parse().unwrap_or(0.0) / 1024.0
}

fn path(folder: &Path, side: &str, lines: u64) -> PathBuf {
    folder.join(format!("{side}-{lines}.csv"))
}

/// One size, in this process: as many runs as the other programs have.
fn measure(folder: &Path, lines: u64) {
    let (mut seconds, mut processor, mut reading) = (f64::MAX, f64::MAX, f64::MAX);
    let mut found = String::new();
    for _ in 0..RUNS {
        let (before, start) = (processor_seconds(), Instant::now());
        let (left, right) = std::thread::scope(|scope| {
            let left = scope.spawn(|| read(&path(folder, "left", lines)));
            let right = read(&path(folder, "right", lines));
            (left.join().unwrap(), right)
        });
        reading = reading.min(processor_seconds() - before);
        let matching = reconcile(&left.ledger, &right.ledger, &Decisions::default());
        seconds = seconds.min(start.elapsed().as_secs_f64());
        processor = processor.min(processor_seconds() - before);
        found = format!(
            "{} pairs, {} differences; {reading:.3} of processor time for reading",
            matching.pairs.len(),
            matching.differences.len()
        );
    }
    println!("{seconds} {processor} {} {found}", peak());
}

fn output(command: &mut Command) -> Option<Figures> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    figures(&String::from_utf8_lossy(&output.stdout))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [folder, lines, one] = &arguments[..]
        && one == ONE
    {
        return measure(folder.as_ref(), lines.parse().unwrap());
    }
    let folder = arguments.first().map_or_else(std::env::temp_dir, Into::into);
    let sizes: Vec<u64> = arguments.iter().skip(1).filter_map(|text| text.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    fs::create_dir_all(&folder).unwrap();
    println!(
        "| lines a side | program | seconds | processor seconds | peak MB | time, ours to this | processor time, ours to this | found |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for lines in sizes {
        write_files(&folder, lines);
        let us = Command::new(std::env::current_exe().unwrap())
            .args([folder.as_os_str(), lines.to_string().as_ref(), ONE.as_ref()])
            .output()
            .unwrap();
        let ours = figures(&String::from_utf8_lossy(&us.stdout)).expect("this program measures itself");
        let others = ["pandas", "polars", "duckdb"].map(|engine| {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/exact_joins.py");
            let mut python = Command::new("python3");
            let python = python.arg(script).arg(engine);
            let python = python.args(["left", "right"].map(|side| path(&folder, side, lines)));
            (engine, output(python))
        });
        let row = |name: &str, f: &Figures| {
            println!(
                "| {lines} | {name} | {:.3} | {:.3} | {:.0} | {:.2} | {:.2} | {} |",
                f.seconds,
                f.processor,
                f.megabytes,
                ours.seconds / f.seconds,
                ours.processor / f.processor,
                f.found
            );
        };
        row("all passes", &ours);
        for (engine, figures) in &others {
            match figures {
                Some(figures) => row(engine, figures),
                None => println!("| {lines} | {engine} | not installed | | | | | |"),
            }
        }
    }
}
