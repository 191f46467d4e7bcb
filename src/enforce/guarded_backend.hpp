#pragma once
// A backend behind this host's own limits: whatever asks, nothing passes that the ceiling or the protected
// networks forbid. The last check before the kernel.

#include <deque>
#include <functional>
#include <vector>

#include "enforce/ceiling.hpp"
#include "enforce/protection_source.hpp"
#include "enforce/rule_backend.hpp"

namespace garita::enforce {

/// Refused entries are named in the result, each with its reason: `forbidden` where asking again is of no
/// use, `full` or `unavailable` where it may be. A refused network that is in force is taken away. What is
/// removed is never refused. Does not keep the entries: it counts what it lets pass, and reads back when the
/// count comes to the limit.
class GuardedBackend final : public RuleBackend {
  public:
    /// The backend and the source outlive it. `clock` counts the minutes of the ceiling, so that whoever asks
    /// cannot; any beginning will do. Without one the caller's time does.
    GuardedBackend(RuleBackend& backend, ProtectionSource& protection, Ceiling ceiling,
                   std::function<Time()> clock = {})
        : backend_(backend),
          protection_(protection),
          ceiling_(std::move(ceiling)),
          clock_(std::move(clock)) {}

    Result<void> prepare() override { return backend_.prepare(); }
    Result<BatchResult> apply(std::span<const BlockEntry> add, std::span<const IpNetwork> remove,
                              Time now) override;
    Result<std::vector<BlockEntry>> read_back(Time now) override { return backend_.read_back(now); }
    /// The first one since the start brings back what was there before, and does not count as new blocks.
    Result<BatchResult> rebuild(std::span<const BlockEntry> all, Time now) override;
    Result<Drift> check(Time now) override { return backend_.check(now); }
    Result<void> remove_all() override;

  private:
    /// A batch as it may pass.
    struct Sieved {
        std::vector<BlockEntry> add;
        std::vector<EntryFailure> refused;
        std::vector<IpNetwork> forbidden;  ///< of the refused ones: must not be in force either
    };
    /// New blocks of one moment.
    struct Burst {
        Time at;
        std::uint64_t blocks = 0;
    };

    RuleBackend& backend_;
    ProtectionSource& protection_;
    Ceiling ceiling_;
    std::function<Time()> clock_;
    std::uint64_t at_most_in_force_ = 0;  ///< never less than what is
    bool counted_ = false;                ///< at_most_in_force_ holds
    bool restored_ = false;
    std::deque<Burst> bursts_;  ///< of the last minute
    std::uint64_t in_bursts_ = 0;

    [[nodiscard]] Result<Sieved> sieve(std::span<const BlockEntry> add);
    [[nodiscard]] Result<void> sieve_by_number(Sieved& batch, Time now);
    [[nodiscard]] std::uint64_t left_this_minute(Time now);
    void passed(std::uint64_t blocks, Time now);
};

}  // namespace garita::enforce
