// Rules: what is in force, and blocks set and taken back by hand or by a program, one or a hundred thousand.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

constexpr std::int64_t most_rules = 10'000;
constexpr std::size_t most_networks = 200'000;
constexpr std::size_t most_devices = 10'000;
constexpr std::size_t body_limit = 16 * 1024 * 1024;

Result<Reply> list_rules(store::Store& store, const http::Request& request) {
    store::RuleQuery query;
    query.device = query_text(request, "device");
    query.name = query_text(request, "name");
    query.params = query_text(request, "params");
    const auto after = query_number(request, "after", 0, std::numeric_limits<std::int64_t>::max());
    const auto limit = query_number(request, "limit", 100, most_rules);
    if (!after) return tl::unexpected(after.error());
    if (!limit) return tl::unexpected(limit.error());
    if (*after > 0) query.after = RuleId{*after};
    query.limit = static_cast<std::size_t>(*limit);
    Body rules;
    const auto seen = store.read([&](store::View& view) -> Result<void> {
        rules = json::to_json_list(view.rules(query));
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, json::Writer().value("rules", std::move(rules)).finish()};
}

Result<decide::BlockOrder> order_of(const http::Request& request, const Caller& caller,
                                    decide::BlockOrder::Verb verb) {
    const auto document = json::parse(request.body, "the rules");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    decide::BlockOrder order;
    order.verb = verb;
    if (const auto name = in.text_or("name", json::name_rule, block_rule); name != block_rule)
        in.refuse("name",
                  "'" + name + "' is not a rule that devices have; there is: " + std::string(block_rule));
    order.networks = in.texts("networks", json::line_rule, most_networks);
    order.devices = in.texts("devices", json::name_rule, most_devices);
    if (verb == decide::BlockOrder::Verb::set) {
        order.lasts = in.optional_span("for");
        if (in.flag_or("until_unset", false)) order.end = decide::BlockOrder::End::until_unset;
    }
    order.comment = in.text_or("comment", json::text_rule, "");
    if (order.networks.empty()) in.refuse("networks", "at least one address or network is wanted");
    order.by = caller.actor;
    order.code = in.text_or("totp", json::TextRule{16, json::TextRule::Content::line}, "");
    order.from = caller.from;
    return in.finish(std::move(order));
}

Result<Reply> change_rules(const ApiParts& parts, const http::Request& request, const Caller& caller,
                           decide::BlockOrder::Verb verb) {
    const auto order = order_of(request, caller, verb);
    if (!order) return tl::unexpected(order.error());
    const auto outcome = parts.rule_desk.carry_out(*order, parts.clock());
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->code == decide::BlockOutcome::Code::wanted)
        return Reply{409, json::Writer().text("outcome", "code_wanted").finish()};
    if (order->networks.size() == 1 && outcome->refused.size() == 1)
        return tl::unexpected(outcome->refused[0].error);
    boost::json::array refused;
    for (const auto& refusal : outcome->refused)
        refused.push_back(json::Writer()
                              .number("row", static_cast<std::int64_t>(refusal.row))
                              .text("network", order->networks[refusal.row])
                              .text("error", refusal.error.text)
                              .finish());
    json::Writer out;
    out.number("changed", static_cast<std::int64_t>(outcome->changed))
        .number("unchanged", static_cast<std::int64_t>(outcome->unchanged))
        .value("refused", std::move(refused));
    if (outcome->to_confirm) out.number("confirm_case", outcome->to_confirm->value);
    return Reply{200, out.finish()};
}

}  // namespace

void add_rule_routes(http::Router& router, const ApiParts& parts) {
    auto& store = parts.store;
    router.add(
        http::Method::get, "/api/v1/rules",
        guarded(parts.callers, Scope::rules_read, [&store](const http::Request& request, const Caller&) {
            return list_rules(store, request);
        }));
    using Verb = decide::BlockOrder::Verb;
    const auto changing = [&parts](Verb verb) {
        return guarded(parts.callers, Scope::rules_write,
                       [parts, verb](const http::Request& request, const Caller& caller) {
                           return change_rules(parts, request, caller, verb);
                       });
    };
    router.add(http::Method::post, "/api/v1/rules", changing(Verb::set), body_limit);
    router.add(http::Method::post, "/api/v1/rules/unset", changing(Verb::unset), body_limit);
}

}  // namespace garita::rest_api
