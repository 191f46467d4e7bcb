#include "programs/hub/alertmanager_setup.hpp"

#include <algorithm>

#include "adapters/alertmanager/intake.hpp"
#include "adapters/rest_api/endpoint.hpp"
#include "programs/hub/source_client.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace {

namespace http = runtime::http;
namespace json = runtime::json;

/// Which Alertmanager speaks; empty: none is configured, so it cannot be told silences.
Result<std::string> source_of(const http::Request& request, const std::vector<std::string>& names) {
    const auto said = rest_api::query_text(request, "source");
    if (!said.empty()) {
        if (std::find(names.begin(), names.end(), said) != names.end()) return said;
        return fail(ErrorCode::invalid,
                    "source: sources.alertmanager of the configuration has no '" + said + "'");
    }
    if (names.size() > 1)
        return fail(
            ErrorCode::invalid,
            "several are configured: add ?source=NAME, a name under sources.alertmanager, to the URL");
    return names.empty() ? std::string() : names.front();
}

Result<rest_api::Reply> take_notification(const rest_api::ApiParts& parts,
                                          const std::vector<std::string>& names, const http::Request& request,
                                          const rest_api::Caller& caller) {
    const Time now = parts.clock();
    const auto source = source_of(request, names);
    if (!source) return tl::unexpected(source.error());
    const auto document = json::parse(request.body, "the notification");
    if (!document) return tl::unexpected(document.error());
    const auto webhook = alertmanager::read_webhook(*document, *source, now);
    if (!webhook) return tl::unexpected(webhook.error());
    if (auto refused =
            rest_api::too_fast(parts, caller, webhook->firing.size() + webhook->resolved.size(), now))
        return std::move(*refused);
    alertmanager::Taken taken;
    const auto written = parts.store.write([&](store::Transaction& transaction) -> Result<void> {
        auto done = alertmanager::take_in(transaction, *webhook, now);
        if (!done) return tl::unexpected(done.error());
        taken = *done;
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
    return rest_api::Reply{202, json::Writer()
                                    .number("accepted", count(taken.accepted))
                                    .number("duplicates", count(taken.duplicates))
                                    .number("ended", count(taken.ended))
                                    .number("unreadable", count(webhook->unreadable))
                                    .finish()};
}

std::vector<std::string> names_of(const runtime::HubConfig& config) {
    std::vector<std::string> names;
    for (const auto& [name, source] : config.alertmanagers)
        names.push_back(name);
    return names;
}

}  // namespace

void add_alertmanager_route(http::Router& router, const rest_api::ApiParts& parts,
                            const runtime::HubConfig& config) {
    const auto names = names_of(config);
    router.add(
        http::Method::post, "/api/v1/sources/alertmanager",
        rest_api::guarded(parts.callers, rest_api::Scope::alerts_write,
                          [parts, names](const http::Request& request, const rest_api::Caller& caller) {
                              return take_notification(parts, names, request, caller);
                          }));
}

Result<std::vector<std::unique_ptr<alertmanager::Silencer>>> make_silencers(const runtime::HubConfig& config,
                                                                            store::Store& store) {
    std::vector<std::unique_ptr<alertmanager::Silencer>> silencers;
    for (const auto& [name, source] : config.alertmanagers) {
        auto server = source_client(source);
        if (!server) return tl::unexpected(server.error());
        alertmanager::SilencerSettings settings;
        settings.name = name;
        settings.server = *std::move(server);
        settings.token = source.token;
        settings.user = source.user;
        settings.password = source.password;
        settings.usual_span = source.mute_for;
        silencers.push_back(std::make_unique<alertmanager::Silencer>(std::move(settings), store));
    }
    const auto given_up = alertmanager::give_up_strays(store, names_of(config), runtime::system_now());
    if (!given_up) return tl::unexpected(given_up.error());
    return silencers;
}

}  // namespace garita::programs
