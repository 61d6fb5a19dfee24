#!/usr/bin/env bash
# Whether two builds of `sunbench` find the same in the same ledgers, byte for byte.
#
#   SUNBENCH_LEDGERS=FOLDER cargo test -p sunbench-domain --test matching write_ledgers -- --ignored
#   crates/exchange/benches/same_results.sh OLD NEW FOLDER
set -euo pipefail
old=$1 new=$2 folder=$3
count=0
for left in "$folder"/left-*; do
    right=$folder/right-${left##*/left-}
    of() { "$1" --json reconcile --left "$left" --right "$right" | sha256sum; }
    if [ "$(of "$old")" != "$(of "$new")" ]; then
        echo "another result: $left $right"
        exit 1
    fi
    count=$((count + 1))
done
echo "$count pairs of ledgers, the same results"
