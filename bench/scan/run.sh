#!/bin/bash
# Port scans beside nmap and masscan: bench/scan/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Scanner and targets in two network namespaces; a target is one of thousands of addresses of one kernel, with real listeners.
# What is found is held against the listeners: "missed" and "invented" are open ports. Full takes some twenty minutes, most of it waiting
# for nmap. GARITA_BENCH_ONLY=1,4: only these bars. Runs as root; the machine's own network is not touched.
set -euo pipefail
build=${1:?usage: $0 BUILD_DIRECTORY}
case "${GARITA_BENCH_SCALE:-full}" in small | full) ;; *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;; esac
if [ "$(id -u)" -ne 0 ]; then
    echo "skipped: needs root to make network namespaces"
    exit 0
fi
for program in nmap masscan ethtool nft; do
    command -v "$program" >/dev/null || { echo "skipped: needs $program"; exit 0; }
done
exec python3 -B "$(dirname "$0")/scan.py" "$build"
