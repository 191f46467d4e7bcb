#include "detect/cpu_load.hpp"

#include <algorithm>
#include <cmath>

namespace garita::detect {
namespace {

std::string percent(double value) {
    return std::to_string(std::lround(value));
}

std::string span_text(Duration span) {
    return format_span(std::chrono::duration_cast<std::chrono::seconds>(span));
}

}  // namespace

CpuLoad::CpuLoad(CpuLoadSettings settings, CpuSource& source) : settings_(settings), source_(source) {}

std::string CpuLoad::describe() const {
    return "a processor use of " + percent(settings_.warning) + "% (warning) or " +
           percent(settings_.critical) + "% (critical) of the whole machine over " +
           span_text(settings_.window);
}

std::vector<std::string> CpuLoad::troubles(Time) const {
    if (trouble_.empty()) return {};
    return {trouble_};
}

Duration CpuLoad::tick(Time now, AlertSink& sink) {
    const bool clock_went_back = due_ && *due_ - now > settings_.interval;
    if (clock_went_back) samples_.clear();
    if (!due_ || now >= *due_ || clock_went_back) {
        take_sample(now, sink);
        due_ = now + settings_.interval;
    }
    return *due_ - now;
}

void CpuLoad::take_sample(Time now, AlertSink& sink) {
    const auto times = source_.read();
    trouble_ = times ? "" : "processor use cannot be read: " + times.error().text;
    if (!times) return;
    const auto last = samples_.empty() ? 0.0 : 100 * cpu_use(samples_.back().times, *times);
    samples_.push_back({now, *times});
    // the oldest sample kept is the youngest that is at least a window old
    while (samples_.size() > 2 && now - samples_[1].at >= settings_.window)
        samples_.pop_front();
    // processes are walked through only while there may soon be something to explain
    explaining_ = last >= settings_.warning - settings_.hysteresis;
    if (explaining_) {
        auto top = source_.top_processes(settings_.top);
        if (top && !top->empty()) top_ = std::move(*top);
    }
    if (const auto usage = usage_over_window()) judge(*usage, now, sink);
}

std::optional<double> CpuLoad::usage_over_window() const {
    if (samples_.empty() || samples_.back().at - samples_.front().at < settings_.window) return std::nullopt;
    return 100 * cpu_use(samples_.front().times, samples_.back().times);
}

CpuLoad::Level CpuLoad::level_of(double usage) const {
    if (usage >= settings_.critical) return Level::critical;
    return usage >= settings_.warning ? Level::warning : Level::calm;
}

void CpuLoad::judge(double usage, Time now, AlertSink& sink) {
    const auto level = level_of(usage);
    const auto clear = [&](double threshold) { return usage < threshold - settings_.hysteresis; };
    const bool risen = level > level_;
    const bool repeated = level != Level::calm && now - alarmed_at_ >= settings_.repeat_after;
    if (risen || repeated) {
        sink.add(alert_about(usage, level, now));
        alarmed_at_ = now;
        level_ = level;
        return;
    }
    if (level_ == Level::critical && clear(settings_.critical)) level_ = Level::warning;
    if (level_ == Level::warning && clear(settings_.warning)) level_ = Level::calm;
}

Alert CpuLoad::alert_about(double usage, Level level, Time now) {
    Alert alert;
    alert.kind = "cpu_load";
    alert.subject = "host";
    alert.uid = alert_uid(alert.kind, std::to_string(to_micros(now)));
    alert.severity = level == Level::critical ? Severity::critical : Severity::warning;
    alert.at = now;
    alert.facts["usage"] = percent(usage);
    alert.facts["window"] = span_text(settings_.window);
    std::string top;
    for (const auto& process : top_)
        top += (top.empty() ? "" : ", ") + clean_fact(process.command, 64) + "[" +
               std::to_string(process.pid) + "] " + percent(100 * process.share) + "%";
    if (!top.empty()) alert.facts["top"] = top;
    return alert;
}

}  // namespace garita::detect
