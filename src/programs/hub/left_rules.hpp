#pragma once
// Rules that the hub kept and that its configuration does not name any more: what they left on devices is
// removed.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/worker.hpp"
#include "programs/hub/rule_trace.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/log/log.hpp"
#include "store/store.hpp"

namespace garita::programs {

/// What is kept is remembered in the store, with all that is needed to remove it. What cannot be removed is
/// tried again for a week, and told in the meantime.
class LeftRules final : public Worker {
  public:
    /// The store outlives it.
    LeftRules(store::Store& store, RuleTrace trace, runtime::Log log)
        : store_(store), trace_(std::move(trace)), log_(std::move(log)) {}

    /// What is kept from now on. Before the worker is started.
    Result<void> keep(const std::vector<runtime::DeviceConfig>& devices, Time now);

    [[nodiscard]] std::string_view name() const override { return "left rules"; }
    Result<Duration> step(Time now) override;
    /// "rules vip are left behind on device switch1: no route to host"; any thread.
    [[nodiscard]] std::vector<std::string> troubles() const;

  private:
    struct Left {
        runtime::DeviceConfig device;  ///< with these rules alone
        Time since{};                  ///< when it was no longer configured
        int attempts = 0;
        Time next_try{};
        std::string trouble;
    };
    enum class Removal { done, failed };
    Removal remove(Left& left, Time now);
    [[nodiscard]] bool is_needed_by_another(const Left& left) const;
    [[nodiscard]] std::vector<Left>::iterator next_due(Time now);
    Result<void> remember(const std::string& removed, Time now);
    void publish();

    store::Store& store_;
    RuleTrace trace_;
    runtime::Log log_;
    std::vector<std::string> kept_;  ///< device_text of what is configured
    std::vector<Left> left_;
    mutable std::mutex mutex_;
    std::vector<std::string> troubles_;
};

}  // namespace garita::programs
