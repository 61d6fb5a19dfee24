#!/usr/bin/env bash
# dev.sh [ARGUMENT...]: the development server and the window on it. ARGUMENTs go to the program.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/packages.sh build
scripts/front-end.sh install
npm --prefix ui run dev &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT
cargo run -p sunbench-desktop -- "$@"
