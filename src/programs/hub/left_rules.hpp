#pragma once
// Rules that the hub kept and that its configuration does not name any more: what they left on devices is
// removed.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "model/person.hpp"
#include "model/worker.hpp"
#include "programs/class_backends/left_class.hpp"
#include "programs/class_backends/rule_trace.hpp"
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

    /// Tries no longer to remove these rules (empty: all) that were left behind on the device, and tells
    /// which they were. What is there stays there. not_found: there are none. Any thread.
    [[nodiscard]] Result<std::vector<std::string>> forget(const std::string& device, const std::string& rules,
                                                          const Actor& by, Time now);

  private:
    /// With an audit row about each that is not remembered any more. Under the lock.
    Result<void> remember(const std::vector<std::string>& gone, const char* verb, const Actor& by, Time now);
    /// Under the lock. False: it was forgotten meanwhile.
    bool erase(const std::string& key);
    [[nodiscard]] Result<void> failed(const LeftClass& tried, const Error& why, Time now);

    store::Store& store_;
    RuleTrace trace_;
    runtime::Log log_;
    mutable std::mutex mutex_;  ///< over what is below; nobody calls a device under it
    KeptMemory memory_;
    std::map<std::string, std::string> troubles_;  ///< by the keys of those left
};

}  // namespace garita::programs
