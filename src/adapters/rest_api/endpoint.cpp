#include "adapters/rest_api/endpoint.hpp"

namespace garita::rest_api {

http::Response problem_for(const Error& error) {
    const auto status = [&] {
        switch (error.code) {
            case ErrorCode::invalid:
                return 422;
            case ErrorCode::not_found:
                return 404;
            case ErrorCode::conflict:
                return 409;
            case ErrorCode::forbidden:
                return 403;
            case ErrorCode::unavailable:
                return 503;
            case ErrorCode::full:
                return 507;
            case ErrorCode::io:
                return 500;
        }
        return 500;
    }();
    return http::problem(status, http::reason_phrase(status), error.text);
}

http::RequestHandler guarded(const CallerDirectory& callers, Scope scope, Endpoint endpoint) {
    return [&callers, scope, endpoint = std::move(endpoint)](const http::Request& request) -> http::Answer {
        const auto caller = callers.identify(request);
        if (!caller) {
            auto refusal = http::problem(401, "Unauthorized", caller.error().text);
            refusal.headers.add("WWW-Authenticate", "Bearer");
            return refusal;
        }
        if (!caller->scopes.contains(scope))
            return http::problem(403, "Forbidden",
                                 caller->actor.text() + " lacks the scope " + std::string(to_text(scope)));
        const auto reply = endpoint(request, *caller);
        if (!reply) return problem_for(reply.error());
        if (reply->instead) return *reply->instead;
        return http::json_response(reply->status, json::serialize(reply->body));
    };
}

Result<std::int64_t> query_number(const http::Request& request, std::string_view name, std::int64_t otherwise,
                                  std::int64_t max) {
    const auto text = request.query.find(name);
    if (!text) return otherwise;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number < 0 || number > max)
        return fail(ErrorCode::invalid, "query parameter '" + std::string(name) +
                                            "' must be a number from 0 to " + std::to_string(max));
    return number;
}

Result<std::optional<Time>> query_time(const http::Request& request, std::string_view name) {
    const auto text = request.query.find(name);
    if (!text) return std::optional<Time>();
    const auto time = json::parse_iso8601(*text);
    if (!time)
        return fail(ErrorCode::invalid, "query parameter '" + std::string(name) +
                                            "' must be a time such as 2026-11-22T06:08:25Z");
    return time;
}

std::optional<Reply> too_fast(const ApiParts& parts, const Caller& caller, std::size_t count, Time now) {
    if (parts.alert_rate == nullptr) return std::nullopt;
    const auto wait = parts.alert_rate->take(caller.account, count, now);
    if (!wait) return std::nullopt;
    return Reply{
        429,
        {},
        http::too_many("more than " + std::to_string(parts.alert_rate->per_second()) +
                           " alerts a second came from '" + caller.account +
                           "' (limits.alerts_per_second); nothing of this request is stored, send it "
                           "again in " +
                           std::to_string(wait->count()) + " s",
                       *wait)};
}

std::string query_text(const http::Request& request, std::string_view name) {
    return std::string(request.query.find(name).value_or(""));
}

}  // namespace garita::rest_api
