#pragma once
// How regularly a log speaks, so that its silence can be told from its habit.

#include <optional>
#include <string>

#include "model/alert.hpp"
#include "model/time.hpp"

namespace garita::detect {

/// A value: kept with the place that the log was read to.
class Hearing {
  public:
    Hearing() = default;
    Hearing(Time first, Time last, Duration longest) : first_(first), last_(last), longest_(longest) {}

    /// A line came.
    void heard(Time at);
    /// Nobody listened for a while: what comes next ends no pause.
    void resume() { resumed_ = true; }

    /// It has spoken for at least `least`, and has now been silent for that long and for three times its
    /// longest pause so far.
    [[nodiscard]] bool is_silent(Time now, Duration least) const;

    [[nodiscard]] bool ever() const { return last_.has_value(); }
    [[nodiscard]] Time first() const { return first_; }
    [[nodiscard]] Time last() const { return last_.value_or(Time{}); }
    [[nodiscard]] Duration longest_pause() const { return longest_; }

  private:
    Time first_{};
    std::optional<Time> last_;
    Duration longest_{};
    bool resumed_ = false;
};

/// A log that used to speak and does not any more.
struct Silence {
    enum class Why {
        silent,
        gone,  ///< and is not there any more
    };
    std::string source;
    Why why = Why::silent;
    Time last{};         ///< the last line
    Duration longest{};  ///< pause before that
};

/// How long a log that is gone may have been silent at least: rotated logs come back with their next line.
inline constexpr Duration shortest_absence = std::chrono::hours(1);

/// "/var/log/x.log has had no line for 30h, after pauses of 2h at most: see that its program still writes
/// there"
[[nodiscard]] std::string in_words(const Silence& silence, Time now);
/// Of kind "log_silent"; the same silence always gives the same uid. Facts: log, last (ISO 8601), silent_for,
/// longest_pause, state ("silent" or "gone").
[[nodiscard]] Alert alert_about(const Silence& silence, Time now);

}  // namespace garita::detect
