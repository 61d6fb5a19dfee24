#!/usr/bin/env bash
# run.sh [ARGUMENT...]: builds the program and opens it on the demo hospital. ARGUMENTs go to the program
# (`sunbench-desktop --help`), which then decides itself what it opens.
#
# Without a display it opens the window on a screen of its own, waits for the first page, takes its picture, does a day's
# work with the headless command, prints its results as JSON, one document a line, and ends: 0 all went well, 1 not.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*" >&2; }

say "system packages"
scripts/packages.sh build run
say "front end"
scripts/front-end.sh >&2
say "programs (the first build takes minutes)"
scripts/build-app.sh >&2

bin=$PWD/target-app/debug
[ $# -gt 0 ] || set -- --demo
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  say "sunbench-desktop $*"
  exec "$bin/sunbench-desktop" "$@"
fi

mkdir -p out
say "no display: the window on a screen of its own"
timeout --kill-after=10 300 scripts/session.sh --window node scripts/window-picture.mjs "$bin/sunbench-desktop" out/today.png "$@"
say "the headless day"
timeout --kill-after=10 300 scripts/session.sh scripts/headless-day.sh "$bin"
