#pragma once
// What is new in SystemEvents since the last look. Ids are given before rows can be seen, so that a small id
// may appear after a larger one: what is younger than the overlap is read again, and handed on once.

#include <deque>
#include <functional>
#include <set>

#include "adapters/rsyslog_db/table.hpp"
#include "model/time.hpp"

namespace garita::rsyslog_db {

/// Once what lies between these ids, in order, by queries that are as small as those of Poll.
[[nodiscard]] Result<void> read_between(Table& table, std::uint64_t after, std::uint64_t until,
                                        const std::function<void(const Row&)>& each);

class Poll {
  public:
    static constexpr std::uint64_t widest = 100000;  ///< ids looked at by one query
    static constexpr unsigned most_rows = 1000;      ///< new ones taken by one query
    static constexpr std::uint64_t widest_late =
        10000;                                    ///< ids looked at once more, however many came in that time
    static constexpr unsigned most_late = 10000;  ///< looked at once more in the time of the overlap

    /// `after`: the id that was reached before a restart; rows up to it are not read.
    Poll(std::uint64_t after, Duration overlap) : reached_(after), settled_(after), overlap_(overlap) {}

    /// Rows that were not handed on before. Errors leave everything as it was.
    [[nodiscard]] Result<std::vector<Row>> next(Table& table, Time now);
    /// Everything up to here was read for good: to be stored, for the next start.
    [[nodiscard]] std::uint64_t settled() const { return settled_; }
    /// Whether there is more, so that waiting makes no sense.
    [[nodiscard]] bool is_behind() const { return behind_; }

  private:
    struct Mark {
        Time at;
        std::uint64_t reached = 0;
    };
    void settle(Time now);

    std::uint64_t reached_;
    std::uint64_t settled_;
    Duration overlap_;
    bool behind_ = false;
    std::deque<Mark> marks_;          ///< of the time of the overlap
    std::set<std::uint64_t> handed_;  ///< ids above settled_
};

}  // namespace garita::rsyslog_db
