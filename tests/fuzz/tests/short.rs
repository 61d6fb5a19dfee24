//! Every target with its corpus and with inputs made from it, in a minute.
//!
//! `TORTURE` multiplies the number of made inputs, `SUNBENCH_SEED` gives other ones, `SUNBENCH_TARGET` picks one target.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "what hangs is told before it is stopped")]

// Under coverage every program needs the engine.
#[cfg(fuzzing)]
use bolero as _;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use peak_alloc::PeakAlloc;
use sunbench_fuzz::inputs::{chance, corpus, made, words};
use sunbench_fuzz::{TARGETS, Target};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Memory that reading one input may take, for every byte of it and apart from that.
const BYTES_PER_BYTE: usize = 400;
const BYTES_AT_LEAST: usize = 96 << 20;

/// No input takes longer, however slow the machine.
const HANG: Duration = Duration::from_secs(30);

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Keeps the input where it can be looked at and tried again.
fn keep(target: &str, input: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}"));
    std::fs::write(&path, input).unwrap();
    path
}

/// Ends the program when an input takes too long: there is no other way out of a loop that does not end.
fn watch() -> mpsc::Sender<Option<(&'static str, Vec<u8>)>> {
    let (tell, told) = mpsc::channel::<Option<(&'static str, Vec<u8>)>>();
    std::thread::spawn(move || {
        let mut under_way = None;
        loop {
            match told.recv_timeout(HANG) {
                Ok(next) => under_way = next,
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    if let Some((target, input)) = &under_way {
                        let path = keep(target, input);
                        eprintln!("{target}: an input takes longer than {HANG:?}: {}", path.display());
                        std::process::exit(1);
                    }
                }
            }
        }
    });
    tell
}

#[test]
fn every_parser_stands_foreign_bytes() {
    let (seed, factor) = (number("SUNBENCH_SEED", 1), number("TORTURE", 1));
    let only = std::env::var("SUNBENCH_TARGET").ok();
    let words = words();
    assert!(words.len() > 50, "{}", words.len());
    let watched = watch();
    let (mut targets, mut kept, mut tried) = (0, 0, 0);
    for (name, target, runs) in TARGETS {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let inputs = corpus(name);
        assert!(inputs.len() >= 3, "{name}: {} inputs in the corpus", inputs.len());
        // The first input also pays for what a target sets up once.
        target(&inputs[0].1);
        for (file, input) in &inputs {
            stands(name, *target, input, &watched, || format!("corpus/{name}/{file}"));
        }
        let runs = u64::from(*runs) * factor;
        for run in 0..runs {
            let input = made(&mut chance(seed, name, run), &inputs, &words);
            stands(name, *target, &input, &watched, || format!("seed {seed}, number {run}"));
        }
        targets += 1;
        kept += inputs.len();
        tried += runs;
    }
    assert!(targets > 0, "no such target");
    println!(
        "promise G9: {targets} parsers, {kept} inputs of the corpus and {tried} made from them, seed {seed}"
    );
}

fn stands(
    name: &'static str,
    target: Target,
    input: &[u8],
    watched: &mpsc::Sender<Option<(&'static str, Vec<u8>)>>,
    which: impl Fn() -> String,
) {
    watched.send(Some((name, input.to_vec()))).unwrap();
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let result = catch_unwind(AssertUnwindSafe(|| target(input)));
    let taken = ALLOCATED.peak_usage().saturating_sub(before);
    watched.send(None).unwrap();
    let allowed = BYTES_AT_LEAST + BYTES_PER_BYTE * input.len();
    if result.is_err() || taken > allowed {
        let path = keep(name, input);
        let why = if result.is_err() { "fails".to_owned() } else { format!("takes {taken} bytes of memory") };
        panic!("{name} {why} ({}); the input is in {}", which(), path.display());
    }
}
