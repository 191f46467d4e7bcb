#pragma once
// Passes on what another program alarms about in a log of JSON lines. A cause that goes on is told at once,
// and then once a window with how often it was seen: so it is one case, and no flood.

#include <list>
#include <string>
#include <unordered_map>

#include "detect/alert_line.hpp"
#include "detect/detector.hpp"

namespace garita::detect {

struct JsonAlertsSettings {
    std::string name;  ///< as in the configuration
    AlertLineOptions lines;
    Duration window = std::chrono::minutes{5};
    std::size_t max_tracked = 100000;  ///< causes; beyond it the one told longest ago is forgotten
};

/// Alerts of kind "suricata_alert" or "wazuh_alert". The subject is the number of the signature or rule,
/// with the Wazuh agent, and the address. Facts: what the line says (alert_line.cpp), count, first, last
/// (ISO 8601, by the lines' own time), log.
class JsonAlerts final : public Detector {
  public:
    explicit JsonAlerts(JsonAlertsSettings settings);

    [[nodiscard]] std::string_view name() const override { return "json_alerts"; }
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::vector<std::string> troubles(Time now) const override;
    void on_line(const LogLine& line, Time now, AlertSink& sink) override;
    [[nodiscard]] Duration memory() const override { return settings_.window; }
    void recall(const LogLine& line, Time now) override;
    Duration tick(Time now, AlertSink& sink) override;

    /// Lines that were no JSON object, or no alert of this program, since the start.
    [[nodiscard]] std::uint64_t unparsed() const { return unparsed_; }

  private:
    /// One cause, seen again and again.
    struct Run {
        std::string subject;
        AlertLine newest;
        std::string uid;  ///< of an alert about its newest line
        std::string log;
        Time first{};
        Time last{};
        Time told{};  ///< when this cause was last told, by our clock
        std::uint64_t count = 0;
        std::uint64_t told_count = 0;
    };
    using Runs = std::list<Run>;  // by `told`, the oldest first

    /// Nothing where the line is not an alert.
    [[nodiscard]] std::optional<AlertLine> alert_in(const LogLine& line);
    [[nodiscard]] Runs::iterator count(const LogLine& line, AlertLine alert, Time at);
    void tell(Runs::iterator run, Time now, AlertSink& sink);
    void forget(Runs::iterator run);
    void make_room(Time now, AlertSink& sink);

    JsonAlertsSettings settings_;
    AlertLineReader reader_;
    Runs runs_;
    std::unordered_map<std::string, Runs::iterator> by_subject_;
    std::uint64_t lines_ = 0;
    std::uint64_t unparsed_ = 0;
};

}  // namespace garita::detect
