#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto agent_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"agent", section, "", "", required, on_start, "",
     "The agent itself. This key makes the file an agent's."},
    {"agent.name", name, "", "", required, on_start, "web1",
     "Name of this host, as in `agents` of the hub's file."},
    {"agent.hub", url, "https", "", required, on_start, "https://hub.example:8443", "Address of the hub."},
    {"agent.hub_pin", pin, "", "", optional, on_start, "",
     "Digest of the public key in the hub's certificate: only this one is trusted. Without it the system's "
     "authorities decide, or the key that the enrolment code named."},
    {"agent.code", secret, "8", "", optional, on_start, "{file: /etc/garita/agent.code}",
     "Enrolment code, the same as in the hub's file: with it the agent enrols itself at its first start. Not "
     "needed with `garita-agent enroll`."},
    {"agent.state", path, "", "/var/lib/garita-agent", optional, on_start, "",
     "Folder of what must survive a restart: alerts not sent yet, rules in force, places in logs."},
    {"agent.user", name, "", "", optional, on_start, "garita-agent",
     "Account that the agent runs as when root starts it, all but its small enforcing part; without it "
     "garita-agent where that "
     "account exists. It is given the groups adm and systemd-journal, to read logs."},
    {"agent.alert_spool_limit", integer, "100..10000000", "100000", optional, on_start, "",
     "Alerts kept while the hub is away; beyond it the oldest are dropped and counted."},
    {"agent.alone_after", span, "0s..365d", "10s", optional, on_start, "",
     "How long no answer comes from the hub before this agent follows, by itself, the hub's policies that "
     "are "
     "marked `locally`."},

    {"detectors", section, "", "", optional, on_reload, "", "What is looked for."},
    {"detectors.silent_after", span, "1h..365d|never", "24h", optional, on_reload, "",
     "A log that used to have lines and has none for this long, and for three times its longest pause "
     "before, "
     "is a trouble and one alert of kind log_silent."},
    {"detectors.ssh_sessions", section, "", "", optional, on_reload, "", "Incoming SSH logins."},
    {"detectors.ssh_sessions.enabled", yes_no, "", "yes", optional, on_reload, "",
     "Whether logins are watched."},
    {"detectors.ssh_sessions.source", choice, "auto|journal|file", "auto", optional, on_reload, "",
     "Where logins are read; auto: the journal where there is one, the file otherwise."},
    {"detectors.ssh_sessions.file", path, "", "/var/log/auth.log", optional, on_reload, "",
     "Log file of logins."},

    {"detectors.http_errors", section, "", "", optional, on_reload, "",
     "Clients that cause many errors in a web server's log."},
    {"detectors.http_errors.enabled", yes_no, "", "yes", optional, on_reload, "",
     "Whether the logs are watched."},
    {"detectors.http_errors.files", section, "", "[/var/log/nginx/access.log, /var/log/apache2/access.log]",
     optional, on_reload, "",
     "Log files; a file that is not there yet is waited for, and a trouble only when this list was written "
     "by you."},
    {"detectors.http_errors.files[]", glob, "", "", optional, on_reload, "",
     "Path, with * and ? where there are many."},
    {"detectors.http_errors.format", choice, "auto|combined|json", "auto", optional, on_reload, "",
     "How lines are written; combined also reads common. auto: seen from the lines."},
    {"detectors.http_errors.statuses", section, "", "[404]", optional, on_reload, "",
     "What counts as an error."},
    {"detectors.http_errors.statuses[]", status, "", "", optional, on_reload, "",
     "A status, 4xx, or 500-599."},
    {"detectors.http_errors.warning", integer, "1..10000000", "20", optional, on_reload, "",
     "Errors of one client within the window that make a warning."},
    {"detectors.http_errors.critical", integer, "1..10000000", "50", optional, on_reload, "",
     "Errors of one client within the window that are critical."},
    {"detectors.http_errors.window", span, "1s..1d", "60s", optional, on_reload, "",
     "Length of the window, by the times in the log."},
    {"detectors.http_errors.ipv4_prefix", integer, "8..32", "32", optional, on_reload, "",
     "IPv4 clients of the same network of this length count as one."},
    {"detectors.http_errors.ipv6_prefix", integer, "16..128", "64", optional, on_reload, "",
     "IPv6 clients of the same network of this length count as one."},
    {"detectors.http_errors.trusted_proxies", section, "", "", optional, on_reload, "",
     "Proxies whose X-Forwarded-For is believed."},
    {"detectors.http_errors.trusted_proxies[]", network, "", "", optional, on_reload, "192.0.2.10",
     "One address or network."},
    {"detectors.http_errors.repeat_after", span, "1s..30d", "10m", optional, on_reload, "",
     "The same client alarms again only after this time, unless it becomes worse."},
    {"detectors.http_errors.max_tracked", integer, "1000..10000000", "1000000", optional, on_reload, "",
     "Clients counted at a time; beyond it the quietest are forgotten."},
    {"detectors.http_errors.from", choice, "end|start", "end", optional, on_reload, "",
     "Where reading begins in a file seen for the first time."},

    {"detectors.cpu_load", section, "", "", optional, on_reload, "", "Sustained load of the whole machine."},
    {"detectors.cpu_load.enabled", yes_no, "", "yes", optional, on_reload, "", "Whether load is watched."},
    {"detectors.cpu_load.warning", percent, "1..100", "50", optional, on_reload, "",
     "Mean use that makes a warning."},
    {"detectors.cpu_load.critical", percent, "1..100", "90", optional, on_reload, "",
     "Mean use that is critical."},
    {"detectors.cpu_load.interval", span, "1s..1h", "5s", optional, on_reload, "",
     "Time between two measurements."},
    {"detectors.cpu_load.window", span, "1s..1d", "30s", optional, on_reload, "",
     "Time over which the mean is taken: shorter peaks are ignored."},
    {"detectors.cpu_load.hysteresis", percent, "0..99", "10", optional, on_reload, "",
     "Points below a threshold at which it counts as left."},
    {"detectors.cpu_load.repeat_after", span, "1s..30d", "30m", optional, on_reload, "",
     "A load that lasts alarms again after this time."},
    {"detectors.cpu_load.top", integer, "0..50", "5", optional, on_reload, "",
     "Busiest processes that are named."},

    {"detectors.log_patterns", section, "", "", optional, on_reload, "",
     "Addresses found by regular expressions in any log."},
    {"detectors.log_patterns.*", section, "", "", optional, on_reload, "sshd_failures",
     "One detector, by the name that alerts and policies use."},
    {"detectors.log_patterns.*.enabled", yes_no, "", "yes", optional, on_reload, "", "Whether it runs."},
    {"detectors.log_patterns.*.files", section, "", "", optional, on_reload, "", "Log files to read."},
    {"detectors.log_patterns.*.files[]", glob, "", "", optional, on_reload, "/var/log/auth.log",
     "Path, with * and ? where there are many."},
    {"detectors.log_patterns.*.unit", name, "", "", optional, on_reload, "",
     "Unit of the journal to read, such as ssh.service."},
    {"detectors.log_patterns.*.filter", choice, "sshd", "", optional, on_reload, "sshd",
     "Patterns that come with Garita. sshd: failed logins."},
    {"detectors.log_patterns.*.patterns", section, "", "", optional, on_reload, "", "Patterns of your own."},
    {"detectors.log_patterns.*.patterns[]", regex, "address", "", optional, on_reload,
     "'login failed .* from (?P<address>\\S+)$'",
     "RE2 expression with a group (?P<address>…). Use single quotes."},
    {"detectors.log_patterns.*.threshold", integer, "1..10000000", "5", optional, on_reload, "",
     "Lines of one address within the window that raise the alert."},
    {"detectors.log_patterns.*.window", span, "1s..7d", "10m", optional, on_reload, "",
     "Length of the window."},
    {"detectors.log_patterns.*.severity", choice, "info|warning|critical", "warning", optional, on_reload, "",
     "Severity of the alert."},
    {"detectors.log_patterns.*.ipv4_prefix", integer, "8..32", "32", optional, on_reload, "",
     "IPv4 addresses of the same network of this length count as one."},
    {"detectors.log_patterns.*.ipv6_prefix", integer, "16..128", "64", optional, on_reload, "",
     "IPv6 addresses of the same network of this length count as one."},
    {"detectors.log_patterns.*.repeat_after", span, "1s..30d", "10m", optional, on_reload, "",
     "The same address alarms again only after this time."},
    {"detectors.log_patterns.*.max_tracked", integer, "1000..10000000", "1000000", optional, on_reload, "",
     "Addresses counted at a time; beyond it the quietest are forgotten."},

    {"detectors.json_alerts", section, "", "", optional, on_reload, "",
     "Alerts of other programs that write one JSON object a line: Suricata, Wazuh."},
    {"detectors.json_alerts.*", section, "", "", optional, on_reload, "ids", "One log, by a name for it."},
    {"detectors.json_alerts.*.enabled", yes_no, "", "yes", optional, on_reload, "", "Whether it is read."},
    {"detectors.json_alerts.*.files", section, "", "", required, on_reload, "", "Log files to read."},
    {"detectors.json_alerts.*.files[]", glob, "", "", optional, on_reload, "/var/log/suricata/eve.json",
     "Path, with * and ? where there are many."},
    {"detectors.json_alerts.*.format", choice, "suricata|wazuh", "", required, on_reload, "suricata",
     "Who writes it. suricata: eve.json, of which only alerts count. wazuh: alerts.json of the manager."},
    {"detectors.json_alerts.*.priority", integer, "1..255", "2", optional, on_reload, "",
     "Suricata: 1 is the worst (critical), 2 a warning; alerts with a greater number are passed over."},
    {"detectors.json_alerts.*.level", integer, "0..16", "7", optional, on_reload, "",
     "Wazuh: from 12 critical, from 7 a warning; alerts of a lower level than this are passed over."},
    {"detectors.json_alerts.*.window", span, "1s..1d", "5m", optional, on_reload, "",
     "The same signature about the same address is told at once, and then once in this time with its count."},
    {"detectors.json_alerts.*.max_tracked", integer, "100..10000000", "100000", optional, on_reload, "",
     "Signatures and addresses counted at a time; beyond it the one told longest ago is forgotten."},

    {"firewall", section, "", "", optional, on_start, "", "How addresses are blocked on this host."},
    {"firewall.backend", choice, "nftables|none", "nftables", optional, on_start, "",
     "none: this host detects, but never blocks."},
    {"firewall.table", name, "", "garita", optional, on_start, "",
     "Name of the table that belongs to Garita alone."},
    {"firewall.keep_on_stop", yes_no, "", "no", optional, on_start, "",
     "Whether blocks stay in force while the agent does not run."},

    {"allow", section, "", "", optional, on_start, "",
     "This host's own ceiling: what it lets itself be told to do, whatever the hub says. What is beyond it "
     "is refused here "
     "and told to the hub."},
    {"allow.responses", section, "", "[block, close_connection, reboot, power_off]", optional, on_start, "",
     "Responses that are carried out on this host. An empty list: it only watches."},
    {"allow.responses[]", choice, "block|close_connection|reboot|power_off", "", optional, on_start, "block",
     "One response."},
    {"allow.widest_ipv4", integer, "0..32", "16", optional, on_start, "",
     "Prefix length of the widest IPv4 network that this host blocks."},
    {"allow.widest_ipv6", integer, "0..128", "32", optional, on_start, "",
     "Prefix length of the widest IPv6 network that this host blocks."},
    {"allow.blocks_in_force", integer, "1..2000000", "1000000", optional, on_start, "",
     "Blocks that may be in force at a time."},
    {"allow.blocks_per_minute", integer, "0..10000000", "0", optional, on_start, "",
     "New blocks within a minute, 0: no limit; what is beyond waits. What is brought back after a start does "
     "not count."},
    {"allow.scan", section, "", "", optional, on_start, "",
     "What may be scanned from this host when the hub asks for it (docs/ports.md). Without it: nothing."},
    {"allow.scan.targets", section, "", "", required, on_start, "",
     "Networks whose addresses may be asked; no other is, whoever wants it."},
    {"allow.scan.targets[]", network, "", "", optional, on_start, "192.0.2.0/24", "One address or network."},
    {"allow.scan.ports", ports, "", "all", optional, on_start, "", "Ports that may be asked."},
    {"allow.scan.max_rate", integer, "1..1000000", "5000", optional, on_start, "",
     "Questions a second, at most, of all scans together."},

    {"protected", section, "", "", optional, on_start, "",
     "Never blocked on this host, whatever the hub says; beside its own addresses, gateway, resolvers and "
     "the hub."},
    {"protected[]", network, "", "", optional, on_start, "192.0.2.0/24", "One address or network."},
});

}  // namespace

std::span<const Setting> agent_settings() {
    return agent_table;
}

}  // namespace garita::runtime
