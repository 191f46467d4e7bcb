#!/bin/bash
# Rules of a class from the store into nftables, beside bare messages to the same kernel.
#   bench/classes/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in a network namespace of its own; the machine's firewall is not touched.
set -euo pipefail
build=${1:?usage: $0 BUILD_DIRECTORY}
case "${GARITA_BENCH_SCALE:-full}" in
    small) count=20000 ;;
    full) count=1000000 ;;
    *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;;
esac
if [ "$(id -u)" -ne 0 ]; then
    echo "skipped: needs root to make a network namespace"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$count rules"
"$build/bin/garita-bench-classes" "$count" "$work"
