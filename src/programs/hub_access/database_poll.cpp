#include "programs/hub_access/database_poll.hpp"

#include <algorithm>
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
                           store::AccessBook& book, access::Arrivals& arrivals)
    : settings_(std::move(settings)),
      name_("database " + settings_.name),
      key_("access.database." + settings_.table),
      table_(std::move(table)),
      store_(store),
      book_(book),
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
    const auto first = *place - std::min(*place, settings_.look_back);
    const auto read = rsyslog_db::read_between(*table_, first, *place,
                                               [this](const rsyslog_db::Row& row) { remember(row); });
    if (!read) return read;
    poll_.emplace(*place, settings_.overlap);
    stored_ = *place;
    stored_at_ = now;
    return {};
}

void DatabasePoll::remember(const rsyslog_db::Row& row) {
    if (row.text.size() > access::RecentEvents<Said>::longest_line) return;
    const auto event = access::read_port_event(row.text);
    if (event && event->mac) recent_.place_for(*event->mac) = {row.host, row.text};
}

Result<DatabasePoll::Waiting> DatabasePoll::who_waits() {
    Waiting waiting;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        for (const auto& request : book_.open_requests(view)) {
            waiting.all.insert(request.mac);
            // whoever was seen is left to what is said from then on, here or elsewhere
            if (request.switch_name.empty() && !waiting_.contains(request.mac))
                waiting.unseen.push_back(request.mac);
        }
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    return waiting;
}

access::Arrival DatabasePoll::arrival_of(const std::string& host, const std::string& line,
                                         const std::string& source, Time now) const {
    access::Arrival arrival;
    arrival.source = access::Arrival::Source::database;
    arrival.source_name = source;
    arrival.host = host;
    arrival.line = line;
    arrival.at = now;
    return arrival;
}

Result<Duration> DatabasePoll::step(Time now) {
    if (!poll_)
        if (const auto begun = begin(now); !begun) return tl::unexpected(begun.error());
    auto waiting = who_waits();
    if (!waiting) return tl::unexpected(waiting.error());
    const auto rows = poll_->next(*table_, now);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<access::Arrival> arrivals;
    for (const auto& mac : waiting->unseen)
        if (const auto* const said = recent_.find(mac))
            arrivals.push_back(arrival_of(said->host, said->line, name_ + ", before the approval", now));
    for (const auto& row : *rows) {
        remember(row);
        arrivals.push_back(arrival_of(row.host, row.text, name_, now));
    }
    if (const auto kept = keep(arrivals, now); !kept) {
        poll_.reset();  // what was handed on is not stored: from the stored place again
        return tl::unexpected(kept.error());
    }
    waiting_ = std::move(waiting->all);
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
