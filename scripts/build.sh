#!/bin/bash
# scripts/build.sh release|tests|bench|address|thread|fuzz|tidy [TARGET…]: one build tree a flavour, all under build/.
#   release  build/bin/garita, build/bin/garita-agent         tests   the same tree with the tests (GARITA_TESTS=peers: those of
#   bench    the same tree with the benchmarks                        programs and outside peers only)
#   address, thread   build/address, build/thread             fuzz    build/fuzz, what parsers need, with clang
#   tidy     build/tidy, only prepared: how each file is compiled
set -euo pipefail
cd "$(dirname "$0")/.."
flavour=${1:-release}
shift || true
tree=build
options=(-DCMAKE_BUILD_TYPE=RelWithDebInfo)
targets=("$@")
case "$flavour" in
    release) options+=(-DGARITA_TESTS=${GARITA_TESTS:-OFF} -DGARITA_BENCH=${GARITA_BENCH:-OFF}); targets=(${targets[@]:-garita garita-agent}) ;;
    tests) options+=(-DGARITA_TESTS=${GARITA_TESTS:-ON} -DGARITA_BENCH=ON) ;;
    tidy) tree=build/tidy; options+=(-DGARITA_TESTS=ON -DGARITA_BENCH=OFF -DGARITA_BATCHES=ON) ;;
    bench) options+=(-DGARITA_TESTS=${GARITA_TESTS:-OFF} -DGARITA_BENCH=ON) ;;
    address | thread) tree=build/$flavour; options+=(-DGARITA_SANITIZE=$flavour -DGARITA_TESTS=ON -DGARITA_BENCH=OFF -DGARITA_BATCHES=ON) ;;
    fuzz) tree=build/fuzz
          options+=(-DGARITA_SANITIZE=fuzz -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 -DGARITA_TESTS=ON -DGARITA_BENCH=OFF
                   -DGARITA_BATCHES=ON) ;;
    *) echo "usage: $0 release|tests|bench|address|thread|fuzz|tidy [TARGET…]" >&2; exit 2 ;;
esac
mkdir -p "$tree"
cmake -S . -B "$tree" -G Ninja "${options[@]}" >"$tree/configure.log" 2>&1 || { cat "$tree/configure.log" >&2; exit 1; }
[ "$flavour" = tidy ] && exit 0
exec ninja -C "$tree" "${targets[@]}"
