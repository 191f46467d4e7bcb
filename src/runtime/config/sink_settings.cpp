#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto sink_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"webhooks", section, "", "", optional, on_reload, "",
     "HTTP requests about cases, each to a place of its own: when a case begins, is answered, and is over."},
    {"webhooks.*", section, "", "", optional, on_reload, "phones", "One place, by a name of your choice."},
    {"webhooks.*.url", secret, "8", "", required, on_reload, "https://ntfy.example.org/garita",
     "Where requests go. https, or http to this machine. Where the URL itself is a secret (Slack, Discord, "
     "Teams), keep it in a file. Redirects are not followed."},
    {"webhooks.*.preset", choice, "none|ntfy|slack|mattermost|discord|teams|matrix|gotify", "none", optional,
     on_reload, "", "Whose form the requests have; none: Garita's own JSON."},
    {"webhooks.*.room", text, "", "", optional, on_reload, "",
     "Id of the room, as !AbCdEf:example.org. Goes with preset matrix, where `url` is that of the server "
     "alone."},
    {"webhooks.*.method", choice, "POST|PUT", "POST", optional, on_reload, "",
     "Method of the requests; preset matrix has its own."},
    {"webhooks.*.headers", section, "", "", optional, on_reload, "",
     "Further header fields, by their names."},
    {"webhooks.*.headers.*", secret, "1", "", optional, on_reload,
     "Authorization: {file: /etc/garita/ntfy.token}", "The whole value, as `Bearer tk_…`."},
    {"webhooks.*.body", text, "", "", optional, on_reload, R"('{{"msg": "{title}", "who": "{fact.user}"}}')",
     "Body of the requests instead of the preset's, with {placeholders} of docs/webhooks.md."},
    {"webhooks.*.content_type", text, "", "application/json", optional, on_reload, "",
     "Of `body`. In JSON what is filled in is escaped so that it stays inside its quotes."},
    {"webhooks.*.secret", secret, "16", "", optional, on_reload, "{file: /etc/garita/webhook.secret}",
     "Signs each request as Standard Webhooks says. With whsec_ before it, the rest is the key in base64."},
    {"webhooks.*.old_secret", secret, "16", "", optional, on_reload, "{file: /etc/garita/webhook.old}",
     "Signs beside `secret`, while receivers change over to that one."},
    {"webhooks.*.insecure", yes_no, "", "no", optional, on_reload, "",
     "Has to be yes for plain http to other machines."},
    {"webhooks.*.ca", file, "", "", optional, on_reload, "",
     "Authorities in PEM that may vouch for the server, instead of the system's."},
    {"webhooks.*.pin", pin, "", "", optional, on_reload, "",
     "Fingerprint of the server's public key; no authority has to vouch for it then."},
    {"webhooks.*.proxy", url, "http|https|socks5|socks5h", "", optional, on_reload,
     "http://proxy.example.org:3128", "Proxy on the way there."},
    {"webhooks.*.severity", choice, "info|warning|critical", "", optional, on_reload, "warning",
     "The least severity of cases that are told. One that becomes as severe later is told then."},
    {"webhooks.*.kinds", section, "", "", optional, on_reload, "",
     "Kinds of cases that are told; without it all."},
    {"webhooks.*.kinds[]", name, "", "", optional, on_reload, "ssh_login", "One kind."},
    {"webhooks.*.devices", section, "", "", optional, on_reload, "",
     "Devices whose cases are told; without it all."},
    {"webhooks.*.devices[]", name, "", "", optional, on_reload, "web1", "One device."},
    {"webhooks.*.language", language, "", "", optional, on_reload, "es",
     "Language of title and text; without it hub.language."},
    {"webhooks.*.time_zone", zone, "", "", optional, on_reload, "Europe/Madrid",
     "Time zone of the times in the text; without it hub.time_zone."},
    {"webhooks.*.quiet", section, "", "", optional, on_reload, "",
     "Hours in which less severe cases wait: they are told when the hours end, many of them together, and "
     "what is over by then not at all."},
    {"webhooks.*.quiet.hours", text, "", "", optional, on_reload, "\"22:00-07:00\"",
     "From when until when, by the clock of the time zone."},
    {"webhooks.*.quiet.days", section, "", "", optional, on_reload, "",
     "Days on which they begin; without it every day."},
    {"webhooks.*.quiet.days[]", choice, "mon|tue|wed|thu|fri|sat|sun", "", optional, on_reload, "mon",
     "One day."},
    {"webhooks.*.quiet.below", choice, "warning|critical", "critical", optional, on_reload, "",
     "What is as severe as this is told at once, also where it becomes so meanwhile."},
    {"webhooks.*.limit", integer, "1..1000", "20", optional, on_reload, "",
     "When more cases than this wait to be told, one request tells of all of them."},
    {"webhooks.*.timeout", span, "1s..5m", "20s", optional, on_reload, "", "How long one request may take."},
    {"webhooks.*.give_up_after", span, "1m..30d", "24h", optional, on_reload, "",
     "So long is tried what the other side cannot take: it is away, overloaded, or refuses the login."},
    {"exec", section, "", "", optional, on_reload, "",
     "Programs that are run about cases on the hub's machine: when a case begins, is answered, and is over."},
    {"exec.*", section, "", "", optional, on_reload, "desk", "One program, by a name of your choice."},
    {"exec.*.command", section, "", "", required, on_reload, "",
     "Its absolute path and its arguments, with {placeholders} of docs/webhooks.md in them. No shell reads "
     "them; the environment is empty; standard input is the case as JSON."},
    {"exec.*.command[]", text, "", "", optional, on_reload, "/usr/local/bin/tell-the-desk", "One word."},
    {"exec.*.severity", choice, "info|warning|critical", "", optional, on_reload, "warning",
     "The least severity of cases that are told. One that becomes as severe later is told then."},
    {"exec.*.kinds", section, "", "", optional, on_reload, "",
     "Kinds of cases that are told; without it all."},
    {"exec.*.kinds[]", name, "", "", optional, on_reload, "ssh_login", "One kind."},
    {"exec.*.devices", section, "", "", optional, on_reload, "",
     "Devices whose cases are told; without it all."},
    {"exec.*.devices[]", name, "", "", optional, on_reload, "web1", "One device."},
    {"exec.*.language", language, "", "", optional, on_reload, "es",
     "Language of title and text; without it hub.language."},
    {"exec.*.time_zone", zone, "", "", optional, on_reload, "Europe/Madrid",
     "Time zone of the times in the text; without it hub.time_zone."},
    {"exec.*.quiet", section, "", "", optional, on_reload, "",
     "Hours in which less severe cases wait: they are told when the hours end, many of them together, and "
     "what is over by then not at all."},
    {"exec.*.quiet.hours", text, "", "", optional, on_reload, "\"22:00-07:00\"",
     "From when until when, by the clock of the time zone."},
    {"exec.*.quiet.days", section, "", "", optional, on_reload, "",
     "Days on which they begin; without it every day."},
    {"exec.*.quiet.days[]", choice, "mon|tue|wed|thu|fri|sat|sun", "", optional, on_reload, "mon",
     "One day."},
    {"exec.*.quiet.below", choice, "warning|critical", "critical", optional, on_reload, "",
     "What is as severe as this is told at once, also where it becomes so meanwhile."},
    {"exec.*.limit", integer, "1..1000", "20", optional, on_reload, "",
     "When more cases than this wait to be told, one run tells of all of them."},
    {"exec.*.timeout", span, "1s..5m", "20s", optional, on_reload, "",
     "How long one run may take; then the program is ended, and run again later."},
    {"exec.*.give_up_after", span, "1m..30d", "24h", optional, on_reload, "",
     "So long a program is run again that ends with another code than 0."},
});

}  // namespace

std::span<const Setting> sink_settings() {
    return sink_table;
}

}  // namespace garita::runtime
