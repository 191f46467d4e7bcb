// Agents: who they are, codes for new ones, and shutting one out. Only administrators at the hub's own
// machine let in or shut out.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

constexpr Duration usual_validity = std::chrono::minutes(15);
constexpr std::size_t body_limit = 4096;

Body to_json(const decide::AgentStanding& agent, Time now) {
    json::Writer out;
    out.text("name", agent.device.name)
        .text_if("version", agent.device.version)
        .time_if("last_seen", agent.device.last_seen)
        .time_if("revoked_at", agent.device.revoked_at)
        .time_if("code_until", agent.code_until);
    if (agent.certificate)
        out.value("certificate", json::Writer()
                                     .text("serial", agent.certificate->serial)
                                     .text("key", agent.certificate->key)
                                     .time("issued_at", agent.certificate->issued_at)
                                     .time("expires_at", agent.certificate->expires_at)
                                     .time_if("first_used_at", agent.certificate->first_used_at)
                                     .time_if("revoked_at", agent.certificate->revoked_at)
                                     .text_if("revoked_because", agent.certificate->revoked_because)
                                     .finish());
    const auto state = agent.device.revoked_at                                      ? "revoked"
                       : !agent.certificate                                         ? "not enrolled"
                       : agent.certificate->revoked_at                              ? "revoked"
                       : now >= agent.certificate->expires_at                       ? "expired"
                       : agent.device.last_seen && agent.certificate->first_used_at ? "enrolled"
                                                                                    : "not seen yet";
    return out.text("state", state).finish();
}

Result<Reply> list_agents(const ApiParts& parts) {
    const Time now = parts.clock();
    const auto all = parts.admission.standings(now);
    if (!all) return tl::unexpected(all.error());
    boost::json::array agents;
    for (const auto& one : *all)
        agents.push_back(to_json(one, now));
    return Reply{200, json::Writer().time("now", now).value("agents", std::move(agents)).finish()};
}

/// Codes and revocations are for whoever sits at the hub: no token reaches them.
Result<void> at_the_hub(const http::Request& request) {
    if (request.peer.kind == http::PeerKind::unix_socket) return {};
    return fail(ErrorCode::forbidden, "agents are let in and shut out over the hub's local socket only");
}

Result<Reply> make_code(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    if (const auto local = at_the_hub(request); !local) return tl::unexpected(local.error());
    const auto document = json::parse(request.body, "body", body_limit);
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    const auto name = in.text("name", json::name_rule);
    const auto valid = in.seconds_or("valid", usual_validity);
    if (const auto read = in.finish(0); !read) return tl::unexpected(read.error());
    const auto offer = parts.admission.offer(name, valid, caller.actor, parts.clock());
    if (!offer) return tl::unexpected(offer.error());
    return Reply{201,
                 json::Writer()
                     .text("name", offer->device)
                     .text("code", offer->code)
                     .time("expires_at", offer->expires_at)
                     .text("hub", offer->hub)
                     .text("command", "garita-agent enroll --hub " + offer->hub + " --code " + offer->code)
                     .finish()};
}

Result<Reply> revoke(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    if (const auto local = at_the_hub(request); !local) return tl::unexpected(local.error());
    const std::string name(request.parameters.find("name").value_or(""));
    const auto now = parts.clock();
    if (const auto done = parts.admission.revoke(name, caller.actor, now); !done)
        return tl::unexpected(done.error());
    return Reply{200, json::Writer().text("name", name).time("revoked_at", now).finish()};
}

}  // namespace

void add_agent_routes(http::Router& router, const ApiParts& parts) {
    router.add(http::Method::get, "/api/v1/agents",
               guarded(parts.callers, Scope::status_read,
                       [parts](const http::Request&, const Caller&) { return list_agents(parts); }));
    router.add(http::Method::post, "/api/v1/agents/codes",
               guarded(parts.callers, Scope::agents_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return make_code(parts, request, caller);
                       }),
               body_limit);
    router.add(http::Method::post, "/api/v1/agents/{name}/revoke",
               guarded(parts.callers, Scope::agents_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return revoke(parts, request, caller);
                       }),
               body_limit);
}

}  // namespace garita::rest_api
