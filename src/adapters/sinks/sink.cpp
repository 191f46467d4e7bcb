#include "adapters/sinks/sink.hpp"

#include <algorithm>
#include <charconv>

namespace garita::sinks {

namespace {

using namespace std::chrono_literals;
using decide::Wish;

constexpr std::size_t new_rows_at_once = 500;
constexpr Duration idle = 60s;
constexpr Duration between_settlements = 5s;

}  // namespace

Sink::Sink(Carrier& carrier, store::Store& store, const decide::Catalogue& texts, Settings settings,
           Clock clock, Health& health, runtime::Log log)
    : carrier_(carrier),
      store_(store),
      texts_(texts),
      settings_(std::move(settings)),
      channel_(settings_.channel()),
      name_(settings_.title()),
      clock_(std::move(clock)),
      health_(health),
      log_(std::move(log)) {}

Duration Sink::rest() const {
    return crowd_ ? Duration{1s} : Duration{100ms};
}

Result<void> Sink::open() {
    if (ids_) return {};
    auto ids = DeliveryIds::open(store_, channel_);
    if (!ids) return tl::unexpected(std::move(ids.error()));
    auto read = store_.read([&](store::View& view) -> Result<void> {
        const auto kept = view.value(failing_key(channel_)).value_or("");
        std::int64_t since = 0;
        if (std::from_chars(kept.data(), kept.data() + kept.size(), since).ec == std::errc{})
            failing_since_ = from_micros(since);
        return {};
    });
    if (!read) return read;
    ids_ = std::move(*ids);
    return {};
}

Result<Duration> Sink::step(Time now) {
    next_look_ = idle;
    tries_to_come_.erase(tries_to_come_.begin(), tries_to_come_.upper_bound(now));
    if (!tries_to_come_.empty()) wait_until(*tries_to_come_.begin(), now);
    if (auto opened = open(); !opened) return tl::unexpected(std::move(opened.error()));
    const auto more = enqueue();
    if (!more) return tl::unexpected(more.error());
    // rows that wait for the end of quiet hours are not in sight until then
    if (const auto end = settings_.audience.quiet.end_after(now)) wait_until(*end, now);
    auto outlook = look(now);
    if (!outlook) return tl::unexpected(std::move(outlook.error()));
    if (auto done = settle(outlook->settled, now); !done) return tl::unexpected(std::move(done.error()));
    health_.wait(outlook->tasks.size());
    crowd_ = outlook->tasks.size() > settings_.limit;
    // the worst of a crowd goes first: all of it has to be seen
    if (*more && outlook->tasks.size() < rows_at_once) return Duration{0};
    auto tasks = choose(std::move(outlook->tasks), now);
    if (tasks.empty()) return *more ? Duration{0} : next_look_;
    if (auto done = deliver(std::move(tasks), now); !done) return tl::unexpected(std::move(done.error()));
    return Duration{0};
}

void Sink::wait_until(Time due, Time now) {
    next_look_ = std::min(next_look_, std::max<Duration>(due - now, 1ms));
}

Result<bool> Sink::enqueue() {
    std::vector<Case> missing;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        missing = view.cases_without_message(channel_, settings_.name, new_rows_at_once);
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    if (missing.empty()) return false;
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        missing = transaction.cases_without_message(channel_, settings_.name, new_rows_at_once);
        for (const auto& about : missing) {
            Message row;
            row.case_id = about.id;
            row.channel = channel_;
            row.place = settings_.name;
            (void)transaction.insert_message(row);
        }
        return {};
    });
    if (!written) return tl::unexpected(std::move(written.error()));
    return missing.size() == new_rows_at_once;
}

Result<Sink::Outlook> Sink::look(Time now) {
    Outlook outlook;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        outlook = {};
        for (auto& message : view.stale_messages(channel_, now, rows_at_once))
            look_at(view, std::move(message), now, outlook);
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    return outlook;
}

void Sink::look_at(store::View& view, Message message, Time now, Outlook& outlook) const {
    auto about = view.find_case(message.case_id);
    if (!about) return;
    const auto told = decide::parse_told(message.external_id);
    const auto wanted = decide::wish(*about, told, settings_.audience, Duration{0}, now);
    if (wanted.kind == Wish::Kind::letter) {
        outlook.tasks.push_back({std::move(message), std::move(*about), told, wanted.stage});
        return;
    }
    if (wanted.kind == Wish::Kind::hold) {
        decide::hold_back(message, *about, told, wanted, now);
        outlook.settled.push_back(std::move(message));
        return;
    }
    if (wanted.kind == Wish::Kind::withhold)
        message.external_id = to_text(decide::Told{decide::Stage::withheld, about->severity, 0, {}});
    message.shown_version = about->version;
    message.sending_since.reset();
    outlook.settled.push_back(std::move(message));
}

/// A case that counts on changes often, and that nothing is told of it can be written down at leisure.
Result<void> Sink::settle(const std::vector<Message>& rows, Time now) {
    if (rows.empty()) return {};
    if (now >= settled_at_ && now < settled_at_ + between_settlements) {
        wait_until(settled_at_ + between_settlements, now);
        return {};
    }
    settled_at_ = now;
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& row : rows)
            transaction.update_message(row);
        return {};
    });
}

}  // namespace garita::sinks
