#include "adapters/sinks/webhook.hpp"

#include "adapters/sinks/retry_after.hpp"
#include "adapters/sinks/signature.hpp"
#include "decide/foreign_text.hpp"

namespace garita::sinks {

namespace {

using Kind = Outcome::Kind;

constexpr std::size_t longest_answer = 200;  ///< UTF-16 units that are shown of it

/// It stands for the place, and not for this delivery: a path or a login that is wrong is put right, and all
/// that waits goes then.
Kind kind_of(int status) {
    if (status >= 200 && status < 300) return Kind::taken;
    if (status == 410) return Kind::gone;
    if (status < 400 || status >= 500) return Kind::later;
    switch (status) {
        case 401:
        case 403:
        case 404:
        case 407:
        case 408:
        case 425:
        case 429:
            return Kind::later;
        default:
            return Kind::refused;
    }
}

std::string what_it_said(const runtime::http::ClientResponse& answer) {
    auto text = "HTTP " + std::to_string(answer.status);
    const auto phrase = runtime::http::reason_phrase(answer.status);
    if (phrase != "Unknown") text.append(" ").append(phrase);
    if (answer.status >= 300 && answer.status < 400)
        return text + ": redirects are not followed; put the final address into `url`";
    const auto said = decide::clean_line(answer.body, longest_answer);
    return said.empty() ? text : text + ": " + said;
}

}  // namespace

Outcome outcome_of(const runtime::http::ClientResponse& answer, Time now) {
    Outcome outcome{kind_of(answer.status), {}, {}};
    if (outcome.kind == Kind::taken) return outcome;
    outcome.text = what_it_said(answer);
    if (const auto field = answer.headers.find("Retry-After")) outcome.wait = parse_retry_after(*field, now);
    return outcome;
}

Webhook::Webhook(WebhookSettings settings) : settings_(std::move(settings)), client_(settings_.peer) {}

void Webhook::cancel() {
    cancelled_ = true;
    client_.cancel();
}

runtime::http::Headers Webhook::headers_of(const Delivery& delivery, const std::string& body,
                                           Time now) const {
    const auto stamp = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    runtime::http::Headers headers{{"Content-Type", settings_.content_type},
                                   {"webhook-id", delivery.id},
                                   {"webhook-timestamp", std::to_string(stamp)}};
    if (!settings_.signed_with.empty())
        headers.add("webhook-signature", signatures(settings_.signed_with, delivery.id, stamp, body));
    for (const auto& [name, value] : settings_.headers)
        headers.add(name, std::string(value.reveal()));
    return headers;
}

/// An answer may repeat what it was sent.
std::string Webhook::shown(std::string_view text) const {
    std::string out(text);
    for (const auto& secret : settings_.peer.redact)
        for (auto at = secret.empty() ? std::string::npos : out.find(secret); at != std::string::npos;
             at = out.find(secret, at + 3))
            out.replace(at, secret.size(), "***");
    return out;
}

Outcome Webhook::carry(const Delivery& delivery, Time now) {
    if (cancelled_) return {Kind::interrupted, "cancelled", {}};
    const auto body = settings_.body.empty()
                          ? body_of(settings_.preset, settings_.target, delivery)
                          : settings_.body.fill([&](std::string_view name) { return delivery.value(name); });
    const auto target = target_of(settings_.preset, settings_.target, settings_.room, delivery);
    const auto answer = client_.send(settings_.method, target, headers_of(delivery, body, now), body);
    if (cancelled_) return {Kind::interrupted, "cancelled", {}};
    if (!answer) return {Kind::later, decide::clean_line(shown(answer.error().text), 300), {}};
    auto outcome = outcome_of(*answer, now);
    outcome.text = shown(outcome.text);
    return outcome;
}

}  // namespace garita::sinks
