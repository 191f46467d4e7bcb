#pragma once
// The head of a line as rsyslog and journalctl write it, read by position:
//   Nov 22 06:08:25 HOST TAG[PID]: MESSAGE                       RFC 3164
//   2026-11-22T06:08:25.123456+01:00 HOST TAG[PID]: MESSAGE      RFC 3339, rsyslog's newer default
//   2026-11-22T06:08:25+0100 HOST TAG[PID]: MESSAGE              journalctl -o short-iso

#include <cstdint>
#include <optional>
#include <string_view>

#include "detect/log_time.hpp"

namespace garita::detect {

/// Views into the line. The stamp is not validated here: most lines are turned away by program or message
/// first.
struct SyslogFields {
    std::string_view stamp;
    std::string_view host;
    std::string_view program;
    std::uint32_t pid = 0;  ///< 0 where the tag has none
    std::string_view message;
};

[[nodiscard]] std::optional<SyslogFields> split_syslog_line(std::string_view line);

/// Reads stamps of either kind; see SyslogClock for what a stamp without year and zone means.
class SyslogStamps {
  public:
    SyslogStamps(LocalZone zone, EventTime reference) : local_(std::move(zone), reference) {}
    [[nodiscard]] std::optional<EventTime> read(std::string_view stamp) {
        return stamp.size() == SyslogClock::length ? local_.read(stamp) : iso_.read(stamp);
    }
    void set_reference(EventTime reference) { local_.set_reference(reference); }

  private:
    SyslogClock local_;
    IsoClock iso_;
};

}  // namespace garita::detect
