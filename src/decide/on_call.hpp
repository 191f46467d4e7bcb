#pragma once
// On call: who is told of a case that nobody answers, and when. Pure: it follows from the case's own times
// and from who has taken it on, so restarts and reloads change nothing.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "decide/quiet_hours.hpp"
#include "model/case.hpp"

namespace garita::decide {

/// As configured.
struct OnCall {
    struct Step {
        Duration after{};  ///< since the case was opened, less what acknowledgements held back
        std::string whom;  ///< for the audit trail: "telegram -100123, mail boris@example.org"
    };
    Severity least = Severity::warning;  ///< what is less severe goes no step
    std::vector<Step> steps;             ///< in the order of their times
    Duration acknowledged_for = std::chrono::minutes{30};
};

/// What was due longer ago than this is not made up for: nobody is woken by what is long past.
inline constexpr Duration made_up_for = std::chrono::hours{24};
inline constexpr Duration longest_acknowledgement = std::chrono::hours{24};

/// For how long acknowledgements have held the case's steps back by now, all together.
[[nodiscard]] Duration held_back_for(const Duty& duty, Time now);
/// Somebody takes care of it, and his time is not over.
[[nodiscard]] bool is_taken(const Duty& duty);

/// How the case goes on.
struct Course {
    int step = 0;              ///< at which it stands now
    bool lapsed = false;       ///< the time of whoever took it on is over, which is to be recorded
    std::optional<Time> next;  ///< when this is to be asked again, unless the case changes
};
/// `since`: cases that were opened before go no step. They are older than the settings.
[[nodiscard]] Course course_of(const Case& about, const OnCall& on_call, Time since, Time now);

/// Whether somebody may be told of an open case.
struct Turn {
    enum class Kind {
        now,
        not_before,  ///< `at`: the end of the quiet hours
        not_yet,     ///< not unless the case changes: it has not come to this step, or somebody has taken it
        never,       ///< it is over by itself, or came to this step long ago
    };
    Kind kind = Kind::now;
    Time at{};
};
/// `step`: in which the recipient is named; 0: in none.
[[nodiscard]] Turn turn_of(const Case& about, int step, const QuietHours& quiet, Time now);

/// The case comes to this recipient later than it began: many of them at once come together.
[[nodiscard]] bool comes_late(const Case& about, int step, const QuietHours& quiet);
/// More than this that come late at once come together.
inline constexpr std::size_t late_one_by_one = 3;

/// The end of the last acknowledgement, if those who know of the case are to hear that nobody takes care of
/// it any more.
[[nodiscard]] std::optional<Time> lapse_to_tell(const Case& about, Time now);

}  // namespace garita::decide
