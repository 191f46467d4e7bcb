#!/bin/bash
# Messages of syslog a second, by TCP and UDP, filtered for waiting MAC addresses: Garita's receiver, and rsyslogd with the same filter.
#   bench/syslog/run.sh BUILD_DIRECTORY      GARITA_BENCH_SCALE=small|full (default: full)
set -euo pipefail
. "$(dirname "$0")/../support/head.sh"
make_work_folder
messages=5000000 datagrams=1000000
[ "$scale" = full ] || { messages=500000; datagrams=200000; }
bench=$build/bin/garita_bench_syslog
lost=0
for waiting in 1 10000; do
    "$bench" tcp "$messages" "$waiting" || lost=1
    "$bench" udp "$datagrams" "$waiting" 100000 || lost=1
done

# rsyslogd TRANSPORT MESSAGES A_SECOND: it writes what is waited for
rsyslog() {
    local transport=$1 count=$2 pace=$3 port=$((20000 + RANDOM % 10000)) server module
    [ "$transport" = tcp ] && module=imtcp || module=imudp
    cat >"$work/$transport.conf" <<EOF
global(workDirectory="$work")
module(load="$module")
input(type="$module" port="$port" address="127.0.0.1" ruleset="all" $([ "$transport" = udp ] && echo 'rcvbufSize="32m"'))
main_queue(queue.size="1000000")
ruleset(name="all") {
    if \$rawmsg contains "PSECURE_VIOLATION" and \$rawmsg contains "0013.1a41.544e" then { action(type="omfile" file="$work/$transport.out") }
    stop
}
EOF
    rsyslogd -n -iNONE -f "$work/$transport.conf" 2>"$work/$transport.err" &
    server=$!
    sleep 2
    local begin
    begin=$(date +%s.%N)
    "$bench" send "$transport" "$port" "$count" "$pace" || true
    local wanted=$((count / 1000)) got=-1 last=-2
    while [ "$got" != "$wanted" ] && [ "$got" != "$last" ]; do
        for _ in $(seq 100); do
            got=$(wc -l 2>/dev/null <"$work/$transport.out" || echo 0)
            [ "$got" = "$wanted" ] && break
            sleep 0.02
        done
        [ "$got" = "$wanted" ] || { last=$got; sleep 0.5; got=$(wc -l 2>/dev/null <"$work/$transport.out" || echo 0); }
    done
    echo "rsyslogd $transport, 1 waiting: sent $count, handed on $got of $wanted, in $(echo "$(date +%s.%N) - $begin" | bc) s"
    kill "$server"
    wait "$server" || true
}
if command -v rsyslogd >/dev/null; then
    rsyslog tcp "$messages" 0
    rsyslog udp "$datagrams" 100000
else
    echo "skipped: rsyslogd is not installed"
fi
exit "$lost"
