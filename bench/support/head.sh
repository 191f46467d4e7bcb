# Sourced by bench/*/run.sh with their arguments: sets build (the build directory) and scale (small or full).
build=${1:?usage: $0 BUILD_DIRECTORY}
scale=${GARITA_BENCH_SCALE:-full}
case "$scale" in small | full) ;; *) echo "GARITA_BENCH_SCALE must be small or full" >&2; exit 2 ;; esac

# needs_root WHAT_FOR: ends with the reason where this is not root
needs_root() {
    [ "$(id -u)" -eq 0 ] || { echo "skipped: needs root $1"; exit 0; }
}

# Sets work: a folder that is gone at the end.
make_work_folder() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
}
