#!/bin/bash
# Rates of subscribers into the kernel, beside bare writes to the same kernel, and what traffic makes of them.
#   bench/speeds/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in network namespaces and a bpffs of its own.
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
count=1000000 seconds=10
[ "$scale" = full ] || { count=20000; seconds=2; }
needs_root "to make network namespaces"
make_work_folder
echo "$count subscribers"
"$build/bin/garita-bench-speeds" "$count" "$seconds" "$work"
