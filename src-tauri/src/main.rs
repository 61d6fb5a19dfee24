//! The window's shell: nothing here decides anything about procurement; every command goes to `sunbench_app`.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod args;
mod commands;
mod demo;
mod dialogs;
mod events;
mod journal;
mod power;
mod selftest;
mod shell;
mod tray;
mod viewer;
mod window;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    sunbench_app::keep_out_of_core_dumps();
    let args = args::Args::parse();
    let outcome = if args.selftest { selftest::run() } else { window::run(&args) };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "there may be no log and no window yet")]
            {
                eprintln!("sunbench-desktop: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
