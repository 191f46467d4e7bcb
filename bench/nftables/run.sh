#!/bin/bash
# The nftables backend beside its floor, one "nft -f" of the same elements.
#   bench/nftables/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in network namespaces of its own; the machine's firewall is not touched.
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
count=100000
[ "$scale" = full ] || count=10000
needs_root "to make network namespaces"
make_work_folder
printf '%-34s %9s %13s\n' "nftables backend" "elements" "time"
"$build/bin/garita-bench-nftables" "$count" "$work/floor.nft"
start=$(date +%s%N)
unshare -n nft -f "$work/floor.nft"
end=$(date +%s%N)
awk -v n="$count" -v ns=$((end - start)) \
    'BEGIN { printf "%-34s %9d %10.1f ms %9.2f us each\n", "floor: nft -f, one transaction", n, ns / 1e6, ns / 1e3 / n }'
