#!/usr/bin/env bash
# check.sh: the quick half of the tests, for while one works: everything below the shell, and the front end without a
# browser. Under 90 s once built.
set -uo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never NO_COLOR=1
. scripts/steps.sh

step 60 "Rust: format" cargo fmt --all --check
step 600 "Rust: lints" cargo clippy --locked --all-targets -- -D warnings
step 900 "Rust: tests" cargo test --locked --no-fail-fast
step 900 "Window: packages" scripts/front-end.sh install
step 180 "Window: types, lints, format" npm --prefix ui run --silent check
step 180 "Window: tests" npm --prefix ui run --silent test
summary
