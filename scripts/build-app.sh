#!/usr/bin/env bash
# build-app.sh: the three programs as they are shipped, with the front end inside, in target-app/debug. A target folder of
# its own: the development server's build would be made anew at every switch.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --locked --target-dir target-app -p sunbench-desktop -p sunbench-cli -p sunbench-platform \
  --features sunbench-desktop/custom-protocol
