#pragma once
// What all endpoints share: who calls, with which scope, and errors as problem documents.

#include <charconv>
#include <functional>

#include <boost/json/value.hpp>

#include "adapters/rest_api/api.hpp"
#include "runtime/json/text.hpp"

namespace garita::rest_api {

namespace http = runtime::http;
namespace json = runtime::json;

using Body = boost::json::value;

/// An endpoint's answer: a status with a JSON body, or an error.
struct Reply {
    int status = 200;
    Body body;
    std::optional<http::Response> instead = std::nullopt;  ///< sent as it is
};
using Endpoint = std::function<Result<Reply>(const http::Request&, const Caller&)>;

[[nodiscard]] http::Response problem_for(const Error& error);

/// Wraps an endpoint: 401 without identity, 403 without the scope, errors by their code.
[[nodiscard]] http::RequestHandler guarded(const CallerDirectory& callers, Scope scope, Endpoint endpoint);

/// A positive number of the query, or `otherwise`; `invalid` where it is not one or above `max`.
[[nodiscard]] Result<std::int64_t> query_number(const http::Request& request, std::string_view name,
                                                std::int64_t otherwise, std::int64_t max);
/// An ISO 8601 time of the query; `invalid` where it is none.
[[nodiscard]] Result<std::optional<Time>> query_time(const http::Request& request, std::string_view name);
/// 429 where this caller sends more alerts than `alert_rate` lets through.
[[nodiscard]] std::optional<Reply> too_fast(const ApiParts& parts, const Caller& caller, std::size_t count,
                                            Time now);
[[nodiscard]] std::string query_text(const http::Request& request, std::string_view name);

void add_case_routes(http::Router& router, const ApiParts& parts);
void add_alert_routes(http::Router& router, const ApiParts& parts);
void add_policy_routes(http::Router& router, const ApiParts& parts);
void add_port_routes(http::Router& router, const ApiParts& parts);
void add_scan_routes(http::Router& router, const ApiParts& parts);
void add_rule_routes(http::Router& router, const ApiParts& parts);
void add_device_rule_routes(http::Router& router, const ApiParts& parts);
void add_rule_keeping_routes(http::Router& router, const ApiParts& parts);
void add_agent_routes(http::Router& router, const ApiParts& parts);
void add_status_routes(http::Router& router, const ApiParts& parts);
void add_audit_routes(http::Router& router, const ApiParts& parts);
void add_access_routes(http::Router& router, const ApiParts& parts);

}  // namespace garita::rest_api
