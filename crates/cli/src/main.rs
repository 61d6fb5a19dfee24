//! `sunbench`: the program without a window, for a scheduled exchange, for a helpdesk, for scripts.
//!
//! Exit 0 done, 1 a stated failure, 2 usage. With `--json`, one JSON document on stdout; diagnostics on stderr.

mod arguments;
mod audit;
mod backup;
mod bundle;
mod document;
mod indicators;
mod ledger;
mod message;
mod office;
mod panic;
mod print;
mod pure;
mod receive;
mod reconcile;
mod review;
mod terminal;
mod usage;

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};

use crate::arguments::{Arguments, Verb};
use crate::message::Failure;
use crate::terminal::{escaped, one_line};

/// What a verb found, and whether that is a failure all the same (a sync that was cut short).
pub(crate) struct Outcome {
    /// The JSON document.
    pub(crate) result: Value,
    /// The same for people.
    pub(crate) text: String,
    /// Why the exit code is 1 although there is a result.
    pub(crate) failure: Option<Failure>,
}

impl Outcome {
    pub(crate) fn done(result: Value, text: impl Into<String>) -> Self {
        Self { result, text: text.into(), failure: None }
    }
}

fn main() -> ExitCode {
    sunbench_app::keep_out_of_core_dumps();
    panic::tell_only_the_place();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("SUNBENCH_LOG").unwrap_or_else(|_| "error".into()),
        )
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let json = arguments.json;
    let outcome = match arguments.verb {
        // A million pairs are written one by one, never built as a tree, and only where they are asked for.
        Verb::Reconcile { left: Some(left), right: Some(right), profile, out, .. } => {
            let found = reconcile::two_files(&left, &right, profile.as_deref(), out.as_deref());
            let text = |found: &reconcile::Found| if json { String::new() } else { found.text() };
            return finish(json, found.map(|found| (text(&found), None, move || found.document())));
        }
        Verb::Calendar { from, to } => pure::calendar(from, to),
        Verb::Deadline { from, working_days, hours } => pure::deadline(&from, working_days, hours),
        Verb::CheckCode { kind, value } => pure::check_code(&kind, &value),
        verb => office::run(arguments.data, verb),
    };
    finish(json, outcome.map(|outcome| (outcome.text, outcome.failure, move || outcome.result.to_string())))
}

/// Shows the help that was asked for, or says what is wrong with the arguments.
fn refuse(error: &clap::Error) -> ExitCode {
    let Some(failure) = usage::failure(error) else {
        let _ = error.print();
        return ExitCode::SUCCESS;
    };
    let json = std::env::args_os().any(|argument| argument == "--json");
    finish(json, Err::<(_, _, fn() -> String), _>(failure))
}

/// Writes the document or the text for people, says what failed, and gives the exit code.
fn finish(
    json: bool,
    outcome: Result<(String, Option<Failure>, impl FnOnce() -> String), Failure>,
) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let (written, failure) = match outcome {
        Ok((text, failure, document)) => {
            let written = match (json, text.is_empty()) {
                (true, _) => writeln!(out, "{}", escaped(document())),
                (false, true) => Ok(()),
                (false, false) => writeln!(out, "{}", sunbench_app::visible(&text)),
            };
            (written, failure)
        }
        Err(failure) => {
            let document = json!({ "error": { "code": failure.code, "msg": failure.msg } });
            let written = if json { writeln!(out, "{}", escaped(document.to_string())) } else { Ok(()) };
            (written, Some(failure))
        }
    };
    let lost = match written.and_then(|()| out.flush()) {
        // A reader that has gone away is no failure of ours.
        Err(why) if why.kind() != ErrorKind::BrokenPipe => {
            Some(Failure::stated("outputFailed", format!("结果没有写出：{why}")))
        }
        _ => None,
    };
    match failure.or(lost) {
        None => ExitCode::SUCCESS,
        Some(failure) => {
            let _ = writeln!(std::io::stderr(), "sunbench: {}", one_line(&failure.msg));
            ExitCode::from(failure.exit)
        }
    }
}
