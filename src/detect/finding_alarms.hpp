#pragma once
// Turns what http_errors and log_patterns find in live logs into alerts.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "detect/detector.hpp"
#include "detect/http_errors.hpp"
#include "detect/log_patterns.hpp"

namespace garita::detect {

/// Facts of both kinds: count, window, first, last (ISO 8601), sample (the line that raised it, cleaned),
/// log.

/// Alerts of kind "http_errors"; the subject is the address or network. Further fact: statuses, as the
/// settings say.
class HttpErrorAlarms final : public Detector {
  public:
    explicit HttpErrorAlarms(const HttpErrorOptions& options, std::string statuses);

    [[nodiscard]] std::string_view name() const override { return "http_errors"; }
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::vector<std::string> troubles(Time now) const override;
    void on_line(const LogLine& line, Time now, AlertSink& sink) override;
    [[nodiscard]] Duration memory() const override { return options_.limits.window; }
    void recall(const LogLine& line, Time now) override { errors_.recall(line.text, now); }
    Duration tick(Time, AlertSink&) override { return no_tick_wanted; }

  private:
    HttpErrorOptions options_;
    std::string statuses_;
    HttpErrors errors_;
};

/// Alerts of kind "log_patterns"; the subject is "name network", where the name is that of the settings.
class LogPatternAlarms final : public Detector {
  public:
    struct Settings {
        std::string name;                  ///< as in the configuration
        LogPatternOptions options;         ///< with the thresholds already set
        std::optional<Severity> severity;  ///< of every alert; empty: as the thresholds say
    };
    [[nodiscard]] static Result<std::unique_ptr<LogPatternAlarms>> make(Settings settings, Time now);

    [[nodiscard]] std::string_view name() const override { return "log_patterns"; }
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::vector<std::string> troubles(Time now) const override;
    void on_line(const LogLine& line, Time now, AlertSink& sink) override;
    [[nodiscard]] Duration memory() const override { return settings_.options.limits.window; }
    void recall(const LogLine& line, Time now) override;
    Duration tick(Time, AlertSink&) override { return no_tick_wanted; }

  private:
    LogPatternAlarms(Settings settings, LogPatterns patterns)
        : settings_(std::move(settings)), patterns_(std::move(patterns)) {}

    Settings settings_;
    LogPatterns patterns_;
};

}  // namespace garita::detect
