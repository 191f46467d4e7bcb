#include "runtime/config/sink_config.hpp"

#include <array>

#include "runtime/config/build.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

void build_common(SinkConfig& sink, const std::string& name, const Section& section) {
    sink.name = name;
    sink.severity = parse_severity(section.text("severity"));
    sink.kinds = section.texts("kinds");
    sink.devices = section.texts("devices");
    sink.language = section.text("language");
    sink.time_zone = section.text("time_zone");
    sink.quiet = build_quiet_hours(section);
    sink.limit = section.integer("limit");
    sink.timeout = section.span("timeout");
    sink.give_up_after = section.span("give_up_after");
}

WebhookConfig::Preset preset_of(std::string_view word) {
    using Preset = WebhookConfig::Preset;
    if (word == "ntfy") return Preset::ntfy;
    if (word == "slack") return Preset::slack;
    if (word == "mattermost") return Preset::mattermost;
    if (word == "discord") return Preset::discord;
    if (word == "teams") return Preset::teams;
    if (word == "matrix") return Preset::matrix;
    if (word == "gotify") return Preset::gotify;
    return Preset::none;
}

WebhookConfig build_webhook(const std::string& name, const Section& section, SecretFetcher& secrets) {
    WebhookConfig webhook;
    build_common(webhook, name, section);
    webhook.url = secrets.fetch(section, "url");
    webhook.preset = preset_of(section.text("preset"));
    webhook.method =
        section.text("method") == "PUT" ? WebhookConfig::Method::put : WebhookConfig::Method::post;
    webhook.content_type = section.text("content_type");
    const Section headers = section.section("headers");
    for (const auto& [header, unused] : section.pairs("headers"))
        webhook.headers.emplace(header, secrets.fetch(headers, header));
    webhook.body = section.text("body");
    webhook.room = section.text("room");
    webhook.secret = secrets.fetch(section, "secret");
    webhook.old_secret = secrets.fetch(section, "old_secret");
    webhook.ca = section.text("ca");
    webhook.pin = parse_pin(section.text("pin")).value_or("");
    webhook.proxy = parse_url(section.text("proxy")).value_or(Url{}).text;
    webhook.insecure = section.yes("insecure");
    return webhook;
}

}  // namespace

std::span<const std::string_view> sink_placeholders() {
    static constexpr std::array<std::string_view, 19> names = {
        "type",     "delivery", "timestamp", "id",    "version", "kind",  "device",
        "subject",  "address",  "severity",  "title", "text",    "state", "alerts",
        "response", "by",       "comment",   "count", "fact."};
    return names;
}

bool is_json(std::string_view content_type) {
    const auto type = content_type.substr(0, content_type.find(';'));
    return type == "application/json" || type.ends_with("+json");
}

std::vector<WebhookConfig> build_webhooks(const Section& root, SecretFetcher& secrets) {
    std::vector<WebhookConfig> all;
    root.each_named("webhooks", [&](const std::string& name, const Section& section) {
        all.push_back(build_webhook(name, section, secrets));
    });
    return all;
}

std::vector<ExecConfig> build_programs(const Section& root) {
    std::vector<ExecConfig> all;
    root.each_named("exec", [&](const std::string& name, const Section& section) {
        auto& made = all.emplace_back();
        build_common(made, name, section);
        made.command = section.texts("command");
    });
    return all;
}

}  // namespace garita::runtime
