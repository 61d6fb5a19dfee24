#!/usr/bin/env bash
# cargo-deny.sh install|licences|advisories: checks the Rust dependencies against deny.toml. The tool is installed into
# target-tools where the machine has none.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2
export PATH=$PWD/target-tools/bin:$PATH

case $1 in
  install)
    command -v cargo-deny >/dev/null || cargo install --locked --version "$version" --no-default-features \
      --root target-tools --target-dir target-tools/build cargo-deny ;;
  licences)
    # Asks the network only for what is not in the cache yet, whatever the target.
    cargo fetch --locked --quiet
    cargo-deny --locked --offline check --hide-inclusion-graph licenses bans sources
    ;;
  advisories) cargo-deny --locked check --hide-inclusion-graph advisories ;;
  *) exit 2 ;;
esac
