#pragma once
// A spool in memory that remembers when each alert was handed over.

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "detect/alert_spool.hpp"
#include "runtime/clock/clock.hpp"

namespace garita::testing_support {

struct TimedAlert {
    Alert alert;
    Time handed_over;
};

class TimedSpool final : public detect::AlertSpool {
  public:
    Result<void> save(const std::vector<Alert>& found, std::string_view,
                      std::string_view checkpoint) override {
        const std::lock_guard lock(mutex_);
        const auto now = runtime::system_now();
        for (const auto& alert : found)
            alerts_.push_back({alert, now});
        checkpoint_ = checkpoint;
        return {};
    }
    Result<std::optional<std::string>> checkpoint(std::string_view) override {
        const std::lock_guard lock(mutex_);
        return checkpoint_;
    }
    [[nodiscard]] std::vector<TimedAlert> alerts() const {
        const std::lock_guard lock(mutex_);
        return alerts_;
    }
    [[nodiscard]] std::vector<TimedAlert> of_user(const std::string& user) const {
        auto all = alerts();
        std::erase_if(all, [&](const TimedAlert& a) { return a.alert.facts.at("user") != user; });
        return all;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<TimedAlert> alerts_;
    std::optional<std::string> checkpoint_;
};

}  // namespace garita::testing_support
