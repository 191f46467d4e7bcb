#!/bin/bash
# Installs what Garita needs from Debian's packages; asks for root only when something is missing.
#   scripts/install-deps.sh build    to build and run
#   scripts/install-deps.sh test     also what the tests, checks and benchmarks use
set -euo pipefail

build=(
    ca-certificates ccache cmake g++ gettext git iproute2 libboost1.81-dev libbpf-dev libcli11-dev libcurl4-openssl-dev
    libexpected-dev libfmt-dev libgmime-3.0-dev libgpgme-dev libhowardhinnant-date-dev libmariadb-dev libmnl-dev libopendkim-dev libpq-dev libqrencode-dev libre2-dev libseccomp-dev libsodium-dev libspdlog-dev libsqlite3-dev libssh-dev libssl-dev
    libsystemd-dev libyaml-cpp-dev make mold ninja-build nftables pkg-config tzdata zlib1g-dev
)
test=(
    apache2-utils clang-14 clang-format-14 clang-tidy-14 conntrack crowdsec curl dbconfig-no-thanks dbus dnsmasq-base dovecot-core dovecot-imapd dovecot-pop3d ethtool fail2ban faketime frr gnupg ipset iptables jq libbenchmark-dev
    libclang-rt-14-dev libgmock-dev libgtest-dev logrotate mariadb-client-core mariadb-server-core masscan nginx-light nmap opendkim-tools openssh-client openssh-server openssl
    postfix postgresql-15 procps prometheus-alertmanager python3 python3-asyncssh python3-dbusmock python3-dkim python3-gi python3-jsonschema python3-netmiko python3-requests python3-requests-oauthlib python3-uvloop python3-yaml rsyslog rsyslog-gnutls rsyslog-mysql rsyslog-pgsql sqlite3 sshpass systemd systemd-journal-remote util-linux
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

# loggen is in a package that excludes rsyslog: unpacked aside, never installed
aside=/usr/local/lib/garita-tests/syslog-ng
loggen_missing() { [ "${1:-}" = test ] && [ ! -e "$aside/usr/bin/loggen" ]; }

missing=()
for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && ! loggen_missing "${1:-build}" && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "missing packages: ${missing[*]}; run this as root, or install sudo" >&2; exit 1; }
    as_root=(sudo)
fi
unpack_loggen() {
    local folder
    folder=$(mktemp -d)
    (cd "$folder" && apt-get download -q syslog-ng-core) && "${as_root[@]}" mkdir -p "$aside" && "${as_root[@]}" dpkg -x "$folder"/syslog-ng-core_*.deb "$aside" ||
        echo "loggen could not be unpacked: its test will be skipped" >&2
    rm -rf "$folder"
}
if [ ${#missing[@]} -eq 0 ]; then
    unpack_loggen
    exit 0
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
# No service of these packages is wanted on this machine (the tests start their own); a policy that is there stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
if [[ " ${missing[*]} " == *" crowdsec "* ]]; then
    # its installation asks its makers' server for an account and fails without the internet, but where there is one
    "${as_root[@]}" mkdir -p /etc/crowdsec
    [ -s /etc/crowdsec/online_api_credentials.yaml ] || echo 'url: http://127.0.0.1:1/' | "${as_root[@]}" tee /etc/crowdsec/online_api_credentials.yaml >/dev/null
fi
if [[ " ${missing[*]} " == *" postfix "* ]]; then
    # a Postfix without a configuration of its own: tests bring theirs
    echo 'postfix postfix/main_mailer_type select No configuration' | "${as_root[@]}" debconf-set-selections
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
if loggen_missing "${1:-build}"; then unpack_loggen; fi
