#!/bin/bash
# All benchmarks, or those named: bench/run.sh [NAME…]      GARITA_BENCH_SCALE=small|full (default: full)
# Each is bench/NAME/run.sh BUILD_FOLDER and prints its figures beside the bars; docs/benchmarks.md tells what was measured.
# "small" only proves that they work, in little more than a minute. What a machine lacks is skipped with the reason. Some need root.
set -uo pipefail
cd "$(dirname "$0")/.."
export GARITA_BENCH_SCALE=${GARITA_BENCH_SCALE:-full}
build=${GARITA_BENCH_BUILD:-build}
case "$GARITA_BENCH_SCALE" in small | full) ;; *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;; esac
[ $# -gt 0 ] || set -- $(for suite in bench/*/run.sh; do basename "$(dirname "$suite")"; done)
failed=()
for name; do
    [ -x "bench/$name/run.sh" ] || { echo "there is no benchmark $name" >&2; exit 2; }
    printf '\n== %s (%s)\n' "$name" "$GARITA_BENCH_SCALE"
    "bench/$name/run.sh" "$build" || failed+=("$name")
done
[ ${#failed[@]} -eq 0 ] || { echo; echo "failed: ${failed[*]}" >&2; exit 1; }
