#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto crowdsec_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"sources.crowdsec", section, "", "", optional, on_reload, "",
     "CrowdSec local APIs whose alerts become cases (docs/sources.md)."},
    {"sources.crowdsec.*", section, "", "", optional, on_reload, "main", "One local API, by a name for it."},
    {"sources.crowdsec.*.url", url, "http|https", "", required, on_reload, "http://127.0.0.1:8080",
     "Its address."},
    {"sources.crowdsec.*.machine", name, "", "", required, on_reload, "garita",
     "Name of the account, as `cscli machines add` made it."},
    {"sources.crowdsec.*.password", secret, "1", "", required, on_reload,
     "{file: /etc/garita/crowdsec.password}", "Password of the account."},
    {"sources.crowdsec.*.ca", file, "", "", optional, on_reload, "",
     "Authorities in PEM that may vouch for it, instead of the system's."},
    {"sources.crowdsec.*.pin", pin, "", "", optional, on_reload, "",
     "Fingerprint of its public key; no authority has to vouch for it then."},
    {"sources.crowdsec.*.interval", span, "1s..1h", "10s", optional, on_reload, "",
     "How often it is asked for new alerts."},
    {"sources.crowdsec.*.timeout", span, "1s..5m", "10s", optional, on_reload, "",
     "How long one call may take."},
    {"sources.crowdsec.*.bans", yes_no, "", "no", optional, on_reload, "",
     "Whether the hub's blocks become decisions there, for its bouncers to enforce: it is a device then, "
     "named crowdsec-NAME."},
});

}  // namespace

std::span<const Setting> crowdsec_settings() {
    return crowdsec_table;
}

}  // namespace garita::runtime
