// garita status, garita audit

#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

std::string text_of(const boost::json::object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

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

void print_hub(const boost::json::object& hub) {
    print(fmt::format("Hub {}, running since {}\n  for agents: {}  pin {}\n", text_of(hub, "version"),
                      text_of(hub, "started").substr(0, 19), text_of(hub, "address"), text_of(hub, "pin")));
    if (const auto* const troubles = hub.if_contains("troubles"); troubles != nullptr && troubles->is_array())
        for (const auto& trouble : troubles->get_array())
            if (trouble.is_string())
                print(fmt::format("  TROUBLE {}\n",
                                  runtime::escape_foreign(std::string_view(trouble.get_string()))));
}

int show_status(const CommandOptions& options) {
    HubConnection connection(options.socket);
    const auto reply = connection.get("/api/v1/status");
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto now = runtime::system_now();
    const auto counts = json::counts_from_json(reply->body.at("counts"), "counts", json::Unknown::ignore);
    if (!counts) return report_failure(counts.error());
    print_hub(reply->body.at("hub").as_object());
    print(fmt::format(
        "Open cases: {}   Rules: {} ({} on their way)   Actions under way: {}   Alerts kept: {}\n",
        counts->open_cases, counts->rules, counts->unsettled_rules, counts->pending_actions, counts->alerts));
    print("Devices:\n");
    for (const auto& value : reply->body.at("devices").as_array()) {
        const auto device = json::device_from_json(value, "device", json::Unknown::ignore);
        if (!device) return report_failure(device.error());
        print_device(*device, now);
    }
    return 0;
}

int show_audit(const CommandOptions& options, const std::string& object, std::int64_t limit) {
    HubConnection hub(options.socket);
    const auto reply =
        hub.get(fmt::format("/api/v1/audit?limit={}&object={}", limit, percent_encode(object)));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    Table table({"TIME (UTC)", "WHO", "WHAT", "OBJECT", "DETAIL"});
    for (const auto& value : reply->body.at("entries").as_array()) {
        const auto entry = json::audit_entry_from_json(value, "entry", json::Unknown::ignore);
        if (!entry) return report_failure(entry.error());
        table.add({to_iso8601(entry->at).substr(0, 19), entry->actor.text(), entry->verb, entry->object,
                   entry->detail});
    }
    print(table.empty() ? "Nothing recorded yet.\n" : table.text());
    return 0;
}

}  // namespace

void add_status_commands(CLI::App& app, int& exit_code) {
    auto* const status = app.add_subcommand("status", "how the hub and its devices are");
    const auto status_options = add_common_options(*status);
    status->callback([status_options, &exit_code] { exit_code = show_status(*status_options); });

    auto* const audit = app.add_subcommand("audit", "who did what, the newest first");
    const auto audit_options = add_common_options(*audit);
    const auto object = std::make_shared<std::string>();
    const auto limit = std::make_shared<std::int64_t>(50);
    audit->add_option("--object", *object, "only about this, as 'case 12'");
    audit->add_option("-n,--limit", *limit, "at most so many")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    audit->callback([audit_options, object, limit, &exit_code] {
        exit_code = show_audit(*audit_options, *object, *limit);
    });
}

}  // namespace garita::programs
