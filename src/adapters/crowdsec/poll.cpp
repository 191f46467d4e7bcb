#include "adapters/crowdsec/poll.hpp"

#include <algorithm>

#include "runtime/json/text.hpp"

namespace garita::crowdsec {
namespace {

/// Asked for again at each poll: its clock is not ours, and an alert is stored some time after it is made.
constexpr Duration overlap = std::chrono::minutes{2};
/// Older ones are history when the hub was away for longer.
constexpr Duration furthest_back = std::chrono::hours{24 * 7};
}  // namespace

Poll::Poll(LapiSettings lapi, Duration interval, store::Store& store)
    : lapi_(std::move(lapi)),
      interval_(interval),
      name_("crowdsec " + lapi_.settings().name),
      place_key_("crowdsec_polled:" + lapi_.settings().name),
      store_(store) {}

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
    const auto since = std::min(now - *from + overlap, furthest_back);
    const auto body =
        lapi_.call(runtime::http::Method::get,
                   "/v1/alerts?limit=0&include_capi=false&since=" +
                       std::to_string(std::chrono::ceil<std::chrono::seconds>(since).count()) + "s");
    if (!body) return tl::unexpected(body.error());
    const auto alerts = read_alerts(*body, {lapi_.settings().name, lapi_.settings().machine}, now);
    if (!alerts) return tl::unexpected(alerts.error());
    if (const auto kept = keep(*alerts, now); !kept) return tl::unexpected(kept.error());
    return interval_;
}

}  // namespace garita::crowdsec
