#!/bin/bash
# Installs what was built: programs, units, accounts, examples. DESTDIR and PREFIX (/usr/local) as usual; `make build` first.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${PREFIX:-/usr/local}
root=${DESTDIR:-}$prefix
bin=${GARITA_BIN:-build/bin}
for program in garita garita-agent; do
    [ -x "$bin/$program" ] || { echo "$bin/$program is not there: run make build first" >&2; exit 1; }
    install -D -m 755 "$bin/$program" "$root/bin/$program"
done
for unit in garita-hub garita-agent; do
    install -d "$root/lib/systemd/system"
    sed -e "s|=/usr/bin/|=$prefix/bin/|" -e "s|///usr/share/|//$prefix/share/|" "packaging/systemd/$unit.service" >"$root/lib/systemd/system/$unit.service"
    chmod 644 "$root/lib/systemd/system/$unit.service"
done
for unit in garita-hub garita-agent; do # what a unit has to be given where speeds are limited by the kernel's program
    install -D -m 644 "packaging/systemd/$unit-limiter.conf" "$root/share/doc/garita/$unit.service.d/limiter.conf"
done
install -D -m 644 packaging/systemd/garita-hub-scan.conf "$root/share/doc/garita/garita-hub.service.d/scan.conf" # for `ports.engine: syn`
install -D -m 644 packaging/systemd/garita-hub-syslog.conf "$root/share/doc/garita/garita-hub.service.d/syslog.conf" # for `access.syslog` below port 1024
install -D -m 644 packaging/systemd/garita.sysusers.conf "$root/lib/sysusers.d/garita.conf"
install -D -m 644 packaging/systemd/garita.tmpfiles.conf "$root/lib/tmpfiles.d/garita.conf"
install -d "$root/share/bash-completion/completions"
"$bin/garita" completion bash >"$root/share/bash-completion/completions/garita"
for page in packaging/man/*.1; do install -D -m 644 "$page" "$root/share/man/man1/${page##*/}"; done
install -d "$root/share/doc/garita"
install -m 644 docs/*.md examples/*.yml CHANGELOG.md "$root/share/doc/garita"
[ -z "${DESTDIR:-}" ] && cat <<TEXT
Installed below $prefix. Then, as root:
  systemd-sysusers && systemd-tmpfiles --create
  install -m 640 -g garita-hub   $prefix/share/doc/garita/hub.yml   /etc/garita/hub.yml      # on the hub; edit it
  install -m 640 -g garita-agent $prefix/share/doc/garita/agent.yml /etc/garita/agent.yml    # on each server; edit it
  systemctl daemon-reload && systemctl enable --now garita-hub garita-agent
TEXT
exit 0
