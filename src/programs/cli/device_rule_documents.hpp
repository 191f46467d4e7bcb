#pragma once
// What a hub answers about rules of configured classes, as values; read as strictly as the others.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::programs {

struct ShownDeviceRule {
    std::string device, rule, params;
    std::optional<std::string> value;    ///< wanted; nothing: shall not be there
    std::optional<std::string> current;  ///< as the device last confirmed
    std::optional<Time> expires;
    std::string by;
    std::string error;  ///< of the device

    [[nodiscard]] bool settled() const { return value == current && error.empty(); }
};
struct ShownDeviceRules {
    std::vector<ShownDeviceRule> rules;
    std::string next;  ///< where the next page begins; empty: there is none
};
[[nodiscard]] Result<ShownDeviceRules> read_device_rules(const boost::json::value& body);

struct RefusedRow {
    std::int64_t row = 0;
    std::string why;
};
struct DeviceRulesChanged {
    std::int64_t changed = 0;
    std::int64_t unchanged = 0;
    std::vector<RefusedRow> refused;
    bool carried_out = false;  ///< false: nothing was changed, because of the refused rows
};
/// An answer of any status; an Error where it is no answer about rows.
[[nodiscard]] Result<DeviceRulesChanged> read_device_rules_changed(int status, const std::string& text);

struct ShownVersion {
    std::optional<std::string> value;
    Time since{};
    std::string by, comment;
};
[[nodiscard]] Result<std::vector<ShownVersion>> read_versions(const boost::json::value& body);

struct ShownChange {
    std::int64_t id = 0;
    Time at{};
    std::string by, what, comment;
    std::int64_t changed = 0;
};
[[nodiscard]] Result<std::vector<ShownChange>> read_rule_history(const boost::json::value& body);

/// The rules of one name on one device, in numbers.
struct ShownRuleCount {
    std::string device, rule;
    std::int64_t wanted = 0;
    std::int64_t pending = 0;
    std::int64_t refused = 0;  ///< of the pending ones
};
[[nodiscard]] Result<std::vector<ShownRuleCount>> read_rule_counts(const boost::json::value& body);

}  // namespace garita::programs
