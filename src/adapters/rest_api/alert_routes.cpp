// The door for any other source of alerts.

#include <sodium.h>

#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

/// Random, but the newest is the greatest: the store's index of uids then grows at its end instead of
/// everywhere.
std::string new_uid(Time now) {
    std::array<unsigned char, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr std::size_t stamp = 8;
    const auto micros = static_cast<std::uint64_t>(to_micros(now));
    for (std::size_t i = 0; i < stamp; ++i)
        bytes[i] = static_cast<unsigned char>(micros >> (8 * (stamp - 1 - i)));
    std::array<char, 33> hex{};
    sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    return hex.data();
}

/// What a producer leaves out is filled in: uid, device (its own name), subject, time.
Result<Alert> alert_of(const Body& value, std::string_view where, const std::string& caller, Time now) {
    if (!value.is_object()) return fail(ErrorCode::invalid, std::string(where) + ": an alert is an object");
    auto object = value.get_object();
    if (!object.contains("uid")) object["uid"] = new_uid(now);
    if (!object.contains("device")) object["device"] = caller;
    if (!object.contains("at")) object["at"] = to_iso8601(now);
    if (!object.contains("subject")) {
        const auto* const address = object.if_contains("address");
        object["subject"] = address != nullptr && address->is_string() ? *address : boost::json::value("-");
    }
    if (!object.contains("severity")) object["severity"] = "warning";
    return json::alert_from_json(Body(std::move(object)), where);
}

Result<std::vector<Alert>> alerts_of(const Body& document, const std::string& caller, std::size_t most,
                                     Time now) {
    std::vector<Alert> alerts;
    const auto* const list = document.is_object() ? document.get_object().if_contains("alerts") : nullptr;
    if (list == nullptr) {
        auto alert = alert_of(document, "", caller, now);
        if (!alert) return tl::unexpected(alert.error());
        alerts.push_back(std::move(*alert));
        return alerts;
    }
    if (!list->is_array() || document.get_object().size() != 1)
        return fail(ErrorCode::invalid, "a batch is an object with one member, the array `alerts`");
    if (list->get_array().size() > most)
        return fail(ErrorCode::invalid, "alerts: at most " + std::to_string(most) + " in a batch");
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
        auto alert = alert_of(list->get_array()[i], "alerts[" + std::to_string(i) + "]", caller, now);
        if (!alert) return tl::unexpected(alert.error());
        alerts.push_back(std::move(*alert));
    }
    return alerts;
}

/// Facts of an agent's alert name processes that an answer may end, so only the agent itself may tell them.
std::optional<Error> speaks_for_agent(store::View& view, const Alert& alert, const Caller& caller) {
    if (caller.actor.role >= Role::administrator || !view.find_device(alert.device)) return std::nullopt;
    return Error{ErrorCode::forbidden,
                 "device '" + alert.device +
                     "' has an agent, which alone speaks for it; leave `device` out or use another",
                 Retry::no};
}

Result<Reply> take_alerts(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    const Time now = parts.clock();
    const auto document = json::parse(request.body, "the alert");
    if (!document) return tl::unexpected(document.error());
    const auto alerts = alerts_of(*document, caller.actor.name, parts.alerts_in_batch, now);
    if (!alerts) return tl::unexpected(alerts.error());
    const std::string scope = "alerts " + caller.actor.name;
    const std::string key(request.headers.find("Idempotency-Key").value_or(""));
    if (key.size() > 128) return fail(ErrorCode::invalid, "Idempotency-Key: at most 128 characters");
    if (auto refused = too_fast(parts, caller, alerts->size(), now)) return std::move(*refused);

    std::optional<std::string> saved;
    Body answer;
    const auto written = parts.store.write([&](store::Transaction& tx) -> Result<void> {
        if (!key.empty())
            if ((saved = tx.saved_answer(scope, key))) return {};
        std::int64_t accepted = 0;
        boost::json::array ids;
        for (const auto& alert : *alerts) {
            if (const auto refused = speaks_for_agent(tx, alert, caller)) return tl::unexpected(*refused);
            if (const auto id = tx.add_alert(alert)) {
                ++accepted;
                ids.emplace_back(id->value);
            }
        }
        answer = json::Writer()
                     .number("accepted", accepted)
                     .number("duplicates", static_cast<std::int64_t>(alerts->size()) - accepted)
                     .value("ids", std::move(ids))
                     .finish();
        if (!key.empty()) tx.save_answer(scope, key, json::serialize(answer), now);
        if (accepted > 0) tx.ring({store::Topic::alerts, {}});
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    if (!saved) return Reply{202, std::move(answer)};
    auto body = json::parse(*saved, "the saved answer");
    if (!body) return tl::unexpected(body.error());
    return Reply{202, std::move(*body)};
}

}  // namespace

void add_alert_routes(http::Router& router, const ApiParts& parts) {
    router.add(http::Method::post, "/api/v1/alerts",
               guarded(parts.callers, Scope::alerts_write,
                       [parts](const http::Request& request, const Caller& caller) {
                           return take_alerts(parts, request, caller);
                       }));
}

}  // namespace garita::rest_api
