//! sunbench-platform: the reference platform, for trying, training and tests.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use clap::Parser;
use serde::Serialize;
use sunbench_platform::{DemoAccess, DemoOptions, Error, Platform, SystemClock};
use tokio::net::TcpListener;

/// 参考采购平台: serves the hospital API, the supervisor's console at /console, and the contract's description
/// at /api/v1/openapi.json. The first line on stdout is one JSON document, printed when the data are ready.
#[derive(Parser)]
#[command(name = "sunbench-platform", version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// The data folder; made when it does not exist.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Fill an empty data folder with a demo province of this seed.
    #[arg(long, value_name = "SEED")]
    demo: Option<u64>,
    /// Size of the demo: 1 is one middling hospital for two years, 100 about a million order lines.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    scale: u32,
    /// The platform's date; its clock starts there with the present time of day and runs on [default: today].
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
    /// Let companies and the bureau take a step every so many seconds: accept, deliver, bill, decide, pay [default:
    /// nothing changes by itself].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pace: Option<u32>,
}

/// The first line on stdout.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    url: String,
    console: String,
    institution: Option<String>,
    user: Option<String>,
    password: Option<String>,
    supervisor: Option<String>,
    supervisor_password: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "sunbench-platform: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Error> {
    let listener = TcpListener::bind(arguments.listen).await?;
    let pace = arguments.pace;
    let stop = stop_signal()?;
    let (platform, access, first) =
        tokio::task::spawn_blocking(move || prepare(&arguments)).await.map_err(std::io::Error::other)??;
    let url = format!("http://{}", listener.local_addr()?);
    let (supervisor, supervisor_password) = match (&access, first) {
        (Some(access), _) => (Some(access.supervisor.clone()), Some(access.supervisor_password.clone())),
        (None, Some((user, password))) => (Some(user), Some(password)),
        (None, None) => (None, None),
    };
    let ready = Ready {
        console: format!("{url}/console"),
        url,
        institution: access.as_ref().map(|access| access.institution.clone()),
        user: access.as_ref().map(|access| access.user.clone()),
        password: access.map(|access| access.password),
        supervisor,
        supervisor_password,
    };
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}", serde_json::to_string(&ready)?)?;
    stdout.flush()?;
    drop(stdout);
    if let Some(seconds) = pace {
        tokio::spawn(advance(platform.clone(), Duration::from_secs(u64::from(seconds))));
    }
    platform.serve(listener, stop).await
}

/// One step of companies and bureau after another.
async fn advance(platform: Platform, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.tick().await; // the first one is at once
    loop {
        ticks.tick().await;
        let platform = platform.clone();
        let step = move || match platform.advance() {
            // The bureau counts once a day.
            Ok(_) => platform.supervise_daily().map(|_| ()),
            Err(error) => Err(error),
        };
        match tokio::task::spawn_blocking(step).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "a step failed"),
            Err(error) => tracing::error!(%error, "a step failed"),
        }
    }
}

type Prepared = (Platform, Option<DemoAccess>, Option<(String, String)>);

fn prepare(arguments: &Arguments) -> Result<Prepared, Error> {
    let platform = Platform::open(&arguments.data, Arc::new(SystemClock))?;
    if let Some(today) = arguments.today {
        platform.set_today(today)?;
    }
    let access = match arguments.demo {
        Some(seed) => {
            let (scale, today) = (arguments.scale, arguments.today);
            Some(platform.load_demo(&DemoOptions { seed, scale, today })?)
        }
        None => platform.demo_access()?,
    };
    let first = platform.first_supervisor()?;
    Ok((platform, access, first))
}

/// Ends with Ctrl-C, and with SIGTERM where there is one.
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, Error> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
