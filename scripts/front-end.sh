#!/usr/bin/env bash
# front-end.sh: installs what the front end is made of, when package-lock.json changed, and builds it into ui/dist.
set -euo pipefail
cd "$(dirname "$0")/../ui"

wanted=$(sha256sum package-lock.json)
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$wanted" ]; then
  timeout 900 npm ci --no-audit --no-fund
  echo "$wanted" >node_modules/.installed
fi
[ "${1:-build}" = install ] || timeout 300 npm run --silent build
