#pragma once
// Alarms when the whole machine is busy for long. Peaks shorter than the window do not count.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "detect/cpu_source.hpp"
#include "detect/detector.hpp"

namespace garita::detect {

/// Percentages are of the whole machine: 100 is every processor busy.
struct CpuLoadSettings {
    double warning = 50;
    double critical = 90;
    double hysteresis = 10;  ///< points below a threshold before it may alarm anew
    Duration interval = std::chrono::seconds(5);
    Duration window = std::chrono::seconds(30);
    Duration repeat_after = std::chrono::minutes(30);  ///< while the load stays
    std::size_t top = 5;                               ///< processes named as evidence
};

/// Alerts of kind "cpu_load" about "host". Facts: usage (percent), window, top ("name[pid] 93%, …").
class CpuLoad final : public Detector {
  public:
    /// The source must outlive it.
    CpuLoad(CpuLoadSettings settings, CpuSource& source);

    [[nodiscard]] std::string_view name() const override { return "cpu_load"; }
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::vector<std::string> troubles(Time now) const override;
    Duration tick(Time now, AlertSink& sink) override;

  private:
    enum class Level { calm, warning, critical };
    struct Sample {
        Time at;
        CpuTimes times;
    };

    void take_sample(Time now, AlertSink& sink);
    [[nodiscard]] std::optional<double> usage_over_window() const;
    [[nodiscard]] Level level_of(double usage) const;
    void judge(double usage, Time now, AlertSink& sink);
    [[nodiscard]] Alert alert_about(double usage, Level level, Time now);

    CpuLoadSettings settings_;
    CpuSource& source_;
    std::deque<Sample> samples_;
    std::optional<Time> due_;
    Level level_ = Level::calm;
    Time alarmed_at_{};
    std::vector<ProcessUse> top_;
    bool explaining_ = false;
    std::string trouble_;
};

}  // namespace garita::detect
