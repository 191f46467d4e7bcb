#pragma once
// How fast Telegram lets a bot speak: 30 messages a second in all, one a second in a chat, 20 a minute in a
// group, as many edits again; and the pauses that it asks for.

#include <cstdint>
#include <map>
#include <utility>

#include "runtime/outbox/recent_times.hpp"

namespace garita::telegram {

class Pace {
  public:
    enum class Kind {
        question,      ///< a new message
        urgent_edit,   ///< a decision or its result
        routine_edit,  ///< a count that grew: leaves room in the group's minute for the urgent ones
    };

    /// Zero: may go now.
    [[nodiscard]] Duration wait(std::int64_t chat, Kind kind, Time now) const;
    void spoke(std::int64_t chat, Kind kind, Time now);
    void pause_chat(std::int64_t chat, Time until);
    void pause_all(Time until);
    [[nodiscard]] Duration wait_all(Time now) const;

  private:
    [[nodiscard]] static std::pair<std::int64_t, bool> lane_of(std::int64_t chat, Kind kind) {
        return {chat, kind == Kind::question};
    }
    std::map<std::pair<std::int64_t, bool>, runtime::RecentTimes>
        lanes_;  ///< by chat; questions apart from edits
    std::map<std::int64_t, Time> paused_;
    Time all_paused_{};
    runtime::RecentTimes last_second_;
};

}  // namespace garita::telegram
