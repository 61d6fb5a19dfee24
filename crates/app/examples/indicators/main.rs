//! Measures the indicators over the demo province.
//!
//! `cargo run -p sunbench-app --example indicators -- back-test 10` over ten seeds: what the program foresaw.
//! `cargo run --release -p sunbench-app --example indicators -- opening 1 100`: what opening costs at these scales.

#![allow(clippy::print_stdout, reason = "a program for developers")]

mod back_test;
mod opening;
mod province;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers = || arguments.iter().skip(1).map(|text| text.parse::<u32>());
    match arguments.first().map(String::as_str) {
        Some("back-test") => back_test::run(numbers().next().unwrap_or(Ok(10))?.into()),
        Some("opening") => opening::run(&numbers().collect::<Result<Vec<_>, _>>()?),
        _ => Err("back-test [SEEDS] or opening SCALE...".into()),
    }
}
