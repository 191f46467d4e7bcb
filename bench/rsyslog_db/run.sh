#!/bin/bash
# One poll of rsyslog's table SystemEvents with a million rows, in MariaDB and in PostgreSQL.
#   bench/rsyslog_db/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
for program in /usr/sbin/mariadbd /usr/sbin/rsyslogd /usr/lib/postgresql; do
    [ -e "$program" ] || { echo "skipped: $program is missing"; exit 0; }
done
exec python3 -B "$(dirname "$0")/rsyslog_db.py" "$build" "$scale"
