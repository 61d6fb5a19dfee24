#!/usr/bin/env bash
# pictures.sh: takes the pictures of the README and of docs/ anew, from the real window, with the programs of build-app.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --locked -p sunbench-tests --test pictures --no-run
export SUNBENCH_BIN=$PWD/target-app/debug SUNBENCH_PICTURES=$PWD/docs/pictures
mkdir -p "$SUNBENCH_PICTURES"
timeout --kill-after=10 600 scripts/session.sh --window cargo test --locked -p sunbench-tests --test pictures -- \
  --ignored --nocapture
