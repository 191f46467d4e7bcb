#!/bin/bash
# Networks of a class in nftables, beside bare messages to the same kernel: one hash set for each prefix length, and one interval set.
#   bench/networks/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in a network namespace of its own; the machine's firewall is not touched.
set -euo pipefail
build=${1:?usage: $0 BUILD_DIRECTORY}
case "${GARITA_BENCH_SCALE:-full}" in
    small) count=5000 ;;
    full) count=100000 ;;
    *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;;
esac
if [ "$(id -u)" -ne 0 ]; then
    echo "skipped: needs root to make a network namespace"
    exit 0
fi
echo "$count networks"
"$build/bin/garita-bench-networks" "$count"
