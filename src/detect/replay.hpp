#pragma once
// What a detector would have said about old logs. Lines are read at full speed, in the given order of the
// files; time is the lines' own.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/http_errors.hpp"
#include "detect/log_patterns.hpp"
#include "detect/replay_source.hpp"
#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::detect {

/// A source that would have been reported.
struct ReplayAlarm {
    IpNetwork source;
    std::uint64_t count = 0;  ///< all matching events of the source in the input, late ones too
    std::uint32_t peak = 0;   ///< most events in any one window
    EventTime first;          ///< of all its matching events
    EventTime last;
};

struct ReplayReport {
    std::string detector;
    std::uint64_t lines = 0;
    std::uint64_t matched = 0;
    std::uint64_t unparsed = 0;
    std::uint64_t late = 0;  ///< matching events too far out of order to be in a window; they are in `count`
    std::uint64_t evicted = 0;  ///< sources forgotten for lack of memory: their counts may be too small
    std::uint64_t from_proxy = 0;
    std::size_t tracked = 0;          ///< sources held at the end
    std::size_t window_bytes = 0;     ///< memory that held them
    std::vector<ReplayAlarm> alarms;  ///< most events first, then by address
};

/// Called now and then while reading; for progress.
using ReplayProgress = std::function<void(const ReplaySource& source, std::uint64_t lines)>;

struct ReplayHttpErrors {
    HttpErrorSource source;
    std::uint32_t threshold = 50;
    WindowLimits limits;
    SourcePrefixes prefixes;
};

[[nodiscard]] Result<ReplayReport> replay_http_errors(const std::vector<std::string>& files,
                                                      const ReplayHttpErrors& options,
                                                      const ReplayProgress& progress);

struct ReplayLogPatterns {
    LogFilterOptions filter;
    std::uint32_t threshold = 5;
    WindowLimits limits = LogPatternOptions::default_limits();
    SourcePrefixes prefixes;
    LocalZone zone;
    EventTime now{};  ///< stamps without a year are from before; for files their last change is taken instead
};

[[nodiscard]] Result<ReplayReport> replay_log_patterns(const std::vector<std::string>& files,
                                                       const ReplayLogPatterns& options,
                                                       const ReplayProgress& progress);

/// Logins of one user from one address by one method (and key).
struct ReplayLogin {
    std::string user;
    IpAddress address;
    std::string method;
    std::string key;  ///< fingerprint, where the method has one
    std::uint64_t count = 0;
    EventTime first;
    EventTime last;
};

struct LoginReport {
    std::uint64_t lines = 0;
    std::uint64_t matched = 0;
    std::uint64_t unparsed = 0;       ///< lines without a syslog head, and logins without a readable time
    std::uint64_t left_out = 0;       ///< logins of combinations beyond the most that are held
    std::vector<ReplayLogin> logins;  ///< by first login

    static constexpr std::size_t most_logins = 100'000;
};

struct ReplaySshSessions {
    LocalZone zone;
    EventTime now{};
};

[[nodiscard]] Result<LoginReport> replay_ssh_sessions(const std::vector<std::string>& files,
                                                      const ReplaySshSessions& options,
                                                      const ReplayProgress& progress);

}  // namespace garita::detect
