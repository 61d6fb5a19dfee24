#!/usr/bin/env bash
# packages.sh [build] [run] [test]: installs the Debian packages of these kinds that are missing.
# Without the right to install it says what is missing and fails.
set -euo pipefail

build="build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev libayatana-appindicator3-dev"
run="xvfb x11-utils imagemagick fonts-noto-cjk dbus gnome-keyring webkit2gtk-driver"
test="chromium chromium-driver libsecret-tools poppler-utils procps"

missing=()
for kind in "$@"; do
  for package in ${!kind}; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
  done
done

lacking() { echo "$1" >&2; exit 1; }
command -v cargo >/dev/null || lacking "Rust is missing: install it from https://rustup.rs (1.95 or later)"
command -v npm >/dev/null || lacking "Node.js is missing: install version 20.19 or later with npm"
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  lacking "This is not Debian. Install what your system calls these packages: ${missing[*]}"
fi
if [ "$(id -u)" = 0 ]; then
  sudo=()
elif sudo -n true 2>/dev/null; then
  sudo=(sudo -n)
else
  lacking "Packages are missing. Run: sudo apt-get install ${missing[*]}"
fi
echo "installing ${missing[*]}" >&2
install() {
  timeout 1200 "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2
}
timeout 300 "${sudo[@]}" apt-get update -q >&2 || echo "the package lists could not be updated" >&2
install
