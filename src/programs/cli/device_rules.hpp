#pragma once
// Rules of configured classes on the command line: one is set in one command, a million are imported.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "programs/cli/command_options.hpp"
#include "programs/cli/device_rule_documents.hpp"

namespace garita::programs {

/// "DEVICE RULE PARAMS VALUE", as against "NETWORK…" and "DEVICE block NETWORK…".
[[nodiscard]] bool names_device_rule(const std::vector<std::string>& words);

struct DeviceRuleWish {
    std::vector<std::string> words;  ///< DEVICE RULE PARAMS… VALUE, without the value: shall not be there
    enum class Verb { set, unset } verb = Verb::set;
    std::string lasts;
    std::string comment;
};
/// Carries it out and waits a moment for the device. The exit code: 0 in force or on its way, 1 refused.
int change_device_rule(const CommandOptions& options, const DeviceRuleWish& wish);

struct DeviceRuleFilter {
    std::string device, rule, params;
    std::string state;      ///< "different", "refused"; empty: any
    std::size_t limit = 0;  ///< 0: all
};
/// All pages up to the limit, each as it comes.
using DeviceRuleVisit = std::function<void(const ShownDeviceRule&)>;
[[nodiscard]] Result<void> each_device_rule(HubConnection& hub, const DeviceRuleFilter& filter,
                                            const DeviceRuleVisit& visit);
[[nodiscard]] std::string state_of(const ShownDeviceRule& rule);
[[nodiscard]] boost::json::value to_json(const ShownDeviceRule& rule);

void add_rule_import(CLI::App& rules, int& exit_code);
void add_rule_export(CLI::App& rules, int& exit_code);
void add_rule_history(CLI::App& rules, int& exit_code);

}  // namespace garita::programs
