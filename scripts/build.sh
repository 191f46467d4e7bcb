#!/bin/bash
# scripts/build.sh release|tests|bench|address|thread|fuzz|configure [TARGET…]: one build tree a flavour, all under build/.
#   release  build/bin/garita, build/bin/garita-agent         tests   the same tree with the tests
#   bench    the same tree with the benchmarks                address, thread   build/address, build/thread
#   configure  the tests' tree, only prepared: how each file is compiled          fuzz   build/fuzz, what parsers need, with clang
set -euo pipefail
cd "$(dirname "$0")/.."
flavour=${1:-release}
shift || true
tree=build
options=(-DCMAKE_BUILD_TYPE=RelWithDebInfo)
targets=("$@")
case "$flavour" in
    release) options+=(-DGARITA_TESTS=${GARITA_TESTS:-OFF} -DGARITA_BENCH=${GARITA_BENCH:-OFF}); targets=(${targets[@]:-garita garita-agent}) ;;
    tests | configure) options+=(-DGARITA_TESTS=ON -DGARITA_BENCH=ON) ;;
    bench) options+=(-DGARITA_TESTS=${GARITA_TESTS:-OFF} -DGARITA_BENCH=ON) ;;
    address | thread) tree=build/$flavour; options+=(-DGARITA_SANITIZE=$flavour -DGARITA_TESTS=ON -DGARITA_BENCH=OFF) ;;
    fuzz) tree=build/fuzz
          options+=(-DGARITA_SANITIZE=fuzz -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 -DGARITA_TESTS=ON -DGARITA_BENCH=OFF) ;;
    *) echo "usage: $0 release|tests|bench|address|thread|fuzz|configure [TARGET…]" >&2; exit 2 ;;
esac
mkdir -p "$tree"
cmake -S . -B "$tree" -G Ninja "${options[@]}" >"$tree/configure.log" 2>&1 || { cat "$tree/configure.log" >&2; exit 1; }
[ "$flavour" = configure ] && exit 0
exec ninja -C "$tree" "${targets[@]}"
