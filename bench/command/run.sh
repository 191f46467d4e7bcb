#!/bin/bash
# The command backend beside its floor, "ipset restore" with the same lines; here and over SSH.
#   bench/command/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# Runs as root in a network namespace of its own.
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
count=100000 rounds=5
[ "$scale" = full ] || { count=10000; rounds=1; }
needs_root "to make network namespaces"
for program in /usr/sbin/ipset /usr/sbin/sshd /usr/bin/ssh; do
    [ -x "$program" ] || { echo "skipped: $program is missing"; exit 0; }
done
"$build/bin/garita-bench-command" "$count" "$rounds"
