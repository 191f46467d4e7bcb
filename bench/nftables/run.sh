#!/bin/bash
# The nftables backend beside its floor, one "nft -f" of the same elements.
#   bench/nftables/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in network namespaces of its own; the machine's firewall is not touched.
set -euo pipefail
build=${1:?usage: $0 BUILD_DIRECTORY}
case "${GARITA_BENCH_SCALE:-full}" in
    small) count=10000 ;;
    full) count=100000 ;;
    *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;;
esac
if [ "$(id -u)" -ne 0 ]; then
    echo "skipped: needs root to make network namespaces"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%-34s %9s %13s\n' "nftables backend" "elements" "time"
"$build/bin/garita-bench-nftables" "$count" "$work/floor.nft"
start=$(date +%s%N)
unshare -n nft -f "$work/floor.nft"
end=$(date +%s%N)
awk -v n="$count" -v ns=$((end - start)) \
    'BEGIN { printf "%-34s %9d %10.1f ms %9.2f us each\n", "floor: nft -f, one transaction", n, ns / 1e6, ns / 1e3 / n }'
