#include "adapters/hub_link/agent_routes.hpp"

#include <algorithm>

#include "adapters/hub_link/agent_refusal.hpp"
#include "adapters/hub_link/enrolment_protocol.hpp"
#include "adapters/hub_link/store_identity.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
namespace {

constexpr std::size_t alerts_body_limit = 4 * 1024 * 1024;
constexpr std::size_t sync_body_limit = 4 * 1024 * 1024;
constexpr std::size_t rules_body_limit = 8 * 1024 * 1024;
constexpr std::size_t scans_body_limit = 16 * 1024 * 1024;
constexpr std::size_t enrolment_body_limit = 64 * 1024;

/// Of enrolment and renewal, where `full` means "too often".
http::Response enrolment_refusal(const Error& error) {
    if (error.code != ErrorCode::full) return refusal(error);
    auto answer = http::problem(429, "Too Many Requests", error.text);
    answer.headers.add("Retry-After", "60");
    return answer;
}

}  // namespace

std::string agent_topic(std::string_view device) {
    return "agent " + std::string(device);
}

AgentRoutes::AgentRoutes(const World& world, AgentRoutesOptions options)
    : store_(world.store),
      settlement_(world.settlement),
      registry_(world.registry),
      orders_(world.orders),
      options_(std::move(options)) {}

void AgentRoutes::add_to(http::Router& router) {
    add(router, alerts_path, alerts_body_limit, &AgentRoutes::take_alerts);
    add(router, sync_path, sync_body_limit, &AgentRoutes::sync);
    if (options_.classes != nullptr) add(router, rules_path, rules_body_limit, &AgentRoutes::rules);
    if (options_.scans != nullptr) add(router, scans_path, scans_body_limit, &AgentRoutes::scans);
    add(router, certificate_path, enrolment_body_limit, &AgentRoutes::renew);
    router.add(
        http::Method::post, std::string(enrol_path),
        [this](const http::Request& request) { return enrol(request); }, enrolment_body_limit);
}

void AgentRoutes::add(http::Router& router, std::string_view path, std::size_t body_limit, Serve serve) {
    const auto guarded = [this, path, serve](const http::Request& request) -> http::Answer {
        const auto asking = authenticate(request);
        if (!asking) return refusal(asking.error());
        auto answer = (this->*serve)(asking->device, request);
        if (auto* const response = std::get_if<http::Response>(&answer);
            response != nullptr && response->status == 200)
            response->headers.add(std::string(signature_header),
                                  sign_answer(orders_, {asking->device, path, asking->nonce}, response->body,
                                              options_.clock()));
        return answer;
    };
    router.add(http::Method::post, std::string(path), guarded, body_limit);
}

Result<AgentRoutes::Asking> AgentRoutes::authenticate(const http::Request& request) const {
    auto device = registry_.identify(request.peer, options_.clock());
    if (!device) {
        log_refusal(request, device.error());
        return tl::unexpected(device.error());
    }
    const auto nonce = request.headers.find(nonce_header);
    if (!nonce || !is_nonce(*nonce))
        return fail(ErrorCode::invalid, "no usable " + std::string(nonce_header) +
                                            ": each request brings a random number of its own");
    return Asking{std::move(*device), std::string(*nonce)};
}

void AgentRoutes::log_refusal(const http::Request& request, const Error& error) const {
    options_.log("refused an agent from " + request.peer.address + ": " + error.text);
}

http::Answer AgentRoutes::enrol(const http::Request& request) {
    const auto asked = decode_enrol_request(request.body);
    if (!asked) return refusal(asked.error());
    const auto answer = registry_.enrol(*asked, request.peer.address, options_.clock());
    if (answer) return http::json_response(200, encode(*answer));
    log_refusal(request, answer.error());
    return enrolment_refusal(answer.error());
}

http::Answer AgentRoutes::renew(const std::string& device, const http::Request& request) {
    const auto asked = decode_certificate_request(request.body);
    if (!asked) return refusal(asked.error());
    const auto answer = registry_.renew(device, *asked, options_.clock());
    return answer ? http::json_response(200, encode(*answer)) : enrolment_refusal(answer.error());
}

http::Answer AgentRoutes::take_alerts(const std::string& device, const http::Request& request) {
    auto alerts = decode_alerts(request.body, options_.clock());
    if (!alerts) return refusal(alerts.error());
    if (options_.alert_rate != nullptr)
        if (const auto wait = options_.alert_rate->take(device, alerts->size(), options_.clock()))
            return http::too_many("more alerts a second than limits.alerts_per_second of the hub allows (" +
                                      std::to_string(options_.alert_rate->per_second()) + ")",
                                  *wait);
    std::size_t accepted = 0;
    const auto written = store_.write([&](store::Transaction& tx) -> Result<void> {
        accepted = 0;
        for (auto& alert : *alerts) {
            alert.device = device;
            if (tx.add_alert(alert)) ++accepted;
        }
        if (accepted > 0) tx.ring({store::Topic::alerts, {}});
        return {};
    });
    if (!written) return refusal(written.error());
    return http::json_response(200, "{\"accepted\":" + std::to_string(accepted) +
                                        ",\"duplicates\":" + std::to_string(alerts->size() - accepted) + "}");
}

http::Answer AgentRoutes::rules(const std::string& device, const http::Request& request) {
    std::string source;
    const auto named = store_.read([&](store::View& view) -> Result<void> {
        source = store_identity(view);
        return {};
    });
    if (!named) return refusal(named.error());
    auto answer = options_.classes->serve(device, source, request);
    return answer ? *std::move(answer) : http::Answer(refusal(answer.error()));
}

http::Answer AgentRoutes::scans(const std::string& device, const http::Request& request) {
    auto answer = options_.scans->serve(device, request);
    return answer ? *std::move(answer) : http::Answer(refusal(answer.error()));
}

}  // namespace garita::hub_link
