#!/usr/bin/env bash
# headless-day.sh BIN: a day's work with the headless command on a demo platform of its own: sign in, sync, look what is
# due, answer a notice, send. Each verb's result is one line of JSON on stdout. Exit code 1 when one fails.
set -euo pipefail
bin=$1

own=$(mktemp -d)
platform=
end() {
  [ -z "$platform" ] || { kill "$platform" 2>/dev/null || true; wait "$platform" 2>/dev/null || true; }
  rm -rf "$own"
}
trap end EXIT
trap 'exit 143' INT TERM

"$bin/sunbench-platform" --listen 127.0.0.1:0 --data "$own/platform" --demo 1 >"$own/access.json" 2>"$own/platform.log" &
platform=$!
for _ in $(seq 600); do
  [ -s "$own/access.json" ] && break
  kill -0 "$platform" 2>/dev/null || { cat "$own/platform.log" >&2; exit 1; }
  sleep 0.1
done
# field PATH FILE: a field of the JSON document in a file, or in its first line.
field() {
  node -e 'const [path, file] = process.argv.slice(1); const text = require("fs").readFileSync(file, "utf8");
    let value; try { value = JSON.parse(text) } catch { value = JSON.parse(text.split("\n")[0]) }
    for (const key of path.split(".")) value = value[key];
    console.log(value)' "$1" "$2"
}

umask 077
field password "$own/access.json" >"$own/password"
head -c 24 /dev/urandom | base64 >"$own/passphrase"
export SUNBENCH_PASSPHRASE_FILE=$own/passphrase

# verb NAME ARGUMENT...: runs it and prints its result.
verb() {
  local rc=0
  timeout 120 "$bin/sunbench" "$@" --data "$own/profile" --json >"$own/$1.json" || rc=$?
  node -e 'const [verb, file] = process.argv.slice(1); const text = require("fs").readFileSync(file, "utf8");
    console.log(JSON.stringify({ verb, result: text.trim() === "" ? null : JSON.parse(text) }))' "$1" "$own/$1.json"
  [ "$rc" = 0 ] || { echo "sunbench $1 ended with $rc" >&2; exit 1; }
}

verb connect --url "$(field url "$own/access.json")" --institution "$(field institution "$own/access.json")" \
  --user "$(field user "$own/access.json")" --password-file "$own/password"
verb sync
verb status
verb notices --open
notice=$(field 0.id "$own/notices.json")
printf '原因：送货延迟。整改措施：已与配送企业约定补送日期，每周核对一次。\n' >"$own/reply.txt"
verb reply "$notice" --text-file "$own/reply.txt"
verb sync
verb outbox
verb verify

states=$(node -e 'const items=JSON.parse(require("fs").readFileSync(process.argv[1],"utf8"));
  console.log(items.filter((i)=>i.kind==="notice.reply").map((i)=>i.state.toLowerCase()).join())' "$own/outbox.json")
[ "$states" = accepted ] || { echo "the answer was not accepted: $states" >&2; exit 1; }
