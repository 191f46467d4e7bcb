#include "programs/hub_access/database_poll.hpp"

#include <charconv>

namespace garita::programs {
namespace {

/// A place that is a little old only means that some rows are read again after a restart.
constexpr Duration store_place_every = std::chrono::minutes{1};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

DatabasePoll::DatabasePoll(Settings settings, std::unique_ptr<rsyslog_db::Table> table, store::Store& store,
                           access::Arrivals& arrivals)
    : settings_(std::move(settings)),
      name_("database " + settings_.name),
      key_("access.database." + settings_.table),
      table_(std::move(table)),
      store_(store),
      arrivals_(arrivals) {}

Result<void> DatabasePoll::begin(Time now) {
    std::optional<std::uint64_t> place;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        if (const auto kept = view.value(key_)) place = number(*kept);
        return {};
    });
    if (!looked) return looked;
    if (!place) {
        const auto newest = table_->newest();
        if (!newest) return tl::unexpected(newest.error());
        place = *newest;
        const auto kept = store_.write([&](store::Transaction& transaction) -> Result<void> {
            transaction.set_value(key_, std::to_string(*place));
            return {};
        });
        if (!kept) return kept;
    }
    poll_.emplace(*place, settings_.overlap);
    stored_ = *place;
    stored_at_ = now;
    return {};
}

Result<Duration> DatabasePoll::step(Time now) {
    if (!poll_)
        if (const auto begun = begin(now); !begun) return tl::unexpected(begun.error());
    const auto rows = poll_->next(*table_, now);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<access::Arrival> arrivals;
    for (const auto& row : *rows) {
        access::Arrival arrival;
        arrival.source = access::Arrival::Source::database;
        arrival.source_name = name_;
        arrival.host = row.host;
        arrival.line = row.text;
        arrival.at = now;
        arrivals.push_back(std::move(arrival));
    }
    if (const auto kept = keep(arrivals, now); !kept) {
        poll_.reset();  // what was handed on is not stored: from the stored place again
        return tl::unexpected(kept.error());
    }
    return poll_->is_behind() ? Duration::zero() : settings_.every;
}

Result<void> DatabasePoll::keep(const std::vector<access::Arrival>& arrivals, Time now) {
    const auto settled = poll_->settled();
    if (settled == stored_ || (now - stored_at_ < store_place_every && now >= stored_at_))
        return arrivals_.file(arrivals, now);
    const auto kept = arrivals_.file(arrivals, now, [&](store::Transaction& transaction) -> Result<void> {
        transaction.set_value(key_, std::to_string(settled));
        return {};
    });
    if (!kept) return kept;
    stored_ = settled;
    stored_at_ = now;
    return {};
}

}  // namespace garita::programs
