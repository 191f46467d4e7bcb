#include "adapters/crowdsec/wire.hpp"

#include <algorithm>
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "detect/detector.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"

namespace garita::crowdsec {
namespace {

namespace json = runtime::json;
using Object = boost::json::object;

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_text = 500;
constexpr std::size_t longest_token = 8192;
constexpr std::size_t most_decisions = 5;

std::string_view text_of(const Object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                  : std::string_view();
}

std::int64_t number_of(const Object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

void add_text(Facts& facts, std::string_view name, std::string_view text) {
    if (!text.empty()) facts.emplace(name, detect::clean_fact(text, longest_text));
}

/// "ban 203.0.113.7 for 4h (crowdsec)", what CrowdSec did about it by itself.
std::string decisions_in(const Object& alert) {
    const auto* const value = alert.if_contains("decisions");
    const auto* const list = value != nullptr ? value->if_array() : nullptr;
    std::string words;
    if (list == nullptr) return words;
    for (std::size_t i = 0; i < std::min(list->size(), most_decisions); ++i) {
        const auto* const one = (*list)[i].if_object();
        if (one == nullptr) continue;
        words.append(words.empty() ? "" : ", ").append(text_of(*one, "type")).append(" ");
        words.append(text_of(*one, "value")).append(" for ").append(text_of(*one, "duration"));
        words.append(" (").append(text_of(*one, "origin")).append(")");
    }
    return words;
}

std::optional<IpNetwork> address_of(const Object& alert) {
    const auto* const value = alert.if_contains("source");
    const auto* const source = value != nullptr ? value->if_object() : nullptr;
    if (source == nullptr) return std::nullopt;
    const auto scope = text_of(*source, "scope");
    if (scope != "Ip" && scope != "Range" && scope != "ip" && scope != "range") return std::nullopt;
    auto found = IpNetwork::parse(text_of(*source, "value"));
    return found ? found : IpNetwork::parse(text_of(*source, "ip"));
}

Facts facts_of(const Object& alert, const Reader& reader) {
    Facts facts;
    add_text(facts, "scenario", text_of(alert, "scenario"));
    add_text(facts, "message", text_of(alert, "message"));
    add_text(facts, "decisions", decisions_in(alert));
    if (const auto* const source = alert.if_contains("source"); source != nullptr && source->is_object()) {
        add_text(facts, "country", text_of(source->get_object(), "cn"));
        add_text(facts, "as_name", text_of(source->get_object(), "as_name"));
    }
    facts["events"] = std::to_string(number_of(alert, "events_count"));
    facts["source"] = reader.source;
    const auto* const simulated = alert.if_contains("simulated");
    if (simulated != nullptr && simulated->is_bool() && simulated->get_bool()) facts["simulated"] = "yes";
    return facts;
}

Result<boost::json::array> read_list(std::string_view body) {
    auto list = json::parse(body, "CrowdSec's alerts");
    if (!list) return tl::unexpected(list.error());
    if (list->is_null()) return boost::json::array();  // as Go writes an empty list
    if (!list->is_array()) return fail(ErrorCode::invalid, "CrowdSec's alerts are no list");
    return std::move(list->get_array());
}

std::optional<Alert> read_one(const boost::json::value& value, const Reader& reader, Time now) {
    const auto* const object = value.if_object();
    if (object == nullptr) return std::nullopt;
    const auto id = number_of(*object, "id");
    const auto machine = text_of(*object, "machine_id");
    const auto scenario = text_of(*object, "scenario");
    const auto address = address_of(*object);
    if (id <= 0 || !address || scenario.empty() || machine == reader.machine) return std::nullopt;
    Alert alert;
    alert.kind = alert_kind;
    alert.uid = reader.source + " " + std::to_string(id);
    alert.device = machine.empty() ? reader.source : detect::clean_fact(machine, longest_name);
    alert.subject = detect::clean_fact(scenario, longest_name) + " " + address->text();
    alert.severity = Severity::warning;
    alert.at = json::parse_iso8601(text_of(*object, "created_at")).value_or(now);
    alert.address = address;
    alert.facts = facts_of(*object, reader);
    return alert;
}

/// Of a decision that has ended, or that somebody has deleted, the duration is negative.
std::optional<IpNetwork> ban_in(const boost::json::value& decision) {
    const auto* const object = decision.if_object();
    if (object == nullptr || text_of(*object, "scenario") != ban_scenario ||
        text_of(*object, "type") != "ban" || text_of(*object, "duration").starts_with('-'))
        return std::nullopt;
    return IpNetwork::parse(text_of(*object, "value"));
}

/// CrowdSec has no decisions without an end.
std::string duration_of(const Rule& rule, Time now) {
    if (!rule.expires_at) return "87600h";
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(*rule.expires_at - now).count()) + "s";
}

}  // namespace

std::string write_ban(const IpNetwork& network, const Rule& rule, Time now) {
    const auto value = network.text();
    const std::string_view scope = network.is_host() ? "Ip" : "Range";
    auto decision = json::Writer()
                        .text("type", "ban")
                        .text("scope", scope)
                        .text("value", value)
                        .text("duration", duration_of(rule, now))
                        .text("origin", ban_scenario)
                        .text("scenario", ban_scenario)
                        .finish();
    auto source = json::Writer().text("scope", scope).text("value", value);
    if (network.is_host()) source.text("ip", value);
    auto alert =
        json::Writer()
            .text("scenario", ban_scenario)
            .text("scenario_hash", "")
            .text("scenario_version", "")
            .text("message", "blocked by " + rule.author + (rule.comment.empty() ? "" : ": ") + rule.comment)
            .number("events_count", 1)
            .time("start_at", now)
            .time("stop_at", now)
            .number("capacity", 0)
            .text("leakspeed", "0")
            .value("simulated", false)
            .value("events", boost::json::array())
            .value("source", source.finish())
            .value("decisions", boost::json::array{std::move(decision)})
            .finish();
    return json::serialize(boost::json::array{std::move(alert)});
}

std::string write_login(std::string_view machine, std::string_view password) {
    return json::serialize(json::Writer()
                               .text("machine_id", machine)
                               .text("password", password)
                               .value("scenarios", boost::json::array())
                               .finish());
}

Result<std::string> read_login(std::string_view body) {
    const auto answer = json::parse(body, "CrowdSec's answer");
    if (!answer) return tl::unexpected(answer.error());
    const auto token = answer->is_object() ? text_of(answer->get_object(), "token") : std::string_view();
    const bool is_clean =
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (token.empty() || token.size() > longest_token || !is_clean)
        return fail(ErrorCode::invalid, "CrowdSec's answer to the login has no token");
    return std::string(token);
}

Result<std::set<IpNetwork>> read_bans(std::string_view body) {
    const auto list = read_list(body);
    if (!list) return tl::unexpected(list.error());
    std::set<IpNetwork> bans;
    for (const auto& value : *list) {
        const auto* const alert = value.if_object();
        const auto* const decisions = alert == nullptr ? nullptr : alert->if_contains("decisions");
        if (decisions == nullptr || !decisions->is_array()) continue;
        for (const auto& one : decisions->get_array())
            if (const auto ban = ban_in(one)) bans.insert(*ban);
    }
    return bans;
}

Result<std::vector<Alert>> read_alerts(std::string_view body, const Reader& reader, Time now) {
    const auto list = read_list(body);
    if (!list) return tl::unexpected(list.error());
    std::vector<Alert> alerts;
    for (const auto& value : *list)
        if (auto alert = read_one(value, reader, now)) alerts.push_back(std::move(*alert));
    std::stable_sort(alerts.begin(), alerts.end(),
                     [](const Alert& one, const Alert& other) { return one.at < other.at; });
    return alerts;
}

}  // namespace garita::crowdsec
