#!/bin/bash
# From a switch's datagram to the saved configuration, on emulated switches without a delay of their own: one device at a time, 100 devices on 20
# switches at once, and Debian's Netmiko doing the same session.
#   bench/access/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
GARITA_BIN=$(realpath "$build")/bin exec /usr/bin/python3 "$(dirname "$0")/access.py" "$scale"
