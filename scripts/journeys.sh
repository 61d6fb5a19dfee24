#!/usr/bin/env bash
# journeys.sh [FILTER]: the journeys through the real window, with the programs of build-app.sh. One after the other: they
# share the screen.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --locked -p sunbench-tests --no-run
export SUNBENCH_BIN=$PWD/target-app/debug SUNBENCH_PICTURES=$PWD/out/journeys
mkdir -p "$SUNBENCH_PICTURES"
timeout --kill-after=10 1500 scripts/session.sh --window cargo test --locked -p sunbench-tests --test 'journey_*' -- \
  --ignored --test-threads=1 --nocapture "$@"
