#pragma once
// A short way for rule changes that the agent's store already holds: without it the reconciler would read all
// its rules again for each change. Losing what is in here loses nothing.

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "model/rule.hpp"

namespace garita::enforce {

/// A block that this host decided on by itself, or what became of it: the hub has it among its rules now, or
/// does not want it.
struct OwnBlock {
    IpNetwork network;
    std::optional<Time> expires_at;
    enum class News { decided, settled } news = News::decided;
};

struct RuleDelivery {
    std::int64_t after_seq = 0;  ///< the store's position before
    std::int64_t up_to_seq = 0;  ///< and after
    std::vector<Rule> changes;
    std::vector<OwnBlock> own{};  ///< beside the hub's changes, and after them
};

/// Any thread.
class RuleInbox {
  public:
    /// After AgentStore::hold_rules returned, and before the reconciler is woken.
    void offer(RuleDelivery delivery) {
        const std::lock_guard lock(mutex_);
        held_ += delivery.changes.size() + delivery.own.size();
        deliveries_.push_back(std::move(delivery));
        if (held_ <= most_held) return;
        deliveries_.clear();  // the reconciler is behind: reading the store is cheaper by now
        overrun_ = true;
        held_ = 0;
    }
    /// True once after deliveries were thrown away.
    [[nodiscard]] bool overrun() {
        const std::lock_guard lock(mutex_);
        return std::exchange(overrun_, false);
    }
    [[nodiscard]] std::vector<RuleDelivery> take() {
        const std::lock_guard lock(mutex_);
        held_ = 0;
        return std::exchange(deliveries_, {});
    }

  private:
    static constexpr std::size_t most_held = 50000;
    std::mutex mutex_;
    std::vector<RuleDelivery> deliveries_;
    std::size_t held_ = 0;
    bool overrun_ = false;
};

}  // namespace garita::enforce
