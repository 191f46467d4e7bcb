#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto hub_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"hub", section, "", "", required, on_start, "", "The hub itself. This key makes the file a hub's."},
    {"hub.listen", endpoint, "", "127.0.0.1:8443", optional, on_start, "",
     "Where agents and the REST API connect, by HTTPS. Put an IPv6 address in quotes: \"[::]:8443\"."},
    {"hub.socket", path, "", "/run/garita/hub.sock", optional, on_start, "",
     "Local socket of the command line; who calls is known by the system user."},
    {"hub.state", path, "", "/var/lib/garita", optional, on_start, "",
     "Folder of the database and, unless given below, of the certificate and its key."},
    {"hub.certificate", file, "", "", optional, on_reload, "",
     "Certificate in PEM. Without it one is made in `state` on the first start; agents pin it."},
    {"hub.key", file, "", "", optional, on_reload, "",
     "Key of the certificate in PEM. Goes with `certificate`."},
    {"hub.url", url, "https", "", optional, on_reload, "https://hub.example:8443",
     "Address that agents call, as `garita enroll` shows it; otherwise made from `listen`."},
    {"hub.agent_certificates", span, "10s..3650d", "90d", optional, on_reload, "",
     "How long an agent's certificate lasts; agents renew theirs when a third of it is left."},
    {"hub.language", language, "", "en", optional, on_reload, "",
     "Language of messages to people and chats without one of their own."},
    {"hub.time_zone", zone, "", "UTC", optional, on_reload, "", "Time zone of the times that people read."},

    {"hub.step_up", section, "", "", optional, on_reload, "",
     "Answers that take a one-time code from everybody: who has no `totp` is refused. Without this list all "
     "three take one from the people who have a `totp`, and none from the others."},
    {"hub.step_up[]", choice, "reboot|power_off|wide_block", "", optional, on_reload, "power_off",
     "One of them; wide_block: a block of a network wider than block.wide_ipv4 or block.wide_ipv6."},

    {"agents", section, "", "", optional, on_reload, "", "Hosts with an agent."},
    {"agents.*", section, "", "", optional, on_reload, "web1",
     "One host, by the name that its agent calls itself."},
    {"agents.*.code", secret, "8", "", required, on_reload, "{file: /etc/garita/web1.code}",
     "Code with which the agent enrols itself at its first start, the same as in its file. Later, and for "
     "other hosts, `garita enroll NAME` gives codes for one use."},

    {"people", section, "", "", optional, on_reload, "", "Who may see and decide."},
    {"people.*", section, "", "", optional, on_reload, "ana", "One person, by a short name."},
    {"people.*.role", choice, "viewer|operator|approver|administrator", "viewer", optional, on_reload,
     "approver",
     "What the person may do; each role may do what the ones before it may. Dangerous answers "
     "(reboot, power off, blocking a wide network) and access for new devices need an approver."},
    {"people.*.telegram", integer, "1..9223372036854775807", "", optional, on_reload, "123456",
     "Numeric id of the person's Telegram account. Membership of a chat gives no rights."},
    {"people.*.system_user", text, "", "", optional, on_reload, "ana",
     "Login name on the hub's machine, for the command line."},
    {"people.*.mail", section, "", "", optional, on_reload, "",
     "The person's mail addresses: what comes from them, and is proven to, counts as this person's "
     "(access.proof)."},
    {"people.*.mail[]", mail, "", "", optional, on_reload, "ana@example.org", "One address."},
    {"people.*.keys", section, "", "", optional, on_reload, "",
     "Keys that sign the person's mail, by their whole fingerprint; such letters take no code."},
    {"people.*.keys[]", key, "", "", optional, on_reload, "openpgp:0123456789abcdef0123456789abcdef01234567",
     "One key."},
    {"people.*.totp", secret, "26", "", optional, on_reload, "{file: /etc/garita/ana.totp}",
     "Base32 secret of the person's one-time codes, as `garita people totp NAME` makes it. Dangerous answers "
     "of this person then take a code."},
    {"people.*.language", language, "", "", optional, on_reload, "es",
     "Language of messages to this person."},

    {"tokens", section, "", "", optional, on_reload, "", "Programs that may use the REST API."},
    {"tokens.*", section, "", "", optional, on_reload, "billing",
     "One program; the name is the device of the alerts it sends."},
    {"tokens.*.secret", secret, "16", "", required, on_reload, "{credential: billing-token}",
     "What the program sends as bearer token."},
    {"tokens.*.scopes", section, "", "", required, on_reload, "", "What the token may do."},
    {"tokens.*.scopes[]", choice,
     "alerts:write|cases:read|decisions:write|rules:read|rules:write|status:read|audit:read|access:read|"
     "access:write",
     "", optional, on_reload, "alerts:write", "One right."},
    {"tokens.*.person", name, "", "", optional, on_reload, "ana",
     "The person in whose name, and with whose role, the token decides."},

    {"telegram", section, "", "", optional, on_reload, "", "Questions and answers in Telegram."},
    {"telegram.token", secret, "16", "", required, on_reload, "{file: /etc/garita/telegram.token}",
     "Token of the bot, from @BotFather."},
    {"telegram.api_base", url, "http|https", "https://api.telegram.org", optional, on_reload, "",
     "Address of the Bot API; another one for a Bot API server of your own."},
    {"telegram.proxy", url, "http|https|socks5|socks5h", "", optional, on_reload, "",
     "Proxy on the way to Telegram; socks5h lets the proxy resolve names."},
    {"telegram.poll_timeout", span, "1s..90s", "50s", optional, on_reload, "",
     "How long one request for updates is kept open."},
    {"telegram.admission", choice, "ask|off", "ask", optional, on_reload, "",
     "ask: when a person writes /start to the bot, or it is put into a group, and the chat is not "
     "configured, "
     "administrators are asked whether it may have messages. off: nobody is asked."},
    {"telegram.ping", text, "", "", optional, on_reload, "https://example.org/pong.gif",
     "What /ping shows: the address of an animation, or Telegram's id of an animation or sticker. Without "
     "it, "
     "or where Telegram refuses it: a word."},
    {"telegram.banned", section, "", "", optional, on_reload, "",
     "Chats and people that are banned from the start; /unban counts from then on."},
    {"telegram.banned[]", integer, "-9223372036854775807..9223372036854775807", "", optional, on_reload,
     "-1001234567890", "Numeric id."},
    {"telegram.chats", section, "", "", optional, on_reload, "", "Where questions are posted."},
    {"telegram.chats[]", section, "", "", optional, on_reload, "", "One chat."},
    {"telegram.chats[].id", integer, "-9223372036854775807..9223372036854775807", "", required, on_reload,
     "-1001234567890", "Numeric id of the chat; groups have negative ones."},
    {"telegram.chats[].language", language, "", "", optional, on_reload, "ru", "Language of this chat."},
    {"telegram.chats[].thread", integer, "1..9223372036854775807", "", optional, on_reload, "5",
     "Topic of a group with topics."},
    {"telegram.chats[].name", name, "", "", optional, on_reload, "night",
     "How steps of on_call name this chat."},
    {"telegram.chats[].time_zone", zone, "", "", optional, on_reload, "Europe/Madrid",
     "Time zone of the times in it, and of its quiet hours; without it hub.time_zone."},
    {"telegram.chats[].quiet", section, "", "", optional, on_reload, "",
     "Hours in which less severe cases wait: they are told when the hours end, many of them together, and "
     "what is over by then not at all."},
    {"telegram.chats[].quiet.hours", text, "", "", optional, on_reload, "\"22:00-07:00\"",
     "From when until when, by the clock of the time zone."},
    {"telegram.chats[].quiet.days", section, "", "", optional, on_reload, "",
     "Days on which they begin; without it every day."},
    {"telegram.chats[].quiet.days[]", choice, "mon|tue|wed|thu|fri|sat|sun", "", optional, on_reload, "mon",
     "One day."},
    {"telegram.chats[].quiet.below", choice, "warning|critical", "critical", optional, on_reload, "",
     "What is as severe as this is told at once, also where it becomes so meanwhile."},

    {"policies", section, "", "", optional, on_reload, "",
     "What happens with an alert; the first policy that matches wins, and where none does, people are "
     "asked."},
    {"policies[]", section, "", "", optional, on_reload, "",
     "One policy: what it applies to (all that is given must match) and what is done."},
    {"policies[].kind", name, "", "", optional, on_reload, "http_errors",
     "Kind of alert: ssh_login, http_errors, cpu_load, log_patterns, log_silent, audit_broken, "
     "orders_refused, rules_stuck, ports_drift, ports_unknown, suricata_alert, wazuh_alert, alertmanager, "
     "crowdsec_alert, or a word of a REST source."},
    {"policies[].name", name, "", "", optional, on_reload, "",
     "With kind log_patterns: the name of the pattern."},
    {"policies[].severity", choice, "info|warning|critical", "", optional, on_reload, "critical",
     "The least severity that it applies to."},
    {"policies[].device", name, "", "", optional, on_reload, "web1", "Name of the agent or token."},
    {"policies[].mode", choice, "ask|auto|observe", "ask", optional, on_reload, "",
     "ask: people are asked. auto: `response` is done at once, and nobody is asked; `garita cases --all` "
     "shows it. observe: only recorded."},
    {"policies[].response", choice, "allow|nothing|close_connection|block|reboot|power_off", "", optional,
     on_reload, "", "What auto does. Each kind takes only some."},
    {"policies[].for", span, "1s..3650d|never", "", optional, on_reload, "24h",
     "How long an address is blocked. Without it: block.default_for."},
    {"policies[].wait", span, "10s..30d", "24h", optional, on_reload, "",
     "How long a question waits for an answer."},
    {"policies[].on_silence", choice, "allow|nothing|close_connection|block|reboot|power_off", "nothing",
     optional, on_reload, "", "What is done when nobody answers in that time."},
    {"policies[].on_silence_for", span, "1s..3650d|never", "1h", optional, on_reload, "",
     "How long on_silence blocks an address."},
    {"policies[].block_on", choice, "all|origin", "all", optional, on_reload, "",
     "all: every device drops the address. origin: only the one that raised the alert."},
    {"policies[].at_most", integer, "1..1000000", "", optional, on_reload, "",
     "Answers that mode auto gives within `per`; with one more the policy goes into observe, also over a "
     "restart, and people are asked what to do with it."},
    {"policies[].per", span, "1s..30d", "10m", optional, on_reload, "", "Within how long they are counted."},
    {"policies[].approvals", integer, "1..5", "1", optional, on_reload, "",
     "How many different persons must give the same answer before it is done; allow and nothing always take "
     "one."},
    {"policies[].two_persons", section, "", "", optional, on_reload, "",
     "Answers that take at least two persons."},
    {"policies[].two_persons[]", choice, "reboot|power_off|wide_block", "", optional, on_reload, "reboot",
     "One of them; wide_block: a block of a network wider than block.wide_ipv4 or block.wide_ipv6."},
    {"policies[].locally", yes_no, "", "no", optional, on_reload, "",
     "With mode auto and response block: while the hub is out of an agent's reach (agent.alone_after), the "
     "agent blocks by itself, on itself; the hub takes the decision over when it is there again."},

    {"block", section, "", "", optional, on_reload, "", "Blocks."},
    {"block.default_for", span, "1s..3650d|never", "24h", optional, on_reload, "",
     "How long an address is blocked where neither a person nor a policy says."},
    {"block.widest_ipv4", integer, "0..32", "8", optional, on_reload, "",
     "Shortest prefix of an IPv4 network that may be blocked as a whole."},
    {"block.widest_ipv6", integer, "0..128", "32", optional, on_reload, "",
     "Shortest prefix of an IPv6 network that may be blocked as a whole."},

    {"block.confirm_within", span, "10s..10m|never", "1m", optional, on_reload, "",
     "A block of a wide network ends after so long, on the devices themselves, unless somebody confirms it "
     "over "
     "a connection opened after it was in force. never: it needs no confirmation."},
    {"block.wide_ipv4", integer, "0..32", "24", optional, on_reload, "",
     "IPv4 networks with a shorter prefix are wide: blocking them is dangerous."},
    {"block.wide_ipv6", integer, "0..128", "56", optional, on_reload, "",
     "IPv6 networks with a shorter prefix are wide."},

    {"quiet", section, "", "", optional, on_reload, "",
     "How long nobody is asked again about what was answered, unless it becomes more severe."},
    {"quiet.after_allow", span, "0s..3650d", "24h", optional, on_reload, "", "After the answer allow."},
    {"quiet.after_nothing", span, "0s..3650d", "1h", optional, on_reload, "", "After the answer nothing."},

    {"protected", section, "", "", optional, on_reload, "",
     "Never blocked, beside what protects itself: loopback, the machines' own addresses, gateways, "
     "resolvers, the "
     "hub, and where the deciding person is logged in from."},
    {"protected[]", network, "", "", optional, on_reload, "192.0.2.0/24", "One address or network."},

    {"limits", section, "", "", optional, on_start, "", "Bounds against floods and mistakes."},
    {"limits.alerts_per_second", integer, "1..1000000", "100000", optional, on_reload, "",
     "Alerts taken from one agent or token on average, a batch counting as many as are in it; more are "
     "answered with 429 and Retry-After. Agents keep theirs and send them then."},
    {"limits.alerts_in_batch", integer, "1..100000", "1000", optional, on_reload, "",
     "Alerts in one request."},
    {"limits.request_bytes", integer, "4096..67108864", "1048576", optional, on_start, "",
     "Size of a request's body."},
    {"limits.connections", integer, "8..65536", "1024", optional, on_start, "",
     "Connections open at a time."},
    {"limits.open_cases", integer, "100..10000000", "100000", optional, on_reload, "",
     "Open cases; beyond it alerts are recorded, but nobody is asked."},
    {"limits.automatic_blocks", integer, "1..1000000", "1000", optional, on_reload, "",
     "Blocks by all policies within `automatic_blocks_per`; more mean that a policy is wrong: the busiest "
     "one "
     "goes into observe, also over a restart, and people are asked what to do with it."},
    {"limits.automatic_blocks_per", span, "1s..1d", "1m", optional, on_reload, "",
     "Within how long they are counted."},
    {"limits.reboot_pause", span, "1m..30d", "1h", optional, on_reload, "",
     "A policy restarts the same host at most once in this time."},
    {"limits.restart_within", span, "5s..1h", "2m", optional, on_reload, "",
     "A restart or power-off that a host has not begun so long after the decision is not begun any more."},

    {"retention", section, "", "", optional, on_reload, "", "How long what is over is kept."},
    {"retention.closed_cases", span, "1h..36500d|never", "90d", optional, on_reload, "",
     "Cases, from their end. never: kept for ever."},
    {"retention.alerts", span, "1h..36500d|never", "30d", optional, on_reload, "", "Single alerts."},
    {"retention.audit", span, "1d..36500d|never", "400d", optional, on_reload, "",
     "The trail of who did what and when."},
    {"retention.rule_history", span, "1h..36500d|never", "90d", optional, on_reload, "",
     "What was wanted of the rules of `devices`, one row a change."},

    {"rules_log", section, "", "", optional, on_reload, "", "A log of its own of what is sent to `devices`."},
    {"rules_log.file", path, "", "", optional, on_reload, "/var/log/garita/rules.log",
     "Where it is written; opened again at a reload, as log rotation asks for. Without it only what goes "
     "wrong is told, in the program's own log."},
    {"rules_log.level", choice, "failures|changes|all", "failures", optional, on_reload, "",
     "failures: what a device refused. changes: every batch of changes and every rebuild, with how many and "
     "what came of it. all: also readings and checks."},

    {"devices", section, "", "", optional, on_reload, "",
     "Devices whose rules Garita keeps true: what billing, scripts and people want of them, a million of "
     "them "
     "if need be (`garita rules`)."},
    {"devices.*", section, "", "", optional, on_reload, "border1", "One device, by a name of your choice."},
    {"devices.*.connect", text, "", "local", optional, on_reload, "",
     "How it is reached. local: it is the hub's own machine, and the hub needs CAP_NET_ADMIN. agent: the "
     "agent "
     "of this name does it. ssh://USER@HOST or ssh://USER@HOST:PORT: its commands are run there."},
    {"devices.*.ssh_key", file, "", "", optional, on_reload, "",
     "With ssh: private key in OpenSSH's form, without a passphrase."},
    {"devices.*.ssh_known_hosts", file, "", "", optional, on_reload, "",
     "With ssh: file with the host's key. Another key is refused; without the file nothing is run."},
    {"devices.*.stuck_after", span, "1s..365d|never", "15m", optional, on_reload, "",
     "Rules of one name that the device has refused for so long, or could not be told for so long, are one "
     "case of kind rules_stuck. It is closed by itself when it is over."},
    {"devices.*.rules", section, "", "", optional, on_reload, "",
     "What it has rules of, by name. The ready ones need no more than a backend: inet_access (ip: open or "
     "closed, closed where nothing is said), ip_mark (ip: mark), mac_ip (ip: MAC address), shaping_in and "
     "shaping_out (ip: rate)."},
    {"devices.*.rules.*", section, "", "", optional, on_reload, "speed", "The rules of one name."},
    {"devices.*.rules.*.backend", choice, "nftables|ipset|iptables|limiter|tc|ipfw|command", "", optional,
     on_reload, "command",
     "What carries them out. limiter, tc: speeds in this machine's kernel, of a million subscribers, or of "
     "ten "
     "thousand by classes that queue; `options` with the subscribers' `interface`. With connect: agent it "
     "stands in the agent's own file."},
    {"devices.*.rules.*.kind", name, "", "", optional, on_reload, "",
     "What the backend makes of them, where it can make several things; otherwise what fits the value. With "
     "nftables: pass (only who has an entry is forwarded), drop (who has one is not), set or map (kept for "
     "rules of your own, called NAME.4.00 and NAME.6.00, or NAME.k.00 of ports, MAC addresses, marks and "
     "interfaces). Of networks that lie in one another the longest counts."},
    {"devices.*.rules.*.params", section, "", "", optional, on_reload, "",
     "What tells the rules apart, in this order. Not of the ready ones."},
    {"devices.*.rules.*.params.*", param, "", "", optional, on_reload, "ip: address", "One parameter."},
    {"devices.*.rules.*.value", param, "", "", optional, on_reload, "rate",
     "What is wanted for these parameters. Not of the ready ones."},
    {"devices.*.rules.*.absent", text, "", "", optional, on_reload, "",
     "The value that the device has without an entry; wanting it takes the entry away."},
    {"devices.*.rules.*.table", name, "", "", optional, on_reload, "",
     "How the set, table or chain is called on the device; otherwise made of the rules' name."},
    {"devices.*.rules.*.add", section, "", "", optional, on_reload, "",
     "With command: program and arguments that add an entry. {NAME} stands for a parameter, {value} for the "
     "value, {rule}, {table} and {device} for their names; nothing goes through a shell. With `batch`: the "
     "words of one line on its standard input."},
    {"devices.*.rules.*.add[]", text, "", "", optional, on_reload,
     "/usr/local/sbin/speed, \"{ip}\", \"{value}\"", "One argument."},
    {"devices.*.rules.*.change", section, "", "", optional, on_reload, "",
     "The same for another value; without it: `add`."},
    {"devices.*.rules.*.change[]", text, "", "", optional, on_reload,
     "/usr/local/sbin/speed, \"{ip}\", \"{value}\"", "One argument."},
    {"devices.*.rules.*.delete", section, "", "", optional, on_reload, "",
     "The same for taking an entry away."},
    {"devices.*.rules.*.delete[]", text, "", "", optional, on_reload, "/usr/local/sbin/speed, \"{ip}\", none",
     "One argument."},
    {"devices.*.rules.*.clear", section, "", "", optional, on_reload, "", "Takes all entries away."},
    {"devices.*.rules.*.clear[]", text, "", "", optional, on_reload, "/usr/local/sbin/speed, clear",
     "One argument."},
    {"devices.*.rules.*.list", section, "", "", optional, on_reload, "",
     "Prints what is there, one entry a line: the parameters and the value with spaces between. Without it "
     "nobody can tell what others change."},
    {"devices.*.rules.*.list[]", text, "", "", optional, on_reload, "/usr/local/sbin/speed, list",
     "One argument."},
    {"devices.*.rules.*.batch", section, "", "", optional, on_reload, "",
     "Program and arguments that take many changes on standard input, one a line."},
    {"devices.*.rules.*.batch[]", text, "", "", optional, on_reload, "/usr/local/sbin/speed, batch",
     "One argument."},
    {"devices.*.rules.*.batch_size", integer, "1..100000", "4000", optional, on_reload, "",
     "At most so many changes at a time."},
    {"devices.*.rules.*.timeout", span, "1s..1h", "30s", optional, on_reload, "",
     "How long one command may take."},
    {"devices.*.rules.*.options", section, "", "", optional, on_reload, "",
     "What only this backend knows. Of all: foreign (remove or report what nobody wants), after (names of "
     "rules that come first). limiter: interface, direction, burst, folder. tc: interface, direction, "
     "classes. nftables: interface (where "
     "subscribers are), capacity (room to begin with), most "
     "(entries of a family, or networks of one length). iptables: program, in (table), from (chain, or "
     "none), side (source or destination), target. ipfw: program, mask, first_pipe, pipes, capacity. "
     "command: prepare, destroy, count (programs), listed, counted, fine, line (patterns), ok (another good "
     "exit code), and for a rebuild at one instant swap_before, swap_line, swap_behind: lines for batch, "
     "several with ' ; ' between."},
    {"devices.*.rules.*.options.*", text, "", "", optional, on_reload, "note: none", "One of them."},
});

}  // namespace

std::span<const Setting> hub_settings() {
    return hub_table;
}

}  // namespace garita::runtime
