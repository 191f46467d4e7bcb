// garita ports: the specification of open ports and how it is kept. Answers go the way of all answers.

#include <fstream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/config/portspec_import.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_rows = 1'000'000;
constexpr json::TextRule cell{1'000'000, json::TextRule::Content::text};

struct ShownService {
    std::int64_t port = 0;
    std::string expected, found, state;
};

struct ShownHost {
    std::string host, addresses, must, may, open, missing, unexpected, state, why;
    std::vector<ShownService> services;
    std::optional<Time> since, scanned_at;
};

Result<ShownService> shown_service(const boost::json::value& value, std::string_view where,
                                   json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownService shown;
    shown.port = in.integer("port", 0, 65535);
    shown.expected = in.text("expected", cell);
    shown.found = in.text_or("found", cell, "");
    shown.state = in.text("state", json::name_rule);
    return in.finish(std::move(shown));
}

Result<ShownHost> shown_host(const boost::json::value& value, std::string_view where, json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownHost shown;
    shown.host = in.text("host", cell);
    shown.addresses = in.text_or("addresses", cell, "");
    shown.must = in.text_or("must", cell, "");
    shown.may = in.text_or("may", cell, "");
    shown.open = in.text_or("open", cell, "");
    shown.missing = in.text_or("missing", cell, "");
    shown.unexpected = in.text_or("unexpected", cell, "");
    shown.state = in.text("state", json::name_rule);
    shown.why = in.text_or("why", cell, "");
    shown.since = in.optional_time("since");
    shown.scanned_at = in.optional_time("scanned_at");
    shown.services = in.list<ShownService>("services", 65536, shown_service);
    return in.finish(std::move(shown));
}

/// "443 fine; 22 drift: banner SSH-2.0-dropbear"; what is as expected needs no words.
std::string services_text(const std::vector<ShownService>& services) {
    std::string text;
    for (const auto& one : services) {
        text += fmt::format("{}{} {}", text.empty() ? "" : "; ", one.port, one.state);
        if (one.state == "drift") text += fmt::format(": {} (expected {})", one.found, one.expected);
    }
    return text;
}

std::string or_dash(const std::string& text) {
    return text.empty() ? std::string("-") : text;
}

std::string ago(const std::optional<Time>& at) {
    return at ? relative(*at, runtime::system_now()) : std::string("-");
}

Result<std::vector<ShownHost>> ask_for_hosts(const HubReply& reply) {
    json::Reader in(reply.body, "the hub's answer", json::Unknown::ignore);
    return in.finish(in.list<ShownHost>("hosts", most_rows, shown_host));
}

int status(const CommandOptions& options) {
    HubConnection hub(options.socket);
    const auto reply = hub.get("/api/v1/ports");
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto hosts = ask_for_hosts(*reply);
    if (!hosts) return report_failure(hosts.error());
    Table table({"HOST", "ADDRESS", "MUST", "MAY", "OPEN", "MISSING", "UNEXPECTED", "SERVICES", "SINCE",
                 "LAST SCAN", "STATE"});
    bool fine = true;
    for (const auto& host : *hosts) {
        const auto why = host.why.empty() ? std::string() : ": " + host.why;
        table.add({host.host, or_dash(host.addresses), or_dash(host.must), or_dash(host.may),
                   or_dash(host.open), or_dash(host.missing), or_dash(host.unexpected),
                   or_dash(services_text(host.services)), ago(host.since), ago(host.scanned_at),
                   host.state + why});
        fine = fine && host.state != "drift" && host.state != "unknown";
    }
    print(table.empty() ? "No host is specified.\n" : table.text());
    return fine ? 0 : 1;
}

int history(const CommandOptions& options, const std::string& host) {
    HubConnection hub(options.socket);
    const auto reply = hub.get("/api/v1/ports/history?limit=1000&host=" + percent_encode(host));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    struct Event {
        Time at{};
        std::string what;
    };
    json::Reader in(reply->body, "the hub's answer", json::Unknown::ignore);
    const auto read = [](const boost::json::value& value, std::string_view where,
                         json::Unknown unknown) -> Result<Event> {
        json::Reader one(value, where, unknown);
        Event event{one.time("at"), one.text("what", cell)};
        return one.finish(std::move(event));
    };
    const auto events = in.finish(in.list<Event>("events", most_rows, read));
    if (!events) return report_failure(events.error());
    Table table({"TIME", "WHAT"});
    for (const auto& event : *events)
        table.add({to_iso8601(std::chrono::floor<std::chrono::seconds>(event.at)), event.what});
    print(table.empty() ? "Nothing has happened to its ports.\n" : table.text());
    return 0;
}

int scan_now(const CommandOptions& options, const std::string& host) {
    HubConnection hub(options.socket);
    const auto reply = hub.post("/api/v1/ports/scan", json::Writer().text_if("host", host).finish());
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    print("The hub looks now; `garita ports status` tells.\n");
    return 0;
}

/// What was found, as a specification would say it; what is not known is not said.
int suggest(const CommandOptions& options) {
    HubConnection hub(options.socket);
    const auto reply = hub.get("/api/v1/ports");
    if (!reply) return report_failure(reply.error());
    const auto hosts = ask_for_hosts(*reply);
    if (!hosts) return report_failure(hosts.error());
    std::string text = "# what was open when it was looked at last\nhosts:\n";
    for (const auto& host : *hosts) {
        if (!host.scanned_at || host.state == "unknown") {  // nobody knows whether nothing is open there
            text += fmt::format(
                "  # {} is left out: {}\n", host.host,
                host.why.empty() ? "it was not looked at yet" : host.why.substr(0, host.why.find('\n')));
            continue;
        }
        const auto udp = host.open.find("udp ");
        auto tcp = host.open.substr(0, udp);
        while (tcp.ends_with(' ') || tcp.ends_with(','))
            tcp.pop_back();
        text += fmt::format("  \"{}\":\n    must: {}\n", host.host,
                            tcp.empty() ? std::string("[]") : '"' + tcp + '"');
        if (!host.may.empty() && !host.may.starts_with("udp"))
            text += fmt::format("    may: \"{}\"\n", host.may.substr(0, host.may.find(", udp")));
        if (udp != std::string::npos)
            text += fmt::format("    udp: {{must: \"{}\"}}\n", host.open.substr(udp + 4));
    }
    print(text);
    return 0;
}

int answer(const CommandOptions& options, std::int64_t id, std::string_view response,
           const std::string& lasts) {
    HubConnection hub(options.socket);
    json::Writer body;
    body.text("response", response).text_if("for", lasts);
    const auto reply = hub.post(fmt::format("/api/v1/cases/{}/decision", id), body.finish());
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), reply->status == 409 ? 1 : 0;
    if (reply->status == 409) return print("Not done: the case was already answered or is over.\n"), 1;
    print(fmt::format("Done; `garita case {}` tells what has come of it.\n", id));
    return 0;
}

int import_portspec(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return report_failure({ErrorCode::io, file + " cannot be read", Retry::no});
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    const auto imported = runtime::import_portspec(text, file);
    if (!imported) return report_failure(imported.error());
    for (const auto& note : imported->notes)
        std::fputs(("garita: " + note + "\n").c_str(), stderr);
    print(imported->text);
    return 0;
}

void add_answers(CLI::App& ports, int& exit_code) {
    auto* const accepting = ports.add_subcommand("accept", "what was found is as it shall be from now on");
    auto options = add_common_options(*accepting);
    const auto id = std::make_shared<std::int64_t>(0);
    accepting->add_option("CASE", *id, "its number")->required()->check(CLI::PositiveNumber);
    accepting->callback([options, id, &exit_code] { exit_code = answer(*options, *id, "accept", ""); });
    auto* const muting = ports.add_subcommand("mute", "tell nothing of the case's host for a while");
    options = add_common_options(*muting);
    const auto span = std::make_shared<std::string>();
    muting->add_option("CASE", *id, "its number")->required()->check(CLI::PositiveNumber);
    muting->add_option("SPAN", *span, "how long: 90s, 15m, 24h, 7d")->required()->check(span_check());
    muting->callback([options, id, span, &exit_code] { exit_code = answer(*options, *id, "mute", *span); });
}

}  // namespace

void add_port_commands(CLI::App& app, int& exit_code) {
    auto* const ports = app.add_subcommand("ports", "which ports are open, and which shall be");
    ports->require_subcommand(1);
    auto* const showing = ports->add_subcommand("status", "the whole specification, and how it is kept");
    auto options = add_common_options(*showing);
    showing->footer("Exit code: 0 all as specified, 1 not, or nobody could tell");
    showing->callback([options, &exit_code] { exit_code = status(*options); });
    add_answers(*ports, exit_code);
    auto* const past = ports->add_subcommand("history", "what happened to the ports of a host");
    options = add_common_options(*past);
    const auto host = std::make_shared<std::string>();
    past->add_option("HOST", *host, "name or address")->required();
    past->callback([options, host, &exit_code] { exit_code = history(*options, *host); });
    auto* const looking = ports->add_subcommand("scan", "look now, not only when it is time");
    options = add_common_options(*looking);
    looking->add_option("HOST", *host, "host or network of the specification; otherwise all");
    looking->callback([options, host, &exit_code] { exit_code = scan_now(*options, *host); });
    auto* const suggesting =
        ports->add_subcommand("suggest", "a specification made of what was found, as YAML");
    options = add_common_options(*suggesting);
    suggesting->callback([options, &exit_code] { exit_code = suggest(*options); });
    auto* const importing = ports->add_subcommand("import", "a specification from another program's file");
    importing->require_subcommand(1);
    auto* const portspec = importing->add_subcommand("portspec", "of PortSpec; prints YAML, needs no hub");
    const auto file = std::make_shared<std::string>();
    portspec->add_option("FILE", *file, "its conf.yml")->required();
    portspec->callback([file, &exit_code] { exit_code = import_portspec(*file); });
}

}  // namespace garita::programs
