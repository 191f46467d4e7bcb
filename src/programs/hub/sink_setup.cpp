#include "programs/hub/sink_setup.hpp"

#include <algorithm>

#include "adapters/sinks/hidden_words.hpp"
#include "adapters/sinks/program.hpp"
#include "adapters/sinks/signature.hpp"
#include "adapters/sinks/webhook.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "programs/hub/on_call_setup.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/config/webhook_url.hpp"
#include "runtime/process/local_runner.hpp"

namespace garita::programs {
namespace {

using runtime::TextTemplate;
using runtime::WebhookConfig;
using Channels = std::vector<std::unique_ptr<sinks::Channel>>;

constexpr std::size_t most_answer = 4 * 1024 * 1024;

sinks::Preset preset_of(WebhookConfig::Preset preset) {
    switch (preset) {
        case WebhookConfig::Preset::none:
            return sinks::Preset::none;
        case WebhookConfig::Preset::ntfy:
            return sinks::Preset::ntfy;
        case WebhookConfig::Preset::slack:
            return sinks::Preset::slack;
        case WebhookConfig::Preset::mattermost:
            return sinks::Preset::mattermost;
        case WebhookConfig::Preset::discord:
            return sinks::Preset::discord;
        case WebhookConfig::Preset::teams:
            return sinks::Preset::teams;
        case WebhookConfig::Preset::matrix:
            return sinks::Preset::matrix;
        case WebhookConfig::Preset::gotify:
            return sinks::Preset::gotify;
    }
    return sinks::Preset::none;
}

/// The same error, and which setting it is about.
tl::unexpected<Error> about(const std::string& setting, const Error& error) {
    return fail(error.code, setting + ": " + error.text);
}

Result<runtime::http::ClientOptions> peer_of(const WebhookConfig& from, const runtime::WebhookUrl& url) {
    runtime::http::ClientOptions peer;
    peer.base_url = url.origin;
    peer.timeout = from.timeout;
    peer.connect_timeout = std::min<std::chrono::milliseconds>(from.timeout, peer.connect_timeout);
    peer.proxy = from.proxy;
    peer.ca_file = from.ca;
    peer.max_response = most_answer;
    peer.targets = runtime::http::Targets::no_forbidden;
    peer.redact = sinks::hidden_words(url.user, url.target, from.headers);
    if (from.pin.empty()) return peer;
    auto pin = runtime::tls::parse_fingerprint(from.pin);
    if (!pin) return tl::unexpected(pin.error());
    peer.pin = *pin;
    return peer;
}

Result<void> sign(const WebhookConfig& from, const std::string& place, sinks::WebhookSettings& webhook) {
    for (const auto& [setting, secret] :
         {std::pair{".secret", from.secret}, {".old_secret", from.old_secret}}) {
        if (secret.empty()) continue;
        auto key = sinks::signing_key(secret);
        if (!key) return about(place + setting, key.error());
        webhook.signed_with.push_back(std::move(*key));
    }
    return {};
}

Result<void> add(const SinkHouse& house, const runtime::HubConfig& config, const runtime::SinkConfig& from,
                 const std::string& kind, Result<std::unique_ptr<sinks::Carrier>> carrier, Channels& all) {
    if (!carrier) return tl::unexpected(carrier.error());
    auto settings = sink_settings_of(config, from, kind);
    if (!settings) return tl::unexpected(settings.error());
    all.push_back(std::make_unique<sinks::Channel>(std::move(*carrier), std::move(*settings), house.store,
                                                   house.texts, runtime::system_now, house.log.with(kind)));
    return {};
}

}  // namespace

Result<sinks::Settings> sink_settings_of(const runtime::HubConfig& config, const runtime::SinkConfig& from,
                                         std::string kind) {
    const auto zone = zoneinfo::find_zone(from.time_zone.empty() ? config.time_zone : from.time_zone);
    if (!zone) return tl::unexpected(zone.error());
    sinks::Settings settings;
    settings.kind = std::move(kind);
    settings.name = from.name;
    auto quiet = quiet_hours_of(config, from.quiet, from.time_zone);
    if (!quiet) return tl::unexpected(quiet.error());
    using Step = runtime::OnCallStepConfig;
    const int step = step_of(config, settings.kind == "exec" ? &Step::exec : &Step::webhooks, from.name);
    settings.audience = {from.severity.value_or(Severity::info), from.kinds, from.devices, step,
                         *std::move(quiet)};
    settings.language = from.language.empty() ? config.language : from.language;
    settings.zone = *zone;
    settings.limit = static_cast<std::size_t>(from.limit);
    settings.give_up_after = from.give_up_after;
    return settings;
}

Result<std::unique_ptr<sinks::Carrier>> carrier_of(const WebhookConfig& from) {
    const auto place = "webhooks." + from.name;
    const auto plain = from.insecure ? runtime::Plain::anywhere : runtime::Plain::loopback;
    const auto url = runtime::parse_webhook_url(from.url.reveal(), plain);
    if (!url) return about(place + ".url", url.error());
    auto peer = peer_of(from, *url);
    if (!peer) return about(place, peer.error());
    sinks::WebhookSettings webhook;
    webhook.peer = std::move(*peer);
    webhook.target = url->target;
    webhook.preset = preset_of(from.preset);
    const bool put =
        from.method == WebhookConfig::Method::put || from.preset == WebhookConfig::Preset::matrix;
    webhook.method = put ? runtime::http::Method::put : runtime::http::Method::post;
    webhook.headers = from.headers;
    webhook.content_type = from.body.empty() ? "application/json" : from.content_type;
    webhook.room = from.room;
    const auto usual =
        runtime::is_json(from.content_type) ? TextTemplate::Filter::json : TextTemplate::Filter::plain;
    auto body = TextTemplate::parse(from.body, runtime::sink_placeholders(), usual);
    if (!body) return about(place + ".body", body.error());
    webhook.body = std::move(*body);
    if (auto fine = sign(from, place, webhook); !fine) return tl::unexpected(fine.error());
    return std::make_unique<sinks::Webhook>(std::move(webhook));
}

Result<std::unique_ptr<sinks::Carrier>> carrier_of(const runtime::ExecConfig& from) {
    sinks::ProgramSettings program;
    program.program = from.command.front();
    program.timeout = from.timeout;
    for (std::size_t i = 1; i < from.command.size(); ++i) {
        auto word =
            TextTemplate::parse(from.command[i], runtime::sink_placeholders(), TextTemplate::Filter::plain);
        if (!word) return about("exec." + from.name + ".command", word.error());
        program.arguments.push_back(std::move(*word));
    }
    return std::make_unique<sinks::Program>(std::move(program), std::make_unique<runtime::LocalRunner>());
}

Result<Channels> open_sinks(const SinkHouse& house, const runtime::HubConfig& config) {
    Channels all;
    for (const auto& one : config.webhooks)
        if (auto added = add(house, config, one, "webhook", carrier_of(one), all); !added)
            return tl::unexpected(added.error());
    for (const auto& one : config.exec)
        if (auto added = add(house, config, one, "exec", carrier_of(one), all); !added)
            return tl::unexpected(added.error());
    return all;
}

}  // namespace garita::programs
