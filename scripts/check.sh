#!/bin/bash
# Formatting, bugs that clang-tidy sees (scripts/tidy.py), and the size of files. Structure (who includes whom) is a test of its own.
#   scripts/check.sh [format] [tidy] [size]
set -uo pipefail
cd "$(dirname "$0")/.."
checks=("$@")
[ ${#checks[@]} -eq 0 ] && checks=(format size tidy)
status=0

check_format() {
    local bad
    bad=$(git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 --dry-run -Werror 2>&1 | grep -oE '^[^:]+\.(cpp|hpp)' | sort -u)
    [ -z "$bad" ] && echo "format: fine" && return
    printf 'format: run `make format` for\n%s\n' "$bad"
    status=1
}

# 500 lines is the bound for a file that a reader can hold in mind.
check_size() {
    local bad
    bad=$(git ls-files 'src/*.cpp' 'src/*.hpp' | xargs wc -l | awk '$2 != "total" && $1 > 500 {print "  " $1 " " $2}')
    [ -z "$bad" ] && echo "size: no file above 500 lines" && return
    printf 'size: split these\n%s\n' "$bad"
    status=1
}

check_tidy() {
    scripts/build.sh tidy && scripts/tidy.py || status=1
}

for check in "${checks[@]}"; do "check_$check"; done
exit $status
