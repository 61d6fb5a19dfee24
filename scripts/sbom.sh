#!/usr/bin/env bash
# sbom.sh: what the shipped programs are made of, as CycloneDX, into out/: the window, the command, and the front end inside
# the window (its build tools are marked so). Fails when a package that cargo links into a program, or one that npm ships, is missing in its list.
set -euo pipefail
cd "$(dirname "$0")/.."
target=x86_64-unknown-linux-gnu
features=(--no-default-features --features vendored-crypto)
mkdir -p out

rust() { # package, file, features…
  local package=$1 file=out/$2.cdx.json missing=0 name version
  shift 2
  cargo metadata --locked --format-version 1 --filter-platform "$target" --manifest-path "$folder/Cargo.toml" "$@" \
    | node scripts/sbom.mjs "$package" >"$file"
  # Nobody believes a list that lists itself: cargo says by other means what it links.
  while read -r name version; do
    grep -qF "\"pkg:cargo/$name@${version#v}\"" "$file" || { echo "sbom.sh: $file lacks $name $version" >&2; missing=1; }
  done < <(cargo tree --locked --edges normal --target "$target" --prefix none --package "$package" "$@" | awk '{ print $1, $2 }' | sort -u)
  [ "$missing" = 0 ]
}
folder=src-tauri rust sunbench-desktop sunbench-desktop "${features[@]}"
folder=crates/cli rust sunbench-cli sunbench "${features[@]}"

npm --prefix ui sbom --sbom-format cyclonedx --package-lock-only >out/sunbench-ui.cdx.json
node -e '
  const fs = require("fs");
  const listed = new Set(JSON.parse(fs.readFileSync("out/sunbench-ui.cdx.json")).components.map((c) => `${c.name}@${c.version}`));
  const locked = JSON.parse(fs.readFileSync("ui/package-lock.json")).packages;
  const missing = Object.entries(locked).filter(([path, p]) => path && !p.dev && !p.optional && !p.devOptional)
    .map(([path, p]) => `${path.split("node_modules/").at(-1)}@${p.version}`).filter((name) => !listed.has(name));
  if (missing.length) { console.error(`sbom.sh: the front end lacks ${missing}`); process.exit(1); }
'
for file in sunbench-desktop sunbench sunbench-ui; do
  echo "out/$file.cdx.json: $(grep -c '"purl"' "out/$file.cdx.json") packages"
done
