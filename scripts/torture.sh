#!/usr/bin/env bash
# torture.sh [PROMISE...]: tries to break every promise of docs/promises.md (G1 to G16) and prints a line for each with what was
# tried, how often and with which seed. TORTURE is the size: 1 for a quarter of an hour, 20 for everything. SUNBENCH_SEED
# repeats a run. A proof is a test that prints `promise Gn: …`; that is how it is found here. TRIED names the log of a run of
# all ordinary tests with --show-output: then only the proofs with real programs are run here.
set -uo pipefail
cd "$(dirname "$0")/.."
export TORTURE=${TORTURE:-1} CARGO_TERM_COLOR=never
logs=$PWD/out/torture
rm -rf "$logs"
mkdir -p "$logs"

scripts/packages.sh build test >"$logs/packages.log" 2>&1 || { cat "$logs/packages.log"; exit 1; }
cargo build --locked -p sunbench-cli -p sunbench-platform || exit 1
export SUNBENCH_BIN=$PWD/target/debug

# The test target that a source file belongs to, as arguments for cargo.
target() {
  case $1 in
    crates/*/tests/*) printf -- '-p sunbench-%s --test %s' "$(cut -d/ -f2 <<<"$1")" "$(cut -d/ -f4 <<<"${1%.rs}")" ;;
    crates/*/src/*) printf -- '-p sunbench-%s --lib' "$(cut -d/ -f2 <<<"$1")" ;;
    tests/fuzz/*) printf -- '-p sunbench-fuzz' ;;
    tests/torture_*.rs) printf -- '-p sunbench-tests --test %s' "$(basename "$1" .rs)" ;;
    *) echo "$1: where is this run?" >&2; return 1 ;;
  esac
}

# Files that prove one of the wanted promises, or any where none is named.
wanted=("$@")
sought='promise G[0-9]'
[ $# -eq 0 ] || sought="promise ($(IFS='|'; echo "${wanted[*]}")):"
where=(crates tests)
if [ -n "${TRIED:-}" ]; then
  where=(tests/torture_*.rs)
  cp "$TRIED" "$logs/tried.log"
fi
mapfile -t targets < <(grep -rlE --include='*.rs' "$sought" "${where[@]}" | while read -r file; do target "$file" || exit 1; echo; done | sort -u)

failed=0
for arguments in "${targets[@]}"; do
  start=$SECONDS rc=0
  log=$logs/$(tr -c 'a-z0-9_\n' '-' <<<"$arguments").log
  ignored=()
  [[ $arguments != *torture_* ]] || ignored=(--ignored)
  # shellcheck disable=SC2086 # arguments of cargo, one by one
  timeout --kill-after=20 $((900 * TORTURE)) scripts/session.sh \
    cargo test --locked $arguments -- --nocapture "${ignored[@]}" </dev/null >"$log" 2>&1 || rc=$?
  printf '   %-50s %s, %d s\n' "$arguments" "$([ $rc -eq 0 ] && echo ok || echo "FAILED with $rc")" $((SECONDS - start))
  [ $rc -eq 0 ] || { failed=$((failed + 1)); tail -n 60 "$log"; }
done

echo
[ ${#wanted[@]} -gt 0 ] || mapfile -t wanted < <(printf 'G%d\n' $(seq 16))
for promise in "${wanted[@]}"; do
  # A test's own heading may stand before the line.
  tried=$(grep -hoE "promise $promise: .*" "$logs"/*.log | sed "s/^promise $promise: //" | sort -u)
  if [ -z "$tried" ]; then
    echo "$promise  NOT SHOWN"
    failed=$((failed + 1))
  else
    while IFS= read -r line; do printf '%-4s %s\n' "$promise" "$line"; done <<<"$tried"
  fi
done
[ $failed -eq 0 ] && echo "all hold" || echo "$failed do not hold"
[ $failed -eq 0 ]
