#!/bin/bash
# Replays of old logs beside fail2ban and CrowdSec on the same files.
#   bench/replay/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
set -euo pipefail
exec /usr/bin/python3 "$(dirname "$0")/run.py" "${1:?usage: $0 BUILD_DIRECTORY}"
