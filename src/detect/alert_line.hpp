#pragma once
// Alerts of other programs, one JSON object a line: Suricata's eve.json, Wazuh's alerts.json.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "detect/json_members.hpp"
#include "detect/log_time.hpp"
#include "model/alert.hpp"
#include "model/ip.hpp"

namespace garita::detect {

enum class AlertLog { suricata, wazuh };

struct AlertLineOptions {
    AlertLog format = AlertLog::suricata;
    /// Suricata counts from 1, the worst: alerts with a greater number are passed over.
    std::uint32_t lowest_priority = 2;
    /// Wazuh counts up to 16: alerts of a lower level are passed over.
    std::uint32_t least_level = 7;
};

/// What one line says. Texts are as the program wrote them: for people they have to be cleaned.
struct AlertLine {
    std::string signature;  ///< what tells alerts of one cause from others: number of a signature or a rule
    std::string origin;     ///< Wazuh: the agent that saw it; else empty
    Severity severity = Severity::warning;
    std::optional<IpAddress> address;  ///< whom a block would hit
    std::optional<EventTime> when;     ///< nothing where the line tells no time that can be read
    Facts facts;
};

enum class AlertLineKind {
    unparsed,  ///< no JSON object, or one that lacks what every alert has
    other,     ///< another event, or not severe enough
    alert,
};

/// Reads lines of one log. Not for several threads at once: it remembers the last date.
class AlertLineReader {
  public:
    explicit AlertLineReader(const AlertLineOptions& options);
    /// Fills `alert` for an alert only.
    [[nodiscard]] AlertLineKind read(std::string_view line, AlertLine& alert);

  private:
    using Values = std::span<const std::string_view>;
    [[nodiscard]] AlertLineKind read_suricata(Values values, AlertLine& alert);
    [[nodiscard]] AlertLineKind read_wazuh(Values values, AlertLine& alert);

    AlertLineOptions options_;
    JsonMembers members_;
    IsoClock clock_;
};

/// "suricata_alert", "wazuh_alert": the kind of what is raised about lines of this log.
[[nodiscard]] std::string_view kind_of(AlertLog format);

}  // namespace garita::detect
