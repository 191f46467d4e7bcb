// Scans from an agent: an order, how far it is, and its end. What is asked and told is the desk's to read.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/writer.hpp"
#include "scan/vantage_desk.hpp"

namespace garita::rest_api {
namespace {

constexpr std::size_t body_limit = 4 * 1024 * 1024;

Result<std::string> name_of(const http::Request& request, std::string_view what) {
    std::string name(request.parameters.find(what).value_or(""));
    if (name.empty() || name.size() > 128) return fail(ErrorCode::invalid, "no such " + std::string(what));
    return name;
}

Result<Reply> tell_ready(const ApiParts& parts, const http::Request& request) {
    const auto agent = name_of(request, "name");
    if (!agent) return tl::unexpected(agent.error());
    if (const auto ready = parts.vantages->ready(*agent); !ready) return tl::unexpected(ready.error());
    return Reply{200, json::Writer().text("agent", *agent).finish()};
}

Result<Reply> order(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    const auto agent = name_of(request, "name");
    if (!agent) return tl::unexpected(agent.error());
    const auto id = parts.vantages->order(*agent, request.body, caller.actor,
                                          caller.from ? caller.from->text() : std::string());
    if (!id) return tl::unexpected(id.error());
    return Reply{201, json::Writer().text("id", *id).finish()};
}

Result<Reply> tell_news(const ApiParts& parts, const http::Request& request) {
    const auto id = name_of(request, "id");
    if (!id) return tl::unexpected(id.error());
    auto news = parts.vantages->news(*id);
    if (!news) return tl::unexpected(news.error());
    return Reply{200, {}, http::json_response(200, std::move(*news))};
}

Result<Reply> stop(const ApiParts& parts, const http::Request& request) {
    const auto id = name_of(request, "id");
    if (!id) return tl::unexpected(id.error());
    if (const auto done = parts.vantages->stop(*id); !done) return tl::unexpected(done.error());
    return Reply{200, json::Writer().text("id", *id).finish()};
}

}  // namespace

void add_scan_routes(http::Router& router, const ApiParts& parts) {
    if (parts.vantages == nullptr) return;
    constexpr auto scope = Scope::decisions_write;
    router.add(http::Method::get, "/api/v1/agents/{name}/scans",
               guarded(parts.callers, scope, [parts](const http::Request& request, const Caller&) {
                   return tell_ready(parts, request);
               }));
    router.add(http::Method::post, "/api/v1/agents/{name}/scans",
               guarded(parts.callers, scope,
                       [parts](const http::Request& request, const Caller& caller) {
                           return order(parts, request, caller);
                       }),
               body_limit);
    router.add(http::Method::get, "/api/v1/scans/{id}",
               guarded(parts.callers, scope, [parts](const http::Request& request, const Caller&) {
                   return tell_news(parts, request);
               }));
    router.add(http::Method::post, "/api/v1/scans/{id}/stop",
               guarded(parts.callers, scope, [parts](const http::Request& request, const Caller&) {
                   return stop(parts, request);
               }));
}

}  // namespace garita::rest_api
