#!/usr/bin/env bash
# test.sh: every test, the same way on every machine. Installs the system packages that are missing where it may.
# No step can hang. The last line is `N passed, N failed`; the exit code is 0 when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never NO_COLOR=1
. scripts/steps.sh

step 1600 "System packages" scripts/packages.sh build run test

step 1200 "Dependencies: tool" scripts/cargo-deny.sh install
step 120 "Dependencies: licences, sources, bans" scripts/cargo-deny.sh licences
# What the advisory databases say changes without us and needs the network: it is told, and does not fail the tests.
step 120 "Dependencies: advisories" scripts/advisories.sh

step 60 "Rust: format" cargo fmt --all --check
step 1200 "Window: build" scripts/front-end.sh
step 180 "Window: types, lints, format" npm --prefix ui run --silent check
step 300 "Window: tests" npm --prefix ui run --silent test
step 120 "Window: size" npm --prefix ui run --silent budget
step 2400 "Window: screens in Chromium" npm --prefix ui run --silent e2e

step 1800 "Rust: lints" cargo clippy --locked --workspace --all-targets -- -D warnings
step 1800 "Rust: build the tests" cargo test --locked --workspace --no-run
step 1800 "Rust: tests" cargo test --locked --workspace --no-fail-fast -- --show-output
step 1800 "Promises" env TRIED=out/logs/Rust--tests.log scripts/torture.sh
step 900 "Rust: the keyring" env SUNBENCH_TEST_KEYRING=1 scripts/session.sh \
  cargo test --locked -p sunbench-store --test keyring
step 600 "Rust: a locked keyring" env SUNBENCH_TEST_KEYRING=lock scripts/session.sh \
  cargo test --locked -p sunbench-store --test keyring
step 600 "Rust: a full disk" scripts/small-disk.sh cargo test --locked -p sunbench-store --test writing

step 2400 "Programs as shipped" scripts/build-app.sh
step 300 "Self-test" target-app/debug/sunbench-desktop --selftest
step 300 "Headless day" scripts/session.sh scripts/headless-day.sh "$PWD/target-app/debug"
step 300 "Window: picture of the first page" scripts/session.sh --window \
  node scripts/window-picture.mjs "$PWD/target-app/debug/sunbench-desktop" out/today.png --demo
step 1800 "Window: journeys" scripts/journeys.sh

summary
