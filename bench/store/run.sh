#!/bin/bash
# Measures both stores alone: bench/store/run.sh BUILD_FOLDER
# GARITA_BENCH_SCALE=small|full (default full); GARITA_BENCH_DIR: where the files are made (default: a new
# folder in the temporary directory; it should be on a real disk, because every figure includes its syncs).
set -euo pipefail
folder=${GARITA_BENCH_DIR:-$(mktemp -d)}
trap 'rm -rf "$folder"' EXIT
"$1/bin/garita_bench_store" "$folder" "${GARITA_BENCH_SCALE:-full}"
