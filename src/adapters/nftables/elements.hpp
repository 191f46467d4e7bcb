#pragma once
// What shall be in the sets, and what the backend believes to be there.

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "adapters/nftables/layer.hpp"
#include "enforce/rule_backend.hpp"
#include "model/time.hpp"

namespace garita::nftables {

inline constexpr Time never = Time::max();

/// The caller's time at the start of a call, carried on by the steady clock: a call with a million entries
/// takes seconds, and its last element must end as exactly as its first.
class Moment {
  public:
    explicit Moment(Time now) : now_(now), start_(std::chrono::steady_clock::now()) {}
    [[nodiscard]] Time now() const {
        return now_ + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_);
    }

  private:
    Time now_;
    std::chrono::steady_clock::time_point start_;
};

/// One network as it shall be: there until a time, or not there.
struct Wanted {
    IpNetwork network;
    enforce::BlockChange change = enforce::BlockChange::add;
    Time until = never;
};

/// One wish for each network, grouped by layer. The last addition of a network wins, and any addition over
/// its removal; an addition whose time has come is a removal.
[[nodiscard]] std::vector<Wanted> merge_changes(std::span<const enforce::BlockEntry> add,
                                                std::span<const IpNetwork> remove, Time now);

/// The elements in the kernel as far as known. Without it a refreshed element would first have to be asked
/// for, since older kernels refuse to delete what is not there, and keep the old time of what is.
class Shadow {
  public:
    using Elements = std::unordered_map<IpAddress, Time>;

    [[nodiscard]] bool holds(const IpNetwork& network, Time now) const;
    void set(const IpNetwork& network, Time until);
    void erase(const IpNetwork& network);
    void erase(const Layer& layer) { layers_.erase(layer); }
    void clear() { layers_.clear(); }
    [[nodiscard]] const Elements& of(const Layer& layer) const;
    /// Forgets what has ended, once in a while.
    void forget_ended(Time now);

  private:
    std::map<Layer, Elements> layers_;
    Time next_sweep_{};
};

}  // namespace garita::nftables
