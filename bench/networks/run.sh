#!/bin/bash
# Networks of a class in nftables, beside bare messages to the same kernel: one hash set for each prefix length, and one interval set.
#   bench/networks/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in a network namespace of its own; the machine's firewall is not touched.
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
count=100000
[ "$scale" = full ] || count=5000
needs_root "to make a network namespace"
echo "$count networks"
"$build/bin/garita-bench-networks" "$count"
