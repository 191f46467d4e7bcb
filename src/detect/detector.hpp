#pragma once
// What all detectors have in common. A new detector is one class with this interface, and one line in the
// agent's program that puts it into a Sensor with what it reads.

#include <string>
#include <string_view>
#include <vector>

#include "detect/log_follower.hpp"
#include "model/alert.hpp"
#include "model/time.hpp"

namespace garita::detect {

class AlertSink {
  public:
    virtual ~AlertSink() = default;
    /// The sink fills in the device.
    virtual void add(Alert alert) = 0;
};

/// One thread at a time: the Sensor that owns it sees to that.
class Detector {
  public:
    Detector() = default;
    Detector(const Detector&) = delete;
    Detector& operator=(const Detector&) = delete;
    virtual ~Detector() = default;

    /// As in the configuration: "ssh_sessions".
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// What it alarms about, in words: "50 responses 404 within 60s from one address".
    [[nodiscard]] virtual std::string describe() const = 0;
    /// What keeps it from seeing, each with its cure. Empty: all is well.
    [[nodiscard]] virtual std::vector<std::string> troubles(Time now) const = 0;

    virtual void on_line(const LogLine& /*line*/, Time /*now*/, AlertSink& /*sink*/) {}
    /// How long before a new line others may lie that count together with it. Zero: this detector counts
    /// nothing.
    [[nodiscard]] virtual Duration memory() const { return Duration::zero(); }
    /// A line from before the place at which reading goes on after a restart. It was alarmed about then, if
    /// it had to be, and is told again only to be counted, by its own time; one without a time is passed
    /// over.
    virtual void recall(const LogLine& /*line*/, Time /*now*/) {}
    /// Called after each portion of lines, and at the time it asked for. Returns how long it need not be
    /// called when no line comes.
    virtual Duration tick(Time now, AlertSink& sink) = 0;
};

/// The answer of tick() for a detector that only lines can move.
inline constexpr Duration no_tick_wanted = std::chrono::hours(24);

/// A uid that is the same when the same line is read again after a crash, so that the hub drops the second.
[[nodiscard]] std::string alert_uid(std::string_view kind, const LogLine& line);
/// For what has no line: the kind and words that tell this finding from every other.
[[nodiscard]] std::string alert_uid(std::string_view kind, std::string_view distinction);

/// Text from outside as a fact that people will read: control and hidden characters and bytes that are not
/// UTF-8 become '?', and what is longer than `limit` bytes ends in "…".
[[nodiscard]] std::string clean_fact(std::string_view text, std::size_t limit = 256);

}  // namespace garita::detect
