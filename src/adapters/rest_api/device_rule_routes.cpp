// Rules of configured classes: a million of them wanted by billing, listed page by page, with their history.

#include <algorithm>

#include "adapters/rest_api/device_rule_input.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

constexpr std::int64_t most_listed = 10'000;
constexpr std::size_t body_limit = 16 * 1024 * 1024;
constexpr std::size_t refusals_in_text = 3;

using Refusals = std::vector<DeviceRuleInput::Broken>;

/// Of both kinds, in the order of the producer's rows.
Refusals refusals_of(const DeviceRuleInput& input,
                     const std::vector<decide::RuleOrderOutcome::Refusal>& refused) {
    Refusals all = input.broken;
    for (const auto& refusal : refused)
        all.push_back({input.numbers[refusal.row], refusal.why});
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.number < b.number; });
    return all;
}

Body to_json(const Refusals& refusals) {
    boost::json::array list;
    list.reserve(refusals.size());
    for (const auto& one : refusals)
        list.push_back(json::Writer().number("row", one.number).text("error", one.why).finish());
    return list;
}

/// Nothing was changed: a problem document that names every row.
Reply nothing_done(const Refusals& refusals, std::size_t rows) {
    std::string detail = std::to_string(refusals.size()) + " of " + std::to_string(rows) +
                         " rows are refused, nothing was changed:";
    for (std::size_t i = 0; i < std::min(refusals.size(), refusals_in_text); ++i)
        detail += " row " + std::to_string(refusals[i].number) + ": " + refusals[i].why + ";";
    detail += refusals.size() > refusals_in_text ? " and more in `refused`" : "";
    auto document = json::Writer()
                        .text("type", "about:blank")
                        .text("title", http::reason_phrase(422))
                        .number("status", 422)
                        .text("detail", detail)
                        .value("refused", to_json(refusals))
                        .finish();
    auto response = http::json_response(422, json::serialize(document));
    response.content_type = "application/problem+json";
    return {422, {}, std::move(response)};
}

Result<Reply> change_device_rules(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    DeviceRuleInput input;
    if (const auto read = read_device_rules(request, input); !read) return tl::unexpected(read.error());
    auto& order = input.order;
    order.by = caller.actor;
    const bool check = order.mode == decide::RuleOrder::Mode::check_only;
    const bool all_or_nothing = order.others == decide::RuleOrder::Others::left_alone;
    if (!input.broken.empty() && all_or_nothing) order.mode = decide::RuleOrder::Mode::check_only;
    const auto outcome = parts.rule_door->carry_out(order, parts.clock());
    if (!outcome) return tl::unexpected(outcome.error());
    const auto refusals = refusals_of(input, outcome->refused);
    if (!refusals.empty() && all_or_nothing)
        return nothing_done(refusals, order.rows.size() + input.broken.size());
    json::Writer out;
    out.number("changed", outcome->changes.changed)
        .number("unchanged", outcome->changes.unchanged)
        .value("refused", to_json(refusals));
    if (check) out.value("checked_only", true);
    if (outcome->changes.repeated == store::ChangesOutcome::Repeated::yes) out.value("repeated", true);
    return Reply{200, out.finish()};
}

std::string params_text(const decide::RuleDoor& door, const store::RuleTarget& target, const RuleKey& key) {
    static const RuleClass unknown("unknown", {ParamSpec{}}, ParamSpec{});
    const auto* const rules = door.find(target);
    return (rules != nullptr ? *rules : unknown).params_text(key);
}

std::optional<std::string> value_text(const decide::RuleDoor& door, const store::RuleTarget& target,
                                      const std::optional<RuleValue>& value) {
    static const RuleClass unknown("unknown", {ParamSpec{}}, ParamSpec{});
    if (!value) return std::nullopt;
    const auto* const rules = door.find(target);
    return (rules != nullptr ? *rules : unknown).value_text(*value);
}

Body to_json(const decide::RuleDoor& door, const store::DeviceRule& rule) {
    json::Writer out;
    out.text("device", rule.target.device)
        .text("rule", rule.target.rules)
        .text("params", params_text(door, rule.target, rule.key))
        .text_or_null("value", value_text(door, rule.target, rule.want))
        .text_or_null("current", value_text(door, rule.target, rule.current))
        .time("since", rule.changed_at)
        .time_if("expires", rule.expires_at)
        .text("by", rule.author)
        .text_if("comment", rule.comment)
        .text_if("error", rule.error);
    if (rule.attempts > 0) out.number("attempts", rule.attempts);
    return out.finish();
}

/// The parameters of the query, which only the rule's name makes readable.
Result<std::optional<RuleKey>> query_key(const decide::RuleDoor& door, const http::Request& request) {
    const auto params = query_text(request, "params");
    if (params.empty()) return std::optional<RuleKey>();
    const auto* const rules = door.find(query_text(request, "rule"));
    if (rules == nullptr)
        return fail(ErrorCode::invalid, "`params` needs `rule`, the name of rules that a device has");
    const auto key = rules->read_params(params);
    if (!key) return tl::unexpected(key.error());
    return std::optional(*key);
}

Result<store::DeviceRuleQuery> query_of(const decide::RuleDoor& door, const http::Request& request) {
    store::DeviceRuleQuery query;
    query.device = query_text(request, "device");
    query.rules = query_text(request, "rule");
    query.after = query_text(request, "after");
    const auto key = query_key(door, request);
    if (!key) return tl::unexpected(key.error());
    query.key = *key;
    const auto limit = query_number(request, "limit", 1000, most_listed);
    if (!limit) return tl::unexpected(limit.error());
    query.limit = static_cast<std::size_t>(*limit);
    const auto state = query_text(request, "state");
    using Which = store::DeviceRuleQuery::Which;
    if (state == "different")
        query.which = Which::different;
    else if (state == "refused")
        query.which = Which::refused;
    else if (!state.empty())
        return fail(ErrorCode::invalid, "query parameter 'state' must be different or refused");
    return query;
}

Result<Reply> list_device_rules(const ApiParts& parts, const http::Request& request) {
    const auto query = query_of(*parts.rule_door, request);
    if (!query) return tl::unexpected(query.error());
    const auto page = parts.device_rules->list(*query);
    if (!page) return tl::unexpected(page.error());
    boost::json::array rules;
    rules.reserve(page->rules.size());
    for (const auto& rule : page->rules)
        rules.push_back(to_json(*parts.rule_door, rule));
    return Reply{200, json::Writer().value("rules", std::move(rules)).text_if("next", page->next).finish()};
}

Result<Reply> list_versions(const ApiParts& parts, const store::RuleTarget& target, const RuleKey& key,
                            std::size_t limit) {
    const auto versions = parts.device_rules->versions(target, key, limit);
    if (!versions) return tl::unexpected(versions.error());
    boost::json::array list;
    for (const auto& one : *versions)
        list.push_back(json::Writer()
                           .text_or_null("value", value_text(*parts.rule_door, target, one.want))
                           .time("since", one.since)
                           .text("by", one.author)
                           .text_if("comment", one.comment)
                           .finish());
    return Reply{200, json::Writer().value("versions", std::move(list)).finish()};
}

Result<Reply> rule_history(const ApiParts& parts, const http::Request& request) {
    const auto limit = query_number(request, "limit", 100, most_listed);
    if (!limit) return tl::unexpected(limit.error());
    const auto before = query_number(request, "before", 0, std::numeric_limits<std::int64_t>::max());
    if (!before) return tl::unexpected(before.error());
    const auto key = query_key(*parts.rule_door, request);
    if (!key) return tl::unexpected(key.error());
    const store::RuleTarget target{query_text(request, "device"), query_text(request, "rule")};
    const auto count = static_cast<std::size_t>(*limit);
    if (*key) {
        if (target.device.empty())
            return fail(ErrorCode::invalid, "the history of one rule needs `device` too");
        return list_versions(parts, target, **key, count);
    }
    const auto entries = parts.device_rules->changes(*before, count);
    if (!entries) return tl::unexpected(entries.error());
    boost::json::array list;
    for (const auto& one : *entries)
        list.push_back(json::Writer()
                           .number("id", one.id)
                           .time("at", one.at)
                           .text("by", one.author)
                           .text("what", one.what)
                           .number("changed", one.changed)
                           .text_if("comment", one.comment)
                           .finish());
    return Reply{200, json::Writer().value("changes", std::move(list)).finish()};
}

Result<Reply> rule_counts(const ApiParts& parts) {
    const auto counts = parts.device_rules->counts();
    if (!counts) return tl::unexpected(counts.error());
    boost::json::array list;
    for (const auto& one : *counts)
        list.push_back(json::Writer()
                           .text("device", one.target.device)
                           .text("rule", one.target.rules)
                           .number("wanted", one.wanted)
                           .number("pending", one.pending)
                           .number("refused", one.refused)
                           .finish());
    return Reply{200, json::Writer().value("counts", std::move(list)).finish()};
}

}  // namespace

void add_device_rule_routes(http::Router& router, const ApiParts& parts) {
    if (parts.device_rules == nullptr || parts.rule_door == nullptr) return;
    const auto add = [&](http::Method method, std::string_view path, Scope scope, const Endpoint& endpoint) {
        const auto limit = method == http::Method::post ? std::optional(body_limit) : std::nullopt;
        router.add(method, "/api/v1/devices/rules" + std::string(path),
                   guarded(parts.callers, scope, endpoint), limit);
    };
    add(http::Method::post, "", Scope::rules_write,
        [parts](const http::Request& request, const Caller& caller) {
            return change_device_rules(parts, request, caller);
        });
    add(http::Method::get, "", Scope::rules_read,
        [parts](const http::Request& request, const Caller&) { return list_device_rules(parts, request); });
    add(http::Method::get, "/history", Scope::rules_read,
        [parts](const http::Request& request, const Caller&) { return rule_history(parts, request); });
    add(http::Method::get, "/counts", Scope::rules_read,
        [parts](const http::Request&, const Caller&) { return rule_counts(parts); });
}

}  // namespace garita::rest_api
