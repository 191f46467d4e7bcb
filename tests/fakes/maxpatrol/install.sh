#!/bin/bash
# Installs the npm programs that the tests of the login to a SIEM use. Does nothing when they are there already.
#   tests/fakes/maxpatrol/install.sh [DIR]     default: build/test-node-maxpatrol, outside of the source
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-$here/../../../build/test-node-maxpatrol}
mkdir -p "$to"
exec 9>"$to/.lock"
flock 9 # tests of several build trees may ask at the same time
wanted=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum)
[ "$(cat "$to/.installed" 2>/dev/null)" = "$wanted" ] && exit 0
cp "$here/package.json" "$here/package-lock.json" "$to/"
(cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
echo "$wanted" >"$to/.installed"
