#!/bin/bash
# Every fuzz target for GARITA_FUZZ_SECONDS (60) from its corpus; findings stay in build/fuzz/findings.
#   scripts/fuzz.sh [TARGET…]
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${GARITA_FUZZ_SECONDS:-60}
scripts/build.sh fuzz fuzz_targets || exit 1
mkdir -p build/fuzz/findings
status=0
for program in build/fuzz/bin/*_fuzz; do
    name=$(basename "$program" _fuzz)
    if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
    work=build/fuzz/work/$name
    corpus=tests/fuzz/corpus/$name
    mkdir -p "$work"
    folders=("$work")
    [ -d "$corpus" ] && folders+=("$corpus")
    if "$program" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        -artifact_prefix=build/fuzz/findings/"$name"- "${folders[@]}" >"build/fuzz/$name.log" 2>&1; then
        echo "fuzz $name: $(grep -oE 'number_of_executed_units: [0-9]+' "build/fuzz/$name.log" | grep -oE '[0-9]+') inputs in $seconds s, no finding"
    else
        echo "fuzz $name: FINDING"
        tail -40 "build/fuzz/$name.log"
        status=1
    fi
done
exit $status
