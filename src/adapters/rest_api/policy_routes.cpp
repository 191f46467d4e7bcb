// Policies: how they stand, letting a suspended one act again, taking back what one did.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

Body body_of(const decide::PolicyState& state, std::int64_t number) {
    json::Writer out;
    out.number("number", number)
        .text("name", state.name)
        .text("mode", to_text(state.policy.mode))
        .text_if("kind", state.policy.kind)
        .text_if("device", state.policy.device)
        .number("approvals", state.policy.approvals)
        .number("done_lately", static_cast<std::int64_t>(state.done_lately));
    if (state.policy.response) out.text("response", to_text(*state.policy.response));
    if (state.policy.cap)
        out.number("at_most", static_cast<std::int64_t>(state.policy.cap->at_most))
            .seconds("per_seconds", state.policy.cap->per);
    if (state.suspended)
        out.time("suspended_since", state.suspended->since).id_if("case_id", state.suspended->case_id);
    return out.finish();
}

Result<Reply> list_policies(const ApiParts& parts) {
    const auto states = parts.policy_desk.list(parts.clock());
    if (!states) return tl::unexpected(states.error());
    boost::json::array list;
    for (const auto& state : *states)
        list.push_back(body_of(state, static_cast<std::int64_t>(list.size()) + 1));
    return Reply{200, json::Writer().value("policies", std::move(list)).finish()};
}

Result<Reply> resume_policy(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    const auto document = json::parse(request.body, "the policy");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    const auto named = in.text("policy", json::subject_rule);
    const auto fine = in.finish(0);
    if (!fine) return tl::unexpected(fine.error());
    const auto resumed = parts.policy_desk.resume(named, caller.actor, parts.clock());
    if (!resumed) return tl::unexpected(resumed.error());
    return Reply{200, json::Writer().text("policy", *resumed).finish()};
}

Result<decide::UndoOrder> undo_order_of(const http::Request& request, const Caller& caller, Time now) {
    const auto document = json::parse(request.body, "what is to be undone");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    decide::UndoOrder order;
    order.policy = in.text("policy", json::subject_rule);
    const auto ago = in.optional_seconds("last");
    const auto since = in.optional_time("since");
    if (ago.has_value() == since.has_value())
        in.refuse("since", "either `since`, a time, or `last`, a number of seconds, is wanted");
    order.since = since ? *since : now - ago.value_or(Duration{});
    if (in.flag_or("dry_run", false)) order.how = decide::UndoOrder::How::count_only;
    order.by = caller.actor;
    return in.finish(std::move(order));
}

Result<Reply> undo(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    const auto now = parts.clock();
    const auto order = undo_order_of(request, caller, now);
    if (!order) return tl::unexpected(order.error());
    const auto outcome = parts.policy_desk.undo(*order, now);
    if (!outcome) return tl::unexpected(outcome.error());
    const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
    return Reply{200, json::Writer()
                          .text("policy", outcome->policy)
                          .time("since", order->since)
                          .value("dry_run", order->how == decide::UndoOrder::How::count_only)
                          .number("decisions", count(outcome->decisions))
                          .number("unset", count(outcome->unset))
                          .number("kept", count(outcome->kept_for_people))
                          .number("over", count(outcome->over))
                          .number("other_effects", count(outcome->other_effects))
                          .finish()};
}

}  // namespace

void add_policy_routes(http::Router& router, const ApiParts& parts) {
    router.add(http::Method::get, "/api/v1/policies",
               guarded(parts.callers, Scope::status_read,
                       [parts](const http::Request&, const Caller&) { return list_policies(parts); }));
    router.add(http::Method::post, "/api/v1/policies/resume",
               guarded(parts.callers, Scope::decisions_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return resume_policy(parts, request, caller);
                       }));
    router.add(http::Method::post, "/api/v1/undo",
               guarded(parts.callers, Scope::rules_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return undo(parts, request, caller);
                       }));
}

}  // namespace garita::rest_api
