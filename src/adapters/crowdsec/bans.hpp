#pragma once
// Makes the hub's blocks decisions of a CrowdSec local API, so that all its bouncers enforce them: for the
// desk it is one more device.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/crowdsec/lapi.hpp"
#include "decide/settlement.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::crowdsec {

/// The device that stands for the local API of this name.
[[nodiscard]] std::string device_of(std::string_view source);

/// The reconciler of that device: takes the changes of its rules in their order, makes each so, and confirms
/// them as an agent does. Each is made anew (what is there of ours is taken back first), so one that was done
/// just before a crash is not there twice; what is there is read back once a minute. The device's row says
/// how far it is.
class Bans final : public Worker {
  public:
    /// The store outlives it.
    Bans(LapiSettings lapi, store::Store& store);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    /// Any thread: ends a call that is under way.
    void cancel() { lapi_.cancel(); }

  private:
    [[nodiscard]] Result<std::vector<Rule>> changes(Device& device);
    [[nodiscard]] Result<void> join(Time now);
    /// What somebody took away there, or what it forgot, is made anew.
    [[nodiscard]] Result<void> read_back(Time now);
    [[nodiscard]] Result<void> make_so(const Rule& rule, Time now);
    [[nodiscard]] Result<void> confirm(Device device, std::int64_t up_to, Time now);

    Lapi lapi_;
    std::string name_;
    std::string device_;
    store::Store& store_;
    decide::Settlement settlement_;
    std::map<std::int64_t, std::string> failed_;  ///< what CrowdSec refused, by seq: told with each receipt
    std::optional<Time> read_back_at_;
    bool joined_ = false;
};

/// Devices of local APIs that are not among these any more give and get nothing from now on; one that is
/// again counts again.
[[nodiscard]] Result<void> keep_devices(store::Store& store, const std::vector<std::string>& sources,
                                        Time now);

}  // namespace garita::crowdsec
