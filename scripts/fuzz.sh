#!/bin/bash
# Every fuzz target for GARITA_FUZZ_SECONDS (60) from its corpus, GARITA_FUZZ_JOBS (2) at a time.
#   scripts/fuzz.sh [TARGET…]
# With GARITA_FUZZ_RUNS each target takes that many inputs instead, from the committed inputs alone and with the same
# seed each time: what is green stays green until somebody changes something. That is what tests do; the search for
# what nobody knows yet is the other way.
# A finding stays in build/fuzz/findings; mended, it belongs into tests/fuzz/regressions/TARGET, where the ordinary tests
# repeat it. What the fuzzer learnt stays in build/fuzz/learnt and is begun with the next time. The last line counts the
# targets and names those with a finding.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${GARITA_FUZZ_SECONDS:-60}
runs=${GARITA_FUZZ_RUNS:-}
jobs=${GARITA_FUZZ_JOBS:-2}
tree=build/fuzz

targets=("$@")
[ ${#targets[@]} -eq 0 ] && mapfile -t targets < <(basename -a -s _fuzz.cpp tests/fuzz/*_fuzz.cpp)
scripts/build.sh fuzz "${targets[@]/%/_fuzz}" || exit 1
mkdir -p "$tree/findings"

# One target; its words go to a log of its own, the verdict to standard output.
fuzz_one() {
    local name=$1 log="$tree/$1.log" learnt="$tree/learnt/$1" inputs folder
    local limits=(-max_total_time="$seconds")
    [ -n "$runs" ] && learnt=$(mktemp -d) && limits=(-runs="$runs" -seed=1)
    local folders=("$learnt")
    mkdir -p "$learnt"
    for folder in tests/fuzz/{corpus,regressions}/"$name"; do
        [ -d "$folder" ] && folders+=("$folder")
    done
    "$tree/bin/${name}_fuzz" "${limits[@]}" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$tree/findings/$name-" "${folders[@]}" >"$log" 2>&1
    local status=$?
    [ -n "$runs" ] && rm -rf "$learnt"
    if [ "$status" -eq 0 ]; then
        inputs=$(grep -oE 'number_of_executed_units: [0-9]+' "$log" | grep -oE '[0-9]+')
        echo "fuzz $name: $inputs inputs, no finding"
    else
        echo "fuzz $name: FINDING, repeat with $tree/bin/${name}_fuzz FILE"
        grep -vE '^(INFO|#|\s*NEW_FUNC)' "$log" | tail -40
        echo "$name" >>"$tree/found"
    fi
}

export -f fuzz_one
export seconds runs tree
rm -f "$tree/found"
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I '{}' bash -c 'fuzz_one {}'
[ ! -s "$tree/found" ] && echo "fuzz: ${#targets[@]} targets, no finding" && exit 0
echo "fuzz: ${#targets[@]} targets, findings in $(sort "$tree/found" | paste -sd ' ')"
exit 1
