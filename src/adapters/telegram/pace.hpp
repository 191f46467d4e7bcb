#pragma once
// How fast Telegram lets a bot speak: 30 messages a second in all, one a second in a chat, 20 a minute in a
// group, as many edits again; and the pauses that it asks for.

#include <cstdint>
#include <deque>
#include <map>
#include <utility>

#include "model/time.hpp"

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
    struct Lane {
        std::deque<Time> last_minute;
    };
    [[nodiscard]] static std::pair<std::int64_t, bool> lane_of(std::int64_t chat, Kind kind) {
        return {chat, kind == Kind::question};
    }
    std::map<std::pair<std::int64_t, bool>, Lane> lanes_;  ///< by chat; questions apart from edits
    std::map<std::int64_t, Time> paused_;
    Time all_paused_{};
    std::deque<Time> last_second_;
};

}  // namespace garita::telegram
