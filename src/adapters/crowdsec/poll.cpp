#include "adapters/crowdsec/poll.hpp"

#include <algorithm>

#include "detect/detector.hpp"
#include "runtime/json/text.hpp"

namespace garita::crowdsec {
namespace {

using runtime::http::Method;

/// Asked for again at each poll: its clock is not ours, and an alert is stored some time after it is made.
constexpr Duration overlap = std::chrono::minutes{2};
/// Older ones are history when the hub was away for longer.
constexpr Duration furthest_back = std::chrono::hours{24 * 7};
constexpr int no_longer_logged_in = 401;

tl::unexpected<Error> refused(const std::string& name, int status, std::string_view body,
                              std::string_view what_to_do) {
    return fail(ErrorCode::unavailable,
                "CrowdSec '" + name + "' answered " + std::to_string(status) + ": " +
                    detect::clean_fact(body) + std::string(what_to_do),
                Retry::later);
}

}  // namespace

Poll::Poll(PollSettings settings, store::Store& store)
    : settings_(std::move(settings)),
      name_("crowdsec " + settings_.name),
      place_key_("crowdsec_polled:" + settings_.name),
      store_(store),
      client_(settings_.server) {}

Result<Time> Poll::place(Time now) {
    std::optional<std::string> kept;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        kept = view.value(place_key_);
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    const auto at = kept ? runtime::json::parse_iso8601(*kept) : std::nullopt;
    return std::min(at.value_or(now), now);
}

Result<void> Poll::log_in() {
    const auto body = write_login(settings_.machine, settings_.password.reveal());
    const auto answer =
        client_.send(Method::post, "/v1/watchers/login", {{"Content-Type", "application/json"}}, body);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status != 200)
        return refused(settings_.name, answer->status, answer->body,
                       "; see that `cscli machines list` has the machine '" + settings_.machine +
                           "' with this password");
    auto token = read_login(answer->body);
    if (!token) return tl::unexpected(token.error());
    token_ = *std::move(token);
    return {};
}

/// Logs in where that is needed, and once more where the token is over.
Result<std::string> Poll::fetch(Duration since) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(since).count();
    const auto target = "/v1/alerts?limit=0&include_capi=false&since=" + std::to_string(seconds) + "s";
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (token_.empty())
            if (const auto in = log_in(); !in) return tl::unexpected(in.error());
        const auto answer = client_.send(Method::get, target, {{"Authorization", "Bearer " + token_}});
        if (!answer) return tl::unexpected(answer.error());
        if (answer->status == 200) return answer->body;
        if (answer->status != no_longer_logged_in || attempt > 0)
            return refused(settings_.name, answer->status, answer->body, "");
        token_.clear();
    }
    return refused(settings_.name, no_longer_logged_in, "", "");
}

Result<void> Poll::keep(const std::vector<Alert>& alerts, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        bool is_news = false;
        for (const auto& alert : alerts)
            if (transaction.add_alert(alert)) is_news = true;
        if (is_news) transaction.ring({store::Topic::alerts, {}});
        transaction.set_value(place_key_, to_iso8601(now));
        return {};
    });
}

Result<Duration> Poll::step(Time now) {
    const auto from = place(now);
    if (!from) return tl::unexpected(from.error());
    const auto body = fetch(std::min(now - *from + overlap, furthest_back));
    if (!body) return tl::unexpected(body.error());
    const auto alerts = read_alerts(*body, {settings_.name, settings_.machine}, now);
    if (!alerts) return tl::unexpected(alerts.error());
    if (const auto kept = keep(*alerts, now); !kept) return tl::unexpected(kept.error());
    return settings_.interval;
}

}  // namespace garita::crowdsec
