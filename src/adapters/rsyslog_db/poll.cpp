#include "adapters/rsyslog_db/poll.hpp"

#include <algorithm>
#include <iterator>

namespace garita::rsyslog_db {

Result<void> read_between(Table& table, std::uint64_t after, std::uint64_t until,
                          const std::function<void(const Row&)>& each) {
    while (after < until) {
        const auto end = std::min(until, after + Poll::widest);
        const auto rows = table.between(after, end, Poll::most_rows);
        if (!rows) return tl::unexpected(rows.error());
        for (const auto& row : *rows)
            each(row);
        after = rows->size() >= Poll::most_rows ? rows->back().id : end;
    }
    return {};
}

void Poll::settle(Time now) {
    if (!marks_.empty() && marks_.back().at > now) marks_.clear();  // the clock was set back
    // one mark a sixteenth of the overlap is enough, and bounds their number
    if (marks_.empty() || now - marks_.back().at >= overlap_ / 16) marks_.push_back({now, reached_});
    while (!marks_.empty() && now - marks_.front().at >= overlap_) {
        settled_ = std::max(settled_, marks_.front().reached);
        marks_.pop_front();
    }
    handed_.erase(handed_.begin(), handed_.upper_bound(settled_));
}

Result<std::vector<Row>> Poll::next(Table& table, Time now) {
    const auto newest = table.newest();
    if (!newest) return tl::unexpected(newest.error());
    if (*newest < settled_) {  // the table was emptied, its ids begin anew
        reached_ = settled_ = 0;
        handed_.clear();
        marks_.clear();
    }
    const auto until = std::min(*newest, reached_ + widest);
    auto rows = table.between(reached_, until, most_rows);
    if (!rows) return rows;
    const auto low = std::max(settled_, reached_ - std::min(reached_, widest_late));
    auto late = table.between(low, reached_, most_late);
    if (!late) return late;
    const auto full = rows->size() >= most_rows;
    reached_ = full ? rows->back().id : std::max(reached_, until);
    behind_ = full || until < *newest;
    rows->insert(rows->end(), std::make_move_iterator(late->begin()), std::make_move_iterator(late->end()));
    std::erase_if(*rows, [this](const Row& row) { return !handed_.insert(row.id).second; });
    settle(now);
    return rows;
}

}  // namespace garita::rsyslog_db
