// garita status

#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/device_rule_documents.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {
namespace {

void print_indented(std::string_view label, const std::vector<std::string>& lines) {
    for (const auto& line : lines)
        print(fmt::format("    {} {}\n", label, runtime::escape_foreign(line)));
}

void print_device(const Device& device, Time now) {
    const auto seen = device.last_seen ? relative(*device.last_seen, now) : "never";
    const auto skew = std::chrono::duration_cast<std::chrono::seconds>(device.clock_offset).count();
    print(fmt::format(
        "  {}  seen {}{}{}\n", device.name, seen, device.version.empty() ? "" : ", version " + device.version,
        skew > 2 || skew < -2
            ? fmt::format(", its clock is {} s {}", std::abs(skew), skew > 0 ? "ahead" : "behind")
            : ""));
    print_indented("watches", device.watches);
    print_indented("TROUBLE", device.troubles);
}

void print_hub(const HubStatus& hub) {
    print(fmt::format("Hub {}, running since {}\n  for agents: {}  pin {}\n", hub.version,
                      hub.started.substr(0, 19), hub.address, hub.pin));
    for (const auto& trouble : hub.troubles)
        print(fmt::format("  TROUBLE {}\n", runtime::escape_foreign(trouble)));
}

int print_rule_counts(HubConnection& connection) {
    const auto reply = connection.get("/api/v1/devices/rules/counts");
    if (!reply && reply.error().code == ErrorCode::not_found) return 0;  // a hub of before
    if (!reply) return report_failure(reply.error());
    const auto counts = read_rule_counts(reply->body);
    if (!counts) return report_failure(counts.error());
    if (!counts->empty()) print("Rules on devices:\n");
    for (const auto& one : *counts)
        print(fmt::format("  {} {}  {} wanted{}{}\n", one.device, one.rule, one.wanted,
                          one.pending > 0 ? fmt::format(", {} on their way", one.pending) : "",
                          one.refused > 0
                              ? fmt::format(", {} REFUSED: garita rules plan {}", one.refused, one.device)
                              : ""));
    return 0;
}

int show_status(const CommandOptions& options) {
    HubConnection connection(options.socket);
    const auto reply = connection.get("/api/v1/status");
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto now = runtime::system_now();
    const auto status = read_status(reply->body);
    if (!status) return report_failure(status.error());
    print_hub(*status);
    const auto& counts = status->counts;
    print(fmt::format(
        "Open cases: {}   Blocks: {} ({} on their way)   Actions under way: {}   Alerts kept: {}\n",
        counts.open_cases, counts.rules, counts.unsettled_rules, counts.pending_actions, counts.alerts));
    for (const auto& policy : status->suspended_policies)
        print(fmt::format("SUSPENDED policy {}: it did too much and only observes; garita policies\n",
                          runtime::escape_foreign(policy)));
    if (!status->devices.empty()) print("Devices:\n");
    for (const auto& device : status->devices)
        print_device(device, now);
    return print_rule_counts(connection);
}

}  // namespace

void add_status_commands(CLI::App& app, int& exit_code) {
    auto* const status = app.add_subcommand("status", "how the hub and its devices are");
    const auto status_options = add_common_options(*status);
    status->callback([status_options, &exit_code] { exit_code = show_status(*status_options); });
}

}  // namespace garita::programs
