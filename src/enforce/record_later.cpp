#include "enforce/record_later.hpp"

#include <algorithm>
#include <iterator>

namespace garita::enforce {
namespace {

constexpr std::size_t refusals_in_memory = 20'000;  // of one device
constexpr Duration look_again = std::chrono::seconds{5};

}  // namespace

Result<std::int64_t> RecordLater::recorded(std::string_view rules, Lane lane) {
    if (auto done = flush({}); !done) return tl::unexpected(done.error());
    return book_.recorded(rules, lane);
}

Result<std::vector<store::RefusedRule>> RecordLater::refused(std::string_view rules) {
    if (auto done = flush({}); !done) return tl::unexpected(done.error());
    return book_.refused(rules);
}

Result<void> RecordLater::retried(std::string_view rules, std::span<const store::RefusedRule> tried,
                                  std::span<const store::RefusedRule> still, Time now) {
    if (auto done = flush(now); !done) return done;
    return book_.retried(rules, tried, still, now);
}

Result<void> RecordLater::record(std::string_view rules, Lane lane, std::int64_t up_to,
                                 std::span<const store::RefusedRule> refused, Time now) {
    bool too_many = false;
    {
        const std::lock_guard lock(mutex_);
        auto& position = waiting_[{std::string(rules), lane}];
        position.up_to = std::max(position.up_to, up_to);
        position.refused.insert(position.refused.end(), refused.begin(), refused.end());
        refusals_waiting_ += refused.size();
        too_many = refusals_waiting_ > refusals_in_memory;
    }
    if (too_many) return flush(now);
    wake_();
    return {};
}

Result<void> RecordLater::flush(Time now) {
    const std::lock_guard one_at_a_time(flushing_);
    Positions positions;
    {
        const std::lock_guard lock(mutex_);
        positions.swap(waiting_);
        refusals_waiting_ = 0;
    }
    while (!positions.empty()) {
        const auto& [of, position] = *positions.begin();
        if (auto done = book_.record(of.first, of.second, position.up_to, position.refused, now); !done) {
            put_back(positions);
            return done;
        }
        positions.erase(positions.begin());
    }
    return {};
}

void RecordLater::put_back(Positions& left) {
    const std::lock_guard lock(mutex_);
    for (auto& [of, position] : left) {
        auto& waiting = waiting_[of];
        waiting.up_to = std::max(waiting.up_to, position.up_to);
        refusals_waiting_ += position.refused.size();
        waiting.refused.insert(waiting.refused.begin(), std::make_move_iterator(position.refused.begin()),
                               std::make_move_iterator(position.refused.end()));
    }
}

Result<Duration> Recorder::step(Time now) {
    Result<void> all;
    for (auto* book : books_)
        if (auto done = book->flush(now); !done) all = std::move(done);
    if (!all) return tl::unexpected(all.error());
    return look_again;
}

}  // namespace garita::enforce
