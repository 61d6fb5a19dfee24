//! `sunbench` as scripts run it, against the reference platform.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bundle;
mod canary;
mod daily;
mod hostile;
mod indicators;
#[cfg(unix)]
mod interrupted;
mod ledger;
mod money;
mod papers;
mod pure;
mod receive;
mod reconcile;
mod refused;
mod restored;
mod world;
