#!/usr/bin/env bash
# small-disk.sh COMMAND...: runs COMMAND with SUNBENCH_TEST_SMALL_DISK naming a file system of 3 MB. Where none may be
# mounted it says so and leaves the command out.
set -euo pipefail
disk=$(mktemp -d)
if ! mount -t tmpfs -o size=3m tmpfs "$disk" 2>/dev/null; then
  rmdir "$disk"
  echo "left out: no file system may be mounted here"
  exit 0
fi
trap 'umount "$disk" && rmdir "$disk"' EXIT
SUNBENCH_TEST_SMALL_DISK=$disk "$@"
