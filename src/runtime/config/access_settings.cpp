// The table's rows about access for new devices.

#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto access_table = std::to_array<Setting>({
    {"access", section, "", "", optional, on_reload, "",
     "Lets new devices in at switch ports: somebody approves a MAC address, and when the device is plugged "
     "in, "
     "its port is secured for exactly that address. docs/access.md tells it from the beginning."},
    {"access.notify", section, "", "", optional, on_reload, "",
     "Who hears of each request, beside who approved it, and of letters that nobody should have written."},
    {"access.notify[]", mail, "", "", optional, on_reload, "noc@example.org", "One mail address."},
    {"access.mailbox", section, "", "", optional, on_reload, "",
     "Where approvals come by mail. Without it they come by the command line, Telegram and the REST API. "
     "Letters go out by `mail`."},
    {"access.mailbox.server", text, "", "", required, on_reload, "imap.example.org",
     "Name or address of the mail server."},
    {"access.mailbox.protocol", choice, "imap|pop3", "imap", optional, on_reload, "",
     "imap tells of a new letter at once (IDLE); pop3 is asked `every` so often."},
    {"access.mailbox.security", choice, "tls|starttls|none", "tls", optional, on_reload, "",
     "tls: TLS from the first byte. starttls: nothing, and no password, goes to a server that does not "
     "change "
     "to TLS. none: all is readable on the way; takes `insecure: yes` too."},
    {"access.mailbox.insecure", yes_no, "", "no", optional, on_reload, "",
     "Has to be yes for `security: none`."},
    {"access.mailbox.port", integer, "1..65535", "", optional, on_reload, "993",
     "Its port; without it 993 or 143 for imap, 995 or 110 for pop3."},
    {"access.mailbox.user", text, "", "", required, on_reload, "garita", "Name to log in with."},
    {"access.mailbox.password", secret, "1", "", required, on_reload, "{file: /etc/garita/mailbox.password}",
     "Goes with `user`."},
    {"access.mailbox.ca", file, "", "", optional, on_reload, "",
     "Authorities in PEM that may vouch for the server, instead of the system's."},
    {"access.mailbox.pin", pin, "", "", optional, on_reload, "",
     "Fingerprint of the server's public key; no authority has to vouch for it then."},
    {"access.mailbox.folder", text, "", "INBOX", optional, on_reload, "", "Of imap: which one is read."},
    {"access.mailbox.after", choice, "mark|remove", "mark", optional, on_reload, "",
     "What becomes of a letter once its effect is stored. mark: it stays and is marked (pop3: it stays). "
     "remove: it is deleted."},
    {"access.mailbox.every", span, "5s..1h", "60s", optional, on_reload, "",
     "How often the mailbox is looked at, where the server does not tell of new letters by itself."},
    {"access.mailbox.timeout", span, "5s..10m", "60s", optional, on_reload, "",
     "How long fetching one letter may take."},
    {"access.proof", section, "", "", optional, on_reload, "",
     "What shows that a letter is from the approver: a From line alone proves nothing. Letters that are "
     "signed by S/MIME or OpenPGP with a key of `people` are believed in any case, without a code."},
    {"access.proof.dkim", yes_no, "", "yes", optional, on_reload, "",
     "yes: the letter carries a DKIM signature of the sender's own domain that covers all of it."},
    {"access.proof.code", yes_no, "", "yes", optional, on_reload, "",
     "yes: a code is mailed to the approver's address and has to come back, before anything is done."},
    {"access.proof.code_life", span, "1m..7d", "1h", optional, on_reload, "", "How long it may take to."},
    {"access.proof.keys_file", file, "", "", optional, on_reload, "",
     "Keys of DKIM instead of DNS, one a line: \"selector._domainkey.example.org v=DKIM1; p=…\". For domains "
     "whose DNS the hub cannot or need not trust."},
    {"access.proof.parents", section, "", "", optional, on_reload, "",
     "Domains that may sign for those below them: with example.org also ana@mail.example.org."},
    {"access.proof.parents[]", text, "", "", optional, on_reload, "example.org", "One domain."},
    {"access.proof.authentication_results", text, "", "", optional, on_reload, "mx.example.org",
     "Believes too what this server writes into Authentication-Results about the sender's domain, where DKIM "
     "is off or shows nothing. It must take fields with its name out of what comes from outside."},
    {"access.proof.openpgp_keys", section, "", "", optional, on_reload, "",
     "Files with the public keys whose fingerprints `people` name."},
    {"access.proof.openpgp_keys[]", file, "", "", optional, on_reload, "/etc/garita/ana.asc", "One file."},
    {"access.proof.oldest", span, "10m..30d", "24h", optional, on_reload, "",
     "Letters that were signed before that are not believed any more."},
    {"access.syslog", section, "", "", optional, on_start, "",
     "Receives what switches log, so that a device is known the moment it is plugged in (`logging host` on "
     "the switch)."},
    {"access.syslog.listen", section, "", "", optional, on_start, "", "Where it listens."},
    {"access.syslog.listen[]", listen, "", "", optional, on_start, "udp 0.0.0.0:5514",
     "udp, tcp or tls, then address and port. Ports below 1024 need garita-hub-syslog.conf "
     "(docs/access.md)."},
    {"access.syslog.relays", section, "", "", optional, on_reload, "",
     "Log servers that hand lines on: only of these counts whom a line itself says it is from. Of all others "
     "the sender's address does."},
    {"access.syslog.relays[]", network, "", "", optional, on_reload, "192.0.2.5", "One address or network."},
    {"access.syslog.certificate", file, "", "", optional, on_start, "",
     "Certificate chain in PEM for tls; without it the hub's own. Goes with `key`."},
    {"access.syslog.key", file, "", "", optional, on_start, "", "Its private key in PEM."},
    {"access.databases", section, "", "", optional, on_reload, "",
     "Databases that rsyslog writes to (its table SystemEvents), beside `syslog` or instead of it."},
    {"access.databases.*", section, "", "", optional, on_reload, "loghost",
     "One database, by a name of your choice."},
    {"access.databases.*.kind", choice, "mariadb|postgresql", "", required, on_reload, "mariadb",
     "mariadb stands for MySQL too."},
    {"access.databases.*.host", text, "", "", required, on_reload, "db.example.org",
     "Name or address, or the absolute path of its socket."},
    {"access.databases.*.port", integer, "1..65535", "", optional, on_reload, "3306",
     "Without it 3306 or 5432."},
    {"access.databases.*.database", text, "", "Syslog", optional, on_reload, "", "Name of the database."},
    {"access.databases.*.user", text, "", "", required, on_reload, "garita",
     "Who may read SystemEvents, and should not be allowed more."},
    {"access.databases.*.password", secret, "1", "", optional, on_reload,
     "{file: /etc/garita/loghost.password}", "Without it there is none, as with a socket."},
    {"access.databases.*.tls", choice, "verified|off", "verified", optional, on_reload, "",
     "verified: TLS, and the certificate has to be for this host. off: password and rows are readable on the "
     "way. A socket needs none."},
    {"access.databases.*.ca", file, "", "", optional, on_reload, "",
     "Authorities in PEM that may vouch for the database, instead of the system's."},
    {"access.databases.*.every", span, "1s..10m", "5s", optional, on_reload, "", "How often it is asked."},
    {"access.databases.*.overlap", span, "5s..10m", "60s", optional, on_reload, "",
     "Rows that are committed so late are still seen."},
    {"access.databases.*.look_back", integer, "0..10000000", "200000", optional, on_reload, "",
     "So many of the newest rows are read at the start, for devices that were plugged in before their "
     "approval."},
    {"access.hours", section, "", "", optional, on_reload, "",
     "When somebody is at work: deadlines count this time only. Without `work`: always."},
    {"access.hours.time_zone", zone, "", "", optional, on_reload, "Europe/Madrid",
     "Without it hub.time_zone."},
    {"access.hours.work", section, "", "", optional, on_reload, "", "Days and hours; they add up."},
    {"access.hours.work[]", weekly, "", "", optional, on_reload, "mon-fri 08:00-18:00", "One span of them."},
    {"access.hours.holidays", section, "", "", optional, on_reload, "", "Days without work."},
    {"access.hours.holidays[]", date, "", "", optional, on_reload, "\"12-25\"",
     "2026-04-03, 2026-12-24..2027-01-06, or the month and day of every year, as \"12-25\"."},
    {"access.deadline", span, "1m..365d", "9h", optional, on_reload, "",
     "How much working time a device has to appear, from its approval on."},
    {"access.dry_run", yes_no, "", "no", optional, on_reload, "",
     "yes: for each request it is only told what would be sent to the switch."},
    {"access.keep", span, "1d..3650d", "400d", optional, on_reload, "",
     "How long requests are kept with their logs after their end."},
    {"access.most_open", integer, "1..100000", "1000", optional, on_reload, "",
     "Open requests at a time; one more is refused."},
    {"access.login", section, "", "", optional, on_reload, "", "What switches have in common."},
    {"access.login.driver", choice, "ios", "ios", optional, on_reload, "",
     "What they speak. ios: Cisco IOS and IOS-XE."},
    {"access.login.transport", choice, "ssh|telnet", "ssh", optional, on_reload, "",
     "telnet: passwords are readable on the way, and nobody knows who answers; takes `insecure: yes` too."},
    {"access.login.insecure", yes_no, "", "no", optional, on_reload, "",
     "Has to be yes for `transport: telnet`."},
    {"access.login.port", integer, "1..65535", "", optional, on_reload, "22", "Without it 22 or 23."},
    {"access.login.user", text, "", "", optional, on_reload, "garita",
     "Name to log in with. Each switch has one, here or of its own."},
    {"access.login.password", secret, "1", "", optional, on_reload, "{file: /etc/garita/switch.password}",
     "Its password."},
    {"access.login.key_file", file, "", "", optional, on_reload, "",
     "Private key without a passphrase, instead of the password."},
    {"access.login.enable_secret", secret, "1", "", optional, on_reload, "{file: /etc/garita/switch.enable}",
     "Where the account is not privileged by itself."},
    {"access.login.algorithms", choice, "modern|legacy", "modern", optional, on_reload, "",
     "legacy: also what only old switches need (SHA-1, CBC)."},
    {"access.login.connect_within", span, "1s..5m", "15s", optional, on_reload, "", "To the first prompt."},
    {"access.login.answer_within", span, "1s..10m", "30s", optional, on_reload, "", "Each command."},
    {"access.login.save_within", span, "1s..30m", "120s", optional, on_reload, "",
     "Writing the configuration to memory."},
    {"access.inventory", path, "", "", optional, on_reload, "/etc/garita/switches.d",
     "A file, or a folder whose files end with .yml or .yaml, with `switches` and `login` as they are here, "
     "beside what is written here. A file's `login` holds for its own switches."},
    {"access.switches", section, "", "", optional, on_reload, "",
     "The switches that may be logged in to; no other ever is."},
    {"access.switches.*", section, "", "", optional, on_reload, "sw1", "One switch, as people call it."},
    {"access.switches.*.address", address, "", "", required, on_reload, "192.0.2.10",
     "Where it is logged in to, and what it logs from."},
    {"access.switches.*.aliases", section, "", "", optional, on_reload, "",
     "What else it is called in logs and databases: other addresses of it, names."},
    {"access.switches.*.aliases[]", text, "", "", optional, on_reload, "sw1.example.org",
     "One address or name."},
    {"access.switches.*.host_keys", section, "", "", optional, on_reload, "",
     "The keys that it may show, needed for ssh: nothing is logged in to by trust."},
    {"access.switches.*.host_keys[]", host_key, "", "", optional, on_reload,
     "SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE",
     "As `ssh-keyscan ADDRESS | ssh-keygen -lf -` prints it: SHA256:…; compare it with the switch's own "
     "console."},
    {"access.switches.*.never", section, "", "", optional, on_reload, "",
     "Ports that are not touched, whatever is asked, beside those that show by themselves that they are no "
     "place for a device."},
    {"access.switches.*.never[]", switch_ports, "", "", optional, on_reload, "Te1/1/1-4",
     "One port or a range of its last number."},
    {"access.switches.*.dry_run", yes_no, "", "no", optional, on_reload, "",
     "yes: at this switch it is only told what would be done."},
    {"access.switches.*.driver", choice, "ios", "", optional, on_reload, "ios", "As access.login.driver."},
    {"access.switches.*.transport", choice, "ssh|telnet", "", optional, on_reload, "ssh",
     "As access.login.transport."},
    {"access.switches.*.insecure", yes_no, "", "", optional, on_reload, "no", "As access.login.insecure."},
    {"access.switches.*.port", integer, "1..65535", "", optional, on_reload, "22", "As access.login.port."},
    {"access.switches.*.user", text, "", "", optional, on_reload, "garita", "As access.login.user."},
    {"access.switches.*.password", secret, "1", "", optional, on_reload, "{file: /etc/garita/sw1.password}",
     "As access.login.password."},
    {"access.switches.*.key_file", file, "", "", optional, on_reload, "", "As access.login.key_file."},
    {"access.switches.*.enable_secret", secret, "1", "", optional, on_reload,
     "{file: /etc/garita/sw1.enable}", "As access.login.enable_secret."},
    {"access.switches.*.algorithms", choice, "modern|legacy", "", optional, on_reload, "modern",
     "As access.login.algorithms."},
    {"access.switches.*.connect_within", span, "1s..5m", "", optional, on_reload, "15s",
     "As access.login.connect_within."},
    {"access.switches.*.answer_within", span, "1s..10m", "", optional, on_reload, "30s",
     "As access.login.answer_within."},
    {"access.switches.*.save_within", span, "1s..30m", "", optional, on_reload, "120s",
     "As access.login.save_within."},
    {"access.excluded", section, "", "", optional, on_reload, "",
     "Addresses that are never contacted and whose messages count for nothing, whatever else is said."},
    {"access.excluded[]", network, "", "", optional, on_reload, "198.51.100.0/24", "One address or network."},
});

}  // namespace

std::span<const Setting> access_settings() {
    return access_table;
}

}  // namespace garita::runtime
