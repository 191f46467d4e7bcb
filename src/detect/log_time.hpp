#pragma once
// The stamps of log lines as UTC seconds, with their zone. Each reader remembers the last date it saw,
// because the next line has nearly always the same one. Fractions of a second are dropped.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace garita::detect {

using EventTime = std::chrono::sys_seconds;

/// "10/Oct/2000:13:55:36 -0700", as nginx and Apache write it between brackets.
class ClfClock {
  public:
    static constexpr std::size_t length = 26;
    [[nodiscard]] std::optional<EventTime> read(std::string_view text);

  private:
    std::array<char, 11> date_text_{};
    std::array<char, 5> zone_text_{};
    std::int64_t midnight_ = 0;  // UTC seconds of the remembered date's midnight in the remembered zone
};

/// RFC 3339 and the journal's short-iso: "2026-11-22T06:08:25[.123456](Z|+01:00|+0100)"; also a space for the
/// T.
class IsoClock {
  public:
    /// The stamp must be the whole text.
    [[nodiscard]] std::optional<EventTime> read(std::string_view text);

  private:
    std::array<char, 10> date_text_{};
    std::int64_t midnight_ = 0;
};

/// "1700000000", "1700000000.123" (also with an exponent-free fraction of any length), as $msec and Caddy's
/// ts.
[[nodiscard]] std::optional<EventTime> read_epoch(std::string_view text);

/// A wall-clock time without a zone may mean two instants (the hour repeated in autumn), else both are the
/// same.
struct LocalInstants {
    EventTime earlier;
    EventTime later;
};

/// The zone of a machine: what a wall-clock reading (as if it were UTC) may mean. Must be pure within one
/// hour.
using LocalZone = std::function<LocalInstants(std::chrono::sys_seconds wall_clock)>;

[[nodiscard]] LocalZone utc_zone();
/// The zone of this process (TZ, /etc/localtime).
[[nodiscard]] LocalZone system_zone();

/// "Nov 22 06:08:25" of RFC 3164: without year and zone. `reference`: no line is later than a day after it;
/// the year is the latest one that allows this. In the repeated hour of autumn the reading that does not go
/// back is taken.
class SyslogClock {
  public:
    static constexpr std::size_t length = 15;
    SyslogClock(LocalZone zone, EventTime reference) : zone_(std::move(zone)), reference_(reference) {}

    [[nodiscard]] std::optional<EventTime> read(std::string_view text);
    void set_reference(EventTime reference);

  private:
    [[nodiscard]] bool turn_to(std::string_view date_and_hour);

    LocalZone zone_;
    EventTime reference_;
    std::array<char, 9> hour_text_{};  // "Nov 22 06"
    bool known_ = false;
    bool second_round_ = false;  // of an hour that is repeated
    LocalInstants hour_{};
    EventTime last_{};
};

}  // namespace garita::detect
