#!/bin/bash
# Everything that has to be green: tests, the same tests under sanitizers, checks, short fuzzing, benchmarks as a smoke
# test. The last line is "N passed, N failed"; a failed stage that is no test counts as one.
#   scripts/test.sh [STAGE…]   only these of: tests style address thread fuzz tidy bench
set -uo pipefail
cd "$(dirname "$0")/.."
stages=("$@")
[ ${#stages[@]} -eq 0 ] && stages=(tests style address thread fuzz tidy bench)
passed=0
failed=0
failures=()
started=$SECONDS

note() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - started)); }

# What ran outside CTest: one name, one exit code.
count_one() {
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); failures+=("$1"); fi
}

# run_ctest STAGE TREE [CTEST-OPTION…]
run_ctest() {
    local stage=$1 tree=$2 log
    shift 2
    log="$tree/ctest-$stage.log"
    # Two at once for each core: they wait for packets, servers and clocks most of the time. A second try is told below.
    ctest --test-dir "$tree" --output-on-failure --no-tests=error --repeat until-pass:2 -j $((2 * $(nproc))) "$@" >"$log" 2>&1
    local status=$?
    grep -E '^\s+[0-9]+ - .*\((Failed|Timeout|Not Run|SEGFAULT|Subprocess aborted|.*xception.*)\)' "$log" | sed 's/^/  /'
    local summary
    summary=$(grep -E '[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -1)
    if [ -z "$summary" ]; then
        tail -30 "$log"
        count_one "$stage: ctest" 1
        return
    fi
    local bad all
    bad=$(sed -E 's/.*, ([0-9]+) tests failed.*/\1/' <<<"$summary")
    all=$(sed -E 's/.*out of ([0-9]+).*/\1/' <<<"$summary")
    echo "$stage: $((all - bad)) of $all passed"
    grep -h -oE 'SKIPPED.*|Skipped: .*' "$log" | sort | uniq -c
    local tried reports
    tried=$(grep -oE 'Test +#[0-9]+: \S+ .*\*\*\*[A-Z][a-z]+' "$log" | grep -v 'Skipped$' | sed -E 's/.*: (\S+) .*/\1/' | sort | uniq -c | awk '$1 == 1 {print $2}' | paste -sd ' ')
    if [ -n "$tried" ]; then
        echo "$stage: passed at the second try only: $tried (see $log)"
        grep -A15 -E '\*\*\*(Failed|Timeout|Exception)' "$log" | head -60
    fi
    # what a sanitizer has seen once is a fault, whatever the second try says
    reports=$(grep -cE 'ERROR: (Address|Leak)Sanitizer|WARNING: ThreadSanitizer|runtime error: ' "$log")
    if [ "$reports" -gt 0 ] && [ "$bad" -eq 0 ]; then bad=$reports; all=$((all + reports)); fi
    if [ "$bad" -gt 0 ] || [ "$status" -ne 0 ]; then
        grep -B2 -A25 -E '\*\*\*(Failed|Timeout|Exception)|ERROR: .*Sanitizer|WARNING: ThreadSanitizer' "$log" | head -150
        failures+=("$stage: $bad tests, see $log")
    fi
    passed=$((passed + all - bad))
    failed=$((failed + bad))
}

# What runs in one process alone is tested with the sanitizers, below; programs and outside peers also as they are shipped.
stage_tests() {
    GARITA_TESTS=peers scripts/build.sh tests && run_ctest tests build || count_one "build" 1
}
stage_address() {
    scripts/build.sh address &&
        ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1 run_ctest address build/address ||
        count_one "build with AddressSanitizer" 1
}
stage_thread() {
    scripts/build.sh thread thread_tests &&
        TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp halt_on_error=1" run_ctest thread build/thread -L threads ||
        count_one "build with ThreadSanitizer" 1
}
stage_fuzz() {
    GARITA_FUZZ_RUNS=${GARITA_FUZZ_RUNS:-20000} scripts/fuzz.sh
    local status=$? found
    found=$(sort build/fuzz/found 2>/dev/null | paste -sd ' ')
    count_one "fuzz: ${found:-build}" "$status"
}
stage_style() {
    scripts/check.sh format size
    count_one "style" $?
}
stage_tidy() {
    scripts/check.sh tidy
    count_one "clang-tidy" $?
}
stage_bench() {
    GARITA_BENCH_SCALE=small bench/run.sh
    count_one "benchmarks, small" $?
}

scripts/install-deps.sh test || { echo "0 passed, 1 failed"; exit 1; }
for stage in "${stages[@]}"; do
    note "$stage"
    "stage_$stage"
done
note "done"
for failure in "${failures[@]}"; do echo "FAILED: $failure"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
