#pragma once
// What CrowdSec's local API says: https://crowdsecurity.github.io/api_doc/lapi/

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "model/rule.hpp"
#include "model/time.hpp"

namespace garita::crowdsec {

inline constexpr std::string_view alert_kind = "crowdsec_alert";

/// The body of POST /v1/watchers/login.
[[nodiscard]] std::string write_login(std::string_view machine, std::string_view password);
/// The token in the answer to it.
[[nodiscard]] Result<std::string> read_login(std::string_view body);

/// By which our own decisions are known.
inline constexpr std::string_view ban_scenario = "garita";
/// The body of POST /v1/alerts: one alert with one decision, to ban the network as long as the rule lasts.
[[nodiscard]] std::string write_ban(const IpNetwork& network, const Rule& rule, Time now);
/// The answer to GET /v1/alerts: of the decisions there those of ours that hold.
[[nodiscard]] Result<std::set<IpNetwork>> read_bans(std::string_view body);

/// Whose alerts are read, and by whom.
struct Reader {
    std::string source;   ///< as the configuration calls this local API
    std::string machine;  ///< our own account: what it told CrowdSec is no news to us
};

/// The answer to GET /v1/alerts: those about an address or a network, oldest first. The device is the machine
/// that saw it, the uid "SOURCE ID", the subject the scenario and the address. Facts: scenario, message,
/// events, machine, country, as_name, decisions (what CrowdSec did by itself), source. Without: blocklists
/// that CrowdSec fetched, alerts of our own, and what cannot be read.
[[nodiscard]] Result<std::vector<Alert>> read_alerts(std::string_view body, const Reader& reader, Time now);

}  // namespace garita::crowdsec
