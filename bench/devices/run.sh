#!/bin/bash
# 1000 devices, of which 150 hang and 150 refuse: how long a change takes to the healthy ones.
#   bench/devices/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# The devices are emulated in the process; store, reconcilers and threads are the hub's.
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
count=1000 seconds=20
[ "$scale" = full ] || { count=40; seconds=2; }
make_work_folder
echo "$count devices, of which $((count * 3 / 20)) hang and $((count * 3 / 20)) refuse"
"$build/bin/garita-bench-devices" "$count" "$seconds" "$work"
