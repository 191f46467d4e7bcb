#!/bin/bash
# From a cause to the first dropped packet: bench/latency/run.sh BUILD_FOLDER      GARITA_BENCH_SCALE=small|full (default: full)
# Hub, agent and an attacker in three network namespaces; the attacker sends a packet each 0.2 ms.
#   1. the 50th line "404" written to a log (10,000 other lines a second beside it), under a policy that blocks by itself
#   2. a press on "Block address" in the strict fake of Telegram
# GARITA_BENCH_DIR: where the files are made; on the way from a cause to its effect several commits are synced there.
# The latency ends when the first packet that never arrives is sent. Runs as root; the machine's firewall is not touched.
set -euo pipefail
command -v node >/dev/null || { echo "skipped: needs node for the fake of Telegram"; exit 0; }
exec python3 -B "$(dirname "$0")/latency.py" "${1:?usage: $0 BUILD_FOLDER}"
