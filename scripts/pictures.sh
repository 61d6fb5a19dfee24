#!/usr/bin/env bash
# pictures.sh [looks]: takes the pictures of the README and of docs/ anew, from the real window, with the programs of
# build-app.sh. `looks` pictures every part of every room in light, dark and high contrast into out/looks instead, and the board
# on a screen of 1920x1080.
set -euo pipefail
cd "$(dirname "$0")/.."
export SUNBENCH_BIN=$PWD/target-app/debug
if [ "${1:-}" = looks ]; then
  export SUNBENCH_PICTURES=$PWD/out/looks
  mkdir -p "$SUNBENCH_PICTURES"
  cargo test --locked -p sunbench-tests --test pictures --no-run
  look() {
    timeout --kill-after=10 900 scripts/session.sh --window cargo test --locked -p sunbench-tests --test pictures -- \
      --ignored --nocapture "$1"
  }
  look every_room_in_every_look
  SCREEN=1920x1080 look the_board_on_the_wall
  exit
fi
cargo test --locked -p sunbench-tests --test pictures --test journey_reconcile --no-run
export SUNBENCH_PICTURES=$PWD/docs/pictures
mkdir -p "$SUNBENCH_PICTURES"
timeout --kill-after=10 600 scripts/session.sh --window cargo test --locked -p sunbench-tests --test pictures -- \
  --ignored --nocapture every_screen

# A month's worklist and its statement are what that journey makes.
pictures=$SUNBENCH_PICTURES
export SUNBENCH_PICTURES=$PWD/out/journeys
timeout --kill-after=10 600 scripts/session.sh --window cargo test --locked -p sunbench-tests --test journey_reconcile -- \
  --ignored --nocapture
cp "$SUNBENCH_PICTURES/reconcile-2-preview.png" "$pictures/reconcile-import.png"
cp "$SUNBENCH_PICTURES/reconcile-4-difference.png" "$pictures/reconcile.png"
cp "$SUNBENCH_PICTURES/reconcile-paper-01.png" "$pictures/statement.png"
