// Whether devices hold what is wanted of them: what is still to be done and why, what others changed, and all
// of it anew.

#include <algorithm>
#include <map>

#include "adapters/rest_api/endpoint.hpp"
#include "enforce/rule_keeping.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

using enforce::ClassStatus;
using store::DeviceRule;

constexpr std::int64_t most_rows = 10'000;
constexpr std::size_t page = 10'000;

/// How packed bytes read; of rules that the configuration does not name (any more), as digits.
const RuleClass& class_of(const decide::RuleDoor& door, const store::RuleTarget& target) {
    static const RuleClass unknown("unknown", {ParamSpec{}}, ParamSpec{});
    const auto* const rules = door.find(target);
    return rules != nullptr ? *rules : unknown;
}

std::optional<std::string> text_of(const RuleClass& rules, const std::optional<RuleValue>& value) {
    return value ? std::optional(rules.value_text(*value)) : std::nullopt;
}

/// A wanted value that means "no entry" is none.
std::optional<RuleValue> entry_of(const RuleClass& rules, const std::optional<RuleValue>& value) {
    return value == rules.absent() ? std::nullopt : value;
}

struct Plan {
    struct Counts {
        std::int64_t add = 0;
        std::int64_t change = 0;
        std::int64_t remove = 0;
        std::int64_t nothing = 0;  ///< only to be recorded
        std::int64_t refused = 0;
    };
    std::map<std::string, Counts> classes;
    boost::json::array rows;
    std::int64_t differing = 0;
};

std::string_view verb_of(const std::optional<RuleValue>& is, const std::optional<RuleValue>& want) {
    if (is == want) return "nothing";
    return !is ? "add" : !want ? "remove" : "change";
}

void add_row(Plan& plan, const decide::RuleDoor& door, const DeviceRule& rule, std::size_t limit) {
    const auto& rules = class_of(door, rule.target);
    const auto verb = verb_of(entry_of(rules, rule.current), entry_of(rules, rule.want));
    auto& counts = plan.classes[rule.target.rules];
    ++(verb == "add"      ? counts.add
       : verb == "remove" ? counts.remove
       : verb == "change" ? counts.change
                          : counts.nothing);
    if (!rule.error.empty()) ++counts.refused;
    ++plan.differing;
    if (plan.rows.size() >= limit) return;
    plan.rows.push_back(json::Writer()
                            .text("rule", rule.target.rules)
                            .text("params", rules.params_text(rule.key))
                            .text("to_do", verb)
                            .text_or_null("current", text_of(rules, rule.current))
                            .text_or_null("value", text_of(rules, rule.want))
                            .text("why", rule.error.empty() ? std::string("not confirmed by the device yet")
                                                            : "refused: " + rule.error)
                            .time("since", rule.changed_at)
                            .text("by", rule.author)
                            .finish());
}

Body drift_rows(const RuleClass& rules, const ClassStatus& status) {
    boost::json::array rows;
    for (const auto& row : status.found)
        rows.push_back(json::Writer()
                           .text("params", rules.params_text(row.key))
                           .text_or_null("value", text_of(rules, row.should))
                           .text_or_null("was", text_of(rules, row.was))
                           .finish());
    return rows;
}

json::Writer to_json(const ClassStatus& status) {
    json::Writer out;
    out.text("rule", status.name)
        .number("entries", static_cast<std::int64_t>(status.entries))
        .number("foreign", static_cast<std::int64_t>(status.foreign))
        .number("to_repair", static_cast<std::int64_t>(status.to_repair))
        .number("repaired", static_cast<std::int64_t>(status.repaired))
        .number("rebuilds", static_cast<std::int64_t>(status.rebuilds))
        .time_if("read_at", status.audited_at)
        .text_if("trouble", status.trouble.empty() ? status.not_repaired : status.trouble);
    return out;
}

/// Which device, and which of its rules; empty: all of them.
Result<store::RuleTarget> target_of(const http::Request& request) {
    const auto document = json::parse(request.body, "the request");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    store::RuleTarget target;
    target.device = in.text_or("device", json::name_rule, "");
    target.rules = in.text_or("rule", json::name_rule, "");
    if (target.device.empty() && target.rules.empty()) in.refuse("device", "a device or a rule is wanted");
    return in.finish(std::move(target));
}

Result<Reply> plan_device(const ApiParts& parts, const http::Request& request) {
    const auto limit = query_number(request, "limit", 1000, most_rows);
    if (!limit) return tl::unexpected(limit.error());
    store::DeviceRuleQuery query;
    query.device = query_text(request, "device");
    if (query.device.empty()) return fail(ErrorCode::invalid, "query parameter 'device' is wanted");
    query.rules = query_text(request, "rule");
    query.which = store::DeviceRuleQuery::Which::different;
    query.limit = page;
    Plan plan;
    do {
        const auto rows = parts.device_rules->list(query);
        if (!rows) return tl::unexpected(rows.error());
        for (const auto& rule : rows->rules)
            add_row(plan, *parts.rule_door, rule, static_cast<std::size_t>(*limit));
        query.after = rows->next;
    } while (!query.after.empty());
    boost::json::array classes;
    for (const auto& device : parts.rule_keeping->status()) {
        if (device.device != query.device) continue;
        for (const auto& status : device.classes)
            if (query.rules.empty() || query.rules == status.name) {
                const auto counts = plan.classes[status.name];
                classes.push_back(to_json(status)
                                      .number("add", counts.add)
                                      .number("change", counts.change)
                                      .number("remove", counts.remove)
                                      .number("refused", counts.refused)
                                      .finish());
            }
    }
    return Reply{200, json::Writer()
                          .text("device", query.device)
                          .number("different", plan.differing)
                          .value("rules", std::move(classes))
                          .value("rows", std::move(plan.rows))
                          .finish()};
}

Result<Reply> find_drift(const ApiParts& parts, const http::Request& request) {
    const auto target = target_of(request);
    if (!target) return tl::unexpected(target.error());
    const auto found = parts.rule_keeping->audit(target->device, target->rules);
    if (!found) return tl::unexpected(found.error());
    boost::json::array classes;
    for (const auto& status : *found) {
        const auto& rules = class_of(*parts.rule_door, {target->device, status.name});
        classes.push_back(to_json(status)
                              .number("different", static_cast<std::int64_t>(status.differing))
                              .value("rows", drift_rows(rules, status))
                              .finish());
    }
    return Reply{200,
                 json::Writer().text("device", target->device).value("rules", std::move(classes)).finish()};
}

bool has_rules(const enforce::DeviceStatus& device, const store::RuleTarget& target) {
    if (!target.device.empty() && device.device != target.device) return false;
    return std::any_of(device.classes.begin(), device.classes.end(), [&](const auto& status) {
        return target.rules.empty() || status.name == target.rules;
    });
}

/// Of one device that cannot be rebuilt, or of all, the error is the answer; of some, it stands beside what
/// became of the others.
Result<Reply> rebuild_rules(const ApiParts& parts, const http::Request& request) {
    const auto target = target_of(request);
    if (!target) return tl::unexpected(target.error());
    boost::json::array devices;
    std::optional<Error> failed;
    bool any_done = false;
    for (const auto& device : parts.rule_keeping->status()) {
        if (!has_rules(device, *target)) continue;
        const auto done = parts.rule_keeping->rebuild(device.device, target->rules);
        json::Writer out;
        out.text("device", device.device);
        boost::json::array classes;
        if (done)
            for (const auto& status : *done)
                classes.push_back(to_json(status).finish());
        else
            out.text("error", done.error().text);
        any_done = any_done || done.has_value();
        if (!done && !failed) failed = done.error();
        devices.push_back(out.value("rules", std::move(classes)).finish());
    }
    if (devices.empty())
        return fail(ErrorCode::not_found, "the hub keeps no rules '" + target->rules + "' on " +
                                              (target->device.empty() ? "any device" : target->device));
    if (!any_done) return tl::unexpected(*failed);
    return Reply{200, json::Writer().value("devices", std::move(devices)).finish()};
}

Result<Reply> forget_left(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    const auto target = target_of(request);
    if (!target) return tl::unexpected(target.error());
    if (target->device.empty()) return fail(ErrorCode::invalid, "device: which one is wanted");
    const auto forgotten = parts.rule_keeping->forget(target->device, target->rules, caller.actor);
    if (!forgotten) return tl::unexpected(forgotten.error());
    return Reply{200, json::Writer().value("forgotten", json::to_json(*forgotten)).finish()};
}

}  // namespace

void add_rule_keeping_routes(http::Router& router, const ApiParts& parts) {
    if (parts.device_rules == nullptr || parts.rule_door == nullptr || parts.rule_keeping == nullptr) return;
    router.add(
        http::Method::get, "/api/v1/devices/rules/plan",
        guarded(parts.callers, Scope::rules_read, [parts](const http::Request& request, const Caller&) {
            return plan_device(parts, request);
        }));
    router.add(
        http::Method::post, "/api/v1/devices/rules/drift",
        guarded(parts.callers, Scope::rules_read,
                [parts](const http::Request& request, const Caller&) { return find_drift(parts, request); }));
    router.add(
        http::Method::post, "/api/v1/devices/rules/rebuild",
        guarded(parts.callers, Scope::rules_write, [parts](const http::Request& request, const Caller&) {
            return rebuild_rules(parts, request);
        }));
    router.add(http::Method::post, "/api/v1/devices/rules/forget",
               guarded(parts.callers, Scope::rules_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return forget_left(parts, request, caller);
                       }));
}

}  // namespace garita::rest_api
