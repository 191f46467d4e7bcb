#!/bin/bash
# Installs what Garita needs from Debian's packages; asks for root only when something is missing.
#   scripts/install-deps.sh build    to build and run
#   scripts/install-deps.sh test     also what the tests, checks and benchmarks use
set -euo pipefail

build=(
    ca-certificates ccache cmake g++ gettext git iproute2 libboost1.81-dev libbpf-dev libcli11-dev libcurl4-openssl-dev
    libexpected-dev libfmt-dev libhowardhinnant-date-dev libmnl-dev libqrencode-dev libre2-dev libseccomp-dev libsodium-dev libspdlog-dev libsqlite3-dev libssl-dev
    libsystemd-dev libyaml-cpp-dev make mold ninja-build nftables pkg-config tzdata zlib1g-dev
)
test=(
    apache2-utils clang-14 clang-format-14 clang-tidy-14 conntrack curl dbus fail2ban faketime ipset iptables jq libbenchmark-dev
    libclang-rt-14-dev libgmock-dev libgtest-dev logrotate nginx-light openssh-client openssh-server openssl
    procps python3 python3-dbusmock python3-gi python3-jsonschema python3-yaml rsyslog sqlite3 sshpass systemd systemd-journal-remote util-linux
)

case "${1:-build}" in
    build) wanted=("${build[@]}") ;;
    test) wanted=("${build[@]}" "${test[@]}") ;;
    *) echo "usage: $0 build|test" >&2; exit 2 ;;
esac
if [ "${1:-build}" = test ]; then
    # Node.js may have come from elsewhere than Debian, with npm in it
    command -v node >/dev/null || wanted+=(nodejs)
    command -v npm >/dev/null || wanted+=(npm)
fi

missing=()
for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "missing packages: ${missing[*]}; run this as root, or install sudo" >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
# No service of these packages is wanted on this machine (the tests start their own); a policy that is there stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
