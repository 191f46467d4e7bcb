#!/bin/bash
# The command backend beside its floor, "ipset restore" with the same lines; here and over SSH.
#   bench/command/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in a network namespace of its own.
set -euo pipefail
build=${1:?usage: $0 BUILD_DIRECTORY}
case "${GARITA_BENCH_SCALE:-full}" in
    small) count=10000 rounds=1 ;;
    full) count=100000 rounds=5 ;;
    *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;;
esac
if [ "$(id -u)" -ne 0 ]; then
    echo "skipped: needs root to make network namespaces"
    exit 0
fi
for program in /usr/sbin/ipset /usr/sbin/sshd /usr/bin/ssh; do
    [ -x "$program" ] || { echo "skipped: $program is missing"; exit 0; }
done
"$build/bin/garita-bench-command" "$count" "$rounds"
