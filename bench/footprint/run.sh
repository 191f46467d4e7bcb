#!/bin/bash
# Memory, processor and start of hub and agent with default settings: bench/footprint/run.sh BUILD_FOLDER
# GARITA_BENCH_SCALE=small|full (default: full). Runs as root in a network namespace of its own.
set -euo pipefail
exec python3 -B "$(dirname "$0")/footprint.py" "${1:?usage: $0 BUILD_FOLDER}"
