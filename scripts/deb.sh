#!/usr/bin/env bash
# deb.sh: the Debian package, into out/, with everything built in that a hospital's PC may lack (OpenSSL). Then it is
# tried: installed and removed again where we are root, else unpacked; either way its self-test must pass.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/packages.sh build run
scripts/front-end.sh
export CARGO_TARGET_DIR=$PWD/target-dist
cargo build --locked --profile dist -p sunbench-cli --no-default-features --features vendored-crypto
rm -rf target-dist/dist/bundle
(cd src-tauri && ../ui/node_modules/.bin/tauri build --bundles deb --config ../installer/linux/deb.json \
  --features vendored-crypto -- --locked --profile dist --no-default-features)

mkdir -p out
package=$(echo target-dist/dist/bundle/deb/*.deb)
cp "$package" out/
scripts/sbom.sh
package=$PWD/out/$(basename "$package")
dpkg-deb --info "$package"
dpkg-deb --contents "$package"

if [ "$(id -u)" = 0 ]; then
  apt-get install -y --no-install-recommends "$package"
  bin=/usr/bin
  trap 'apt-get remove -y sunbench' EXIT
else
  unpacked=$(mktemp -d)
  trap 'rm -rf "$unpacked"' EXIT
  dpkg-deb --extract "$package" "$unpacked"
  bin=$unpacked/usr/bin
fi
if ldd "$bin/sunbench-desktop" "$bin/sunbench" | grep -E 'not found|libcrypto|libssl'; then
  echo "deb.sh: the package needs what a PC may lack" >&2
  exit 1
fi
"$bin/sunbench" calendar --from 2026-01-01 --to 2026-01-05 --json
timeout 300 "$bin/sunbench-desktop" --selftest
echo "$package"
