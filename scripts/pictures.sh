#!/usr/bin/env bash
# pictures.sh: takes the pictures of the README and of docs/ anew, from the real window, with the programs of build-app.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --locked -p sunbench-tests --test pictures --test journey_reconcile --no-run
export SUNBENCH_BIN=$PWD/target-app/debug SUNBENCH_PICTURES=$PWD/docs/pictures
mkdir -p "$SUNBENCH_PICTURES"
timeout --kill-after=10 600 scripts/session.sh --window cargo test --locked -p sunbench-tests --test pictures -- \
  --ignored --nocapture

# A month's worklist and its statement are what that journey makes.
pictures=$SUNBENCH_PICTURES
export SUNBENCH_PICTURES=$PWD/out/journeys
timeout --kill-after=10 600 scripts/session.sh --window cargo test --locked -p sunbench-tests --test journey_reconcile -- \
  --ignored --nocapture
cp "$SUNBENCH_PICTURES/reconcile-2-preview.png" "$pictures/reconcile-import.png"
cp "$SUNBENCH_PICTURES/reconcile-4-difference.png" "$pictures/reconcile.png"
cp "$SUNBENCH_PICTURES/reconcile-paper-01.png" "$pictures/statement.png"
