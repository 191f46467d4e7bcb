#!/bin/bash
# Measures the HTTP server and client alone: bench/http/run.sh BUILD_FOLDER      GARITA_BENCH_SCALE=small|full (default: full)
set -euo pipefail
bin=$1/bin
requests=20000
[ "${GARITA_BENCH_SCALE:-full}" = small ] && requests=2000
folder=$(mktemp -d)
trap 'exec {input}>&-; wait; rm -rf "$folder"' EXIT
mkfifo "$folder/input"
"$bin/garita-bench-http" "$folder" 1000 < "$folder/input" > "$folder/port" &
server=$!
exec {input}> "$folder/input"
until [ -s "$folder/port" ]; do sleep 0.05; done
url=https://127.0.0.1:$(cat "$folder/port")

resident() { awk '/VmRSS/ {print $2 " kB"}' "/proc/$server/status"; }

echo "server at rest: $(resident)"
for connections in 8 16 32 64; do
    echo -n "TLS, $connections connections, 1 ms of commit each: "
    "$bin/garita-load" --url "$url/commit" -c "$connections" -n "$requests" --body '{"kind":"ssh_session","n":{n}}'
done
echo -n "local socket, 32 connections: "
"$bin/garita-load" --url "http://localhost/commit" --unix "$folder/http.sock" -c 32 -n "$requests" --body '{"n":{n}}'
echo "server after that: $(resident)"
echo "client:"
"$bin/garita-bench-http-client" "$url" "$folder/cert.pem"
