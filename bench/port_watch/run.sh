#!/bin/bash
# A watch over two thousand hosts with a specification of a hundred ports each: time of a cycle, memory, cases.
#   bench/port_watch/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
hosts=2000
[ "$scale" = full ] || hosts=200
"$build/bin/garita_bench_port_watch" "$hosts" 100
