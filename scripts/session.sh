#!/usr/bin/env bash
# session.sh [--window] COMMAND...: runs COMMAND in a session of its own: a private D-Bus, an unlocked empty keyring and,
# with --window, a screen of 1366x768 or of SCREEN. It neither sees nor changes the user's session. The exit code is COMMAND's.
set -euo pipefail

window=no
if [ "$1" = --window ]; then window=yes; shift; fi

own=$(mktemp -d)
screen=
end() {
  [ -z "$screen" ] || { kill "$screen" 2>/dev/null || true; wait "$screen" 2>/dev/null || true; }
  rm -rf "$own"
}
trap end EXIT
trap 'exit 143' INT TERM

unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY
export XDG_DATA_HOME=$own/data XDG_CONFIG_HOME=$own/config XDG_CACHE_HOME=$own/cache XDG_RUNTIME_DIR=$own/run
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
mkdir -m 700 "$XDG_RUNTIME_DIR"
export SESSION_LOGS=$own

if [ "$window" = yes ]; then
  # The X server writes the number of the free display that it took.
  mkfifo "$own/display"
  Xvfb -displayfd 3 -screen 0 "${SCREEN:-1366x768}x24" -nolisten tcp 3>"$own/display" 2>"$own/xvfb.log" &
  screen=$!
  if ! read -r -t 20 display <"$own/display"; then
    cat "$own/xvfb.log" >&2
    echo "session.sh: no screen" >&2
    exit 1
  fi
  export DISPLAY=:$display
  # Without a graphics card; and the screen can be photographed.
  export WEBKIT_DISABLE_DMABUF_RENDERER=1 LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1
  export LANG=C.UTF-8
fi

# The keyring is there once its name is on the bus.
# shellcheck disable=SC2016
inside='
  exec >&5 5>&- 2>&4 4>&-
  printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>"$SESSION_LOGS/keyring.log"
  there=no
  for _ in $(seq 100); do
    if dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
      string:org.freedesktop.secrets 2>/dev/null | grep -q "boolean true"; then there=yes; break; fi
    sleep 0.1
  done
  [ "$there" = yes ] || { cat "$SESSION_LOGS/keyring.log" >&2; echo "session.sh: no keyring" >&2; exit 1; }
  "$@"'
# What the bus and the services that it starts have to say stays out of COMMAND's output.
dbus-run-session -- bash -c "$inside" session "$@" 5>&1 4>&2 >"$own/bus.log" 2>&1
