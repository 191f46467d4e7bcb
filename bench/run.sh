#!/bin/bash
# All benchmarks, or those named: bench/run.sh [NAME…]      GARITA_BENCH_SCALE=small|full (default: full)
# Each is bench/NAME/run.sh BUILD_FOLDER and prints its figures beside the bars; docs/benchmarks.md tells what was measured.
# "small" only proves that they work, in little more than a minute: one that fails is tried once more there, since some wait for packets
# beside whatever else a shared machine does. What a machine lacks is skipped with the reason. Some need root.
set -uo pipefail
cd "$(dirname "$0")/.."
export GARITA_BENCH_SCALE=${GARITA_BENCH_SCALE:-full}
build=${GARITA_BENCH_BUILD:-build}
case "$GARITA_BENCH_SCALE" in small | full) ;; *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;; esac
[ $# -gt 0 ] || set -- $(for suite in bench/*/run.sh; do basename "$(dirname "$suite")"; done)
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# run_small NAME: twice at most, five minutes each.
run_small() {
    local try
    for try in first second; do
        timeout -k 10 300 "bench/$1/run.sh" "$build" >"$said" 2>&1 && { cat "$said"; return 0; }
        echo "the $try try failed:"
        cat "$said"
    done
    return 1
}

failed=()
for name; do
    [ -x "bench/$name/run.sh" ] || { echo "there is no benchmark $name" >&2; exit 2; }
    printf '\n== %s (%s)\n' "$name" "$GARITA_BENCH_SCALE"
    if [ "$GARITA_BENCH_SCALE" = small ]; then
        run_small "$name" || failed+=("$name, which said last: $(tail -5 "$said")")
    else
        "bench/$name/run.sh" "$build" || failed+=("$name")
    fi
done
[ ${#failed[@]} -eq 0 ] || { echo; printf 'failed: %s\n' "${failed[@]}" >&2; exit 1; }
