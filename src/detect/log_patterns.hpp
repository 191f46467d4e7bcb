#pragma once
// Finds addresses that collect matching lines in any log: by patterns of the administrator, or by a filter
// that is shipped. Shipped: "sshd", failed SSH logins.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "detect/alarm_thresholds.hpp"
#include "detect/line_patterns.hpp"
#include "detect/sshd_attempts.hpp"
#include "detect/syslog_line.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::detect {

struct LogFilterOptions {
    std::string name;  ///< of a shipped filter where there are no patterns, else any word
    std::vector<std::string>
        patterns;  ///< see LinePatterns; tried on the message where the line has a syslog head
    /// Programs (syslog tags) whose lines are looked at; empty: all, and lines without a syslog head too.
    std::vector<std::string> programs;
};

struct LogEvent {
    IpAddress address;
    std::string_view user;
    std::optional<EventTime> when;  ///< nothing where the line carries no time
    std::uint32_t repeats = 1;
};

/// What one log says, line by line, or message by message where the journal has split the line already. Not
/// for several threads at once.
class LogFilter {
  public:
    /// The zone and reference are for stamps without zone and year, see SyslogClock.
    [[nodiscard]] static Result<LogFilter> make(const LogFilterOptions& options, LocalZone zone,
                                                EventTime reference);

    /// Nothing where the line is not about a failure, or says it a second time.
    [[nodiscard]] std::optional<LogEvent> read_line(std::string_view line);
    [[nodiscard]] std::optional<LogEvent> read_message(std::string_view program, std::uint32_t pid,
                                                       std::string_view message);
    void set_reference(EventTime reference) { stamps_.set_reference(reference); }
    /// Lines that should have had a syslog head and had none.
    [[nodiscard]] std::uint64_t unparsed() const { return unparsed_; }

  private:
    using Matcher = std::variant<SshdAttempts, LinePatterns>;
    LogFilter(Matcher matcher, std::vector<std::string> programs, LocalZone zone, EventTime reference)
        : matcher_(std::move(matcher)), programs_(std::move(programs)), stamps_(std::move(zone), reference) {}

    [[nodiscard]] std::optional<EventTime> time_in(std::string_view text);
    [[nodiscard]] std::optional<LogEvent> by_patterns(const LinePatterns& patterns, std::string_view text);

    Matcher matcher_;
    std::vector<std::string> programs_;
    SyslogStamps stamps_;
    ClfClock clf_;
    IsoClock iso_;
    std::uint64_t unparsed_ = 0;
};

struct LogPatternOptions {
    LogFilterOptions filter;
    AlarmThresholds thresholds{5, 10, std::chrono::seconds{3600}};
    WindowLimits limits = default_limits();
    SourcePrefixes prefixes;
    std::chrono::seconds future{300};  ///< as for HttpErrorOptions

    static WindowLimits default_limits() {
        WindowLimits limits;
        limits.window = std::chrono::minutes{10};
        return limits;
    }
};

struct LogPatternStats {
    std::uint64_t lines = 0;
    std::uint64_t matched = 0;
    std::uint64_t unparsed = 0;
    std::uint64_t future = 0;
    WindowStats window;
};

/// The live detector: lines or journal messages in, findings out.
class LogPatterns {
  public:
    [[nodiscard]] static Result<LogPatterns> make(const LogPatternOptions& options, LocalZone zone, Time now);
    /// A line without a time of its own happens `now`.
    [[nodiscard]] std::optional<Finding> consume(std::string_view line, Time now);
    [[nodiscard]] std::optional<Finding> consume_message(std::string_view program, std::uint32_t pid,
                                                         std::string_view message, Time when);
    /// The same of an earlier life: they are only counted, and a line without a time of its own is not.
    void recall(std::string_view line, Time now);
    void recall_message(std::string_view program, std::uint32_t pid, std::string_view message, Time when);
    [[nodiscard]] LogPatternStats stats() const;

  private:
    LogPatterns(LogFilter filter, const LogPatternOptions& options)
        : filter_(std::move(filter)),
          name_(options.filter.name),
          alarms_(options.limits, options.prefixes, options.thresholds),
          future_(options.future) {}
    void keep_year(EventTime now);
    [[nodiscard]] std::optional<Finding> count(const LogEvent& event, EventTime now);

    LogFilter filter_;
    std::string name_;
    AlarmWindow alarms_;
    std::chrono::seconds future_;
    EventTime reference_{};
    LogPatternStats stats_;
};

}  // namespace garita::detect
