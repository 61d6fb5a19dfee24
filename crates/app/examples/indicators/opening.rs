//! What opening the rooms that measure costs at several scales: it should hardly grow with the number of order lines.

use std::error::Error;
use std::time::{Duration, Instant};

use sunbench_app::wire::{AnalysisReq, IndicatorsReq};
use sunbench_app::{ApiError, Context, Measurements};
use sunbench_store::local::account::{self, Account};
use sunbench_workdays::Calendar;
use zeroize::Zeroizing;

use crate::province::{Province, TODAY};

const ROUNDS: usize = 15;

type Open = fn(&Context<'_>) -> Result<(), ApiError>;

/// 集采, 分析 and 监管大屏, as the window asks for them.
const ROOMS: [(&str, Open); 4] = [
    ("indicators", |context| context.indicators(&nothing()).map(drop)),
    ("volume purchase", |context| context.agreements_progress(&nothing()).map(drop)),
    ("board", |context| context.board().map(drop)),
    ("analysis", |context| {
        let months = |by: &str| AnalysisReq {
            by: by.to_owned(),
            from: "2025-12".to_owned(),
            to: "2026-11".to_owned(),
            most: 100,
        };
        ["product", "supplier", "month"].iter().try_for_each(|by| context.analysis(&months(by)).map(drop))
    }),
];

fn nothing() -> IndicatorsReq {
    IndicatorsReq { as_of: None, pack: None }
}

/// Prints, for each scale and room, the median of the first opening after a change of the mirror and of the next ones, and their
/// ratios to the first scale's. The scales take turns, so that whatever else the machine does meets all of them.
pub(crate) fn run(scales: &[u32]) -> Result<(), Box<dyn Error>> {
    let now = sunbench_contract::time::Instant::parse(&format!("{TODAY} 09:30:00")).ok_or("no instant")?;
    let mut provinces = Vec::new();
    for scale in scales {
        let begun = Instant::now();
        let province = Province::new(1, *scale, &mut |_| {})?;
        println!(
            "scale {scale}: {} order lines, loaded in {:.1} s",
            province.lines,
            begun.elapsed().as_secs_f64()
        );
        province.store.write_local(|tx| account::put(tx, &hospital()))?;
        provinces.push(province);
    }
    for (room, open) in ROOMS {
        let kept: Vec<Measurements> = provinces.iter().map(|_| Measurements::default()).collect();
        let mut times = vec![(Vec::new(), Vec::new()); provinces.len()];
        for round in 0..=ROUNDS {
            for ((province, kept), (anew, next)) in provinces.iter().zip(&kept).zip(&mut times) {
                let measure = |measurements: &Measurements| -> Result<Duration, String> {
                    let calendar = Calendar::built_in();
                    let begun = Instant::now();
                    open(&Context { store: &province.store, calendar, now, measurements })
                        .map_err(|error| format!("{room}: {:?}", error.code))?;
                    Ok(begun.elapsed())
                };
                let found = (measure(&Measurements::default())?, measure(kept)?);
                // The first one fills the caches.
                if round > 0 {
                    anew.push(found.0);
                    next.push(found.1);
                }
            }
        }
        println!("{room}");
        let found: Vec<_> = times.into_iter().map(|(anew, next)| (median(anew), median(next))).collect();
        for (scale, (anew, next)) in scales.iter().zip(&found) {
            let told = |now: &Duration, before: &Duration| {
                let ratio = now.as_secs_f64() / before.as_secs_f64();
                format!("{:7.2} ms ({ratio:.2} of the first)", now.as_secs_f64() * 1000.0)
            };
            println!(
                "  scale {scale:4}: kept ready {}, after a change {}",
                told(next, &found[0].1),
                told(anew, &found[0].0)
            );
        }
    }
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The board names its hospital.
fn hospital() -> Account {
    Account {
        adapter: "reference".to_owned(),
        url: "http://127.0.0.1:1".to_owned(),
        institution: "H0001".to_owned(),
        institution_name: String::new(),
        user: "developer".to_owned(),
        user_name: String::new(),
        roles: Vec::new(),
        app_key: String::new(),
        app_secret: Zeroizing::default(),
        renewal_credential: Zeroizing::default(),
        platform: String::new(),
        epoch: String::new(),
        capabilities: "{}".to_owned(),
        connected_at: 0,
    }
}
