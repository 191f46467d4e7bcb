#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto siem_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"sources.maxpatrol", section, "", "", optional, on_reload, "",
     "MaxPatrol SIEM 10: its incidents become cases, and answers move them there."},
    {"sources.maxpatrol.*", section, "", "", optional, on_reload, "soc",
     "One SIEM; in cases and policies it is the device `maxpatrol.NAME`."},
    {"sources.maxpatrol.*.url", url, "https|http", "", required, on_reload, "https://siem.example.org",
     "Where its interface is. http only on this machine."},
    {"sources.maxpatrol.*.login_url", url, "https|http", "", optional, on_reload,
     "https://siem.example.org:3334",
     "Where tokens are given (`/connect/token`); without it port 3334 of `url`."},
    {"sources.maxpatrol.*.link_url", url, "https|http", "", optional, on_reload, "",
     "What links for people begin with; without it `url`."},
    {"sources.maxpatrol.*.user", text, "", "", optional, on_reload, "garita",
     "Whom to log in as: an account that may see and move incidents, and nothing else."},
    {"sources.maxpatrol.*.password", secret, "1", "", optional, on_reload,
     "{file: /etc/garita/siem.password}", "Goes with `user`."},
    {"sources.maxpatrol.*.refresh_token", secret, "8", "", optional, on_reload, "",
     "Instead of user and password; the newest one is kept in the hub's store."},
    {"sources.maxpatrol.*.access_token", secret, "8", "", optional, on_reload, "",
     "Instead of both: a personal access token (27.x)."},
    {"sources.maxpatrol.*.client_id", text, "", "mpx", optional, on_reload, "", "Client of the login."},
    {"sources.maxpatrol.*.client_secret", secret, "1", "", optional, on_reload,
     "{file: /etc/garita/siem.client}", "Its secret: `corecfg get` on the SIEM's core shows it."},
    {"sources.maxpatrol.*.scope", text, "", "authorization offline_access mpx.api ptkb.api", optional,
     on_reload, "", "What the token is asked for."},
    {"sources.maxpatrol.*.response_type", text, "", "code id_token", optional, on_reload, "",
     "As this version wants it."},
    {"sources.maxpatrol.*.directory", yes_no, "", "no", optional, on_reload, "",
     "Whether the account is one of a directory (LDAP)."},
    {"sources.maxpatrol.*.ca", file, "", "", optional, on_reload, "",
     "Authorities in PEM that may vouch for the SIEM, instead of the system's."},
    {"sources.maxpatrol.*.pin", pin, "", "", optional, on_reload, "",
     "Fingerprint of the SIEM's public key; no authority has to vouch for it then."},
    {"sources.maxpatrol.*.proxy", url, "http|https|socks5|socks5h", "", optional, on_reload, "",
     "The way to it; without it straight."},
    {"sources.maxpatrol.*.timeout", span, "1s..5m", "30s", optional, on_reload, "",
     "How long one request may take."},
    {"sources.maxpatrol.*.interval", span, "1s..1h", "5s", optional, on_reload, "",
     "How often it is asked for new incidents and changes."},
    {"sources.maxpatrol.*.first_look", span, "0s..30d", "24h", optional, on_reload, "",
     "How old an incident may be to be told at all, counted from the hub's first start with this SIEM."},
    {"sources.maxpatrol.*.begin", text, "", "", optional, on_reload, "2026-11-22T06:08:25Z",
     "Instead of `first_look`: incidents made after this moment are told, in UTC. It counts at the first "
     "start "
     "with this SIEM alone."},
    {"sources.maxpatrol.*.look_back", span, "1m..7d", "1h", optional, on_reload, "",
     "How late the SIEM may show an incident: so far is looked back once a minute."},
    {"sources.maxpatrol.*.max_events", integer, "0..40", "5", optional, on_reload, "",
     "How many of an incident's events are shown."},
});

}  // namespace

std::span<const Setting> siem_settings() {
    return siem_table;
}

}  // namespace garita::runtime
