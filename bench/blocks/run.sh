#!/bin/bash
# A hundred thousand blocks through the whole of Garita: bench/blocks/run.sh BUILD_FOLDER      GARITA_BENCH_SCALE=small|full
# Requested over the hub's local socket, carried by TLS to an agent in another network namespace, put into its kernel; then the
# agent is killed, its table emptied, and it is started again. Every element is compared with what was asked, its end to the
# second. When the kernel was complete is seen from the ruleset's generation number, asked for each millisecond.
set -euo pipefail
exec python3 -B "$(dirname "$0")/blocks.py" "${1:?usage: $0 BUILD_FOLDER}"
