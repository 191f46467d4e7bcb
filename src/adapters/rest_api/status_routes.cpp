// How the system is, what it has done, and what this API offers.

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

extern "C" const char garita_openapi_begin[];  // NOLINT: symbols of the assembler file
extern "C" const char garita_openapi_end[];    // NOLINT

namespace garita::rest_api {
namespace {

Result<Reply> status(const ApiParts& parts) {
    Body counts;
    Body devices;
    boost::json::array suspended;
    const auto seen = parts.store.read([&](store::View& view) -> Result<void> {
        counts = json::to_json(view.counts());
        devices = json::to_json_list(view.devices());
        suspended.clear();
        for (const auto& one : decide::suspensions(view))
            suspended.push_back(json::Writer()
                                    .text("policy", one.policy)
                                    .time("since", one.since)
                                    .id_if("case_id", one.case_id)
                                    .finish());
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, json::Writer()
                          .time("now", parts.clock())
                          .value("hub", parts.hub_status())
                          .value("counts", std::move(counts))
                          .value("devices", std::move(devices))
                          .value("suspended_policies", std::move(suspended))
                          .finish()};
}

}  // namespace

std::string_view openapi_document() {
    return {garita_openapi_begin, static_cast<std::size_t>(garita_openapi_end - garita_openapi_begin)};
}

void add_status_routes(http::Router& router, const ApiParts& parts) {
    router.add(http::Method::get, "/api/v1/status",
               guarded(parts.callers, Scope::status_read,
                       [parts](const http::Request&, const Caller&) { return status(parts); }));
    // The document is no secret: it is the same in every Garita.
    router.add(http::Method::get, "/api/v1/openapi.json", [](const http::Request&) -> http::Answer {
        return http::json_response(200, std::string(openapi_document()));
    });
}

void add_api(http::Router& router, const ApiParts& parts) {
    add_case_routes(router, parts);
    add_alert_routes(router, parts);
    add_rule_routes(router, parts);
    add_device_rule_routes(router, parts);
    add_rule_keeping_routes(router, parts);
    add_policy_routes(router, parts);
    add_port_routes(router, parts);
    add_scan_routes(router, parts);
    add_agent_routes(router, parts);
    add_status_routes(router, parts);
    add_audit_routes(router, parts);
    add_access_routes(router, parts);
}

}  // namespace garita::rest_api
