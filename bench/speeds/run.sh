#!/bin/bash
# Rates of subscribers into the kernel, beside bare writes to the same kernel, and what traffic makes of them.
#   bench/speeds/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in network namespaces and a bpffs of its own.
set -euo pipefail
build=${1:?usage: $0 BUILD_DIRECTORY}
case "${GARITA_BENCH_SCALE:-full}" in
    small) count=20000 seconds=2 ;;
    full) count=1000000 seconds=10 ;;
    *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;;
esac
if [ "$(id -u)" -ne 0 ]; then
    echo "skipped: needs root to make network namespaces"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$count subscribers"
"$build/bin/garita-bench-speeds" "$count" "$seconds" "$work"
