// garita rules plan, garita rules drift, garita rules rebuild, garita rules forget

#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_rows = 10'000;
constexpr std::int64_t any_count = std::numeric_limits<std::int64_t>::max();
constexpr json::TextRule cell{1024, json::TextRule::Content::text};

struct Arguments {
    std::string device;
    std::string rule;
    std::size_t limit = 100;
};

using Cells = std::vector<std::string>;

std::string or_dash(const std::optional<std::string>& text) {
    return text.value_or("-");
}

Result<Cells> plan_row(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Cells cells{in.text("rule", cell), in.text("params", cell), in.text("to_do", cell)};
    cells.push_back(or_dash(in.optional_text("current", cell)));
    cells.push_back(or_dash(in.optional_text("value", cell)));
    cells.push_back(in.text("why", cell));
    return in.finish(std::move(cells));
}

Result<Cells> drift_row(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    Cells cells{in.text("params", cell)};
    cells.push_back(or_dash(in.optional_text("was", cell)));
    cells.push_back(or_dash(in.optional_text("value", cell)));
    return in.finish(std::move(cells));
}

/// One name of rules on a device, as all three commands tell it.
struct ShownClass {
    std::string rule;
    std::string trouble;
    std::int64_t entries = 0;
    std::int64_t foreign = 0;
    std::int64_t add = 0;
    std::int64_t change = 0;
    std::int64_t remove = 0;
    std::int64_t refused = 0;
    std::int64_t different = 0;
    std::vector<Cells> rows;
};

Result<ShownClass> shown_class(const boost::json::value& value, std::string_view where,
                               json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownClass shown;
    const auto count = [&](std::string_view member) { return in.integer_or(member, 0, any_count, 0); };
    shown.rule = in.text("rule", cell);
    shown.trouble = in.text_or("trouble", cell, "");
    shown.entries = count("entries");
    shown.foreign = count("foreign");
    shown.add = count("add");
    shown.change = count("change");
    shown.remove = count("remove");
    shown.refused = count("refused");
    shown.different = count("different");
    shown.rows = in.list<Cells>("rows", most_rows, drift_row);
    return in.finish(std::move(shown));
}

struct ShownDevice {
    std::string device;
    std::string error;
    std::int64_t different = 0;
    std::vector<ShownClass> classes;
    std::vector<Cells> rows;
};

Result<ShownDevice> shown_device(const boost::json::value& value, std::string_view where,
                                 json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownDevice shown;
    shown.device = in.text("device", cell);
    shown.error = in.text_or("error", cell, "");
    shown.different = in.integer_or("different", 0, any_count, 0);
    shown.classes = in.list<ShownClass>("rules", most_rows, shown_class);
    shown.rows = in.list<Cells>("rows", most_rows, plan_row);
    return in.finish(std::move(shown));
}

/// False: something of it does not work.
bool tell_troubles(const ShownDevice& shown) {
    bool fine = shown.error.empty();
    if (!fine) report_failure({ErrorCode::unavailable, shown.device + ": " + shown.error, Retry::no});
    for (const auto& one : shown.classes) {
        if (one.trouble.empty()) continue;
        fine = false;
        report_failure(
            {ErrorCode::unavailable, shown.device + ", rules " + one.rule + ": " + one.trouble, Retry::no});
    }
    return fine;
}

int plan(const CommandOptions& options, const Arguments& arguments) {
    HubConnection hub(options.socket);
    const auto reply = hub.get(fmt::format("/api/v1/devices/rules/plan?device={}&rule={}&limit={}",
                                           percent_encode(arguments.device), percent_encode(arguments.rule),
                                           arguments.limit));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto shown = shown_device(reply->body, "the hub's answer", json::Unknown::ignore);
    if (!shown) return report_failure(shown.error());
    Table counts({"RULE", "ADD", "CHANGE", "REMOVE", "REFUSED", "ON DEVICE", "FOREIGN"});
    for (const auto& one : shown->classes)
        counts.add({one.rule, std::to_string(one.add), std::to_string(one.change), std::to_string(one.remove),
                    std::to_string(one.refused), std::to_string(one.entries), std::to_string(one.foreign)});
    if (!counts.empty()) print(counts.text());
    Table rows({"RULE", "PARAMETERS", "TO DO", "NOW", "WANTED", "WHY"});
    for (const auto& row : shown->rows)
        rows.add(row);
    print(rows.empty() ? "Everything is as it is wanted.\n" : "\n" + rows.text());
    if (shown->different > static_cast<std::int64_t>(shown->rows.size()))
        print(
            fmt::format("\nThe first {} of {}; more with --limit.\n", shown->rows.size(), shown->different));
    return tell_troubles(*shown) ? 0 : 1;
}

boost::json::value body_of(const Arguments& arguments) {
    json::Writer body;
    body.text_if("device", arguments.device).text_if("rule", arguments.rule);
    return body.finish();
}

int drift(const CommandOptions& options, const Arguments& arguments) {
    HubConnection hub(options.socket);
    const auto reply = hub.post("/api/v1/devices/rules/drift", body_of(arguments));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto shown = shown_device(reply->body, "the hub's answer", json::Unknown::ignore);
    if (!shown) return report_failure(shown.error());
    for (const auto& one : shown->classes) {
        print(fmt::format("{}: {}, {} different\n", one.rule, counted(one.entries, "entry", "entries"),
                          one.different));
        Table rows({"PARAMETERS", "WAS", "SHOULD BE"});
        for (const auto& row : one.rows)
            rows.add(row);
        if (!rows.empty()) print(rows.text());
    }
    return tell_troubles(*shown) ? 0 : 1;
}

int rebuild(const CommandOptions& options, const Arguments& arguments) {
    HubConnection hub(options.socket);
    const auto reply = hub.post("/api/v1/devices/rules/rebuild", body_of(arguments));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    json::Reader in(reply->body, "the hub's answer", json::Unknown::ignore);
    auto devices = in.finish(in.list<ShownDevice>("devices", most_rows, shown_device));
    if (!devices) return report_failure(devices.error());
    bool fine = true;
    for (const auto& device : *devices) {
        for (const auto& one : device.classes)
            print(fmt::format("{}: {} anew, {}\n", device.device, one.rule,
                              counted(one.entries, "entry", "entries")));
        fine = tell_troubles(device) && fine;
    }
    return fine ? 0 : 1;
}

int forget(const CommandOptions& options, const Arguments& arguments) {
    HubConnection hub(options.socket);
    const auto reply = hub.post("/api/v1/devices/rules/forget", body_of(arguments));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    json::Reader in(reply->body, "the hub's answer", json::Unknown::ignore);
    const auto forgotten = in.finish(in.texts("forgotten", cell, most_rows));
    if (!forgotten) return report_failure(forgotten.error());
    for (const auto& what : *forgotten)
        print(what + ": not tried to be removed any more; what is there stays there\n");
    return 0;
}

}  // namespace

void add_rule_keeping_commands(CLI::App& rules, int& exit_code) {
    const auto arguments = std::make_shared<Arguments>();
    auto* const planning = rules.add_subcommand("plan", "what is still to be done on a device, and why");
    auto options = add_common_options(*planning);
    planning->add_option("DEVICE", arguments->device, "the device")->required();
    planning->add_option("-r,--rule", arguments->rule, "only rules of this name");
    planning->add_option("-n,--limit", arguments->limit, "at most so many rows")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    planning->callback([options, arguments, &exit_code] { exit_code = plan(*options, *arguments); });

    auto* const drifting =
        rules.add_subcommand("drift", "read what a device holds, tell what others changed, and repair it");
    options = add_common_options(*drifting);
    drifting->add_option("DEVICE", arguments->device, "the device")->required();
    drifting->add_option("-r,--rule", arguments->rule, "only rules of this name");
    drifting->callback([options, arguments, &exit_code] { exit_code = drift(*options, *arguments); });

    auto* const rebuilding = rules.add_subcommand("rebuild", "replace all rules of a name, at one instant");
    options = add_common_options(*rebuilding);
    rebuilding->add_option("RULE", arguments->rule, "the rules' name")->required();
    rebuilding->add_option("-d,--device", arguments->device, "only on this device");
    rebuilding->callback([options, arguments, &exit_code] { exit_code = rebuild(*options, *arguments); });

    auto* const forgetting = rules.add_subcommand(
        "forget", "do not try any longer to remove what is no longer configured from a device that is gone");
    options = add_common_options(*forgetting);
    forgetting->add_option("DEVICE", arguments->device, "the device")->required();
    forgetting->add_option("RULE", arguments->rule, "only rules of this name");
    forgetting->callback([options, arguments, &exit_code] { exit_code = forget(*options, *arguments); });
}

}  // namespace garita::programs
