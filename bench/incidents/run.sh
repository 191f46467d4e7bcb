#!/bin/bash
# Incidents of a SIEM: from their appearance to ten chats, a press while the SIEM hangs, memory with very many open.
#   bench/incidents/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
# The SIEM and Telegram are the tests' own, strict about Telegram's limits. Everything on 127.0.0.1.
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
command -v node >/dev/null || { echo "skipped: needs node"; exit 0; }
exec /usr/bin/python3 -B "$(dirname "$0")/incidents.py" "$build" "$scale"
