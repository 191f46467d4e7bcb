#!/bin/bash
# Starts hub and agent on this machine, with all state in ./var, in ask mode: nothing is enforced without an answer.
#   scripts/run.sh         in the foreground; Ctrl-C stops both and leaves no trace in the firewall
#   scripts/run.sh stop    stops what runs elsewhere
set -euo pipefail
cd "$(dirname "$0")/.."
var=$PWD/var
port=${GARITA_PORT:-8443}

# In one step: `make stop` may be looking.
note_pid() { echo "$2" >"$var/$1.pid.new" && mv "$var/$1.pid.new" "$var/$1.pid"; }

# stop_one NAME PID: ends it when it runs; the file stays when it tells of another one by now
stop_one() {
    local stopped=1
    if [ -n "$2" ] && grep -qa "garita" "/proc/$2/cmdline" 2>/dev/null; then
        kill "$2" && stopped=0
        for _ in $(seq 100); do [ -d "/proc/$2" ] || break; sleep 0.1; done
    fi
    if [ "$(cat "$var/$1.pid" 2>/dev/null)" = "$2" ]; then rm -f "$var/$1.pid"; fi
    return $stopped
}

stop_running() {
    local name stopped=1
    for name in agent hub; do
        stop_one "$name" "$(cat "$var/$name.pid" 2>/dev/null)" && stopped=0
    done
    return $stopped
}

# What this script itself has started, and not what has taken its place.
agent_pid=
hub_pid=
stop_own() {
    stop_one agent "$agent_pid" || true
    stop_one hub "$hub_pid" || true
}

if [ "${1:-}" = stop ]; then
    stop_running && echo "stopped" || echo "nothing was running"
    exit 0
fi

# The firewall, other people's connections and the journal are root's.
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "run this as root, or install sudo: blocking addresses needs it" >&2; exit 1; }
    exec sudo --preserve-env=GARITA_PORT "$0" "$@"
fi

umask 077
mkdir -p "$var"
stop_running >/dev/null && echo "(stopped the ones that were running)"
name=$(hostname -s 2>/dev/null || cat /etc/hostname || echo this-host)
[ -e "$var/hub/garita.db" ] && knows_agents=yes || knows_agents=no

if [ ! -e "$var/hub.yml" ]; then
    cat >"$var/hub.yml" <<YML
# Written by the first \`make run\`; yours from now on. What can be said here: docs/configuration.md
hub:
  listen: 127.0.0.1:$port
  socket: $var/hub.sock
  state: $var/hub
# people:
#   ana: {role: approver, telegram: 123456789, system_user: ana, language: es}
# telegram:
#   token: {file: $var/telegram.token}
#   chats: [{id: -100123456789}]
YML
fi
if [ ! -e "$var/agent.yml" ]; then
    cat >"$var/agent.yml" <<YML
# Written by the first \`make run\`; yours from now on. What can be said here: docs/configuration.md
agent:
  name: $name
  hub: https://127.0.0.1:$port
  state: $var/agent
  user: root  # in name only; another account could not reach this folder
YML
fi

build/bin/garita check "$var/hub.yml" >/dev/null || { build/bin/garita check "$var/hub.yml"; exit 2; }
build/bin/garita hub --config "$var/hub.yml" 2>"$var/hub.log" &
hub_pid=$!
note_pid hub "$hub_pid"
# Ctrl-C reaches the programs too: what ends then has not ended by itself.
finish() {
    trap - INT TERM EXIT
    echo
    echo "Stopping."
    stop_own
    # an agent that was stopped while it began could not take away what the one before it had left
    if ! grep -qE 'keep_on_stop|table:' "$var/agent.yml"; then nft delete table inet garita 2>/dev/null || true; fi
    exit "$1"
}
trap 'finish 0' INT TERM
trap 'finish $?' EXIT
for _ in $(seq 100); do
    GARITA_SOCKET=$var/hub.sock build/bin/garita status >/dev/null 2>&1 && break
    [ -d "/proc/$hub_pid" ] || break
    sleep 0.1
done
if ! GARITA_SOCKET=$var/hub.sock build/bin/garita status >/dev/null 2>&1; then
    echo "The hub did not start:" >&2
    tail -5 "$var/hub.log" >&2
    exit 1
fi
build/bin/garita check "$var/agent.yml" >/dev/null || { build/bin/garita check "$var/agent.yml"; exit 2; }
# One of the two begins anew: the agent gets a certificate, as any other host would.
if [ $knows_agents = no ] || [ ! -s "$var/agent/identity.json" ]; then
    name=$(sed -n 's/^  name: *//p' "$var/agent.yml" | head -n 1)
    GARITA_SOCKET=$var/hub.sock build/bin/garita enroll "$name" --json | grep -oE 'ge1\.[A-Za-z0-9_-]+' | head -n 1 |
        build/bin/garita-agent enroll --config "$var/agent.yml" --code - >"$var/agent.log" 2>&1 ||
        { echo "The agent could not be enrolled:" >&2; tail -5 "$var/agent.log" >&2; exit 1; }
fi
start_agent() {
    build/bin/garita-agent --config "$var/agent.yml" 2>>"$var/agent.log" &
    agent_pid=$!
    note_pid agent "$agent_pid"
}
: >"$var/agent.log"
start_agent
for _ in $(seq 100); do
    GARITA_SOCKET=$var/hub.sock build/bin/garita status 2>/dev/null | grep -q watches && break
    [ -d "/proc/$agent_pid" ] || { echo "The agent did not start:" >&2; tail -5 "$var/agent.log" >&2; exit 1; }
    sleep 0.1
done

echo
GARITA_SOCKET=$var/hub.sock build/bin/garita status
cat <<TEXT

Nothing is blocked or closed without an answer. From another terminal, in this folder:
  build/bin/garita cases                 what waits for an answer
  build/bin/garita decide 1 block        answer case 1
  build/bin/garita rules list            what is blocked; rules unset ADDRESS takes it back
Telegram in five minutes: docs/telegram.md (then put the token into var/hub.yml and run this again).
Logs: var/hub.log, var/agent.log. Ctrl-C stops, and leaves no trace in the firewall.
TEXT
# The agent is two processes, and where one ends the other does: as a service manager would, start it again, but not forever.
for _ in 1 2 3 4 5; do
    code=0
    wait -n || code=$?
    # 0: somebody has asked it to stop
    [ $code -ne 0 ] && [ -d "/proc/$hub_pid" ] && [ ! -d "/proc/$agent_pid" ] || break
    echo "The agent ended by itself, and is started again."
    sleep 1
    start_agent
done
echo "One of the two ended by itself:" >&2
tail -n 3 "$var/hub.log" "$var/agent.log" >&2
exit 1
