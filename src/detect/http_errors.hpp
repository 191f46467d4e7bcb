#pragma once
// Finds addresses that collect HTTP errors in a web server's log, by the lines' own time.

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/access_log_line.hpp"
#include "detect/alarm_thresholds.hpp"
#include "detect/forwarded_for.hpp"
#include "detect/json_log_line.hpp"
#include "detect/log_time.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::detect {

/// A set of HTTP statuses, from "404", "4xx", "400-499" or a list of these with commas.
class StatusSet {
  public:
    StatusSet() = default;
    [[nodiscard]] static Result<StatusSet> parse(std::string_view text);
    [[nodiscard]] bool contains(unsigned status) const { return status < bits_.size() && bits_[status]; }
    [[nodiscard]] bool empty() const { return bits_.none(); }

  private:
    std::bitset<1000> bits_;
};

enum class AccessLogFormat {
    automatic,  ///< a line that begins with '{' is JSON, every other one common or combined
    combined,   ///< common and combined, with or without further fields
    vhost_combined,
    json,
};

struct HttpErrorSource {
    AccessLogFormat format = AccessLogFormat::automatic;
    StatusSet statuses;
    TrustedProxies proxies;
    /// Which quoted field behind the status is X-Forwarded-For; 1 is the referrer, 0 the last field of the
    /// line.
    unsigned forwarded_for_field = 0;
    JsonLogKeys json_keys;
};

struct HttpErrorEvent {
    IpAddress address;
    EventTime when;
    unsigned status = 0;
};

enum class HttpLineKind {
    unparsed,  ///< not a line of the format; or an error line whose address or time is not one
    other,     ///< a status that is not asked for
    match,
    from_proxy,  ///< an error through a trusted proxy that does not say for whom
};

/// Reads lines of one log. Not for several threads at once: it remembers the last date.
class HttpErrorReader {
  public:
    explicit HttpErrorReader(HttpErrorSource source);
    /// Fills `event` for a match only.
    [[nodiscard]] HttpLineKind read(std::string_view line, HttpErrorEvent& event);
    [[nodiscard]] bool source_trusts(const IpAddress& address) const {
        return source_.proxies.contains(address);
    }

  private:
    [[nodiscard]] HttpLineKind read_plain(std::string_view line, HttpErrorEvent& event);
    [[nodiscard]] HttpLineKind read_json(std::string_view line, HttpErrorEvent& event);
    [[nodiscard]] HttpLineKind attribute(std::string_view address, std::string_view forwarded_for,
                                         HttpErrorEvent& event) const;

    HttpErrorSource source_;
    AccessLogLayout layout_;
    JsonLogReader json_;
    ClfClock clf_;
    IsoClock iso_;
};

struct HttpErrorOptions {
    HttpErrorSource source;
    AlarmThresholds thresholds;
    WindowLimits limits;
    SourcePrefixes prefixes;
    /// A stamp further than this ahead of the clock counts as now: a wrong clock must not blind the detector.
    std::chrono::seconds future{300};
};

struct HttpErrorStats {
    std::uint64_t lines = 0;
    std::uint64_t matched = 0;
    std::uint64_t unparsed = 0;
    std::uint64_t from_proxy = 0;
    std::uint64_t future = 0;  ///< stamps that were ahead of the clock
    WindowStats window;
};

/// The live detector: lines in, findings out. Times come from the lines; `now` only bounds those from the
/// future.
class HttpErrors {
  public:
    explicit HttpErrors(const HttpErrorOptions& options);
    [[nodiscard]] std::optional<Finding> consume(std::string_view line, Time now);
    /// Counts a line that was consumed in an earlier life.
    void recall(std::string_view line, Time now);
    [[nodiscard]] HttpErrorStats stats() const;

  private:
    [[nodiscard]] bool reads(std::string_view line, HttpErrorEvent& event);

    HttpErrorReader reader_;
    AlarmWindow alarms_;
    std::chrono::seconds future_;
    HttpErrorStats stats_;
};

}  // namespace garita::detect
