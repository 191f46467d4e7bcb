#!/bin/bash
# What a hub takes in over TLS with a token, and its first page of 50,000 open cases: bench/hub/run.sh BUILD_FOLDER
# GARITA_BENCH_SCALE=small|full (default: full); GARITA_BENCH_DIR: where its files are made; it should be on a real disk.
# An answer 202 means: on disk. Every commit is synced (WAL, synchronous=FULL); requests that come together share one (group commit).
set -euo pipefail
exec python3 -B "$(dirname "$0")/hub.py" "${1:?usage: $0 BUILD_FOLDER}"
