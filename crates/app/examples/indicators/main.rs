//! Measures the indicators over the demo province.
//!
//! `cargo run --release -p sunbench-app --example indicators -- back-test` over twice ten seeds: what the program foresaw.
//! `… back-test 1-3 progress-lag` over a range of seeds; lists what was missed and wrong of one indicator.
//! `cargo run --release -p sunbench-app --example indicators -- opening 1 100`: what opening costs at these scales.

#![allow(clippy::print_stdout, reason = "a program for developers")]

mod back_test;
mod opening;
mod province;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["back-test"] => back_test::run(None, None),
        ["back-test", seeds] => back_test::run(Some(back_test::seeds(seeds)?), None),
        ["back-test", seeds, indicator] => back_test::run(Some(back_test::seeds(seeds)?), Some(indicator)),
        ["opening", scales @ ..] => {
            let scales = scales.iter().map(|text| text.parse::<u32>());
            opening::run(&scales.collect::<Result<Vec<_>, _>>()?)
        }
        _ => Err("back-test [FIRST-LAST [INDICATOR]] or opening SCALE...".into()),
    }
}
