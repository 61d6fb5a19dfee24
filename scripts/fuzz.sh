#!/usr/bin/env bash
# fuzz.sh [MINUTES] [TARGET]: foreign bytes into the parsers, guided by coverage (libFuzzer through cargo-bolero), for
# so many minutes in all; an hour and every target when not said. On one core, politely. What it finds stays in out/fuzz:
# put an input that breaks something into tests/fuzz/corpus/TARGET when it is mended.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-60}
mapfile -t targets < <(sed -n 's/^    ("\([a-z_]*\)", [a-z_]*::.*/\1/p' tests/fuzz/src/lib.rs)
[ $# -lt 2 ] || targets=("$2")
seconds=$((minutes * 60 / ${#targets[@]}))
[ "$seconds" -gt 0 ] || { echo "fuzz.sh: $minutes minutes are too few for ${#targets[@]} targets" >&2; exit 2; }

tools=$PWD/target-tools
export PATH=$tools/bin:$PATH
if ! command -v cargo-bolero >/dev/null; then
  CARGO_TARGET_DIR=$tools/build cargo install --quiet --locked --root "$tools" --version 0.13.5 cargo-bolero
fi

broken=()
for target in "${targets[@]}"; do
  corpus=$PWD/out/fuzz/$target/corpus
  crashes=$PWD/out/fuzz/$target/crashes
  mkdir -p "$corpus" "$crashes"
  cp "tests/fuzz/corpus/$target"/* "$corpus"
  log=out/fuzz/$target/log
  printf '== %s: %d s\n' "$target" "$seconds"
  # Overflows and panics are what can go wrong in safe code; its coverage needs no other compiler than ours.
  nice -n 15 cargo bolero test --package sunbench-fuzz --engine libfuzzer --sanitizer NONE --target-dir target/fuzz \
    --corpus-dir "$corpus" --crashes-dir "$crashes" --timeout 20s -T "${seconds}s" \
    --engine-args="-max_len=16384 -rss_limit_mb=2048 -len_control=20 -dict=$PWD/tests/fuzz/words.dict" "$target" \
    >"$log" 2>&1 || broken+=("$target")
  grep -E '^(#[0-9]+\s+(INITED|DONE)|Done )' "$log" | tail -n 2 || true
done
if [ ${#broken[@]} -gt 0 ]; then
  for target in "${broken[@]}"; do
    printf '== %s broke\n' "$target"
    tail -n 40 "out/fuzz/$target/log"
  done
  exit 1
fi
