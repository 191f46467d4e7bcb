#!/bin/bash
# Rules of a class from the store into nftables, beside bare messages to the same kernel.
#   bench/classes/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in a network namespace of its own; the machine's firewall is not touched.
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
count=1000000
[ "$scale" = full ] || count=20000
needs_root "to make a network namespace"
make_work_folder
echo "$count rules"
"$build/bin/garita-bench-classes" "$count" "$work"
