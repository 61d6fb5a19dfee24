//! What opening the indicators costs at several scales: it should hardly grow with the number of order lines.

use std::error::Error;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use sunbench_app::back_test;
use sunbench_workdays::Calendar;

use crate::province::{Province, TODAY};

const ROUNDS: usize = 15;

/// Prints the median of some rounds for each scale, and its ratio to the first.
pub(crate) fn run(scales: &[u32]) -> Result<(), Box<dyn Error>> {
    let today: NaiveDate = TODAY.parse()?;
    let mut first = None;
    for scale in scales {
        let begun = Instant::now();
        let province = Province::new(1, *scale, &mut |_| {})?;
        let loaded = begun.elapsed();
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            back_test::outlook(&province.store, &province.book, Calendar::built_in(), today, 60)?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let median = times[ROUNDS / 2];
        let first = *first.get_or_insert(median);
        println!(
            "scale {scale}: {} order lines, loaded in {:.1} s; every indicator of the pack in {:.1} ms, {:.2} of the first",
            province.lines,
            loaded.as_secs_f64(),
            median.as_secs_f64() * 1000.0,
            median.as_secs_f64() / first.as_secs_f64()
        );
    }
    Ok(())
}
