#!/bin/bash
# Every fuzz target for GARITA_FUZZ_SECONDS (60) from its corpus, GARITA_FUZZ_JOBS (2) at a time.
#   scripts/fuzz.sh [TARGET…]
# A finding stays in build/fuzz/findings; mended, it belongs into tests/fuzz/regressions/TARGET, where the ordinary tests
# repeat it. What the fuzzer learnt stays in build/fuzz/learnt and is begun with the next time.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${GARITA_FUZZ_SECONDS:-60}
jobs=${GARITA_FUZZ_JOBS:-2}
tree=build/fuzz

targets=("$@")
[ ${#targets[@]} -eq 0 ] && mapfile -t targets < <(basename -a -s _fuzz.cpp tests/fuzz/*_fuzz.cpp)
scripts/build.sh fuzz "${targets[@]/%/_fuzz}" || exit 1
mkdir -p "$tree/findings"

# One target; its words go to a log of its own, the verdict to standard output.
fuzz_one() {
    local name=$1 log="$tree/$1.log" inputs folder
    local folders=("$tree/learnt/$name")
    mkdir -p "$tree/learnt/$name"
    for folder in tests/fuzz/{corpus,regressions}/"$name"; do
        [ -d "$folder" ] && folders+=("$folder")
    done
    if "$tree/bin/${name}_fuzz" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$tree/findings/$name-" "${folders[@]}" >"$log" 2>&1; then
        inputs=$(grep -oE 'number_of_executed_units: [0-9]+' "$log" | grep -oE '[0-9]+')
        echo "fuzz $name: $inputs inputs in $seconds s, no finding"
    else
        echo "fuzz $name: FINDING, repeat with $tree/bin/${name}_fuzz FILE"
        grep -vE '^(INFO|#)' "$log" | tail -40
        return 1
    fi
}

export -f fuzz_one
export seconds tree
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I '{}' bash -c 'fuzz_one {}'
