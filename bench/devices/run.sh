#!/bin/bash
# 1000 devices, of which 150 hang and 150 refuse: how long a change takes to the healthy ones.
#   bench/devices/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# The devices are emulated in the process; store, reconcilers and threads are the hub's.
set -euo pipefail
build=${1:?usage: $0 BUILD_DIRECTORY}
case "${GARITA_BENCH_SCALE:-full}" in
    small) count=40 seconds=2 ;;
    full) count=1000 seconds=20 ;;
    *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$count devices, of which $((count * 3 / 20)) hang and $((count * 3 / 20)) refuse"
"$build/bin/garita-bench-devices" "$count" "$seconds" "$work"
