// The table's rows about open ports.

#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto port_table = std::to_array<Setting>({
    {"ports", section, "", "", optional, on_reload, "",
     "Which ports shall be open on which hosts. The hub looks again and again, and tells people once when "
     "that is not so."},
    {"ports.specification", path, "", "", optional, on_reload, "/etc/garita/ports.d",
     "A file, or a folder whose files end with .yml or .yaml, with `hosts`, `groups`, `scanports`, `ipv6` "
     "and "
     "`maintenance` as they are here, beside what is written here. The last three hold for that file's "
     "hosts."},
    {"ports.interval", span, "10s..365d", "1h", optional, on_reload, "",
     "How often each host is looked at, but for a tenth that is left to chance."},
    {"ports.engine", choice, "connect|syn|auto", "connect", optional, on_reload, "",
     "connect: the system's own connections. syn: packets of its own, faster where nobody answers; it needs "
     "the "
     "capability CAP_NET_RAW (garita-hub-scan.conf, docs/ports.md), and without it the hub does not start. "
     "auto: "
     "syn where it may."},
    {"ports.confirm_after", span, "1s..1h", "30s", optional, on_reload, "",
     "What has changed is looked at once more after so long, before anybody is told."},
    {"ports.unknown_after", integer, "1..1000", "3", optional, on_reload, "",
     "After so many looks in a row of which nobody could tell which ports are open (the name is not "
     "resolved, there is no route), that is a case of kind ports_unknown."},
    {"ports.mute_for", span, "1m..365d", "24h", optional, on_reload, "",
     "How long the answer mute lasts where nobody says."},
    {"ports.history", span, "1d..3650d", "400d", optional, on_reload, "",
     "How long what happened to a host's ports is kept."},
    {"ports.rate", integer, "1..10000000", "", optional, on_reload, "5000",
     "Probes a second, at most; otherwise what the scanner holds to be careful."},
    {"ports.rate_per_host", integer, "1..1000000", "", optional, on_reload, "500", "The same for each host."},
    {"ports.parallel_hosts", integer, "1..100000", "", optional, on_reload, "64",
     "How many hosts are looked at at the same time, at most."},
    {"ports.scanports", ports, "", "1-1024", optional, on_reload, "",
     "Ports of TCP that are looked at, beside those of `must` and `may`, on hosts that say none."},
    {"ports.ipv6", yes_no, "", "no", optional, on_reload, "",
     "yes: every address of a name. no: those of IPv4; those of IPv6 where there are no others."},
    {"ports.from", name, "", "", optional, on_reload, "web1",
     "The agent that looks, where its own file allows it (allow.scan); otherwise the hub itself does."},
    {"ports.maintenance", section, "", "", optional, on_reload, "", "When nobody looks, by hub.time_zone."},
    {"ports.maintenance[]", weekly, "", "", optional, on_reload, "sun 02:00-04:00", "One window."},
    {"ports.groups", section, "", "", optional, on_reload, "", "What several hosts have in common."},
    {"ports.groups.*", section, "", "", optional, on_reload, "web", "One group, by a name of your choice."},
    {"ports.groups.*.must", ports, "", "", optional, on_reload, "\"80,443\"",
     "Ports of TCP that must be open."},
    {"ports.groups.*.may", ports, "", "", optional, on_reload, "\"8080\"", "Ports that may be open or not."},
    {"ports.groups.*.udp", section, "", "", optional, on_reload, "", "The same of UDP."},
    {"ports.groups.*.udp.must", ports, "", "", optional, on_reload, "\"53\"",
     "Ports of UDP that must not be refused: of many services nobody can tell more."},
    {"ports.groups.*.udp.may", ports, "", "", optional, on_reload, "\"123\"",
     "Ports that may answer or not."},
    {"ports.groups.*.scanports", ports, "", "", optional, on_reload, "all", "As ports.scanports."},
    {"ports.groups.*.ipv6", yes_no, "", "", optional, on_reload, "yes", "As ports.ipv6."},
    {"ports.groups.*.from", name, "", "", optional, on_reload, "web1", "As ports.from."},
    {"ports.groups.*.maintenance", section, "", "", optional, on_reload, "",
     "Windows of these hosts, beside those of all."},
    {"ports.groups.*.maintenance[]", weekly, "", "", optional, on_reload, "daily 03:00-03:30", "One window."},
    {"ports.groups.*.services", section, "", "", optional, on_reload, "",
     "What shall answer at ports of `must` and `may`, by port. What answers otherwise is told as ports are."},
    {"ports.groups.*.services.*", section, "port", "", optional, on_reload, "443",
     "One port of TCP, with either `banner` or `certificate`."},
    {"ports.groups.*.services.*.banner", text, "", "", optional, on_reload, "",
     "The first line that the service says, by itself or when asked for a web page, as \"SSH-2.0-OpenSSH*\": "
     "* stands for anything, ? for one character."},
    {"ports.groups.*.services.*.certificate", section, "", "", optional, on_reload, "",
     "The certificate that it shows; it is not verified otherwise."},
    {"ports.groups.*.services.*.certificate.names", section, "", "", optional, on_reload, "",
     "It has all of these names."},
    {"ports.groups.*.services.*.certificate.names[]", text, "", "", optional, on_reload, "www.example.org",
     "A name or address, with * and ? as above."},
    {"ports.groups.*.services.*.certificate.issuer", text, "", "", optional, on_reload,
     "\"*O=Let's Encrypt*\"", "Who has issued it, as \"CN=R11,O=Let's Encrypt,C=US\"."},
    {"ports.groups.*.services.*.certificate.sha256", digest, "", "", optional, on_reload, "",
     "This one and no other; names and issuer do not count then."},
    {"ports.groups.*.services.*.certificate.valid_days", integer, "0..3650", "14", optional, on_reload, "",
     "It has to hold for so many days more."},
    {"ports.hosts", section, "", "", optional, on_reload, "",
     "Hosts by name, address, or network (up to /16 of IPv4 and /112 of IPv6). An address counts with what "
     "is "
     "written of it alone, or else with the smallest network that it is in. An address of a network that has "
     "never answered is nobody."},
    {"ports.hosts.*", section, "host", "", optional, on_reload, "www.example.org",
     "One host or network; put IPv6 in quotes."},
    {"ports.hosts.*.groups", section, "", "", optional, on_reload, "",
     "What it is: lists of ports add up; the first group that says `scanports` or `ipv6` counts."},
    {"ports.hosts.*.groups[]", name, "", "", optional, on_reload, "web", "One group."},
    {"ports.hosts.*.must", ports, "", "", optional, on_reload, "\"22,80,443\"",
     "Ports of TCP that must be open. An empty list, []: none may be open. Every host has it, or one of its "
     "groups."},
    {"ports.hosts.*.may", ports, "", "", optional, on_reload, "\"8080-8090\"",
     "Ports that may be open or not."},
    {"ports.hosts.*.udp", section, "", "", optional, on_reload, "", "The same of UDP."},
    {"ports.hosts.*.udp.must", ports, "", "", optional, on_reload, "\"53\"",
     "Ports of UDP that must not be refused."},
    {"ports.hosts.*.udp.may", ports, "", "", optional, on_reload, "\"123\"", "Ports that may answer or not."},
    {"ports.hosts.*.scanports", ports, "", "", optional, on_reload, "all", "As ports.scanports."},
    {"ports.hosts.*.ipv6", yes_no, "", "", optional, on_reload, "yes", "As ports.ipv6."},
    {"ports.hosts.*.from", name, "", "", optional, on_reload, "web1", "As ports.from."},
    {"ports.hosts.*.except", section, "", "", optional, on_reload, "",
     "Of a network: what is not looked at."},
    {"ports.hosts.*.except[]", network, "", "", optional, on_reload, "192.0.2.1", "One address or network."},
    {"ports.hosts.*.maintenance", section, "", "", optional, on_reload, "",
     "Windows of this host, beside those of all."},
    {"ports.hosts.*.maintenance[]", weekly, "", "", optional, on_reload, "sun 02:00-04:00", "One window."},
    {"ports.hosts.*.services", section, "", "", optional, on_reload, "",
     "What shall answer at ports of `must` and `may`, by port. What answers otherwise is told as ports are."},
    {"ports.hosts.*.services.*", section, "port", "", optional, on_reload, "443",
     "One port of TCP, with either `banner` or `certificate`."},
    {"ports.hosts.*.services.*.banner", text, "", "", optional, on_reload, "",
     "The first line that the service says, by itself or when asked for a web page, as \"SSH-2.0-OpenSSH*\": "
     "* stands for anything, ? for one character."},
    {"ports.hosts.*.services.*.certificate", section, "", "", optional, on_reload, "",
     "The certificate that it shows; it is not verified otherwise."},
    {"ports.hosts.*.services.*.certificate.names", section, "", "", optional, on_reload, "",
     "It has all of these names."},
    {"ports.hosts.*.services.*.certificate.names[]", text, "", "", optional, on_reload, "www.example.org",
     "A name or address, with * and ? as above."},
    {"ports.hosts.*.services.*.certificate.issuer", text, "", "", optional, on_reload,
     "\"*O=Let's Encrypt*\"", "Who has issued it, as \"CN=R11,O=Let's Encrypt,C=US\"."},
    {"ports.hosts.*.services.*.certificate.sha256", digest, "", "", optional, on_reload, "",
     "This one and no other; names and issuer do not count then."},
    {"ports.hosts.*.services.*.certificate.valid_days", integer, "0..3650", "14", optional, on_reload, "",
     "It has to hold for so many days more."},
});

}  // namespace

std::span<const Setting> port_settings() {
    return port_table;
}

}  // namespace garita::runtime
