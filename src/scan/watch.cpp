#include "scan/watch.hpp"

#include <algorithm>

namespace garita::scan {
namespace {

constexpr Duration after_a_round = std::chrono::milliseconds{1};

}  // namespace

PortWatch::PortWatch(WatchGround ground, Specification specification, WatchOptions options)
    : ground_(std::move(ground)), options_(std::move(options)), specification_(std::move(specification)) {
    if (ground_.side_eyes)
        side_.emplace(*ground_.side_eyes, options_.limits, stop_.get_token(), ground_.warn, ground_.wake);
}

void PortWatch::cancel() {
    stop_.request_stop();
    if (side_) side_->close();
}

bool PortWatch::scan_now(std::string_view host) {
    {
        const std::lock_guard lock(mutex_);
        const auto named = [&](const Entry& entry) { return entry.name == host; };
        const auto& entries = specification_.entries();
        if (!host.empty() && specification_.find(host) == nullptr &&
            std::none_of(entries.begin(), entries.end(), named))
            return false;
        asked_for_.emplace(host);
    }
    ground_.wake();
    return true;
}

Result<std::vector<HostStatus>> PortWatch::status() const {
    std::unordered_map<std::string, HostPorts> rows;
    const auto read = ground_.store.read([&](store::View& view) -> Result<void> {
        for (auto& row : ground_.book.hosts(view))
            rows.emplace(row.host, std::move(row));
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    std::vector<HostStatus> all;
    const std::lock_guard lock(mutex_);
    for (const auto& subject : specification_.subjects()) {
        const auto row = rows.find(subject.host);
        const bool there = row != rows.end();
        if (!there && !subject.network.empty()) continue;
        HostPorts ports;
        ports.host = subject.host;
        if (there) ports = row->second;
        all.push_back({subject.host, subject.network, effective(subject, &ports), ports});
    }
    return all;
}

Result<std::vector<PortEvent>> PortWatch::history(std::string_view host, std::size_t limit) const {
    std::vector<PortEvent> events;
    const auto read = ground_.store.read([&](store::View& view) -> Result<void> {
        events = ground_.book.history(view, host, limit);
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    return events;
}

/// Rows of hosts that are not specified any more go, and their cases are over.
Result<void> PortWatch::load(Time now) {
    std::vector<HostPorts> kept;
    const auto read = ground_.store.read([&](store::View& view) -> Result<void> {
        kept = ground_.book.hosts(view);
        return {};
    });
    if (!read) return read;
    std::set<std::string, std::less<>> known = {std::string(all_names), std::string(all_network)};
    for (const auto& subject : specification_.subjects())
        if (!subject.wanted->from.empty()) known.insert(all_of_agent(subject.wanted->from));
    for (const auto& entry : specification_.entries())
        known.insert(entry.name);
    std::vector<HostPorts> gone;
    for (auto& row : kept) {
        if (known.contains(row.host) || specification_.find(row.host) != nullptr)
            rows_.emplace(row.host, std::move(row));
        else
            gone.push_back(std::move(row));
    }
    if (!gone.empty()) {
        const auto written = ground_.store.write([&](store::Transaction& transaction) -> Result<void> {
            for (const auto& row : gone)
                forget(transaction, ground_.book, row, now);
            return {};
        });
        if (!written) return written;
    }
    loaded_ = true;
    return {};
}

Result<Duration> PortWatch::step(Time now) {
    if (stop_.stop_requested()) return std::chrono::seconds{10};
    if (!loaded_)
        if (const auto loaded = load(now); !loaded) return tl::unexpected(loaded.error());
    const auto answered = take_answers(now);
    if (!answered) return tl::unexpected(answered.error());
    if (const auto told = tell_again(now); !told) return tl::unexpected(told.error());
    if (const auto concluded = take_side(now); !concluded) return tl::unexpected(concluded.error());
    auto round = due(now);
    if (!round.aside.empty()) side_->begin(std::move(round.aside), now);
    if (round.now.empty()) {
        if (const auto pruned = prune(now); !pruned) return tl::unexpected(pruned.error());
        return wait_from(now);
    }
    const auto looked = look_round(round.now, now);
    if (!looked) {
        if (stop_.stop_requested()) return std::chrono::seconds{10};
        const std::lock_guard lock(mutex_);
        asked_for_.merge(under_way_);  // it is tried again
        return tl::unexpected(looked.error());
    }
    return std::max(wait_from(now), after_a_round);
}

/// A round aside that wakes the worker may not be quite over when the worker looks.
Duration PortWatch::wait_from(Time now) const {
    const auto wait = until_next(now);
    return side_ && side_->is_under_way() ? std::min<Duration>(wait, std::chrono::seconds{1}) : wait;
}

/// What a round aside has found, once it is over.
Result<void> PortWatch::take_side(Time now) {
    if (!side_) return {};
    auto outcome = side_->take();
    if (!outcome || stop_.stop_requested()) return {};
    auto concluded = outcome->found ? conclude(outcome->asked, *outcome->found, now)
                                    : Result<void>(tl::unexpected(outcome->found.error()));
    if (concluded) return {};
    const std::lock_guard lock(mutex_);
    for (const auto& look : outcome->asked.looks)
        asked_for_.insert(look.subject->host);  // it is tried again
    return concluded;
}

}  // namespace garita::scan
