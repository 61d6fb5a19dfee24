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
        };
        ["product", "supplier", "month"].iter().try_for_each(|by| context.analysis(&months(by)).map(drop))
    }),
];

fn nothing() -> IndicatorsReq {
    IndicatorsReq { as_of: None, pack: None }
}

/// Prints, for each scale and room, the median of the first opening after a change of the mirror and of the next ones, and their
/// ratios to the first scale's.
pub(crate) fn run(scales: &[u32]) -> Result<(), Box<dyn Error>> {
    let now = sunbench_contract::time::Instant::parse(&format!("{TODAY} 09:30:00")).ok_or("no instant")?;
    let mut first: Vec<(Duration, Duration)> = Vec::new();
    for scale in scales {
        let begun = Instant::now();
        let province = Province::new(1, *scale, &mut |_| {})?;
        println!(
            "scale {scale}: {} order lines, loaded in {:.1} s",
            province.lines,
            begun.elapsed().as_secs_f64()
        );
        province.store.write_local(|tx| account::put(tx, &hospital()))?;
        for (place, (room, open)) in ROOMS.iter().enumerate() {
            let kept = Measurements::default();
            let measure = |measurements: &Measurements| -> Result<Duration, ApiError> {
                let calendar = Calendar::built_in();
                let begun = Instant::now();
                open(&Context { store: &province.store, calendar, now, measurements })?;
                Ok(begun.elapsed())
            };
            let failed = |error: ApiError| format!("{room}: {:?}", error.code);
            measure(&kept).map_err(failed)?;
            let (mut anew, mut next) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                anew.push(measure(&Measurements::default()).map_err(failed)?);
                next.push(measure(&kept).map_err(failed)?);
            }
            let found = (median(anew), median(next));
            if first.len() == place {
                first.push(found);
            }
            let told = |now: Duration, before: Duration| {
                let ratio = now.as_secs_f64() / before.as_secs_f64();
                format!("{:7.2} ms ({ratio:.2} of the first)", now.as_secs_f64() * 1000.0)
            };
            println!(
                "  {room:16} after a change {}, kept ready {}",
                told(found.0, first[place].0),
                told(found.1, first[place].1)
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
