//! Foreign bytes into every parser (promise G9): bad input gets an error that says where and why; nothing panics,
//! nothing hangs, nothing takes memory without bound.
//!
//! A target is a function over bytes that asserts what must hold for any of them. Each has a folder of inputs in
//! `corpus/`: hand-made ones, samples of the demo's wire traffic, and what once broke something, as regression tests.
//! `cargo test -p sunbench-fuzz` gives every target its corpus and inputs made from it; `scripts/fuzz.sh` lets
//! coverage guide, for as long as one likes.

mod bundle;
mod calendar;
mod codes;
pub mod inputs;
mod keys;
mod numbers;
mod office;
mod platform;
mod search;
mod tables;
mod times;
mod wire;

// Under coverage every program needs the engine.
#[cfg(all(test, fuzzing))]
use bolero as _;

/// What must hold for any bytes; it panics where it does not.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its folder in `corpus/`; with how many inputs a short run makes for
/// it.
pub const TARGETS: &[(&str, Target, u32)] = &[
    ("codes", codes::codes, 3_000),
    ("decimals", numbers::decimals, 10_000),
    ("amounts", numbers::amounts, 10_000),
    ("canonical_json", numbers::canonical, 3_000),
    ("instants", times::instants, 10_000),
    ("deadlines", times::deadlines, 300),
    ("calendar_file", calendar::file, 300),
    ("feed_page", wire::page, 2_000),
    ("snapshot", wire::snapshot, 1_000),
    ("answers", wire::answers, 3_000),
    ("addresses", wire::addresses, 3_000),
    ("records", wire::records, 3_000),
    ("office", office::office, 150),
    ("search", search::search, 200),
    ("recovery_code", keys::recovery_code, 5_000),
    ("key_file", keys::key_file, 300),
    ("requests", platform::requests, 300),
    ("tables", tables::tables, 500),
    ("cells", tables::cells, 10_000),
    ("bundle", bundle::bundle, 500),
];
