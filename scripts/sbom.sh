#!/usr/bin/env bash
# sbom.sh [install]: what the shipped programs are made of, as CycloneDX 1.5, into out/: one file for the desktop program,
# one for the command, one for the front end inside the window. Fails when a package of the lock files is missing in them.
# `install` puts the tool into target-tools where the machine has none.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.5.9
target=x86_64-unknown-linux-gnu
export PATH=$PWD/target-tools/bin:$PATH

if [ "${1:-}" = install ]; then
  command -v cargo-cyclonedx >/dev/null || cargo install --locked --version "$version" \
    --root target-tools --target-dir target-tools/build cargo-cyclonedx
  exit
fi

mkdir -p out
name=sbom-parts
trap 'find crates src-tauri tests -name "$name.json" -not -path "*/node_modules/*" -delete' EXIT
cargo cyclonedx --quiet --format json --spec-version 1.5 --target "$target" --all --override-filename "$name"
mv src-tauri/$name.json out/sunbench-desktop.cdx.json
mv crates/cli/$name.json out/sunbench.cdx.json
npm --prefix ui sbom --sbom-format cyclonedx --package-lock-only --omit dev >out/sunbench-ui.cdx.json

# Nobody trusts a list that lists itself: what cargo would link has to be in it.
check() {
  local missing=0 name version
  while read -r name version; do
    grep -qF "pkg:cargo/$name@${version#v}" "out/$2.cdx.json" || { echo "sbom.sh: $2 lacks $name $version" >&2; missing=1; }
  done < <(cargo tree --locked --edges normal --target "$target" --prefix none --format '{p}' --package "$1" \
    | awk '{ print $1, $2 }' | sort -u)
  return "$missing"
}
check sunbench-desktop sunbench-desktop
check sunbench-cli sunbench
for part in vue reka-ui; do
  grep -qF "pkg:npm/$part@" out/sunbench-ui.cdx.json || { echo "sbom.sh: the front end lacks $part" >&2; exit 1; }
done
for file in sunbench-desktop sunbench sunbench-ui; do
  echo "out/$file.cdx.json: $(grep -c '"purl"' out/$file.cdx.json) packages"
done
