#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto mail_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"mail", section, "", "", optional, on_reload, "",
     "Letters about cases: one when a case begins, one when it is over."},
    {"mail.server", text, "", "", required, on_reload, "mail.example.org",
     "Name or address of the server that takes letters for everybody listed below."},
    {"mail.port", integer, "1..65535", "", optional, on_reload, "587",
     "Its port; without it 587 for starttls, 465 for tls, 25 for none."},
    {"mail.security", choice, "starttls|tls|none", "starttls", optional, on_reload, "",
     "starttls: nothing is sent to a server that does not change to TLS. tls: TLS from the first byte. none: "
     "all is readable on the way; takes `insecure: yes` too."},
    {"mail.insecure", yes_no, "", "no", optional, on_reload, "",
     "Has to be yes for `security: none`, so that nobody sends in the clear by mistake."},
    {"mail.user", text, "", "", optional, on_reload, "garita",
     "Name to log in with. Without it there is no login, as for a relay that knows the hub by its address."},
    {"mail.password", secret, "1", "", optional, on_reload, "{file: /etc/garita/mail.password}",
     "Goes with `user`."},
    {"mail.ca", file, "", "", optional, on_reload, "",
     "Authorities in PEM that may vouch for the server, instead of the system's."},
    {"mail.pin", pin, "", "", optional, on_reload, "",
     "Fingerprint of the server's public key; no authority has to vouch for it then."},
    {"mail.from", mail, "", "", required, on_reload, "garita@example.org",
     "Sender of the letters; the server returns there what it cannot deliver later."},
    {"mail.timeout", span, "5s..10m", "60s", optional, on_reload, "",
     "How long sending one letter may take. Nobody else's letters wait for it."},
    {"mail.limit", integer, "1..1000", "10", optional, on_reload, "",
     "How many letters one recipient gets within `per`; what is more comes together as one letter."},
    {"mail.per", span, "10s..1d", "10m", optional, on_reload, "", "See `limit`."},
    {"mail.links", section, "", "", optional, on_reload, "",
     "Letters to people (`people.*.mail`) get a link to a page where they answer in their own name."},
    {"mail.links.url", text, "", "", required, on_reload, "https://garita.example.org",
     "Under which browsers reach the hub's /decide/, as a rule by way of a web server in front of it."},
    {"mail.links.valid", span, "1h..7d", "24h", optional, on_reload, "",
     "So long a link can be used; once the case is decided it is spent."},
    {"mail.to", section, "", "", optional, on_reload, "", "Who gets letters."},
    {"mail.to[]", section, "", "", optional, on_reload, "", "One recipient."},
    {"mail.to[].address", mail, "", "", required, on_reload, "ana@example.org", "Mail address."},
    {"mail.to[].language", language, "", "", optional, on_reload, "es",
     "Language of these letters; without it hub.language."},
    {"mail.to[].time_zone", zone, "", "", optional, on_reload, "Europe/Madrid",
     "Time zone of the times in them; without it hub.time_zone."},
    {"mail.to[].severity", choice, "info|warning|critical", "", optional, on_reload, "warning",
     "The least severity of cases that are told. One that becomes as severe later is told then."},
    {"mail.to[].kinds", section, "", "", optional, on_reload, "",
     "Kinds of cases that are told; without it all."},
    {"mail.to[].kinds[]", name, "", "", optional, on_reload, "ssh_login", "One kind."},
    {"mail.to[].devices", section, "", "", optional, on_reload, "",
     "Devices whose cases are told; without it all."},
    {"mail.to[].devices[]", name, "", "", optional, on_reload, "web1", "One device."},
    {"mail.to[].quiet", section, "", "", optional, on_reload, "",
     "Hours in which less severe cases wait: they are told when the hours end, many of them together, and "
     "what is over by then not at all."},
    {"mail.to[].quiet.hours", text, "", "", optional, on_reload, "\"22:00-07:00\"",
     "From when until when, by the clock of the time zone."},
    {"mail.to[].quiet.days", section, "", "", optional, on_reload, "",
     "Days on which they begin; without it every day."},
    {"mail.to[].quiet.days[]", choice, "mon|tue|wed|thu|fri|sat|sun", "", optional, on_reload, "mon",
     "One day."},
    {"mail.to[].quiet.below", choice, "warning|critical", "critical", optional, on_reload, "",
     "What is as severe as this is told at once, also where it becomes so meanwhile."},
});

}  // namespace

std::span<const Setting> mail_settings() {
    return mail_table;
}

}  // namespace garita::runtime
