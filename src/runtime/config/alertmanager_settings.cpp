#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto alertmanager_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"sources.alertmanager", section, "", "", optional, on_reload, "",
     "Prometheus Alertmanagers, which send their alerts to /api/v1/sources/alertmanager (docs/sources.md)."},
    {"sources.alertmanager.*", section, "", "", optional, on_reload, "main",
     "One Alertmanager, by a name for it."},
    {"sources.alertmanager.*.url", url, "http|https", "", required, on_reload,
     "https://alertmanager.example:9093", "Its address: the answer mute makes a silence there."},
    {"sources.alertmanager.*.token", secret, "1", "", optional, on_reload, "",
     "Sent as a bearer token, where a proxy before it wants one."},
    {"sources.alertmanager.*.user", text, "", "", optional, on_reload, "",
     "Name to log in with, where its web.config has basic_auth_users."},
    {"sources.alertmanager.*.password", secret, "1", "", optional, on_reload, "", "Goes with `user`."},
    {"sources.alertmanager.*.ca", file, "", "", optional, on_reload, "",
     "Authorities in PEM that may vouch for it, instead of the system's."},
    {"sources.alertmanager.*.pin", pin, "", "", optional, on_reload, "",
     "Fingerprint of its public key; no authority has to vouch for it then."},
    {"sources.alertmanager.*.mute_for", span, "1m..365d", "24h", optional, on_reload, "",
     "How long the answer mute lasts where nobody says."},
    {"sources.alertmanager.*.timeout", span, "1s..5m", "10s", optional, on_reload, "",
     "How long one call may take."},
});

}  // namespace

std::span<const Setting> alertmanager_settings() {
    return alertmanager_table;
}

}  // namespace garita::runtime
