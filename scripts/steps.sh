# shellcheck shell=bash
# Sourced by test.sh and check.sh: steps with a heading, a time-out, a log and a count of what passed and failed.

logs=$PWD/out/logs
mkdir -p "$logs"
passed=0
failed=0
failures=()
begun=$SECONDS

# step SECONDS NAME COMMAND...: runs COMMAND and counts its tests, or itself where it has none. With ONLY set, steps whose
# NAME does not match that pattern are left out.
step() {
  local limit=$1 name=$2 start=$SECONDS rc=0 log
  shift 2
  [[ $name =~ ${ONLY:-} ]] || return 0
  log=$logs/$(printf '%s' "$name" | tr -c 'a-zA-Z0-9' '-').log
  printf '\n== %s (%s free)\n' "$name" "$(df -h --output=avail . | tail -n 1 | tr -d ' ')"
  timeout --kill-after=20 "$limit" "$@" </dev/null >"$log" 2>&1 || rc=$?
  count "$log" "$rc" "$name"
  if [ "$rc" -eq 0 ]; then
    tail -n 3 "$log"
    printf -- '-- %s: passed (%d s)\n' "$name" $((SECONDS - start))
  else
    tail -n 200 "$log"
    [ "$rc" -ne 124 ] && [ "$rc" -ne 137 ] || printf 'stopped after %d s\n' "$limit"
    printf -- '-- %s: FAILED with %d (%d s)\n' "$name" "$rc" $((SECONDS - start))
  fi
}

# Counts `test result: ok. 12 passed; 0 failed` of cargo and `Tests  3 failed | 40 passed` of vitest.
count() {
  local log=$1 rc=$2 name=$3 good bad
  read -r good bad < <(sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '
    /^test result:/ { good += $4; bad += $6 }
    /^ *Tests  / { for (i = 2; i < NF; i++) { if ($(i + 1) == "passed") good += $i; if ($(i + 1) == "failed") bad += $i } }
    END { print good + 0, bad + 0 }')
  [ $((good + bad)) -gt 0 ] || [ "$rc" -ne 0 ] || good=1
  [ "$rc" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1 # failed before or beside its tests
  passed=$((passed + good))
  failed=$((failed + bad))
  [ "$rc" -eq 0 ] || failures+=("$name")
}

# The last lines, and the exit code.
summary() {
  printf '\n== Summary\n'
  local name
  for name in "${failures[@]}"; do printf 'failed: %s (out/logs)\n' "$name"; done
  printf 'took %d min %02d s\n' $(((SECONDS - begun) / 60)) $(((SECONDS - begun) % 60))
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
