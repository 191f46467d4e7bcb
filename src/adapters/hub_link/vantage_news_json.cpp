// How far an order is.

#include <algorithm>
#include <limits>

#include "adapters/hub_link/vantage_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();

std::int64_t number(std::uint64_t count) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, any));
}

}  // namespace

boost::json::value to_json(const scan::Progress& progress) {
    return json::Writer()
        .number("probes", number(progress.probes))
        .number("judged", number(progress.judged))
        .number("per_second", static_cast<std::int64_t>(std::clamp(progress.per_second, 0.0, 1e9)))
        .seconds_if("left", progress.left)
        .finish();
}
Result<scan::Progress> progress_from(const boost::json::value& value, std::string_view where,
                                     json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::Progress progress;
    progress.probes = static_cast<std::uint64_t>(in.integer("probes", 0, any));
    progress.judged = static_cast<std::uint64_t>(in.integer("judged", 0, any));
    progress.per_second = static_cast<double>(in.integer("per_second", 0, any));
    progress.left = in.optional_seconds("left");
    return in.finish(progress);
}

boost::json::value to_json(const scan::FoundOpen& one) {
    return json::Writer().text("address", one.address.text()).number("port", one.port).finish();
}
Result<scan::FoundOpen> found_from(const boost::json::value& value, std::string_view where,
                                   json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::FoundOpen one;
    const auto address = IpAddress::parse(in.text("address", json::name_rule));
    if (!address) in.refuse("address", "not an address");
    one.address = address.value_or(IpAddress{});
    one.port = static_cast<Port>(in.integer("port", 0, 65535));
    return in.finish(one);
}

boost::json::value to_json(const scan::VantageNews& news) {
    json::Writer out;
    out.value("progress", to_json(news.progress))
        .value("open", json::array_of(news.open, [](const auto& one) { return hub_link::to_json(one); }));
    if (news.outcome) out.value("ended", to_json(*news.outcome));
    return out.finish();
}
Result<scan::VantageNews> news_from(const boost::json::value& value, std::string_view where,
                                    json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    scan::VantageNews news;
    news.progress = in.object<scan::Progress>("progress", progress_from);
    news.open = in.list<scan::FoundOpen>("open", most_told_open, found_from);
    news.outcome = in.optional_object<Result<scan::VantageOutcome>>("ended", ended_from);
    return in.finish(std::move(news));
}

}  // namespace garita::hub_link
