#pragma once
// Who waits for which topic, and what was woken when: the book that makes a wake-up impossible to lose.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace garita::runtime::http {

/// The rule: take now() before looking whether there is something to say, and pass it to park(). A wake of
/// the topic since then refuses the parking. Safe from all threads. Spurious refusals happen, rarely.
class WakeTopics {
  public:
    using Version = std::uint64_t;
    using Waiter = std::uint64_t;
    enum class Parking { parked, woken_meanwhile };

    [[nodiscard]] Version now() const;
    [[nodiscard]] Parking park(const std::string& topic, Version seen, Waiter waiter);
    /// Forgets a waiter that stopped waiting for another reason.
    void leave(const std::string& topic, Waiter waiter);
    /// The waiters of the topic, who wait no longer.
    [[nodiscard]] std::vector<Waiter> wake(std::string_view topic);

  private:
    struct Topic {
        Version woken = 0;
        std::unordered_set<Waiter> waiters;
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    Topic& entry_of(std::string_view topic);
    void forget_idle();

    mutable std::mutex mutex_;
    Version version_ = 0;
    std::size_t room_ = 4096;  ///< topics before the idle ones are forgotten
    Version forgotten_ =
        0;  ///< wakes up to here may be unknown to topics_: whoever looked before must look again
    std::unordered_map<std::string, Topic, Hash, std::equal_to<>> topics_;
};

}  // namespace garita::runtime::http
