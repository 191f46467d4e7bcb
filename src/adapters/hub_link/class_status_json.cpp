#include "adapters/hub_link/class_status_json.hpp"

#include <limits>

#include "runtime/json/writer.hpp"

namespace garita::hub_link {
namespace json = runtime::json;
namespace {

constexpr std::int64_t any_count = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t most_rows = 1'000;

boost::json::value to_json(const enforce::DriftRow& row) {
    json::Writer out;
    out.text("key", encode_packed(row.key));
    if (row.should) out.text("should", encode_packed(*row.should));
    if (row.was) out.text("was", encode_packed(*row.was));
    return out.finish();
}

Result<enforce::DriftRow> row_from(const boost::json::value& value, std::string_view where,
                                   json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    enforce::DriftRow row;
    const auto value_of = [&](std::string_view member) -> std::optional<RuleValue> {
        const auto text = in.optional_text(member, json::line_rule);
        if (!text) return std::nullopt;
        auto read = decode_packed<RuleValue>(*text);
        if (!read) in.refuse(member, "not a packed value");
        return read;
    };
    const auto key = decode_packed<RuleKey>(in.text("key", json::line_rule));
    if (!key) in.refuse("key", "not packed parameters");
    row.key = key.value_or(RuleKey{});
    row.should = value_of("should");
    row.was = value_of("was");
    return in.finish(row);
}

std::int64_t number_of(std::uint64_t count) {
    return static_cast<std::int64_t>(count);
}

}  // namespace

boost::json::value to_json(const enforce::ClassStatus& status) {
    boost::json::array found;
    for (std::size_t i = 0; i < std::min(status.found.size(), most_rows); ++i)
        found.push_back(to_json(status.found[i]));
    return json::Writer()
        .text("name", status.name)
        .text_if("trouble", status.trouble)
        .number("entries", number_of(status.entries))
        .number("foreign", number_of(status.foreign))
        .number("refused", number_of(status.refused))
        .number("to_repair", number_of(status.to_repair))
        .number("repaired", number_of(status.repaired))
        .number("rebuilds", number_of(status.rebuilds))
        .time_if("read_at", status.audited_at)
        .number("differing", number_of(status.differing))
        .text_if("not_repaired", status.not_repaired)
        .value("found", std::move(found))
        .finish();
}

Result<enforce::ClassStatus> status_from(const boost::json::value& value, std::string_view where,
                                         json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    const auto count = [&](std::string_view member) {
        return static_cast<std::uint64_t>(in.integer_or(member, 0, any_count, 0));
    };
    enforce::ClassStatus status;
    status.name = in.text("name", json::name_rule);
    status.trouble = in.text_or("trouble", json::text_rule, "");
    status.entries = count("entries");
    status.foreign = count("foreign");
    status.refused = count("refused");
    status.to_repair = count("to_repair");
    status.repaired = count("repaired");
    status.rebuilds = count("rebuilds");
    status.audited_at = in.optional_time("read_at");
    status.differing = count("differing");
    status.not_repaired = in.text_or("not_repaired", json::text_rule, "");
    status.found = in.list<enforce::DriftRow>("found", most_rows, row_from);
    return in.finish(std::move(status));
}

}  // namespace garita::hub_link
