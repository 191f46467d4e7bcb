// garita access list, show, approve, kill, report, status, retry: requests of a running hub.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "access/record.hpp"
#include "programs/access/access_commands.hpp"
#include "programs/access/hub_requests.hpp"
#include "programs/cli/command_options.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t page = 1000;
constexpr std::size_t longest_record = std::size_t{64} << 20U;

struct ListWishes {
    std::vector<std::string> states;
    std::string mac;
    std::string at_switch;
    bool all = false;
    std::size_t limit = 100;
};

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string target_of(const ListWishes& wishes) {
    std::string target = "/api/v1/access/requests?limit=" + std::to_string(wishes.limit);
    auto states = wishes.states;
    if (states.empty()) states.emplace_back(wishes.all ? "all" : "open");
    for (const auto& state : states)
        target += "&state=" + percent_encode(state);
    if (!wishes.mac.empty()) target += "&mac=" + percent_encode(wishes.mac);
    if (!wishes.at_switch.empty()) target += "&switch=" + percent_encode(wishes.at_switch);
    return target;
}

std::string or_dash(const std::string& text) {
    return text.empty() ? std::string("-") : text;
}

std::string ago(const std::optional<Time>& at) {
    return at ? relative(*at, runtime::system_now()) : std::string("-");
}

int list(const CommandOptions& options, const ListWishes& wishes) {
    HubConnection hub(options.socket);
    const auto reply = hub.get(target_of(wishes));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto requests = read_access_requests(reply->body);
    if (!requests) return report_failure(requests.error());
    Table table({"ID", "MAC", "STATE", "APPROVED", "BY", "DEADLINE", "SWITCH", "PORT", "WHY"});
    for (const auto& one : *requests)
        table.add({one.tracking(), one.mac.text(),
                   std::string(to_text(one.state)) + (one.dry_run ? " (dry run)" : ""), ago(one.created_at),
                   one.approver, is_open(one.state) ? ago(one.deadline) : "-", or_dash(one.switch_name),
                   or_dash(one.port), or_dash(one.outcome)});
    print(table.empty() ? "No request.\n" : table.text());
    return 0;
}

/// The request with all of its log, however many pages that takes: as it came, and read.
struct WholeRequest {
    boost::json::value document;
    ShownRequest shown;
};
Result<WholeRequest> whole_request(HubConnection& hub, const std::string& id) {
    WholeRequest whole;
    std::int64_t after = 0;
    while (true) {
        auto reply = hub.get(
            fmt::format("/api/v1/access/requests/{}?limit={}&after={}", percent_encode(id), page, after));
        if (!reply) return tl::unexpected(reply.error());
        auto shown = read_shown_request(reply->body);
        if (!shown) return tl::unexpected(shown.error());
        const auto lines = shown->log.size();
        if (after == 0) {
            whole = {std::move(reply->body), std::move(*shown)};
        } else {
            auto& log = whole.document.as_object()["log"].as_array();
            for (auto& line : reply->body.as_object()["log"].as_array())
                log.push_back(std::move(line));
            whole.shown.log.insert(whole.shown.log.end(), shown->log.begin(), shown->log.end());
        }
        if (lines < page) return whole;
        after = whole.shown.log.back().id;
    }
}

/// "Elsewhere: sw2 Gi1/0/3 (cleared)", where another switch lets the device in too.
std::string elsewhere(const std::vector<AccessSurvey>& surveys) {
    std::string text;
    for (const auto& one : surveys) {
        if (!one.ports.empty())
            text += fmt::format("also let in at {} {}{}\n", one.switch_name, one.ports,
                                one.cleared ? ", taken out there" : "");
        else if (!one.error.empty())
            text += fmt::format("{} could not be asked: {}\n", one.switch_name, one.error);
    }
    return text;
}

std::string record_of(const ShownRequest& shown) {
    return access::record_text(shown.about, shown.log, nullptr, longest_record) + elsewhere(shown.surveys);
}

int show(const CommandOptions& options, const std::string& id) {
    HubConnection hub(options.socket);
    const auto whole = whole_request(hub, id);
    if (!whole) return report_failure(whole.error());
    print(options.json ? json::serialize(whole->document) + "\n" : record_of(whole->shown));
    return 0;
}

int report(const CommandOptions& options) {
    HubConnection hub(options.socket);
    ListWishes open;
    open.limit = page;
    const auto reply = hub.get(target_of(open));
    if (!reply) return report_failure(reply.error());
    auto requests = read_access_requests(reply->body);
    if (!requests) return report_failure(requests.error());
    std::reverse(requests->begin(), requests->end());
    boost::json::array documents;
    std::string text;
    for (const auto& one : *requests) {
        auto whole = whole_request(hub, one.tracking());
        if (!whole) return report_failure(whole.error());
        text += (text.empty() ? "" : "\n") + record_of(whole->shown);
        documents.push_back(std::move(whole->document));
    }
    if (options.json)
        print(json::serialize(json::Writer().value("requests", std::move(documents)).finish()) + "\n");
    else
        print(text.empty() ? "No open request.\n" : text);
    return 0;
}

int tell_answer(const CommandOptions& options, const Result<HubReply>& reply) {
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), reply->status == 409 ? 1 : 0;
    const auto answer = read_access_answer(reply->body);
    if (!answer) return report_failure(answer.error());
    print(answer->text + "\n");
    return 0;
}

enum class Run { real, dry };

int approve(const CommandOptions& options, const std::string& mac, Run run) {
    HubConnection hub(options.socket);
    json::Writer body;
    body.text("mac", mac);
    if (run == Run::dry) body.value("dry_run", true);
    return tell_answer(options, hub.post("/api/v1/access/requests", body.finish()));
}

int kill(const CommandOptions& options, const std::string& id) {
    HubConnection hub(options.socket);
    return tell_answer(options, hub.post("/api/v1/access/requests/" + percent_encode(id) + "/kill",
                                         json::Writer().finish()));
}

int retry(const CommandOptions& options, const std::string& name) {
    HubConnection hub(options.socket);
    const auto reply =
        hub.post("/api/v1/access/switches/" + percent_encode(name) + "/retry", json::Writer().finish());
    if (!reply) return report_failure(reply.error());
    print(options.json ? reply->text + "\n"
                       : name + " is logged in to again as soon as there is anything to do.\n");
    return 0;
}

int status(const CommandOptions& options) {
    HubConnection hub(options.socket);
    const auto reply = hub.get("/api/v1/access/status");
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto shown = read_access_status(reply->body);
    if (!shown) return report_failure(shown.error());
    Table table({"SWITCH", "ADDRESS", "STATE", "LAST SESSION", "NEXT TRY", "WHY"});
    bool fine = true;
    for (const auto& one : shown->switches) {
        table.add(
            {one.name, one.address, one.state, ago(one.last_session), ago(one.next_try), or_dash(one.error)});
        fine = fine && one.state != "forbidden" && one.state != "away";
    }
    std::string text = table.text();
    for (const auto& one : shown->sources) {
        text += fmt::format("{}: last look {}{}\n", one.what, ago(one.last_look),
                            one.error.empty() ? "" : ": " + one.error);
        fine = fine && one.error.empty();
    }
    if (!shown->receiver.empty()) text += "syslog: " + shown->receiver + "\n";
    print(text + counted(shown->open, "open request", "open requests") + "\n");
    return fine ? 0 : 1;
}

void add_list(CLI::App& access, int& exit_code) {
    auto* const command = access.add_subcommand("list", "open requests, or those that are asked for");
    const auto options = add_common_options(*command);
    const auto wishes = std::make_shared<ListWishes>();
    const CLI::IsMember states(
        {"open", "confirming", "waiting", "working", "done", "failed", "killed", "expired", "all"});
    command->add_option("--state", wishes->states, "only these: waiting, done, failed …; may be repeated")
        ->check(states);
    command->add_option("--mac", wishes->mac, "only of this MAC address, in any notation");
    command->add_option("--switch", wishes->at_switch, "only at this switch");
    command->add_flag("--all", wishes->all, "those that are over too");
    command->add_option("--limit", wishes->limit, "at most so many, the newest")->check(CLI::Range(1, 1000));
    command->footer("Example:\n  garita access list --all --mac aabb.ccdd.eeff");
    command->callback([options, wishes, &exit_code] { exit_code = list(*options, *wishes); });
}

void add_show_and_report(CLI::App& access, int& exit_code) {
    auto* const showing =
        access.add_subcommand("show", "one request with all that was said, sent and answered");
    auto options = add_common_options(*showing);
    const auto id = std::make_shared<std::string>();
    showing->add_option("ID", *id, "its tracking id: A17")->required();
    showing->callback([options, id, &exit_code] { exit_code = show(*options, *id); });
    auto* const reporting = access.add_subcommand("report", "all open requests with their logs");
    options = add_common_options(*reporting);
    reporting->callback([options, &exit_code] { exit_code = report(*options); });
    auto* const standing =
        access.add_subcommand("status", "how switches, mailbox, syslog and databases stand");
    options = add_common_options(*standing);
    standing->footer("Exit code: 0 all is well, 1 a switch or source is out of reach");
    standing->callback([options, &exit_code] { exit_code = status(*options); });
}

void add_changes(CLI::App& access, int& exit_code) {
    auto* const approving = access.add_subcommand("approve", "let a device in where it is plugged in next");
    auto options = add_common_options(*approving);
    const auto mac = std::make_shared<std::vector<std::string>>();
    const auto dry = std::make_shared<bool>(false);
    approving->add_option("MAC", *mac, "its MAC address, in any notation")->required()->type_name("");
    approving->add_flag("--dry-run", *dry, "only tell what would be done at the switch");
    approving->footer("Example:\n  garita access approve aabb.ccdd.eeff");
    approving->callback([options, mac, dry, &exit_code] {
        exit_code = approve(*options, joined(*mac), *dry ? Run::dry : Run::real);
    });
    auto* const killing = access.add_subcommand("kill", "end an open request");
    options = add_common_options(*killing);
    const auto id = std::make_shared<std::string>();
    killing->add_option("ID", *id, "its tracking id: A17")->required();
    killing->callback([options, id, &exit_code] { exit_code = kill(*options, *id); });
    auto* const retrying = access.add_subcommand(
        "retry", "log in again to a switch that refused the login or showed another host key");
    options = add_common_options(*retrying);
    const auto name = std::make_shared<std::string>();
    retrying->add_option("SWITCH", *name, "as the inventory names it")->required();
    retrying->callback([options, name, &exit_code] { exit_code = retry(*options, *name); });
}

}  // namespace

void add_access_requests(CLI::App& access, int& exit_code) {
    add_list(access, exit_code);
    add_show_and_report(access, exit_code);
    add_changes(access, exit_code);
}

}  // namespace garita::programs
