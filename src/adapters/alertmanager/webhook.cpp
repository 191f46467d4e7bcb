#include "adapters/alertmanager/webhook.hpp"

#include <optional>

#include <boost/json/object.hpp>

#include "detect/detector.hpp"
#include "runtime/json/text.hpp"

namespace garita::alertmanager {
namespace {

namespace json = runtime::json;
using Object = boost::json::object;

constexpr std::size_t most_alerts = 10000;
constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_text = 1000;
constexpr std::size_t longest_labels = 4000;
constexpr std::size_t decimals_kept = 6;

std::string_view text_of(const Object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                  : std::string_view();
}

const Object* object_in(const Object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    return value != nullptr ? value->if_object() : nullptr;
}

/// Go writes up to nine decimals of a second.
std::optional<Time> time_of(std::string_view text) {
    std::string kept(text);
    if (const auto point = kept.find('.'); point != std::string::npos) {
        auto end = kept.find_first_not_of("0123456789", point + 1);
        if (end == std::string::npos) end = kept.size();
        if (end - point - 1 > decimals_kept)
            kept.erase(point + 1 + decimals_kept, end - point - 1 - decimals_kept);
    }
    return json::parse_iso8601(kept);
}

Severity severity_of(std::string_view label) {
    for (const auto worst : {"critical", "page", "emergency", "disaster", "fatal"})
        if (label == worst) return Severity::critical;
    for (const auto least : {"info", "information", "notice", "none", "debug"})
        if (label == least) return Severity::info;
    return Severity::warning;
}

/// "web1" of "web1:9100"; an IPv6 address keeps its colons.
std::string_view without_port(std::string_view instance) {
    if (instance.starts_with('[')) return instance.substr(1, instance.find(']') - 1);
    const auto colon = instance.find(':');
    if (colon == std::string_view::npos || instance.find(':', colon + 1) != std::string_view::npos)
        return instance;
    return instance.substr(0, colon);
}

std::string device_of(const Object& labels) {
    auto device = without_port(text_of(labels, "instance"));
    if (device.empty()) device = text_of(labels, "host");
    return device.empty() ? "alertmanager" : detect::clean_fact(device, longest_name);
}

void add_text(Facts& facts, std::string_view name, std::string_view text) {
    if (!text.empty()) facts.emplace(name, detect::clean_fact(text, longest_text));
}

Facts facts_of(const Object& alert, const Object& labels, std::string_view source) {
    Facts facts;
    add_text(facts, "alertname", text_of(labels, "alertname"));
    if (const auto* const annotations = object_in(alert, "annotations")) {
        add_text(facts, "summary", text_of(*annotations, "summary"));
        add_text(facts, "description", text_of(*annotations, "description"));
    }
    facts.try_emplace("summary", detect::clean_fact(text_of(labels, "alertname"), longest_text));
    add_text(facts, "generator", text_of(alert, "generatorURL"));
    auto exact = json::serialize(labels);
    if (exact.size() <= longest_labels) facts.emplace(labels_fact, std::move(exact));
    if (!source.empty()) facts.emplace("source", source);
    return facts;
}

struct One {
    Alert alert;
    Time ended{};
    bool is_firing = true;
};

std::optional<One> read_one(const boost::json::value& value, std::string_view source, Time now) {
    const auto* const object = value.if_object();
    if (object == nullptr) return std::nullopt;
    const auto* const labels = object_in(*object, "labels");
    const auto fingerprint = text_of(*object, "fingerprint");
    const auto began = time_of(text_of(*object, "startsAt"));
    if (labels == nullptr || fingerprint.empty() || fingerprint.size() > longest_name || !began)
        return std::nullopt;
    One one;
    one.is_firing = text_of(*object, "status") != "resolved";
    const auto ended = time_of(text_of(*object, "endsAt"));
    one.ended = ended && *ended > *began && *ended <= now ? *ended : now;
    auto& alert = one.alert;
    alert.kind = alert_kind;
    alert.device = device_of(*labels);
    alert.subject = detect::clean_fact(text_of(*labels, "alertname"), longest_name) + " " +
                    detect::clean_fact(fingerprint, longest_name);
    alert.uid = detect::clean_fact(fingerprint, longest_name) + " " + to_iso8601(*began);
    alert.severity = severity_of(text_of(*labels, "severity"));
    alert.at = *began;
    alert.facts = facts_of(*object, *labels, source);
    alert.facts["fingerprint"] = detect::clean_fact(fingerprint, longest_name);
    alert.facts["starts_at"] = to_iso8601(*began);
    return one;
}

}  // namespace

Result<Webhook> read_webhook(const boost::json::value& document, std::string_view source, Time now) {
    const auto* const object = document.if_object();
    const auto* const list = object != nullptr ? object->if_contains("alerts") : nullptr;
    if (list == nullptr || !list->is_array() || text_of(*object, "version") != "4")
        return fail(ErrorCode::invalid,
                    "this is no notification of Alertmanager, version \"4\" with a list `alerts`: "
                    "let a webhook_config of it call this path");
    if (list->get_array().size() > most_alerts)
        return fail(ErrorCode::invalid, "alerts: at most " + std::to_string(most_alerts) +
                                            " in a notification; set max_alerts of the webhook_config");
    Webhook webhook;
    for (const auto& value : list->get_array()) {
        auto one = read_one(value, source, now);
        if (!one)
            ++webhook.unreadable;
        else if (one->is_firing)
            webhook.firing.push_back(std::move(one->alert));
        else
            webhook.resolved.push_back(
                {std::move(one->alert.device), std::move(one->alert.subject), one->alert.at, one->ended});
    }
    if (webhook.unreadable > 0 && webhook.firing.empty() && webhook.resolved.empty())
        return fail(ErrorCode::invalid, "alerts: each needs `labels`, `fingerprint` and `startsAt`");
    return webhook;
}

}  // namespace garita::alertmanager
